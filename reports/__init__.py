"""The packet: decide what to say, draw it as PDF, bundle it with its proofs."""

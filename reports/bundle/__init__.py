"""Write and check bundles (DESIGN section 5)."""

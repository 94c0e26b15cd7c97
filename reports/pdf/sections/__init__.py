"""One module for each part of the packet; each takes its part and returns flowables."""

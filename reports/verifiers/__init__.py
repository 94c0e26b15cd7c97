"""Three programs that check a bundle without this one, and how to do it by hand."""

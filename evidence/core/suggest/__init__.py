"""Signs of a conduct in words and calls: hints for the person who decides, never evidence."""

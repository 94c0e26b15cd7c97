"""Engines that turn pictures and sound into text, run in the child process."""

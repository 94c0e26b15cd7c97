"""Readers for what phones and operators export in bulk: one file per format, pure and streaming."""

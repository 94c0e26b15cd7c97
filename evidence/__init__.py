"""The case: entries, hash chain, store and importers of 留痕 (liuhen)."""

__version__ = "0.1.0"

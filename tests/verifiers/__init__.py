"""Tests of the three verifiers that every bundle carries."""

"""The synthetic demo case; see README.md beside this file for its origin."""

"""Programs that check a bundle without this one, and how to do it by hand.

They share no code with this program or with each other; docs/reference/bundle.md is what all
follow. ``tests/verifiers`` holds them to one table of good and tampered bundles.
"""

import importlib.resources

NAMES = ("how-to-verify.txt", "verify.html", "verify.py", "verify.sh")
"""The files of the folder ``verify/`` of every bundle."""


def load(name: str) -> bytes:
    """Return a file as it is written into a bundle."""
    return importlib.resources.files("reports.verifiers").joinpath(name).read_bytes()

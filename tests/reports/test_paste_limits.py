"""The person's own lengths: what is read, and what is refused."""

import pytest

from evidence.errors import PasteLimitsError
from reports.paste_limits import parse


def test_only_what_is_there_is_changed() -> None:
    assert parse("﻿[limits]\nfacts = 800\nrequests = 0\n".encode(), "x") == {
        "facts": 800,
        "requests": 0,
    }
    assert parse(b"[limits]\n", "x") == {}


@pytest.mark.parametrize(
    "text",
    [
        "facts = 800",
        "[limits]\nfact = 800",
        "[limits]\nfacts = true",
        "[limits]\nfacts = '800'",
        "[limits]\nfacts = -1",
        "[limits]\nfacts = 5",
        "[limits]\nfacts = 8.5",
        "[limits]\nfacts = 99999999",
        "[limits]\nfacts = 800\n[other]\n",
        "limits = 3",
        "[limits",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PasteLimitsError) as caught:
        parse(text.encode(), "limits.toml")
    assert caught.value.path == "limits.toml"
    assert caught.value.detail


def test_other_encodings_are_refused() -> None:
    with pytest.raises(PasteLimitsError):
        parse("# 字数\n[limits]\n".encode("gb18030"), "x")

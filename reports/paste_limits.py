"""The person's own lengths for the paste texts: a small TOML file.

Rules:

1. No official figure is known; a length is what a form shows to whoever fills it in.
2. Only what is there is changed; an unknown name or a value that is no length is refused.
"""

import tomllib
from collections.abc import Mapping

from evidence.errors import PasteLimitsError
from reports import texts

MAX_BYTES = 64 * 1024
"""Largest file that is read."""

SHORTEST = 20
"""Characters; a shorter limit would leave nothing but the note that something is missing."""
LONGEST = 1_000_000


def parse(data: bytes, path: str) -> Mapping[str, int]:
    """Return name → characters; 0 is no limit.

    Raises:
        PasteLimitsError: if the file is of another form.
    """
    says = texts.load("paste")
    problem, known = says["problem"], says["limits"]
    if len(data) > MAX_BYTES:
        raise PasteLimitsError(path=path, detail=problem["large"])
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PasteLimitsError(path=path, detail=problem["form"]) from error
    limits = given.pop("limits", None)
    if given or not isinstance(limits, dict):
        raise PasteLimitsError(path=path, detail=problem["table"])
    for name, value in limits.items():
        if name not in known:
            names = "、".join(known)
            raise PasteLimitsError(path=path, detail=problem["name"].format(name=name, known=names))
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not (value == 0 or SHORTEST <= value <= LONGEST):
            raise PasteLimitsError(
                path=path, detail=problem["value"].format(name=name, least=SHORTEST)
            )
    return {str(name): int(value) for name, value in limits.items()}

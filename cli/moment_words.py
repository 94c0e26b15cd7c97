"""Times in the language of the person; see ``evidence.core.moment_text``."""

import datetime as dt

from cli.i18n import _
from evidence.core import moment_text
from evidence.core.moment import Moment


def describe(moment: Moment) -> tuple[str, str]:
    """Return the time with its precision, and what it rests on."""
    return moment_text.describe(moment, _)


def time_text(moment: Moment) -> str:
    """Return the time alone, with the digits that are known."""
    return moment_text.time_text(moment, _)


def date_text(instant: dt.datetime) -> str:
    """Return the day of an instant in Chinese standard time."""
    return moment_text.date_text(instant, _)


def recorded_text(recorded_at: str) -> str:
    """Return the program's own clock reading in Chinese standard time."""
    return moment_text.recorded_text(recorded_at, _)

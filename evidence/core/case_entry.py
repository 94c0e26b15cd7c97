"""What the first entry says, if it is one that this program would have written."""

import re

from evidence.core import case_view, records
from evidence.core.entry import Entry
from evidence.core.records import CaseRecord, Kind

_CASE_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[0-9a-f]{64}")


def case_of(entry: Entry) -> CaseRecord:
    """Return the record of the first entry.

    Raises:
        ValueError: if it is no case entry, or its id or key has another form.
    """
    require_readable(entry)
    if entry.seq != 0 or entry.kind != Kind.CASE:
        raise ValueError(f"kind {entry.kind}")
    record = records.case_from_data(entry.data)
    if not _CASE_ID.fullmatch(record.case_id) or not _KEY.fullmatch(record.public_key):
        raise ValueError("case_id, public_key")
    return record


def is_readable(entry: Entry) -> bool:
    """Tell whether its kind is not known, or its data has what the kind needs."""
    try:
        require_readable(entry)
    except ValueError:
        return False
    return True


def require_readable(entry: Entry) -> None:
    """Refuse data of a known kind that lacks what the kind needs.

    Raises:
        ValueError.
    """
    try:
        case_view.read(entry)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(repr(error)) from error

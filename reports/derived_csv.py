"""Derived tables as CSV that any spreadsheet opens and none executes.

Rules:

1. UTF-8 with a byte order mark, CRLF, RFC 4180 quoting; the same cells give the same bytes.
2. A cell that a spreadsheet would run as a formula, or a number that it would rewrite, gets an
   apostrophe in front, and so does a cell that begins with one: whatever begins with an apostrophe
   is the original without the first.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = frozenset("=+-@＝＋－＠\t\r\n'")
_REWRITTEN = re.compile(r"0[0-9]+|[0-9]{12,}")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], closing: str) -> bytes:
    """Return the file: a head, the rows, and a last line that says what it is."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    writer.writerow([closing])
    return held.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet executes or rewrites (rule 2)."""
    if (cell and cell[0] in _FORMULA) or _REWRITTEN.fullmatch(cell):
        return f"'{cell}"
    return cell

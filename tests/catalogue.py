"""The English catalogue: which texts it must have, and how it is brought up to date.

``python -m tests.catalogue`` adds what is new in the code to ``liuhen.po`` (to be translated by
hand), drops what is gone, and compiles ``liuhen.mo``. ``tests/cli/test_english.py`` fails while
the two and the code differ.
"""

import ast
import datetime as dt
import io
import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import evidence
from evidence import outside
from evidence.core import moment_text
from tests import reference

REPOSITORY = Path(__file__).parents[1]
PO = REPOSITORY / "cli" / "locale" / "en" / "LC_MESSAGES" / "liuhen.po"
MO = PO.with_suffix(".mo")

_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Fixed, so that the same texts give the same files."""

_MARKS = frozenset({"_", "N_", "say"})
_PROGRAM_WORDS = frozenset({"what", "example", "purpose", "detail", "reason"})
"""Fields of errors that ``cli.failure`` translates; ``N_`` is not at hand in ``evidence``."""


def message_ids() -> dict[str, str]:
    """Return every text that the program can show translated, with the module it is in."""
    found: dict[str, str] = {}
    for path in sorted((REPOSITORY / "cli").rglob("*.py")):
        for text in _marked(ast.parse(path.read_text())):
            found.setdefault(text, path.relative_to(REPOSITORY).as_posix())
    for error in reference.every_error():
        for text in filter(None, (error.message, error.hint)):
            found.setdefault(text, "evidence/errors")
    place = REPOSITORY / "evidence" / "core" / "moment_text.py"
    for text in (*_moment_words(), *_marked(ast.parse(place.read_text()))):
        found.setdefault(text, place.relative_to(REPOSITORY).as_posix())
    for text in (*outside.REASONS.values(), outside.SILENT, outside.FAILED):
        found.setdefault(text, "evidence/outside.py")
    for package in ("cli", "evidence", "reports"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            for text in _error_words(ast.parse(path.read_text())):
                found.setdefault(text, path.relative_to(REPOSITORY).as_posix())
    return found


def read() -> Catalog:
    """Return the catalogue as it was written by hand."""
    with PO.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the ``.mo`` file."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def fields(text: str) -> set[str]:
    """Return the names of the ``{fields}`` of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def update(known: dict[str, str]) -> Catalog:
    """Return the catalogue of the texts in the code with what is ``known`` of their English."""
    catalogue = Catalog(
        locale="en",
        project="liuhen",
        version=evidence.__version__,
        header_comment="# English for LIUHEN_LANG=en; written by python -m tests.catalogue.",
        msgid_bugs_address="-",
        last_translator="-",
        creation_date=_DATE,
        revision_date=_DATE,
        fuzzy=False,
    )
    for text, place in message_ids().items():
        catalogue.add(text, known.get(text, ""), locations=[(place, None)])
    return catalogue


def _moment_words() -> Iterator[str]:
    yield moment_text.NOT_KNOWN
    for words in (moment_text.PRECISION, moment_text.SOURCE, moment_text.MEANING):
        yield from words.values()


def _marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _MARKS
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def _error_words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if not name.endswith("Error"):
            continue
        for word in node.keywords:
            value = word.value
            if (
                word.arg in _PROGRAM_WORDS
                and isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and not value.value.isascii()
            ):
                yield value.value


def main() -> None:
    """Write both files."""
    known = {str(m.id): str(m.string) for m in read() if m.id} if PO.exists() else {}
    catalogue = update(known)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=False)
    MO.write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()

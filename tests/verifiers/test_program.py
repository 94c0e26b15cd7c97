"""The program itself gives the verdict of the table, too: no bundle passes it that fails there."""

import pytest

from evidence.core.trust import NOBODY, parse_trust
from evidence.errors import EvidenceError
from reports.bundle.check import check_bundle
from tests.verifiers.case import (
    EXIT_INTACT,
    EXIT_NOT_COMPLETE,
    EXIT_NOT_INTACT,
    INTACT,
    NOT_CHECKED,
    NOT_INTACT,
    Case,
    Given,
)
from tests.verifiers.chosen import chosen
from tests.verifiers.forge import Workshop
from tests.verifiers.table import CASES

OTHERS = {
    # Stricter:
    "timestamp granted with changes": EXIT_NOT_INTACT,  # never saved, so in no bundle of ours
    "request that waits for its answer": EXIT_NOT_INTACT,  # ours have all three files or none
    "timestamp with a fraction that ends in zero": EXIT_NOT_INTACT,  # rfc3161-client cannot read it
    "listed file that nothing else speaks of": EXIT_NOT_COMPLETE,
    # OpenSSL, which builds its chains, can judge more than the verifiers:
    "timestamp with a P-521 key": EXIT_INTACT,
    "timestamp with a root of P-521": EXIT_INTACT,
    "timestamp with an intermediate of limited names": EXIT_INTACT,
}
"""Exit codes where the program knows more than a verifier that is one file, or asks for more."""
ALONE = {"case-prefix", "packet-record"}
"""Checks that need the case."""
NEEDED = [case for case in CASES if case.expected.exit != EXIT_NOT_INTACT]
FORGED = [case for case in CASES if case.expected.exit == EXIT_NOT_INTACT]
CHOSEN = chosen(CASES, [*NEEDED[::3], *FORGED[::25]])


def found(given: Given) -> int:
    """Return the exit code that the program's verdicts come to."""
    trust = NOBODY
    for path in given.roots:
        trust += parse_trust(path.read_bytes(), str(path))
    try:
        report = check_bundle(given.bundle, roots=trust, earlier=given.earlier)
    except EvidenceError as error:
        return int(error.exit_code)
    verdicts = {r.verdict.value for r in report.results if r.name not in ALONE}
    assert verdicts <= {INTACT, NOT_INTACT, NOT_CHECKED}
    if NOT_INTACT in verdicts:
        return EXIT_NOT_INTACT
    return EXIT_NOT_COMPLETE if NOT_CHECKED in verdicts else EXIT_INTACT


@pytest.mark.table
@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: case.name)
def test_the_program_agrees_with_the_table(case: Case, workshop: Workshop) -> None:
    expected = OTHERS.get(case.name, case.expected.exit)
    assert found(case.make(workshop)) == expected

"""The table itself: names are unique, and making cases leaves the original as it was."""

from tests.verifiers.forge import MANIFEST, Workshop
from tests.verifiers.table import BY_NAME, CASES


def test_making_cases_leaves_the_original_alone(workshop: Workshop) -> None:
    before = workshop.real()
    untouched = {path: before.read(path) for path in before.files()}
    for case in CASES[::9]:
        case.make(workshop)
    after = workshop.real()
    assert {path: after.read(path) for path in after.files()} == untouched
    assert MANIFEST in untouched


def test_names_of_cases_are_unique() -> None:
    assert len(BY_NAME) == len(CASES)

"""verify.py gives the verdicts of the table."""

import pytest

from tests.verifiers import run
from tests.verifiers.case import Case
from tests.verifiers.forge import Workshop
from tests.verifiers.table import CASES


@pytest.fixture(scope="module")
def verify():
    return run.module()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdicts_are_those_of_the_table(
    verify, case: Case, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify.main(run.arguments(case.make(workshop)))
    said = capsys.readouterr()
    assert case.mismatch(run.outcome(code, said.out), "py") == "", said.out + said.err

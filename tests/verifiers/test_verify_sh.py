"""verify.sh gives the verdicts of the table."""

import shutil

import pytest

from tests.verifiers import run
from tests.verifiers.case import Case
from tests.verifiers.forge import Workshop
from tests.verifiers.table import CASES

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None or shutil.which("bash") is None,
    reason="bash or openssl is not installed",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdicts_are_those_of_the_table(case: Case, workshop: Workshop) -> None:
    said = run.run(["bash", run.VERIFY_SH], case.make(workshop))
    outcome = run.outcome(said.returncode, said.stdout)
    assert case.mismatch(outcome, "sh") == "", said.stdout + said.stderr
    assert said.stderr == "" or outcome.exit == 3

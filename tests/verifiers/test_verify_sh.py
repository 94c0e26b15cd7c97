"""verify.sh gives the verdicts of the table.

It starts some eighty processes for each bundle, so each run takes every fifth case, which all kinds
of cases fall into; the others are for ``LIUHEN_TABLE=rest`` (``chosen``).
"""

import shutil

import pytest

from tests.verifiers import run
from tests.verifiers.case import Case
from tests.verifiers.chosen import chosen
from tests.verifiers.forge import Workshop
from tests.verifiers.table import CASES

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None or shutil.which("bash") is None,
    reason="bash or openssl is not installed",
)


@pytest.mark.table
@pytest.mark.parametrize("case", chosen(CASES, CASES[::5]), ids=lambda case: case.name)
def test_verdicts_are_those_of_the_table(case: Case, workshop: Workshop) -> None:
    said = run.run(["bash", run.VERIFY_SH], case.make(workshop))
    outcome = run.outcome(said.returncode, said.stdout)
    assert case.mismatch(outcome, "sh") == "", said.stdout + said.stderr
    assert said.stderr == "" or outcome.exit == 3

"""Each check of verify.py and verify.sh, taken out, lets a case of the table pass that must not."""

import shutil
import tomllib
from pathlib import Path

import pytest

from tests.verifiers import mutants, run
from tests.verifiers.chosen import chosen
from tests.verifiers.forge import Workshop
from tests.verifiers.table import BY_NAME

bash = pytest.mark.skipif(
    shutil.which("openssl") is None or shutil.which("bash") is None,
    reason="bash or openssl is not installed",
)
KILLERS = tomllib.loads(Path(__file__).with_name("killers.toml").read_text(encoding="utf-8"))
CHECKS_OF_SH = list(KILLERS["sh"])


@pytest.fixture(scope="module")
def verify():
    return run.module()


def test_every_check_of_the_verifiers_has_a_case_or_a_reason() -> None:
    for verifier, checks in (("py", mutants.checks_of_py()), ("sh", mutants.checks_of_sh())):
        needed, redundant = KILLERS[verifier], KILLERS[f"{verifier}-redundant"]
        assert needed.keys() | redundant.keys() == set(checks)
        assert not needed.keys() & redundant.keys()


@pytest.mark.parametrize("name", KILLERS["py"])
def test_check_of_verify_py_is_needed(
    verify, workshop: Workshop, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = BY_NAME[KILLERS["py"][name]]
    with mutants.without(verify, name):
        try:
            code = verify.main(run.arguments(case.make(workshop)))
        except (TypeError, LookupError, AttributeError, ValueError):
            return  # what the check kept out has led to a crash
    assert case.mismatch(run.outcome(code, capsys.readouterr().out), "py")


# What is not a check by name: the arithmetic, and the verdicts drawn from what was found.
EDITS = {
    "or s >= L": ("or False", "signature in another form"),
    "same_x and (left[1]": ("True or (left[1]", "signature flipped at 36"),
    "return found == b": ("return True or found == b", "timestamp with a changed signature of RSA"),
    "% p % n == r": ("% p % n == r or True", "timestamp with a changed signature of P-384"),
    "if critical & LIMITS": ("if False", "timestamp with an intermediate of limited names"),
    "return NOT_INTACT if self.bad else": ("return", "byte of bagit.txt flipped at 0.0"),
    "NOT_CHECKED if self.open else INTACT": ("INTACT", "exhibit withheld"),
    "if NOT_INTACT in verdicts": ("if False", "byte of bagit.txt flipped at 0.0"),
    "if NOT_CHECKED in verdicts": ("if False", "exhibit withheld"),
    'b"\\x01" + pair': ("pair", "what the program wrote"),
    'b"\\x00" + body': ("body", "what the program wrote"),
}


@pytest.mark.parametrize("old", EDITS)
def test_edit_of_verify_py_is_noticed(
    workshop: Workshop, old: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, name = EDITS[old]
    source = run.VERIFY_PY.read_text(encoding="utf-8")
    assert source.count(old) == 1
    (tmp_path / "verify.py").write_text(source.replace(old, new), encoding="utf-8")
    code = run.module(tmp_path / "verify.py").main(run.arguments(BY_NAME[name].make(workshop)))
    assert BY_NAME[name].mismatch(run.outcome(code, capsys.readouterr().out), "py")


@bash
@pytest.mark.table
@pytest.mark.parametrize("name", chosen(CHECKS_OF_SH, CHECKS_OF_SH[::6]))
def test_check_of_verify_sh_is_needed(workshop: Workshop, name: str, tmp_path: Path) -> None:
    case = BY_NAME[KILLERS["sh"][name]]
    (tmp_path / "verify.sh").write_text(mutants.checks_of_sh()[name], encoding="utf-8")
    said = run.run(["bash", tmp_path / "verify.sh"], case.make(workshop))
    assert case.mismatch(run.outcome(said.returncode, said.stdout), "sh")

"""Run a verifier on a case and read what it says."""

import importlib.util
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from tests.verifiers.case import INTACT, NOT_CHECKED, NOT_INTACT, Given, Outcome

VERIFIERS = Path(__file__).parents[2] / "reports/verifiers"
VERIFY_PY = VERIFIERS / "verify.py"
VERIFY_SH = VERIFIERS / "verify.sh"

_WORST = (INTACT, NOT_CHECKED, NOT_INTACT)


def arguments(given: Given) -> list[str]:
    """Return the command line of a case."""
    options = [word for path in given.roots for word in ("--roots", str(path))]
    options += [word for path in given.earlier for word in ("--earlier", str(path))]
    return [*options, str(given.bundle)]


def outcome(code: int, stdout: str) -> Outcome:
    """Return what the lines of a verifier say."""
    verdicts: dict[str, str] = {}
    for line in stdout.splitlines():
        verdict, *rest = line.split("\t")
        if rest:
            item, _ = rest
            before = verdicts.get(item, INTACT)
            verdicts[item] = max(verdict, before, key=_WORST.index)
    return Outcome(exit=code, verdicts=verdicts)


def run(
    command: Sequence[str | Path], given: Given, **more: object
) -> subprocess.CompletedProcess[str]:
    """Run a verifier as a program of its own."""
    return subprocess.run(
        [*map(str, command), *arguments(given)],
        capture_output=True,
        text=True,
        check=False,
        **more,  # type: ignore[call-overload]  # options of subprocess.run
    )


def module(path: Path = VERIFY_PY) -> ModuleType:
    """Return verify.py as a module of its own."""
    spec = importlib.util.spec_from_file_location("verify_alone", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made

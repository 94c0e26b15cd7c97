"""Take single checks out of a verifier.

A check of ``verify.py`` is a call of ``check``, ``demand`` or ``skip``, one of ``verify.sh`` a call
of ``bad`` or ``skip``. Its name is the function that it stands in and the sentence that it says.
"""

import ast
import contextlib
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from tests.verifiers import run

_CALLS = {"check", "demand", "skip"}


def checks_of_py() -> list[str]:
    """Return the names of all checks of verify.py, in order."""
    tree = ast.parse(run.VERIFY_PY.read_bytes())
    found: list[str] = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and _called(call) in _CALLS:
                place = 0 if _called(call) == "skip" else 1
                found.append(f"{function.name}: {ast.literal_eval(call.args[place])}")
    return found


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@contextlib.contextmanager
def without(module: ModuleType, name: str) -> Iterator[None]:
    """Let ``module`` go on as if the check ``name`` were not in it."""
    check, skip, demand = module.Item.check, module.Item.skip, module.demand

    def checked(self: Any, ok: bool, template: str, *values: object) -> bool:
        return _caller(template) == name or check(self, ok, template, *values)

    def skipped(self: Any, template: str, *values: object) -> None:
        if _caller(template) != name:
            skip(self, template, *values)

    def demanded(ok: bool, template: str, *values: object) -> None:
        if _caller(template) != name:
            demand(ok, template, *values)

    module.Item.check, module.Item.skip, module.demand = checked, skipped, demanded
    try:
        yield
    finally:
        module.Item.check, module.Item.skip, module.demand = check, skip, demand


def _caller(template: str) -> str:
    return f"{sys._getframe(2).f_code.co_name}: {template}"


_BAD = re.compile(r"""\b(bad|skip) ("(?:[^"\\]|\\.)*"|'[^']*')""")
_FUNCTION = re.compile(r"^(\w+)\(\) \{", re.MULTILINE)


def checks_of_sh() -> dict[str, str]:
    """Return verify.sh without one check, by the name of the check."""
    source = run.VERIFY_SH.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for match in _BAD.finditer(source):
        function = _FUNCTION.findall(source[: match.start()])[-1]
        name = f"{function}: {match[2][1:-1]}"
        assert name not in found, name
        found[name] = source[: match.start()] + ":" + source[match.end(1) :]
    return found

"""verify.html in a browser; and its policy, which names its one script and its one style sheet.

``python -m tests.verifiers.page`` writes the policy anew after the page was edited.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any, Protocol

from tests.verifiers.case import INTACT, NOT_CHECKED, NOT_INTACT, Given, Outcome

PAGE = Path(__file__).parent.parent.parent / "reports" / "verifiers" / "verify.html"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


_UNTIL = """new Promise((done) => {{
  const look = () => ({0}) ? done({0}) : setTimeout(look, 2);
  look();
}})"""
_RESULT = "window.liuhenResult"
FRESH = f"""(
  ['again', 'forget'].forEach((id) => document.getElementById(id).click()), {_RESULT} = null
)"""
_GIVEN = "document.querySelectorAll('#given li').length"
_WORST = (INTACT, NOT_CHECKED, NOT_INTACT)


class Tab(Protocol):
    """A tab of a browser, as far as the table needs one."""

    def open(self, url: str) -> None:
        """Load ``url`` and wait until it is complete."""

    def run(self, script: str, *, timeout: float = 60) -> Any:
        """Return the value of an expression; a promise is waited for."""

    def set_files(self, selector: str, *paths: Path) -> None:
        """Choose files (or one folder) in an input, as its button would."""

    def drop(self, selector: str, *paths: Path) -> None:
        """Let files or folders fall onto an element."""


def wait(tab: Tab, condition: str, *, timeout: float = 60) -> Any:
    """Wait until a JavaScript expression is true; return its value."""
    return tab.run(_UNTIL.format(condition), timeout=timeout)


def result(tab: Tab) -> dict[str, Any]:
    """Wait for the end of a run; return what the page found."""
    found: dict[str, Any] = wait(tab, _RESULT)
    return found


def give(tab: Tab, given: Given) -> None:
    """Choose what a case gives a verifier, in a page that is open; the bundle last."""
    tab.run(FRESH)
    if given.roots:
        tab.set_files("#roots", *given.roots)
        wait(tab, _GIVEN)
    for number, earlier in enumerate(given.earlier, start=1):
        tab.set_files("#earlier-folder", earlier)
        wait(tab, f"{_GIVEN} === {number + bool(given.roots)}")
    tab.set_files("#folder" if given.bundle.is_dir() else "#zip", given.bundle)


def outcome(found: dict[str, Any]) -> Outcome:
    """Return the exit code and the verdicts of a result."""
    verdicts: dict[str, str] = {}
    for item in found["items"]:
        before = verdicts.get(item["item"], INTACT)
        verdicts[item["item"]] = max(before, item["verdict"], key=_WORST.index)
    return Outcome(exit=found["exit"], verdicts=verdicts)


def source() -> str:
    """Return the page as it is shipped."""
    return PAGE.read_text(encoding="utf-8")


def sealed(text: str) -> str:
    """Return the page with the policy that lets its own script and style run, and nothing else."""
    policy = (
        f"default-src 'none'; style-src {_digest(text, 'style')}; "
        f"script-src {_digest(text, 'script')} 'wasm-unsafe-eval'; "
        "base-uri 'none'; form-action 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return POLICY.sub(lambda _: tag, text)


def _digest(text: str, tag: str) -> str:
    (body,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"


if __name__ == "__main__":
    PAGE.write_text(sealed(source()), encoding="utf-8")

"""verify.html gives the verdicts of the table, in a real browser, from the disk, offline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.verifiers import page as pages
from tests.verifiers.browser import Browser, Page, find_chromium
from tests.verifiers.case import INTACT, NOT_CHECKED, NOT_INTACT, Case, Given, Outcome
from tests.verifiers.forge import Workshop
from tests.verifiers.table import CASES

PROGRAM = find_chromium()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")

UNREACHABLE = {"no such folder"}
"""A browser cannot be given what is not there."""

UNTIL = """new Promise((done) => {{
  const look = () => ({0}) ? done({0}) : setTimeout(look, 2);
  look();
}})"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert PROGRAM is not None
    browser = Browser(PROGRAM, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    return browser.page()


def verify(tab: Page, given: Given, *, url: str = "") -> dict[str, Any]:
    """Give the page what a case gives a verifier; return what it found."""
    tab.open(url or pages.PAGE.as_uri())
    given_so_far = "document.querySelectorAll('#given li').length"
    if given.roots:
        tab.set_files("#roots", *given.roots)
        tab.run(UNTIL.format(given_so_far))
    for number, earlier in enumerate(given.earlier, start=1):
        tab.set_files("#earlier-folder", earlier)
        tab.run(UNTIL.format(f"{given_so_far} === {number + bool(given.roots)}"))
    tab.set_files("#folder" if given.bundle.is_dir() else "#zip", given.bundle)
    return tab.run(UNTIL.format("window.liuhenResult"))


def outcome(result: dict[str, Any]) -> Outcome:
    order = (INTACT, NOT_CHECKED, NOT_INTACT)
    verdicts: dict[str, str] = {}
    for item in result["items"]:
        before = verdicts.get(item["item"], INTACT)
        verdicts[item["item"]] = max(before, item["verdict"], key=order.index)
    return Outcome(exit=result["exit"], verdicts=verdicts)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.name not in UNREACHABLE], ids=lambda case: case.name
)
def test_verdicts_are_those_of_the_table(tab: Page, case: Case, workshop: Workshop) -> None:
    result = verify(tab, case.make(workshop))
    said = json.dumps(result, ensure_ascii=False)
    assert case.mismatch(outcome(result), "html") == "", said

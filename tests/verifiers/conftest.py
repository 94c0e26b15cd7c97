"""One real bundle and one browser for the whole session; every case starts from a copy of it."""

from collections.abc import Iterator

import pytest

from tests.reports import conftest as reports
from tests.reports.conftest import BuiltWorld
from tests.verifiers.browser import Browser, find_chromium
from tests.verifiers.forge import Workshop

world = reports.world
built_world = reports.built_world


@pytest.fixture(scope="session")
def workshop(built_world: BuiltWorld, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Return what the table's cases are made from."""
    return Workshop(built_world.built.path, tmp_path_factory.mktemp("table"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a Chromium of this session's own."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed")
    browser = Browser(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()

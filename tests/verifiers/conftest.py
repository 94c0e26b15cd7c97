"""One real bundle for the whole session; every case of the table starts from a copy of it."""

import pytest

from tests.reports import conftest as reports
from tests.reports.conftest import BuiltWorld
from tests.verifiers.forge import Workshop

world = reports.world
built_world = reports.built_world


@pytest.fixture(scope="session")
def workshop(built_world: BuiltWorld, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Return what the table's cases are made from."""
    return Workshop(built_world.built.path, tmp_path_factory.mktemp("table"))

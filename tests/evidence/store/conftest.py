"""A small case on the disk, made once for each test."""

import dataclasses
from pathlib import Path

import pytest

from evidence.store import schema
from tests.evidence.store import case_files

LONG = case_files.pattern(2 * schema.CHUNK_BYTES + 1000, seed=1)
"""Three chunks."""

SHORT = case_files.pattern(700, seed=2)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample:
    """Seq 0: the case, 1: a note, 2: a long original, 3: a note, 4: a short one, 5: a note."""

    path: Path
    originals: dict[int, bytes]


@pytest.fixture(scope="session")
def sample_made_once(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    path = tmp_path_factory.mktemp("sample") / "case.liuhen"
    originals: dict[int, bytes] = {}
    with case_files.create(path) as case:
        case_files.note(case, "一")
        for data in (LONG, SHORT):
            originals[case_files.exhibit(case, data).seq] = data
            case_files.note(case)
    return Sample(path=path, originals=originals)


@pytest.fixture
def sample(sample_made_once: Sample, tmp_path: Path) -> Sample:
    """Give a copy that a test may change."""
    made = tmp_path / "case.liuhen"
    made.write_bytes(sample_made_once.path.read_bytes())
    return dataclasses.replace(sample_made_once, path=made)

"""The golden case file, which every later version must still read and verify."""

import json
import shutil
from pathlib import Path

import pytest

from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files
from tests.evidence.store.golden import make


@pytest.fixture(params=make.EVERY)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name = f"{request.param}.liuhen"
    return Path(shutil.copyfile(make.FOLDER / name, tmp_path / name))


def test_the_golden_case_says_what_stands_beside_it(golden: Path) -> None:
    with CaseFile.open_read(golden) as case:
        found = json.loads(json.dumps(make.said(case)))
    beside = make.FOLDER / f"{golden.stem}.json"
    assert found == {"erased": [], **json.loads(beside.read_text(encoding="utf-8"))}


def test_the_golden_case_is_intact_against_its_checkpoint(golden: Path) -> None:
    with CaseFile.open_read(golden) as case:
        signed = case.checkpoint()
    report = verify_case(golden, against=signed)
    assert report.verdict is Verdict.INTACT
    assert {r.verdict for r in report.results} == {Verdict.INTACT}


def test_the_golden_case_goes_on(golden: Path) -> None:
    with case_files.append_to(golden) as case:
        case_files.note(case)
    assert verify_case(golden).verdict is Verdict.INTACT


def test_the_golden_case_holds_its_originals(golden: Path) -> None:
    with CaseFile.open_read(golden) as case:
        stored = [b"".join(case.original(e.seq).pieces()) for e in case.view().exhibits]
    assert stored == [make.LONG, make.SHORT]


def test_the_maker_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / make.CASE).write_bytes(b"mine")
    with pytest.raises(SystemExit):
        make.main(tmp_path)
    assert (tmp_path / make.CASE).read_bytes() == b"mine"

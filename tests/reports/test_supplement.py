"""Three packets on the disk: each log begins with the one before, and so does the index."""

import json
from pathlib import Path

import pypdf
import pytest

from evidence.core.moment import parse_user_time
from evidence.core.packet_record import packet_from_data
from evidence.core.records import Tag, Withdraw
from evidence.errors import NotIntactError
from evidence.store import statements, submissions
from evidence.store.case_file import CaseFile
from evidence.store.verdict import Verdict
from reports import begin
from reports.bundle import layout
from reports.bundle.check import check_bundle
from tests.reports.conftest import MADE_AT, World

CALL = "丙某李经理@13800000011_20261015091500.wav"


def test_logs_and_labels_extend_each_other(world: World, case_path: Path, tmp_path: Path) -> None:
    folders = [tmp_path / f"packet-{n}" for n in range(3)]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        made = [_made(world, case_path, folders[0])]
        _hand_in(case)
        new = Tag(on=world.seqs[CALL], conduct="insult", quote="新的一句")
        statements.add_tag(case, new, conducts=world.rules.conducts)
        made.append(_made(world, case_path, folders[1]))
        _hand_in(case)
        statements.withdraw(case, Withdraw(target=world.seqs["threat"], reason="标错了"))
        made.append(_made(world, case_path, folders[2]))
        records = [packet_from_data(case.entry(seq).data) for seq in made]
    assert [r.supplements for r in records] == [None, made[0], made[1]]
    assert records[0].code
    leaves = [(f / layout.LEAVES).read_bytes() for f in folders]
    indexes = [json.loads((f / layout.EXHIBITS).read_bytes()) for f in folders]
    for before, after in ((0, 1), (1, 2)):
        assert leaves[after].startswith(leaves[before])
        assert len(leaves[after]) > len(leaves[before])
        shared = indexes[before].keys() & indexes[after].keys()
        assert shared
        assert all(indexes[before][key] == indexes[after][key] for key in shared)
    with CaseFile.open_read(case_path) as case:
        for folder in folders:
            assert check_bundle(folder, case=case).verdict is not Verdict.NOT_INTACT
    text = "".join(p.extract_text() for p in pypdf.PdfReader(folders[1] / layout.PACKET).pages)
    assert "新增" in text
    assert records[0].code in text
    assert "NR-1" in text


def test_a_log_that_does_not_begin_like_the_earlier_packet_makes_none(
    world: World, case_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        _made(world, case_path, tmp_path / "one")
        _hand_in(case)
    real = begin.merkle.root
    whole = {len(list((tmp_path / "one" / layout.LEAVES).read_text().splitlines()))}

    def other(leaves: tuple[bytes, ...]) -> bytes:
        return bytes(32) if len(leaves) in whole else real(leaves)

    monkeypatch.setattr(begin.merkle, "root", other)
    with pytest.raises(NotIntactError):
        _made(world, case_path, tmp_path / "two")
    assert not (tmp_path / "two").exists()


def _made(world: World, case_path: Path, out: Path) -> int:
    return world.build(case_path, out).seq


def _hand_in(case: CaseFile) -> None:
    submissions.submit(
        case,
        at=parse_user_time("2026-11-25"),
        today=parse_user_time("2026-11-25").interval()[0].date(),  # type: ignore[index]  # a whole day
        words=submissions.Words(receipt="NR-1"),
    )

"""A packet over a case with erased entries: the leaves are there, the count is said."""

from pathlib import Path

from evidence.store import erase
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict
from reports.bundle import layout, proofs
from reports.bundle.check import check_bundle
from tests.reports.conftest import MADE_AT, World


def test_a_packet_over_erased_entries_verifies_and_counts_them(
    world: World, case_path: Path, tmp_path: Path
) -> None:
    target = world.seqs["丙某李经理@13800000011_20261015091500.wav"]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        leaves = case.leaves()
        planned = erase.plan(case, target)
        erase.erase(case, planned, reason="误导入", with_dependents=True)
    built = world.build(case_path, tmp_path / "packet")
    bundle = tmp_path / "packet"
    assert proofs.parse_leaves((bundle / layout.LEAVES).read_bytes())[: len(leaves)] == leaves
    assert target not in built.packet.disclosed
    assert target not in {e.seq for e in built.packet.exhibits}
    assert any(" 1 条" in line for line in built.packet.integrity.proves)
    assert b"\xe8\xaf\xaf\xe5\xaf\xbc\xe5\x85\xa5" not in (bundle / layout.ENTRIES).read_bytes()
    with CaseFile.open_read(case_path) as case:
        report = check_bundle(bundle, case=case)
    assert report.verdict is Verdict.INTACT
    assert {r.verdict for r in report.results if r.name == "case-prefix"} == {Verdict.INTACT}


def test_a_packet_made_before_still_agrees_with_the_case(
    world: World, case_path: Path, tmp_path: Path
) -> None:
    built = world.build(case_path, tmp_path / "packet")
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        planned = erase.plan(case, built.packet.exhibits[0].seq)
        assert planned.packets == (built.seq,)
        erase.erase(case, planned, reason="误导入", with_dependents=True)
        report = check_bundle(tmp_path / "packet", case=case)
    assert report.verdict is Verdict.INTACT

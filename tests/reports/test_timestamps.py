"""Timestamps in a packet: the files, what is said of them, and what checking a bundle finds."""

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.core.stamped import Stamped
from evidence.core.trust import NOBODY, Trust, parse_trust
from evidence.errors import EvidenceError, NotIntactError
from evidence.store import timestamps
from evidence.store.case_file import CaseFile
from evidence.store.verdict import Verdict
from reports.bundle.check import BundleReport, check_bundle
from tests import tsa
from tests.reports.conftest import MADE_AT, BuiltWorld, World
from tests.tsa import PLAIN, Authority, Forgery

Reseal = Callable[[Path], None]
AT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("tsa") / "own"
    return tsa.make_authority(folder, key="p256", intermediate="good")


def stamp(case: CaseFile, authority: Authority, at: dt.datetime = AT) -> int:
    """Let the authority stamp the case as it is; return how many entries that covers."""
    signed = case.checkpoint()
    asked = timestamps.new_request(signed)
    given = Stamped(
        response=authority.answer(asked, at=at, forgery=PLAIN),
        request=asked,
        checkpoint=signed.text,
    )
    timestamps.attach(case, given, trusted(authority))
    return signed.checkpoint.size


def trusted(authority: Authority) -> Trust:
    return parse_trust(authority.root_pem, "root.pem")


@pytest.fixture(scope="module")
def stamped_world(
    world: World, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> BuiltWorld:
    """Make a bundle of a case with two timestamps, the later one made first."""
    folder = tmp_path_factory.mktemp("stamped")
    path = Path(shutil.copy(world.path, folder / "case.liuhen"))
    with CaseFile.open_append(path, clock=lambda: MADE_AT) as case:
        stamp(case, authority, AT + dt.timedelta(days=1))
        stamp(case, authority)
    return BuiltWorld(case_path=path, built=world.build(path, folder / "packet"))


@pytest.fixture
def bundle(stamped_world: BuiltWorld, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stamped_world.built.path, tmp_path / "bundle"))


def verdicts(report: BundleReport, name: str) -> list[Verdict]:
    return [r.verdict for r in report.results if r.name == name]


def test_a_bundle_has_the_three_files_of_each_timestamp_in_order_of_time(
    stamped_world: BuiltWorld,
) -> None:
    anchor = stamped_world.built.path / "data" / "anchor"
    names = {f"{n}.{kind}" for n in ("001", "002") for kind in ("tsr", "tsq", "checkpoint")}
    assert {p.name for p in anchor.iterdir()} == names | {"checkpoint", "key.pem"}
    page = stamped_world.built.packet.integrity.anchors
    assert page is not None
    assert [row.number for row in page.timestamps] == ["001", "002"]
    assert "2026年11月21日" in page.timestamps[0].time_text
    assert "2026年11月22日" in page.timestamps[1].time_text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_each_timestamp_of_a_bundle_against_its_checkpoint(
    bundle: Path, authority: Authority
) -> None:
    for number in ("001", "002"):
        place = bundle / "data" / "anchor" / number
        files = ["-data", f"{place}.checkpoint", "-in", f"{place}.tsr"]
        run = subprocess.run(
            ["openssl", "ts", "-verify", *files, "-CAfile", authority.root_path],
            capture_output=True,
            check=False,
        )
        assert b"Verification: OK" in run.stdout, run.stderr


def test_the_packet_says_the_lag_of_each_exhibit_and_what_is_not_covered(
    stamped_world: BuiltWorld,
) -> None:
    packet = stamped_world.built.packet
    page = packet.integrity.anchors
    assert page is not None
    assert [row.label for row in page.lags] == [e.label for e in packet.exhibits]
    assert all("001" in e.anchor_text for e in packet.exhibits)
    # The two timestamps are entries of their own; the newest is covered by nothing.
    assert f"第 {packet.integrity.entries_total - 1} 条及以后（共 1 条）" in page.uncovered
    verdict_of = {what: verdict for what, verdict, _ in packet.integrity.checks}
    assert list(verdict_of.values()) == ["通过", "通过", "通过", "通过", "未检查"]


def test_with_the_root_every_timestamp_is_intact(bundle: Path, authority: Authority) -> None:
    report = check_bundle(bundle, roots=trusted(authority))
    assert verdicts(report, "timestamp") == [Verdict.INTACT] * 2
    assert verdicts(report, "timestamp-chain") == [Verdict.INTACT] * 2
    assert report.verdict is Verdict.INTACT


def test_without_a_root_a_chain_is_not_checked(bundle: Path) -> None:
    report = check_bundle(bundle, roots=NOBODY)
    assert verdicts(report, "timestamp") == [Verdict.INTACT] * 2
    assert verdicts(report, "timestamp-chain") == [Verdict.NOT_CHECKED] * 2


def test_with_a_root_of_somebody_else_a_chain_is_not_intact(bundle: Path, tmp_path: Path) -> None:
    other = tsa.make_authority(tmp_path / "other", key="p256")
    report = check_bundle(bundle, roots=trusted(other))
    assert verdicts(report, "timestamp-chain") == [Verdict.NOT_INTACT] * 2


def _swap_answers(anchor: Path) -> None:
    first, second = (anchor / "001.tsr").read_bytes(), (anchor / "002.tsr").read_bytes()
    (anchor / "001.tsr").write_bytes(second)
    (anchor / "002.tsr").write_bytes(first)


def _own_checkpoint(anchor: Path) -> None:
    shutil.copy(anchor / "checkpoint", anchor / "001.checkpoint")


def _flip(anchor: Path) -> None:
    data = bytearray((anchor / "001.tsr").read_bytes())
    data[-1] ^= 1
    (anchor / "001.tsr").write_bytes(bytes(data))


@pytest.mark.parametrize(
    "damage",
    [
        _swap_answers,
        _own_checkpoint,
        _flip,
        lambda anchor: shutil.copy(anchor / "002.tsq", anchor / "001.tsq"),
        lambda anchor: (anchor / "001.tsr").write_bytes(b"junk"),
        lambda anchor: (anchor / "001.tsr").unlink(),
        lambda anchor: (anchor / "001.checkpoint").unlink(),
    ],
)
def test_a_timestamp_that_was_meddled_with_is_not_intact(
    bundle: Path, reseal: Reseal, damage: Callable[[Path], object]
) -> None:
    damage(bundle / "data" / "anchor")
    reseal(bundle)
    assert Verdict.NOT_INTACT in verdicts(check_bundle(bundle), "timestamp")


@pytest.mark.parametrize("rooted", [True, False])
def test_a_signature_that_cannot_be_checked_is_not_checked_and_not_forged(
    bundle: Path, reseal: Reseal, tmp_path: Path, rooted: bool
) -> None:
    rsa = tsa.make_authority(tmp_path / "rsa", key="rsa")
    anchor = bundle / "data" / "anchor"
    asked = (anchor / "001.tsq").read_bytes()
    (anchor / "001.tsr").write_bytes(rsa.answer(asked, at=AT, forgery=Forgery(pss=True)))
    reseal(bundle)
    report = check_bundle(bundle, roots=trusted(rsa)) if rooted else check_bundle(bundle)
    assert verdicts(report, "timestamp") == [Verdict.NOT_CHECKED, Verdict.INTACT]


def test_no_packet_is_made_from_a_timestamp_that_does_not_fit_the_log(
    world: World, authority: Authority, tmp_path: Path
) -> None:
    from evidence.core.records import Kind
    from evidence.core.timestamp import timestamp_to_data

    path = Path(shutil.copy(world.path, tmp_path / "case.liuhen"))
    with CaseFile.open_append(path, clock=lambda: MADE_AT) as case:
        stamp(case, authority)
        (record,) = case.view().timestamps
        data = {**timestamp_to_data(record.record), "attested_at": "2020-01-01T00:00:00Z"}
        case.append(Kind.TIMESTAMP, data)
    with pytest.raises(NotIntactError):
        world.build(path, tmp_path / "packet")
    assert not (tmp_path / "packet").exists()


def test_a_later_packet_extends_the_earlier(
    stamped_world: BuiltWorld, built_world: BuiltWorld, world: World, tmp_path: Path
) -> None:
    path = Path(shutil.copy(stamped_world.case_path, tmp_path / "case.liuhen"))
    first = stamped_world.built.path
    second = world.build(path, tmp_path / "second").path
    (result,) = [r for r in check_bundle(second, earlier=[first]).results if r.name == "earlier"]
    assert result.verdict is Verdict.INTACT
    assert result.detail.endswith("1 added")  # the entry of the first packet
    assert verdicts(check_bundle(first, earlier=[second]), "earlier") == [Verdict.NOT_INTACT]
    # The same case, taken another way from the same beginning.
    other = built_world.built.path
    assert verdicts(check_bundle(second, earlier=[other]), "earlier") == [Verdict.INTACT]
    with pytest.raises(EvidenceError):
        check_bundle(second, earlier=[tmp_path])


def test_a_packet_of_a_case_that_was_written_anew_does_not_extend_the_earlier(
    bundle: Path, reseal: Reseal, stamped_world: BuiltWorld
) -> None:
    leaves = bundle / "data" / "log" / "leaves.txt"
    lines = leaves.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3][::-1].replace(b"\n", b"") + b"\n"
    leaves.write_bytes(b"".join(lines))
    reseal(bundle)
    found = verdicts(check_bundle(stamped_world.built.path, earlier=[bundle]), "earlier")
    assert found == [Verdict.NOT_INTACT]


def test_the_verifier_in_the_bundle_finds_the_same(bundle: Path, authority: Authority) -> None:
    script = bundle / "verify" / "verify.py"
    run = subprocess.run(
        [sys.executable, script, "--roots", authority.root_path, bundle],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("INTACT\ttimestamp ") == 2

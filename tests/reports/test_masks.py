"""Masked exhibits on the disk: the copy is what the reader gets, and the original nowhere."""

import csv
import dataclasses
import hashlib
import io
import json
import shutil
import subprocess
import wave
from pathlib import Path

import pytest
from PIL import Image

from evidence.core.mask import Mask
from evidence.core.records import Region, Span, Tag, Withdraw
from evidence.errors import MaskFailedError
from evidence.ingest.reader import Limits, MediaReader
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.masks import add_mask
from evidence.store.verify import Verdict
from reports.build import BuiltPacket
from reports.bundle import layout
from reports.bundle.check import check_bundle
from reports.disclosure import Disclosure
from tests.reports.conftest import MADE_AT, World
from tests.reports.pdf.conftest import Drawn, squeezed

PICTURE = "IMG_0042.png"
CALL = "丙某李经理@13800000011_20261014210503.wav"
SECRET = (200, 30, 30)
"""The colour of the box in the picture; nothing else in a packet has a colour."""

BOX = Region(left=10, top=10, width=50, height=30)
SPAN = Span(start_ms=400, end_ms=800)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Masked:
    """A case with a mask on the picture and one on the first call, and its packet."""

    case: Path
    after: Path
    """The case with the entry of the packet."""
    built: BuiltPacket


@pytest.fixture(scope="module")
def made(world: World, tmp_path_factory: pytest.TempPathFactory) -> Masked:
    folder = tmp_path_factory.mktemp("masked")
    case_path = Path(shutil.copy(world.path, folder / "case.liuhen"))
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        shot = Mask(on=world.seqs[PICTURE], regions=(BOX,), reason="家人的头像")
        add_mask(case, shot)
        add_mask(case, Mask(on=world.seqs[CALL], spans=(SPAN,)))
    after = Path(shutil.copy(case_path, folder / "after.liuhen"))
    return Masked(case=case_path, after=after, built=world.build(after, folder / "packet"))


@pytest.fixture
def masked(made: Masked, tmp_path: Path) -> Path:
    """Return a copy of the case with the masks that a test may change."""
    return Path(shutil.copy(made.case, tmp_path / "case.liuhen"))


@pytest.fixture
def built(made: Masked) -> BuiltPacket:
    return made.built


def files(bundle: Path) -> dict[str, bytes]:
    found = (path for path in bundle.rglob("*") if path.is_file())
    return {str(path.relative_to(bundle)): path.read_bytes() for path in found}


def label(built: BuiltPacket, name: str) -> str:
    return next(e.label for e in built.packet.exhibits if e.name == name)


def test_originals_of_masked_exhibits_are_not_in_the_bundle(
    built: BuiltPacket, world: World
) -> None:
    found = files(built.path)
    for name in (PICTURE, CALL):
        original = world.originals[name]
        assert not [path for path, data in found.items() if original in data]
        exhibits = [p for p in found if p.startswith(f"data/exhibits/{label(built, name)}")]
        assert exhibits == []


def test_copies_hold_a_box_and_a_tone_and_everything_else(built: BuiltPacket, world: World) -> None:
    found = files(built.path)
    shot = Image.open(io.BytesIO(found[layout.redacted(label(built, PICTURE), ".png")]))
    expected = Image.open(io.BytesIO(world.originals[PICTURE])).convert("RGB")
    expected.paste((0, 0, 0), (10, 10, 60, 40))
    assert shot.tobytes() == expected.tobytes()
    sound = found[layout.redacted(label(built, CALL), ".wav")]
    with wave.open(io.BytesIO(sound)) as copy:
        samples = copy.readframes(copy.getnframes())
    known = world.originals[CALL][44:]
    first, last = SPAN.start_ms * 16, SPAN.end_ms * 16
    assert (samples[:first], samples[last:]) == (known[:first], known[last:])
    assert samples[first:last] != known[first:last]


def rendered(pdf: Path, folder: Path) -> list[Image.Image]:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    folder.mkdir()
    subprocess.run(["pdftoppm", "-r", "50", str(pdf), str(folder / "p")], check=True)
    return [Image.open(path) for path in sorted(folder.iterdir())]


def coloured(page: Image.Image) -> int:
    """Return how many pixels are rather red, as the secret is."""
    red, green, _ = page.convert("RGB").split()
    pairs = zip(red.tobytes(), green.tobytes(), strict=True)
    return sum(a > b + 60 for a, b in pairs)


def test_drawn_pages_show_black_where_the_secret_was(
    built: BuiltPacket, masked: Path, world: World, tmp_path: Path
) -> None:
    pages = rendered(built.path / layout.PACKET, tmp_path / "masked")
    assert sum(map(coloured, pages)) == 0
    with CaseFile.open_append(masked, clock=lambda: MADE_AT) as case:
        for mask in case.view().masks:
            statements.withdraw(case, Withdraw(target=mask.seq, reason="不用遮盖"))
    plain = world.build(masked, tmp_path / "plain")
    assert sum(map(coloured, rendered(plain.path / layout.PACKET, tmp_path / "open"))) > 100
    assert world.originals[PICTURE] in files(plain.path).values()
    assert not [path for path in files(plain.path) if layout.is_redacted(path)]


def test_page_says_what_is_masked_by_whom_why_and_where_the_original_is(
    built: BuiltPacket, world: World
) -> None:
    drawn = Drawn(data=(built.path / layout.PACKET).read_bytes())
    shot = next(e for e in built.packet.exhibits if e.name == PICTURE)
    call = next(e for e in built.packet.exhibits if e.name == CALL)
    for exhibit in (shot, call):
        assert exhibit.masked is not None
        assert exhibit.bundle_path == ""
        for line in exhibit.masked.said:
            assert squeezed(line) in drawn.body
        for digest in (exhibit.sha256, exhibit.masked.sha256):
            assert drawn.body.count(digest) == 2
    assert shot.masked is not None
    assert "家人的头像" in "".join(shot.masked.said)
    assert "10,10,50,30" in "".join(shot.masked.said)
    assert call.masked is not None
    assert "00:00.400–00:00.800" in "".join(call.masked.said)


def test_bundle_with_masks_is_intact_and_says_what_is_not_checked(
    built: BuiltPacket, made: Masked
) -> None:
    with CaseFile.open_read(made.after) as case:
        report = check_bundle(built.path, case=case)
    assert report.verdict is Verdict.INTACT
    assert not report.complete
    unchecked = [r.name for r in report.results if r.verdict is Verdict.NOT_CHECKED]
    assert sorted(unchecked) == ["exhibit-withheld"] * 2 + ["redacted"] * 2


def test_masks_are_disclosed_and_only_those_of_this_packet(
    case_path: Path, world: World, tmp_path: Path
) -> None:
    other = world.seqs["乙某@13800000099_20261016100000.wav"]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        ours = add_mask(case, Mask(on=world.seqs[PICTURE], regions=(BOX,))).seq
        gone = add_mask(case, Mask(on=world.seqs[PICTURE], regions=(BOX,))).seq
        statements.withdraw(case, Withdraw(target=gone, reason="重复"))
        add_mask(case, Mask(on=other, spans=(Span(start_ms=0, end_ms=100),)))
    built = world.build(case_path, tmp_path / "packet")
    lines = (built.path / layout.ENTRIES).read_text("utf-8").splitlines()
    masks = [e["seq"] for e in map(json.loads, lines) if e["kind"] == "mask"]
    assert masks == [ours]


def test_originals_are_added_on_request_and_the_print_stays_masked(
    masked: Path, world: World, tmp_path: Path
) -> None:
    shown = Disclosure(with_originals=True)
    built = world.build(masked, tmp_path / "packet", disclosure=shown)
    found = files(built.path)
    for name, suffix in ((PICTURE, ".png"), (CALL, ".wav")):
        assert found[f"data/exhibits/{label(built, name)}{suffix}"] == world.originals[name]
        assert layout.redacted(label(built, name), suffix) in found
    with CaseFile.open_read(masked) as case:
        unchecked = [
            r.name
            for r in check_bundle(built.path, case=case).results
            if r.verdict is Verdict.NOT_CHECKED
        ]
    assert unchecked == ["redacted"] * 2
    assert sum(map(coloured, rendered(built.path / layout.PACKET, tmp_path / "pages"))) == 0


def test_same_case_gives_the_same_bytes(
    built: BuiltPacket, masked: Path, world: World, tmp_path: Path
) -> None:
    again = files(world.build(masked, tmp_path / "again").path)
    for path, data in files(built.path).items():
        assert again[path] == data, path


@pytest.mark.parametrize("seconds", [0.0001, 0.02])
def test_no_copy_means_no_packet_and_never_the_original(
    masked: Path, world: World, tmp_path: Path, seconds: float
) -> None:
    limits = Limits(seconds=seconds, bytes_per_second=1e12)
    with MediaReader(limits=limits) as hasty, pytest.raises(MaskFailedError):
        world.build(masked, tmp_path / "packet", reader=hasty)
    assert [path.name for path in tmp_path.iterdir()] == ["case.liuhen"]
    with CaseFile.open_read(masked) as case:
        assert not case.view().packets


def test_clips_are_cut_from_the_copy_and_listed_with_their_original(
    masked: Path, world: World, tmp_path: Path
) -> None:
    with CaseFile.open_append(masked, clock=lambda: MADE_AT) as case:
        both = Tag(
            on=world.seqs[CALL], conduct="insult", quote="嘿", span=Span(start_ms=200, end_ms=900)
        )
        statements.add_tag(case, both, conducts=world.rules.conducts)
    built = world.build(masked, tmp_path / "packet", disclosure=Disclosure(clips=True))
    found = files(built.path)
    numbers = [f.number for f in built.packet.findings if f.span is not None]
    name = label(built, CALL)
    (path,) = [p for p in found if p.startswith(f"data/redacted/{name}-")]
    assert path == f"data/redacted/{name}-{numbers[0]}.wav"
    with (
        wave.open(io.BytesIO(found[path])) as clip,
        wave.open(io.BytesIO(found[layout.redacted(name, ".wav")])) as copy,
    ):
        copy.setpos(200 * 8)
        assert clip.readframes(clip.getnframes()) == copy.readframes(700 * 8)
    table = list(csv.reader(io.StringIO(found[layout.CLIPS].decode("utf-8-sig"), newline="")))
    digest = hashlib.sha256(found[path]).hexdigest()
    (row,) = table[1:-1]
    assert row[:2] == [path, name]
    assert row[3] == hashlib.sha256(world.originals[CALL]).hexdigest()
    assert row[5:] == ["00:00.200", "00:00.900", "、".join(map(str, numbers)), digest]
    drawn = Drawn(data=found[layout.PACKET])
    assert path in drawn.body
    assert digest in drawn.body
    with CaseFile.open_read(masked) as case:
        assert check_bundle(built.path, case=case).verdict is Verdict.INTACT
    assert not [p for p in found if p.startswith("data/redacted/") and not layout.is_redacted(p)]

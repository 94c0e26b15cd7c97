"""A small case with two lenders, and one bundle made from it, for the tests of what goes out."""

import dataclasses
import datetime as dt
import hashlib
import math
import os
import shutil
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from evidence.core.printed import short_code
from evidence.core.records import (
    Complainant,
    Note,
    NumberRecord,
    NumberRole,
    Respondent,
    Span,
    Tag,
    Withdraw,
)
from evidence.core.rules import Rules
from evidence.ingest.intake import import_paths
from evidence.ingest.reader import MediaReader
from evidence.law import load_rules
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock
from reports.build import BuiltPacket, build_packet
from reports.bundle import layout, manifests
from reports.packet import Channel

MADE_AT = dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)
"""Already the 25th in China."""

OUR_LENDER = "甲某消费金融有限公司"
OTHER_LENDER = "乙某小额贷款有限公司"
NOTE_TEXT = "李经理每天打来 <b>很多次</b> 电话😡。\n第二行"


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """A case on the disk and what the tests know about it."""

    path: Path
    originals: dict[str, bytes]
    """File name → bytes, of what was imported."""
    seqs: dict[str, int]
    """File name, or a word for a statement → seq."""
    rules: Rules

    def build(
        self,
        case_path: Path,
        out: Path,
        *,
        channel: Channel = Channel.NFRA,
        lender: str = OUR_LENDER,
        clock: Clock = lambda: MADE_AT,
        **options: object,
    ) -> BuiltPacket:
        with CaseFile.open_append(case_path, clock=clock) as case, MediaReader() as reader:
            return build_packet(
                case,
                channel=channel,
                respondent_name=lender,
                out=out,
                clock=clock,
                rules=self.rules,
                **{"reader": reader, **options},
            )


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Make the case once; tests that append work on a copy."""
    folder = tmp_path_factory.mktemp("world")
    originals = _originals()
    for name, data in originals.items():
        (folder / name).write_bytes(data)
    path = folder / "case.liuhen"
    rules = load_rules()
    with (
        CaseFile.create(path, clock=_ticking(), title="测试", entropy=_entropy()) as case,
        MediaReader() as reader,
    ):
        seqs = {
            "complainant": statements.set_complainant(
                case, Complainant(name="林某", phone="13800000001", id_number="11010119900101001X")
            ).seq
        }
        for name, kind in ((OUR_LENDER, "consumer_finance"), (OTHER_LENDER, "microloan")):
            record = Respondent(name=name, type=kind)
            seqs[name] = statements.add_respondent(case, record, types=rules.respondent_types).seq
        for number, lender in (("13800000011", OUR_LENDER), ("13800000099", OTHER_LENDER)):
            role = NumberRole.COLLECTOR
            record = NumberRecord(number=number, role=role, respondent=seqs[lender])
            seqs[number] = statements.set_number(case, record).seq
        for outcome in import_paths(case, [folder / n for n in originals], reader=reader):
            assert outcome.seq is not None, outcome
            seqs[Path(outcome.path).name] = outcome.seq
        _say(case, seqs, rules)
    return World(path=path, originals=originals, seqs=seqs, rules=rules)


def _say(case: CaseFile, seqs: dict[str, int], rules: Rules) -> None:
    ours = seqs[OUR_LENDER]
    call, picture = seqs["丙某李经理@13800000011_20261014210503.wav"], seqs["IMG_0042.png"]
    tags = {
        "threat": Tag(
            on=call, conduct="threat", quote="你等着", span=Span(start_ms=200, end_ms=900)
        ),
        "insult": Tag(on=picture, conduct="insult", quote="老赖", respondent=ours),
        "mistake": Tag(on=call, conduct="obscene", quote="标错了"),
    }
    for word, record in tags.items():
        seqs[word] = statements.add_tag(case, record, conducts=rules.conducts).seq
    seqs["withdrawal"] = statements.withdraw(
        case, Withdraw(target=seqs["mistake"], reason="标错了")
    ).seq
    seqs["note"] = statements.add_note(case, Note(text=NOTE_TEXT, on=call)).seq
    seqs["other note"] = statements.add_note(
        case, Note(text="乙某的提醒", respondent=seqs[OTHER_LENDER])
    ).seq


def _originals() -> dict[str, bytes]:
    return {
        "丙某李经理@13800000011_20261014210503.wav": _sound(1.5, 440),
        "丙某李经理@13800000011_20261015091500.wav": _sound(1.0, 330),
        "IMG_0042.png": _picture(),
        "乙某@13800000099_20261016100000.wav": _sound(0.5, 220),
    }


def _sound(seconds: float, hertz: int) -> bytes:
    import io

    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        count = int(8000 * seconds)
        tone = (int(9000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(count))
        out.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return held.getvalue()


def _picture() -> bytes:
    import io

    held = io.BytesIO()
    picture = Image.new("RGB", (120, 200), "white")
    picture.paste((200, 30, 30), (10, 10, 60, 40))
    picture.save(held, "PNG")
    return held.getvalue()


def _ticking() -> Clock:
    start = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
    ticks = iter(range(100_000))
    return lambda: start + dt.timedelta(seconds=next(ticks))


def _entropy() -> Callable[[int], bytes]:
    counter = iter(range(100_000))
    return lambda count: hashlib.sha256(f"test {next(counter)}".encode()).digest()[:count]


@pytest.fixture
def case_path(world: World, tmp_path: Path) -> Path:
    """Return a copy of the case that a test may change."""
    return Path(shutil.copy(world.path, tmp_path / "case.liuhen"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class BuiltWorld:
    """A case with its packet entry, and the bundle."""

    case_path: Path
    built: BuiltPacket


@pytest.fixture(scope="session")
def built_world(world: World, tmp_path_factory: pytest.TempPathFactory) -> BuiltWorld:
    """Make one bundle; tests that change it work on a copy."""
    folder = tmp_path_factory.mktemp("built")
    path = Path(shutil.copy(world.path, folder / "case.liuhen"))
    return BuiltWorld(case_path=path, built=world.build(path, folder / "packet"))


@pytest.fixture
def bundle(built_world: BuiltWorld, tmp_path: Path) -> Path:
    """Return a copy of the bundle that a test may change."""
    return Path(shutil.copytree(built_world.built.path, tmp_path / "bundle"))


@pytest.fixture
def made_case(built_world: BuiltWorld) -> Iterator[CaseFile]:
    """Open the case that the bundle was made from."""
    with CaseFile.open_read(built_world.case_path) as case:
        yield case


@pytest.fixture(scope="session")
def reseal() -> Callable[[Path], None]:
    """Return what writes all manifests anew, as anybody can who changes a bundle."""

    def rewrite(bundle: Path) -> None:
        found = {
            str(path.relative_to(bundle)): path
            for path in bundle.rglob("*")
            if path.is_file() and not path.is_symlink()
        }
        payload = {n: p for n, p in found.items() if n.startswith("data/")}
        octets = sum(p.stat().st_size for p in payload.values())
        info = dict(manifests.parse_info((bundle / layout.BAG_INFO).read_bytes()))
        info["Payload-Oxum"] = f"{octets}.{len(payload)}"
        if (note := bundle / layout.CHECKPOINT).is_file():
            info["Liuhen-Checkpoint-Code"] = short_code(note.read_bytes()).text
        (bundle / layout.BAG_INFO).write_bytes(manifests.format_info(info.items()))
        (bundle / layout.MANIFEST).write_bytes(manifests.format_manifest(_digests(payload)))
        tags = {n: p for n, p in found.items() if n not in payload and n != layout.TAG_MANIFEST}
        (bundle / layout.TAG_MANIFEST).write_bytes(manifests.format_manifest(_digests(tags)))

    return rewrite


def _digests(files: dict[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


@pytest.fixture
def restore_umask() -> Iterator[None]:
    """Put the umask back whatever the test does to it."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)

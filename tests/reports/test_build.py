"""A packet on the disk: what is in it, what is not, and what happens when something is wrong."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import NoReturn

import pypdf
import pytest

from evidence.core.records import Kind, Tag
from evidence.errors import (
    EvidenceError,
    MediaUnreadableError,
    NotIntactError,
    OriginalDamagedError,
    OutputExistsError,
    UnknownRespondentError,
)
from evidence.ingest.reader import MediaReader
from evidence.store import statements
from evidence.store.case_file import CaseFile
from reports.bundle import layout
from reports.packet import Channel
from tests.case_builder import warned
from tests.reports.conftest import MADE_AT, OTHER_LENDER, OUR_LENDER, BuiltWorld, World


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def packets(path: Path) -> int:
    with CaseFile.open_read(path) as case:
        return sum(1 for _ in case.entries(kinds=frozenset({Kind.PACKET})))


def test_exhibits_are_the_bytes_that_were_imported(built_world: BuiltWorld, world: World) -> None:
    packet = built_world.built.packet
    assert len(packet.exhibits) == 3
    for exhibit in packet.exhibits:
        data = (built_world.built.path / exhibit.bundle_path).read_bytes()
        assert data == world.originals[exhibit.name]
        assert hashlib.sha256(data).hexdigest() == exhibit.sha256


def test_bundle_has_every_file_of_the_layout(built_world: BuiltWorld) -> None:
    found = set(files(built_world.built.path))
    assert {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "data/packet.pdf",
        "data/log/leaves.txt",
        "data/log/entries.jsonl",
        "data/log/exhibits.json",
        "data/anchor/checkpoint",
        "data/anchor/key.pem",
        "data/text/facts.txt",
        "data/text/requests.txt",
        "verify/how-to-verify.txt",
        "verify/verify.html",
        "verify/verify.py",
        "verify/verify.sh",
    } <= found
    assert all(name.isascii() for name in found)


def test_nothing_of_another_lender_is_in_any_file(built_world: BuiltWorld, world: World) -> None:
    other = {world.seqs[OTHER_LENDER], world.seqs["13800000099"], world.seqs["other note"]}
    for name, data in files(built_world.built.path).items():
        for word in (OTHER_LENDER, "13800000099", "乙某的提醒"):
            assert word.encode() not in data, name
    log = (built_world.built.path / layout.ENTRIES).read_bytes().splitlines()
    assert not other & {json.loads(line)["seq"] for line in log}
    reader = pypdf.PdfReader(built_world.built.path / layout.PACKET)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "乙某" not in text
    assert "13800000099" not in text


def test_withdrawn_mark_is_in_no_file(built_world: BuiltWorld, world: World) -> None:
    for name, data in files(built_world.built.path).items():
        assert "标错了".encode() not in data, name
    disclosed = built_world.built.packet.disclosed
    assert world.seqs["mistake"] not in disclosed
    assert world.seqs["withdrawal"] not in disclosed


def test_texts_to_paste_are_those_of_the_packet(built_world: BuiltWorld) -> None:
    for piece in built_world.built.packet.paste_texts:
        path = built_world.built.path / layout.text(piece.name)
        assert path.read_text(encoding="utf-8") == f"{piece.text}\n"


def test_packet_is_recorded_in_the_case(built_world: BuiltWorld) -> None:
    with CaseFile.open_read(built_world.case_path) as case:
        (entry,) = case.entries(kinds=frozenset({Kind.PACKET}))
    manifest = (built_world.built.path / layout.TAG_MANIFEST).read_bytes()
    assert entry.seq == built_world.built.seq
    assert entry.data["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    assert entry.data["size"] == entry.seq


@pytest.mark.parametrize("channel", [Channel.HOTLINE_12378, Channel.NFRA, Channel.POLICE])
def test_same_case_and_time_give_the_same_bytes_in_every_file(
    world: World, tmp_path: Path, channel: Channel
) -> None:
    made = []
    for name in ("a", "another longer name"):
        folder = tmp_path / name
        folder.mkdir()
        case = Path(shutil.copy(world.path, folder / "case.liuhen"))
        made.append(files(world.build(case, folder / "out", channel=channel).path))
    assert made[0] == made[1]


def test_lender_outside_the_hotline_gets_its_packet_with_a_warning(
    world: World, case_path: Path, tmp_path: Path
) -> None:
    call = world.seqs["乙某@13800000099_20261016100000.wav"]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case:
        record = Tag(on=call, conduct="threat", quote="你等着")
        statements.add_tag(case, record, conducts=world.rules.conducts)
    built = world.build(
        case_path, tmp_path / "out", lender=OTHER_LENDER, channel=Channel.HOTLINE_12378
    )
    assert "地方金融管理局" in warned(built.packet)[0]
    for name, data in files(built.path).items():
        assert OUR_LENDER.encode() not in data, name


def test_existing_folder_is_never_touched(world: World, case_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        world.build(case_path, out)
    assert files(out) == {"mine.txt": b"mine"}
    assert packets(case_path) == 0


def test_unknown_lender_leaves_nothing(world: World, case_path: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownRespondentError):
        world.build(case_path, tmp_path / "out", lender="没有这家公司")
    assert not (tmp_path / "out").exists()
    assert packets(case_path) == 0


def tamper(path: Path, statement: str, *values: object) -> None:
    """Change the case file behind the program's back."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


def test_changed_original_is_never_put_in(world: World, case_path: Path, tmp_path: Path) -> None:
    seq = world.seqs["丙某李经理@13800000011_20261014210503.wav"]
    name = "丙某李经理@13800000011_20261014210503.wav"
    data = bytearray(world.originals[name])
    data[100] ^= 1
    tamper(case_path, "UPDATE chunk SET data = ? WHERE seq = ?", bytes(data), seq)
    with pytest.raises(OriginalDamagedError):
        world.build(case_path, tmp_path / "out")
    assert list(tmp_path.glob("*out*")) == []
    assert packets(case_path) == 0


def test_changed_entry_stops_the_packet(world: World, case_path: Path, tmp_path: Path) -> None:
    with CaseFile.open_read(case_path) as case:
        body = case.body(world.seqs["threat"])
    changed = body.replace("你等着".encode(), "你别怕".encode())
    assert changed != body
    tamper(case_path, "UPDATE entry SET body = ? WHERE seq = ?", changed, world.seqs["threat"])
    with pytest.raises(EvidenceError) as caught:
        world.build(case_path, tmp_path / "out")
    assert isinstance(caught.value, NotIntactError)
    assert list(tmp_path.glob("*out*")) == []


def test_recording_that_cannot_be_drawn_is_attached_and_said(
    world: World, case_path: Path, tmp_path: Path
) -> None:
    class Unwilling(MediaReader):
        def peaks(self, *_arguments: object, **_options: object) -> NoReturn:
            raise MediaUnreadableError(seq=0, detail="测试")

    with Unwilling() as reader:
        built = world.build(case_path, tmp_path / "out", reader=reader)
    said = [w for w in warned(built.packet) if "波形没有画出" in w]
    assert len(said) == 2
    assert len(list((built.path / "data/exhibits").iterdir())) == 3


def test_progress_is_told_to_the_end(world: World, case_path: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    world.build(
        case_path, tmp_path / "out", progress=lambda done, total, *_: told.append((done, total))
    )
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1] == (13, 13)

"""Texts in which third parties stand, on the disk: a hidden copy, and the original nowhere."""

import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from evidence.core.records import NumberRecord, NumberRole, Tag
from evidence.ingest.intake import import_paths
from evidence.ingest.reader import MediaReader
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict
from reports import begin
from reports.build import BuiltPacket
from reports.bundle import layout
from reports.bundle.check import check_bundle
from reports.disclosure import Disclosure
from tests.case_builder import FAMILY
from tests.reports.conftest import MADE_AT, OUR_LENDER, World
from tests.reports.pdf.conftest import Drawn, squeezed

NAME = "钱多多"
MARK = "〔已遮盖〕"
IDENTITY = "110101198502291234"
OWN_IDENTITY = "11010119900101001X"
"""The complainant's in the small case."""

WORDS = f"再不还就打给{NAME}，她的电话是{FAMILY}\r\n身份证{IDENTITY}我们也有\r\n"
HIDDEN = {
    "群里的话.txt": WORDS.encode("gb18030"),
    "短信.txt": f"短信：{WORDS}".encode("utf-16"),
    "催收.eml": f"Subject: 催款\r\n\r\n{WORDS}".encode("utf-8-sig"),
    "聊天记录.txt": f"2026-10-14 10:00 催收：打给{NAME}\n".encode(),
    "身份证.txt": f"他们发来别人的身份证{IDENTITY}".encode(),
}
CLEAR = {
    "通知.txt": "今天必须还钱，不然给你妈妈打电话".encode("gb18030"),
    "本人.txt": f"本人身份证{OWN_IDENTITY}".encode(),
}
SECRETS = (NAME, FAMILY, IDENTITY)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Made:
    """A case with texts of which some name a third party, and its packet."""

    case: Path
    after: Path
    """The case with the entry of the packet."""
    built: BuiltPacket


@pytest.fixture(scope="module")
def made(world: World, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("texts")
    case_path = Path(shutil.copy(world.path, folder / "case.liuhen"))
    for name, data in {**HIDDEN, **CLEAR}.items():
        (folder / name).write_bytes(data)
    paths = [folder / name for name in (*HIDDEN, *CLEAR)]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case, MediaReader() as reader:
        mother = NumberRecord(number=FAMILY, role=NumberRole.FAMILY, name=f"{NAME}（母亲）")
        statements.set_number(case, mother)
        for outcome in import_paths(case, paths, reader=reader):
            assert outcome.seq is not None, outcome
            tag = Tag(on=outcome.seq, conduct="threat", respondent=world.seqs[OUR_LENDER])
            statements.add_tag(case, tag, conducts=world.rules.conducts)
    after = Path(shutil.copy(case_path, folder / "after.liuhen"))
    return Made(case=case_path, after=after, built=world.build(after, folder / "packet"))


@pytest.fixture
def built(made: Made) -> BuiltPacket:
    return made.built


@pytest.fixture
def case_of_texts(made: Made, tmp_path: Path) -> Path:
    """Return a copy of the case that a test may append to."""
    return Path(shutil.copy(made.case, tmp_path / "case.liuhen"))


def files(bundle: Path) -> dict[str, bytes]:
    found = (path for path in bundle.rglob("*") if path.is_file())
    return {path.relative_to(bundle).as_posix(): path.read_bytes() for path in found}


def labels(built: BuiltPacket) -> Mapping[str, str]:
    return {e.name: e.label for e in built.packet.exhibits}


def codes(built: BuiltPacket) -> dict[str, set[int]]:
    return {item.code: set(item.seqs) for item in built.packet.review}


def seqs(built: BuiltPacket, names: Mapping[str, bytes]) -> set[int]:
    return {e.seq for e in built.packet.exhibits if e.name in names}


def test_no_form_of_the_name_or_numbers_is_in_any_file(built: BuiltPacket) -> None:
    found = files(built.path)
    drawn = Drawn(data=found[layout.PACKET]).body.encode()
    forms = [s.encode(e) for s in SECRETS for e in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    forms += [json.dumps(NAME)[1:-1].encode()]
    for path, data in {**found, "drawn": drawn}.items():
        assert not [form for form in forms if form in data], path


def test_copy_says_what_the_original_says_but_for_the_marks(built: BuiltPacket) -> None:
    found = files(built.path)
    hidden = (
        f"再不还就打给钱某某{MARK}，她的电话是138****0003{MARK}\r\n"
        f"身份证110***********1234{MARK}我们也有\r\n"
    )
    for name, text in (
        ("群里的话.txt", hidden),
        ("短信.txt", f"短信：{hidden}"),
        ("催收.eml", f"Subject: 催款\r\n\r\n{hidden}"),
    ):
        assert found[layout.redacted(labels(built)[name], ".txt")].decode() == text


def test_originals_are_withheld_and_only_those(built: BuiltPacket) -> None:
    found, label = files(built.path), labels(built)
    for name in HIDDEN:
        assert not [p for p in found if p.startswith(f"data/exhibits/{label[name]}.")]
    for name, data in CLEAR.items():
        (path,) = [p for p in found if p.startswith(f"data/exhibits/{label[name]}.")]
        assert found[path] == data
        assert layout.redacted(label[name], ".txt") not in found


def test_page_and_list_say_who_hid_what_because_of_whom(built: BuiltPacket) -> None:
    found = files(built.path)
    drawn = Drawn(data=found[layout.PACKET])
    index = json.loads(found[layout.EXHIBITS])
    for exhibit in (e for e in built.packet.exhibits if e.name in HIDDEN):
        assert exhibit.masked is not None
        assert exhibit.bundle_path == ""
        for line in exhibit.masked.said:
            assert squeezed(line) in drawn.body
        original = hashlib.sha256(HIDDEN[exhibit.name]).hexdigest()
        copy = hashlib.sha256(found[exhibit.masked.path]).hexdigest()
        assert (exhibit.sha256, exhibit.masked.sha256) == (original, copy)
        assert index[exhibit.label]["sha256"] == original
        assert drawn.body.count(original) == drawn.body.count(copy) == 2
        said = "".join(exhibit.masked.said)
        assert ("138****0003" in said) is (exhibit.name != "身份证.txt")
    assert not [e for e in built.packet.exhibits if e.name in CLEAR and e.masked]


def test_only_a_text_of_which_nothing_is_hidden_is_printed_as_it_is(built: BuiltPacket) -> None:
    drawn = Drawn(data=(built.path / layout.PACKET).read_bytes())
    plain = [e for e in built.packet.exhibits if e.text and MARK not in e.text]
    assert drawn.body.count("全文（原样）") == len(plain) == 1


def test_review_lists_the_texts_that_are_hidden_and_those_that_are_not(
    built: BuiltPacket,
) -> None:
    points = codes(built)
    assert points["masked-text"] == seqs(built, HIDDEN)
    assert points["clear-in-originals"] == seqs(built, {"本人.txt": b""})
    assert "masked-with-originals" not in points


def test_bundle_is_intact_and_says_what_is_not_checked(built: BuiltPacket, made: Made) -> None:
    with CaseFile.open_read(made.after) as case:
        report = check_bundle(built.path, case=case)
    assert report.verdict is Verdict.INTACT
    unchecked = [r.name for r in report.results if r.verdict is Verdict.NOT_CHECKED]
    count = len(HIDDEN)
    assert sorted(unchecked) == ["exhibit-withheld"] * count + ["redacted"] * count


def test_own_verifier_takes_it_for_intact_with_originals_withheld(built: BuiltPacket) -> None:
    script = built.path / "verify" / "verify.py"
    run = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, encoding="utf-8", check=False
    )
    assert "RESULT: INTACT, NOT COMPLETE" in run.stdout
    for name in HIDDEN:
        assert labels(built)[name] in run.stdout


def test_originals_are_added_on_request_byte_for_byte_and_the_print_stays_hidden(
    case_of_texts: Path, world: World, tmp_path: Path
) -> None:
    shown = Disclosure(with_originals=True)
    built = world.build(case_of_texts, tmp_path / "packet", disclosure=shown)
    found, label = files(built.path), labels(built)
    for name, data in HIDDEN.items():
        (path,) = [p for p in found if p.startswith(f"data/exhibits/{label[name]}.")]
        assert found[path] == data
        assert layout.redacted(label[name], ".txt") in found
    drawn = Drawn(data=found[layout.PACKET]).body
    assert not [secret for secret in SECRETS if secret in drawn]
    assert codes(built)["masked-with-originals"] == seqs(built, HIDDEN)
    assert "masked-text" not in codes(built)


def test_third_parties_that_are_shown_are_shown_in_the_originals(
    case_of_texts: Path, world: World, tmp_path: Path
) -> None:
    shown = Disclosure(show_third_parties=True)
    built = world.build(case_of_texts, tmp_path / "packet", disclosure=shown)
    found = files(built.path)
    assert set(HIDDEN.values()) <= set(found.values())
    assert not [path for path in found if layout.is_redacted(path)]
    assert NAME in Drawn(data=found[layout.PACKET]).body


def test_text_too_long_to_be_printed_is_hidden_all_the_same(
    case_of_texts: Path, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "MAX_TEXT", 10)
    built = world.build(case_of_texts, tmp_path / "packet")
    found, label = files(built.path), labels(built)
    assert not [e for e in built.packet.exhibits if e.text]
    for name, data in HIDDEN.items():
        assert data not in found.values()
        copy = found[layout.redacted(label[name], ".txt")].decode()
        assert MARK in copy
        assert not [secret for secret in SECRETS if secret in copy]


def test_same_case_gives_the_same_bytes(
    built: BuiltPacket, case_of_texts: Path, world: World, tmp_path: Path
) -> None:
    assert files(world.build(case_of_texts, tmp_path / "again").path) == files(built.path)

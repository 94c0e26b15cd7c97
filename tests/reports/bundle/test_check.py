"""Bundles that somebody changed, and what the check says about them."""

import base64
import dataclasses
import hashlib
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.core import checkpoint, merkle
from evidence.core.entry import GENESIS, LeafHash, decode_entry, encode_entry, leaf_hash
from evidence.errors import (
    CheckpointFormError,
    EvidenceError,
    FileUnreadableError,
    NotABundleError,
    NotComparableError,
)
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict
from reports.bundle import layout, proofs
from reports.bundle.check import BundleReport, check_bundle, read_checkpoint
from reports.bundle.check_log import check_log
from reports.bundle.folder import list_folder
from reports.bundle.results import MAX_RESULTS, Results

Reseal = Callable[[Path], None]
Change = Callable[[Path], None]


def _problems(report: BundleReport) -> set[str]:
    return {r.name for r in report.results if r.verdict is Verdict.NOT_INTACT}


def _unchecked(report: BundleReport) -> set[str]:
    return {r.name for r in report.results if r.verdict is Verdict.NOT_CHECKED}


def _passed(report: BundleReport) -> set[str]:
    return {r.name for r in report.results if r.verdict is Verdict.INTACT}


# --- bundles as they are --------------------------------------------------------------------------


def test_a_fresh_bundle_is_intact_against_its_case(bundle: Path, made_case: CaseFile) -> None:
    report = check_bundle(bundle, case=made_case)
    assert report.verdict is Verdict.INTACT
    assert report.complete
    assert _passed(report) == {
        "files",
        "bag-info",
        "entries",
        "root",
        "signature",
        "case-key",
        "exhibits",
        "case-prefix",
        "packet-record",
    }


def test_without_a_case_that_part_is_not_checked(bundle: Path) -> None:
    report = check_bundle(bundle)
    assert report.verdict is Verdict.INTACT
    assert not report.complete
    assert _unchecked(report) == {"case-prefix", "packet-record"}


def test_it_counts_existing_disclosed_and_withheld_entries(
    bundle: Path, made_case: CaseFile
) -> None:
    report = check_bundle(bundle)
    assert report.entries == made_case.size() - 1  # the packet entry came after
    assert report.disclosed == len((bundle / layout.ENTRIES).read_bytes().splitlines())
    assert report.withheld == report.entries - report.disclosed > 0
    assert report.exhibits == 3
    assert report.size == sum(p.stat().st_size for p in bundle.rglob("*") if p.is_file())


def test_progress_is_told_in_bytes_up_to_the_total(bundle: Path) -> None:
    told: list[tuple[int, int]] = []
    report = check_bundle(bundle, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (report.size, report.size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_case_that_grew_still_has_the_bundle_as_its_beginning(
    bundle: Path, made_case: CaseFile
) -> None:
    assert made_case.size() > check_bundle(bundle).entries
    assert "case-prefix" in _passed(check_bundle(bundle, case=made_case))


# --- changes without touching the manifests -------------------------------------------------------


def _flip(path: Path, place: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def _exhibit(bundle: Path, label: str) -> Path:
    (path,) = (bundle / "data/exhibits").glob(f"{label}.*")
    return path


def test_every_file_with_a_changed_byte_is_named(bundle: Path) -> None:
    files = sorted(str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file())
    for name in set(files) - {layout.TAG_MANIFEST}:
        path = bundle / name
        before = path.read_bytes()
        _flip(path, len(before) // 2)
        report = check_bundle(bundle)
        named = {r.detail for r in report.results if r.name == "file-digest"}
        path.write_bytes(before)
        assert report.verdict is Verdict.NOT_INTACT
        assert name in named
    assert check_bundle(bundle).verdict is Verdict.INTACT


def test_every_missing_file_is_named(bundle: Path) -> None:
    files = sorted(str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file())
    for name in files:
        path = bundle / name
        before = path.read_bytes()
        path.unlink()
        report = check_bundle(bundle)
        path.write_bytes(before)
        assert report.verdict is Verdict.NOT_INTACT, name
        assert any(name in r.detail for r in report.results), name


@pytest.mark.parametrize("name", ["data/more.txt", "data/exhibits/E099.wav", "more.txt"])
def test_a_file_that_no_manifest_lists_is_reported(bundle: Path, name: str) -> None:
    (bundle / name).write_bytes(b"more")
    report = check_bundle(bundle)
    assert "file-unlisted" in _problems(report)
    assert "files" not in _passed(report)


def _as_link(bundle: Path) -> None:
    path = _exhibit(bundle, "E001")
    outside = bundle.parent / "outside.wav"
    path.rename(outside)
    path.symlink_to(outside)


def _folder_as_link(bundle: Path) -> None:
    outside = bundle.parent / "outside"
    (bundle / "data/exhibits").rename(outside)
    (bundle / "data/exhibits").symlink_to(outside)


def _link_to_secret(bundle: Path) -> None:
    (bundle / "data/text/secret.txt").symlink_to("/etc/passwd")


def _endless_link(bundle: Path) -> None:
    (bundle / "data/loop").symlink_to(bundle)


@pytest.mark.parametrize("change", [_as_link, _folder_as_link, _link_to_secret, _endless_link])
def test_a_link_is_reported_and_not_followed(bundle: Path, change: Change) -> None:
    change(bundle)
    report = check_bundle(bundle)
    assert "file-unsafe" in _problems(report)
    assert "files" not in _passed(report)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
def test_a_pipe_is_reported_and_not_opened(bundle: Path) -> None:
    os.mkfifo(bundle / "data/exhibits/E099.wav")
    path = _exhibit(bundle, "E001")
    path.unlink()
    os.mkfifo(path)
    assert "file-unsafe" in _problems(check_bundle(bundle))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
def test_what_is_no_folder_is_never_an_earlier_packet(bundle: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "packet.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "file").write_bytes(b"")
    codes = {}
    for path in sorted(tmp_path.iterdir()):
        if path.is_dir():
            continue
        with pytest.raises(EvidenceError) as caught:
            check_bundle(bundle, earlier=[path])
        assert str(path) in str(caught.value)
        codes[path.name] = caught.value.code
    assert codes == {
        "file": "not-a-bundle",
        "loop": "file-unreadable",
        "packet.zip": "bundle-zipped",
        "pipe": "file-unreadable",
    }


@pytest.mark.parametrize("name", ["投诉.pdf", "a b", "a:b", b"\xff\xfe"])
def test_a_name_that_a_bundle_cannot_have_is_reported(bundle: Path, name: str | bytes) -> None:
    try:
        (bundle / "data" / os.fsdecode(name)).write_bytes(b"")
    except OSError:
        pytest.skip("the file system refuses the name itself")
    report = check_bundle(bundle)
    assert "file-unsafe" in _problems(report)
    assert all(r.detail.isascii() for r in report.results)


def test_folders_without_end_are_reported(bundle: Path) -> None:
    (bundle / "data" / "/".join("d" * 20)).mkdir(parents=True)
    assert "file-unsafe" in _problems(check_bundle(bundle))


def test_a_manifest_may_not_name_a_file_outside(bundle: Path, reseal: Reseal) -> None:
    outside = bundle.parent / "outside.txt"
    outside.write_bytes(b"outside")
    digest = hashlib.sha256(b"outside").hexdigest()
    with (bundle / layout.MANIFEST).open("a") as file:
        file.write(f"{digest}  ../outside.txt\n")
    assert "manifest-form" in _problems(check_bundle(bundle))


def test_a_manifest_that_lists_a_path_twice_is_refused(bundle: Path) -> None:
    path = bundle / layout.MANIFEST
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[0])
    assert "manifest-form" in _problems(check_bundle(bundle))


# --- changes with all manifests written anew ------------------------------------------------------


def _lines(bundle: Path, name: str) -> list[bytes]:
    return (bundle / name).read_bytes().splitlines(keepends=True)


def _write_lines(bundle: Path, name: str, lines: list[bytes]) -> None:
    (bundle / name).write_bytes(b"".join(lines))


def _edit_lines(name: str, edit: Callable[[list[bytes]], object]) -> Change:
    def change(bundle: Path) -> None:
        lines = _lines(bundle, name)
        edit(lines)
        _write_lines(bundle, name, lines)

    return change


def _edit_entry(kind: str, **changes: object) -> Change:
    """Change fields of the data of the first entry of a kind, as canonical JSON."""

    def change(bundle: Path) -> None:
        lines = _lines(bundle, layout.ENTRIES)
        for place, line in enumerate(lines):
            entry = decode_entry(line[:-1])
            if entry.kind == kind:
                data = {**entry.data, **changes}
                edited = dataclasses.replace(entry, data=data)  # type: ignore[arg-type]
                lines[place] = encode_entry(edited) + b"\n"
                break
        else:
            raise AssertionError(kind)
        _write_lines(bundle, layout.ENTRIES, lines)

    return change


def _flipped_exhibit(bundle: Path) -> None:
    _flip(_exhibit(bundle, "E002"), 60)


def _longer_exhibit(bundle: Path) -> None:
    with _exhibit(bundle, "E002").open("ab") as file:
        file.write(b"\0")


def _swapped_exhibits(bundle: Path) -> None:
    one, two = _exhibit(bundle, "E001"), _exhibit(bundle, "E002")
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)


def _strange_exhibit(bundle: Path) -> None:
    (bundle / "data/exhibits/E099.wav").write_bytes(b"RIFF")


def _second_file(bundle: Path) -> None:
    shutil.copy(_exhibit(bundle, "E001"), bundle / "data/exhibits/E001.mp3")


def _index(edit: Callable[[dict[str, dict[str, object]]], object]) -> Change:
    def change(bundle: Path) -> None:
        rows = json.loads((bundle / layout.EXHIBITS).read_bytes())
        edit(rows)
        text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True)
        (bundle / layout.EXHIBITS).write_bytes(f"{text}\n".encode())

    return change


def _changed_with_its_digest(bundle: Path) -> None:
    """Change an exhibit, and its digest in the list of exhibits."""
    _flipped_exhibit(bundle)
    digest = hashlib.sha256(_exhibit(bundle, "E002").read_bytes()).hexdigest()
    _index(lambda rows: rows["E002"].update(sha256=digest))(bundle)


def _forged_key(bundle: Path) -> None:
    """Sign the same checkpoint with another key and put that key there."""
    signed = checkpoint.parse((bundle / layout.CHECKPOINT).read_bytes())
    key = Ed25519PrivateKey.generate()
    forged = checkpoint.sign(signed.checkpoint, key)
    (bundle / layout.CHECKPOINT).write_bytes(forged.text)
    (bundle / layout.KEY).write_bytes(proofs.format_key(key.public_key().public_bytes_raw()))


def _other_key(bundle: Path) -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    (bundle / layout.KEY).write_bytes(proofs.format_key(key))


def _checkpoint_text(old: bytes, new: bytes) -> Change:
    def change(bundle: Path) -> None:
        path = bundle / layout.CHECKPOINT
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new))

    return change


def _other_case_id(bundle: Path) -> None:
    """Let the checkpoint, signed by the true key's stand-in, name another case."""
    signed = checkpoint.parse((bundle / layout.CHECKPOINT).read_bytes())
    other = dataclasses.replace(signed.checkpoint, case_id="ab" * 16)
    (bundle / layout.CHECKPOINT).write_bytes(
        checkpoint.sign(other, Ed25519PrivateKey.generate()).text
    )


def _root_over_changed_leaves(bundle: Path) -> None:
    """Drop a leaf and write the root anew, without the key."""
    lines = _lines(bundle, layout.LEAVES)
    del lines[-2]
    _write_lines(bundle, layout.LEAVES, lines)
    leaves = proofs.parse_leaves(b"".join(lines))
    signed = checkpoint.parse((bundle / layout.CHECKPOINT).read_bytes())
    claimed = dataclasses.replace(signed.checkpoint, size=len(leaves), root=merkle.root(leaves))
    forged = dataclasses.replace(signed, checkpoint=claimed)
    (bundle / layout.CHECKPOINT).write_bytes(forged.text)


def _huge_line(bundle: Path) -> None:
    with (bundle / layout.ENTRIES).open("ab") as file:
        file.truncate(0)
        for _ in range(17):
            file.write(b"a" * 1024 * 1024)


RESEALED: dict[str, tuple[Change, set[str]]] = {
    "exhibit changed": (_flipped_exhibit, {"exhibit-digest"}),
    "exhibit longer": (_longer_exhibit, {"exhibit-digest", "exhibit-size"}),
    "exhibits swapped": (_swapped_exhibits, {"exhibit-digest", "exhibit-size"}),
    "exhibit and its digest changed": (
        _changed_with_its_digest,
        {"exhibit-digest", "exhibit-index"},
    ),
    "exhibit added": (_strange_exhibit, {"exhibit-unlisted"}),
    "exhibit has two files": (_second_file, {"exhibit-file"}),
    "exhibit left out of the list": (_index(lambda rows: rows.pop("E002")), {"exhibit-unlisted"}),
    "exhibit renamed": (
        _index(lambda rows: rows["E002"].update(name="x")),
        {"exhibit-index"},
    ),
    "exhibit of another entry": (
        _index(lambda rows: rows["E002"].update(seq=rows["E001"]["seq"])),
        {"exhibit-index", "exhibit-digest", "exhibit-size"},
    ),
    "exhibit of an undisclosed entry": (
        _index(lambda rows: rows["E002"].update(seq=1_000)),
        {"exhibit-entry"},
    ),
    "list of exhibits malformed": (
        lambda b: (b / layout.EXHIBITS).write_bytes(b"{}"),
        {"exhibit-index"},
    ),
    "quoted words changed": (_edit_entry("tag", quote="别的话"), {"entry-leaf"}),
    "digest in the entry changed": (
        _edit_entry("exhibit", sha256="ab" * 32),
        {"entry-leaf", "exhibit-entry"},
    ),
    "entry not canonical": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.__setitem__(1, ls[1].replace(b":", b": ", 1))),
        {"entry-form"},
    ),
    "entries reordered": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.insert(2, ls.pop(3))),
        {"entry-order"},
    ),
    "entry twice": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.insert(2, ls[2])),
        {"entry-order"},
    ),
    "entry line empty": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.insert(1, b"\n")),
        {"entry-form"},
    ),
    "entry line with carriage return": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.__setitem__(1, ls[1][:-1] + b"\r\n")),
        {"entry-form"},
    ),
    "entries cut off": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.__setitem__(-1, ls[-1][:-5])),
        {"entry-form"},
    ),
    "entry line without end": (_huge_line, {"entry-form", "exhibit-entry"}),
    "more lines than entries": (
        _edit_lines(layout.ENTRIES, lambda ls: ls.extend([b"{}\n"] * 100)),
        {"entry-form", "entry-order"},
    ),
    "leaf dropped": (
        _edit_lines(layout.LEAVES, lambda ls: ls.pop()),
        {"leaves-count", "root"},
    ),
    "first leaf dropped": (
        _edit_lines(layout.LEAVES, lambda ls: ls.pop(0)),
        {"leaves-count", "root", "entry-leaf"},
    ),
    "leaves reordered": (
        _edit_lines(layout.LEAVES, lambda ls: ls.insert(4, ls.pop(5))),
        {"root", "entry-leaf"},
    ),
    "leaf twice": (
        _edit_lines(layout.LEAVES, lambda ls: ls.append(ls[-1])),
        {"leaves-form", "leaves-count", "root"},
    ),
    "leaf inserted": (
        _edit_lines(layout.LEAVES, lambda ls: ls.append(b"ab" * 32 + b"\n")),
        {"leaves-count", "root"},
    ),
    "leaf in capitals": (
        _edit_lines(layout.LEAVES, lambda ls: ls.__setitem__(0, ls[0].upper())),
        {"leaves-form"},
    ),
    "leaves empty": (
        lambda b: (b / layout.LEAVES).write_bytes(b""),
        {"leaves-count", "root", "entry-order"},
    ),
    "root written anew": (_root_over_changed_leaves, {"signature", "entry-leaf"}),
    "key forged": (_forged_key, {"case-key"}),
    "key exchanged": (_other_key, {"signature", "case-key"}),
    "key malformed": (lambda b: (b / layout.KEY).write_bytes(b"key\n"), {"key-form"}),
    "case exchanged": (_other_case_id, {"signature", "case-id", "bag-info"}),
    "checkpoint malformed": (
        _checkpoint_text(b"liuhen/", b"LIUHEN/"),
        {"checkpoint-form"},
    ),
    "checkpoint with a second line end": (
        _checkpoint_text(b"\n\n", b"\n\n\n"),
        {"checkpoint-form"},
    ),
    "bagit.txt changed": (
        lambda b: (b / layout.BAGIT).write_bytes(b"BagIt-Version: 0.97\n"),
        {"bag-declaration"},
    ),
    "another case in bag-info": (
        lambda b: (b / layout.BAG_INFO).write_bytes(b"External-Identifier: x\n"),
        {"bag-info"},
    ),
}


@pytest.mark.parametrize("name", RESEALED)
def test_a_change_with_new_manifests_is_found(bundle: Path, reseal: Reseal, name: str) -> None:
    change, expected = RESEALED[name]
    change(bundle)
    reseal(bundle)
    report = check_bundle(bundle)
    assert report.verdict is Verdict.NOT_INTACT
    assert expected <= _problems(report)
    assert not {"file-digest", "file-unlisted", "file-missing"} & _problems(report)
    assert all((r.detail + r.expected + r.found).isascii() for r in report.results)


def test_resealing_alone_changes_nothing(bundle: Path, reseal: Reseal) -> None:
    before = {p: p.read_bytes() for p in bundle.rglob("*") if p.is_file()}
    reseal(bundle)
    assert {p: p.read_bytes() for p in bundle.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("name", [layout.LEAVES, layout.CHECKPOINT, layout.KEY, layout.ENTRIES])
def test_no_byte_of_the_log_can_change_unseen(bundle: Path, name: str) -> None:
    path = bundle / name
    data = path.read_bytes()
    chance = random.Random(name)
    places = range(len(data)) if len(data) < 600 else chance.sample(range(len(data)), 300)
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        results = Results()
        check_log(list_folder(bundle, Results()), results)
        verdicts = {r.verdict for r in results.listed()}
        assert Verdict.NOT_INTACT in verdicts, place
    path.write_bytes(data)


def test_all_problems_are_listed_not_only_the_first(bundle: Path, reseal: Reseal) -> None:
    for change in (_flipped_exhibit, _other_key, _edit_entry("note", text="别的话")):
        change(bundle)
    reseal(bundle)
    assert {"exhibit-digest", "signature", "case-key", "entry-leaf"} <= _problems(
        check_bundle(bundle)
    )


def test_a_flood_of_problems_is_counted_not_listed(bundle: Path) -> None:
    for number in range(MAX_RESULTS + 50):
        (bundle / f"data/exhibits/x{number}").write_bytes(b"")
    report = check_bundle(bundle)
    assert len(report.results) < MAX_RESULTS + 20
    assert "more-problems" in _problems(report)


def test_a_flood_of_unchecked_files_is_not_called_broken(bundle: Path, reseal: Reseal) -> None:
    for number in range(MAX_RESULTS + 50):
        (bundle / f"data/x{number}").write_bytes(b"")
    reseal(bundle)
    report = check_bundle(bundle)
    assert report.verdict is Verdict.INTACT
    assert "more-problems" in _unchecked(report)


# --- what is not checked --------------------------------------------------------------------------


def test_an_exhibit_that_was_left_out_is_not_checked_and_not_broken(
    bundle: Path, reseal: Reseal
) -> None:
    _exhibit(bundle, "E002").unlink()
    reseal(bundle)
    report = check_bundle(bundle)
    assert report.verdict is Verdict.INTACT
    assert "exhibit-withheld" in _unchecked(report)
    assert "exhibits" not in _passed(report)


def test_an_entry_that_was_left_out_counts_as_withheld(bundle: Path, reseal: Reseal) -> None:
    before = check_bundle(bundle)
    lines = _lines(bundle, layout.ENTRIES)
    (place,) = [n for n, line in enumerate(lines) if decode_entry(line[:-1]).kind == "note"]
    del lines[place]
    _write_lines(bundle, layout.ENTRIES, lines)
    reseal(bundle)
    report = check_bundle(bundle)
    assert report.verdict is Verdict.INTACT
    assert report.withheld == before.withheld + 1


def test_without_the_case_entry_the_key_is_not_checked(bundle: Path, reseal: Reseal) -> None:
    _edit_lines(layout.ENTRIES, lambda ls: ls.pop(0))(bundle)
    reseal(bundle)
    report = check_bundle(bundle)
    assert "case-key" in _unchecked(report)
    assert "signature" in _passed(report)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/redacted/E001.wav", "redacted"),
        ("data/new/kind.txt", "file-unexpected"),
    ],
)
def test_files_that_are_only_listed_are_said_to_be_unchecked(
    bundle: Path, reseal: Reseal, path: str, name: str
) -> None:
    (bundle / path).parent.mkdir(exist_ok=True)
    (bundle / path).write_bytes(b"more")
    reseal(bundle)
    report = check_bundle(bundle)
    assert report.verdict is Verdict.INTACT
    assert name in _unchecked(report)


def test_a_missing_leaves_file_leaves_its_checks_undone(bundle: Path, reseal: Reseal) -> None:
    (bundle / layout.LEAVES).unlink()
    reseal(bundle)
    report = check_bundle(bundle)
    assert {"entries", "root"} <= _unchecked(report)
    assert not {"entries", "root", "files"} & _passed(report)
    assert "manifest-incomplete" in _problems(report)


def test_an_exhibit_entry_of_a_later_version_still_checks(tmp_path: Path, bundle: Path) -> None:
    """Fields that this version cannot interpret do not make an exhibit broken."""
    from reports.bundle.check_log import FoundLog, _collect

    (line, *_) = (
        line for line in _lines(bundle, layout.ENTRIES) if decode_entry(line[:-1]).kind == "exhibit"
    )
    entry = decode_entry(line[:-1])
    later = dataclasses.replace(entry, data={**entry.data, "medium": "hologram"})
    log = FoundLog()
    _collect(later, log)
    assert log.exhibits[entry.seq].sha256 == entry.data["sha256"]


# --- against the case -----------------------------------------------------------------------------


def test_a_bundle_of_another_case_is_reported(bundle: Path, tmp_path: Path, world: object) -> None:
    import datetime as dt

    with CaseFile.create(
        tmp_path / "other.liuhen", clock=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    ) as other:
        report = check_bundle(bundle, case=other)
    assert _problems(report) == {"case-other"}


def test_a_pdf_changed_with_new_manifests_is_found_by_the_case_only(
    bundle: Path, reseal: Reseal, made_case: CaseFile
) -> None:
    _flip(bundle / layout.PACKET, 2000)
    reseal(bundle)
    assert check_bundle(bundle).verdict is Verdict.INTACT  # the documented limit
    assert _problems(check_bundle(bundle, case=made_case)) == {"packet-record"}


def test_a_case_that_lost_its_last_entries_is_reported(
    bundle: Path, world: object, tmp_path: Path, built_world: object
) -> None:
    shorter = _without_last_entries(built_world.case_path, tmp_path, 3)  # type: ignore[attr-defined]
    with CaseFile.open_read(shorter) as case:
        report = check_bundle(bundle, case=case)
    assert "case-prefix" in _problems(report)
    assert "packet-record" in _unchecked(report)


def _without_last_entries(path: Path, folder: Path, count: int) -> Path:
    copy = Path(shutil.copy(path, folder / "shorter.liuhen"))
    connection = sqlite3.connect(copy)
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'"):
        connection.execute(f"drop trigger {name}")
    connection.execute("delete from entry where seq > (select max(seq) from entry) - ?", (count,))
    connection.commit()
    connection.close()
    return copy


def _rebuilt(bundle: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Make the whole log anew with a new key, as only its maker can, and change one entry."""
    key = Ed25519PrivateKey.generate()
    bodies = {decode_entry(line[:-1]).seq: line[:-1] for line in _lines(bundle, layout.ENTRIES)}
    old = proofs.parse_leaves((bundle / layout.LEAVES).read_bytes())
    link, leaves, lines = GENESIS, [], []
    for seq in range(len(old)):
        leaf = LeafHash(hashlib.sha256(f"invented {seq}".encode()).digest())
        if seq in bodies:
            entry = decode_entry(bodies[seq])
            data = dict(entry.data)
            if entry.kind == "case":
                data["public_key"] = key.public_key().public_bytes_raw().hex()
            if entry.kind == "tag":
                change(data)  # type: ignore[arg-type]
            body = encode_entry(dataclasses.replace(entry, prev=link, data=data))
            lines.append(body + b"\n")
            leaf = leaf_hash(body)
        leaves.append(leaf)
        link = leaf
    signed = checkpoint.parse((bundle / layout.CHECKPOINT).read_bytes())
    claimed = dataclasses.replace(signed.checkpoint, root=merkle.root(leaves))
    _write_lines(bundle, layout.ENTRIES, lines)
    (bundle / layout.LEAVES).write_bytes(proofs.format_leaves(leaves))
    (bundle / layout.CHECKPOINT).write_bytes(checkpoint.sign(claimed, key).text)
    (bundle / layout.KEY).write_bytes(proofs.format_key(key.public_key().public_bytes_raw()))


def test_a_log_made_anew_passes_alone_and_fails_against_the_case(
    bundle: Path, reseal: Reseal, made_case: CaseFile
) -> None:
    """The documented limit: only something kept elsewhere tells."""
    _rebuilt(bundle, lambda data: data.update(quote="编造"))
    reseal(bundle)
    assert check_bundle(bundle).verdict is Verdict.INTACT
    report = check_bundle(bundle, case=made_case)
    assert "case-prefix" in _problems(report)
    (first,) = [r for r in report.results if r.name == "case-prefix"]
    assert first.seq == 0


# --- what is no bundle ----------------------------------------------------------------------------


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(NotABundleError):
        check_bundle(tmp_path)


def test_a_file_or_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotABundleError):
        check_bundle(tmp_path / "file")
    with pytest.raises(FileUnreadableError):
        check_bundle(tmp_path / "missing")


def test_a_bundle_reached_through_a_link_is_checked(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(bundle)
    assert check_bundle(tmp_path / "link").verdict is Verdict.INTACT


def test_a_saved_checkpoint_is_read(bundle: Path, made_case: CaseFile) -> None:
    signed = read_checkpoint(bundle / layout.CHECKPOINT)
    assert signed.text == (bundle / layout.CHECKPOINT).read_bytes()
    assert checkpoint.verify_signature(signed, made_case.public_key())


@pytest.mark.parametrize("data", [b"", b"x" * 10_000, base64.b64encode(bytes(60))])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "checkpoint").write_bytes(data)
    with pytest.raises(NotComparableError):
        read_checkpoint(tmp_path / "checkpoint")


def test_a_checkpoint_that_was_changed_on_the_way_is_refused(bundle: Path, tmp_path: Path) -> None:
    text = (bundle / layout.CHECKPOINT).read_bytes()
    for changed in (text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text, text[:-1]):
        (tmp_path / "checkpoint").write_bytes(changed)
        with pytest.raises(CheckpointFormError):
            read_checkpoint(tmp_path / "checkpoint")


def test_a_missing_checkpoint_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError):
        read_checkpoint(tmp_path / "missing")

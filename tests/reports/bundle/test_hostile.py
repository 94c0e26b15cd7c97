"""Bundles made to crash, to hang or to fill the memory of whoever checks them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence.errors import FileUnreadableError
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict
from reports.bundle import folder, layout
from reports.bundle.check import check_bundle

Reseal = Callable[[Path], None]
DEEP = 100_000
ROW = b'{"E001":{"name":"%s","seq":%s,"sha256":"' + b"a" * 64 + b'"}}'

ENTRIES = {
    "lists in lists": b"[" * DEEP + b"]" * DEEP,
    "objects in objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "an integer of a million digits": b'{"v":' + b"9" * 1_000_000 + b"}",
    "no number": b'{"v":NaN}',
    "a key twice": b'{"v":1,"v":1}',
    "half a character": b'{"v":"\\ud800"}',
    "a line without end": b"a" * 17_000_000,
    "a byte order mark": b"\xef\xbb\xbf{}",
    "lines of another system": b"{}\r",
    "no text": b"\xff\x00",
}
INDEXES = {
    "objects in objects": b'{"E001":' * DEEP,
    "a list": b"[]",
    "an integer of a million digits": ROW % (b"", b"9" * 1_000_000),
    "no number": ROW % (b"", b"NaN"),
    "half a character": ROW % (b"\\ud800", b"4"),
}
ZEROS = b"0" * 64
PATHS = (
    *(b"data/../../x", b"/etc/passwd", b"data\\x", b"data/C:x", b"data/./x", b"data//x"),
    *(b"data/%2e%2e/x", b"data/a b", b"data/\x00", "data/é".encode()),
)


def problems(bundle: Path) -> set[str]:
    return {r.name for r in check_bundle(bundle).results if r.verdict is Verdict.NOT_INTACT}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_made_to_break_the_reader_is_an_entry_of_the_wrong_form(
    bundle: Path, reseal: Reseal, name: str
) -> None:
    (bundle / layout.ENTRIES).write_bytes(ENTRIES[name] + b"\n")
    reseal(bundle)
    assert "entry-form" in problems(bundle)


@pytest.mark.parametrize("name", INDEXES)
def test_a_list_of_exhibits_made_to_break_the_reader_is_refused(
    bundle: Path, reseal: Reseal, name: str
) -> None:
    (bundle / layout.EXHIBITS).write_bytes(INDEXES[name] + b"\n")
    reseal(bundle)
    assert "exhibit-index" in problems(bundle)


@pytest.mark.parametrize("path", PATHS)
def test_a_manifest_that_leads_elsewhere_is_refused_whole(bundle: Path, path: bytes) -> None:
    with (bundle / layout.MANIFEST).open("ab") as file:
        file.write(ZEROS + b"  " + path + b"\n")
    assert "manifest-form" in problems(bundle)


def test_a_manifest_of_more_lines_than_problems_are_listed_is_still_answered(
    bundle: Path,
) -> None:
    with (bundle / layout.MANIFEST).open("ab") as file:
        file.writelines(b"%s  data/x%d\n" % (ZEROS, number) for number in range(50_000))
    report = check_bundle(bundle)
    assert report.verdict is Verdict.NOT_INTACT
    assert len(report.results) < 1100


def _deep(bundle: Path) -> None:
    for number in range(300):
        (bundle / "data" / "/".join("d" * (number + 1))).mkdir()


def _many_files(bundle: Path) -> None:
    for number in range(200):
        (bundle / "data" / f"{number}").touch()


def _many_folders(bundle: Path) -> None:
    for number in range(200):
        (bundle / "data" / f"{number}").mkdir()


@pytest.fixture
def deep(bundle: Path) -> Iterator[Path]:
    _deep(bundle)
    yield bundle
    subprocess.run(["rm", "-rf", bundle / "data"], check=True)


def test_a_tree_without_end_is_left_unwalked_and_told(deep: Path) -> None:
    assert "file-unsafe" in problems(deep)


@pytest.mark.parametrize("make", [_many_files, _many_folders])
def test_more_files_than_can_be_looked_at_are_no_verdict(
    bundle: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MAX_FILES", 150)
    make(bundle)
    with pytest.raises(FileUnreadableError):
        check_bundle(bundle)


def test_a_manifest_of_more_lines_than_are_looked_at_is_refused(bundle: Path) -> None:
    with (bundle / layout.MANIFEST).open("ab") as file:
        file.writelines(b"%s  data/x%d\n" % (ZEROS, number) for number in range(100_000))
    assert "manifest-form" in problems(bundle)


def test_a_file_that_grows_while_it_is_read_is_read_no_further(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = folder.list_folder
    grown = bundle / layout.PACKET
    size = grown.stat().st_size

    def then_grow(*args: object) -> folder.Folder:
        found = listed(*args)  # type: ignore[arg-type]  # passed through as it is
        os.truncate(grown, size + 5 * 1024**3)
        return found

    monkeypatch.setattr("reports.bundle.check.list_folder", then_grow)
    assert "file-digest" in problems(bundle)


def test_an_empty_pdf_that_was_sealed_anew_is_told_by_the_case_alone(
    bundle: Path, reseal: Reseal, made_case: CaseFile
) -> None:
    (bundle / layout.PACKET).write_bytes(b"")
    reseal(bundle)
    assert problems(bundle) == set()  # the manifests alone fix the PDF
    found = check_bundle(bundle, case=made_case).results
    assert {r.name for r in found if r.verdict is Verdict.NOT_INTACT} == {"packet-record"}

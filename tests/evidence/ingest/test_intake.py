"""Files into a real case: each with its own outcome, whatever the others are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.core import records
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import Direction, Exhibit, Medium
from evidence.ingest import intake, loading
from evidence.ingest.find_files import FoundFile
from evidence.ingest.intake import FileOutcome, Stated, Status, import_paths
from evidence.ingest.reader import MediaReader
from evidence.store.case_file import CaseFile
from evidence.store.clock import system_clock
from evidence.store.verify import Verdict, verify_case
from tests.evidence.ingest import media
from tests.ordinary_user import as_ordinary_user

SMALL = 64 * 1024
"""What counts as small in these tests, so that a streamed file need not be large."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALL_BYTES", SMALL)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with CaseFile.create(tmp_path / "case.liuhen", clock=system_clock) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "手机"
    made.mkdir()
    return made


def take(
    case: CaseFile, reader: MediaReader, *paths: Path, stated: Stated | None = None
) -> list[FileOutcome]:
    """Import, and prove that the case still verifies whatever came in."""
    outcomes = list(import_paths(case, paths, reader=reader, stated=stated))
    assert verify_case(case.path).verdict is Verdict.INTACT
    return outcomes


def exhibit(case: CaseFile, outcome: FileOutcome) -> Exhibit:
    assert outcome.seq is not None, outcome
    return records.exhibit_from_data(case.entry(outcome.seq).data)


def large(seconds: float = 6.0) -> bytes:
    data = media.wav(seconds)
    assert len(data) > SMALL
    return data


def test_originals_come_out_byte_identical(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    originals = {
        "a.mp3": media.mp3(0.5),
        "b.png": media.picture("PNG"),
        "c.txt": "林某的说明".encode("gb18030"),
        "d.wav": large(),
        "e.m4a": media.without_box(media.m4a(0.5), b"moov"),
    }
    for name, data in originals.items():
        (folder / name).write_bytes(data)
    outcomes = take(case, reader, folder)
    assert [o.status for o in outcomes] == [Status.IMPORTED] * 5
    for outcome, data in zip(outcomes, originals.values(), strict=True):
        assert outcome.seq is not None
        with case.original(outcome.seq) as stream:
            assert stream.read() == data
    assert [o.code for o in outcomes] == ["", "", "", "", "unreadable"]


def test_one_bad_file_never_loses_the_others(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    files = {
        "1.amr": media.amr_nb(10),
        "2.empty": b"",
        "3.exe": b"MZ" + bytes(100),
        "4.m4a": media.m4a(0.5)[:300],
        "5.bin": bytes(range(256)),
        "6.txt": b"note",
        "7.amr": media.amr_nb(10),
        "8.png": media.png_claiming(2**31 - 1, 2**31 - 1),
        "9.amr": media.amr_nb(11),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    outcomes = take(case, reader, folder / "missing.mp3", folder)
    assert [(o.status.value, o.code) for o in outcomes] == [
        ("failed", "file-unreadable"),
        ("imported", ""),
        ("skipped", "empty"),
        ("skipped", "program"),
        ("imported", "unreadable"),
        ("skipped", "unknown-type"),
        ("imported", ""),
        ("duplicate", "duplicate"),
        ("imported", ""),
        ("imported", ""),
    ]


@pytest.mark.parametrize("make", [lambda: media.amr_nb(50), large], ids=["small", "streamed"])
def test_the_same_bytes_are_one_exhibit(
    case: CaseFile, reader: MediaReader, folder: Path, make: object
) -> None:
    assert callable(make)
    data = make()
    for name in ("a.amr", "b.amr"):
        (folder / name).write_bytes(data)
    first, second = take(case, reader, folder)
    again = take(case, reader, folder / "b.amr")[0]
    assert first.status is Status.IMPORTED
    assert (second.status, second.seq) == (Status.DUPLICATE, first.seq)
    assert (again.status, again.seq, again.sha256) == (
        Status.DUPLICATE,
        first.seq,
        first.sha256,
    )
    assert case.size() == 2


def test_a_streamed_file_is_read_like_a_small_one(
    case: CaseFile, reader: MediaReader, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in {
        "a.wav": large(),
        "b.exe": b"MZ" + bytes(SMALL * 2),
        "c.m4a": media.without_box(media.m4a(40.0), b"moov"),
        "d.txt": "林某\n".encode() * SMALL,
        "e.txt": b"a" * SMALL * 2 + b"\0",
        "f.mp3": media.mp3(40.0),
    }.items():
        (folder / name).write_bytes(data)
        assert len(data) > SMALL
    outcomes = take(case, reader, folder)
    assert [(o.status.value, o.code) for o in outcomes] == [
        ("imported", ""),
        ("skipped", "program"),
        ("imported", "unreadable"),
        ("imported", ""),
        ("skipped", "unknown-type"),
        ("imported", ""),
    ]
    assert exhibit(case, outcomes[0]).duration_ms == 6000
    assert abs((exhibit(case, outcomes[5]).duration_ms or 0) - 40_000) < 150


@pytest.mark.parametrize("size", [100, SMALL * 3], ids=["small", "streamed"])
@pytest.mark.parametrize("change", ["grows", "shrinks", "is touched"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    case: CaseFile,
    reader: MediaReader,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    change: str,
) -> None:
    path = folder / "1.txt"
    path.write_bytes(b"a" * size)
    (folder / "2.txt").write_bytes(b"quiet")
    real, calls = os.fstat, []

    looks = 2 if size == 100 else 3  # at each opening, and before it is copied

    def change_after_the_last_look(number: int) -> os.stat_result:
        seen = real(number)
        if seen.st_ino == path.stat().st_ino and len(calls) < looks:
            calls.append(number)
            if len(calls) < looks:
                return seen
            if change == "grows":
                path.write_bytes(b"a" * (size + 10))
            elif change == "shrinks":
                path.write_bytes(b"a" * (size // 2))
            else:
                os.utime(path, ns=(0, 0))
        return seen

    monkeypatch.setattr(os, "fstat", change_after_the_last_look)
    outcomes = take(case, reader, folder)
    assert [(o.status.value, o.code) for o in outcomes] == [
        ("failed", "file-changed"),
        ("imported", ""),
    ]
    monkeypatch.undo()
    assert take(case, reader, path)[0].status is Status.IMPORTED


def test_a_file_that_vanishes_after_it_was_found_fails_alone(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    for name in ("1.txt", "2.txt"):
        (folder / name).write_bytes(name.encode())
    (folder / "3.wav").write_bytes(large())
    gone = iter(("1.txt", "3.wav"))
    outcomes = []
    found = import_paths(
        case,
        [folder],
        reader=reader,
        progress=lambda *_: None,
    )
    real = intake.find_files

    def find_and_lose(paths: list[Path]) -> object:
        files = real(paths)
        for name in gone:
            (folder / name).unlink()
        return files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "find_files", find_and_lose)
        outcomes = list(found)
    assert [(Path(o.path).name, o.code) for o in outcomes] == [
        ("1.txt", "file-unreadable"),
        ("2.txt", ""),
        ("3.wav", "file-unreadable"),
    ]


def test_shortcuts_devices_and_leftovers_are_passed_over(
    case: CaseFile, reader: MediaReader, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("elsewhere")
    (folder / "a.txt").write_text("note")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / ".hidden").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    os.mkfifo(folder / "pipe")
    outcomes = take(case, reader, folder)
    assert [(Path(o.path).name, o.status.value, o.code) for o in outcomes] == [
        ("link.txt", "skipped", "symlink"),
        ("loop", "skipped", "symlink"),
        ("pipe", "skipped", "not-a-file"),
        ("a.txt", "imported", ""),
    ]
    named = take(case, reader, folder / "link.txt")
    assert named[0].status is Status.IMPORTED


@pytest.mark.parametrize("seconds", [0.5, 6.0])
def test_a_file_that_becomes_a_shortcut_after_the_look_is_not_followed(
    folder: Path, tmp_path: Path, reader: MediaReader, seconds: float
) -> None:
    """Somebody else may write into a folder that a cloud keeps the same on many computers."""
    (tmp_path / "outside.wav").write_bytes(media.wav(seconds))
    swapped = folder / "a.wav"
    swapped.symlink_to(tmp_path / "outside.wav")
    with loading.Loader(reader) as loader:
        for named in (False, True):  # what a person names themselves is followed
            found = FoundFile(path=swapped, kept="a.wav", named=named, size=swapped.stat().st_size)
            (loaded,) = loader.load([found])
            assert (loaded.problem is None) is named


def test_a_folder_without_permission_fails_alone(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0)
    (folder / "a.txt").write_text("note")
    outcomes = as_ordinary_user(lambda: take(case, reader, folder))
    closed.chmod(0o700)
    assert sorted(o.status.value for o in outcomes) == ["failed", "imported"]


ODD = (
    "\x1b]0;evil\x07\x1b[31m.txt",
    "\u202egpj.txt",
    "换\n行.txt",
    "e\u0301é！.txt",
    "-rf --json.txt",
    "{path}%s$(id).txt",
    "x" * 250 + ".txt",
)


def test_odd_names_are_kept_exactly(case: CaseFile, reader: MediaReader, folder: Path) -> None:
    for number, name in enumerate(ODD):
        (folder / name).write_text(str(number))
    outcomes = take(case, reader, folder)
    assert {o.status for o in outcomes} == {Status.IMPORTED}
    assert {exhibit(case, o).name for o in outcomes} == set(ODD)


def test_a_name_that_is_no_utf8_does_not_stop_the_import(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    gbk = "丙某@13800000011_20261014210533.txt".encode("gb18030")
    for name in (gbk, b"\xff\xfe.txt"):
        (folder / os.fsdecode(name)).write_bytes(name)
    outcomes = take(case, reader, folder)
    assert [o.status for o in outcomes] == [Status.IMPORTED] * 2
    assert gbk.decode("gb18030") in {exhibit(case, o).name for o in outcomes}


def test_what_the_person_says_is_kept_beside_what_the_name_says(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    path = folder / "丙某@13800000011_20261014210533.amr"
    path.write_bytes(media.amr_nb(100))
    at = Moment(
        value="2026-10-14T21:05+08:00",
        precision=Precision.MINUTE,
        source=Source.USER,
        meaning=Meaning.STATED,
        basis="2026-10-14 21:05",
    )
    stated = Stated(at=at, number="13800000012", direction=Direction.IN)
    found = exhibit(case, take(case, reader, path, stated=stated)[0])
    assert (found.party.number, found.party.name) == ("13800000012", "丙某")
    assert found.direction is Direction.IN
    assert [c.field for c in found.conflicts] == ["party.number"]
    assert found.occurred.source is Source.FILE_NAME
    assert found.agreements
    assert dict(found.origin.facts)["party.number"] == "user"


def test_a_number_that_was_cut_gives_way_to_the_persons_without_a_conflict(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    path = folder / "通话录音@一个名字特别特别特别长的催收公司外访(1380000001_20261014210533.mp3"
    path.write_bytes(media.mp3(0.3))
    alone = exhibit(case, take(case, reader, path)[0])
    assert alone.party.number_truncated
    other = folder / ("0" + path.name)
    other.write_bytes(media.mp3(0.4))
    found = exhibit(case, take(case, reader, other, stated=Stated(number="13800000011"))[0])
    assert (found.party.number, found.party.number_truncated) == ("13800000011", False)
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("name", "make", "warned"),
    [
        ("a.mp3", lambda: media.amr_nb(20), True),
        ("a.amr", lambda: media.amr_nb(20), False),
        ("a.AMR", lambda: media.amr_nb(20), False),
        ("a.jpg", lambda: media.picture("PNG"), True),
        ("a.jpeg", lambda: media.picture("JPEG"), False),
        ("a.m4a", lambda: media.encode("3gp", "aac", 0.3, rate=16000), False),
        ("a.png", lambda: media.mp3(0.3), True),
        ("a", lambda: media.mp3(0.3), False),
    ],
)
def test_a_wrong_extension_is_said_and_the_content_counts(
    case: CaseFile, reader: MediaReader, folder: Path, name: str, make: object, warned: bool
) -> None:
    assert callable(make)
    path = folder / name
    path.write_bytes(make())
    found = exhibit(case, take(case, reader, path)[0])
    assert bool(found.origin.warnings) is warned
    assert found.unreadable == ""


def test_a_recorders_stamp_on_a_picture_is_no_time_of_a_call(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    path = folder / "13800000011_20261014210533.png"
    path.write_bytes(media.picture("PNG"))
    found = exhibit(case, take(case, reader, path)[0])
    assert found.medium is Medium.SCREENSHOT
    assert found.occurred.meaning is Meaning.UNKNOWN
    assert found.occurred.value == "2026-10-14T21:05:33+08:00"


def test_the_time_of_the_file_system_is_never_used(
    case: CaseFile, reader: MediaReader, folder: Path
) -> None:
    path = folder / "IMG_0042.PNG"
    path.write_bytes(media.picture("PNG"))
    os.utime(path, (1_792_000_000, 1_792_000_000))
    found = exhibit(case, take(case, reader, path)[0])
    assert found.occurred.precision is Precision.UNKNOWN


def test_progress_counts_every_byte_once(case: CaseFile, reader: MediaReader, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.txt").write_text(str(number) * 10)
    told: list[tuple[int, int | None]] = []
    paths = [folder / "missing", folder]
    list(import_paths(case, paths, reader=reader, progress=lambda d, t: told.append((d, t))))
    assert told == [(n * 10, 50) for n in range(1, 6)]

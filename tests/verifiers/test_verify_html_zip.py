"""verify.html reads a bundle in a zip as it reads the folder, and refuses a hostile zip."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.verifiers import page as pages
from tests.verifiers.browser import Browser, Page
from tests.verifiers.case import ALL_INTACT, Given
from tests.verifiers.forge import Workshop
from tests.verifiers.table import BY_NAME
from tests.verifiers.zips import central, patched, zipped

TEXT = b"packet/data/text/facts.txt"
OTHER = b"packet/data/text/title.txt"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.page()
    tab.open(pages.PAGE.as_uri())
    yield tab
    tab.close()


def verify(tab: Page, path: Path) -> dict[str, object]:
    pages.give(tab, Given(bundle=path))
    return pages.result(tab)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("top", ["", "packet/", "材料包/"])
def test_zip_of_a_good_bundle_is_intact(
    tab: Page, workshop: Workshop, tmp_path: Path, method: int, top: str
) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip", method=method, top=top)
    assert pages.outcome(verify(tab, target)) == ALL_INTACT


def test_zip64_is_read(
    tab: Page, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 0)
    target = zipped(workshop.real().root, tmp_path / "x.zip", top="")
    assert b"PK\x06\x06" in target.read_bytes()
    assert pages.outcome(verify(tab, target)) == ALL_INTACT


def test_what_other_systems_put_beside_the_bundle_is_no_part_of_it(
    tab: Page, workshop: Workshop, tmp_path: Path
) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip")
    with zipfile.ZipFile(target, "a") as file:
        file.writestr("__MACOSX/packet/._bagit.txt", b"more")
        file.comment = b"made by somebody"
    assert pages.outcome(verify(tab, target)) == ALL_INTACT


def test_folder_in_the_encoding_of_windows_is_stripped(
    tab: Page, workshop: Workshop, tmp_path: Path
) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip", top="packetXX/")
    name = "材料包甲".encode("gbk")
    assert len(name) == len("packetXX")
    target.write_bytes(target.read_bytes().replace(b"packetXX", name))
    assert pages.outcome(verify(tab, target)) == ALL_INTACT


@pytest.mark.parametrize(
    "name",
    [
        "byte of data/packet.pdf flipped at 0.37",
        "unlisted file 'data/more.txt'",
        "words of an entry changed",
        "leaf added",
        "signed by another key",
        "exhibits swapped",
        "exhibit withheld",
        "timestamp and no root",
    ],
)
def test_zip_of_a_case_has_the_verdicts_of_the_folder(
    tab: Page, workshop: Workshop, tmp_path: Path, name: str
) -> None:
    case = BY_NAME[name]
    found = verify(tab, zipped(case.make(workshop).bundle, tmp_path / "x.zip"))
    assert case.mismatch(pages.outcome(found), "html") == ""


def test_earlier_bundle_may_be_a_zip_or_its_two_files(
    tab: Page, workshop: Workshop, tmp_path: Path
) -> None:
    for name, wanted in (
        ("later bundle extends the earlier one", 0),
        ("later bundle is shorter", 10),
    ):
        given = BY_NAME[name].make(workshop)
        (earlier,) = given.earlier
        packed = zipped(earlier, tmp_path / f"{wanted}.zip")
        two = [earlier / "data/log/leaves.txt", earlier / "data/anchor/checkpoint"]
        for files in ([packed], two):
            tab.open(pages.PAGE.as_uri())
            tab.set_files("#earlier-files", *files)
            pages.wait(tab, "document.querySelectorAll('#given li').length")
            tab.set_files("#folder", given.bundle)
            assert pages.result(tab)["exit"] == wanted, (name, files)


# --- hostile --------------------------------------------------------------------------------------


def _renamed(data: bytes, new: bytes) -> bytes:
    assert len(new) == len(TEXT)
    return data.replace(TEXT, new)


def _local(data: bytes) -> int:
    (at,) = struct.unpack_from("<I", data, central(data, TEXT) + 42)
    return int(at)


def _with_more(data: bytes, at: int, more: bytes) -> bytes:
    """Return a zip that has more bytes before ``at``, and whose directory knows of it."""
    changed = bytearray(data)
    begin = data.index(b"PK\x01\x02")
    place = begin
    while data[place : place + 4] == b"PK\x01\x02":
        (offset,) = struct.unpack_from("<I", data, place + 42)
        struct.pack_into("<I", changed, place + 42, offset + len(more) * (offset >= at))
        place += 46 + sum(struct.unpack_from("<HHH", data, place + 28))
    struct.pack_into("<I", changed, len(data) - 6, begin + len(more))
    return bytes(changed[:at]) + more + bytes(changed[at:])


HIDDEN = b"PK\x03\x04" + bytes(22) + b"\x06\0\0\0hidden"
"""A file that only a reader sees which goes from file to file without the directory."""

HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda d: b"",
    "cut off at the end": lambda d: d[:-1],
    "cut off in front": lambda d: d[1:],
    "with a program in front": lambda d: b"MZ" + d,
    "with bytes after it": lambda d: d + b"more",
    "with a path that leaves it": lambda d: _renamed(d, b"packet/../../../.facts.txt"),
    "with a path that leaves it at the end": lambda d: _renamed(d, b"packet/data/text/abcdef/.."),
    "with an absolute path": lambda d: _renamed(d, b"/acket/data/text/facts.txt"),
    "with a path of Windows": lambda d: _renamed(d, b"packet\\data\\text\\facts.txt"),
    "with a NUL in a path": lambda d: _renamed(d, b"packet/data/text/facts\0txt"),
    "with two names that are one": lambda d: d.replace(TEXT, OTHER),
    "with another name in front of the data": lambda d: patched(d, _local(d) + 30, OTHER),
    "with another method in front of the data": lambda d: patched(d, _local(d) + 8, b"\0\0"),
    "with entries over each other": lambda d: patched(
        d, central(d, TEXT) + 42, d[central(d, OTHER) + 42 :][:4]
    ),
    "with an entry beyond the end": lambda d: patched(
        d, central(d, TEXT) + 42, struct.pack("<I", len(d))
    ),
    "with another size in front of the data": lambda d: patched(d, _local(d) + 22, b"\1\0\0\0"),
    "with a file in front that is not listed": lambda d: _with_more(d, 0, HIDDEN),
    "with a file between that is not listed": lambda d: _with_more(d, _local(d), HIDDEN),
    "with a file behind that is not listed": lambda d: _with_more(
        d, d.index(b"PK\x01\x02"), HIDDEN
    ),
    "with a link": lambda d: patched(d, central(d, TEXT) + 38, struct.pack("<I", 0o120777 << 16)),
    "that is encrypted": lambda d: patched(d, central(d, TEXT) + 8, b"\1\0"),
    "with another compression": lambda d: patched(d, central(d, TEXT) + 10, b"\x0e\0"),
    "with a size that cannot be": lambda d: patched(
        d, central(d, TEXT) + 24, struct.pack("<I", 4_000_000_000)
    ),
    "with an entry too few": lambda d: patched(
        patched(d, len(d) - 12, struct.pack("<H", 3)), len(d) - 14, struct.pack("<H", 3)
    ),
    "on another disk": lambda d: patched(d, len(d) - 18, b"\1\0"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_zip_is_refused(tab: Page, workshop: Workshop, tmp_path: Path, name: str) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip")
    before = target.read_bytes()
    after = HOSTILE[name](before)
    assert after != before
    target.write_bytes(after)
    found = verify(tab, target)
    assert (found["exit"], found["items"]) == (3, [])


@pytest.mark.parametrize("header", [b"PK\x01\x02", b"PK\x03\x04"])
@pytest.mark.parametrize(("name", "code"), [(b"packet/other", 3), (b"__MACOSX/x", 0)])
def test_second_name_of_a_file_in_a_zip_must_be_the_same(
    tab: Page, workshop: Workshop, tmp_path: Path, name: bytes, code: int, header: bytes
) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip")
    entry = zipfile.ZipInfo("__MACOSX/x")
    entry.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
    with zipfile.ZipFile(target, "a") as file:
        file.writestr(entry, b"")
    data = target.read_bytes()
    at = data.rindex(b"\x75\x70", 0, data.rindex(header) + 46 + len(entry.filename) + 2)
    other = data.index(b"\x75\x70", at + 1) if header[2] == 3 else data.rindex(b"\x75\x70", 0, at)
    target.write_bytes(patched(data, other, b"\x99\x99"))  # a field that nobody knows
    assert verify(tab, target)["exit"] == code


class _Pipe(io.BytesIO):
    """A file that cannot be gone back in: sizes come behind each file, not in front of it."""

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_that_was_written_in_one_go_is_read(
    tab: Page, workshop: Workshop, tmp_path: Path, method: int
) -> None:
    root, pipe, target = workshop.real().root, _Pipe(), tmp_path / "x.zip"
    with zipfile.ZipFile(pipe, "w", method) as made:
        for path in filter(Path.is_file, root.rglob("*")):
            made.write(path, f"packet/{path.relative_to(root)}")
    target.write_bytes(pipe.getvalue())
    assert target.read_bytes()[6] & 8
    assert pages.outcome(verify(tab, target)) == ALL_INTACT


def test_content_that_is_longer_than_stated_does_not_pass(
    tab: Page, workshop: Workshop, tmp_path: Path
) -> None:
    target = zipped(workshop.real().root, tmp_path / "x.zip")
    data = target.read_bytes()
    at = central(data, TEXT) + 24
    (size,) = struct.unpack_from("<I", data, at)
    for other in (size - 1, size + 1):
        stated = struct.pack("<I", other)
        target.write_bytes(patched(patched(data, at, stated), _local(data) + 22, stated))
        assert verify(tab, target)["exit"] == 10


def test_bomb_is_refused_before_it_is_unpacked(
    tab: Page, workshop: Workshop, tmp_path: Path
) -> None:
    bundle = workshop.real()
    target = zipped(bundle.root, tmp_path / "x.zip")
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("packet/data/bomb.bin", bytes(8 << 20))
    data = target.read_bytes()
    at = central(data, b"packet/data/bomb.bin")
    packed, size = struct.unpack_from("<II", data, at + 20)
    assert (packed, size) != (0, 0)
    assert verify(tab, target)["exit"] == 10  # eight megabytes are read, and belong to nothing
    target.write_bytes(patched(data, at + 24, struct.pack("<I", 0xFFFFFFF0)))
    found = verify(tab, target)
    assert (found["exit"], found["items"]) == (3, [])

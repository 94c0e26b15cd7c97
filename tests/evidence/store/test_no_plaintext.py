"""A stolen copy shows counts and sizes only: nothing of a full case is found in its bytes.

Everything that the golden entries hold, of every kind, and everything about the case itself is
looked for in the file, its journal in the middle of a transaction, and temporary files. The same
search finds all of it in a case without a passphrase, so that the search itself is known to work.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.core.canonical import JsonValue
from evidence.core.records import Kind
from evidence.store import erase, reseal
from evidence.store.case_file import CaseFile
from evidence.store.schema import CHUNK_BYTES
from tests.evidence.core.golden import samples
from tests.evidence.store import case_files, sealed_files

ORIGINAL = "甲某消费金融有限公司的催收录音，".encode() * (CHUNK_BYTES // 16)
SHORT = "林某，你再不还就去你单位。".encode() * 3
LEAST = 6
"""Bytes of the shortest string that is looked for: shorter ones turn up by chance."""


def fill(case: CaseFile) -> None:
    """Put a golden entry of every kind and two originals into the case."""
    case_files.exhibit(case, ORIGINAL, name="录音_13800000011_20261014.mp3")
    case_files.exhibit(case, SHORT, name="催收短信截图.txt")
    gone = case_files.exhibit(case, b"to be erased " * 9, name="误导入的照片.jpg")
    erase.erase(case, erase.plan(case, gone.seq), reason="误导入了家人的照片")
    for sample in samples.SAMPLES:
        if sample.kind in set(Kind) - {Kind.CASE, Kind.ERASE}:
            for record in sample.records:
                case.append(Kind(sample.kind), sample.to_data(record))


def strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def telling(case: CaseFile) -> set[bytes]:
    """Return every byte string that would betray something; leaves betray nothing."""
    key = case._key().private_bytes_raw()
    found: set[bytes] = {key, ORIGINAL[:48], ORIGINAL[-48:], SHORT}
    for entry in case.entries():
        texts = {*strings(dict(entry.data)), entry.recorded_at, f'"kind":"{entry.kind}"'}
        found |= {text.encode() for text in texts}
        found |= {text.encode("utf-16-le") for text in texts if not text.isascii()}
        # Digests, keys and ids also as the bytes that they stand for.
        hexes = {t for t in texts if re.fullmatch("([0-9a-f]{2}){16,}", t)}
        found |= {bytes.fromhex(text) for text in hexes} | {entry.nonce, entry.nonce.hex().encode()}
    found -= set(case.leaves())
    found |= {hashlib.sha256(data).digest() for data in (ORIGINAL, SHORT)}
    return {each for each in found if len(each) >= LEAST and len(set(each)) > 1}


def found_in(path: Path, wanted: set[bytes]) -> set[bytes]:
    data = path.read_bytes()
    return {each for each in wanted if each in data}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    (tmp_path / "case").mkdir()
    return tmp_path / "case" / "case.liuhen"


@pytest.fixture
def wanted(path: Path) -> set[bytes]:
    """Return what betrays the case; nothing but that key and its nonces differs between cases."""
    with case_files.create(path.with_name("plain.liuhen")) as plain:
        fill(plain)
        made = telling(plain)
    held = found_in(path.with_name("plain.liuhen"), made)
    assert len(made) > 200
    # The erased one's strings are gone from a plain case, too; those in UTF-16 were never there.
    assert len(held) > 0.6 * len(made)
    for each in ("误导入了家人的照片", "催收短信截图.txt", "测试"):
        assert each.encode() in held
    assert hashlib.sha256(SHORT).digest() in held
    path.with_name("plain.liuhen").unlink()
    return made


def test_nothing_is_found_in_the_file(path: Path, wanted: set[bytes]) -> None:
    with sealed_files.create(path) as case:
        fill(case)
        wanted |= telling(case)
    assert found_in(path, wanted) == set()
    assert case_files.names(path.parent) == [path.name]
    assert case_files.names(path.parents[1] / "tmp") == []


def test_nothing_is_found_in_the_journal_or_in_temporary_files_of_a_running_transaction(
    path: Path, wanted: set[bytes]
) -> None:
    with sealed_files.create(path) as case:
        fill(case)
        with case.batch() as batch:
            for seed in range(4):  # more than SQLite's cache holds, so that pages are written
                case_files.store(batch, ORIGINAL + bytes([seed]) + ORIGINAL, name="催收录音.mp3")
            batch.append(Kind.NOTE, {"text": "半夜两点打来的电话"})
            wanted.add("半夜两点打来的电话".encode())
            files = sorted(path.parent.iterdir())
            assert [file.name for file in files] == [path.name, path.name + "-journal"]
            assert files[1].stat().st_size > 0
            assert {each for file in files for each in found_in(file, wanted)} == set()
            assert case_files.names(path.parents[1] / "tmp") == []
            assert hidden_files() == []


def hidden_files() -> list[str]:
    """Return files that this process holds open and that have no name any more."""
    if not sys.platform.startswith("linux"):
        return []
    names = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            names.append(str(handle.readlink()))
        except OSError:
            continue
    return [name for name in names if "etilqs" in name or name.endswith("-journal (deleted)")]


def test_nothing_is_found_after_a_passphrase_was_set(path: Path, wanted: set[bytes]) -> None:
    with case_files.create(path) as case:
        fill(case)
        wanted |= telling(case)
        reseal.reseal(case, sealed_files.protection())
    assert found_in(path, wanted) == set()
    assert case_files.names(path.parent) == [path.name]


def test_two_cases_with_the_same_contents_and_passphrase_have_no_sealed_value_in_common(
    tmp_path: Path,
) -> None:
    values = []
    for name in "ab":
        with sealed_files.create(tmp_path / name, sealed_files.protection(name)) as case:
            fill(case)
        with case_files.sqlite(tmp_path / name) as connection:
            rows = connection.execute(
                "SELECT body FROM entry WHERE body != x'' UNION SELECT data FROM chunk "
                "WHERE data != x'' UNION SELECT lookup FROM original WHERE size UNION "
                "SELECT value FROM meta"
            )
            values.append({value for (value,) in rows})
    assert len(values[0]) > 40
    assert values[0] & values[1] == set()

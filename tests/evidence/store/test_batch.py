"""Several entries and originals in one commit: all of them, or nothing."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.core.records import Kind, Sha256Hex
from evidence.errors import CanonicalFormError
from evidence.store import schema
from evidence.store.batch import Batch
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files
from tests.evidence.store.conftest import SHORT, Sample


class _StopError(Exception):
    pass


def _store_and_stop(batch: Batch, data: bytes) -> None:
    case_files.store(batch, data)
    batch.append(Kind.NOTE, {"text": "x"})
    raise _StopError


def _copy_and_stop(batch: Batch, data: bytes, known: int) -> None:
    assert batch.copy(io.BytesIO(data)).duplicate_of == known
    raise _StopError


def _rows(path: Path) -> tuple[int, int, int]:
    with case_files.sqlite(path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("entry", "original", "chunk")
        ]
    return counts[0], counts[1], counts[2]


def test_batch_is_visible_to_nobody_before_its_end(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        with case.batch() as batch:
            case_files.store(batch, b"new bytes")
            with CaseFile.open_read(sample.path) as other:
                assert other.size() == 6
        assert case.size() == 7


def test_exception_takes_back_the_whole_batch(sample: Sample) -> None:
    before = _rows(sample.path)
    with case_files.append_to(sample.path) as case:
        with pytest.raises(_StopError), case.batch() as batch:
            _store_and_stop(batch, b"new bytes")
        assert _rows(sample.path) == before
        assert case_files.note(case).seq == 6
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_attempt_takes_back_only_its_own_part(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        with case.batch() as batch:
            first = case_files.store(batch, b"first")
            with pytest.raises(_StopError), batch.attempt():
                _store_and_stop(batch, b"second")
            third = case_files.store(batch, b"third")
        assert (first.seq, third.seq) == (6, 7)
        assert case.original(7).read() == b"third"
        assert case.entry(7).prev == first.leaf
    assert _rows(sample.path) == (8, 4, 6)
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_refused_data_appends_nothing(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        with pytest.raises(CanonicalFormError):
            case.append(Kind.NOTE, {"text": 1.5})  # type: ignore[dict-item]  # the point
        assert case.size() == 6
        with case.batch() as batch:
            with pytest.raises(CanonicalFormError):
                batch.append(Kind.NOTE, {"text": "\ud800"})
            assert batch.append(Kind.NOTE, {"text": "ok"}).seq == 6
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_duplicate_is_recognised_in_the_file_and_in_the_same_batch(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case, case.batch() as batch:
        with pytest.raises(_StopError), batch.attempt():
            _copy_and_stop(batch, SHORT, 4)
        case_files.store(batch, b"new")
        assert batch.find(hashlib.sha256(b"new").digest()) == 6
        with pytest.raises(_StopError), batch.attempt():
            _copy_and_stop(batch, b"new", 6)
        assert batch.copy_bytes(b"new", hashlib.sha256(b"new").digest()).duplicate_of == 6
    assert _rows(sample.path) == (7, 3, 5)
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_one_byte_more_is_no_duplicate(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        assert case_files.exhibit(case, SHORT + b"\0").seq == 6
        assert case_files.exhibit(case, SHORT[:-1]).seq == 7


def test_empty_original_is_an_original(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        seq = case_files.exhibit(case, b"").seq
        assert case.original(seq).read() == b""
        assert list(case.original(seq).pieces()) == []
    assert verify_case(sample.path).verdict is Verdict.INTACT


class _Dribble(io.RawIOBase):
    """Gives a few bytes at a time, as a pipe or a slow disk may."""

    def __init__(self, data: bytes, steps: list[int]) -> None:
        self._data = data
        self._steps = steps
        self._turn = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        step = self._steps[self._turn % len(self._steps)]
        self._turn += 1
        count = min(step, len(buffer))
        piece, self._data = self._data[:count], self._data[count:]
        buffer[: len(piece)] = piece
        return len(piece)


@settings(max_examples=15)
@given(st.lists(st.integers(1000, 2 * schema.CHUNK_BYTES), min_size=1, max_size=4))
def test_short_reads_of_the_source_make_the_same_chunks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    data = case_files.pattern(schema.CHUNK_BYTES + 5000, seed=9)
    path = tmp_path_factory.mktemp("dribble") / "case.liuhen"
    with case_files.create(path) as case, case.batch() as batch, batch.attempt():
        copied = batch.copy(_Dribble(data, steps))
        assert copied.sha256 == Sha256Hex(hashlib.sha256(data).hexdigest())
        assert copied.stream.read() == data
        batch.append(Kind.EXHIBIT, case_files.exhibit_data(data))
    with case_files.sqlite(path) as connection:
        lengths = connection.execute("SELECT length(data) FROM chunk ORDER BY idx").fetchall()
    assert lengths == [(schema.CHUNK_BYTES,), (5000,)]

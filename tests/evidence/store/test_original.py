"""Originals come out byte for byte as they went in."""

import hashlib
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.records import Kind
from evidence.errors import OriginalDamagedError
from evidence.store import schema
from evidence.store.case_file import CaseFile
from tests.evidence.store import case_files
from tests.evidence.store.conftest import LONG, Sample

CHUNK = schema.CHUNK_BYTES


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1]
)
@pytest.mark.parametrize("way", ["copy", "copy_bytes"])
def test_every_length_round_trips(sample: Sample, size: int, way: str) -> None:
    data = case_files.pattern(size, seed=3)
    digest = hashlib.sha256(data).digest()
    with case_files.append_to(sample.path) as case:
        with case.batch() as batch, batch.attempt():
            copied = (
                batch.copy(io.BytesIO(data)) if way == "copy" else batch.copy_bytes(data, digest)
            )
            assert (copied.size, copied.sha256) == (size, digest.hex())
            batch.append(Kind.EXHIBIT, case_files.exhibit_data(data))
        stream = case.original(6)
        assert stream.size == size
        assert stream.read() == data
        assert b"".join(case.original(6).pieces()) == data


@pytest.fixture(scope="module")
def case(sample_made_once: Sample) -> Iterator[CaseFile]:
    with CaseFile.open_read(sample_made_once.path) as opened:
        yield opened


offsets = st.integers(-2 * CHUNK, len(LONG) + CHUNK) | st.sampled_from(
    [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, len(LONG) - 1, len(LONG), len(LONG) + 1]
)
steps = st.one_of(
    st.tuples(st.just("read"), st.integers(-1, 2 * CHUNK)),
    st.tuples(st.sampled_from([io.SEEK_SET, io.SEEK_CUR, io.SEEK_END]), offsets),
)


@given(st.lists(steps, max_size=12))
def test_buffered_stream_behaves_like_the_bytes_themselves(
    case: CaseFile, steps: list[tuple[object, int]]
) -> None:
    model, stream = io.BytesIO(LONG), io.BufferedReader(case.original(2))
    for kind, number in steps:
        if kind == "read":
            assert stream.read(number) == model.read(number)
        else:
            _seek_alike(stream, model, number, kind)
        assert stream.tell() == model.tell()


@given(st.lists(steps, max_size=12))
def test_raw_stream_behaves_like_the_bytes_themselves(
    case: CaseFile, steps: list[tuple[object, int]]
) -> None:
    model, stream = io.BytesIO(LONG), case.original(2)
    for kind, number in steps:
        if kind == "read":
            # A raw read may be shorter, but empty only at the end.
            got = stream.read(number)
            assert got is not None
            assert got == model.read(len(got))
            assert got or number == 0 or not model.read(1)
        else:
            _seek_alike(stream, model, number, kind)
        assert stream.tell() == model.tell()


def _seek_alike(stream: io.IOBase, model: io.BytesIO, offset: int, whence: object) -> None:
    base = {io.SEEK_SET: 0, io.SEEK_CUR: model.tell(), io.SEEK_END: len(LONG)}[whence]  # type: ignore[index]
    if base + offset < 0:
        with pytest.raises((ValueError, OSError)):
            stream.seek(offset, whence)  # type: ignore[arg-type]
        return
    assert stream.seek(offset, whence) == model.seek(base + offset)  # type: ignore[arg-type]


def test_stream_takes_no_bytes(case: CaseFile) -> None:
    stream = case.original(2)
    assert (stream.readable(), stream.seekable(), stream.writable()) == (True, True, False)


def test_changed_bytes_come_out_as_stored_for_salvage(sample: Sample) -> None:
    """Reading does not hash: ``export`` compares the digest, ``doctor`` saves what is left."""
    case_files.flip(sample.path, "chunk", "data", "seq = 4", byte=5)
    with CaseFile.open_read(sample.path) as case:
        read = case.original(4).read()
    assert len(read) == 700
    assert read != sample.originals[4]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM chunk WHERE seq = 2 AND idx = 0",
        "DELETE FROM chunk WHERE seq = 2 AND idx = 1",
        "DELETE FROM chunk WHERE seq = 2 AND idx = 2",
        "DELETE FROM chunk WHERE seq = 2",
        "UPDATE chunk SET data = substr(data, 2) WHERE seq = 2 AND idx = 2",
        "UPDATE chunk SET data = data || x'00' WHERE seq = 2 AND idx = 0",
        "UPDATE chunk SET data = 'text' WHERE seq = 2 AND idx = 0",
        "UPDATE chunk SET data = 1000000000000 WHERE seq = 2 AND idx = 1",
    ],
)
def test_missing_or_wrong_chunk_is_never_passed_over(sample: Sample, damage: str) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute(damage)
    with CaseFile.open_read(sample.path) as case:
        with pytest.raises(OriginalDamagedError):
            io.BufferedReader(case.original(2)).read()
        with pytest.raises(OriginalDamagedError):
            list(case.original(2).pieces())
        assert case.original(4).read() == sample.originals[4]


def test_chunk_beyond_the_end_is_never_passed_over(sample: Sample) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute("INSERT INTO chunk (seq, idx, data) VALUES (2, 3, x'00')")
    with CaseFile.open_read(sample.path) as case, pytest.raises(OriginalDamagedError):
        list(case.original(2).pieces())

"""Bytes mutated from the samples: nothing but ``ExportFormError`` is ever raised, and soon.

A longer run: ``LIUHEN_FUZZ_EXAMPLES=20000 python -m pytest -n 0 -k fuzz tests/evidence/ingest``
"""

import contextlib
import io
import json
import os
import time
import zipfile
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from evidence.ingest.exports import registry, sidecar
from evidence.ingest.exports.base import ExportFormError, ExportReader
from tests.evidence.ingest.exports import golden

EXAMPLES = int(os.environ.get("LIUHEN_FUZZ_EXAMPLES", "40"))
SECONDS = 5
READERS = {reader.name: reader for reader in registry.readers()}

TOKENS = [
    b"<", b">", b'"', b"'", b"&", b"&#55357;", b"&#0;", b"\0", b"\xff", b"\xed\xa0\xbd", b"\n",
    b"[", b"]", b"{", b"}", b",", b":", b"\\", b"\\ud83d", b"null", b"-1", b"9" * 30, b"1e999",
    b"<!--", b"<!DOCTYPE a>", b"<![CDATA[", b"</smses>", b' data="', b"PK\x03\x04", b"\xef\xbb\xbf",
    "合计".encode(), "起始时间,通信方式,对方号码,通信类型\n".encode("gb18030"), b"2024-02-30", b"~",
]  # fmt: skip

edits = st.lists(
    st.tuples(
        st.sampled_from(["xor", "cut", "copy", "token", "end"]),
        st.floats(0, 1),
        st.integers(1, 400),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=6,
)
Edits = list[tuple[str, float, int, bytes]]


def mutated(data: bytes, changes: Edits) -> bytes:
    for kind, where, length, token in changes:
        at = int(where * len(data))
        if kind == "xor":
            data = (
                data[:at]
                + bytes(b ^ (length % 255 + 1) for b in data[at : at + 1])
                + data[at + 1 :]
            )
        elif kind == "cut":
            data = data[:at] + data[at + length :]
        elif kind == "copy":
            data = data[:at] + data[at : at + length] * 3 + data[at + length :]
        elif kind == "token":
            data = data[:at] + token + data[at:]
        else:
            data = data[:at]
    return data


def read_all(reader: ExportReader, data: bytes) -> None:
    """Read to the end; whatever was given must be storable, and the end must come soon."""
    begun = time.monotonic()
    record = 0
    with contextlib.suppress(ExportFormError):
        for row in reader.rows(io.BytesIO(data), len(data), name="详单_202401"):
            json.dumps(golden.plain(row), ensure_ascii=False).encode("utf-8")
            assert row.position.record >= record
            record = row.position.record
    assert time.monotonic() - begun < SECONDS


def reader_of(sample: Path) -> ExportReader | None:
    name = json.loads(golden.expected_path(sample).read_text("utf-8"))["reader"]
    return READERS.get(name)


@pytest.mark.parametrize("sample", golden.samples(), ids=lambda path: path.name)
@hypothesis.settings(max_examples=EXAMPLES)
@hypothesis.given(changes=edits)
@hypothesis.example(changes=[("token", 0.1171875, 1, b"\\ud83d")])  # half a pair in a key
def test_mutated_samples_raise_nothing_else(sample: Path, changes: Edits) -> None:
    data = mutated(sample.read_bytes(), changes)
    registry.find_reader(data[:65536])
    reader = reader_of(sample)
    if reader is not None:
        read_all(reader, data)
    with contextlib.suppress(ExportFormError):
        sidecar.parse_sidecar(data)


@pytest.mark.parametrize(
    "sample", [p for p in golden.samples() if p.suffix in (".zip", ".xlsx")], ids=lambda p: p.name
)
@hypothesis.settings(max_examples=EXAMPLES)
@hypothesis.given(changes=edits, which=st.floats(0, 0.999))
def test_archives_with_mutated_members_raise_nothing_else(
    sample: Path, changes: Edits, which: float
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(sample) as source, zipfile.ZipFile(buffer, "w") as target:
        infos = source.infolist()
        chosen = infos[int(which * len(infos))]
        for info in infos:
            content = source.read(info)
            content = mutated(content, changes) if info is chosen else content
            target.writestr(info.filename, content)
    reader = reader_of(sample)
    assert reader is not None
    read_all(reader, buffer.getvalue())


@pytest.mark.parametrize("reader", registry.readers(), ids=lambda reader: reader.name)
@hypothesis.settings(max_examples=EXAMPLES)
@hypothesis.given(data=st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS)).map(b"".join))
def test_any_bytes_raise_nothing_else(reader: ExportReader, data: bytes) -> None:
    reader.identify(data)
    read_all(reader, data)

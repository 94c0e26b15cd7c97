"""Every sample gives what a person read and kept beside it."""

import json
from pathlib import Path

import pytest

from evidence.ingest.exports import registry, sidecar
from tests.evidence.ingest.exports import golden


@pytest.mark.parametrize("sample", golden.samples(), ids=lambda path: path.name)
def test_sample_gives_the_values_kept_beside_it(sample: Path) -> None:
    expected = json.loads(golden.expected_path(sample).read_text(encoding="utf-8"))
    assert json.loads(json.dumps(golden.describe(sample))) == expected


@pytest.mark.parametrize("sample", golden.samples(), ids=lambda path: path.name)
def test_exactly_one_reader_knows_a_sample(sample: Path) -> None:
    head = sample.read_bytes()[:65536]
    known = [reader.name for reader in registry.readers() if reader.identify(head)]
    assert len(known) == 1
    assert (known == ["bcr-sidecar"]) == sidecar.identify(head)


def test_every_expected_file_has_its_sample() -> None:
    kept = {p.name for p in golden.SAMPLES.iterdir() if p.name.endswith(golden.SUFFIX)}
    assert kept == {golden.expected_path(p).name for p in golden.samples()}


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"", "empty"),
        (
            "今天下午两点，13800000011 打来，骂人。\n日期,时间,号码,时长,内容\n".encode(),
            "own notes",
        ),
        ("时间,对方号码,通话时长\n2024-01-15 14:30:25,13900139000,3分\n".encode(), "own list"),
        (b'{"a": 1}', "other json"),
        (b"[]", "empty array"),
        (b'[{"name": "x", "number": "1"}]', "contacts"),
        (b"<html><body><p>hello</p></body></html>", "other page"),
        (b"<smsesx count='1'>", "other root"),
        (b"<feed><smses/></feed>", "other root around"),
        (b"PK\x03\x04" + b"\0" * 60, "other archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "other OLE file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_files_are_no_exports(head: bytes, what: str) -> None:
    assert registry.find_reader(head) is None

"""Names that are no UTF-8."""

import os
from pathlib import Path

import pytest

from evidence.ingest.find_files import as_text


def test_a_name_that_is_text_stays_as_it_is() -> None:
    assert as_text(Path("录音 é\u0301 😀.mp3")) == "录音 é\u0301 😀.mp3"


def test_a_gbk_name_is_read_as_gb18030() -> None:
    assert as_text(Path(os.fsdecode("录音@李经理.mp3".encode("gbk")))) == "录音@李经理.mp3"


def test_each_part_of_a_path_is_read_by_itself() -> None:
    path = os.fsdecode("手机/".encode() + "录音.mp3".encode("gbk"))
    assert as_text(Path(path)) == "手机/录音.mp3"


@pytest.mark.parametrize("name", [b"a\xff.mp3", b"\x81\x20.mp3", b"\xff\xff"])
def test_other_bytes_are_shown_and_never_a_lone_surrogate(name: bytes) -> None:
    text = as_text(Path(os.fsdecode(name)))
    text.encode()
    assert "\\x" in text

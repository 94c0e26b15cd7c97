from pathlib import Path

import pytest

from reports.bundle import layout


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "/etc/passwd",
        "../outside",
        "data/../../outside",
        "data/./packet.pdf",
        "data//packet.pdf",
        "data/packet.pdf/",
        "data\\packet.pdf",
        "C:/packet.pdf",
        "data/投诉.pdf",
        "data/a\nb",
        "data/a\x00b",
        "data/%2e%2e/a",
        "data/a+b",
        "data/a.",
        "data/a./b",
        "data/NUL",
        "data/com1.txt",
        "aux/a",
        "data/" + "a" * 200,
    ],
)
def test_a_path_that_could_leave_the_bundle_is_unsafe(path: str, tmp_path: Path) -> None:
    assert not layout.is_safe(path)
    with pytest.raises(ValueError, match="unsafe"):
        layout.inside(tmp_path, path)


@pytest.mark.parametrize(
    "path",
    [
        *layout.REQUIRED_PAYLOAD,
        *layout.REQUIRED_TAGS,
        "data/exhibits/E001.m4a",
        layout.part(1),
        layout.part(12),
    ],
)
def test_every_path_of_the_layout_is_safe_and_known(path: str, tmp_path: Path) -> None:
    assert layout.is_safe(path)
    assert layout.is_known(path)
    assert layout.inside(tmp_path, path) == tmp_path / path


@pytest.mark.parametrize("path", ["verify/null.txt", "data/con-1.txt", "data/.a", "com/comx"])
def test_a_name_that_only_resembles_a_device_is_safe(path: str) -> None:
    assert layout.is_safe(path)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("data/exhibits/E001.m4a", "E001"),
        ("data/exhibits/E1000.bin", "E1000"),
        ("data/exhibits/E01.m4a", None),
        ("data/exhibits/e001.m4a", None),
        ("data/exhibits/E001.m4a.exe", None),
        ("data/exhibits/sub/E001.m4a", None),
        ("exhibits/E001.m4a", None),
    ],
)
def test_only_the_file_of_an_exhibit_has_a_label(path: str, label: str | None) -> None:
    assert layout.exhibit_label(path) == label


def test_timestamps_and_derived_copies_are_known_as_such() -> None:
    assert layout.timestamp_number(layout.timestamp("001", ".tsr")) == "001"
    assert layout.timestamp_number(layout.CHECKPOINT) is None
    assert layout.is_redacted("data/redacted/E003.png")
    assert layout.is_known("data/anchor/001.tsq")
    assert not layout.is_known("data/else.txt")

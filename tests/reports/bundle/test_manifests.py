import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bundle import layout, manifests
from reports.bundle.manifests import LineError

DIGEST = hashlib.sha256(b"").hexdigest()
SAFE = st.from_regex(r"data/[a-z0-9]{1,8}(\.[a-z]{1,4})?", fullmatch=True).filter(layout.is_safe)


@given(st.dictionaries(SAFE, st.binary().map(lambda b: hashlib.sha256(b).hexdigest())))
def test_a_manifest_round_trips_both_ways(digests: dict[str, str]) -> None:
    data = manifests.format_manifest(digests)
    assert manifests.parse_manifest(data) == digests
    assert manifests.format_manifest(manifests.parse_manifest(data)) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused_with_a_line(data: bytes) -> None:
    try:
        digests = manifests.parse_manifest(data)
    except LineError:
        return
    assert manifests.parse_manifest(manifests.format_manifest(digests)) == digests


@pytest.mark.parametrize(
    "data",
    [
        f"{DIGEST}  data/a",
        f"{DIGEST} data/a\n",
        f"{DIGEST} *data/a\n",
        f"{DIGEST}   data/a\n",
        f"{DIGEST.upper()}  data/a\n",
        f"{DIGEST[:-1]}  data/a\n",
        f"{DIGEST}  data/a\r\n",
        f"{DIGEST}  ../a\n",
        f"{DIGEST}  /etc/passwd\n",
        f"{DIGEST}  data/证据\n",
        f"{DIGEST}  data/a\n{DIGEST}  data/a\n",
        f"\n{DIGEST}  data/a\n",
        f"{DIGEST}  data/a\n\n",
        f"\ufeff{DIGEST}  data/a\n",
    ],
)
def test_a_line_that_this_program_does_not_write_is_refused(data: str) -> None:
    with pytest.raises(LineError):
        manifests.parse_manifest(data.encode())


def test_bag_info_round_trips_with_chinese_values() -> None:
    pairs = (("Bagging-Date", "2026-11-24"), ("External-Description", "投诉材料: 一"))
    data = manifests.format_info(pairs)
    assert manifests.parse_info(data) == pairs


@pytest.mark.parametrize("value", ["a\nPayload-Oxum: 0.0", "a\rb"])
def test_a_value_cannot_smuggle_in_a_line(value: str) -> None:
    with pytest.raises(ValueError, match="External-Description"):
        manifests.format_info((("External-Description", value),))


@pytest.mark.parametrize("data", ["A:b\n", "A : b\n", " A: b\n", "A\n", "A: b\n\n", "A: b\0\n"])
def test_line_of_bag_info_that_is_no_label_and_value_is_refused(data: str) -> None:
    with pytest.raises(LineError):
        manifests.parse_info(data.encode())


def test_whatever_the_standard_allows_in_bag_info_is_read() -> None:
    # RFC 8493 section 2.2.2: tabs, CR and CRLF, labels again, values that go on in the next line
    data = b"A b: 1\r\nA b:\t2\rC: x\n \ty: z\nD: \xff"
    found = manifests.parse_info(data)
    assert found == (("A b", "1"), ("A b", "2"), ("C", "x\ny: z"), ("D", "\udcff"))

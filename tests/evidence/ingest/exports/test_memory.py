"""Memory does not grow with the export: 150 MiB are never used, measured in a fresh process."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.ingest.exports import registry
from tests.evidence.ingest.exports.streams import InPieces

MIB = 1024 * 1024
BOUND_KIB = 150 * 1024

_SMS = (
    '<sms protocol="0" address="13900139000" date="1705300360000" type="1" subject="null" body="'
    + ("再不还款就联系你单位和通讯录好友，自己看着办。" * 10 + "&#55357;&#56865;&#10;") * 10
    + '" read="1" status="-1" date_sent="1705300357000" sub_id="1" contact_name="某某李经理" />\n'
).encode()
_VIDEO = (
    b'<mms date="1705300800000" msg_box="1" address="13900139000"><parts><part seq="0" '
    b'ct="video/mp4" name="v.mp4" data="' + b"QUJD" * (5 * MIB) + b'" /></parts></mms>\n'
)
_CALL = b'{"number":"13900139000","date":"1705300225123","duration":"183","type":"1"},\n'
_BATCH = 50

LARGE = {
    "messages": (b"<smses>\n", _SMS * _BATCH, b"</smses>", 200 * MIB // (len(_SMS) * _BATCH)),
    "videos": (b"<smses>\n", _VIDEO, b"</smses>", 10),
    "calls": (b"[", _CALL * _BATCH, _CALL[:-2] + b"]", 5000),
}


def read_large(kind: str) -> int:
    """Read one of the streams; return how many rows it gave."""
    head, piece, tail, count = LARGE[kind]
    reader = registry.find_reader((head + piece)[:65536])
    assert reader is not None
    stream = InPieces(itertools.chain([head], itertools.repeat(piece, count), [tail]))
    return sum(1 for _ in reader.rows(stream, 0, name=""))  # type: ignore[arg-type]  # only read() is used


def peak_kib() -> int:
    """Return the most memory this process ever had; the child's own, not its parent's."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise RuntimeError("no VmHWM")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("messages", LARGE["messages"][3] * _BATCH),
        ("videos", 10),
        ("calls", 5000 * _BATCH + 1),
    ],
)
def test_memory_does_not_grow_with_the_export(kind: str, rows: int) -> None:
    code = (
        "from tests.evidence.ingest.exports import test_memory as m;"
        f"print(m.read_large({kind!r}), m.peak_kib())"
    )
    child = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    found, peak = map(int, child.stdout.split())
    assert found == rows
    assert peak < BOUND_KIB

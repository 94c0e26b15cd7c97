"""Speed and memory of the export readers, against expat alone on the same bytes in the same run.

Usage: python benchmarks/exports.py [--mebibytes 1024] [--only NAME]

Every stream is generated as it is read, nothing is written to disk. Each figure is from a process
of its own: CPU seconds of reading less those of generating, rows, and the peak of resident memory.
The exit code is 1 if a bound is not kept.
"""

import argparse
import io
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from evidence.ingest.exports import registry

MIB = 1024 * 1024
BOUND_MIB = 150
BOUND_SPEED = 20
"""MB of XML per second (issue: call and message exports)."""

EMOJI = "&#55357;&#56865;"
TEXTS = (
    "【甲某消费金融】林先生，您的借款已逾期2天，请尽快处理。如有困难可致电4000000001协商。退订回T",
    f"五点过了，款没到。明天开始给你单位打电话，别说没提醒你。{EMOJI}",
    "请不要联系我的家人和同事。通话已录音，我愿意协商分期。",
    "你通讯录我这边有一百多人，一个一个打，&#10;让他们都知道你欠钱不还。",
)


def message(i: int) -> str:
    """One SMS as SMS Backup & Restore writes it."""
    stamp = 1705300360000 + i * 61_007
    return (
        f'  <sms protocol="0" address="1380000{i % 97:04d}" date="{stamp}" type="{i % 2 + 1}" '
        f'subject="null" body="{TEXTS[i % 4]}" toa="null" sc_toa="null" '
        f'service_center="+8613800755500" read="1" status="-1" locked="0" '
        f'date_sent="{stamp - 2000}" sub_id="0" readable_date="2024年1月15日 14:32:40" '
        'contact_name="(Unknown)" />\n'
    )


def call(i: int) -> str:
    """One call as SMS Backup & Restore writes it."""
    return (
        f'  <call number="1380000{i % 97:04d}" duration="{i % 7 * 13}" '
        f'date="{1705300360000 + i * 61_007}" type="{i % 3 + 1}" presentation="1" '
        'subscription_id="1" post_dial_digits="" subscription_component_name='
        '"com.android.phone/com.android.services.telephony.TelephonyConnectionService" '
        'readable_date="2026年9月21日 15:20:05" contact_name="(Unknown)" />\n'
    )


def json_call(i: int) -> str:
    """One call as SMS Import / Export writes it."""
    return (
        f'  {{\n    "_id": "{i}",\n    "number": "1380000{i % 97:04d}",\n    "date": '
        f'"{1705300360000 + i * 61_007}",\n    "duration": "{i % 90}",\n    "type": "{i % 3 + 1}",'
        '\n    "subscription_id": "1",\n    "geocoded_location": "广东深圳"\n  },\n'
    )


def json_message(i: int) -> str:
    """One SMS as SMS Import / Export writes it."""
    text = TEXTS[i % 4].replace(EMOJI, "😡").replace("&#10;", "\\n")
    return (
        f'{{"_id":"{i}","address":"1380000{i % 97:04d}","date":"{1705300360000 + i * 61_007}",'
        f'"date_sent":"0","type":"{i % 2 + 1}","body":"{text}","read":"1","sub_id":"0"}}\n'
    )


def bill(i: int) -> str:
    """One call as China Mobile writes it."""
    return (
        f"2024-01-{i % 28 + 1:02d} {i % 24:02d}:01:05,深圳,被叫,1380000{i % 97:04d},"
        f"{i % 9}分{i % 60}秒,本地(非漫游、被叫),,0.00\n"
    )


TITLES = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"
STREAMS = {
    "messages-xml": ("<smses>\n", message, "</smses>"),
    "calls-xml": ("<calls>\n", call, "</calls>"),
    "messages-ndjson": ("", json_message, ""),
    "calls-json": (
        "[\n",
        json_call,
        '  {"number": "", "date": "1", "duration": "1", "type": "1"}\n]',
    ),
    "bill-csv": (TITLES, bill, ""),
}


class Stream(io.RawIOBase):
    """A file whose bytes are made when they are read, from blocks of ten thousand records."""

    def __init__(self, kind: str, mebibytes: int) -> None:
        super().__init__()
        head, make, tail = STREAMS[kind]
        block = "".join(make(i) for i in range(10_000)).encode()
        count = max(1, mebibytes * MIB // len(block))
        self.size = len(block) * count
        self.rows = 10_000 * count
        self._parts = head.encode(), block, count, tail.encode()
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Begin again: readers that look at the head first go back to nothing else."""
        assert (offset, whence) == (0, io.SEEK_SET)
        head, block, count, tail = self._parts
        self._blocks: Iterator[bytes] = itertools.chain(
            [head], itertools.repeat(block, count), [tail]
        )
        self._block, self._at = b"", 0
        return 0

    def readinto(self, buffer: memoryview) -> int:
        while self._at >= len(self._block):
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._block, self._at = block, 0
        given = self._block[self._at : self._at + len(buffer)]
        self._at += len(given)
        buffer[: len(given)] = given
        return len(given)


def measure(kind: str, mebibytes: int) -> None:
    """Print MB/s, microseconds per row, and peak MiB of reading one stream."""
    head, make, _ = STREAMS[kind]
    sample = (head + "".join(make(i) for i in range(100))).encode()
    reader = registry.find_reader(sample[:65536])
    assert reader is not None, kind
    stream = Stream(kind, mebibytes)
    source = io.BufferedReader(stream, 128 * 1024) if kind.endswith("ndjson") else stream
    begun = time.process_time()
    rows = sum(1 for _ in reader.rows(source, stream.size, name="详单_202401"))
    seconds = time.process_time() - begun
    assert rows >= stream.rows - 1, (rows, stream.rows)
    print(stream.size / 1e6 / seconds, seconds / rows * 1e6, peak_kib() / 1024)


def measure_expat(kind: str, mebibytes: int) -> None:
    """Print MB/s of expat alone, with handlers that do nothing, on the repaired bytes."""
    head, make, tail = STREAMS[kind]
    text = (head + "".join(make(i) for i in range(10_000)) + tail).replace(EMOJI, "x")
    data = text.encode()
    seconds = 0.0
    for _ in range(max(1, mebibytes * MIB // len(data) // 8)):
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = parser.EndElementHandler = ignore
        begun = time.process_time()
        parser.Parse(data, True)
        seconds += time.process_time() - begun
    print(len(data) * max(1, mebibytes * MIB // len(data) // 8) / 1e6 / seconds, 0, 0)


def ignore(*_: object) -> None:
    """Do nothing."""


def peak_kib() -> int:
    """Return the most memory this process ever had (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def child(what: str, kind: str, mebibytes: int) -> tuple[float, float, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--mebibytes", str(mebibytes), "--child", what, kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    speed, per_row, peak = map(float, done.stdout.split())
    return speed, per_row, peak


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--only", choices=sorted(STREAMS))
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        what, kind = options.child
        (measure_expat if what == "expat" else measure)(kind, options.mebibytes)
        return 0
    failed = False
    for kind in [options.only] if options.only else list(STREAMS):
        speed, per_row, peak = child("rows", kind, options.mebibytes)
        is_xml = kind.endswith("xml")
        ok = peak <= BOUND_MIB and (not is_xml or speed >= BOUND_SPEED)
        failed |= not ok
        beside = f"; expat alone {child('expat', kind, 64)[0]:.0f} MB/s" if is_xml else ""
        print(
            f"{'ok ' if ok else 'BAD'}  {kind:<16} {options.mebibytes} MiB: {speed:6.1f} MB/s, "
            f"{per_row:5.1f} µs a row, peak {peak:.0f} MiB{beside}"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Speed and memory of the proofs: ``verify`` of a large case, and verify.py on a large bundle.

Usage: python -m benchmarks.proof [--quick] [--folder DIR] [--turns N]

Every figure is printed with the bound it must keep; the exit code is 1 if one does not. Each pair
is measured in turn, several times, and the least of each counts, so that another load on the
machine hits both. Needs openssl and sha256sum. The folder wants 11 GiB.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.foundation import LIUHEN, MIB, fill, run, timed
from benchmarks.verify_html import pad
from evidence.core import moment, records
from evidence.core.records import Exhibit, Kind, Medium, Origin
from evidence.store.case_file import CaseFile
from evidence.store.clock import system_clock

GIB = 1024 * MIB
Row = tuple[str, float, str, float]


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--folder", type=Path, default=None, help="where to work")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    scale = 10 if options.quick else 1
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="liuhen-bench-") as name:
        folder = Path(name)
        rows = [
            *originals(folder, 10_000 // scale, 5 * GIB // scale, options.turns),
            *entries(folder, 100_000 // scale, options.turns),
            *bundle(folder, 1024 // scale, options.turns),
        ]
    failed = False
    for what, value, unit, bound in rows:
        ok = value <= bound
        failed |= not ok
        print(f"{'ok ' if ok else 'BAD'}  {what:<58} {value:8.2f} {unit:<6} (bound {bound:g})")
    return 1 if failed else 0


def originals(folder: Path, count: int, size: int, turns: int) -> list[Row]:
    """Compare ``verify`` of a case of ``count`` originals with openssl over the same bytes."""
    source, case = folder / "source", folder / "large.liuhen"
    source.mkdir()
    noise = os.urandom(size // count - 8)
    names = [f"{number:08d}" for number in range(count - 1)]
    with CaseFile.create(case, clock=system_clock) as writer, writer.batch() as batch:
        for name in names:
            data = name.encode() + noise
            (source / name).write_bytes(data)
            digest = hashlib.sha256(data)
            record = exhibit(name, len(data), digest.hexdigest())
            with batch.attempt():
                batch.copy(io.BytesIO(data))
                batch.append(Kind.EXHIBIT, records.exhibit_to_data(record))
    arguments = "\n".join(names)
    openssl = ["xargs", "openssl", "dgst", "-sha256"]
    verify = [*LIUHEN, "--case", str(case), "verify"]
    least, peak = pairs(
        lambda: subprocess.run(
            openssl, cwd=source, input=arguments.encode(), check=True, stdout=subprocess.DEVNULL
        ),
        verify,
        turns,
    )
    what = f"verify of {count:,} entries, {size / GIB:.1f} GiB / openssl dgst -sha256"
    for name in names:
        (source / name).unlink()
    case.unlink()
    return [(what, least[1] / least[0], "x", 0.8), ("its peak resident", peak, "MiB", 200)]


def exhibit(name: str, size: int, sha256: str) -> Exhibit:
    """Return an exhibit of which nothing but the bytes is known."""
    return Exhibit(
        name=f"录音_{name}.bin",
        size=size,
        sha256=records.Sha256Hex(sha256),
        media_type="application/octet-stream",
        medium=Medium.DOCUMENT,
        occurred=moment.unknown(),
        origin=Origin(importer="benchmark", version="1"),
    )


def entries(folder: Path, count: int, turns: int) -> list[Row]:
    """Verify a case of ``count`` notes."""
    case = folder / "entries.liuhen"
    with CaseFile.create(case, clock=system_clock) as writer:
        fill(writer, count - writer.size())
    verify = [*LIUHEN, "--case", str(case), "verify"]
    seconds = min(timed(lambda: run(verify)) for _ in range(turns))
    return [(f"verify of {count:,} entries", seconds, "s", 3.0)]


def bundle(folder: Path, mebibytes: int, turns: int) -> list[Row]:
    """Compare verify.py with sha256sum over the same bundle."""
    run([*LIUHEN, "demo", "-o", str(folder / "demo")])
    packet = folder / "demo" / "packet-12378"
    pad(packet, [25] * (mebibytes // 25))
    checker = [sys.executable, "-I", "-S", str(packet / "verify" / "verify.py"), str(packet)]
    least, peak = pairs(
        lambda: subprocess.run(
            ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=packet, check=True
        ),
        checker,
        turns,
    )
    what = f"verify.py on a bundle of {mebibytes} MiB / sha256sum -c"
    return [(what, least[1] / least[0], "x", 2.0), ("its peak resident", peak, "MiB", 100)]


def pairs(
    reference: Callable[[], object], ours: list[str], turns: int
) -> tuple[tuple[float, float], float]:
    """Return the least seconds of each, and the most resident memory of our command in MiB."""
    os.sync()  # else the system is still writing what was made for this while it is measured
    theirs, mine, peaks = [], [], []
    for _ in range(turns):
        theirs.append(timed(reference))
        mine.append(timed(lambda: peaks.append(resident(ours))))
    print(f"# reference {[round(t, 2) for t in theirs]} ours {[round(t, 2) for t in mine]}")
    return (min(theirs), min(mine)), max(peaks)


def resident(command: list[str]) -> float:
    """Run a command that finds nothing wrong, and return its most resident memory in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 11):
        raise RuntimeError(f"exit {process.returncode}: {command}")
    return used.ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps({"cpus": os.cpu_count(), "python": sys.version.split()[0]}))
    sys.exit(main())

"""Speed and memory of the foundation, each as a ratio against a named reference in the same run.

Usage: python benchmarks/foundation.py [--quick] [--folder DIR]

Every figure is printed with the bound it must keep; the exit code is 1 if one does not. Needs
cp, sync, sha256sum and openssl; borg is compared when it is installed.
"""

import argparse
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evidence.core import records
from evidence.core.records import Kind, Note
from evidence.store.case_file import CaseFile
from evidence.store.clock import system_clock

MIB = 1024 * 1024
LIUHEN = [sys.executable, "-m", "cli.main"]


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument(
        "--folder", type=Path, default=None, help="where to work (same disk for all)"
    )
    options = parser.parse_args()
    scale = 10 if options.quick else 1
    rows: list[tuple[str, float, str, float]] = []
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="liuhen-bench-") as name:
        folder = Path(name)
        rows += import_many(folder, 1000 // scale)
        rows += import_large(folder, 2048 // scale)
        rows += command_start()
        rows += many_entries(folder)
    failed = False
    for what, value, unit, bound in rows:
        ok = value <= bound
        failed |= not ok
        print(f"{'ok ' if ok else 'BAD'}  {what:<58} {value:8.2f} {unit:<6} (bound {bound:g})")
    return 1 if failed else 0


def import_many(folder: Path, count: int) -> list[tuple[str, float, str, float]]:
    """Import ``count`` WAV files of 1 MiB; then verify them."""
    source = folder / "source"
    source.mkdir()
    for number in range(count):
        (source / f"录音_20261014_{number:06d}.wav").write_bytes(noise_wav(MIB))
    case = folder / "many.liuhen"
    liuhen("--case", str(case), "init")
    drop = settle
    copies, ours, borgs = [], [], []
    for turn in range(3):
        drop()
        copies.append(timed(lambda: copy_and_hash(source, folder / "copy")))
        shutil.rmtree(folder / "copy")
        case.unlink()
        liuhen("--case", str(case), "init")
        drop()
        ours.append(timed(lambda: liuhen("--case", str(case), "--json", "import", str(source))))
        if shutil.which("borg"):
            drop()
            borgs.append(timed(lambda turn=turn: borg(source, folder / f"borg-{turn}")))
            shutil.rmtree(folder / f"borg-{turn}")
    print(f"# cp+sync+sha256sum {copies}\n# import {ours}\n# borg {borgs}")
    rows = [("import / (cp + sync + sha256sum)", min(ours) / min(copies), "x", 0.8)]
    if borgs:
        rows.append(("import / borg create -C none", min(ours) / min(borgs), "x", 1.0))
    files = [str(p) for p in sorted(source.iterdir())]
    digest = [timed(lambda: run(["openssl", "dgst", "-sha256", *files])) for _ in range(3)]
    checks = [timed(lambda: liuhen("--case", str(case), "verify")) for _ in range(3)]
    print(f"# openssl dgst {digest}\n# verify {checks}")
    rows.append(("verify / openssl dgst -sha256", min(checks) / min(digest), "x", 1.0))
    shutil.rmtree(source)
    return rows


def import_large(folder: Path, mebibytes: int) -> list[tuple[str, float, str, float]]:
    """Import one large WAV and read the peak resident memory of the process tree's root."""
    large = folder / "large.wav"
    with large.open("wb") as file:
        size = mebibytes * MIB
        file.write(wav_header(size - 44))
        block = os.urandom(MIB)
        left = size - 44
        while left:
            left -= file.write(block[: min(left, MIB)])
    case = folder / "large.liuhen"
    liuhen("--case", str(case), "init")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    seconds = timed(lambda: liuhen("--case", str(case), "--json", "import", str(large)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"# one file of {mebibytes} MiB: {seconds:.1f} s, children before {before} KiB")
    large.unlink()
    return [(f"import of one {mebibytes} MiB file, peak resident", peak / 1024, "MiB", 200)]


def command_start() -> list[tuple[str, float, str, float]]:
    """Compare ``liuhen --version`` with importing click."""
    ours = min(timed(lambda: liuhen("--version")) for _ in range(10))
    click = min(timed(lambda: run([sys.executable, "-c", "import click"])) for _ in range(10))
    return [("liuhen --version minus import click", (ours - click) * 1000, "ms", 100)]


def many_entries(folder: Path) -> list[tuple[str, float, str, float]]:
    """Time ``list`` on 10,000 entries, and one append at 1,000 and at 100,000 entries."""
    path = folder / "entries.liuhen"
    with CaseFile.create(path, clock=system_clock) as case:
        fill(case, 1000)
        early = append_seconds(case)
        fill(case, 10_000 - case.size())
        listing = min(timed(lambda: liuhen("--case", str(path), "list")) for _ in range(3))
        fill(case, 100_000 - case.size())
        late = append_seconds(case)
    return [
        ("list on 10,000 entries", listing, "s", 1.0),
        ("append at entry 100,000 / at entry 1,000", late / early, "x", 1.25),
    ]


def fill(case: CaseFile, count: int) -> None:
    """Append ``count`` notes in one commit."""
    with case.batch() as batch:
        for number in range(count):
            batch.append(Kind.NOTE, records.note_to_data(Note(text=f"第 {number} 条")))


def append_seconds(case: CaseFile) -> float:
    """Return the median seconds of one durable append."""
    data = records.note_to_data(Note(text="一条"))
    times = sorted(timed(lambda: case.append(Kind.NOTE, data)) for _ in range(101))
    return times[50]


def copy_and_hash(source: Path, target: Path) -> None:
    """Do what a careful person does by hand."""
    run(["cp", "-r", str(source), str(target)])
    run(["sync"])
    run(["sha256sum", *(str(p) for p in sorted(target.iterdir()))])


def borg(source: Path, repository: Path) -> None:
    """Back the files up without compression or encryption."""
    environment = {
        **os.environ,
        "BORG_BASE_DIR": str(repository.parent),
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
    }
    if not repository.exists():
        run(["borg", "init", "-e", "none", str(repository)], environment)
    run(["borg", "create", "-C", "none", f"{repository}::one", str(source)], environment)


def settle() -> None:
    """Wait until earlier writes are on the disk."""
    run(["sync"])


def liuhen(*arguments: str) -> None:
    """Run the command in its own process."""
    run([*LIUHEN, *arguments])


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command; its output is not wanted, its failure is."""
    subprocess.run(command, check=True, capture_output=True, env=environment)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def noise_wav(size: int) -> bytes:
    """Return a mono 16-bit WAV of ``size`` bytes."""
    return wav_header(size - 44) + os.urandom(size - 44)


def wav_header(data_bytes: int, rate: int = 16000) -> bytes:
    """Return the 44-byte header of a mono 16-bit PCM WAV."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + data_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate,
        rate * 2,
        2,
        16,
        b"data",
        data_bytes,
    )


if __name__ == "__main__":
    print(json.dumps({"cpus": os.cpu_count(), "python": sys.version.split()[0]}))
    sys.exit(main())

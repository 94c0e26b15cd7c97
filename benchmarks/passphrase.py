"""What a passphrase costs, as a ratio against the same case without one in the same run.

Usage: python benchmarks/passphrase.py [--quick] [--folder DIR] [--turns N]

Every figure is printed with the bound it must keep; the exit code is 1 if one does not. Both cases
are measured in turn, several times, and the least of each counts, so that another load on the
machine hits both.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from foundation import MIB, noise_wav, timed

LIUHEN = [sys.executable, "-m", "cli.main"]
WORDS = {"LIUHEN_PASSPHRASE": "四匹马 喝 蓝色的茶"}


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--folder", type=Path, default=None, help="where to work")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    count = 20 if options.quick else 200
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="liuhen-bench-") as name:
        rows = [*many_and_large(Path(name), count, options.turns), *opening(Path(name))]
    failed = False
    for what, value, unit, bound in rows:
        ok = value <= bound
        failed |= not ok
        print(f"{'ok ' if ok else 'BAD'}  {what:<58} {value:8.2f} {unit:<6} (bound {bound:g})")
    return 1 if failed else 0


def many_and_large(folder: Path, count: int, turns: int) -> list[tuple[str, float, str, float]]:
    """Import ``count`` files of 1 MiB and one of four times as much as all of them; verify."""
    source = folder / "source"
    source.mkdir()
    for number in range(count):
        (source / f"录音_20261014_{number:06d}.wav").write_bytes(noise_wav(MIB))
    (source / "large.wav").write_bytes(noise_wav(4 * count * MIB))
    cases = {"plain": folder / "plain.liuhen", "sealed": folder / "sealed.liuhen"}
    work: dict[str, list[float]] = {"plain": [], "sealed": []}
    imports: dict[str, list[float]] = {"plain": [], "sealed": []}
    verifies: dict[str, list[float]] = {"plain": [], "sealed": []}
    for _ in range(max(turns // 2, 1)):
        for name, case in cases.items():
            case.unlink(missing_ok=True)
            liuhen(case, "init", *(["--passphrase"] if name == "sealed" else []))
            subprocess.run(["sync"], check=True)
            before = cpu_seconds()
            imports[name].append(timed(lambda c=case: liuhen(c, "import", str(source))))
            work[name].append(cpu_seconds() - before)
    for _ in range(turns):
        for name, case in cases.items():
            verifies[name].append(timed(lambda c=case: liuhen(c, "verify")))
    turning = [timed(lambda: liuhen(cases["plain"], "passphrase", "set"))]
    changing = [timed(lambda: change(folder, cases["plain"]))]
    print(f"# import {imports}\n# its CPU seconds {work}\n# verify {verifies}")
    print(f"# set {turning} change {changing}")
    size = cases["sealed"].stat().st_size / MIB
    return [
        ("verify with a passphrase / without", least(verifies), "x", 1.3),
        ("import with a passphrase / without", least(imports), "x", 1.3),
        ("CPU of an import with a passphrase / without", least(work), "x", 1.6),
        (
            f"passphrase set on {size:.0f} MiB, per import of it",
            turning[0] / min(imports["sealed"]),
            "x",
            3,
        ),
        (f"passphrase change on {size:.0f} MiB", changing[0], "s", 3),
    ]


def opening(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return what opening costs: ``list`` on an empty case with and without a passphrase."""
    cases = {"plain": folder / "a.liuhen", "sealed": folder / "b.liuhen"}
    times: dict[str, list[float]] = {"plain": [], "sealed": []}
    liuhen(cases["plain"], "init")
    liuhen(cases["sealed"], "init", "--passphrase")
    for _ in range(5):
        for name, case in cases.items():
            times[name].append(timed(lambda c=case: liuhen(c, "list")))
    return [
        (
            "opening with a passphrase minus without",
            min(times["sealed"]) - min(times["plain"]),
            "s",
            1.0,
        )
    ]


def least(times: dict[str, list[float]]) -> float:
    """Return the ratio of the least times."""
    return min(times["sealed"]) / min(times["plain"])


def cpu_seconds() -> float:
    """Return what the ended children of this process have used, whatever else runs here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def change(folder: Path, case: Path) -> None:
    """Put another passphrase in place of the first."""
    new = folder / "new"
    new.write_text("新的 密码 也很长的", encoding="utf-8")
    liuhen(case, "passphrase", "change", "--new-passphrase-file", str(new))


def liuhen(case: Path, *arguments: str) -> None:
    """Run the command on ``case`` in its own process."""
    command = [*LIUHEN, "--case", str(case), "--json", *arguments]
    ran = subprocess.run(command, check=False, capture_output=True, env={**os.environ, **WORDS})
    if ran.returncode not in (0, 11):
        raise RuntimeError(ran.stderr.decode())


if __name__ == "__main__":
    print(
        json.dumps({"cpus": os.cpu_count(), "python": sys.version.split()[0], "at": time.ctime()})
    )
    sys.exit(main())

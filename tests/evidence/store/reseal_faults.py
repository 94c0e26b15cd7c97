"""Turning a passphrase on and off and changing it, also in processes that die in between.

``python -m tests.evidence.store.reseal_faults JOB FOLDER`` kills a child at every call of SQLite
and at every step of putting the new file in place, each on its own copy of the case.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evidence.core.passphrase import normalised
from evidence.store import erase
from evidence.store.case_file import CaseFile
from evidence.store.key_slots import Locks, SlotName
from evidence.store.protection import by_passphrase, wrap
from evidence.store.reseal import replace_slot, reseal
from evidence.store.schema import CHUNK_BYTES
from evidence.store.sealing import KeySealer, Sealer
from tests.evidence.store import case_files, faults, sealed_files

NEW = normalised("新的 密码 也很长的")


def fill(case: CaseFile) -> None:
    """Put in a note, an original of two pieces, and one that was erased."""
    case_files.note(case)
    case_files.exhibit(case, case_files.pattern(CHUNK_BYTES + 5, 1))
    gone = case_files.exhibit(case, case_files.pattern(900, 2))
    erase.erase(case, erase.plan(case, gone.seq), reason="误导入")
    case_files.note(case, "第二条")


def new_unlock(path: Path, locks: Locks) -> Sealer:
    return by_passphrase(path, locks, NEW)


def turn_on(path: Path) -> None:
    with case_files.append_to(path) as case:
        reseal(case, sealed_files.protection())


def turn_off(path: Path) -> None:
    with sealed_files.append_to(path) as case:
        reseal(case, None)


def change(path: Path) -> None:
    with sealed_files.append_to(path) as case:
        replace(case, SlotName.PASSPHRASE, NEW)


def replace(case: CaseFile, name: SlotName, secret: bytes) -> None:
    assert isinstance(case.sealer, KeySealer)
    replace_slot(case, name, wrap(name, case.sealer, secret, kdf=sealed_files.CHEAP))


JOBS: dict[str, Callable[[Path], None]] = {"on": turn_on, "off": turn_off, "change": change}


def _dying_around(points: faults.Points) -> None:
    """Let the steps on files, too, reach ``points``, before and after they take effect."""
    for name in ("open", "unlink", "rename", "replace", "fsync"):
        real = getattr(os, name)

        def step(*args: Any, _real: Callable[..., Any] = real, **more: Any) -> Any:
            points.reach(None)  # type: ignore[arg-type]  # the fault does not use it
            result = _real(*args, **more)
            points.reach(None)  # type: ignore[arg-type]  # the fault does not use it
            return result

        setattr(os, name, step)


def _kill_everywhere(job: str, work: Path) -> Iterator[str]:
    for at in range(1, 1000):
        folder = work / f"kill-{at}"
        folder.mkdir()
        shutil.copy2(work / "base" / "case.liuhen", folder / "case.liuhen")
        child = os.fork()
        if not child:
            _die(job, folder / "case.liuhen", at)
        status = os.waitpid(child, 0)[1]
        yield folder.name
        if not os.WIFSIGNALED(status):
            return
        assert os.WTERMSIG(status) == signal.SIGKILL


def _die(job: str, path: Path, at: int) -> None:
    result = 1
    try:
        points = faults.Points(faults.kill, at=at, lasting=False)
        sqlite3.connect = faults.watched(points)  # type: ignore[assignment]  # the fault
        _dying_around(points)
        JOBS[job](path)
        result = 0
    finally:
        os._exit(result)


def main(job: str, work: Path) -> None:
    (work / "job.json").write_text(json.dumps(job))
    json.dump([*_kill_everywhere(job, work)], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

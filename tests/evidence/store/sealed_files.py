"""Cases with a passphrase, stretched so little that the tests are quick."""

from pathlib import Path

from evidence.core.passphrase import normalised
from evidence.store.case_file import CaseFile
from evidence.store.key_slots import Kdf, Locks
from evidence.store.protection import Protection, by_passphrase, protect
from evidence.store.sealing import Sealer
from tests.evidence.store import case_files

CHEAP = Kdf(memory_kib=32, iterations=1, lanes=1)
PASSPHRASE = normalised("四匹马 喝 蓝色的茶")


def protection(seed: str = "protection") -> Protection:
    return protect(PASSPHRASE, kdf=CHEAP, entropy=case_files.repeatable(seed))


def unlock(path: Path, locks: Locks) -> Sealer:
    return by_passphrase(path, locks, PASSPHRASE)


def create(path: Path, made: Protection | None = None) -> CaseFile:
    return CaseFile.create(
        path,
        clock=case_files.ticking(),
        title="测试",
        entropy=case_files.repeatable(),
        protection=made or protection(),
    )


def append_to(path: Path) -> CaseFile:
    return CaseFile.open_append(path, clock=case_files.ticking(), unlock=unlock)


def read(path: Path) -> CaseFile:
    return CaseFile.open_read(path, unlock=unlock)

"""A case with a passphrase: everything works with it, nothing without it, damage is told."""

import hashlib
import os
from pathlib import Path

import pytest

from evidence.core.passphrase import normalised
from evidence.core.records import Sha256Hex
from evidence.errors import (
    CaseDamagedError,
    CaseResealedError,
    OriginalDamagedError,
    PassphraseRequiredError,
    WrongPassphraseError,
)
from evidence.store import key_slots, protection
from evidence.store.case_file import CaseFile, read_locks
from evidence.store.key_slots import Locks
from evidence.store.schema import CHUNK_BYTES
from evidence.store.sealing import Sealer
from evidence.store.verify import CaseReport, Verdict, verify_case
from tests.evidence.store import case_files, sealed_files

LONG = case_files.pattern(CHUNK_BYTES * 2 + 5, 1)
SHORT = case_files.pattern(900, 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "case.liuhen"
    with sealed_files.create(made) as case:
        case_files.note(case)
        case_files.exhibit(case, LONG, name="long.mp3")
        case_files.exhibit(case, SHORT, name="short.mp3")
        case_files.note(case, "第二条")
    return made


def verified(path: Path) -> CaseReport:
    return verify_case(path, unlock=sealed_files.unlock)


def test_everything_comes_back_with_the_passphrase(path: Path) -> None:
    with sealed_files.append_to(path) as case:
        case_files.note(case, "后来写的")
    with sealed_files.read(path) as case:
        assert case.size() == 6
        assert case.entry(5).data["text"] == "后来写的"
        assert b"".join(case.original(2).pieces()) == LONG
        assert case.original(3).read() == SHORT
        assert len(case.view().exhibits) == 2
    report = verified(path)
    assert report.verdict is Verdict.INTACT
    assert report.exhibits == 2
    assert "key-slots" in {r.name for r in report.results}


def test_log_and_checkpoint_are_those_of_the_same_case_without_a_passphrase(
    path: Path, tmp_path: Path
) -> None:
    with case_files.create(tmp_path / "plain.liuhen") as plain:
        case_files.note(plain)
        case_files.exhibit(plain, LONG, name="long.mp3")
        case_files.exhibit(plain, SHORT, name="short.mp3")
        case_files.note(plain, "第二条")
        with sealed_files.read(path) as case:
            assert list(case.bodies()) == list(plain.bodies())
            assert case.checkpoint() == plain.checkpoint()


def test_same_bytes_are_recognised_again(path: Path) -> None:
    digest = hashlib.sha256(SHORT).digest()
    with sealed_files.append_to(path) as case:
        assert case.find_original(Sha256Hex(digest.hex())) == 3
        with case.batch() as batch:
            assert batch.copy_bytes(SHORT, digest).duplicate_of == 3


def test_without_the_passphrase_nothing_opens_and_nothing_is_touched(path: Path) -> None:
    before = path.read_bytes(), path.stat().st_mtime_ns

    def wrong(path: Path, locks: Locks) -> Sealer:
        return protection.by_passphrase(path, locks, normalised("四匹马 喝 蓝色的水"))

    with pytest.raises(PassphraseRequiredError):
        CaseFile.open_read(path)
    with pytest.raises(PassphraseRequiredError):
        verify_case(path)
    with pytest.raises(WrongPassphraseError):
        CaseFile.open_read(path, unlock=wrong)
    with pytest.raises(WrongPassphraseError):
        CaseFile.open_append(path, clock=case_files.ticking(), unlock=wrong)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert case_files.names(path.parent) == ["case.liuhen"]


def test_locked_case_shows_its_structure_and_no_contents(path: Path) -> None:
    with CaseFile.open_read(path, unlock=protection.locked) as case:
        assert case.size() == 5
        with pytest.raises(PassphraseRequiredError):
            case.entry(1)
        with pytest.raises(PassphraseRequiredError):
            case.original(3).read()
        with pytest.raises(PassphraseRequiredError):
            case.checkpoint()


def test_passphrase_is_stretched_once_however_many_threads_verify(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    stretch = key_slots.Argon2id

    def counted(**parameters: int) -> object:
        calls.append(parameters)
        return stretch(**parameters)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(key_slots, "Argon2id", counted)
    assert verified(path).verdict is Verdict.INTACT
    assert len(calls) == 1


# --- damage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("byte", [0, 20, -1])
def test_flipped_byte_of_a_sealed_entry_is_damage_of_that_entry(path: Path, byte: int) -> None:
    case_files.flip(path, "entry", "body", "seq = 1", byte=byte)
    report = verified(path)
    assert {(r.name, r.seq) for r in report.results if r.verdict is Verdict.NOT_INTACT} == {
        ("entry-seal", 1)
    }
    with sealed_files.read(path) as case:
        assert case.entry(4).data["text"] == "第二条"
        with pytest.raises(CaseDamagedError):
            case.entry(1)


def test_flipped_byte_of_a_sealed_original_is_damage_of_that_original(path: Path) -> None:
    case_files.flip(path, "chunk", "data", "seq = 2 AND idx = 1", byte=5)
    report = verified(path)
    assert {(r.name, r.seq) for r in report.results if r.verdict is Verdict.NOT_INTACT} == {
        ("original-damaged", 2)
    }
    with sealed_files.read(path) as case:
        assert b"".join(case.original(3).pieces()) == SHORT
        with pytest.raises(OriginalDamagedError):
            b"".join(case.original(2).pieces())
        with pytest.raises(OriginalDamagedError):
            case.original(2).read()


def _swap(path: Path, table: str, column: str, first: str, second: str) -> None:
    with case_files.tampering(path) as connection:
        values = [
            connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0]
            for where in (first, second)
        ]
        for where, value in zip((second, first), values, strict=True):
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))


def test_swapped_pieces_and_swapped_entries_are_told(path: Path) -> None:
    _swap(path, "chunk", "data", "seq = 2 AND idx = 0", "seq = 2 AND idx = 1")
    assert case_files.broken(verified(path)) == {"original-damaged"}
    _swap(path, "entry", "body", "seq = 1", "seq = 4")
    found = {(r.name, r.seq) for r in verified(path).results if r.verdict is Verdict.NOT_INTACT}
    assert {("entry-seal", 1), ("entry-seal", 4), ("original-damaged", 2)} <= found


def test_emptied_and_foreign_values_are_told(path: Path) -> None:
    with case_files.tampering(path) as connection:
        connection.execute("UPDATE entry SET body = 'text' WHERE seq = 1")
        connection.execute("UPDATE chunk SET data = x'' WHERE seq = 3")
    assert case_files.broken(verified(path)) == {"entry-missing", "original-chunks"}


def test_damaged_signing_key_is_told_and_the_rest_is_checked(path: Path) -> None:
    case_files.flip(path, "meta", "value", "key = 'signing_key'", byte=30)
    assert case_files.broken(verified(path)) == {"signing-key"}


def test_damaged_recovery_slot_is_told_by_verify(path: Path) -> None:
    case_files.flip(path, "meta", "value", "key = 'key_recovery'", byte=30)
    assert case_files.broken(verified(path)) == {"key-slots"}


@pytest.mark.parametrize("value", [b"plain", b"", b"aes-256-gcm:", b"\xff"])
def test_case_with_slots_that_claims_to_be_plain_is_refused(path: Path, value: bytes) -> None:
    """Else the next entry would be written in clear into a sealed case."""
    with case_files.sqlite(path) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'sealing'", (value,))
    with pytest.raises(CaseDamagedError):
        CaseFile.open_read(path)


def test_nothing_is_added_to_a_case_that_does_not_say_how_it_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "plain.liuhen"
    case_files.create(path).close()
    with case_files.sqlite(path) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'sealing'")
    with case_files.append_to(path) as case, pytest.raises(CaseDamagedError):
        case_files.note(case)
    assert "file-structure" in case_files.broken(verify_case(path))


# --- another process ------------------------------------------------------------------------------


def test_writer_that_opened_the_old_file_adds_nothing_to_the_new_one(
    path: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.liuhen"
    with case_files.create(plain) as writer:
        os.replace(path, plain)  # noqa: PTH105 - as a reseal by another process does
        with pytest.raises(CaseResealedError):
            case_files.note(writer)
        with pytest.raises(CaseResealedError):
            writer.size()
    assert verified(plain).verdict is Verdict.INTACT


def test_recovery_row_is_read_without_the_key(path: Path) -> None:
    locks = read_locks(path)
    assert protection.damaged_slots(locks) == []
    assert set(locks.slots) == set(key_slots.SlotName)

"""What is said of the cause: damage is never called a change by somebody, nor the reverse."""

import dataclasses
import hashlib
import random
from pathlib import Path

import pytest

from evidence.core.records import Kind
from evidence.store import bit_flip, protection, schema, sqlite_file
from evidence.store.cause import SECTOR_BYTES, Cause, Pattern, Thing, causes
from evidence.store.verify import Verdict, verify_case
from evidence.store.wreck import Wreck
from tests.evidence.store import case_files, sealed_files

PAGE = schema.PAGE_BYTES
SHORT = case_files.pattern(3_000, seed=1)
LONG = case_files.pattern(2 * schema.CHUNK_BYTES + 1000, seed=2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make 0 the case, 1 a note, 2 a short original, 3 a long one, 4 and 5 notes."""
    path = tmp_path_factory.mktemp("cause") / "case.liuhen"
    with case_files.create(path) as case:
        case_files.note(case, "一")
        case_files.exhibit(case, SHORT, name="short.amr")
        case_files.exhibit(case, LONG)
        case_files.note(case, "二")
        case_files.note(case, "三")
    return path


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    path = tmp_path / "case.liuhen"
    path.write_bytes(whole.read_bytes())
    return path


def found(path: Path, *, most: int | None = 2_000_000_000) -> tuple[Cause, ...]:
    built_well = not sqlite_file.problems(path)
    with Wreck(path, unlock=protection.no_key) as wreck:
        return causes(wreck, built_well=built_well, most=most)


def only(path: Path) -> Cause:
    (cause,) = found(path)
    assert verify_case(path).verdict is Verdict.NOT_INTACT
    return cause


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_of_a_whole_case_nothing_is_said(whole: Path) -> None:
    assert found(whole) == ()


@pytest.mark.parametrize("size", [1, 63, 64, 65, 200])
def test_every_single_bit_is_found(size: int) -> None:
    chance = random.Random(size)
    data = chance.randbytes(size)
    digest = hashlib.sha256(b"\0" + data).digest()
    for at in range(0, size, 7):
        flip = bit_flip.Flip(at=at, mask=1 << chance.randrange(8))
        assert bit_flip.find(flip.undone(data), digest, prefix=b"\0") == flip
    assert bit_flip.find(data, digest, prefix=b"\0") is None


def test_two_threads_find_the_bit_of_a_larger_one() -> None:
    data = random.Random(1).randbytes(17_000)
    flip = bit_flip.Flip(at=1_234, mask=8)
    digest = hashlib.sha256(data).digest()
    found = bit_flip.find(flip.undone(data), digest)
    assert found == flip
    assert found.undone(flip.undone(data)) == data


def test_one_bit_of_an_entry_is_proven(case: Path) -> None:
    case_files.flip(case, "entry", "body", "seq = 4", byte=70, mask=4)
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (4, Thing.ENTRY, Pattern.BIT)
    assert cause.flip == bit_flip.Flip(at=70, mask=4)
    assert cause.kind == Kind.NOTE


def test_one_bit_of_a_hash_leaves_the_entry_whole(case: Path) -> None:
    case_files.flip(case, "entry", "leaf", "seq = 4", byte=31)
    assert (only(case).thing, only(case).pattern) == (Thing.LEAF, Pattern.BIT)


def test_one_bit_of_an_original_is_proven_and_the_original_named(case: Path) -> None:
    case_files.flip(case, "chunk", "data", "seq = 2", byte=2_345)
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (2, Thing.ORIGINAL, Pattern.BIT)
    assert (cause.name, cause.flip) == ("short.amr", bit_flip.Flip(at=2_345, mask=1))


def test_one_bit_of_the_list_or_the_key_costs_no_original(case: Path) -> None:
    case_files.flip(case, "original", "lookup", "seq = 3")
    assert (only(case).thing, only(case).pattern) == (Thing.LISTED, Pattern.BIT)
    case_files.flip(case, "original", "lookup", "seq = 3")
    case_files.flip(case, "meta", "value", "key = 'signing_key'", byte=9)
    assert (only(case).thing, only(case).pattern) == (Thing.KEY, Pattern.BIT)


def test_what_was_not_tried_is_said(case: Path) -> None:
    case_files.flip(case, "chunk", "data", "seq = 2", byte=2_345)
    (cause,) = found(case, most=1_000)
    assert (cause.pattern, cause.tried) == (Pattern.UNKNOWN, False)


def test_more_than_one_bit_has_no_pattern(case: Path) -> None:
    case_files.flip(case, "entry", "body", "seq = 4", byte=70, mask=6)
    case_files.flip(case, "chunk", "data", "seq = 2", byte=2_345, mask=3)
    assert {(c.seq, c.pattern, c.tried) for c in found(case)} == {
        (2, Pattern.UNKNOWN, True),
        (4, Pattern.UNKNOWN, True),
    }


@pytest.mark.parametrize("filling", [b"\x00", b"\xff"])
@pytest.mark.parametrize("size", [SECTOR_BYTES, 4096, PAGE])
def test_whole_sectors_of_one_byte_are_what_disks_do(case: Path, size: int, filling: bytes) -> None:
    at = case.read_bytes().index(LONG[300_000:300_032]) // size * size
    overwrite(case, at, filling * size)
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (3, Thing.ORIGINAL, Pattern.SECTORS)
    assert cause.sectors == (range(at, at + size),)


def test_a_run_that_does_not_lie_on_sectors_is_not_called_a_disk_error(case: Path) -> None:
    at = case.read_bytes().index(LONG[300_000:300_032]) // 4096 * 4096
    overwrite(case, at + 100, bytes(4096))
    assert only(case).pattern is Pattern.UNKNOWN


def test_a_lost_page_of_entries_is_missing_and_not_changed(case: Path) -> None:
    with Wreck(case, unlock=protection.no_key) as wreck:
        page = wreck.cells[4][0].at // PAGE * PAGE
    overwrite(case, page, bytes(PAGE))
    lost = [c for c in found(case) if c.thing is Thing.ENTRY]
    assert lost
    assert {c.pattern for c in lost} == {Pattern.MISSING}


def test_an_entry_written_anew_with_its_hash_is_not_called_damage(case: Path) -> None:
    entries = case_files.decoded(case)
    link = entries[4].prev
    case_files.rechain(
        case, [*entries[:4], dataclasses.replace(entries[4], data={"text": "改"}), entries[5]]
    )
    with case_files.tampering(case) as connection:
        # The last one is put back as it was, with its link to what is no more there.
        body = case_files.encode_entry(entries[5])
        leaf = case_files.leaf_hash(body)
        connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = 5", (body, leaf))
    assert link == case_files.decoded(case)[4].prev
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (5, Thing.LINK, Pattern.REWRITTEN)


def test_entries_that_changed_places_are_not_called_damage(case: Path) -> None:
    with case_files.tampering(case) as connection:
        connection.execute("UPDATE entry SET seq = 99 WHERE seq = 1")
        connection.execute("UPDATE entry SET seq = 1 WHERE seq = 4")
        connection.execute("UPDATE entry SET seq = 4 WHERE seq = 99")
    assert {c.pattern for c in found(case) if c.thing is Thing.ENTRY} <= {
        Pattern.REWRITTEN,
        Pattern.UNKNOWN,
    }


def test_an_original_replaced_with_its_row_of_the_list_is_not_called_damage(case: Path) -> None:
    other = case_files.pattern(2_500, seed=9)
    with case_files.tampering(case) as connection:
        row = (len(other), hashlib.sha256(other).digest())
        connection.execute("UPDATE original SET size = ?, lookup = ? WHERE seq = 2", row)
        connection.execute("UPDATE chunk SET data = ? WHERE seq = 2", (other,))
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (2, Thing.ORIGINAL, Pattern.REWRITTEN)


def test_an_edited_text_is_not_called_damage(case: Path) -> None:
    with case_files.tampering(case) as connection:
        connection.execute(
            "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '二', '零') AS BLOB)"
            " WHERE seq = 4"
        )
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (4, Thing.ENTRY, Pattern.UNKNOWN)


@pytest.mark.parametrize(
    ("statement", "thing", "seq"),
    [
        ("DELETE FROM chunk WHERE seq = 3 AND idx = 1", Thing.ORIGINAL, 3),
        ("DELETE FROM chunk WHERE seq = 3 AND idx = 2", Thing.ORIGINAL, 3),
        ("DELETE FROM original WHERE seq = 2", Thing.LISTED, 2),
        ("DELETE FROM entry WHERE seq = 4", Thing.ENTRY, 4),
        ("UPDATE entry SET body = x'' WHERE seq = 4", Thing.ENTRY, 4),
        ("DELETE FROM meta WHERE key = 'signing_key'", Thing.KEY, -1),
    ],
)
def test_a_row_that_somebody_deleted_is_not_called_damage(
    case: Path, statement: str, thing: Thing, seq: int
) -> None:
    with case_files.tampering(case) as connection:
        connection.execute(statement)
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (seq, thing, Pattern.REMOVED)


def test_an_entry_that_says_nothing_readable_is_not_called_damage(case: Path) -> None:
    with case_files.append_to(case) as appending:
        appending.append(Kind.NOTE, {"words": "not those of a note"})
    cause = only(case)
    assert (cause.seq, cause.thing, cause.pattern) == (6, Thing.ENTRY, Pattern.ODD)


def test_random_damage_is_never_called_written_or_deleted(whole: Path, case: Path) -> None:
    chance = random.Random(5)
    data = whole.read_bytes()
    for _ in range(40):
        broken = bytearray(data)
        for _ in range(chance.choice((1, 1, 5))):
            at = chance.randrange(PAGE, len(data))
            size = chance.choice((1, 1, 16, 512, 4096))
            broken[at : at + size] = chance.randbytes(size)
        case.write_bytes(broken[: len(data)])
        for cause in found(case, most=50_000_000):
            assert cause.pattern not in (Pattern.REWRITTEN, Pattern.REMOVED), cause


def test_of_a_sealed_case_the_seal_proves_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "sealed.liuhen"
    sealed_files.create(path).close()
    with sealed_files.append_to(path) as case:
        case_files.note(case)
        case_files.exhibit(case, case_files.pattern(300, seed=3))
    case_files.flip(path, "entry", "body", "seq = 1", byte=3)
    case_files.flip(path, "chunk", "data", "seq = 2", byte=100)
    with Wreck(path, unlock=sealed_files.unlock) as wreck:
        told = {(c.seq, c.thing, c.pattern, c.kind) for c in causes(wreck, built_well=True)}
    assert told == {
        (1, Thing.ENTRY, Pattern.BIT, Kind.NOTE),
        (2, Thing.ORIGINAL, Pattern.BIT, Kind.EXHIBIT),
    }

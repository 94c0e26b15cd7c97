"""Real damage: whatever it did not touch comes out, and nothing is called what it is not."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.core.records import Note
from evidence.errors import CaseDamagedError
from evidence.store import erase, protection, schema, statements
from evidence.store.pages import PageFile
from evidence.store.verify import CaseReport, Verdict, verify_case
from evidence.store.wreck import State, Wreck
from tests.evidence.store import case_files, sealed_files

PAGE = schema.PAGE_BYTES


def fill(path: Path) -> None:
    """Make entries on several pages, long and short originals, and an erased one."""
    with case_files.create(path) as case:
        for number in range(6):
            case_files.exhibit(case, case_files.pattern(400 + 40_000 * number, seed=number))
            statements.add_note(case, Note(text=f"{number} " + "话" * 4000))
        gone = case_files.exhibit(case, b"family").seq
        erase.erase(case, erase.plan(case, gone), reason="误导入")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wreck") / "case.liuhen"
    fill(path)
    return path


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    path = tmp_path / "case.liuhen"
    path.write_bytes(whole.read_bytes())
    return path


def pages_of(path: Path) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Return the pages that each entry and each original lies on."""
    entries: dict[int, set[int]] = {}
    originals: dict[int, set[int]] = {}
    with PageFile(path) as file:
        for number, _, cells in file.rows():
            for cell in cells:
                types, values = file.beginning(cell)
                used = {number}
                page = cell.overflow
                while page:
                    used.add(page)
                    start = (page - 1) * PAGE
                    page = int.from_bytes(path.read_bytes()[start : start + 4])
                if len(types) == 3 and values[0] is None and types[1] == 76:
                    entries[cell.rowid] = used
                elif len(types) == 3 and isinstance(values[0], int) and types[2] % 2 == 0:
                    originals.setdefault(values[0], set()).update(used)
    return entries, originals


def look(path: Path) -> Wreck:
    return Wreck(path, unlock=protection.no_key)


def check_untouched(path: Path, before: Path, pages: set[int]) -> None:
    """Check that what does not lie on ``pages`` is whole, and that only damage is reported."""
    entries, originals = pages_of(before)
    with look(before) as sound, look(path) as wreck:
        for seq, used in entries.items():
            if not used & pages:
                assert wreck.entries[seq].leaf == sound.entries[seq].leaf
                if sound.entries[seq].state is State.WHOLE:
                    assert wreck.entries[seq].state is State.WHOLE, (seq, pages)
        for seq in sound.originals_of(State.WHOLE):
            if not (originals[seq] | entries[seq]) & pages:
                assert wreck.originals[seq].state is State.WHOLE, (seq, pages)
                pieces = b"".join(piece or b"" for piece in wreck.pieces(seq))
                assert pieces == case_files.pattern(len(pieces), seed=seq // 2)
        for seq in wreck.originals_of(State.WHOLE):
            if seq in sound.originals:
                assert wreck.originals[seq].sha256 == sound.originals[seq].sha256


def test_a_whole_case_is_read_whole(whole: Path) -> None:
    with look(whole) as wreck:
        assert wreck.is_whole
        assert wreck.prefix_root == verify_case(whole).root
        assert wreck.of(State.ERASED) == (13,)
        assert wreck.missing == wreck.of(State.DAMAGED) == wreck.of(State.MISMATCH) == ()


def test_every_page_that_is_zeroed_costs_only_what_lies_on_it(whole: Path, case: Path) -> None:
    data = whole.read_bytes()
    entries, _ = pages_of(whole)
    for page in range(1, len(data) // PAGE + 1):
        case.write_bytes(data[: (page - 1) * PAGE] + bytes(PAGE) + data[page * PAGE :])
        check_untouched(case, whole, {page})
        with look(case) as wreck:
            # What is not there is missing; that it was changed is never said of it.
            lost = {seq for seq, used in entries.items() if page in used}
            assert lost.isdisjoint(wreck.of(State.MISMATCH))


def test_the_file_cut_off_anywhere_keeps_what_lies_before(whole: Path, case: Path) -> None:
    data = whole.read_bytes()
    for size in (*range(PAGE, len(data), 3 * PAGE + 1234), len(data) - 1):
        case.write_bytes(data[:size])
        cut = set(range(size // PAGE + 1, len(data) // PAGE + 2))
        check_untouched(case, whole, cut)
        with look(case) as wreck:
            assert wreck.of(State.MISMATCH) == ()
            assert wreck.originals_of(State.MISMATCH) == ()


def test_garbage_on_random_pages_costs_only_those_pages(whole: Path, case: Path) -> None:
    chance = random.Random(3)
    data = whole.read_bytes()
    for _ in range(12):
        broken = bytearray(data)
        pages = set(chance.sample(range(1, len(data) // PAGE + 1), 3))
        for page in pages:
            broken[(page - 1) * PAGE : page * PAGE] = chance.randbytes(PAGE)
        case.write_bytes(broken)
        check_untouched(case, whole, pages)


def test_flipped_bits_cost_only_the_page_they_are_on(whole: Path, case: Path) -> None:
    chance = random.Random(4)
    data = whole.read_bytes()
    for _ in range(40):
        at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        broken = bytearray(data)
        broken[at] ^= bit
        case.write_bytes(broken)
        check_untouched(case, whole, {at // PAGE + 1})


def test_a_lost_beginning_costs_nothing_but_itself(whole: Path, case: Path) -> None:
    case.write_bytes(bytes(3 * PAGE) + whole.read_bytes()[3 * PAGE :])
    with look(case) as wreck:
        assert not wreck.file.has_magic
        assert wreck.prefix > 0
    check_untouched(case, whole, {1, 2, 3})


def test_bits_that_flipped_in_a_body_are_told_as_not_matching(case: Path) -> None:
    data = bytearray(case.read_bytes())
    at = data.index("误导入".encode())
    data[at + 1] ^= 1
    case.write_bytes(data)
    with look(case) as wreck:
        assert wreck.of(State.MISMATCH) == (14,)
        assert wreck.of(State.DAMAGED) == (13,)  # nothing says any more that it was erased
        assert wreck.prefix == 13


@pytest.mark.parametrize("content", [b"", b"hello", bytes(5 * PAGE), b"\x0d" * (3 * PAGE)])
def test_a_file_without_a_case_is_found_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with look(path) as wreck:
        assert wreck.highest == -1


def test_anything_at_all_is_read_without_an_error(case: Path) -> None:
    chance = random.Random(5)
    data = case.read_bytes()
    for _ in range(15):
        broken = bytearray(data)
        for _ in range(300):
            broken[chance.randrange(len(data))] = chance.randrange(256)
        case.write_bytes(broken[: chance.randrange(len(data))])
        with look(case) as wreck:
            assert wreck.prefix <= wreck.highest + 1


def test_a_sealed_case_is_read_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, case_files.pattern(300_000))
        case_files.note(case)
    with Wreck(path, unlock=sealed_files.unlock) as wreck:
        assert (wreck.is_whole, wreck.originals_of(State.WHOLE)) == (True, (1,))
    with path.open("r+b") as file:  # the page of meta, without which there is no key
        file.seek(PAGE)
        file.write(bytes(PAGE))
    with Wreck(path, unlock=sealed_files.unlock) as wreck:
        assert wreck.of(State.MISMATCH) == ()


# --- what ``verify`` says -------------------------------------------------------------------------


def break_entries(case: Path) -> set[int]:
    """Zero one leaf page of the entries; return what lay on it."""
    entries, _ = pages_of(case)
    page = max(min(used) for used in entries.values())
    with case.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(PAGE))
    return {seq for seq, used in entries.items() if page in used}


def told(report: CaseReport, name: str) -> set[int | None]:
    return {r.seq for r in report.results if r.name == name}


def test_a_damaged_page_of_entries_is_told_entry_by_entry(case: Path) -> None:
    sound = verify_case(case)
    lost = break_entries(case)
    report = verify_case(case)
    assert report.verdict is Verdict.NOT_INTACT
    assert report.safe == min(lost)
    assert told(report, "entry-leaf") == told(report, "entry-link") == set()
    assert report.entries == sound.entries - len(lost) - (13 not in lost)


def test_a_checkpoint_within_what_is_whole_is_compared(case: Path) -> None:
    with case_files.append_to(case) as opened:
        early, late = opened.checkpoint_at(3), opened.checkpoint()
    break_entries(case)
    verdicts = {
        size: next(r.verdict for r in verify_case(case, against=c).results if r.name == "anchor")
        for size, c in (("early", early), ("late", late))
    }
    assert verdicts == {"early": Verdict.INTACT, "late": Verdict.NOT_CHECKED}


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: os.truncate(path, path.stat().st_size - 5 * PAGE),
    ],
)
def test_a_file_that_was_cut_off_is_not_intact_and_says_what_is_safe(
    case: Path, damage: Callable[[Path], None]
) -> None:
    damage(case)
    report = verify_case(case)
    assert report.verdict is Verdict.NOT_INTACT
    assert report.safe is not None
    assert 0 < report.safe <= 15


def test_a_file_of_which_nothing_is_left_is_not_called_a_case(case: Path) -> None:
    os.truncate(case, 2 * PAGE)
    with pytest.raises(CaseDamagedError):
        verify_case(case)


def test_a_file_cut_off_by_one_byte_is_not_whole(case: Path) -> None:
    os.truncate(case, case.stat().st_size - 1)
    with look(case) as wreck:
        assert wreck.file.missing_bytes == 1
        assert not wreck.is_whole

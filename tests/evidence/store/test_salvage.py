"""What is whole comes into a new case, which says what it is made from and claims no more."""

import datetime as dt
import hashlib
import io
import os
import shutil
import stat
from pathlib import Path

import pytest

from evidence.core import records, salvage
from evidence.core.entry import decode_entry, encode_entry, leaf_hash
from evidence.core.records import Complainant, Kind, NumberRecord, NumberRole, Respondent, Tag
from evidence.errors import CopyDiffersError, NothingToSalvageError, OutputExistsError
from evidence.store import protection, schema, statements
from evidence.store import salvage as salvaging
from evidence.store.case_file import CaseFile
from evidence.store.cause import causes
from evidence.store.mend import mend
from evidence.store.protection import Unlock
from evidence.store.salvage import Salvaged, salvage_case
from evidence.store.verify import Verdict, verify_case
from evidence.store.wreck import State, Wreck
from tests.evidence.store import case_files, sealed_files
from tests.evidence.store.test_wreck import PAGE, pages_of

SHORT = case_files.pattern(1_000, 3)
FIRST, SECOND = case_files.pattern(100_000, 1), case_files.pattern(90_000, 2)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Give a case: 1 complainant, 2 respondent, 3 number, 4 and 7 exhibits, 5 tag, 6 withdrawal."""
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        statements.set_complainant(case, Complainant(name="林某", phone="13800000001"))
        lender = Respondent(name="甲某消费金融有限公司", type="consumer_finance")
        statements.add_respondent(case, lender, types=("consumer_finance",))
        number = NumberRecord(number="13800000011", role=NumberRole.COLLECTOR, respondent=2)
        statements.set_number(case, number)
        case_files.exhibit(case, FIRST, duration_ms=60_000, respondent=2)
        tag = Tag(on=4, conduct="threat", quote="你等着")
        statements.add_tag(case, tag, conducts=("threat",))
        statements.withdraw(case, records.Withdraw(target=5, reason="标错了"))
        case_files.exhibit(case, SECOND)
        case_files.note(case)
    return path


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """Give a case of a short original and a note."""
    path = tmp_path / "short.liuhen"
    with case_files.create(path) as case:
        case_files.exhibit(case, SHORT)
        case_files.note(case)
    return path


def break_original(path: Path, seq: int) -> None:
    """Zero a page that only the original's bytes are on."""
    page = max(pages_of(path)[1][seq])
    zero(path, page - 1)


def zero(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(PAGE))


def salvaged(path: Path, out: Path) -> Salvaged:
    unlock = protection.no_key
    with Wreck(path, unlock=unlock) as wreck:
        return salvage_case(wreck, out, clock=case_files.ticking(), unlock=unlock)


def turned(path: Path, data: bytes) -> None:
    """Flip a bit in the middle of what stands once in the file."""
    whole = bytearray(path.read_bytes())
    at = whole.index(data) + len(data) // 2
    assert whole.count(data) == 1
    whole[at] ^= 0x10
    path.write_bytes(whole)


def mended(path: Path, out: Path, unlock: Unlock = protection.no_key) -> Salvaged:
    with Wreck(path, unlock=unlock) as wreck:
        found = mend(wreck, causes(wreck, built_well=True, most=None))
        clock = case_files.ticking()
        return salvage_case(wreck, out, clock=clock, unlock=unlock, mended=found)


def test_an_original_of_which_one_bit_is_proven_comes_over_as_it_was(
    short: Path, tmp_path: Path
) -> None:
    turned(short, SHORT)
    before = short.read_bytes()
    made = mended(short, tmp_path / "new.liuhen")
    assert (made.record.originals_mended, made.record.originals_mismatched) == ((1,), ())
    assert short.read_bytes() == before
    numbers = dict(made.record.numbers)
    with CaseFile.open_read(made.path) as new:
        assert b"".join(new.original(numbers[1]).pieces()) == SHORT
    assert verify_case(made.path).verdict is Verdict.INTACT


def test_an_entry_of_which_one_bit_is_proven_comes_over_as_it_was(
    short: Path, tmp_path: Path
) -> None:
    body = case_files.decoded(short)[2]
    turned(short, encode_entry(body)[-60:])
    assert salvaged(short, tmp_path / "old.liuhen").record.mismatched == (2,)
    made = mended(short, tmp_path / "new.liuhen")
    assert (made.record.mended, made.record.mismatched, made.record.prefix) == ((2,), (), 3)
    with CaseFile.open_read(made.path) as new:
        assert new.entry(dict(made.record.numbers)[2]).data == body.data


def test_a_hash_of_which_one_bit_is_proven_keeps_no_entry_away(short: Path, tmp_path: Path) -> None:
    turned(short, leaf_hash(encode_entry(case_files.decoded(short)[2])))
    made = mended(short, tmp_path / "new.liuhen")
    assert (made.record.mended, made.record.prefix) == ((2,), 3)


def test_two_bits_are_never_turned_back(short: Path, tmp_path: Path) -> None:
    turned(short, SHORT[:400])
    turned(short, SHORT[500:])
    made = mended(short, tmp_path / "new.liuhen")
    assert (made.record.originals_mended, made.record.originals_mismatched) == ((), (1,))


def test_a_sealed_original_of_which_one_bit_is_proven_comes_over(tmp_path: Path) -> None:
    path = tmp_path / "sealed.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, SHORT)
    with Wreck(path, unlock=sealed_files.unlock) as wreck:
        seq = min(wreck.piece_cells)
        (cell,) = wreck.piece_cells[seq][0]
    data = bytearray(path.read_bytes())
    data[cell.at + cell.local - 5] ^= 0x40
    path.write_bytes(data)
    made = mended(path, tmp_path / "new.liuhen", sealed_files.unlock)
    assert made.record.originals_mended == (seq,)
    assert verify_case(made.path, unlock=sealed_files.unlock).verdict is Verdict.INTACT


def test_a_whole_original_and_what_was_said_of_it_come_over(case: Path, tmp_path: Path) -> None:
    break_original(case, 7)
    before = case.read_bytes()
    made = salvaged(case, tmp_path / "new.liuhen")
    assert case.read_bytes() == before
    assert verify_case(made.path).verdict is Verdict.INTACT
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    numbers = dict(made.record.numbers)
    with CaseFile.open_read(made.path) as new, CaseFile.open_read(case) as old:
        view = new.view()
        exhibit = next(e for e in view.exhibits if e.seq == numbers[4])
        assert b"".join(new.original(exhibit.seq).pieces()) == FIRST
        assert exhibit.record.respondent == numbers[2]
        (tag,) = view.tags
        assert (tag.record.on, tag.record.quote, tag.stands) == (numbers[4], "你等着", False)
        assert view.complainant is not None
        assert view.numbers["13800000011"].record.respondent == numbers[2]
        assert [n.seq for n in view.notes] == [numbers[8]]
        assert view.case.case_id != old.view().case.case_id
        assert new.public_key() != old.public_key()
    assert 7 not in numbers
    assert made.record.originals_damaged + made.record.originals_mismatched == (7,)


def test_the_new_case_says_what_it_was_made_from(case: Path, tmp_path: Path) -> None:
    with CaseFile.open_read(case) as old:
        leaves, case_id = old.leaves(), old.view().case.case_id
        signed = old.checkpoint_at(4)
    break_original(case, 7)
    digest = hashlib.sha256(case.read_bytes()).hexdigest()
    made = salvaged(case, tmp_path / "new.liuhen")
    with CaseFile.open_read(made.path) as new:
        assert [e.kind for e in new.entries()][:3] == ["case", "exhibit", "salvage"]
        record = salvage.salvage_from_data(new.entry(2).data)
        bodies = b"".join(new.original(record.bodies).pieces()).splitlines()
    assert record == made.record
    assert (record.case_id, record.file_sha256) == (case_id, digest)
    assert (record.entries, record.prefix) == (9, 9)
    # The old bodies are there byte for byte: anybody can hash them and follow their links.
    assert [leaf_hash(body) for body in bodies] == leaves
    assert [decode_entry(body).seq for body in bodies] == list(range(9))
    report = verify_case(made.path, against=signed)
    assert report.verdict is Verdict.NOT_INTACT  # another case: continuity is not claimed
    assert case_files.broken(report) == {"anchor-case"}


def test_a_lost_entry_takes_along_only_what_speaks_of_it(case: Path, tmp_path: Path) -> None:
    case_files.flip(case, "entry", "body", "seq = 4", byte=30)
    made = salvaged(case, tmp_path / "new.liuhen")
    numbers = dict(made.record.numbers)
    assert made.record.mismatched == (4,)
    assert made.record.missing == ()
    assert made.record.prefix == 4
    with CaseFile.open_read(made.path) as new:
        view = new.view()
        # The list of originals bears out the bytes, so they are kept, without a name or a time.
        orphan = next(e for e in view.exhibits if e.seq == numbers[4])
        assert b"".join(new.original(orphan.seq).pieces()) == FIRST
        assert orphan.record.origin.importer == "salvage"
        assert orphan.record.occurred.value is None
    assert verify_case(made.path).verdict is Verdict.INTACT


def test_without_its_list_and_entry_an_original_is_not_taken_over(
    case: Path, tmp_path: Path
) -> None:
    case_files.flip(case, "entry", "body", "seq = 4", byte=30)
    case_files.flip(case, "original", "lookup", "seq = 4")
    made = salvaged(case, tmp_path / "new.liuhen")
    numbers = dict(made.record.numbers)
    assert 4 not in numbers
    assert 5 not in numbers
    assert 6 not in numbers
    assert made.left == 2
    assert made.record.originals_mismatched == (4,)


def test_nothing_is_overwritten_and_nothing_half_done_is_left(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"mine")
    with pytest.raises(OutputExistsError):
        salvaged(case, taken)
    with monkeypatch.context() as patch:
        patch.setattr(salvaging, "_append", lambda batch, _, e: batch.append(e.kind, e.data))
        with pytest.raises(CopyDiffersError):
            salvaged(case, tmp_path / "new.liuhen")
    assert case_files.names(tmp_path) == ["case.liuhen", "taken"]
    assert taken.read_bytes() == b"mine"


def test_a_salvage_that_was_killed_leaves_nothing_once_it_is_made_again(
    case: Path, tmp_path: Path
) -> None:
    killed, ticking = tmp_path / "killed", case_files.ticking()
    killed.mkdir()

    def clock() -> dt.datetime:
        for path in tmp_path.glob(".*"):  # as a kill would leave it
            shutil.copy(path, killed)
        return ticking()

    with Wreck(case, unlock=protection.no_key) as wreck:
        salvage_case(wreck, tmp_path / "new.liuhen", clock=clock, unlock=protection.no_key)
    assert list(killed.iterdir())
    shutil.copy(case, killed / "case.liuhen")
    salvaged(killed / "case.liuhen", killed / "new.liuhen")
    assert case_files.names(killed) == ["case.liuhen", "new.liuhen"]


def test_a_file_without_anything_whole_gives_no_case(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    path.write_bytes(os.urandom(3 * PAGE))
    with pytest.raises(NothingToSalvageError):
        salvaged(path, tmp_path / "new.liuhen")
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_a_sealed_case_stays_sealed_and_opens_with_the_same_passphrase(tmp_path: Path) -> None:
    path, out = tmp_path / "case.liuhen", tmp_path / "new.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, FIRST, name="家人.mp3")
        case_files.note(case, "送花圈")
    os.truncate(path, path.stat().st_size - 2 * PAGE)
    with Wreck(path, unlock=sealed_files.unlock) as wreck:
        salvage_case(wreck, out, clock=case_files.ticking(), unlock=sealed_files.unlock)
    assert verify_case(out, unlock=sealed_files.unlock).verdict is Verdict.INTACT
    raw = out.read_bytes()
    assert not any(word.encode() in raw for word in ("家人.mp3", "送花圈", "测试"))


@pytest.mark.parametrize("page", range(1, 12))
def test_whatever_page_is_lost_the_new_case_is_intact(
    case: Path, tmp_path: Path, page: int
) -> None:
    assert page * PAGE <= case.stat().st_size
    zero(case, page)
    with Wreck(case, unlock=protection.no_key) as wreck:
        whole = wreck.originals_of(State.WHOLE)
        made = salvage_case(
            wreck, tmp_path / "new", clock=case_files.ticking(), unlock=protection.no_key
        )
    assert verify_case(made.path).verdict is Verdict.INTACT
    assert made.originals == len(whole)
    stored = {FIRST, SECOND}
    with CaseFile.open_read(made.path) as new:
        numbers = dict(made.record.numbers)
        for seq in whole:
            assert b"".join(new.original(numbers[seq]).pieces()) in stored


def test_the_stream_of_pieces_gives_every_byte() -> None:
    pieces = [b"a" * 5, b"", None, b"b" * 7]
    stream = io.BufferedReader(salvaging._Pieces(iter(pieces)), 4)
    assert stream.read() == b"a" * 5 + b"b" * 7
    assert len(pieces) < schema.CHUNK_BYTES


def test_a_reference_to_what_is_left_behind_is_never_kept() -> None:
    numbers = {1: 3, 2: 4}
    assert salvage.renumbered({"on": 1, "respondent": 9}, numbers) == {"on": 3}
    assert salvage.renumbered({"respondent": 2, "quote": "x"}, numbers) == {
        "respondent": 4,
        "quote": "x",
    }
    assert salvage.renumbered({"on": 9}, numbers) is None
    assert salvage.renumbered({"calls": [1, 2]}, numbers) == {"calls": [3, 4]}
    assert salvage.renumbered({"calls": [1, 9]}, numbers) is None
    assert Kind.SALVAGE.value == "salvage"

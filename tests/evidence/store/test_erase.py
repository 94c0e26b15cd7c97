"""What is erased is gone from the raw file; everything else stays, and says so."""

import hashlib
import io
import random
import sqlite3
from pathlib import Path

import pytest

from evidence.core import erasure, records
from evidence.core.erasure import Erasure
from evidence.core.records import Complainant, Kind, Note, NumberRecord, NumberRole, Respondent, Tag
from evidence.core.transcript import Transcript, TranscriptLine, Writer, transcript_to_data
from evidence.errors import (
    CaseBusyError,
    DependentsError,
    ErasedError,
    EraseRevivesError,
    EvidenceError,
    NotErasableError,
    NothingRequestedError,
)
from evidence.store import erase, schema, statements
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files, sealed_files
from tests.evidence.store.conftest import LONG, SHORT, Sample
from tests.evidence.store.golden import make

REASON = "误导入了家人的照片"
WORDS = "送花圈到你家门口"
CONDUCTS = ("threat",)


def erased(path: Path, seq: int, reason: str = REASON) -> tuple[Appended, ...]:
    """Erase with all that speaks of it, as a person who agreed does."""
    with case_files.append_to(path) as case:
        return erase.erase(case, erase.plan(case, seq), reason=reason, with_dependents=True)


def raw(path: Path) -> bytes:
    """Return every byte of the case and of whatever lies beside it."""
    found = sorted(path.parent.glob(path.name + "*"))
    assert found == [path]
    return b"".join(file.read_bytes() for file in found)


def pieces_of(data: bytes) -> list[bytes]:
    """Return short pieces from all over ``data``: also a part must not be left."""
    return [data[at : at + 24] for at in range(0, len(data), max(len(data) // 40, 24))]


def traces(seq: int, path: Path, data: bytes) -> list[bytes]:
    """Return what must not be found any more once ``seq`` is erased."""
    nonce = case_files.decoded(path)[seq].nonce.hex().encode()
    digest = hashlib.sha256(data).digest()
    return [*pieces_of(data), digest, digest.hex().encode(), nonce]


# --- really gone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("seq", "data"), [(2, LONG), (4, SHORT)])
def test_body_bytes_and_digest_are_gone_from_the_raw_file(
    sample: Sample, seq: int, data: bytes
) -> None:
    gone = traces(seq, sample.path, data)
    assert all(trace in raw(sample.path) for trace in gone)
    erased(sample.path, seq)
    left = raw(sample.path)
    assert [trace for trace in gone if trace in left] == []
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_no_trace_is_left_when_many_small_entries_are_erased_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    chance = random.Random(5)
    secrets: dict[int, list[bytes]] = {}
    with case_files.create(path) as case, case.batch() as batch:
        for number in range(200):
            data = case_files.pattern(chance.choice((60, 900, 9000, 40_000)), seed=number)
            name = f"名{number:03d}字"
            seq = case_files.store(batch, data, name=name).seq
            digest = hashlib.sha256(data).digest()
            pieces = [data[:24], data[-24:], data[len(data) // 2 :][:24]]
            secrets[seq] = [*pieces, digest, digest.hex().encode(), name.encode()]
    gone = chance.sample(sorted(secrets), 24)
    with case_files.append_to(path) as case:
        for seq in gone:
            erase.erase(case, erase.plan(case, seq), reason=REASON)
    left = raw(path)
    assert [seq for seq in gone if any(trace in left for trace in secrets[seq])] == []
    kept = secrets.keys() - set(gone)
    assert all(trace in left for seq in kept for trace in secrets[seq][-3:])
    report = verify_case(path)
    assert report.verdict is Verdict.INTACT
    assert {claim.record.target for claim in report.erased} == set(gone)


def test_a_copy_of_the_digest_in_a_gap_of_its_index_goes_too(sample: Sample) -> None:
    # SQLite moves rows of an index when it splits a page, and seldom leaves a copy in the gap.
    digest = hashlib.sha256(SHORT).digest()
    data = bytearray(sample.path.read_bytes())
    pages = range(0, len(data), schema.PAGE_BYTES)
    index = [p for p in pages if data[p] == 10 and digest in data[p : p + schema.PAGE_BYTES]]
    assert len(index) == 1
    data[index[0] + 1000 : index[0] + 1032] = digest
    sample.path.write_bytes(data)
    assert verify_case(sample.path).verdict is Verdict.INTACT
    erased(sample.path, 4)
    assert digest not in raw(sample.path)
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_words_in_what_speaks_of_an_exhibit_go_with_it(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        call = case_files.exhibit(case, b"call", duration_ms=60_000).seq
        other = case_files.exhibit(case, b"other", duration_ms=60_000).seq
        heard = Transcript(on=call, writer=Writer.PERSON, lines=(TranscriptLine(text=WORDS),))
        case.append(Kind.TRANSCRIPT, transcript_to_data(heard))
        statements.add_note(case, Note(text=f"他说{WORDS}", on=call))
        quoted = statements.add_tag(
            case, Tag(on=call, conduct="threat", quote=WORDS), conducts=CONDUCTS
        )
        statements.withdraw(case, records.Withdraw(target=quoted.seq, reason=f"不是“{WORDS}”"))
        statements.add_note(case, Note(text="无关", on=other))
    assert raw(path).count(WORDS.encode()) == 4
    with case_files.append_to(path) as case:
        planned = erase.plan(case, call)
        assert planned.dependents == (3, 4, 5, 6)
        with pytest.raises(DependentsError):
            erase.erase(case, planned, reason=REASON)
        assert case.size() == 8
    said = erased(path, call)
    assert WORDS.encode() not in raw(path)
    with CaseFile.open_read(path) as case:
        view = case.view()
        along = [e.record.along_with for e in view.erasures]
    assert along == [None, call, call, call, call]
    assert view.erased == (call, 3, 4, 5, 6)
    assert [e.seq for e in view.exhibits] == [other]
    assert [n.seq for n in view.notes] == [7]
    assert len(said) == 5


# --- what stays -----------------------------------------------------------------------------------


def test_the_leaf_stays_and_the_chain_goes_on(sample: Sample) -> None:
    with CaseFile.open_read(sample.path) as case:
        leaves, signed = case.leaves(), case.checkpoint()
    (said,) = erased(sample.path, 2)
    with case_files.append_to(sample.path) as case:
        case_files.note(case, "后来")
        assert case.leaves()[: len(leaves)] == leaves
        record = erasure.erasure_from_data(case.entry(said.seq).data)
    assert record == Erasure(target=2, leaf=leaves[2].hex(), kind="exhibit", reason=REASON)
    report = verify_case(sample.path, against=signed)
    assert report.verdict is Verdict.INTACT
    assert all(r.verdict is Verdict.INTACT for r in report.results)
    assert [(c.record.target, c.record.reason, c.seq) for c in report.erased] == [
        (2, REASON, said.seq)
    ]


def test_the_erase_entry_holds_nothing_of_what_was_erased(sample: Sample) -> None:
    (said,) = erased(sample.path, 2)
    with CaseFile.open_read(sample.path) as case:
        assert case.entry(said.seq).data.keys() == {"target", "leaf", "kind", "reason"}


def test_other_originals_come_out_as_they_were(sample: Sample) -> None:
    erased(sample.path, 2)
    with CaseFile.open_read(sample.path) as case:
        assert b"".join(case.original(4).pieces()) == SHORT
        with pytest.raises(ErasedError):
            case.entry(2)
        with pytest.raises(EvidenceError):
            b"".join(case.original(2).pieces())


def test_the_same_bytes_can_be_imported_again(sample: Sample) -> None:
    erased(sample.path, 4)
    with case_files.append_to(sample.path) as case:
        again = case_files.exhibit(case, SHORT)
        assert b"".join(case.original(again.seq).pieces()) == SHORT
        assert case.find_original(records.Sha256Hex(hashlib.sha256(SHORT).hexdigest())) == again.seq
    erased(sample.path, again.seq)
    report = verify_case(sample.path)
    assert (report.verdict, len(report.erased)) == (Verdict.INTACT, 2)


def test_an_erased_entry_cannot_be_erased_again(sample: Sample) -> None:
    erased(sample.path, 4)
    with pytest.raises(ErasedError):
        erased(sample.path, 4)


# --- what may be erased ---------------------------------------------------------------------------


def test_what_fixes_the_history_is_never_erased(sample: Sample) -> None:
    (said,) = erased(sample.path, 4)
    for seq in (0, said.seq):
        with pytest.raises(NotErasableError):
            erased(sample.path, seq)


def test_nothing_is_erased_without_a_reason(sample: Sample) -> None:
    with pytest.raises(NothingRequestedError):
        erased(sample.path, 4, " ")


def test_erasing_brings_nothing_back_that_was_taken_back_or_replaced(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        note = case_files.note(case).seq
        withdrawal = statements.withdraw(case, records.Withdraw(target=note, reason="错")).seq
        first = statements.set_complainant(case, Complainant(name="林某", phone="1")).seq
        second = statements.set_complainant(case, Complainant(name="林某")).seq
        old, new = (
            statements.add_respondent(
                case,
                Respondent(name="甲某", type="microloan", contract_no=text),
                types=("microloan",),
                update=bool(text),
            ).seq
            for text in ("", "88")
        )
        number = NumberRecord(number="13800000011", role=NumberRole.SELF)
        said = [statements.set_number(case, number).seq for _ in range(2)]
    for later, earlier in ((withdrawal, note), (second, first), (new, old), (said[1], said[0])):
        with pytest.raises(EraseRevivesError) as refused:
            erased(path, later)
        assert refused.value.revived == earlier
        erased(path, earlier)
        if later != withdrawal:  # it went with what it withdrew
            erased(path, later)
    assert verify_case(path).verdict is Verdict.INTACT


def test_what_another_process_adds_in_between_is_not_left_behind(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        planned = erase.plan(case, 4)
        case.release()
        with case_files.append_to(sample.path) as other:
            statements.add_note(other, Note(text=WORDS, on=4))
        with pytest.raises(CaseBusyError):
            erase.erase(case, planned, reason=REASON, with_dependents=True)
        assert case.erased() == {}
        again = erase.plan(case, 4)
        erase.erase(case, again, reason=REASON, with_dependents=True)
    assert WORDS.encode() not in raw(sample.path)


# --- only through an erase entry ------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = x'' WHERE seq = 1",
        "UPDATE entry SET body = x'00' WHERE seq = 4",
        "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 4",
        "UPDATE entry SET seq = 90 WHERE seq = 4",
        "UPDATE chunk SET data = x'' WHERE seq = 2",
        "UPDATE chunk SET data = x'00' WHERE seq = 4",
        "UPDATE original SET size = 1 WHERE seq = 4",
        "UPDATE original SET lookup = x'00' WHERE seq = 4",
        "DELETE FROM entry WHERE seq = 4",
        "DELETE FROM chunk WHERE seq = 4",
        "DELETE FROM original WHERE seq = 4",
        "DELETE FROM erased",
        "UPDATE erased SET by = 1",
        "INSERT INTO erased VALUES (1, 5)",
        "INSERT INTO erased VALUES (6, 6)",
        "INSERT INTO erased VALUES (0, 6)",
        "INSERT OR REPLACE INTO erased VALUES (4, 6)",
        "INSERT OR REPLACE INTO entry VALUES (4, zeroblob(32), x'')",
    ],
)
def test_everything_else_is_still_refused(sample: Sample, statement: str) -> None:
    erased(sample.path, 4)
    with case_files.sqlite(sample.path) as connection:
        connection.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_a_body_that_is_gone_without_an_erase_entry_is_told(sample: Sample) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute("UPDATE entry SET body = x'' WHERE seq = 3")
    report = verify_case(sample.path)
    assert report.verdict is Verdict.NOT_INTACT
    assert case_files.broken(report) == {"entry-missing"}


def test_naming_it_in_the_list_alone_does_not_erase_it(sample: Sample) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute("INSERT INTO erased VALUES (3, 5)")
        connection.execute("UPDATE entry SET body = x'' WHERE seq = 3")
    assert case_files.broken(verify_case(sample.path)) == {"entry-missing", "erased-list"}


@pytest.mark.parametrize(
    ("put_back", "told"),
    [
        ("UPDATE entry SET body = (SELECT body FROM kept) WHERE seq = 4", {"erase-undone"}),
        ("UPDATE chunk SET data = x'61' WHERE seq = 4", {"original-kept"}),
        ("UPDATE original SET size = 3 WHERE seq = 4", {"original-kept"}),
        ("DELETE FROM erased", {"erased-list"}),
        ("UPDATE entry SET leaf = zeroblob(32) WHERE seq = 4", {"entry-link", "erase-entry"}),
    ],
)
def test_what_contradicts_an_erase_entry_is_told(
    sample: Sample, put_back: str, told: set[str]
) -> None:
    body = case_files.bodies_of(sample.path)[4]
    erased(sample.path, 4)
    with case_files.tampering(sample.path) as connection:
        connection.execute("CREATE TEMP TABLE kept AS SELECT ? AS body", (body,))
        connection.execute(put_back)
    report = verify_case(sample.path)
    assert report.verdict is Verdict.NOT_INTACT
    assert told <= case_files.broken(report)


# --- earlier files --------------------------------------------------------------------------------


def test_a_case_of_format_1_gets_the_new_rules_with_its_first_erasure(tmp_path: Path) -> None:
    path = tmp_path / "v1.liuhen"
    path.write_bytes((make.FOLDER / "v1.liuhen").read_bytes())
    gone = traces(6, path, make.SHORT)
    with case_files.append_to(path) as case, case.reader() as connection:
        assert schema.marks(connection).user_version == 1
        case.release()
        planned = erase.plan(case, 6)
        erase.erase(case, planned, reason=REASON, with_dependents=True)
    with CaseFile.open_read(path) as case, case.reader() as connection:
        assert schema.marks(connection).user_version == schema.ERASE_VERSION
    report = verify_case(path)
    assert report.verdict is Verdict.INTACT
    assert 6 in {claim.record.target for claim in report.erased}
    left = raw(path)
    assert [trace for trace in gone if trace in left] == []
    with case_files.append_to(path) as case:
        case_files.exhibit(case, io.BytesIO(make.SHORT).getvalue())
    assert verify_case(path).verdict is Verdict.INTACT


def test_in_a_sealed_case_the_sealed_bytes_go(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, LONG)
        case_files.note(case)
    with case_files.sqlite(path) as connection:
        rows = connection.execute("SELECT body FROM entry WHERE seq = 1").fetchall()
        rows += connection.execute("SELECT data FROM chunk WHERE seq = 1").fetchall()
        rows += connection.execute("SELECT lookup FROM original WHERE seq = 1").fetchall()
    sealed = [piece for (value,) in rows for piece in pieces_of(value)]
    assert all(piece in raw(path) for piece in sealed)
    with sealed_files.append_to(path) as case:
        erase.erase(case, erase.plan(case, 1), reason=REASON)
    left = raw(path)
    assert [piece for piece in sealed if piece in left] == []
    report = verify_case(path, unlock=sealed_files.unlock)
    assert (report.verdict, len(report.erased)) == (Verdict.INTACT, 1)

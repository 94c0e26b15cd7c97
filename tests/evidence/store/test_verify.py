"""Every check of ``verify`` finds what it is for, and that alone."""

import contextlib
import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.core import checkpoint, records
from evidence.core.canonical import JsonObject
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import leaf_hash
from evidence.core.merkle import RootHash
from evidence.core.packet_record import packet_to_data
from evidence.core.records import Kind
from evidence.errors import CaseDamagedError, CaseMissingError, CaseTooNewError, NotACaseError
from evidence.store import schema, verify
from evidence.store.case_file import CaseFile
from evidence.store.verify import CaseReport, Verdict, verify_case
from tests.evidence.core import strategies
from tests.evidence.store import case_files
from tests.evidence.store.case_files import broken, flip
from tests.evidence.store.conftest import LONG, SHORT, Sample


def _sql(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with case_files.tampering(path) as connection:
            connection.execute(statement)

    return change


def _swap_bodies(path: Path) -> None:
    bodies = case_files.bodies_of(path)
    with case_files.tampering(path) as connection:
        for seq, body in ((1, bodies[3]), (3, bodies[1])):
            row = (body, leaf_hash(body), seq)
            connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = ?", row)


def _rewrite_one(path: Path) -> None:
    """Change an entry and its leaf, and leave the link after it as it was."""
    body = case_files.bodies_of(path)[1].replace("一".encode(), "二".encode())
    with case_files.tampering(path) as connection:
        row = (body, leaf_hash(body))
        connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = 1", row)


def _not_canonical(path: Path) -> None:
    """Add a space to the last body and make its leaf fit: nothing links to it."""
    body = case_files.bodies_of(path)[5].replace(b"{", b"{ ", 1)
    with case_files.tampering(path) as connection:
        row = (body, leaf_hash(body))
        connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = 5", row)


def _exhibit_says(**changes: object) -> Callable[[Path], None]:
    """Change what an exhibit says and write the chain anew."""

    def change(path: Path) -> None:
        entries = case_files.decoded(path)
        entries[4] = dataclasses.replace(entries[4], data={**entries[4].data, **changes})  # type: ignore[dict-item]
        case_files.rechain(path, entries)

    return change


def _says(seq: int, kind: str, data: JsonObject) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        entries = case_files.decoded(path)
        entries[seq] = dataclasses.replace(entries[seq], kind=kind, data=data)
        case_files.rechain(path, entries)

    return change


def _another_key(path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).private_bytes_raw()
    with case_files.tampering(path) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'signing_key'", (key,))


def _drop_trigger(path: Path) -> None:
    with case_files.sqlite(path) as connection:
        connection.execute("DROP TRIGGER chunk_no_update")


def _neuter_trigger(path: Path) -> None:
    with case_files.sqlite(path) as connection:
        connection.execute("DROP TRIGGER entry_no_update")
        connection.execute(
            "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END"
        )


def _add_trigger(path: Path) -> None:
    with case_files.sqlite(path) as connection:
        connection.execute(
            "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN DELETE FROM meta WHERE key = ''; END"
        )


def _damage_a_page_number(path: Path) -> None:
    """Let the overflow chain of the long original's first chunk lead nowhere."""
    data = bytearray(path.read_bytes())
    place = data.index(LONG[schema.PAGE_BYTES * 3 : schema.PAGE_BYTES * 3 + 64])
    start = place - place % schema.PAGE_BYTES
    data[start] ^= 0x40
    path.write_bytes(data)


def _split_differently(path: Path) -> None:
    with case_files.tampering(path) as connection:
        connection.execute("UPDATE chunk SET data = ? WHERE seq = 4", (SHORT[:300],))
        connection.execute("INSERT INTO chunk VALUES (4, 1, ?)", (SHORT[300:],))


def _cut_off_inside_the_last_page(path: Path) -> None:
    """Leave one byte of an empty page: nothing that is stored is lost."""
    with case_files.sqlite(path) as connection:
        connection.execute("CREATE TABLE last (x)")
        connection.execute("DROP TABLE last")
    content = path.read_bytes()
    path.write_bytes(content[: 1 - schema.PAGE_BYTES])


def _list_a_page_in_use_as_free(path: Path) -> None:
    """Let the list of free pages, which no table speaks of, begin with the page of a table."""
    with path.open("r+b") as file:
        file.seek(32)
        file.write((2).to_bytes(4) + (1).to_bytes(4))


DAMAGE = {
    "page in use listed as free": (_list_a_page_in_use_as_free, {"file-structure"}),
    "trigger removed": (_drop_trigger, {"triggers"}),
    "trigger without effect": (_neuter_trigger, {"triggers"}),
    "trigger added": (_add_trigger, {"triggers"}),
    "cut off inside a page": (_cut_off_inside_the_last_page, {"file-structure"}),
    "body changed": (
        lambda path: flip(path, "entry", "body", "seq = 5", byte=0),
        {"entry-leaf", "entry-form"},
    ),
    "text of a body changed": (
        lambda path: flip(path, "entry", "body", "seq = 5", byte=18, mask=0x04),
        {"entry-leaf"},
    ),
    "leaf changed": (lambda path: flip(path, "entry", "leaf", "seq = 3", byte=31), {"entry-leaf"}),
    "last leaf changed": (lambda path: flip(path, "entry", "leaf", "seq = 5"), {"entry-leaf"}),
    "body is text": (
        _sql("UPDATE entry SET body = CAST(body AS TEXT) WHERE seq = 5"),
        {"entry-missing"},
    ),
    "body is a number": (
        _sql("UPDATE entry SET body = 9000000000000000000 WHERE seq = 5"),
        {"entry-missing"},
    ),
    "leaf is text": (_sql("UPDATE entry SET leaf = hex(leaf) WHERE seq = 5"), {"entry-leaf"}),
    "two entries swapped": (_swap_bodies, {"entry-link", "entry-order"}),
    "entry rewritten with its leaf": (_rewrite_one, {"entry-link"}),
    "entry not canonical": (_not_canonical, {"entry-form"}),
    "entry removed": (_sql("DELETE FROM entry WHERE seq = 3"), {"entry-link", "entry-order"}),
    "first entry removed": (
        _sql("DELETE FROM entry WHERE seq = 0"),
        {"entry-link", "entry-order", "signing-key"},
    ),
    "all entries removed": (
        _sql("DELETE FROM entry"),
        {"entry-form", "original-orphan", "signing-key"},
    ),
    "entries moved up": (
        _sql("UPDATE entry SET seq = seq + 100 WHERE seq = 5"),
        {"entry-order"},
    ),
    "second case entry": (
        _says(3, "case", {"case_id": "00" * 16, "public_key": "00" * 32, "program": "x"}),
        {"entry-order", "signing-key"},
    ),
    "exhibit without what it needs": (
        _says(4, "exhibit", {"name": "x"}),
        {"entry-form", "original-orphan"},
    ),
    "exhibit whose digest is none": (
        _exhibit_says(sha256="zz" * 32),
        {"entry-form", "original-orphan"},
    ),
    "exhibit whose digest is upper case": (
        _exhibit_says(sha256=hashlib.sha256(SHORT).hexdigest().upper()),
        {"entry-form", "original-orphan"},
    ),
    "exhibit of another size": (_exhibit_says(size=699), {"original-size", "original-missing"}),
    "exhibit of a negative size": (_exhibit_says(size=-1), {"original-size", "original-missing"}),
    "exhibit of another digest": (
        _exhibit_says(sha256="00" * 32),
        {"original-digest", "original-lookup"},
    ),
    "byte of a chunk changed": (
        lambda path: flip(path, "chunk", "data", "seq = 2 AND idx = 1", byte=77),
        {"original-digest"},
    ),
    "last byte changed": (
        lambda path: flip(path, "chunk", "data", "seq = 4", byte=-1),
        {"original-digest"},
    ),
    "first chunk removed": (
        _sql("DELETE FROM chunk WHERE seq = 2 AND idx = 0"),
        {"original-missing"},
    ),
    "middle chunk removed": (
        _sql("DELETE FROM chunk WHERE seq = 2 AND idx = 1"),
        {"original-missing"},
    ),
    "last chunk removed": (_sql("DELETE FROM chunk WHERE seq = 2 AND idx = 2"), {"original-size"}),
    "all chunks removed": (_sql("DELETE FROM chunk WHERE seq = 4"), {"original-size"}),
    "chunk is text": (
        _sql("UPDATE chunk SET data = 'text' WHERE seq = 4"),
        {"original-chunks"},
    ),
    "empty chunk added": (
        _sql("INSERT INTO chunk VALUES (2, 3, x'')"),
        {"original-chunks"},
    ),
    "chunk added": (_sql("INSERT INTO chunk VALUES (2, 3, x'00')"), {"original-chunks"}),
    "chunk with a name": (
        _sql("INSERT INTO chunk VALUES (2, 'x', x'00')"),
        {"original-missing"},
    ),
    "same bytes split differently": (_split_differently, {"original-chunks"}),
    "page of an original damaged": (_damage_a_page_number, {"file-structure", "original-damaged"}),
    "original without entry": (
        _sql("INSERT INTO original VALUES (3, 1, x'00')"),
        {"original-orphan"},
    ),
    "chunk without entry": (_sql("INSERT INTO chunk VALUES (3, 0, x'00')"), {"original-orphan"}),
    "chunk of nobody": (_sql("INSERT INTO chunk VALUES ('x', 0, x'00')"), {"original-orphan"}),
    "original not listed": (_sql("DELETE FROM original WHERE seq = 4"), {"original-missing"}),
    "listed size changed": (
        _sql("UPDATE original SET size = 1 WHERE seq = 4"),
        {"original-missing"},
    ),
    "listed size is text": (
        _sql("UPDATE original SET size = 'x' WHERE seq = 4"),
        {"original-missing"},
    ),
    "lookup changed": (
        lambda path: flip(path, "original", "lookup", "seq = 4"),
        {"original-lookup"},
    ),
    "another key": (_another_key, {"signing-key"}),
    "key removed": (_sql("DELETE FROM meta WHERE key = 'signing_key'"), {"signing-key"}),
    "key is text": (
        _sql(f"UPDATE meta SET value = '{'k' * 32}' WHERE key = 'signing_key'"),
        {"signing-key"},
    ),
    "key too short": (
        _sql("UPDATE meta SET value = x'00' WHERE key = 'signing_key'"),
        {"signing-key"},
    ),
}  # fmt: skip


def test_sound_case_is_intact_and_the_past_is_not_claimed(sample: Sample) -> None:
    report = verify_case(sample.path)
    assert report.verdict is Verdict.INTACT
    assert {r.name: r.verdict for r in report.results} == {
        "file-structure": Verdict.INTACT,
        "entries": Verdict.INTACT,
        "originals": Verdict.INTACT,
        "signing-key": Verdict.INTACT,
        "anchor": Verdict.NOT_CHECKED,
    }
    assert (report.entries, report.exhibits) == (6, 2)
    assert report.original_bytes == len(LONG) + len(SHORT)
    with CaseFile.open_read(sample.path) as case:
        assert report.root == case.checkpoint().checkpoint.root.hex()


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_by_its_check(sample: Sample, name: str) -> None:
    change, names = DAMAGE[name]
    change(sample.path)
    report = verify_case(sample.path)
    assert broken(report) == names
    assert report.verdict is Verdict.NOT_INTACT
    # What is not broken is still said to be checked.
    passed = {r.name for r in report.results if r.verdict is Verdict.INTACT}
    assert passed == _expected_to_pass(names)


def _expected_to_pass(names: set[str]) -> set[str]:
    groups = {
        "file-structure": {"triggers", "file-structure"},
        "entries": {"entry-leaf", "entry-link", "entry-order", "entry-form", "entry-missing"},
        "originals": {n for n in names if n.startswith("original-")},
        "signing-key": {"signing-key"},
    }
    return {group for group, members in groups.items() if not members & names}


def test_verifying_changes_nothing(sample: Sample) -> None:
    before = sample.path.read_bytes()
    verify_case(sample.path)
    assert sample.path.read_bytes() == before
    assert case_files.names(sample.path.parent) == ["case.liuhen"]


def test_all_problems_are_listed_not_the_first_one(sample: Sample) -> None:
    flip(sample.path, "chunk", "data", "seq = 2 AND idx = 0")
    flip(sample.path, "chunk", "data", "seq = 4")
    flip(sample.path, "entry", "leaf", "seq = 1")
    flip(sample.path, "entry", "leaf", "seq = 3")
    problems = [r for r in verify_case(sample.path).results if r.verdict is Verdict.NOT_INTACT]
    assert sorted((r.name, r.seq) for r in problems) == [
        ("entry-leaf", 1),
        ("entry-leaf", 3),
        ("original-digest", 2),
        ("original-digest", 4),
    ]


def test_damaged_page_of_one_original_does_not_hide_another(sample: Sample) -> None:
    _damage_a_page_number(sample.path)
    flip_in_file(sample.path, SHORT)
    problems = [r for r in verify_case(sample.path).results if r.verdict is Verdict.NOT_INTACT]
    assert [(r.name, r.seq) for r in problems if r.name != "file-structure"] == [
        ("original-damaged", 2),
        ("original-digest", 4),
    ]


def flip_in_file(path: Path, content: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(content)] ^= 1
    path.write_bytes(data)


def test_endless_problems_are_counted(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MAX_RESULTS", 3)
    with case_files.tampering(sample.path) as connection:
        connection.execute("UPDATE entry SET leaf = zeroblob(32)")
    report = verify_case(sample.path)
    assert [r.name for r in report.results][1:] == ["entry-leaf"] * 2 + ["more-problems"]
    assert report.verdict is Verdict.NOT_INTACT


def test_unknown_kind_still_verifies(sample: Sample) -> None:
    _says(5, "telepathy", {"anything": [1, None, {"x": True}]})(sample.path)
    assert verify_case(sample.path).verdict is Verdict.INTACT


@pytest.fixture
def path(sample: Sample) -> Path:
    return sample.path


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([kind.value for kind in Kind]), strategies.objects)
def test_nothing_that_an_entry_says_makes_verify_fall_over(
    path: Path, kind: str, data: JsonObject
) -> None:
    _says(5, kind, data)(path)
    report = verify_case(path)
    assert report.entries == 6
    if kind in {Kind.CASE, Kind.EXHIBIT}:
        assert report.verdict is Verdict.NOT_INTACT


_RECORDS: st.SearchStrategy[tuple[str, JsonObject]] = st.one_of(
    strategies.exhibits.map(lambda r: ("exhibit", records.exhibit_to_data(r))),
    strategies.tags.map(lambda r: ("tag", records.tag_to_data(r))),
    strategies.notes.map(lambda r: ("note", records.note_to_data(r))),
    strategies.packets.map(lambda r: ("packet", packet_to_data(r))),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_RECORDS, st.data())
def test_record_with_one_odd_field_is_judged_and_read_or_called_damaged(
    path: Path, record: tuple[str, JsonObject], data: st.DataObject
) -> None:
    kind, fields = record
    key = data.draw(st.sampled_from(sorted(fields)))
    _says(5, kind, {**fields, key: data.draw(strategies.values)})(path)
    assert verify_case(path).entries == 6
    with CaseFile.open_read(path) as case, contextlib.suppress(CaseDamagedError):
        case.view()


def test_progress_ends_at_the_total(sample: Sample) -> None:
    told: list[tuple[int, int]] = []
    verify_case(sample.path, progress=lambda done, total: told.append((done, total)))
    total = len(LONG) + len(SHORT)
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_is_no_case_is_refused_not_judged(sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(CaseMissingError):
        verify_case(tmp_path / "none")
    (tmp_path / "text").write_bytes(b"hello")
    with pytest.raises(NotACaseError):
        verify_case(tmp_path / "text")
    with case_files.sqlite(sample.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CaseTooNewError):
        verify_case(sample.path)


def test_case_without_its_tables_is_not_intact_and_what_is_left_is_told(sample: Sample) -> None:
    with case_files.sqlite(sample.path) as connection:
        connection.execute("DROP TABLE chunk")
    report = verify_case(sample.path)
    assert report.verdict is Verdict.NOT_INTACT
    assert report.safe == report.entries == 6
    assert broken(report) == {"schema", "original-damaged"}
    assert {r.seq for r in report.results if r.name == "original-damaged"} == {2, 4}


# --- against a checkpoint kept elsewhere ----------------------------------------------------------


@pytest.fixture
def anchor(sample: Sample) -> SignedCheckpoint:
    with CaseFile.open_read(sample.path) as case:
        return case.checkpoint()


def _against(sample: Sample, anchor: SignedCheckpoint) -> CaseReport:
    return verify_case(sample.path, against=checkpoint.parse(anchor.text))


def test_checkpoint_of_now_or_before_is_confirmed(sample: Sample, anchor: SignedCheckpoint) -> None:
    for signed in (anchor, _older(sample)):
        report = _against(sample, signed)
        assert report.verdict is Verdict.INTACT
        assert [r.verdict for r in report.results if r.name == "anchor"] == [Verdict.INTACT]
    with case_files.append_to(sample.path) as case:
        case_files.note(case)
    assert _against(sample, anchor).verdict is Verdict.INTACT


def _older(sample: Sample) -> SignedCheckpoint:
    with CaseFile.open_read(sample.path) as case:
        return case.checkpoint_at(2)


def test_restored_old_copy_is_found_by_a_newer_checkpoint(sample: Sample) -> None:
    old = case_files.copy_of(sample.path, "old.liuhen")
    with case_files.append_to(sample.path) as case:
        case_files.note(case)
        newer = case.checkpoint()
    assert broken(verify_case(old, against=newer)) == {"anchor-size"}


def test_removed_end_is_found_by_the_checkpoint_only(
    sample: Sample, anchor: SignedCheckpoint
) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute("DELETE FROM entry WHERE seq = 5")
    assert verify_case(sample.path).verdict is Verdict.INTACT  # the documented limit
    assert broken(_against(sample, anchor)) == {"anchor-size"}


def test_rewritten_past_is_found_by_the_checkpoint_only(
    sample: Sample, anchor: SignedCheckpoint
) -> None:
    older = _older(sample)
    _says(3, "note", {"text": "他什么也没说"})(sample.path)
    assert verify_case(sample.path).verdict is Verdict.INTACT  # the documented limit
    assert broken(_against(sample, anchor)) == {"anchor-root"}
    assert _against(sample, older).verdict is Verdict.INTACT


def test_checkpoint_of_another_case(sample: Sample, tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "other.liuhen", clock=case_files.ticking()) as other:
        assert broken(_against(sample, other.checkpoint())) == {"anchor-case"}


def test_forged_checkpoint(sample: Sample, anchor: SignedCheckpoint) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    by_stranger = checkpoint.sign(anchor.checkpoint, stranger)
    assert broken(_against(sample, by_stranger)) == {"anchor-signature"}

    flipped = bytes([anchor.signature[0] ^ 1]) + anchor.signature[1:]
    changed = dataclasses.replace(anchor, signature=flipped)
    assert broken(_against(sample, changed)) == {"anchor-signature"}

    root = RootHash(bytes([anchor.checkpoint.root[0] ^ 1]) + anchor.checkpoint.root[1:])
    moved = dataclasses.replace(
        anchor, checkpoint=dataclasses.replace(anchor.checkpoint, root=root)
    )
    assert broken(_against(sample, moved)) == {"anchor-signature", "anchor-root"}


@pytest.mark.parametrize("key", ["zz" * 32, "00", "", "é" * 64])
def test_case_entry_without_a_key_confirms_no_checkpoint(
    sample: Sample, anchor: SignedCheckpoint, key: str
) -> None:
    first = dict(case_files.decoded(sample.path)[0].data)
    _says(0, "case", {**first, "public_key": key})(sample.path)
    assert broken(_against(sample, anchor)) == {"signing-key", "anchor-signature", "anchor-root"}


def test_entry_of_a_known_kind_without_its_data_is_no_sound_entry(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        case.append(Kind.NOTE, {"words": "not those of a note"})
    assert case_files.broken(verify_case(sample.path)) == {"entry-form"}
    with CaseFile.open_read(sample.path) as case, pytest.raises(CaseDamagedError):
        case.view()


def test_row_of_meta_that_is_not_ours_is_reported(sample: Sample) -> None:
    with case_files.sqlite(sample.path) as connection:
        connection.execute("INSERT INTO meta VALUES ('more', x'00')")
    (problem,) = (r for r in verify_case(sample.path).results if r.verdict is Verdict.NOT_INTACT)
    assert (problem.name, problem.detail) == ("meta-rows", "more")

"""A case file grows, checkpoints are kept elsewhere, and somebody changes the file.

The machine changes a copy in every way that it knows and asserts what ``verify`` says, alone and
against each kept checkpoint. It pins the documented limit too: who holds the file can take away
or write anew what no kept checkpoint covers, and only a checkpoint tells.
"""

import dataclasses
import itertools
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import Entry, encode_entry, leaf_hash
from evidence.errors import CaseError
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files
from tests.evidence.store.case_files import broken

STORED = {
    "entry": ("body", "leaf"),
    "original": ("lookup",),
    "chunk": ("data",),
    "meta": ("value",),
}


class TamperedCase(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "case.liuhen"
        self.kept: list[SignedCheckpoint] = []
        self.made = itertools.count(1)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # --- what the person does -------------------------------------------------------------------

    @initialize()
    def create(self) -> None:
        with case_files.create(self.path) as case:
            case_files.exhibit(case, case_files.pattern(500))

    @rule(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
    def append_note(self, text: str) -> None:
        with case_files.append_to(self.path) as case:
            case_files.note(case, text)

    @rule(size=st.integers(1, 2000))
    def append_exhibit(self, size: int) -> None:
        with case_files.append_to(self.path) as case:
            case_files.exhibit(case, case_files.pattern(size, seed=next(self.made)))

    @precondition(lambda self: len(self.kept) < 4)
    @rule()
    def keep_a_checkpoint_elsewhere(self) -> None:
        with CaseFile.open_read(self.path) as case:
            self.kept.append(case.checkpoint())

    # --- what somebody does to the file ---------------------------------------------------------

    def copy(self) -> Path:
        return case_files.copy_of(self.path, "changed.liuhen")

    def size(self) -> int:
        return len(case_files.bodies_of(self.path))

    def never_passes(self, changed: Path) -> None:
        """Assert that the change is found even by who kept no checkpoint."""
        assert verify_case(changed).verdict is Verdict.NOT_INTACT
        for signed in self.kept:
            assert verify_case(changed, against=signed).verdict is Verdict.NOT_INTACT

    def passes_below(self, changed: Path, untouched: int, finding: str) -> None:
        """Assert that exactly the checkpoints over more than ``untouched`` entries tell."""
        assert verify_case(changed).verdict is Verdict.INTACT
        for signed in self.kept:
            covers = signed.checkpoint.size > untouched
            found = broken(verify_case(changed, against=signed))
            assert found == ({finding} if covers else set())

    @rule(data=st.data())
    def flip_a_bit_of_a_stored_value(self, data: st.DataObject) -> None:
        changed = self.copy()
        table = data.draw(st.sampled_from(sorted(STORED)))
        column = data.draw(st.sampled_from(STORED[table]))
        only = "WHERE key = 'signing_key'" if table == "meta" else ""
        with case_files.sqlite(changed) as connection:
            rows = connection.execute(f"SELECT rowid, {column} FROM {table} {only}").fetchall()
        if not rows:
            return
        rowid, value = data.draw(st.sampled_from(rows))
        byte = data.draw(st.integers(0, len(value) - 1))
        mask = 1 << data.draw(st.integers(0, 7))
        case_files.flip(changed, table, column, f"rowid = {rowid}", byte=byte, mask=mask)
        self.never_passes(changed)

    @rule(data=st.data())
    def flip_a_bit_of_an_original(self, data: st.DataObject) -> None:
        changed = self.copy()
        with case_files.sqlite(changed) as connection:
            rows = connection.execute("SELECT rowid, length(data) FROM chunk").fetchall()
        rowid, length = data.draw(st.sampled_from(rows))
        byte, mask = data.draw(st.integers(0, length - 1)), 1 << data.draw(st.integers(0, 7))
        case_files.flip(changed, "chunk", "data", f"rowid = {rowid}", byte=byte, mask=mask)
        self.never_passes(changed)

    @rule(data=st.data())
    def write_one_entry_anew_with_its_leaf(self, data: st.DataObject) -> None:
        """Only the link after it tells; the last entry is the limit of ``write_the_log_anew``."""
        entries = case_files.decoded(self.path)
        seq = data.draw(st.integers(0, len(entries) - 2))
        body = encode_entry(_with_another_nonce(entries[seq]))
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            row = (body, leaf_hash(body), seq)
            connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = ?", row)
        self.never_passes(changed)

    @rule(data=st.data())
    def drop_an_entry_that_is_not_the_last(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(0, self.size() - 2))
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))
        self.never_passes(changed)

    @rule(data=st.data())
    def drop_an_entry_and_close_the_gap(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(0, self.size() - 2))
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))
            for later in range(seq + 1, self.size()):
                connection.execute("UPDATE entry SET seq = seq - 1 WHERE seq = ?", (later,))
        self.never_passes(changed)

    @rule(data=st.data())
    def drop_a_row_of_an_original(self, data: st.DataObject) -> None:
        changed = self.copy()
        table = data.draw(st.sampled_from(["original", "chunk"]))
        with case_files.tampering(changed) as connection:
            seqs = [seq for (seq,) in connection.execute(f"SELECT seq FROM {table}")]
            if seqs:
                seq = data.draw(st.sampled_from(seqs))
                connection.execute(f"DELETE FROM {table} WHERE seq = ?", (seq,))
        if seqs:
            self.never_passes(changed)

    @precondition(lambda self: self.size() > 2)
    @rule(data=st.data(), leaves=st.booleans())
    def swap_two_entries(self, data: st.DataObject, *, leaves: bool) -> None:
        bodies = case_files.bodies_of(self.path)
        places = st.lists(st.integers(0, len(bodies) - 1), min_size=2, max_size=2, unique=True)
        one, other = data.draw(places)
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            for seq, body in ((one, bodies[other]), (other, bodies[one])):
                connection.execute("UPDATE entry SET body = ? WHERE seq = ?", (body, seq))
                if leaves:
                    row = (leaf_hash(body), seq)
                    connection.execute("UPDATE entry SET leaf = ? WHERE seq = ?", row)
        self.never_passes(changed)

    @rule(data=st.data())
    def insert_an_entry_again(self, data: st.DataObject) -> None:
        bodies = case_files.bodies_of(self.path)
        body = data.draw(st.sampled_from(bodies))
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            row = (len(bodies), leaf_hash(body), body)
            connection.execute("INSERT INTO entry (seq, leaf, body) VALUES (?, ?, ?)", row)
        self.never_passes(changed)

    @rule(data=st.data())
    def cut_off_the_end(self, data: st.DataObject) -> None:
        """The limit: nothing inside the file says that it was once longer."""
        left = data.draw(st.integers(1, self.size() - 1))
        changed = self.copy()
        with case_files.tampering(changed) as connection:
            for table in ("entry", "original", "chunk"):
                connection.execute(f"DELETE FROM {table} WHERE seq >= ?", (left,))
        self.passes_below(changed, left, "anchor-size")

    @rule(data=st.data())
    def write_the_log_anew(self, data: st.DataObject) -> None:
        """The limit: its holder can make another history that fits together."""
        entries = case_files.decoded(self.path)
        seq = data.draw(st.integers(0, len(entries) - 1))
        entries[seq] = _with_another_nonce(entries[seq])
        changed = self.copy()
        case_files.rechain(changed, entries)
        self.passes_below(changed, seq, "anchor-root")

    @rule(data=st.data())
    def flip_a_bit_anywhere_in_the_file(self, data: st.DataObject) -> None:
        """Where nothing is stored it does not matter; else it is found or cannot be read."""
        changed = self.copy()
        content = bytearray(changed.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        changed.write_bytes(content)
        try:
            verdict = verify_case(changed).verdict
        except CaseError:
            return
        if verdict is Verdict.INTACT:
            assert _readable(changed) == _readable(self.path)

    @rule(data=st.data())
    def cut_the_file_short(self, data: st.DataObject) -> None:
        changed = self.copy()
        content = changed.read_bytes()
        changed.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
        try:
            verdict = verify_case(changed).verdict
        except CaseError:
            return
        assert verdict is Verdict.NOT_INTACT

    # --------------------------------------------------------------------------------------------

    @invariant()
    def the_case_itself_is_intact(self) -> None:
        if self.path.exists():
            for signed in (None, *self.kept):
                assert verify_case(self.path, against=signed).verdict is Verdict.INTACT


def _with_another_nonce(entry: Entry) -> Entry:
    return dataclasses.replace(entry, nonce=bytes([entry.nonce[0] ^ 1]) + entry.nonce[1:])


def _readable(path: Path) -> list[tuple[bytes, bytes]]:
    """Return every body with its original, and the key."""
    with CaseFile.open_read(path) as case:
        originals = {seq: b"".join(case.original(seq).pieces()) for seq in case.originals()}
        read = [(body, originals.get(seq, b"")) for seq, body in case.bodies()]
        return [*read, (case.public_key(), b"".join(case.leaves()))]


TestTamperedCase = TamperedCase.TestCase
TestTamperedCase.settings = settings(max_examples=15, stateful_step_count=12)

"""Entries that were written once must be read for ever, byte for byte (golden/README.md)."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from evidence.core.case_view import fold
from evidence.core.entry import GENESIS, Entry, decode_entry, encode_entry, leaf_hash
from evidence.core.export_row import Outcome
from evidence.core.records import Direction, Exhibit, Kind, Medium, NumberRole
from evidence.core.transcript import Writer
from tests.case_builder import CaseBuilder
from tests.evidence.core.golden import make
from tests.evidence.core.golden.samples import SAMPLES, Sample, read_only

EVERY = pytest.mark.parametrize("sample", [*SAMPLES, *read_only], ids=lambda s: s.name)
WRITTEN = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)


def test_every_kind_that_is_written_has_golden_entries() -> None:
    missing = set(Kind) - {sample.kind for sample in SAMPLES}
    assert not missing, "add samples of the kind and make its file: see golden/README.md"


def test_every_golden_file_is_tested() -> None:
    files = {path.stem for path in make.FOLDER.glob("*.txt")}
    assert files == {sample.name for sample in (*SAMPLES, *read_only)}


@EVERY
def test_every_sample_has_its_line(sample: Sample) -> None:
    assert len(make.read(sample)) == len(sample.records)


@EVERY
def test_golden_body_has_its_leaf(sample: Sample) -> None:
    for leaf, body in make.read(sample):
        assert hashlib.sha256(b"\0" + body).digest() == leaf
        assert leaf_hash(body) == leaf


@EVERY
def test_golden_body_decodes_and_encodes_to_the_same_bytes(sample: Sample) -> None:
    for _, body in make.read(sample):
        assert encode_entry(decode_entry(body)) == body


@EVERY
def test_golden_entries_are_a_chain(sample: Sample) -> None:
    link = GENESIS
    for seq, (leaf, body) in enumerate(make.read(sample)):
        entry = decode_entry(body)
        assert (entry.seq, entry.prev, entry.kind) == (seq, link, sample.kind)
        link = leaf


@EVERY
def test_golden_data_reads_as_the_record_that_was_written(sample: Sample) -> None:
    for (_, body), record in zip(make.read(sample), sample.records, strict=True):
        assert sample.from_data(decode_entry(body).data) == record


@WRITTEN
def test_same_record_is_still_written_with_the_same_bytes(sample: Sample) -> None:
    assert make.lines_of(sample) == make.read(sample)


@EVERY
def test_golden_entries_fold_into_a_case(sample: Sample) -> None:
    builder = CaseBuilder()
    for _, body in make.read(sample):
        entry = decode_entry(body)
        builder.append(entry.kind, entry.data)
    view = fold(builder.entries)
    known = sample.kind in set(Kind)
    assert view.unknown_kinds == ({} if known else {sample.kind: len(sample.records)})


def test_golden_entries_hold_every_choice_of_a_record() -> None:
    by_name = {sample.name: sample.records for sample in SAMPLES}
    exhibits = [e for e in by_name["exhibit"] if isinstance(e, Exhibit)]
    assert {e.medium for e in exhibits} == set(Medium)
    assert {e.direction for e in exhibits} == {None, *Direction}
    assert {getattr(n, "role", None) for n in by_name["number"]} == set(NumberRole)
    assert {getattr(r, "outcome", None) for r in by_name["record"]} == {None, *Outcome}
    assert {getattr(t, "writer", None) for t in by_name["transcript"]} == set(Writer)


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_a_record_stands_in_a_golden_entry(kind: Kind) -> None:
    samples = [s for s in SAMPLES if s.kind == kind]
    names = {f.name for s in samples for r in s.records for f in dataclasses.fields(r)}  # type: ignore[arg-type]
    seen = {key for s in samples for _, body in make.read(s) for key in decode_entry(body).data}
    assert seen == names


def test_golden_file_is_never_written_over(tmp_path: Path) -> None:
    for sample in SAMPLES:
        make.write(sample, tmp_path)
        assert make.read(sample, tmp_path) == make.lines_of(sample)
        path = make.path_of(sample, tmp_path)
        path.write_bytes(b"as it was")
        with pytest.raises(FileExistsError):
            make.write(sample, tmp_path)
        assert path.read_bytes() == b"as it was"


def test_maker_leaves_the_golden_files_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in make.FOLDER.glob("*.txt")}
    assert make.main() == 1
    assert {path: path.read_bytes() for path in make.FOLDER.glob("*.txt")} == before
    assert "written over" in capsys.readouterr().err


def test_changed_golden_body_would_be_noticed() -> None:
    leaf, body = make.read(SAMPLES[0])[0]
    entry = decode_entry(body)
    other = Entry(
        seq=entry.seq,
        prev=entry.prev,
        nonce=b"\xff" * 16,
        kind=entry.kind,
        recorded_at=entry.recorded_at,
        data=entry.data,
    )
    assert leaf_hash(encode_entry(other)) != leaf

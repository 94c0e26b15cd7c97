"""The process that hashes half of a large case: what it finds, and that nothing depends on it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import own_process
from evidence.store import digest_process, digests, verify_originals
from evidence.store.case_file import CaseFile
from evidence.store.digest_process import DigestProcess, Span, StoredOriginal
from evidence.store.sealing import KeySealer
from evidence.store.verify import CaseReport, verify_case
from tests.evidence.store import case_files, sealed_files
from tests.evidence.store.case_files import flip
from tests.evidence.store.conftest import LONG, SHORT, Sample

EVERYTHING = (0, 2**63 - 1)


@pytest.fixture(autouse=True)
def _one_span_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both sides have something to do."""
    monkeypatch.setattr(verify_originals, "SPAN_ORIGINALS", 1)


def with_process(path: Path, process: DigestProcess) -> CaseReport:
    with process:
        return verify_case(path, process=process)


# --- what it finds --------------------------------------------------------------------------------


def test_it_finds_what_its_parent_would(sample: Sample) -> None:
    flip(sample.path, "chunk", "data", "seq = 4")
    with CaseFile.open_read(sample.path) as case, DigestProcess() as process:
        process.open(sample.path, "plain", b"")
        expected = digests.read(case, EVERYTHING)
        assert process.read(EVERYTHING) == expected
        assert [(one.seq, one.size) for one in expected] == [(2, len(LONG)), (4, len(SHORT))]
        assert process.read((3, 4)) == expected[1:]
        assert process.read((5, 9)) == []


def test_it_opens_a_case_with_a_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, LONG)
    with sealed_files.read(path) as case, DigestProcess() as process:
        assert isinstance(case.sealer, KeySealer)
        process.open(path, case.sealer.name, case.sealer.key)
        assert process.read(EVERYTHING) == digests.read(case, EVERYTHING)
    with DigestProcess() as process:
        report = verify_case(path, unlock=sealed_files.unlock, process=process)
    assert report.verdict.value == "INTACT"


@pytest.mark.parametrize("row", ["seq = 2 AND idx = 1", "seq = 4"])
def test_the_verdict_is_the_same_with_it(sample: Sample, row: str) -> None:
    flip(sample.path, "chunk", "data", row)
    assert with_process(sample.path, DigestProcess()) == verify_case(sample.path)


def test_a_page_that_it_cannot_read_is_told_of_its_original(sample: Sample) -> None:
    data = bytearray(sample.path.read_bytes())
    place = data.index(LONG[3 * 32768 : 3 * 32768 + 64])
    data[place - place % 32768] ^= 0x40
    sample.path.write_bytes(data)
    assert with_process(sample.path, DigestProcess()) == verify_case(sample.path)


# --- that nothing depends on it -------------------------------------------------------------------


class Odd(DigestProcess):
    """A process with one fault."""

    def __init__(self, fault: Callable[[], list[StoredOriginal]]) -> None:
        super().__init__()
        self._fault = fault

    def read(self, span: Span) -> list[StoredOriginal]:
        return self._fault()


def _dies() -> list[StoredOriginal]:
    raise BrokenPipeError


def _raves() -> list[StoredOriginal]:
    raise ValueError("no JSON")


@pytest.mark.parametrize("fault", [_dies, _raves])
def test_what_it_fails_to_read_its_parent_reads(
    sample: Sample, fault: Callable[[], list[StoredOriginal]]
) -> None:
    flip(sample.path, "chunk", "data", "seq = 4")
    assert with_process(sample.path, Odd(fault)) == verify_case(sample.path)


def test_a_process_that_was_killed_costs_nothing(sample: Sample) -> None:
    process = DigestProcess()
    process.kill()
    assert with_process(sample.path, process).verdict.value == "INTACT"


@pytest.mark.parametrize(
    "answer",
    [b"", b"[", b"{}\n", b"[[1]]\n", b'[[1,2,"zz","",""]]\n', b"\xff\n", b"[1]\n", b"[]\n"],
)
def test_an_answer_that_is_none_or_wrong_costs_nothing(
    answer: bytes, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import sys; sys.stdin.readline(); sys.stdout.buffer.write({answer!r})"

    def start(module: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    monkeypatch.setattr(own_process, "start", start)
    assert with_process(sample.path, DigestProcess()).verdict.value == "INTACT"


def test_one_that_cannot_be_started_is_done_without(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(module: str) -> "subprocess.Popen[bytes]":
        raise BlockingIOError(module)

    monkeypatch.setattr(digest_process, "MUCH", 0)
    monkeypatch.setattr(own_process, "start", refused)
    assert digest_process.start_for(sample.path) is None


def test_a_small_case_and_a_missing_one_have_none(sample: Sample, tmp_path: Path) -> None:
    assert digest_process.start_for(sample.path) is None
    assert digest_process.start_for(tmp_path / "none") is None

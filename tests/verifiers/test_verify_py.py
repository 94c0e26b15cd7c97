"""verify.py gives the verdicts of the table."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest

from tests.verifiers import run
from tests.verifiers.case import Case
from tests.verifiers.forge import Workshop, merkle_root
from tests.verifiers.table import CASES


@pytest.fixture(scope="module")
def verify():
    return run.module()


def test_root_and_first_difference_do_not_depend_on_the_parts_that_leaves_are_taken_in(
    verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "PART", 4)
    digests = [hashlib.sha256(b"%d" % number).digest() for number in range(40)]
    for count in range(40):
        leaves = verify.Leaves()
        leaves.add(b"".join(b"%s\n" % digest.hex().encode() for digest in digests))
        assert leaves.root(count) == merkle_root(digests[:count])
        other = verify.Leaves()
        other.add(b"".join(b"%s\n" % digest.hex().encode() for digest in digests[:count]))
        assert leaves.common(other) == other.common(leaves) == count
        other.add(b"ab" * 32 + b"\n")
        assert leaves.common(other) == count


def test_memory_for_leaves_is_little_more_than_their_bytes(verify, tmp_path: Path) -> None:
    count = 100_000
    place = tmp_path / verify.LEAVES
    place.parent.mkdir(parents=True)
    place.write_bytes(b"".join(b"%064x\n" % number for number in range(count)))
    folder = verify.Folder(str(tmp_path))
    tracemalloc.start()
    leaves = verify.read_leaves(folder)
    leaves.root(count)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(leaves) == count
    assert most < 3 * 32 * count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdicts_are_those_of_the_table(
    verify, case: Case, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify.main(run.arguments(case.make(workshop)))
    said = capsys.readouterr()
    assert case.mismatch(run.outcome(code, said.out), "py") == "", said.out + said.err

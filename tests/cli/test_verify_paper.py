"""``liuhen verify`` against paper, and with the roots of timestamps."""

import contextlib
import dataclasses
import datetime as dt
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pypdf
import pytest

from cli import labels
from evidence.core.printed import PrintedCheckpoint, short_code
from evidence.store.case_file import CaseFile
from tests import tsa
from tests.cli.conftest import Liuhen
from tests.tsa import PLAIN, Authority

AT = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return tsa.make_authority(tmp_path_factory.mktemp("tsa") / "own", key="p256")


def verdicts(liuhen: Liuhen, *args: object) -> dict[str, set[str]]:
    result = liuhen("verify", *args, "--json")
    found: dict[str, set[str]] = {}
    for row in result.json["results"]:
        found.setdefault(row["name"], set()).add(row["verdict"])
    return {**found, "exit": {str(int(result.code))}}


@pytest.fixture
def code(liuhen: Liuhen) -> str:
    """Return the code of the case as it is, then go on with the case."""
    with CaseFile.open_read(liuhen.case) as case:
        text = short_code(case.checkpoint().text).text
    liuhen.ok("note", "之后的说明")
    return text


def written_anew(liuhen: Liuhen) -> None:
    """Write the whole case anew with the same key, but for one word of a note.

    It is what a holder of the case can do who knows the program: all links, leaves and
    signatures fit together again.
    """
    from evidence.core.entry import GENESIS, decode_entry, encode_entry, leaf_hash

    with contextlib.closing(sqlite3.connect(liuhen.case)) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        link = GENESIS
        for seq, body in db.execute("SELECT seq, body FROM entry ORDER BY seq").fetchall():
            changed = bytes(body).replace("天天".encode(), "夜夜".encode())
            entry = dataclasses.replace(decode_entry(changed), prev=link)
            new = encode_entry(entry)
            link = leaf_hash(new)
            db.execute("UPDATE entry SET body=?, leaf=? WHERE seq=?", (new, link, seq))


@pytest.mark.parametrize("change", [str, str.lower, lambda t: t.replace("-", " ")])
def test_the_code_on_paper_shows_that_the_case_still_begins_as_it_did(
    liuhen: Liuhen, code: str, change: "type[str]"
) -> None:
    told = verdicts(liuhen, "--against", change(code))
    assert told["anchor"] == {"INTACT"}
    assert told["exit"] == {"0"}


def test_a_case_written_anew_after_the_paper_is_not_intact_by_the_code_alone(
    liuhen: Liuhen, code: str
) -> None:
    written_anew(liuhen)
    alone = verdicts(liuhen)
    assert {"NOT INTACT"} not in [v for k, v in alone.items() if k not in ("triggers", "exit")]
    told = verdicts(liuhen, "--against", code)
    assert told["anchor-code"] == {"NOT INTACT"}
    assert told["exit"] == {"10"}


def test_a_mistyped_code_is_told_apart_from_a_changed_case(liuhen: Liuhen, code: str) -> None:
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    assert liuhen.refused("verify", "--against", wrong) == "checkpoint-code-mistyped 3"


def test_a_code_of_another_case_is_not_intact(liuhen: Liuhen, code: str, empty: Liuhen) -> None:
    empty.ok("init")
    assert verdicts(empty, "--against", code)["anchor-code"] == {"NOT INTACT"}


def test_a_file_that_is_named_like_a_code_is_read_as_a_file(
    liuhen: Liuhen, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    liuhen.ok("checkpoint", "-o", code)
    assert verdicts(liuhen, "--against", code)["anchor"] == {"INTACT"}
    (tmp_path / code).write_text("no checkpoint")
    assert liuhen.refused("verify", "--against", code) == "not-comparable 3"


def test_the_text_of_the_qr_code_is_compared_with_the_case(liuhen: Liuhen) -> None:
    with CaseFile.open_read(liuhen.case) as case:
        claimed = case.checkpoint().checkpoint
    text = PrintedCheckpoint(
        case_id=claimed.case_id, size=claimed.size, root=claimed.root, time="2026-11-24T16:30:00Z"
    ).text
    liuhen.ok("note", "之后的说明")
    assert verdicts(liuhen, "--against", text)["anchor"] == {"INTACT"}
    other = text.replace(f"SIZE:{claimed.size}", f"SIZE:{claimed.size - 1}")
    assert verdicts(liuhen, "--against", other)["anchor-root"] == {"NOT INTACT"}
    longer = text.replace(f"SIZE:{claimed.size}", "SIZE:999")
    assert verdicts(liuhen, "--against", longer)["anchor-size"] == {"NOT INTACT"}
    written_anew(liuhen)
    assert verdicts(liuhen, "--against", text)["anchor-root"] == {"NOT INTACT"}


@pytest.mark.parametrize("text", ["no such file", "LIUHEN1 CASE:00", "x" * 5000])
def test_what_is_neither_file_nor_paper_is_told(liuhen: Liuhen, text: str) -> None:
    assert liuhen("verify", "--against", text).code in (2, 3)


# --- timestamps -----------------------------------------------------------------------------------


@pytest.fixture
def stamped(liuhen: Liuhen, authority: Authority, tmp_path: Path) -> Liuhen:
    liuhen.ok("timestamp", "request", "-o", tmp_path / "a.tsq")
    request = (tmp_path / "a.tsq").read_bytes()
    (tmp_path / "a.tsr").write_bytes(authority.answer(request, at=AT, forgery=PLAIN))
    liuhen.ok("timestamp", "attach", tmp_path / "a.tsr", "--root", authority.root_path)
    return liuhen


def test_without_a_root_a_timestamp_is_intact_and_its_chain_not_checked(stamped: Liuhen) -> None:
    told = verdicts(stamped)
    assert told["timestamp"] == {"INTACT"}
    assert told["timestamp-chain"] == {"NOT CHECKED"}
    assert told["exit"] == {"0"}


@pytest.mark.parametrize("words", ["no --root given", "leaves, checkpoint or key missing"])
def test_what_a_bundle_lacks_is_told_in_chinese_behind_its_number(words: str) -> None:
    told = labels.system_words(f"001: {words}")
    assert told.startswith("001: ")
    assert not told.endswith(words)


def test_with_its_root_the_chain_is_intact(stamped: Liuhen, authority: Authority) -> None:
    told = verdicts(stamped, "--root", authority.root_path)
    assert told["timestamp-chain"] == {"INTACT"}
    assert told["exit"] == {"0"}


def test_with_another_root_the_chain_is_not_checked_and_the_exit_code_says_so(
    stamped: Liuhen, tmp_path: Path
) -> None:
    other = tsa.make_authority(tmp_path / "other", key="p256")
    told = verdicts(stamped, "--root", other.root_path)
    assert told["timestamp-chain"] == {"NOT CHECKED"}
    assert told["exit"] == {"11"}


def test_a_case_written_anew_after_a_timestamp_is_not_intact_by_the_timestamp_alone(
    stamped: Liuhen,
) -> None:
    written_anew(stamped)
    told = verdicts(stamped)
    assert told["entries"] == {"INTACT"}
    assert told["timestamp"] == {"NOT INTACT"}
    assert told["exit"] == {"10"}


def test_an_earlier_packet_is_compared_only_with_a_packet(liuhen: Liuhen, tmp_path: Path) -> None:
    assert liuhen("verify", "--earlier", tmp_path).code == 2


@pytest.fixture
def packets(liuhen: Liuhen, tmp_path: Path) -> tuple[Path, Path]:
    """Make two packets, one after the other."""
    made = tmp_path / "first", tmp_path / "second"
    for out in made:
        liuhen.ok("packet", "--to", "nfra", "-o", out, "--yes")
    return made


def test_what_two_packets_show_of_each_other_and_of_the_case(
    liuhen: Liuhen, packets: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = packets
    told = verdicts(liuhen, "--against", second, "--earlier", first)
    assert told["earlier"] == {"INTACT"}
    told = verdicts(liuhen, "--against", first, "--earlier", second)
    assert told["earlier"] == {"NOT INTACT"}
    assert told["exit"] == {"10"}
    swapped = liuhen("verify", "--against", first, "--earlier", second, "--json")
    assert swapped.json["trouble"] == "earlier"
    text = scanned(second / "data" / "packet.pdf", tmp_path)
    note = (second / "data" / "anchor" / "checkpoint").read_text().split("\n")
    assert f"CASE:{note[0].removeprefix('liuhen/').upper()} SIZE:{note[1]} " in text
    assert verdicts(liuhen, "--against", text)["anchor"] == {"INTACT"}


def scanned(pdf: Path, folder: Path) -> str:
    """Return the text of the one QR code of the last pages, read from their picture."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    cv2 = pytest.importorskip("cv2", reason="opencv comes with the ocr extra")
    last = len(pypdf.PdfReader(pdf).pages)
    for sharper in ("110", "150", "200"):  # OpenCV misses some codes that other readers find
        pages = ["-r", sharper, "-f", str(max(1, last - 2)), "-l", str(last)]
        prefix = folder / f"page{sharper}"
        subprocess.run(["pdftoppm", *pages, "-png", pdf, prefix], check=True)
        pictures = sorted(folder.glob(f"{prefix.name}*.png"))
        texts = [cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(p)))[0] for p in pictures]
        if any(texts):
            break
    (text,) = [t for t in texts if t]
    return str(text)

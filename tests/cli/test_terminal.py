"""No text of a case, a file or a command line ever steers the terminal.

The case is a real one whose every text was given control characters afterwards, past all checks of
the commands, as somebody would who makes a case to be opened by others. Every command is run on it;
a command that is not in ``CALLS`` fails the test.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from evidence.core.canonical import JsonObject
from evidence.core.records import Kind
from evidence.errors import EvidenceError
from evidence.store.case_file import CaseFile
from tests import reference
from tests.cli.conftest import (
    COLLECTOR,
    LENDER,
    SAMPLES,
    START,
    Liuhen,
    Result,
    World,
    ticking,
)
from tests.evidence.core.golden.samples import SAMPLES as KINDS
from tests.tsa import PLAIN, make_authority

CONTROLS = (
    *range(0x01, 0x20),
    *range(0x7F, 0xA0),
    0x061C,
    0x200B,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xE0041,
)
"""ESC, BEL, C1 and the rest; marks and overrides of direction; what has no width; tags."""

RAW = re.compile("[" + "".join(f"\\U{code:08x}" for code in CONTROLS if code != 0x0A) + "]")
SEQUENCES = "\x1b]0;evil\x07\x1b[2J\x1b[31m\x9b2J\x1bP\x1b\\"
FEW = f"{SEQUENCES}\r\u202e\u2066\u200b\u2028<script>=1\nINJECTED"
HOSTILE = f"{SEQUENCES}{''.join(map(chr, CONTROLS))}<script>&amp;\nINJECTED"

_IDENTIFIER = re.compile("[a-z0-9_/+-]*")

Place = tuple[str | int, ...]

_CODECS = {sample.kind: sample for sample in KINDS}


def poisoned(kind: str, data: JsonObject, *, words_only: bool) -> JsonObject:
    """Return ``data`` with the characters in every text that the reader of the kind lets pass.

    ``words_only`` spares what looks like an identifier, so that the rest still means something.
    """
    made = data
    for place, value in list(_texts(data)):
        if words_only and _IDENTIFIER.fullmatch(value):
            continue
        tried = _changed(made, place, FEW if words_only else HOSTILE)
        try:
            read = _CODECS[kind].from_data(tried)
            if _CODECS[kind].to_data(read) == tried:
                made = tried
        except (EvidenceError, ValueError, KeyError, TypeError):
            continue
    return made


def _texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key in value:
            yield from _texts(value[key], (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*place, index))


def _changed(value: Any, place: Place, added: str) -> Any:
    if not place:
        return value + added
    first, *rest = place
    if isinstance(value, dict):
        return {**value, first: _changed(value[first], tuple(rest), added)}
    return [_changed(v, tuple(rest), added) if i == first else v for i, v in enumerate(value)]


@pytest.fixture(scope="session")
def hostile(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make ``case.liuhen``, ``words.liuhen`` and files of timestamps in a folder of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    made = Liuhen(case=Path(shutil.copy(world.case, folder / "plain.liuhen")), clock=ticking())
    made.ok("import", SAMPLES / "demo" / "files", "--respondent", LENDER, "--all")
    made.ok("transcript", "add", world.call, "您再不还，我们就上门", "--from", "0", "--to", "1")
    made.ok("suggest")
    made.ok("mask", world.screenshot, "--region", "0,0,9,9", "--reason", "脸")
    made.ok("number", "13800000031", "--role", "family", "--name", "母亲")
    made.ok("packet", "--to", "12378", "--yes", "-o", folder / "packet")
    made.ok("submitted", "--event", "submitted", "--receipt", "12", "--note", "已寄出")
    authority = make_authority(folder / "tsa", name=f"某某{SEQUENCES}\u202e", key="p256")
    shutil.copy(authority.root_path, folder / "root.pem")
    for name, words_only in (("case", False), ("words", True)):
        crafted = Liuhen(case=folder / f"{name}.liuhen", clock=ticking())
        _poison(made.case, crafted.case, words_only=words_only)
        for stamp in (folder / f"{name}-a", folder / f"{name}-b"):
            crafted.ok("timestamp", "request", "-o", f"{stamp}.tsq")
            question = Path(f"{stamp}.tsq").read_bytes()
            answer = authority.answer(question, at=START, forgery=PLAIN)
            Path(f"{stamp}.tsr").write_bytes(answer)
        crafted.ok("timestamp", "attach", f"{stamp}.tsr", "--root", folder / "root.pem")
    return folder


def _poison(plain: Path, path: Path, *, words_only: bool) -> None:
    with (
        CaseFile.open_read(plain) as old,
        CaseFile.create(path, clock=ticking(), title=HOSTILE) as new,
        new.batch() as batch,
    ):
        originals = old.originals()
        for entry in old.entries():
            if entry.seq in originals:
                batch.copy(old.original(entry.seq))
            if entry.kind != Kind.CASE:
                data = poisoned(entry.kind, entry.data, words_only=words_only)
                batch.append(Kind(entry.kind), data)


def run(case: Path, *args: object) -> Result:
    """Run a command and expect that nothing it prints could steer a terminal."""
    result = Liuhen(case=case, clock=ticking())(*args)
    for stream in (result.out, result.err):
        found = RAW.search(stream)
        assert found is None, (args, found and stream[max(found.start() - 60, 0) : found.end()])
        assert not re.search(r"^INJECTED", stream, re.MULTILINE), args
    return result


REAL = "13800000012"
SHOWN = {kind.value for kind in Kind} - {Kind.WITHDRAW, Kind.ERASE, Kind.SALVAGE}
"""The kinds that the case has."""
TO = ("--to", "12378", "--respondent", LENDER + FEW, "--fresh")
CALLS: dict[str, tuple[tuple[object, ...], ...]] = {
    "init": (("--title", HOSTILE),),
    "complainant": ((), ("--name", HOSTILE), ("--address", HOSTILE, "--phone", HOSTILE)),
    "respondent add": ((HOSTILE, "--type", "bank"), (HOSTILE, "--type", HOSTILE)),
    "respondent list": ((),),
    "number": (
        (COLLECTOR, "--name", HOSTILE),
        (REAL, "--respondent", LENDER + HOSTILE, "--name", HOSTILE),
        (HOSTILE, "--role", "other"),
    ),
    "import": (("in",), (f"in/{HOSTILE[:40]}",), ("in", "--number", HOSTILE)),
    "watch": (("in", "--once", "--interval", "0.01", "--settle", "0"), (HOSTILE,)),
    "transcript ocr": (("{note}",), (HOSTILE,)),
    "transcript speech": (("{call}", "--model", HOSTILE),),
    "transcript import": (("{call}", "in/odd.srt"), ("{call}", HOSTILE)),
    "transcript add": (("{call}", HOSTILE, "--speaker", HOSTILE, "--from", "0", "--to", "1"),),
    "transcript correct": (("{transcript}", HOSTILE, "--line", "1"),),
    "note": ((HOSTILE,), (HOSTILE, "--on", "{call}", "--at", "2026-10-14 21:05")),
    "tag": (
        ("{call}", "threat", "--quote", HOSTILE, "--comment", HOSTILE),
        ("{call}", HOSTILE),
        ("--list",),
    ),
    "mask": (
        ("{screenshot}", "--region", "1,1,5,5", "--reason", HOSTILE),
        ("{screenshot}", "--list"),
    ),
    "withdraw": (("{tag}", "--reason", HOSTILE, "--yes"),),
    "suggest": ((), ("--list",)),
    "confirm": (("{suggestion}",), ("{call}",)),
    "dismiss": (("{suggestion}",), ("{call}",)),
    "list": ((), ("--respondent", LENDER + HOSTILE), ("--kind", HOSTILE)),
    "show": tuple((f"{{{kind}}}",) for kind in ("case", *_CODECS) if kind in SHOWN),
    "timeline": ((),),
    "stats": ((),),
    "export": (("{call}", "-o", "out.wav"), ("{call}", "-o", HOSTILE), ("{tag}", "-o", "o")),
    "verify": ((), ("--against", "case-a.checkpoint"), ("--against", HOSTILE), ("--root", HOSTILE)),
    "checkpoint": ((), ("-o", f"out{SEQUENCES[:4]}")),
    "timestamp request": (("-o", "new.tsq"),),
    "timestamp attach": (("case-a.tsr", "--root", "root.pem"), (HOSTILE, "--root", "root.pem")),
    "timestamp fetch": (
        (HOSTILE, "--root", "root.pem"),
        (f"http://{HOSTILE}/", "--root", "root.pem"),
    ),
    "timestamp list": ((),),
    "doctor": ((), ("--name", HOSTILE), ("--salvage", "-o", "salvaged")),
    "passphrase set": (("--passphrase-file", HOSTILE),),
    "passphrase change": (("--new-passphrase-file", HOSTILE),),
    "passphrase reset": (("--code-file", HOSTILE),),
    "passphrase recovery": ((),),
    "passphrase remove": (("--yes",),),
    "backup": (("-o", f"backup{SEQUENCES[:4]}"),),
    "restore": ((HOSTILE,), ("case.liuhen",)),
    "erase": (("{note}", "--reason", HOSTILE, "--with-dependents", "--yes"),),
    "review": (TO, ("--to", "12378", "--respondent", HOSTILE)),
    "packet": (
        (*TO, "--write-text", "words.txt"),
        (*TO, "--text", "in/odd.srt", "-o", "p0"),
        (*TO, "--ask", HOSTILE, "-o", "p0"),
    ),
    "submitted": (("--event", "accepted", "--receipt", HOSTILE, "--note", HOSTILE),),
    "deadlines": ((), ("--ics", "dates.ics")),
    "rules": ((), (HOSTILE,)),
    "demo": (("-o", "in"), ("-o", HOSTILE * 9)),
}
"""What is run of each command, in a folder of its own; ``{kind}`` is the first of a kind."""

COMMANDS = [
    path.removeprefix("liuhen ")
    for path, command, _ in reference.every_command()
    if not isinstance(command, click.Group)
]


def numbers(case: Path, world: World) -> dict[str, int]:
    """Return the number of the first entry of each kind, and the named ones of the world."""
    with CaseFile.open_read(case) as opened:
        found: dict[str, int] = {}
        for entry in opened.entries():
            found.setdefault(str(entry.kind), entry.seq)
    return {**found, "call": world.call, "screenshot": world.screenshot, "tag": world.tag}


@pytest.fixture
def folder(hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of what the calls need, as the current folder."""
    left_out = shutil.ignore_patterns("made", "packet", "tsa")
    here = Path(shutil.copytree(hostile, tmp_path / "here", ignore=left_out))
    (here / "in").mkdir()
    for name in (HOSTILE[:40], "a\nINJECTED.txt"):
        (here / "in" / name).write_text(HOSTILE, encoding="utf-8")
    text = f"1\n00:00:00,000 --> 00:00:01,000\n{HOSTILE}\n\n"
    (here / "in" / "odd.srt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)
    return here


def test_every_command_is_run() -> None:
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_no_character_that_steers_a_terminal_is_ever_printed(
    folder: Path, world: World, path: str
) -> None:
    fresh = {"init": "new", "demo": "new", "review": "words", "packet": "words"}
    case = folder / f"{fresh.get(path, 'case')}.liuhen"
    known = {} if case.name == "new.liuhen" else numbers(case, world)
    for call in CALLS[path]:
        args = [str(arg).format(**known) if "{" in str(arg) else arg for arg in call]
        for form in ((), ("--json",)):
            result = run(case, *path.split(), *args, *form)
            assert result.code != 1, (args, result)
    if known:
        run(case, "list")
        run(case, "verify")


ICS = {
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "DTEND"),
    *("SUMMARY", "DESCRIPTION", "TRANSP"),
}
"""The only properties of a calendar file; nothing in a case adds another."""


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def packet(hostile: Path) -> Path:
    """Make a packet of the case, with everything that a packet can have."""
    out = hostile / "made"
    made = run(hostile / "words.liuhen", "packet", *TO, "--yes", "--clips", "-o", out)
    assert made.code == 0, made
    return out


def test_no_file_for_the_reader_holds_a_character_that_steers_anything(
    hostile: Path, packet: Path, tmp_path: Path
) -> None:
    calendar = tmp_path / "dates.ics"
    run(hostile / "words.liuhen", "deadlines", "--ics", calendar)
    for path in (calendar, *packet.glob("data/text/*.txt"), *packet.glob("*.txt")):
        text = path.read_bytes().decode().replace("\r\n", "\n")
        found = RAW.search(text)
        assert found is None, (path, found and text[max(found.start() - 60, 0) : found.end()])
    lines = calendar.read_text(encoding="utf-8").splitlines()
    assert {line.partition(":")[0].partition(";")[0] for line in lines if line[0] != " "} <= ICS
    if (tool := shutil.which("pdftotext")) is not None:
        made = subprocess.run(
            [tool, packet / "data/packet.pdf", "-"], capture_output=True, check=True
        )
        assert RAW.search(made.stdout.decode().replace("\f", "")) is None


@pytest.mark.parametrize("program", ["verify.py", "verify.sh"])
def test_the_verifiers_print_no_such_character_either(
    packet: Path, tmp_path: Path, program: str
) -> None:
    packet = Path(shutil.copytree(packet, tmp_path / "packet"))
    for name in ("a\x1b[2J\u202e.txt", "換\n行"):
        (packet / "data" / name).write_text("x", encoding="utf-8")
    with (packet / "data/log/entries.jsonl").open("ab") as file:
        file.write(SEQUENCES.encode() + b"\n")
    with (packet / "bag-info.txt").open("a", encoding="utf-8") as file:
        file.write(f"Note: {SEQUENCES}\u202e\n")
    runner = sys.executable if program.endswith("py") else shutil.which("bash")
    if runner is None:
        pytest.skip("bash is not here")
    done = subprocess.run(
        [runner, packet / "verify" / program, packet], capture_output=True, check=False
    )
    assert done.returncode == 10
    printed = (done.stdout + done.stderr).decode().replace("\t", " ")  # it parts their columns
    assert RAW.search(printed) is None

"""The decoding child: whatever happens to it costs one file."""

import io
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.core.records import Medium
from evidence.errors import MediaUnreadableError
from evidence.ingest import wire
from evidence.ingest.base import Extraction, Refusal, extraction_from_data, extraction_to_data
from evidence.ingest.reader import Limits, MediaReader
from tests.evidence.ingest import media

IMPORTER = '''
"""An importer of another package that does what the file says."""

import os
import time

from evidence.core.records import Medium
from evidence.ingest.base import Extraction, Refusal


def to_all_pipes(data):
    for number in range(3, 20):
        try:
            os.write(number, data)
        except OSError:
            pass


class Nasty:
    name = "nasty"
    uses_decoder = True
    magic = b"\\x01NASTY "

    def identify(self, head):
        return head.startswith(self.magic)

    def extract(self, original, size):
        what = original.read()[len(self.magic):].decode().strip("\\0")
        facts = dict(importer="nasty", media_type="x/y", medium=Medium.DOCUMENT)
        if what == "exit":
            os._exit(1)
        if what == "kill":
            os.kill(os.getpid(), 9)
        if what == "hang":
            time.sleep(60)
        if what == "memory":
            held = [bytearray(1 << 30) for _ in range(8)]
        if what == "raise":
            raise ZeroDivisionError
        if what == "print":
            print("hello", flush=True)
            os.write(1, b"hello")
        if what == "noise":
            to_all_pipes(b"\\xff" * 100)
        if what == "long header":
            to_all_pipes(b"\\x7f\\xff\\xff\\xff")
        if what == "no object":
            to_all_pipes(b"\\0\\0\\0\\2[]")
        if what == "no json":
            to_all_pipes(b"\\0\\0\\0\\2{{")
        if what == "deep json":
            to_all_pipes((200000).to_bytes(4, "big") + b"[" * 200000)
        if what == "steal":
            to_all_pipes(b'\\0\\0\\0\\x30' + b'{"need":-99,"count":1024,"bytes":0}'.ljust(48))
        if what == "float":
            facts["duration_ms"] = 1.5
        if what == "negative":
            facts["duration_ms"] = -1
        if what == "huge":
            facts["width"] = 2**60
        if what == "text":
            facts["codec"] = 5
        if what == "surrogate":
            facts["codec"] = "\\ud800"
        if what == "refuse":
            return Refusal(code="odd", reason="不要")
        return Extraction(**facts)


class Plain(Nasty):
    name = "plain"
    uses_decoder = False
    magic = b"\\x01PLAIN "
'''


def nasty(what: str) -> bytes:
    return b"\x01NASTY " + what.encode()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install an importer as another package would: by an entry point."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "nasty_importer.py").write_text(IMPORTER, encoding="utf-8")
    info = folder / "nasty_importer-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nasty-importer\nVersion: 1.0\n")
    points = "[evidence.importers]\nnasty = nasty_importer:Nasty\nplain = nasty_importer:Plain\n"
    (info / "entry_points.txt").write_text(points)
    return folder


@pytest.fixture(scope="module")
def hostile(package: Path) -> Iterator[MediaReader]:
    import os

    with pytest.MonkeyPatch.context() as patch:
        paths = [str(package), os.environ.get("PYTHONPATH", "")]
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in paths if p))
        patch.syspath_prepend(str(package))
        with MediaReader(limits=Limits(seconds=6.0)) as reader:
            yield reader


def ask(reader: MediaReader, data: bytes) -> Extraction | Refusal:
    return reader.extract(io.BytesIO(data), len(data))


def works(reader: MediaReader) -> bool:
    data = media.silence_wav(0.2)
    found = ask(reader, data)
    return isinstance(found, Extraction) and found.duration_ms == 200


DIES = ("exit", "kill", "raise", "memory")
NONSENSE = ("noise", "long header", "no object", "no json", "deep json", "steal")
WRONG_FACTS = ("float", "negative", "huge", "text", "surrogate")


@pytest.mark.parametrize("what", DIES + NONSENSE + WRONG_FACTS)
def test_a_failure_of_the_child_is_the_failure_of_one_file(hostile: MediaReader, what: str) -> None:
    found = ask(hostile, nasty(what))
    assert isinstance(found, Extraction)
    assert found.unreadable
    assert works(hostile)


def test_a_child_that_hangs_is_ended_in_time(package: Path, hostile: MediaReader) -> None:
    with MediaReader(limits=Limits(seconds=1.5)) as impatient:
        before = time.monotonic()
        found = ask(impatient, nasty("hang"))
        assert time.monotonic() - before < 10
        assert isinstance(found, Extraction)
        assert found.unreadable
    assert works(hostile)


def test_what_a_decoder_prints_is_no_answer(hostile: MediaReader) -> None:
    found = ask(hostile, nasty("print"))
    assert found == Extraction(importer="nasty", media_type="x/y", medium=Medium.DOCUMENT)


def test_a_refusal_crosses_from_the_child(hostile: MediaReader) -> None:
    assert ask(hostile, nasty("refuse")) == Refusal(code="odd", reason="不要")


PLANTED = ("evidence/__init__.py", "json.py", "av/__init__.py")


@pytest.mark.parametrize("name", PLANTED)
def test_a_program_in_the_working_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    planted, ran = tmp_path / name, tmp_path / "ran"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"open({str(ran)!r}, 'x')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with MediaReader() as reader:
        assert works(reader)
    assert not ran.exists()


def test_a_large_file_is_given_more_time() -> None:
    limits = Limits(seconds=1.0, bytes_per_second=1000)
    assert limits.allowed(0) == 1.0
    assert limits.allowed(5000) == 6.0


def test_a_recording_and_a_picture_keep_their_kind_when_the_child_is_lost() -> None:
    with MediaReader(limits=Limits(seconds=0.0, bytes_per_second=1e12)) as reader:
        found = ask(reader, media.mp3(0.2))
        seen = ask(reader, media.picture("PNG"))
    assert isinstance(found, Extraction)
    assert isinstance(seen, Extraction)
    assert (found.medium, bool(found.unreadable)) == (Medium.RECORDING, True)
    assert (seen.medium, bool(seen.unreadable)) == (Medium.SCREENSHOT, True)


def test_a_reader_that_was_closed_starts_anew() -> None:
    with MediaReader() as reader:
        assert works(reader)
        reader.close()
        assert works(reader)


def test_a_clip_or_waveform_of_what_is_no_sound_is_an_error(reader: MediaReader) -> None:
    data = media.picture("PNG")
    out = io.BytesIO()
    with pytest.raises(MediaUnreadableError):
        reader.clip(io.BytesIO(data), len(data), out, seq=1, start_ms=0, end_ms=10)
    with pytest.raises(MediaUnreadableError):
        reader.peaks(io.BytesIO(data), len(data), seq=1, duration_ms=100, buckets=4)
    assert out.getvalue() == b""
    assert works(reader)


def test_facts_cross_from_the_child_unchanged(reader: MediaReader) -> None:
    tags = {"creation_time": "2026-10-14T13:05:33.000000Z"}
    data = media.m4a(0.5, tags=tags)
    found = ask(reader, data)
    assert isinstance(found, Extraction)
    assert found.moments
    assert extraction_from_data(extraction_to_data(found)) == found


# --- frames ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", wire.MAX_HEADER + 1) + b"{}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 12) + b'{"bytes":-1}',
        struct.pack(">I", 14) + b'{"bytes":true}'[:14],
        struct.pack(">I", 20) + b'{"bytes":9999999999}',
        struct.pack(">I", 4) + b"\xff\xfe\xfd\xfc",
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, EOFError)):
        wire.receive(io.BytesIO(data))


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\0\0\0\x0b" + b'{"bytes":1}'])
def test_a_pipe_that_ends_is_an_end(data: bytes) -> None:
    with pytest.raises(EOFError):
        wire.receive(io.BytesIO(data))


def test_a_frame_comes_back_as_it_was_sent() -> None:
    held = io.BytesIO()
    wire.send(held, {"need": 5, "名": "值"}, b"\0\1\2")
    held.seek(0)
    header, data = wire.receive(held)
    assert (header, data) == ({"need": 5, "名": "值", "bytes": 3}, b"\0\1\2")

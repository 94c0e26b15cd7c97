"""The parent's side of decoding: hands a stored copy to the child and waits, with a limit.

Rules:

1. One child serves many files. A crash, a timeout or memory that runs out costs the one file: it
   is recorded as unreadable, and the next file gets a new child.
2. The child reads through us and only the bytes we give it.
"""

import contextlib
import dataclasses
import io
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Self, TypeAlias

from evidence import own_process
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.mask import Mask, orientation
from evidence.core.records import Exhibit, Medium
from evidence.errors import MediaUnreadableError, MissingExtraError, SpeechModelError
from evidence.ingest import sniff, wire
from evidence.ingest.base import Extraction, Refusal, extraction_from_data
from evidence.ingest.recognise.base import Recognised, recognised_from_data

SECONDS = 30.0
RECOGNISING_SECONDS = 300.0
SPEECH_BYTES_PER_SECOND = 1000
"""Recognising takes longer: an hour of narrow-band sound is 6 MB and some minutes of work."""

BYTES_PER_SECOND = 4 * 1024 * 1024
"""A file may take this long, and longer by its size."""

Original: TypeAlias = io.RawIOBase | BinaryIO
"""A stored copy: readable and seekable bytes."""

_PATIENCE = {"redact_picture": 2, "redact_sound": 4}
"""Operations that decode twice or encode, too, may take this many times as long."""

_HEARING = "把录音转成文字"
_PIPE_BYTES = 1024 * 1024
_F_SETPIPE_SZ = 1031


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one operation may take."""

    seconds: float = SECONDS
    bytes_per_second: float = BYTES_PER_SECOND

    def allowed(self, size: int) -> float:
        """Return the seconds for a file of ``size`` bytes."""
        return self.seconds + size / self.bytes_per_second


class _ChildLostError(Exception):
    """The child died, hung or answered nonsense; the text says which, in Chinese."""


class _SinkFailedError(Exception):
    """What the child sends cannot be written; that says nothing about the recording."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


class MediaReader:
    """Runs importers and decoders in a child process. Use it as a context manager."""

    def __init__(self, *, limits: Limits | None = None, speech: bool = False) -> None:
        """Prepare; the child starts with the first file.

        Args:
            limits: how long one operation may take.
            speech: let the child have the memory that a speech model needs.
        """
        self._limits = limits or Limits()
        self._speech = speech
        self._arguments = ["--speech"] if speech else []
        self._child: subprocess.Popen[bytes] | None = None
        self._loaded: tuple[subprocess.Popen[bytes], Path] | None = None
        self._busy = threading.Lock()

    def another(self) -> Self:
        """Return one like it with a child of its own, to read two files at a time."""
        return type(self)(limits=self._limits, speech=self._speech)

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child, at once if need be."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()

    def extract(self, original: Original, size: int) -> Extraction | Refusal:
        """Return the facts of a stored copy, or why it is none; never raises for bad media."""
        try:
            result = self._ask({"op": "extract"}, original, size)
            if "refusal" in result:
                return _refusal(result["refusal"])
            extraction = result["extraction"]
            if not isinstance(extraction, dict):
                raise TypeError("extraction")
            return extraction_from_data(extraction)
        except _ChildLostError as error:
            reason = str(error)
        except (KeyError, TypeError, ValueError):
            reason = "解码程序没有给出可用的结果"
        original.seek(0)
        return _unreadable(original.read(4096) or b"", reason)

    def peaks(
        self, original: Original, size: int, *, seq: int, duration_ms: int, buckets: int
    ) -> tuple[int, ...]:
        """Return the loudness of ``buckets`` equal stretches, 0 to 1000.

        Raises:
            MediaUnreadableError: if the recording cannot be decoded.
        """
        request: dict[str, JsonValue] = {
            "op": "peaks",
            "buckets": buckets,
            "duration_ms": duration_ms,
        }
        found = self._require(request, original, size, seq).get("peaks")
        if not isinstance(found, list):
            raise MediaUnreadableError(seq=seq, detail="peaks")
        return tuple(int(str(peak)) for peak in found)

    def clip(
        self, original: Original, size: int, out: BinaryIO, *, seq: int, start_ms: int, end_ms: int
    ) -> None:
        """Write [start, end) of a recording to ``out`` as 16-bit PCM WAV.

        Raises:
            MediaUnreadableError: if the recording cannot be decoded there.
            OSError: if ``out`` cannot be written.
        """
        request: dict[str, JsonValue] = {"op": "clip", "start_ms": start_ms, "end_ms": end_ms}
        result = self._require(request, original, size, seq, sink=out.write)
        if not result.get("frames"):
            raise MediaUnreadableError(seq=seq, detail="no sound in the passage")

    def redact(
        self, original: Original, out: BinaryIO, *, exhibit: Exhibit, seq: int, mask: Mask
    ) -> int:
        """Write a masked copy to ``out``: PNG of a picture, 16-bit PCM WAV of a recording.

        Returns the frames of the picture, of which the copy has the first, or the samples.

        Raises:
            MediaUnreadableError: if it cannot be decoded as it was at import.
            OSError: if ``out`` cannot be written.
        """
        request: dict[str, JsonValue] = {
            "op": "redact_picture" if mask.regions else "redact_sound",
            "regions": [[r.left, r.top, r.width, r.height] for r in mask.regions],
            "spans": [[s.start_ms, s.end_ms] for s in mask.spans],
            "orientation": orientation(exhibit),
            "width": exhibit.width or 0,
            "height": exhibit.height or 0,
        }
        frames = self._require(request, original, exhibit.size, seq, sink=out.write).get("frames")
        if not isinstance(frames, int) or frames < 1:
            raise MediaUnreadableError(seq=seq, detail="nothing decoded")
        return frames

    def read_text(self, original: Original, size: int, *, seq: int) -> Recognised:
        """Return the text in a picture.

        Raises:
            MissingExtraError: if the extra ``ocr`` is not installed.
            MediaUnreadableError: if the picture cannot be decoded or the engine fails.
        """
        result = self._require({"op": "ocr"}, original, size, seq)
        return _recognised(result, "识别图片文字", "ocr", seq)

    def hear(self, original: Original, size: int, *, seq: int, folder: Path) -> Recognised:
        """Return the text of a recording, with the model in ``folder``.

        Raises:
            MissingExtraError: if the extra ``speech`` is not installed.
            SpeechModelError: if the folder holds no known model, or one that cannot be loaded.
            MediaUnreadableError: if the recording cannot be decoded or the engine fails.
        """
        self._load(folder)
        request: dict[str, JsonValue] = {"op": "speech", "folder": str(folder)}
        result = self._require(request, original, size, seq)
        return _recognised(result, _HEARING, "speech", seq)

    def _load(self, folder: Path) -> None:
        """Load a model by itself, so that a broken one is not taken for broken recordings."""
        if self._loaded == (self._started(), folder):
            return
        try:
            result = self._ask({"op": "load", "folder": str(folder)}, io.BytesIO(), 0)
        except _ChildLostError as error:
            detail = "载入时程序异常退出，模型可能不完整或不相配"
            raise SpeechModelError(path=str(folder), detail=detail) from error
        if "missing" in result:
            raise MissingExtraError(
                purpose=_HEARING, component=str(result["missing"]), extra="speech"
            )
        if "loaded" not in result:
            detail = str(result.get("model", result.get("error", "")))
            raise SpeechModelError(path=str(folder), detail=detail)
        self._loaded = (self._started(), folder)

    def _require(
        self,
        request: dict[str, JsonValue],
        original: Original,
        size: int,
        seq: int,
        sink: Callable[[bytes], object] | None = None,
    ) -> JsonObject:
        try:
            result = self._ask(request, original, size, sink)
        except _ChildLostError as error:
            raise MediaUnreadableError(seq=seq, detail=str(error)) from error
        if "error" in result:
            raise MediaUnreadableError(seq=seq, detail=str(result["error"]))
        return result

    def _ask(
        self,
        request: dict[str, JsonValue],
        original: Original,
        size: int,
        sink: Callable[[bytes], object] | None = None,
    ) -> JsonObject:
        """Send one request and serve the child's reads until its result comes."""
        with self._busy:
            return self._ask_alone(request, original, size, sink)

    def _ask_alone(
        self,
        request: dict[str, JsonValue],
        original: Original,
        size: int,
        sink: Callable[[bytes], object] | None,
    ) -> JsonObject:
        child = self._started()
        lapsed = threading.Event()

        def stop() -> None:
            lapsed.set()
            child.kill()

        allowed = self._limits.allowed(size) * _PATIENCE.get(str(request["op"]), 1)
        watchdog = threading.Timer(allowed, stop)
        watchdog.daemon = True
        watchdog.start()
        try:
            return _converse(child, request, original, size, sink)
        except _SinkFailedError as failed:
            self.close()
            raise failed.error from failed
        except (OSError, EOFError, ValueError) as error:
            self.close()
            if lapsed.is_set():
                raise _ChildLostError("解码超时") from error
            raise _ChildLostError("解码程序异常退出，文件可能已损坏") from error
        finally:
            watchdog.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = own_process.start("evidence.ingest.worker", *self._arguments)
            for pipe in (self._child.stdin, self._child.stdout):
                _widen(pipe)
        return self._child


def _converse(
    child: subprocess.Popen[bytes],
    request: dict[str, JsonValue],
    original: Original,
    size: int,
    sink: Callable[[bytes], object] | None,
) -> JsonObject:
    requests, answers = child.stdin, child.stdout
    if requests is None or answers is None:
        raise RuntimeError("child without pipes")
    wire.send(requests, {**request, "size": size}, _read_at(original, 0, wire.BLOCK))
    while True:
        header, data = wire.receive(answers)
        if "need" in header:
            place, count = header["need"], header["count"]
            if type(place) is not int or type(count) is not int:
                raise ValueError("need")
            if place < 0 or not 0 <= count <= wire.BLOCK:
                raise ValueError("need")
            wire.send(requests, {}, _read_at(original, place, count))
        elif "output" in header:
            if sink is None:
                raise ValueError("output")
            try:
                sink(data)
            except OSError as error:
                raise _SinkFailedError(error) from error
        else:
            result = header["result"]
            if not isinstance(result, dict):
                raise ValueError("result")
            return result


def _read_at(original: Original, place: int, count: int) -> bytes:
    original.seek(place)
    pieces: list[bytes] = []
    while count > 0 and (piece := original.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _widen(pipe: IO[bytes] | None) -> None:
    """Let one block fit into the pipe where the system allows it (Linux)."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), _F_SETPIPE_SZ, _PIPE_BYTES)


def _recognised(result: JsonObject, purpose: str, extra: str, seq: int) -> Recognised:
    if "missing" in result:
        raise MissingExtraError(purpose=purpose, component=str(result["missing"]), extra=extra)
    try:
        return recognised_from_data(result["recognised"])  # type: ignore[arg-type]  # checked there
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MediaUnreadableError(seq=seq, detail="识别程序没有给出可用的结果") from error


def _refusal(value: object) -> Refusal:
    if not isinstance(value, dict):
        raise TypeError("refusal")
    return Refusal(code=str(value["code"]), reason=str(value["reason"]))


def _unreadable(head: bytes, reason: str) -> Extraction:
    """Return what can be said of a file whose decoding failed altogether."""
    found = sniff.sniff(head)
    medium = Medium.DOCUMENT
    if found is not None and sniff.is_audio(found):
        medium = Medium.RECORDING
    elif found is not None and sniff.is_picture(found):
        medium = Medium.SCREENSHOT
    return Extraction(
        importer="none",
        media_type=found.media_type if found else "application/octet-stream",
        medium=medium,
        unreadable=reason,
    )

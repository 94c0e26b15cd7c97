"""The child that runs decoders: ``python -m evidence.ingest.worker``.

Rules:

1. It gets no path. It asks the parent for blocks of the stored copy and gives back facts.
2. It may die at any moment; the parent records that as a failure of one file and starts another.
3. Only frames go to its standard output; what libraries print goes nowhere.
"""

import contextlib
import io
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from evidence.core.canonical import JsonValue
from evidence.ingest import redact, registry, sound, wire
from evidence.ingest.base import Importer, Refusal, extraction_to_data
from evidence.ingest.recognise.base import (
    Engine,
    ModelFolderError,
    UnreadableError,
    recognised_to_data,
)

MEMORY_BYTES = 3 * 1024**3
"""Address space of the child, where the system can limit it."""

SPEECH_MEMORY_BYTES = 8 * 1024**3
"""The same for speech: a model alone may take a gigabyte."""

_BLOCKS_KEPT = 8


class _RemoteOriginal(io.RawIOBase):
    """The stored copy, read block by block from the parent."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO, size: int, first: bytes) -> None:
        super().__init__()
        self._in, self._out, self._size = requests, answers, size
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict({0: first})

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self._size or not len(view):
            return 0
        number, inside = divmod(self._position, wire.BLOCK)
        block = self._block(number)
        count = min(len(view), len(block) - inside)
        view[:count] = memoryview(block)[inside : inside + count]
        self._position += count
        return count

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            wire.send(self._out, {"need": number * wire.BLOCK, "count": wire.BLOCK})
            _, data = wire.receive(self._in)
            self._blocks[number] = data
            if len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        return self._blocks[number]


class _Outgoing(io.RawIOBase):
    """Bytes on their way to the parent. Not seekable, so headers must be right at once."""

    def __init__(self, answers: BinaryIO) -> None:
        super().__init__()
        self._out = answers

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        for start in range(0, len(view), wire.BLOCK):
            wire.send(self._out, {"output": True}, view[start : start + wire.BLOCK])
        return len(view)


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    requests, answers = _private_pipes()
    _limit(SPEECH_MEMORY_BYTES if "--speech" in sys.argv else MEMORY_BYTES)
    known = registry.importers()
    engines: dict[str, Engine] = {}
    while True:
        try:
            header, first = wire.receive(requests)
        except EOFError:
            return
        size = header["size"]
        if not isinstance(size, int):
            raise TypeError("size")
        raw = _RemoteOriginal(requests, answers, size, first)
        with io.BufferedReader(raw, 256 * 1024) as original:
            try:
                if header["op"] in ("ocr", "load", "speech"):
                    result = _recognise(header, original, engines)
                else:
                    result = _serve(header, original, size, known, answers)
            except (EOFError, BrokenPipeError):
                return
            except Exception as error:  # noqa: BLE001 - decoders raise anything; it is recorded
                result = {"error": f"{type(error).__name__}: {error}"[:300]}
        wire.send(answers, {"result": result})


def _serve(
    header: dict[str, JsonValue],
    original: BinaryIO,
    size: int,
    known: tuple[Importer, ...],
    answers: BinaryIO,
) -> dict[str, JsonValue]:
    match header["op"]:
        case "extract":
            importer = registry.identify(original.read(wire.BLOCK // 16), known)
            original.seek(0)
            found = importer if isinstance(importer, Refusal) else importer.extract(original, size)
            if isinstance(found, Refusal):
                return {"refusal": {"code": found.code, "reason": found.reason}}
            return {"extraction": extraction_to_data(found)}
        case "peaks":
            buckets, duration = _number(header, "buckets"), _number(header, "duration_ms")
            return {"peaks": sound.peaks(original, buckets=buckets, duration_ms=duration)}
        case "clip":
            start, end = _number(header, "start_ms"), _number(header, "end_ms")
            # The length of a WAV is in its header, so it is made whole before it is sent.
            held = io.BytesIO()
            frames = sound.clip(original, held, start_ms=start, end_ms=end)
            _Outgoing(answers).write(held.getbuffer())
            return {"frames": frames}
        case "redact_picture":
            boxes, turned = redact.regions_from(header["regions"]), _number(header, "orientation")
            pixels = _number(header, "width"), _number(header, "height")
            with io.BufferedWriter(_Outgoing(answers), wire.BLOCK) as out:
                frames = redact.picture(
                    original, out, regions=boxes, orientation=turned, size=pixels
                )
            return {"frames": frames}
        case "redact_sound":
            spans = redact.spans_from(header["spans"])
            with io.BufferedWriter(_Outgoing(answers), wire.BLOCK) as out:
                return {"frames": redact.recording(original, out, spans=spans)}
        case other:
            raise ValueError(f"operation {other}")


def _recognise(
    header: dict[str, JsonValue], original: BinaryIO, engines: dict[str, Engine]
) -> dict[str, JsonValue]:
    """Run an engine; it is loaded with the first request for it, or by ``load`` alone."""
    folder = str(header.get("folder", ""))
    try:
        if folder not in engines:
            engines[folder] = _engine(str(header["op"]), folder)
    except ImportError as error:
        return {"missing": error.name or str(error)}
    except ModelFolderError as error:
        return {"model": str(error)}
    if header["op"] == "load":
        return {"loaded": True}
    try:
        return {"recognised": recognised_to_data(engines[folder].recognise(original))}
    except UnreadableError as error:
        return {"error": str(error)}
    except (EOFError, BrokenPipeError):
        raise  # the parent is gone
    except Exception as error:  # noqa: BLE001 - engines raise anything; it is recorded
        return {"error": f"识别时出错（{type(error).__name__}: {error}）"[:300]}


def _engine(operation: str, folder: str) -> Engine:
    if operation == "ocr":
        from evidence.ingest.recognise.rapid_ocr import RapidOcr

        return RapidOcr()
    from evidence.ingest.recognise.sherpa_speech import SherpaSpeech

    return SherpaSpeech(Path(folder))


def _number(header: dict[str, JsonValue], key: str) -> int:
    value = header[key]
    if not isinstance(value, int):
        raise TypeError(key)
    return value


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for frames and point the standard ones away from them."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return requests, answers


def _limit(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main()

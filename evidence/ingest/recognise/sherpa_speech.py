"""Recordings to text with sherpa-onnx and a model folder that the person supplies.

Rules:

1. Nothing is downloaded. The folder holds ``tokens.txt`` and a SenseVoice or Paraformer model
   (``model.onnx`` or ``model.int8.onnx``), or the encoder and decoder of a Whisper model.
2. The sound is cut at silence, or else where it is quietest, into passages of at most 30 seconds;
   each sentence gets the span in which it was heard, to the precision of the engine's own marks.
3. What the engine writes is kept as it is, punctuation or none.
"""

import importlib.metadata
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from evidence.core.records import Span
from evidence.core.transcript import TranscriptLine
from evidence.ingest import sound
from evidence.ingest.recognise.base import (
    ModelFolderError,
    Recognised,
    UnreadableError,
    report_nothing,
)

RATE = 16_000
"""Samples per second that the models expect."""

LONGEST_MS = 30_000
SILENCE_MS = 500
"""Shortest pause at which the sound is cut."""

MARGIN_MS = 150
"""Kept before and after a passage, so that no syllable is cut."""

QUIETER_DB = 16
"""A pause is this much quieter than the recording as a whole."""

SEARCHED_MS = 5_000
STEP_MS = 100
"""Sound without a pause is cut in its last seconds, at the quietest tenth of a second."""

_ENDS = "。？！?!；;"


class SherpaSpeech:
    """One model, loaded once."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            ImportError: if the extra ``speech`` is not installed.
            ModelFolderError: if the folder holds no known model, or one that cannot be loaded.
        """
        report_nothing()
        import sherpa_onnx

        self._recogniser, kind = _load(sherpa_onnx, folder)
        version = importlib.metadata.version("sherpa-onnx")
        self._name = f"sherpa-onnx {version} + {kind} ({folder.name})"

    def recognise(self, original: BinaryIO) -> Recognised:
        """Return the sentences of a recording with the spans in which they were heard.

        Raises:
            UnreadableError: if the recording cannot be decoded.
        """
        import numpy

        whole = _mono(original)
        lines: list[TranscriptLine] = []
        for start, end in passages(whole):
            stream = self._recogniser.create_stream()
            samples = numpy.frombuffer(whole[start:end].raw_data, dtype=numpy.int16)
            stream.accept_waveform(RATE, samples.astype(numpy.float32) / sound.FULL_SCALE)
            self._recogniser.decode_stream(stream)
            lines += sentences(
                stream.result.text,
                list(stream.result.tokens),
                [round(float(t) * 1000) for t in stream.result.timestamps],
                start_ms=start,
                end_ms=end,
            )
        return Recognised(engine=self._name, lines=tuple(lines))


def passages(whole: Any) -> list[tuple[int, int]]:
    """Return start and end, in milliseconds, of what is not silence (rule 2)."""
    from pydub import silence

    if whole.dBFS == float("-inf"):
        return []
    found = silence.detect_nonsilent(
        whole, min_silence_len=SILENCE_MS, silence_thresh=whole.dBFS - QUIETER_DB, seek_step=10
    )
    cut: list[tuple[int, int]] = []
    for first, last in found:
        start, end = max(first - MARGIN_MS, 0), min(last + MARGIN_MS, len(whole))
        while end - start > LONGEST_MS:
            middle = _quietest(whole, start + LONGEST_MS - SEARCHED_MS, start + LONGEST_MS)
            cut.append((start, middle))
            start = middle
        cut.append((start, end))
    return cut


def _quietest(whole: Any, first: int, last: int) -> int:
    """Return where the sound is quietest, so that fewer words are cut in two."""
    places = range(first, last - STEP_MS + 1, STEP_MS)
    return min(places, key=lambda p: (whole[p : p + STEP_MS].rms, -p)) + STEP_MS // 2


def sentences(
    text: str, tokens: list[str], starts: list[int], *, start_ms: int, end_ms: int
) -> Iterator[TranscriptLine]:
    """Yield the sentences of one passage; without marks per token the passage is one line.

    Args:
        text: what the engine wrote.
        tokens: its tokens, which make up the text when joined.
        starts: where each token begins, in milliseconds from the start of the passage.
        start_ms: start of the passage in the recording.
        end_ms: its end.
    """
    if not text.strip():
        return
    if len(starts) != len(tokens) or "".join(tokens).strip() != text.strip():
        yield TranscriptLine(text=text.strip(), span=Span(start_ms=start_ms, end_ms=end_ms))
        return
    words: list[str] = []
    began = start_ms
    for place, token in enumerate(tokens):
        words.append(token)
        last = place == len(tokens) - 1
        if last or any(mark in token for mark in _ENDS):
            ended = end_ms if last else min(start_ms + starts[place + 1], end_ms)
            said = "".join(words).strip()
            if said:
                start = min(began, end_ms - 1)  # marks may lie beyond the sound
                yield TranscriptLine(
                    text=said, span=Span(start_ms=start, end_ms=max(ended, start + 1))
                )
            words, began = [], ended


def _mono(original: BinaryIO) -> Any:
    """Return the whole sound as one channel of 16 kHz: 2 MB a minute."""
    try:
        found = list(sound.segments(original))
        pieces = [segment.set_channels(1).set_frame_rate(RATE) for segment in found]
    except Exception as error:  # decoders raise anything
        raise UnreadableError(f"录音无法解码（{type(error).__name__}）") from error
    if not pieces:
        raise UnreadableError("录音里没有声音")
    return pieces[0]._spawn(b"".join(piece.raw_data for piece in pieces))


def _load(library: Any, folder: Path) -> tuple[Any, str]:
    try:
        return _recogniser(library.OfflineRecognizer, folder)
    except ModelFolderError:
        raise
    except Exception as error:  # the library raises anything
        raise ModelFolderError(f"模型无法载入：{error}"[:200]) from error


def _recogniser(offline: Any, folder: Path) -> tuple[Any, str]:
    tokens = _one(folder, "tokens.txt", "*-tokens.txt")
    if tokens is None:
        raise ModelFolderError("文件夹里没有 tokens.txt")
    if not _are_tokens(tokens):
        raise ModelFolderError("tokens.txt 不完整")
    encoder, decoder = _one(folder, "*encoder*.onnx"), _one(folder, "*decoder*.onnx")
    shared = {"tokens": str(tokens), "num_threads": 2}
    if encoder is not None and decoder is not None:
        made = offline.from_whisper(
            encoder=str(encoder), decoder=str(decoder), language="zh", **shared
        )
        return made, f"Whisper {encoder.name}"
    model = _one(folder, "model.int8.onnx", "model.onnx")
    if model is None:
        raise ModelFolderError("文件夹里没有 model.onnx 或 model.int8.onnx")
    if _mentions(model, b"sense_voice") or _mentions(model, b"lang_zh"):
        made = offline.from_sense_voice(model=str(model), language="zh", use_itn=True, **shared)
        return made, f"SenseVoice {model.name}"
    return offline.from_paraformer(paraformer=str(model), **shared), f"Paraformer {model.name}"


def _are_tokens(path: Path) -> bool:
    """Tell whether each line is a token and its number; the library aborts on others."""
    try:
        lines = path.read_text(encoding="utf-8").rstrip().split("\n")
    except UnicodeDecodeError:
        return False
    return all(line.rpartition(" ")[2].strip().isdecimal() for line in lines)


def _one(folder: Path, *patterns: str) -> Path | None:
    for pattern in patterns:
        found = sorted(folder.glob(pattern))
        if found:
            return found[0]
    return None


def _mentions(model: Path, word: bytes) -> bool:
    """Tell whether the metadata of a model has a word; it tells the kinds apart."""
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(word) >= 0

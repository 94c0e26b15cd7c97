"""Cutting and measuring sound: every second stays where it was."""

import io
import wave
from typing import Any

import av
import pytest

from evidence.ingest import audio, sound
from tests.evidence.ingest import media


def _clip(data: bytes, start_ms: int, end_ms: int) -> tuple[int, int]:
    """Return rate and frames of the clip as its WAV says."""
    held = io.BytesIO()
    written = sound.clip(io.BytesIO(data), held, start_ms=start_ms, end_ms=end_ms)
    held.seek(0)
    with wave.open(held, "rb") as clip:
        assert clip.getnframes() == written
        return clip.getframerate(), written


def test_silent_frames_of_amr_keep_their_place() -> None:
    pause = media.amr_nb(50, silent=100) + media.amr_nb(50)[len(b"#!AMR\n") :]
    assert sum(len(segment) for segment in sound.segments(io.BytesIO(pause))) == 4000
    assert _clip(pause, 3200, 3700) == (8000, 4000)
    peaks = sound.peaks(io.BytesIO(pause), buckets=4, duration_ms=4000)
    assert peaks[0] > 0
    assert peaks[2] == 0
    assert peaks[3] > 0


def test_amr_is_not_cut_when_only_a_decoder_that_loses_silence_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing: Any = lambda _codec: "no_such_decoder"  # noqa: E731 - as short as the thing it stands for
    monkeypatch.setattr(sound, "decoder_name", missing)
    with pytest.raises(LookupError):
        _clip(media.amr_nb(50), 0, 500)


def test_the_decoders_that_keep_silence_come_with_the_package() -> None:
    for codec in ("amr_nb", "amr_wb"):
        assert audio.decoder_name(codec) in av.codecs_available


def test_a_clip_holds_exactly_the_samples_of_its_passage() -> None:
    assert _clip(media.m4a(2.0), 250, 1250) == (16000, 16000)

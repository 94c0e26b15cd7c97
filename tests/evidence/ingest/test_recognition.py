"""What bytes are and how long they sound, by content alone. The files are real."""

import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence.core.moment import Meaning, Precision, Source
from evidence.core.records import Medium
from evidence.ingest import registry
from evidence.ingest.amr import count_frames
from evidence.ingest.base import Extraction, Refusal
from evidence.ingest.picture import MAX_PIXELS
from tests.evidence.ingest import media
from tests.evidence.ingest.conftest import Look
from tests.evidence.ingest.media import encode

SECONDS = 3.0
DELAY_MS = 120
"""What an encoder may put before and after the sound (truth.json allows the same)."""

TAKEN = {0x9003: "2026:10:14 21:05:33", 0x9011: "+08:00", 0x9291: "482"}

SOUNDS = {
    "mp3": (lambda: media.mp3(SECONDS), "audio/mpeg", "mp3", 16000),
    "mp3 vbr": (lambda: media.mp3(SECONDS, variable=True), "audio/mpeg", "mp3", 16000),
    "mp3 vbr without xing": (
        lambda: media.mp3(SECONDS, variable=True, xing=False),
        "audio/mpeg",
        "mp3",
        16000,
    ),
    "m4a": (lambda: media.m4a(SECONDS), "audio/mp4", "aac", 16000),
    "adts": (lambda: encode("adts", "aac", SECONDS, rate=16000), "audio/aac", "aac", 16000),
    "3gp amr": (
        lambda: encode("3gp", "libopencore_amrnb", SECONDS),
        "audio/3gpp",
        "amr_nb",
        8000,
    ),
    "3gp aac": (
        lambda: encode("3gp", "aac", SECONDS, rate=16000),
        "audio/3gpp",
        "aac",
        16000,
    ),
    "amr": (lambda: encode("amr", "libopencore_amrnb", SECONDS), "audio/amr", "amr_nb", 8000),
    "ogg opus": (
        lambda: encode("ogg", "libopus", SECONDS, rate=48000),
        "audio/ogg",
        "opus",
        48000,
    ),
    "flac": (lambda: encode("flac", "flac", SECONDS), "audio/flac", "flac", 8000),
    "wav": (lambda: media.wav(SECONDS), "audio/wav", "pcm_s16le", 8000),
    "wav float": (
        lambda: encode("wav", "pcm_f32le", SECONDS),
        "audio/wav",
        "pcm_f32le",
        8000,
    ),
    "wav adpcm": (lambda: encode("wav", "adpcm_ms", SECONDS), "audio/wav", "adpcm_ms", 8000),
}
EXACT = {"flac", "wav", "wav float"}
PICTURES = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp", "HEIF": "heic"}


def read(look: Look, data: bytes) -> Extraction:
    found = look(data)
    assert isinstance(found, Extraction), found
    return found


# --- recordings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOUNDS)
def test_a_recording_is_recognised_and_its_true_duration_read(look: Look, name: str) -> None:
    make, media_type, codec, rate = SOUNDS[name]
    found = read(look, make())
    assert (found.media_type, found.codec, found.sample_rate) == (media_type, codec, rate)
    assert (found.medium, found.channels, found.unreadable) == (Medium.RECORDING, 1, "")
    assert found.duration_ms is not None
    assert abs(found.duration_ms - SECONDS * 1000) <= (0 if name in EXACT else DELAY_MS)
    assert found.warnings == ()


def test_wide_band_amr_is_counted(look: Look) -> None:
    found = read(look, media.WIDE_BAND.read_bytes())
    assert (found.media_type, found.codec, found.sample_rate) == ("audio/amr-wb", "amr_wb", 16000)
    assert found.duration_ms == media.WIDE_BAND_MS


def test_silent_amr_frames_count_where_a_decoder_drops_them(look: Look) -> None:
    found = read(look, media.amr_nb(112, silent=1389))
    assert found.duration_ms == 30_020
    assert found.warnings == ()


@given(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 15]), max_size=400),
    st.booleans(),
    st.integers(0, 5),
)
@settings(max_examples=60)
def test_amr_frames_are_counted_by_their_types(kinds: list[int], bad: bool, cut: int) -> None:
    sizes = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
    frames = [bytes([kind << 3 | (0 if bad else 4)]) + b"\x55" * sizes[kind] for kind in kinds]
    data = b"#!AMR\n" + b"".join(frames)
    counted = count_frames(io.BytesIO(data))
    assert (counted.duration_ms, counted.complete) == (20 * len(kinds), True)
    if cut and frames and len(frames[-1]) > cut:
        counted = count_frames(io.BytesIO(data[:-cut]))
        assert (counted.duration_ms, counted.complete) == (20 * (len(kinds) - 1), False)


def test_the_container_time_is_the_moment_of_stopping(look: Look) -> None:
    tags = {"creation_time": "2026-10-14T13:05:33.000000Z"}
    (stop,) = read(look, media.m4a(1.0, tags=tags)).moments
    assert (stop.source, stop.meaning) == (Source.CONTAINER, Meaning.RECORDING_STOP)
    assert stop.interval() is not None
    assert not stop.tz_assumed


@pytest.mark.parametrize("year", ["1904", "1970", "2000"])
def test_a_recorder_without_a_clock_says_no_time(look: Look, year: str) -> None:
    tags = {"creation_time": f"{year}-01-01T00:00:00.000000Z"}
    assert read(look, media.m4a(0.5, tags=tags)).moments == ()


def test_gbk_tags_do_not_stop_an_mp3(look: Look) -> None:
    title = "通话录音".encode("gb18030")
    frame = b"TIT2" + struct.pack(">IH", len(title) + 1, 0) + b"\0" + title
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, len(frame)]) + frame
    found = read(look, tag + media.mp3(SECONDS))
    assert (found.codec, found.unreadable) == ("mp3", "")
    assert abs((found.duration_ms or 0) - 3000) <= DELAY_MS
    sample = (media.SAMPLES / "media" / "gbk.mp3").read_bytes()
    assert read(look, sample).unreadable == ""


# --- recordings that are not whole ----------------------------------------------------------------


def test_an_m4a_without_its_index_is_kept_as_an_unreadable_recording(look: Look) -> None:
    found = read(look, media.without_box(media.m4a(SECONDS), b"moov"))
    assert found.unreadable
    assert (found.medium, found.media_type) == (Medium.RECORDING, "audio/mp4")
    assert found.duration_ms is None


@pytest.mark.parametrize("name", ["mp3", "amr", "wav", "flac", "ogg opus", "adts"])
def test_half_a_recording_has_the_duration_of_what_is_there(look: Look, name: str) -> None:
    data = SOUNDS[name][0]()
    found = read(look, data[: len(data) // 2 + 1])
    assert not found.unreadable
    assert found.duration_ms is not None
    assert found.duration_ms <= SECONDS * 1000 / 2 + 2 * DELAY_MS


@pytest.mark.parametrize("name", ["mp3", "amr", "wav", "flac"])
def test_half_a_recording_says_that_it_is_not_whole(look: Look, name: str) -> None:
    data = SOUNDS[name][0]()
    assert read(look, data[: len(data) // 2 + 1]).warnings


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("kept", [9, 40, 100])
def test_a_mere_beginning_is_kept_as_unreadable_or_refused(
    look: Look, name: str, kept: int
) -> None:
    found = look(SOUNDS[name][0]()[:kept])
    assert isinstance(found, Refusal) or found.unreadable or (found.duration_ms or 0) < 500


def test_a_picture_in_an_mp4_box_has_no_sound_and_says_so(look: Look) -> None:
    found = read(look, media.box(b"ftyp", b"isom\0\0\2\0isom") + media.box(b"mdat", bytes(64)))
    assert found.unreadable


# --- pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_is_recognised_with_its_size_and_exif_time(look: Look, form: str) -> None:
    found = read(look, media.picture(form, (64, 48), exif=TAKEN, outer={0x0131: "Android 15"}))
    assert found.media_type == f"image/{PICTURES[form]}"
    assert (found.medium, found.width, found.height) == (Medium.SCREENSHOT, 64, 48)
    assert (found.unreadable, found.warnings) == ("", ())
    assert ("software", "Android 15") in found.facts
    (taken,) = found.moments
    assert taken.value == "2026-10-14T21:05:33.482+08:00"
    assert (taken.source, taken.meaning) == (Source.EXIF, Meaning.CAPTURED)
    assert (taken.precision, taken.tz_assumed) == (Precision.MILLISECOND, False)


def test_an_exif_time_without_offset_is_read_as_chinese_time_and_says_so(look: Look) -> None:
    (taken,) = read(look, media.picture("JPEG", exif={0x9003: "2026:10:14 21:05:33"})).moments
    assert (taken.value, taken.tz_assumed) == ("2026-10-14T21:05:33+08:00", True)
    assert taken.precision is Precision.SECOND


def test_an_exif_offset_is_kept(look: Look) -> None:
    exif = {0x9003: "2026:10:14 13:05:33", 0x9011: "+00:00"}
    (taken,) = read(look, media.picture("PNG", exif=exif)).moments
    assert taken.value == "2026-10-14T13:05:33+00:00"
    assert not taken.tz_assumed


@pytest.mark.parametrize("offset", ["+99:00", "   ", "UTC?", "八点"])
def test_an_offset_that_is_none_does_not_lose_the_time(look: Look, offset: str) -> None:
    exif = {0x9003: "2026:10:14 21:05:33", 0x9011: offset}
    (taken,) = read(look, media.picture("JPEG", exif=exif)).moments
    assert (taken.value, taken.tz_assumed) == ("2026-10-14T21:05:33+08:00", True)


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "2026:02:30 10:00:00", "yesterday", ""])
def test_an_exif_time_that_does_not_exist_is_none(look: Look, text: str) -> None:
    assert read(look, media.picture("JPEG", exif={0x9003: text})).moments == ()


def test_an_exif_rotation_is_noted_and_not_applied(look: Look) -> None:
    found = read(look, media.picture("JPEG", (64, 48), outer={0x0112: 6}))
    assert (found.width, found.height) == (64, 48)
    assert ("orientation", "EXIF 6") in found.facts


def test_damaged_exif_does_not_make_a_whole_picture_unreadable(look: Look) -> None:
    data = media.picture("JPEG", exif=TAKEN)
    place = data.index(b"Exif\0\0") + 6
    for damage in (b"\xff" * 20, b"II*\0\xff\xff\xff\x7f" + bytes(12), b"MM\0*" + bytes(16)):
        found = read(look, data[:place] + damage + data[place + 20 :])
        assert (found.width, found.height, found.unreadable) == (64, 48, "")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_half_a_picture_is_kept_as_unreadable_with_its_size(look: Look, form: str) -> None:
    data = media.picture(form, (640, 480))
    found = read(look, data[: len(data) - 40])
    assert found.unreadable
    assert (found.medium, found.width, found.height) == (Medium.SCREENSHOT, 640, 480)


# --- text and documents ---------------------------------------------------------------------------

TEXTS = {
    "utf-8": ("林某的说明：李经理 21:05 来电😡\n", "utf-8"),
    "utf-8-sig": ("林某的说明", "utf-8-sig"),
    "gb18030": ("林某的说明：李经理来电，骂人。", "gb18030"),
    "utf-16": ("林某的说明", "utf-16"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_plain_text_is_recognised_with_its_encoding(look: Look, name: str) -> None:
    text, encoding = TEXTS[name]
    found = read(look, text.encode(encoding))
    assert (found.media_type, found.medium) == ("text/plain", Medium.DOCUMENT)
    assert found.text_encoding == encoding


def test_text_that_is_gb18030_only_near_its_end_is_read_as_such(look: Look) -> None:
    data = b"a" * 100_000 + "林某".encode("gb18030")
    assert read(look, data).text_encoding == "gb18030"


def test_text_whose_character_lies_across_the_first_block_is_read(look: Look) -> None:
    for shift in range(4):
        data = b"a" * (65536 - shift) + "林某😡".encode() * 10
        assert read(look, data).text_encoding == "utf-8"


def test_text_with_bytes_of_a_program_behind_it_is_refused(look: Look) -> None:
    assert isinstance(look(b"a" * 100_000 + b"\0\1\2"), Refusal)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"<?xml version='1.0'?><other count='0'></other>", "application/xml"),
        (b'{"messageCount":0}', "application/json"),
        ("甲,乙,丙,丁\n1,2,3,4\n5,6,7,8\n".encode(), "text/csv"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "application/x-ole-storage"),
    ],
)
def test_exports_and_bills_are_documents(look: Look, data: bytes, media_type: str) -> None:
    found = read(look, data)
    assert (found.medium, found.media_type) == (Medium.DOCUMENT, media_type)


def _zip(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name in names:
            out.writestr(name, bytes(10))
    return held.getvalue()


def test_an_archive_is_kept_whole_and_never_opened(look: Look) -> None:
    found = read(look, _zip("photos.bin", "../../etc/passwd"))
    assert (found.medium, found.media_type) == (Medium.DOCUMENT, "application/zip")


NO_EVIDENCE = {
    "empty": (b"", "empty"),
    "elf": (b"\x7fELF\2\1\1" + bytes(200), "program"),
    "exe": (b"MZ\x90\0" + bytes(200), "program"),
    "mach-o": (b"\xcf\xfa\xed\xfe" + bytes(200), "program"),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(200), "program"),
    "dex": (b"dex\n035\0" + bytes(200), "program"),
    "wasm": (b"\0asm\1\0\0\0", "program"),
    "script": (b"#!/bin/sh\nrm -rf x\n", "program"),
    "sqlite": (b"SQLite format 3\0" + bytes(200), "program"),
    "apk": (_zip("AndroidManifest.xml", "classes.dex"), "program"),
    "jar": (_zip("META-INF/MANIFEST.MF", "A.class"), "program"),
    "gzip": (gzip.compress(bytes(1000)), "unknown-type"),
    "zeros": (bytes(1000), "unknown-type"),
    "noise": (bytes(range(256)) * 8, "unknown-type"),
    "control characters": (b"abc\x00def", "unknown-type"),
}


@pytest.mark.parametrize("name", NO_EVIDENCE)
def test_what_is_no_evidence_is_refused_with_a_reason(look: Look, name: str) -> None:
    data, code = NO_EVIDENCE[name]
    found = look(data)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.reason


# --- hostile --------------------------------------------------------------------------------------


def test_a_picture_that_claims_any_size_is_measured_and_not_decoded(look: Look) -> None:
    side = 50_000
    assert side * side > MAX_PIXELS
    found = read(look, media.png_claiming(side, side))
    assert (found.width, found.height) == (side, side)
    assert (found.unreadable, len(found.warnings)) == ("", 1)


def test_the_largest_size_that_a_header_can_claim_is_only_a_number(look: Look) -> None:
    found = read(look, media.png_claiming(2**31 - 1, 2**31 - 1))
    assert found.width in (None, 2**31 - 1)
    assert found.medium is Medium.SCREENSHOT


def test_a_picture_with_less_pixels_than_it_claims_is_unreadable(look: Look) -> None:
    found = read(look, media.png_claiming(5_000, 5_000))
    assert found.unreadable
    assert (found.width, found.height) == (5_000, 5_000)


HUGE = {
    "mp4 box": media.box(b"ftyp", b"isom\0\0\2\0isom")
    + media.box(b"moov", b"x" * 50, claimed=0xFFFFFFF0),
    "mp4 64-bit box": media.box(b"ftyp", b"isom\0\0\2\0isom")
    + b"\0\0\0\1moov"
    + b"\x7f" * 8
    + bytes(50),
    "heic box": media.box(b"ftyp", b"heic\0\0\0\0heicmif1")
    + media.box(b"meta", b"x" * 50, claimed=0xFFFFFFF0),
    "riff": b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f" + bytes(100),
    "webp": b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + bytes(50),
    "id3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100),
    "flac": b"fLaC\x84\xff\xff\xff" + bytes(100),
    "ogg": b"OggS\0\2" + b"\xff" * 21 + bytes(300),
    "jpeg": b"\xff\xd8\xff\xe0\xff\xff" + bytes(100),
    "gif": b"GIF89a\xff\xff\xff\xff\xf7\0\0" + bytes(100),
    "adts": (b"\xff\xf1\x50\x80\xff\xff\xfc") * 20,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_header_that_claims_a_huge_size_costs_nothing(look: Look, name: str) -> None:
    found = look(HUGE[name])
    assert isinstance(found, Refusal) or found.unreadable or found.medium is not Medium.DOCUMENT


def test_pcm_is_measured_by_the_bytes_that_are_there(look: Look) -> None:
    data = bytearray(media.wav(1.0))
    data[40:44] = struct.pack("<I", 0x7FFFFFF0)
    found = read(look, bytes(data))
    assert found.duration_ms == 1000
    assert found.warnings


@given(st.binary(max_size=200), st.sampled_from([*HUGE.values(), b"#!AMR\n", b"#!AMR-WB\n"]))
@example(b"", b"")
@settings(max_examples=150)
def test_identification_never_fails_and_never_finds_two(tail: bytes, head: bytes) -> None:
    known = registry.importers()
    for cut in (len(head), 12, 8, 4):
        registry.identify(head[:cut] + tail, known)


@given(st.data())
@settings(max_examples=40)
def test_damaged_files_give_facts_or_a_reason_and_the_child_lives(
    look: Look, data: st.DataObject
) -> None:
    original = bytearray(_damaged_from(data.draw(st.sampled_from(sorted(_SMALL)))))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(original) - 1))
        original[place] ^= data.draw(st.integers(1, 255))
    found = look(bytes(original))
    assert isinstance(found, Refusal) or found.medium in Medium
    assert read(look, media.silence_wav(0.1)).duration_ms == 100


_SMALL = {
    "m4a": lambda: media.m4a(0.3),
    "mp3": lambda: media.mp3(0.3),
    "opus": lambda: encode("ogg", "libopus", 0.3, rate=48000),
    "png": lambda: media.picture("PNG", exif=TAKEN),
    "jpeg": lambda: media.picture("JPEG", exif=TAKEN),
    "heif": lambda: media.picture("HEIF", exif=TAKEN),
    "webp": lambda: media.picture("WEBP", exif=TAKEN),
}
_MADE: dict[str, bytes] = {}


def _damaged_from(name: str) -> bytes:
    return _MADE.setdefault(name, _SMALL[name]())


def _stretched(delta: int) -> bytes:
    """Return an m4a whose table gives every frame ``delta`` samples."""
    data = bytearray(media.m4a(2.0))
    place = data.index(b"stts")
    data[place + 16 : place + 20] = struct.pack(">I", delta)
    edits = data.index(b"elst")
    data[edits : edits + 4] = b"free"
    return bytes(data)


def test_the_table_of_an_m4a_does_not_make_its_sound_longer(look: Look) -> None:
    found = read(look, _stretched(4096))
    assert found.duration_ms is not None
    assert abs(found.duration_ms - 2000) <= DELAY_MS


@pytest.mark.parametrize("delta", [2**20, 2**30, 2**31 - 1])
def test_an_impossible_duration_is_never_stored(look: Look, delta: int) -> None:
    found = read(look, _stretched(delta))
    assert found.unreadable or (found.duration_ms or 0) <= 2000 + DELAY_MS

"""What a decoder is made to read is the bytes of the one file: no port, no file, no program."""

import io
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PIL import Image, UnidentifiedImageError

from evidence.ingest import audio, picture, redact
from tests.evidence.ingest import media

_STREAM = """
v=0
o=- 0 0 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""
_LIST = b"ffconcat version 1.0\nfile other.wav\n"
_PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n"
_POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 90\n%%EndComments\nshowpage\n"


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which somebody listens already, so that nobody else can."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("magic", [b"OggS", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"])
def test_a_description_of_a_stream_is_no_recording(magic: bytes, port: int) -> None:
    """FFmpeg would open the port and decode what anybody sends there."""
    described = magic + _STREAM.format(port=port).replace("\n", "\r\n").encode()
    assert audio.AudioImporter().identify(described)
    with (
        pytest.raises(av.error.FFmpegError) as refused,
        audio.open_container(io.BytesIO(described)),
    ):
        pass
    assert isinstance(refused.value, av.error.ArgumentError)  # by its format


@pytest.mark.parametrize("data", [_LIST, _PLAYLIST], ids=["list", "playlist"])
def test_a_list_of_other_files_is_no_recording(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.wav").write_bytes(media.wav(1))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(av.error.FFmpegError), audio.open_container(io.BytesIO(data)):
        pass


@pytest.fixture
def ghostscript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says that it ran; Pillow has PostScript drawn by one of this name."""
    ran, program = tmp_path / "ran", tmp_path / "gs"
    program.write_text(f"#!/bin/sh\necho >'{ran}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
    return ran


def test_postscript_in_the_place_of_a_picture_is_not_run(ghostscript: Path) -> None:
    """A case file that somebody made can say of it that it is a JPEG."""
    with pytest.raises(UnidentifiedImageError):
        picture.open_picture(io.BytesIO(_POSTSCRIPT)).load()
    assert not ghostscript.exists()
    with pytest.raises(OSError, match="cannot identify"):  # the danger is real
        Image.open(io.BytesIO(_POSTSCRIPT)).load()
    assert ghostscript.exists()


def test_postscript_is_not_run_to_cover_a_region_of_it(ghostscript: Path) -> None:
    with pytest.raises(UnidentifiedImageError):
        redact.picture(
            io.BytesIO(_POSTSCRIPT), io.BytesIO(), regions=[], orientation=1, size=(60, 90)
        )
    assert not ghostscript.exists()

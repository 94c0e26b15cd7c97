"""Packets to draw, and what can be read back from the drawing."""

import dataclasses
import functools
import io
import itertools
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest

from evidence.law import load_rules
from reports import pdf
from reports.decide import decide, gather
from reports.media import Media
from reports.packet import Channel, Packet
from reports.pdf import fonts
from reports.pdf.fonts import Glyphs
from reports.pdf.text import Typesetter
from tests.case_builder import CaseBuilder, by_name
from tests.reports.decide.conftest import integrity_input


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawn:
    """A finished PDF."""

    data: bytes

    @functools.cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(io.BytesIO(self.data))

    @functools.cached_property
    def pages(self) -> list[str]:
        """Text of each page without spaces and line ends, which layout adds and moves."""
        return [squeezed(page.extract_text()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        return "".join(self.pages)

    @functools.cached_property
    def body(self) -> str:
        """The text without the running header and footer, as if it were on one page."""
        header = re.compile(r"(?:投诉|举报|报案)材料案件\w{8}检查点[-0-9A-F]{19}\d+年\d+月\d+日")
        return "".join(re.sub(r"第\d+页共\d+页", "", header.sub("", page)) for page in self.pages)

    def outline(self) -> list[str]:
        return [str(entry.title) for entry in flat(self.reader.outline)]


def squeezed(text: str) -> str:
    """Return ``text`` without white space."""
    return re.sub(r"\s+", "", text)


def flat(entries: Any) -> Iterator[Any]:
    for entry in entries:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def draw(packet: Packet, media: Mapping[str, Media] | None = None) -> Drawn:
    """Return the PDF of ``packet``."""
    held = io.BytesIO()
    pdf.draw(packet, media or {}, held)
    return Drawn(data=held.getvalue())


def packet_of(
    case: CaseBuilder,
    respondent: int,
    channel: Channel = Channel.NFRA,
    texts: dict[int, str] | None = None,
) -> Packet:
    """Return what is decided for one respondent of a case."""
    context = gather(
        case.view(),
        load_rules(),
        channel=channel,
        respondent_seq=respondent,
        made_at=case.made_at,
        texts=texts or {},
    )
    return decide(context, integrity_input(context.view.size))


@pytest.fixture(scope="session")
def glyphs() -> Glyphs:
    return fonts.register()


@pytest.fixture
def typesetter(glyphs: Glyphs) -> Typesetter:
    return Typesetter(glyphs=glyphs)


Quoted = Callable[..., Packet]


@pytest.fixture
def quoted() -> Quoted:
    """Return what makes a packet of one call in which something was said."""

    def packet(*quotes: str, channel: Channel = Channel.NFRA, **more: str) -> Packet:
        case = CaseBuilder()
        case.complainant()
        lender = case.respondent(**more)
        call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
        for quote, conduct in zip(quotes, itertools.cycle(("threat", "insult")), strict=False):
            case.tag(call, conduct, quote)
        return packet_of(case, lender, channel)

    return packet


def poppler(tool: str, data: bytes, folder: Path, *options: str) -> str:
    """Return what one of the poppler tools says of a PDF; skip where there is none."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    path = folder / "packet.pdf"
    path.write_bytes(data)
    where = ["-"] if tool == "pdftotext" else []
    run = subprocess.run(
        [tool, *options, str(path), *where], check=True, capture_output=True, text=True
    )
    return run.stdout

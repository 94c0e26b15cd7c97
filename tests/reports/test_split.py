"""The PDF in parts: whole pages, each once, each part within the limit, same bytes every time."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from evidence.errors import PageTooLargeError
from reports.split import split
from tests.reports.pdf.conftest import poppler

NAME = "分册 {number}（{first}–{last}）"
PAGE = 30_000
"""About what one page of the test takes, in bytes."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a PDF of nine pages, each with a picture of its own; one picture is on two pages."""
    path = tmp_path_factory.mktemp("split") / "packet.pdf"
    canvas = Canvas(str(path), invariant=1)
    canvas.setTitle("投诉材料")
    shared = _noise(99)
    for number in range(1, 10):
        canvas.bookmarkPage(f"p{number}")
        canvas.drawString(72, 72, f"page {number}")
        canvas.drawImage(shared if number in (2, 8) else _noise(number), 72, 200)
        canvas.linkAbsolute("", "p9" if number == 1 else "p1", (0, 0, 50, 50))
        canvas.showPage()
    canvas.save()
    return path


def _noise(seed: int) -> ImageReader:
    import random

    data = random.Random(seed).randbytes(100 * 100 * 3)
    return ImageReader(Image.frombytes("RGB", (100, 100), data))


@pytest.mark.parametrize("limit", [PAGE * 2, PAGE * 4, PAGE * 40])
def test_every_page_is_in_one_part_within_the_limit(whole: Path, limit: int) -> None:
    pages: list[str] = []
    parts = list(split(whole, limit, name=NAME))
    for number, (part, data) in enumerate(parts, start=1):
        assert part.number == number
        assert part.first == len(pages) + 1
        assert part.size == len(data) <= limit
        reader = PdfReader(io.BytesIO(data))
        pages += [page.extract_text().strip() for page in reader.pages]
        assert part.last == len(pages)
        assert reader.metadata is not None
        assert reader.metadata.title == NAME.format(number=number, first=part.first, last=part.last)
        assert not any("/Annots" in page for page in reader.pages)
    assert pages == [f"page {n}" for n in range(1, 10)]
    assert (len(parts) == 1) is (limit > 20 * PAGE)


def test_parts_are_as_few_as_whole_pages_allow(whole: Path) -> None:
    parts = [part for part, _ in split(whole, PAGE * 4, name=NAME)]
    assert len(parts) <= 4


def test_same_parts_every_time(whole: Path) -> None:
    made = [[data for _, data in split(whole, PAGE * 2, name=NAME)] for _ in range(2)]
    assert made[0] == made[1]


def test_page_that_is_larger_than_a_part_is_named_and_refused(whole: Path) -> None:
    with pytest.raises(PageTooLargeError) as caught:
        list(split(whole, PAGE // 2, name=NAME))
    assert caught.value.page == 1
    assert caught.value.size > caught.value.limit == PAGE // 2


def test_other_tools_read_the_parts(whole: Path, tmp_path: Path) -> None:
    for part, data in split(whole, PAGE * 3, name=NAME):
        told = poppler("pdftotext", data, tmp_path)
        assert f"page {part.first}" in told
        assert f"page {part.last}" in told

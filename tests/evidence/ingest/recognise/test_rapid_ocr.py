"""Real OCR of screenshots: how often it is wrong, long pictures, turned ones, broken ones."""

import importlib.resources
import io
import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evidence.core.records import Region
from evidence.errors import MediaUnreadableError, MissingExtraError
from evidence.ingest.reader import MediaReader
from evidence.ingest.recognise.base import Recognised
from evidence.ingest.recognise.rapid_ocr import OVERLAP, STRIP, Found, joined, strips
from tests.evidence.ingest import media
from tests.evidence.ingest.recognise.drawn import draw, saved

DEMO = importlib.resources.files("samples").joinpath("demo")
TRUTH: dict[str, Any] = json.loads(DEMO.joinpath("truth.json").read_text(encoding="utf-8"))
PICTURES = [f for f in TRUTH["files"] if f["kind"] in ("screenshot", "saved_image")]


def read(ocr: MediaReader, data: bytes) -> Recognised:
    return ocr.read_text(io.BytesIO(data), len(data), seq=7)


def texts(found: Recognised) -> list[str]:
    return [line.text for line in found.lines]


def plain(text: str) -> str:
    """Return what an OCR engine can read: no emoji, and spaces do not count."""
    return "".join(c for c in text if ord(c) < 0x1F000 and not c.isspace())


def errors(wanted: str, found: str) -> int:
    """Return the fewest letters to change so that ``wanted`` stands somewhere in ``found``."""
    row = [0] * (len(found) + 1)
    for place, letter in enumerate(wanted, 1):
        last, row = row, [place]
        for column, other in enumerate(found, 1):
            row.append(min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != other)))
    return min(row)


# --- the demo's pictures --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(ocr: MediaReader) -> dict[str, Recognised]:
    return {f["path"]: read(ocr, DEMO.joinpath(f["path"]).read_bytes()) for f in PICTURES}


def test_fewer_than_three_letters_of_a_hundred_are_wrong(demo: dict[str, Recognised]) -> None:
    wrong = letters = 0
    for file in PICTURES:
        page = plain("".join(texts(demo[file["path"]])))
        for message in file["messages"]:
            if message["text"].startswith("["):
                continue  # says what a picture inside the picture shows
            wanted = plain(message["text"])
            wrong, letters = wrong + errors(wanted, page), letters + len(wanted)
    assert letters > 400
    assert wrong / letters < 0.03, f"{wrong} of {letters}"


def test_engine_says_its_name_and_how_sure_it_is(demo: dict[str, Recognised]) -> None:
    for found in demo.values():
        assert found.engine.startswith("rapidocr ")
        assert "onnxruntime " in found.engine
        assert all(0 <= (line.confidence or 0) <= 1000 for line in found.lines)


def test_line_that_the_engine_is_unsure_of_is_not_left_out(demo: dict[str, Recognised]) -> None:
    unsure = [x for f in demo.values() for x in f.lines if (x.confidence or 0) < 500]
    assert unsure


def test_boxes_lie_in_the_picture_from_top_to_bottom(demo: dict[str, Recognised]) -> None:
    for path, found in demo.items():
        with Image.open(io.BytesIO(DEMO.joinpath(path).read_bytes())) as picture:
            width, height = picture.size
        boxes = [line.region for line in found.lines if line.region is not None]
        assert len(boxes) == len(found.lines)
        for box in boxes:
            assert 0 <= box.left < box.left + box.width <= width
            assert 0 <= box.top < box.top + box.height <= height
        tops = [box.top for box in boxes]
        assert all(later > earlier - 30 for earlier, later in itertools.pairwise(tops))


# --- long pictures --------------------------------------------------------------------------------


def test_long_screenshot_loses_and_doubles_no_line_at_the_borders_of_strips(
    ocr: MediaReader,
) -> None:
    height, step = 4000, 83
    lines = [
        (top, f"第{n:03d}行短信还款通知") for n, top in enumerate(range(20, height - 60, step))
    ]
    found = read(ocr, saved(draw(lines, (900, height))))
    assert texts(found) == [text for _, text in lines]
    for (top, _), line in zip(lines, found.lines, strict=True):
        assert line.region is not None
        assert abs(line.region.top - top) < 30


@given(st.integers(1, 60_000))
def test_strips_cover_a_picture_and_overlap_by_more_than_a_line(height: int) -> None:
    found = list(strips(height))
    assert found[0][0] == 0
    assert sum(found[-1]) == height
    for (top, size), (following, next_size) in itertools.pairwise(found):
        assert size == next_size == STRIP
        assert top < following <= top + size - OVERLAP
    assert len(found) == 1 or all(size >= OVERLAP for _, size in found)


@st.composite
def pages(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """Return the height of a picture and top and bottom of its lines, none over another."""
    lines, place = [], 0
    for gap, size in draw(
        st.lists(st.tuples(st.integers(0, 400), st.integers(12, 110)), min_size=1, max_size=60)
    ):
        lines.append((place + gap, place + gap + size))
        place += gap + size
    return place + draw(st.integers(1, 200)), lines


@given(pages(), st.randoms(use_true_random=False))
def test_every_line_comes_out_once_however_the_engine_places_it(
    page: tuple[int, list[tuple[int, int]]], chance: Any
) -> None:
    height, lines = page
    found: list[Found] = []
    end = 0
    for top, size in strips(height):
        seen = []
        for number, (first, last) in enumerate(lines):
            shown = max(first, top), min(last, top + size)
            if shown[1] - shown[0] < 5:
                continue
            whole = shown == (first, last)
            moved = chance.randint(-2, 2) if whole else 0
            box = (10, shown[0] + moved, 500, shown[1] + moved)
            seen.append(Found(box=box, text=f"{number}" + ("" if whole else "?"), confidence=900))
        found = joined(found, seen, border=(top + end) / 2)
        end = top + size
    assert [line.text for line in found] == [str(number) for number in range(len(lines))]


# --- turned, transparent and empty pictures -------------------------------------------------------


@pytest.mark.parametrize(
    ("orientation", "turn", "box"),
    [
        (1, None, Region(left=60, top=80, width=280, height=60)),
        (3, Image.Transpose.ROTATE_180, Region(left=460, top=260, width=280, height=60)),
        (6, Image.Transpose.ROTATE_90, Region(left=80, top=460, width=60, height=280)),
        (8, Image.Transpose.ROTATE_270, Region(left=260, top=60, width=60, height=280)),
    ],
)
def test_turned_picture_is_read_upright_and_its_boxes_are_those_of_the_stored_one(
    ocr: MediaReader, orientation: int, turn: Image.Transpose | None, box: Region
) -> None:
    shown = draw([(80, "今天必须还钱")], (800, 400), text_size=46)
    stored = shown.transpose(turn) if turn is not None else shown
    (line,) = read(ocr, saved(stored, "JPEG", orientation)).lines
    assert line.text == "今天必须还钱"
    assert line.region is not None
    assert abs(line.region.left - box.left) < 25
    assert abs(line.region.top - box.top) < 25
    assert abs(line.region.width - box.width) < 40
    assert abs(line.region.height - box.height) < 40


def test_letters_on_a_transparent_ground_are_read(ocr: MediaReader) -> None:
    picture = draw([(60, "今天必须还钱")], (600, 400), mode="RGBA", ground=(0, 0, 0, 0))
    assert texts(read(ocr, saved(picture))) == ["今天必须还钱"]


@pytest.mark.parametrize("mode", ["1", "P", "LA"])
def test_picture_of_few_colours_is_read(ocr: MediaReader, mode: str) -> None:
    picture = draw([(60, "今天必须还钱")], (600, 400)).convert(mode)
    assert texts(read(ocr, saved(picture))) == ["今天必须还钱"]


def test_heic_is_read(ocr: MediaReader) -> None:
    import pillow_heif

    held = io.BytesIO()
    pillow_heif.from_pillow(draw([(60, "今天必须还钱")], (600, 400))).save(held)
    assert texts(read(ocr, held.getvalue())) == ["今天必须还钱"]


@pytest.mark.parametrize("size", [(400, 300), (1, 1), (600, 3), (3, 600)])
def test_picture_without_words_has_no_lines(ocr: MediaReader, size: tuple[int, int]) -> None:
    assert read(ocr, saved(Image.new("RGB", size, "white"))).lines == ()


# --- broken and hostile pictures ------------------------------------------------------------------


BROKEN = {
    "empty": b"",
    "text": "这不是图片".encode(),
    "png that claims 60000 x 60000": media.png_claiming(60_000, 60_000),
    "png that claims more pixels than it has": media.png_claiming(4000, 4000),
    "half a jpeg": saved(draw([(80, "今天必须还钱")], (800, 400)), "JPEG")[:3000],
    "half a png": saved(draw([(80, "今天必须还钱")], (800, 400)))[:900],
    "sound": media.wav(0.2),
}


def test_broken_picture_is_a_failure_with_a_reason_and_the_next_is_read(ocr: MediaReader) -> None:
    for name, data in BROKEN.items():
        with pytest.raises(MediaUnreadableError) as raised:
            read(ocr, data)
        assert raised.value.detail.startswith("图片"), name
    good = saved(draw([(60, "今天必须还钱")], (600, 400)))
    assert texts(read(ocr, good)) == ["今天必须还钱"]


def test_missing_extra_is_said_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = tmp_path / "rapidocr"
    absent.mkdir()
    (absent / "__init__.py").write_text("raise ModuleNotFoundError('gone', name='rapidocr')\n")
    repository = str(Path(__file__).parents[4])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), repository]))
    with MediaReader() as reader, pytest.raises(MissingExtraError) as raised:
        read(reader, saved(draw([(60, "字")], (100, 100))))
    assert (raised.value.component, raised.value.extra) == ("rapidocr", "ocr")

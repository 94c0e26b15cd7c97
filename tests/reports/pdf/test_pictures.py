"""Pictures are readable and whole; numbers over a waveform do not cover each other."""

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from evidence.core.records import Region
from evidence.ingest.picture import turned
from reports.media import PictureMedia
from reports.packet import CallCount
from reports.pdf import fonts
from reports.pdf import styles as look
from reports.pdf.charts import DAYS_PER_CHART, day_charts
from reports.pdf.pictures import COLUMN_WIDTH, MAX_SLICES, mark_labels, region_labels, slices

ROOM = 400.0


def media(width: int, height: int) -> PictureMedia:
    return PictureMedia(path=Path("a"), media_type="image/png", width=width, height=height)


@pytest.mark.parametrize(
    ("width", "height"), [(1080, 2400), (1080, 2340), (720, 1280), (1440, 3200), (1080, 1500)]
)
def test_screenshot_of_a_phone_is_one_readable_picture(width: int, height: int) -> None:
    (box,) = slices(media(width, height), [])
    assert box.width >= COLUMN_WIDTH * 0.8
    assert box.height <= look.BODY_HEIGHT


def test_small_picture_is_not_blown_up() -> None:
    (box,) = slices(media(100, 100), [])
    assert box.width <= 120


@hypothesis.given(width=st.integers(1, 9000), height=st.integers(1, 60_000))
def test_slices_show_every_row_and_fit_the_page(width: int, height: int) -> None:
    boxes = slices(media(width, height), [])
    assert 1 <= len(boxes) <= MAX_SLICES
    assert boxes[0].first == 0
    assert boxes[-1].first + boxes[-1].rows == height
    for box, following in itertools.pairwise(boxes):
        assert box.first < following.first <= box.first + box.rows
        shared = box.first + box.rows - following.first
        assert box.repeated[1] == following.repeated[0] == shared
    assert boxes[0].repeated[0] == boxes[-1].repeated[1] == 0
    for box in boxes:
        assert box.height <= look.BODY_HEIGHT - 40
        assert box.width <= look.BODY_WIDTH


def test_region_across_two_slices_is_outlined_in_both() -> None:
    regions = [(1, Region(left=0, top=0, width=10, height=20_000))]
    boxes = slices(media(1080, 20_000), regions)
    assert len(boxes) > 1
    assert all(box.regions == regions for box in boxes)


def test_numbers_of_the_same_passage_share_a_label() -> None:
    fonts.register()
    assert mark_labels([(14, 100.0), (15, 100.0), (13, 20.0)], ROOM) == [
        (20.0, "13"),
        (100.0, "14、15"),
    ]
    assert mark_labels([(n, 50.0) for n in (4, 5, 6, 9)], ROOM) == [(50.0, "4–6、9")]


def test_numbers_of_regions_that_begin_together_share_a_label() -> None:
    assert region_labels([(3, 500.0), (4, 497.0), (5, 300.0)]) == [
        (500.0, "第3、4项"),
        (300.0, "第5项"),
    ]


@hypothesis.given(tops=st.lists(st.floats(0, 700, allow_nan=False), max_size=30))
def test_labels_of_regions_are_a_line_apart_and_complete(tops: list[float]) -> None:
    labels = region_labels(list(enumerate(tops, start=1)))
    for (upper, _), (lower, _) in itertools.pairwise(labels):
        assert upper - lower >= 9
    assert len("".join(text for _, text in labels)) >= 2 * bool(tops)


@hypothesis.given(
    places=st.lists(st.floats(0, ROOM, allow_nan=False), min_size=1, max_size=40),
    first=st.integers(1, 300),
)
def test_labels_never_touch_and_stay_within_the_width(places: list[float], first: int) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    fonts.register()
    marks = [(first + n, place) for n, place in enumerate(sorted(places))]
    labels = mark_labels(marks, ROOM)
    ends = [(left, left + stringWidth(text, fonts.BOLD, 7)) for left, text in labels]
    for (_, right), (left, _) in itertools.pairwise(ends):
        assert right <= left
    assert ends[-1][1] <= ROOM + 0.01
    assert ends[0][0] >= 0


def test_every_day_is_in_a_chart_that_fits_the_page() -> None:
    one, none = (1,) * 24, (0,) * 24
    days = [
        CallCount(
            day=f"{n}",
            answered_by_hour=one,
            unanswered_by_hour=one,
            unclear_by_hour=none,
            night=10,
            sources="",
        )
        for n in range(95)
    ]
    charts = day_charts(days)
    assert [d.day for chart in charts for d in chart.days] == [f"{n}" for n in range(95)]
    assert max(len(c.days) for c in charts) == DAYS_PER_CHART
    assert all(c.height < look.BODY_HEIGHT for c in charts)


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_turned_photo_is_drawn_as_an_album_shows_it(
    tmp_path: Path, orientation: int, kind: str
) -> None:
    upright = Image.new("RGB", (300, 600), "white")
    upright.paste((0, 0, 0), (30, 60, 130, 260))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = turned(upright, {6: 8, 8: 6}.get(orientation, orientation))
    stored.save(tmp_path / f"turned.{kind}", exif=exif, quality=95)
    upright.save(tmp_path / f"upright.{kind}", quality=95)
    album = ImageOps.exif_transpose(Image.open(tmp_path / f"turned.{kind}"))
    assert ImageChops.difference(album.convert("L"), upright.convert("L")).getextrema()[1] < 40
    pages = [
        _drawn_page(tmp_path, f"turned.{kind}", orientation),
        _drawn_page(tmp_path, f"upright.{kind}", 1),
    ]
    assert ImageChops.difference(*pages).getextrema()[1] < 60


def _drawn_page(folder: Path, name: str, orientation: int) -> Image.Image:
    """Return the page of a PDF that shows one picture, as poppler draws it."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    media = PictureMedia(
        path=folder / name,
        media_type=f"image/{name.rpartition('.')[2]}",
        width=300,
        height=600,
        orientation=orientation,
    )
    pdf = folder / "one.pdf"
    fonts.register()
    canvas = Canvas(str(pdf))
    (box,) = slices(media, [])
    box.drawOn(canvas, 50, 50)
    canvas.save()
    command = [
        "pdftoppm",
        "-r",
        "50",
        "-gray",
        "-png",
        "-singlefile",
        str(pdf),
        str(folder / "one"),
    ]
    subprocess.run(command, check=True)
    with Image.open(folder / "one.png") as page:
        return page.convert("L")


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_whole_jpeg_is_embedded_as_it_is(tmp_path: Path, kind: str) -> None:
    path, out = tmp_path / "a.jpg", tmp_path / "a.pdf"
    shown = Image.effect_noise((300, 500), 90).convert("RGB")
    more = {"save_all": True, "append_images": [shown]} if kind == "MPO" else {}
    shown.save(path, kind, **more)
    fonts.register()
    canvas = Canvas(str(out))
    media = PictureMedia(path=path, media_type="image/jpeg", width=300, height=500)
    for _ in range(2):
        slices(media, [])[0].drawOn(canvas, 50, 50)
        canvas.showPage()
    canvas.save()
    assert out.read_bytes().count(path.read_bytes()) == 1
    assert [p.images[0].image.size for p in PdfReader(out).pages] == [(300, 500)] * 2


def test_postscript_that_a_case_calls_a_picture_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, path = tmp_path / "gs", tmp_path / "a.jpg"
    program.write_text(f"#!/bin/sh\necho >'{tmp_path}/ran'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
    path.write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60 90\n%%EndComments\nshowpage\n"
    )
    media = PictureMedia(path=path, media_type="image/jpeg", width=60, height=90)
    with pytest.raises(UnidentifiedImageError):
        slices(media, [])[0].drawOn(Canvas(str(tmp_path / "a.pdf")), 50, 50)
    assert not (tmp_path / "ran").exists()

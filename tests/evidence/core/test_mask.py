"""Masks as statements, and where a box of the stored pixels lies in the displayed picture."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from evidence.core.mask import displayed, displayed_size, merged, overlap, stored
from evidence.core.records import Exhibit, Origin, Region, Span
from tests.case_builder import CaseBuilder
from tests.evidence.core.golden.samples import BARE


def picture(width: int, height: int, orientation: int) -> Exhibit:
    facts = (("orientation", f"EXIF {orientation}"),) if orientation > 1 else ()
    origin = Origin(importer="picture", version="1", facts=facts)
    return dataclasses.replace(BARE, width=width, height=height, origin=origin)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_stored_box_is_where_pillow_displays_its_pixels(orientation: int) -> None:
    original = Image.new("L", (7, 5), 0)
    box = Region(left=1, top=2, width=3, height=2)
    original.paste(255, (1, 2, 4, 4))
    original.getexif()[0x0112] = orientation
    shown = ImageOps.exif_transpose(original)
    exhibit = picture(7, 5, orientation)
    found = displayed(box, exhibit)
    assert displayed_size(exhibit) == shown.size
    assert shown.getbbox() == (
        found.left,
        found.top,
        found.left + found.width,
        found.top + found.height,
    )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_turned_there_and_back_is_the_same(orientation: int) -> None:
    exhibit = picture(7, 5, orientation)
    box = Region(left=1, top=2, width=3, height=2)
    assert stored(displayed(box, exhibit), exhibit) == box


def test_orientation_that_makes_no_sense_is_none() -> None:
    for fact in ("EXIF 9", "EXIF 0", "EXIF", "90", ""):
        origin = Origin(importer="picture", version="1", facts=(("orientation", fact),))
        assert displayed_size(dataclasses.replace(BARE, width=7, height=5, origin=origin)) == (7, 5)


small = st.integers(0, 9)
boxes = st.builds(Region, left=small, top=small, width=small, height=small)


def pixels(box: Region) -> set[tuple[int, int]]:
    columns = range(box.left, box.left + box.width)
    return {(x, y) for x in columns for y in range(box.top, box.top + box.height)}


@given(boxes.filter(pixels), boxes.filter(pixels))
def test_boxes_overlap_when_they_share_a_pixel(one: Region, other: Region) -> None:
    assert overlap(one, other) == bool(pixels(one) & pixels(other))


@given(st.lists(st.builds(lambda a, n: Span(start_ms=a, end_ms=a + n), small, st.integers(1, 9))))
def test_merged_passages_cover_the_same_time_and_do_not_touch(spans: list[Span]) -> None:
    def covered(of: tuple[Span, ...]) -> set[int]:
        return {t for s in of for t in range(s.start_ms, s.end_ms)}

    found = merged(tuple(spans))
    assert covered(found) == covered(tuple(spans))
    assert all(a.end_ms < b.start_ms for a, b in itertools.pairwise(found))


def test_withdrawn_mask_no_longer_masks() -> None:
    case = CaseBuilder()
    shot = case.picture()
    box = Region(left=0, top=0, width=10, height=10)
    first, second = case.mask(shot, box), case.mask(shot, box)
    case.withdraw(first)
    assert [m.seq for m in case.view().masks_of(shot)] == [second]
    assert len(case.view().masks) == 2

"""Masks into the case: checked against their exhibit before they are written."""

from evidence.core import records
from evidence.core.mask import MAX_PIXELS, Mask, displayed_size, mask_to_data
from evidence.core.records import Exhibit, Kind, Medium
from evidence.errors import MaskImpossibleError, NothingRequestedError, WrongKindError
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile
from evidence.store.statements import check_region, check_span, standing

MAX_PLACES = 500
"""Places in one mask; nobody draws more boxes by hand."""


def add_mask(case: CaseFile, record: Mask) -> Appended:
    """Say what of an exhibit readers of a packet do not get to see or hear.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: if it is on no standing picture or
            recording, or on the wrong one of the two.
        MaskImpossibleError: if the exhibit cannot be decoded, so that no copy can be made.
        RegionError, SpanError: about a place in it.
        NothingRequestedError: without any place.
    """
    if not 0 < len(record.regions) + len(record.spans) <= MAX_PLACES:
        raise NothingRequestedError(
            example="liuhen mask 23 --region 40,420,760,150 --reason 家人的头像和昵称"
        )
    standing(case, record.on, frozenset({Kind.EXHIBIT}))
    exhibit = records.exhibit_from_data(case.entry(record.on).data)
    _require(record, exhibit)
    for region in record.regions:
        check_region(record.on, region, displayed_size(exhibit))
    for span in record.spans:
        check_span(record.on, exhibit, span)
    return case.append(Kind.MASK, mask_to_data(record))


def _require(record: Mask, exhibit: Exhibit) -> None:
    """Refuse what no derived copy could be made of."""
    possible = {Medium.SCREENSHOT, Medium.RECORDING}
    wanted = {
        *({Medium.SCREENSHOT} if record.regions else ()),
        *({Medium.RECORDING} if record.spans else ()),
    }
    if wanted != {exhibit.medium}:
        shown = wanted if exhibit.medium in possible else possible
        words = "/".join(sorted(medium.value for medium in shown))
        raise WrongKindError(seq=record.on, found=exhibit.medium.value, wanted=words)
    if exhibit.unreadable:
        raise MaskImpossibleError(seq=record.on, detail=exhibit.unreadable)
    if record.spans and not exhibit.duration_ms:
        raise MaskImpossibleError(seq=record.on, detail="时长不明")
    width, height = displayed_size(exhibit)
    if record.regions and width * height > MAX_PIXELS:
        raise MaskImpossibleError(seq=record.on, detail="图片太大")

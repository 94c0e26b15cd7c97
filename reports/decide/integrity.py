"""完整性说明: what was checked, what it shows, and what it does not."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.moment_text import recorded_text
from evidence.core.printed import PrintedCheckpoint, short_code
from reports import texts
from reports.decide.anchors import anchors
from reports.decide.context import Context
from reports.packet import Integrity

PASSED, FAILED, NOT_CHECKED = "通过", "未通过", "未检查"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityInput:
    """What the builder measured before the decision."""

    checkpoint: SignedCheckpoint
    public_key: bytes
    entries_verified: bool
    """Every entry was decoded, hashed and linked again."""
    originals_verified: bool
    """Every exhibit's original was hashed again, also those that are withheld."""
    signature_verified: bool
    extends_earlier: bool = False
    """The first entries give the root of the packet that this one adds to."""


def integrity(context: Context, given: IntegrityInput, disclosed: int) -> Integrity:
    """Return the page's contents."""
    words = texts.load("integrity")
    names = texts.provision_names(context.rules)
    total = given.checkpoint.checkpoint.size
    erased = len(context.view.erased)
    counts = {"total": total, "disclosed": disclosed, "withheld": total - disclosed}
    labels, masks = words["checks"], texts.load("masks")["integrity"]
    return Integrity(
        case_id=given.checkpoint.checkpoint.case_id,
        entries_total=total,
        entries_disclosed=disclosed,
        entries_withheld=total - disclosed,
        root_hex=given.checkpoint.checkpoint.root.hex(),
        checkpoint_text=given.checkpoint.text.decode(),
        short_code=short_code(given.checkpoint.text).text,
        public_key_hex=given.public_key.hex(),
        checks=(
            (
                labels["entries"],
                _verdict(given.entries_verified),
                labels["entries_detail"].format(when=recorded_text(context.made_at), total=total),
            ),
            (
                labels["originals"],
                _verdict(given.originals_verified),
                _originals(context, labels),
            ),
            (
                labels["signature"],
                _verdict(given.signature_verified),
                labels["signature_detail"],
            ),
            *_earlier(context, given, labels),
            *_anchor_checks(context, words, names),
        ),
        anchors=anchors(context),
        qr_text=PrintedCheckpoint(
            case_id=given.checkpoint.checkpoint.case_id,
            size=total,
            root=given.checkpoint.checkpoint.root,
            time=context.made_at,
        ).text,
        qr_lead=words["qr_lead"],
        proves=(
            *(line.format_map(counts) for line in words["proves"]),
            *((words["erased"].format(count=erased),) if erased else ()),
        ),
        does_not_prove=(
            *(line.format_map(names) for line in words["does_not_prove"]),
            *((words["extracts"],) if context.selected.rows else ()),
            *((masks["limits"],) if context.copies else ()),
            *_hidden(context, masks),
            *_set_back(context, words),
            words["original_kept"].format_map(names),
        ),
        how_to_check=(
            *words["how_to_check"],
            *_compare_earlier(context, words),
            *((words["how_to_check_extracts"],) if context.selected.rows else ()),
            *((masks["check"],) if context.copies else ()),
        ),
    )


def _earlier(
    context: Context, given: IntegrityInput, labels: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    if context.earlier is None:
        return ()
    record = context.earlier.packet.record
    detail = labels["earlier_detail"].format(size=record.size, root=record.root[:16])
    return ((labels["earlier"], _verdict(given.extends_earlier), detail),)


def _compare_earlier(context: Context, words: Mapping[str, str]) -> tuple[str, ...]:
    if context.earlier is None:
        return ()
    return (words["how_to_check_earlier"].format(size=context.earlier.packet.record.size),)


def _anchor_checks(
    context: Context, words: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield what was checked of outside time; ``reports.begin`` raises at what does not match."""
    count = len(context.view.timestamps)
    if not count:
        yield (
            words["checks"]["anchor"],
            NOT_CHECKED,
            words["timestamps_none"].format_map(names),
        )
        return
    labels = texts.load("anchors")["checks"]
    yield labels["stamps"], PASSED, labels["stamps_detail"].format(count=count)
    yield labels["chain"], NOT_CHECKED, labels["chain_detail"]


def _set_back(context: Context, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return that the clock ran backwards, which whoever reads the records would find."""
    found = context.view.set_back
    if not found:
        return ()
    text = words["set_back"].format(
        count=len(found),
        seq=found[0].seq,
        before=recorded_text(found[0].before),
        after=recorded_text(found[0].recorded_at),
    )
    return (text,)


def _hidden(context: Context, words: Mapping[str, str]) -> tuple[str, ...]:
    counts = context.hidden.counts if context.hidden is not None else {}
    if not counts:
        return ()
    entries = counts.keys() - {e.seq for e in context.selected.exhibits}
    return (words["words"].format(count=sum(counts.values()), entries=len(entries)),)


def _originals(context: Context, labels: Mapping[str, str]) -> str:
    withheld = sum(context.original_absent(e.seq) for e in context.selected.exhibits)
    detail = labels["originals_detail"].format(count=len(context.selected.exhibits))
    return detail + (labels["originals_withheld"].format(count=withheld) if withheld else "")


def _verdict(passed: bool) -> str:
    return PASSED if passed else FAILED

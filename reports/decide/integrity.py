"""完整性说明: what was checked, what it shows, and what it does not."""

import dataclasses
import hashlib
from collections.abc import Mapping

from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.moment_text import recorded_text
from reports import texts
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


def short_code(checkpoint: SignedCheckpoint) -> str:
    """Return the first 16 hex digits of SHA-256 of the signed note, in groups of four."""
    digest = hashlib.sha256(checkpoint.text).hexdigest()[:16].upper()
    return "-".join(digest[i : i + 4] for i in range(0, 16, 4))


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
        short_code=short_code(given.checkpoint),
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
            (labels["anchor"], NOT_CHECKED, words["timestamps_none"].format_map(names)),
        ),
        timestamps=(),
        proves=(
            *(line.format_map(counts) for line in words["proves"]),
            *((words["erased"].format(count=erased),) if erased else ()),
        ),
        does_not_prove=(
            *(line.format_map(names) for line in words["does_not_prove"]),
            *((words["extracts"],) if context.selected.rows else ()),
            *((masks["limits"],) if context.copies else ()),
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


def _originals(context: Context, labels: Mapping[str, str]) -> str:
    withheld = sum(context.original_absent(e.seq) for e in context.selected.exhibits)
    detail = labels["originals_detail"].format(count=len(context.selected.exhibits))
    return detail + (labels["originals_withheld"].format(count=withheld) if withheld else "")


def _verdict(passed: bool) -> str:
    return PASSED if passed else FAILED

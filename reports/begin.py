"""Begin a packet: read the log, gather what belongs into it, and review that.

Rules:

1. Nothing is written; what is begun is what ``reports.build`` makes.
2. Every entry is checked while it is read; a case that does not match its records begins nothing.
"""

import contextlib
import dataclasses
from collections.abc import Iterator

from evidence.core import case_view, merkle
from evidence.core.case_view import CaseView
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, leaf_hash
from evidence.core.packet_record import ReviewItem
from evidence.core.records import Medium
from evidence.core.rules import Rules
from evidence.core.suggest.builtin import load_own_words
from evidence.core.suggestion import Suggestion
from evidence.errors import CaseDamagedError, EvidenceError, NotIntactError
from evidence.ingest import notice
from evidence.ingest import text as stored_text
from evidence.store import sqlite_file
from evidence.store.case_file import CaseFile
from evidence.store.statements import find_respondent
from reports import decide
from reports.decide.context import Context
from reports.decide.text_copies import with_texts
from reports.disclosure import SPARING, Disclosure
from reports.packet import Channel
from reports.wishes import NO_WISHES, Wishes

MAX_TEXT = 2 * 1024 * 1024
"""Longer texts are exhibits without being printed, in bytes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The whole log, checked from its stored bodies."""

    view: CaseView
    leaves: tuple[LeafHash, ...]
    signed: SignedCheckpoint
    public_key: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a packet would be made from."""

    log: Log
    context: Context
    review: tuple[ReviewItem, ...]
    """What the person should look at first."""


def begin(
    case: CaseFile,
    *,
    channel: Channel,
    respondent_name: str,
    made_at: str,
    rules: Rules,
    wishes: Wishes = NO_WISHES,
    disclosure: Disclosure = SPARING,
) -> Begun:
    """Gather and review the packet for one respondent and channel.

    Raises:
        UnknownRespondentError, NoComplainantError, NoFindingError: if something is missing.
        NotIntactError, CaseDamagedError: if the case does not match its records.
    """
    log = read_log(case)
    context = decide.gather(
        log.view,
        rules,
        channel=channel,
        respondent_seq=find_respondent(log.view, respondent_name).seq,
        made_at=made_at,
        texts={},
        own_words=_own_words(case, log.view),
        wishes=wishes,
        disclosure=disclosure,
    )
    _check_earlier(context, log)
    context = with_texts(context, _texts(case, context), longest=MAX_TEXT)
    return Begun(log=log, context=context, review=decide.reviewed(context))


def _check_earlier(context: Context, log: Log) -> None:
    """Derive the root of the packet that this one adds to from the first leaves of the log.

    Raises:
        NotIntactError: if it is another.
    """
    if context.earlier is None:
        return
    record = context.earlier.packet.record
    if merkle.root(log.leaves[: record.size]).hex() != record.root:
        raise NotIntactError(detail=f"packet {context.earlier.packet.seq}: root")


def read_log(case: CaseFile) -> Log:
    """Read every entry once, checking form, order, links, root and key (rule 2).

    Raises:
        NotIntactError: at the first thing that does not match.
        CaseDamagedError: if an entry lacks what its kind needs.
    """
    leaves: list[LeafHash] = []
    try:
        view = case_view.fold(_checked_entries(case, leaves), erased=case.erased())
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise CaseDamagedError(path=str(case.path), detail=repr(error)) from error
    signed = case.checkpoint()
    if signed.checkpoint.root != merkle.root(leaves):
        raise NotIntactError(detail="root")
    public_key = case.public_key()
    if public_key.hex() != view.case.public_key:
        raise NotIntactError(detail="key")
    _check_timestamps(view, public_key, leaves)
    return Log(view=view, leaves=tuple(leaves), signed=signed, public_key=public_key)


def _check_timestamps(view: CaseView, public_key: bytes, leaves: list[LeafHash]) -> None:
    if not view.timestamps:
        return
    from evidence.core import stamped

    log = stamped.Log(case_id=view.case.case_id, public_key=public_key, leaves=leaves)
    for stamp in view.timestamps:
        try:
            stamped.check_stored(stamp.record, log)
        except EvidenceError as error:
            raise NotIntactError(detail=f"timestamp {stamp.seq}: {error.code}") from error


def _checked_entries(case: CaseFile, leaves: list[LeafHash]) -> Iterator[Entry]:
    """Yield the entries and add the leaf hash of each, derived from its stored body."""
    link = GENESIS
    erased, stored = case.erased(), case.leaves()
    for seq, body in case.bodies():
        if not body and seq in erased and seq == len(leaves):
            # The next entry's link and the root hold the leaf that it left.
            link = stored[seq]
            leaves.append(link)
            continue
        try:
            entry = decode_entry(body)
        except EvidenceError as error:
            raise NotIntactError(detail=f"entry {seq}: {error.code}") from error
        if not entry.seq == seq == len(leaves):
            raise NotIntactError(detail=f"entry {seq}: seq")
        if entry.prev != link:
            raise NotIntactError(detail=f"entry {seq}: prev")
        link = leaf_hash(body)
        leaves.append(link)
        yield entry


def _own_words(case: CaseFile, view: CaseView) -> tuple[Suggestion, ...]:
    """Return the person's own words that can hurt them, but for those that they put aside."""
    dismissed = {s.record.identity for s in view.suggestions if not s.stands}
    with sqlite_file.translated(case.path):
        found = tuple(notice.own_words(notice.places(case, view), load_own_words()))
    return tuple(s for s in found if s.identity not in dismissed)


def _texts(case: CaseFile, context: Context) -> dict[int, str]:
    """Read the text exhibits whose originals would go into the bundle."""
    found: dict[int, str] = {}
    for entry in context.selected.exhibits:
        record = entry.record
        readable = record.medium is Medium.DOCUMENT and record.text_encoding
        if not readable or context.withheld(entry.seq):
            continue
        with sqlite_file.translated(case.path):
            data = b"".join(case.original(entry.seq).pieces())
        # An encoding of a later version is not printed; its bytes are in the bundle.
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            found[entry.seq] = stored_text.decode(data, record.text_encoding)
    return found

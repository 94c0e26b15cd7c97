"""What the program notices in a case by itself: words that are signs of a conduct, and calls.

Rules:

1. Looked at are the current lines of transcripts, received messages, notes and plain-text
   exhibits. Nothing is suggested twice, whether it was confirmed, dismissed or left.
2. What the borrower said is never a sign of a conduct; it may be a caution for the borrower.
3. Everything found is appended in one commit, and is only a suggestion.
"""

import dataclasses
from collections.abc import Iterable, Iterator

from evidence.core import utterances
from evidence.core.attribution import attribute
from evidence.core.call_counts import count
from evidence.core.case_view import CaseView, Recorded
from evidence.core.export_row import ExportRow
from evidence.core.moment import Moment
from evidence.core.records import Direction, Exhibit, Kind, Medium
from evidence.core.suggest import call_patterns
from evidence.core.suggest.engine import Speaker, Suggester
from evidence.core.suggest.own_words import OwnWords
from evidence.core.suggestion import Suggestion, suggestion_to_data
from evidence.core.transcript import Transcript
from evidence.core.utterances import Side, Utterance
from evidence.ingest import text as stored_text
from evidence.store.case_file import CaseFile
from evidence.store.transcripts import lines_of

MAX_TEXT = 256 * 1024
"""Longer plain-text exhibits are no notes of a person and are not looked at, in bytes."""

_SENT = frozenset({"sent", "outbox", "queued", "failed"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A text in the case, with where it stands and whose it is."""

    utterance: Utterance
    on: int
    channel: str | None
    """sms, wechat or call, where it is known."""
    transcript: int | None = None
    first: int = 0
    """Characters of the whole text before this utterance (notes and texts)."""
    occurred: Moment | None = None
    told_by_borrower: bool = False
    """The borrower's own account: it may quote the other side."""


def places(case: CaseFile, view: CaseView) -> Iterator[Place]:
    """Yield every text that is looked at."""
    owners = attribute(view)
    exhibits = {e.seq: e for e in view.exhibits if e.stands}
    name = view.complainant.record.name if view.complainant else ""
    for transcript in view.transcripts:
        exhibit = exhibits.get(transcript.record.on)
        wanted = transcript.stands and transcript.record.corrects is None
        if wanted and exhibit is not None:
            yield from _transcript(view, transcript, exhibit, name)
    for row in view.rows:
        if row.stands and row.record.text and owners.of_entry(row.seq) is not None:
            yield _message(row)
    for note in view.notes:
        if note.stands:
            yield from _told(note.record.text, note.seq, note.record.occurred)
    for exhibit in exhibits.values():
        if exhibit.record.media_type == "text/plain" and exhibit.record.size <= MAX_TEXT:
            text = _text_of(case, exhibit)
            yield from _told(text, exhibit.seq, None)


def words(found: Iterable[Place], suggester: Suggester, own: OwnWords) -> Iterator[Suggestion]:
    """Yield what the words are signs of, and what the borrower should know of their own."""
    for place in found:
        text, side = place.utterance.text, place.utterance.side
        yield from _cautions(place, own)
        if side is Side.OWN:
            continue
        speaker = Speaker.COUNTERPART if side is Side.OTHER else Speaker.UNKNOWN
        for hit in suggester.suggest(text, speaker=speaker, channel=place.channel):
            yield _suggestion(
                place,
                hit.words,
                hit.start,
                conduct=hit.conduct,
                pattern=hit.pattern,
                explanation=hit.explanation,
            )


def own_words(found: Iterable[Place], own: OwnWords) -> Iterator[Suggestion]:
    """Yield only what the borrower should know of their own words."""
    for place in found:
        yield from _cautions(place, own)


def _cautions(place: Place, own: OwnWords) -> Iterator[Suggestion]:
    theirs = place.utterance.side is Side.OWN
    if not (theirs or place.told_by_borrower):
        return
    for found_words in own.cautions(place.utterance.text, note=not theirs):
        yield _suggestion(
            place,
            found_words.words,
            found_words.start,
            caution=found_words.kind,
            pattern=found_words.pattern,
            explanation=found_words.explanation,
        )


def calls(view: CaseView) -> Iterator[Suggestion]:
    """Yield what the calls of each respondent are signs of."""
    joined = attribute(view).calls
    for respondent in view.respondents:
        yield from call_patterns.suggestions(count(view, joined, respondent.seq))


def append_new(case: CaseFile, view: CaseView, found: Iterable[Suggestion]) -> list[int]:
    """Append what was not suggested before; return the seqs (rules 1 and 3)."""
    known = {s.record.identity for s in view.suggestions}
    fresh: list[Suggestion] = []
    for suggestion in found:
        if suggestion.identity not in known:
            known.add(suggestion.identity)
            fresh.append(suggestion)
    if not fresh:
        return []
    with case.batch() as batch:
        return [batch.append(Kind.SUGGESTION, suggestion_to_data(s)).seq for s in fresh]


def _suggestion(place: Place, quote: str, start: int, **known: str) -> Suggestion:
    utterance = place.utterance
    end = start + len(quote)
    lines = utterance.within(start, end)
    return Suggestion(
        conduct=known.get("conduct", ""),
        caution=known.get("caution", ""),
        pattern=known["pattern"],
        explanation=known["explanation"],
        on=place.on,
        transcript=place.transcript,
        line=lines[0].number if lines and place.transcript is not None else None,
        quote=quote,
        start=place.first + start,
        span=utterance.span(start, end),
        region=utterance.region(start, end),
        occurred=place.occurred,
    )


def _transcript(
    view: CaseView, transcript: Recorded[Transcript], exhibit: Recorded[Exhibit], own_name: str
) -> Iterator[Place]:
    lines = lines_of(view, transcript)
    picture = exhibit.record.medium is Medium.SCREENSHOT
    found = (
        utterances.of_picture(lines, width=exhibit.record.width)
        if picture
        else utterances.of_recording(lines, own_name=own_name)
    )
    for utterance in found:
        yield Place(
            utterance=utterance,
            on=exhibit.seq,
            channel=_channel(exhibit.record) if picture else "call",
            transcript=transcript.seq,
        )


def _channel(picture: Exhibit) -> str | None:
    if "tencent.mm" in picture.app:
        return "wechat"
    return "sms" if "mms" in picture.app or "messaging" in picture.app else None


def _message(row: Recorded[ExportRow]) -> Place:
    record = row.record
    own = record.direction is Direction.OUT or record.box in _SENT
    side = Side.OWN if own else Side.OTHER
    return Place(
        utterance=Utterance(text=record.text, side=side, lines=()),
        on=row.seq,
        channel="sms",
        occurred=record.occurred,
    )


def _told(text: str, on: int, occurred: Moment | None) -> Iterator[Place]:
    """Yield the paragraphs of what the borrower wrote down."""
    first = 0
    for line in text.splitlines(keepends=True):
        words_only = line.rstrip("\r\n")
        if words_only.strip():
            yield Place(
                utterance=Utterance(text=words_only, side=Side.UNKNOWN, lines=()),
                on=on,
                channel=None,
                first=first,
                occurred=occurred,
                told_by_borrower=True,
            )
        first += len(line)


def _text_of(case: CaseFile, exhibit: Recorded[Exhibit]) -> str:
    data = b"".join(case.original(exhibit.seq).pieces())
    return stored_text.decode(data, exhibit.record.text_encoding or "utf-8")

"""Hypothesis strategies for everything an entry can hold."""

import datetime as dt
import string

from hypothesis import strategies as st

from evidence.core import moment
from evidence.core.canonical import MAX_INTEGER, JsonValue
from evidence.core.erasure import Erasure
from evidence.core.export_row import ExportRow, Outcome, Position
from evidence.core.letter_text import LetterText
from evidence.core.mask import Mask
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.packet_record import PacketRecord, PasteLength, ReviewItem, Severity
from evidence.core.records import (
    CaseRecord,
    Complainant,
    Conflict,
    Direction,
    Exhibit,
    Medium,
    Note,
    NumberRecord,
    NumberRole,
    Origin,
    Party,
    Region,
    Respondent,
    Sha256Hex,
    Span,
    Tag,
    Withdraw,
)
from evidence.core.salvage import Salvage
from evidence.core.submission import Event, Submission
from evidence.core.suggestion import Suggestion
from evidence.core.timestamp import Timestamp
from evidence.core.transcript import Transcript, TranscriptLine, Writer

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""What a person or a file may say: anything that has a UTF-8 form."""

names = texts.filter(bool)

keys = st.text(st.characters(max_codepoint=0x7F), max_size=6)

integers = st.integers(-MAX_INTEGER, MAX_INTEGER)

sizes = st.integers(0, MAX_INTEGER)

seqs = st.integers(0, 10_000)

scalars: st.SearchStrategy[JsonValue] = st.none() | st.booleans() | integers | texts

values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)

objects = st.dictionaries(keys, values, max_size=5)


def hex_digits(count: int) -> st.SearchStrategy[str]:
    """Lower-case hex of exactly ``count`` digits."""
    return st.text(string.hexdigits[:16], min_size=count, max_size=count)


zones = st.integers(-14 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))

instants = st.datetimes(
    min_value=dt.datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=zones,
)


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """Any moment that ``moment.at`` makes, or the unknown one."""
    precision = draw(st.sampled_from(Precision))
    if precision is Precision.UNKNOWN:
        return moment.unknown(draw(texts))
    return moment.at(
        draw(instants),
        precision=precision,
        source=draw(st.sampled_from([s for s in Source if s is not Source.NONE])),
        meaning=draw(st.sampled_from(Meaning)),
        basis=draw(texts),
        year_inferred=draw(st.booleans()),
        tz_assumed=draw(st.booleans()),
    )


maybe_seqs = st.none() | seqs
maybe_sizes = st.none() | sizes

cases = st.builds(
    CaseRecord,
    case_id=hex_digits(32),
    public_key=hex_digits(64),
    program=names,
    title=texts,
)

complainants = st.builds(
    Complainant, name=names, id_number=texts, phone=texts, address=texts, email=texts
)

respondents = st.builds(
    Respondent,
    name=names,
    type=names,
    product=texts,
    contract_no=texts,
    agency=texts,
    platform=texts,
    principal=texts,
    annual_rate=texts,
    repaid=texts,
    overdue_since=texts,
    guarantor=texts,
    lender=texts,
    borrowed_on=texts,
    claimed=texts,
    supersedes=maybe_seqs,
)

numbers = st.builds(
    NumberRecord,
    number=names,
    role=st.sampled_from(NumberRole),
    respondent=maybe_seqs,
    name=texts,
)

parties = st.builds(Party, number=texts, name=texts, number_truncated=st.booleans())

pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)

conflicts = st.builds(Conflict, field=names, values=pairs, note=texts)

origins = st.builds(
    Origin,
    importer=names,
    version=names,
    facts=st.dictionaries(keys, texts, max_size=3).map(lambda d: tuple(sorted(d.items()))),
    path=texts,
    warnings=st.lists(texts, max_size=3).map(tuple),
)

exhibits = st.builds(
    Exhibit,
    name=names,
    size=sizes,
    sha256=hex_digits(64).map(Sha256Hex),
    media_type=names,
    medium=st.sampled_from(Medium),
    occurred=moments(),
    origin=origins,
    party=parties,
    direction=st.none() | st.sampled_from(Direction),
    sim=maybe_sizes,
    respondent=maybe_seqs,
    duration_ms=maybe_sizes,
    codec=texts,
    sample_rate=maybe_sizes,
    channels=maybe_sizes,
    width=maybe_sizes,
    height=maybe_sizes,
    app=texts,
    text_encoding=texts,
    unreadable=texts,
    conflicts=st.lists(conflicts, max_size=2).map(tuple),
    agreements=st.lists(texts, max_size=2).map(tuple),
)

notes = st.builds(
    Note, text=names, on=maybe_seqs, occurred=st.none() | moments(), respondent=maybe_seqs
)

spans = st.builds(Span, start_ms=sizes, end_ms=sizes)
regions = st.builds(Region, left=sizes, top=sizes, width=sizes, height=sizes)

tags = st.builds(
    Tag,
    on=seqs,
    conduct=names,
    quote=texts,
    span=st.none() | spans,
    region=st.none() | regions,
    occurred=st.none() | moments(),
    respondent=maybe_seqs,
    comment=texts,
    suggestion=maybe_seqs,
)

rows = st.builds(
    ExportRow,
    export=seqs,
    position=st.builds(Position, record=sizes, part=texts, line=maybe_sizes),
    medium=st.sampled_from([Medium.CALL, Medium.MESSAGE]),
    occurred=moments(),
    reader=names,
    party=parties,
    number_masked=st.booleans(),
    direction=st.none() | st.sampled_from(Direction),
    sim=texts,
    outcome=st.none() | st.sampled_from(Outcome),
    duration_ms=maybe_sizes,
    text=texts,
    box=texts,
    sent_at=st.none() | moments(),
    claimed_sender=texts,
    attachments=st.lists(texts, max_size=3).map(tuple),
    respondent=maybe_seqs,
)

transcript_lines = st.builds(
    TranscriptLine,
    text=texts,
    region=st.none() | regions,
    span=st.none() | spans,
    confidence=st.none() | st.integers(0, 1000),
    speaker=texts,
    replaces=maybe_sizes,
)

transcripts = st.builds(
    Transcript,
    on=seqs,
    writer=st.sampled_from(Writer),
    engine=texts,
    lines=st.lists(transcript_lines, max_size=4).map(tuple),
    corrects=maybe_seqs,
    failure=texts,
    source_name=texts,
    source_sha256=st.just("") | hex_digits(64),
)

suggestions = st.builds(
    Suggestion,
    conduct=texts,
    pattern=names,
    explanation=texts,
    on=maybe_seqs,
    transcript=maybe_seqs,
    line=maybe_sizes,
    quote=texts,
    start=maybe_sizes,
    span=st.none() | spans,
    region=st.none() | regions,
    calls=st.lists(seqs, max_size=4).map(tuple),
    occurred=st.none() | moments(),
    caution=texts,
)

masks = st.builds(
    Mask,
    on=seqs,
    regions=st.lists(regions, max_size=3).map(tuple),
    spans=st.lists(spans, max_size=3).map(tuple),
    reason=texts,
)

withdrawals = st.builds(Withdraw, target=seqs, reason=texts)

erasures = st.builds(
    Erasure, target=seqs, leaf=hex_digits(64), kind=names, reason=texts, along_with=maybe_seqs
)

seq_lists = st.lists(seqs, max_size=4).map(tuple)

salvages = st.builds(
    Salvage,
    bodies=seqs,
    file_size=sizes,
    file_sha256=hex_digits(64),
    entries=sizes,
    prefix=sizes,
    prefix_root=hex_digits(64),
    case_id=hex_digits(32),
    missing=seq_lists,
    mismatched=seq_lists,
    originals_damaged=seq_lists,
    originals_mismatched=seq_lists,
    mended=seq_lists,
    originals_mended=seq_lists,
    numbers=st.lists(st.tuples(seqs, seqs), max_size=4).map(tuple),
)

letter_texts = st.builds(
    LetterText,
    opening=texts,
    requests=st.lists(names, min_size=1, max_size=4).map(tuple),
    closing=texts,
)

packets = st.builds(
    PacketRecord,
    channel=names,
    respondent=seqs,
    size=sizes,
    root=hex_digits(64),
    manifest_sha256=hex_digits(64),
    exhibits=seq_lists,
    exhibit_numbers=seq_lists,
    tags=seq_lists,
    finding_numbers=seq_lists,
    supplements=maybe_seqs,
    code=texts,
    asks=st.lists(names, max_size=4).map(tuple),
    letter=st.none() | letter_texts,
    limits=st.lists(st.builds(PasteLength, name=names, characters=sizes), max_size=3).map(tuple),
    split=st.none() | sizes,
    third_parties_shown=st.booleans(),
    originals_added=st.booleans(),
    clips_added=st.booleans(),
    review=st.lists(
        st.builds(
            ReviewItem,
            code=names,
            severity=st.sampled_from(Severity),
            text=texts,
            seqs=seq_lists,
            command=texts,
        ),
        max_size=2,
    ).map(tuple),
)

submissions = st.builds(
    Submission,
    event=st.sampled_from(Event),
    occurred=moments(),
    respondent=seqs,
    channel=names,
    packet=maybe_seqs,
    of=maybe_seqs,
    receipt=texts,
    operator=texts,
    how=texts,
    note=texts,
)

timestamps = st.builds(
    Timestamp,
    attested_at=st.integers(946_684_800, 4_102_444_800).map(
        lambda second: f"{dt.datetime.fromtimestamp(second, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    ),
    size=sizes,
    root=hex_digits(64),
    checkpoint=names,
    response=names,
    request=texts,
    authority=texts,
    policy=texts,
    serial=texts,
    roots=st.lists(hex_digits(64), max_size=3).map(tuple),
    accuracy_ms=st.none() | st.integers(0, 86_400_000),
)

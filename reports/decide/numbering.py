"""How exhibits and findings are numbered: what was handed in before keeps its numbers.

Rules:

1. A number that somebody outside has seen stands for the same exhibit for ever. An exhibit that is
   gone leaves a gap; its number is never given again.
2. Exhibits keep their numbers in every packet to this respondent, because the institution gets
   them all; findings keep theirs along the packets that add to each other.
3. A packet adds to the latest one that was handed in through the same channel, while that matter
   is not over; or to the one that the person names. It adds to none if the person says so.
4. What is new is numbered on, in the usual order of a packet.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from evidence.core.case_view import CaseView, Recorded
from evidence.core.deadlines import Matter, matters
from evidence.core.packet_record import PacketRecord
from evidence.errors import SupplementError
from reports.decide.context import Earlier, Selected
from reports.packet import Channel
from reports.wishes import Wishes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The numbers that are given already, and what this packet adds to."""

    exhibits: Mapping[int, int] = dataclasses.field(default_factory=dict)
    last_exhibit: int = 0
    tags: Mapping[int, int] = dataclasses.field(default_factory=dict)
    last_finding: int = 0
    earlier: Earlier | None = None


def numbering(view: CaseView, respondent: int, channel: Channel, wishes: Wishes) -> Numbering:
    """Return the numbers given in what was handed in before.

    Raises:
        SupplementError: if the packet that the person names is none for this respondent.
    """
    if wishes.fresh:
        return Numbering()
    own = {
        p.seq: p
        for p in view.packets
        if p.stands and view.respondent_seq(p.record.respondent) == respondent
    }
    handed_in = {
        packet: m
        for m in matters(view)
        if (packet := m.submission.record.packet) is not None and packet in own
    }
    base = _base(own, handed_in, channel, wishes.supplement)
    chain = _chain(own, base)
    others = [p for p in reversed(own.values()) if p.seq in handed_in and p not in chain]
    exhibits = [p.record.numbered_exhibits() for p in (*chain, *others)]
    findings = [p.record.numbered_tags() for p in chain]
    return Numbering(
        exhibits=_given(exhibits),
        last_exhibit=_last(exhibits),
        tags=_given(findings),
        last_finding=_last(findings),
        earlier=Earlier(
            packet=base,
            matter=handed_in.get(base.seq),
            exhibits=frozenset(seq for numbers in exhibits[: len(chain)] for seq in numbers),
            tags=frozenset(seq for numbers in findings for seq in numbers),
        )
        if base is not None
        else None,
    )


def numbered(selected: Selected, given: Numbering) -> Selected:
    """Return what was selected with its numbers, in their order (rule 4)."""
    exhibits = _numbers([e.seq for e in selected.exhibits], given.exhibits, given.last_exhibit)
    tags = _numbers([t.seq for t in selected.tags], given.tags, given.last_finding)
    ordered = tuple(sorted(selected.exhibits, key=lambda e: exhibits[e.seq]))
    return dataclasses.replace(
        selected,
        exhibits=ordered,
        tags=tuple(sorted(selected.tags, key=lambda t: tags[t.seq])),
        labels={seq: label(number) for seq, number in exhibits.items()},
        finding_numbers=tags,
        by_time=ordered == selected.exhibits,
    )


def label(number: int) -> str:
    """Return ``E001``."""
    return f"E{number:03d}"


def _base(
    own: Mapping[int, Recorded[PacketRecord]],
    handed_in: Mapping[int, Matter],
    channel: Channel,
    wanted: int | None,
) -> Recorded[PacketRecord] | None:
    if wanted is not None:
        if wanted not in own:
            raise SupplementError(seq=wanted)
        return own[wanted]
    running = [
        p
        for p in own.values()
        if p.record.channel == channel.value
        and (matter := handed_in.get(p.seq)) is not None
        and matter.over is None
    ]
    return running[-1] if running else None


def _chain(
    own: Mapping[int, Recorded[PacketRecord]], base: Recorded[PacketRecord] | None
) -> list[Recorded[PacketRecord]]:
    """Return a packet and those that it adds to, the latest first."""
    chain: list[Recorded[PacketRecord]] = []
    while base is not None and base not in chain:
        chain.append(base)
        base = own.get(base.record.supplements) if base.record.supplements is not None else None
    return chain


def _given(packets: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Return the numbers; where two packets disagree, the earlier in the list decides."""
    given: dict[int, int] = {}
    used: set[int] = set()
    for numbers in packets:
        for seq, number in numbers.items():
            if seq not in given and number not in used:
                given[seq] = number
                used.add(number)
    return given


def _last(packets: Iterable[Mapping[int, int]]) -> int:
    return max((number for numbers in packets for number in numbers.values()), default=0)


def _numbers(seqs: Sequence[int], given: Mapping[int, int], last: int) -> dict[int, int]:
    fresh = [seq for seq in seqs if seq not in given]
    known = {seq: given[seq] for seq in seqs if seq in given}
    return known | {seq: last + place for place, seq in enumerate(fresh, start=1)}

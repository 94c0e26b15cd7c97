"""Supplements: numbers that were handed in stay, what is new is marked and told."""

import dataclasses

import pytest

from evidence.core.packet_record import PacketRecord, packet_to_data
from evidence.core.records import Kind
from evidence.core.submission import Event, Submission, submission_to_data
from evidence.errors import SupplementError
from reports.complaint import PartKind
from reports.decide import decide
from reports.decide.context import Context
from reports.packet import Channel, Packet
from reports.wishes import Wishes
from tests.case_builder import COLLECTOR, CaseBuilder, by_name, said, warned
from tests.reports.decide.conftest import Gather, integrity_input

HOTLINE, NFRA = Channel.HOTLINE_12378, Channel.NFRA


@dataclasses.dataclass(kw_only=True)
class Follow:
    """A case that packets are made and handed in for."""

    case: CaseBuilder
    lender: int
    gathered: Gather
    made: dict[int, PacketRecord] = dataclasses.field(default_factory=dict)

    def call(self, when: str, quote: str = "") -> tuple[int, int]:
        """Add a recording and a tag on it."""
        call = self.case.recording(by_name(when))
        return call, self.case.tag(call, "threat", quote or f"话 {when}")

    def context(self, channel: Channel = HOTLINE, **wishes: object) -> Context:
        chosen = dataclasses.replace(Wishes(), **wishes)  # type: ignore[arg-type]  # its fields
        return self.gathered(self.case, self.lender, channel, wishes=chosen)

    def packet(self, channel: Channel = HOTLINE, **wishes: object) -> Packet:
        context = self.context(channel, **wishes)
        return decide(context, integrity_input(context.view.size))

    def hand_in(self, packet: Packet, context: Context, *, receipt: str = "") -> tuple[int, int]:
        """Keep the packet as the builder does, and say that it was handed in."""
        record = PacketRecord(
            channel=packet.channel.value,
            respondent=self.lender,
            size=len(self.case.entries),
            root="ab" * 32,
            manifest_sha256="0" * 64,
            exhibits=tuple(e.seq for e in packet.exhibits),
            exhibit_numbers=tuple(int(e.label[1:]) for e in packet.exhibits),
            tags=tuple(f.tag_seq for f in packet.findings),
            finding_numbers=tuple(f.number for f in packet.findings),
            supplements=context.earlier.packet.seq if context.earlier else None,
            code="AAAA-BBBB-CCCC-DDDD",
        )
        seq = self.case.append(Kind.PACKET, packet_to_data(record))
        return seq, self.event(
            Event.SUBMITTED, channel=packet.channel.value, packet=seq, receipt=receipt
        )

    def event(self, event: Event, **more: object) -> int:
        facts: dict[str, object] = {"channel": "12378", **more}
        record = Submission(
            event=event,
            occurred=said("2026-11-22"),
            respondent=self.lender,
            **facts,  # type: ignore[arg-type]  # fields of Submission
        )
        return self.case.append(Kind.SUBMISSION, submission_to_data(record))

    def handed_in(self, channel: Channel = HOTLINE, **more: str) -> tuple[int, int]:
        context = self.context(channel)
        packet = decide(context, integrity_input(context.view.size))
        return self.hand_in(packet, context, **more)


@pytest.fixture
def follow(gathered: Gather) -> Follow:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷", contract_no="JX-0001")
    case.number(COLLECTOR, respondent=lender)
    return Follow(case=case, lender=lender, gathered=gathered)


def labels(packet: Packet) -> dict[int, str]:
    return {e.seq: e.label for e in packet.exhibits}


def numbers(packet: Packet) -> dict[int, int]:
    return {f.tag_seq: f.number for f in packet.findings}


def test_labels_stay_over_three_packets_with_withdrawals_and_earlier_dates(
    follow: Follow,
) -> None:
    first = dict(follow.call(f"2026-10-1{n} 10:00:00") for n in (2, 4, 6))
    one = follow.packet()
    follow.handed_in()
    earlier, later = follow.call("2026-10-01 10:00:00"), follow.call("2026-11-01 10:00:00")
    gone = list(first)[1]
    follow.case.withdraw(gone)
    follow.case.withdraw(first[gone])
    two = follow.packet()
    follow.handed_in()
    last = follow.call("2026-09-01 10:00:00")
    three = follow.packet()
    assert list(labels(one).values()) == ["E001", "E002", "E003"]
    assert list(labels(two).values()) == ["E001", "E003", "E004", "E005"]
    assert list(labels(three).values()) == ["E001", "E003", "E004", "E005", "E006"]
    for before, after in ((one, two), (two, three)):
        shared = labels(before).keys() & labels(after).keys()
        assert all(labels(before)[seq] == labels(after)[seq] for seq in shared)
        told = numbers(before).keys() & numbers(after).keys()
        assert all(numbers(before)[seq] == numbers(after)[seq] for seq in told)
    assert labels(two)[earlier[0]] == "E004"
    assert labels(two)[later[0]] == "E005"
    assert labels(three)[last[0]] == "E006"
    assert numbers(three)[last[1]] == 6
    # Nothing but the end of the tables is new.
    assert list(labels(three))[:4] == list(labels(two))
    assert [f.tag_seq for f in three.findings][:4] == [f.tag_seq for f in two.findings]


def test_what_is_new_is_marked_and_told_and_what_is_gone_leaves_a_gap(follow: Follow) -> None:
    kept, gone = follow.call("2026-10-12 10:00:00"), follow.call("2026-10-13 10:00:00")
    follow.handed_in(receipt="R-7")
    fresh = follow.call("2026-10-01 10:00:00")
    on_old = follow.case.tag(kept[0], "insult", "又一句")
    for seq in gone:
        follow.case.withdraw(seq)
    packet = follow.packet()
    assert {e.seq for e in packet.exhibits if e.new} == {fresh[0]}
    assert {f.tag_seq for f in packet.findings if f.new} == {fresh[1], on_old}
    told = "".join(packet.letter.lines(PartKind.SUPPLEMENT))
    for words in ("AAAA-BBBB-CCCC-DDDD", "R-7", "2026年11月22日", "第 3、4 项", "E003"):
        assert words in told
    assert "第 2 项" in told
    assert "E002" in told
    assert packet.letter.title.endswith("（补充）")
    assert packet.call_sheet is not None
    assert "R-7" in packet.call_sheet.opening
    facts = next(t.text for t in packet.paste_texts if t.name == "facts")
    assert "R-7" in facts


def test_before_anything_is_handed_in_numbers_follow_the_time(follow: Follow) -> None:
    follow.call("2026-10-12 10:00:00")
    context = follow.context()
    packet = decide(context, integrity_input(context.view.size))
    seq, submission = follow.hand_in(packet, context)
    follow.case.withdraw(submission)
    early = follow.call("2026-10-01 10:00:00")
    again = follow.packet()
    assert labels(again)[early[0]] == "E001"
    assert not any(e.new for e in again.exhibits)
    assert again.letter.lines(PartKind.SUPPLEMENT) == ()
    assert any(item.seqs == (seq,) for item in again.review if item.code == "earlier-packet")


def test_another_channel_keeps_the_labels_but_adds_to_nothing(follow: Follow) -> None:
    old = follow.call("2026-10-12 10:00:00")
    follow.handed_in()
    early = follow.call("2026-10-01 10:00:00")
    packet = follow.packet(NFRA)
    assert labels(packet) == {old[0]: "E001", early[0]: "E002"}
    assert numbers(packet) == {early[1]: 1, old[1]: 2}
    assert packet.letter.lines(PartKind.SUPPLEMENT) == ()
    assert not any(e.new for e in packet.exhibits)


def test_where_two_channels_disagree_the_packet_that_is_added_to_decides(follow: Follow) -> None:
    late = follow.call("2026-10-12 10:00:00")
    hotline = follow.context()
    to_hotline = decide(hotline, integrity_input(hotline.view.size))
    early = follow.call("2026-10-01 10:00:00")
    nfra = follow.context(NFRA)
    to_nfra = decide(nfra, integrity_input(nfra.view.size))
    follow.hand_in(to_hotline, hotline)
    follow.hand_in(to_nfra, nfra)
    assert labels(to_nfra) == {early[0]: "E001", late[0]: "E002"}
    again = labels(follow.packet(HOTLINE))
    assert again[late[0]] == "E001"
    assert again[early[0]] == "E003"  # neither E001 nor E002 is free
    assert labels(follow.packet(NFRA)) == labels(to_nfra)


@pytest.mark.parametrize("event", [Event.CLOSED, Event.REFUSED])
def test_a_matter_that_is_over_is_not_added_to(follow: Follow, event: Event) -> None:
    follow.call("2026-10-12 10:00:00")
    _packet, submission = follow.handed_in()
    follow.event(event, of=submission)
    early = follow.call("2026-10-01 10:00:00")
    packet = follow.packet()
    assert packet.letter.lines(PartKind.SUPPLEMENT) == ()
    assert labels(packet)[early[0]] == "E002"


def test_fresh_numbers_from_the_start_and_a_named_packet_is_added_to(follow: Follow) -> None:
    follow.call("2026-10-12 10:00:00")
    seq, _submission = follow.handed_in()
    early = follow.call("2026-10-01 10:00:00")
    fresh = follow.packet(fresh=True)
    assert labels(fresh)[early[0]] == "E001"
    assert fresh.letter.lines(PartKind.SUPPLEMENT) == ()
    named = follow.packet(NFRA, supplement=seq)
    assert named.letter.lines(PartKind.SUPPLEMENT)
    with pytest.raises(SupplementError):
        follow.packet(supplement=early[0])


def test_nothing_new_is_asked_about(follow: Follow) -> None:
    follow.call("2026-10-12 10:00:00")
    follow.handed_in()
    assert "nothing-new" in {item.code for item in follow.packet().review}
    follow.case.note("他又打来了", respondent=follow.lender)
    packet = follow.packet()
    assert "新增情况说明 1 条" in "".join(packet.letter.lines(PartKind.SUPPLEMENT))
    assert "nothing-new" not in {item.code for item in packet.review}
    assert any("--fresh" in text for text in warned(packet))


def test_the_order_of_the_list_is_said_as_it_is(follow: Follow) -> None:
    follow.call("2026-10-12 10:00:00")
    by_time = follow.packet().order
    follow.handed_in()
    follow.call("2026-10-13 10:00:00")
    assert follow.packet().order == by_time
    follow.call("2026-10-01 10:00:00")
    assert follow.packet().order != by_time


def test_rows_that_an_export_gained_are_told(follow: Follow) -> None:
    follow.call("2026-10-12 10:00:00")
    export = follow.case.export()
    follow.case.row(export, "2026-10-12 11:00:00")
    follow.handed_in()
    follow.case.row(export, "2026-10-12 12:00:00")
    told = "".join(follow.packet().letter.lines(PartKind.SUPPLEMENT))
    assert "证据 E002 的摘录增加了 1 条" in told


def test_a_packet_of_an_older_version_counts_from_one(follow: Follow) -> None:
    calls = [follow.call(f"2026-10-1{n} 10:00:00")[0] for n in (2, 3)]
    record = PacketRecord(
        channel="12378",
        respondent=follow.lender,
        size=8,
        root="ab" * 32,
        manifest_sha256="0" * 64,
        exhibits=tuple(calls),
    )
    seq = follow.case.append(Kind.PACKET, packet_to_data(record))
    follow.event(Event.SUBMITTED, packet=seq)
    early = follow.call("2026-10-01 10:00:00")
    found = labels(follow.packet())
    assert found == {calls[0]: "E001", calls[1]: "E002", early[0]: "E003"}

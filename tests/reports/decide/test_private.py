"""Whatever a phone holds, a packet has the respondent's rows and nothing of anybody else.

The PDF and the bundle are drawn from the packet and the disclosed entries alone.
"""

import dataclasses
import json

import hypothesis
from hypothesis import strategies as st

from evidence.core.export_row import Outcome
from evidence.core.moment import Source
from evidence.core.records import Direction, Medium, NumberRole
from evidence.law import load_rules
from reports.decide import decide, gather
from reports.packet import Channel
from tests.case_builder import COLLECTOR, CaseBuilder, by_name
from tests.reports.decide.conftest import integrity_input, strings

OTHERS = {
    "13800000099": NumberRole.COLLECTOR,  # of another respondent
    "13800000003": NumberRole.FAMILY,
    "13800000005": NumberRole.COLLEAGUE,
    "13800000006": NumberRole.FRIEND,
    "13800000021": NumberRole.OTHER,
    "13911112222": None,  # nobody has said whose it is
}
RULES = load_rules()

rows = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.sampled_from([COLLECTOR, *OTHERS]),
            "minute": st.integers(0, 59),
            "medium": st.sampled_from([Medium.CALL, Medium.MESSAGE]),
            "source": st.sampled_from([Source.CALL_LOG, Source.BILL]),
            "outcome": st.sampled_from(list(Outcome)),
            "direction": st.sampled_from([*Direction, None]),
            "box": st.sampled_from(["received", "sent", "draft", "outbox"]),
            "recorded": st.sampled_from(["", "number", "time", "name"]),
        }
    ),
    max_size=12,
)


@hypothesis.given(rows=rows)
@hypothesis.settings(max_examples=60, deadline=None)
def test_nothing_of_anybody_else_ever_gets_in(rows: list[dict[str, object]]) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    other = case.respondent("乙某小额贷款有限公司", "microloan")
    case.number(respondent=lender)
    for number, role in OTHERS.items():
        if role is not None:
            owner = other if number == "13800000099" else None
            case.number(number, role, respondent=owner, name=f"名{number}")
    call = case.recording(by_name("2026-10-13 10:00:00"))
    case.tag(call, "threat", "话")
    exports = {
        medium: case.export(f"{medium}.x", medium) for medium in (Medium.CALL, Medium.MESSAGE)
    }
    for place, row in enumerate(rows):
        _add(case, exports, lender, place, row)
    context = gather(
        case.view(),
        RULES,
        channel=Channel.HOTLINE_12378,
        respondent_seq=lender,
        made_at=case.made_at,
        texts={},
    )
    packet = decide(context, integrity_input(context.view.size))
    # The review is for the person alone and is in no bundle.
    said = "".join(strings(dataclasses.replace(packet, review=())))
    said += json.dumps([case.entries[s].data for s in packet.disclosed], ensure_ascii=False)
    said += "".join(e.extract.csv.decode() for e in packet.exhibits if e.extract)
    assert not [number for number in OTHERS if number in said]
    assert "秘密" not in said
    own = [r for r in rows if r["number"] == COLLECTOR and r["medium"] is Medium.CALL]
    if Source.CALL_LOG not in {r["source"] for r in own}:
        assert "手机通话记录" not in packet.statistics.source
    assert packet.statistics.total == sum(sum(d.by_hour) for d in packet.statistics.days)


def _add(
    case: CaseBuilder,
    exports: dict[Medium, int],
    lender: int,
    place: int,
    row: dict[str, object],
) -> None:
    number, when = str(row["number"]), f"2026-10-14 10:{row['minute']:02d}:00"
    own = number == COLLECTOR
    name = "" if own else f"秘密{place}"
    if row["medium"] is Medium.MESSAGE:
        text = "话" if own else f"秘密的话{place}"
        case.message(
            exports[Medium.MESSAGE], when, text, number=number, name=name, box=str(row["box"])
        )
        return
    case.row(
        exports[Medium.CALL],
        when,
        number=number,
        name=name,
        source=row["source"],  # type: ignore[arg-type]  # of the strategy above
        outcome=row["outcome"],  # type: ignore[arg-type]
        direction=row["direction"],  # type: ignore[arg-type]
    )
    if row["recorded"] == "time":
        # The person's own recording that fits somebody's call in time alone.
        case.recording(by_name(when), number="", respondent=lender)
    elif row["recorded"] == "number" or (row["recorded"] == "name" and own):
        case.recording(by_name(when), number=number)

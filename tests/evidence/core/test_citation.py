"""Which provisions are chosen: every respondent type, channel, conduct and date."""

import datetime as dt
import itertools

import pytest

from evidence.core import moment
from evidence.core.citation import ActTime, Chosen, Role, act_time, choose
from evidence.core.moment import CHINA, Meaning, Source
from evidence.core.rules import Rules, family
from evidence.law import load_rules
from tests.case_builder import by_name, month_day, said

RULES = load_rules()
CHANNELS = ("12378", "nfra")
DAY = dt.timedelta(days=1)


def on(day: str, last: str | None = None) -> ActTime:
    first = dt.date.fromisoformat(day)
    return ActTime(
        first=first, last=dt.date.fromisoformat(last) if last else first, exact=last is None
    )


ACTS = {
    "before every rule": on("1990-01-01"),
    "before the consumer rules of 2022": on("2022-06-01"),
    "before the standard of 2025": on("2024-12-01"),
    "last day of the old public-security law": on("2025-12-31"),
    "first day of the new public-security law": on("2026-01-01"),
    "now": on("2026-10-14"),
    "some time across the new year": on("2025-11-01", "2026-02-01"),
    "some time in three years": on("2023-11-20", "2026-11-20"),
}
COMBINATIONS = list(
    itertools.product(RULES.respondent_types, CHANNELS, RULES.conducts, ACTS.items())
)


def chosen(
    kind: str, conduct: str, act: ActTime, channel: str = "12378", rules: Rules = RULES
) -> tuple[Chosen, ...]:
    return choose(
        rules,
        conduct=rules.conducts[conduct],
        respondent_type=rules.respondent_types[kind],
        channel=channel,
        act=act,
    )


def ids(found: tuple[Chosen, ...]) -> list[str]:
    return [c.provision.id for c in found]


def test_no_combination_cites_what_may_never_be_cited_or_is_not_for_the_channel() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        for identity in ids(chosen(kind, conduct, act, channel)):
            assert identity not in RULES.never_cite
            assert not identity.startswith(("psl-", "cl-", "aocl-", "spc-")), (kind, conduct)


def test_every_chosen_provision_was_in_force_on_every_possible_day() -> None:
    for kind, channel, conduct, (name, act) in COMBINATIONS:
        for one in chosen(kind, conduct, act, channel):
            provision = one.provision
            start = provision.effective_from or dt.date.fromisoformat(provision.issued)
            where = (kind, conduct, name, provision.id)
            assert start <= act.first, where
            assert provision.effective_to is None or act.last <= provision.effective_to, where


def test_no_combination_cites_too_much() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        found = chosen(kind, conduct, act, channel)
        quotable = [c for c in found if c.provision.quotable]
        instruments = {c.provision.instrument for c in found if not c.provision.quotable}
        assert len(quotable) <= 3, (kind, conduct)
        assert len(instruments) <= 4, (kind, conduct)
        assert len(ids(found)) == len(set(ids(found)))


def test_levels_are_known_and_the_named_follow_by_level() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        found = chosen(kind, conduct, act, channel)
        ranks = [RULES.level_order.index(c.provision.level) for c in found if c.role is Role.NAMED]
        assert ranks == sorted(ranks)
        assert all(c.provision.level in RULES.level_wording for c in found)


def test_binding_rule_comes_first_where_the_conduct_lists_it() -> None:
    seen = set()
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        found = chosen(kind, conduct, act, channel)
        binding = set(RULES.respondent_types[kind].binding)
        listed = {*RULES.conducts[conduct].cite, *RULES.conducts[conduct].name_only}
        in_force = {
            i
            for i in binding & listed
            if (RULES.provisions[i].effective_from or dt.date.max) <= act.first
        }
        if in_force:
            assert found[0].role is Role.BINDING
            assert set(ids(found)[: len(in_force)]) == in_force
            seen.add(kind)
        else:
            assert all(c.role is not Role.BINDING for c in found)
    assert seen == set(RULES.respondent_types) - {"private"}


def test_fitting_provisions_keep_the_order_of_the_data() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        fitting = [
            c.provision.id for c in chosen(kind, conduct, act, channel) if c.role is Role.FITTING
        ]
        order = list(RULES.conducts[conduct].cite)
        assert fitting == sorted(fitting, key=order.index)
        assert len(fitting) <= 2


def test_privacy_law_article_ten_is_always_cited_when_the_conduct_lists_it() -> None:
    listed = {c.id for c in RULES.conducts.values() if "pipl-10" in c.cite}
    assert listed == {"third_party_contact", "disclose_debt", "publish_personal_info"}
    for kind, channel, conduct, (name, act) in COMBINATIONS:
        wanted = conduct in listed and act.first >= dt.date(2021, 11, 1)
        assert ("pipl-10" in ids(chosen(kind, conduct, act, channel))) is wanted, (kind, name)


def test_threats_and_insults_name_articles_ten_and_sixteen_of_the_convention() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        found = ids(chosen(kind, conduct, act, channel))
        called_for = (
            conduct in ("threat", "insult")
            and kind != "private"
            and act.first >= dt.date(2018, 3, 28)
        )
        assert ({"nifa2018-10", "nifa2018-16"} <= set(found)) is called_for, (kind, conduct)


def test_microloan_and_unlicensed_lenders_never_meet_the_banking_rules() -> None:
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        found = ids(chosen(kind, conduct, act, channel))
        if kind in ("microloan", "private"):
            assert not any(i.startswith(("cpm2022-", "cmp2020-")) for i in found)
        for prefix, only in (
            ("card2011-", "credit_card"),
            ("cfc2024-", "consumer_finance"),
            ("mcl2024-", "microloan"),
        ):
            assert kind == only or not any(i.startswith(prefix) for i in found)


def test_special_instruments_are_named_for_their_lender() -> None:
    now = ACTS["now"]
    assert "card2011-68" in ids(chosen("credit_card", "threat", now))
    assert "cfc2024-collection" in ids(chosen("consumer_finance", "threat", now))
    assert ids(chosen("microloan", "threat", now))[0] == "mcl2024-37"


def test_banks_threat_cites_the_binding_rule_then_two_then_self_regulation() -> None:
    assert ids(chosen("bank", "threat", ACTS["now"])) == [
        "cpm2022-41",
        "cc-991",
        "cc-1033",
        "nifa2018-16",
        "cba2026-prohibited",
        "nifa2018-10",
    ]


def test_guideline_of_unknown_date_of_effect_is_named_from_its_issue_on_with_a_remark() -> None:
    issued = dt.date(2026, 1, 30)
    before = chosen("bank", "threat", ActTime(first=issued - DAY, last=issued - DAY, exact=True))
    after = chosen("bank", "threat", ActTime(first=issued, last=issued, exact=True))
    assert "cba2026-prohibited" not in ids(before)
    remark = next(c.remark for c in after if c.provision.id == "cba2026-prohibited")
    assert "施行日期未核实" in remark
    assert "条号未核实" in remark


def test_who_is_not_the_lender_meets_the_banking_rules_only_on_a_condition() -> None:
    for kind in ("platform", "agency"):
        found = chosen(kind, "threat", ACTS["now"])
        assert ids(found)[0] == "cpm2022-41"
        assert "贷款人" in found[0].remark
        assert "为前提" in found[0].remark
    assert "贷款人" not in chosen("bank", "threat", ACTS["now"])[0].remark


def test_same_question_gives_the_same_answer() -> None:
    again = load_rules()
    for kind, channel, conduct, (_, act) in COMBINATIONS:
        assert ids(chosen(kind, conduct, act, channel)) == ids(
            chosen(kind, conduct, act, channel, again)
        )


def test_unknown_channel_is_refused() -> None:
    with pytest.raises(KeyError):
        chosen("bank", "threat", ACTS["now"], "110")


def test_every_family_that_can_be_chosen_is_expected() -> None:
    found = {
        family(identity)
        for kind, channel, conduct, (_, act) in COMBINATIONS
        for identity in ids(chosen(kind, conduct, act, channel))
    }
    assert found == {
        "cc",
        "pipl",
        "cpm2022",
        "mcl2024",
        "card2011",
        "cfc2024",
        "gbt45251",
        "nifa2018",
        "cba2026",
    }


# --- the days on which an act can lie ------------------------------------------------------------

TOLD = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
TOLD_ON = dt.date(2026, 11, 20)


def test_claimed_time_of_the_act_is_its_day_in_china() -> None:
    act = act_time(by_name("2026-10-14T23:30+00:00"), told_at=TOLD, not_before=None)
    assert act == on("2026-10-15")


def test_picture_shows_what_was_there_before() -> None:
    for meaning in (Meaning.CAPTURED, Meaning.SAVED):
        act = act_time(
            by_name("2026-10-14 21:05", meaning), told_at=TOLD, not_before=dt.date(2026, 9, 15)
        )
        assert act == ActTime(first=dt.date(2026, 9, 15), last=dt.date(2026, 10, 14), exact=False)


def test_time_of_the_last_change_of_a_file_is_only_a_bound() -> None:
    act = act_time(
        said("2026-10-14 21:05", meaning=Meaning.RECORDING_STOP, source=Source.MTIME),
        told_at=TOLD,
        not_before=None,
    )
    assert not act.exact
    assert act.last == dt.date(2026, 10, 14)


@pytest.mark.parametrize("unclear", [None, moment.unknown(), month_day("--10-14")])
def test_unknown_time_lies_before_it_was_told_and_up_to_three_years_back(
    unclear: moment.Moment | None,
) -> None:
    act = act_time(unclear, told_at=TOLD, not_before=None)
    assert act.last == TOLD_ON
    assert dt.timedelta(days=3 * 365) <= act.last - act.first <= dt.timedelta(days=3 * 366)
    assert not act.exact


def test_inferred_year_is_not_relied_on() -> None:
    import dataclasses

    inferred = dataclasses.replace(by_name("2026-10-14 21:05"), year_inferred=True)
    act = act_time(inferred, told_at=TOLD, not_before=dt.date(2026, 1, 5))
    assert act == ActTime(first=dt.date(2026, 1, 5), last=TOLD_ON, exact=False)


def test_default_after_the_picture_does_not_turn_the_interval_round() -> None:
    act = act_time(
        by_name("2026-10-14 21:05", Meaning.CAPTURED),
        told_at=TOLD,
        not_before=dt.date(2026, 11, 1),
    )
    assert act.first == act.last == dt.date(2026, 10, 14)


def test_unknown_time_leaves_out_what_came_into_force_meanwhile() -> None:
    act = act_time(moment.unknown(), told_at=TOLD, not_before=None)
    found = ids(chosen("consumer_finance", "excessive_calls", act))
    assert "cpm2022-41" in found
    assert not any(i.startswith(("gbt45251-", "cba2026-", "cfc2024-")) for i in found)
    recent = act_time(moment.unknown(), told_at=TOLD, not_before=dt.date(2026, 9, 15))
    assert any(
        i.startswith("gbt45251-")
        for i in ids(chosen("consumer_finance", "excessive_calls", recent))
    )


def test_reversed_interval_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        ActTime(first=TOLD_ON, last=TOLD_ON - DAY, exact=True)


def test_day_is_that_of_chinese_standard_time_when_told() -> None:
    late = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
    act = act_time(None, told_at=late, not_before=None)
    assert act.last == late.astimezone(CHINA).date() == dt.date(2026, 11, 21)

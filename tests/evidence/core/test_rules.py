"""The vendored rules data, and what the parser refuses in them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from evidence.core.rules import Rules, family, parse_rules

FILES = (
    "provisions",
    "conduct",
    "channels",
    "respondent_types",
    "packet_channels",
    "remarks",
    "claims",
)
Data = dict[str, Any]
SAYS_UNVERIFIED = "条号未核实"


@pytest.fixture(scope="session")
def data() -> dict[str, str]:
    import importlib.resources

    folder = importlib.resources.files("evidence.law")
    return {name: folder.joinpath(f"{name}.json").read_text(encoding="utf-8") for name in FILES}


@pytest.fixture(scope="session")
def rules(data: dict[str, str]) -> Rules:
    return parse_rules(**data)


def refused(data: dict[str, str], name: str, change: Callable[[Any], None]) -> str:
    """Return what the parser says after one change to one file."""
    value = json.loads(data[name])
    change(value)
    with pytest.raises(ValueError, match=r".+") as caught:
        parse_rules(**{**data, name: json.dumps(value, ensure_ascii=False)})
    return str(caught.value)


def test_every_provision_and_conduct_is_read(rules: Rules) -> None:
    assert len(rules.provisions) == 192
    assert len(rules.conducts) == 20
    assert set(rules.respondent_types) == {
        "bank",
        "credit_card",
        "consumer_finance",
        "trust",
        "auto_finance",
        "microloan",
        "platform",
        "agency",
        "private",
    }


def test_unknown_provision_in_a_conduct_is_refused(data: dict[str, str]) -> None:
    said = refused(data, "conduct", lambda rows: rows[0]["cite"].append("pipl-999"))
    assert "conduct threat" in said
    assert "pipl-999" in said


def test_unknown_provision_of_a_type_is_refused(data: dict[str, str]) -> None:
    assert "cpm2022-999" in refused(
        data, "respondent_types", lambda rows: rows[0]["binding"].append("cpm2022-999")
    )


def test_unknown_provision_of_a_channel_is_refused(data: dict[str, str]) -> None:
    assert "zzz-1" in refused(data, "channels", lambda rows: rows[0]["law_ids"].append("zzz-1"))


def test_unknown_provision_that_is_never_cited_is_refused(data: dict[str, str]) -> None:
    assert "zzz-1" in refused(data, "remarks", lambda extra: extra["never_cite"].append("zzz-1"))


def test_prefix_that_matches_nothing_is_refused(data: dict[str, str]) -> None:
    assert "zzz-" in refused(
        data, "packet_channels", lambda rows: rows[0]["excluded"].append("zzz-")
    )
    assert "zzz-" in refused(
        data, "respondent_types", lambda rows: rows[0]["excluded"].append("zzz-")
    )


def test_provision_given_twice_is_refused(data: dict[str, str]) -> None:
    assert "pipl-4 twice" in refused(data, "provisions", lambda rows: rows.append(rows[0]))


def test_key_given_twice_is_refused(data: dict[str, str]) -> None:
    doubled = data["remarks"].replace('"always":', '"always": [], "always":', 1)
    with pytest.raises(ValueError, match="twice"):
        parse_rules(**{**data, "remarks": doubled})


def test_field_that_nobody_reads_is_refused(data: dict[str, str]) -> None:
    def add(rows: Any) -> None:
        rows[3]["articel"] = "第十条"

    assert "articel" in refused(data, "provisions", add)


def test_missing_field_is_refused(data: dict[str, str]) -> None:
    assert "quotable" in refused(data, "provisions", lambda rows: rows[3].pop("quotable"))


@pytest.mark.parametrize(
    ("field", "value"), [("quotable", "true"), ("article", 10), ("effective_from", 2021)]
)
def test_field_of_another_type_is_refused(data: dict[str, str], field: str, value: object) -> None:
    def spoil(rows: Any) -> None:
        rows[3][field] = value

    assert field in refused(data, "provisions", spoil)


def test_level_without_wording_is_refused(data: dict[str, str]) -> None:
    def spoil(rows: Any) -> None:
        rows[0]["level"] = "地方性法规"

    assert "地方性法规" in refused(data, "provisions", spoil)


def test_state_without_chinese_is_refused(data: dict[str, str]) -> None:
    def spoil(rows: Any) -> None:
        rows[0]["verification"] = "somebody said so"

    assert "somebody said so" in refused(data, "provisions", spoil)


def test_quotable_text_that_is_not_verbatim_is_refused(data: dict[str, str]) -> None:
    def spoil(rows: Any) -> None:
        row = next(r for r in rows if r["id"] == "nifa2018-16")
        row["quotable"] = True

    assert "nifa2018-16" in refused(data, "provisions", spoil)


def test_named_provision_without_a_remark_is_refused(data: dict[str, str]) -> None:
    assert "mcl2024-37" in refused(
        data, "remarks", lambda extra: extra["by_instrument"].pop("mcl2024")
    )


def test_article_that_is_not_established_is_not_printed_and_says_so(rules: Rules) -> None:
    unverified = [p for p in rules.provisions.values() if "（" in p.article_raw]
    assert {p.id for p in unverified} >= {"cfc2024-collection", "cba2026-hours", "gbt45251-hours"}
    for provision in unverified:
        assert provision.article == ""
        assert SAYS_UNVERIFIED in provision.remark
    for provision in rules.provisions.values():
        assert provision.article in ("", provision.article_raw)


def test_instrument_whose_date_of_effect_is_unknown_says_so(rules: Rules) -> None:
    undated = [p for p in rules.provisions.values() if p.effective_from is None]
    assert {family(p.id) for p in undated} == {"cba2026"}
    assert all("施行日期未核实" in p.remark for p in undated)


def test_convention_article_ten_says_where_its_number_comes_from(rules: Rules) -> None:
    remark = rules.provisions["nifa2018-10"].remark
    assert "条号依通行普法材料，原文未核对，以中国互联网金融协会公布文本为准" in remark


def test_remarks_and_states_are_chinese_and_quote_nothing(rules: Rules) -> None:
    for provision in rules.provisions.values():
        for text in (provision.remark, provision.state):
            assert not set(text) & set('“”「」"')
            assert not any(c.isascii() and c.isalpha() for c in text)


def test_special_instruments_are_for_their_own_kind_of_lender(rules: Rules) -> None:
    for kind in rules.respondent_types.values():
        allowed = {
            prefix
            for prefix in ("card2011-", "cfc2024-", "mcl2024-", "cpm2022-", "cmp2020-")
            if not prefix.startswith(kind.excluded)
        }
        special = allowed & {"card2011-", "cfc2024-", "mcl2024-"}
        wanted = {
            "credit_card": {"card2011-"},
            "consumer_finance": {"cfc2024-"},
            "microloan": {"mcl2024-"},
        }
        assert special == wanted.get(kind.id, set()), kind.id
        barred = kind.id in ("microloan", "private")
        assert (allowed & {"cpm2022-", "cmp2020-"} == set()) is barred


def test_types_that_12378_does_not_supervise_say_whom_to_address(rules: Rules) -> None:
    outside = {k.id for k in rules.respondent_types.values() if not k.supervised_by_12378}
    assert outside == {"microloan", "platform", "agency", "private"}
    for kind in rules.respondent_types.values():
        assert kind.addressee
        assert bool(kind.advice) is (kind.id in outside)
    assert "地方金融管理" in rules.respondent_types["microloan"].addressee
    assert "贷款人" in rules.respondent_types["agency"].advice
    assert "贷款人" in rules.respondent_types["platform"].advice
    assert "公安机关" in rules.respondent_types["private"].addressee


def test_conduct_is_found_by_id_and_by_label(rules: Rules) -> None:
    assert rules.conduct_id("threat") == "threat"
    assert rules.conduct_id("恐吓、威胁") == "threat"
    assert rules.conduct_id("没有这种行为") is None


def test_channel_that_nobody_knows_is_refused(data: dict[str, str]) -> None:
    assert "zzz" in refused(
        data, "respondent_types", lambda rows: rows[0]["channels"].append("zzz")
    )

    def elsewhere(rows: Any) -> None:
        rows[0]["source"] = "zzz"

    assert "zzz" in refused(data, "packet_channels", elsewhere)


def test_predecessor_that_does_not_exist_is_refused(data: dict[str, str]) -> None:
    def spoil(extra: Any) -> None:
        extra["predecessors"]["psl-50"] = "psl-old-999"

    assert "psl-old-999" in refused(data, "remarks", spoil)

    def conduct(extra: Any) -> None:
        extra["predecessors_not_for"]["psl-50"].append("zzz")

    assert "zzz" in refused(data, "remarks", conduct)


def test_predecessor_ends_on_the_day_before_its_successor_begins(rules: Rules) -> None:
    assert rules.predecessors
    for new, old in rules.predecessors.items():
        start, end = rules.provisions[new].effective_from, rules.provisions[old].effective_to
        assert start is not None
        assert end is not None
        assert (start - end).days == 1


def test_article_named_in_a_remark_is_the_provision_s_own(rules: Rules) -> None:
    named = re.compile("第[一二三四五六七八九十百千]+条(?:之一)?")
    for provision in rules.provisions.values():
        for article in named.findall(provision.remark):
            assert article == provision.article, provision.id
    remarked = [p for p in rules.provisions.values() if p.id.startswith(("psl-", "cl-"))]
    assert all(p.remark.startswith(p.article) for p in remarked if p.remark)

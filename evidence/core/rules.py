"""The law as data: provisions, conducts, channels, kinds of respondent.

Rules (from the project's rules on citing):

1. The data files are the only source of legal text; no code holds an article number.
2. Everything is checked when it is read. A field that is missing or unknown, an id that is used
   twice, a reference to a provision that does not exist, a provision that may be cited without
   the remark it needs: each is a defect of the data and raises ``ValueError``.
3. Only text marked quotable is ever quoted, byte for byte; everything else is named.
4. The English notes of the data are for the people who keep it. What a reader of a complaint must
   know stands in Chinese in ``remarks.json``.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NewType, TypeVar

from evidence.core.rules_data import Row, rows, table

ProvisionId = NewType("ProvisionId", str)
ConductId = NewType("ConductId", str)

HOTLINE = "12378"
"""The packet channel whose competence decides who is supervised."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One article, with how well it is established."""

    id: ProvisionId
    instrument: str
    instrument_en: str
    issuer: str
    doc_no: str
    issued: str
    effective_from: dt.date | None
    """First day in force; None when it is not known."""
    effective_to: dt.date | None
    """Last day in force; None when it still is."""
    level: str
    """As printed: 法律, 部门规章, 推荐性国家标准 …"""
    article: str
    """As printed: ``第十条``; empty when the number is not established."""
    article_raw: str
    """As the data have it."""
    text: str
    """Verbatim only if ``quotable``; otherwise it must not be printed as the law's words."""
    quotable: bool
    wording: str
    verification: str
    note: str
    """English, for those who keep the data; not for a packet."""
    state: str
    """How well it is established, in Chinese."""
    remark: str
    """What must be printed beside it; parts are separated by ``；``; may be empty."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """One kind of conduct that a person can mark."""

    id: ConductId
    label: str
    cite: tuple[ProvisionId, ...]
    """What may be cited, strongest first after the lender's binding rule."""
    name_only: tuple[ProvisionId, ...]
    """What may only be named."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintChannel:
    """Where one can complain, as far as it is known. Not everything here was verified."""

    id: str
    channel: str
    operator: str
    jurisdiction: str
    not_for: str
    hand_in: tuple[str, ...]
    limits: str
    what_happens: str
    deadline: str
    law_ids: tuple[ProvisionId, ...]
    verification: str
    note: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RespondentType:
    """A kind of respondent: what binds it and who supervises it."""

    id: str
    label: str
    channels: tuple[str, ...]
    """Packet channels whose addressee is competent for it."""
    binding: tuple[ProvisionId, ...]
    excluded: tuple[str, ...]
    """Prefixes of provisions that do not apply to it."""
    lender_answers: bool
    """Whether it is not the lender: the lender on the contract answers for it."""
    conditions: tuple[tuple[str, str], ...]
    """Pairs of (prefix of provisions, remark under which they apply)."""
    addressee: str
    """The right addressee of a complaint."""
    advice: str
    """What the person should do instead; empty when supervised."""

    @property
    def supervised_by_12378(self) -> bool:
        """Whether 12378 and the NFRA are competent."""
        return HOTLINE in self.channels


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PacketChannel:
    """Where a packet can go: which provisions belong there, and what is not known of it."""

    id: str
    source: str
    """The entry of ``channels.json`` that describes the addressee."""
    included: tuple[str, ...]
    """Prefixes of the only provisions that belong there; empty: all but the excluded ones."""
    excluded: tuple[str, ...]
    """Prefixes of provisions that do not belong there."""
    wording: str
    """What may be said of an act there, whatever the level; empty: as the level says."""
    remark: str
    """What was not verified, and what to mind, in Chinese."""

    def has(self, provision: ProvisionId) -> bool:
        """Tell whether a provision belongs there."""
        within = not self.included or provision.startswith(self.included)
        return within and not provision.startswith(self.excluded)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules data."""

    provisions: Mapping[str, Provision]
    conducts: Mapping[str, Conduct]
    channels: Mapping[str, ComplaintChannel]
    respondent_types: Mapping[str, RespondentType]
    packet_channels: Mapping[str, PacketChannel]
    never_cite: frozenset[str]
    predecessors: Mapping[str, str]
    """Provision → the one that stood in its place before it came into force."""
    predecessors_not_for: Mapping[str, tuple[str, ...]]
    """Provision → conducts that its predecessor did not cover."""
    always: frozenset[str]
    """Cited whenever a conduct lists them."""
    refused_claims: tuple[str, ...]
    """What must never be claimed in a packet."""
    doubtful_claims: tuple[str, ...]
    """What a person should look at again before they claim it."""
    level_order: tuple[str, ...]
    level_wording: Mapping[str, str]
    """Level → what may be said of an act against a rule of that level."""
    article_unverified: str
    article_partly_unverified: str
    in_force_unknown: str
    date_inexact: str

    def wording(self, channel: str, level: str) -> str:
        """Return what may be said of an act against a rule of ``level`` to that addressee."""
        return self.packet_channels[channel].wording or self.level_wording[level]

    def conduct_id(self, text: str) -> str | None:
        """Return the conduct that an id or a Chinese label names."""
        if text in self.conducts:
            return text
        return next((c.id for c in self.conducts.values() if text == c.label), None)


T = TypeVar("T", Provision, Conduct, ComplaintChannel, RespondentType, PacketChannel)


def parse_rules(
    *,
    provisions: str,
    conduct: str,
    channels: str,
    respondent_types: str,
    packet_channels: str,
    remarks: str,
    claims: str,
) -> Rules:
    """Return the rules from the seven JSON texts.

    Raises:
        ValueError: if the data are not what the rules above ask for.
    """
    extra, said = table(remarks), table(claims)
    words = _Words(extra)
    known = _by_id("provision", (_provision(row, words) for row in rows(provisions)))
    rules = Rules(
        provisions=known,
        conducts=_by_id("conduct", (_conduct(row) for row in rows(conduct))),
        channels=_by_id("channel", (_channel(row) for row in rows(channels))),
        respondent_types=_by_id("type", (_type(row) for row in rows(respondent_types))),
        packet_channels=_by_id("channel", (_packet_channel(row) for row in rows(packet_channels))),
        never_cite=frozenset(extra.texts("never_cite")),
        predecessors=extra.text_map("predecessors"),
        predecessors_not_for=extra.text_lists("predecessors_not_for"),
        always=frozenset(extra.texts("always")),
        refused_claims=said.texts("refused"),
        doubtful_claims=said.texts("doubtful"),
        level_order=extra.texts("level_order"),
        level_wording=extra.text_map("level_wording"),
        article_unverified=words.article_unverified,
        article_partly_unverified=extra.text("article_partly_unverified"),
        in_force_unknown=words.in_force_unknown,
        date_inexact=extra.text("date_inexact"),
    )
    extra.finish()
    said.finish()
    _check_references(rules, words)
    _check_provisions(rules)
    return rules


class _Words:
    """The Chinese remarks, before they are joined to their provisions."""

    def __init__(self, extra: Row) -> None:
        self.level_names = extra.text_map("level_names")
        self.states = extra.text_map("states")
        self.by_provision = extra.text_map("by_provision")
        self.by_instrument = extra.text_map("by_instrument")
        self.article_unverified = extra.text("article_unverified")
        self.in_force_unknown = extra.text("in_force_unknown")

    def article(self, raw: str) -> str:
        """Return the number as printed; brackets in the data say that it is not established."""
        return "" if "（" in raw else raw

    def remark(self, identity: str, *, quotable: bool, article: str, dated: bool) -> str:
        parts = [self.by_provision.get(identity, "")]
        if not article:
            parts.append(self.article_unverified)
        if not quotable:
            parts.append(self.by_instrument.get(family(identity), ""))
        if not dated:
            parts.append(self.in_force_unknown)
        return "；".join(part for part in parts if part)


def family(identity: str) -> str:
    """Return the instrument's part of a provision id: ``nifa2018`` of ``nifa2018-10``."""
    return identity.partition("-")[0]


def _provision(row: Row, words: _Words) -> Provision:
    identity, level, raw = row.text("id"), row.text("level"), row.text("article")
    quotable, article = row.flag("quotable"), words.article(raw)
    start, end = row.date("effective_from"), row.date("effective_to")
    wording, verification = row.text("wording"), row.text("verification")
    state = words.states.get(f"{wording}|{verification}")
    if state is None:
        raise ValueError(f"{identity}: no Chinese for {wording!r}, {verification!r}")
    return Provision(
        id=ProvisionId(identity),
        instrument=row.text("instrument"),
        instrument_en=row.text_or_empty("instrument_en"),
        issuer=row.text("issuer"),
        doc_no=row.text_or_empty("doc_no"),
        issued=row.text("issued"),
        effective_from=start,
        effective_to=end,
        level=words.level_names.get(level, level),
        article=article,
        article_raw=raw,
        text=row.text_or_empty("text"),
        quotable=quotable,
        wording=wording,
        verification=verification,
        note=row.text_or_empty("note"),
        state=state,
        remark=words.remark(identity, quotable=quotable, article=article, dated=start is not None),
    )


def _conduct(row: Row) -> Conduct:
    return Conduct(
        id=ConductId(row.text("id")),
        label=row.text("label"),
        cite=tuple(ProvisionId(i) for i in row.texts("cite")),
        name_only=tuple(ProvisionId(i) for i in row.texts("name_only")),
    )


def _channel(row: Row) -> ComplaintChannel:
    return ComplaintChannel(
        id=row.text("id"),
        channel=row.text("channel"),
        operator=row.text("operator"),
        jurisdiction=row.text_or_empty("jurisdiction"),
        not_for=row.text_or_empty("not_for"),
        hand_in=row.texts("hand_in"),
        limits=row.text_or_empty("limits"),
        what_happens=row.text_or_empty("what_happens"),
        deadline=row.text_or_empty("deadline"),
        law_ids=tuple(ProvisionId(i) for i in row.texts("law_ids")),
        verification=row.text_or_empty("verification"),
        note=row.text_or_empty("note"),
    )


def _type(row: Row) -> RespondentType:
    return RespondentType(
        id=row.text("id"),
        label=row.text("label"),
        channels=row.texts("channels"),
        binding=tuple(ProvisionId(i) for i in row.texts("binding")),
        excluded=row.texts("excluded"),
        lender_answers=row.flag("lender_answers"),
        conditions=row.pairs("conditions"),
        addressee=row.text("addressee"),
        advice=row.text_or_empty("advice"),
    )


def _packet_channel(row: Row) -> PacketChannel:
    return PacketChannel(
        id=row.text("id"),
        source=row.text("source"),
        included=row.texts("included"),
        excluded=row.texts("excluded"),
        wording=row.text_or_empty("wording"),
        remark=row.text("remark"),
    )


def _by_id(what: str, items: Iterable[T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for item in items:
        if item.id in found:
            raise ValueError(f"{what} {item.id} twice")
        found[item.id] = item
    return found


def _check_references(rules: Rules, words: _Words) -> None:
    """Refuse ids and prefixes that lead nowhere."""
    used: list[tuple[str, Iterable[str]]] = [
        ("never_cite", rules.never_cite),
        ("always", rules.always),
        ("by_provision", words.by_provision),
        ("predecessors", (*rules.predecessors, *rules.predecessors.values())),
        ("predecessors_not_for", rules.predecessors_not_for),
    ]
    used += [(f"conduct {c.id}", (*c.cite, *c.name_only)) for c in rules.conducts.values()]
    used += [(f"channel {c.id}", c.law_ids) for c in rules.channels.values()]
    used += [(f"type {t.id}", t.binding) for t in rules.respondent_types.values()]
    for where, ids in used:
        unknown = sorted(set(ids) - rules.provisions.keys())
        if unknown:
            raise ValueError(f"{where} refers to unknown {unknown}")
    _check_channels(rules)
    prefixes = [p for c in rules.packet_channels.values() for p in (*c.included, *c.excluded)]
    for kind in rules.respondent_types.values():
        prefixes += [*kind.excluded, *(prefix for prefix, _ in kind.conditions)]
    prefixes += [f"{name}-" for name in words.by_instrument]
    for prefix in prefixes:
        if not any(identity.startswith(prefix) for identity in rules.provisions):
            raise ValueError(f"no provision begins with {prefix!r}")


def _check_channels(rules: Rules) -> None:
    """Refuse channels, and conducts without a predecessor, that nothing else knows."""
    named = {i for kind in rules.respondent_types.values() for i in kind.channels}
    sources = {c.source for c in rules.packet_channels.values()}
    conducts = {c for group in rules.predecessors_not_for.values() for c in group}
    for what, ids, known in (
        ("type", named, rules.packet_channels.keys()),
        ("packet channel", sources, rules.channels.keys()),
        ("predecessors_not_for", conducts, rules.conducts.keys()),
    ):
        if unknown := sorted(ids - known):
            raise ValueError(f"{what} refers to unknown {unknown}")


def _check_provisions(rules: Rules) -> None:
    """Refuse a level without wording, empty law, and what may be cited without its remark."""
    citable = {i for c in rules.conducts.values() for i in (*c.cite, *c.name_only)}
    for provision in rules.provisions.values():
        if provision.level not in rules.level_wording or provision.level not in rules.level_order:
            raise ValueError(f"{provision.id}: level {provision.level}")
        if provision.quotable and not (provision.text and provision.wording == "verbatim"):
            raise ValueError(f"{provision.id}: quotable, but not verbatim")
        silent = not provision.quotable and not provision.remark
        if silent and provision.id in citable - rules.never_cite:
            raise ValueError(f"{provision.id}: may be named, but has no remark")

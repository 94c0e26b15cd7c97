"""The law as data: provisions, conducts, channels, kinds of respondent.

Rules (from the project's rules on citing):

1. The data files are the only source of legal text; no code holds an article number.
2. Everything is checked when it is read: a reference to an unknown provision, a missing remark or
   state is a defect of the data and raises.
3. Only text marked quotable is ever quoted, byte for byte; everything else is named.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, NewType

ProvisionId = NewType("ProvisionId", str)
ConductId = NewType("ConductId", str)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One article, with how well it is established."""

    id: ProvisionId
    instrument: str
    issuer: str
    doc_no: str
    issued: str
    effective_from: dt.date | None
    effective_to: dt.date | None
    level: str
    """As printed: 法律, 部门规章, 推荐性国家标准 …"""
    article: str
    """As printed; empty when the number is not established."""
    article_raw: str
    text: str
    quotable: bool
    wording: str
    verification: str
    note: str
    state: str
    """How well it is established, in Chinese."""
    remark: str
    """What must be printed beside it; may be empty."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """One kind of conduct that a person can mark."""

    id: ConductId
    label: str
    cite: tuple[ProvisionId, ...]
    """What may be cited, strongest first after the lender's binding rule."""
    name_only: tuple[ProvisionId, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RespondentType:
    """A kind of lender: what binds it and who supervises it."""

    id: str
    label: str
    supervised: bool
    """Whether 12378 and the NFRA are competent."""
    binding: tuple[ProvisionId, ...]
    excluded: tuple[str, ...]
    """Prefixes of provisions that do not apply to it."""
    addressee: str
    advice: str
    """What the person should do instead; empty when supervised."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules data."""

    provisions: Mapping[str, Provision]
    conducts: Mapping[str, Conduct]
    channels: Mapping[str, Mapping[str, Any]]
    respondent_types: Mapping[str, RespondentType]
    never_cite: frozenset[str]
    police_only: tuple[str, ...]
    always: frozenset[str]
    level_order: tuple[str, ...]
    level_wording: Mapping[str, str]
    in_force_unknown: str

    def conduct_id(self, text: str) -> str | None:
        """Return the conduct that an id or a Chinese label names."""
        if text in self.conducts:
            return text
        return next((c.id for c in self.conducts.values() if text == c.label), None)


def parse_rules(
    *, provisions: str, conduct: str, channels: str, respondent_types: str, remarks: str
) -> Rules:
    """Return the rules from the five JSON texts.

    Raises:
        ValueError, KeyError: if the data refer to what they do not hold.
    """
    extra = json.loads(remarks)
    known = {row["id"]: _provision(row, extra) for row in json.loads(provisions)}
    rules = Rules(
        provisions=known,
        conducts={row["id"]: _conduct(row, known) for row in json.loads(conduct)},
        channels={row["id"]: row for row in json.loads(channels)},
        respondent_types={
            row["id"]: _respondent_type(row, known) for row in json.loads(respondent_types)
        },
        never_cite=frozenset(extra["never_cite"]),
        police_only=tuple(extra["police_only"]),
        always=frozenset(extra["always"]),
        level_order=tuple(extra["level_order"]),
        level_wording=dict(extra["level_wording"]),
        in_force_unknown=extra["in_force_unknown"],
    )
    _check(rules, extra)
    return rules


def _provision(row: Mapping[str, Any], extra: Mapping[str, Any]) -> Provision:
    level = extra["level_names"].get(row["level"], row["level"])
    unverified = extra["unverified_article"] in row["article"]
    family = row["id"].rsplit("-", 1)[0] if row["id"].count("-") == 1 else row["id"].split("-")[0]
    remarks = (
        extra["by_provision"].get(row["id"], ""),
        "" if row["quotable"] else extra["by_instrument"].get(family, ""),
    )
    return Provision(
        id=ProvisionId(row["id"]),
        instrument=row["instrument"],
        issuer=row["issuer"],
        doc_no=row["doc_no"] or "",
        issued=row["issued"],
        effective_from=_date(row["effective_from"]),
        effective_to=_date(row["effective_to"]),
        level=level,
        article="" if unverified or "（" in row["article"] else row["article"],
        article_raw=row["article"],
        text=row["text"] or "",
        quotable=row["quotable"],
        wording=row["wording"],
        verification=row["verification"],
        note=row["note"] or "",
        state=extra["states"][f"{row['wording']}|{row['verification']}"],
        remark="；".join(r for r in remarks if r),
    )


def _conduct(row: Mapping[str, Any], known: Mapping[str, Provision]) -> Conduct:
    for identity in (*row["cite"], *row["name_only"]):
        if identity not in known:
            raise ValueError(f"conduct {row['id']} refers to {identity}")
    return Conduct(
        id=ConductId(row["id"]),
        label=row["label"],
        cite=tuple(row["cite"]),
        name_only=tuple(row["name_only"]),
    )


def _respondent_type(row: Mapping[str, Any], known: Mapping[str, Provision]) -> RespondentType:
    for identity in row["binding"]:
        if identity not in known:
            raise ValueError(f"respondent type {row['id']} refers to {identity}")
    return RespondentType(
        id=row["id"],
        label=row["label"],
        supervised=row["supervised"],
        binding=tuple(row["binding"]),
        excluded=tuple(row["excluded"]),
        addressee=row["addressee"],
        advice=row["advice"],
    )


def _check(rules: Rules, extra: Mapping[str, Any]) -> None:
    unknown = rules.never_cite - rules.provisions.keys()
    unknown |= extra["by_provision"].keys() - rules.provisions.keys()
    if unknown:
        raise ValueError(f"remarks refer to {sorted(unknown)}")
    for provision in rules.provisions.values():
        if provision.level not in rules.level_wording:
            raise ValueError(f"{provision.id}: level {provision.level}")
        if provision.quotable and not provision.text:
            raise ValueError(f"{provision.id}: quotable without text")


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)

"""第三人: who besides the complainant was contacted or told, listed for each person.

Rules:

1. A person is known by the number whose role the complainant stated (family, colleague, friend):
   the one that a tag names as contacted, else the other side of the exhibit. It is masked and
   never named.
2. Where neither is known, findings about third persons are listed under nobody's name: whose
   telephone rang is not guessed.
3. An exhibit of such a person that carries no such finding is listed by itself.
"""

from collections.abc import Mapping

from evidence.core import moment_text, phone
from evidence.core.case_view import Recorded
from evidence.core.records import Exhibit, Tag
from reports import texts
from reports.decide import masking
from reports.decide.context import Context
from reports.packet import Finding, PacketExhibit, ThirdPerson


def third_persons(
    context: Context, found: tuple[Finding, ...], shown: tuple[PacketExhibit, ...]
) -> tuple[ThirdPerson, ...]:
    """Return the third persons in the order in which they first appear, the unnamed one last."""
    words = texts.load("third_parties")
    forms = {e.label: e.form for e in shown}
    parties = {
        context.label(e.seq): (e.record.party.number, e)
        for e in context.selected.exhibits
        if masking.is_third_party(context.view, e.record)
    }
    named = {t.seq: _contacted(context, t.record) for t in context.selected.tags}
    known: dict[str, list[str]] = {}
    for finding in found:
        contacted = named[finding.tag_seq]
        number = contacted or parties.get(finding.exhibit_label, ("",))[0]
        if finding.conduct_id in words["conducts"] or contacted:
            known.setdefault(number, []).append(_finding(finding, words["contact"]))
    said = {f.exhibit_label for f in found if f.conduct_id in words["conducts"]}
    for label, (number, entry) in parties.items():
        if label not in said:
            line = _exhibit(entry, label, forms[label], words["contact"])
            known.setdefault(number, []).append(line)
    unnamed = known.pop("", [])
    people = [(person(context, number, words["person"]), who) for number, who in known.items()]
    people += [(words["person"]["unnamed"], unnamed)] if unnamed else []
    return tuple(ThirdPerson(person=name, contacts=tuple(lines)) for name, lines in people)


def _contacted(context: Context, tag: Tag) -> str:
    """Return the number of the person whom a tag names; empty if it names none."""
    known = context.view.stated_numbers
    return known.get(tag.contacted, "") if tag.contacted is not None else ""


def person(context: Context, number: str, words: Mapping[str, str]) -> str:
    """Return who somebody is by role and number; ``words`` are the part ``person``."""
    known = context.view.numbers.get(number)
    role = known.record.role.value if known is not None else "unknown"
    shown = number if context.disclosure.show_third_parties else phone.mask(number)
    return words.get(role, words["unknown"]).format(number=shown)


def _finding(finding: Finding, words: Mapping[str, str]) -> str:
    return words["finding"].format(
        time=finding.occurred_text,
        conduct=finding.conduct_label,
        number=finding.number,
        where=finding.exhibit_label or words["note"],
    )


def _exhibit(entry: Recorded[Exhibit], label: str, form: str, words: Mapping[str, str]) -> str:
    time, _ = moment_text.describe(entry.record.occurred)
    return words["exhibit"].format(time=time, form=form, where=label)

"""What the person should look at before the packet leaves their hands. It warns; they decide."""

from collections.abc import Callable, Iterable, Mapping

from evidence.core.case_view import Recorded
from evidence.core.moment import Precision
from evidence.core.records import Direction, Exhibit
from reports import texts
from reports.decide import masking
from reports.decide.context import Context
from reports.decide.places import places
from reports.packet import Finding


def cautions(context: Context, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the warnings, gravest first."""
    words = texts.load("warnings")
    return (
        *_competence(context, words),
        *_missing_data(context, words),
        *_findings(found, words),
        *_exhibits(context, found, words),
        *_left_out(context, words),
        *_rows(context, words),
    )


def _competence(context: Context, words: Mapping[str, str]) -> list[str]:
    kind = context.respondent_type
    if kind.supervised_by_12378:
        return []
    return [
        words["not_supervised"].format(
            institution=context.institution,
            label=kind.label,
            advice=kind.advice,
            addressee=kind.addressee,
        )
    ]


def _missing_data(context: Context, words: Mapping[str, str]) -> list[str]:
    labels = texts.load("letter")["labels"]
    complainant, respondent = context.complainant.record, context.respondent.record
    values = {
        "id_number": complainant.id_number,
        "phone": complainant.phone,
        "product": respondent.product,
        "contract_no": respondent.contract_no,
    }
    missing = "、".join(labels[key] for key, value in values.items() if not value)
    return [words["missing_data"].format(fields=missing)] if missing else []


def _findings(found: tuple[Finding, ...], words: Mapping[str, str]) -> list[str]:
    groups = {
        "without_quote": [f.number for f in found if not f.quote and not f.region],
        "without_citation": [f.number for f in found if not f.citations],
        "date_inexact": [f.number for f in found if f.date_remark],
    }
    return [
        words[key].format(numbers="、".join(map(str, numbers)))
        for key, numbers in groups.items()
        if numbers
    ]


def _exhibits(context: Context, found: tuple[Finding, ...], words: Mapping[str, str]) -> list[str]:
    marked = {f.exhibit_label for f in found}
    labels = context.selected.labels
    tests: dict[str, Callable[[Recorded[Exhibit]], bool]] = {
        "conflict": lambda e: bool(e.record.conflicts),
        "time_unknown": lambda e: (
            e.record.occurred.precision is Precision.UNKNOWN
            and not e.record.conflicts
            and not context.withheld(e.seq)
        ),
        "unreadable": lambda e: bool(e.record.unreadable),
        "third_party": lambda e: masking.is_third_party(context.view, e.record),
        "no_purpose": lambda e: labels[e.seq] not in marked and not context.withheld(e.seq),
    }
    said = {
        key: "、".join(labels[e.seq] for e in context.selected.exhibits if test(e))
        for key, test in tests.items()
    }
    return [words[key].format(labels=listed) for key, listed in said.items() if listed]


def _left_out(context: Context, words: Mapping[str, str]) -> list[str]:
    selected = context.selected
    warnings: list[str] = []
    if selected.left_out:
        names = "、".join(e.record.name for e in selected.left_out)
        warnings.append(words["left_out"].format(names=names))
    if selected.tags_left_out:
        seqs = _seqs(t.seq for t in selected.tags_left_out)
        warnings.append(words["tags_left_out"].format(seqs=seqs))
    if selected.notes_left_out:
        count, seqs = len(selected.notes_left_out), _seqs(n.seq for n in selected.notes_left_out)
        warnings.append(words["general_notes"].format(count=count, seqs=seqs))
    return warnings


def _rows(context: Context, words: Mapping[str, str]) -> list[str]:
    """Return what the person should know of exports: what is shown of them, and their own words."""
    selected = context.selected
    exports = [e.seq for e in selected.exhibits if context.withheld(e.seq)]
    own = [r for r in selected.rows if r.record.text and r.record.direction is Direction.OUT]
    warnings: list[str] = []
    if exports:
        listed = "、".join(selected.labels[seq] for seq in exports)
        warnings.append(words["exports"].format(labels=listed, count=len(selected.rows)))
    if own:
        listed = places(context, (r.seq for r in own))
        warnings.append(words["own_messages"].format(places=listed))
    if selected.rows_left_out:
        warnings.append(words["rows_left_out"].format(count=selected.rows_left_out))
    return warnings


def _seqs(seqs: Iterable[int]) -> str:
    return "、".join(map(str, seqs))

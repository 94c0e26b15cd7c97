"""Texts to paste into a web form, each within a length that can be configured.

Rules:

1. The lengths are not official figures (``reports/texts/paste.toml``, or the person's own) and
   say so.
2. A text that is too long ends at the end of a sentence, names the attachment that has the rest,
   and ``PasteText.moved`` says from where on.
3. What is pasted never holds an identity number.
4. A form takes no control characters: each is written as it is printed in the PDF, ``[U+001B]``.
"""

import dataclasses
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports import texts
from reports.complaint import Letter, PartKind, PasteText, PdfPart
from reports.decide import addressees
from reports.decide.context import Context
from reports.packet import PacketExhibit

_ENDS, _OPEN, _CLOSE = "。；！？", "“‘（《", "”’）》"
_ANNOUNCES = "："
_FACTS = (
    PartKind.SUPPLEMENT,
    PartKind.FACTS,
    PartKind.TIMELINE,
    PartKind.OWN_WORDS,
    PartKind.BASIS,
)
"""Parts of the letter that are pasted as facts."""

_TYPED = "\n\u200c\u200d"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_STARTS_WITH = 15
"""Characters by which ``moved`` shows where the rest begins."""


def paste_texts(
    context: Context, letter: Letter, shown: tuple[PacketExhibit, ...]
) -> tuple[PasteText, ...]:
    """Return title, facts, requests and the list of attachments."""
    words = texts.load("paste")
    says = words["texts"]
    asked = letter.lines(PartKind.REQUESTS)
    requests = (says["request"].format(number=n, text=r) for n, r in enumerate(asked, start=1))
    facts = (line for kind in _FACTS for line in letter.lines(kind))
    return (
        _title(context, words),
        _part(context, "facts", "\n".join(facts), words),
        _part(context, "requests", "\n".join(requests), words),
        _part(context, "attachments", _attachments(shown, says), words),
    )


def with_sizes(
    pieces: Sequence[PasteText], packet_size: int, parts: Sequence[PdfPart]
) -> tuple[PasteText, ...]:
    """Return the pieces with the size of the PDF and its parts, known once it is drawn."""
    says = texts.load("paste")["texts"]
    lines = [says["packet_line_sized"].format(size=_size(packet_size))]
    lines += [
        says["part_line"].format(number=p.number, first=p.first, last=p.last, size=_size(p.size))
        for p in parts
    ]
    sized = "\n".join(lines)
    return tuple(
        dataclasses.replace(p, text=p.text.replace(says["packet_line"], sized, 1))
        if p.name == "attachments"
        else p
        for p in pieces
    )


def cut(text: str, limit: int, tail: str) -> tuple[str, str]:
    """Return the part of ``text`` that fits into ``limit`` characters with ``tail``, and the rest.

    Whole sentences as far as they go; if not even the first one fits, it is cut within. Line ends
    at the end say nothing and are left out.
    """
    text = text.rstrip("\n")
    if len(text) <= limit:
        return text, ""
    room = max(0, limit - len(tail))
    kept = ""
    for sentence in _sentences(text):
        if len(kept) + len(sentence.rstrip("\n")) > room:
            break
        kept += sentence
    # What only announces a list that did not fit announces nothing.
    kept = _without_announcement(kept) or text[:room]
    return (kept.rstrip("\n") + tail)[:limit], text[len(kept) :]


def _without_announcement(text: str) -> str:
    """Return ``text`` without a last line that ends with a colon."""
    lines = text.rstrip("\n")
    return lines[: lines.rfind("\n") + 1] if lines.endswith(_ANNOUNCES) else text


def _sentences(text: str) -> Iterator[str]:
    """Give the sentences; one does not end within quotation marks or brackets."""
    start, open_ = 0, 0
    for place, character in enumerate(text):
        if character in _OPEN:
            open_ += 1
        elif character in _CLOSE:
            open_ = max(0, open_ - 1)
        elif character == "\n":
            open_ = 0
        if character == "\n" or (character in _ENDS and not open_):
            yield text[start : place + 1]
            start = place + 1
    if start < len(text):
        yield text[start:]


def _part(context: Context, name: str, text: str, words: Mapping[str, Any]) -> PasteText:
    limit, says = _limit(context, name, words), words["texts"]
    kept, rest = cut(_typed(text), limit, says["moved"]) if limit else (text, "")
    start = rest.strip()[:_STARTS_WITH].split("\n")[0]
    return PasteText(
        name=name,
        title=words["labels"][name],
        text=kept,
        limit=limit,
        moved=says["moved_note"].format(limit=limit, start=start, count=len(rest)) if rest else "",
    )


def _typed(text: str) -> str:
    """Return ``text`` as somebody could type it (rule 4); emoji keep what joins them."""
    return "".join(map(_shown, text.replace("\r\n", "\n").replace("\t", "    ")))


def _shown(character: str) -> str:
    if character in _TYPED or unicodedata.category(character) not in _INVISIBLE:
        return character
    return f"[U+{ord(character):04X}]"


def _limit(context: Context, name: str, words: Mapping[str, Any]) -> int:
    return int(dict(context.wishes.limits).get(name, words["limits"][name]))


def _title(context: Context, words: Mapping[str, Any]) -> PasteText:
    """Return the title; one that is too long leaves the institution to its own field."""
    limit, says = _limit(context, "title", words), words["texts"]
    institution = context.institution
    document = addressees.document(context)
    text = _typed(document["form_title"].format(institution=institution))
    fits = not limit or len(text) <= limit
    return PasteText(
        name="title",
        title=words["labels"]["title"],
        text=text if fits else document["form_title_short"],
        limit=limit,
        moved="" if fits else says["title_note"].format(limit=limit, institution=institution),
    )


def _attachments(shown: tuple[PacketExhibit, ...], says: Mapping[str, str]) -> str:
    lines = [says["packet_line"]]
    lines += [
        says["exhibit_line"].format(
            path=e.attached[0].removeprefix("data/"),
            form=_attached_form(e, says),
            size=_size(e.attached[1]),
            time=e.occurred_text,
        )
        for e in shown
    ]
    return "\n".join((*lines, says["attachments_closing"]))


def _attached_form(exhibit: PacketExhibit, says: Mapping[str, str]) -> str:
    if exhibit.extract is not None:
        return says["extract_form"].format(form=exhibit.form)
    if exhibit.masked is not None:
        return says["masked_form"].format(form=exhibit.form)
    return exhibit.form


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"

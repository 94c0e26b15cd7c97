"""Texts to paste into a web form, each within a length that can be configured.

The lengths are not official figures (``reports/texts/paste.toml``); text is cut at the end of a
sentence and says where the rest is.
"""

import re

from reports import texts
from reports.decide.context import Context
from reports.packet import Letter, PacketExhibit, PasteText

_SENTENCE_END = re.compile(r"(?<=[。；！？])")


def paste_texts(
    context: Context, letter: Letter, shown: tuple[PacketExhibit, ...]
) -> tuple[PasteText, ...]:
    """Return title, facts, requests and the list of attachments."""
    words = texts.load("paste")
    title = words["texts"]["title"].format(institution=context.institution)
    bodies = {
        "title": title,
        "facts": "\n".join((*letter.facts, *letter.basis)),
        "requests": "\n".join(f"{n}. {r}" for n, r in enumerate(letter.requests, start=1)),
        "attachments": _attachments(shown),
    }
    made: list[PasteText] = []
    for name, body in bodies.items():
        limit = words["limits"].get(name, 0)
        text, moved = cut(body, limit, words["texts"]["moved"]) if limit else (body, False)
        made.append(
            PasteText(
                name=name,
                title=words["labels"][name],
                text=text,
                limit=limit,
                moved=words["texts"]["moved_note"].format(limit=limit) if moved else "",
            )
        )
    return tuple(made)


def cut(text: str, limit: int, tail: str) -> tuple[str, bool]:
    """Return ``text``, or its whole sentences that fit into ``limit`` characters with ``tail``."""
    if len(text) <= limit:
        return text, False
    if limit <= len(tail):
        return text[:limit], True
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        if len(kept) + len(sentence) + len(tail) > limit:
            break
        kept += sentence
    return kept.rstrip() + tail, True


def _attachments(shown: tuple[PacketExhibit, ...]) -> str:
    lines = ["packet.pdf  投诉材料（投诉书、疑似违规点一览表、证据清单、证据页、条款、完整性说明）"]
    lines += [
        f"{e.bundle_path.removeprefix('data/')}  {e.form}  {_size(e.size)}  {e.occurred_text}"
        for e in shown
    ]
    lines.append("附件的格式、大小和数量限制以官方公布为准。")
    return "\n".join(lines)


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"

"""Text exhibits in which third parties stand: what the reader gets instead of the original.

Rules:

1. The copy is hidden by the same words as the print, and by nothing else: what is printed of a
   text is what its copy says.
2. The complainant's own identity number is no reason to withhold an original: the letter has it.
3. A text that is too long to be printed is read for this all the same.
"""

import dataclasses
from collections.abc import Iterator, Mapping

from evidence.core.case_view import CaseView
from reports.decide.context import Context
from reports.decide.third_party_words import Hider, hider, of_others, persons
from reports.disclosure import TextCopy


def with_texts(context: Context, texts: Mapping[int, str], *, longest: int) -> Context:
    """Return the context with the texts of exhibits, and a copy of each that needs one.

    Texts of more than ``longest`` bytes in their original are not kept to be printed.
    """
    sizes = {e.seq: e.record.size for e in context.selected.exhibits}
    printed = {seq: text for seq, text in texts.items() if sizes.get(seq, 0) <= longest}
    return dataclasses.replace(context, texts=printed, text_copies=dict(_copies(context, texts)))


def _copies(context: Context, texts: Mapping[int, str]) -> Iterator[tuple[int, TextCopy]]:
    if context.disclosure.show_third_parties:
        return
    hide = hider(context.view, third_parties=True)
    known = persons(context.view)
    for seq, text in texts.items():
        copy = _copy(context.view, text, hide, known)
        if copy is not None:
            yield seq, copy


def _copy(view: CaseView, text: str, hide: Hider, known: Mapping[str, Hider]) -> TextCopy | None:
    if not hide.finds(text):
        return None
    whose = tuple(number for number, words in known.items() if words.finds(text))
    identity = of_others(view, text)
    if not whose and not identity:
        return None
    hidden, count = hide.hide(text)
    return TextCopy(text=hidden, count=count, whose=whose, identity=identity)

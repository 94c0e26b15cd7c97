"""Where a Chinese line may end (GB/T 15834 and W3C clreq section 3.1).

Rules:

1. Closing punctuation does not start a line, opening punctuation does not end one.
2. Latin words, numbers and codes stay in one piece if they fit into a line at all.
3. A forced break is made only where a piece is wider than the line.
"""

from collections.abc import Sequence

NO_START = frozenset("，。、；：？！）》」』】〕〉”’…—～·,.;:?!)]}%‰℃°¢")
NO_END = frozenset("（《「『【〔〈“‘([{$￥¥#№")
_JOINERS = frozenset("._-/:@%+#&=?~,'’\u2013")


def break_lines(
    text: str, widths: Sequence[float], limits: Sequence[float]
) -> list[tuple[int, int]]:
    """Return the lines of ``text`` as (start, end).

    ``widths`` has one width for each character; ``limits`` the width of each line, the last one
    for all that follow. A newline ends a line and belongs to it.
    """
    lines: list[tuple[int, int]] = []
    start = place = 0
    used = 0.0
    last_break = -1
    while place < len(text):
        limit = limits[min(len(lines), len(limits) - 1)] + 1e-4
        if text[place] == "\n":
            lines.append((start, place + 1))
            start = place = place + 1
            used, last_break = 0.0, -1
            continue
        if used + widths[place] > limit and place > start and text[place] != " ":
            end = last_break if last_break > start else place
            lines.append((start, end))
            start = place = end
            used, last_break = 0.0, -1
            continue
        used += widths[place]
        place += 1
        if place < len(text) and may_break(text[place - 1], text[place]):
            last_break = place
    if start < len(text):
        lines.append((start, len(text)))
    return lines


def may_break(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters."""
    if after in NO_START or before in NO_END or after == " ":
        return False
    if before == " ":
        return True
    return not (_in_run(before) and _in_run(after))


def _in_run(character: str) -> bool:
    return (character.isascii() and character.isalnum()) or character in _JOINERS

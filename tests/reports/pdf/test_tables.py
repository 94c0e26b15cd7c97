"""A table of many rows keeps every row, in order, with its head on every page."""

from collections.abc import Sequence

import hypothesis
from hypothesis import strategies as st
from reportlab.platypus import Flowable, Table

from reports.pdf import styles as look
from reports.pdf.fonts import Glyphs
from reports.pdf.kit import Kit, Pages
from reports.pdf.tables import grid, head
from reports.pdf.text import Typesetter


def kit_of(typesetter: Typesetter) -> Kit:
    return Kit(text=typesetter, styles=look.styles(), media={}, pages=Pages())


def many(kit: Kit, lengths: Sequence[int], joined: frozenset[int]) -> Flowable:
    """Return a table whose rows are numbered and have texts of these lengths."""
    cell = kit.styles.cell
    rows: list[list[Flowable | list[Flowable]]] = []
    for number, length in enumerate(lengths):
        said = kit.text.paragraph("话" * length, cell)
        rows.append([kit.text.paragraph(str(number), cell), said])
    spans = [(row, 1, 1) for row in sorted(joined)]
    return grid(head(kit, "序号", "原话"), rows, (20, 40), spans=spans)


def pages(table: Flowable, rooms: Sequence[float]) -> list[list[str]]:
    """Return the first column of each page; the room repeats its last value."""
    shown: list[list[str]] = []
    left: list[Flowable] = [table]
    while left:
        room = rooms[min(len(shown), len(rooms) - 1)]
        pieces = left[0].split(look.BODY_WIDTH, room)
        assert pieces, "a row did not find room"
        first, *left = pieces
        assert isinstance(first, Table)
        assert first.wrap(look.BODY_WIDTH, room)[1] <= room + 1e-6
        shown.append([cell.text for ((cell,), *_) in first._cellvalues])
    return shown


@hypothesis.settings(max_examples=15, deadline=None)
@hypothesis.given(data=st.data())
def test_every_row_is_shown_once_under_a_head(glyphs: Glyphs, data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(0, 60), min_size=61, max_size=130))
    joined = data.draw(st.frozensets(st.integers(1, len(lengths) - 1).filter(lambda n: n % 3 == 1)))
    rooms = data.draw(st.lists(st.floats(300, look.BODY_HEIGHT), min_size=1, max_size=3))
    shown = pages(many(kit_of(Typesetter(glyphs=glyphs)), lengths, joined), rooms)
    assert all(column[0] == "序号" for column in shown)
    assert [n for column in shown for n in column[1:]] == [str(n) for n in range(len(lengths))]
    assert not any(int(column[1]) in joined for column in shown)


def test_cut_is_the_one_that_reportlab_makes(typesetter: Typesetter) -> None:
    kit = kit_of(typesetter)
    lengths = [n * 7 % 50 for n in range(60)]
    joined = frozenset(range(1, 60, 2))
    short = many(kit, lengths, joined)
    long = many(kit, [*lengths, 1], joined)
    assert isinstance(short, Table)
    assert not isinstance(long, Table)
    assert pages(short, [400.0])[:-1] == pages(long, [400.0])[: len(pages(short, [400.0])) - 1]


def test_row_taller_than_a_page_breaks_inside(typesetter: Typesetter) -> None:
    table = many(kit_of(typesetter), [*[5] * 70, 9000], frozenset())
    assert isinstance(table, Table)
    assert table.splitInRow

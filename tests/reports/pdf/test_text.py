"""Text is text: never markup, never dropped, never changed."""

from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from reportlab.platypus import Paragraph

from reports.packet import Channel
from reports.pdf import styles as look
from reports.pdf.cjk_paragraph import CjkParagraph
from reports.pdf.fonts import BOLD, SERIF, Glyphs
from reports.pdf.text import Typesetter
from tests.case_builder import CaseBuilder, by_name
from tests.reports.pdf.conftest import Quoted, draw, packet_of, poppler, squeezed

HOSTILE = [
    '<img src="/etc/hostname"/>',
    "<img src=http://example.invalid/x.png>",
    "now & <b>bold",
    "</para><para>",
    "<br/>&lt;&#65;&nbsp;",
    '<a href="javascript:alert(1)">点</a>',
    "<font name='Nowhere' size=99>大</font>",
    "<![CDATA[ ]]> <?xml ?> <!-- -->",
    "%(name)s {0} {institution} \\n $x",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_message_is_printed_as_it_is(quoted: Quoted, words: str) -> None:
    drawn = draw(quoted(words, channel=Channel.HOTLINE_12378))
    assert drawn.text.count(squeezed(f"“{words}”")) >= 3  # letter, table, exhibit


def test_markup_beside_a_missing_character_is_printed_too(quoted: Quoted) -> None:
    assert "“<b>你&等着</b>[U+1F621]”" in draw(quoted("<b>你&等着</b>😡")).text


def test_markup_loads_nothing(quoted: Quoted, tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "secret.png"
    Image.new("RGB", (9, 9), "red").save(picture)
    drawn = draw(quoted(f'<img src="{picture}" width="90" height="90"/>'))
    assert not [image for page in drawn.reader.pages for image in page.images]


def test_markup_in_every_field_is_printed(tmp_path: Path) -> None:
    case = CaseBuilder()
    case.complainant("<b>林&某", address="<i>路</i>", email="a&b@example.invalid")
    lender = case.respondent("<u>甲&某</u>公司", product="<x>", contract_no="&amp;", agency="<<>>")
    case.number(respondent=lender, name="<img src=1>李")
    call = case.recording(
        by_name("2026-10-14 10:00:00"), party_name="<para>", name="<b>.mp3", respondent=lender
    )
    case.tag(call, "threat", "话", comment="<comment & >")
    case.note("<note & >", on=call)
    case.note("<general & >", respondent=lender)
    text_seq = case.document("<t>.txt", "text/plain", respondent=lender)
    drawn = draw(packet_of(case, lender, texts={text_seq: "<line & 1>\n<line 2>"}))
    for words in (
        "<b>林&某",
        "<i>路</i>",
        "a&b@example.invalid",
        "<u>甲&某</u>公司",
        "&amp;",
        "<<>>",
        "<img src=1>李",
        "<b>.mp3",
        "<comment & >",
        "<note & >",
        "<general & >",
        "<line & 1>",
        "<line 2>",
    ):
        assert squeezed(words) in drawn.text, words


def test_character_that_no_font_has_is_named_and_counted(quoted: Quoted) -> None:
    drawn = draw(quoted("你等着😡😡"))
    assert "“你等着[U+1F621][U+1F621]”" in drawn.text
    last = drawn.text.index("字符显示")
    assert "[U+1F621]" in drawn.text[last:]


def test_all_characters_shown_is_said(quoted: Quoted) -> None:
    assert "本材料中的字符都能显示" in draw(quoted("你等着")).text


@pytest.mark.parametrize(
    "character", ["\u00ad", "\u200b", "\u202e", "\u2066", "\ufeff", "\x07", "\ue000", "\U000e0041"]
)
def test_invisible_and_reordering_characters_are_named(
    typesetter: Typesetter, character: str
) -> None:
    code = f"U+{ord(character):04X}"
    assert typesetter.markup(f"前{character}后", SERIF) == f"前[{code}]后"
    assert typesetter.missing == {code: 1}


def test_line_ends_of_all_kinds_are_line_ends(typesetter: Typesetter) -> None:
    assert typesetter.markup("一\r\n二\r三\n四", SERIF) == "一<br/>二<br/>三<br/>四"


def test_nothing_is_normalised(typesetter: Typesetter) -> None:
    text = "！!ﬁＡ①㎏e\u0301"
    assert typesetter.markup(text, SERIF) == text
    assert typesetter.missing == {}


@pytest.mark.parametrize(
    "words",
    ["今天  不还", "　　你好　　今天还", "a   b", "<b>今天  不还</b>", "今天   😡不还"],
    ids=["spaces", "full-width", "latin", "markup", "missing"],
)
def test_spaces_of_a_message_are_printed_as_they_were_sent(
    typesetter: Typesetter, words: str
) -> None:
    paragraph = typesetter.paragraph(words, look.styles().body)
    shown = "".join(frag.text for frag in paragraph.frags)
    assert shown == words.replace("😡", "[U+1F621]")


@pytest.mark.parametrize("character", ["𠂇", "𡐓", "🄀"])
def test_character_beyond_the_first_plane_copies_out_as_itself(
    quoted: Quoted, tmp_path: Path, character: str
) -> None:
    drawn = draw(quoted(f"前{character}后"))
    assert f"前{character}后" in squeezed(poppler("pdftotext", drawn.data, tmp_path))
    assert f"前{character}后" in drawn.text


def test_every_character_of_a_long_text_copies_out(
    quoted: Quoted, glyphs: Glyphs, tmp_path: Path
) -> None:
    """More characters than one subset of a font has."""
    characters = [chr(c) for c in range(0x4E00, 0x4E00 + 700) if c in glyphs.by_font[SERIF]]
    words = "".join(characters)
    drawn = draw(quoted(words))
    assert words in drawn.body
    assert not set(words) - set(poppler("pdftotext", drawn.data, tmp_path))


def test_character_of_another_embedded_font_is_shown_in_that(quoted: Quoted) -> None:
    only_serif = "\u4db6"
    assert only_serif in draw(quoted("话", product=only_serif)).text


def test_name_with_a_character_that_the_bold_font_lacks_keeps_it(typesetter: Typesetter) -> None:
    markup = typesetter.markup("王\u4db6", BOLD)
    assert markup == f'王<font name="{SERIF}">\u4db6</font>'


def test_link_target_takes_no_line_of_its_own(typesetter: Typesetter) -> None:
    style = look.styles().cell
    plain, marked = typesetter.paragraph("1", style), typesetter.paragraph("1", style, anchor="a")
    assert plain.wrap(100, 100)[1] == marked.wrap(100, 100)[1]


def test_mixed_fonts_and_line_ends_keep_every_line(typesetter: Typesetter) -> None:
    style = look.styles().cell
    paragraph = typesetter.paragraph("一\n\n二😡三", style)
    assert paragraph.wrap(300, 300)[1] == pytest.approx(3 * style.leading)


@hypothesis.given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<>&")))
def test_text_without_markup_is_what_the_parser_makes_of_it(glyphs: Glyphs, text: str) -> None:
    hypothesis.assume(" ".join(text.split()) == text)  # reportlab changes spaces; we do not
    style = look.styles().body
    quick = CjkParagraph(text, style)
    parsed = Paragraph(text, style)
    assert quick.text == parsed.text
    assert [vars(f) for f in quick.frags] == [vars(f) for f in parsed.frags]


@pytest.mark.usefixtures("glyphs")
def test_paragraph_measured_again_has_the_size_of_a_new_one() -> None:
    style = look.styles().body
    one = CjkParagraph("话" * 200, style)
    for width in (300, 300, 90, 300):
        assert one.wrap(width, 700) == CjkParagraph("话" * 200, style).wrap(width, 700)
    assert one.split(300, 40) != []
    assert one.wrap(300, 700) == CjkParagraph("话" * 200, style).wrap(300, 700)

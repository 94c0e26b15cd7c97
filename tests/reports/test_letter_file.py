"""The letter's words as a file: what comes back, and what is refused with the line."""

import re
from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import strategies as st

from evidence.core.letter_text import LetterText
from evidence.errors import LetterTextError
from reports import letter_file, texts
from reports.letter_file import Purpose

PURPOSE = Purpose(channel="12378", respondent="甲某消费金融有限公司")
WORDS = LetterText(opening="我愿意还款。", requests=("停止。", "答复。"), closing="一\n二")
MARK = texts.load("letter_file")["mark"]

line = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(
    lambda s: not s.startswith("#") and s not in MARK.values() and not re.match(r"\d", s)
)
lines = st.lists(line, max_size=4)
words = st.builds(
    lambda opening, requests, closing: LetterText(
        opening="\n".join(opening), requests=tuple(requests), closing="\n".join(closing)
    ),
    lines,
    lines,
    lines,
)


def parse(text: str, purpose: Purpose = PURPOSE) -> LetterText:
    return letter_file.parse(text, purpose, "words.txt")


@hypothesis.given(words)
def test_what_is_rendered_is_read_back(written: LetterText) -> None:
    text = letter_file.render(PURPOSE, written, ["事实\r第二行\u2028第三行", ""])
    assert parse(text) == written
    assert parse(text.replace("\n", "\r\n")) == written
    bare = letter_file.render_bare(PURPOSE, written)
    assert parse(bare) == written
    assert letter_file.decode(b"\xef\xbb\xbf" + text.encode(), "x") == text


def test_numbers_before_requests_are_the_program_s() -> None:
    text = letter_file.render(PURPOSE, WORDS).replace("2. 答复。", "2、答复。\n18. 不是序号。")
    assert parse(text).requests == ("停止。", "答复。", "18. 不是序号。")


@pytest.mark.parametrize(
    ("change", "at_line"),
    [
        (lambda t: t.replace("渠道：12378", "渠道：nfra"), True),
        (lambda t: t.replace("甲某", "乙某"), True),
        (lambda t: t + "我后来想说的话\n", True),
        (lambda t: t.replace("【请求】", "【开头】"), True),
        (lambda t: t.replace("【开头】", "先说一句\n【开头】", 1), True),
        (lambda t: t.replace("【到此为止】", ""), False),
        (lambda t: t.replace("【其他说明】", ""), False),
        (lambda _: "", False),
        (lambda _: "随便写的文件", True),
    ],
)
def test_file_that_is_not_for_this_packet_is_refused_with_its_line(
    change: Callable[[str], str], at_line: bool
) -> None:
    with pytest.raises(LetterTextError) as caught:
        parse(change(letter_file.render(PURPOSE, WORDS)))
    assert ("行：" in caught.value.detail) is at_line


def test_other_encodings_and_large_files_are_refused() -> None:
    for data in ("【开头】".encode("gb18030"), b"#" * (letter_file.MAX_BYTES + 1)):
        with pytest.raises(LetterTextError):
            letter_file.decode(data, "words.txt")


def test_recipient_s_file_has_no_advice_to_the_person() -> None:
    bare = letter_file.render_bare(PURPOSE, WORDS)
    assert "#" not in bare
    assert parse(bare) == WORDS

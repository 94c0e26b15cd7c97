"""The letter's free words as a text file that a person can edit.

Rules:

1. The file says for which addressee and respondent it is; it is never used for another.
2. Only what stands in a block is taken. A line that begins with ``#`` explains; everything behind
   the end mark is generated and only shown, and text of the person's there is an error, never
   dropped.
3. ``parse(render(x)) == x``.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from evidence.core.letter_text import LetterText
from evidence.errors import LetterTextError
from reports import texts
from reports.decide.context import Context

MAX_BYTES = 64 * 1024
_BLOCKS = ("opening", "requests", "closing")

_NUMBERED = re.compile(r"(\d{1,2})\s*[.、．]\s*")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a file is for."""

    channel: str
    respondent: str


def purpose(context: Context) -> Purpose:
    """Return what a packet's file is for."""
    # One line, whatever the name is made of.
    name = " ".join(context.institution.split())
    return Purpose(channel=context.channel.value, respondent=name)


def render(purpose: Purpose, words: LetterText, generated: Iterable[str] = ()) -> str:
    """Return the file; ``generated`` are the lines that cannot be changed, shown for comparison."""
    return "\n".join(_rendered(purpose, words, generated)) + "\n"


def render_bare(purpose: Purpose, words: LetterText) -> str:
    """Return the file without any explanation, for whoever gets the bundle."""
    lines = [line for line in _rendered(purpose, words, ()) if not line.startswith("#")]
    return "\n".join(lines) + "\n"


def _rendered(purpose: Purpose, words: LetterText, generated: Iterable[str]) -> list[str]:
    says = texts.load("letter_file")
    mark = says["mark"]
    requests = "\n".join(f"{n}. {line}" for n, line in enumerate(words.requests, start=1))
    return [
        *_comments(says["head"]),
        *_header(mark, purpose),
        *_block(says, "opening", words.opening),
        *_block(says, "requests", requests),
        *_block(says, "closing", words.closing),
        "",
        mark["end"],
        *_comments(says["generated"]),
        *_comments("\n".join(generated)),
    ]


def parse(text: str, purpose: Purpose, path: str) -> LetterText:
    """Return the words.

    Raises:
        LetterTextError: if the file is not one of these, or not for ``purpose``.
    """
    says = texts.load("letter_file")
    mark, problem = says["mark"], says["problem"]
    lines = list(_lines(text))
    for place, wanted in enumerate(_header(mark, purpose)):
        number, line = lines[place] if place < len(lines) else (0, "")
        if line != wanted:
            raise _error(path, number, problem["purpose"].format(line=wanted))
    blocks = _read_blocks(lines[len(_header(mark, purpose)) :], mark, problem, path)
    return LetterText(
        opening="\n".join(_paragraphs(blocks["opening"])),
        requests=tuple(_requests(blocks["requests"])),
        closing="\n".join(_paragraphs(blocks["closing"])),
    )


def _header(mark: Mapping[str, str], purpose: Purpose) -> tuple[str, ...]:
    return (
        mark["version"],
        mark["channel"].format(channel=purpose.channel),
        mark["respondent"].format(respondent=purpose.respondent),
    )


def _read_blocks(
    lines: list[tuple[int, str]], mark: Mapping[str, str], problem: Mapping[str, str], path: str
) -> dict[str, list[str]]:
    """Return the lines of each block."""
    names = {mark[name]: name for name in _BLOCKS}
    blocks: dict[str, list[str]] = {}
    current, ended = "", False
    for number, line in lines:
        if ended and line:
            raise _error(path, number, problem["behind"])
        if line == mark["end"]:
            ended = True
        elif line in names:
            current = names[line]
            if current in blocks:
                raise _error(path, number, problem["twice"].format(line=line))
            blocks[current] = []
        elif current:
            blocks[current].append(line)
        elif line:
            raise _error(path, number, problem["outside"])
    if not ended or len(blocks) != len(names):
        raise _error(path, 0, problem["incomplete"].format(marks="".join((*names, mark["end"]))))
    return blocks


def decode(data: bytes, path: str) -> str:
    """Return a file's text.

    Raises:
        LetterTextError: if it is too large or not UTF-8.
    """
    problem = texts.load("letter_file")["problem"]
    if len(data) > MAX_BYTES:
        raise _error(path, 0, problem["large"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(path, 0, problem["encoding"]) from error


def _block(says: Mapping[str, Mapping[str, str]], name: str, words: str) -> list[str]:
    return ["", *_comments(says["explain"][name]), says["mark"][name], *words.split("\n")]


def _comments(text: str) -> list[str]:
    return [f"# {line}" if line else "#" for line in text.strip("\n").splitlines()]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that are no comments, from the first that is not empty."""
    begun = False
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        said = line.strip(" \t\u3000")
        if not said.startswith("#") and (said or begun):
            begun = True
            yield number, said


def _paragraphs(lines: list[str]) -> Iterator[str]:
    return (line for line in lines if line)


def _requests(lines: list[str]) -> Iterator[str]:
    """Give the requests without the numbers that the letter prints by itself."""
    for place, line in enumerate(_paragraphs(lines), start=1):
        found = _NUMBERED.match(line)
        yield line[found.end() :] if found and int(found[1]) == place else line


def _error(path: str, line: int, detail: str) -> LetterTextError:
    place = texts.load("letter_file")["problem"]["line"].format(line=line) if line else ""
    return LetterTextError(path=path, detail=f"{place}{detail}")

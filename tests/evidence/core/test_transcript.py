"""Transcripts: lines as corrected, with what stood there before."""

from evidence.core.transcript import Transcript, TranscriptLine, Writer, current

MACHINE = Transcript(
    on=3,
    writer=Writer.OCR,
    engine="test 1",
    lines=(TranscriptLine(text="狗东酉", confidence=611), TranscriptLine(text="等着坐牢")),
)


def correction(text: str, line: int | None) -> Transcript:
    return Transcript(
        on=3, writer=Writer.PERSON, corrects=4, lines=(TranscriptLine(text=text, replaces=line),)
    )


def test_uncorrected_lines_stand_as_they_are_read() -> None:
    found = current(MACHINE, ())
    assert [(c.number, c.line.text, c.machine_text) for c in found] == [
        (1, "狗东酉", ""),
        (2, "等着坐牢", ""),
    ]


def test_corrected_line_keeps_what_the_machine_read_and_its_place() -> None:
    found = current(MACHINE, (correction("狗东西", 1),))
    assert (found[0].line.text, found[0].machine_text) == ("狗东西", "狗东酉")
    assert found[0].line.confidence == 611
    assert found[1].machine_text == ""


def test_latest_correction_of_a_line_stands() -> None:
    found = current(MACHINE, (correction("狗东", 1), correction("狗东西", 1)))
    assert (found[0].line.text, found[0].machine_text) == ("狗东西", "狗东酉")


def test_line_can_be_corrected_to_nothing() -> None:
    found = current(MACHINE, (correction("", 2),))
    assert (found[1].line.text, found[1].machine_text) == ("", "等着坐牢")


def test_correction_of_no_line_or_of_a_line_that_is_not_there_changes_nothing() -> None:
    assert current(MACHINE, (correction("x", None), correction("y", 9))) == current(MACHINE, ())


def test_machine_is_told_from_a_person() -> None:
    assert [Transcript(on=0, writer=w).machine for w in Writer] == [True, True, False, False]

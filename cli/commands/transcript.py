"""``liuhen transcript``: what a picture or recording says, as lines of text."""

import hashlib
import io
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import argument, declare_group
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.params import position, seq
from cli.progress import progress
from cli.transcript_text import transcript_lines
from evidence.core.records import Medium, Span
from evidence.core.transcript import Transcript, TranscriptLine, Writer
from evidence.errors import (
    ExitCode,
    FileUnreadableError,
    MediaUnreadableError,
    NothingFoundError,
    SpanError,
)
from evidence.outside import mode_of, read_small

if TYPE_CHECKING:
    from evidence.ingest.recognise.base import Recognised
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "文字稿只是帮助阅读，图片和录音才是证据，二者始终一起显示。"
    "机器认出来的字会标明是机器识别；认错的行可以改正，改正前的也保留。"
)


@declare_group(
    "transcript",
    details=DETAILS,
    examples=(
        "liuhen transcript ocr 23",
        "liuhen transcript add 138 '林先生，你再不还' --from 00:00 --to 00:04",
        "liuhen transcript import 138 文字稿.srt",
    ),
)
def command() -> None:
    """Group the commands."""


@command.declare(
    "ocr",
    summary=N_("识别图片里的文字（在本机进行，不联网）。"),
    details=N_("要先安装可选组件：pip install '.[ocr]'。长截图会分段识别。"),
    examples=("liuhen transcript ocr 23 24",),
)
@argument("seqs", metavar=N_("编号"), explain=N_("图片的编号，可以写几个。"), type=seq, nargs=-1)
@click.option("--all", "everything", is_flag=True, help=N_("还没有识别过的图片全部识别。"))
@click.pass_obj
def ocr(state: CliContext, seqs: tuple[int, ...], everything: bool) -> ExitCode:
    """Read the text in pictures."""
    from evidence.ingest.reader import RECOGNISING_SECONDS, Limits, MediaReader

    with state.append() as case:
        wanted = _wanted(case, seqs, everything, Medium.SCREENSHOT, Writer.OCR)
        with MediaReader(limits=Limits(seconds=RECOGNISING_SECONDS)) as reader:

            def read(seq: int) -> "Recognised":
                data = _bytes(case, seq)
                return reader.read_text(io.BytesIO(data), len(data), seq=seq)

            return _recognise(state, case, wanted, Writer.OCR, read)


@command.declare(
    "speech",
    summary=N_("用您准备好的语音模型把录音转成文字（在本机进行，不联网）。"),
    details=N_(
        "要先安装可选组件：pip install '.[speech]'，并自己下载模型（SenseVoice、Paraformer 或 "
        "Whisper 的 sherpa-onnx 版本），解压后用“--model”指明文件夹。"
    ),
    examples=("liuhen transcript speech 138 --model sense-voice",),
)
@argument("seqs", metavar=N_("编号"), explain=N_("录音的编号，可以写几个。"), type=seq, nargs=-1)
@click.option("--model", required=True, metavar=N_("文件夹"), help=N_("语音模型的文件夹。"))
@click.option("--all", "everything", is_flag=True, help=N_("还没有转过的录音全部转。"))
@click.pass_obj
def speech(state: CliContext, seqs: tuple[int, ...], model: str, everything: bool) -> ExitCode:
    """Turn recordings into text."""
    from evidence.ingest import reader as media

    folder = Path(model)
    if not stat.S_ISDIR(mode_of(folder)):
        raise FileUnreadableError(path=model, detail=N_("没有这个文件夹"))
    limits = media.Limits(
        seconds=media.RECOGNISING_SECONDS, bytes_per_second=media.SPEECH_BYTES_PER_SECOND
    )
    with state.append() as case:
        wanted = _wanted(case, seqs, everything, Medium.RECORDING, Writer.SPEECH)
        with media.MediaReader(limits=limits, speech=True) as reader:

            def hear(seq: int) -> "Recognised":
                data = _bytes(case, seq)
                return reader.hear(io.BytesIO(data), len(data), seq=seq, folder=folder)

            return _recognise(state, case, wanted, Writer.SPEECH, hear)


@command.declare(
    "import",
    summary=N_("导入现成的文字稿（.srt、.vtt、.lrc，或带时间的 .txt）。"),
    examples=("liuhen transcript import 138 文字稿.srt",),
)
@argument("on", metavar=N_("编号"), explain=N_("录音或图片的编号。"), type=seq)
@argument("path", metavar=N_("文件"), explain=N_("文字稿文件。"))
@click.pass_obj
def import_file(state: CliContext, on: int, path: str) -> None:
    """Import a transcript file."""
    from evidence.ingest import subtitles
    from evidence.store import transcripts

    data = read_small(Path(path), subtitles.MAX_BYTES)
    with state.append() as case:
        exhibit = transcripts.require_exhibit(case, on)
        lines = subtitles.parse(data, name=path, duration_ms=exhibit.duration_ms)
        record = Transcript(
            on=on,
            writer=Writer.FILE,
            lines=lines,
            source_name=Path(path).name,
            source_sha256=hashlib.sha256(data).hexdigest(),
        )
        _tell(state, transcripts.add_transcript(case, record).seq, record)


@command.declare(
    "add",
    summary=N_("把听到或看到的话打进去。"),
    examples=("liuhen transcript add 138 '林先生，你再不还' --from 00:00 --to 00:04",),
)
@argument("on", metavar=N_("编号"), explain=N_("录音或图片的编号。"), type=seq)
@argument("text", metavar=N_("文字"), explain=N_("原话，一字不改。"))
@click.option("--from", "first", type=position, metavar=N_("分:秒"), help=N_("从哪里开始。"))
@click.option("--to", "last", type=position, metavar=N_("分:秒"), help=N_("到哪里结束。"))
@click.option("--speaker", default="", metavar=N_("谁"), help=N_("谁说的。"))
@click.pass_obj
def add(
    state: CliContext, /, *, on: int, text: str, first: int | None, last: int | None, speaker: str
) -> None:
    """Type what is said."""
    from evidence.store import transcripts

    span = None
    if first is not None and last is not None:
        span = Span(start_ms=first, end_ms=last)
    elif first is not None or last is not None:
        raise SpanError(seq=on, start=str(first), end=str(last), first="00:00", last="…")
    record = Transcript(
        on=on,
        writer=Writer.PERSON,
        lines=(TranscriptLine(text=text, span=span, speaker=speaker),),
    )
    with state.append() as case:
        _tell(state, transcripts.add_transcript(case, record).seq, record)


@command.declare(
    "correct",
    summary=N_("改正文字稿里的一行；原来的一行仍然保留。"),
    examples=("liuhen transcript correct 159 --line 1 '林先生，你再不还，'",),
)
@argument("number", metavar=N_("编号"), explain=N_("文字稿的编号。"), type=seq)
@argument("text", metavar=N_("文字"), explain=N_("这一行实际的字。"))
@click.option("--line", required=True, type=int, metavar=N_("行号"), help=N_("第几行。"))
@click.pass_obj
def correct(state: CliContext, number: int, text: str, line: int) -> None:
    """Correct a line."""
    from evidence.store import transcripts

    with state.append() as case:
        made = transcripts.correct_line(case, number, line=line, text=text)
    if state.as_json:
        output.emit_json({"seq": made.seq, "corrects": number, "line": line})
        return
    output.say(_("已保存改正，编号 #{seq}；原来的一行仍然保留。").format(seq=made.seq))


# --- recognising ----------------------------------------------------------------------------------


def _wanted(
    case: "CaseFile", seqs: Sequence[int], everything: bool, medium: Medium, writer: Writer
) -> list[int]:
    from evidence.store import transcripts

    for number in seqs:
        transcripts.require_exhibit(case, number, frozenset({medium}))
    if not everything:
        if not seqs:
            raise NothingFoundError(path=N_("（没有写编号，也没有写 --all）"))
        return list(seqs)
    view = case.view()
    done = {
        t.record.on
        for t in view.transcripts
        if t.stands and t.record.writer is writer and not t.record.failure
    }
    found = [
        e.seq
        for e in view.exhibits
        if e.stands and e.record.medium is medium and not e.record.unreadable
    ]
    return sorted({*seqs, *(number for number in found if number not in done)})


def _bytes(case: "CaseFile", seq: int) -> bytes:
    """Return a whole original, so that nothing of the case is held while an engine works."""
    data = b"".join(case.original(seq).pieces())
    case.release()
    return data


def _recognise(
    state: CliContext,
    case: "CaseFile",
    wanted: Sequence[int],
    writer: Writer,
    engine: "Callable[[int], Recognised]",
) -> ExitCode:
    """Recognise one after the other; a failure is recorded and does not stop the others."""
    from evidence.store import transcripts

    failed = 0
    with progress(_("识别")) as told:
        for place, number in enumerate(wanted, start=1):
            try:
                found = engine(number)
            except MediaUnreadableError as error:
                record = Transcript(on=number, writer=writer, failure=error.detail)
            else:
                none = "" if found.lines else N_("没有认出文字")
                record = Transcript(
                    on=number, writer=writer, engine=found.engine, lines=found.lines, failure=none
                )
            failed += bool(record.failure and not record.engine)
            _tell(state, transcripts.add_transcript(case, record).seq, record)
            told(place, len(wanted))
    if not wanted:
        output.say(_("没有需要识别的。"))
    return ExitCode.INPUT_UNUSABLE if failed else ExitCode.OK


def _tell(state: CliContext, number: int, record: Transcript) -> None:
    if state.as_json:
        output.emit_json_line(
            {
                "seq": number,
                "on": record.on,
                "writer": record.writer.value,
                "engine": record.engine,
                "lines": len(record.lines),
                "failure": record.failure,
            }
        )
        return
    output.emit(f"#{number}  #{record.on}")
    if record.failure:
        output.warn(safe(_(record.failure)))
    output.emit_lines(f"    {line}" for line in transcript_lines(record))

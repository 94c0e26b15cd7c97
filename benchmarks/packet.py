"""Speed and memory of making a packet, against a bare reportlab script with the same contents.

Usage: python benchmarks/packet.py [--exhibits 100] [--runs 3] [--folder DIR] [--growth]

Half of the exhibits are screenshots of 1080 × 2400 (PNG and JPEG in turn), half are recordings of
three minutes (AMR and AAC in turn), each with a tag. The bare script places the same pictures at
the same size and the same paragraphs in the same fonts and sizes, wrapped by reportlab's own rules
for Chinese, with the same running header; it reads no case, decodes no sound, draws no table,
checks nothing. It runs twice: as reportlab is set by default, which writes every stream in
ASCII85, and with binary streams as the packet has them (reported without a bound: on two cores
decoding the recordings alone takes longer). The two take turns with the packet; the median counts.
``--growth`` also makes a packet of ten times as many exhibits. Memory is that of all processes
together, what they share counted once, sampled (Linux; elsewhere that of the largest process).
Every figure is printed with its bound; the exit code is 1 if one is not kept.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LENDER = "甲某消费金融有限公司"
FONTS = {
    "LiuhenSerif": "NotoSerifSC-Regular.ttf",
    "LiuhenSans": "NotoSansSC-Regular.ttf",
    "LiuhenSansBold": "NotoSansSC-Bold.ttf",
}
"""As ``reports.pdf.fonts`` names them."""


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhibits", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if os.environ.get("LIUHEN_BENCH_BARE"):
        bare(Path(os.environ["LIUHEN_BENCH_BARE"]), binary="LIUHEN_BENCH_BINARY" in os.environ)
        return 0
    rows: list[tuple[str, float, str, float]] = []
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="liuhen-bench-") as name:
        folder = Path(name)
        case = make_case(folder / "small", options.exhibits)
        (folder / "paragraphs.json").write_text(json.dumps(paragraphs(case)))
        ours, plain, binary = (
            median(runs) for runs in zip(*in_turn(case, folder, options.runs), strict=True)
        )
        rows += [
            ("packet / bare reportlab", ours.seconds / plain.seconds, "x", 1.5),
            ("packet / bare reportlab with binary streams", ours.seconds / binary.seconds, "x", 0),
            ("packet, resident memory", ours.memory, "MiB", 400),
        ]
        if options.growth:
            large = make_case(folder / "large", options.exhibits * 10)
            longer = measured(packet_command(large, folder / "packet-large"))
            print(f"# ten times as many exhibits: {longer}")
            growth = longer.seconds / ours.seconds / 10
            rows += [
                ("ten times the exhibits / ten times the time", growth, "x", 1.2),
                ("ten times the exhibits, resident memory", longer.memory, "MiB", 400),
            ]
    failed = False
    for what, value, unit, bound in rows:
        ok = value <= bound or not bound
        failed |= not ok
        said = f"(bound {bound:g})" if bound else ""
        print(f"{'ok ' if ok else 'BAD'}  {what:<58} {value:8.2f} {unit:<6} {said}")
    return 1 if failed else 0


def in_turn(
    case: Path, folder: Path, runs: int
) -> Iterator[tuple["Measured", "Measured", "Measured"]]:
    """Make the packet and run the bare script in both settings, ``runs`` times in turn."""
    for number in range(runs):
        copy, packet = folder / f"case-{number}.liuhen", folder / f"packet-{number}"
        shutil.copyfile(case, copy)
        ours = measured(packet_command(copy, packet))
        script, told = [sys.executable, __file__], {"LIUHEN_BENCH_BARE": str(packet)}
        plain = measured(script, **told)
        binary = measured(script, **told, LIUHEN_BENCH_BINARY="1")
        print(f"# packet {ours}; bare reportlab {plain}; with binary streams {binary}", flush=True)
        yield ours, plain, binary


def median(runs: Sequence["Measured"]) -> "Measured":
    """Return the run of middle length."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def packet_command(case: Path, out: Path) -> list[str]:
    """Return the command that makes a packet."""
    liuhen = [sys.executable, "-m", "cli.main", "--case", str(case), "packet", "--yes"]
    return [*liuhen, "--to", "nfra", "--respondent", LENDER, "-o", str(out)]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one command took."""

    seconds: float
    """On the clock."""
    cpu: float
    """Seconds of all its processes together."""
    memory: float
    """MiB."""

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s CPU, {self.memory:.0f} MiB)"


def measured(command: list[str], **environment: str) -> Measured:
    """Run a command and measure it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started, memory = time.perf_counter(), 0.0
    run = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    while run.poll() is None:
        memory = max(memory, sum(map(resident, family(run.pid))) / 1024)
        time.sleep(0.1)
    seconds = time.perf_counter() - started
    if run.returncode:
        raise SystemExit(f"{command} ended with {run.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(seconds=seconds, cpu=cpu, memory=memory or after.ru_maxrss / 1024)


def family(process: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def resident(process: int) -> int:
    """Return the resident KiB of a process; what it shares with others, in proportion."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


# --- the case -------------------------------------------------------------------------------------


def make_case(folder: Path, count: int) -> Path:
    """Make a case with ``count`` exhibits, each with a tag."""
    from evidence.core.records import Complainant, Respondent, Span, Tag
    from evidence.ingest.intake import import_paths
    from evidence.ingest.reader import MediaReader
    from evidence.law import load_rules
    from evidence.store import statements
    from evidence.store.case_file import CaseFile
    from evidence.store.clock import system_clock

    folder.mkdir()
    files = folder / "files"
    files.mkdir()
    for number in range(count // 2):
        stamp = f"20261014_{number // 60 % 24:02d}{number % 60:02d}{number // 1440:02d}"
        screenshot(files / f"Screenshot_{stamp}.{'png' if number % 2 else 'jpg'}", number)
        recording(files / f"录音_{stamp}.{'amr' if number % 2 else 'm4a'}", number)
    path, rules = folder / "case.liuhen", load_rules()
    with (
        CaseFile.create(path, clock=system_clock) as case,
        MediaReader() as reader,
    ):
        statements.set_complainant(case, Complainant(name="林某", phone="13800000001"))
        lender = statements.add_respondent(
            case, Respondent(name=LENDER, type="consumer_finance"), types=rules.respondent_types
        ).seq
        for outcome in import_paths(case, [files], reader=reader):
            if outcome.seq is None:
                raise SystemExit(f"not imported: {outcome}")
            sound = Path(outcome.path).suffix in (".amr", ".m4a")
            tag = Tag(
                on=outcome.seq,
                conduct="threat",
                quote="你再不还，我们就上门找你父母，让你们全小区都知道。",
                span=Span(start_ms=5_000, end_ms=9_000) if sound else None,
                respondent=lender,
            )
            statements.add_tag(case, tag, conducts=rules.conducts)
    return path


def screenshot(path: Path, number: int) -> None:
    """Draw what a chat looks like: flat ground, bubbles, rows of small dark marks."""
    from PIL import Image, ImageDraw

    chance = random.Random(number)
    picture = Image.new("RGB", (1080, 2400), (237, 237, 237))
    draw = ImageDraw.Draw(picture)
    for top in range(200, 2200, 260):
        left = chance.choice((60, 260))
        draw.rounded_rectangle((left, top, left + 760, top + 200), 24, fill=(255, 255, 255))
        for row in range(3):
            for column in range(16):
                x, y = left + 30 + column * 44, top + 20 + row * 56
                for _ in range(5):
                    a, b = chance.randrange(36), chance.randrange(40)
                    draw.line(
                        (x + a, y + b, x + chance.randrange(36), y + b), fill=(20, 20, 20), width=4
                    )
    picture.save(path, quality=88)


def recording(path: Path, number: int) -> None:
    """Encode three minutes of noise that comes and goes, as speech does."""
    import av
    import numpy as np

    rate = 8000 if path.suffix == ".amr" else 16000
    codec, kind = ("libopencore_amrnb", "amr") if rate == 8000 else ("aac", "ipod")
    chance = np.random.default_rng(number)
    loud = np.repeat(chance.random(360), rate // 2)
    sound = (chance.standard_normal(180 * rate) * loud * 6000).clip(-32000, 32000).astype("int16")
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        fifo.write(frame)
        size = 160 if rate == 8000 else 1024
        while (part := fifo.read(size, partial=True)) is not None:
            for packet in stream.encode(part):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


# --- the reference --------------------------------------------------------------------------------


def paragraphs(path: Path) -> list[tuple[str, float, float, str]]:
    """Return font, size, leading and text of every paragraph of the packet."""
    from evidence.law import load_rules
    from evidence.store.case_file import CaseFile
    from reports import decide
    from reports.begin import begin
    from reports.decide.integrity import IntegrityInput
    from reports.packet import Channel
    from reports.pdf import fonts

    glyphs = fonts.register()
    from reports.pdf import styles
    from reports.pdf.contents import story
    from reports.pdf.kit import Kit, Pages
    from reports.pdf.text import Typesetter

    found: list[tuple[str, float, float, str]] = []

    class Listening(Typesetter):
        def paragraph(self, text: str, style: Any, *, anchor: str = "") -> Any:
            found.append((style.fontName, style.fontSize, style.leading, text))
            return super().paragraph(text, style, anchor=anchor)

        def linked(self, text: str, target: str, style: Any) -> Any:
            found.append((style.fontName, style.fontSize, style.leading, text))
            return super().linked(text, target, style)

    with CaseFile.open_read(path) as case:
        begun = begin(
            case,
            channel=Channel.NFRA,
            respondent_name=LENDER,
            made_at="2026-11-20T04:05:06Z",
            rules=load_rules(),
        )
    log = begun.log
    verified = IntegrityInput(
        checkpoint=log.signed,
        public_key=log.public_key,
        entries_verified=True,
        originals_verified=True,
        signature_verified=True,
    )
    packet = decide.decide(begun.context, verified)
    kit = Kit(text=Listening(glyphs=glyphs), styles=styles.styles(), media={}, pages=Pages())
    story(packet, kit)
    return found


def bare(packet: Path, *, binary: bool) -> None:
    """Place the pictures and paragraphs of a packet with reportlab alone."""
    from xml.sax.saxutils import escape

    from reportlab import rl_config

    if binary:
        rl_config.useA85 = 0
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate

    folder = Path(__file__).parent.parent / "reports" / "assets" / "fonts"
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, folder / file))
    styles: dict[tuple[str, float, float], ParagraphStyle] = {}
    story: list[Any] = []
    for font, size, leading, text in json.loads((packet.parent / "paragraphs.json").read_text()):
        key = (font, size, leading)
        if key not in styles:
            styles[key] = ParagraphStyle(
                f"style-{len(styles)}",
                fontName=font,
                fontSize=size,
                leading=leading,
                wordWrap="CJK",
            )
        story.append(Paragraph(escape(text), styles[key]))
    pictures = sorted((packet / "data" / "exhibits").iterdir())
    story += [
        Image(str(p), width=272, height=605) for p in pictures if p.suffix in (".png", ".jpg")
    ]

    def header(canvas: Any, document: Any) -> None:
        canvas.setFont("LiuhenSans", 7.5)
        canvas.drawString(79, 800, "投诉材料  案件 00000000  检查点 0000-0000-0000-0000")
        canvas.drawRightString(544, 800, "2026年11月20日")
        canvas.drawCentredString(311, 31, f"第 {document.page} 页　共 142 页")

    out = SimpleDocTemplate(str(packet.parent / "bare.pdf"))
    out.build(story, onFirstPage=header, onLaterPages=header)


if __name__ == "__main__":
    sys.exit(main())

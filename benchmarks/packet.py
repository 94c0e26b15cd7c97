"""Speed and memory of making a packet, against a bare reportlab script with the same contents.

Usage: python benchmarks/packet.py [--exhibits 100] [--folder DIR] [--growth]

Half of the exhibits are screenshots of 1080 × 2400 (PNG and JPEG in turn), half are recordings of
three minutes (AMR and AAC in turn), each with a tag. The bare script places the same pictures at
the same size and the same amount of text in the same fonts; it reads no case, decodes no sound,
draws no table, checks nothing. ``--growth`` also makes a packet of ten times as many exhibits.
Every figure is printed with its bound; the exit code is 1 if one is not kept.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIB = 1024 * 1024
LENDER = "甲某消费金融有限公司"


def main() -> int:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhibits", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if os.environ.get("LIUHEN_BENCH_BARE"):
        bare(Path(os.environ["LIUHEN_BENCH_BARE"]))
        return 0
    rows: list[tuple[str, float, str, float]] = []
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="liuhen-bench-") as name:
        folder = Path(name)
        case = make_case(folder / "small", options.exhibits)
        ours, memory = measured(packet_command(case, folder / "packet"))
        plain, _ = measured([sys.executable, __file__], LIUHEN_BENCH_BARE=str(folder / "packet"))
        print(f"# packet {ours:.1f} s, bare reportlab {plain:.1f} s, {memory:.0f} MiB")
        rows.append(("packet / bare reportlab", ours / plain, "x", 1.5))
        rows.append(("packet, resident memory of the largest process", memory, "MiB", 400))
        if options.growth:
            large = make_case(folder / "large", options.exhibits * 10)
            longer, memory = measured(packet_command(large, folder / "packet-large"))
            print(f"# ten times as many exhibits: {longer:.1f} s, {memory:.0f} MiB")
            rows.append(
                ("ten times the exhibits / ten times the time", longer / ours / 10, "x", 1.2)
            )
            rows.append(("ten times the exhibits, resident memory", memory, "MiB", 400))
    failed = False
    for what, value, unit, bound in rows:
        ok = value <= bound
        failed |= not ok
        print(f"{'ok ' if ok else 'BAD'}  {what:<58} {value:8.2f} {unit:<6} (bound {bound:g})")
    return 1 if failed else 0


def packet_command(case: Path, out: Path) -> list[str]:
    """Return the command that makes a packet."""
    liuhen = [sys.executable, "-m", "cli.main", "--case", str(case), "packet", "--yes"]
    return [*liuhen, "--to", "nfra", "--respondent", LENDER, "-o", str(out)]


def measured(command: list[str], **environment: str) -> tuple[float, float]:
    """Return seconds and the resident memory in MiB of the largest process of a command."""
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", script, *command],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return time.perf_counter() - started, int(run.stdout) / 1024


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


def bare(packet: Path) -> None:
    """Place the pictures of a packet and the amount of its text with reportlab alone."""
    text = subprocess.run(
        ["pdftotext", "-raw", str(packet / "data" / "packet.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate

    fonts = Path(__file__).parent.parent / "reports" / "assets" / "fonts"
    for name in ("NotoSerifSC-Regular", "NotoSansSC-Regular", "NotoSansSC-Bold"):
        pdfmetrics.registerFont(TTFont(name, fonts / f"{name}.ttf"))
    style = ParagraphStyle("body", fontName="NotoSerifSC-Regular", fontSize=8.5, wordWrap="CJK")
    story = [Paragraph(escape(line), style) for line in text.splitlines() if line.strip()]
    pictures = sorted((packet / "data" / "exhibits").iterdir())
    story += [
        Image(str(p), width=272, height=605) for p in pictures if p.suffix in (".png", ".jpg")
    ]
    SimpleDocTemplate(str(packet.parent / "bare.pdf")).build(story)


if __name__ == "__main__":
    sys.exit(main())

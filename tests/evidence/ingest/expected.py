"""Expected facts beside samples: ``<sample>.expected.json``.

``python -m tests.evidence.ingest.expected SAMPLE…`` writes the pair's second half for samples
that have none. It never overwrites: a person reads what it wrote, compares it with what is known
about the sample, and only then commits it. To accept a changed fact, delete the file by hand, make
it anew and read the difference.

``python -m tests.evidence.ingest.expected --make`` makes the generated samples that are missing.
"""

import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidence.core import records
from evidence.core.records import Sha256Hex
from evidence.ingest import registry
from evidence.ingest.base import Extraction, Refusal
from evidence.ingest.facts import Stated, exhibit_of
from evidence.ingest.find_files import FoundFile
from evidence.ingest.loading import HEAD_BYTES
from evidence.ingest.reader import MediaReader
from tests.evidence.ingest import media

SUFFIX = ".expected.json"
GENERATED = Path(__file__).with_name("golden")
FOLDERS = (media.SAMPLES / "media", GENERATED)

_TAKEN = {0x9003: "2026:10:14 21:05:33", 0x9011: "+08:00"}
_STOPPED = {"creation_time": "2026-10-14T13:05:34.000000Z"}
MAKERS: dict[str, Callable[[], bytes]] = {
    "通话录音@丙某李经理(13800000011)_20261014210533.mp3": lambda: media.mp3(0.5),
    "vbr-no-xing.mp3": lambda: media.mp3(0.5, variable=True, xing=False),
    "丙某@13800000011_20261014210533.m4a": lambda: media.m4a(0.5, tags=_STOPPED),
    "10月14日 138 0000 0011.m4a": lambda: media.m4a(0.5, tags=_STOPPED),
    "13800000012 2026-10-20 12-30-11.3gp": lambda: media.encode("3gp", "libopencore_amrnb", 0.5),
    "13800000011-2610142105.aac": lambda: media.encode("adts", "aac", 0.5, rate=16000),
    "dtx.amr": lambda: media.amr_nb(10, silent=90),
    "20261028_214512.345+0800_in_sim1_+8613800000011_丙某.oga": lambda: media.encode(
        "ogg", "libopus", 0.5, rate=48000
    ),
    "CallRecord_20261014-210533_13800000011.flac": lambda: media.encode("flac", "flac", 0.5),
    "录音_20261103_201530.wav": lambda: media.wav(0.25),
    "no-moov.m4a": lambda: media.without_box(media.m4a(0.3), b"moov"),
    "Screenshot_2026-10-14-21-05-33-482_com.android.mms.jpg": lambda: media.picture("JPEG"),
    "IMG_0042.PNG": lambda: media.picture("PNG", exif=_TAKEN),
    "IMG_0043.HEIC": lambda: media.picture("HEIF", exif=_TAKEN),
    "mmexport1792729007219.webp": lambda: media.picture("WEBP"),
    "催收记录.txt": lambda: "李经理 21:05 来电，骂人。\n".encode("gb18030"),
}


def samples() -> list[Path]:
    """Return every sample that must have expected facts."""
    return [p for folder in FOLDERS for p in sorted(folder.iterdir()) if _is_sample(p)]


def beside(sample: Path) -> Path:
    return sample.with_name(sample.name + SUFFIX)


def facts(sample: Path, look: Callable[[bytes], Extraction | Refusal]) -> dict[str, Any]:
    """Return what an import would store about a sample, but for the program's version."""
    data = sample.read_bytes()
    found = look(data)
    if isinstance(found, Refusal):
        return {"refused": found.code}
    exhibit = exhibit_of(
        FoundFile(path=sample, kept=sample.name, named=True, size=len(data)),
        size=len(data),
        sha256=Sha256Hex(hashlib.sha256(data).hexdigest()),
        extraction=found,
        stated=Stated(),
    )
    stored: dict[str, Any] = json.loads(json.dumps(records.exhibit_to_data(exhibit)))
    del stored["origin"]["version"]
    return stored


def write(sample: Path, expected: dict[str, Any]) -> None:
    """Write the expected facts of a sample that has none; raises FileExistsError."""
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with beside(sample).open("x", encoding="utf-8") as out:
        out.write(text)


def _is_sample(path: Path) -> bool:
    return path.is_file() and not path.name.endswith((SUFFIX, ".md"))


def _main(arguments: list[str]) -> int:
    if arguments == ["--make"]:
        for name, make in MAKERS.items():
            if not (GENERATED / name).exists():
                (GENERATED / name).write_bytes(make())
        return 0
    known = registry.importers()
    refused = 0
    with MediaReader() as reader:

        def look(data: bytes) -> Extraction | Refusal:
            importer = registry.identify(data[:HEAD_BYTES], known)
            if isinstance(importer, Refusal):
                return importer
            held = io.BytesIO(data)
            if importer.uses_decoder:
                return reader.extract(held, len(data))
            return importer.extract(held, len(data))

        for sample in map(Path, arguments):
            try:
                write(sample, facts(sample, look))
            except FileExistsError:
                refused += 1
                sys.stderr.write(
                    f"{beside(sample)} exists; delete it yourself to accept a change\n"
                )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))

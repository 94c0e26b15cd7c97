"""An exhibit from what the bytes, the file name and the person say.

Nothing is guessed: each fact says where it came from, and where two sources disagree both are
kept as a conflict.
"""

import dataclasses

import evidence
from evidence.core.moment import Meaning, Moment
from evidence.core.records import Conflict, Direction, Exhibit, Medium, Origin, Party, Sha256Hex
from evidence.ingest import filenames, times
from evidence.ingest.base import Extraction
from evidence.ingest.filenames import FileNameFacts
from evidence.ingest.find_files import FoundFile
from evidence.ingest.patterns import Patterns

_FAMILIES = (
    {"mp3", "mpeg"},
    {"m4a", "mp4", "3gp", "3gpp", "aac", "mov"},
    {"amr", "amr-wb", "awb"},
    {"wav"},
    {"ogg", "oga", "opus"},
    {"flac"},
    {"png"},
    {"jpg", "jpeg"},
    {"webp"},
    {"heic", "heif"},
)
"""Extensions and media types that go together."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the person says about the files of one import."""

    at: Moment | None = None
    number: str = ""
    """Normalised."""
    direction: Direction | None = None
    respondent: int | None = None


def exhibit_of(
    found: FoundFile,
    *,
    size: int,
    sha256: Sha256Hex,
    extraction: Extraction,
    stated: Stated,
    patterns: Patterns | None = None,
) -> Exhibit:
    """Return the exhibit record of a stored copy; ``patterns`` defaults to the built-in ones."""
    names = FileNameFacts()
    if extraction.medium in (Medium.RECORDING, Medium.SCREENSHOT):
        path = found.told if found.named else found.kept
        names = filenames.read_filename(found.name, path, patterns=patterns)
    if extraction.medium is Medium.SCREENSHOT and names.medium_hint is Medium.RECORDING:
        # Such a stamp is a recorder's; on a picture nobody knows what it means.
        moments = (dataclasses.replace(m, meaning=Meaning.UNKNOWN) for m in names.moments)
        names = dataclasses.replace(names, moments=tuple(moments))
    said = (stated.at,) if stated.at else ()
    resolved = times.resolve(
        (*said, *extraction.moments, *names.moments), duration_ms=extraction.duration_ms
    )
    party, conflicts = _party(names, stated)
    facts = dict(extraction.facts)
    if party.number:
        facts["party.number"] = "user" if stated.number else "file_name"
    if party.name:
        facts["party.name"] = "file_name"
    direction = stated.direction or names.direction
    if direction is not None:
        facts["direction"] = "user" if stated.direction else "file_name"
    return Exhibit(
        name=found.name,
        size=size,
        sha256=sha256,
        media_type=extraction.media_type,
        medium=extraction.medium,
        occurred=resolved.occurred,
        origin=Origin(
            importer=extraction.importer,
            version=evidence.__version__,
            facts=tuple(sorted(facts.items())),
            path=found.kept,
            warnings=(
                *extraction.warnings,
                *names.warnings,
                *_extension_warning(found, extraction),
            ),
        ),
        party=party,
        direction=direction,
        sim=names.sim,
        respondent=stated.respondent,
        duration_ms=extraction.duration_ms,
        codec=extraction.codec,
        sample_rate=extraction.sample_rate,
        channels=extraction.channels,
        width=extraction.width,
        height=extraction.height,
        app=names.app,
        text_encoding=extraction.text_encoding,
        unreadable=extraction.unreadable,
        conflicts=(*resolved.conflicts, *conflicts),
        agreements=resolved.agreements,
    )


def _extension_warning(found: FoundFile, extraction: Extraction) -> tuple[str, ...]:
    """Say so when the name's extension is of another kind of medium or codec than the bytes."""
    suffix = found.path.suffix.lower().removeprefix(".")
    family = next((f for f in _FAMILIES if suffix in f), None)
    kind = extraction.media_type.removeprefix("audio/").removeprefix("image/")
    if family is None or kind in family or extraction.media_type.startswith("application/"):
        return ()
    return (f"扩展名 .{suffix} 与内容（{extraction.media_type}）不符，按内容处理",)


def _party(names: FileNameFacts, stated: Stated) -> tuple[Party, tuple[Conflict, ...]]:
    """Return the other side: the person's number before the file name's, both if they differ."""
    if not stated.number:
        return names.party, ()
    named = names.party
    party = dataclasses.replace(named, number=stated.number, number_truncated=False)
    same = not named.number or named.number_truncated or named.number == stated.number
    if same:
        return party, ()
    conflict = Conflict(
        field="party.number",
        values=(("本人陈述", stated.number), ("文件名", named.number)),
        note="采用本人导入时填写的号码",
    )
    return party, (conflict,)

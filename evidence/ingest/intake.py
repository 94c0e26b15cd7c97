"""Files into the case: copy and hash first, then interpret the copy, then append.

Rules:

1. A file is reported as saved only after the commit that holds it is durable. Several small files
   share one commit.
2. What goes wrong with one file is its own outcome and never loses the others.
3. Importers see the stored copy, never the file itself.
4. The same bytes are one exhibit, whatever they are called.
5. Nothing is guessed: facts come from the bytes, the file name or the person, and say so. Where
   they disagree both are kept as a conflict.
"""

import dataclasses
import enum
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import evidence
from evidence.core import phone, records
from evidence.core.moment import Moment
from evidence.core.records import (
    Conflict,
    Direction,
    Exhibit,
    Kind,
    Medium,
    Origin,
    Party,
)
from evidence.errors import (
    DiskFullError,
    EvidenceError,
    FileChangedError,
    FileUnreadableError,
)
from evidence.ingest import filenames, registry, times
from evidence.ingest.base import Extraction, Importer, Refusal
from evidence.ingest.filenames import FileNameFacts
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress, silent
from evidence.store.batch import Batch, Copied
from evidence.store.case_file import CaseFile

GROUP_BYTES = 64 * 1024 * 1024
"""Files share a commit up to this many bytes …"""

GROUP_FILES = 64
"""… or this many files."""

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to tell what it is, before it is copied."""

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

_IGNORED = frozenset({"thumbs.db", "desktop.ini", ".nomedia"})


class Status(enum.StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """One file's outcome; ``IMPORTED`` means durable."""

    path: str
    status: Status
    seq: int | None = None
    """The exhibit: its own, or for a duplicate the one that has the bytes."""
    sha256: str = ""
    reason: str = ""
    """Chinese; why it was not imported, or what is uncertain about it."""
    code: str = ""
    """Stable ASCII: an error code, ``unreadable``, ``duplicate`` or a refusal code."""
    named: bool = False
    """The person named this very path, it was not found in a folder."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the person says about the files of one import."""

    at: Moment | None = None
    number: str = ""
    """Normalised."""
    direction: Direction | None = None
    respondent: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Intake:
    """What every file of one import shares."""

    reader: MediaReader
    stated: Stated
    importers: tuple[Importer, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A file to import."""

    path: Path
    shown: str
    """Path as it is reported and kept: below the folder that the person named."""
    named: bool
    size: int


def import_paths(
    case: CaseFile,
    paths: Sequence[Path],
    *,
    reader: MediaReader,
    stated: Stated | None = None,
    progress: Progress = silent,
) -> Iterator[FileOutcome]:
    """Import files and folders; yield each file's outcome once it is final.

    ``progress`` is told files. Hidden files and a system's leftovers in folders are passed over.

    Raises:
        DiskFullError, CaseNotWritableError, CaseBusyError: about the case file; outcomes yielded
            before stand.
    """
    files, missing = _find(paths)
    intake = _Intake(reader=reader, stated=stated or Stated(), importers=registry.importers())
    total, done = len(files) + len(missing), 0
    for outcome in missing:
        done += 1
        progress(done, total)
        yield outcome
    for group in _groups(files):
        for outcome in _import_group(case, group, intake):
            done += 1
            progress(done, total)
            yield outcome


# --- finding files --------------------------------------------------------------------------------


def _find(paths: Sequence[Path]) -> tuple[list[_Found], list[FileOutcome]]:
    files: list[_Found] = []
    problems: list[FileOutcome] = []
    for path in paths:
        if path.is_dir():
            _walk(path, path.parent, files, problems)
        else:
            _look(path, str(path), files, problems, named=True)
    return files, problems


def _walk(folder: Path, base: Path, files: list[_Found], problems: list[FileOutcome]) -> None:
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        problems.append(_failed(str(folder), _unreadable(folder, error), named=False))
        return
    for child in children:
        if child.name.startswith(".") or child.name.lower() in _IGNORED:
            continue
        shown = str(child.relative_to(base)) if base != Path() else str(child)
        if child.is_symlink():
            reason = "文件夹中的快捷方式（符号链接）不跟随；需要时请直接导入它指向的文件"
            problems.append(
                FileOutcome(path=shown, status=Status.SKIPPED, reason=reason, code="symlink")
            )
        elif child.is_dir():
            _walk(child, base, files, problems)
        else:
            _look(child, shown, files, problems, named=False)


def _look(
    path: Path, shown: str, files: list[_Found], problems: list[FileOutcome], *, named: bool
) -> None:
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        problems.append(_failed(shown, _unreadable(path, error), named=named))
        return
    if not stat.S_ISREG(info.st_mode):
        problems.append(
            FileOutcome(
                path=shown,
                status=Status.SKIPPED,
                reason="不是普通文件（设备或管道），没有导入",
                code="not-a-file",
                named=named,
            )
        )
        return
    files.append(_Found(path=path, shown=shown, named=named, size=info.st_size))


def _groups(files: Sequence[_Found]) -> Iterator[list[_Found]]:
    group: list[_Found] = []
    size = 0
    for found in files:
        if group and (len(group) >= GROUP_FILES or size + found.size > GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(found)
        size += found.size
    if group:
        yield group


# --- one commit -----------------------------------------------------------------------------------


def _import_group(case: CaseFile, group: list[_Found], intake: _Intake) -> list[FileOutcome]:
    try:
        with case.batch() as batch:
            return [_import_file(batch, found, intake) for found in group]
    except DiskFullError:
        if len(group) == 1:
            raise
    # One commit did not fit; save what fits, one by one, until the disk is really full.
    return [outcome for found in group for outcome in _import_group(case, [found], intake)]


class _TakenBackError(Exception):
    """The copy is not wanted; carries the outcome out of the savepoint."""

    def __init__(self, outcome: FileOutcome) -> None:
        super().__init__()
        self.outcome = outcome


def _import_file(batch: Batch, found: _Found, intake: _Intake) -> FileOutcome:
    try:
        with batch.attempt():
            return _copy_and_append(batch, found, intake)
    except _TakenBackError as taken_back:
        return taken_back.outcome
    except FileUnreadableError as error:
        return _failed(found.shown, error, named=found.named)
    except FileChangedError as error:
        return _failed(found.shown, error, named=found.named)


def _copy_and_append(batch: Batch, found: _Found, intake: _Intake) -> FileOutcome:
    try:
        with found.path.open("rb", buffering=0) as source:
            before = os.fstat(source.fileno())
            head = source.read(HEAD_BYTES)
            importer = registry.identify(head, intake.importers)
            if isinstance(importer, Refusal):
                raise _TakenBackError(_refused(found, importer))
            source.seek(0)
            copied = batch.copy(source)
            after = os.fstat(source.fileno())
    except OSError as error:
        raise _unreadable(found.path, error) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        copied.size != after.st_size
    ):
        raise FileChangedError(path=str(found.path))
    if copied.duplicate_of is not None:
        raise _TakenBackError(
            FileOutcome(
                path=found.shown,
                status=Status.DUPLICATE,
                seq=copied.duplicate_of,
                sha256=copied.sha256,
                reason=f"内容与编号 {copied.duplicate_of} 完全相同，没有重复保存",
                code="duplicate",
                named=found.named,
            )
        )
    extraction = intake.reader.extract(copied.stream, copied.size)
    if isinstance(extraction, Refusal):
        raise _TakenBackError(_refused(found, extraction))
    names = FileNameFacts()
    if extraction.medium is not Medium.DOCUMENT:
        names = filenames.read_filename(found.path.name, found.shown)
    exhibit = _exhibit(found, copied, extraction, names, intake.stated)
    appended = batch.append(Kind.EXHIBIT, records.exhibit_to_data(exhibit))
    return FileOutcome(
        path=found.shown,
        status=Status.IMPORTED,
        seq=appended.seq,
        sha256=copied.sha256,
        reason="；".join((exhibit.unreadable, *exhibit.origin.warnings)).strip("；"),
        code="unreadable" if exhibit.unreadable else "",
        named=found.named,
    )


# --- facts ----------------------------------------------------------------------------------------


def _exhibit(
    found: _Found,
    copied: Copied,
    extraction: Extraction,
    names: FileNameFacts,
    stated: Stated,
) -> Exhibit:
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
        name=found.path.name,
        size=copied.size,
        sha256=copied.sha256,
        media_type=extraction.media_type,
        medium=extraction.medium,
        occurred=resolved.occurred,
        origin=Origin(
            importer=extraction.importer,
            version=evidence.__version__,
            facts=tuple(sorted(facts.items())),
            path=found.path.name if found.named else found.shown,
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


def _extension_warning(found: _Found, extraction: Extraction) -> tuple[str, ...]:
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


# --- outcomes -------------------------------------------------------------------------------------


def stated_number(text: str) -> str:
    """Return the normalised form of a number that the person typed; empty if it is none."""
    return phone.normalise(text)


def _refused(found: _Found, refusal: Refusal) -> FileOutcome:
    return FileOutcome(
        path=found.shown,
        status=Status.SKIPPED,
        reason=refusal.reason,
        code=refusal.code,
        named=found.named,
    )


def _failed(shown: str, error: EvidenceError, *, named: bool) -> FileOutcome:
    return FileOutcome(
        path=shown, status=Status.FAILED, reason=str(error), code=error.code, named=named
    )


def _unreadable(path: Path, error: OSError | ValueError) -> FileUnreadableError:
    if isinstance(error, FileNotFoundError):
        detail = "没有这个文件或文件夹"
    elif isinstance(error, PermissionError):
        detail = "没有读取权限"
    else:
        detail = getattr(error, "strerror", None) or "读取出错"
    return FileUnreadableError(path=str(path), detail=detail)

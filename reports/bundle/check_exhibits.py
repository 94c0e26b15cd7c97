"""Check 5 of a bundle: each exhibit's bytes against its entry and the list of exhibits.

Derived copies are said to be unchecked.
"""

from collections.abc import Mapping

from reports.bundle import folder as folders
from reports.bundle import layout, proofs
from reports.bundle.check_log import ExhibitFacts, FoundLog
from reports.bundle.folder import Folder
from reports.bundle.proofs import IndexedExhibit
from reports.bundle.results import Results

MAX_INDEX = 32 * 1024 * 1024


def check_exhibits(
    folder: Folder, digests: Mapping[str, str], log: FoundLog, results: Results
) -> int:
    """Check every exhibit; return how many the bundle lists."""
    since = results.problems
    index = _index(folder, results)
    if index is None:
        results.unchecked("exhibits", detail=f"{layout.EXHIBITS} missing or malformed")
        return 0
    files = _files_by_label(folder)
    seen: set[int] = set()
    for label, row in index.items():
        if row.seq in seen:
            results.broken("exhibit-index", detail=f"{label}: listed twice", seq=row.seq)
        seen.add(row.seq)
        entry = log.exhibits.get(row.seq)
        if entry is None:
            results.broken("exhibit-entry", detail=label, seq=row.seq, found="not disclosed")
        else:
            _check_row(label, row, entry, results)
        found = {p: (folder.files[p], digests.get(p)) for p in files.pop(label, [])}
        _check_bytes(label, row, found=found, entry=entry, results=results)
    known = set(index)
    for path in sorted(folder.files):
        if path.startswith("data/exhibits/") and layout.exhibit_label(path) not in known:
            results.broken("exhibit-unlisted", detail=path)
    for seq in sorted(log.exhibits.keys() - seen):
        results.unchecked("exhibit-withheld", seq=seq)
    results.settle("exhibits", since=since, detail=f"{len(index)} exhibits")
    return len(index)


def report_unchecked(folder: Folder, results: Results) -> None:
    """Say which files are not checked here beyond their manifest: derived copies."""
    for path in sorted(folder.files):
        if layout.is_redacted(path):
            results.unchecked("redacted", detail=path)


def _index(folder: Folder, results: Results) -> dict[str, IndexedExhibit] | None:
    data = folders.read_whole(folder, layout.EXHIBITS, MAX_INDEX, results)
    if data is None:
        return None
    try:
        return proofs.parse_index(data)
    except ValueError as error:
        results.broken("exhibit-index", detail=ascii(str(error)))
        return None


def _files_by_label(folder: Folder) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {}
    for path in sorted(folder.files):
        label = layout.exhibit_label(path)
        if label is not None:
            files.setdefault(label, []).append(path)
    return files


def _check_row(label: str, row: IndexedExhibit, entry: ExhibitFacts, results: Results) -> None:
    if row.sha256 != entry.sha256:
        results.broken(
            "exhibit-index", detail=label, seq=row.seq, expected=entry.sha256, found=row.sha256
        )
    if row.name != entry.name:
        results.broken("exhibit-index", detail=f"{label}: name", seq=row.seq)


def _check_bytes(
    label: str,
    row: IndexedExhibit,
    *,
    found: Mapping[str, tuple[int, str | None]],
    entry: ExhibitFacts | None,
    results: Results,
) -> None:
    """Compare the files of one label (size and digest by path) with what they must be."""
    if not found:
        results.unchecked("exhibit-withheld", detail=label, seq=row.seq)
    if len(found) > 1:
        results.broken("exhibit-file", detail=f"{label}: {' '.join(found)}", seq=row.seq)
    expected = row.sha256 if entry is None else entry.sha256
    for path, (size, digest) in found.items():
        if digest is not None and digest != expected:
            results.broken(
                "exhibit-digest", detail=path, seq=row.seq, expected=expected, found=digest
            )
        if entry is not None and size != entry.size:
            results.broken(
                "exhibit-size",
                detail=path,
                seq=row.seq,
                expected=str(entry.size),
                found=str(size),
            )

"""Check 1 of a bundle: manifests, tag files, and that nothing lies there unlisted."""

import hashlib
from collections.abc import Mapping

from evidence.progress import Progress
from reports.bundle import folder as folders
from reports.bundle import layout, manifests
from reports.bundle.folder import Folder
from reports.bundle.manifests import LineError
from reports.bundle.results import Results

MAX_MANIFEST = 32 * 1024 * 1024
_MAX_DECLARATION = 1024


def digest_all(folder: Folder, results: Results, progress: Progress) -> dict[str, str]:
    """Return SHA-256 in hex of every readable file; ``progress`` is told bytes."""
    total = sum(folder.files.values())
    done = 0
    digests: dict[str, str] = {}
    for path in folder.files:
        digest = hashlib.sha256()
        try:
            for piece in folders.pieces(folder, path):
                digest.update(piece)
                done += len(piece)
                progress(done, total)
        except OSError as error:
            results.unchecked("file-unreadable", detail=f"{path}: {error.strerror}")
        else:
            digests[path] = digest.hexdigest()
    return digests


def check_files(folder: Folder, digests: Mapping[str, str], results: Results) -> None:
    """Compare every file with the manifests, and the manifests with the files.

    It is the first check: what listing and reading the folder has reported belongs to it.
    """
    _refuse_twins(folder, results)
    payload = {p for p in folder.files if p.startswith("data/")}
    tags = folder.files.keys() - payload - {layout.TAG_MANIFEST}
    lists = (
        (layout.MANIFEST, payload, layout.REQUIRED_PAYLOAD),
        (layout.TAG_MANIFEST, tags, layout.REQUIRED_TAGS),
    )
    for name, present, required in lists:
        listed = _manifest(folder, name, results)
        if listed is not None:
            _compare(name, listed, present, digests, results)
            _require(name, listed, required, results)
    _check_bagit(folder, results)
    results.settle("files", since=0, detail=f"{len(folder.files)} files")
    for path in sorted(p for p in folder.files if not layout.is_known(p)):
        results.unchecked("file-unexpected", detail=path)


def _refuse_twins(folder: Folder, results: Results) -> None:
    """Report paths that many systems take for one: unpacked there, one file hides the other."""
    seen: set[str] = set()
    for path in sorted(folder.files):
        if path.lower() in seen:
            results.broken("file-unsafe", detail=path, found="differs from another only in case")
        seen.add(path.lower())


def _manifest(folder: Folder, name: str, results: Results) -> dict[str, str] | None:
    if name not in folder.files:
        results.broken("manifest-missing", detail=name)
        return None
    data = folders.read_whole(folder, name, MAX_MANIFEST, results)
    if data is None:
        return None
    try:
        return manifests.parse_manifest(data)
    except LineError as error:
        results.broken("manifest-form", detail=f"{name}: {error}")
        return None


def _compare(
    name: str,
    listed: Mapping[str, str],
    present: set[str],
    digests: Mapping[str, str],
    results: Results,
) -> None:
    for path in sorted(listed.keys() - present):
        # A payload path in the tag manifest, or the reverse, is also not where it belongs.
        results.broken("file-missing", detail=path, expected=f"listed in {name}")
    for path in sorted(present - listed.keys()):
        results.broken("file-unlisted", detail=path, expected=f"listed in {name}")
    for path in sorted(present & listed.keys()):
        if path in digests and digests[path] != listed[path]:
            results.broken("file-digest", detail=path, expected=listed[path], found=digests[path])


def _require(
    name: str, listed: Mapping[str, str], required: tuple[str, ...], results: Results
) -> None:
    for path in required:
        if path not in listed:
            results.broken("manifest-incomplete", detail=path, expected=f"listed in {name}")


def _check_bagit(folder: Folder, results: Results) -> None:
    data = folders.read_whole(folder, layout.BAGIT, _MAX_DECLARATION, results)
    if data is not None and data != layout.BAGIT_DECLARATION:
        results.broken("bag-declaration", detail=layout.BAGIT)

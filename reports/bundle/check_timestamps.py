"""Check 6 of a bundle: each trusted timestamp, at its own time, with roots from outside.

Rules:

1. A timestamp is about a checkpoint of this very log: the same case and key, its root that of the
   first leaves.
2. Without roots it is only checked that it holds together; its chain is NOT CHECKED.
3. With roots a chain that leads to none of them is NOT INTACT: the bundle does not say which root
   it needs.
"""

from evidence.core import checkpoint, rfc3161, stamped, trust
from evidence.core.stamped import Checked, Log, Stamped
from evidence.core.trust import Trust
from evidence.errors import EvidenceError, TimestampUnsupportedError
from reports.bundle import folder as folders
from reports.bundle import layout
from reports.bundle.check_log import FoundLog
from reports.bundle.folder import Folder
from reports.bundle.results import Results


def check_timestamps(folder: Folder, log: FoundLog, roots: Trust, results: Results) -> None:
    """Check every timestamp of the bundle."""
    numbers = {n for n in map(layout.timestamp_number, folder.files) if n is not None}
    for number in sorted(numbers):
        _check(folder, number, log, roots, results)


def _check(folder: Folder, number: str, log: FoundLog, roots: Trust, results: Results) -> None:
    paths = {kind: layout.timestamp(number, kind) for kind in (".tsr", ".tsq", ".checkpoint")}
    since = results.problems
    for kind in (".tsr", ".checkpoint"):
        if paths[kind] not in folder.files:
            results.broken("timestamp", detail=f"{paths[kind]}: missing")
    if results.problems != since:
        return
    if log.leaves is None or log.signed is None or log.public_key is None:
        results.unchecked("timestamp", detail=f"{number}: leaves, checkpoint or key missing")
        return
    found = _read(folder, paths, results)
    if found is None:
        return
    case_id = log.signed.checkpoint.case_id
    own = Log(case_id=case_id, public_key=log.public_key, leaves=log.leaves)
    try:
        checked = stamped.check_stamped(found, own)
    except TimestampUnsupportedError as error:
        results.unchecked("timestamp", detail=f"{number}: {error.code}")
        return
    except EvidenceError as error:
        results.broken("timestamp", detail=f"{number}: {error.code}")
        return
    info = checked.token.info
    results.settle("timestamp", since=since, detail=f"{number}: {info.gen_time}")
    if roots.roots:
        _check_chain(number, found, checked, roots, results)
    else:
        results.unchecked("timestamp-chain", detail=f"{number}: no --root given")


def _check_chain(
    number: str, found: Stamped, checked: Checked, roots: Trust, results: Results
) -> None:
    since = results.problems
    try:
        reached = trust.check_chain(found.response, checked.token, found.checkpoint, roots)
    except EvidenceError as error:
        results.broken("timestamp-chain", detail=f"{number}: {error.code}")
        return
    fingerprints = ", ".join(root.fingerprint for root in reached)
    results.settle("timestamp-chain", since=since, detail=f"{number}: {fingerprints}")


def _read(folder: Folder, paths: dict[str, str], results: Results) -> Stamped | None:
    response = folders.read_whole(folder, paths[".tsr"], rfc3161.MAX_BYTES, results)
    note = folders.read_whole(folder, paths[".checkpoint"], checkpoint.MAX_BYTES, results)
    request = folders.read_whole(folder, paths[".tsq"], rfc3161.MAX_BYTES, results)
    if response is None or note is None:
        return None
    return Stamped(response=response, request=request, checkpoint=note)

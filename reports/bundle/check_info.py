"""Check 1 of a bundle, second part: what ``bag-info.txt`` says of the bundle.

Rules:

1. What may be left out may be left out (RFC 8493 section 2.2.2); what stands there is true:
   number of octets and files, case, short code of the checkpoint.
2. A bundle of another version is NOT CHECKED: its ``bag-info.txt`` may mean something else.
3. Date, program and description are nobody's to check. The explanation in the bundle says so.
"""

from collections.abc import Mapping

from evidence.core.printed import ShortCode
from reports.bundle import folder as folders
from reports.bundle import layout, manifests
from reports.bundle.check_log import FoundLog
from reports.bundle.folder import Folder
from reports.bundle.manifests import LineError
from reports.bundle.results import Results

MAX_INFO = 64 * 1024
_MAX_SHOWN = 80


def check_info(folder: Folder, digests: Mapping[str, str], log: FoundLog, results: Results) -> None:
    """Compare what ``bag-info.txt`` says with the files and the checkpoint."""
    since = results.problems
    data = folders.read_whole(folder, layout.BAG_INFO, MAX_INFO, results)
    try:
        pairs = manifests.parse_info(data or b"")
    except LineError as error:
        results.broken("bag-info", detail=str(error))
        return
    true = _truth(folder, digests, log)
    # Only ASCII letters have small ones here, or a look-alike would count as one of ours.
    stated = [(k.lower() if k.isascii() else k, value) for k, value in pairs]
    for label, value in stated:
        wanted = true.get(label, value)
        if value != wanted:
            found = ascii(value[:_MAX_SHOWN])
            results.broken("bag-info", detail=label, expected=wanted, found=found)
    if sum(label == "payload-oxum" for label, _ in stated) > 1:
        results.broken("bag-info", detail="payload-oxum comes twice")
    if any(k == "liuhen-bundle-version" and v != layout.BUNDLE_VERSION for k, v in stated):
        results.unchecked("bag-info", detail="a bundle of another version")
    results.settle("bag-info", since=since)


def _truth(folder: Folder, digests: Mapping[str, str], log: FoundLog) -> dict[str, str]:
    """Return what is true, by label in small letters, as far as it is known."""
    sizes = [size for path, size in folder.files.items() if path.startswith("data/")]
    true = {"payload-oxum": f"{sum(sizes)}.{len(sizes)}"}
    if layout.CHECKPOINT in digests:
        code = ShortCode(digits=digests[layout.CHECKPOINT][:16].upper())
        true["liuhen-checkpoint-code"] = code.text
    if log.signed is not None:
        true["external-identifier"] = log.signed.checkpoint.case_id
    return true

"""Check a case against what others hold: an earlier checkpoint, paper, trusted timestamps.

Rules:

1. Every stored timestamp is checked again from its own bytes. Its chain is checked only with roots
   from outside; without them it is NOT CHECKED, with the root that it led to when it was saved.
2. A chain that led to another root than those given is NOT CHECKED: it needs that root. One that
   should lead to a given root and does not is NOT INTACT.
3. Paper names a checkpoint by a hash or by its size and root. A code that no checkpoint of the case
   has is NOT INTACT; one that differs by a digit or two from one that it has is a typing error.
4. Another file of the case is compared by the leaves that it stores. What it holds is not looked
   at, and it is no anchor: ``copy-contents`` and ``anchor`` stay NOT CHECKED.
"""

import dataclasses
import itertools
from collections.abc import Iterable

from evidence.core import checkpoint, merkle, stamped, trust
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import LeafHash
from evidence.core.printed import PrintedCheckpoint, ShortCode, short_code
from evidence.core.stamped import Log
from evidence.core.timestamp import Timestamp
from evidence.core.trust import Trust
from evidence.errors import (
    CaseDamagedError,
    CheckpointCodeError,
    EvidenceError,
    TimestampUnsupportedError,
)
from evidence.store.case_file import CaseFile
from evidence.store.find_checkpoint import MAX_TRIED
from evidence.store.other_copy import OtherCopy, compare
from evidence.store.verdict import CheckResult, Verdict, broken, intact

Anchor = SignedCheckpoint | PrintedCheckpoint | ShortCode | OtherCopy
"""What was kept outside of the case, and another copy of it (rule 4)."""

_TYPING_ERRORS = 2
"""Digits in which a code may differ and still be taken for one that was mistyped."""


def check_against(case: CaseFile, log: Log, against: Anchor | None) -> list[CheckResult]:
    """Check that the case still begins with what somebody holds outside of it.

    Raises:
        CheckpointCodeError: for a short code that looks mistyped.
    """
    match against:
        case None:
            return [CheckResult(name="anchor", verdict=Verdict.NOT_CHECKED)]
        case OtherCopy():
            left = ("copy-contents", "anchor")
            unchecked = [CheckResult(name=name, verdict=Verdict.NOT_CHECKED) for name in left]
            return [compare(log.leaves, against), *unchecked]
        case ShortCode():
            return [_check_code(case, log, against)]
        case PrintedCheckpoint():
            return _check_claim(log, against.case_id, against.size, against.root)
    claimed = against.checkpoint
    results = _check_claim(log, claimed.case_id, claimed.size, claimed.root)
    if claimed.case_id == log.case_id and not checkpoint.verify_signature(against, log.public_key):
        results = [r for r in results if r.verdict is Verdict.NOT_INTACT]
        results.append(broken("anchor-signature"))
    return results


def check_timestamps(
    stamps: Iterable[tuple[int, Timestamp]], log: Log, roots: Trust
) -> list[CheckResult]:
    """Check every stored timestamp again."""
    results: list[CheckResult] = []
    for seq, record in stamps:
        try:
            checked = stamped.check_stored(record, log)
        except TimestampUnsupportedError as error:
            unable = Verdict.NOT_CHECKED
            results.append(
                CheckResult(name="timestamp", verdict=unable, seq=seq, detail=error.code)
            )
            continue
        except EvidenceError as error:
            results.append(broken("timestamp", seq=seq, detail=error.code))
            continue
        good = intact("timestamp", record.attested_at)
        results.append(dataclasses.replace(good, seq=seq))
        results.append(_check_chain(seq, record, checked, roots))
    return results


def _check_chain(
    seq: int, record: Timestamp, checked: stamped.Checked, roots: Trust
) -> CheckResult:
    name = "timestamp-chain"
    given = {root.fingerprint for root in roots.roots}
    if not given & set(record.roots):
        detail = "its root was not given"
        return CheckResult(name=name, verdict=Verdict.NOT_CHECKED, seq=seq, detail=detail)
    response, note = record.response_bytes, record.checkpoint_bytes
    try:
        reached = trust.check_chain(response, checked.token, note, roots)
    except EvidenceError as error:
        return broken(name, seq=seq, detail=error.code)
    good = intact(name, ", ".join(root.fingerprint for root in reached))
    return dataclasses.replace(good, seq=seq)


def _check_claim(log: Log, case_id: str, size: int, root: merkle.RootHash) -> list[CheckResult]:
    if case_id != log.case_id:
        return [broken("anchor-case", expected=log.case_id, found=case_id)]
    if size > len(log.leaves):
        return [broken("anchor-size", expected=str(size), found=str(len(log.leaves)))]
    found = merkle.root(log.leaves[:size])
    if found != root:
        return [broken("anchor-root", expected=root.hex(), found=found.hex())]
    return [intact("anchor", f"{size} entries")]


def _check_code(case: CaseFile, log: Log, code: ShortCode) -> CheckResult:
    close: ShortCode | None = None
    try:
        for signed in itertools.islice(case.every_checkpoint(), MAX_TRIED):
            found = short_code(signed.text)
            if found == code:
                results = _check_claim(
                    log,
                    signed.checkpoint.case_id,
                    signed.checkpoint.size,
                    signed.checkpoint.root,
                )
                return results[0]
            if found.distance(code) <= _TYPING_ERRORS:
                close = found
    except CaseDamagedError as error:  # no key, so no checkpoint can be made again
        return CheckResult(name="anchor-code", verdict=Verdict.NOT_CHECKED, detail=error.detail)
    if close is not None:
        raise CheckpointCodeError(given=code.text, close=close.text)
    if len(log.leaves) > MAX_TRIED:
        detail = f"only the newest {MAX_TRIED} checkpoints were tried"
        return CheckResult(name="anchor-code", verdict=Verdict.NOT_CHECKED, detail=detail)
    return broken("anchor-code", detail="no checkpoint of this case has this code")


def log_of(case_id: str, public_key: str, leaves: list[LeafHash]) -> Log:
    """Return the log with what entry 0 says; a key that is none signs nothing."""
    try:
        raw = bytes.fromhex(public_key)
    except ValueError:
        raw = b""
    return Log(case_id=case_id, public_key=raw, leaves=leaves)

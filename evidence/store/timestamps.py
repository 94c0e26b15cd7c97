"""Ask for a timestamp, and take in an answer after checking it.

Rules:

1. Nothing here touches the network; a request and an answer are bytes.
2. An answer is saved only after every check, with roots that came from outside.
3. The same answer twice is one timestamp.
"""

import dataclasses

import rfc3161_client
from rfc3161_client import TimestampRequestBuilder

from evidence.core import stamped, trust
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.records import Kind
from evidence.core.stamped import Log, Stamped
from evidence.core.timestamp import Timestamp, timestamp_from_data, timestamp_to_data
from evidence.core.trust import Root, Trust
from evidence.errors import TimestampUntrustedError
from evidence.store.case_file import CaseFile


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A timestamp that is in the case."""

    seq: int
    record: Timestamp
    roots: tuple[Root, ...]
    """The given roots that it leads to."""
    duplicate: bool
    """It was there before."""


def new_request(signed: SignedCheckpoint) -> bytes:
    """Return a ``.tsq`` over a checkpoint: SHA-256, a random nonce, certificates wanted."""
    builder = TimestampRequestBuilder(
        data=signed.text,
        hash_algorithm=rfc3161_client.HashAlgorithm.SHA256,
        nonce=True,
        cert_req=True,
    )
    return builder.build().as_bytes()


def attach(case: CaseFile, given: Stamped, roots: Trust) -> Attached:
    """Check an answer and append it to the case.

    Raises:
        TimestampUntrustedError, TimestampExpiredError: about the chain to the roots.
        As ``evidence.core.stamped.check_stamped``; nothing is saved.
    """
    checked = stamped.check_stamped(given, log_of(case))
    if not roots.roots:
        raise TimestampUntrustedError(authority=checked.token.authority, reason="没有给根证书")
    reached = trust.check_chain(given.response, checked.token, given.checkpoint, roots)
    record = stamped.summary(checked, given, tuple(root.fingerprint for root in reached))
    for entry in case.entries(kinds=frozenset({Kind.TIMESTAMP})):
        known = timestamp_from_data(entry.data)
        if known.response == record.response:
            return Attached(seq=entry.seq, record=known, roots=reached, duplicate=True)
    appended = case.append(Kind.TIMESTAMP, timestamp_to_data(record))
    return Attached(seq=appended.seq, record=record, roots=reached, duplicate=False)


def log_of(case: CaseFile) -> Log:
    """Return the log of a case, as it is stored."""
    record = case.case_record()
    return Log(
        case_id=record.case_id,
        public_key=bytes.fromhex(record.public_key),
        leaves=case.leaves(),
    )

"""A timestamp beside the log that it is about: does it still say what is stored about it?

Rule: this is the one place that joins checkpoint and token; saving, verifying a case, checking a
bundle and making a packet all go through ``check_stamped``.
"""

import base64
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evidence.core import checkpoint as checkpoints
from evidence.core import merkle
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import LeafHash
from evidence.core.timestamp import Timestamp
from evidence.errors import CheckpointFormError, TimestampFormError, TimestampNotOfCaseError

if TYPE_CHECKING:
    from evidence.core.rfc3161 import Token


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What a checkpoint is compared with."""

    case_id: str
    public_key: bytes
    leaves: Sequence[LeafHash]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """The three files of one timestamp."""

    response: bytes
    request: bytes | None
    checkpoint: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A timestamp that holds together and is about this log."""

    token: "Token"
    signed: SignedCheckpoint


def check_stamped(stamped: Stamped, log: Log) -> Checked:
    """Check a timestamp against the log, without asking who stands behind it.

    Raises:
        TimestampNotOfCaseError: if the checkpoint is none of this log.
        TimestampFormError, TimestampRefusedError, TimestampImprintError, TimestampNonceError,
        TimestampForgedError, TimestampCertificateError: about the token.
    """
    # Reading certificates costs a noticeable part of a short command; most cases have none yet.
    from evidence.core import rfc3161, token_checks

    signed = check_checkpoint(stamped.checkpoint, log)
    token = rfc3161.parse_response(stamped.response)
    request = None if stamped.request is None else rfc3161.parse_request(stamped.request)
    token_checks.check_token(token, stamped.checkpoint, request)
    return Checked(token=token, signed=signed)


def check_checkpoint(data: bytes, log: Log) -> SignedCheckpoint:
    """Return the checkpoint if it is one of this log.

    Raises:
        TimestampNotOfCaseError: if it is not, saying why.
    """
    try:
        signed = checkpoints.parse(data)
    except CheckpointFormError as error:
        raise TimestampNotOfCaseError(reason=f"checkpoint {error.reason}") from error
    claimed = signed.checkpoint
    if claimed.case_id != log.case_id:
        raise TimestampNotOfCaseError(reason="another case")
    if not checkpoints.verify_signature(signed, log.public_key):
        raise TimestampNotOfCaseError(reason="signature")
    if not 0 < claimed.size <= len(log.leaves):
        raise TimestampNotOfCaseError(reason=f"size {claimed.size} of {len(log.leaves)}")
    if merkle.root(log.leaves[: claimed.size]) != claimed.root:
        raise TimestampNotOfCaseError(reason="root")
    return signed


def summary(checked: Checked, stamped: Stamped, roots: tuple[str, ...]) -> Timestamp:
    """Return what is stored of a timestamp; ``roots`` are the fingerprints it led to."""
    info, claimed = checked.token.info, checked.signed.checkpoint
    return Timestamp(
        attested_at=info.gen_time,
        accuracy_ms=info.accuracy_ms,
        size=claimed.size,
        root=claimed.root.hex(),
        checkpoint=stamped.checkpoint.decode(),
        response=base64.b64encode(stamped.response).decode("ascii"),
        request=base64.b64encode(stamped.request or b"").decode("ascii"),
        authority=checked.token.authority,
        policy=info.policy,
        serial=str(info.serial),
        roots=roots,
    )


def check_stored(record: Timestamp, log: Log) -> Checked:
    """Check a stored timestamp, and that its summary is what its answer says.

    Raises:
        TimestampFormError: if the summary says something else, or the answer is unreadable.
        As ``check_stamped``.
    """
    try:
        stamped = stamped_of(record)
    except ValueError as error:
        raise TimestampFormError(reason="base64") from error
    checked = check_stamped(stamped, log)
    if summary(checked, stamped, record.roots) != record:
        raise TimestampFormError(reason="summary differs")
    return checked


def stamped_of(record: Timestamp) -> Stamped:
    """Return the files of a stored timestamp.

    Raises:
        ValueError: if they are no base64.
    """
    return Stamped(
        response=record.response_bytes,
        request=record.request_bytes or None,
        checkpoint=record.checkpoint_bytes,
    )

"""Entry kind ``timestamp``: what an outside authority attested about a checkpoint of this case.

Rules:

1. The whole answer of the authority is kept, with the bytes that it is over (the signed
   checkpoint) and the question that it answers, so that anybody can check it again.
2. ``attested_at`` is the authority's time. It says that the entries below ``size`` existed by
   then; never that they are true.
3. What the other fields say is only a summary: whoever checks reads it from the answer again.
"""

import base64
import dataclasses
import datetime as dt

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.record_json import integer, items, plain, text


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """An RFC 3161 timestamp that was checked before it was saved."""

    attested_at: str
    """genTime of the token: RFC 3339, UTC, ``Z``."""
    size: int
    """It covers the entries below this seq."""
    root: str
    """Hex root of the checkpoint."""
    checkpoint: str
    """The signed note, exactly."""
    response: str
    """The whole ``.tsr``, base64."""
    request: str
    """The ``.tsq`` that it answers, base64."""
    authority: str
    """Subject of the certificate that signed."""
    policy: str
    """OID of the authority's policy."""
    serial: str
    """Serial number of the token, decimal."""
    roots: tuple[str, ...]
    """SHA-256 of the root certificates that its chain led to when it was saved, hex."""
    accuracy_ms: int | None = None
    """How far genTime may be off, as the authority says."""

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        try:
            aware = self.latest.tzinfo is not None
        except OverflowError as error:
            raise ValueError(self.accuracy_ms) from error
        if not aware or not self.attested_at.isascii():
            raise ValueError(self.attested_at)

    @property
    def latest(self) -> dt.datetime:
        """The latest time that the authority's words allow for."""
        shift = dt.timedelta(milliseconds=self.accuracy_ms or 0)
        return dt.datetime.fromisoformat(self.attested_at) + shift

    @property
    def checkpoint_bytes(self) -> bytes:
        """What the token is over."""
        return self.checkpoint.encode()

    @property
    def response_bytes(self) -> bytes:
        """The ``.tsr``.

        Raises:
            ValueError: if it is no base64.
        """
        return base64.b64decode(self.response, validate=True)

    @property
    def request_bytes(self) -> bytes:
        """The ``.tsq``.

        Raises:
            ValueError: if it is no base64.
        """
        return base64.b64decode(self.request, validate=True)


def timestamp_to_data(record: Timestamp) -> dict[str, JsonValue]:
    """Return entry data of kind ``timestamp``."""
    return plain(record)


def timestamp_from_data(data: JsonObject) -> Timestamp:
    """Read entry data of kind ``timestamp``."""
    return Timestamp(
        attested_at=str(data["attested_at"]),
        size=int(str(data["size"])),
        root=str(data["root"]),
        checkpoint=str(data["checkpoint"]),
        response=str(data["response"]),
        request=text(data, "request"),
        authority=text(data, "authority"),
        policy=text(data, "policy"),
        serial=text(data, "serial"),
        roots=tuple(str(root) for root in items(data, "roots")),
        accuracy_ms=integer(data, "accuracy_ms"),
    )

"""``--root``: certificates of authorities that the person decided to trust."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.i18n import N_
from evidence.core.trust import MAX_ROOT_BYTES, Trust, parse_trust
from evidence.outside import read_small

F = TypeVar("F", bound=Callable[..., Any])


def root_option(*, required: bool) -> Callable[[F], F]:
    """Declare ``--root``, which may be given several times."""
    return click.option(
        "--root",
        "roots",
        multiple=True,
        required=required,
        type=click.Path(),
        metavar=N_("证书"),
        help=N_("时间戳服务方的根证书（PEM 或 DER），可以写多次。"),
    )


def read_trust(paths: Sequence[str]) -> Trust:
    """Read the certificates.

    Raises:
        FileUnreadableError, RootCertificateError.
    """
    trust = Trust()
    for path in paths:
        trust += parse_trust(read_small(Path(path), MAX_ROOT_BYTES), path)
    return trust

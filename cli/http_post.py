"""The only code that touches the network: one POST to the address that the person named.

Rules:

1. http and https only; what is sent is what the caller gives, nothing is added about the person.
2. A redirect is never followed: the error says where it leads, and the person decides.
3. The answer is read up to a limit and within a time.
"""

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import IO, NoReturn

import evidence
from cli.i18n import N_, _
from evidence.errors import FetchError

SECONDS = 30
"""How long connecting, one step of reading, and the whole answer may each take."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, N_("等了很久没有回复")),
    (socket.gaierror, N_("找不到这个网址的服务器，也可能没有联网")),
    (ConnectionRefusedError, N_("对方没有接受连接")),
    (ConnectionError, N_("连接中断了")),
    (ssl.SSLCertVerificationError, N_("不能确认对方网站的证书")),
    (ssl.SSLError, N_("对方不能用 https 连接，请核对网址")),
)
"""What a person is told; the first that fits. ``RemoteDisconnected`` is a ``ConnectionError``."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - urllib's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],  # noqa: ARG002 - urllib's signature
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: http.client.HTTPMessage,  # noqa: ARG002
        newurl: str,
    ) -> NoReturn:
        """Refuse, and say where it would have gone."""
        reason = _("服务器要求转到 {url}，没有跟去").format(url=newurl)
        raise FetchError(url=req.full_url, reason=reason)


def require_web(url: str) -> None:
    """Refuse what is no address of the web.

    Raises:
        FetchError: for another scheme, no host, or a character that no address has.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise FetchError(url=url, reason=N_("网址写得不对")) from error
    if parts.scheme not in ("http", "https"):
        raise FetchError(url=url, reason=N_("只支持 http 和 https"))
    if not host or not url.isprintable() or " " in url:
        raise FetchError(url=url, reason=N_("网址写得不对"))


def post(url: str, body: bytes, *, content_type: str, limit: int) -> bytes:
    """Send ``body`` to ``url`` and return the answer.

    Raises:
        FetchError: if there is none, it is a web page, or it is longer than ``limit``.
    """
    require_web(url)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _NoRedirect(),
    ):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 - checked above
        request.add_header("Content-Type", content_type)
        request.add_header("User-Agent", f"liuhen/{evidence.__version__}")
        with opener.open(request, timeout=SECONDS) as answer:
            if answer.headers.get_content_type() == "text/html":
                reason = N_("回来的是网页，不是时间戳；请核对网址，也看看网络是否要先登录")
                raise FetchError(url=url, reason=reason)
            return _read(answer, url, limit)
    except urllib.error.HTTPError as error:
        raise FetchError(url=url, reason=f"HTTP {error.code}") from error
    except urllib.error.URLError as error:
        raise FetchError(url=url, reason=_reason(error.reason)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise FetchError(url=url, reason=_reason(error)) from error


def _reason(error: BaseException | str) -> str:
    told = next((words for kind, words in _REASONS if isinstance(error, kind)), "")
    return told or str(error) or type(error).__name__


def _read(answer: http.client.HTTPResponse, url: str, limit: int) -> bytes:
    end = time.monotonic() + SECONDS
    data = b""
    # read1: what came, as it comes. ``read`` would wait for all of it, past any time limit, if a
    # server sends a byte now and then.
    while piece := answer.read1(min(limit + 1 - len(data), 4096)):
        data += piece
        if len(data) > limit:
            raise FetchError(url=url, reason=N_("回复太长"))
        if time.monotonic() > end:
            raise FetchError(url=url, reason=N_("回复太慢"))
    return data

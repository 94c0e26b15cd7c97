"""The only code that touches the network: one POST to the address that the person named.

Rules:

1. http and https only; what is sent is what the caller gives, nothing is added about the person.
2. A redirect is never followed: the error says where it leads, and the person decides.
3. The answer is read up to a limit, and all of it ends within a time, whatever the server does.
"""

import concurrent.futures
import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import IO, NoReturn

import evidence
from cli.i18n import N_, _
from evidence.errors import FetchError

SECONDS = 30
"""How long connecting and one step of reading may each take."""

ALL_SECONDS = 60
"""How long all of it may take: a server that sends a byte now and then keeps every step short."""

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
        fp: IO[bytes],
        code: int,  # noqa: ARG002 - urllib's signature
        msg: str,  # noqa: ARG002
        headers: http.client.HTTPMessage,  # noqa: ARG002
        newurl: str,
    ) -> NoReturn:
        """Refuse, and say where it would have gone."""
        fp.close()
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
        FetchError: if there is none in time, it is a web page, or it is longer than ``limit``.
    """
    require_web(url)
    answer: concurrent.futures.Future[bytes] = concurrent.futures.Future()

    def ask() -> None:
        try:
            answer.set_result(_ask(url, body, content_type, limit))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answer.set_exception(error)

    # No call of urllib can be broken off from outside; what is left behind ends with the program.
    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer.result(ALL_SECONDS)
    except TimeoutError as error:
        raise FetchError(url=url, reason=N_("回复太慢")) from error


def _ask(url: str, body: bytes, content_type: str, limit: int) -> bytes:
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
        error.close()
        raise FetchError(url=url, reason=f"HTTP {error.code}") from error
    except urllib.error.URLError as error:
        raise FetchError(url=url, reason=_reason(error.reason)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise FetchError(url=url, reason=_reason(error)) from error


def _reason(error: BaseException | str) -> str:
    told = next((words for kind, words in _REASONS if isinstance(error, kind)), "")
    return told or str(error) or type(error).__name__


def _read(answer: http.client.HTTPResponse, url: str, limit: int) -> bytes:
    data = answer.read(limit + 1)
    if len(data) > limit:
        raise FetchError(url=url, reason=N_("回复太长"))
    return data

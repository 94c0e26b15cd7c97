"""The test authority behind HTTP on this machine, for what asks over the network."""

import contextlib
import dataclasses
import http.server
import threading
import time
from collections.abc import Callable, Iterator

from tests.tsa import Authority


@dataclasses.dataclass(kw_only=True)
class Served:
    """What a server was asked."""

    url: str
    bodies: list[bytes] = dataclasses.field(default_factory=list)
    content_types: list[str] = dataclasses.field(default_factory=list)
    sent: int = 0
    """Bytes of answers that were sent."""


Reply = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@contextlib.contextmanager
def serve(
    reply: Callable[[bytes], Reply], *, pause: float = 0.0, endless_headers: bool = False
) -> Iterator[Served]:
    """Answer every POST with what ``reply`` makes of its body, until the block ends.

    With a ``pause`` (seconds) the answer comes byte by byte; before it come ``endless_headers``.
    """
    served = Served(url="")
    over = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served.bodies.append(body)
            served.content_types.append(self.headers["Content-Type"])
            status, headers, answer = reply(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            with contextlib.suppress(OSError):
                while endless_headers and not over.wait(pause):
                    self.wfile.write(b"x")
                    served.sent += 1
            self.end_headers()
            with contextlib.suppress(OSError):
                for piece in [bytes([byte]) for byte in answer] if pause else [answer]:
                    self.wfile.write(piece)
                    served.sent += len(piece)
                    time.sleep(pause)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield served
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def answering(authority: Authority) -> Callable[[bytes], Reply]:
    """Return what a good server does."""
    headers = {"Content-Type": "application/timestamp-reply"}
    return lambda body: (200, headers, authority.answer(body))

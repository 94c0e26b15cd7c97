"""A headless Chromium driven over ``--remote-debugging-pipe``: no port, no websocket library.

The protocol is JSON messages, each ended by a NUL byte, on file descriptors 3 (to the browser)
and 4 (from it).
"""

import base64
import collections
import json
import os
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium; None if there is none, or no bash to start it."""
    if shutil.which("bash") is None:
        return None
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class BrowserError(RuntimeError):
    """The browser refused a command or a script threw."""


class Browser:
    """One browser process."""

    def __init__(self, program: str, profile: Path, *flags: str) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # bash moves the pipes to the two numbers that Chromium expects; sh knows one digit only.
        move = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", move, "bash", program, *FLAGS, *flags, f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = bytearray()
        self._next = 0
        self._events: collections.deque[dict[str, Any]] = collections.deque()

    @property
    def pid(self) -> int:
        """The process, which leads its own process group."""
        return self._process.pid

    def close(self) -> None:
        """End the browser and whatever it started."""
        os.close(self._write)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._read)

    def send(self, method: str, *, session: str = "", timeout: float = 60, **params: Any) -> Any:
        """Run one command and return its result."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        deadline = time.monotonic() + timeout
        while True:
            answer = self._receive(deadline)
            if answer.get("id") != self._next:
                self._events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def events(self, session: str) -> list[dict[str, Any]]:
        """Return the events of a page that came in so far, and forget them."""
        mine = [e for e in self._events if e.get("sessionId") == session]
        self._events = collections.deque(e for e in self._events if e.get("sessionId") != session)
        return mine

    def page(self) -> "Page":
        """Open an empty page."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, target, session)

    def _receive(self, deadline: float) -> dict[str, Any]:
        while (end := self._buffer.find(b"\0")) < 0:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._read], [], [], left)[0]:
                raise BrowserError("no answer in time")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise BrowserError("the browser ended")
            self._buffer += data
        message = json.loads(self._buffer[:end])
        del self._buffer[: end + 1]
        return message  # type: ignore[no-any-return]  # an object by the protocol


class Page:
    """One tab. The network is recorded from the beginning."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self.browser = browser
        self._target = target
        self._session = session
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def send(self, method: str, *, timeout: float = 60, **params: Any) -> Any:
        """Run one command in this page."""
        return self.browser.send(method, session=self._session, timeout=timeout, **params)

    def open(self, url: str) -> None:
        """Load ``url`` and wait until it is complete."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=url)
        while self.run("document.readyState + document.URL") != f"complete{url}":
            time.sleep(0.01)

    def run(self, script: str, *, timeout: float = 60) -> Any:
        """Return the value of an expression; a promise is waited for."""
        answer = self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            timeout=timeout,
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"], ensure_ascii=False))
        return answer["result"].get("value")

    def set_files(self, selector: str, *paths: Path) -> None:
        """Choose files (or one folder) in an input, as its button would."""
        found = self.send("Runtime.evaluate", expression=f"document.querySelector({selector!r})")
        self.send(
            "DOM.setFileInputFiles",
            files=[str(path) for path in paths],
            objectId=found["result"]["objectId"],
        )

    def drop(self, selector: str, *paths: Path) -> None:
        """Drag files or folders onto an element and let them fall."""
        place = f"document.querySelector({selector!r}).getBoundingClientRect()"
        x, y = self.run(f"(r => [r.x + r.width / 2, r.y + r.height / 2])({place})")
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.send("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def press(self, key: str, *, text: str = "") -> None:
        """Press a key and let it go."""
        codes = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27}
        more = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key], "text": text}
        self.send("Input.dispatchKeyEvent", type="keyDown", **more)
        self.send("Input.dispatchKeyEvent", type="keyUp", **more)

    def screenshot(self, path: Path) -> None:
        """Write the whole page as PNG."""
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path: Path) -> None:
        """Write what the page prints."""
        printed = self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        path.write_bytes(base64.b64decode(printed["data"]))

    def watch(self) -> None:
        """Sort the events that came in into ``requests`` and ``complaints``."""
        for event in self.browser.events(self._session):
            method, params = event["method"], event["params"]
            if method == "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            elif method == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params, ensure_ascii=False))
            elif method == "Log.entryAdded":
                self.complaints.append(params["entry"]["text"])

    def close(self) -> None:
        """Close the tab."""
        self.browser.send("Target.closeTarget", targetId=self._target)

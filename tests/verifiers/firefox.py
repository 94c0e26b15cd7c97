"""A headless Firefox driven over Marionette, which is built in: JSON on a local socket, no driver.

A message is its length in ASCII, a colon, and a JSON array: ``[0, number, command, parameters]``
there and ``[1, number, error, result]`` back. The network leads nowhere: to a proxy that is none.
"""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.verifiers.browser import BrowserError

PROGRAMS = ("firefox-esr", "firefox")
FLAGS = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
PREFERENCES = """
user_pref("marionette.port", 0);
// Files that a script chooses, not the reader in a window, may be read, too.
user_pref("dom.filesystem.pathcheck.disabled", true);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.allow_hijacking_localhost", true);
"""
_PAGE, _OWN = None, "system"
"""Where a script runs: as one of the page, or with the powers of the browser."""

_RECORD = """
window.requests = [];
Services.obs.addObserver((subject) => {
  const channel = subject.QueryInterface(Ci.nsIChannel);
  if (channel.loadInfo.browsingContextID) window.requests.push(channel.URI.spec);
}, "http-on-opening-request");
"""
_COMPLAINTS = """
return Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && one.sourceName === arguments[0])
  .map((one) => one.errorMessage);
"""
# What a picker gives to an input. A folder is read through before the page hears of it.
_CHOOSE = """
const [selector, paths] = arguments;
return Promise.all(paths.map(
  ([path, folder]) => folder ? new Directory(path) : File.createFromFileName(path),
)).then((made) => document.querySelector(selector).mozSetDndFilesAndDirectories(made));
"""
# What the system gives to a page on which something falls; the page itself must put it into the
# event, or it may not look at it.
_TAKE = """
return Promise.all(arguments[0].map((path) => {
  const file = Components.classes["@mozilla.org/file/local;1"]
    .createInstance(Components.interfaces.nsIFile);
  file.initWithPath(path);
  return window.File.createFromNsIFile(file, { existenceCheck: false });
})).then((made) => {
  window.wrappedJSObject.fallen = new window.Array();
  made.forEach((one) => window.wrappedJSObject.fallen.push(one));
});
"""
_DROP = """
const dataTransfer = new DataTransfer();
for (const one of window.fallen) dataTransfer.items.add(one);
const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
document.querySelector(arguments[0]).dispatchEvent(event);
"""


def find_firefox() -> str | None:
    """Return the path of a Firefox; not one in a snap, which sees neither profile nor bundle."""
    for path in filter(None, map(shutil.which, PROGRAMS)):
        with Path(path).open("rb") as file:
            start = file.read(4096)
        script_for_snap = start.startswith(b"#!") and b"snap" in start
        if not script_for_snap and "snap" not in Path(path).resolve().parts:
            return path
    return None


class Firefox:
    """One browser process with one tab."""

    def __init__(self, program: str, profile: Path) -> None:
        (profile / "user.js").write_text(PREFERENCES, encoding="ascii")
        self._process = subprocess.Popen(
            [program, *FLAGS, "--profile", str(profile)],
            env={**os.environ, "HOME": str(profile)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._next = 0
        try:
            self._socket = self._connect(profile / "MarionetteActivePort")
            self._stream = self._socket.makefile("rb")
            self._receive()  # it says who it is
            self.send("WebDriver:NewSession", timeouts={"script": 3_600_000})
            self._browser(_RECORD)
        except BaseException:
            self._kill()
            raise

    @property
    def pid(self) -> int:
        """The process, which leads its own process group."""
        return self._process.pid

    def close(self) -> None:
        """End the browser and whatever it started."""
        self._stream.close()
        self._socket.close()
        self._kill()

    def send(self, command: str, **parameters: Any) -> Any:
        """Run one command and return its result."""
        self._next += 1
        data = json.dumps([0, self._next, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(data), data))
        _, number, error, result = self._receive()
        assert number == self._next
        if error:
            raise BrowserError(f"{command}: {error}")
        return result

    def open(self, url: str) -> None:
        """Load ``url`` and wait until it is complete."""
        self.send("WebDriver:Navigate", url=url)

    def run(self, script: str, *, timeout: float = 60) -> Any:
        """Return the value of an expression; a promise is waited for."""
        self._socket.settimeout(timeout)
        return self._execute(f"return ({script})", sandbox=_PAGE)

    def set_files(self, selector: str, *paths: Path) -> None:
        """Choose files (or one folder) in an input, as its button would."""
        chosen = [(str(path), path.is_dir()) for path in paths]
        self._execute(_CHOOSE, selector, chosen, sandbox=_OWN)

    def drop(self, selector: str, *paths: Path) -> None:
        """Let files or folders fall onto an element."""
        self._execute(_TAKE, [str(path) for path in paths], sandbox=_OWN)
        self._execute(_DROP, selector, sandbox=_PAGE)

    def screenshot(self, path: Path) -> None:
        """Write the whole page as PNG."""
        path.write_bytes(
            base64.b64decode(self.send("WebDriver:TakeScreenshot", full=True)["value"])
        )

    def pdf(self, path: Path) -> None:
        """Write what the page prints."""
        printed = self.send("WebDriver:Print", page={"width": 21, "height": 29.7})
        path.write_bytes(base64.b64decode(printed["value"]))

    def requests(self) -> list[str]:
        """Return what any page asked the network for so far."""
        return list(self._browser("return window.requests;"))

    def complaints(self, url: str) -> list[str]:
        """Return the errors and warnings that a page caused so far."""
        return list(self._browser(_COMPLAINTS, url))

    def _browser(self, script: str, *arguments: Any) -> Any:
        """Run a script in the window around the page."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self._execute(script, *arguments, sandbox=_OWN)
        finally:
            self.send("Marionette:SetContext", value="content")

    def _execute(self, script: str, *arguments: Any, sandbox: str | None) -> Any:
        return self.send(
            "WebDriver:ExecuteScript",
            script=script,
            args=arguments,
            sandbox=sandbox,
            newSandbox=False,
        )["value"]

    def _connect(self, told: Path) -> socket.socket:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            if told.exists() and (port := told.read_text(encoding="ascii").strip()):
                return socket.create_connection(("127.0.0.1", int(port)), timeout=120)
            time.sleep(0.02)
        raise BrowserError("Firefox does not start")

    def _receive(self) -> Any:
        length = b""
        while (letter := self._stream.read(1)) != b":":
            if not letter:
                raise BrowserError("the browser ended")
            length += letter
        return json.loads(self._stream.read(int(length)))

    def _kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

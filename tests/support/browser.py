"""Chromium without a window, for tests of the HTML pages; nothing but the browser has to be installed.

It is driven by the DevTools protocol through its pipe: one JSON object a message, ended by a zero
byte. A test that takes the fixture ``browser`` is marked ``@pytest.mark.browser``::

    page = browser.open(tmp_path / "run.html", width=400)
    page.check()                       # nothing loaded, no complaint, no sideways scroll, contrast
    assert "INJ-E01" in page.text
    page.click("th button")
    page.press("Tab")

Faults are told as lists, so that a failing assert shows them all.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WAIT = 60.0
_END = 10.0
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
)
# The shell gives the browser its pipes where it wants them: it reads at 3 and writes at 4.
_PIPED = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'


def chromium() -> str | None:
    """Path of a Chromium, None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """A browser with a profile of its own in `folder`. Use it in a ``with``."""

    def __init__(self, path: str, folder: Path) -> None:
        options = [*_OPTIONS, f"--user-data-dir={folder}"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # root has no user namespace to put it in
        self._process = subprocess.Popen(
            ["sh", "-c", _PIPED, "sh", path, *options, "about:blank"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._unread = b""
        self._count = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, AssertionError, ValueError):
            self.call("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END)  # it takes its temporary files along
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def open(self, path: Path, *, width: int = 1400, height: int = 900, dark: bool = False) -> Page:
        """A page in a window of that size, loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session, path.resolve().as_uri())
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.resize(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", features=[scheme])
        page.load()
        return page

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": params} | (
            {"sessionId": session} if session else {}
        )
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        self.until(lambda: number in self._answers, method)
        answer = self._answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Take in what the browser says until `done`; AssertionError after a minute."""
        late = time.monotonic() + _WAIT
        while not done():
            assert time.monotonic() < late, f"no answer in {_WAIT:.0f} s: {what}"
            for message in self._read():
                self._take(message)

    def _read(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout
        handle = self._process.stdout.fileno()
        if select.select([handle], [], [], 1.0)[0]:
            block = os.read(handle, 1 << 20)
            assert block, "the browser has ended"
            *whole, self._unread = (self._unread + block).split(b"\0")
            yield from map(json.loads, whole)

    def _take(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
        elif message.get("sessionId") in self._pages:
            self._pages[message["sessionId"]].hear(message["method"], message["params"])


class Page:
    """A page: `requests` it made but for itself and ``data:``, `complaints` of the console and of its policy."""

    def __init__(self, browser: Browser, session: str, url: str) -> None:
        self.url = url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._browser = browser
        self._session = session
        self._loaded = False

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol on this page."""
        return self._browser.call(method, self._session, **params)

    def hear(self, method: str, params: dict[str, Any]) -> None:
        """Take in an event of the protocol."""
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if url.partition("#")[0] != self.url and not url.startswith("data:"):
                self.requests.append(url)
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(f"console: {[one.get('value') for one in params['args']]}")
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append(f"dialog: {params['message']}")

    def load(self) -> None:
        """Load the page anew."""
        self._loaded = False
        self.call("Page.navigate", url=self.url)
        self._browser.until(lambda: self._loaded, f"loading {self.url}")

    def resize(self, width: int, height: int = 900) -> None:
        """Make the window that wide and high, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def js(self, expression: str) -> Any:
        """The value of an expression, as JSON can hold it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def lay_out(self) -> None:
        """Lay out what the browser leaves for when it is scrolled to (``content-visibility: auto``)."""
        self.js(_LAY_OUT)

    @property
    def text(self) -> str:
        """The text of the page that can be seen."""
        self.lay_out()
        return str(self.js("document.body.innerText"))

    def texts(self, selector: str) -> list[str]:
        """The text that can be seen of each element that fits `selector` and is shown."""
        self.lay_out()
        quoted = json.dumps(selector)
        shown = "e => e.checkVisibility()"
        found: list[str] = self.js(
            f"Array.from(document.querySelectorAll({quoted})).filter({shown}).map(e => e.innerText.trim())"
        )
        return found

    def click(self, selector: str) -> None:
        """Click the first element that fits `selector`, as a script would."""
        self.js(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and let go of a key: ``Tab``, ``Enter``, ``ArrowDown``, or a letter."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40}.get(key, 0)
        said = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        self.call("Input.dispatchKeyEvent", type="keyDown", **said, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    def tab_order(self, limit: int = 200) -> list[dict[str, Any]]:
        """What the Tab key comes to, from the start: ``tag``, ``text``, ``top``, ``left``, ``order``, ``outline``.

        ``order`` is the place in the document, ``outline`` whether the focus can be seen.
        """
        self.js("document.activeElement.blur(), scrollTo(0, 0)")
        stops: list[dict[str, Any]] = []
        for _ in range(limit):
            self.press("Tab")
            stop = self.js(_FOCUSED)
            if stop is None or (stops and stop["order"] == stops[0]["order"]):
                break
            stops.append(stop)
        return stops

    def too_wide(self) -> list[str]:
        """The elements that make the page scroll sideways; none when it does not."""
        self.lay_out()
        found: list[str] = self.js(_TOO_WIDE)
        return found

    def faint(self, least: float = 4.5) -> list[str]:
        """Texts whose contrast with what is behind them is below `least` (WCAG 2.2, 1.4.3: 4.5)."""
        found: list[str] = self.js(f"({_FAINT})({least})")
        return found

    def torn(self) -> list[str]:
        """The figures of tiles that stand on more than one line."""
        found: list[str] = self.js(_TORN)
        return found

    def check(self) -> None:
        """Assert what every page keeps to: nothing loaded, no complaint, no sideways scroll, contrast."""
        assert self.torn() == []
        assert self.requests == []
        assert self.complaints == []
        assert self.too_wide() == []
        assert self.faint() == []

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write what the page looks like as PNG, `whole` or what the window shows."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))


_TORN = """[...document.querySelectorAll('.tile .figure')].filter(one => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1;
}).map(one => one.textContent)"""

_FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {tag: e.localName, text: (e.innerText || e.getAttribute("aria-label") || e.name || "").trim(),
    top: box.top + scrollY, left: box.left + scrollX, order: Array.from(document.querySelectorAll("*")).indexOf(e),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0};
})()"""
_LAY_OUT = """Array.from(document.querySelectorAll("*"))
  .filter(e => getComputedStyle(e).contentVisibility === "auto")
  .forEach(e => e.style.contentVisibility = "visible")"""
_TOO_WIDE = """(() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  return Array.from(document.body.querySelectorAll("*"))
    .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll"))
    .slice(0, 10).map(e => `${e.localName}.${e.className}: ${e.textContent.trim().slice(0, 60)}`)
    .concat(`${root.scrollWidth} > ${width}`);
})()"""
_FAINT = """(least) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = (colour) => known.get(colour) ?? known.set(colour, painted(colour)).get(colour);
  const painted = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), e = walk.currentNode.parentElement;
    if (!text || ["SCRIPT", "STYLE"].includes(e.tagName) || !e.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) found.add(`${ratio.toFixed(2)} ${e.localName}.${e.className}: ${text.slice(0, 40)}`);
  }
  return Array.from(found).slice(0, 10);
}"""

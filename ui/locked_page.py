"""The locked-down web page: what it may load, say and ask for is decided here.

Imports Qt WebEngine, so import it late and only after `ui.sandbox.prepare()`. See `ui.sandbox`
for the list of walls.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from ui.sandbox import SCHEME

HOME = QUrl(f"{SCHEME}://app/")
MAIN_WORLD = QWebEngineScript.ScriptWorldId.MainWorld.value
OUR_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value

CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "media-src data: blob:; font-src data:; connect-src 'none'; worker-src 'none'; frame-src 'none'; "
    "object-src 'none'; form-action 'none'; base-uri 'none'"
)
"""Stands before the first byte of every page, whatever the page itself says."""

HOST = 'globalThis.sproutHost = "studio";'
"""Lets an app know that what it keeps here is gone when the window closes."""

OFF = (
    "LocalContentCanAccessFileUrls",
    "LocalContentCanAccessRemoteUrls",
    "JavascriptCanOpenWindows",
    "JavascriptCanAccessClipboard",
    "JavascriptCanPaste",
    "NavigateOnDropEnabled",
    "PdfViewerEnabled",
    "PluginsEnabled",
    "HyperlinkAuditingEnabled",
    "DnsPrefetchEnabled",
    "ScreenCaptureEnabled",
    "FullScreenSupportEnabled",
    "AllowRunningInsecureContent",
    "AllowGeolocationOnInsecureOrigins",
    "AllowWindowActivationFromJavaScript",
    "AutoLoadIconsForPage",
    "TouchIconsEnabled",
    "WebGLEnabled",
    "ErrorPageEnabled",
    "FocusOnNavigationEnabled",
    "BackForwardCacheEnabled",
)
ON = ("WebRTCPublicInterfacesOnly", "PlaybackRequiresUserGesture")

CONSOLE_LINES = 500
CONSOLE_CHARACTERS = 2_000
ALERT_GAP_S = 3.0
DOOR_CHARACTERS = 400
MOST_PLACES = 400
PING_MS = 1_000
MISSED_PINGS = 5
MEMORY_BYTES = 900 * 1024 * 1024
"""An app of ours needs about 100 MB; above this the renderer is stopped before the computer suffers."""

WITHOUT_WAYS_OUT = """
(() => {
  "use strict";
  const gone = ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "RTCSessionDescription",
    "RTCIceCandidate", "RTCCertificate", "WebTransport", "WebSocketStream"];
  for (const name of gone) {
    try {
      Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });
    } catch (error) { /* it was not there */ }
  }
  const nothing = { value: () => false, writable: false, configurable: false };
  try { Object.defineProperty(Document.prototype, "execCommand", nothing); } catch (error) { /* as above */ }
})();
"""

WHERE_PARTS_ARE = """
(() => {
  "use strict";
  const all = (under, words) => [...Element.prototype.querySelectorAll.call(under, words)];
  const read = (node, name) => String(Element.prototype.getAttribute.call(node, name)).slice(0, 40);
  const told = [];
  const tell = (node, block, item) => {
    const { x, y, width, height } = Element.prototype.getBoundingClientRect.call(node);
    if (told.length < MOST && width > 0 && height > 0) told.push([block, item, x, y, width, height]);
  };
  for (const part of all(document.documentElement, "section[data-block]")) {
    const block = read(part, "data-block");
    tell(part, block, "");
    for (const node of all(part, "[data-place]")) tell(node, block, read(node, "data-place"));
  }
  return JSON.stringify(told);
})()
"""
"""Reads where the blocks and their marked items lie. It runs in our world, where a page can change no
function of ours: all that a page can say here is two short words for each place."""

SHOW_PART = """
(() => {
  "use strict";
  const all = (under, words) => [...Element.prototype.querySelectorAll.call(under, words)];
  for (const part of all(document.documentElement, "section[data-block]")) {
    if (Element.prototype.getAttribute.call(part, "data-block") !== BLOCK) continue;
    const same = (node) => Element.prototype.getAttribute.call(node, "data-place") === ITEM;
    const node = all(part, "[data-place]").find(same) || part;
    Element.prototype.scrollIntoView.call(node, { block: "nearest" });
  }
})(); 0
"""

IS_READY = "document.documentElement.dataset.ready === '1'"

OUR_EAR = """
(() => {
  "use strict";
  const early = [];
  let door = null, second = 0, count = 0;
  const tell = (what) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) { second = now; count = 0; }
    if (++count > 60) return;
    const words = JSON.stringify(what);
    if (door) door.tell(words); else if (early.length < 60) early.push(words);
  };
  new QWebChannel(qt.webChannelTransport, (channel) => {
    door = channel.objects.door;
    for (const words of early.splice(0)) door.tell(words);
  });
  document.addEventListener("sprout", (event) => {
    const detail = event.detail || {};
    tell({ kind: "event", block: String(detail.block).slice(0, 8), event: String(detail.event).slice(0, 16) });
  });
  const isReady = () => Boolean(document.documentElement) && document.documentElement.dataset.ready === "1";
  const watch = new MutationObserver(() => {
    if (!isReady()) return;
    watch.disconnect();
    tell({ kind: "ready" });
  });
  watch.observe(document, { attributes: true, attributeFilter: ["data-ready"], childList: true, subtree: true });
})();
"""


def _register_scheme() -> None:
    """Make our scheme known; Chromium wants this before its first object exists."""
    if QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name() == SCHEME.encode():
        return
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)  # no local access, no fetch, no service workers
    QWebEngineUrlScheme.registerScheme(scheme)


_register_scheme()


class _Files(QWebEngineUrlSchemeHandler):
    """Hand out the one page, with the first wall as its header."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.html = b""

    def requestStarted(self, job: Any) -> None:
        if not _is_home(job.requestUrl()):
            job.fail(job.Error.UrlNotFound)
            return
        headers = {"Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff"}
        job.setAdditionalResponseHeaders(
            {QByteArray(name.encode()): [QByteArray(value.encode())] for name, value in headers.items()}
        )
        buffer = QBuffer(job)
        buffer.setData(self.html)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(b"text/html; charset=utf-8", buffer)


class _Interceptor(QWebEngineUrlRequestInterceptor):
    """Block every address but the page's own."""

    def interceptRequest(self, info: Any) -> None:
        url = info.requestUrl()
        own = url.scheme() == SCHEME and url.host() == HOME.host()
        info.block(not own and url.scheme() not in ("data", "blob"))


class _Door(QObject):
    """Take the few words that our isolated script says; the page itself cannot see this object."""

    heard = Signal(dict)

    @Slot(str)
    def tell(self, words: str) -> None:
        """Take one small JSON object; anything else is dropped."""
        if len(words) > DOOR_CHARACTERS:
            return
        try:
            message = json.loads(words)
        except ValueError:
            return
        if isinstance(message, dict):
            self.heard.emit(message)


class LockedPage(QWebEnginePage):
    """Play one page behind all walls, and tell what happens to it.

    `stopped` carries "crashed", "hung", "bloated" or "ended" (by `stop_page`) once the renderer has gone.
    """

    ready = Signal()
    app_event = Signal(str, str)
    console_line = Signal(str, str, int)
    alerted = Signal(str)
    stopped = Signal(str)

    def __init__(self, profile: QWebEngineProfile, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._lines = 0
        self._last_alert = -ALERT_GAP_S
        self._files = _Files(self)
        self._door = _Door(self)
        self._channel = QWebChannel(self)
        profile.installUrlSchemeHandler(SCHEME.encode(), self._files)
        self._set_attributes()
        self._refuse_requests()
        self._add_scripts()
        self._stands = False
        self._door.heard.connect(self._on_heard)
        self.loadFinished.connect(self._on_load_finished)
        self.watchdog = Watchdog(self)
        self.renderProcessTerminated.connect(self._on_terminated)

    def show_html(self, html: str) -> None:
        """Load `html` from its start; the count of console lines begins anew."""
        self._files.html = html.encode()
        self._lines = 0
        self._stands = False
        self.watchdog.begin()
        self.load(HOME)

    def run(self, script: str, *, done: Callable[[Any], None] | None = None, ours: bool = False) -> None:
        """Run `script` in the page's world, or in ours, and hand its value to `done`."""
        self.runJavaScript(script, OUR_WORLD if ours else MAIN_WORLD, done or _ignore)

    def where_parts_are(self, done: Callable[[Any], None]) -> None:
        """Hand `done` what the page says about where its parts lie: JSON, to be checked before it is used."""
        self.run(WHERE_PARTS_ARE.replace("MOST", str(MOST_PLACES)), done=done, ours=True)

    def show_part(self, block: str, item: str) -> None:
        """Scroll to a part, or to one item of it, by the words that `where_parts_are` told."""
        words = SHOW_PART.replace("BLOCK", json.dumps(block)).replace("ITEM", json.dumps(item))
        self.run(words, ours=True)

    def scroll_by(self, right: int, down: int) -> None:
        """Scroll the page by so many pixels."""
        self.run(f"window.scrollBy({right:d}, {down:d}); 0", ours=True)

    def _set_attributes(self) -> None:
        for name in OFF:
            self.settings().setAttribute(getattr(QWebEngineSettings.WebAttribute, name), False)
        for name in ON:
            self.settings().setAttribute(getattr(QWebEngineSettings.WebAttribute, name), True)

    def _refuse_requests(self) -> None:
        self.permissionRequested.connect(lambda permission: permission.deny())
        self.fileSystemAccessRequested.connect(lambda request: request.reject())
        self.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        self.fullScreenRequested.connect(lambda request: request.reject())
        self.desktopMediaRequested.connect(lambda request: request.cancel())
        self.webAuthUxRequested.connect(lambda request: request.cancel())

    def _add_scripts(self) -> None:
        channel = QFile(":/qtwebchannel/qwebchannel.js")
        channel.open(QIODevice.OpenModeFlag.ReadOnly)
        library = bytes(channel.readAll().data()).decode()
        self._insert("without-ways-out", WITHOUT_WAYS_OUT, MAIN_WORLD, frames=True)
        self._insert("host", HOST, MAIN_WORLD, frames=False)
        self._insert("our-ear", library + OUR_EAR, OUR_WORLD, frames=False)
        self._channel.registerObject("door", self._door)
        self.setWebChannel(self._channel, OUR_WORLD)

    def _insert(self, name: str, source: str, world: int, *, frames: bool) -> None:
        script = QWebEngineScript()
        script.setName(name)
        script.setSourceCode(source)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setWorldId(world)
        script.setRunsOnSubFrames(frames)
        self.scripts().insert(script)

    def add_page_script(self, name: str, source: str) -> None:
        """Run `source` in the page's world before the page's first line (for the probe's clock)."""
        self._insert(name, source, MAIN_WORLD, frames=False)

    def _on_heard(self, message: dict[str, Any]) -> None:
        if message.get("kind") == "ready":
            self._tell_ready()
        elif message.get("kind") == "event":
            self.app_event.emit(str(message.get("block", "")), str(message.get("event", "")))

    def _on_load_finished(self, well: bool) -> None:
        # Seen on a busy machine, after a crash: the first words of the new renderer never came through the door.
        if well and not self._stands:
            self.run(IS_READY, done=self._on_asked, ours=True)

    def _on_asked(self, is_ready: Any) -> None:
        if is_ready and shiboken6.isValid(self):
            self._tell_ready()

    def _tell_ready(self) -> None:
        if not self._stands:
            self._stands = True
            self.ready.emit()

    def _on_terminated(self, status: QWebEnginePage.RenderProcessTerminationStatus, _code: int) -> None:
        reason = self.watchdog.end()
        ended = status == QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if reason or not ended:
            self.stopped.emit(reason or "crashed")

    # Qt overrides: what Chromium asks, and the answer is no

    def acceptNavigationRequest(self, url: QUrl | str, kind: Any, is_main_frame: bool) -> bool:
        return bool(is_main_frame and _is_home(QUrl(url)))

    def createWindow(self, kind: Any) -> None:  # type: ignore[override]
        return None

    def chooseFiles(self, mode: Any, old: Any, types: Any) -> list[str]:
        return []

    def javaScriptAlert(self, origin: QUrl | str, message: str) -> None:
        now = time.monotonic()
        if now - self._last_alert >= ALERT_GAP_S:
            self._last_alert = now
            self.alerted.emit(message[:CONSOLE_CHARACTERS])

    def javaScriptConfirm(self, origin: QUrl | str, message: str) -> bool:
        return False

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str) -> tuple[bool, str]:
        return (False, "")

    def javaScriptConsoleMessage(self, level: Any, message: str, line: int, source: str) -> None:
        self._lines += 1
        if self._lines <= CONSOLE_LINES:
            name = level.name.removesuffix("MessageLevel").lower()
            self.console_line.emit(name, message[:CONSOLE_CHARACTERS], line)


class Watchdog(QObject):
    """Stop a renderer that no longer answers, or that takes too much memory.

    It counts its own beats and not the clock, so that a busy window is never taken for a hung page.
    """

    def __init__(self, page: LockedPage) -> None:
        super().__init__(page)
        self._page = page
        self._missed = 0
        self._reason = ""
        self.memory_bytes = MEMORY_BYTES
        self._ping = QTimer(self, interval=PING_MS)
        self._ping.timeout.connect(self._on_ping)
        self._weigh = QTimer(self, interval=PING_MS // 4)
        self._weigh.timeout.connect(self._on_weigh)

    def begin(self) -> None:
        """Watch from now on."""
        self._missed, self._reason = 0, ""
        self._ping.start()
        self._weigh.start()

    def end(self) -> str:
        """Stop watching; return why the renderer was stopped, or nothing if it was not us."""
        self._ping.stop()
        self._weigh.stop()
        return self._reason

    @property
    def waiting(self) -> bool:
        """Tell whether the page owes an answer: then it may be stuck."""
        return self._missed > 1

    def stop_page(self) -> None:
        """End the renderer now, so that the next load begins in a new one."""
        self._stop("ended")

    def set_pace(self, ping_ms: int) -> None:
        """Beat each `ping_ms`; tests are in a hurry."""
        self._ping.setInterval(ping_ms)

    def _on_ping(self) -> None:
        if self._page.renderProcessPid() <= 0:
            return
        self._missed += 1
        if self._missed > MISSED_PINGS:
            self._stop("hung")
        else:
            self._page.run("1", done=self._on_answer, ours=True)

    def _on_answer(self, _value: Any) -> None:
        if shiboken6.isValid(self):
            self._missed = 0

    def _on_weigh(self) -> None:
        pid = self._page.renderProcessPid()
        if pid > 0 and resident_bytes(pid) > self.memory_bytes:
            self._stop("bloated")

    def _stop(self, reason: str) -> None:
        if self._reason:
            return
        self._reason = reason
        with contextlib.suppress(OSError):  # it may go by itself between the question and the answer
            os.kill(self._page.renderProcessPid(), getattr(signal, "SIGKILL", signal.SIGTERM))


class LockedView(QWebEngineView):
    """Show one locked page in a profile of its own that is never written to disk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = QWebEngineProfile()
        self._profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self._profile.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
        )
        self._profile.setPushServiceEnabled(False)
        self._interceptor = _Interceptor(self._profile)
        self._profile.setUrlRequestInterceptor(self._interceptor)
        self._profile.downloadRequested.connect(lambda download: download.cancel())
        self.locked = LockedPage(self._profile, self)
        self.setPage(self.locked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)

    def close_page(self) -> None:
        """Take everything down in the order that Chromium needs: view, page, profile."""
        if not shiboken6.isValid(self):
            return
        page, profile = self.locked, self._profile
        page.watchdog.end()
        page.setParent(None)
        shiboken6.delete(self)
        shiboken6.delete(page)
        shiboken6.delete(profile)


def resident_bytes(pid: int) -> int:
    """Return the memory that process `pid` holds, or 0 where the system does not say."""
    if sys.platform == "linux":
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")
    try:
        import psutil  # optional: without it Windows and macOS have the ping alone
    except ImportError:
        return 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _is_home(url: QUrl) -> bool:
    """Tell whether `url` is the page itself, at whatever place in it."""
    return (url.scheme(), url.host(), url.path(), url.query()) == (
        HOME.scheme(),
        HOME.host(),
        HOME.path(),
        "",
    )


def _ignore(_value: Any) -> None:
    """Take a result that nobody wants."""

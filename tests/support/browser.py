"""Play a page in the real engine and wait for it: what the tests of the runtime press and read.

The page gets an origin of its own (https://app.invalid/) and no network. Everything here is synchronous:
a call returns once the engine answered, or raises when the patience of a test is over.
"""

# ruff: noqa: E402 - the environment must stand before Qt WebEngine is imported
from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ui import sandbox

# Before Qt WebEngine starts: the walls of the product, no screen, no graphics card.
os.environ.setdefault(sandbox.ALLOW_UNSANDBOXED, "tests")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
if "--disable-gpu" not in os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", ""):
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = (
        os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "") + " --disable-gpu"
    )
sandbox.prepare(headless=True)
if os.environ.get(
    "SPROUT_TEST_CALM"
):  # a child process of a test: the wish for less motion, as a system sets it
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] += " --force-prefers-reduced-motion"

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer, QUrl, qInstallMessageHandler
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QWidget

import ui.locked_page  # noqa: F401 - makes the studio's own scheme known before Chromium's first object stands

PATIENCE_S = 20
ORIGIN = QUrl("https://app.invalid/")
NO_GRAPHICS_CARD = ("RHI", "QRhi", "GPUInfo", "Vulkan")
"""What Qt says once, when the first view of a process stands on a machine without a graphics card."""


@contextlib.contextmanager
def _without_words_about_graphics() -> Iterator[None]:
    def hear(kind: Any, context: Any, words: str) -> None:
        if former is not None and not any(name in words for name in NO_GRAPHICS_CARD):
            former(kind, context, words)

    former = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(former)


class _Wall(QWebEngineUrlRequestInterceptor):
    """Note every address that is not inside the page, and let none out."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def interceptRequest(self, info: Any) -> None:
        address = info.requestUrl().toString()
        if info.requestUrl().scheme() not in ("data", "blob") and address != ORIGIN.toString():
            self.asked.append(address)
            info.block(True)


class _Page(QWebEnginePage):
    """Keep what the page writes to its console."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        super().__init__(profile)
        self.console: list[str] = []

    def javaScriptConsoleMessage(self, level: Any, text: str, line: int, source: str) -> None:
        self.console.append(f"{level.name} {text} (line {line})")


class Browser:
    """Hold one page of a given size; use it as a context manager."""

    def __init__(self, width: int = 360, height: int = 640, *, before: str = "") -> None:
        self._app = QApplication.instance() or QApplication(["tests"])
        with _without_words_about_graphics():
            self.profile = QWebEngineProfile()  # without a name: keeps nothing on the disk
        self.wall = _Wall()
        self.profile.setUrlRequestInterceptor(self.wall)
        self.page = _Page(self.profile)
        settings = self.page.settings()
        settings.setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
        if before:
            script = QWebEngineScript()
            script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
            script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld.value)
            script.setSourceCode(before)
            self.page.scripts().insert(script)
        with _without_words_about_graphics():
            self.view = QWebEngineView()
            self.view.setPage(self.page)
            self.view.resize(width, height)
            self.view.show()
            self.load("<link rel=icon href=data:,>", ready="")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def console(self) -> list[str]:
        """Return what the page wrote to its console so far."""
        return self.page.console

    def close(self) -> None:
        """Give the engine back: first the view, then the page, then its profile."""
        import shiboken6

        for thing in (self.view, self.page, self.profile):
            shiboken6.delete(thing)

    def load(self, html: str, *, ready: str = "document.documentElement.dataset.ready === '1'") -> None:
        """Show a page and wait until it says that it stands."""
        loaded: list[bool] = []
        self.page.loadFinished.connect(loaded.append)
        self.page.setHtml(html, ORIGIN)
        self._until(lambda: bool(loaded), "the page to load")
        self.page.loadFinished.disconnect(loaded.append)
        if ready:
            self.wait(ready)

    def run(self, script: str) -> Any:
        """Return what an expression gives in the page (as JSON carries it)."""
        answers: list[Any] = []
        self.page.runJavaScript(f"JSON.stringify((() => ({script}))() ?? null)", 0, answers.append)
        self._until(lambda: bool(answers), f"an answer to {script[:120]}")
        assert isinstance(answers[0], str), f"no answer to {script[:300]}; console: {self.console[-3:]}"
        return json.loads(answers[0])

    def do(self, script: str) -> Any:
        """Run statements in the page; return what they return."""
        return self.run(f"(() => {{ {script} }})()")

    def wait(self, script: str, *, seconds: float = PATIENCE_S) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({script})"):
            assert time.monotonic() < end, f"waited in vain for {script}; console: {self.console[-3:]}"
            self.pause(0.02)

    def pause(self, seconds: float) -> None:
        """Let the page live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def click(self, selector: str, number: int = 0) -> None:
        """Click an element as a script does; the element must be there and not hidden."""
        clicked = self.do(
            f"const all = [...document.querySelectorAll({json.dumps(selector)})]"
            ".filter((one) => one.checkVisibility());"
            f"if (!all[{number}]) return false; all[{number}].click(); return true;"
        )
        assert clicked, f"nothing to click at {selector}: {self.text()[:400]}"

    def press(
        self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a real key: it goes through Qt and Chromium's own focus and typing."""
        text = key if isinstance(key, str) else {Qt.Key.Key_Return: "\r", Qt.Key.Key_Space: " "}.get(key, "")
        code = Qt.Key(ord(key.upper())) if isinstance(key, str) else key
        target = self._target()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, code, modifiers, text))
        self.pause(0.02)

    def _target(self) -> QWidget:
        self.view.activateWindow()
        self.view.setFocus()
        proxy = self.view.focusProxy()
        return proxy if isinstance(proxy, QWidget) else self.view

    def resize(self, width: int, height: int) -> None:
        """Change the size of the page and wait until it follows."""
        self.view.resize(width, height)
        self.wait(f"innerWidth === {width} && innerHeight === {height}")

    def text(self) -> str:
        """Return the words on the page."""
        return str(self.run("document.body.innerText"))

    def events(self) -> list[str]:
        """Return the events so far: `b1 right`."""
        return list(self.run("sprout.describe().events.map((one) => `${one.block} ${one.event}`)"))

    def sideways(self) -> list[str]:
        """Return what reaches out of the page at its sides; an empty list is right."""
        return list(
            self.do(
                "const wide = document.documentElement.clientWidth;"
                "const all = [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility());"
                "const out = (one) => { const box = one.getBoundingClientRect();"
                " return box.right > wide + 1 || box.left < -1; };"
                "const scrolls = document.documentElement.scrollWidth > wide;"
                "const clipped = scrolls ? 'svg' : 'svg, .sr, .deck, .reel, .party, .scene, .field';"
                "return [...(scrolls ? ['the page scrolls'] : []),"
                " ...all.filter((one) => !one.closest(clipped) && out(one)).map((one) => one.outerHTML.slice(0, 120))];"
            )
        )

    def picture(self, path: Path) -> None:
        """Save what the page looks like."""
        self.pause(0.4)
        self.view.grab().save(str(path))

    def _until(self, done: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < end, f"waited in vain for {what}; console: {self.console[-3:]}"
            self.pause(0.005)

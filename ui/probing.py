"""One page in the probe: load it, draw it, play it to its goals. Imports Qt WebEngine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtWebEngineCore import QWebEngineSettings
from PySide6.QtWidgets import QWidget

from ui.locked_page import LockedView
from ui.probe import BEAT_MS, READY_S, Report, TimeIsUp, Wanted, project_json

GOALS = {
    **dict.fromkeys(("quiz", "flashcards", "story", "timer", "checklist", "picker", "arcade"), "finish"),
    **dict.fromkeys(("poll", "journal", "texttool"), "finish"),
    **dict.fromkeys(("chatbot", "drawing", "calculator", "converter", "classifier", "counter"), "change"),
    **dict.fromkeys(("pet", "soundboard", "note"), "click"),
    "memory": "win",
}
"""The event that each kind of block is played to."""

MOST_MOVES = 400
FAST = 3_000
"""So many times faster runs the page while a countdown is waited for: two hours in 2.4 s."""
PATIENCE = 70
BLANK_TRIES = 20

CLOCK = """
(() => {
  "use strict";
  const real = { now: Date.now.bind(Date), perf: performance.now.bind(performance), Date,
    timeout: window.setTimeout.bind(window), interval: window.setInterval.bind(window),
    frame: window.requestAnimationFrame.bind(window) };
  let rate = 1, since = real.perf(), shown = since;
  const start = real.now() - real.perf();
  const now = () => shown + (real.perf() - since) * rate;
  performance.now = now;
  window.Date = class extends real.Date {
    constructor(...parts) { if (parts.length) super(...parts); else super(Math.floor(start + now())); }
    static now() { return Math.floor(start + now()); }
  };
  window.setTimeout = (work, ms, ...rest) => real.timeout(work, (ms || 0) / rate, ...rest);
  window.setInterval = (work, ms, ...rest) => real.interval(work, Math.max(4, (ms || 0) / rate), ...rest);
  window.requestAnimationFrame = (work) => real.frame(() => work(now()));
  document.addEventListener("probe-clock", (event) => { shown = now(); since = real.perf(); rate = event.detail; });
})();
"""
"""A clock that can be told to run faster, so that a timer of 25 minutes is played in a second."""

PLAYER = (Path(__file__).parent / "player.js").read_text(encoding="utf-8")
"""Tells the next move in one block."""


class Session:
    """Hold one page for as long as it is probed."""

    def __init__(self, report: Report, wanted: Wanted, check: Callable[[], None]) -> None:
        self._report, self._wanted, self._check = report, wanted, check
        self._end = time.monotonic() + wanted.limit_s
        self._stopped = ""
        self._slots: list[Any] = []
        self._view = LockedView()
        page = self._view.locked
        page.ready.connect(self._on_ready)
        page.app_event.connect(lambda block, event: report.events.append({"block": block, "event": event}))
        page.console_line.connect(self._on_console)
        page.stopped.connect(self._on_stopped)
        if wanted.play:
            page.add_page_script("probe-clock", CLOCK)
        # A bar at the edge of a small picture says nothing.
        self._view.settings().setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
        self._view.resize(wanted.width, wanted.height)
        self._view.show()

    def play(self, html: str, picture: Path | None) -> None:
        """Load the page, draw it and play it; what happened stands in the report."""
        self._slots = json.loads(project_json(html) or "{}").get("blueprint", {}).get("blocks", [])
        self._view.locked.show_html(html)
        self._spin(lambda: self._report.ready or self._stopped, READY_S)
        if not self._report.ready:
            self._report.errors.append(self._stopped or "the page did not say that it stands")
            return
        self._pause(self._wanted.wait_ms)
        if picture is not None:
            self._draw(picture)
        if self._wanted.play and not self._stopped:
            self._play_blocks()
        for error in self._describe().get("errors", []):
            self._blame(str(error))

    def close(self) -> None:
        """Take the page down."""
        self._view.close_page()

    # ------------------------------------------------------------------ playing

    def _play_blocks(self) -> None:
        blocks = [block for block in self._describe().get("blocks", []) if block["plays"]]
        for block in blocks:
            name = f"{block['id']} {block['type']}"
            goal = GOALS.get(block["type"])
            met = goal is not None and self._play_block(block["id"], goal)
            if met is None:
                self._report.cannot.append(name)
            elif not met:
                self._report.unmet.append(name)
        played = len(blocks) > len(self._report.cannot)
        self._report.goal = not self._report.unmet if played else None

    def _play_block(self, block: str, goal: str) -> bool | None:
        """Play one block; None if it lacks a model here and says so."""
        slots = self._slots[int(block[1:]) - 1]
        met = {"block": block, "event": goal}
        trouble = 0
        for _ in range(MOST_MOVES):
            if met in self._report.events:
                self._set_clock(1)
                return True
            told = self._ask(
                f"JSON.stringify(({PLAYER})({json.dumps(block)}, {json.dumps(slots)}))", ours=True
            )
            move = json.loads(told) if told else {"move": "missing"}
            if move["move"] == "press":
                trouble = 0
                self._press(move)
                continue
            if move["move"] == "cannot":
                return None
            if move["move"] in ("unknown", "missing") or trouble > PATIENCE:
                break
            trouble += 1
            if move["move"] == "wait":
                self._set_clock(FAST)  # a countdown runs: let it
            self._pause(40)
        self._set_clock(1)
        return met in self._report.events

    def _press(self, move: dict[str, Any]) -> None:
        target = self._target()
        spot = QPointF(float(move["x"]), float(move["y"]))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        pressed, moved, let_go = (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
        )
        strokes = [(pressed, spot, left), (let_go, spot, none)]
        if "to" in move:
            end = QPointF(float(move["to"]["x"]), float(move["to"]["y"]))
            strokes = [
                (pressed, spot, left),
                (moved, (spot + end) / 2, left),
                (moved, end, left),
                (let_go, end, none),
            ]
        for kind, at, buttons in strokes:
            button = none if kind == moved else left
            there = QPointF(target.mapToGlobal(at))
            event = QMouseEvent(kind, at, there, button, buttons, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(target, event)
        if "type" in move:
            self._pause(40)
            self._type(f"{move['type']}\r")
        self._pause(40)

    def _type(self, words: str) -> None:
        for letter in words:
            key = Qt.Key.Key_Return if letter == "\r" else Qt.Key.Key_unknown
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(self._target(), event)

    def _target(self) -> QWidget:
        proxy = self._view.focusProxy()
        return proxy if proxy is not None else self._view

    def _set_clock(self, rate: int) -> None:
        self._view.locked.run(f'document.dispatchEvent(new CustomEvent("probe-clock", {{ detail: {rate} }}))')

    # ------------------------------------------------------------------ drawing

    def _draw(self, picture: Path) -> None:
        for _ in range(BLANK_TRIES):
            image = self._view.grab().toImage()
            if not is_blank(image):
                break
            self._pause(60)
        if not image.save(str(picture)):
            self._report.errors.append("the picture could not be saved")
            return
        self._report.picture = str(picture)

    # ------------------------------------------------------------------ talking with the page

    def _describe(self) -> dict[str, Any]:
        told = self._ask(
            "window.sprout && sprout.describe ? JSON.stringify(sprout.describe()) : '{}'", ours=False
        )
        described: dict[str, Any] = json.loads(told) if isinstance(told, str) else {}
        return described

    def _ask(self, script: str, *, ours: bool) -> Any:
        answer: list[Any] = []
        self._view.locked.run(script, done=answer.append, ours=ours)
        self._spin(lambda: answer or self._stopped, READY_S)
        return answer[0] if answer else None

    def _on_ready(self) -> None:
        self._report.ready = True

    def _on_console(self, level: str, message: str, line: int) -> None:
        if level == "error":
            self._blame(f"{message} (line {line})")

    def _blame(self, message: str) -> None:
        known = any(
            message in error or error.partition(" (line")[0].endswith(message)
            for error in self._report.errors
        )
        if not known and len(self._report.errors) < 100:
            self._report.errors.append(message)

    def _on_stopped(self, reason: str) -> None:
        self._stopped = f"the page {reason}"
        if self._report.ready:
            self._blame(self._stopped)

    # ------------------------------------------------------------------ time

    def _pause(self, ms: float) -> None:
        self._spin(lambda: False, ms / 1000)

    def _spin(self, until: Callable[[], Any], timeout_s: float) -> None:
        """Turn the event loop until something is true or so much time has passed."""
        loop = QEventLoop()
        end = time.monotonic() + timeout_s

        def beat() -> None:
            if until() or time.monotonic() >= min(end, self._end) or self._is_over():
                loop.quit()

        timer = QTimer(interval=BEAT_MS)
        timer.timeout.connect(beat)
        timer.start()
        loop.exec()
        timer.stop()
        self._check()
        if time.monotonic() >= self._end:
            raise TimeIsUp

    def _is_over(self) -> bool:
        try:
            self._check()
        except Exception:  # noqa: BLE001 - whatever it is, it is raised again outside of Qt's loop
            return True
        return False


def is_blank(image: QImage) -> bool:
    """Tell whether a picture has one colour only: then Chromium has not painted yet."""
    small = image.scaled(24, 24).convertToFormat(QImage.Format.Format_RGB32)
    first = small.pixel(0, 0)
    return all(small.pixel(x, y) == first for x in range(24) for y in range(24))

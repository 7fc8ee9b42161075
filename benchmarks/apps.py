"""How soon an app paints, how large pages and blocks are: `python -m benchmarks.apps [--rounds N]`.

First paint is Chromium's own `first-contentful-paint`, from the start of the navigation, for an empty page with one
word and for a page of six full blocks, loaded in turn into the same view; an app paints its bar first, so the moment
at which all six blocks stand is told too. Sizes are bytes of UTF-8.
"""

# ruff: noqa: E402 - the environment must stand before Qt WebEngine is imported
from __future__ import annotations

import argparse
import json
import os
import statistics
from typing import Any

from ui import sandbox

os.environ.setdefault(sandbox.ALLOW_UNSANDBOXED, "benchmark")
sandbox.prepare(headless=True)

import shiboken6
from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineScript
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

import resources
from studio.blueprints import KINDS, Blueprint, new_block, normalise
from studio.blueprints.limits import list_limits
from studio.blueprints.render import lean_script, lean_style, render
from studio.builder.starters import load_starters
from studio.projects.rows import new_document

EMPTY = "<!doctype html><html><head><title>x</title></head><body>Hello</body></html>"
SIX = ("quiz", "flashcards", "story", "checklist", "memory", "soundboard")
ID = "00000000-0000-4000-8000-000000000000"
PAINTED = "JSON.stringify(performance.getEntriesByName('stands').map((one) => one.startTime))"
WATCH = """new MutationObserver((_, watch) => {
  if (document.documentElement.dataset.ready !== "1") return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("stands")));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });"""
"""Runs before a page's first line, and marks the moment after the frame in which the app stands whole."""
PAINT = "JSON.stringify(performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime))"


def full(kind: str) -> dict[str, Any]:
    """Return a block of a kind with as many items in its lists as the schema takes, up to twelve."""
    block = new_block(kind)
    data = dict(block.model_dump(mode="json", by_alias=True))
    for name, limit in list_limits(type(block)).items():
        most = min(12, limit[1])
        if data[name]:
            data[name] = [
                _named(item, number) for number, item in enumerate((data[name] * most)[:most], start=1)
            ]
    return data


def _named(item: Any, number: int) -> Any:
    """Return an item that differs from its copies, so that nothing is dropped as a repeat."""
    if isinstance(item, dict):
        words = {"ask", "front", "label", "text", "a", "b"}
        return {key: f"{value} {number}"[:24] if key in words else value for key, value in item.items()}
    return f"{item} {number}" if isinstance(item, str) else item


def six_blocks() -> str:
    """Return the page of six full blocks in a stack."""
    look = load_starters()[0].blueprint.model_dump(mode="json", by_alias=True)
    blocks = [full(kind) for kind in SIX]
    made = Blueprint.model_validate({**look, "layout": "stack", "blocks": blocks, "rules": []})
    return render(new_document(ID, normalise(made), {}, ()))


class Screen:
    """Hold one view, and load pages into it one after the other."""

    def __init__(self) -> None:
        self.app = QApplication.instance() or QApplication(["benchmark"])
        self.profile = QWebEngineProfile()
        self.page = QWebEnginePage(self.profile)
        watch = QWebEngineScript()
        watch.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        watch.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld.value)
        watch.setSourceCode(WATCH)
        self.page.scripts().insert(watch)
        self.view = QWebEngineView()
        self.view.setPage(self.page)
        self.view.resize(1280, 800)
        self.view.show()

    def first_paint_ms(self, html: str) -> float:
        """Return how long the page took to paint its first content."""
        loop = QEventLoop()
        self.page.loadFinished.connect(loop.quit)
        self.page.setHtml(html, QUrl("https://app.invalid/"))
        loop.exec()
        self.page.loadFinished.disconnect(loop.quit)
        return self.ask(PAINT)

    def ask(self, script: str) -> float:
        """Return the first number of the list that a script gives, as soon as it has one."""
        loop = QEventLoop()
        told: list[str] = []

        def hear(value: str) -> None:
            told.append(value)
            loop.quit()

        while not told or not json.loads(told[-1]):
            self.page.runJavaScript(script, 0, hear)
            loop.exec()
            QTimer.singleShot(5, loop.quit)
            loop.exec()
        return float(json.loads(told[-1])[0])


def sizes() -> dict[str, Any]:
    """Return the bytes of the page with everything and of each block's script and style, as a page carries them."""
    blocks = resources.folder() / "runtime" / "blocks"
    lean = {
        file.stem: len(lean_script(file.read_text("utf-8")).encode())
        + (
            len(lean_style(style.read_text("utf-8")).encode())
            if (style := file.with_suffix(".css")).is_file()
            else 0
        )
        for file in sorted(blocks.glob("*.js"))
    }
    scripts = [file.stat().st_size for file in blocks.glob("*.js")]
    return {
        "the runtime of all twenty kinds in one page, bytes": len(
            render(load_starters()[0].document, room_for=KINDS).encode()
        ),
        "script of a block as written, mean bytes": round(statistics.mean(scripts)),
        "script and style of each block in a page, bytes": lean,
    }


def main() -> None:
    """Measure in turn; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    screen, page = Screen(), six_blocks()
    screen.first_paint_ms(EMPTY)
    screen.first_paint_ms(page)
    empty, six, whole = [], [], []
    for _ in range(rounds):
        empty.append(screen.first_paint_ms(EMPTY))
        six.append(screen.first_paint_ms(page))
        whole.append(screen.ask(PAINTED))
    told = {
        "rounds": rounds,
        "first paint of an empty page, median ms": round(statistics.median(empty), 1),
        "first paint of six full blocks, median ms": round(statistics.median(six), 1),
        "six full blocks stand whole and painted, median ms": round(statistics.median(whole), 1),
        "ratio of the first paints": round(statistics.median(six) / statistics.median(empty), 2),
        "page of six full blocks, bytes": len(page.encode()),
        **sizes(),
    }
    print(json.dumps(told, indent=1))
    for thing in (screen.view, screen.page, screen.profile):
        shiboken6.delete(thing)


if __name__ == "__main__":
    main()

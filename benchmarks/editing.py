"""How long an edit by hand takes until the app shows it, in the program's own window on a throwaway home.

An edit is settled in the inspector, kept as a step on the disk and shown in the page that plays. The time runs from
the settling until the page says that it has drawn the new words (two frames after the change), on the clock of this
process. A `nothing` row says what asking the page costs by itself. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from studio.blueprints import Blueprint, new_block, to_json
from studio.phrases import phrase
from ui.app import Program, make_application
from ui.make.places import Place
from ui.widgets.preview import State

PROMISE_MS = 150
WATCH = """
window.benchChanged = window.benchDrawn = 0;
new MutationObserver(() => {
  const now = window.benchChanged += 1;
  requestAnimationFrame(() => requestAnimationFrame(() => { window.benchDrawn = now; }));
}).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
0"""
SHOWS = (
    "document.body.innerText.includes(WORDS) && window.benchChanged > 0"
    " && window.benchDrawn === window.benchChanged"
)


def spin(until: Callable[[], Any], limit_s: float = 30.0) -> None:
    """Turn the event loop until something is true."""
    end = time.monotonic() + limit_s
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents()
        time.sleep(0.0005)


class Bench:
    """Hold a window in which an app of several parts plays, with its inspector open."""

    def __init__(self, home: Path) -> None:
        self.app: QApplication = make_application()
        self.program = Program(self.app, home)
        self.program.services.settings.set("who", "me")
        self.program.start()
        self.window = self.program.window
        self.window.resize(1280, 800)
        self.page = self.window.make_page()
        kinds = ("quiz", "note", "checklist", "flashcards")
        blocks = [json.loads(to_json(new_block(kind))) for kind in kinds]
        blocks[0]["shuffle"] = False
        plain = json.loads(to_json(self.program.services.builder.starters()[0].blueprint))
        made = Blueprint.model_validate({**plain, "title": "Bench", "blocks": blocks, "rules": []})
        project = self.program.services.projects.create(made, words=phrase("Made"))
        self.window.open_project(project.id)
        spin(lambda: self.page.preview.state is State.RUNNING and not self.page.busy)
        self.page.preview.page.run(WATCH, ours=True)

    def shows(self, words: str) -> bool:
        """Tell whether the page shows words, once it has drawn what it was told."""
        said: list[Any] = []
        script = SHOWS.replace("WORDS", json.dumps(words))
        self.page.preview.page.run(script, done=said.append, ours=True)
        spin(lambda: bool(said))
        return bool(said[0])

    def edit(self, place: Place, name: str, words: str) -> float:
        """Type words into a field, settle, and return the ms until the page shows them."""
        self.page.inspector.open_place(place)
        spin(lambda: not self.page.busy)
        field = self.page.inspector.fields()[name]
        control = field.control()
        (control.setPlainText if hasattr(control, "setPlainText") else control.setText)(words)
        begun = time.perf_counter()
        field.settle()
        spin(lambda: self.shows(words))
        took = (time.perf_counter() - begun) * 1000
        spin(lambda: not self.page.busy)
        return took

    def nothing(self) -> float:
        """Return the ms of one question to the page."""
        begun = time.perf_counter()
        self.shows("Bench")
        return (time.perf_counter() - begun) * 1000


def told(times: list[float]) -> dict[str, float]:
    """Return the middle and the worst of some times, in ms."""
    ordered = sorted(times)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[max(0, round(len(ordered) * 0.95) - 1)], 1),
        "worst_ms": round(ordered[-1], 1),
    }


def main() -> None:
    """Measure edits of the name of the app, of a note and of a question, and print what they took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home))
        cases = {
            "title": (Place(), "title"),
            "note": (Place(1), "text"),
            "question": (Place(0, "questions", 0), "ask"),
        }
        found: dict[str, Any] = {"promise_ms": PROMISE_MS, "rounds": rounds}
        for case, (place, name) in cases.items():
            bench.edit(place, name, f"warm up {case}")
            found[case] = told([bench.edit(place, name, f"{case} {count}") for count in range(rounds)])
        found["nothing"] = told([bench.nothing() for _ in range(rounds)])
        print(json.dumps(found, indent=1))
        bench.window.close()
        bench.program.close()


if __name__ == "__main__":
    main()

"""One child's first project, from the wish to the remix, in the real window in a throwaway home.

Everything is done as a person does it: words typed into boxes, buttons pressed, answers clicked in
the app itself. Between two sittings the whole program is closed and built again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from studio.blueprints import to_json
from ui.app import Program
from ui.make.lists import ItemRow
from ui.widgets.preview import Preview, State

PATIENCE_MS = 20_000

CLICK_ANSWER = """
(() => {
  const rightOf = %s;
  const next = document.querySelector('[data-act="next"]');
  if (next && next.offsetParent) { next.click(); return 'next'; }
  const answers = [...document.querySelectorAll('[data-act="answer"]')];
  const shown = document.querySelector('[data-type="quiz"]').textContent;
  const ask = Object.keys(rightOf).filter(words => shown.includes(words)).sort((a, b) => b.length - a.length)[0];
  const right = answers.find(one => !one.disabled && one.textContent.includes(rightOf[ask]));
  if (right) { right.click(); return 'answer'; }
  return 'wait';
})()
"""


class Child:
    """Sit in front of the window and do one thing after the other."""

    def __init__(self, program: Program, qtbot) -> None:
        self.program, self.window, self.qtbot = program, program.window, qtbot

    def find(self, kind: type, name: str):
        found = [one for one in self.window.findChildren(kind, name) if one.isVisible()]
        assert found, f"no visible {name}"
        return found[-1]

    def press(self, name: str) -> None:
        self.qtbot.waitUntil(
            lambda: any(
                one.isVisible() and one.isEnabled() for one in self.window.findChildren(QAbstractButton, name)
            ),
            timeout=PATIENCE_MS,
        )
        self.qtbot.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def type_into(self, name: str, words: str) -> None:
        box = self.find(QWidget, name)
        box.setFocus()
        self.qtbot.keyClicks(box, words)

    def wait(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=PATIENCE_MS)

    def rows(self, inspector: QWidget) -> list[ItemRow]:
        return [row for row in inspector.findChildren(ItemRow) if row.isVisible()]

    def open_row(self, inspector: QWidget, index: int) -> None:
        self.qtbot.mouseClick(self.rows(inspector)[index], Qt.MouseButton.LeftButton)

    @property
    def preview(self) -> Preview:
        return self.find(Preview, "make.preview")

    @property
    def project(self):
        return self.window.make_page().project

    @property
    def blueprint(self) -> dict:
        return json.loads(to_json(self.program.services.projects.get(self.project.id).document))["blueprint"]

    def wait_for_steps(self, count: int, at: int) -> None:
        self.wait(
            lambda: (
                self.project is not None and len(self.project.steps) == count and self.project.current == at
            )
        )

    def rewrite_question(self, index: int, words: str) -> None:
        """Open the quiz, then one question, in the inspector, and type over its words."""
        inspector = self.find(QWidget, "make.inspector")
        self.open_row(inspector, 0)
        self.wait(lambda: len(self.rows(inspector)) == len(self.blueprint["blocks"][0]["questions"]))
        self.open_row(inspector, index)
        self.wait(lambda: any(box.isVisible() for box in inspector.findChildren(QPlainTextEdit)))
        box = next(box for box in inspector.findChildren(QPlainTextEdit) if box.isVisible())
        box.selectAll()
        self.qtbot.keyClicks(box, words)

    def play_quiz_to_its_end(self) -> list[str]:
        """Click the right answers until the app says that it is finished; return the app's events."""
        preview, events = self.preview, []
        self.wait(lambda: preview.state is State.RUNNING)
        preview.app_event.connect(lambda block, event: events.append(event))
        questions = self.blueprint["blocks"][0]["questions"]
        rights = json.dumps({question["ask"]: question["right"] for question in questions})
        for _ in range(200):
            if "finish" in events:
                break
            with self.qtbot.waitCallback(timeout=PATIENCE_MS) as clicked:
                preview.page.run(CLICK_ANSWER % rights, done=clicked)
            self.qtbot.wait(60)
        preview.app_event.disconnect()
        return events


def play_in_a_child(page: Path) -> dict:
    """Play a shared page to its goal in a process of its own; return what the probe tells."""
    command = [sys.executable, "-m", "ui.probe", str(page), "--play", "--json"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    return json.loads(played.stdout.splitlines()[-1])


@contextmanager
def sitting(qapp, qtbot, home: Path) -> Iterator[Child]:
    """Open the program, and close it whole at the end."""
    program = Program(qapp, home)
    program.theme.use("light", motion="off")
    program.window.resize(1280, 800)
    program.start()
    try:
        yield Child(program, qtbot)
    finally:
        program.close()


def test_from_the_wish_to_the_remix(qapp, qtbot, tmp_path):
    home, shared = tmp_path / "home", tmp_path / "shared"

    with sitting(qapp, qtbot, home) as child:
        child.program.services.settings.set("share_folder", str(shared))
        child.press("first.child")
        child.type_into("home.wish", "a quiz about planets")
        child.press("home.go")
        child.wait_for_steps(1, 0)
        first = child.blueprint
        assert first["blocks"][0]["type"] == "quiz"

        assert {"right", "finish", "win"} <= set(child.play_quiz_to_its_end())

        child.type_into("make.input", "make it purple")
        child.press("make.send")
        child.wait_for_steps(2, 1)
        purple = child.blueprint
        assert purple["theme"] != first["theme"]
        assert {**purple, "theme": None} == {**first, "theme": None}, "only the colours were asked for"

        child.rewrite_question(1, "Which one is my favourite?")
        child.wait_for_steps(3, 2)
        edited = child.blueprint
        assert edited["blocks"][0]["questions"][1]["ask"] == "Which one is my favourite?"

        child.press("make.undo")
        child.wait_for_steps(3, 1)
        assert child.blueprint == purple
        child.press("make.redo")
        child.wait_for_steps(3, 2)
        assert child.blueprint == edited
        project_id = child.project.id

    with sitting(qapp, qtbot, home) as child:
        assert [item.id for item in child.program.services.projects.list()] == [project_id]
        child.window.open_project(project_id)
        child.wait_for_steps(3, 2)
        assert child.blueprint == edited
        child.wait(lambda: child.preview.state is State.RUNNING)
        child.press("make.share")
        child.wait(lambda: child.window.findChild(QLineEdit, "share.name") is not None)
        child.press("share.page")
        child.wait(lambda: list(shared.glob("*.html")) != [])
        (page,) = shared.glob("*.html")
        child.press("shared.done")

    report = play_in_a_child(page)
    assert (report["ready"], report["goal"], report["errors"]) == (True, True, [])

    with sitting(qapp, qtbot, home) as child:
        child.window.home_page().open_file(page)
        child.wait(lambda: len(child.program.services.projects.list()) == 2)
        remix = child.program.services.projects.list()[0]
        assert remix.id != project_id
        document = child.program.services.projects.get(remix.id).document
        assert json.loads(to_json(document))["blueprint"] == edited
        assert document.credits[-1].id == project_id

"""The steps of a project: Undo and Redo with words, and the pictures on their stem."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from studio.projects import Project, Step
from ui.theme import Theme
from ui.widgets import StepsStrip, StripStep, app_scene, button, col, frame, row, text
from ui.widgets.painted import Scene
from ui.words import say


class Timeline(QFrame):
    """Show where a project stands among its steps; every step can be gone to."""

    undo_asked = Signal()
    redo_asked = Signal()
    step_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.undo = button(
            theme,
            self.tr("Undo"),
            "quiet",
            "arrow-u-up-left-bold",
            size="small",
            clicked=self.undo_asked.emit,
        )
        self.undo.setObjectName("make.undo")
        self.redo = button(
            theme,
            self.tr("Redo"),
            "quiet",
            "arrow-u-up-right-bold",
            size="small",
            clicked=self.redo_asked.emit,
        )
        self.redo.setObjectName("make.redo")
        self.strip = StepsStrip(theme, self.tr("Steps"))
        self.strip.setObjectName("make.timeline")
        self.strip.chosen.connect(self.step_chosen)
        head = row(text(self.tr("Steps"), "strong"), None, self.undo, self.redo, gap=0)
        self._pictures = frame("panel", col(self.strip, margins=(0, 4, 0, 2), gap=0))
        self.setLayout(col(head, self._pictures, margins=(16, 6, 8, 6), gap=0))
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that there is no step yet."""
        self.strip.set_steps([], -1)
        self._can_undo = False
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)

    def show_project(self, project: Project) -> None:
        """Show the steps of a project and which one is shown."""
        self.strip.set_steps([_strip_step(step) for step in project.steps], project.current)
        self._can_undo = project.can_undo
        self.undo.setEnabled(project.can_undo)
        self.redo.setEnabled(project.can_redo)
        undone = say(project.step.words)
        self.undo.setToolTip(self.tr("Undo: {words}").format(words=undone) if project.can_undo else "")
        again = say(project.steps[project.current + 1].words) if project.can_redo else ""
        self.redo.setToolTip(self.tr("Redo: {words}").format(words=again) if again else "")

    def set_typing(self, *, typing: bool) -> None:
        """Let Undo be pressed as soon as something is typed, before it is a step."""
        self.undo.setEnabled(self._can_undo or typing)

    def set_picture(self, step_id: int, picture: Path) -> None:
        """Give one step the picture that has been taken of it."""
        self.strip.set_picture(step_id, picture)

    def set_compact(self, *, compact: bool) -> None:
        """Show only Undo and Redo: the window is low."""
        self._pictures.setVisible(not compact)


def _strip_step(step: Step) -> StripStep:
    return StripStep(
        id=step.id,
        words=say(step.words),
        picture=step.picture if step.picture is not None and step.picture.is_file() else None,
        scene=_scene(step.icon, step.title, step.palette, step.mode),
    )


@lru_cache(maxsize=256)
def _scene(icon: str, title: str, palette: str, mode: str) -> Scene:
    """Return the same scene for the same look, so that a step that stays keeps its button."""
    return app_scene(icon, title, palette, mode)

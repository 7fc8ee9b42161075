"""The steps of a project: Undo and Redo with words, the pictures on their stem, and what each is good for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu

from studio.projects import Project, Step
from ui.theme import Theme
from ui.widgets import StepsStrip, StripStep, app_scene, button, col, frame, row, text, tool
from ui.widgets.painted import Scene
from ui.words import say

COMPARE = "arrows-left-right"
"""Two bars side by side, the usual sign, look like Pause."""


class StripSteps(Sequence[StripStep]):
    """Show the steps of a project as a strip wants them, each only when it is asked for."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps

    @overload
    def __getitem__(self, index: int) -> StripStep: ...
    @overload
    def __getitem__(self, index: slice) -> StripSteps: ...
    def __getitem__(self, index: int | slice) -> StripStep | StripSteps:
        if isinstance(index, slice):
            return StripSteps(self._steps[index])
        return _strip_step(self._steps[index])

    def __len__(self) -> int:
        return len(self._steps)


class Timeline(QFrame):
    """Show where a project stands among its steps; every step can be gone to.

    `compare_asked` carries the id of a step, 0 where any will do; `branch_asked` that of the step at which a
    new app is to begin.
    """

    undo_asked = Signal()
    redo_asked = Signal()
    step_chosen = Signal(int)
    compare_asked = Signal(int)
    branch_asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
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
        self.strip.menu_asked.connect(self._show_menu)
        self.compare = tool(
            theme, COMPARE, self.tr("Compare two steps"), clicked=lambda: self.compare_asked.emit(0)
        )
        self.compare.setObjectName("make.compare")
        head = row(text(self.tr("Steps"), "strong"), self.compare, None, self.undo, self.redo, gap=0)
        self._pictures = frame("panel", col(self.strip, margins=(0, 4, 0, 2), gap=0))
        self.setLayout(col(head, self._pictures, margins=(16, 6, 8, 6), gap=0))
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that there is no step yet."""
        self.strip.set_steps([], -1)
        self._can_undo = False
        self.compare.setEnabled(False)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)

    def show_project(self, project: Project) -> None:
        """Show the steps of a project and which one is shown."""
        self.strip.set_steps(StripSteps(project.steps), project.current)
        self.compare.setEnabled(len(project.steps) > 1)
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

    def menu(self, step_id: int) -> QMenu:
        """Return what can be done with one step."""
        made = QMenu(self)
        made.aboutToHide.connect(made.deleteLater)
        for words, icon, signal in (
            (self.tr("Go to this step"), "arrow-u-up-left-bold", self.step_chosen),
            (self.tr("Compare with now"), COMPARE, self.compare_asked),
            (self.tr("Start a new app from this step"), "git-branch", self.branch_asked),
        ):
            action = QAction(self._theme.icon(icon), words, made)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit(step_id))
            made.addAction(action)
        return made

    def _show_menu(self, step_id: int, place: QPoint) -> None:
        self.menu(step_id).popup(place)

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

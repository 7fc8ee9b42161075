"""Compare two steps: one that is chosen and the one shown now, large, side by side, and what changed in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.blueprints import ProjectDocument, describe_changes
from studio.errors import StudioError
from studio.projects import Project, Step
from ui.make.timeline import StripSteps
from ui.theme import Theme
from ui.widgets import Dialog, Elided, Flow, Glyph, StepsStrip, button, clear, col, row
from ui.widgets.painted import Scene, cover
from ui.words import say, when

RATIO = 16 / 10
RADIUS = 14
LEAST = QSize(240, 150)
CHANGE_WIDE = 340


class BigPicture(QWidget):
    """Show the picture of a step as large as there is room, or the card of an app that has none yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self._scene: Scene | None = None
        self._path: Path | None = None
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.follow(self, lambda it: it.update())

    def show_picture(self, picture: Path | None, scene: Scene | None, words: str) -> None:
        """Show a picture, or the scene where there is none; `words` say what is seen."""
        if picture != self._path:
            self._path = picture
            self._pixmap = QPixmap(str(picture)) if picture is not None else QPixmap()
        self._scene = scene
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = min(float(self.width()), self.height() * RATIO) - 2
        left = self.width() - wide - 1 if self.isRightToLeft() else 1.0
        rect = QRectF(left, 1, wide, wide / RATIO)
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(path)
        if not self._pixmap.isNull():
            cover(painter, rect, self._pixmap)
        elif self._scene is not None:
            self._scene(painter, rect)
        painter.restore()
        painter.setPen(QPen(self._theme.colour("line_strong"), 1))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)


class Compare(Dialog):
    """Let somebody choose a step and see it beside the one shown now.

    `read` gives the document of a step, `want` asks for its picture. `go_asked` and `branch_asked` carry the
    id of the chosen step.
    """

    go_asked = Signal(int)
    branch_asked = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        project: Project,
        *,
        read: Callable[[int], ProjectDocument],
        want: Callable[[int], object],
        step_id: int = 0,
    ) -> None:
        super().__init__(window, theme, "", full=True)
        self.set_title(self.tr("Compare two steps"))
        self._project, self._read, self._want = project, read, want
        places = {step.id: index for index, step in enumerate(project.steps)}
        usual = project.current - 1 if project.current else 1
        self._chosen = places.get(step_id, usual)
        self._wanted: set[int] = set()
        self._words: list[str] = []
        self._sides = tuple(self._side() for _ in range(2))
        self._strip = StepsStrip(theme, self.tr("Step to compare"))
        self._strip.setObjectName("compare.steps")
        self._strip.chosen.connect(self._on_chosen)
        self._heading = Elided("", "strong")
        self._changes = Flow(gap=4)
        holder = QWidget()
        holder.setLayout(self._changes)
        sides = row(*((side[0], 1) for side in self._sides), gap=16)
        self.set_content(col((sides, 1), self._strip, self._heading, holder, gap=10))
        self._add_foot()
        self.show_project(project)

    def _side(self) -> tuple[QWidget, Elided, Elided, BigPicture]:
        title, facts = Elided("", "strong", data=True), Elided("", "small", data=True)
        picture = BigPicture(self.theme)
        made = QWidget()
        made.setLayout(col(col(title, facts, gap=0), (picture, 1), gap=8))
        return made, title, facts, picture

    def _add_foot(self) -> None:
        theme = self.theme
        branch = button(
            theme,
            self.tr("Start a new app from this step"),
            "quiet",
            "git-branch",
            clicked=lambda: self._ask(self.branch_asked.emit),
        )
        branch.setObjectName("compare.branch")
        self._go = button(
            theme,
            self.tr("Go to this step"),
            "primary",
            "arrow-u-up-left-bold",
            clicked=lambda: self._ask(self.go_asked.emit),
        )
        self._go.setObjectName("compare.go")
        done = button(theme, self.tr("Close"), clicked=self.close_dialog)
        self.set_foot(branch, None, done, self._go, first=self._go)

    # ------------------------------------------------------------------ what others may ask

    @property
    def words(self) -> list[str]:
        """Return what changed, as it is shown."""
        return list(self._words)

    def show_project(self, project: Project) -> None:
        """Show the project as it is now: pictures come in while somebody looks."""
        if project.id == self._project.id:
            self._project = project
            self._chosen = min(self._chosen, len(project.steps) - 1)
            self._show()

    # ------------------------------------------------------------------ own

    def _ask(self, tell: Callable[[int], None]) -> None:
        step_id = self._project.steps[self._chosen].id
        self.close_dialog()
        tell(step_id)

    def _on_chosen(self, step_id: int) -> None:
        self._chosen = next(index for index, step in enumerate(self._project.steps) if step.id == step_id)
        self._show()

    def _show(self) -> None:
        project = self._project
        then, now = project.steps[self._chosen], project.step
        self._strip.set_steps(StripSteps(project.steps), project.current, self._chosen)
        self._show_side(0, then, self.tr("Step {number}").format(number=then.number))
        self._show_side(1, now, self.tr("Now, step {number}").format(number=now.number))
        self._go.setEnabled(then.id != now.id)
        self._show_changes(then)

    def _show_side(self, place: int, step: Step, name: str) -> None:
        _holder, title, facts, picture = self._sides[place]
        words = self.tr("{name}: {words}").format(name=name, words=say(step.words))
        title.setText(words)
        facts.setText(when(step.made_at))
        shown = StripSteps((step,))[0]
        picture.show_picture(shown.picture, shown.scene, words)
        if shown.picture is None and step.id not in self._wanted:
            self._wanted.add(step.id)
            self._want(step.id)

    def _show_changes(self, then: Step) -> None:
        try:
            before = self._read(then.id).blueprint
        except StudioError as error:
            self.failed.emit(error)
            return
        after = self._project.document.blueprint
        changes = describe_changes(before, after) if before is not None and after is not None else ()
        clear(self._changes)
        self._words = [say(change) for change in changes]
        number = then.number
        if not changes:
            self._heading.setText(self.tr("Nothing is different between step {n} and now").format(n=number))
            return
        self._heading.setText(self.tr("What changed from step {n} to now").format(n=number))
        for words in self._words:
            self._changes.addWidget(self._change(words))

    def _change(self, words: str) -> QWidget:
        made = QWidget()
        mark = Glyph(self.theme, "check-bold", "accent_text", 16)
        made.setLayout(row(mark, (Elided(words, data=True), 1), gap=6))
        made.setFixedWidth(self.theme.px(CHANGE_WIDE))
        return made

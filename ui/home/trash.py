"""The trash: what was deleted comes back with one press; what goes for ever is asked about once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.errors import StudioError
from ui.theme import Theme
from ui.widgets import (
    Dialog,
    Elided,
    Glyph,
    Picture,
    Wrapped,
    app_scene,
    button,
    clear,
    col,
    frame,
    line,
    row,
    tool,
)
from ui.words import when

if TYPE_CHECKING:
    from studio.projects import ProjectService, ProjectSummary


class Trash(Dialog):
    """List the deleted projects; each can be restored, or deleted for ever after a second press."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        projects: ProjectService,
        *,
        failed: Callable[[StudioError], object],
    ) -> None:
        super().__init__(window, theme, "", width=600)
        self._projects, self._failed = projects, failed
        self._asked = ""
        self.set_title(self.tr("Trash"))
        self._rows: QVBoxLayout = col(gap=0)
        self._list = QWidget()
        self._list.setLayout(self._rows)
        self.set_content(self._list)
        self._done = button(theme, self.tr("Close"), clicked=self.close_dialog)
        self.set_foot(None, self._done, first=self._done)
        self._refresh()

    def _refresh(self) -> None:
        try:
            deleted = self._projects.list(deleted=True)
        except StudioError as error:
            self._failed(error)
            deleted = ()
        clear(self._rows)
        if not deleted:
            self._rows.addWidget(self._nothing())
        for index, project in enumerate(deleted):
            if index:
                self._rows.addWidget(line())
            self._rows.addWidget(self._asking(project) if project.id == self._asked else self._row(project))
        self._rows.addStretch(1)
        self._place_soon()

    def _nothing(self) -> QWidget:
        words = Wrapped(
            self.tr("The trash is empty. What you delete waits here until you need it again."), "soft"
        )
        return frame(
            "well",
            row(Glyph(self.theme, "trash", "text_soft", 24), (words, 1), margins=(16, 14, 16, 14), gap=12),
        )

    def _row(self, project: ProjectSummary) -> QWidget:
        picture = Picture(self.theme, width=86, height=54, radius=8)
        picture.set_scene(app_scene(project.icon, project.title, project.palette, project.mode))
        picture.set_path(project.picture)
        gone = when(project.deleted_at) if project.deleted_at is not None else ""
        words = col(None, Elided(project.title, "strong"),
                    Elided(self.tr("Deleted: {when}").format(when=gone), "small"), None, gap=0)  # fmt: skip
        restore = button(self.theme, self.tr("Restore"), "", "arrow-counter-clockwise", size="small",
                         name=self.tr("Restore {title}").format(title=project.title),
                         clicked=lambda: self._act(self._projects.restore, project))  # fmt: skip
        restore.setObjectName("trash.restore")
        forever = tool(self.theme, "trash", self.tr("Delete {title} for ever").format(title=project.title),
                       clicked=lambda: self._ask(project.id))  # fmt: skip
        forever.setObjectName("trash.forever")
        made = QWidget()
        made.setLayout(row(picture, (words, 1), restore, forever, margins=(0, 10, 4, 10), gap=10))
        return made

    def _asking(self, project: ProjectSummary) -> QWidget:
        words = Wrapped(
            self.tr("Delete “{title}” for ever? It cannot come back.").format(title=project.title),
            "strong",
            data=True,
        )
        keep = button(self.theme, self.tr("Keep it"), size="small", clicked=lambda: self._ask(""))
        keep.setObjectName("trash.keep")
        act = button(self.theme, self.tr("Delete for ever"), "danger", "trash", size="small",
                     clicked=lambda: self._act(self._projects.delete_forever, project))  # fmt: skip
        act.setObjectName("trash.really")
        made = QWidget()
        made.setLayout(col(words, row(None, keep, act, gap=8), margins=(0, 10, 4, 10), gap=8))
        return made

    def _ask(self, project_id: str) -> None:
        self._asked = project_id
        self._refresh()
        keep = self.findChild(QWidget, "trash.keep")
        (keep if project_id and keep is not None else self._done).setFocus(Qt.FocusReason.TabFocusReason)

    def _act(self, act: Callable[[str], object], project: ProjectSummary) -> None:
        self._asked = ""
        try:
            act(project.id)
        except StudioError as error:
            self._failed(error)
        self._refresh()
        self._done.setFocus(Qt.FocusReason.TabFocusReason)

"""The head of the Make page: what the app is called, that it is saved, and Share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from studio.projects import Project
from ui.theme import Theme
from ui.widgets import Elided, Glyph, button, field, row, text, tool

LONGEST = 60


class Header(QFrame):
    """Show the name of the app, in which it can be renamed, and the one green button."""

    renamed = Signal(str)
    share_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._title = ""
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = Elided("", "title")
        self.title.setObjectName("make.title")
        self.name = field(name=self.tr("Name"))
        self.name.setObjectName("make.name")
        self.name.setMaxLength(LONGEST)
        self.name.hide()
        self.name.installEventFilter(self)
        self.name.returnPressed.connect(self._on_renamed)
        self.rename = tool(theme, "pencil-simple", self.tr("Rename"), clicked=self._on_rename)
        self.rename.setObjectName("make.rename")
        self._mark = Glyph(theme, "check-circle", "text_soft", 16)
        self._saved = text("", "small")
        self._saved.setObjectName("make.saved")
        self.share = button(theme, self.tr("Share"), "primary", "export", clicked=self.share_asked.emit)
        self.share.setObjectName("make.share")
        state = row(self._mark, self._saved, gap=4)
        self.setLayout(
            row(self.title, self.name, self.rename, state, None, self.share, margins=(16, 0, 16, 0), gap=8)
        )
        theme.follow(self, lambda it: it.setFixedHeight(max(64, theme.px(56))))
        theme.follow(self.name, lambda it: it.setMinimumWidth(theme.px(240)))
        self.set_saving(saving=False)

    def show_project(self, project: Project) -> None:
        """Show the name of a project."""
        self._title = project.document.title
        self.title.setText(self._title)
        self.rename.setVisible(True)
        self.rename.setEnabled(project.document.blueprint is not None)
        self.share.setEnabled(True)
        self._mark.show()
        self._saved.show()

    def show_new(self, title: str) -> None:
        """Show that there is no project yet."""
        self._stop()
        self._title = ""
        self.title.setText(title)
        self.rename.hide()
        self.share.setEnabled(False)
        self._mark.hide()
        self._saved.hide()

    def set_saving(self, *, saving: bool, failed: bool = False) -> None:
        """Say whether everything is on the disk. It is never said before it is true."""
        if saving:
            self._saved.setText(self.tr("Saving"))
            self._mark.set_icon("arrows-clockwise", "text_soft")
        elif failed:
            self._saved.setText(self.tr("Not saved"))
            self._mark.set_icon("warning-circle", "danger")
        else:
            self._saved.setText(self.tr("Saved"))
            self._mark.set_icon("check-circle", "text_soft")

    def set_narrow(self, *, narrow: bool) -> None:
        """Keep to the narrower margins of a small window."""
        self.layout().setContentsMargins(16, 0, 12 if narrow else 16, 0)

    def _on_rename(self) -> None:
        if self.name.isVisible():
            self._on_renamed()
            return
        self.name.setText(self._title)
        self.title.hide()
        self.name.show()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_renamed(self) -> None:
        name = " ".join(self.name.text().split())
        self._stop()
        if name and name != self._title:
            self._title = name
            self.title.setText(name)
            self.renamed.emit(name)

    def _stop(self) -> None:
        had_focus = self.name.hasFocus()
        self.name.hide()
        self.title.show()
        if had_focus:
            self.rename.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._stop()
                return True
        elif event.type() == QEvent.Type.FocusOut and self.name.isVisible():
            self._on_renamed()
        return False

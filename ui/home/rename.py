"""Give a project another name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.widgets import Dialog, button, col, field, labelled

LONGEST = 60


class Rename(Dialog):
    """Ask for a name; `agreed` gets it when it is there and another than before."""

    def __init__(self, window: QWidget, theme: Theme, title: str, agreed: Callable[[str], object]) -> None:
        super().__init__(window, theme, "", width=460)
        self._old, self._agreed = title, agreed
        self.set_title(self.tr("Rename"))
        self.name = field(title)
        self.name.setObjectName("rename.name")
        self.name.setMaxLength(LONGEST)
        self.name.selectAll()
        self.name.textChanged.connect(self._on_typed)
        self.name.returnPressed.connect(self._on_done)
        self.set_content(col(labelled(self.tr("Name"), self.name), None), scrolls=False)
        cancel = button(theme, self.tr("Cancel"), "quiet", clicked=self.close_dialog)
        self._save = button(theme, self.tr("Rename"), "primary", clicked=self._on_done)
        self._save.setObjectName("rename.save")
        self.set_foot(None, cancel, self._save, first=self.name)

    def _on_typed(self) -> None:
        self._save.setEnabled(bool(self.name.text().strip()))

    def _on_done(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            return
        self.close_dialog()
        if name != self._old:
            self._agreed(name)

"""A card of settings: words at the start, the control at the end, under its words where text is big."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QWidget

from ui.theme import Theme
from ui.widgets import Elided, Switch, Wrapped, col, frame, line, row


class SettingRow(QFrame):
    """Show one setting: its name, one line about it, its control; `data`: the line is a path."""

    def __init__(self, theme: Theme, name: str, about: str, control: QWidget, *, data: bool = False) -> None:
        super().__init__()
        self.about: QLabel = Elided(about, "small", middle=True) if data else Wrapped(about, "small")
        words = QWidget()
        words.setLayout(col(Wrapped(name, "strong"), self.about, gap=1))
        if not control.accessibleName():
            control.setAccessibleName(name)
        if not data:
            control.setAccessibleDescription(about)
        self._box: QBoxLayout = row((words, 1), control, margins=(18, 12, 16, 12), gap=24)
        self.setLayout(self._box)
        stays = isinstance(control, Switch)

        def dress(it: SettingRow) -> None:
            under = theme.big and not stays
            it._box.setDirection(
                QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
            )
            it._box.setSpacing(12 if under else 24)

        theme.follow(self, dress)


def card(*rows: QWidget) -> QFrame:
    """Return rows on one card, with a hairline between them."""
    body = col(gap=0)
    for index, each in enumerate(rows):
        if index:
            body.addWidget(line())
        body.addWidget(each)
    return frame("card", body)

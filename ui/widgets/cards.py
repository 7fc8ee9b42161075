"""A card: one thing that can be opened, as one target, with its own small buttons inside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLayout, QPushButton, QSizePolicy

from ui.widgets.layouts import restyle


class Card(QPushButton):
    """Be a card that is clickable as a whole and one tab stop; buttons inside keep their own clicks."""

    def __init__(self, name: str, layout: QLayout, *, clicked: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.setAccessibleName(name)
        self.setLayout(layout)
        self.setAutoDefault(True)  # Enter presses it, as Space does
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(layout.hasHeightForWidth())
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())  # noqa: PLW0108 - the signal brings an argument

    def set_chosen(self, chosen: bool) -> None:
        """Give the card the green line of the chosen one; its contents do not move."""
        restyle(self, pick=True, chosen=chosen)

    def sizeHint(self) -> QSize:
        return self._layout().totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._layout().totalMinimumSize()

    def hasHeightForWidth(self) -> bool:
        return self._layout().hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._layout().totalHeightForWidth(width)

    def _layout(self) -> QLayout:
        layout = self.layout()
        assert layout is not None  # noqa: S101 - given by the constructor
        return layout

"""The bar over the app: play again, size of the screen, and what else is to be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton

from ui.theme import Theme
from ui.widgets import Segments, button, row, tool


class StageBar(QFrame):
    """Hold the controls over the app; the page listens to them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._again = button(theme, self.tr("Play again"), "", "arrow-counter-clockwise", size="small")
        self._again.setObjectName("make.reload")
        self._screens = Segments(
            theme,
            self.tr("Size of the screen"),
            [(self.tr("Computer"), "computer"), (self.tr("Tablet"), "tablet"), (self.tr("Phone"), "phone")],
            icons=("desktop", "device-tablet", "device-mobile"),
        )
        self._screens.setObjectName("make.screen")
        self._columns = Segments(
            theme,
            self.tr("What to show"),
            [(self.tr("Talk"), "talk"), (self.tr("App"), "app"), (self.tr("Change"), "change")],
            value="app",
        )
        self._columns.setObjectName("make.columns")
        self._change = tool(theme, "sliders-horizontal", self.tr("Change by hand"), checked=False)
        self._change.setObjectName("make.change")
        self.setLayout(
            row(self._again, None, self._columns, self._screens, None, self._change, margins=(12, 0, 12, 0))
        )
        theme.follow(self, lambda it: it.setFixedHeight(max(52, theme.px(44))))

    @property
    def parts(self) -> tuple[QPushButton, Segments, Segments, QToolButton]:
        """Return Play again, the sizes of the screen, the columns (for big text), and Change by hand."""
        return (self._again, self._screens, self._columns, self._change)

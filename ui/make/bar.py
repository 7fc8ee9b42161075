"""The bar over the app: play again, size of the screen, pick a part, and what else is to be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from ui.theme import Theme
from ui.widgets import Segments, button, row, tool


class StageBar(QFrame):
    """Hold the controls over the app; the page listens to them.

    `again`, `screens` (size of the screen), `pick`, `columns` (what to show, for big text), `change`.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.again = button(theme, self.tr("Play again"), "", "arrow-counter-clockwise", size="small")
        self.again.setObjectName("make.reload")
        self.screens = Segments(
            theme,
            self.tr("Size of the screen"),
            [(self.tr("Computer"), "computer"), (self.tr("Tablet"), "tablet"), (self.tr("Phone"), "phone")],
            icons=("desktop", "device-tablet", "device-mobile"),
        )
        self.screens.setObjectName("make.screen")
        self.columns = Segments(
            theme,
            self.tr("What to show"),
            [(self.tr("Talk"), "talk"), (self.tr("App"), "app"), (self.tr("Change"), "change")],
            value="app",
        )
        self.columns.setObjectName("make.columns")
        self.pick = button(
            theme, self.tr("Pick a part"), "quiet", "selection-plus", size="small", checked=False
        )
        self.pick.setObjectName("make.pick")
        self.pick.setToolTip(self.tr("Click a part of your app to change it. Escape plays on."))
        self.change = tool(theme, "sliders-horizontal", self.tr("Change by hand"), checked=False)
        self.change.setObjectName("make.change")
        parts = (self.again, None, self.columns, self.screens, None, self.pick, self.change)
        self.setLayout(row(*parts, margins=(12, 0, 12, 0)))
        theme.follow(self, lambda it: it.setFixedHeight(max(52, theme.px(44))))

    def show_for(self, *, big: bool, sheet: bool, opened: bool) -> None:
        """Show what is of use: columns for big text, Change where the inspector lies over the app."""
        self.columns.setVisible(big)
        self.screens.setVisible(not big)
        self.change.setVisible(sheet)
        self.change.setChecked(sheet and opened)

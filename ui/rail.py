"""The rail at the start side of the window: the mark, the pages, the state of the network."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from ui.theme import Theme
from ui.widgets import Tool, col, row, sprout

ICON, MOST_ICON = 24, 32


class Rail(QFrame):
    """Show where you are and lead elsewhere: `chosen` carries the name of a page."""

    chosen = Signal(str)
    network_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icons: dict[QToolButton, str] = {}
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Pages"))
        self._pages = {
            "home": self._item("home", "house", self.tr("Home"), self.tr("Ctrl+1")),
            "make": self._item("make", "puzzle-piece", self.tr("Make"), self.tr("Ctrl+2")),
            "settings": self._item("settings", "gear-six", self.tr("Settings"), self.tr("Ctrl+3")),
        }
        for name, item in self._pages.items():
            item.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            item.toggled.connect(lambda _=False, item=item: self._dress(item))
        self._network = self._item("network", "wifi-high", self.tr("Online"), "")
        self._network.setCheckable(False)
        self._network.clicked.connect(lambda: self.network_asked.emit())  # noqa: PLW0108 - likewise
        mark = sprout(theme, 40)
        self.setLayout(
            col(row(None, mark, None), 8, self._pages["home"], self._pages["make"], None, self._network,
                self._pages["settings"], margins=(8, 14, 8, 12), gap=4)
        )  # fmt: skip
        theme.follow(self, lambda it: it._dress_all())

    def show_page(self, name: str) -> None:
        """Mark the page that is shown."""
        for each, item in self._pages.items():  # no button group: there only the chosen one is a tab stop
            item.setChecked(each == name)

    def item(self, name: str) -> QWidget:
        """Return the button of a page."""
        return self._pages[name]

    def show_network(self, *, offline: bool) -> None:
        """Show whether anything can go out."""
        words = self.tr("Offline") if offline else self.tr("Online")
        self._icons[self._network] = "wifi-slash" if offline else "wifi-high"
        self._network.setText(words)
        about = (
            self.tr("Offline. Show what went out today.")
            if offline
            else self.tr("Online. Show what went out today.")
        )
        self._network.setAccessibleName(about)
        self._network.setToolTip(about)
        self._dress(self._network)

    def _item(self, name: str, icon: str, words: str, keys: str) -> QToolButton:
        made = Tool()
        made.setObjectName(f"nav.{name}")
        made.setProperty("kind", "nav")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setText(words)
        made.setAccessibleName(words)
        if keys:
            made.setToolTip(self.tr("{words} ({keys})").format(words=words, keys=keys))
        made.setCheckable(True)
        self._icons[made] = icon
        return made

    def _dress_all(self) -> None:
        self.setFixedWidth(self._theme.rail_width)
        for item in self._icons:
            self._dress(item)

    def _dress(self, item: QToolButton) -> None:
        here, icon = item.isChecked(), self._icons[item]
        side = min(self._theme.px(ICON), MOST_ICON)
        item.setIconSize(QSize(side, side))
        item.setIcon(
            self._theme.icon(f"{icon}-fill" if here else icon, "on_accent_soft" if here else "text_soft")
        )

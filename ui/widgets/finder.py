"""Find one of many tiles: a search field, tiles in groups, arrow keys, and words where nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

from ui.theme import Theme
from ui.widgets.controls import search
from ui.widgets.layouts import Flow, col, scroll
from ui.widgets.texts import Wrapped, text

Matches = Callable[[str, str], bool]
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


@dataclass(frozen=True)
class Tile:
    """Hold one tile and the words by which it is found."""

    button: QAbstractButton
    words: str


class Finder(QWidget):
    """Show tiles in groups and keep those that a search finds.

    `matches(wanted, words)` decides. Enter in the search field presses the first tile that is shown,
    the down key goes to it; arrow keys walk among the tiles and back.
    """

    def __init__(
        self,
        theme: Theme,
        hint: str,
        groups: Sequence[tuple[str, Sequence[Tile]]],
        matches: Matches,
        *,
        nothing: str,
    ) -> None:
        super().__init__()
        self._matches = matches
        self._groups: list[tuple[QWidget, Sequence[Tile]]] = []
        self.search = search(theme, hint)
        self.search.setObjectName("finder.search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._on_enter)
        self.search.installEventFilter(self)
        self._nothing = Wrapped(nothing, "soft")
        self._nothing.setObjectName("finder.nothing")
        self._nothing.hide()
        body = col(margins=(3, 3, 3, 3), gap=16)
        for name, tiles in groups:
            group = self._group(name, tiles)
            self._groups.append((group, tiles))
            body.addWidget(group)
        body.addWidget(self._nothing)
        body.addStretch(1)
        self._area: QScrollArea = scroll(body)
        self.setLayout(col(self.search, (self._area, 1), gap=12))

    @property
    def shown(self) -> list[QAbstractButton]:
        """Return the tiles that the search finds, in order."""
        return [tile.button for _, tiles in self._groups for tile in tiles if not tile.button.isHidden()]

    def focus_tile(self, button: QAbstractButton) -> None:
        """Give a tile the keyboard and bring it into sight."""
        button.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(button, 8, 24)

    def _group(self, name: str, tiles: Sequence[Tile]) -> QWidget:
        holder, inside = QWidget(), QWidget()
        inside.setLayout(Flow(*(tile.button for tile in tiles)))
        holder.setLayout(col(*([text(name, "label")] if name else []), inside, gap=6))
        holder.setAccessibleName(name)
        for tile in tiles:
            tile.button.installEventFilter(self)
        return holder

    def _filter(self, wanted: str) -> None:
        for group, tiles in self._groups:
            for tile in tiles:
                tile.button.setVisible(self._matches(wanted, tile.words))
            group.setVisible(any(not tile.button.isHidden() for tile in tiles))
        self._nothing.setVisible(not self.shown)
        QTimer.singleShot(0, self, lambda: self._area.verticalScrollBar().setValue(0))

    def _on_enter(self) -> None:
        if self.search.text().strip() and self.shown:
            self.shown[0].click()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if watched is self.search:
            if key == Qt.Key.Key_Down and self.shown:
                self.focus_tile(self.shown[0])
                return True
            return False
        if key not in _ARROWS or not isinstance(watched, QAbstractButton):
            return False
        self._walk(watched, key)
        return True

    def _walk(self, start: QAbstractButton, key: Qt.Key) -> None:
        shown = self.shown
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if (key == Qt.Key.Key_Right) != self.isRightToLeft() else -1
            place = shown.index(start) + step
            target = shown[place] if 0 <= place < len(shown) else None
        else:
            target = self._beside(start, shown, down=key == Qt.Key.Key_Down)
        if target is not None:
            self.focus_tile(target)
        elif key == Qt.Key.Key_Up:
            self.search.setFocus(Qt.FocusReason.BacktabFocusReason)

    def _beside(
        self, start: QAbstractButton, shown: Sequence[QAbstractButton], *, down: bool
    ) -> QAbstractButton | None:
        """Return the tile of the next line that stands nearest below or above."""
        here = self._middle(start)
        past = [
            one
            for one in shown
            if (self._middle(one).y() - here.y()) * (1 if down else -1) > one.height() / 2
        ]
        return min(
            past,
            key=lambda one: (
                abs(self._middle(one).y() - here.y()),
                abs(self._middle(one).x() - here.x()),
            ),
            default=None,
        )

    def _middle(self, tile: QWidget) -> QPoint:
        return tile.mapTo(self, tile.rect().center())

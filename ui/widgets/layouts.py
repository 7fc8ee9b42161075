"""Rows, columns, grounds and scroll areas: how parts stand next to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

Margins = int | tuple[int, int, int, int]
Item = QWidget | QLayout | int | None | tuple[QWidget | QLayout, int]


def fill(layout: QBoxLayout, items: tuple[Item, ...], margins: Margins, gap: int) -> None:
    """Put items into a box: a widget or layout, (it, stretch), a number of pixels, None for free space."""
    layout.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
    layout.setSpacing(gap)
    for entry in items:
        item, stretch = entry if isinstance(entry, tuple) else (entry, 0)
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item, stretch)
        else:
            layout.addWidget(item, stretch)


def row(*items: Item, margins: Margins = 0, gap: int = 8) -> QHBoxLayout:
    """Return the items side by side, in reading direction."""
    made = QHBoxLayout()
    fill(made, items, margins, gap)
    return made


def col(*items: Item, margins: Margins = 0, gap: int = 8) -> QVBoxLayout:
    """Return the items under each other."""
    made = QVBoxLayout()
    fill(made, items, margins, gap)
    return made


def frame(part: str, layout: QLayout | None = None, **properties: Any) -> QFrame:
    """Return a ground of the style sheet: canvas, panel, stage, card, well, dialog, toast, mine, box, tray."""
    made = QFrame()
    for key, value in {"part": part, **properties}.items():
        made.setProperty(key, value)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if layout is not None:
        made.setLayout(layout)
    return made


def line(*, vertical: bool = False) -> QFrame:
    """Return a hairline between two things."""
    made = frame("line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def scroll(content: QLayout | QWidget, *, name: str = "") -> QScrollArea:
    """Return content that scrolls down and never sideways; `name` is its accessible name."""
    area = _Scroll()
    inner = content if isinstance(content, QWidget) else QWidget()
    if isinstance(content, QLayout):
        inner.setLayout(content)
    inner.setProperty("part", "scroll")
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    return area


class _Scroll(QScrollArea):
    """A scroll area that asks for the width of what is inside, so that nothing is cut in silence."""

    def minimumSizeHint(self) -> QSize:
        inner = self.widget()
        width = inner.minimumSizeHint().width() if inner is not None else 0
        return QSize(width + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent), 80)


def restyle(widget: QWidget, **properties: Any) -> None:
    """Set properties that the style sheet looks at, and let it look again if one is new."""
    changed = False
    for key, value in properties.items():
        if widget.property(key) != value:
            widget.setProperty(key, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


class Flow(QLayout):
    """Put items in lines that break where the width ends, mirrored in a window that reads leftwards."""

    def __init__(self, *widgets: QWidget, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(QMargins())
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), lambda _item, _place: None)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        mirrored = self.parentWidget() is not None and self.parentWidget().isRightToLeft()

        def place(item: QLayoutItem, spot: QRect) -> None:
            x = rect.right() - (spot.right() - rect.left()) if mirrored else spot.left()
            item.setGeometry(QRect(QPoint(x, spot.top()), spot.size()))

        self._arrange(rect, place)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self._gap for size in shown) - (self._gap if shown else 0)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, place: Callable[[QLayoutItem, QRect], None]) -> int:
        x, y, tallest = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            width = min(hint.width(), rect.width()) if rect.width() > 0 else hint.width()
            if x > rect.x() and x + width > rect.right() + 1:
                x, y, tallest = rect.x(), y + tallest + self._gap, 0
            place(item, QRect(QPoint(x, y), QSize(width, hint.height())))
            x += width + self._gap
            tallest = max(tallest, hint.height())
        return y + tallest - rect.y()


class Cards(QWidget):
    """Cards in as many columns as the width allows, all of one width; `least` is a column's width."""

    arranged = Signal()

    def __init__(self, least: Callable[[], int], *, gap: int = 16, most: int = 6) -> None:
        super().__init__()
        self._least, self._gap, self._most = least, gap, most
        self._cards: list[QWidget] = []
        self._rows = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """Return the cards in their order."""
        return tuple(self._cards)

    def set_cards(self, cards: list[QWidget], *, keep: bool = False) -> None:
        """Show these cards; those that are not among them go, or with `keep` only hide."""
        for old in self._cards:
            if old not in cards:
                old.hide()
                if not keep:
                    old.deleteLater()
        self._cards = list(cards)
        for before, card in zip([None, *cards], cards, strict=False):
            card.setParent(self)
            card.show()
            if before is not None:
                QWidget.setTabOrder(before, card)
        self.refresh()

    def set_rows(self, rows: int) -> None:
        """Show only so many rows; 0 shows all."""
        self._rows = rows
        self.refresh()

    @property
    def hidden_count(self) -> int:
        """Return how many cards do not fit in the rows that are shown."""
        return len(self._cards) - len(self._seen(self.width()))

    def columns(self, width: int) -> int:
        """Return how many cards stand next to each other at a width."""
        fitting = (width + self._gap) // max(1, self._least() + self._gap)
        return max(1, min(self._most, fitting))

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, move=False)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = max(self.width(), self._least())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        least = max((card.minimumSizeHint().width() for card in self._cards), default=0)
        return QSize(least, self.heightForWidth(max(self.width(), least, 1)))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place(self.width())
        self.updateGeometry()

    def refresh(self) -> None:
        """Place the cards again after one of them changed its size."""
        self.updateGeometry()
        self._place(self.width())

    def _seen(self, width: int) -> list[QWidget]:
        return self._cards[: self._rows * self.columns(width)] if self._rows else self._cards

    def _place(self, width: int) -> None:
        seen = self._seen(width)
        for card in self._cards:
            card.setVisible(card in seen)
        self._arrange(width, move=True)
        self.arranged.emit()

    def _arrange(self, width: int, *, move: bool) -> int:
        seen = self._seen(width)
        if not seen:
            return 0
        columns = self.columns(width)
        room = width - self._gap * (columns - 1)
        each = room // columns
        y = 0
        for start in range(0, len(seen), columns):
            line_of_cards = seen[start : start + columns]
            height = max(_height(card, each) for card in line_of_cards)
            for index, card in enumerate(line_of_cards):
                x = room * index // columns + index * self._gap  # the pixels that are left over are spread
                wide = room * (index + 1) // columns - room * index // columns
                x = width - x - wide if self.isRightToLeft() else x
                if move:
                    card.setGeometry(x, y, wide, height)
            y += height + self._gap
        return y - self._gap


def _height(card: QWidget, width: int) -> int:
    if card.hasHeightForWidth():
        return max(card.heightForWidth(width), card.minimumHeight())
    return max(card.sizeHint().height(), card.minimumHeight())

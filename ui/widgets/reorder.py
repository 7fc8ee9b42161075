"""Drag rows of a column to another place: a grip to take them by, a line where they will land."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from ui.theme import Theme, icons
from ui.widgets.painted import Painted

LINE = 3
GRIP = 16


class Grip(Painted):
    """Show by six dots that a row can be dragged; keys and menus do the same, so Tab passes it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(self._draw)
        self._theme = theme
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(self.tr("Drag to move it"))
        theme.follow(self, lambda it: it.setFixedSize(GRIP, theme.px(36)))

    def _draw(self, painter: QPainter, width: int, height: int) -> None:
        side = 20
        spot = QRect((width - side) // 2, (height - side) // 2, side, side)
        icons.paint(painter, spot, icons.known("dots-six-vertical"), self._theme.colour("text_faint"))


class Reorder(QObject):
    """Let rows be dragged. `moved(index, to)` tells which row goes where, both from 0, once it is let go.

    `rows` returns the rows in their order, each a child of the same widget; `follow` makes a widget of a
    row the place to take it by. Escape lets the row go back.
    """

    moved = Signal(int, int)

    def __init__(self, theme: Theme, holder: QWidget, rows: Callable[[], Sequence[QWidget]]) -> None:
        super().__init__(holder)
        self._theme, self._holder, self._rows = theme, holder, rows
        self._handles: dict[QWidget, QWidget] = {}
        self._start: QPoint | None = None
        self._dragged: QWidget | None = None
        self._to = -1
        self._line = _Line(theme, holder)
        self._ghost: QLabel | None = None

    @property
    def target(self) -> int:
        """Return before which row (from 0) the dragged one would land; -1 if none is dragged."""
        return self._to if self._dragged is not None else -1

    def follow(self, handle: QWidget, row: QWidget) -> None:
        """Let a row be dragged by a widget in it."""
        self._handles[handle] = row
        handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QWidget) or watched not in self._handles:
            return False
        if isinstance(event, QKeyEvent):
            return self._on_key(watched, event)
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition().toPoint()
            return isinstance(watched, Grip)
        if event.type() == QEvent.Type.MouseMove and self._start is not None:
            return self._on_move(watched, event.globalPosition().toPoint())
        if event.type() == QEvent.Type.MouseButtonRelease and self._start is not None:
            return self._on_release(watched)
        return False

    def _on_key(self, handle: QWidget, event: QKeyEvent) -> bool:
        if self._dragged is None or event.type() != QEvent.Type.KeyPress or event.key() != Qt.Key.Key_Escape:
            return False
        self._end(handle)
        return True

    def _on_move(self, handle: QWidget, at: QPoint) -> bool:
        assert self._start is not None  # noqa: S101 - asked by the only caller
        if self._dragged is None:
            if (at - self._start).manhattanLength() < QApplication.startDragDistance():
                return False
            self._begin(handle, self._handles[handle])
        spot = self._holder.mapFromGlobal(at)
        self._to = self._place_at(spot.y())
        self._show_line()
        if self._ghost is not None:
            self._ghost.move(self._ghost.x(), spot.y() - self._ghost.height() // 2)
        self._scroll_to(spot)
        return True

    def _on_release(self, handle: QWidget) -> bool:
        dragged, to = self._dragged, self._to
        if dragged is None:
            self._start = None
            return False
        rows = list(self._rows())
        self._end(handle)
        if isinstance(handle, QAbstractButton):
            handle.setDown(False)
        if dragged in rows:
            index = rows.index(dragged)
            to = to - 1 if to > index else to
            if to != index:
                self.moved.emit(index, to)
        return True

    def _begin(self, handle: QWidget, dragged: QWidget) -> None:
        self._dragged = dragged
        ghost = QLabel(self._holder)
        ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        ghost.setPixmap(_pale(dragged))
        ghost.move(dragged.pos())
        ghost.show()
        ghost.raise_()
        self._ghost = ghost
        handle.grabKeyboard()
        handle.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _end(self, handle: QWidget) -> None:
        handle.releaseKeyboard()
        if isinstance(handle, Grip):
            handle.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            handle.unsetCursor()
        if self._ghost is not None:
            self._ghost.hide()
            self._ghost.deleteLater()
        self._start = self._dragged = self._ghost = None
        self._to = -1
        self._line.hide()

    def _place_at(self, y: int) -> int:
        return sum(y > row.geometry().center().y() for row in self._rows())

    def _show_line(self) -> None:
        rows = list(self._rows())
        if self._to < len(rows):
            y = rows[self._to].geometry().top() - LINE
        else:
            y = rows[-1].geometry().bottom() + 1
        self._line.setGeometry(0, max(0, y - LINE), self._holder.width(), LINE * 3)
        self._line.show()
        self._line.raise_()

    def _scroll_to(self, spot: QPoint) -> None:
        parent = self._holder.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        content = parent.widget() if isinstance(parent, QScrollArea) else None
        if isinstance(parent, QScrollArea) and content is not None:
            inside = self._holder.mapTo(content, spot)
            parent.ensureVisible(inside.x(), inside.y(), 0, 40)


class _Line(QWidget):
    """Show where a row will land: a thick line with a dot at each end."""

    def __init__(self, theme: Theme, holder: QWidget) -> None:
        super().__init__(holder)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        width, height = self.width(), self.height()
        painter.drawRect(QRectF(height / 2, LINE, width - height, LINE))
        painter.drawEllipse(QRectF(0, 0, height, height))
        painter.drawEllipse(QRectF(width - height, 0, height, height))


def _pale(row: QWidget) -> QPixmap:
    """Return the picture of a row, half seen, so that the line under it shows."""
    picture = row.grab()
    made = picture.copy()
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(0.6)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return made

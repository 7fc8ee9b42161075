"""The focus ring: one for the whole window, outside the control that the keyboard reached."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme import Theme

GAP, WIDTH, RADIUS = 2, 3, 13
_KEYS = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
_ARROWS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
}
_PLACED = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
}


class FocusRing(QWidget):
    """Follow the keyboard focus of one window; leave as soon as the mouse is used.

    It watches the control that has the focus and what that control lies in, nothing else: a filter on
    the whole application would run Python for every event. A control with the property `ring` set to
    "parent" (a bare field in a box) gets the ring around its parent.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self._target: QWidget | None = None
        self._watched: list[QObject] = []
        self._by_keys = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        theme.follow(self, lambda it: it.update())
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - no window without one
        app.focusChanged.connect(self._on_focus_changed)

    @property
    def target(self) -> QWidget | None:
        """Return the control that has the ring now."""
        return self._target if self.isVisible() else None

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._by_keys = False
        inside = now is not None and self._window.isAncestorOf(now)
        self._follow(now if inside else None)

    def _follow(self, target: QWidget | None) -> None:
        for watched in self._watched:
            if isValid(watched):  # a dialog that closed has taken its widgets along
                watched.removeEventFilter(self)
        self._watched, self._target = [], target
        parent: QWidget | None = target
        while parent is not None:
            self._watched.append(parent)
            parent.installEventFilter(self)
            parent = None if parent is self._window else parent.parentWidget()
        self._place()

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not self._by_keys or not target.isVisible():
            self.hide()
            return
        parent = target.parentWidget()
        if parent is not None and target.property("ring") == "parent":
            target = parent
        spot = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        seen = spot.adjusted(-GAP - WIDTH, -GAP - WIDTH, GAP + WIDTH, GAP + WIDTH)
        if not self._in_view(target, spot):
            self.hide()
            return
        self.setGeometry(seen)
        self.show()
        self.raise_()

    def _in_view(self, target: QWidget, spot: QRect) -> bool:
        parent = target.parentWidget()
        while parent is not None and parent is not self._window:
            if isinstance(parent, QScrollArea):
                view = parent.viewport()
                if not QRect(view.mapTo(self._window, QPoint(0, 0)), view.size()).intersects(spot):
                    return False
            parent = parent.parentWidget()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PLACED:
            self._place()
        elif watched is self._target:
            self._learn(event)
        return False

    def _learn(self, event: QEvent) -> None:
        """Learn from the control itself whether keys or the mouse are in use."""
        before = self._by_keys
        if event.type() == QEvent.Type.MouseButtonPress:
            self._by_keys = False
        elif event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            self._by_keys = self._by_keys or key in _ARROWS
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() in _KEYS:
                self._by_keys = True
            elif event.reason() == Qt.FocusReason.MouseFocusReason:
                self._by_keys = False
        if before != self._by_keys and event.type() != QEvent.Type.FocusOut:
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("focus"), WIDTH))
        half = WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS, RADIUS)

"""Messages at the bottom of the window: what happened, what was kept, one thing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QEnterEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QSizePolicy, QWidget

from studio.errors import StudioError
from ui.theme import Theme
from ui.widgets.controls import button, tool
from ui.widgets.layouts import col, row
from ui.widgets.painted import Glyph
from ui.widgets.texts import Wrapped
from ui.words import say_error

ICONS = {
    "done": ("check-circle-fill", "accent_text"),
    "info": ("info", "info"),
    "warn": ("warning-fill", "warn"),
    "error": ("warning-circle-fill", "danger"),
}
EDGE, GAP, MOST, LEAST_WIDE, MOST_WIDE = 24, 12, 3, 360, 520
Action = tuple[str, str, Callable[[], object]]


@dataclass(frozen=True)
class _Message:
    title: str
    body: str
    kind: str
    action: Action | None
    stays: bool


class ToastHost(QObject):
    """Show messages of one window, at most three; the rest wait, also until the window is there.

    `show_message` takes plain words; `action` is (words, icon, what to call). Errors stay until they
    are closed, others go after six seconds unless somebody looks at them.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self._waiting: list[_Message] = []
        self._shown: list[_Toast] = []
        window.installEventFilter(self)
        theme.changed.connect(self._on_changed)

    @property
    def shown(self) -> tuple[QWidget, ...]:
        """Return the messages that are seen now, the oldest first."""
        return tuple(self._shown)

    def show_message(
        self,
        title: str,
        body: str = "",
        *,
        kind: str = "info",
        action: Action | None = None,
        stays: bool = False,
    ) -> None:
        """Show a message. Kinds: done, info, warn, error; an error stays."""
        self._waiting.append(_Message(title, body, kind, action, stays or kind == "error"))
        self._next()

    def show_error(self, error: StudioError, *, action: Action | None = None) -> None:
        """Show what happened, what was kept and what to do next."""
        title, body = say_error(error)
        self.show_message(title, body, kind="error", action=action)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif event.type() == QEvent.Type.Show:
            QTimer.singleShot(0, self, self._next)
        return False

    def _next(self) -> None:
        if not self._window.isVisible():
            return
        while self._waiting and len(self._shown) < MOST:
            toast = _Toast(self._window, self._theme, self._waiting.pop(0))
            toast.gone.connect(self._on_gone)
            self._shown.append(toast)
            self._place(coming=toast)

    def _on_changed(self) -> None:
        self._place()

    def _on_gone(self, toast: _Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
        toast.hide()
        toast.deleteLater()
        self._place()
        self._next()

    def _place(self, coming: _Toast | None = None) -> None:
        bottom = self._window.height() - EDGE
        for toast in reversed(self._shown):
            width = max(LEAST_WIDE, min(round(MOST_WIDE * min(self._theme.scale, 1.4)), toast.wanted_width()))
            width = min(width, self._window.width() - 2 * EDGE)
            height = toast.layout().totalHeightForWidth(width)
            x = EDGE if self._window.isRightToLeft() else self._window.width() - EDGE - width
            toast.resize(width, height)
            toast.come(QPoint(x, bottom - height), arriving=toast is coming)
            bottom -= height + GAP


class _Toast(QFrame):
    """One message; it waits while the pointer or the focus is on it."""

    gone = Signal(object)

    def __init__(self, window: QWidget, theme: Theme, message: _Message) -> None:
        super().__init__(window)
        self._theme = theme
        self._stays = message.stays
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(theme.tokens.duration_ms["toast_stay"])
        self._timer.timeout.connect(self._on_time)
        self._move = QPropertyAnimation(self, b"pos", self)
        self._move.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setProperty("part", "toast")
        self.setAccessibleName(" ".join(part for part in (message.title, message.body) if part))
        self._build(message)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(theme.colour("shadow")))
        self.setGraphicsEffect(shadow)
        if not self._stays:
            self._timer.start()

    def _build(self, message: _Message) -> None:
        icon, tone = ICONS[message.kind]
        words = [Wrapped(message.title, "strong", data=True)]
        if message.body:
            words.append(Wrapped(message.body, "soft", data=True))
        self._words = tuple(words)
        parts: list[QWidget] = []
        if message.action is not None:
            label, act_icon, call = message.action

            def on_act() -> None:
                self.gone.emit(self)
                call()

            parts.append(button(self._theme, label, "", act_icon, size="small", clicked=on_act))
        close = tool(self._theme, "x", self.tr("Close this message"), clicked=lambda: self.gone.emit(self))
        body = row(Glyph(self._theme, icon, tone, 24), (col(*words, gap=0), 1), *parts, close,
                   margins=(16, 12, 10, 12), gap=12)  # fmt: skip
        self.setLayout(body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def wanted_width(self) -> int:
        """Return the width at which no line has to break."""
        lines = max(label.fontMetrics().horizontalAdvance(label.text()) + 4 for label in self._words)
        return (
            self.layout().totalSizeHint().width()
            - max(label.sizeHint().width() for label in self._words)
            + lines
        )

    def come(self, place: QPoint, *, arriving: bool) -> None:
        """Slide in when new, or to another place when others came or went."""
        length = self._theme.ms("enter")
        if arriving:
            self.move(place + QPoint(0, 24 if length else 0))
            self.show()
            self.raise_()
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._move.stop()
        if length and self.isVisible():
            self._move.setDuration(length)
            self._move.setEndValue(place)
            self._move.start()
        else:
            self.move(place)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if not self._stays:
            self._timer.start()

    def _on_time(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._timer.start()
        else:
            self.gone.emit(self)

"""A dialog that lies over the window on a scrim: never two, Esc closes, Tab stays inside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsDropShadowEffect,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Theme
from ui.widgets.controls import button, tool
from ui.widgets.layouts import Item, col, fill, frame, row, scroll
from ui.widgets.painted import veil
from ui.widgets.texts import Elided, text

MARGIN = 24


class Dialog(QWidget):
    """Show a title, content that scrolls, and a foot of buttons, in the middle of a window.

    Make it, `set_content` and `set_foot`, then `open`. It deletes itself after `closed`. `full` takes
    the whole window but for a margin (the player of a starter). The focus starts on `first`, or else
    on the first control, and goes back to where it was.
    """

    closed = Signal()

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        title: str,
        *,
        about: str = "",
        width: int = 600,
        full: bool = False,
        data: bool = False,
    ) -> None:
        super().__init__(window)
        self._window, self.theme, self._wide, self._full = window, theme, width, full
        self._first: QWidget | None = None
        self._before: QWidget | None = None
        self.setAccessibleName(title)
        self._scrim = veil(theme)
        self._scrim.setParent(self)
        close = tool(theme, "x", self.tr("Close"), clicked=self.close_dialog)
        close.setObjectName("dialog.close")
        self._close = close
        self._heading = Elided(title, "title", data=data)
        words = col(self._heading, *([text(about, "soft", wrap=True)] if about else []), gap=2)
        self._body = QVBoxLayout()
        self._foot = row(gap=8)
        head = row((words, 1), close, gap=12)
        self.box = frame("dialog", col(head, (self._body, 1), self._foot, margins=(24, 18, 20, 20), gap=12))
        self.box.setParent(self)
        self.box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if not full:  # a shadow is drawn by software: never over a preview
            self._shadow = QGraphicsDropShadowEffect(self.box)
            self._shadow.setOffset(0, 8)
            self._shadow.setBlurRadius(60)
            self.box.setGraphicsEffect(self._shadow)
            theme.follow(self, lambda it: it._shadow.setColor(QColor(theme.colour("shadow"))))
        theme.changed.connect(self._place_soon)
        window.installEventFilter(self)
        self.hide()

    def set_title(self, title: str) -> None:
        """Give the dialog its title, which is its accessible name too."""
        self._heading.setText(title)
        self.setAccessibleName(title)

    def set_content(self, content: QLayout | QWidget, *, scrolls: bool = True) -> None:
        """Show content between title and foot; it scrolls down where the window is too low."""
        if scrolls:
            self._body.addWidget(scroll(content), 1)
        elif isinstance(content, QWidget):
            self._body.addWidget(content, 1)
        else:
            self._body.addLayout(content, 1)

    def set_foot(self, *items: Item, first: QWidget | None = None) -> None:
        """Put buttons at the foot, the main one last; `first` gets the focus."""
        fill(self._foot, items, 0, 8)
        self._first = first

    def open(self) -> None:
        """Show the dialog over its window; another dialog that is open closes."""
        for other in self._window.findChildren(Dialog):
            if other is not self and other.isVisible():
                other.close_dialog()
        self._before = self._window.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._place_soon()
        first = self._first or self._next(self._close, forward=True) or self._close
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_dialog(self) -> None:
        """Close; the focus goes back to where it was."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
            self.deleteLater()

    # ------------------------------------------------------------------ Qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_dialog()
            return
        event.accept()  # nothing behind a dialog hears keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        now = self._window.focusWidget()
        start = now if now is not None and self.isAncestorOf(now) else self._close
        target = self._next(start, forward=next)
        if target is None:
            return True
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        return True

    # ------------------------------------------------------------------ own
    def _next(self, start: QWidget, *, forward: bool) -> QWidget | None:
        """Return the next control inside that Tab may reach, going round; None if there is no other."""
        seen = start
        while True:
            step = seen.nextInFocusChain() if forward else seen.previousInFocusChain()
            if step is None or step is start:
                return None
            seen = step
            reachable = seen.focusPolicy() & Qt.FocusPolicy.TabFocus
            if self.isAncestorOf(seen) and reachable and seen.isEnabled() and seen.isVisibleTo(self):
                return seen

    @Slot()
    def _place_soon(self) -> None:
        """Place the dialog once everything inside knows its new size."""
        QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        width, height = self._window.width(), self._window.height()
        self.setGeometry(0, 0, width, height)
        self._scrim.setGeometry(0, 0, width, height)
        most_wide, most_high = width - 2 * MARGIN, height - 2 * MARGIN
        if self._full:
            self.box.setGeometry(MARGIN, MARGIN, most_wide, most_high)
            return
        wide = min(round(self._wide * min(self.theme.scale, 1.5)), most_wide)
        self.box.setFixedWidth(wide)
        layout = self.box.layout()
        layout.activate()
        hint = (
            layout.totalHeightForWidth(wide)
            if layout.hasHeightForWidth()
            else layout.totalSizeHint().height()
        )
        high = min(max(hint, self._inner_height(wide)), most_high)
        self.box.setGeometry((width - wide) // 2, (height - high) // 2, wide, high)

    def _inner_height(self, wide: int) -> int:
        """Return the height at which nothing inside would have to scroll."""
        rest = self._foot.sizeHint().height() + 18 + 20 + 12 * 2 + self._close.height()
        item = self._body.itemAt(0)
        area = item.widget() if item is not None else None
        inner = area.widget() if area is not None and hasattr(area, "widget") else None
        if inner is None or inner.layout() is None:
            return 0
        layout = inner.layout()
        room = wide - 24 - 20 - 4
        high = layout.totalHeightForWidth(room) if layout.hasHeightForWidth() else -1
        return rest + max(high, layout.totalSizeHint().height() if high < 0 else high) + 16


def confirm(
    window: QWidget,
    theme: Theme,
    *,
    title: str,
    about: str,
    yes: str,
    no: str,
    icon: str = "trash",
    agreed: Callable[[], object],
) -> Dialog:
    """Ask once, only where Undo cannot help; the focus starts on the answer that changes nothing."""
    dialog = Dialog(window, theme, title, width=460)
    dialog.set_content(col(text(about, wrap=True), None))
    stay = button(theme, no, clicked=dialog.close_dialog)

    def on_yes() -> None:
        dialog.close_dialog()
        agreed()

    act = button(theme, yes, "danger", icon, clicked=on_yes)
    act.setObjectName("confirm.yes")
    stay.setObjectName("confirm.no")
    dialog.set_foot(None, stay, act, first=stay)
    dialog.open()
    return dialog

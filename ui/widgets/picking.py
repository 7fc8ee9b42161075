"""Pick a part of an app where it is seen: frames over the page, which itself hears nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.widgets.preview import Preview, State
from ui.widgets.spots import Spot, read_spots, spot_at

LOOK_MS = 250
"""An app moves by itself (a timer, a new question), so where its parts lie is asked for again and again."""
HALO, FRAME, CHOSEN = 6.0, 2.0, 3.0
RADIUS, INSET, AROUND = 10.0, 5.0, 6.0
FORWARD = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Right})
BACKWARD = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Left})
PICK = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
Key = tuple[int, str, int]


class PickLayer(QWidget):
    """Lie over the app: frame what is under the pointer and what is chosen, and take clicks and keys.

    `picked` carries a spot and whether the keyboard chose it.
    """

    picked = Signal(object, bool)
    left = Signal()
    reached = Signal(object)
    scrolled = Signal(int, int)

    def __init__(self, theme: Theme, name_of: Callable[[Spot], str]) -> None:
        super().__init__()
        self._theme, self._name_of = theme, name_of
        self._spots: tuple[Spot, ...] = ()
        self._under: Key | None = None
        self._chosen: Key | None = None
        self._said = ""
        self._covered = QRect()
        self.setObjectName("make.parts")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._tell()
        theme.follow(self, lambda it: it.update())
        self.hide()

    # ------------------------------------------------------------------ what others may ask

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Return what can be picked now, from top to bottom."""
        return self._spots

    @property
    def under(self) -> Spot | None:
        """Return what is framed as if by the pointer."""
        return self._find(self._under)

    @property
    def chosen(self) -> Spot | None:
        """Return what is framed as picked."""
        return self._find(self._chosen)

    def show_spots(self, spots: Sequence[Spot]) -> None:
        """Show where the parts lie now."""
        if self._spots != tuple(spots):
            self._spots = tuple(spots)
            self._tell()
            self.update()

    def set_chosen(self, key: Key | None) -> None:
        """Frame this as picked; an item that is not on the screen gives way to its block."""
        self._chosen = key
        self.update()

    def set_covered(self, rect: QRect) -> None:
        """Keep the names out of this part of the layer, over which something else lies."""
        if rect != self._covered:
            self._covered = rect
            self.update()

    def begin(self) -> None:
        """Start anew, with nothing under the pointer."""
        self._under = None
        self._tell()
        self.show()
        self.raise_()

    # ------------------------------------------------------------------ own

    def _find(self, key: Key | None) -> Spot | None:
        if key is None:
            return None
        exact = next((spot for spot in self._spots if spot.key == key), None)
        return exact or next((spot for spot in self._spots if spot.key == (key[0], "", -1)), None)

    def _set_under(self, spot: Spot | None) -> None:
        key = spot.key if spot is not None else None
        if key != self._under:
            self._under = key
            self._tell()
            self.update()

    def _tell(self) -> None:
        """Let a screen reader say what would be picked."""
        spot = self.under
        if spot is None:
            words = self.tr("Parts of your app. Arrow keys move, Enter picks, Escape leaves.")
        else:
            words = self.tr("{name}, {number} of {count}").format(
                name=self._name_of(spot), number=self._spots.index(spot) + 1, count=len(self._spots)
            )
        if words != self._said:
            self._said = words
            self.setAccessibleName(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def _step(self, towards: int) -> bool:
        """Frame the next spot in reading order; tell whether there is one."""
        now = self.under
        place = self._spots.index(now) + towards if now in self._spots else 0 if towards > 0 else -1
        if not self._spots or not (0 <= place < len(self._spots) or (now is None and place == -1)):
            return False
        self._set_under(self._spots[place])
        self.reached.emit(self._spots[place])
        return True

    # ------------------------------------------------------------------ Qt

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_under(spot_at(self._spots, event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = spot_at(self._spots, event.position())
        self._set_under(spot)
        if spot is not None:
            self.picked.emit(spot, False)

    def leaveEvent(self, event: object) -> None:
        if not self.hasFocus():
            self._set_under(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        self.scrolled.emit(-turned.x(), -turned.y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in PICK and self.under is not None:
            self.picked.emit(self.under, True)
        elif key in FORWARD or key in BACKWARD:
            self._step(1 if key in FORWARD else -1)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return self._step(1 if next else -1) or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        if (keys or event.reason() == Qt.FocusReason.BacktabFocusReason) and self.under is None:
            self._step(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, under = self.chosen, self.under
        if chosen is not None:
            self._paint_frame(painter, chosen, CHOSEN)
        if under is not None and under != chosen:
            self._paint_frame(painter, under, FRAME)

    def _paint_frame(self, painter: QPainter, spot: Spot, wide: float) -> None:
        room = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        rect = spot.rect.adjusted(-AROUND, -AROUND, AROUND, AROUND).intersected(room)
        if rect.isEmpty():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, pen in (
            (self._theme.colour("on_accent"), wide + HALO / 2),
            (self._theme.colour("accent"), wide),
        ):
            painter.setPen(QPen(colour, pen))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        self._paint_tag(painter, rect, self._free(room), self._name_of(spot))

    def _free(self, room: QRectF) -> QRectF:
        """Return the wider side of the room beside what lies over it, or all of it if nothing does."""
        covered = QRectF(self._covered).intersected(room)
        if covered.isEmpty():
            return room
        before, after = QRectF(room), QRectF(room)
        before.setRight(covered.left() - INSET)
        after.setLeft(covered.right() + INSET)
        return max(before, after, key=lambda side: side.width())

    def _paint_tag(self, painter: QPainter, rect: QRectF, room: QRectF, words: str) -> None:
        """Write a name over the end of the upper edge; inside of it where there is no room above."""
        theme = self._theme
        font = self.font()
        font.setBold(True)
        font.setPixelSize(theme.px(15))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        high = theme.px(32)
        wide = min(metrics.horizontalAdvance(words) + 32, room.width())
        seen = rect.intersected(room) if rect.intersects(room) else rect
        x = seen.right() - wide - 20 if not self.isRightToLeft() else seen.left() + 20
        x = max(room.left(), min(x, room.right() - wide))
        y = max(room.top(), min(rect.top() - high / 2, room.bottom() - high))
        tag = QRectF(x, y, wide, high)
        painter.setPen(QPen(theme.colour("on_accent"), 2))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(tag, RADIUS, RADIUS)
        painter.setPen(theme.colour("on_accent"))
        cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, wide - 24)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, cut)


class Picker(QObject):
    """Let somebody pick a part in a preview, while `active`; the page is asked where its parts lie.

    `picked` carries a spot and whether the keyboard chose it, `changed` whether picking goes on.
    """

    picked = Signal(object, bool)
    changed = Signal(bool)

    def __init__(self, theme: Theme, preview: Preview, name_of: Callable[[Spot], str]) -> None:
        super().__init__(preview)
        self._preview = preview
        self._active = False
        self.layer = PickLayer(theme, name_of)
        self.layer.setParent(preview)
        self.layer.picked.connect(self.picked)
        self.layer.left.connect(lambda: self.set_active(active=False))
        self.layer.scrolled.connect(self._on_scrolled)
        self.layer.reached.connect(self._on_reached)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._ask)
        preview.placed.connect(self._place)
        preview.ready.connect(self._on_ready)
        preview.updated.connect(self._ask)
        preview.state_changed.connect(self._on_state)

    @property
    def active(self) -> bool:
        """Tell whether parts can be picked now."""
        return self._active

    def set_active(self, *, active: bool) -> None:
        """Begin to pick, where an app plays, or end it."""
        active = active and self._preview.state is State.RUNNING
        if active == self._active:
            return
        self._active = active
        if active:
            self._place()
            self.layer.begin()
            self._ask()
            self._timer.start()
        else:
            self._timer.stop()
            self.layer.hide()
        self.changed.emit(active)

    def _ask(self) -> None:
        page = self._preview.page
        if self._active and page is not None and self._preview.state is State.RUNNING:
            page.where_parts_are(self._on_told)

    def _on_told(self, answer: object) -> None:
        document = self._preview.document
        if self._active and document is not None and document.blueprint is not None:
            self.layer.show_spots(read_spots(answer, document.blueprint))

    def _on_scrolled(self, right: int, down: int) -> None:
        page = self._preview.page
        if page is not None:
            page.scroll_by(right, down)
            self._ask()

    def _on_reached(self, spot: Spot) -> None:
        page = self._preview.page
        if page is not None:
            page.show_part(*spot.names)
            self._ask()

    def _place(self) -> None:
        self.layer.setGeometry(self._preview.app_rect())

    def _on_ready(self) -> None:
        if self._active:
            self.layer.show()
            self.layer.raise_()
            self._ask()

    def _on_state(self, state: object) -> None:
        """Go on when the app is loaded anew; end when it no longer plays."""
        if state is State.LOADING:
            self.layer.hide()
        elif state is not State.RUNNING:
            self.set_active(active=False)

"""The timeline: pictures of the steps on one stem; the filled leaf marks where you are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.painted import Scene, cover

WIDE, HIGH, GAP, STEM = 93, 58, 10, 24
ARROW = 36
RADIUS = 7
Pressed = Callable[[int], None]


@dataclass(frozen=True)
class StripStep:
    """Describe one step for the strip: its id, what it did in words, its picture or else a scene."""

    id: int
    words: str
    picture: Path | None = None
    scene: Scene | None = None


class StepsStrip(QScrollArea):
    """Show steps from first to last; `chosen` carries the id of a step that somebody pressed.

    Arrow keys move between the steps. The step shown now is always in view. Only the sideways bar of
    this strip scrolls sideways: a timeline has no end.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._strip = _Strip(theme, self._on_pressed)
        self.setWidget(self._strip)
        self.setWidgetResizable(False)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._earlier = _Arrow(self, theme, self.tr("Earlier steps"), towards=-1)
        self._later = _Arrow(self, theme, self.tr("Later steps"), towards=1)
        bar = self.horizontalScrollBar()
        bar.valueChanged.connect(self._place_arrows)
        bar.rangeChanged.connect(self._on_range)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._strip.setProperty("part", "scroll")
        theme.follow(self, lambda it: it.setFixedHeight(HIGH + STEM))

    def set_steps(self, steps: list[StripStep], current: int) -> None:
        """Show these steps; `current` is the index of the one that is shown in the preview."""
        self._strip.set_steps(steps, current)
        QTimer.singleShot(0, self, self._show_current)

    def set_picture(self, step_id: int, picture: Path) -> None:
        """Give one step its picture."""
        for thumb in self._strip.thumbs:
            if thumb.step.id == step_id:
                thumb.set_picture(picture)

    def thumb(self, index: int) -> QPushButton:
        """Return the button of a step by its place."""
        return self._strip.thumbs[index]

    def move_by(self, towards: int) -> None:
        """Show what lies two steps before (-1) or after (1)."""
        bar = self.horizontalScrollBar()
        step = 2 * (WIDE + GAP) * (-towards if self.isRightToLeft() else towards)
        bar.setValue(bar.value() + step)

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar, turned = self.horizontalScrollBar(), event.angleDelta()
        by = turned.x() or turned.y()
        if not by or bar.maximum() == bar.minimum():
            event.ignore()
            return
        bar.setValue(bar.value() - by)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_current()
        self._place_arrows()

    def _on_range(self, _least: int, _most: int) -> None:
        self._show_current()
        self._place_arrows()

    def _place_arrows(self) -> None:
        """Lay an arrow over the end where there is more to see."""
        bar, mirrored = self.horizontalScrollBar(), self.isRightToLeft()
        left, right = (self._later, self._earlier) if mirrored else (self._earlier, self._later)
        left.setGeometry(0, 0, ARROW, HIGH)
        right.setGeometry(self.width() - ARROW, 0, ARROW, HIGH)
        left.setVisible(bar.value() > bar.minimum())
        right.setVisible(bar.value() < bar.maximum())
        left.raise_()
        right.raise_()

    def _show_current(self) -> None:
        if 0 <= self._strip.current < len(self._strip.thumbs):
            self.ensureWidgetVisible(self._strip.thumbs[self._strip.current], ARROW + GAP, 0)

    def _on_pressed(self, step_id: int) -> None:
        self.chosen.emit(step_id)


class _Arrow(QPushButton):
    """Stand over one end of the strip, for those who have no wheel; keys move between the steps."""

    def __init__(self, strip: StepsStrip, theme: Theme, name: str, *, towards: int) -> None:
        super().__init__(strip)
        self._theme, self._towards = theme, towards
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(lambda: strip.move_by(towards))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colour = QPainter(self), self._theme.colour
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("surface"))
        spot = QRectF(self.rect()).adjusted(2, 1, -2, -1)
        painter.setPen(QPen(colour("line_strong" if self.underMouse() else "line"), 1))
        painter.setBrush(colour("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(spot, RADIUS, RADIUS)
        point = 4 if (self._towards > 0) != self.isRightToLeft() else -4
        x, y = self.width() / 2 - point / 2, self.height() / 2
        painter.setPen(QPen(colour("text_soft"), 2))
        painter.drawPolyline([QPointF(x, y - 6), QPointF(x + point * 1.5, y), QPointF(x, y + 6)])


class _Strip(QWidget):
    def __init__(self, theme: Theme, pressed: Pressed) -> None:
        super().__init__()
        self._theme, self._pressed = theme, pressed
        self.thumbs: list[_Thumb] = []
        self.current = -1
        theme.follow(self, lambda it: it.update())

    def set_steps(self, steps: list[StripStep], current: int) -> None:
        """Keep the buttons of steps that stay, so that the focus stays too."""
        old = {thumb.step: thumb for thumb in self.thumbs}
        kept: list[_Thumb] = []
        for step in steps:
            thumb = old.pop(step, None) or _Thumb(self, self._theme, step, self._pressed)
            kept.append(thumb)
        for gone in old.values():
            gone.hide()
            gone.deleteLater()
        self.thumbs, self.current = kept, current
        self.resize(max(1, len(kept) * (WIDE + GAP) - GAP), HIGH + STEM)
        for index, thumb in enumerate(kept):
            thumb.setGeometry(self._left(index), 0, WIDE, HIGH)
            thumb.set_state(index, current)
            thumb.show()
            if index:
                QWidget.setTabOrder(kept[index - 1], thumb)
        self.update()

    def focus_next(self, thumb: _Thumb, towards: int) -> bool:
        """Give the focus to the step before or after; tell whether there is one."""
        place = self.thumbs.index(thumb) + towards
        if not 0 <= place < len(self.thumbs):
            return False
        self.thumbs[place].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _left(self, index: int) -> int:
        x = index * (WIDE + GAP)
        return self.width() - WIDE - x if self.isRightToLeft() else x

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.thumbs:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour
        y, middles = HIGH + 13, [self._left(index) + WIDE / 2 for index in range(len(self.thumbs))]
        painter.setPen(QPen(colour("line_strong"), 2))
        painter.drawLine(QPointF(middles[0], y), QPointF(middles[-1], y))
        for index, x in enumerate(middles):
            now = index == self.current
            painter.setPen(QPen(colour("accent" if index <= self.current else "line_strong"), 2))
            painter.setBrush(colour("accent" if now else "surface"))
            radius = 6 if now else 4
            painter.drawEllipse(QPointF(x, y), radius, radius)


class _Thumb(QPushButton):
    """The picture of one step as a button."""

    def __init__(self, strip: _Strip, theme: Theme, step: StripStep, pressed: Pressed) -> None:
        super().__init__(strip)
        self._strip, self._theme, self.step = strip, theme, step
        self._now = False
        self._later = False
        self._pixmap = QPixmap(str(step.picture)) if step.picture is not None else QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda: pressed(step.id))

    def set_picture(self, picture: Path) -> None:
        """Show the picture that was taken meanwhile."""
        self._pixmap = QPixmap(str(picture))
        self.update()

    def set_state(self, index: int, current: int) -> None:
        """Tell the step where it stands: now, before, or later (after an undo)."""
        self._now, self._later = index == current, index > current
        pattern = (
            self.tr("Step {number}, shown now: {words}") if self._now else self.tr("Step {number}: {words}")
        )
        words = pattern.format(number=index + 1, words=self.step.words)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        towards = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if not towards or not self._strip.focus_next(self, -towards if self.isRightToLeft() else towards):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(path)
        if self._later:
            painter.setOpacity(0.6)
        if not self._pixmap.isNull():
            cover(painter, rect, self._pixmap)
        elif self.step.scene is not None:
            self.step.scene(painter, rect)
        else:
            painter.fillRect(QRect(self.rect()), self._theme.colour("sunken"))
        painter.restore()
        edge = 2 if self._now or self.underMouse() else 1
        painter.setPen(
            QPen(self._theme.colour("accent" if self._now else "line_strong" if edge > 1 else "line"), edge)
        )
        inset = edge / 2
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

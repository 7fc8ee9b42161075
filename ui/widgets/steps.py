"""The timeline: pictures of the steps on one stem; the filled leaf marks where you are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractButton, QPushButton, QScrollArea, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.painted import Scene, cover

WIDE, HIGH, GAP, STEM = 93, 58, 10, 24
ARROW = 36
RADIUS = 7
PICTURES = 300
"""So many pictures of steps are kept, small, in memory: about 6 MB on a plain screen."""


@dataclass(frozen=True)
class StripStep:
    """Describe one step for the strip: its id, what it did in words, its picture or else a scene."""

    id: int
    words: str
    picture: Path | None = None
    scene: Scene | None = None


class StepsStrip(QScrollArea):
    """Show steps from first to last; `chosen` carries the id of a step that somebody pressed.

    Arrow keys move between the steps, Home and End to their ends; `menu_asked` carries the id of a step and
    where its menu is wanted. The step shown now is always in view. However many steps there are, only those
    in sight have a button. Only the sideways bar of this strip scrolls sideways: a timeline has no end.
    """

    chosen = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._strip = _Strip(theme, self)
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
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_range)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._strip.setProperty("part", "scroll")
        theme.follow(self, lambda it: it.setFixedHeight(HIGH + STEM))

    def set_steps(self, steps: Sequence[StripStep], current: int, chosen: int | None = None) -> None:
        """Show these steps; `current` is the index of the one that is shown in the preview.

        `chosen` is the one to frame, where that is another one. A step is read from `steps` only when it
        comes into sight.
        """
        framed = current if chosen is None else chosen
        moved = (len(steps), framed) != (len(self._strip.steps), self._strip.framed)
        self._strip.set_steps(steps, current, framed)
        self._fill()
        if moved:
            QTimer.singleShot(0, self, self._show_current)

    def thumb(self, index: int) -> QAbstractButton:
        """Return the button of a step by its place; it is made if it is out of sight."""
        return self._strip.made(index)

    @property
    def in_sight(self) -> int:
        """Return how many steps have a button now."""
        return len(self._strip.thumbs)

    def move_by(self, towards: int) -> None:
        """Show what lies two steps before (-1) or after (1)."""
        bar = self.horizontalScrollBar()
        step = 2 * (WIDE + GAP) * (-towards if self.isRightToLeft() else towards)
        bar.setValue(bar.value() + step)

    def show_step(self, index: int) -> None:
        """Scroll until one step is in sight."""
        self.ensureVisible(self._strip.left(index) + WIDE // 2, HIGH // 2, WIDE // 2 + ARROW + GAP, 0)
        self._fill()

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
        self._on_scrolled()

    def _on_range(self, _least: int, _most: int) -> None:
        self._show_current()
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        self._fill()
        self._place_arrows()

    def _fill(self) -> None:
        """Give a button to each step in sight, and to one more at each end."""
        left, wide = -self._strip.x(), self.viewport().width()
        self._strip.show_between(left - WIDE - GAP, left + wide + WIDE + GAP)

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
        if 0 <= self._strip.framed < len(self._strip.steps):
            self.show_step(self._strip.framed)


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
    """The stem and the buttons in sight; the others are only places on it."""

    def __init__(self, theme: Theme, area: StepsStrip) -> None:
        super().__init__()
        self._theme, self._area = theme, area
        self.steps: Sequence[StripStep] = ()
        self.thumbs: dict[int, _Thumb] = {}
        self.current = self.framed = -1
        theme.follow(self, lambda it: it.update())

    def set_steps(self, steps: Sequence[StripStep], current: int, framed: int) -> None:
        """Keep the buttons of steps that stay, so that the focus stays too."""
        old, self.thumbs = self.thumbs, {}
        self.steps, self.current, self.framed = steps, current, framed
        self.resize(max(1, len(steps) * (WIDE + GAP) - GAP), HIGH + STEM)
        for index, thumb in old.items():
            if index < len(steps) and steps[index].id == thumb.step.id:
                thumb.set_step(steps[index])
                self._place(index, thumb)
            else:
                _drop(thumb)
        self.update()

    def show_between(self, left: int, right: int) -> None:
        """Have a button for each step between two places of the strip, and for the one with the focus."""
        width = WIDE + GAP
        if self.isRightToLeft():
            left, right = self.width() - right, self.width() - left
        wanted = range(max(0, left // width), min(len(self.steps), right // width + 1))
        for index in [one for one in self.thumbs if one not in wanted and not self.thumbs[one].hasFocus()]:
            _drop(self.thumbs.pop(index))
        missing = [index for index in wanted if index not in self.thumbs]
        for index in missing:
            self.made(index)
        if missing:
            self._order()

    def made(self, index: int) -> _Thumb:
        """Return the button of a step, made if need be."""
        if index not in self.thumbs:
            self._place(index, _Thumb(self, self._theme, self.steps[index]))
        return self.thumbs[index]

    def focus_step(self, index: int) -> bool:
        """Give the focus to a step; tell whether there is one at that place."""
        if not 0 <= index < len(self.steps):
            return False
        self._area.show_step(index)
        self.made(index).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def choose(self, step_id: int) -> None:
        """Tell that somebody pressed a step."""
        self._area.chosen.emit(step_id)

    def ask_menu(self, step_id: int, place: QPoint) -> None:
        """Tell that somebody wants the menu of a step."""
        self._area.menu_asked.emit(step_id, place)

    def left(self, index: int) -> int:
        """Return where a step begins."""
        x = index * (WIDE + GAP)
        return self.width() - WIDE - x if self.isRightToLeft() else x

    def _place(self, index: int, thumb: _Thumb) -> None:
        self.thumbs[index] = thumb
        thumb.setGeometry(self.left(index), 0, WIDE, HIGH)
        thumb.set_state(index, self.current, self.framed)
        thumb.show()

    def _order(self) -> None:
        """Let Tab go along the stem."""
        order = [self.thumbs[index] for index in sorted(self.thumbs)]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour
        y, seen, last = HIGH + 13, event.rect(), len(self.steps) - 1
        ends = sorted((self.left(0) + WIDE / 2, self.left(last) + WIDE / 2))
        painter.setPen(QPen(colour("line_strong"), 2))
        painter.drawLine(
            QPointF(max(ends[0], seen.left() - 4), y), QPointF(min(ends[1], seen.right() + 4), y)
        )
        for index in sorted(self.thumbs):
            now = index == self.current
            painter.setPen(QPen(colour("accent" if index <= self.current else "line_strong"), 2))
            painter.setBrush(colour("accent" if now else "surface"))
            radius = 6 if now else 4
            painter.drawEllipse(QPointF(self.left(index) + WIDE / 2, y), radius, radius)


def _drop(thumb: _Thumb) -> None:
    thumb.hide()
    thumb.deleteLater()


@lru_cache(maxsize=PICTURES)
def _small(picture: Path, wide: int, high: int) -> QPixmap:
    """Return the picture of a step, no larger than a strip on this screen shows it."""
    whole = QImage(str(picture))
    if whole.isNull():
        return QPixmap()
    grow, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(whole.scaled(wide, high, grow, smooth))


class _Thumb(QAbstractButton):
    """The picture of one step as a button; no QPushButton, for its style sheet would grow it with the text."""

    def __init__(self, strip: _Strip, theme: Theme, step: StripStep) -> None:
        super().__init__(strip)
        self._strip, self._theme, self.step = strip, theme, step
        self._index = -1
        self._framed = False
        self._later = False
        self._pixmap: QPixmap | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._load)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda: strip.choose(step.id))

    def set_step(self, step: StripStep) -> None:
        """Show the same step with the picture that was taken meanwhile."""
        if step.picture != self.step.picture:
            self._pixmap = None
        self.step = step

    def set_state(self, index: int, current: int, framed: int) -> None:
        """Tell the step where it stands: now, before, or later (after an undo), and whether it is framed."""
        self._index, self._framed, self._later = index, index == framed, index > current
        if index == current:
            pattern = self.tr("Step {number}, shown now: {words}")
        elif self._framed:
            pattern = self.tr("Step {number}, chosen: {words}")
        else:
            pattern = self.tr("Step {number}: {words}")
        words = pattern.format(number=index + 1, words=self.step.words)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def _load(self) -> None:
        """Read the picture: one turn of the loop after the step came into sight, so that scrolling is smooth."""
        if self.step.picture is not None:
            ratio = self.devicePixelRatioF()
            self._pixmap = _small(self.step.picture, round(WIDE * ratio), round(HIGH * ratio))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = -1 if self.isRightToLeft() else 1
        to = {
            Qt.Key.Key_Right: self._index + by,
            Qt.Key.Key_Left: self._index - by,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._strip.steps) - 1,
        }.get(Qt.Key(event.key()), -1)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif not self._strip.focus_step(to):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._strip.ask_menu(self.step.id, event.globalPos())

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
        if self._pixmap is None and self.step.picture is not None:
            self._soon.start()
        if self._pixmap is not None and not self._pixmap.isNull():
            cover(painter, rect, self._pixmap)
        elif self.step.scene is not None:
            self.step.scene(painter, rect)
        else:
            painter.fillRect(QRect(self.rect()), self._theme.colour("sunken"))
        painter.restore()
        edge = 2 if self._framed or self.underMouse() else 1
        painter.setPen(
            QPen(
                self._theme.colour("accent" if self._framed else "line_strong" if edge > 1 else "line"), edge
            )
        )
        inset = edge / 2
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

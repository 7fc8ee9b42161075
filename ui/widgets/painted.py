"""Widgets that are painted: glyphs, the mark, the leaf, pictures with round corners, the busy sign."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme, icons

Draw = Callable[[QPainter, int, int], None]
Scene = Callable[[QPainter, QRectF], None]


class Painted(QWidget):
    """Be drawn by one function(painter, width, height); clicks and focus pass through."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._draw(painter, self.width(), self.height())


class Glyph(Painted):
    """Show one icon; `size` grows with the text."""

    def __init__(self, theme: Theme, name: str, tone: str = "text_soft", size: int = 20) -> None:
        super().__init__(self._paint)
        self._theme, self._name, self._tone = theme, icons.known(name), tone
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.follow(self, lambda it: it.setFixedSize(theme.px(size), theme.px(size)))

    def set_icon(self, name: str, tone: str = "") -> None:
        """Show another icon, in another colour if one is named."""
        self._name, self._tone = icons.known(name), tone or self._tone
        self.update()

    def _paint(self, painter: QPainter, width: int, height: int) -> None:
        icons.paint(painter, QRect(0, 0, width, height), self._name, self._theme.colour(self._tone))


def sprout(theme: Theme, size: int = 40) -> Painted:
    """Return the mark: one stem, two leaves."""

    def draw(painter: QPainter, width: int, height: int) -> None:
        painter.scale(width / 36, height / 36)
        painter.setPen(QPen(theme.colour("accent"), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        stem = QPainterPath(QPointF(18, 32))
        stem.cubicTo(18, 26, 18, 24, 18, 17)
        painter.drawPath(stem)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        for tip, root, out, back in (
            ((3.5, 8), (18, 19.5), (4, 17), (12, 7)),
            ((33, 3.5), (18, 22.5), (33, 16), (20, 4)),
        ):
            leaf = QPainterPath(QPointF(*tip))
            leaf.quadTo(QPointF(*out), QPointF(*root))
            leaf.quadTo(QPointF(*back), QPointF(*tip))
            painter.drawPath(leaf)

    made = Painted(draw)
    return theme.follow(made, lambda it: it.setFixedSize(theme.px(size), theme.px(size)))


def leaf(theme: Theme, icon: str, size: int = 112) -> Painted:
    """Return the leaf behind an empty state, with an icon on it."""

    def draw(painter: QPainter, width: int, height: int) -> None:
        path, round_ = QPainterPath(), width * 0.14
        path.moveTo(0, height / 2)
        path.quadTo(0, 0, width / 2, 0)
        path.lineTo(width - round_, 0)
        path.quadTo(width, 0, width, round_)
        path.lineTo(width, height / 2)
        path.quadTo(width, height, width / 2, height)
        path.lineTo(round_, height)
        path.quadTo(0, height, 0, height - round_)
        path.closeSubpath()
        painter.fillPath(path, theme.colour("accent_soft"))
        if theme.name == "high_contrast":
            painter.setPen(QPen(theme.colour("edge"), 1))
            painter.drawPath(path)
        side = round(width * 48 / 112)
        spot = QRect((width - side) // 2, (height - side) // 2, side, side)
        icons.paint(painter, spot, icons.known(icon), theme.colour("on_accent_soft"))

    made = Painted(draw)
    return theme.follow(made, lambda it: it.setFixedSize(theme.px(size), theme.px(size)))


class Picture(Painted):
    """Show a picture of an app with round corners: a PNG, or, until there is one, a painted scene.

    `ratio` is width to height (16:10 as drawn); `height` fixes the height instead and grows with the
    text; `top` rounds the upper corners only, as on a card. The picture covers its place and keeps
    its shape. `chosen` gives it the green frame.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        width: int = 0,
        height: int = 0,
        radius: int = 10,
        top: bool = False,
        ratio: float = 1.6,
    ) -> None:
        super().__init__(self._paint)
        self._theme, self._radius, self._top, self._ratio = theme, radius, top, ratio
        self._pixmap = QPixmap()
        self._path: Path | None = None
        self._scene: Scene | None = None
        self.chosen = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(not height)
        self.setSizePolicy(policy)

        def dress(it: Picture) -> None:
            if width:
                it.setFixedWidth(theme.px(width))
            if height:
                it.setFixedHeight(theme.px(height))
            it.update()

        theme.follow(self, dress)

    def hasHeightForWidth(self) -> bool:
        return self.sizePolicy().hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return round(width / self._ratio)

    def sizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(160))

    def set_path(self, path: Path | None) -> None:
        """Show a PNG file; None or a file that cannot be read leaves the scene."""
        self._path = path
        self._pixmap = QPixmap(str(path)) if path is not None else QPixmap()
        self.update()

    def set_scene(self, scene: Scene | None) -> None:
        """Draw this wherever there is no picture."""
        self._scene = scene
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Give the picture the green frame, or take it away."""
        self.chosen = chosen
        self.update()

    def _paint(self, painter: QPainter, width: int, height: int) -> None:
        path = QPainterPath()
        path.addRoundedRect(
            QRectF(0, 0, width, height + (self._radius if self._top else 0)), self._radius, self._radius
        )
        painter.save()
        painter.setClipPath(path)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint_inside(painter, QRectF(0, 0, width, height))
        painter.restore()
        edge = 2 if self.chosen else 1
        painter.setPen(QPen(self._theme.colour("accent" if self.chosen else "line"), edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset, below = edge / 2, self._radius * 2 if self._top else 0
        outline = QRectF(0, 0, width, height + below).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(outline, self._radius, self._radius)

    def _paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        if not self._pixmap.isNull():
            cover(painter, rect, self._pixmap)
        elif self._scene is not None:
            self._scene(painter, rect)
        else:
            painter.fillRect(rect, self._theme.colour("sunken"))


def cover(painter: QPainter, rect: QRectF, pixmap: QPixmap) -> None:
    """Draw a picture so that it covers `rect` and keeps its shape; what is too high goes at the foot."""
    size = pixmap.size()
    scale = max(rect.width() / size.width(), rect.height() / size.height())
    if scale < 0.5:  # Qt looks at four points only: a picture drawn much smaller would sparkle
        shrunk = size * scale * painter.device().devicePixelRatioF()
        pixmap = pixmap.scaled(
            shrunk, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        size = pixmap.size()
        scale = max(rect.width() / size.width(), rect.height() / size.height())
    width, height = rect.width() / scale, rect.height() / scale
    painter.drawPixmap(rect, pixmap, QRectF((size.width() - width) / 2, 0, width, height))


class BusySign(Painted):
    """Say that work goes on: a turning arc, or words where nothing should move.

    It is seen after half a second at the earliest, and then for half a second at least.
    """

    def __init__(self, theme: Theme, size: int = 20) -> None:
        super().__init__(self._paint)
        self._theme, self._side = theme, size
        self._started = self._seen = 0.0
        self._stopping = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self.setAccessibleName(self.tr("Working"))
        theme.follow(self, lambda it: it._dress())
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(False)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def running(self) -> bool:
        """Tell whether work goes on, seen or not yet."""
        return self._timer.isActive() and not self._stopping

    def start(self) -> None:
        """Begin: the sign comes if the work is not done soon."""
        if self.running:
            return
        self._started, self._seen, self._stopping = time.monotonic(), 0.0, False
        self._timer.start(40 if self._theme.moving else 250)

    def stop(self) -> None:
        """End: the sign goes once it was seen long enough to be understood."""
        self._stopping = True
        if not self._seen:
            self._end()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._side)
        if self._theme.moving:
            return QSize(side, side)
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words(88)) + 4, max(side, metrics.height()))

    def _dress(self) -> None:
        self.setFont(self._theme.font("small"))
        self.setFixedSize(self.sizeHint())

    def _words(self, seconds: int) -> str:
        return self.tr("Working, {seconds} s").format(seconds=seconds)

    def _end(self) -> None:
        self._timer.stop()
        self._stopping, self._seen = False, 0.0
        self.hide()

    def _on_tick(self) -> None:
        now = time.monotonic()
        durations = self._theme.tokens.duration_ms
        if not self._seen:
            if (now - self._started) * 1000 >= durations["busy_delay"]:
                self._seen = now
                self.setFixedSize(self.sizeHint())
                self.show()
        elif self._stopping and (now - self._seen) * 1000 >= durations["busy_least"]:
            self._end()
        self.update()

    def _paint(self, painter: QPainter, width: int, height: int) -> None:
        passed = time.monotonic() - self._started
        if not self._theme.moving:
            painter.setPen(self._theme.colour("text_soft"))
            painter.drawText(
                QRect(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, self._words(int(passed))
            )
            return
        edge = max(2, width // 9)
        spot = QRectF(0, 0, width, height).adjusted(edge, edge, -edge, -edge)
        painter.setPen(QPen(self._theme.colour("meter_track"), edge))
        painter.drawEllipse(spot)
        painter.setPen(
            QPen(self._theme.colour("accent"), edge, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawArc(spot, round(-passed * 360 * 16) % 5760, 100 * 16)


def veil(theme: Theme) -> Painted:
    """Return the scrim that lies over the window behind a dialog."""
    return Painted(
        lambda painter, width, height: painter.fillRect(0, 0, width, height, QColor(theme.colour("scrim")))
    )

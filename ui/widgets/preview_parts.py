"""What lies over and round the page of a preview: cover, corners, shadow, and what the app says."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from ui.theme import Theme
from ui.widgets.controls import tool
from ui.widgets.layouts import frame, row
from ui.widgets.painted import BusySign, Painted, Scene
from ui.widgets.texts import Wrapped

RADIUS = 14
SHADOW = 14
ALERT_MS = 6_000


class Cover(QWidget):
    """Lie over the page while it is not to be seen: a painted picture of the app, or a card.

    `rising` asks the preview for the right place before it is shown.
    """

    rising = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scene: Scene | None = None
        self._held: QPixmap | None = None
        self._card: QWidget | None = None
        self._busy = BusySign(theme)
        self._busy.setParent(self)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)

    def set_scene(self, scene: Scene | None) -> None:
        """Draw this while the app loads."""
        self._scene, self._held = scene, None
        self.update()

    def hold(self, picture: QPixmap) -> None:
        """Draw this picture of the app instead, until the cover is lifted."""
        self._held = picture

    def show_scene(self) -> None:
        """Show the painted app, and a busy sign if it takes long."""
        self._drop_card()
        self._busy.start()
        self._rise()

    def show_card(self, card: QWidget) -> None:
        """Show a card that says what is the matter."""
        self._drop_card()
        self._card = card
        self._stack.addWidget(card)
        self._rise()

    def show_nothing(self) -> None:
        """Show the empty stage."""
        self._drop_card()
        self._scene = self._held = None
        self._rise()

    def _rise(self) -> None:
        self.rising.emit()
        self.show()
        self.raise_()
        self.update()

    def _drop_card(self) -> None:
        self._busy.stop()
        if self._card is not None:
            self._stack.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None

    def hideEvent(self, event: object) -> None:
        self._busy.stop()
        self._held = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._busy.adjustSize()
        size = self._busy.size()
        self._busy.move((self.width() - size.width()) // 2, self.height() - size.height() - 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.fillRect(rect, self._theme.colour("sunken"))
        if self._card is not None:
            return
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS, RADIUS)
        painter.setClipPath(path)
        if self._held is not None:
            painter.drawPixmap(self.rect(), self._held)
        elif self._scene is not None:
            self._scene(painter, rect)


class Corners(Painted):
    """Paint what is outside of the round corners in the colour of the stage, and the hairline round them.

    A mask or an effect on the web view would copy every picture that it paints.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(self._paint)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.follow(self, lambda it: it.update())

    def _paint(self, painter: QPainter, width: int, height: int) -> None:
        rect = QRectF(0, 0, width, height)
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(rect)
        inside.addRoundedRect(rect, RADIUS, RADIUS)
        painter.setClipPath(outside.subtracted(inside))
        painter.fillRect(rect, self._theme.colour("sunken"))
        paint_shadow(painter, rect, self._theme.colour("shadow"))
        painter.setClipping(False)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class Alert(QWidget):
    """Show what an app says by `alert`, without stopping anybody; it goes by itself."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = Wrapped("", data=True)
        close = tool(theme, "x", self.tr("Close this message"), clicked=self.hide)
        box = frame("toast", row((self._words, 1), close, margins=(16, 8, 8, 8)))
        layout = row((box, 1))
        self.setLayout(layout)
        self._timer = QTimer(self, singleShot=True, interval=ALERT_MS)
        self._timer.timeout.connect(self.hide)

    def tell(self, words: str) -> None:
        """Show the first words of the app for a while."""
        self._words.setText(self.tr("The app says: {words}").format(words=words[:200]))
        self.show()
        self.raise_()
        self._timer.start()

    def place(self, rect: QRect) -> None:
        """Stand at the foot of the app."""
        wide = min(rect.width() - 24, 480)
        high = self.layout().totalHeightForWidth(wide) if self.layout().hasHeightForWidth() else 56
        self.setGeometry(rect.center().x() - wide // 2, rect.bottom() - high - 12, wide, high)


def paint_shadow(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Paint a soft shadow under `rect`: a few wider and wider round shapes, each nearly clear."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    each = QColor(colour)
    each.setAlphaF(0.6 * colour.alphaF() / SHADOW)
    painter.setBrush(each)
    for spread in range(SHADOW):
        painter.drawRoundedRect(
            rect.adjusted(-spread, -spread + 8, spread, spread + 4), RADIUS + spread, RADIUS + spread
        )
    painter.restore()

"""Looks to choose by eye: the palettes, the backgrounds and the letters of apps, as tiles to press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from studio.blueprints import Slot
from ui.make.fields import Field
from ui.theme import Theme
from ui.widgets import app_scene, restyle, text
from ui.widgets.appart import colours
from ui.words import say

COLUMNS = 4
GAP = 8
HIGH = 44
RADIUS = 10
FOOT = 0.3
"""How much of a swatch shows the ground and the second voice."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
_FAMILIES = {
    "round": ("Nunito", "Quicksand", "Varela Round", "Noto Sans"),
    "clean": ("Noto Sans", "Segoe UI", "Roboto"),
    "serif": ("Noto Serif", "Charter", "Cambria", "DejaVu Serif"),
    "pixel": ("Noto Sans Mono", "Cascadia Mono", "DejaVu Sans Mono"),
    "hand": ("Comic Neue", "Comic Sans MS", "Chalkboard SE", "Noto Sans"),
}
"""The first letters of the stacks that the apps use; which of them there are differs from computer to computer."""

_CORNERS = {"round": 13, "clean": 7, "serif": 4, "pixel": 0, "hand": 10}
SCENE_WIDE = 200

Paint = Callable[[QPainter, QRectF, str], None]


class TilesField(Field):
    """Choose one of many looks; arrow keys move between the tiles, and the name stands under them."""

    def __init__(self, theme: Theme, slot: Slot, value: str, paint: Paint, *, columns: int = COLUMNS) -> None:
        super().__init__(slot)
        self._well = QWidget()
        grid = QGridLayout(self._well)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        self._group = QButtonGroup(self)
        self._tiles: dict[str, _Tile] = {}
        self._value = value
        for place, option in enumerate(slot.choices):
            tile = _Tile(theme, option.value, say(option.name), paint)
            self._tiles[option.value] = tile
            self._group.addButton(tile, place)
            tile.installEventFilter(self)
            grid.addWidget(tile, place // columns, place % columns)
        self._name = text("", "strong")
        self.build(self._well)
        self.layout().insertWidget(self.layout().count() - 1, self._name)
        self._group.idClicked.connect(lambda place: self._on_picked(slot.choices[place].value))
        self.set_value(value)

    def control(self) -> QWidget:
        return self._well

    def swatch(self, name: str) -> QAbstractButton:
        """Return the tile of a value."""
        return self._tiles[name]

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._group):
            self._tiles[value].setChecked(True)
        self._value = value
        self._show_name(value)
        for tile in self._tiles.values():
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tile.isChecked() else Qt.FocusPolicy.ClickFocus)
            tile.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, _Tile):
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self._show_name(watched.value)
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self._show_name(self._value)
        return False

    def repaint_tiles(self) -> None:
        """Paint all tiles anew."""
        for tile in self._tiles.values():
            tile.update()

    def _show_name(self, value: str) -> None:
        """Say which look this is: the one that is chosen in bold, one that is only looked at not."""
        self._name.setText(self._tiles[value].accessibleName())
        restyle(self._name, role="strong" if value == self._value else "")

    def _on_picked(self, value: str) -> None:
        self.set_value(value)
        self.settled.emit(value)


class PaletteField(TilesField):
    """Choose the colours of an app."""

    def __init__(self, theme: Theme, slot: Slot, value: str, mode: str) -> None:
        self._mode = mode
        super().__init__(theme, slot, value, self._paint)

    def set_mode(self, mode: str) -> None:
        """Show the swatches as they look in a light or dark app."""
        self._mode = mode
        self.repaint_tiles()

    def _paint(self, painter: QPainter, rect: QRectF, palette: str) -> None:
        shades = colours(palette, self._mode)
        painter.fillRect(rect, QColor(shades["primary"]))  # what tells palettes apart, also in the dark
        foot = QRectF(rect.left(), rect.bottom() - rect.height() * FOOT, rect.width(), rect.height() * FOOT)
        painter.fillRect(foot, QColor(shades["background"]))
        foot.setLeft(foot.center().x())
        painter.fillRect(foot, QColor(shades["pop"]))


class PicturesField(TilesField):
    """Choose the background or the letters of an app, drawn in its colours."""

    def __init__(self, theme: Theme, slot: Slot, value: str, look: tuple[str, str]) -> None:
        self._theme, self._look = theme, look
        letters = slot.name == "font"
        paint = self._paint_letters if letters else self._paint_scene
        super().__init__(theme, slot, value, paint, columns=5 if letters else COLUMNS)

    def set_look(self, look: tuple[str, str]) -> None:
        """Take other colours: the palette of the app and its mode."""
        self._look = look
        self.repaint_tiles()

    def _paint_scene(self, painter: QPainter, rect: QRectF, background: str) -> None:
        """Draw a piece of the background, near enough to see what is in it."""
        whole = QRectF(0, 0, SCENE_WIDE, SCENE_WIDE * 0.7)
        whole.moveCenter(rect.center())
        app_scene("none", "", *self._look, background)(painter, whole)

    def _paint_letters(self, painter: QPainter, rect: QRectF, font: str) -> None:
        """Draw two letters on a button of the shape that goes with them."""
        shades = colours(*self._look)
        painter.fillRect(rect, QColor(shades["background"]))
        shape = QPainterPath()
        corner = _CORNERS.get(font, 0)
        shape.addRoundedRect(rect.adjusted(4, 5, -4, -5), corner, corner)
        painter.fillPath(shape, QColor(shades["primary"]))
        letters = QFont()
        letters.setFamilies(list(_FAMILIES.get(font, _FAMILIES["clean"])))
        letters.setPixelSize(self._theme.px(16))
        letters.setBold(True)
        painter.setFont(letters)
        painter.setPen(QColor(shades["on-primary"]))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "Ag")


class _Tile(QAbstractButton):
    """Paint one look inside a round edge."""

    def __init__(self, theme: Theme, value: str, name: str, paint: Paint) -> None:
        super().__init__()
        self._theme, self.value, self._paint = theme, value, paint
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumWidth(44)
        theme.follow(self, lambda it: it.setFixedHeight(theme.px(HIGH)))

    def sizeHint(self) -> QSize:
        return QSize(46, self._theme.px(HIGH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        group = self.group()
        if step is None or group is None:
            super().keyPressEvent(event)
            return
        if self.isRightToLeft() and abs(step) == 1:
            step = -step
        target = group.button(group.id(self) + step)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            target.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS - 3, RADIUS - 3)
        painter.save()
        painter.setClipPath(path)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint(painter, rect, self.value)
        painter.restore()
        painter.setPen(QPen(self._theme.colour("line_strong"), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 3, RADIUS - 3)
        if self.isChecked():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

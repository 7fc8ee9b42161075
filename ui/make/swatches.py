"""The palettes of apps as swatches to press."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from studio.blueprints import Slot
from ui.make.fields import Field
from ui.theme import Theme
from ui.widgets import restyle, text
from ui.widgets.appart import colours
from ui.words import say

COLUMNS = 4
GAP = 8
HIGH = 44
RADIUS = 10
FOOT = 0.3
"""How much of a swatch shows the ground and the second voice."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}


class PaletteField(Field):
    """Choose the colours of an app; arrow keys move between the swatches."""

    def __init__(self, theme: Theme, slot: Slot, value: str, mode: str) -> None:
        super().__init__(slot)
        self._well = QWidget()
        grid = QGridLayout(self._well)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        self._group = QButtonGroup(self)
        self._swatches: dict[str, _Swatch] = {}
        self._value = value
        for place, option in enumerate(slot.choices):
            swatch = _Swatch(theme, option.value, say(option.name), mode)
            self._swatches[option.value] = swatch
            self._group.addButton(swatch, place)
            swatch.installEventFilter(self)
            grid.addWidget(swatch, place // COLUMNS, place % COLUMNS)
        self._name = text("", "strong")
        self.build(self._well)
        self.layout().insertWidget(self.layout().count() - 1, self._name)
        self._group.idClicked.connect(lambda place: self._on_picked(slot.choices[place].value))
        self.set_value(value)

    def control(self) -> QWidget:
        return self._well

    def swatch(self, name: str) -> QAbstractButton:
        """Return the swatch of a palette."""
        return self._swatches[name]

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._group):
            self._swatches[value].setChecked(True)
        self._value = value
        self._show_name(value)
        for swatch in self._swatches.values():
            swatch.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if swatch.isChecked() else Qt.FocusPolicy.ClickFocus
            )
            swatch.update()

    def set_mode(self, mode: str) -> None:
        """Show the swatches as they look in a light or dark app."""
        for swatch in self._swatches.values():
            swatch.set_mode(mode)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, _Swatch):
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self._show_name(watched.palette_name)
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self._show_name(self._value)
        return False

    def _show_name(self, value: str) -> None:
        """Say which colours these are: those that are chosen in bold, those that are only looked at not."""
        self._name.setText(self._swatches[value].accessibleName())
        restyle(self._name, role="strong" if value == self._value else "")

    def _on_picked(self, value: str) -> None:
        self.set_value(value)
        self.settled.emit(value)


class _Swatch(QAbstractButton):
    """Paint one palette: its ground, its main colour and its second voice."""

    def __init__(self, theme: Theme, palette: str, name: str, mode: str) -> None:
        super().__init__()
        self._theme, self.palette_name, self._mode = theme, palette, mode
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumWidth(44)
        theme.follow(self, lambda it: it.setFixedHeight(theme.px(HIGH)))

    def set_mode(self, mode: str) -> None:
        """Paint the light or the dark colours."""
        self._mode = mode
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(58, self._theme.px(HIGH))

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
        shades = colours(self.palette_name, self._mode)
        rect = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS - 3, RADIUS - 3)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(rect, QColor(shades["primary"]))  # what tells palettes apart, also in the dark
        foot = QRectF(rect.left(), rect.bottom() - rect.height() * FOOT, rect.width(), rect.height() * FOOT)
        painter.fillRect(foot, QColor(shades["background"]))
        foot.setLeft(foot.center().x())
        painter.fillRect(foot, QColor(shades["pop"]))
        painter.restore()
        painter.setPen(QPen(self._theme.colour("line_strong"), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 3, RADIUS - 3)
        if self.isChecked():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

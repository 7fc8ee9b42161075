"""A number between two bounds, with a step down and a step up, and its unit."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDoubleValidator, QIntValidator, QKeyEvent, QValidator
from PySide6.QtWidgets import QWidget

from studio.blueprints import Slot
from ui.make.fields import PAUSE_MS, Field
from ui.theme import Theme
from ui.widgets import field, row, text, tool
from ui.words import say

REPEAT_MS = 90
FAR = 10
_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: FAR, Qt.Key.Key_PageDown: -FAR}
_translate = QCoreApplication.translate


class NumberField(Field):
    """Take a number between two bounds; whole ones go up and down by buttons and by arrow keys too."""

    def __init__(self, theme: Theme, slot: Slot, value: float) -> None:
        super().__init__(slot)
        self._whole = isinstance(value, int) and slot.whole
        self._told = value
        self._control = field(number(value))
        self._control.setValidator(self._validator())
        theme.follow(self._control, lambda it: it.setFixedWidth(theme.px(96 if self._whole else 140)))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        less, more = self.tr("{name}: one less"), self.tr("{name}: one more")
        title = say(slot.title)
        self._down = tool(theme, "minus-bold", less.format(name=title), clicked=lambda: self.step(-1))
        self._up = tool(theme, "plus-bold", more.format(name=title), clicked=lambda: self.step(1))
        self.build(self._control)
        self._add_steps()
        self._control.textEdited.connect(self._on_typed)
        self._control.installEventFilter(self)
        self._show_steps()

    @property
    def editing(self) -> bool:
        return self._control.hasFocus() or self._pause.isActive()

    @property
    def dirty(self) -> bool:
        return self._control.text() != number(self._told)

    def control(self) -> QWidget:
        return self._control

    def set_value(self, value: Any) -> None:
        typing = self.editing and self.dirty
        self._told = value
        if not typing:
            self._control.setText(number(value))
            self.set_trouble("")
        self._show_steps()

    def step(self, by: int) -> None:
        """Go up or down, as far as the bounds allow, and tell it at once."""
        value = self._read()
        start = self._told if value is None else value
        self._control.setText(number(min(self.slot.most, max(self.slot.least, start + by))))
        self.settle()

    def settle(self) -> None:
        self._pause.stop()
        value = self._read()
        if value is None or not self.slot.least <= value <= self.slot.most or self._is_nothing(value):
            pattern = (
                self.tr("A number above {least}, up to {most}.")
                if self.slot.above
                else self.tr("A number from {least} to {most}.")
            )
            self.set_trouble(pattern.format(least=number(self.slot.least), most=number(self.slot.most)))
            return
        self.set_trouble("")
        if value != self._told:
            self._told = value
            self._show_steps()
            self.settled.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._whole:
            by = _KEYS.get(Qt.Key(event.key()), 0)
            if by and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self.step(by)
                return True
        return False

    def _is_nothing(self, value: float) -> bool:
        return self.slot.above and value <= self.slot.least

    def _read(self) -> float | None:
        words = self._control.text().strip().replace(",", ".")
        try:
            return int(words) if self._whole else float(words)
        except ValueError:
            return None

    def _validator(self) -> QValidator:
        if self._whole:
            return QIntValidator(int(self.slot.least), int(self.slot.most), self)
        made = QDoubleValidator(self.slot.least, self.slot.most, 6, self)
        made.setNotation(QDoubleValidator.Notation.StandardNotation)
        return made

    def _add_steps(self) -> None:
        """Put the steps around the box, and the unit behind it."""
        layout = self.layout()
        place = layout.indexOf(self._control)
        layout.removeWidget(self._control)
        unit = unit_of(self.slot)
        parts: list[Any] = [self._control]
        if self._whole:
            for step in (self._down, self._up):
                step.setAutoRepeat(True)
                step.setAutoRepeatInterval(REPEAT_MS)
            parts = [self._control, self._down, self._up]
        else:
            self._down.setParent(self)
            self._up.setParent(self)
            self._down.hide()
            self._up.hide()
        if unit:
            parts.append(text(unit, "small"))
        layout.insertLayout(place, row(*parts, None, gap=4))

    def _show_steps(self) -> None:
        self._down.setEnabled(self._told > self.slot.least)
        self._up.setEnabled(self._told < self.slot.most)

    def _on_typed(self) -> None:
        self._pause.start()
        self.typed.emit()


def unit_of(slot: Slot) -> str:
    """Return the unit that stands behind a number, "" if it has none."""
    return {
        "peek": _translate("NumberField", "seconds"),
        "sure": _translate("NumberField", "percent"),
    }.get(slot.name, "")


def number(value: float) -> str:
    """Return a number as somebody would type it."""
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0").rstrip(".")

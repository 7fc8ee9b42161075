"""Fields for lengths of time: minutes and seconds, and a switch for playing against the clock."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSignalBlocker, QTimer
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.blueprints import PollQuestion, Slot, Timer
from ui.make.fields import PAUSE_MS, Field
from ui.theme import Theme
from ui.widgets import col, field, row, switch, text
from ui.words import say

_translate = QCoreApplication.translate
MINUTE = 60
USUAL = 20
"""Seconds for a question when the clock is turned on."""


class _Timed(Field):
    """Hold what both fields share: whole numbers that settle when typing pauses or the field is left."""

    def __init__(self, slot: Slot, value: int) -> None:
        super().__init__(slot)
        self._told = value
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        self._boxes: list[QLineEdit] = []

    def _box(self, theme: Theme, name: str, most: int) -> QLineEdit:
        made = field(name=name)
        made.setValidator(QIntValidator(0, most, self))
        theme.follow(made, lambda it: it.setFixedWidth(theme.px(72)))
        made.textEdited.connect(self._on_typed)
        made.installEventFilter(self)
        self._boxes.append(made)
        return made

    @property
    def editing(self) -> bool:
        return self._pause.isActive() or any(box.hasFocus() for box in self._boxes)

    @property
    def dirty(self) -> bool:
        return self._read() != self._told

    def control(self) -> QWidget:
        return self._boxes[0]

    def settle(self) -> None:
        self._pause.stop()
        value = self._read()
        if value is None or not self.slot.least <= value <= self.slot.most:
            self.set_trouble(self._bounds())
            return
        self.set_trouble("")
        if value != self._told:
            self._told = value
            self.settled.emit(value)

    def _read(self) -> int | None:
        raise NotImplementedError

    def _bounds(self) -> str:
        raise NotImplementedError

    def _on_typed(self) -> None:
        self._pause.start()
        self.typed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle()
        return False


class DurationField(_Timed):
    """Take a length of time as minutes and seconds."""

    def __init__(self, theme: Theme, slot: Slot, value: int, *, name: str) -> None:
        super().__init__(slot, value)
        self._minutes = self._box(
            theme, self.tr("{name}: minutes").format(name=name), int(slot.most) // MINUTE
        )
        self._seconds = self._box(theme, self.tr("{name}: seconds").format(name=name), int(slot.most))
        over = text(name, "label", wrap=True)
        over.setBuddy(self._minutes)
        parts: list[Any] = [
            over,
            row(
                self._minutes, text(self.tr("min"), "small"), self._seconds, text(self.tr("s"), "small"), None
            ),
        ]
        if slot.help.template:
            parts.append(text(say(slot.help), "small", wrap=True))
        self.setLayout(col(*parts, self.trouble, gap=6))
        self._show(value)

    def set_value(self, value: Any) -> None:
        self._told = int(value)
        if not self.editing:
            self._show(self._told)
            self.set_trouble("")

    def _show(self, value: int) -> None:
        for box, number in ((self._minutes, value // MINUTE), (self._seconds, value % MINUTE)):
            with QSignalBlocker(box):
                box.setText(str(number))

    def _read(self) -> int | None:
        words = [box.text().strip() for box in self._boxes]
        if not any(words):
            return None
        minutes, seconds = (int(number or 0) for number in words)
        return minutes * MINUTE + seconds

    def _bounds(self) -> str:
        return self.tr("At most {count} minutes.").format(count=int(self.slot.most) // MINUTE)


class ClockField(_Timed):
    """Play against the clock or not; if so, take how many seconds there are."""

    def __init__(self, theme: Theme, slot: Slot, value: int) -> None:
        super().__init__(slot, value)
        words = text(self.tr("Against the clock"), wrap=True)
        self.clock = switch(theme, self.tr("Against the clock"), on=value > 0)
        words.setBuddy(self.clock)
        box = self._box(theme, say(slot.title), int(slot.most))
        label = text(say(slot.title), "label", wrap=True)
        label.setBuddy(box)
        self._more = QWidget()
        self._more.setLayout(col(label, row(box, None), gap=6))
        self.setLayout(col(row((words, 1), self.clock), self._more, self.trouble, gap=6))
        self.clock.toggled.connect(self._on_switched)
        self._show(value)

    def set_value(self, value: Any) -> None:
        self._told = int(value)
        if not self.editing:
            self._show(self._told)
            self.set_trouble("")

    def _show(self, value: int) -> None:
        with QSignalBlocker(self.clock), QSignalBlocker(self._boxes[0]):
            self.clock.setChecked(value > 0)
            self._boxes[0].setText(str(value or USUAL))
        self.clock.update()
        self._more.setVisible(value > 0)

    def _on_switched(self, on: bool) -> None:
        self._more.setVisible(on)
        self.settle()

    def _read(self) -> int | None:
        if not self.clock.isChecked():
            return 0
        words = self._boxes[0].text().strip()
        return int(words) if words else None

    def _bounds(self) -> str:
        return self.tr("A number from 1 to {most}.").format(most=int(self.slot.most))


def timed_field(theme: Theme, kind: str, slot: Slot, value: Any) -> Field | None:
    """Return the field for a length of time in a kind of part, None where the usual field is right."""
    if kind == "timer" and slot.name in ("seconds", "rest"):
        name = (
            _translate("DurationField", "How long")
            if slot.name == "seconds"
            else _translate("DurationField", "How long to rest")
        )
        return DurationField(theme, slot, int(value), name=name)
    if kind in ("quiz", "arcade") and slot.name == "seconds":
        return ClockField(theme, slot, int(value))
    return None


def is_idle(thing: Any, name: str) -> bool:
    """Tell whether a field does nothing as things are.

    A stopwatch has no length, only rounds have a rest, and where stars are given or words are written
    there is nothing to choose from.
    """
    if isinstance(thing, PollQuestion):
        return name == "options" and thing.kind in ("stars", "text")
    if not isinstance(thing, Timer):
        return False
    return (name == "rest" and thing.mode != "pomodoro") or (name == "seconds" and thing.mode == "stopwatch")

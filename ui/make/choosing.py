"""Fields that know more than their slot: many of a few, a formula that is worked out, a way on in a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QSignalBlocker
from PySide6.QtWidgets import QWidget

from studio.blueprints import Calculator, ConverterPair, Slot, Story
from studio.blueprints.formula import LETTERS, work_out
from ui.make.fields import Field, WordsField
from ui.theme import Theme
from ui.widgets import Flow, chip, col, text
from ui.words import say

FIRST_WORDS = 48
_translate = QCoreApplication.translate


class ManyField(Field):
    """Choose any of a few values, each a chip that stays down; they keep the order of the schema."""

    def __init__(self, theme: Theme, slot: Slot, values: Sequence[str]) -> None:
        super().__init__(slot)
        inner = slot.of
        assert inner is not None  # noqa: S101 - a list says what its items are
        self._values = list(values)
        self.chips = {
            option.value: chip(theme, say(option.name), checked=option.value in values)
            for option in inner.choices
        }
        self._well = QWidget()
        self._well.setLayout(Flow(*self.chips.values(), gap=6))
        for value, one in self.chips.items():
            one.clicked.connect(lambda _on=False, value=value: self._on_clicked(value))
        self.build(self._well)

    def control(self) -> QWidget:
        return self._well

    def set_value(self, value: Any) -> None:
        self._values = list(value)
        for name, one in self.chips.items():
            with QSignalBlocker(one):
                one.setChecked(name in self._values)

    def _on_clicked(self, value: str) -> None:
        chosen = set(self._values) ^ {value}
        if len(chosen) < self.slot.least:
            self.set_value(self._values)
            self.set_trouble(self.tr("Keep at least one."))
            return
        self.set_trouble("")
        known = [name for name in self._values if name in chosen]
        self._values = [*known, *(name for name in self.chips if name in chosen and name not in known)]
        self.settled.emit(list(self._values))


class FormulaField(WordsField):
    """Take a formula; what it means and what it works out to is said while somebody types."""

    def __init__(self, theme: Theme, slot: Slot, value: str, block: Calculator) -> None:
        super().__init__(theme, slot, value)
        self._block = block
        self._names = text("", "small", wrap=True)
        self.told = text("", wrap=True)
        self.told.setObjectName("inspector.formula")
        place = self.layout().indexOf(self.control()) + 1
        self.layout().insertWidget(place, self.told)
        self.layout().insertWidget(place + 1, self._names)
        self._control.textChanged.connect(self._tell)
        self._tell()

    def set_block(self, block: Calculator) -> None:
        """Take the numbers of the calculator as they are now."""
        self._block = block
        self._tell()

    def settle(self) -> None:
        words = self._clean()
        if words != self._told.strip() and not self._works(words):
            self._pause.stop()
            self.set_trouble(
                self.tr("This sum cannot be worked out. Use {letters}, numbers, + - * / and ( ).").format(
                    letters=", ".join(LETTERS[: len(self._block.inputs)])
                )
            )
            return
        super().settle()

    def _works(self, words: str) -> bool:
        try:
            work_out(words, self._starts())
        except ValueError:
            return False
        return len(words) <= self.slot.most

    def _starts(self) -> list[float]:
        return [float(one.start) for one in self._block.inputs]

    def _tell(self) -> None:
        names = [
            self.tr("{letter} is {name} ({number}).").format(letter=letter, name=one.label, number=one.start)
            for letter, one in zip(LETTERS, self._block.inputs, strict=False)
        ]
        self._names.setText("\n".join(names))
        self.told.setText(self._answer())

    def _answer(self) -> str:
        try:
            answer = work_out(self._clean(), self._starts())
        except ValueError:
            return self.tr("This does not work out yet.")
        if answer is None:
            return self.tr("With these numbers it divides by nothing.")
        told = QLocale().toString(answer, "f", self._block.decimals)
        if self._block.unit:
            return self.tr("This works out to {number} {unit}.").format(number=told, unit=self._block.unit)
        return self.tr("This works out to {number}.").format(number=told)


class PairNote(QWidget):
    """Say what a pair of units makes of one."""

    def __init__(self, pair: ConverterPair) -> None:
        super().__init__()
        self._words = text("", "small", wrap=True)
        self.setLayout(col(self._words))
        self.show_pair(pair)

    def show_pair(self, pair: ConverterPair) -> None:
        """Say it of a pair as it is now."""
        told = QLocale().toString(float(pair.factor + pair.offset), "g", 5)
        words = self.tr("1 in {first} is {number} in {second}.")
        self._words.setText(words.format(first=pair.frm, number=told, second=pair.to))


def ways_on(story: Story, chosen: str) -> list[tuple[str, str]]:
    """Return where a choice of a story can lead: its pages by number and first words, and the end."""
    found = [
        (
            _translate("WaysOn", "{number}: {words}").format(number=place + 1, words=_beginning(page.text)),
            f"p{place + 1}",
        )
        for place, page in enumerate(story.pages)
    ]
    found.append((_translate("WaysOn", "The end"), "end"))
    if all(value != chosen for _, value in found):
        missing = _translate("WaysOn", "The end (page {number} is not there)")
        found.append((missing.format(number=chosen[1:]), chosen))
    return found


def _beginning(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= FIRST_WORDS else f"{flat[:FIRST_WORDS].rsplit(' ', 1)[0]}…"

"""What every form of the inspector works on: the document, and the one way in which values are changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout

from studio.blueprints import (
    Arcade,
    Blueprint,
    Calculator,
    Operation,
    Pet,
    ProjectDocument,
    Slot,
    apply,
    operation_for,
    parse_operation,
)
from studio.blueprints.locked import locked_blocks
from studio.errors import InputError
from ui.make.choosing import FormulaField
from ui.make.clocks import timed_field
from ui.make.fields import ChoiceField, Field, SwitchField, WordsField
from ui.make.numbers import NumberField
from ui.make.stickers import IconField
from ui.make.swatches import PicturesField
from ui.theme import Theme
from ui.words import say_all

Getter = Callable[[Blueprint], Any]


class Desk(QObject):
    """Hold the document that is shown, and carry what a form asks for. It changes nothing itself."""

    operations_asked = Signal(object)
    check_asked = Signal(str, bool)
    lock_asked = Signal(int, bool)
    place_asked = Signal(object)
    place_coming = Signal(object)
    item_coming = Signal(str, int)
    part_coming = Signal(int)
    typed = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.document: ProjectDocument | None = None
        self._refreshers: list[Callable[[ProjectDocument], None]] = []
        self._coming: list[Blueprint] = []
        self.open_rule = 0

    # ------------------------------------------------------------------ what is shown

    @property
    def blueprint(self) -> Blueprint:
        """Return the app that is shown."""
        assert self.document is not None  # noqa: S101 - nothing can be pressed before it is there
        assert self.document.blueprint is not None  # noqa: S101
        return self.document.blueprint

    @property
    def ahead(self) -> Blueprint:
        """Return the app as it will be once what has been asked for is done: changes take their time."""
        return self._coming[-1] if self._coming else self.blueprint

    def take(self, document: ProjectDocument) -> None:
        """Take the document that is shown from now on.

        What was asked for and has come is crossed off; if something else came (an undo, a refusal),
        nothing is waited for any more.
        """
        self.document = document
        place = next((i for i, one in enumerate(self._coming) if one == document.blueprint), None)
        self._coming = [] if place is None else self._coming[place + 1 :]

    @property
    def look(self) -> tuple[str, str]:
        """Return the palette and the mode in which stickers are drawn."""
        return self.blueprint.theme.palette, self.blueprint.theme.mode

    def is_locked(self, block: int | None) -> bool:
        """Tell whether a part (from 0) is locked."""
        return self.document is not None and block is not None and block in locked_blocks(self.document)

    def forget(self) -> None:
        """Leave the form that was shown."""
        self._refreshers = []

    def refresh(self) -> None:
        """Let the form show what the document says now."""
        if self.document is not None:
            for show in self._refreshers:
                show(self.document)

    def follow(self, show: Callable[[ProjectDocument], None]) -> None:
        """Call `show` with each document that comes while this form stands."""
        self._refreshers.append(show)

    def watch(self, show: Callable[[Blueprint], None]) -> None:
        """Call `show` with each app that comes while this form stands."""
        self._refreshers.append(lambda _document: show(self.blueprint))

    # ------------------------------------------------------------------ what is asked

    def put(self, pointer: str, value: Any, made: Field | None = None) -> None:
        """Ask for a value at a JSON pointer; what cannot be is said under the field that it came from."""
        try:
            operations = operation_for(self.ahead, pointer, value)
            after = apply(self.ahead, operations).blueprint
        except InputError as error:
            if made is not None:
                made.set_trouble(say_all(error.phrases))
            return
        self._send(operations, after)

    def ask(self, *plain: dict[str, Any]) -> None:
        """Ask for operations that are told as plain data; whoever does them says it if they cannot be."""
        operations: tuple[Operation, ...] = tuple(parse_operation(one) for one in plain)
        try:
            after = apply(self.ahead, operations).blueprint
        except InputError:
            after = self.ahead
        self._send(operations, after)

    def _send(self, operations: tuple[Operation, ...], after: Blueprint) -> None:
        if after != self.ahead:
            self._coming.append(after)
        self.operations_asked.emit(operations)

    # ------------------------------------------------------------------ fields

    def bind(self, made: Field, pointer: str, get: Getter) -> None:
        """Join a field to the value that it shows and changes."""
        made.settled.connect(lambda value: self.put(pointer, value, made))
        made.typed.connect(self.typed)
        self.watch(lambda blueprint: made.set_value(get(blueprint)))

    def add(
        self, form: QBoxLayout, one: Slot, pointer: str, get: Getter, *, owner: Any = None
    ) -> Field | None:
        """Put the field of a slot into a form; None for a slot that has no plain field."""
        made = self._field(one, get(self.blueprint), owner)
        if made is None:
            return None
        self.bind(made, pointer, get)
        if isinstance(made, IconField | PicturesField):
            self.follow(lambda _document: made.set_look(self.look))
        form.addWidget(made)
        return made

    def _field(self, one: Slot, value: Any, owner: Any) -> Field | None:
        kind = getattr(owner, "type", "")
        timed = timed_field(self.theme, kind, one, value)
        if timed is not None:
            return timed
        if one.name == "formula" and isinstance(owner, Calculator):
            return FormulaField(self.theme, one, str(value), owner)
        if one.widget == "icon":
            none = not isinstance(owner, Arcade | Pet)
            return IconField(self.theme, one, str(value), look=self.look, none=none)
        if one.name in ("font", "background"):
            return PicturesField(self.theme, one, str(value), self.look)
        return field_for(self.theme, one, value)


def field_for(theme: Theme, slot: Slot, value: Any) -> Field | None:
    """Return the field for a slot that needs to know nothing but its value, else None."""
    if slot.widget in ("line", "text"):
        return WordsField(theme, slot, str(value))
    if slot.widget == "number":
        return NumberField(theme, slot, value)
    if slot.widget == "switch":
        return SwitchField(theme, slot, bool(value))
    if slot.widget == "choice":
        return ChoiceField(theme, slot, str(value))
    return None

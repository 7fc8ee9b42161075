"""The items of a list: each can be opened or typed over, moved and removed; new ones come at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from studio.blueprints import Slot, slots
from ui.make.fields import Field, WordsField, field_for
from ui.theme import Theme
from ui.widgets import Elided, Glyph, button, col, row, text, tool
from ui.words import say

FEW = 4
"""A list that can hold no more than this has a bin beside each item; a longer one a menu."""


class ItemRow(QPushButton):
    """Show one item in one line; pressing it opens the item. Alt and the arrows move it."""

    moved = Signal(int)

    def __init__(
        self, theme: Theme, number: str, words: str, *, icon: QWidget | None = None, two: bool = False
    ) -> None:
        super().__init__()
        self._two = two
        self.setProperty("part", "answer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.words = Elided(words)
        self.more = Elided("", "small")
        self.more.setVisible(two)
        self.mark = Glyph(theme, "pencil-simple", "info", 16)
        self.mark.hide()
        lead: list[Any] = [icon] if icon is not None else [text(number, "label")]
        chevron = Glyph(theme, "caret-right-bold", "text_soft", 16)
        both = col(None, self.words, self.more, None, gap=0)
        self.setLayout(row(*lead, (both, 1), self.mark, chevron, margins=(12, 2, 10, 2), gap=8))
        self._chevron = chevron
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self, lambda it: it._dress(theme.px(54 if two else 40)))
        self.set_words(words)

    def _dress(self, height: int) -> None:
        """Take a height that the rule for all such rows does not take away again."""
        self.setMaximumHeight(height)
        self.setStyleSheet(f"ItemRow {{ min-height: {height - 2}px; }}")

    def set_words(self, words: str, more: str = "", *, marked: bool = False) -> None:
        """Show other words, and a second line; `marked`: somebody still has to write what stands here."""
        if marked:
            more = self.tr("Write your own")
        self.words.setText(words)
        if self._two:
            self.more.setText(more)
        self.mark.setVisible(marked)
        self._chevron.setVisible(not marked)
        whole = self.tr("{words}: {more}").format(words=words, more=more) if more else words
        self.setAccessibleName(whole)
        self.setToolTip("\n".join(part for part in (words, more) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        towards = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if towards and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(towards)
            return
        super().keyPressEvent(event)


class ListEditor(QWidget):
    """Edit one list of the blueprint. It tells what was asked; others change the blueprint."""

    opened = Signal(int)
    added = Signal()
    removed = Signal(int)
    moved = Signal(int, int)
    replaced = Signal(int, object)
    typed = Signal()

    def __init__(self, theme: Theme, slot: Slot, values: Sequence[Any], marked: Collection[int] = ()) -> None:
        super().__init__()
        self._theme, self._slot, self._marked = theme, slot, marked
        self._rows: list[Any] = []
        self.setAccessibleName(say(slot.title))
        parts: list[Any] = [text(say(slot.title), "label", wrap=True)]
        note = text(self.tr("Write your own words here."), "small", wrap=True)
        self._note = QWidget()
        self._note.setLayout(row(Glyph(theme, "pencil-simple", "info", 16), (note, 1), gap=6))
        parts.append(self._note)
        parts += [self._line(index, value, len(values)) for index, value in enumerate(values)]
        if slot.help.template:
            parts.append(text(say(slot.help), "small", wrap=True))
        if len(values) < slot.most:
            add = button(
                theme, self.tr("Add one more"), "quiet", "plus-bold", size="small", clicked=self.added.emit
            )
            add.setObjectName("inspector.add")
            add.setAccessibleName(self.tr("Add one more: {list}").format(list=say(slot.title)))
            parts.append(row(add, None))
        self.setLayout(col(*parts, gap=6))
        self.set_values(values, marked)

    def set_values(self, values: Sequence[Any], marked: Collection[int] = ()) -> None:
        """Show other values in the same places; `marked` are places where words are still to be written."""
        self._marked = marked
        self._note.setVisible(bool(marked) and bool(self.fields()))
        for index, (shown, value) in enumerate(zip(self._rows, values, strict=True)):
            if isinstance(shown, ItemRow):
                shown.set_words(*item_lines(value), marked=index in marked)
            else:
                shown.set_value(value)

    def fields(self) -> list[Field]:
        """Return the fields of items that are typed over in place."""
        return [shown for shown in self._rows if isinstance(shown, Field)]

    def rows(self) -> list[ItemRow]:
        """Return the rows of items that open."""
        return [shown for shown in self._rows if isinstance(shown, ItemRow)]

    def _line(self, index: int, value: Any, count: int) -> Any:
        inner = self._slot.of
        assert inner is not None  # noqa: S101 - a list says what its items are
        if isinstance(value, BaseModel):
            opens = ItemRow(self._theme, str(index + 1), item_words(value), two=bool(item_lines(value)[1]))
            opens.clicked.connect(lambda: self.opened.emit(index))
            opens.moved.connect(lambda by: self._move(index, by, count))
            shown: QWidget = opens
        else:
            made = _plain_field(self._theme, inner, value, self._name(index))
            made.settled.connect(lambda told: self.replaced.emit(index, told))
            made.typed.connect(self.typed)
            shown = made
        self._rows.append(shown)
        return row((shown, 1), self._act(index, count, item_words(value)), gap=4)

    def _name(self, index: int) -> str:
        thing = say(self._slot.item) or say(self._slot.title)
        return self.tr("{thing} {number}").format(thing=thing, number=index + 1)

    def _act(self, index: int, count: int, words: str) -> QWidget:
        can_go = count > self._slot.least
        if self._slot.most <= FEW:
            name = self.tr("Remove “{words}”").format(words=words)
            bin_ = tool(self._theme, "trash", name, clicked=lambda: self.removed.emit(index))
            bin_.setEnabled(can_go)
            return bin_
        name = self.tr("Move or remove “{words}”").format(words=words)
        more = tool(self._theme, "dots-three-vertical-bold", name)
        more.clicked.connect(lambda: self._menu(more, index, count, can_go=can_go))
        return more

    def _menu(self, beside: QWidget, index: int, count: int, *, can_go: bool) -> None:
        menu = QMenu(self)
        choices: list[tuple[str, str, bool, Callable[[], object]]] = [
            (self.tr("Move up"), "arrow-up-bold", index > 0, lambda: self.moved.emit(index, index - 1)),
            (
                self.tr("Move down"),
                "arrow-down-bold",
                index + 1 < count,
                lambda: self.moved.emit(index, index + 1),
            ),
            (self.tr("Remove"), "trash", can_go, lambda: self.removed.emit(index)),
        ]
        for words, icon, enabled, act in choices:
            action = menu.addAction(self._theme.icon(icon), words)
            action.setEnabled(enabled)
            action.triggered.connect(act)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))

    def _move(self, index: int, by: int, count: int) -> None:
        if 0 <= index + by < count:
            self.moved.emit(index, index + by)


def _plain_field(theme: Theme, slot: Slot, value: Any, name: str) -> Field:
    if slot.widget in ("line", "text"):
        return WordsField(theme, slot, str(value), name=name, label=False)
    made = field_for(theme, slot, value)
    assert made is not None  # noqa: S101 - lists of lists do not exist
    return made


def item_lines(value: Any) -> tuple[str, str]:
    """Return the words by which an item is known, and what tells it from its likes: its next words."""
    first = item_words(value)
    if not isinstance(value, BaseModel):
        return first, ""
    told = [getattr(value, one.name) for one in slots(value) if one.widget in ("line", "text")]
    return first, next((words for words in told if words and words != first), "")


def item_words(value: Any) -> str:
    """Return the words by which an item is known: its first words, or itself."""
    if not isinstance(value, BaseModel):
        return str(value)
    for name in type(value).model_fields:
        inner = getattr(value, name)
        if isinstance(inner, str) and inner and name != "icon":
            return inner
        if isinstance(inner, tuple) and inner and isinstance(inner[0], str):
            return inner[0]
    return ""

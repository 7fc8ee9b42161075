"""The items of a list: each can be opened or typed over, dragged, moved and removed; new ones come at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio.blueprints import Slot, slots
from ui.make.fields import Field, WordsField
from ui.make.origins import TO_CHECK, TO_WRITE
from ui.make.popups import popup
from ui.theme import Theme
from ui.widgets import Elided, Glyph, Grip, Painted, Reorder, app_icon, button, col, frame, row, text, tool
from ui.words import say

FEW, ROW_ICON = 4, 28
PLAIN_LOOK = ("school", "light")
"""A list that can hold no more than this has a bin beside each item; a longer one a menu."""
_MARKS = {TO_WRITE: ("pencil-simple", "info"), TO_CHECK: ("warning-fill", "warn")}


class RowPicture(Painted):
    """Show the sticker of an item or of a part, small, at the start of its row."""

    def __init__(self, icon: str, look: tuple[str, str]) -> None:
        super().__init__(self._draw)
        self._icon, self._look = icon, look
        self.setFixedSize(ROW_ICON, ROW_ICON)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, icon: str, look: tuple[str, str]) -> None:
        """Show another sticker, or the same in other colours."""
        self._icon, self._look = icon, look
        self.update()

    def _draw(self, painter: QPainter, width: int, height: int) -> None:
        app_icon(painter, QRectF(0, 0, width, height), self._icon, *self._look)


class ItemRow(QPushButton):
    """Show one item in one line; pressing it opens the item. Alt and the arrows move it."""

    moved = Signal(int)
    menu_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        number: str,
        words: str,
        *,
        icon: QWidget | None = None,
        two: bool = False,
        chevron: bool = True,
    ) -> None:
        super().__init__()
        self._two, self._has_chevron = two, chevron
        self.setProperty("part", "answer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.words = Elided(words)
        self.more = Elided("", "small")
        if not two:
            self.more.hide()  # and never shown here: without a parent it would be a window
        self.mark = Glyph(theme, "pencil-simple", "info", 16)
        self.mark.hide()
        lead: list[Any] = [text(number, "label")] if number or icon is None else []
        lead += [icon] if icon is not None else []
        self._chevron = Glyph(theme, "caret-right-bold", "text_soft", 16)
        both = col(None, self.words, self.more, None, gap=0)
        self.setLayout(row(*lead, (both, 1), self.mark, self._chevron, margins=(10, 2, 8, 2), gap=8))
        self._chevron.setVisible(chevron)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self, lambda it: it._dress(theme.px(54 if two else 40)))
        self.set_words(words)

    def _dress(self, height: int) -> None:
        """Take a height that the rule for all such rows does not take away again."""
        self.setMaximumHeight(height)
        self.setStyleSheet(f"ItemRow {{ min-height: {height - 2}px; }}")

    def set_words(self, words: str, more: str = "", *, mark: str = "") -> None:
        """Show other words, and a second line; `mark` tells what somebody still has to do here."""
        if mark:
            more = self.tr("Write your own") if mark == TO_WRITE else self.tr("Please check")
            self.mark.set_icon(*_MARKS[mark])
        self.words.setText(words)
        if self._two:
            self.more.setText(more)
        self.mark.setVisible(bool(mark))
        self._chevron.setVisible(self._has_chevron and not mark)
        whole = self.tr("{words}: {more}").format(words=words, more=more) if more else words
        self.setAccessibleName(whole)
        self.setToolTip("\n".join(part for part in (words, more) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        towards = alt_step(event)
        if towards:
            self.moved.emit(towards)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit()


class ListEditor(QWidget):
    """Edit one list of the blueprint. It tells what was asked; others change the blueprint."""

    opened = Signal(int)
    added = Signal()
    removed = Signal(int)
    moved = Signal(int, int)
    replaced = Signal(int, object)
    typed = Signal()

    def __init__(
        self,
        theme: Theme,
        slot: Slot,
        values: Sequence[Any],
        marks: Mapping[int, str] | None = None,
        *,
        locked: bool = False,
        look: tuple[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._slot, self._locked, self._look = theme, slot, locked, look
        self._pictures: dict[int, RowPicture] = {}
        self._rows: list[Any] = []
        self._lines: list[QWidget] = []
        self._controls: list[QWidget] = []
        self.setAccessibleName(say(slot.title))
        parts: list[Any] = [text(say(slot.title), "label", wrap=True)]
        note = text(self.tr("Write your own words here."), "small", wrap=True)
        self._note = QWidget()
        self._note.setLayout(row(Glyph(theme, "pencil-simple", "info", 16), (note, 1), gap=6))
        parts.append(self._note)
        self._holder = QWidget()
        self._reorder = Reorder(theme, self._holder, lambda: self._lines)
        self._reorder.moved.connect(self._on_dragged)
        lines = [self._line(index, value, len(values)) for index, value in enumerate(values)]
        self._holder.setLayout(col(*lines, gap=6))
        if not lines:
            self._holder.hide()  # to show it before it has a parent would open a window
        parts.append(self._holder)
        if slot.help.template:
            parts.append(text(say(slot.help), "small", wrap=True))
        if len(values) < slot.most and not locked:
            parts.append(row(self._adder(), None))
        self.setLayout(col(*parts, gap=6))
        self.set_values(values, marks or {})

    def set_values(self, values: Sequence[Any], marks: Mapping[int, str] | None = None) -> None:
        """Show other values in the same places; `marks` tell what is still to be done, and where."""
        marks = marks or {}
        self._note.setVisible(TO_WRITE in marks.values() and bool(self.fields()))
        for index, (shown, value) in enumerate(zip(self._rows, values, strict=True)):
            if isinstance(shown, ItemRow):
                shown.set_words(*item_lines(value), mark=marks.get(index, ""))
                if index in self._pictures:
                    self._pictures[index].show_icon(value.icon, self._look or PLAIN_LOOK)
            else:
                shown.set_value(value)

    def set_look(self, look: tuple[str, str]) -> None:
        """Draw the pictures of the rows in other colours: the palette of the app and its mode."""
        self._look = look

    def fields(self) -> list[Field]:
        """Return the fields of items that are typed over in place."""
        return [shown for shown in self._rows if isinstance(shown, Field)]

    def rows(self) -> list[ItemRow]:
        """Return the rows of items that open."""
        return [shown for shown in self._rows if isinstance(shown, ItemRow)]

    def grips(self) -> list[Grip]:
        """Return what the items can be dragged by."""
        return self._holder.findChildren(Grip)

    def focus_item(self, index: int) -> None:
        """Give an item the keyboard."""
        if 0 <= index < len(self._controls):
            self._controls[index].setFocus(Qt.FocusReason.OtherFocusReason)

    def _adder(self) -> QPushButton:
        add = button(
            self._theme, self.tr("Add one more"), "quiet", "plus-bold", size="small", clicked=self.added.emit
        )
        add.setObjectName("inspector.add")
        add.setAccessibleName(self.tr("Add one more: {list}").format(list=say(self._slot.title)))
        return add

    def _line(self, index: int, value: Any, count: int) -> QWidget:
        line = QWidget()
        shown, control = self._item(index, value, count)
        self._rows.append(shown)
        self._controls.append(control)
        self._lines.append(line)
        if self._locked:
            if isinstance(shown, Field):
                shown.setEnabled(False)
            line.setLayout(row((shown, 1), gap=4))
            return line
        grip = Grip(self._theme)
        self._reorder.follow(grip, line)
        if isinstance(shown, ItemRow):
            self._reorder.follow(shown, line)
        line.setLayout(row(grip, (shown, 1), self._act(index, count, item_words(value)), gap=4))
        return line

    def _item(self, index: int, value: Any, count: int) -> tuple[QWidget, QWidget]:
        """Return what shows an item, and what of it takes the keyboard."""
        if isinstance(value, BaseModel):
            opens = self._opener(index, value)
            opens.clicked.connect(lambda: self.opened.emit(index))
            opens.moved.connect(lambda by: self._move(index, by))
            opens.menu_asked.connect(lambda: self._menu(opens, index, count))
            return opens, opens
        inner = self._slot.of
        assert inner is not None  # noqa: S101 - a list says what its items are
        made = WordsField(self._theme, inner, str(value), name=self._name(index), label=False)
        made.settled.connect(lambda told: self.replaced.emit(index, told))
        made.typed.connect(self.typed)
        made.control().setProperty("place", index)
        made.control().installEventFilter(self)
        return made, made.control()

    def _opener(self, index: int, value: BaseModel) -> ItemRow:
        """Return the row of a record: it leads with its picture if it has one, else with its number."""
        icon = None
        if self._look is not None and hasattr(value, "icon"):
            icon = self._pictures[index] = RowPicture(value.icon, self._look)
        two = bool(item_lines(value)[1])
        number = "" if icon is not None and self._slot.name != "pages" else str(index + 1)
        return ItemRow(self._theme, number, item_words(value), icon=icon, two=two)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not self._locked:
            towards = alt_step(event)
            if towards:
                index = int(watched.property("place"))
                self._rows[index].settle()
                self._move(index, towards)
                return True
        return False

    def _name(self, index: int) -> str:
        thing = say(self._slot.item) or say(self._slot.title)
        return self.tr("{thing} {number}").format(thing=thing, number=index + 1)

    def _act(self, index: int, count: int, words: str) -> QWidget:
        if self._slot.most <= FEW:
            name = self.tr("Remove “{words}”").format(words=words)
            bin_ = tool(self._theme, "trash", name, clicked=lambda: self.removed.emit(index))
            bin_.setEnabled(count > self._slot.least)
            return bin_
        name = self.tr("Move or remove “{words}”").format(words=words)
        more = tool(self._theme, "dots-three-vertical-bold", name)
        more.clicked.connect(lambda: self._menu(more, index, count))
        return more

    def _menu(self, beside: QWidget, index: int, count: int) -> None:
        if self._locked:
            return
        choices: tuple[tuple[str, str, bool, Callable[[], object]], ...] = (
            (self.tr("Move up"), "arrow-up-bold", index > 0, lambda: self._move(index, -1)),
            (self.tr("Move down"), "arrow-down-bold", index + 1 < count, lambda: self._move(index, 1)),
            (self.tr("Remove"), "trash", count > self._slot.least, lambda: self.removed.emit(index)),
        )
        popup(self._theme, self, beside, *choices)

    def _move(self, index: int, by: int) -> None:
        if 0 <= index + by < len(self._rows) and not self._locked:
            self._on_dragged(index, index + by)
            self.focus_item(index + by)

    def _on_dragged(self, index: int, to: int) -> None:
        for shown in self.fields():
            shown.settle()
        self.moved.emit(index, to)


class CardsEditor(ListEditor):
    """Edit a list of small records in place: each is a card with all its fields.

    `fill(layout, index, value)` puts the fields of one record into a layout.
    """

    def __init__(
        self,
        theme: Theme,
        slot: Slot,
        values: Sequence[Any],
        fill: Callable[[Any, int, Any], None],
        *,
        locked: bool = False,
    ) -> None:
        self._fill = fill
        super().__init__(theme, slot, values, locked=locked)

    def set_values(self, values: Sequence[Any], marks: Mapping[int, str] | None = None) -> None:
        self._note.hide()  # the fields in the cards follow the document themselves

    def _item(self, index: int, value: Any, count: int) -> tuple[QWidget, QWidget]:
        inside = col(margins=(10, 8, 10, 10), gap=8)
        self._fill(inside, index, value)
        card = frame("card", inside)
        card.setAccessibleName(self._name(index))
        card.setEnabled(not self._locked)
        first = next(iter(card.findChildren(Field)), None)
        return card, first.control() if first is not None else card


def alt_step(event: QKeyEvent) -> int:
    """Return where Alt and an arrow move something: -1 up, 1 down, 0 if it is another key."""
    if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return 0
    return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)


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

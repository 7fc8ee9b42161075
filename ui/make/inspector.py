"""The inspector: everything about an app that a hand can change, made from the models of the blueprint.

Three depths: the app (its parts, its look, its rules), one part, one item of a part. It never changes
anything itself: `operations_asked` carries typed edits, `check_asked` a tick at "I checked this",
`lock_asked` a part (from 0) to lock or unlock.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.blueprints import KINDS, Blueprint, ProjectDocument, block_title, slot, slots
from studio.blueprints.locked import locked_blocks
from ui.make.clocks import is_idle
from ui.make.desk import Desk
from ui.make.fields import Field
from ui.make.forms import Form
from ui.make.lists import ItemRow, ListEditor
from ui.make.origins import next_waiting, place_of, waiting
from ui.make.parts import LockButton, PartsEditor, look_form, part_line, parts_form
from ui.make.places import Place, lengths
from ui.make.rules import RuleCard, rules_form
from ui.theme import Theme
from ui.widgets import Elided, Glyph, Segments, button, col, frame, line, row, scroll, text, tool
from ui.words import say

_FORMS = {"parts": parts_form, "look": look_form, "rules": rules_form}


class Inspector(QFrame):
    """Show and take the values of the blueprint, in place, while somebody types."""

    operations_asked = Signal(object)
    check_asked = Signal(str, bool)
    lock_asked = Signal(int, bool)
    closed = Signal()
    typed = Signal()
    place_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._place = Place()
        self._tab = "parts"
        self._shape: object = None
        self._open_when_there: Place | None = None
        self._part_to_focus: int | None = None
        self._desk = Desk(theme, self)
        self._join()
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("make.inspector")
        self.setAccessibleName(self.tr("Change by hand"))
        self._build()

    def _join(self) -> None:
        desk = self._desk
        desk.operations_asked.connect(self.operations_asked)
        desk.check_asked.connect(self.check_asked)
        desk.lock_asked.connect(self.lock_asked)
        desk.typed.connect(self.typed)
        desk.place_asked.connect(self.open_place)
        desk.place_coming.connect(self._on_place_coming)
        desk.item_coming.connect(self._focus_last)
        desk.part_coming.connect(self._focus_part)

    def _build(self) -> None:
        theme = self._theme
        self._back = tool(theme, "arrow-left-bold", self.tr("Back"), clicked=self._on_back)
        self._back.setObjectName("inspector.back")
        self._kind = Elided("", "small")
        self._name = Elided("", "heading")
        self._lock = LockButton(theme)
        self._lock.setObjectName("inspector.lock")
        self._lock.clicked.connect(self._on_lock)
        self._close = tool(theme, "x", self.tr("Close"), clicked=self.closed.emit)
        self._tabs = Segments(
            theme,
            self.tr("What to change"),
            [(self.tr("Parts"), "parts"), (self.tr("Look"), "look"), (self.tr("Rules"), "rules")],
            stretch=True,
        )
        self._tabs.setObjectName("inspector.tabs")
        self._tabs.chosen.connect(self._on_tab)
        self._waiting = button(theme, "", "chip", "warning-fill", tone="warn", clicked=self.open_next)
        self._waiting.setObjectName("inspector.to_check")
        self._waiting_row = QWidget()
        self._waiting_row.setLayout(row(self._waiting, None))
        head = row(self._back, (col(self._kind, self._name, gap=0), 1), self._lock, self._close, gap=4)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        self._area: QWidget | None = None
        top = col(head, self._tabs, self._waiting_row, margins=(16, 12, 16, 10), gap=10)
        self._edge = line(vertical=True)
        self.setLayout(row(self._edge, (col(top, line(), (self._body, 1), gap=0), 1), gap=0))

    # ------------------------------------------------------------------ what others may ask

    @property
    def place(self) -> Place:
        """Return what is shown."""
        return self._place

    def show_document(self, document: ProjectDocument) -> None:
        """Show the values of a document; what is being typed stays as it is."""
        before = self._desk.document
        self._desk.take(document)
        if document.blueprint is None:
            return
        if before is None or before.id != document.id:
            self._place, self._tab = Place(), "parts"
            self._tabs.set_value("parts")
        if self._open_when_there is not None and self._there(self._open_when_there):
            self._place, self._open_when_there = self._open_when_there, None
            self.place_changed.emit()
        while not self._there(self._place):
            self._place = self._above()
        self._refresh()
        if self._part_to_focus is not None:
            self._focus_moved_part()

    def open_place(self, place: Place) -> None:
        """Show a part or an item of it."""
        if self._desk.document is not None and self._there(place):
            self.settle()
            self._place = place
            self._refresh()
            self.place_changed.emit()

    def open_pointer(self, pointer: str) -> bool:
        """Show what a JSON pointer names, an item or a part; tell whether it is there."""
        place = place_of(pointer)
        if place is None or self._desk.document is None:
            return False
        if place.list and self._there(place):
            things = getattr(self._blueprint.blocks[place.block or 0], place.list)
            if not isinstance(things[place.index], BaseModel):  # typed over in place, in its part
                place = Place(place.block)
        if not self._there(place):
            return False
        self.open_place(place)
        return True

    def open_next(self) -> None:
        """Show the next place that somebody still has to check or to write."""
        document = self._desk.document
        if document is not None:
            self.open_pointer(next_waiting(document, self._place))

    @property
    def dirty(self) -> bool:
        """Tell whether something has been typed that is not told yet."""
        return any(one.dirty for one in self._shown(Field))

    def settle(self) -> None:
        """Tell what is being typed now."""
        for one in self._shown(Field):
            one.settle()

    def set_sheet(self, *, sheet: bool) -> None:
        """Lie over the app, with a way to close."""
        self._close.setVisible(sheet)
        self._edge.setVisible(sheet)

    def fields(self) -> dict[str, Field]:
        """Return the fields that are shown, by the name of their slot."""
        return {one.slot.name: one for one in self._shown(Field) if one.slot.name}

    def lists(self) -> dict[str, ListEditor]:
        """Return the lists that are shown, by name."""
        return {one.property("slot"): one for one in self._shown(ListEditor)}

    def parts(self) -> PartsEditor | None:
        """Return the list of parts, if it is shown."""
        return next(iter(self._shown(PartsEditor)), None)

    # ------------------------------------------------------------------ the frame

    def _shown(self, kind: Any) -> list[Any]:
        return self._area.findChildren(kind) if self._area is not None else []

    @property
    def _blueprint(self) -> Blueprint:
        return self._desk.blueprint

    def _there(self, place: Place) -> bool:
        blocks = self._blueprint.blocks
        if place.block is None:
            return True
        if place.block >= len(blocks):
            return False
        return not place.list or 0 <= place.index < len(getattr(blocks[place.block], place.list, ()))

    def _above(self) -> Place:
        return Place(self._place.block) if self._place.list else Place()

    def _on_back(self) -> None:
        self.settle()
        before = self._place
        self._place = self._above()
        self._refresh()
        self.place_changed.emit()
        rows = self.parts().rows() if not before.list and self.parts() is not None else []
        if before.list and before.list in self.lists():
            rows = self.lists()[before.list].rows()
        number = before.index if before.list else before.block
        if number is not None and number < len(rows):
            rows[number].setFocus(Qt.FocusReason.BacktabFocusReason)

    def _on_tab(self, name: str) -> None:
        self.settle()
        self._tab = name
        self._refresh()

    def _on_lock(self) -> None:
        block = self._place.block
        if block is not None:
            self.settle()
            self.lock_asked.emit(block, not self._desk.is_locked(block))

    def _on_place_coming(self, place: Place) -> None:
        self._open_when_there = place

    def _refresh(self) -> None:
        document = self._desk.document
        shape = (self._place, self._tab, document.id if document is not None else "", self._outline())
        if shape == self._shape and document is not None:
            self._desk.refresh()
        else:
            self._shape = shape
            self._rebuild()
        self._show_head()

    def _outline(self) -> object:
        """Return what decides which fields there are: kinds of parts, lengths of lists, origins, locks."""
        blueprint, place = self._blueprint, self._place
        if place.block is None:
            kinds = tuple(block.type for block in blueprint.blocks)
            return (kinds, len(blueprint.rules) if self._tab == "rules" else 0)
        block = blueprint.blocks[place.block]
        thing = getattr(block, place.list)[place.index] if place.list else block
        idle = tuple(one.name for one in slots(thing) if is_idle(thing, one.name))
        known = self._desk.document is not None and place.pointer in self._desk.document.origins
        return (
            block.type,
            lengths(thing),
            bool(place.list) and known,
            idle,
            self._desk.is_locked(place.block),
        )

    def _show_head(self) -> None:
        place, document = self._place, self._desk.document
        self._back.setVisible(place.block is not None)
        self._tabs.setVisible(place.block is None)
        self._lock.setVisible(place.block is not None)
        self._show_waiting()
        if place.block is None:
            self._kind.setText(self.tr("Your app"))
            self._name.setText(self._blueprint.title)
            return
        block = self._blueprint.blocks[place.block]
        title = say(block_title(block))
        locked = document is not None and place.block in locked_blocks(document)
        self._lock.show_lock(title, locked=locked)
        if not place.list:
            self._kind.setText(part_line(block))
            self._name.setText(title)
            return
        kind = say(KINDS[block.type].name)
        self._kind.setText(kind if title == kind else self.tr("{kind}: {name}").format(kind=kind, name=title))
        thing = say(slot(block, place.list).item) or say(slot(block, place.list).title)
        self._name.setText(self.tr("{thing} {number}").format(thing=thing, number=place.index + 1))

    def _show_waiting(self) -> None:
        """Say how much is still to be checked or written; pressing it goes from one to the next."""
        count = len(waiting(self._desk.document)) if self._desk.document is not None else 0
        words = self.tr("To check ({count})").format(count=count)
        self._waiting.setText(f" {words}")
        self._waiting.setAccessibleName(self.tr("{words}: go to the next one").format(words=words))
        self._waiting_row.setVisible(count > 0)

    def _rebuild(self) -> None:
        self._desk.forget()
        old, self._area = self._area, None
        focus = self.window().focusWidget()
        had_focus = old is not None and focus is not None and old.isAncestorOf(focus)
        form = self._form()
        form.addStretch(1)
        form.setContentsMargins(16, 14, 16, 16)
        self._area = scroll(form, name=self.tr("Change by hand"))
        self._body.addWidget(self._area, 1)
        self._join_keys(self._area)
        if old is not None:
            self._body.removeWidget(old)
            if had_focus:  # or it would wander off to whatever comes next in the window
                self._area.show()
                self._focus_first()
            old.hide()
            old.deleteLater()

    def _join_keys(self, area: QWidget) -> None:
        """Let Tab go from the head into a form that came later, and through it as it reads."""
        before: QWidget = self._waiting
        for one in area.findChildren(QWidget):
            if one.window() is self.window() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, one)
                before = one

    def _focus_first(self) -> None:
        """Put the keyboard where the form that has just come begins."""
        places = [
            *(card.source for card in self._shown(RuleCard)),
            *(one.control() for one in self._shown(Field)),
        ]
        able = (one for one in (*places, self._back) if one.isVisible() and one.isEnabled())
        next(able, self._tabs.parts[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _form(self) -> QVBoxLayout:
        place = self._place
        if place.block is None:
            return _FORMS[self._tab](self._desk)
        form = Form(self._desk, place).build()
        if self._desk.is_locked(place.block):
            form.insertWidget(0, self._locked_note())
        return form

    def _locked_note(self) -> QWidget:
        words = text(self.tr("This part is locked. Words and hands leave it as it is."), "small", wrap=True)
        act = button(self._theme, self.tr("Unlock"), "quiet", "lock-simple-open", size="small")
        act.setObjectName("inspector.unlock")
        act.clicked.connect(self._on_lock)
        top = row(Glyph(self._theme, "lock-simple-fill", "text_soft", 20), (words, 1), gap=8)
        return frame("well", col(top, row(act, None), margins=(12, 10, 12, 6), gap=4))

    # ------------------------------------------------------------------ where the keyboard goes

    def _focus_last(self, name: str, count: int, tries: int = 20) -> None:
        """Put the keyboard into a new item once it has come."""
        editor = self.lists().get(name)
        fields = editor.fields() if editor is not None else []
        if len(fields) == count:
            fields[-1].control().setFocus(Qt.FocusReason.OtherFocusReason)
        elif tries and not self._open_when_there:
            QTimer.singleShot(25, self, lambda: self._focus_last(name, count, tries - 1))

    def _focus_part(self, index: int) -> None:
        """Let the keyboard go along with a part that moves; its row may stand anew once it is there."""
        self._part_to_focus = index

    def _focus_moved_part(self) -> None:
        index, parts = self._part_to_focus, self.parts()
        self._part_to_focus = None
        rows: list[ItemRow] = parts.rows() if parts is not None else []
        if index is not None and index < len(rows):
            rows[index].setFocus(Qt.FocusReason.OtherFocusReason)

"""The form of a part or of one of its items: a field for each slot, made from the models of the blueprint."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.blueprints import ConverterPair, ProjectDocument, Slot, Story, new_item, slots
from studio.blueprints.fresh import new_inner_item
from ui.make.choosing import FormulaField, ManyField, PairNote, ways_on
from ui.make.clocks import is_idle
from ui.make.desk import Desk
from ui.make.fields import ChoiceField
from ui.make.lists import CardsEditor, ListEditor
from ui.make.origins import CheckBadge, OriginNote, marked
from ui.make.places import Place, getter, plain
from ui.make.stickers import StickersField
from ui.widgets import col, line

Path = tuple[str | int, ...]


class Form:
    """Build the form of one place; the lists in it can be found by name."""

    def __init__(self, desk: Desk, place: Place) -> None:
        assert place.block is not None  # noqa: S101 - the app itself has forms of its own
        self._desk, self._place, self._block = desk, place, place.block
        self._locked = desk.is_locked(place.block)
        self._path: Path = ("blocks", place.block)
        if place.list:
            self._path += (place.list, place.index)

    def build(self) -> QVBoxLayout:
        """Return the form."""
        form = col(gap=14)
        thing = getter(*self._path)(self._desk.blueprint)
        for one in slots(thing):
            if not is_idle(thing, one.name):
                self._add(form, one, thing, self._path)
        if isinstance(thing, ConverterPair):
            self._add_pair(form)
        self._add_check(form)
        return form

    # ------------------------------------------------------------------ slots

    def _add(self, form: QVBoxLayout, one: Slot, thing: BaseModel, path: Path) -> None:
        desk, here = self._desk, (*path, one.name)
        if one.widget == "list":
            self._add_list(form, one, here)
            return
        story = desk.blueprint.blocks[self._block]
        if one.name == "goto" and isinstance(story, Story):
            made: Any = self._way_on(form, one, here)
        else:
            made = desk.add(form, one, _pointer(here), getter(*here), owner=thing)
        if made is not None and self._locked:
            made.setEnabled(False)
        if isinstance(made, FormulaField):
            whole = getter("blocks", self._block)
            desk.watch(lambda blueprint: made.set_block(whole(blueprint)))

    def _way_on(self, form: QVBoxLayout, one: Slot, here: Path) -> ChoiceField:
        """Add the field that says where a choice of a story leads, in the words of the pages."""
        desk, get, story = self._desk, getter(*here), getter("blocks", self._block)
        choices = ways_on(story(desk.blueprint), get(desk.blueprint))
        made = ChoiceField(desk.theme, one, get(desk.blueprint), choices=choices)
        desk.watch(lambda blueprint: made.set_choices(ways_on(story(blueprint), get(blueprint))))
        desk.bind(made, _pointer(here), get)
        form.addWidget(made)
        return made

    def _add_pair(self, form: QVBoxLayout) -> None:
        get = getter(*self._path)
        note = PairNote(get(self._desk.blueprint))
        self._desk.watch(lambda blueprint: note.show_pair(get(blueprint)))
        form.addWidget(note)

    def _add_check(self, form: QVBoxLayout) -> None:
        document, pointer = self._desk.document, self._place.pointer
        origin = document.origins.get(pointer) if document is not None and self._place.list else None
        if origin is None:
            return
        please = CheckBadge(self._desk.theme, origin)
        form.insertWidget(0, please)
        note = OriginNote(self._desk.theme, origin)
        note.checked.connect(lambda checked: self._desk.check_asked.emit(pointer, checked))
        form.addWidget(line())
        form.addWidget(note)

        def show(document: ProjectDocument) -> None:
            now = document.origins.get(pointer)
            if now is not None:
                note.show_origin(now)
                please.show_origin(now)

        self._desk.follow(show)

    # ------------------------------------------------------------------ lists

    def _add_list(self, form: QVBoxLayout, one: Slot, here: Path) -> None:
        made = self._list(one, here)
        made.setProperty("slot", one.name)
        if self._locked and not isinstance(made, ListEditor):
            made.setEnabled(False)
        form.addWidget(made)

    def _list(self, one: Slot, here: Path) -> QWidget:
        desk, get = self._desk, getter(*here)
        values = get(desk.blueprint)
        inner = one.of
        assert inner is not None  # noqa: S101 - a list says what its items are
        if inner.widget == "icon":
            stickers = StickersField(desk.theme, one, values, look=desk.look)
            desk.bind(stickers, _pointer(here), get)
            desk.follow(lambda _document: stickers.set_look(desk.look))
            return stickers
        if inner.choices:
            many = ManyField(desk.theme, one, values)
            desk.bind(many, _pointer(here), get)
            return many
        if inner.model is not None and self._place.list:
            return self._joined(
                CardsEditor(
                    desk.theme, one, values, lambda into, index, value: self._card(into, value, (*here, index)),
                    locked=self._locked,
                ),
                one,
                here,
            )  # fmt: skip
        assert desk.document is not None  # noqa: S101 - a form is made of a document
        marks = marked(desk.document, _pointer(here))
        editor = ListEditor(desk.theme, one, values, marks, locked=self._locked, look=desk.look)

        def show(document: ProjectDocument) -> None:
            editor.set_look(desk.look)
            editor.set_values(get(desk.blueprint), marked(document, _pointer(here)))

        desk.follow(show)
        return self._joined(editor, one, here)

    def _card(self, into: QVBoxLayout, value: BaseModel, path: Path) -> None:
        for one in slots(value):
            self._add(into, one, value, path)

    def _joined(self, editor: ListEditor, one: Slot, here: Path) -> ListEditor:
        """Let what is asked of a list be done."""
        desk, pointer = self._desk, _pointer(here)
        get = getter(*here)
        editor.typed.connect(desk.typed)
        editor.opened.connect(lambda index: desk.place_asked.emit(Place(self._block, one.name, index)))
        editor.replaced.connect(
            lambda index, value: desk.put(f"{pointer}/{index}", value, editor.fields()[index])
        )
        editor.removed.connect(lambda index: desk.put(pointer, _without(get(desk.ahead), index)))
        editor.moved.connect(lambda index, to: self._move(one, here, index, to))
        editor.added.connect(lambda: self._new(editor, one, here))
        return editor

    def _move(self, one: Slot, here: Path, index: int, to: int) -> None:
        if self._place.list:  # a list inside an item has no operation of its own: the item is set
            values = plain(getter(*here)(self._desk.ahead))
            values.insert(to, values.pop(index))
            self._desk.put(_pointer(here), values)
            return
        at = f"b{self._block + 1}"
        self._desk.ask({"op": "move_item", "at": at, "list": one.name, "index": index + 1, "to": to + 1})

    def _new(self, editor: ListEditor, one: Slot, here: Path) -> None:
        desk = self._desk
        values = getter(*here)(desk.ahead)
        block = desk.ahead.blocks[self._block]
        if self._place.list:
            item = new_inner_item(block, self._place.list, self._place.index, one.name)
            desk.put(_pointer(here), [*plain(values), item])
        else:
            item = new_item(block.type, one.name)
            if isinstance(item, BaseModel):
                desk.place_coming.emit(Place(self._block, one.name, len(values)))
            desk.put(f"{_pointer(here)}/-", item)
        count = len(values) + 1
        QTimer.singleShot(0, desk, lambda: desk.item_coming.emit(one.name, count))


def _pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)


def _without(values: Any, index: int) -> list[Any]:
    return [value for place, value in enumerate(plain(values)) if place != index]

"""The inspector: everything about an app that a hand can change, made from the models of the blueprint.

Three depths: the app (its parts, its look), one part, one item of a part. It never changes anything
itself: `operations_asked` carries typed edits, `check_asked` a tick at "I checked this".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from studio.blueprints import (
    KINDS,
    AnyBlock,
    Blueprint,
    Operation,
    ProjectDocument,
    Slot,
    block_title,
    describe_block,
    new_block,
    new_item,
    operation_for,
    parse_operation,
    slot,
    slots,
)
from studio.errors import InputError
from ui.make.clocks import is_idle, timed_field
from ui.make.fields import Field, field_for
from ui.make.lists import ItemRow, ListEditor
from ui.make.origins import OriginNote, marked, place_of
from ui.make.places import Place, fresh, getter, inside, lengths, plain, without
from ui.make.swatches import PaletteField
from ui.theme import Theme
from ui.widgets import (
    Elided,
    Painted,
    Segments,
    app_icon,
    button,
    col,
    line,
    row,
    scroll,
    text,
    tool,
)
from ui.words import say, say_all

PLAYING = ("quiz", "flashcards", "timer", "checklist", "picker", "note")
"""Kinds of parts that the runtime of this version plays; others can come in, but are not offered."""

_LOOK = ("palette", "mode", "font", "background", "size")


class Inspector(QFrame):
    """Show and take the values of the blueprint, in place, while somebody types."""

    operations_asked = Signal(object)
    check_asked = Signal(str, bool)
    closed = Signal()
    typed = Signal()
    place_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._document: ProjectDocument | None = None
        self._place = Place()
        self._tab = "parts"
        self._shape: object = None
        self._refreshers: list[Callable[[ProjectDocument], None]] = []
        self._open_when_there: Place | None = None
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("make.inspector")
        self.setAccessibleName(self.tr("Change by hand"))
        self._back = tool(theme, "arrow-left-bold", self.tr("Back"), clicked=self._on_back)
        self._back.setObjectName("inspector.back")
        self._kind = Elided("", "small")
        self._name = Elided("", "heading")
        self._close = tool(theme, "x", self.tr("Close"), clicked=self.closed.emit)
        self._tabs = Segments(
            theme,
            self.tr("What to change"),
            [(self.tr("Parts"), "parts"), (self.tr("Look"), "look")],
            stretch=True,
        )
        self._tabs.setObjectName("inspector.tabs")
        self._tabs.chosen.connect(self._on_tab)
        head = row(self._back, (col(self._kind, self._name, gap=0), 1), self._close, gap=4)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        self._area: QWidget | None = None
        top = col(head, self._tabs, margins=(16, 12, 16, 10), gap=10)
        self._edge = line(vertical=True)
        self.setLayout(row(self._edge, (col(top, line(), (self._body, 1), gap=0), 1), gap=0))

    # ------------------------------------------------------------------ what others may ask

    @property
    def place(self) -> Place:
        """Return what is shown."""
        return self._place

    def show_document(self, document: ProjectDocument) -> None:
        """Show the values of a document; what is being typed stays as it is."""
        other = self._document is None or self._document.id != document.id
        self._document = document
        if document.blueprint is None:
            return
        if other:
            self._place, self._tab = Place(), "parts"
            self._tabs.set_value("parts")
        if self._open_when_there is not None and self._there(self._open_when_there):
            self._place, self._open_when_there = self._open_when_there, None
            self.place_changed.emit()
        while not self._there(self._place):
            self._place = self._above()
        self._refresh()

    def open_place(self, place: Place) -> None:
        """Show a part or an item of it."""
        if self._document is not None and self._there(place):
            self.settle()
            self._place = place
            self._refresh()
            self.place_changed.emit()

    def open_pointer(self, pointer: str) -> bool:
        """Show what a JSON pointer names, an item or a part; tell whether it is there."""
        place = place_of(pointer)
        if place is None or self._document is None:
            return False
        if place.list and self._there(place):
            things = getattr(self._blueprint.blocks[place.block or 0], place.list)
            if not isinstance(things[place.index], BaseModel):  # typed over in place, in its part
                place = Place(place.block)
        if not self._there(place):
            return False
        self.open_place(place)
        return True

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

    # ------------------------------------------------------------------ the frame

    def _shown(self, kind: Any) -> list[Any]:
        return self._area.findChildren(kind) if self._area is not None else []

    @property
    def _blueprint(self) -> Blueprint:
        assert self._document is not None  # noqa: S101 - nothing can be pressed before it is there
        assert self._document.blueprint is not None  # noqa: S101
        return self._document.blueprint

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
        rows = self._shown(ItemRow)
        number = before.index if before.list else before.block
        if rows and number is not None and number < len(rows):
            rows[number].setFocus(Qt.FocusReason.BacktabFocusReason)

    def _on_tab(self, name: str) -> None:
        self.settle()
        self._tab = name
        self._refresh()

    def _refresh(self) -> None:
        shape = (self._place, self._tab, self._document.id if self._document else "", self._outline())
        if shape == self._shape and self._document is not None:
            for refresh in self._refreshers:
                refresh(self._document)
        else:
            self._shape = shape
            self._rebuild()
        self._show_head()

    def _outline(self) -> object:
        """Return what decides which fields there are: kinds of parts, lengths of lists, known origins."""
        blocks = self._blueprint.blocks
        if self._place.block is None:
            return tuple(block.type for block in blocks)
        block = blocks[self._place.block]
        thing = getattr(block, self._place.list)[self._place.index] if self._place.list else block
        idle = tuple(one.name for one in slots(thing) if is_idle(thing, one.name))
        return (block.type, lengths(thing), self._origin() is not None, idle)

    def _show_head(self) -> None:
        place = self._place
        self._back.setVisible(place.block is not None)
        self._tabs.setVisible(place.block is None)
        if place.block is None:
            self._kind.setText(self.tr("Your app"))
            self._name.setText(self._blueprint.title)
            return
        block = self._blueprint.blocks[place.block]
        if not place.list:
            self._kind.setText(say(describe_block(block)))
            self._name.setText(say(block_title(block)))
            return
        self._kind.setText(
            self.tr("{kind}: {name}").format(kind=say(KINDS[block.type].name), name=say(block_title(block)))
        )
        thing = say(slot(block, place.list).item) or say(slot(block, place.list).title)
        self._name.setText(self.tr("{thing} {number}").format(thing=thing, number=place.index + 1))

    def _rebuild(self) -> None:
        self._refreshers = []
        old, self._area = self._area, None
        form = self._form()
        form.addStretch(1)
        form.setContentsMargins(16, 14, 16, 16)
        self._area = scroll(form, name=self.tr("Change by hand"))
        self._body.addWidget(self._area, 1)
        if old is not None:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _form(self) -> QVBoxLayout:
        place = self._place
        if place.block is None:
            return self._parts_form() if self._tab == "parts" else self._look_form()
        block = self._blueprint.blocks[place.block]
        pointer = place.pointer
        if not place.list:
            return self._model_form(block, pointer, lambda blueprint: blueprint.blocks[place.block or 0])
        item = getattr(block, place.list)[place.index]
        form = self._model_form(
            item,
            pointer,
            lambda blueprint: getattr(blueprint.blocks[place.block or 0], place.list)[place.index],
        )
        self._add_check(form, pointer)
        return form

    # ------------------------------------------------------------------ the app

    def _parts_form(self) -> QVBoxLayout:
        form = col(gap=14)
        for name in ("title", "about", "icon"):
            self._add_field(form, slot(Blueprint, name), f"/{name}", getter(name))
        form.addWidget(line())
        form.addWidget(text(self.tr("Parts"), "label", wrap=True))
        parts = col(gap=6)
        for index, block in enumerate(self._blueprint.blocks):
            parts.addLayout(self._part_row(index, block))
        form.addLayout(parts)
        if len(self._blueprint.blocks) < int(slot(Blueprint, "blocks").most):
            add = button(self._theme, self.tr("Add a part"), "quiet", "plus-bold", size="small")
            add.setObjectName("inspector.add_part")
            add.clicked.connect(lambda: self._part_menu(add))
            form.addLayout(row(add, None))
        return form

    def _part_row(self, index: int, block: AnyBlock) -> Any:
        palette, mode = self._blueprint.theme.palette, self._blueprint.theme.mode
        icon = Painted(
            lambda painter, width, height: app_icon(
                painter, QRectF(0, 0, width, height), KINDS[block.type].icon, palette, mode
            )
        )
        icon.setFixedSize(24, 24)
        icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        shown = ItemRow(self._theme, "", say(block_title(block)), icon=icon)
        shown.setToolTip(say(describe_block(block)))
        shown.clicked.connect(lambda: self.open_place(Place(index)))
        count = len(self._blueprint.blocks)
        shown.moved.connect(
            lambda by: self._move_part(index, index + by) if 0 <= index + by < count else None
        )
        self._refreshers.append(
            lambda document: shown.set_words(say(block_title(document.blueprint.blocks[index])))
        )
        name = self.tr("Move or remove “{words}”").format(words=say(block_title(block)))
        more = tool(self._theme, "dots-three-vertical-bold", name)
        more.clicked.connect(lambda: self._part_acts(more, index, count))
        return row((shown, 1), more, gap=4)

    def _part_acts(self, beside: QWidget, index: int, count: int) -> None:
        self._popup(
            beside,
            (self.tr("Move up"), "arrow-up-bold", index > 0, lambda: self._move_part(index, index - 1)),
            (
                self.tr("Move down"),
                "arrow-down-bold",
                index + 1 < count,
                lambda: self._move_part(index, index + 1),
            ),
            (
                self.tr("Remove"),
                "trash",
                count > 1,
                lambda: self._ask({"op": "remove_block", "at": f"b{index + 1}"}),
            ),
        )

    def _part_menu(self, beside: QWidget) -> None:
        self._popup(beside, *((say(KINDS[kind].name), "", True, self._adder(kind)) for kind in PLAYING))

    def _adder(self, kind: str) -> Callable[[], None]:
        def add() -> None:
            count = len(self._blueprint.blocks)
            self._open_when_there = Place(count)
            block = new_block(kind).model_dump(mode="json")
            self._ask({"op": "add_block", "at": count + 1, "block": block})

        return add

    def _popup(self, beside: QWidget, *choices: tuple[str, str, bool, Callable[[], object]]) -> None:
        menu = QMenu(self)
        for words, icon, enabled, act in choices:
            action = menu.addAction(self._theme.icon(icon), words) if icon else menu.addAction(words)
            action.setEnabled(enabled)
            action.triggered.connect(act)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))

    def _move_part(self, index: int, to: int) -> None:
        self._ask({"op": "move_block", "at": f"b{index + 1}", "to": to + 1})

    def _look_form(self) -> QVBoxLayout:
        form = col(gap=16)
        theme_model = self._blueprint.theme
        palette = PaletteField(
            self._theme, slot(theme_model, "palette"), theme_model.palette, theme_model.mode
        )
        self._bind(palette, "/theme/palette", lambda blueprint: blueprint.theme.palette)
        self._refreshers.append(lambda document: palette.set_mode(document.blueprint.theme.mode))
        form.addWidget(palette)
        for name in _LOOK[1:]:
            self._add_field(form, slot(theme_model, name), f"/theme/{name}", getter("theme", name))
        self._add_field(form, slot(Blueprint, "layout"), "/layout", getter("layout"))
        return form

    # ------------------------------------------------------------------ a part or an item

    def _model_form(
        self, model: BaseModel, pointer: str, find: Callable[[Blueprint], BaseModel]
    ) -> QVBoxLayout:
        form = col(gap=14)
        for one in slots(model):
            if is_idle(model, one.name):
                continue
            if one.widget == "list":
                self._add_list(form, one, f"{pointer}/{one.name}", inside(find, one.name))
            else:
                kind = getattr(model, "type", "")
                self._add_field(form, one, f"{pointer}/{one.name}", inside(find, one.name), kind)
        return form

    def _add_field(
        self,
        form: QVBoxLayout,
        one: Slot,
        pointer: str,
        get: Callable[[Blueprint], Any],
        kind: str = "",
    ) -> None:
        value, palette = get(self._blueprint), self._blueprint.theme.palette
        made = timed_field(self._theme, kind, one, value) or field_for(
            self._theme, one, value, palette=palette
        )
        if made is not None:
            self._bind(made, pointer, get)
            form.addWidget(made)

    def _bind(self, made: Field, pointer: str, get: Callable[[Blueprint], Any]) -> None:
        made.settled.connect(lambda value: self._set(made, pointer, value))
        made.typed.connect(self.typed)
        self._refreshers.append(lambda document: made.set_value(get(document.blueprint)))  # type: ignore[arg-type]

    def _set(self, made: Field | None, pointer: str, value: Any) -> None:
        try:
            operations = operation_for(self._blueprint, pointer, value)
        except InputError as error:
            if made is not None:
                made.set_trouble(say_all(error.phrases))
            return
        self.operations_asked.emit(operations)

    def _ask(self, *plain: dict[str, Any]) -> None:
        operations: tuple[Operation, ...] = tuple(parse_operation(one) for one in plain)
        self.operations_asked.emit(operations)

    def _add_list(
        self, form: QVBoxLayout, one: Slot, pointer: str, get: Callable[[Blueprint], Sequence[Any]]
    ) -> None:
        assert self._document is not None  # noqa: S101 - a form is made of a document
        editor = ListEditor(self._theme, one, get(self._blueprint), marked(self._document, pointer))
        editor.typed.connect(self.typed)
        editor.setProperty("slot", one.name)
        place = self._place
        editor.opened.connect(lambda index: self.open_place(Place(place.block, one.name, index)))
        editor.replaced.connect(lambda index, value: self._set(None, f"{pointer}/{index}", value))
        editor.removed.connect(lambda index: self._set(None, pointer, without(get(self._blueprint), index)))
        editor.moved.connect(lambda index, to: self._move_item(one.name, pointer, get, index, to))
        editor.added.connect(lambda: self._add_item(one, pointer, get))
        self._refreshers.append(
            lambda document: editor.set_values(get(document.blueprint), marked(document, pointer))  # type: ignore[arg-type]
        )
        form.addWidget(editor)

    def _move_item(
        self, name: str, pointer: str, get: Callable[[Blueprint], Sequence[Any]], index: int, to: int
    ) -> None:
        if self._place.list:  # a list inside an item has no operation of its own: the item is set
            values = list(get(self._blueprint))
            values.insert(to, values.pop(index))
            self._set(None, pointer, plain(values))
            return
        at = f"b{(self._place.block or 0) + 1}"
        self._ask({"op": "move_item", "at": at, "list": name, "index": index + 1, "to": to + 1})

    def _add_item(self, one: Slot, pointer: str, get: Callable[[Blueprint], Sequence[Any]]) -> None:
        values = get(self._blueprint)
        block = self._blueprint.blocks[self._place.block or 0]
        if self._place.list:
            self._set(None, pointer, plain([*values, fresh(one, say(one.item) or say(one.title))]))
        else:
            item = new_item(block.type, one.name)
            if isinstance(item, BaseModel):
                self._open_when_there = Place(self._place.block, one.name, len(values))
            self._set(None, f"{pointer}/-", item)
        QTimer.singleShot(0, self, lambda: self._focus_last(one.name, len(values) + 1))

    def _focus_last(self, name: str, count: int, tries: int = 20) -> None:
        """Put the keyboard into the new item once it has come."""
        editor = self.lists().get(name)
        fields = editor.fields() if editor is not None else []
        if len(fields) == count:
            fields[-1].control().setFocus(Qt.FocusReason.OtherFocusReason)
        elif tries and not self._open_when_there:
            QTimer.singleShot(25, self, lambda: self._focus_last(name, count, tries - 1))

    # ------------------------------------------------------------------ where words come from

    def _origin(self) -> Any:
        if self._document is None or not self._place.list:
            return None
        return self._document.origins.get(self._place.pointer)

    def _add_check(self, form: QVBoxLayout, pointer: str) -> None:
        origin = self._origin()
        if origin is None:
            return
        note = OriginNote(self._theme, origin)
        note.checked.connect(lambda checked: self.check_asked.emit(pointer, checked))
        form.addWidget(line())
        form.addWidget(note)

        def refresh(document: ProjectDocument) -> None:
            now = document.origins.get(pointer)
            if now is not None:
                note.show_origin(now)

        self._refreshers.append(refresh)

"""The app itself by hand: its name and picture, its parts in their order, and its look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.blueprints import (
    KINDS,
    AnyBlock,
    Blueprint,
    ProjectDocument,
    block_title,
    describe_block,
    new_block,
    slot,
)
from studio.blueprints.locked import locked_blocks
from ui.make.adding import AddPartDialog
from ui.make.desk import Desk
from ui.make.lists import ItemRow, RowPicture
from ui.make.places import Place, getter
from ui.make.popups import popup
from ui.make.swatches import PaletteField
from ui.theme import Theme
from ui.widgets import Grip, Reorder, Tool, button, col, line, row, text, tool
from ui.words import say

_LOOK = ("mode", "font", "background", "size")


def parts_form(desk: Desk) -> QVBoxLayout:
    """Return the name, the line and the picture of an app, and its parts."""
    form = col(gap=14)
    for name in ("title", "about", "icon"):
        desk.add(form, slot(Blueprint, name), f"/{name}", getter(name))
    form.addWidget(line())
    parts = PartsEditor(desk)
    desk.follow(parts.show_document)
    form.addWidget(parts)
    return form


def look_form(desk: Desk) -> QVBoxLayout:
    """Return the look of an app."""
    form = col(gap=16)
    now = desk.blueprint.theme
    palette = PaletteField(desk.theme, slot(now, "palette"), now.palette, now.mode)
    desk.bind(palette, "/theme/palette", getter("theme", "palette"))
    desk.watch(lambda blueprint: palette.set_mode(blueprint.theme.mode))
    form.addWidget(palette)
    for name in _LOOK:
        desk.add(form, slot(now, name), f"/theme/{name}", getter("theme", name))
    desk.add(form, slot(Blueprint, "layout"), "/layout", getter("layout"))
    return form


class PartsEditor(QWidget):
    """Show the parts of an app: each can be opened, dragged, moved, locked and removed; more can be added."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        blocks = desk.blueprint.blocks
        self._rows: list[ItemRow] = []
        self._lines: list[QWidget] = []
        self._locks: list[LockButton] = []
        self._holder = QWidget()
        self._reorder = Reorder(desk.theme, self._holder, lambda: self._lines)
        self._reorder.moved.connect(self.move_part)
        lines = [self._line(index, block, len(blocks)) for index, block in enumerate(blocks)]
        self._holder.setLayout(col(*lines, gap=6))
        label = text(self.tr("Parts"), "label", wrap=True)
        items: list[QWidget | QVBoxLayout] = [label, self._holder]
        made = col(*items, gap=6)
        most = int(slot(Blueprint, "blocks").most)
        if len(blocks) < most:
            add = button(desk.theme, self.tr("Add a part"), "quiet", "plus-bold", size="small")
            add.setObjectName("inspector.add_part")
            add.clicked.connect(self.choose_new)
            made.addLayout(row(add, None))
        else:
            full = self.tr("{count} parts are as many as an app can have.").format(count=most)
            made.addWidget(text(full, "small", wrap=True))
        self.setLayout(made)
        self.setAccessibleName(label.text())
        if desk.document is not None:
            self.show_document(desk.document)

    def show_document(self, document: ProjectDocument) -> None:
        """Show the parts of a document in the same rows."""
        assert document.blueprint is not None  # noqa: S101 - only apps of blocks have a form
        locked = locked_blocks(document)
        for index, (shown, block) in enumerate(zip(self._rows, document.blueprint.blocks, strict=True)):
            title = say(block_title(block))
            shown.set_words(title, part_line(block))
            self._locks[index].show_lock(title, locked=index in locked)

    def rows(self) -> list[ItemRow]:
        """Return the rows of the parts, in order."""
        return list(self._rows)

    def grips(self) -> list[Grip]:
        """Return what the parts can be dragged by."""
        return self._holder.findChildren(Grip)

    def move_part(self, index: int, to: int) -> None:
        """Ask for another place for a part; the keyboard goes along."""
        if 0 <= to < len(self._rows) and not self._desk.is_locked(index):
            self._desk.part_coming.emit(to)
            self._desk.ask({"op": "move_block", "at": f"b{index + 1}", "to": to + 1})

    def choose_new(self) -> AddPartDialog:
        """Open the palette of parts."""
        dialog = AddPartDialog(self.window(), self._desk.theme, self._desk.look)
        dialog.picked.connect(self.add)
        dialog.open()
        return dialog

    def add(self, kind: str) -> None:
        """Ask for a new part at the end, and open it once it is there."""
        count = len(self._desk.ahead.blocks)
        self._desk.place_coming.emit(Place(count))
        block = new_block(kind).model_dump(mode="json")
        self._desk.ask({"op": "add_block", "at": count + 1, "block": block})

    def _line(self, index: int, block: AnyBlock, count: int) -> QWidget:
        desk, line_ = self._desk, QWidget()
        shown = ItemRow(
            desk.theme, "", say(block_title(block)), icon=part_icon(desk, block.type), two=True, chevron=False
        )
        shown.clicked.connect(lambda: desk.place_asked.emit(Place(index)))
        shown.moved.connect(lambda by: self.move_part(index, index + by))
        lock = LockButton(desk.theme)
        lock.clicked.connect(lambda: desk.lock_asked.emit(index, not desk.is_locked(index)))
        name = self.tr("Move or remove “{words}”").format(words=say(block_title(block)))
        more = tool(desk.theme, "dots-three-vertical-bold", name)
        more.clicked.connect(lambda: self._menu(more, index, count))
        shown.menu_asked.connect(lambda: self._menu(shown, index, count))
        grip = Grip(desk.theme)
        self._reorder.follow(grip, line_)
        self._reorder.follow(shown, line_)
        self._rows.append(shown)
        self._lines.append(line_)
        self._locks.append(lock)
        line_.setLayout(row(grip, (shown, 1), lock, more, gap=2))
        return line_

    def _menu(self, beside: QWidget, index: int, count: int) -> None:
        free = not self._desk.is_locked(index)
        choices: Sequence[tuple[str, str, bool, Callable[[], object]]] = (
            (
                self.tr("Move up"),
                "arrow-up-bold",
                free and index > 0,
                lambda: self.move_part(index, index - 1),
            ),
            (
                self.tr("Move down"),
                "arrow-down-bold",
                free and index + 1 < count,
                lambda: self.move_part(index, index + 1),
            ),
            (
                self.tr("Remove"),
                "trash",
                free and count > 1,
                lambda: self._desk.ask({"op": "remove_block", "at": f"b{index + 1}"}),
            ),
        )
        popup(self._desk.theme, self, beside, *choices)


def part_icon(desk: Desk, kind: str) -> QWidget:
    """Return the small picture of a kind of part, in the colours of the app."""
    made = RowPicture(KINDS[kind].icon, desk.look)
    desk.follow(lambda _document: made.show_icon(KINDS[kind].icon, desk.look))
    return made


def part_line(block: AnyBlock) -> str:
    """Return one short line about a part: how much is in it; what it does, where that would say its name again."""
    told = say(describe_block(block))
    return told if told != say(block_title(block)) else say(KINDS[block.type].what)


class LockButton(Tool):
    """Lock a part, or unlock it; what pressing it does stands in its name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.follow(self, lambda it: it._dress())

    def show_lock(self, title: str, *, locked: bool) -> None:
        """Show whether the part of that name is locked."""
        if locked:
            name = self.tr("Unlock “{part}”").format(part=title)
        else:
            name = self.tr("Lock “{part}”, so that it stays as it is").format(part=title)
        icon = "lock-simple-fill" if locked else "lock-simple-open"
        self.setChecked(locked)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIcon(self._theme.icon(icon, "text_soft", on="on_accent_soft"))

    def _dress(self) -> None:
        self.setIconSize(QSize(self._theme.px(20), self._theme.px(20)))
        self.setFixedSize(self._theme.px(36), self._theme.px(36))

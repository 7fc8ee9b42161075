"""Where the words of an item come from: a pack of facts, a model, the maker, or nobody yet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.blueprints import Origin, ProjectDocument
from studio.projects.origins import PLACEHOLDER
from ui.make.places import Place
from ui.theme import Theme
from ui.widgets import Glyph, check_box, col, row, text

TYPED = "typed"


class OriginNote(QWidget):
    """Say where the words of one item come from, with a tick for who has looked at them."""

    checked = Signal(bool)

    def __init__(self, theme: Theme, origin: Origin) -> None:
        super().__init__()
        self._box = check_box(self.tr("I checked this"), checked=origin.checked)
        self._box.setObjectName("inspector.checked")
        self._box.clicked.connect(self.checked)
        self._mark = Glyph(theme, "book-open", "text_soft", 16)
        self._words = text("", "small", wrap=True)
        self.setLayout(col(self._box, row(self._mark, (self._words, 1), gap=6), gap=2))
        self.show_origin(origin)

    def show_origin(self, origin: Origin) -> None:
        """Show where the words come from now."""
        self._box.setChecked(origin.checked)
        self._box.setVisible(origin.from_ != TYPED)
        self._mark.set_icon(
            "pencil-simple" if origin.from_ in (PLACEHOLDER, TYPED) else "book-open", "text_soft"
        )
        self._words.setText(self._said(origin.from_))

    def _said(self, source: str) -> str:
        kind, _, name = source.partition(":")
        if source == PLACEHOLDER:
            return self.tr("Write your own words here")
        if kind == "facts":
            return self.tr("From the {name} pack").format(name=name.replace("-", " "))
        if kind == "model":
            return self.tr("Written by {name}").format(name=name)
        return self.tr("You wrote this")


def unwritten(document: ProjectDocument) -> list[str]:
    """Return the pointers of places where the planner put words only to hold the place."""
    return [
        pointer
        for pointer, origin in document.origins.items()
        if origin.from_ == PLACEHOLDER and not origin.checked
    ]


def by_model(document: ProjectDocument) -> list[str]:
    """Return the pointers of what a model wrote and nobody checked."""
    return [
        pointer
        for pointer, origin in document.origins.items()
        if origin.from_.startswith("model:") and origin.from_ != PLACEHOLDER and not origin.checked
    ]


def marked(document: ProjectDocument, pointer: str) -> set[int]:
    """Return which items of the list at a pointer still wait for words."""
    start = f"{pointer}/"
    rest = (one.removeprefix(start) for one in unwritten(document) if one.startswith(start))
    return {int(number) for number in rest if number.isdigit()}


def place_of(pointer: str) -> Place | None:
    """Return the place that a pointer leads to: "/blocks/0/questions/2", "/blocks/1/text"."""
    parts = pointer.split("/")
    if len(parts) < 3 or parts[1] != "blocks" or not parts[2].isdigit():
        return None
    if len(parts) >= 5 and parts[4].isdigit():
        return Place(int(parts[2]), parts[3], int(parts[4]))
    return Place(int(parts[2]))

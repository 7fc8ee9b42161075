"""Where the words of an item come from: a pack of facts, a model, the maker, or nobody yet."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.blueprints import Origin, ProjectDocument
from studio.projects.origins import PLACEHOLDER
from ui.make.places import Place
from ui.theme import Theme
from ui.widgets import Glyph, badge, check_box, col, row, text

TYPED = "typed"
TO_WRITE, TO_CHECK = "write", "check"
"""What somebody still has to do at a place: put words of one's own there, or look at those of a model."""
_NUMBERS = re.compile(r"(\d+)")


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
        self._why = text(
            self.tr("A model can be wrong. Is every word right? Then tick the box."), "small", wrap=True
        )
        self.setLayout(col(self._why, self._box, row(self._mark, (self._words, 1), gap=6), gap=4))
        self.show_origin(origin)

    def show_origin(self, origin: Origin) -> None:
        """Show where the words come from now."""
        waits = needs(origin) == TO_CHECK
        self._why.setVisible(waits)
        self._box.setChecked(origin.checked)
        self._box.setVisible(origin.from_ not in (TYPED, PLACEHOLDER))
        self._mark.set_icon(_mark(origin.from_), "text_soft")
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


class CheckBadge(QWidget):
    """Say at the head of an item that somebody should look at it; gone once somebody has."""

    def __init__(self, theme: Theme, origin: Origin) -> None:
        super().__init__()
        please = badge(theme, self.tr("Please check"), "warn", "warning-fill")
        self.setLayout(row(please, None))
        self.show_origin(origin)

    def show_origin(self, origin: Origin) -> None:
        """Be seen or not, by what is known now."""
        waits = needs(origin) == TO_CHECK
        if not waits or self.parentWidget() is not None:  # without a parent it would be a window
            self.setVisible(waits)


def _mark(source: str) -> str:
    if source in (PLACEHOLDER, TYPED):
        return "pencil-simple"
    return "cube" if source.startswith("model:") else "book-open"


def needs(origin: Origin) -> str:
    """Return what somebody still has to do about words: TO_WRITE, TO_CHECK, or "" for nothing."""
    if origin.checked:
        return ""
    if origin.from_ == PLACEHOLDER:
        return TO_WRITE
    return TO_CHECK if origin.from_.startswith("model:") else ""


def waiting(document: ProjectDocument, what: str = "") -> list[str]:
    """Return the pointers where something is still to be done, in the order of the app; `what`: only that."""
    found = [
        pointer
        for pointer, origin in document.origins.items()
        if (need := needs(origin)) and what in ("", need)
    ]
    return sorted(found, key=_in_order)


def unwritten(document: ProjectDocument) -> list[str]:
    """Return the pointers of places where words stand only to hold the place."""
    return waiting(document, TO_WRITE)


def by_model(document: ProjectDocument) -> list[str]:
    """Return the pointers of what a model wrote and nobody checked."""
    return waiting(document, TO_CHECK)


def marked(document: ProjectDocument, pointer: str) -> dict[int, str]:
    """Return for the items of the list at a pointer what is still to be done about them."""
    start = f"{pointer}/"
    rest = {
        one.removeprefix(start): needs(document.origins[one])
        for one in waiting(document)
        if one.startswith(start)
    }
    return {int(number): need for number, need in rest.items() if number.isdigit()}


def next_waiting(document: ProjectDocument, place: Place) -> str:
    """Return the next pointer after a place where something is to be done, from the start again at the end."""
    found = waiting(document)
    later = [one for one in found if _in_order(one) > _in_order(place.pointer)]
    return (later or found or [""])[0]


def _in_order(pointer: str) -> list[tuple[int, str]]:
    """Return what sorts pointers with numbers by number: question 10 comes after question 9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _NUMBERS.split(pointer)]


def place_of(pointer: str) -> Place | None:
    """Return the place that a pointer leads to: "/blocks/0/questions/2", "/blocks/1/text"."""
    parts = pointer.split("/")
    if len(parts) < 3 or parts[1] != "blocks" or not parts[2].isdigit():
        return None
    if len(parts) >= 5 and parts[4].isdigit():
        return Place(int(parts[2]), parts[3], int(parts[4]))
    return Place(int(parts[2]))

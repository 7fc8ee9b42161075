"""My projects as flat cards, each with a menu of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from ui.theme import Theme
from ui.widgets import Card, Cards, Clamped, Elided, Glyph, Picture, Wrapped, app_scene, col, frame, row, tool
from ui.words import when

if TYPE_CHECKING:
    from studio.projects import ProjectSummary

CARD_WIDE = 240


class ProjectCard(Card):
    """Show one project: small picture, title, when it changed, More."""

    def __init__(self, theme: Theme, project: ProjectSummary, shelf: Shelf) -> None:
        self.project = project
        self._theme, self._shelf = theme, shelf
        picture = Picture(theme, width=86, height=54, radius=8)
        picture.set_scene(app_scene(project.icon, project.title, project.palette, project.mode))
        picture.set_path(project.picture)
        facts, name, more = shelf.words(project)
        words = col(None, Clamped(project.title, "strong"), Elided(facts, "small"), None, gap=0)
        self.more = tool(theme, "dots-three-vertical-bold", more, clicked=self.show_menu)
        super().__init__(name, row(picture, (words, 1), self.more, margins=(12, 12, 4, 12), gap=10))
        self.clicked.connect(lambda: shelf.opened.emit(project.id))

    def menu(self) -> QMenu:
        """Return the menu of this project."""
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shelf = self._shelf
        for words, icon, signal in (
            (self.tr("Open"), "folder-open", shelf.opened),
            (self.tr("Rename"), "pencil-simple", shelf.rename_asked),
            (self.tr("Move to trash"), "trash", shelf.delete_asked),
        ):
            action = QAction(self._theme.icon(icon), words, made)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit(self.project.id))
            made.addAction(action)
        return made

    def show_menu(self) -> None:
        """Open the menu under its button."""
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())


class Shelf(QWidget):
    """Show the user's projects, the last changed first; all of them, as the page scrolls."""

    opened = Signal(str)
    rename_asked = Signal(str)
    delete_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards = Cards(lambda: theme.px(CARD_WIDE), most=5)
        self._cards.setObjectName("home.projects")
        self._cards.setAccessibleName(self.tr("My projects"))
        hint = Wrapped(
            self.tr("Nothing here yet. Type a wish above, or press Remix. It is saved by itself."), "soft"
        )
        sign = Glyph(theme, "puzzle-piece", "text_soft", 24)
        self._empty = frame("card", row(sign, (hint, 1), margins=(16, 14, 16, 14), gap=12))
        self._empty.hide()
        self.setLayout(col(self._empty, self._cards, gap=0))
        self._shown: tuple[ProjectSummary, ...] | None = None
        theme.follow(self, lambda it: it._cards.refresh())

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """Return the cards, the last changed project first."""
        return self._cards.cards

    def words(self, project: ProjectSummary) -> tuple[str, str, str]:
        """Return what a card says under its title, its name for screen readers, and that of More."""
        facts = when(project.changed_at)
        if not project.trusted:
            facts = self.tr("From someone else · {when}").format(when=facts)
        name = self.tr("Open {title}, {when}").format(title=project.title, when=facts)
        return facts, name, self.tr("More for {title}").format(title=project.title)

    def set_projects(self, projects: Sequence[ProjectSummary]) -> None:
        """Show these projects; the focus stays on the place it was."""
        if self._shown == tuple(projects):
            return
        self._shown = tuple(projects)
        place = self._place_of_focus()
        self._cards.set_cards([ProjectCard(self._theme, project, self) for project in projects])
        self._empty.setVisible(not projects)
        self._cards.setVisible(bool(projects))
        if place is not None and projects:
            self._cards.cards[min(place, len(projects) - 1)].setFocus()

    def _place_of_focus(self) -> int | None:
        focus = self.window().focusWidget()
        if focus is None:
            return None
        cards = self._cards.cards
        return next(
            (index for index, card in enumerate(cards) if card is focus or card.isAncestorOf(focus)), None
        )

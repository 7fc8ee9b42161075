"""Starters: examples that can be played at once and remixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from ui.theme import Theme
from ui.widgets import Card, Cards, Elided, Picture, Segments, Wrapped, app_scene, button, col, row, text

if TYPE_CHECKING:
    from studio.builder.starters import Starter

CARD_WIDE, CARD_HIGH = 240, 272
GROUPS = ("quizzes", "games", "stories", "school", "everyday")
"""The tags of starters that the filter knows, in the order that it shows them."""


class StarterCard(Card):
    """Show one starter: picture, name, one line, Play and Remix; the card itself plays."""

    def __init__(self, name: str, layout: QLayout, starter: Starter) -> None:
        super().__init__(name, layout)
        self.starter = starter


class Gallery(QWidget):
    """Show starters: one row, or all of them; a filter where there is something to filter."""

    played = Signal(str)
    remixed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._starters: tuple[Starter, ...] = ()
        self._all = False
        self._cards = Cards(lambda: theme.px(CARD_WIDE), most=5)
        self._cards.setObjectName("home.starters")
        self._cards.setAccessibleName(self.tr("Starters"))
        self._cards.set_rows(1)
        self._cards.setMinimumHeight(theme.px(CARD_HIGH))  # the place of the cards, until they are read
        self._cards.arranged.connect(self._on_arranged)
        self._more = button(theme, self.tr("See all"), "quiet", size="small", clicked=self._on_more)
        self._more.setObjectName("home.see_all")
        self._filter: Segments | None = None
        self._choices = row(self._more, gap=4)
        self._head = row(text(self.tr("Start from one of these"), "heading"), (self._choices, 1), gap=8)
        self.setLayout(col(self._head, self._cards, gap=10))
        theme.follow(self, lambda it: it._dress())

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """Return the cards that the filter lets through."""
        return self._cards.cards

    def set_starters(self, starters: tuple[Starter, ...]) -> None:
        """Show these starters."""
        self._starters = starters
        self._cards.setMinimumHeight(0)
        self._add_filter()
        self._show_group("all")

    def _dress(self) -> None:
        """Put the filter under the heading where the text is big."""
        big = self._theme.big
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if big else QBoxLayout.Direction.LeftToRight)
        side = Qt.AlignmentFlag.AlignLeading if big else Qt.AlignmentFlag.AlignTrailing
        self._head.setAlignment(self._choices, side | Qt.AlignmentFlag.AlignVCenter)
        self._cards.refresh()

    def _add_filter(self) -> None:
        titles = {
            "quizzes": self.tr("Quizzes"),
            "games": self.tr("Games"),
            "stories": self.tr("Stories"),
            "school": self.tr("School"),
            "everyday": self.tr("Everyday"),
        }
        found = [name for name in GROUPS if any(name in starter.tags for starter in self._starters)]
        if self._filter is not None or len(found) < 2:
            return
        choices = [(self.tr("All"), "all"), *((titles[name], name) for name in found)]
        self._filter = Segments(self._theme, self.tr("Show"), choices)
        self._filter.setObjectName("home.filter")
        self._filter.chosen.connect(self._show_group)
        self._choices.insertWidget(0, self._filter)

    def _card(self, starter: Starter) -> StarterCard:
        theme, title = self._theme, starter.title
        look = starter.blueprint.theme
        picture = Picture(theme, radius=13, top=True)
        picture.set_scene(app_scene(starter.blueprint.icon, title, look.palette, look.mode, look.background))
        picture.set_path(starter.picture)
        play = button(theme, self.tr("Play"), "", "play-fill", tone="accent_text", size="small")
        play.setAccessibleName(self.tr("Play {title}").format(title=title))
        play.clicked.connect(lambda: self.played.emit(starter.id))
        remix = button(theme, self.tr("Remix"), "quiet", "shuffle", size="small")
        remix.setAccessibleName(self.tr("Remix {title}").format(title=title))
        remix.clicked.connect(lambda: self.remixed.emit(starter.id))
        lines = (Elided(title, "strong"), Wrapped(starter.why, "small", data=True))
        words = col(*lines, 6, None, row(play, remix, None, gap=4), margins=(14, 10, 10, 12), gap=0)
        name = self.tr("{title}. {about}").format(title=title, about=starter.why)
        made = StarterCard(name, col(picture, words, gap=0), starter)
        made.clicked.connect(lambda: self.played.emit(starter.id))
        return made

    def _show_group(self, group: str) -> None:
        kept = [starter for starter in self._starters if group == "all" or group in starter.tags]
        self._cards.set_cards([self._card(starter) for starter in kept])

    def _on_more(self) -> None:
        self._all = not self._all
        self._cards.set_rows(0 if self._all else 1)

    def _on_arranged(self) -> None:
        total = len(self._cards.cards)
        self._more.setVisible(self._all or self._cards.hidden_count > 0)
        words = self.tr("Show fewer") if self._all else self.tr("See all {count}").format(count=total)
        if self._more.text() != words:
            self._more.setText(words)
            self._more.setAccessibleName(words)

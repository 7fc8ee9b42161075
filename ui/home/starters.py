"""Starters: examples that can be played at once and remixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets import Card, Cards, Elided, Picture, Segments, Wrapped, app_scene, button, col, row, text
from ui.widgets.controls import set_words
from ui.words import say

if TYPE_CHECKING:
    from studio.builder.starters import Starter

CARD_WIDE, CARD_HIGH = 240, 272
GROUPS = ("quizzes", "games", "stories", "school", "everyday")
"""The tags that the filter over the one row knows; the whole gallery knows all of them."""


class StarterCard(Card):
    """Show one starter: picture, name, one line, Play and Remix; the card itself plays.

    With `detail` it says for which ages it is and what is in it.
    """

    played = Signal(str)
    remixed = Signal(str)

    def __init__(self, theme: Theme, starter: Starter, *, detail: bool = False) -> None:
        self.starter = starter
        title, look = starter.title, starter.blueprint.theme
        picture = Picture(theme, radius=13, top=True)
        picture.set_scene(app_scene(starter.blueprint.icon, title, look.palette, look.mode, look.background))
        picture.set_path(starter.picture)
        self._play = button(theme, "", "", "play-fill", tone="accent_text", size="small")
        self._remix = button(theme, "", "quiet", "shuffle", size="small")
        lines = [Elided(title, "strong"), Wrapped(starter.why, "small", data=True)]
        facts = facts_of(starter) if detail else ""
        if facts:
            lines.append(Elided(facts, "small", data=True))
        words = col(
            *lines, 6, None, row(self._play, self._remix, None, gap=4), margins=(14, 10, 10, 12), gap=0
        )
        super().__init__("", col(picture, words, gap=0))
        self._name(title, starter.why, facts)
        self.clicked.connect(lambda: self.played.emit(starter.id))
        self._play.clicked.connect(lambda: self.played.emit(starter.id))
        self._remix.clicked.connect(lambda: self.remixed.emit(starter.id))

    def _name(self, title: str, why: str, facts: str) -> None:
        set_words(self._play, self.tr("Play"))
        set_words(self._remix, self.tr("Remix"))
        self._play.setAccessibleName(self.tr("Play {title}").format(title=title))
        self._remix.setAccessibleName(self.tr("Remix {title}").format(title=title))
        name = self.tr("{title}. {about}").format(title=title, about=why)
        self.setAccessibleName(self.tr("{name} {facts}").format(name=name, facts=facts) if facts else name)


def facts_of(starter: Starter) -> str:
    """Return for which ages a starter is and which kinds of parts it has, in one line."""
    from studio.blueprints import KINDS  # late: the first start of the window does without it

    kinds = ", ".join(say(KINDS[kind].name) for kind in starter.kinds)
    first, last = starter.ages[0].split("-")[0], starter.ages[-1].split("-")[-1]
    words = QCoreApplication.translate("StarterCard", "Ages {first} to {last} · {kinds}")
    return words.format(first=first, last=last, kinds=kinds)


def tag_names() -> dict[str, str]:
    """Return what the tags of starters are called, in the order that filters show them."""
    translate = QCoreApplication.translate
    return {
        "quizzes": translate("Gallery", "Quizzes"),
        "games": translate("Gallery", "Games"),
        "stories": translate("Gallery", "Stories"),
        "school": translate("Gallery", "School"),
        "maths": translate("Gallery", "Maths"),
        "science": translate("Gallery", "Science"),
        "languages": translate("Gallery", "Languages"),
        "music": translate("Gallery", "Music"),
        "art": translate("Gallery", "Art"),
        "everyday": translate("Gallery", "Everyday"),
    }


class Gallery(QWidget):
    """Show one row of starters, and a filter where there is something to filter.

    `all_asked` carries the tag that is chosen, "" for none: the whole gallery is wanted.
    """

    played = Signal(str)
    remixed = Signal(str)
    all_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._starters: tuple[Starter, ...] = ()
        self._group = ""
        self._cards = Cards(lambda: theme.px(CARD_WIDE), most=5)
        self._cards.setObjectName("home.starters")
        self._cards.setAccessibleName(self.tr("Starters"))
        self._cards.set_rows(1)
        self._cards.setMinimumHeight(theme.px(CARD_HIGH))  # the place of the cards, until they are read
        self._cards.arranged.connect(self._on_arranged)
        self._more = button(theme, self.tr("See all"), "quiet", size="small", clicked=self.ask_all)
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
        self._show_group("")

    def _dress(self) -> None:
        """Put the filter under the heading where the text is big."""
        big = self._theme.big
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if big else QBoxLayout.Direction.LeftToRight)
        side = Qt.AlignmentFlag.AlignLeading if big else Qt.AlignmentFlag.AlignTrailing
        self._head.setAlignment(self._choices, side | Qt.AlignmentFlag.AlignVCenter)
        self._cards.refresh()

    def _add_filter(self) -> None:
        titles = tag_names()
        found = [name for name in GROUPS if any(name in starter.tags for starter in self._starters)]
        if self._filter is not None or len(found) < 2:
            return
        choices = [(self.tr("All"), ""), *((titles[name], name) for name in found)]
        self._filter = Segments(self._theme, self.tr("Show"), choices)
        self._filter.setObjectName("home.filter")
        self._filter.chosen.connect(self._show_group)
        self._choices.insertWidget(0, self._filter)

    def _card(self, starter: Starter) -> StarterCard:
        made = StarterCard(self._theme, starter)
        made.played.connect(self.played)
        made.remixed.connect(self.remixed)
        return made

    def _show_group(self, group: str) -> None:
        self._group = group
        kept = [starter for starter in self._starters if not group or group in starter.tags]
        self._cards.set_cards([self._card(starter) for starter in kept])

    def ask_all(self) -> None:
        """Ask for the whole gallery."""
        self.all_asked.emit(self._group)

    def focus_more(self) -> None:
        """Put the keyboard where it was before the whole gallery was shown."""
        self._more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_arranged(self) -> None:
        words = self.tr("See all {count}").format(count=len(self._starters))
        if self._more.text() != words:
            self._more.setText(words)
            self._more.setAccessibleName(words)

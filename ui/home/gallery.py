"""The whole gallery of starters: search, filters, and an honest word where nothing fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFrame, QWidget

from studio.blueprints import KINDS
from studio.builder.gallery import Gallery as Finder
from studio.builder.starters import AGES
from ui.home.starters import StarterCard, tag_names
from ui.theme import Theme
from ui.widgets import (
    Cards,
    EmptyState,
    Flow,
    button,
    chip,
    col,
    combo,
    line,
    row,
    scroll,
    search,
    text,
    tool,
)
from ui.words import say

if TYPE_CHECKING:
    from studio.builder.starters import Starter

CARD_WIDE = 240
SEARCH_WIDE = 300
CHIP_WIDE = 52
"""A chip that is narrower than high would lose its round ends."""
SETTLE_MS = 120
NARROW = 1100


class GalleryPage(QFrame):
    """Show all starters, or those that fit what is searched and chosen; Escape and Back close it."""

    played = Signal(str)
    remixed = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, starters: tuple[Starter, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._finder = Finder(starters)
        self._made = {starter.id: self._card(starter) for starter in starters}
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Starters"))
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._tags = QButtonGroup(self)
        self._chips: dict[str, QWidget] = {}
        head, filters = self._build_head(), self._build_filters()
        self._cards = Cards(lambda: theme.px(CARD_WIDE), most=6)
        self._cards.setObjectName("gallery.starters")
        self._cards.setAccessibleName(self.tr("Starters"))
        self._nothing = self._build_nothing()
        self._body = col(filters, 16, self._cards, (self._nothing, 1), None, gap=0)
        self.setLayout(col(head, line(), (scroll(self._body, name=self.tr("Starters")), 1), gap=0))
        theme.follow(self, lambda it: it._dress())
        self.refresh()

    # ------------------------------------------------------------------ what others may ask

    @property
    def cards(self) -> tuple[QWidget, ...]:
        """Return the cards that fit, in their order."""
        return self._cards.cards

    def begin(self, tag: str = "") -> None:
        """Be shown anew, with one tag chosen or none; the keyboard is in the search."""
        self.clear()
        if tag in self._chips:
            self._choose(tag)
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Show everything again."""
        self.words.clear()
        self.ages.setCurrentIndex(0)
        self.kinds.setCurrentIndex(0)
        self._choose("")
        self.refresh()

    def refresh(self) -> None:
        """Show what fits now."""
        found = self._finder.find(
            words=self.words.text(),
            tag=self._tag,
            kind=self.kinds.currentData() or "",
            age=self.ages.currentData() or "",
        )
        self._cards.set_cards([self._made[starter.id] for starter in found], keep=True)
        self._cards.setVisible(bool(found))
        self._nothing.setVisible(not found)
        total = len(self._made)
        if len(found) == total:
            self._count.setText(self.tr("{total} apps to play and remix").format(total=total))
        else:
            self._count.setText(self.tr("{count} of {total}").format(count=len(found), total=total))

    # ------------------------------------------------------------------ building

    def _build_head(self) -> QWidget:
        theme = self._theme
        back = tool(theme, "arrow-left-bold", self.tr("Back to Home"), clicked=self.closed.emit)
        back.setObjectName("gallery.back")
        self._count = text("", "soft")
        self.words = search(theme, self.tr("Search the starters"))
        self.words.setObjectName("gallery.search")
        self.words.textChanged.connect(self._settle.start)
        theme.follow(self.words, lambda it: it.setMinimumWidth(min(theme.px(SEARCH_WIDE), 420)))
        titles = row(back, text(self.tr("Starters"), "title"), 4, self._count, None, gap=8)
        self._head = row((titles, 1), self.words, gap=12)
        self._head.setContentsMargins(20, 10, 32, 10)
        made = QWidget()
        made.setLayout(self._head)
        made.setProperty("part", "canvas")
        return made

    def _build_filters(self) -> QBoxLayout:
        names = tag_names()
        used = [tag for tag in names if any(tag in one.tags for one in self._finder.starters)]
        chips = Flow(gap=8)
        for tag, words in (("", self.tr("All")), *((tag, names[tag]) for tag in used)):
            made = chip(self._theme, words, checked=not tag)
            made.setObjectName(f"gallery.tag.{tag or 'all'}")
            made.setProperty("tag", tag)
            self._theme.follow(made, lambda it: it.setMinimumWidth(self._theme.px(CHIP_WIDE)))
            self._tags.addButton(made)
            self._chips[tag] = made
            chips.addWidget(made)
        self._tags.buttonToggled.connect(lambda _chip, chosen: self.refresh() if chosen else None)
        holder = QWidget()
        holder.setLayout(chips)
        holder.setAccessibleName(self.tr("What it is about"))
        self.ages = combo(self._theme, self.tr("Ages"), [(self.tr("All ages"), ""), *self._age_choices()])
        self.ages.setObjectName("gallery.ages")
        kinds = dict.fromkeys(kind for one in self._finder.starters for kind in one.kinds)
        choices = sorted((say(KINDS[kind].name), kind) for kind in kinds)
        self.kinds = combo(self._theme, self.tr("Parts"), [(self.tr("All parts"), ""), *choices])
        self.kinds.setObjectName("gallery.kinds")
        for one in (self.ages, self.kinds):
            one.currentIndexChanged.connect(self.refresh)
        combos = row(self.ages, self.kinds, gap=8)
        self._filters = row((holder, 1), combos, gap=12)
        self._filters.setAlignment(combos, Qt.AlignmentFlag.AlignTop)
        return self._filters

    def _age_choices(self) -> list[tuple[str, str]]:
        used = [age for age in AGES if any(age in one.ages for one in self._finder.starters)]
        words = self.tr("Ages {first} to {last}")
        return [(words.format(first=age.split("-")[0], last=age.split("-")[1]), age) for age in used]

    def _build_nothing(self) -> EmptyState:
        act = button(self._theme, self.tr("Show all starters"), "primary", "arrow-counter-clockwise")
        act.setObjectName("gallery.show_all")
        act.clicked.connect(self._on_show_all)
        return EmptyState(
            self._theme,
            "magnifying-glass",
            self.tr("No starter is like that yet"),
            self.tr("Try other words, or make it yourself: say at Home what you want."),
            act,
        )

    def _card(self, starter: Starter) -> StarterCard:
        made = StarterCard(self._theme, starter, detail=True)
        made.setParent(self)
        made.hide()
        made.played.connect(self.played)
        made.remixed.connect(self.remixed)
        return made

    # ------------------------------------------------------------------ own

    @property
    def _tag(self) -> str:
        chosen = self._tags.checkedButton()
        return str(chosen.property("tag")) if chosen is not None else ""

    def _choose(self, tag: str) -> None:
        for button_of_tag in self._tags.buttons():
            if button_of_tag.property("tag") == tag:
                button_of_tag.setChecked(True)

    def _on_show_all(self) -> None:
        self.clear()
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        """Put search and filters under each other where the text is big."""
        way = QBoxLayout.Direction.TopToBottom if self._theme.big else QBoxLayout.Direction.LeftToRight
        self._head.setDirection(way)
        self._filters.setDirection(way)
        if hasattr(self, "_cards"):
            self._cards.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._theme.size("page_margin_small" if self.window().width() < NARROW else "page_margin")
        self._body.setContentsMargins(size, 16, size, 24)
        self._head.setContentsMargins(size - 10, 10, size, 10)

"""The first start: one question, one tap."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from ui.theme import Theme
from ui.widgets import Card, Cards, Glyph, Wrapped, col, row, scroll, sprout, text

WHO = ("child", "class", "me")


class FirstStart(QFrame):
    """Ask who will use this copy; `answered` carries "child", "class" or "me", then it goes."""

    answered = Signal(str)

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self.setObjectName("firstStart")
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Who will use it?"))
        words = {
            "child": ("student", self.tr("A child"), self.tr("Everything stays on this computer.")),
            "class": ("chalkboard-teacher", self.tr("A class"), self.tr("Many children share this computer.")),
            "me": ("user", self.tr("Just me"), self.tr("For grown-ups. You choose what may go online.")),
        }  # fmt: skip
        self.cards = [self._card(who, *words[who]) for who in WHO]
        choices = Cards(lambda: theme.px(230), most=3)
        choices.set_cards(list(self.cards))
        title = Wrapped(self.tr("Who will use it?"), "display")
        about = Wrapped(self.tr("You can change this later in Settings."), "lead")
        for label in (title, about):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column, mark = QWidget(), sprout(theme, 64)
        theme.follow(mark, lambda it: it.setVisible(not theme.big))
        column.setLayout(col(None, row(None, mark, None), 8, title, about, 20, choices, None, None,
                             margins=24, gap=6))  # fmt: skip
        theme.follow(column, lambda it: it.setMaximumWidth(theme.px(880)))
        body = scroll(row((column, 1)))
        self.setLayout(col((body, 1), gap=0))
        window.installEventFilter(self)
        self.resize(window.size())

    def _card(self, who: str, icon: str, name: str, about: str) -> Card:
        theme = self._theme
        label, head = Wrapped(about, "soft"), text(name, "heading")
        words = QWidget()
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words.setLayout(col(head, label, None, gap=4))
        glyph = Glyph(theme, icon, "accent_text", 48)
        body = col(glyph, (words, 1), margins=(20, 22, 20, 22), gap=14)
        made = Card(name, body, clicked=lambda: self.answered.emit(who))

        def dress(it: Card) -> None:
            """Put picture and words side by side where the text is big and the cards stand under each other."""
            body.setDirection(
                QBoxLayout.Direction.LeftToRight if theme.big else QBoxLayout.Direction.TopToBottom
            )
            body.setAlignment(
                glyph, Qt.AlignmentFlag.AlignVCenter if theme.big else Qt.AlignmentFlag.AlignLeading
            )

        theme.follow(made, dress)
        made.setObjectName(f"first.{who}")
        made.setAccessibleDescription(about)
        made.setProperty("part", "answer")
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.resize(self._window.size())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let arrow keys move between the answers; other keys end here, not in the page behind."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left) and self.isRightToLeft():
            step = -step
        focus = self._window.focusWidget()
        if step and focus in self.cards:
            place = (self.cards.index(focus) + step) % len(self.cards)
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        focus = self._window.focusWidget()
        place = self.cards.index(focus) if focus in self.cards else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        self.cards[(place + (1 if next else -1)) % len(self.cards)].setFocus(reason)
        return True

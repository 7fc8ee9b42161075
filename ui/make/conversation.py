"""The conversation: what was wished, what was done, three ideas, and the box for the next wish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio.projects import Turn
from ui.theme import Theme
from ui.widgets import BusySign, Flow, Glyph, Wrapped, area, chip, clear, col, frame, row, scroll, tool
from ui.widgets.controls import button
from ui.words import say

AT_ONCE = 50
"""So many turns are shown at first; the rest comes when asked for."""
LONGEST = 4000
LINES = 5


class Composer(QFrame):
    """Take the next wish: Enter sends, Shift+Enter begins a line."""

    sent = Signal(str)
    stopped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._busy = False
        self.setProperty("part", "box")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = area(
            theme, hint=self.tr("What should change?"), name=self.tr("What should change?"), height=34
        )
        self.words.setObjectName("make.input")
        self.words.setProperty("bare", True)
        self.words.setProperty("ring", "parent")
        self.words.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words.textChanged.connect(self._on_typed)
        self.words.installEventFilter(self)
        self.send = tool(
            theme, "arrow-up-bold", self.tr("Send"), kind="go", tone="on_accent", size=40, clicked=self.go
        )
        self.send.setObjectName("make.send")
        self.stop = tool(
            theme, "stop-fill", self.tr("Stop"), kind="stop", tone="text", size=40, clicked=self.stopped.emit
        )
        self.stop.setObjectName("make.stop")
        self.stop.hide()
        for act in (self.send, self.stop):  # a press of the mouse leaves the keyboard in the box
            act.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._owner = ""
        self._drafts: dict[str, str] = {}
        self.setLayout(row((self.words, 1), self.send, self.stop, margins=(10, 5, 6, 5)))
        theme.follow(self, lambda it: it._grow())
        self._on_typed()

    def go(self) -> None:
        """Send what is in the box, if there is something and nothing is being worked on."""
        words = " ".join(self.words.toPlainText().split())[:LONGEST]
        if words and not self._busy:
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)  # before Send goes grey under it
            self.words.clear()
            self.sent.emit(words)

    def set_busy(self, busy: bool) -> None:
        """Show Stop in the place of Send."""
        self._busy = busy
        had_focus = self.send.hasFocus() or self.stop.hasFocus()
        self.send.setVisible(not busy)
        self.stop.setVisible(busy)
        if had_focus:
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_hint(self, words: str) -> None:
        """Say in the empty box what it is for."""
        self.words.setPlaceholderText(words)
        self.words.setAccessibleName(words)
        self._grow()

    def belong_to(self, owner: str, *, carry: bool = False) -> None:
        """Keep the half-written wish of one project apart from that of another.

        `owner` is the id of a project, "" for an app that is still to be made. `carry` takes the words
        along: the app that was still to be made stands now.
        """
        if owner != self._owner and not carry:
            self._drafts[self._owner] = self.words.toPlainText()
            self.words.setPlainText(self._drafts.pop(owner, ""))
        self._owner = owner

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._grow()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.go()
                return True
        return False

    def _on_typed(self) -> None:
        self.send.setEnabled(bool(self.words.toPlainText().strip()))
        self._grow()

    def _hint_lines(self) -> int:
        """Return how many lines the hint takes; none once something is written."""
        if self.words.toPlainText():
            return 0
        metrics, room = self.words.fontMetrics(), self.words.viewport().width() - 10
        flag = int(Qt.TextFlag.TextWordWrap.value)
        box = metrics.boundingRect(QRect(0, 0, max(60, room), 999), flag, self.words.placeholderText())
        return round(box.height() / metrics.lineSpacing())

    def _grow(self) -> None:
        lines = min(LINES, max(1, self._hint_lines(), round(self.words.document().size().height())))
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * lines + self._theme.px(14))
        full = lines >= LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.words.setVerticalScrollBarPolicy(policy)


class Conversation(QFrame):
    """Show what was said, growing from the bottom up, and take the next wish."""

    sent = Signal(str)
    stopped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._turns: tuple[Turn, ...] = ()
        self._earlier = 0
        self._last: list[QWidget] = []
        self._guesses: tuple[str, ...] = ()
        self._compact = False
        self.composer = Composer(theme)
        self.composer.sent.connect(self.sent)
        self.composer.stopped.connect(self.stopped)
        self._busy = BusySign(theme)
        self._talk: QVBoxLayout = col(None, self._busy, margins=(16, 14, 16, 14), gap=14)
        self._area = scroll(self._talk, name=self.tr("Conversation"))
        self._area.widget().setMinimumWidth(1)  # as wide as its column, whatever somebody writes
        self._area.verticalScrollBar().rangeChanged.connect(self._on_range)
        self._ideas = Flow(gap=8)
        self._ideas_holder = QWidget()
        self._ideas_holder.setLayout(self._ideas)
        self._ideas_holder.setAccessibleName(self.tr("Ideas"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._ideas_holder.setSizePolicy(policy)
        foot = col(self._ideas_holder, self.composer, margins=(12, 0, 12, 12))
        self.setLayout(col((self._area, 1), foot, gap=0))

    # ------------------------------------------------------------------ what others may ask

    def show_turns(self, turns: Sequence[Turn], guesses: Sequence[str] | None = None) -> None:
        """Show what was said so far; the last things are in view.

        `guesses` are wishes to tap under the last answer; they stay for as long as it is the last.
        """
        same = tuple(turns) == self._turns
        kept = self._guesses if same and guesses is None else tuple(guesses or ())
        if same and not self._last and kept == self._guesses:
            return
        self._guesses = kept
        self._show_ideas()
        if turns and (not self._turns or self._turns[0] != turns[0]):
            self._earlier = max(0, len(turns) - AT_ONCE)
        self._turns = tuple(turns)
        self._rebuild()

    def add_wish(self, words: str) -> None:
        """Show a wish that has just been sent."""
        self._add_last(said(self._theme, words))

    def add_answer(self, words: str, notes: Iterable[str] = (), guesses: Sequence[str] = ()) -> None:
        """Show an answer that belongs to no project yet; a guess is a wish to tap."""
        body = answered(self._theme, words, (), notes)
        self._offer(body, guesses)
        self._add_last(body)

    def set_busy(self, busy: bool) -> None:
        """Say that work goes on; the sign comes after half a second."""
        self.composer.set_busy(busy)
        if busy:
            self._busy.start()
        else:
            self._busy.stop()

    def set_ideas(self, ideas: Sequence[str]) -> None:
        """Offer a few wishes as chips."""
        clear(self._ideas)
        before: QWidget | None = self.composer.words.previousInFocusChain()
        while before is not None and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            before = before.previousInFocusChain()
        for idea in ideas:
            made = chip(self._theme, idea, clicked=self._wisher(idea))
            self._ideas.addWidget(made)
            if before is not None:
                QWidget.setTabOrder(before, made)  # ideas stand over the box
            before = made
        self._ideas_holder.updateGeometry()

    def set_compact(self, *, compact: bool) -> None:
        """Leave the ideas out: the window is low."""
        self._compact = compact
        self._show_ideas()

    def _show_ideas(self) -> None:
        self._ideas_holder.setVisible(not self._compact and not self._guesses)

    def focus(self) -> None:
        """Put the keyboard into the box."""
        self.composer.words.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def bubbles(self) -> list[str]:
        """Return the words that are shown, from first to last."""
        found = []
        for index in range(self._talk.count()):
            item = self._talk.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                found += [label.text() for label in widget.findChildren(Wrapped)]
        return found

    # ------------------------------------------------------------------ own

    def _wisher(self, words: str) -> Callable[[], None]:
        return lambda: self.sent.emit(words)

    def _offer(self, answer: QWidget, guesses: Sequence[str]) -> None:
        """Put wishes to tap under an answer."""
        if not guesses:
            return
        chips = Flow(gap=8)
        for guess in guesses:
            chips.addWidget(chip(self._theme, guess, clicked=self._wisher(guess)))
        holder = QWidget()
        holder.setLayout(chips)
        holder.setAccessibleName(self.tr("Wishes to tap"))
        answer.layout().addWidget(_fitting(holder))

    def _rebuild(self) -> None:
        while self._talk.count() > 2:  # the space above and the busy sign below stay
            widget = self._talk.takeAt(1).widget()
            widget.hide()
            widget.deleteLater()
        self._last = []
        bubbles = [self._bubble(turn) for turn in self._turns[self._earlier :]]
        if bubbles and self._turns[-1].who != "user":
            self._offer(bubbles[-1], self._guesses)
        if self._earlier:
            bubbles.insert(
                0,
                button(self._theme, self.tr("Show earlier"), "quiet", size="small", clicked=self._on_earlier),
            )
        for place, bubble in enumerate(bubbles, 1):
            self._talk.insertWidget(place, bubble)
        QTimer.singleShot(0, self, self._to_end)

    def _bubble(self, turn: Turn) -> QWidget:
        if turn.who == "user":
            return said(self._theme, say(turn.words))
        words, changes = say(turn.words), [say(change) for change in turn.changes]
        if words in changes:  # one thing changed, and the planner said no more than that
            words = self.tr("Done. The rest stayed as it was.")
        return answered(self._theme, words, changes, [say(note) for note in turn.notes])

    def _on_earlier(self) -> None:
        self._earlier = max(0, self._earlier - AT_ONCE)
        self._rebuild()

    def _add_last(self, bubble: QWidget) -> None:
        self._talk.insertWidget(self._talk.count() - 1, bubble)
        self._last.append(bubble)
        QTimer.singleShot(0, self, self._to_end)

    def _on_range(self, _least: int, most: int) -> None:
        if isValid(self) and isValid(self._area):  # a page that is taken down measures itself once more
            self._area.verticalScrollBar().setValue(most)

    def _to_end(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())


def said(theme: Theme, words: str) -> QWidget:
    """Return the bubble of a wish."""
    label = Wrapped(words, "mine", data=True)
    holder = QWidget()
    holder.setLayout(row(40, (frame("mine", col(label, margins=(14, 9, 14, 10))), 1), gap=0))
    return _fitting(holder)


def answered(theme: Theme, words: str, changes: Iterable[str], notes: Iterable[str] = ()) -> QWidget:
    """Return an answer: one sentence, a check mark for each change, a sign for what to look at."""
    parts: list[QWidget] = [Wrapped(words, data=True)]
    for icon, tone, lines in (("check-bold", "accent_text", changes), ("info", "info", notes)):
        for words_of_line in lines:
            mark = col(2, Glyph(theme, icon, tone, 16), None, gap=0)
            holder = QWidget()
            holder.setLayout(row(mark, (Wrapped(words_of_line, "small", data=True), 1), gap=6))
            parts.append(_fitting(holder))
    made = QWidget()
    made.setLayout(col(*parts, gap=4))
    return _fitting(made)


def _fitting(widget: QWidget) -> QWidget:
    """Let a widget be as high as its words need at the width that it gets."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)
    return widget

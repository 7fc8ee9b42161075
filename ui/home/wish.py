"""The wish box and the ideas under it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import Theme
from ui.widgets import Flow, Glyph, chip, col, field, restyle, row, text, tool

AT_ONCE = 4
LONGEST = 4000
"""A wish longer than this is not read whole by any planner; the box takes no more."""


class WishBox(QFrame):
    """Take a wish: `made` carries it when somebody presses Enter or the arrow.

    An empty wish makes the example that the box shows.
    """

    made = Signal(str)
    begun = Signal()
    """Somebody types: what a wish needs can be made ready before the wish is finished."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("part", "box")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.wish = field(hint=self.tr("a quiz about planets"), name=self.tr("What do you want to make?"))
        self.wish.setObjectName("home.wish")
        self.wish.setProperty("bare", True)
        self.wish.setProperty("size", "wish")
        self.wish.setProperty("ring", "parent")
        self.wish.setMaxLength(LONGEST)
        self.wish.returnPressed.connect(self.go)
        self.wish.textEdited.connect(self.begun)
        self.wish.installEventFilter(self)
        self.go_button = tool(
            theme,
            "arrow-right-bold",
            self.tr("Make it"),
            kind="go",
            tone="on_accent",
            size=48,
            clicked=self.go,
        )
        self.go_button.setObjectName("home.go")
        wand = Glyph(theme, "magic-wand", "accent_text", 24)
        self.setLayout(row(wand, (self.wish, 1), self.go_button, margins=(18, 6, 6, 6), gap=14))
        theme.follow(self, lambda it: it.setFixedHeight(theme.px(theme.size("wish")) + 2))

    def go(self) -> None:
        """Make what the box says, or else its example."""
        words = self.wish.text().strip() or self.wish.placeholderText()
        self.wish.clear()
        self.made.emit(words)

    def focus(self) -> None:
        """Put the keyboard into the box."""
        self.wish.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            restyle(self, active=event.type() == QEvent.Type.FocusIn)
        return False


class Ideas(QWidget):
    """Show four ideas as chips, and others when asked; `picked` carries the one that was pressed."""

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._start = 0
        self._flow = Flow(gap=8)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.setLayout(col(self._flow, gap=0))
        self.setAccessibleName(self.tr("Ideas"))
        self._try = text(self.tr("Try"), "soft")
        theme.follow(self._try, lambda it: it.setFixedHeight(theme.px(36)))
        self._other = tool(theme, "shuffle", self.tr("Other ideas"), clicked=self.shuffle)
        self._other.setObjectName("home.other_ideas")
        self._chips: list[QWidget] = []
        self._fill()

    def ideas(self) -> tuple[str, ...]:
        """Return all ideas: each makes something that works without a language model."""
        return (
            self.tr("a wheel for our chores"),
            self.tr("flash cards for times tables"),
            self.tr("a quiz about dinosaurs"),
            self.tr("a timer for 5 minutes"),
            self.tr("a checklist for my school bag"),
            self.tr("a quiz about the human body"),
            self.tr("flash cards about capitals"),
            self.tr("pick a name: Ana, Ben, Cleo"),
            self.tr("a quiz about animals"),
            self.tr("a timer for brushing teeth"),
            self.tr("flash cards about planets"),
            self.tr("a packing list for a trip"),
        )

    def shuffle(self) -> None:
        """Show the next four."""
        self._start = (self._start + AT_ONCE) % len(self.ideas())
        self._fill()

    def _fill(self) -> None:
        for old in self._chips:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._flow.removeWidget(self._try)
        self._flow.removeWidget(self._other)
        shown = self.ideas()[self._start : self._start + AT_ONCE]
        self._chips = [self._chip(words) for words in shown]
        for part in (self._try, *self._chips, self._other):
            self._flow.addWidget(part)
            part.show()
        before: QWidget | None = None
        for part in (*self._chips, self._other):
            if before is not None:
                QWidget.setTabOrder(before, part)
            before = part
        self.updateGeometry()

    def _chip(self, words: str) -> QWidget:
        return chip(self._theme, words, clicked=lambda: self.picked.emit(words))

"""Words on the window: labels, badges, and the row of a running job. All of them show plain text."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import QEvent, QSize, Qt, QTextBoundaryFinder
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextLine
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.layouts import col, frame, row
from ui.widgets.painted import Glyph

LONGEST_WORD = 20
"""A word with more letters than this may break anywhere: one word must not widen a column."""
BREAK = "\u200b"
TONES = {"good": "on_accent_soft", "warn": "warn", "bad": "danger", "info": "info"}


def text(words: str, role: str = "", *, wrap: bool = False, data: bool = False) -> QLabel:
    """Return a label. Roles: display, title, heading, lead, strong, soft, small, label, mine.

    `data` marks words that people wrote (titles, wishes): they are shown as they are, not translated.
    """
    label: QLabel = Wrapped(words) if wrap else QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setProperty("data", data)
    return label


class Wrapped(QLabel):
    """A label whose lines break; it asks for the height that its width needs, and for little width."""

    def __init__(self, words: str = "", role: str = "", *, data: bool = False) -> None:
        super().__init__()
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("data", data)
        self.setWordWrap(True)
        self.setText(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._align()

    def setText(self, words: str) -> None:
        self._words = words
        before, shown = super().text(), breakable(words)
        super().setText(shown)
        if BREAK in shown or BREAK in before:
            self.setAccessibleName(words)  # or a voice would spell it

    def text(self) -> str:
        return self._words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Begin at the start side of the window, also where the words are of a language from the other side."""
        if not self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            start = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
            self.setAlignment(start | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = (word for word in self._words.split() if len(word) <= LONGEST_WORD)
        longest = max((metrics.horizontalAdvance(word) for word in words), default=0)
        return QSize(longest + 2, metrics.height())


class Elided(QLabel):
    """One line with dots where it does not fit, at its end or (for paths) in its middle.

    The whole is in the tooltip and for screen readers.
    """

    def __init__(
        self, words: str = "", role: str = "", *, data: bool = True, least: int = 40, middle: bool = False
    ) -> None:
        super().__init__()
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("data", data)
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(words)

    def setText(self, words: str) -> None:
        super().setText(" ".join(words.split()))
        self.setAccessibleName(self.text())
        self._tell()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._least), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(direction(self.text()))  # or the full stop of an English line goes first
        painter.setPen(self.palette().color(self.foregroundRole()))
        spot = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, spot.width())
        start = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(spot, start | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)

    def _tell(self) -> None:
        full = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width() > 0
        self.setToolTip(self.text() if full else "")


class Clamped(QLabel):
    """Up to two lines of a name, with dots where it is still longer; the whole is in the tooltip."""

    LINES = 2

    def __init__(self, words: str = "", role: str = "", *, data: bool = True) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("data", data)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.fontMetrics().lineSpacing() * min(self.LINES, len(self._lines(width))) + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().lineSpacing() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if len(self._lines(self.width())) > self.LINES else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.setLayoutDirection(direction(self.text()))
        painter.setPen(self.palette().color(self.foregroundRole()))
        start = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        flags = start | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        lines = self._lines(self.width())
        if len(lines) > self.LINES:
            rest = "".join(lines[self.LINES - 1 :])
            last = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
            lines = [*lines[: self.LINES - 1], last]
        for place, words in enumerate(lines):
            spot = self.contentsRect()
            spot.setTop(spot.top() + place * metrics.lineSpacing())
            spot.setHeight(metrics.lineSpacing())
            painter.drawText(spot, flags, words.strip())

    def _lines(self, width: int) -> list[str]:
        return broken(self.text(), self, width)


def broken(words: str, label: QLabel, width: int) -> list[str]:
    """Return words as the lines that a label of a width breaks them into; a long word breaks anywhere."""
    layout = QTextLayout(words, label.font())
    option = layout.textOption()
    option.setWrapMode(option.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    found = []
    line: QTextLine = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(1, width))
        found.append(_units(words, line.textStart(), line.textStart() + line.textLength()))
        line = layout.createLine()
    layout.endLayout()
    return found or [""]


def breakable(words: str) -> str:
    """Return words in which a very long word may break anywhere: signs without width stand in it."""
    if all(len(word) <= LONGEST_WORD for word in words.split()):
        return words
    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", lambda found: _with_breaks(found[0]), words)


def _with_breaks(word: str) -> str:
    """Put a place to break after each letter; what is drawn as one sign stays one."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word)
    parts, before = [], 0
    while (place := finder.toNextBoundary()) > 0:
        parts.append(_units(word, before, place))
        before = place
    return BREAK.join(parts)


def _units(words: str, start: int, end: int) -> str:
    """Return a piece of words; Qt counts in units of 16 bits."""
    return words.encode("utf-16-le", "surrogatepass")[start * 2 : end * 2].decode("utf-16-le", "replace")


def badge(theme: Theme, words: str, tone: str = "", icon: str = "") -> QFrame:
    """Return a badge: icon and word on a soft ground; tones: good, warn, bad, info."""
    parts: list[QWidget] = [Glyph(theme, icon, TONES.get(tone, "text_soft"), 16)] if icon else []
    made = frame("badge", row(*parts, text(words), margins=(8, 3, 8, 3), gap=5), tone=tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def labelled(words: str, control: QWidget, *, help_words: str = "") -> QVBoxLayout:
    """Return a control with its label above it, joined for the keyboard and for screen readers."""
    label = text(words, "label", wrap=True)
    label.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(words)
    made = col(label, control, gap=4)
    if help_words:
        made.addWidget(text(help_words, "small", wrap=True))
    return made


def direction(words: str) -> Qt.LayoutDirection:
    """Return the direction that words are read in, by their first letter that has one."""
    for letter in words:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            break
    return Qt.LayoutDirection.LeftToRight

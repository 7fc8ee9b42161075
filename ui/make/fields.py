"""One field for one slot of the blueprint: it shows a value, and tells the new one when it is settled.

Words are settled when typing pauses or the field is left; choices and switches at once. A value that
the slot does not take is never told: the field says what is wrong under itself and keeps the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from studio.blueprints import Slot
from ui.theme import Theme
from ui.widgets import Segments, col, combo, field, restyle, row, switch, text
from ui.words import say

PAUSE_MS = 400
FEW = 3
SHORT_LINE = 30
"""Up to so many letters stay on one line; more words get a field that grows with them."""
WHOLE_SENTENCE = 100
LINES = 6
SHORT_WORDS = 21
"""So many letters in all stand side by side in a column of this width."""


class Field(QWidget):
    """Be the base of all fields: a label above, the control, and room for a line of trouble."""

    settled = Signal(object)
    typed = Signal()

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot = slot
        self.trouble = text("", "small", wrap=True)
        self.trouble.setParent(self)
        self.trouble.setProperty("tone", "danger")
        self.trouble.hide()

    @property
    def editing(self) -> bool:
        """Tell whether somebody is just typing here."""
        return False

    @property
    def dirty(self) -> bool:
        """Tell whether something stands here that has not been told yet."""
        return False

    def set_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def settle(self) -> None:
        """Tell the value now, if it is another; called when the field goes."""

    def control(self) -> QWidget:
        """Return the control that takes the keyboard."""
        raise NotImplementedError

    def build(self, control: QWidget, *, label: bool = True) -> None:
        """Put label, control and the line of trouble together."""
        name = self.accessibleName() or say(self.slot.title)
        if name:
            control.setAccessibleName(name)
        parts: list[QWidget] = []
        if label and name:
            over = text(name, "label", wrap=True)
            over.setBuddy(control)
            parts.append(over)
        parts.append(control)
        if self.slot.help.template:
            parts.append(text(say(self.slot.help), "small", wrap=True))
        self.setLayout(col(*parts, self.trouble, gap=6))

    def set_trouble(self, words: str) -> None:
        """Say what is wrong under the field; no words: nothing is."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        restyle(self.control(), wrong=bool(words))


class Growing(QPlainTextEdit):
    """Words over as many lines as they need, from `least` lines on; Tab leaves, Enter too if `flat`."""

    left = Signal()

    def __init__(self, theme: Theme, words: str, *, least: int = 1, flat: bool = True) -> None:
        super().__init__(words)
        self._theme, self._least, self._flat = theme, least, flat
        self.setTabChangesFocus(True)
        self.setMinimumWidth(60)
        self.document().documentLayout().documentSizeChanged.connect(self.grow)
        theme.follow(self, lambda it: it._dress())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._flat and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grow()

    def _dress(self) -> None:
        """Be as high as a field of one line: the rule for all areas asks for more."""
        pad = max(0, (self._theme.px(40) - self.fontMetrics().lineSpacing()) // 2 - 5)
        self.setStyleSheet(f"QPlainTextEdit {{ min-height: 0; padding: {pad}px 8px; }}")
        self.grow()

    def grow(self) -> None:
        """Be as high as the words need."""
        layout, block = self.document().documentLayout(), self.document().begin()
        while block.isValid():
            layout.blockBoundingRect(block)  # a block is not broken into lines before somebody asks
            block = block.next()
        lines = round(self.document().size().height())
        shown = min(LINES, max(self._least, lines))
        self.setFixedHeight(self._theme.px(40) + self.fontMetrics().lineSpacing() * (shown - 1))
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines > LINES else policy.ScrollBarAlwaysOff
        )


class WordsField(Field):
    """Take words, on one line or, where there may be more, in a field that grows with them."""

    def __init__(self, theme: Theme, slot: Slot, value: str, *, name: str = "", label: bool = True) -> None:
        super().__init__(slot)
        self.setAccessibleName(name)
        self._told = value
        self._flat = slot.widget != "text"
        self._control: QLineEdit | Growing
        if self._flat and slot.most <= SHORT_LINE:
            self._control = field(value)
            self._control.setMaxLength(int(slot.most))
        else:
            short = slot.most <= WHOLE_SENTENCE or not slot.least or not label
            least = 1 if self._flat and short else 2
            self._control = Growing(theme, value, least=least, flat=self._flat)
            self._control.left.connect(self.settle)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        self.build(self._control, label=label)
        self._control.textChanged.connect(self._on_typed)
        self._control.installEventFilter(self)

    @property
    def editing(self) -> bool:
        return self._control.hasFocus() or self._pause.isActive()

    @property
    def dirty(self) -> bool:
        return self._clean() != self._told.strip()

    def words(self) -> str:
        """Return what stands in the field."""
        control = self._control
        return control.text() if isinstance(control, QLineEdit) else control.toPlainText()

    def control(self) -> QWidget:
        return self._control

    def set_value(self, value: Any) -> None:
        typing = self.editing and self.dirty
        self._told = str(value)
        if typing or self.words() == value or (self.editing and self._clean() == self._told.strip()):
            return
        with QSignalBlocker(self._control):
            if isinstance(self._control, QLineEdit):
                self._control.setText(value)
                self._control.setCursorPosition(0)  # the beginning says more than the end
            else:
                self._control.setPlainText(value)
                self._control.grow()
        self.set_trouble("")

    def settle(self) -> None:
        self._pause.stop()
        words = self._clean()
        if words == self._told.strip():
            self.set_trouble("")
            return
        if len(words) < self.slot.least:
            self.set_trouble(self.tr("Write something here. The old words are kept."))
        elif len(words) > self.slot.most:
            over = len(words) - int(self.slot.most)
            self.set_trouble(self.tr("That is {count} letters too long.").format(count=over))
        else:
            self.set_trouble("")
            self._told = words
            self.settled.emit(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle()
            if isinstance(self._control, QLineEdit):
                self._control.setCursorPosition(0)
        return False

    def _clean(self) -> str:
        words = self.words()
        return " ".join(words.split()) if self._flat else words.strip()

    def _on_typed(self) -> None:
        self._pause.start()
        self.typed.emit()


class SwitchField(Field):
    """Turn something on or off, at once."""

    def __init__(self, theme: Theme, slot: Slot, value: bool) -> None:
        super().__init__(slot)
        self._control = switch(theme, say(slot.title), on=value)
        words = text(say(slot.title), wrap=True)
        words.setBuddy(self._control)
        parts: list[Any] = [row((words, 1), self._control)]
        if slot.help.template:
            parts.append(text(say(slot.help), "small", wrap=True))
        self.setLayout(col(*parts, gap=2))
        self._control.toggled.connect(self.settled.emit)

    def control(self) -> QWidget:
        return self._control

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._control):
            self._control.setChecked(bool(value))
        self._control.update()


class ChoiceField(Field):
    """Choose one of a few values: side by side when they are two or three short words, else a menu.

    `choices` (words and values) stand in for those of the slot where an app knows better words.
    """

    def __init__(
        self, theme: Theme, slot: Slot, value: str, *, choices: Sequence[tuple[str, str]] | None = None
    ) -> None:
        super().__init__(slot)
        told = list(choices or [(say(option.name), option.value) for option in slot.choices])
        short = choices is None and len(told) <= FEW and sum(len(words) for words, _ in told) <= SHORT_WORDS
        self._segments: Segments | None = None
        self._menu: QComboBox | None = None
        if short:
            self._segments = Segments(theme, say(slot.title), told, value=value, stretch=True)
            self._segments.chosen.connect(self.settled.emit)
            self.build(self._segments)
        else:
            self._menu = combo(theme, say(slot.title), told)
            self._menu.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._menu.activated.connect(lambda: self.settled.emit(self._menu.currentData()))
            self.build(self._menu)
        self.set_value(value)

    def control(self) -> QWidget:
        if self._segments is not None:
            return self._segments
        assert self._menu is not None  # noqa: S101 - one of the two is there
        return self._menu

    def set_value(self, value: Any) -> None:
        if self._segments is not None:
            self._segments.set_value(value)
        elif self._menu is not None:
            with QSignalBlocker(self._menu):
                self._menu.setCurrentIndex(self._menu.findData(value))
            self._menu.setToolTip(self._menu.currentText())  # a long one is cut

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Show other words, or other values; what is chosen stays if it is still there."""
        menu = self._menu
        assert menu is not None  # noqa: S101 - only menus have choices of their own
        if [(menu.itemText(index), menu.itemData(index)) for index in range(menu.count())] == list(choices):
            return
        value = menu.currentData()
        with QSignalBlocker(menu):
            menu.clear()
            for words, data in choices:
                menu.addItem(words, data)
            menu.setCurrentIndex(menu.findData(value))

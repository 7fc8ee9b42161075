"""Buttons, fields and choices. Each has an accessible name, follows the theme and grows with the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Theme
from ui.widgets.layouts import frame, row

_TONE_OF_KIND = {"primary": "on_accent", "quiet": "accent_text", "danger": "danger"}


def set_words(made: QAbstractButton, words: str) -> None:
    """Give a button its words; the space before them is the gap to the icon, for style sheets have none."""
    made.setText(f" {words}" if not made.icon().isNull() and words else words)
    made.setAccessibleName(words)


def button(  # noqa: PLR0913 - all but words are named and have a usual value
    theme: Theme,
    words: str,
    kind: str = "",
    icon: str = "",
    *,
    tone: str = "",
    size: str = "",
    checked: bool | None = None,
    name: str = "",
    clicked: Callable[[], object] | None = None,
) -> QPushButton:
    """Return a button. Kinds: primary, "" (soft), quiet, danger, chip, segment; sizes: small, "", large.

    `checked` makes it a button that stays down; `name` is its accessible name where the word alone
    says too little; `clicked` is called without arguments.
    """
    made = QPushButton()
    made.setProperty("kind", kind)
    if size:
        made.setProperty(size, True)
    if icon:
        made.setIcon(theme.icon(icon, tone or _TONE_OF_KIND.get(kind, "text")))
        theme.follow(made, lambda it: it.setIconSize(QSize(theme.px(20), theme.px(20))))
    set_words(made, words)
    if name:
        made.setAccessibleName(name)
    if checked is not None:
        made.setCheckable(True)
        made.setChecked(checked)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if clicked is not None:
        made.clicked.connect(lambda: clicked())  # noqa: PLW0108 - the signal brings an argument
    return made


class Tool(QToolButton):
    """A tool button that Enter presses too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def tool(
    theme: Theme,
    icon: str,
    name: str,
    *,
    kind: str = "",
    tone: str = "text_soft",
    size: int = 36,
    checked: bool | None = None,
    clicked: Callable[[], object] | None = None,
) -> QToolButton:
    """Return a button with an icon only; `name` is its tooltip and its accessible name. Kinds: "", go, stop."""
    made = Tool()
    made.setProperty("kind", kind)
    made.setIcon(theme.icon(icon, tone))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def dress(it: QToolButton) -> None:
        it.setIconSize(QSize(theme.px(20), theme.px(20)))
        it.setFixedSize(theme.px(size), theme.px(size))

    theme.follow(made, dress)
    if checked is not None:
        made.setCheckable(True)
        made.setChecked(checked)
    if clicked is not None:
        made.clicked.connect(lambda: clicked())  # noqa: PLW0108 - the signal brings an argument
    return made


def chip(
    theme: Theme,
    words: str,
    *,
    icon: str = "",
    checked: bool | None = None,
    clicked: Callable[[], object] | None = None,
) -> QPushButton:
    """Return a chip: an idea (a click acts) or, with `checked`, a filter, which has a check mark while chosen."""
    made = button(theme, words, "chip", icon, tone="text_soft", checked=checked, clicked=clicked)
    if checked is None:
        return made

    def mark(it: QPushButton) -> None:
        it.setIcon(theme.icon("check-bold", "on_accent_soft") if it.isChecked() else QIcon())
        it.setIconSize(QSize(theme.px(16), theme.px(16)))
        set_words(it, words)

    made.toggled.connect(lambda: mark(made))
    return theme.follow(made, mark)


class Combo(QComboBox):
    """A menu of choices; the wheel scrolls the page instead of changing what is chosen.

    What is chosen ends in dots where it does not fit, and then stands whole in the tooltip.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._shown(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self.toolTip():
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            cut = self._shown(option) != self.currentText()
            QToolTip.showText(event.globalPos(), self.currentText() if cut else "", self)
            return True
        return super().event(event)

    def _shown(self, option: QStyleOptionComboBox) -> str:
        """Return what is chosen, with dots where it does not fit."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        spot = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        icon = 0 if self.itemIcon(self.currentIndex()).isNull() else self.iconSize().width() + 4
        return self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, spot.width() - icon
        )

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 120), hint.height())


def combo(
    theme: Theme, name: str, choices: Sequence[tuple[str, Any]], *, icon: str = "", width: int = 0
) -> Combo:
    """Return a menu of (words, value) pairs; `currentData()` is the value that is chosen."""
    made = Combo()
    made.setAccessibleName(name)
    for words, value in choices:
        if icon:
            made.addItem(theme.icon(icon, on="text_soft"), words, value)
        else:
            made.addItem(words, value)

    def dress(it: Combo) -> None:
        it.setIconSize(QSize(theme.px(20), theme.px(20)))
        if width:
            it.setMinimumWidth(min(theme.px(width), 360))

    return theme.follow(made, dress)


def field(words: str = "", *, hint: str = "", name: str = "") -> QLineEdit:
    """Return a field of one line; `name` is its accessible name (a label above it may give it too)."""
    made = QLineEdit(words)
    made.setPlaceholderText(hint)
    made.setCursorPosition(0)
    made.setAccessibleName(name)
    made.setMinimumWidth(60)
    return made


def area(
    theme: Theme, words: str = "", *, hint: str = "", name: str = "", height: int = 72
) -> QPlainTextEdit:
    """Return a field of several lines; Tab leaves it, so that nobody is trapped."""
    made = QPlainTextEdit(words)
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    return theme.follow(made, lambda it: it.setFixedHeight(theme.px(height)))


def search(theme: Theme, hint: str) -> QLineEdit:
    """Return a search field."""
    made = field(hint=hint, name=hint)
    made.setProperty("lead", True)
    made.addAction(theme.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
    return made


def check_box(words: str, *, checked: bool = False) -> QCheckBox:
    """Return a check box: a statement, such as "I checked this"."""
    made = QCheckBox(words)
    made.setChecked(checked)
    made.setAccessibleName(words)
    return made


def slider(theme: Theme, name: str, *, steps: int, value: int) -> QSlider:
    """Return a slider with a few steps; arrow keys move it, the wheel does not."""

    class _Slider(QSlider):
        def wheelEvent(self, event: QWheelEvent) -> None:
            event.ignore()

    made = _Slider(Qt.Orientation.Horizontal)
    made.setRange(0, steps - 1)
    made.setPageStep(1)
    made.setValue(value)
    made.setAccessibleName(name)
    return theme.follow(made, lambda it: it.setFixedSize(min(theme.px(190), 300), theme.px(36)))


class Switch(QCheckBox):
    """An on-off switch that acts at once; on and off differ by place and fill, not by colour alone."""

    def __init__(self, theme: Theme, name: str, *, on: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setChecked(on)
        theme.follow(self, lambda it: it.setFixedSize(it.sizeHint()))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(48), self._theme.px(36))

    def hitButton(self, pos: Any) -> bool:
        return bool(self.rect().contains(pos))

    def paintEvent(self, event: QPaintEvent) -> None:
        px, colour, on = self._theme.px, self._theme.colour, self.isChecked()
        painter, height = QPainter(self), px(26)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(1, (self.height() - height) / 2, px(46), height)
        edge = "accent" if on else "line_strong"
        painter.setPen(QPen(colour(edge if self.isEnabled() else "line"), 1.5))
        painter.setBrush(colour("accent" if on and self.isEnabled() else "surface"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("on_accent" if on and self.isEnabled() else "line_strong"))
        inset = px(5)
        x = track.right() - height + inset if on != self.isRightToLeft() else track.left() + inset
        painter.drawEllipse(QRectF(x, track.top() + inset, height - 2 * inset, height - 2 * inset))


def switch(theme: Theme, name: str, *, on: bool = False) -> Switch:
    """Return an on-off switch."""
    return Switch(theme, name, on=on)


class Segments(QWidget):
    """Two to five short choices side by side; where they do not fit they become a menu.

    `chosen` carries the value that somebody picked. Arrow keys move between the parts.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        name: str,
        choices: Sequence[tuple[str, Any]],
        *,
        value: Any = None,
        icons: Sequence[str] = (),
        stretch: bool = False,
    ) -> None:
        super().__init__()
        self._values = [choice for _, choice in choices]
        self._stretch = stretch
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        parts = row(margins=2, gap=2)
        for index, (words, _) in enumerate(choices):
            part = button(theme, "" if icons else words, "segment", icons[index] if icons else "",
                          tone="text_soft", checked=index == 0, name=words)  # fmt: skip
            if icons:
                part.setIcon(theme.icon(icons[index], "text_soft", on="text"))
                part.setToolTip(words)
            if stretch:
                part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(part, index)
            parts.addWidget(part, 1 if stretch else 0)
        self._well = frame("segments", parts)
        self._menu = combo(theme, name, choices)
        self._menu.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._well)
        layout.addWidget(self._menu)
        layout.setSizeConstraint(
            QVBoxLayout.SizeConstraint.SetNoConstraint
        )  # or the well could never get narrow
        policy = QSizePolicy.Policy.Preferred if stretch else QSizePolicy.Policy.Maximum
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.set_value(value if value is not None else self._values[0])
        self._group.idClicked.connect(self._on_picked)
        self._menu.activated.connect(self._on_picked)

    @property
    def value(self) -> Any:
        """Return the value of the part that is chosen."""
        return self._values[self._group.checkedId()]

    @property
    def parts(self) -> tuple[QAbstractButton, ...]:
        """Return the parts, in order."""
        return tuple(self._group.buttons())

    def set_value(self, value: Any) -> None:
        """Choose a part without telling anybody."""
        index = self._values.index(value)
        with QSignalBlocker(self._group), QSignalBlocker(self._menu):
            self._group.button(index).setChecked(True)
            self._menu.setCurrentIndex(index)
        for part in self._group.buttons():  # Qt moves the tab stop when somebody presses, not when we choose
            stop = part.isChecked()
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._well.sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._menu.minimumSizeHint().width(), self._height())

    def _height(self) -> int:
        return max(self._well.sizeHint().height(), self._menu.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < self._well.minimumSizeHint().width()
        if narrow != self._menu.isHidden():
            return
        had_focus = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        self._well.setVisible(not narrow)
        self._menu.setVisible(narrow)
        if had_focus:
            (self._menu if narrow else self._group.checkedButton()).setFocus()

    def _on_picked(self, index: int) -> None:
        self.set_value(self._values[index])
        self.chosen.emit(self._values[index])

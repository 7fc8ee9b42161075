"""Choose among the stickers that apps are drawn with: one for a picture, several for a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from studio.blueprints import Option, Slot
from studio.blueprints.kinds import finds
from studio.blueprints.words.icons import ICON_ALSO
from ui.make.fields import Field
from ui.theme import Theme
from ui.widgets import Dialog, Elided, Finder, Flow, Glyph, Tile, app_icon, button, col, row, text
from ui.widgets.appart import colours
from ui.words import say

NONE = "none"
SIDE, TILE = 44, 64
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class Sticker(QAbstractButton):
    """Show one sticker on the ground of its app's colours; `side` grows with the text."""

    def __init__(
        self, theme: Theme, icon: str, name: str, look: tuple[str, str], *, side: int = SIDE
    ) -> None:
        super().__init__()
        self._theme, self._look, self._side = theme, look, side
        self.icon_name = icon
        self.set_sticker(icon, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.follow(self, lambda it: it.setFixedSize(theme.px(side), theme.px(side)))

    def set_sticker(self, icon: str, name: str) -> None:
        """Show another sticker."""
        self.icon_name = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def set_look(self, look: tuple[str, str]) -> None:
        """Take other colours: the palette of the app and its mode."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._side), self._theme.px(self._side))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, shades = self._theme.colour, colours(*self._look)
        chosen = self.isChecked()
        edge = 2 if chosen else 1
        spot = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        over = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(colour("accent" if chosen else "line_strong" if over else "line"), edge))
        painter.setBrush(QColor(shades["surface"]))
        painter.drawRoundedRect(spot, 10, 10)
        inset = max(4.0, self.width() * 0.16)
        inner = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setOpacity(1 if self.isEnabled() else 0.45)
        if self.icon_name == NONE:
            painter.setPen(QPen(QColor(shades["muted"]), 2))
            painter.drawEllipse(inner)
            painter.drawLine(inner.bottomLeft() * 0.85 + inner.topRight() * 0.15,
                             inner.topRight() * 0.85 + inner.bottomLeft() * 0.15)  # fmt: skip
        else:
            app_icon(painter, inner, self.icon_name, *self._look)

    def enterEvent(self, event: Any) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self.update()


class StickerDialog(Dialog):
    """Find a sticker among them all. One is picked and the dialog closes; of many, each acts at once."""

    picked = Signal(str)
    changed = Signal(list)

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        title: str,
        options: Sequence[Option],
        chosen: Sequence[str],
        look: tuple[str, str],
        *,
        bounds: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(window, theme, title, width=640)
        self.setObjectName("stickers")
        self._bounds, self._chosen = bounds, list(chosen)
        self.stickers = {
            option.value: Sticker(theme, option.value, say(option.name), look, side=TILE)
            for option in options
        }
        tiles = [Tile(self.stickers[option.value], _told(option)) for option in options]
        self.finder = Finder(
            theme,
            self.tr("Find a picture"),
            [("", tiles)],
            finds,
            nothing=self.tr("No picture is called that. Try “animal”, “food” or “music”."),
        )
        self._name = text("", "strong")
        self._note = text("", "small")
        for sticker in self.stickers.values():
            sticker.setCheckable(True)
            sticker.installEventFilter(self)
            sticker.clicked.connect(lambda _on=False, one=sticker: self._on_clicked(one))
        self.set_content(col((self.finder, 1)), scrolls=False)
        theme.follow(
            self, lambda it: it.finder.setMinimumHeight(max(200, min(theme.px(560), window.height() - 200)))
        )
        if bounds is None:
            self.set_foot(self._name, None, first=self.finder.search)
        else:
            done = button(theme, self.tr("Done"), "primary", clicked=self.close_dialog)
            done.setObjectName("stickers.done")
            self.set_foot(self._name, self._note, None, done, first=self.finder.search)
        self._show()

    def _show(self) -> None:
        for name, sticker in self.stickers.items():
            with QSignalBlocker(sticker):
                sticker.setChecked(name in self._chosen)
            sticker.update()
        self._say(self._chosen[0] if self._chosen else "")
        if self._bounds is not None:
            words = self.tr("{count} of {most} chosen")
            self._note.setText(words.format(count=len(self._chosen), most=self._bounds[1]))

    def _say(self, name: str) -> None:
        single = self._bounds is None
        self._name.setText(self.stickers[name].accessibleName() if name in self.stickers and single else "")

    def _on_clicked(self, sticker: Sticker) -> None:
        name = sticker.icon_name
        if self._bounds is None:
            self._chosen = [name]
            self.picked.emit(name)
            self.close_dialog()
            return
        least, most = self._bounds
        after = [one for one in self._chosen if one != name]
        if name not in self._chosen:
            after = [*self._chosen, name]
        if least <= len(after) <= most:
            self._chosen = after
            self.changed.emit(after)
            self._show()
            return
        self._show()
        words = self.tr("Take one away first.") if len(after) > most else self.tr("Keep at least one.")
        self._note.setText(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, Sticker):
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self._say(watched.icon_name)
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self._say(self._chosen[0] if self._chosen else "")
            return False
        return super().eventFilter(watched, event)


class IconField(Field):
    """Show the picture that is chosen; pressing it opens all of them."""

    def __init__(
        self, theme: Theme, slot: Slot, value: str, *, look: tuple[str, str], none: bool = True
    ) -> None:
        super().__init__(slot)
        self._theme, self._look, self._value = theme, look, value
        self._options = [option for option in slot.choices if none or option.value != NONE]
        self._control = QPushButton()
        self._control.setProperty("part", "answer")
        self._control.setAutoDefault(True)
        self._sticker = Sticker(theme, value, "", look, side=36)
        self._sticker.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sticker.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = Elided("")
        caret = Glyph(theme, "caret-down-bold", "text_soft", 16)
        self._control.setLayout(row(self._sticker, (self._words, 1), caret, margins=(6, 4, 10, 4), gap=10))
        self._control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self._control, lambda it: _dress(it, theme.px(48)))
        self._control.clicked.connect(self.open)
        self.build(self._control)
        self.set_value(value)

    def control(self) -> QWidget:
        return self._control

    def set_value(self, value: Any) -> None:
        self._value = str(value)
        name = next((say(one.name) for one in self.slot.choices if one.value == value), "")
        self._sticker.set_sticker(self._value, name)
        self._words.setText(name)
        self._control.setAccessibleName(
            self.tr("{title}: {name}").format(title=say(self.slot.title), name=name)
        )

    def set_look(self, look: tuple[str, str]) -> None:
        """Take other colours."""
        self._look = look
        self._sticker.set_look(look)

    def open(self) -> StickerDialog:
        """Open all stickers."""
        dialog = StickerDialog(
            self.window(), self._theme, say(self.slot.title), self._options, [self._value], self._look
        )
        dialog.picked.connect(self._on_picked)
        dialog.open()
        return dialog

    def _on_picked(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.settled.emit(value)


class StickersField(Field):
    """Show the stickers of a list; pressing one, or Choose, opens all. Alt and the arrows move one."""

    def __init__(self, theme: Theme, slot: Slot, values: Sequence[str], *, look: tuple[str, str]) -> None:
        super().__init__(slot)
        self._theme, self._look, self._values = theme, look, list(values)
        inner = slot.of
        assert inner is not None  # noqa: S101 - a list says what its items are
        self._options = [option for option in inner.choices if option.value != NONE]
        self._names = {option.value: say(option.name) for option in inner.choices}
        self._well = QWidget()
        self._flow = Flow(gap=6)
        self._well.setLayout(self._flow)
        self._choose = button(theme, self.tr("Choose"), "quiet", "plus-bold", size="small")
        self._choose.setAccessibleName(self.tr("Choose: {list}").format(list=say(slot.title)))
        self._choose.clicked.connect(self.open)
        self.build(self._well)
        self.layout().insertLayout(self.layout().indexOf(self._well) + 1, row(self._choose, None))
        self._show()

    @property
    def stickers(self) -> list[Sticker]:
        """Return the stickers that are shown, in order."""
        shown = (self._flow.itemAt(place).widget() for place in range(self._flow.count()))
        return [one for one in shown if isinstance(one, Sticker)]

    def control(self) -> QWidget:
        return self._choose

    def set_value(self, value: Any) -> None:
        if list(value) != self._values:
            self._values = list(value)
            self._show()

    def set_look(self, look: tuple[str, str]) -> None:
        """Take other colours."""
        self._look = look
        for sticker in self.stickers:
            sticker.set_look(look)

    def open(self) -> StickerDialog:
        """Open all stickers."""
        dialog = StickerDialog(
            self.window(), self._theme, say(self.slot.title), self._options, self._values, self._look,
            bounds=(int(self.slot.least), int(self.slot.most)),
        )  # fmt: skip
        dialog.changed.connect(self._tell)
        dialog.open()
        return dialog

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = _STEPS.get(Qt.Key(event.key()), 0)
            by = -by if self.isRightToLeft() and event.key() in _SIDEWAYS else by
            if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(self.stickers.index(watched), by)  # type: ignore[arg-type]
                return True
        return False

    def _move(self, index: int, by: int) -> None:
        to = index + by
        if 0 <= to < len(self._values):
            values = list(self._values)
            values.insert(to, values.pop(index))
            self._tell(values)
            self.stickers[to].setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, values: list[str]) -> None:
        self._values = list(values)
        self._show()
        self.settled.emit(list(values))

    def _show(self) -> None:
        """Show the stickers in their places; one that is there already stays, with the keyboard on it."""
        shown = self.stickers
        for place, value in enumerate(self._values):
            name = self._names.get(value, value)
            if place < len(shown):
                shown[place].set_sticker(value, name)
                continue
            made = Sticker(self._theme, value, name, self._look)
            made.clicked.connect(self.open)
            made.installEventFilter(self)
            self._flow.addWidget(made)
        for spare in shown[len(self._values) :]:
            self._flow.removeWidget(spare)
            spare.hide()
            spare.deleteLater()
        self._well.setVisible(bool(self._values))
        self._well.updateGeometry()


def _dress(made: QPushButton, height: int) -> None:
    """Give a button a height that the rule for all such rows does not take away again."""
    made.setMaximumHeight(height)
    made.setStyleSheet(f"QPushButton {{ min-height: {height - 2}px; }}")


def _told(option: Option) -> str:
    also = ICON_ALSO.get(option.value)
    return " ".join((say(option.name), say(also) if also else "", option.value))

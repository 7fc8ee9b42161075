"""Pick a part of the app where it is seen, and change it in the inspector."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from studio.blueprints import Blueprint, block_title, slot
from ui.make.inspector import Inspector
from ui.theme import Theme
from ui.widgets.picking import Picker
from ui.widgets.preview import Preview, State
from ui.widgets.spots import Spot
from ui.words import say

_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize})


class PartPicking(QObject):
    """Tie the button, the frames over the app and the inspector together.

    `asked` comes when a part was picked: the inspector has to be seen.
    """

    asked = Signal()

    def __init__(
        self, theme: Theme, preview: Preview, inspector: Inspector, act: QPushButton, page: QWidget
    ) -> None:
        super().__init__(page)
        self._preview, self._inspector, self._act = preview, inspector, act
        self.picker = Picker(theme, preview, self._name)
        self.picker.picked.connect(self._on_picked)
        self.picker.changed.connect(self._on_changed)
        act.clicked.connect(lambda: self.picker.set_active(active=act.isChecked()))
        preview.state_changed.connect(lambda _state: self._allow())
        inspector.place_changed.connect(self._follow)
        inspector.installEventFilter(self)
        preview.placed.connect(self._uncover)
        self._leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        self._leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._leave.activated.connect(self.stop)
        self._leave.setEnabled(False)
        self._allow()

    def stop(self) -> None:
        """Let the app be played again."""
        had_focus = self.picker.layer.hasFocus()
        self.picker.set_active(active=False)
        if had_focus:
            self._act.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ own

    @property
    def _blueprint(self) -> Blueprint | None:
        document = self._preview.document
        return document.blueprint if document is not None else None

    def _name(self, spot: Spot) -> str:
        """Return what the inspector calls a part, or an item of it with its number."""
        blueprint = self._blueprint
        if blueprint is None or spot.block >= len(blueprint.blocks):
            return ""
        block = blueprint.blocks[spot.block]
        if not spot.list:
            return say(block_title(block))
        field = slot(block, spot.list)
        thing = say(field.item) or say(field.title)
        return self.tr("{thing} {number}").format(thing=thing, number=spot.item + 1)

    def _allow(self) -> None:
        self._act.setEnabled(self._preview.state is State.RUNNING or self.picker.active)
        self._act.setChecked(self.picker.active)

    def _on_changed(self, active: bool) -> None:
        self._leave.setEnabled(active)
        self._allow()
        if active:
            self._follow()
            self._uncover()
            keys = self._act.hasFocus()
            self.picker.layer.setFocus(
                Qt.FocusReason.TabFocusReason if keys else Qt.FocusReason.OtherFocusReason
            )

    def _on_picked(self, spot: Spot, by_keys: bool) -> None:
        if not self._inspector.open_pointer(spot.pointer):
            return
        self.asked.emit()
        self.picker.layer.set_chosen(spot.key)
        fields = list(self._inspector.fields().values())
        if by_keys and fields:
            fields[0].control().setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._uncover()
        return False

    def _uncover(self) -> None:
        """Keep the names of parts beside the inspector, where it lies over the app."""
        if not self.picker.active:
            return
        layer, over = self.picker.layer, self._inspector
        rect = QRect(layer.mapFromGlobal(over.mapToGlobal(QPoint())), over.size())
        layer.set_covered(rect.intersected(layer.rect()) if over.isVisible() else QRect())

    def _follow(self) -> None:
        """Frame what is open in the inspector."""
        place = self._inspector.place
        key = None if place.block is None else (place.block, place.list, place.index)
        self.picker.layer.set_chosen(key)

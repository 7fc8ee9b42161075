"""How the three columns of the Make page stand: side by side, the inspector over the app, one at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

TALK_WIDE, TALK_NARROW, INSPECTOR = 332, 280, 300
ANY = 16_777_215


class Columns:
    """Move the talk and the inspector between the columns, the stage, and over the app."""

    def __init__(self, columns: QHBoxLayout, stage: QFrame, talk: QFrame, inspector: QFrame) -> None:
        self._columns, self._stage, self._talk, self._inspector = columns, stage, talk, inspector

    def place_talk(self, *, big: bool, narrow: bool) -> None:
        """Put the talk at the start side, or into the stage where one column shows at a time."""
        if big:
            self._into_stage(self._talk, 2)
            return
        self._columns.insertWidget(0, self._talk)
        self._talk.setFixedWidth(TALK_NARROW if narrow else TALK_WIDE)

    def place_inspector(self, page: QWidget, bar: QWidget, *, sheet: bool, big: bool) -> None:
        """Put the inspector at the end side, over the app, or into the stage."""
        inspector = self._inspector
        if big:
            self._into_stage(inspector, 3)
        elif sheet:
            if inspector.parentWidget() is not page or self._columns.indexOf(inspector) >= 0:
                self._columns.removeWidget(inspector)
                inspector.setParent(page)
            inspector.setFixedWidth(INSPECTOR)
            self._columns.activate()
            self.place_sheet(page, bar)
        else:
            self._columns.addWidget(inspector)
            inspector.setFixedWidth(INSPECTOR)

    def place_sheet(self, page: QWidget, bar: QWidget) -> None:
        """Lay the inspector over the end of the app, under the bar."""
        if self._columns.indexOf(self._inspector) >= 0 or self._inspector.parentWidget() is not page:
            return
        spot = self._stage.geometry()
        top = spot.y() + bar.height() + 1
        x = spot.x() if page.isRightToLeft() else spot.right() + 1 - INSPECTOR
        self._inspector.setGeometry(x, top, INSPECTOR, max(1, spot.bottom() + 1 - top))
        self._inspector.raise_()

    def _into_stage(self, widget: QWidget, index: int) -> None:
        widget.setMinimumWidth(0)
        widget.setMaximumWidth(ANY)
        layout = self._stage.layout()
        assert isinstance(layout, QBoxLayout)  # noqa: S101 - the page made it so
        layout.insertWidget(index, widget, 1)

"""The room of the Make page: which of its parts are seen, and where, at each size of window and of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal

from ui.make.columns import Columns
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.make.page import MakePage

RAIL = 93
NARROW = 1100 - RAIL
LOW = 700


class Room(QObject):
    """Give each column its room: side by side, the inspector over the app, or one at a time.

    `app_hidden` comes when the app gave its place to another column.
    """

    app_hidden = Signal()

    def __init__(self, page: MakePage, theme: Theme, columns: Columns) -> None:
        super().__init__(page)
        self._page, self._theme, self._places = page, theme, columns
        self._sheet_open = False
        self._column = "app"
        self._stage = page.stage
        self._stage.installEventFilter(self)

    def show_column(self, name: str) -> None:
        """Show "talk", "app" or "change" where the text is so big that one column shows at a time."""
        self._column = name
        self.arrange()

    def set_sheet(self, *, opened: bool) -> None:
        """Open or close the inspector where it does not stand beside the app."""
        self._sheet_open = opened
        if self._theme.big:
            self._column = "change" if opened else "app"
            self._page.bar.columns.set_value(self._column)
        self.arrange()

    def toggle_sheet(self) -> None:
        """Open the inspector if it is closed, else close it."""
        self.set_sheet(opened=not self._sheet_open)

    def arrange(self) -> None:
        """Put everything in its place for the size of the page and of the text."""
        page, bar = self._page, self._page.bar
        big, narrow, there = self._theme.big, page.width() < NARROW, page.project is not None
        column = self._column if there else "talk"
        sheet = narrow and not big
        opened = there and (column == "change" if big else self._sheet_open or not narrow)
        for part in page.only_with_project:
            part.setVisible(there)
        bar.show_for(big=big, sheet=sheet, opened=self._sheet_open)
        compact = page.height() < LOW or big
        page.timeline.set_compact(compact=compact)
        page.conversation.set_compact(compact=compact)
        self._places.place_talk(big=big, narrow=narrow)
        self._places.place_inspector(page.work_place, bar, sheet=sheet, big=big)
        page.talk.setVisible(not big or column == "talk")
        page.talk_line.setVisible(not big)
        page.inspector.setVisible(opened)
        page.inspector_line.setVisible(opened and not sheet and not big)
        page.preview.setVisible(not big or column == "app")
        page.inspector.set_sheet(sheet=sheet)
        page.header.set_narrow(narrow=narrow)
        if big and column != "app":
            self.app_hidden.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stage and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._places.place_sheet(self._page.work_place, self._page.bar)
        return False

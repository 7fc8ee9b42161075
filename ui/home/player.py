"""Play a starter over the window, without making a project of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from studio import files
from studio.errors import StudioError
from studio.services import Services
from ui.bridge import Tasks
from ui.theme import Theme
from ui.widgets import Dialog, Flow, button, chip, col, frame, text

if TYPE_CHECKING:
    from studio.builder.starters import Starter


class Player(Dialog):
    """Show one starter in the preview, as large as the window allows, with Remix and what to say to it then.

    The preview brings a browser engine with it, so it is made when the first starter is played.
    `remix_asked` carries the starter and what is to be said to the remix, "" for nothing yet.
    """

    remix_asked = Signal(str, str)
    failed = Signal(object)

    def __init__(
        self, window: QWidget, theme: Theme, services: Services, tasks: Tasks, starter_id: str
    ) -> None:
        self._starter: Starter = services.builder.starter(starter_id)
        super().__init__(window, theme, self._starter.title, full=True, data=True)
        self._services, self._tasks = services, tasks
        self.preview: Any = None
        self._stage = col(margins=0, gap=0)
        self.set_content(col((frame("stage", self._stage), 1), self._sayings(), gap=10), scrolls=False)
        self._remix = button(
            theme, self.tr("Remix"), "primary", "shuffle", clicked=lambda: self._on_remix("")
        )
        self._remix.setObjectName("player.remix")
        done = button(theme, self.tr("Close"), "quiet", clicked=self.close_dialog)
        self.set_foot(None, done, self._remix, first=self._remix)
        self.closed.connect(self._stop)
        QTimer.singleShot(0, self, self._play)

    def _sayings(self) -> QWidget:
        """Return three edits to try; a press remixes and says it."""
        flow = Flow(gap=8)
        lead = text(self.tr("Remix and say"), "soft")
        self.theme.follow(lead, lambda it: it.setFixedHeight(self.theme.px(36)))
        flow.addWidget(lead)
        for number, words in enumerate(self._starter.try_saying, 1):
            made = chip(self.theme, words, clicked=partial(self._on_remix, words))
            made.setObjectName(f"player.say.{number}")
            made.setAccessibleName(self.tr("Remix and say: {words}").format(words=words))
            flow.addWidget(made)
        holder = QWidget()
        holder.setLayout(flow)
        return holder

    def _play(self) -> None:
        from ui.widgets.preview import Preview

        self.preview = Preview(self.theme)
        self.preview.outside_asked.connect(self._on_outside)
        self._stage.addWidget(self.preview, 1)
        try:
            self.preview.show_document(self._starter.document)
        except StudioError as error:
            self.close_dialog()
            self.failed.emit(error)

    def _on_outside(self) -> None:
        """Play in the browser where the preview cannot: a page of ours in the folder of things made again."""
        from studio.blueprints.render import render

        document, path = self._starter.document, self._services.paths.cache / "starter.html"

        def write(token: object, report: object) -> Path:
            files.save(path, render(document))
            return path

        self._tasks.run(write, lane="disk", parent=self, succeeded=self._open_page)

    @staticmethod
    def _open_page(page: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def _on_remix(self, words: str) -> None:
        self.close_dialog()
        self.remix_asked.emit(self._starter.id, words)

    def _stop(self) -> None:
        """Let the preview end what it plays before it goes."""
        stop = getattr(self.preview, "close_page", None)
        if stop is not None:
            stop()

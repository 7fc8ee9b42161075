"""The stage before there is an app: what will stand here, and that it is being made."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.theme import Theme
from ui.widgets import EmptyState
from ui.widgets.preview import Preview


class Waiting(QObject):
    """Keep the card on the stage of a preview that has no app yet."""

    def __init__(self, theme: Theme, preview: Preview) -> None:
        super().__init__(preview)
        self._theme, self._preview = theme, preview
        self._card: EmptyState | None = None
        self._slow = QTimer(self, singleShot=True, interval=theme.tokens.duration_ms["busy_delay"])
        self._slow.timeout.connect(self._on_slow)

    def begin(self) -> None:
        """Show that an app is being made; the words come when it takes long."""
        self._card = EmptyState(self._theme, "puzzle-piece", self.tr("Your app will stand here"), "")
        self._preview.clear(self._card)
        self._slow.start()

    def more(self) -> None:
        """Say that it is being made, again."""
        if self._card is not None:
            self._slow.start()

    def ask(self) -> None:
        """Say that a wish is needed: the last one made no app."""
        self._slow.stop()
        if self._card is not None:
            self._card.about.setText(self.tr("Say in the box what you want to make."))

    def end(self) -> None:
        """Let the card go: an app stands there, or none is asked for."""
        self._slow.stop()
        self._card = None

    def _on_slow(self) -> None:
        if self._card is not None:
            self._card.about.setText(self.tr("It is being made. This takes a moment."))

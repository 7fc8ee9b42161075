"""What went out today: the list behind the network state, for anybody who wants to know."""

from __future__ import annotations

import datetime

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QWidget

from studio.network import Contact, NetworkGate
from ui.theme import Theme
from ui.widgets import Dialog, Glyph, Wrapped, button, col, frame, line, row, text
from ui.words import size as size_words


class NetworkSheet(Dialog):
    """Show every contact of today, the newest first, or that there was none."""

    def __init__(self, window: QWidget, theme: Theme, gate: NetworkGate) -> None:
        super().__init__(window, theme, "", width=520)
        contacts = gate.today()
        offline = gate.offline
        self.set_title(self.tr("What went out today"))
        state = self.tr("The studio is offline. Nothing can go out.") if offline else self.tr(
            "The studio may use the internet. Only things you ask for go out."
        )  # fmt: skip
        rows: list[QWidget] = [self._state(state, offline)]
        if not contacts:
            rows.append(Wrapped(self.tr("Nothing went out today.")))
        else:
            rows.append(self._list(contacts))
        self.set_content(col(*rows, gap=14))
        done = button(theme, self.tr("Close"), clicked=self.close_dialog)
        self.set_foot(None, done, first=done)

    def _state(self, words: str, offline: bool) -> QWidget:
        icon, tone = ("wifi-slash", "text_soft") if offline else ("wifi-high", "text_soft")
        return frame(
            "well",
            row(Glyph(self.theme, icon, tone, 24), (Wrapped(words), 1), margins=(14, 12, 14, 12), gap=12),
        )

    def _list(self, contacts: tuple[Contact, ...]) -> QWidget:
        body = col(gap=0)
        for index, contact in enumerate(reversed(contacts)):
            if index:
                body.addWidget(line())
            words = col(
                text(contact.host, "strong", data=True), Wrapped(contact.why, "small", data=True), gap=0
            )
            facts = text(f"{_clock(contact.at)} · {size_words(contact.size_bytes)}", "small", data=True)
            body.addLayout(row((words, 1), facts, margins=(14, 8, 14, 8), gap=12))
        return frame("card", body)


def _clock(moment: str) -> str:
    try:
        here = datetime.datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return ""
    return QLocale().toString(QTime(here.hour, here.minute), QLocale.FormatType.ShortFormat)

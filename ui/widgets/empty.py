"""The empty state: a leaf, one line, one explanation, one green button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme import Theme
from ui.widgets.layouts import Flow, col, row
from ui.widgets.painted import leaf
from ui.widgets.texts import Wrapped

WIDE = 460


class EmptyState(QWidget):
    """Say what will be here and offer the one thing that begins it."""

    def __init__(self, theme: Theme, icon: str, title: str, about: str, *buttons: QPushButton) -> None:
        super().__init__()
        heading, how = Wrapped(title, "title"), Wrapped(about, "lead")
        self.about = how
        for label in (heading, how):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        theme.follow(how, lambda it: it.setMaximumWidth(theme.px(WIDE)))
        holder = QWidget()
        acts = Flow(*buttons, gap=12)
        holder.setLayout(acts)
        holder.setMaximumWidth(acts.sizeHint().width() + 2)
        theme.follow(holder, lambda it: it.setMaximumWidth(acts.sizeHint().width() + 2))
        words = row((None or _spring(), 1), (how, 8), (_spring(), 1), gap=0)
        acts_row = row(None, (holder, 4), None, gap=0)
        self.setLayout(
            col(None, row(None, leaf(theme, icon), None), 8, heading, words, 16, acts_row, None, None, gap=6)
        )


def _spring() -> QWidget:
    return QWidget()

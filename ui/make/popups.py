"""Menus that open under what was pressed and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from ui.theme import Theme


def popup(
    theme: Theme, owner: QWidget, beside: QWidget, *choices: tuple[str, str, bool, Callable[[], object]]
) -> QMenu:
    """Open a menu under a widget; each choice has words, an icon, whether it can be, and what it does."""
    menu = QMenu(owner)
    for words, icon, enabled, act in choices:
        action = menu.addAction(theme.icon(icon), words)
        action.setEnabled(enabled)
        action.triggered.connect(act)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))
    return menu

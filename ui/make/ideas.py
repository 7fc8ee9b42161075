"""Three wishes that fit the app on the screen; each is one that the starter planner understands."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.blueprints import Blueprint

MOST = 3
_translate = QCoreApplication.translate


def ideas_for(blueprint: Blueprint) -> tuple[str, ...]:
    """Return up to three short wishes that would change something."""
    kinds = {block.type for block in blueprint.blocks}
    theme = blueprint.theme
    choices: tuple[tuple[bool, str], ...] = (
        ("timer" not in kinds and len(kinds) < 3, _translate("Ideas", "add a timer")),
        (theme.palette != "ocean", _translate("Ideas", "make it blue")),
        (theme.size != "large", _translate("Ideas", "bigger words")),
        (theme.mode != "dark", _translate("Ideas", "make it dark")),
        ("checklist" not in kinds, _translate("Ideas", "add a checklist")),
        (theme.palette != "candy", _translate("Ideas", "make it pink")),
    )
    return tuple(words for fits, words in choices if fits)[:MOST]

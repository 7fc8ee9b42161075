"""Icons: glyphs of one icon font (Phosphor), drawn in the colours of the theme at the moment of painting.

Because a glyph looks its colour up when it is painted, an icon never has to be made again when the
theme changes, and it is sharp at every size. The font and its list of names are data files of the
installed `qtawesome` package. They are read without importing it: the import loads a dozen other
icon fonts, which costs half a second and 45 MB.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

from studio.errors import MissingError
from studio.phrases import phrase

if TYPE_CHECKING:
    from ui.theme.theme import Theme

DIRECTED = frozenset({
    "arrow-right", "arrow-right-bold", "arrow-left", "arrow-left-bold", "export", "caret-right-bold",
    "arrow-u-up-left", "arrow-u-up-left-bold", "arrow-u-up-right", "arrow-u-up-right-bold", "sign-out",
    "arrow-clockwise", "arrow-counter-clockwise", "chat-circle-text", "chats-circle", "list-bullets",
})  # fmt: skip
"""Icons that point somewhere: mirrored in a window that reads from right to left."""

FILL = 0.875
"""How much of its square a glyph fills: the font's own margin is wider than that of the designs."""


def _font_folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise MissingError(
            phrase("A part of the program is missing: its icons."),
            next=phrase("Run the set-up once more."),
            detail="package qtawesome is not installed",
        )
    return Path(spec.submodule_search_locations[0]) / "fonts"


@lru_cache(maxsize=1)
def glyphs() -> Mapping[str, str]:
    """Return the character of every icon name."""
    path = sorted(_font_folder().glob("phosphor-charmap-*.json"))[-1]
    return {name: chr(int(code, 16)) for name, code in json.loads(path.read_text(encoding="utf-8")).items()}


@lru_cache(maxsize=1)
def family() -> str:
    """Return the family name of the icon font after loading it into the application."""
    path = sorted(_font_folder().glob("phosphor-*.ttf"))[-1]
    number = QFontDatabase.addApplicationFont(str(path))
    return QFontDatabase.applicationFontFamilies(number)[0]


def paint(painter: QPainter, rect: QRect, name: str, colour: QColor) -> None:
    """Draw one icon in the middle of `rect`, mirrored where it points and the window reads leftwards."""
    font = QFont(family())
    font.setPixelSize(max(1, round(min(rect.width(), rect.height()) * FILL)))
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoFontMerging)
    painter.save()
    if name in DIRECTED and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        painter.translate(rect.x() * 2 + rect.width(), 0)
        painter.scale(-1, 1)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyphs()[name])
    painter.restore()


class GlyphEngine(QIconEngine):
    """Draw one glyph; `tone` is its colour, `on` its colour when its button is checked."""

    def __init__(self, theme: Theme, name: str, tone: str, on: str) -> None:
        super().__init__()
        self._theme, self._name, self._tone, self._on = theme, name, tone, on

    def clone(self) -> QIconEngine:
        return GlyphEngine(self._theme, self._name, self._tone, self._on)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tone = self._on if state == QIcon.State.On else self._tone
        if mode == QIcon.Mode.Disabled:
            tone = "text_faint"
        paint(painter, rect, self._name, self._theme.colour(tone))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made


def known(name: str) -> str:
    """Return `name`; ValueError for an icon that the font does not have."""
    if name not in glyphs():
        raise ValueError(f"no icon is called {name!r}")
    return name

"""The palette of parts: all kinds as tiles in groups, found by name or by what they are good for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.blueprints import Kind
from studio.blueprints.kinds import ALSO, GROUPS, finds, kinds_in
from ui.theme import Theme
from ui.widgets import Card, Clamped, Dialog, Elided, Finder, Painted, Tile, app_icon, col, row
from ui.words import say

WIDE = 920
TILE_WIDE, TILE_HIGH = 204, 68
STICKER = 36


class AddPartDialog(Dialog):
    """Choose a kind of part. `picked` tells which; the dialog closes."""

    picked = Signal(str)

    def __init__(self, window: QWidget, theme: Theme, look: tuple[str, str]) -> None:
        super().__init__(window, theme, "", width=WIDE)
        self.setObjectName("add_part")
        self.set_title(self.tr("Add a part"))
        self._look = look
        self.tiles: dict[str, Card] = {}
        groups = [
            (say(name), [self._tile(kind) for kind in kinds_in(place)])
            for place, (name, _) in enumerate(GROUPS)
        ]
        self.finder = Finder(
            theme,
            self.tr("What should it do?"),
            groups,
            finds,
            nothing=self.tr("No part is called that. Try “game”, “list”, “draw” or “music”."),
        )
        self.set_content(col((self.finder, 1)), scrolls=False)
        theme.follow(
            self, lambda it: it.finder.setMinimumHeight(max(200, min(theme.px(640), window.height() - 150)))
        )
        self.set_foot(first=self.finder.search)

    def _tile(self, kind: Kind) -> Tile:
        name, what = say(kind.name), say(kind.what)
        picture = Painted(
            lambda painter, width, height: app_icon(
                painter, QRectF(0, 0, width, height), kind.icon, *self._look
            )
        )
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.theme.follow(picture, lambda it: it.setFixedSize(self.theme.px(STICKER), self.theme.px(STICKER)))
        words = col(None, Elided(name, "strong"), Clamped(what, "small", data=False), None, gap=0)
        tile = _PartTile(
            self.theme,
            self.tr("{name}: {what}").format(name=name, what=what),
            row(picture, (words, 1), margins=(10, 4, 8, 4), gap=10),
            clicked=lambda: self._on_picked(kind.type),
        )
        tile.setObjectName(f"add_part.{kind.type}")
        self.tiles[kind.type] = tile
        return Tile(tile, f"{name} {what} {say(ALSO[kind.type])}")

    def _on_picked(self, kind: str) -> None:
        self.close_dialog()
        self.picked.emit(kind)


class _PartTile(Card):
    """A card of one size, so that the tiles stand in straight lines."""

    def __init__(self, theme: Theme, name: str, layout: object, *, clicked: object) -> None:
        super().__init__(name, layout, clicked=clicked)  # type: ignore[arg-type]
        theme.follow(self, lambda it: it.setFixedSize(theme.px(TILE_WIDE), theme.px(TILE_HIGH)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = theme

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(TILE_WIDE), self._theme.px(TILE_HIGH))

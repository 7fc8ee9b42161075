"""The picture of an app that has no picture yet, as a scene for `Picture` and `StepsStrip`.

The drawing is `ui.theme.app_card`'s. Here names that this version does not know (a project of a newer
one) get a plain look instead of an error, and a card is drawn once per size.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from ui.theme.app_card import backgrounds, card_picture
from ui.theme.app_icons import MODES, NONE, markup, paint_app_icon, palette_names, palette_tokens
from ui.widgets.painted import Scene

PLAIN_ICON, PLAIN_PALETTE, PLAIN_BACKGROUND = "star", "school", "plain"
_KEPT_SIZES = 3


def _known(icon: str, palette: str, mode: str) -> tuple[str, str, str]:
    return (
        icon if icon == NONE or icon in markup() else PLAIN_ICON,
        palette if palette in palette_names() else PLAIN_PALETTE,
        mode if mode in MODES else MODES[0],
    )


def colours(palette: str, mode: str = "light") -> Mapping[str, str]:
    """Return the colours of an app's palette; an unknown palette gives a plain one."""
    _, known, known_mode = _known(NONE, palette, mode)
    return palette_tokens(known, known_mode)


def app_icon(painter: QPainter, rect: QRectF, icon: str, palette: str, mode: str = "light") -> None:
    """Draw the icon of an app as a sticker with a rim; "none" draws nothing."""
    name, known, known_mode = _known(icon, palette, mode)
    paint_app_icon(painter, rect, name, palette_tokens(known, known_mode))


def app_scene(
    icon: str, title: str, palette: str, mode: str = "light", background: str = PLAIN_BACKGROUND
) -> Scene:
    """Return a scene: the app's sticker on the ground of its palette, and its title where there is room."""
    name, known, known_mode = _known(icon, palette, mode)
    scenery = background if background in backgrounds() else PLAIN_BACKGROUND
    drawn: dict[tuple[int, int, float], QPixmap] = {}

    def draw(painter: QPainter, rect: QRectF) -> None:
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        size = QSize(max(1, round(rect.width())), max(1, round(rect.height())))
        key = (size.width(), size.height(), ratio)
        if key not in drawn:
            while len(drawn) >= _KEPT_SIZES:
                drawn.pop(next(iter(drawn)))
            drawn[key] = card_picture(
                size, title=title, icon=name, palette=known, mode=known_mode, background=scenery, ratio=ratio
            )
        painter.drawPixmap(rect.topLeft(), drawn[key])

    return draw

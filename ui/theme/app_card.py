"""The picture of an app that has no screenshot yet: its ground, its scenery, its sticker, its name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from xml.etree import ElementTree

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPixmap,
    QRadialGradient,
    QTextLayout,
    QTextOption,
)
from PySide6.QtSvg import QSvgRenderer

from ui.theme.app_icons import NONE, coloured, markup, paint_app_icon, palette_tokens

_SVG = "{http://www.w3.org/2000/svg}"
_LINES = 2
_SMALLEST_TYPE = 13
"""Nobody reads letters under this size (pixels); a card too small for them shows its sticker only."""

_SCENE_WIDTH = 520
"""A card shows its scenery as an app of this width would: the pattern shrinks with the card."""


@dataclass(frozen=True)
class _Scene:
    """Hold one tile of scenery; `top` is where it begins, as a share of the height."""

    width: float
    height: float
    top: float
    drawing: str


def card_picture(
    size: QSize, *, title: str, icon: str, palette: str, mode: str, background: str, ratio: float = 1.0
) -> QPixmap:
    """Return the card as a pixmap of `size` logical pixels for a screen of this device pixel ratio."""
    made = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    rect = QRectF(0, 0, size.width(), size.height())
    painter = QPainter(made)
    try:
        paint_card(painter, rect, title=title, icon=icon, palette=palette, mode=mode, background=background)
    finally:
        painter.end()  # a pixmap that dies under its painter takes the program with it
    return made


def paint_card(
    painter: QPainter, rect: QRectF, *, title: str, icon: str, palette: str, mode: str, background: str
) -> None:
    """Paint the card over the whole of `rect`; made for 16:10, at home in any shape.

    The title stands in one or two lines, shortened with dots, and is left out where it could not be
    read. Raises ValueError for a name of a palette, icon or background that does not exist.
    """
    tokens = palette_tokens(palette, mode)
    if background not in _sceneries():
        raise ValueError(f"no background is called {background!r}")
    if icon != NONE and icon not in markup():
        raise ValueError(f"no picture is called {icon!r}")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    _paint_ground(painter, rect, tokens)
    _paint_scene(painter, rect, tokens, _sceneries()[background])
    font = _title_font(rect, title, alone=icon == NONE)
    words = _title_lines(title, font, _title_width(rect)) if font.pixelSize() >= _SMALLEST_TYPE else []
    disc = _disc(rect, with_words=bool(words))
    if icon != NONE:
        _paint_sticker(painter, disc, tokens, icon)
    if words:
        room = QRectF(rect) if icon == NONE else QRectF(rect.left(), disc.bottom(), rect.width(), 0)
        if icon != NONE:
            room.setBottom(rect.bottom() - rect.height() * 0.04)
        _paint_words(painter, room, words, font, QColor(tokens["text"]))
    painter.restore()


def backgrounds() -> tuple[str, ...]:
    """Return the names of all sceneries."""
    return tuple(_sceneries())


# ------------------------------------------------------------------ ground and scenery
def _paint_ground(painter: QPainter, rect: QRectF, tokens: Mapping[str, str]) -> None:
    """Fill with the palette's background, with a soft light in the upper third."""
    light = QRadialGradient(
        QPointF(rect.center().x(), rect.top() + rect.height() * 0.32), max(rect.width(), 1) * 0.62
    )
    light.setColorAt(0, QColor(tokens["surface"]))
    light.setColorAt(1, QColor(tokens["background"]))
    painter.fillRect(rect, light)


def _paint_scene(painter: QPainter, rect: QRectF, tokens: Mapping[str, str], scene: _Scene | None) -> None:
    if scene is None:
        return
    ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
    scale = rect.width() / _SCENE_WIDTH
    tile = QPixmap(
        max(1, round(scene.width * scale * ratio)),
        max(1, round(scene.height * scale * ratio)),
    )
    tile.fill(Qt.GlobalColor.transparent)
    tile_painter = QPainter(tile)
    tile_painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(coloured(scene.drawing, tokens).encode())).render(tile_painter)
    tile_painter.end()
    tile.setDevicePixelRatio(ratio)
    painter.drawTiledPixmap(rect.adjusted(0, rect.height() * scene.top, 0, 0), tile)


@lru_cache(maxsize=1)
def _sceneries() -> Mapping[str, _Scene | None]:
    """Return the tile of every scenery; None for the plain one."""
    text = (files("resources") / "runtime" / "scenery.json").read_text(encoding="utf-8")
    return {name: _scene(page) for name, page in json.loads(text).items()}


def _scene(page: str) -> _Scene | None:
    """Take the tile out of a page's scenery: Qt draws its shapes, but not every Qt knows patterns."""
    whole = ElementTree.fromstring(re.sub("<svg", f'<svg xmlns="{_SVG[1:-1]}"', page, count=1))  # noqa: S314
    tile = whole.find(f".//{_SVG}pattern")
    if tile is None:
        return None
    width, height = float(tile.get("width", 0)), float(tile.get("height", 0))
    inner = whole.find(f"{_SVG}svg")
    top = 0.0 if inner is None else float(inner.get("y", "0%").rstrip("%")) / 100
    drawing = ElementTree.Element(f"{_SVG}svg", {"viewBox": f"0 0 {width:g} {height:g}"})
    drawing.extend(list(tile))
    return _Scene(width, height, top, ElementTree.tostring(drawing, encoding="unicode"))


# ------------------------------------------------------------------ sticker
def _disc(rect: QRectF, *, with_words: bool) -> QRectF:
    """Return the square of the disc: in the upper part with words below it, else in the middle."""
    share, middle = (0.53, 0.355) if with_words else (0.78, 0.5)
    side = min(rect.height() * share, rect.width() * share)
    made = QRectF(0, 0, side, side)
    made.moveCenter(QPointF(rect.center().x(), rect.top() + rect.height() * middle))
    return made


def _paint_sticker(painter: QPainter, disc: QRectF, tokens: Mapping[str, str], icon: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens["line"]))
    painter.drawEllipse(disc.translated(0, disc.height() * 0.03))
    painter.setBrush(QColor(tokens["primary-soft"]))
    painter.drawEllipse(disc)
    side = disc.width() * 0.84
    place = QRectF(0, 0, side, side)
    place.moveCenter(disc.center())
    paint_app_icon(painter, place, icon, tokens)


# ------------------------------------------------------------------ words
def _title_width(rect: QRectF) -> float:
    return rect.width() * 0.86


def _title_font(rect: QRectF, title: str, *, alone: bool) -> QFont:
    """Return the letters for a title: smaller where only then its longest word fits into a line."""
    font = QFont(QGuiApplication.font())
    size = max(1, round(min(rect.height() * (0.15 if alone else 0.112), rect.width() * 0.07)))
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.Bold)
    widest = max((QFontMetricsF(font).horizontalAdvance(word) for word in title.split()), default=0.0)
    fitting = int(size * _title_width(rect) / widest) if widest > _title_width(rect) else size
    if fitting >= _SMALLEST_TYPE:
        font.setPixelSize(fitting)
    return font


def _title_lines(title: str, font: QFont, width: float) -> list[str]:
    """Break the title into at most two lines of about the same length, with dots where it goes on."""
    words = " ".join(title.split())
    lines = _broken(words, font, width)
    if len(lines) > _LINES:
        rest = "".join(lines[_LINES - 1 :])
        dotted = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return [*(line.strip() for line in lines[: _LINES - 1]), dotted]
    for share in (0.55, 0.65, 0.75, 0.85):
        even = _broken(words, font, width * share)
        if len(even) == len(lines) and not _cuts_word(words, even):
            return [line.strip() for line in even]
    return [line.strip() for line in lines]


def _broken(words: str, font: QFont, width: float) -> list[str]:
    layout = QTextLayout(words, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    found = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        found.append(words[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return found


def _cuts_word(words: str, lines: list[str]) -> bool:
    """Tell whether a line ends inside a word; letters without spaces between them may be cut."""
    return any(not line.endswith(" ") for line in lines[:-1]) and " " in words


def _paint_words(painter: QPainter, room: QRectF, lines: list[str], font: QFont, colour: QColor) -> None:
    step = QFontMetricsF(font).height() * 1.02
    painter.setFont(font)
    painter.setPen(colour)
    top = room.center().y() - step * len(lines) / 2
    for number, line in enumerate(lines):
        place = QRectF(room.left(), top + step * number, room.width(), step)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, line)

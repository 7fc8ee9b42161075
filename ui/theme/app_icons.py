"""Stickers: the icons of the apps (not of the window), drawn in the colours of an app's own palette.

The pictures are the ones that the runtime shows, in two files of the same shape: name to SVG markup on
a grid of 24. There colours are names (`var(--s2)`); here they become real ones, as Qt knows no custom
properties and no style rules. Around each picture goes a rim, so that it stands on any ground.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

NONE = "none"
"""The name for no picture: the place where it would be goes away."""

MODES = ("light", "dark")
_SHINE = "#ffffff"
_BOX = "-1 -1 26 26"
"""The grid of 24 and room for the rim; the same with and without it, so that pictures never jump."""

_OPTICAL = ((32, 1.6, 4.2), (110, 1.2, 3.4))
"""Up to this size, this ink line and this rim: large pictures need a finer line."""
_LARGE = (0.8, 2.5)
_QUIET_BELOW = 28
"""Under this size shade and shine are mud; they go."""

_LIGHT = frozenset({".16", ".85"})
"""The opacities of shade and of shine in all pictures."""

_TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")


@lru_cache(maxsize=1)
def markup() -> Mapping[str, str]:
    """Return the markup of every picture by its name."""
    folder = files("resources") / "runtime"
    found: dict[str, str] = {}
    for name in ("icons.json", "icons_more.json"):
        found.update(json.loads((folder / name).read_text(encoding="utf-8")))
    return found


@lru_cache(maxsize=1)
def _palettes() -> Mapping[str, Mapping[str, Any]]:
    text = (files("resources") / "runtime" / "palettes.json").read_text(encoding="utf-8")
    found: dict[str, Mapping[str, Any]] = json.loads(text)["palettes"]
    return found


def palette_names() -> tuple[str, ...]:
    """Return the names of all palettes, in the order of their file."""
    return tuple(_palettes())


def palette_tokens(palette: str, mode: str) -> Mapping[str, str]:
    """Return the colours of a palette in a mode ("light" or "dark"); ValueError for one that is not there."""
    if mode not in MODES or palette not in _palettes():
        raise ValueError(f"no palette is called {palette!r} in {mode!r}")
    tokens: Mapping[str, str] = _palettes()[palette][mode]
    return tokens


def app_icon_svg(name: str, palette_tokens: Mapping[str, str], *, rim: bool = True, size: int = 48) -> bytes:
    """Return the picture as a whole SVG file in the colours of `palette_tokens`.

    `size` is how large it will be shown, in pixels: it chooses the weight of the line. Raises ValueError
    for a name without a picture and for a colour that `palette_tokens` lacks.
    """
    if name not in markup():
        raise ValueError(f"no picture is called {name!r}")
    line, rim_line = next((pair for most, *pair in _OPTICAL if size <= most), _LARGE)
    picture = ElementTree.fromstring(f"<g>{markup()[name]}</g>")  # noqa: S314  # our own file
    if size < _QUIET_BELOW:
        _drop(picture, _LIGHT)
    parts = [_group(picture, stroke="var(--ink)", width=line)]
    if rim:
        outline = ElementTree.fromstring(f"<g>{markup()[name]}</g>")  # noqa: S314  # our own file
        _drop(outline, None)
        _as_rim(outline)
        parts.insert(0, _group(outline, stroke="var(--rim)", width=rim_line))
    drawing = "".join(parts)
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_BOX}">{drawing}</svg>'
    return coloured(whole, {"shine": _SHINE, **palette_tokens}).encode()


def app_icon(name: str, palette: str, mode: str, size: int, *, ratio: float = 1.0) -> QPixmap:
    """Return the picture as a square pixmap of `size` logical pixels; empty ground for "none".

    `ratio` is the device pixel ratio of the screen that it is for.
    """
    pixels = max(1, round(size * ratio))
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    if name != NONE:
        drawing = app_icon_svg(name, palette_tokens(palette, mode), size=size)  # may refuse: before painting
        painter = QPainter(made)
        _render(painter, QRectF(0, 0, size, size), drawing)
        painter.end()
    return made


def paint_app_icon(
    painter: QPainter, rect: QRectF, name: str, palette_tokens: Mapping[str, str], *, rim: bool = True
) -> None:
    """Draw the picture into `rect`, sharp at every scale of `painter`; nothing for "none"."""
    if name == NONE:
        return
    size = round(min(rect.width(), rect.height()))
    _render(painter, rect, app_icon_svg(name, palette_tokens, rim=rim, size=size))


def _render(painter: QPainter, rect: QRectF, drawing: bytes) -> None:
    renderer = QSvgRenderer(QByteArray(drawing))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, rect)
    painter.restore()


def _drop(picture: ElementTree.Element, opacities: frozenset[str] | None) -> None:
    """Take away the parts with one of these opacities; with None, all parts that are half transparent."""
    for parent in list(picture.iter()):
        for part in list(parent):
            opacity = part.get("opacity")
            if opacity is not None and (opacities is None or opacity in opacities):
                parent.remove(part)


def _as_rim(picture: ElementTree.Element) -> None:
    """Turn every part into rim: one colour, one line for all."""
    for part in picture.iter():
        if part.tag == "g":
            continue
        part.attrib.pop("stroke", None)
        part.attrib.pop("stroke-width", None)
        if part.get("fill") != "none":
            part.set("fill", "var(--rim)")


def _group(picture: ElementTree.Element, *, stroke: str, width: float) -> str:
    inner = "".join(ElementTree.tostring(part, encoding="unicode") for part in picture)
    line = f'stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round"'
    return f"<g {line}>{inner}</g>"


def coloured(text: str, colours: Mapping[str, str]) -> str:
    """Put real colours in the place of their names; ValueError for a name that `colours` lacks."""

    def colour(found: re.Match[str]) -> str:
        if found[1] not in colours:
            raise ValueError(f"no colour is called {found[1]!r}")
        return colours[found[1]]

    return _TOKEN.sub(colour, text)

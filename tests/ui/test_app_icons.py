"""Stickers: each name of the blueprint has its own picture, and Qt draws it in the colours of the palette."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from ui.theme.app_icons import NONE, app_icon, app_icon_svg, markup, palette_names, palette_tokens

RUNTIME = files("resources") / "runtime"
SCHEMA = json.loads((files("resources") / "schemas" / "blueprint.schema.json").read_text(encoding="utf-8"))
NAMES = tuple(name for name in SCHEMA["$defs"]["icon"]["enum"] if name != NONE)
SOME_PALETTES = (("space", "dark"), ("ocean", "light"), ("mono", "light"), ("neon", "dark"))
KNOWN = {"ink", "shine", "s1", "s2", "s3", "s4", "s5", "s6"}
MOUTHED = (
    "fox", "bear", "panda", "rabbit", "frog", "fish", "octopus", "whale", "dino", "dragon", "unicorn", "robot",
    "alien", "turtle", "smile", "sad",
)  # fmt: skip
EYED = (*MOUTHED, "cat", "dog", "ghost", "bird", "owl")

pytestmark = pytest.mark.usefixtures("qapp")


def tree(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<g>{markup()[name]}</g>")


def inked(image: QImage) -> int:
    """Count the pixels that are painted."""
    return sum(
        image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height())
    )


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def test_that_each_name_of_the_blueprint_has_one_picture_and_no_picture_is_without_a_name() -> None:
    assert set(markup()) == set(NAMES)


def test_that_no_picture_is_drawn_in_both_files() -> None:
    first, second = (
        json.loads((RUNTIME / name).read_text(encoding="utf-8")) for name in ("icons.json", "icons_more.json")
    )
    assert not set(first) & set(second)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_picture_uses_only_named_colours_and_simple_shapes(name: str) -> None:
    for part in tree(name).iter():
        assert part.tag in {"g", "path", "circle", "ellipse"}
        assert "id" not in part.attrib, "a page shows many pictures: ids would meet"
        for key in ("fill", "stroke"):
            value = part.get(key, "none")
            found = re.fullmatch(r"var\(--([a-z0-9]+)\)", value)
            assert value == "none" or (found and found[1] in KNOWN), f"{key}={value}"


@pytest.mark.parametrize("name", NAMES)
def test_that_a_picture_stays_small(name: str) -> None:
    assert sum(part.tag == "path" for part in tree(name).iter()) <= 8


@pytest.mark.parametrize("name", EYED)
def test_that_every_creature_can_blink(name: str) -> None:
    assert sum(part.get("class") == "eyes" for part in tree(name).iter("g")) == 1


@pytest.mark.parametrize("name", MOUTHED)
def test_that_a_face_has_one_mouth_that_is_a_path(name: str) -> None:
    assert [part.tag for part in tree(name).iter() if part.get("class") == "mouth"] == ["path"]


@pytest.mark.parametrize(("palette", "mode"), SOME_PALETTES)
def test_that_every_picture_is_drawn_and_none_looks_like_another(palette: str, mode: str) -> None:
    seen: dict[bytes, str] = {}
    for name in NAMES:
        image = app_icon(name, palette, mode, 24).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        assert 0.15 < inked(image) / 24**2 < 0.95, name
        pixels = bytes(image.constBits())
        assert pixels not in seen, f"{name} looks like {seen.get(pixels)}"
        seen[pixels] = name


@pytest.mark.parametrize("name", NAMES)
def test_that_the_rim_stays_inside_the_square(name: str) -> None:
    image = app_icon(name, "space", "dark", 96).toImage()
    edge = [image.pixelColor(x, y).alpha() for i in range(96) for x, y in ((i, 0), (i, 95), (0, i), (95, i))]
    assert max(edge) == 0


@pytest.mark.parametrize("name", NAMES)
def test_that_the_fills_are_the_colours_of_the_palette(name: str) -> None:
    tokens = palette_tokens("candy", "light")
    shown = colours(app_icon(name, "candy", "light", 160).toImage())
    full = [
        part
        for part in tree(name).iter()
        if part.get("fill") not in {None, "none"} and not part.get("opacity")
    ]
    named = {part.get("fill", "")[6:-1] for part in full}
    assert named, "a picture has at least one full colour"
    assert {tokens.get(slot, "#ffffff") for slot in named} <= shown
    assert tokens["ink"] in shown


def test_that_a_rim_makes_the_picture_larger_and_is_its_border() -> None:
    tokens = palette_tokens("space", "dark")
    sizes = []
    for rim in (False, True):
        image = QImage(QSize(64, 64), QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(app_icon_svg("heart", tokens, rim=rim, size=64))).render(painter)
        painter.end()
        sizes.append(inked(image))
        row = [image.pixelColor(x, 28) for x in range(64)]
        outermost = next(colour for colour in row if colour.alpha() == 255)
        assert outermost.lightness() > 240 if rim else outermost.lightness() < 60
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("palette", palette_names())
def test_that_every_palette_has_all_colours_that_the_pictures_name(palette: str) -> None:
    for mode in ("light", "dark"):
        for name in NAMES:
            assert b"var(" not in app_icon_svg(name, palette_tokens(palette, mode))


def test_that_a_large_picture_has_a_finer_line() -> None:
    tokens = palette_tokens("space", "light")
    widths = [
        float(re.search(rb'stroke="%s" stroke-width="([\d.]+)"' % tokens["ink"].encode(), svg)[1])
        for svg in (app_icon_svg("gem", tokens, size=size) for size in (20, 48, 200))
    ]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 3


def test_that_none_leaves_no_picture() -> None:
    assert inked(app_icon(NONE, "space", "dark", 24).toImage()) == 0


def test_that_a_pixmap_is_sharp_on_a_screen_of_double_density() -> None:
    made = app_icon("fox", "forest", "light", 32, ratio=2.0)
    assert made.deviceIndependentSize().toSize() == QSize(32, 32)
    assert made.size() == QSize(64, 64)


def test_that_unknown_names_are_refused() -> None:
    tokens = palette_tokens("space", "dark")
    with pytest.raises(ValueError, match="kraken"):
        app_icon_svg("kraken", tokens)
    with pytest.raises(ValueError, match="'mud'"):
        app_icon("star", "mud", "dark", 24)
    with pytest.raises(ValueError, match="'dusk'"):
        app_icon("star", "space", "dusk", 24)
    with pytest.raises(ValueError, match="'s2'"):
        app_icon_svg("star", {name: value for name, value in tokens.items() if name != "s2"})

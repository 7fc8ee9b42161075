"""The token file, the theme and the icons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.theme import NAMES, Theme, icons
from ui.theme.tokens import load

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "ui").rglob("*.py"))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_every_promised_pair_has_its_contrast(name: str) -> None:
    tokens = load()
    colours = tokens.colours[name]
    low = [
        f"{pair.colour} on {pair.on}"
        for pair in tokens.pairs[name]
        if contrast(colours[pair.colour], colours[pair.on]) < pair.needs
    ]
    assert not low
    assert len(tokens.pairs[name]) >= 50


def test_all_themes_name_the_same_colours() -> None:
    colours = load().colours
    assert set(colours["light"]) == set(colours["dark"]) == set(colours["high_contrast"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_the_sheet_has_no_hole_and_its_pictures_exist(qapp: object, name: str, scale: float) -> None:
    theme = Theme()
    theme.use(name, scale=scale)
    sheet = theme.sheet()
    assert "$" not in sheet
    paths = re.findall(r"url\(([^)]+)\)", sheet)
    assert len(paths) == 2
    assert all(Path(path).is_file() for path in paths)


def test_no_widget_names_a_colour() -> None:
    """Widgets ask for a meaning; hex values live in the token file only."""
    allowed = {"app_icons.py"}  # the apps' own shine, white on every palette
    named = [
        f"{path.name}: {found}"
        for path in SOURCES
        if path.name not in allowed
        for found in re.findall(r"""["']#[0-9a-fA-F]{6,8}["']""", path.read_text(encoding="utf-8"))
    ]
    assert not named


def test_every_icon_that_the_window_names_exists(qapp: object) -> None:
    named = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        named |= set(
            re.findall(
                r'(?:Glyph|icon|tool|leaf|EmptyState)\(\s*(?:self\._?theme|theme),\s*"([a-z0-9-]+)"', text
            )
        )
        named |= set(re.findall(r'\.icon\("([a-z0-9-]+)"', text))
        named |= {
            icon for icon in re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', text) if f"{icon}" in icons.glyphs()
        }
    assert len(named) > 20
    assert not {name for name in named if name not in icons.glyphs()}


def test_an_unknown_icon_is_refused_when_it_is_asked_for(theme: Theme) -> None:
    with pytest.raises(ValueError, match="nope"):
        theme.icon("nope")


def inked(icon: QIcon, state: QIcon.State = QIcon.State.Off, mode: QIcon.Mode = QIcon.Mode.Normal) -> QColor:
    image = icon.pixmap(QSize(40, 40), mode, state).toImage()
    pixels = [image.pixelColor(x, y) for x in range(40) for y in range(40)]
    return max(pixels, key=lambda pixel: pixel.alpha())


def test_an_icon_follows_the_theme_by_itself(theme: Theme) -> None:
    icon = theme.icon("house-fill", "text")
    light = inked(icon)
    theme.use("dark")
    dark = inked(icon)
    assert light.name().upper() == load().colours["light"]["text"]
    assert dark.name().upper() == load().colours["dark"]["text"]
    assert inked(icon, mode=QIcon.Mode.Disabled).name().upper() == load().colours["dark"]["text_faint"]


def balance(icon: QIcon) -> float:
    """Return how far right of the middle the ink of an icon lies, in pixels."""
    image = icon.pixmap(QSize(32, 32)).toImage()
    ink = {(x, y): image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)}
    return sum(x * weight for (x, _), weight in ink.items()) / sum(ink.values()) - 15.5


def test_a_directed_icon_is_mirrored_in_a_window_that_reads_leftwards(
    theme: Theme, qapp: QApplication
) -> None:
    arrow, lens = theme.icon("arrow-right-bold", "text"), theme.icon("magnifying-glass", "text")
    before = balance(arrow), balance(lens)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        after = balance(arrow), balance(lens)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert before[0] > 1
    assert after[0] == pytest.approx(-before[0], abs=0.3)
    assert after[1] == pytest.approx(before[1])


def test_followers_are_dressed_now_and_later_and_leave_with_their_widget(theme: Theme) -> None:
    import shiboken6

    heights: list[int] = []
    widget = QWidget()
    theme.follow(widget, lambda it: heights.append(theme.px(10)))
    theme.use("light", scale=2.0)
    shiboken6.delete(widget)
    theme.use("dark", scale=1.0)
    assert heights == [10, 20]


def test_the_scale_stays_between_one_and_two(theme: Theme) -> None:
    theme.use("light", scale=9)
    assert theme.px(10) == 20
    theme.use("light", scale=0.1)
    assert theme.px(10) == 10


def test_movement_can_be_switched_off(theme: Theme) -> None:
    theme.use("light", motion="on")
    assert theme.ms("move") == 220
    theme.use("light", motion="off")
    assert theme.ms("move") == 0
    assert theme.ms("toast_stay") == 6000


def test_an_unknown_theme_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="pink"):
        theme.use("pink")


@pytest.mark.parametrize("name", NAMES)
def test_palette_and_sheet_agree(theme: Theme, name: str) -> None:
    theme.use(name)
    label = QLabel("x")
    label.ensurePolished()
    assert label.palette().color(label.foregroundRole()) == theme.colour("text")
    assert theme.palette().placeholderText().color() == theme.colour("text_faint")
    label.deleteLater()

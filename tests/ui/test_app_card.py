"""The card of an app without a screenshot: every look paints, words stay readable and inside."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from ui.theme.app_card import backgrounds, card_picture, paint_card
from ui.theme.app_icons import palette_names, palette_tokens

SIZE = QSize(240, 150)
LOOK = {"icon": "fox", "palette": "forest", "mode": "light", "background": "plain"}

pytestmark = pytest.mark.usefixtures("qapp")


def card(title: str = "Planet Quiz", size: QSize = SIZE, **look: str) -> QImage:
    return card_picture(size, title=title, **{**LOOK, **look}).toImage()


def differing(one: QImage, other: QImage) -> list[QPoint]:
    """Return the places where two pictures are not the same."""
    return [
        QPoint(x, y)
        for x in range(one.width())
        for y in range(one.height())
        if one.pixel(x, y) != other.pixel(x, y)
    ]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("palette", palette_names())
def test_that_every_palette_paints_its_own_ground_disc_and_sticker(palette: str, mode: str) -> None:
    tokens = palette_tokens(palette, mode)
    image = card(palette=palette, mode=mode)
    shown = {image.pixelColor(x, y).name() for x in range(SIZE.width()) for y in range(SIZE.height())}
    assert {tokens[name] for name in ("primary-soft", "ink", "rim", "s1", "text")} <= shown
    corner = image.pixelColor(1, SIZE.height() - 2)
    ground = QColor(tokens["background"])
    assert max(abs(corner.red() - ground.red()), abs(corner.green() - ground.green())) <= 3
    assert all(image.pixelColor(x, y).alpha() == 255 for x in (0, 239) for y in (0, 149))


def test_that_the_sceneries_are_those_that_a_blueprint_can_name_and_all_differ() -> None:
    assert set(backgrounds()) == {
        "plain",
        "stars",
        "bubbles",
        "clouds",
        "grid",
        "leaves",
        "confetti",
        "waves",
    }
    pictures = [card(background=name) for name in backgrounds()]
    for number, one in enumerate(pictures):
        assert all(len(differing(one, other)) > 100 for other in pictures[number + 1 :])


def test_that_scenery_uses_the_quiet_colours_of_the_palette() -> None:
    tokens = palette_tokens("forest", "light")
    image = card(title="", background="waves")
    shown = {image.pixelColor(x, y).name() for x in range(0, 240, 2) for y in range(90, 150)}
    assert {tokens["decor1"], tokens["decor2"]} & shown


@pytest.mark.parametrize(
    "title", ["Cats", "A quiz about the planets", "W" * 80, "word " * 16, "苹果和香蕉的故事" * 4]
)
@pytest.mark.parametrize("icon", ["fox", "none"])
def test_that_words_stay_inside_the_card_and_off_the_sticker(title: str, icon: str) -> None:
    where = differing(card(title=title, icon=icon), card(title=" ", icon=icon))
    words = [place for place in where if place.y() > 95] if icon == "fox" else where
    assert words
    assert min(place.x() for place in words) >= 240 * 0.05
    assert max(place.x() for place in words) <= 240 * 0.95
    assert max(place.y() for place in words) < 149


def test_that_a_long_title_goes_no_further_than_two_lines() -> None:
    two = differing(card("Many words " * 2, icon="none"), card(" ", icon="none"))
    ten = differing(card("Many words " * 10, icon="none"), card(" ", icon="none"))
    tall = max(place.y() for place in ten) - min(place.y() for place in ten)
    assert tall <= 2.2 * 23
    assert len(ten) > len(two)


def test_that_a_word_a_little_too_long_is_made_smaller_and_not_cut() -> None:
    where = differing(card("Extraordinarily-odd-nosh", icon="none"), card(" ", icon="none"))
    assert max(place.y() for place in where) - min(place.y() for place in where) < 1.5 * 17


def test_that_a_card_too_small_for_words_shows_the_sticker_alone_and_larger() -> None:
    small = QSize(93, 58)
    assert card("Planet Quiz", small) == card("Something else", small)
    assert card("", small) != card("", small, icon="none")


def test_that_a_card_without_an_icon_still_says_its_name() -> None:
    assert len(differing(card("Cats", icon="none"), card(" ", icon="none"))) > 50


def test_that_nothing_is_painted_beside_the_card() -> None:
    image = QImage(300, 200, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_card(painter, QRectF(30, 20, 240, 150), title="W" * 60, **{**LOOK, "background": "bubbles"})
    painter.end()
    inside = QRect(29, 19, 242, 152)
    beside = [QPoint(x, y) for x in range(300) for y in range(200) if not inside.contains(x, y)]
    assert all(image.pixelColor(place).alpha() == 0 for place in beside)


def test_that_the_picture_is_sharp_on_a_screen_of_double_density() -> None:
    made = card_picture(SIZE, title="Cats", ratio=2.0, **LOOK)
    assert made.size() == SIZE * 2
    assert made.deviceIndependentSize().toSize() == SIZE


def test_that_unknown_names_are_refused() -> None:
    for wrong in ({"icon": "kraken"}, {"palette": "mud"}, {"mode": "dusk"}, {"background": "fog"}):
        with pytest.raises(ValueError, match=next(iter(wrong.values()))):
            card(**wrong)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    width=st.integers(1, 400),
    height=st.integers(1, 300),
)
def test_that_any_words_and_any_shape_paint(title: str, width: int, height: int) -> None:
    image = card(title, QSize(width, height), background="clouds")
    assert image.pixelColor(width - 1, height - 1).alpha() == 255

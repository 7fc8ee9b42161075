"""The converter, played in the real engine."""

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import NASTY, events, project, said, typed, value
from tests.apps.plays import play
from tests.support.browser import Qt

pytestmark = pytest.mark.slow


def pair(frm="miles", to="kilometres", factor=1.609344, offset=0.0):
    return {"frm": frm, "to": to, "factor": factor, "offset": offset}


DEGREES = pair("°C", "°F", 1.8, 32.0)


def converter(*pairs, **slots):
    return {"type": "converter", "title": "Far", "pairs": list(pairs) or [pair()], **slots}


def both(page):
    return value(page, "[data-act=side0]"), value(page, "[data-act=side1]")


def test_both_sides_of_a_converter_agree_whichever_is_typed(open_app):
    page = open_app(app(converter()))
    assert both(page) == ("10", "16.09")
    typed(page, "[data-act=side0]", "5")
    assert both(page) == ("5", "8.05")
    said(page, "5 miles is 8.05 kilometres")
    assert events(page) == ["start", "change"]
    typed(page, "[data-act=side1]", "16.09344")
    assert both(page) == ("10", "16.09344")
    said(page, "16.09 kilometres is 10 miles")
    page.do("document.querySelector('[data-act=swap]').focus();")
    page.press(Qt.Key.Key_Space)
    assert page.run("document.activeElement.dataset.act") == "swap"
    said(page, "16.09 miles is 25.9 kilometres")
    assert both(page) == ("25.9", "16.09344")
    assert events(page) == ["start", "change", "change", "change"]


@pytest.mark.parametrize(
    ("language", "words", "result"),
    [
        ("en", "1,5", "34.7"), ("en", "1.5", "34.7"), ("en", "1,000", "1832"), ("en", "0,125", "32.23"),
        ("de", "1.000", "1832"), ("de", "1.000,5", "1832.9"), ("en", "1,000.5", "1832.9"), ("fr", "1 000,5", "1832.9"),
        ("en", "1,000,000", "1800032"), ("en", " −40 ", "-40"), ("en", "-17.78", "-0.004"), ("ar", "٣٧", "98.6"),
        ("en", ".5", "32.9"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(open_app, language, words, result):
    page = open_app(app(converter(DEGREES), language=language))
    typed(page, "[data-act=side0]", words)
    shown = value(page, "[data-act=side1]")
    if language in ("de", "fr"):
        shown = shown.replace(",", ".")
    assert shown == result


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("", "Type a number on either side."), ("hello", "Type a number, such as"),
        ("1.2.x,4", "Type a number, such as"),
        ("--3", "Type a number, such as"), ("1e5", "Type a number, such as"), ("9" * 24, "too big for me"),
        (NASTY, "Type a number"),
    ],
)  # fmt: skip
def test_what_is_no_number_gets_a_kind_line_and_no_event(open_app, words, line):
    page = open_app(app(converter()))
    typed(page, "[data-act=side0]", words)
    said(page, line)
    assert line in page.text()
    assert both(page) == (words, "")
    assert events(page) == ["start"]


def choose(page, number):
    page.do(
        "const list = document.querySelector('select');"
        f"list.value = {number}; list.dispatchEvent(new Event('change'));"
    )


def test_every_pair_can_be_chosen_and_lies_on_paper(open_app):
    page = open_app(app(converter(pair(), DEGREES)))
    choose(page, 1)
    said(page, "10 °C is 50 °F")
    many = open_app(app(converter(*[pair(f"a{n}", f"b{n}", n + 1.0) for n in range(12)])))
    choose(many, 11)
    said(many, "10 a11 is 120 b11")
    assert many.run("sprout.look(0, 'pairs', 3)")
    assert "10 a3 is 40 b3" in many.text()
    many.do("dispatchEvent(new Event('beforeprint'));")
    paper = many.run("document.querySelector('.paper').textContent")
    assert "5 a11 is 60 b11" in paper
    many.do("dispatchEvent(new Event('afterprint'));")


def test_an_edit_keeps_what_was_typed(open_app):
    first = app(converter())
    page = open_app(document(first, number=901), everything=True)
    typed(page, "[data-act=side0]", "20")
    assert both(page) == ("20", "32.19")
    page.do(render_update(document(app(converter(pair(to="km"), DEGREES)), number=901)))
    assert both(page) == ("20", "32.19")
    assert "20 miles is 32.19 km" in page.text()


@pytest.mark.parametrize("size", [(320, 568), WIDE])
@pytest.mark.parametrize("factor", [5e-324, 1e-9, 999_999.5, 1_000_000.0])
def test_longest_units_and_outermost_numbers_fit(open_app, size, factor):
    far = pair("w" * 24, "m" * 24, factor, -10_000.0)
    page = open_app(
        app(converter(*[far] * 12, title="w" * 60), theme={"size": "large", "font": "pixel"}), size=size
    )
    for words in ("1", "999999999999", "0", "-3"):
        typed(page, "[data-act=side0]", words)
        assert page.sideways() == []
    assert "Infinity" not in page.text()
    assert "NaN" not in page.text()
    play(
        page,
        "b1",
        project(page)["blueprint"]["blocks"][0],
    )
    assert page.sideways() == []


def test_a_rule_hears_the_converter(open_app):
    page = open_app(app(converter(), note(), rules=[rule("b1", "change", "b2", "show_block")]))
    assert "Read me." not in page.text()
    play(page, "b1", converter())
    page.wait("document.body.innerText.includes('Read me.')")
    assert events(page) == ["start", "change"]

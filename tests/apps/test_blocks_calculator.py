"""Calculator, played in the real engine: formulas as Python reads them, numbers as people write them."""

import ast
import json
import operator
import random
import re
from typing import Any

import pytest

from studio.blueprints.formula import is_formula, plain_formula
from studio.blueprints.render import render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document
from tests.apps.playing import events, said
from tests.support.browser import Browser, Qt

pytestmark = pytest.mark.slow

TOKEN = re.compile(r"\d+\.\d+|\.\d+|\d+|[-+*/()abcd]")
NUMBER = re.compile(r"\d+\.\d+|\.\d+|\d+")
WORK = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
VALUES = {"a": 8.0, "b": -3.0, "c": 0.0, "d": 99999.0}
ZERO = "Nothing can be divided by 0. Try another number."
BIG = "This gets too big to write here. Try a smaller number."


def given(label: str = "Width", *, unit: str = "", start: int = 8) -> dict[str, Any]:
    return {"label": label, "unit": unit, "start": start}


def calculator(*inputs: dict[str, Any], formula: str = "a*b", **slots: Any) -> dict[str, Any]:
    both = list(inputs) or [given(), given("Height", start=3)]
    return {
        "type": "calculator", "title": "Area", "inputs": both, "formula": formula, "result": "Area", "unit": "",
        "decimals": 2, **slots,
    }  # fmt: skip


def write(page: Browser, number: int, text: str, *, settle: bool = False) -> None:
    """Type into a field; `settle` leaves it."""
    page.do(
        f"const field = document.querySelectorAll('.given input')[{number}]; field.value = {json.dumps(text)};"
        "field.dispatchEvent(new Event('input'));"
        + ("field.dispatchEvent(new Event('change'));" if settle else "")
    )


def result(page: Browser) -> str:
    return str(page.run("document.querySelector('.huge').innerText")).replace("\n", " ")


def line(page: Browser) -> str:
    return str(page.run("document.querySelector('.answer p:not(.huge)').textContent"))


@pytest.mark.parametrize("size", [(320, 568), PHONE, WIDE])
@pytest.mark.parametrize("theme", [{}, {"size": "large", "font": "pixel"}])
def test_numbers_fit_each_width(open_app, size, theme):
    wide = [
        given("w" * 40, unit="m" * 12, start=-100_000),
        *(given("n" * 40, start=100_000) for _ in range(3)),
    ]
    shown = calculator(*wide, formula="a*b*d/c", result="R" * 40, unit="u" * 12, decimals=6)
    page = open_app(app(shown, theme=theme), size=size)
    assert page.sideways() == []
    inside = page.run(
        "[...document.querySelectorAll('.answer *')].every((one) => one.getBoundingClientRect().right"
        " <= document.querySelector('.answer').getBoundingClientRect().right + 1)"
    )
    assert inside


# --- the same formulas as in Python


def work_out(node: ast.AST) -> float:
    if isinstance(node, ast.Expression):
        return work_out(node.body)
    if isinstance(node, ast.BinOp):
        return float(WORK[type(node.op)](work_out(node.left), work_out(node.right)))
    if isinstance(node, ast.UnaryOp):
        value = work_out(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    return VALUES[node.id] if isinstance(node, ast.Name) else float(ast.literal_eval(node))


def python_says(formula: str) -> float | str:
    """Return what Python makes of a formula, or the sentence that the page must show."""
    text = NUMBER.sub(lambda found: repr(float(found[0])), formula).strip()
    try:
        value = work_out(ast.parse(text, mode="eval"))
    except ZeroDivisionError:
        return ZERO
    return value if abs(value) < 1e15 else BIG


def in_words(formula: str) -> str:
    signs = {"*": "×", "/": "÷", "-": "−"}
    names = (signs.get(token, token.upper()) for token in TOKEN.findall(formula))
    plain = (
        f"{float(name):,.3f}".rstrip("0").rstrip(".") if NUMBER.fullmatch(name) else name for name in names
    )
    return " ".join(plain).replace("( ", "(").replace(" )", ")")


def made(chance: random.Random, depth: int = 0) -> str:
    """Return a formula by the grammar, now and then with spaces."""
    kind = chance.random()
    if depth > 3 or kind < 0.4:
        return chance.choice(["a", "b", "c", "d", "2", "0", "10.5", ".5", "007"])
    if kind < 0.5:
        return f"({made(chance, depth + 1)})"
    if kind < 0.6:
        return chance.choice("+-") + made(chance, depth + 1)
    space = chance.choice(["", " "])
    return f"{made(chance, depth + 1)}{space}{chance.choice('+-*/')}{space}{made(chance, depth + 1)}"


def spoiled(chance: random.Random) -> str:
    signs = list(made(chance))
    signs[chance.randrange(len(signs))] = chance.choice("abcd0123456789+*/(). -")
    return "".join(signs)


def noise(chance: random.Random) -> str:
    return "".join(chance.choice("abcd09+*/(). -") for _ in range(chance.randint(1, 9)))


def test_formulas_mean_what_they_mean_in_python_and_nothing_where_they_mean_nothing(open_app):
    chance = random.Random(6)
    formulas = [make(chance)[:60] for make in (made, spoiled, noise) for _ in range(150)]
    formulas += [
        "(" * 29 + "a" + ")" * 29,
        "*".join("d" * 30),
        "a/c",
        "c/c",
        "1.",
        "1..2",
        "a b",
        "()",
        " ",
        "-c",
    ]
    refused = [formula for formula in formulas if not is_formula(formula, 4)]
    assert 100 < len(refused) < len(formulas) - 200
    inputs = [given(name.upper(), start=int(value)) for name, value in VALUES.items()]
    shown = document(app(calculator(*inputs, decimals=6)), number=9301)
    page = open_app(shown, everything=True)
    update = render_update(shown).removeprefix("sprout.show(").removesuffix(");")
    answers = page.do(
        f"const parts = JSON.stringify({update}); const text = (one) => one?.textContent ?? '';"
        f"return {json.dumps(formulas)}.map((formula) => {{ const made = JSON.parse(parts);"
        " made.document.blueprint.blocks[0].formula = formula; sprout.show(made);"
        " return ['.huge b', '.huge + p', '.small'].map((one) => text(document.querySelector(`.answer ${one}`))); });"
    )
    for formula, (number, told, more) in zip(formulas, answers, strict=True):
        meant = formula if is_formula(formula, 4) else plain_formula(4)
        expected = python_says(meant)
        if isinstance(expected, str):
            assert (number, told) == ("?", expected), formula
        else:
            assert abs(float(number.replace(",", "")) - expected) <= 5.1e-7 + 1e-12 * abs(expected), formula
            assert more == in_words(meant), formula


def test_a_letter_without_a_number_means_nothing(open_app):
    page = open_app(document(app(calculator()), number=9302), everything=True)
    update = render_update(document(app(calculator()), number=9302)).replace("a*b", "a*c")
    page.do(update)
    assert line(page) == "8 + 3 = 11"


# --- numbers as people write them


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "1.5", "1.5"), ("en", "1,5", "1.5"), ("en", "1,000", "1,000"), ("en", "1,234,567.8", "1,234,567.8"),
        ("en", " 1 000 ", "1,000"), ("en", "−4", "-4"), ("en", ".5", "0.5"), ("en", "٣", "3"), ("de", "1,5", "1,5"),
        ("de", "1.000", "1.000"), ("de", "1.000,25", "1.000,25"), ("ar", "2.5", "2.5"),
    ],
)  # fmt: skip
def test_point_and_comma_are_both_read(open_app, language, text, shown):
    page = open_app(app(calculator(given(), formula="a", decimals=3), language=language))
    write(page, 0, text)
    assert result(page) == shown


@pytest.mark.parametrize("text", ["x", "1e5", "--1", "1+1", "0x10", "Infinity", "<b>1</b>", "½"])
def test_what_is_no_number_is_named_kindly(open_app, text):
    page = open_app(app(calculator()))
    write(page, 1, text)
    assert line(page) == "“Height” needs a number, such as 2.5."
    assert page.run("document.querySelectorAll('[aria-invalid=true]').length") == 1
    assert result(page) == "?"


def test_an_empty_field_a_zero_and_a_giant_are_told_and_healed(open_app):
    page = open_app(app(calculator(formula="a/b")))
    write(page, 1, " ", settle=True)
    said(page, "Write a number for “Height”.")
    write(page, 1, "0", settle=True)
    said(page, ZERO)
    write(page, 1, "9" * 24)
    assert line(page) == BIG
    assert events(page) == ["start", "change"]  # 0 is a number; an empty field and a giant are none
    write(page, 1, "2", settle=True)
    assert result(page) == "4"
    assert events(page) == ["start", "change", "change"]


def test_the_result_reads_as_a_sentence_and_is_heard_once_after_a_pause(open_app):
    page = open_app(
        app(
            calculator(
                given("Pizzas"), given("Friends", start=3), formula="a/b", result="Each gets", unit="slices"
            )
        )
    )
    assert result(page) == "2.67 slices"
    assert line(page) == "8 ÷ 3 ≈ 2.67"
    assert "Pizzas ÷ Friends" in page.text()
    for text in ("1", "15", "150"):
        write(page, 0, text)
    said(page, "Each gets: 50 slices")
    assert events(page) == ["start", "change"]
    write(page, 0, "150", settle=True)  # nothing new
    assert events(page) == ["start", "change"]


def test_money_keeps_both_its_digits(open_app):
    page = open_app(app(calculator(given(start=7), given(start=2), formula="a/b")))
    assert result(page) == "3.50"
    write(page, 0, "8")
    assert result(page) == "4"


def test_buttons_and_arrow_keys_step_and_keep_the_focus(open_app):
    page = open_app(app(calculator(unit="cm²")))
    page.click("[data-act=plus]", 1)
    assert result(page) == "32 cm²"
    page.click("[data-act=minus]")
    page.do("document.querySelectorAll('.given input')[0].focus()")
    page.press(Qt.Key.Key_Up)
    page.press(Qt.Key.Key_Up)
    assert result(page) == "36 cm²"
    assert page.run("document.activeElement.value") == "9"
    names = page.run(
        "[...document.querySelectorAll('.given button')].map((one) => one.getAttribute('aria-label'))"
    )
    assert names == ["Width: minus 1", "Width: plus 1", "Height: minus 1", "Height: plus 1"]


def test_an_edit_keeps_what_was_typed_where_its_start_stands(open_app):
    page = open_app(document(app(calculator()), number=9303), everything=True)
    write(page, 0, "20")
    page.do(
        render_update(document(app(calculator(given("Depth"), given(start=5), formula="a+b")), number=9303))
    )
    assert line(page) == "20 + 5 = 25"
    assert page.run("sprout.look(0, 'inputs', 1)")
    page.do(render_update(document(app(calculator(given(), formula="a")), number=9303)))
    assert line(page) == "8 = 8"

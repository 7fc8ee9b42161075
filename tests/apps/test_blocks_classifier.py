"""The classifier, played in the real engine."""

import json

import pytest

from studio.builder.starters import load_starters
from tests.apps.conftest import WIDE
from tests.apps.documents import app, document
from tests.apps.playing import events, said, typed, value
from tests.apps.plays import play
from tests.apps.plays.classifier import plays_here
from tests.support.browser import Qt
from tests.support.teacher import chances, teach

pytestmark = pytest.mark.slow

MOODS = {
    "happy": ["I love this!", "What a lovely day", "We had so much fun", "Hooray, we won", "Best cake ever"],
    "sad": [
        "I miss my cat",
        "I feel so alone",
        "This makes me cry",
        "My tower fell down",
        "Nobody came to play",
    ],
}
SHAPES = {
    "box": [[[[20, 20 + n], [80, 20], [80, 80], [20, 80], [20, 20 + n]]] for n in range(5)],
    "line": [[[[10, 50 + n], [90, 50 - n]]] for n in range(5)],
}
TEACHINGS = {"text": (MOODS, "text"), "drawing": (SHAPES, "drawing")}


def classifier(kind="text", **slots):
    labels = [{"name": name, "icon": "star", "say": f"It is {name}!"} for name in TEACHINGS[kind][0]]
    return {
        "type": "classifier", "title": "Guess", "input": kind, "model": "mine", "labels": labels, "sure": 60, **slots,
    }  # fmt: skip


@pytest.fixture(scope="module")
def taught():
    return {kind: teach(examples, kind=how) for kind, (examples, how) in TEACHINGS.items()}


def open_taught(open_app, taught, slots, **more):
    models = {slots["model"]: taught[slots["input"]]}
    return open_app(document(app(slots), models=models), **more)


def shown_chances(page):
    """Return the widths of the bars: they carry the chances to the last digit."""
    return page.run(
        "[...document.querySelectorAll('.guesses b[style]')]"
        ".map((one) => parseFloat(one.style.getPropertyValue('--w')) / 100)"
    )


TEXTS = [
    *MOODS["happy"], *MOODS["sad"], "x", "  We   WON!! ", "Ça me plaît énormément, à Noël", "ΟΔΥΣΣΕΥΣ Straße İstanbul",
    "ﬁne ½ ①",
    "🐸🎉 hooray 👩‍👩‍👧 🏳️‍🌈",
    "مرحبا يا صديقي", "שלום\u202e abc", "e\u0301 é", "日本語の文章です。",
    "a\u200bb\u00a0c", "'quotes' \"and\" <b>", "\t\n x", "w" * 400,
]  # fmt: skip


def test_page_and_python_agree_on_the_chances_of_a_text(open_app, taught):
    page = open_taught(open_app, taught, classifier())
    for text in TEXTS:
        typed(page, "textarea", text)
        page.click("[data-act=guess]")
        assert shown_chances(page) == pytest.approx(list(chances(taught["text"], text)), abs=1e-6), text


DRAWINGS = [
    SHAPES["box"][0], SHAPES["line"][2], [[[50, 50]]], [[[0, 0], [100, 100]], [[100, 0], [0, 100]]],
    [[[3, 3], [3, 3]], [[9.5, 80]]],
    [[[n % 100, (n * n) % 97] for n in range(0, 400, 7)]],
]  # fmt: skip


def draw(page, strokes):
    page.do(
        "document.querySelector('[data-act=clear]').click();"
        "const pad = document.querySelector('.pad'); const box = pad.getBoundingClientRect();"
        "const at = (type, [x, y]) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1,"
        " clientX: box.left + (x * box.width) / 100, clientY: box.top + (y * box.height) / 100 }));"
        f"for (const stroke of {json.dumps(strokes)}) {{ at('pointerdown', stroke[0]);"
        " stroke.slice(1).forEach((point) => at('pointermove', point)); at('pointerup', stroke.at(-1)); }"
    )


def test_page_and_python_agree_on_the_chances_of_a_drawing(open_app, taught):
    page = open_taught(open_app, taught, classifier("drawing"), size=WIDE)
    for strokes in DRAWINGS:
        draw(page, strokes)
        page.click("[data-act=guess]")
        points = page.run(
            "[...document.querySelectorAll('.pad polyline')]"
            ".map((one) => one.getAttribute('points').split(/[ ,]/).map(Number))"
        )
        seen = [list(zip(each[0::2], each[1::2], strict=True)) for each in points]
        assert [len(each) for each in seen] == [1 + len(_apart(each)) for each in strokes]
        assert shown_chances(page) == pytest.approx(list(chances(taught["drawing"], seen)), abs=1e-6)


def _apart(stroke):
    """Return the points that lie far enough from the one before to be drawn."""
    kept = [stroke[0]]
    for point in stroke[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 1.5:
            kept.append(point)
    return kept


def test_a_sure_guess_speaks_and_an_unsure_one_asks_for_more(open_app, taught):
    page = open_taught(open_app, taught, classifier())
    page.click("[data-act=guess]")
    said(page, "Write something here.")
    typed(page, "textarea", "Hooray, what a lovely day")
    page.press(Qt.Key.Key_Return)
    said(page, "I think: happy,")
    said(page, "It is happy!")
    assert page.run("document.querySelector('.bubble').textContent") == "It is happy!"
    assert events(page) == ["start", "change", "right"]
    page = open_taught(open_app, taught, classifier(sure=100))
    typed(page, "textarea", "Hooray, I cry")
    page.click("[data-act=guess]")
    said(page, "Not sure. Show me more.")
    assert value(page, "textarea") == "Hooray, I cry"
    assert events(page) == ["start", "change", "wrong"]


def test_the_pad_is_drawn_on_with_keys(open_app, taught):
    page = open_taught(open_app, taught, classifier("drawing"))
    page.do("document.querySelector('.pad').focus();")
    page.press(Qt.Key.Key_Space)
    said(page, "Pen down.")
    for _ in range(6):
        page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_Space)
    said(page, "Pen up.")
    page.click("[data-act=guess]")
    said(page, "I think: line")
    page.click("[data-act=clear]")
    assert page.run("document.querySelectorAll('.pad polyline').length") == 0


@pytest.mark.parametrize("kind", ["image", "webcam", "sound", "text", "drawing"])
def test_without_a_model_the_card_says_what_it_needs(open_app, kind):
    page = open_app(app(classifier() | {"input": kind}))
    assert "This part learns first" in page.text()
    assert "It needs" in page.text()
    assert "happy" in page.text()
    assert not plays_here(page, "b1")
    play(page, "b1", classifier() | {"input": kind})
    assert events(page) == ["start"]


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2}, {"input": "drawing"}, {"labels": ["happy"]}, {"labels": None},
        {"weights": "AAAA"}, {"weights": "%"}, {"weights": 7},
        {"scale": [1]}, {"scale": [1, None]}, {"bias": "x"}, {"temperature": 0}, {"temperature": None},
        {"bits": 40}, {"bits": "11"},
        {"letters": [4]}, {"letters": [0, 4]}, {"letters": [2, 99]}, {"words": -1}, {"words": 9},
    ],
)  # fmt: skip
def test_a_damaged_model_is_a_card_and_never_an_error(open_app, taught, damage):
    page = open_app(document(app(classifier()), models={"mine": {**taught["text"], **damage}}))
    assert "This part learns first" in page.text()


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_a_model_may_be_named_like_the_languages_own_things(open_app, name):
    page = open_app(app(classifier(model=name)))
    assert "This part learns first" in page.text()


def test_labels_in_another_order_keep_their_own_chances(open_app, taught):
    turned = classifier() | {"labels": classifier()["labels"][::-1]}
    page = open_taught(open_app, taught, turned)
    typed(page, "textarea", "I cry")
    page.click("[data-act=guess]")
    assert shown_chances(page) == pytest.approx(list(chances(taught["text"], "I cry"))[::-1], abs=1e-6)


@pytest.mark.parametrize("kind", ["text", "drawing"])
def test_the_most_and_longest_labels_fit_and_play(open_app, kind):
    examples = TEACHINGS[kind][0]
    ten = {f"{n}" * 30: list(examples.values())[n % 2] for n in range(10)}
    labels = [{"name": name, "icon": "star", "say": "m" * 120} for name in ten]
    slots = classifier(kind, labels=labels, title="w" * 60, sure=0)
    shown = document(
        app(slots, theme={"size": "large", "font": "pixel"}), models={"mine": teach(ten, kind=kind)}
    )
    page = open_app(shown, size=(320, 568))
    assert page.sideways() == []
    play(page, "b1", slots)
    assert page.sideways() == []
    assert events(page) == ["start", "change", "right"]


@pytest.mark.parametrize(
    ("starter", "words", "answer"),
    [
        ("leaf-lab", "We found acorns below it", "oak"),
        ("leaf-lab", "Thin green needles and a cone", "pine"),
        ("language-guesser", "Vamos a la escuela", "Spanish"),
        ("language-guesser", "Wie spät ist es heute?", "German"),
    ],
)
def test_the_models_of_the_starters_play_in_their_pages(open_app, starter, words, answer):
    shown = next(one for one in load_starters() if one.id == starter)
    page = open_app(shown.document)
    typed(page, "textarea", words)
    page.click("[data-act=guess]")
    said(page, f"I think: {answer},")
    assert "b1 right" in page.events()

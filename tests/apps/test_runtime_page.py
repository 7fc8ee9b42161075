"""The page round the blocks: themes, words, menu, layouts, keeping, hostile words, repainting in place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import resources
from studio.blueprints import new_block
from studio.blueprints.render import render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import (
    SIX,
    app,
    checklist,
    document,
    flashcards,
    note,
    picker,
    quiz,
    timer,
)
from tests.apps.playing import answer, events, play_quiz, project, said
from tests.apps.plays import play
from tests.support.browser import Qt

pytestmark = pytest.mark.slow
RUNTIME = resources.folder() / "runtime"
PALETTES = json.loads((RUNTIME / "palettes.json").read_text(encoding="utf-8"))["palettes"]
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "javascript:alert(1)",
    "{{7*7}} ${7*7} &lt;b&gt; &amp;",
    "\u202ertl \u200b\u200d\ufeff zero",
    "👩‍🚀🐸 é\u0301\u0301\u0301 中文 العربية",
    "__proto__",
    "W" * 40,
)


def hostile_app(words):
    ask = {"ask": words, "right": words, "wrong": [f"{words}!"], "hint": words, "why": words}
    return app(
        quiz(1, title=words, questions=[ask]),
        flashcards(title=words, cards=[{"front": words, "back": words}]),
        timer(title=words, done=words), checklist(title=words, items=[words, words]),
        picker(title=words, options=[words, f"{words[:39]}2"], button=words[:24]), note(title=words, text=words),
        title=words, about=words, rules=[{"when": {"block": "b6", "event": "click"},
                                          "do": {"block": "b6", "action": "speak", "say": words}}],
    )  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(open_app, words):
    watch = "window.alert = () => { document.documentElement.dataset.alerted = '1'; };"
    page = open_app(
        document(hostile_app(words), prompts=[words], credits=[{"id": "1", "title": words, "by": words}]),
        before=watch,
    )
    page.click("[data-act=tick]")
    page.click("[data-act=turn]")
    page.click("article")
    page.click("[data-act=answer]")
    page.click("[data-act=menu]")
    page.click("[data-act=about]")
    assert (
        page.run(
            "document.querySelectorAll('body script, img, iframe, object, embed, link:not([rel=icon])').length"
        )
        <= 1
    )
    assert page.run("document.documentElement.dataset.alerted ?? null") is None
    assert page.run("document.querySelector('h1').textContent") == words
    assert page.run("({}).polluted ?? null") is None
    assert page.sideways() == []


@pytest.mark.parametrize("palette", sorted(PALETTES))
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_palette_is_worn(open_app, palette, mode):
    background = sorted(json.loads((RUNTIME / "scenery.json").read_text(encoding="utf-8")))[len(palette) % 8]
    page = open_app(app(quiz(1), theme={"palette": palette, "mode": mode, "background": background}))
    tokens = PALETTES[palette][mode]
    shown = page.run("getComputedStyle(document.body).backgroundColor")
    wanted = ", ".join(str(int(tokens["background"][i : i + 2], 16)) for i in (1, 3, 5))
    assert shown == f"rgb({wanted})"
    assert page.run("document.querySelector('svg.scene') !== null")


def contrast(one, two):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


def test_the_pairs_of_colours_that_the_runtime_uses_can_be_read():
    pairs = [
        ("text", ground)
        for ground in ("background", "surface", "sunken", "primary-soft", "good-soft", "bad-soft")
    ]
    pairs += [
        ("muted", "background"),
        ("muted", "surface"),
        ("primary", "background"),
        ("primary", "surface"),
    ]
    pairs += [
        ("on-primary", "primary"),
        ("on-good", "good"),
        ("on-bad", "bad"),
        ("on-pop", "pop"),
        ("bad", "surface"),
    ]
    pairs += [("accent", "surface"), *(("ink", f"s{n}") for n in range(1, 7))]
    low = [
        (name, mode, pair)
        for name, palette in PALETTES.items()
        for mode in ("light", "dark")
        for pair in pairs
        if contrast(palette[mode][pair[0]], palette[mode][pair[1]]) < 4.5
    ]
    assert low == []


@pytest.mark.parametrize(
    ("language", "hint", "menu"),
    [("en", "Give me a hint", "Menu"), ("es", "Dame una pista", "Menú"), ("fr", "Un indice", "Menu"),
     ("de", "Gib mir einen Tipp", "Menü"), ("pl", "Give me a hint", "Menu")],
)  # fmt: skip
def test_the_runtime_speaks_four_languages(open_app, language, hint, menu):
    page = open_app(app(quiz(1), language=language))
    assert page.run("document.documentElement.lang") == language
    assert hint in page.text()
    assert page.run("document.querySelector('[data-act=menu]').getAttribute('aria-label')") == menu


def test_every_word_of_the_runtime_is_there_in_each_language():
    owner = {}
    for file in sorted((RUNTIME / "words").glob("*.json")):
        words = json.loads(file.read_text(encoding="utf-8"))
        assert {language: sorted(table) for language, table in words.items()} == dict.fromkeys(
            ("en", "es", "fr", "de"), sorted(words["en"])
        ), file.name
        for table in words.values():
            for key, text in table.items():
                assert sorted(_places(text)) == sorted(_places(words["en"][key])), key
                assert owner.setdefault(key, file.stem) == file.stem, f"{key} stands in two files"
    assert len(owner) > 100


def _places(text):
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def test_arabic_is_laid_out_from_the_right(open_app):
    page = open_app(app(quiz(2), language="ar", title="اختبار"))
    assert page.run("document.documentElement.dir") == "rtl"
    assert page.run("document.querySelector('.badge').getBoundingClientRect().left > innerWidth / 2")
    answer(page)
    assert page.sideways() == []


def test_words_on_a_wheel_and_counts_stand_as_they_should_in_arabic(open_app):
    page = open_app(app(picker(norepeat=True), language="ar", title="عجلة"))
    outside = page.do(
        "const rim = document.querySelector('.wheel .edge').getBoundingClientRect();"
        "const inside = ({ left, right, top, bottom }) => left >= rim.left && right <= rim.right"
        " && top >= rim.top && bottom <= rim.bottom;"
        "return [...document.querySelectorAll('.label')].filter((one) => !inside(one.getBoundingClientRect())).length;"
    )
    assert outside == 0
    assert "\u20663 of 3 left\u2069" in page.text()  # an isolate: "3" stays in front


@pytest.mark.parametrize("layout", ["stack", "tabs", "grid", "steps"])
@pytest.mark.parametrize("size", [(320, 568), PHONE, WIDE])
def test_six_blocks_fit_each_layout(open_app, layout, size):
    page = open_app(app(*(make() for make in SIX), layout=layout), size=size)
    assert page.sideways() == []
    seen = 1
    if layout == "tabs":
        for number in range(6):
            page.click("[role=tab]", number)
            assert page.sideways() == []
        seen = 6
    if layout == "steps":
        for _ in range(5):
            page.click("[data-act=step-next]")
            assert page.sideways() == []
        seen = 6
    if layout in ("stack", "grid"):
        seen = 6
    assert sorted({one.split()[0] for one in page.events()}) == [f"b{n + 1}" for n in range(seen)]


def test_arrows_move_between_tabs(open_app):
    page = open_app(app(note(title="One"), note(title="Two"), layout="tabs"))
    page.do("document.querySelector('[role=tab]').focus()")
    page.press(Qt.Key.Key_Right)
    assert page.run("document.activeElement.getAttribute('aria-selected')") == "true"
    assert page.run("document.activeElement.textContent") == "Two"
    assert page.run("document.querySelectorAll('[role=tabpanel]:not([hidden])').length") == 1
    page.press(Qt.Key.Key_Home)
    assert page.run("document.activeElement.textContent") == "One"


def test_every_control_has_a_name_and_every_block_a_heading(open_app):
    page = open_app(app(*(make() for make in SIX)))
    page.click("[data-act=menu]")
    unnamed = page.run(
        "[...document.querySelectorAll('button, input, [role=img], [role=group], dialog')].filter((one) => !("
        "one.textContent.trim() || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') ||"
        " one.closest('label')?.textContent.trim())).map((one) => one.outerHTML.slice(0, 80))"
    )
    assert unnamed == []
    assert page.run(
        "[...document.querySelectorAll('section.block')].every((one) => one.querySelector('h2')?.textContent)"
    )
    assert page.run("document.querySelectorAll('h1').length") == 1


# --- menu


def test_the_menu_starts_over_changes_the_text_and_tells_how_it_was_made(open_app):
    shown = document(
        app(quiz(2)), prompts=["a quiz about sums"], credits=[{"id": "1", "title": "Old sums", "by": "Ada"}]
    )
    page = open_app(shown)
    answer(page)
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert page.run("document.querySelectorAll('.sheet').length") == 0
    small = page.run("parseFloat(getComputedStyle(document.body).fontSize)")
    page.click("[data-act=menu]")
    page.click("[data-act=size]")
    assert page.run("parseFloat(getComputedStyle(document.body).fontSize)") > small
    page.click("[data-act=menu]")
    page.click("[data-act=about]")
    for words in ("A small app.", "a quiz about sums", "Old sums, by Ada", "Made with Sprout Studio 1"):
        assert words in page.text()
    page = open_app(document(app(note()), prompts=[]))
    page.click("[data-act=menu]")
    page.click("[data-act=about]")
    lines = page.run("document.querySelector('dialog').innerText").split("\n")
    assert [line for line in lines if line.strip()] == [
        "Test app",
        "A small app.",
        "Made with Sprout Studio 1",
        "What you do here is kept on this computer only.",
        "Close",
    ]
    page = open_app(shown)
    assert page.run("document.documentElement.dataset.size") == "large"


def test_paper_has_questions_with_boxes_and_the_answers_at_the_end(open_app):
    page = open_app(app(quiz(3), checklist(), flashcards(), note(), timer(), picker()))
    page.do("dispatchEvent(new Event('beforeprint'))")
    paper = page.run("document.querySelector('.paper').textContent")
    assert "What is 3 plus 3?" in paper
    assert paper.count("Lunch") == 2
    assert "el owl" in paper
    assert "This part lives on the screen." in paper
    key = page.run("document.querySelector('.paper .upside').textContent")
    for number in (1, 2, 3):
        letter = key.split(f"{number} ")[1][0]
        rows = page.run(
            f"[...document.querySelectorAll('.paper ol > li')[{number - 1}].querySelectorAll('li')]"
            ".map((one) => one.textContent)"
        )
        assert f"{letter} It is {2 * number}" in rows


# --- keeping


DENIED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("trouble", [DENIED, FULL])
def test_where_nothing_can_be_kept_the_app_plays_on_and_says_so_once(open_app, trouble):
    page = open_app(app(checklist()), before=trouble)
    assert page.run("document.querySelectorAll('[data-banner]').length") == 0
    page.click("[data-act=tick]")
    said(page, "This browser keeps nothing.")
    assert page.run("sprout.describe().keeps") is False
    page.click("[data-banner]")
    page.click("[data-act=tick]", 1)
    page.click("[data-act=tick]", 2)
    assert events(page)[-1] == "finish"
    assert page.run("document.querySelectorAll('[data-banner=notice]').length") == 0
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert page.run("document.querySelectorAll('.done').length") == 0


def test_two_projects_keep_their_things_apart(open_app):
    page = open_app(document(app(checklist())))
    page.click("[data-act=tick]")
    page = open_app(document(app(checklist())))
    assert page.run("document.querySelectorAll('.done').length") == 0


# --- repainting in place


def update(page, blueprint, number, **slots):
    shown = document(blueprint, number=number, **slots)
    page.do(render_update(shown))
    return shown


def test_a_change_of_colour_keeps_the_very_elements(open_app):
    page = open_app(document(app(quiz(3)), number=9001), everything=True)
    answer(page)
    page.do("window.first = document.querySelector('.ans'); window.first.focus()")
    update(page, app(quiz(3), theme={"palette": "candy", "mode": "light", "background": "waves"}), 9001)
    assert page.run("window.first.isConnected && document.activeElement === window.first")
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 233, 243)"
    assert project(page)["blueprint"]["theme"]["palette"] == "candy"


def test_an_edited_question_keeps_the_place_in_the_quiz(open_app):
    page = open_app(document(app(quiz(3)), number=9002), everything=True)
    answer(page)
    page.click("[data-act=next]")
    changed = quiz(3)
    changed["questions"][1] = {**changed["questions"][1], "ask": "What is two and two?"}
    update(page, app(changed), 9002)
    assert "What is two and two?" in page.text()
    update(page, app(quiz(4)), 9002)
    assert "What is 1 plus 1?" in page.text()  # another count of questions: from the start
    assert page.run("document.querySelectorAll('.bean i').length") == 4


def test_added_moved_and_removed_blocks_leave_the_others_in_play(open_app):
    first = app(quiz(3), checklist())
    page = open_app(document(first, number=9003), everything=True)
    page.click("[data-act=tick]")
    answer(page)
    moved = app(timer(), checklist(), quiz(3), picker())
    update(page, moved, 9003, block_ids=["timer000", "block001", "block000", "count000"])
    blocks = page.run("sprout.describe().blocks.map((one) => `${one.id} ${one.key} ${one.type}`)")
    assert blocks == [
        "b1 timer000 timer",
        "b2 block001 checklist",
        "b3 block000 quiz",
        "b4 count000 picker",
    ]
    assert page.run("document.querySelectorAll('.sheet').length") == 1
    assert page.run("document.querySelectorAll('.done').length") == 1
    assert "Spin" in page.text()
    update(page, app(checklist()), 9003, block_ids=["block001"])
    assert page.run("document.querySelectorAll('section').length") == 1
    assert page.run("document.querySelectorAll('.done').length") == 1
    page.click("[data-act=tick]", 1)
    assert page.events()[-1] == "b1 change"


def test_another_language_is_shown_without_a_reload(open_app):
    page = open_app(document(app(quiz(2)), number=9004), everything=True)
    update(page, app(quiz(2), language="fr", title="Sommes", icon="none"), 9004)
    assert "Un indice" in page.text()
    assert page.run("document.title") == "Sommes"
    assert page.run("document.querySelectorAll('.badge').length") == 0


def test_a_running_timer_goes_on_while_its_words_change(open_app):
    page = open_app(document(app(timer()), number=9005), everything=True)
    page.click("[data-act=start]")
    update(page, app(timer(done="Walk!", title="Break")), 9005)
    assert page.run("document.querySelector('[data-act=stop]') !== null")


# --- looking at one item, for the studio's inspector


def asked(page):
    return page.run("document.querySelector('.ask').lastChild.textContent")


def test_a_question_is_shown_unanswered_and_the_round_keeps_its_order(open_app):
    page = open_app(app(quiz(5, shuffle=True)), everything=True)
    order = []
    for _ in range(5):
        order.append(asked(page))
        answer(page)
        page.click("[data-act=next]")
    page.click("[data-act=restart]")
    order = [asked(page)]
    for _ in range(4):
        answer(page)
        page.click("[data-act=next]")
        order.append(asked(page))
    third = order[2]
    number = int(third.split()[2]) - 1
    answer(page)
    assert page.run(f"sprout.look(0, 'questions', {number})") is True
    assert asked(page) == third
    assert page.run("document.querySelectorAll('.sheet, .ok, .no').length") == page.run(
        "document.querySelectorAll('.bean .ok').length"
    )
    answer(page)
    assert page.run("document.querySelectorAll('.sheet').length") == 1
    page.click("[data-act=next]")
    assert asked(page) == order[3]


def test_looking_works_from_the_end_and_twice_changes_nothing(open_app):
    page = open_app(app(quiz(3)), everything=True)
    play_quiz(page, "rrr")
    page.do("sprout.look(0, 'questions', 1)")
    assert asked(page) == "What is 2 plus 2?"
    page.do("window.first = document.querySelector('.ans'); sprout.look(0, 'questions', 1)")
    assert page.run("window.first.isConnected")


@pytest.mark.parametrize(
    "place", ["7", "-1", "0.5", "'0'", "0, 'questions', 9", "0, 'questions', -1", "0, 'questions', 'x'",
              "0, 'cards', 0", "0, 'toString', 0", "0, 'title', 0", "0, 'questions'", ""],
)  # fmt: skip
def test_an_unknown_place_changes_nothing(open_app, place):
    page = open_app(app(quiz(3), note(), layout="tabs"), everything=True)
    page.click("[role=tab]", 1)
    page.do("window.before = document.body.innerHTML")
    assert page.run(f"sprout.look({place})") is False
    assert page.run("document.body.innerHTML === window.before")


@pytest.mark.parametrize("layout", ["tabs", "steps", "stack", "grid"])
def test_looking_brings_the_block_into_view(open_app, layout):
    page = open_app(app(*(make() for make in SIX), layout=layout), everything=True)
    lists = ["questions", "cards", "", "items", "options", ""]
    for number in (5, 3, 1, 4, 0, 2):
        part = f", '{lists[number]}', 1" if lists[number] else ""
        assert page.run(f"sprout.look({number}{part})") is True
        seen = page.do(
            f"const one = document.querySelector('[data-block=b{number + 1}]');"
            "const box = one.getBoundingClientRect();"
            "return one.checkVisibility() && box.top < innerHeight && box.bottom > 0;"
        )
        assert seen
    page.do("sprout.look(1, 'cards', 2)")
    assert page.run("document.querySelector('.word').textContent") == "owl"


def test_the_last_row_of_a_long_list_is_scrolled_to(open_app):
    page = open_app(app(checklist(items=[f"Thing {n}" for n in range(30)])), everything=True)
    page.do("sprout.look(0, 'items', 29)")
    row = page.do(
        "const box = document.querySelectorAll('.list > li')[29].getBoundingClientRect(); return [box.top, box.bottom];"
    )
    assert 0 <= row[0] < row[1] <= PHONE[1]


def test_new_words_of_the_question_on_screen_are_seen_at_once(open_app):
    page = open_app(document(app(quiz(3)), number=9006), everything=True)
    answer(page)
    changed = quiz(3)
    changed["questions"][2] = {**changed["questions"][2], "right": "It is six"}
    update(page, app(changed), 9006)
    assert page.run("document.querySelectorAll('.sheet').length") == 1  # another question: nothing is reset
    changed["questions"][0] = {**changed["questions"][0], "right": "It is two"}
    update(page, app(changed), 9006)
    assert page.run("document.querySelectorAll('.sheet').length") == 0
    assert "It is two" in page.text()
    answer(page)
    assert page.run("document.querySelector('.pill').textContent") == "1"


def test_new_words_on_a_card_turn_it_to_their_side(open_app):
    page = open_app(document(app(flashcards()), number=9007), everything=True)
    changed = flashcards()
    changed["cards"][0] = {"front": "cat", "back": "el gato"}
    update(page, app(changed), 9007)
    assert page.run("document.querySelector('.word').textContent") == "el gato"
    changed["cards"][0] = {"front": "the cat", "back": "el gato"}
    update(page, app(changed), 9007)
    assert page.run("document.querySelector('.word').textContent") == "the cat"


# --- less motion


CHILD = """
import sys
from tests.apps.documents import app, picker, rule
from tests.support.browser import Browser
from tests.apps.documents import document
from studio.blueprints.render import render
rules = [rule("b1", "finish", "b1", "confetti", "Yes!"), rule("b1", "finish", "b1", "shake")]
shown = app(picker(), theme={"background": "bubbles"}, rules=rules)
with Browser() as page:
    page.load(render(document(shown)))
    assert page.run("matchMedia('(prefers-reduced-motion: reduce)').matches")
    page.click("[data-act=pick]")
    assert page.run("document.querySelector('[data-result]') !== null"), "the result stands at once"
    assert page.run("document.querySelector('[data-party]').dataset.party") == "still"
    moving = page.run("document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 150).length")
    assert moving == 0, moving
    assert page.console == []
print("CALM")
"""


def test_less_motion_means_nothing_moves():
    env = {**os.environ, "SPROUT_TEST_CALM": "1"}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert "CALM" in done.stdout, done.stderr[-2000:]


def test_the_end_of_a_quiz_in_play_is_told_once(open_app):
    page = open_app(app(quiz(1)))
    play_quiz(page, "r")
    assert events(page).count("finish") == 1
    page = open_app(app(quiz(1)), size=WIDE)
    play_quiz(page, "w")
    assert "Each try teaches you more." in page.text()


def test_a_restart_from_outside_forgets_all_but_what_nobody_could_bring_back(open_app):
    blocks = [new_block(kind).model_dump(mode="json", by_alias=True) for kind in ("counter", "journal")]
    page = open_app(app(*blocks))
    page.click("[data-block=b1] [data-act=plus]")
    play(page, "b2", blocks[1])
    page.do("sprout.restart()")
    assert page.run("document.querySelector('[data-block=b1] b.num').textContent") == "0"
    assert (
        page.run("document.querySelector('[data-block=b2] [data-act=write]').value")
        == "We found a green leaf."
    )


def test_the_studio_says_once_that_it_keeps_things_only_until_it_closes(open_app):
    journal = new_block("journal").model_dump(mode="json", by_alias=True)
    words = "In the studio this stays until you close the window."
    page = open_app(app(journal), before="globalThis.sproutHost = 'studio';")
    play(page, "b1", journal)
    said(page, words)
    page.click("[data-banner]")
    page.do("const field = document.querySelector('[data-act=write]'); field.value += ' And two.';"
            "field.dispatchEvent(new Event('input'));")  # fmt: skip
    page.pause(1)
    assert page.run("document.querySelectorAll('[data-banner]').length") == 0
    page = open_app(app(journal))
    play(page, "b1", journal)
    assert page.run("document.querySelectorAll('[data-banner]').length") == 0

"""Rules: every event that a block can fire, and every action that a rule can ask for."""

import pytest

from tests.apps.documents import app, checklist, flashcards, note, picker, quiz, rule, timer
from tests.apps.playing import ahead, answer, events, play_quiz
from tests.support.browser import Browser

pytestmark = pytest.mark.slow


def _tick_all(page: Browser) -> None:
    for number in range(3):
        page.click("[data-act=tick]", number)


def _pick(page: Browser) -> None:
    page.click("[data-act=pick]")
    page.wait("document.querySelector('[data-result]')")


def _minute(page: Browser) -> None:
    page.click("[data-act=start]")
    ahead(page, 61)
    page.pause(0.4)


def _ring(page: Browser) -> None:
    page.click("[data-act=start]")
    ahead(page, 151)
    page.pause(0.4)


def _cards(page: Browser) -> None:
    for _ in range(3):
        page.click("[data-act=knew]")


EVENTS = [
    ("start", note, lambda page: None),
    ("click", note, lambda page: page.click("article")),
    ("right", quiz, answer),
    ("wrong", quiz, lambda page: answer(page, right=False)),
    ("finish", quiz, lambda page: play_quiz(page, "rrr")),
    ("win", quiz, lambda page: play_quiz(page, "rrr")),
    ("lose", quiz, lambda page: play_quiz(page, "www")),
    ("click", flashcards, lambda page: page.click("[data-act=turn]")),
    ("right", flashcards, lambda page: page.click("[data-act=knew]")),
    ("wrong", flashcards, lambda page: page.click("[data-act=again]")),
    ("finish", flashcards, _cards),
    ("tick", timer, _minute),
    ("finish", timer, _ring),
    ("tick", checklist, lambda page: page.click("[data-act=tick]")),
    ("change", checklist, lambda page: page.click("[data-act=tick]")),
    ("finish", checklist, _tick_all),
    ("finish", picker, _pick),
]


@pytest.mark.parametrize(
    ("event", "make", "play"), EVENTS, ids=[f"{one[1].__name__}-{one[0]}" for one in EVENTS]
)
def test_each_event_sets_off_its_rule_and_a_dom_event(open_app, event, make, play):
    listen = (
        "window.heard = []; document.addEventListener('sprout', (one) =>"
        " window.heard.push(`${one.detail.block} ${one.detail.event}`));"
    )
    page = open_app(app(make(), rules=[rule("b1", event, "b1", "add_point")]), before=listen)
    if event != "start":
        assert not page.run("document.querySelector('.points') !== null")
    play(page)
    assert page.run("sprout.describe().blocks[0].points") >= 1
    assert f"b1 {event}" in page.run("window.heard")


def test_confetti_falls_with_its_words_and_any_key_ends_it(open_app):
    page = open_app(app(note(), rules=[rule("b1", "click", "b1", "confetti", "Hooray!")]))
    page.click("article")
    assert page.run("document.querySelectorAll('.party i').length") == 24
    assert page.run("document.querySelector('.party').getAttribute('aria-hidden')") == "true"
    assert page.run("document.querySelector('[data-banner]').textContent") == "Hooray!"
    page.press("x")
    assert page.run("document.querySelectorAll('.party').length") == 0
    page.click("[data-banner]")
    assert page.run("document.querySelectorAll('[data-banner]').length") == 0


def test_points_go_up_and_down_but_never_below_zero(open_app):
    rules = [rule("b1", "click", "b2", "add_point"), rule("b2", "right", "b2", "lose_point")]
    page = open_app(app(note(), quiz(3), rules=rules))
    page.click("article")
    page.click("article")
    assert "Points: 2" in page.text()
    play_quiz(page, "rrr")
    assert "Points: 0" in page.text()


TONES = """
window.tones = 0;
class Quiet {
  constructor() { Object.assign(this, { state: 'running', currentTime: 0, destination: {} }); }
  createGain() {
    const level = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
    return { gain: level, frequency: level, connect: (next) => next, start() {}, stop() {} };
  }
  createOscillator() { window.tones += 1; return this.createGain(); }
}
window.AudioContext = Quiet;
Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: true } });
"""


@pytest.mark.parametrize("action", ["sound_good", "sound_bad"])
def test_sounds_play_until_the_sound_button_is_pressed(open_app, action):
    page = open_app(app(note(), rules=[rule("b1", "start", "b1", action)]), before=TONES)
    assert page.run("window.tones") >= 2
    page.click("[data-act=sound]")
    assert page.run("document.querySelector('[data-act=sound]').getAttribute('aria-label')") == "Sound is off"
    before = page.run("window.tones")
    page.click("article")
    assert page.run("window.tones") == before


def test_a_timer_is_started_and_stopped_by_rules(open_app):
    rules = [rule("b1", "click", "b2", "start_timer"), rule("b3", "right", "b1", "stop_timer")]
    page = open_app(app(note(), timer(), quiz(1), rules=rules))
    page.click("article")
    assert page.run("document.querySelector('[data-act=stop]') !== null")
    answer(page)  # the rule names the note: the app's timer is meant
    assert page.run("document.querySelector('[data-act=stop]') === null")


def test_reset_begins_a_block_anew(open_app):
    page = open_app(app(note(), quiz(2), rules=[rule("b1", "click", "b2", "reset")]))
    play_quiz(page, "rr")
    assert "2 of 2 right" in page.text()
    page.click("article")
    assert "What is 1 plus 1?" in page.text()


@pytest.mark.parametrize("layout", ["tabs", "steps"])
@pytest.mark.parametrize("target", ["b1", "b2"])
def test_next_block_turns_the_page(open_app, layout, target):
    page = open_app(app(note(), quiz(1), layout=layout, rules=[rule("b1", "click", target, "next_block")]))
    assert "What is 1" not in page.text()
    page.click("article")
    assert "What is 1" in page.text()
    assert events(page, "b2") == ["start"]


def test_a_block_waits_for_the_rule_that_shows_it(open_app):
    rules = [rule("b1", "finish", "b2", "show_block", "A surprise!"), rule("b2", "click", "b1", "hide_block")]
    page = open_app(app(quiz(1), note(title="Secret"), rules=rules))
    assert "Secret" not in page.text()
    assert events(page, "b2") == []
    play_quiz(page, "r")
    assert "Secret" in page.text()
    assert events(page, "b2") == ["start"]
    page.click("article")
    assert "of 1 right" not in page.text()


@pytest.mark.parametrize(
    "rules",
    [
        [rule("b1", "click", "b1", "show_block")],  # only itself could show it
        [rule("b3", "finish", "b2", "show_block")],  # nothing of that name
        [rule("b1", "win", "b2", "show_block")],  # a note never wins
        [
            rule("b1", "click", "b2", "show_block"),
            rule("b2", "click", "b1", "show_block"),
        ],  # each waits for the other
    ],
)
def test_no_block_waits_for_a_rule_that_can_never_come(open_app, rules):
    page = open_app(app(note(title="First"), note(title="Second"), rules=rules))
    page.click("article")
    assert "First" in page.text()
    assert "Second" in page.text() or len(rules) == 2


def test_speak_shows_its_words(open_app):
    page = open_app(app(note(), rules=[rule("b1", "click", "b1", "speak", "Good morning")]))
    page.click("article")
    assert page.run("document.querySelector('[data-banner]').textContent") == "Good morning"


def test_speak_uses_a_voice_where_there_is_one(open_app):
    voice = (
        "window.spoken = []; class Speech { constructor(text) { this.text = text; } }"
        "Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Speech });"
        "Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => [1], cancel() {},"
        " speak: (one) => window.spoken.push(`${one.lang} ${one.text}`) } });"
    )
    page = open_app(
        app(note(), language="de", rules=[rule("b1", "click", "b1", "speak", "Guten Tag")]), before=voice
    )
    page.click("article")
    assert page.run("window.spoken") == ["de Guten Tag"]


def test_shake_moves_the_block(open_app):
    page = open_app(app(note(), rules=[rule("b1", "click", "b1", "shake")]))
    page.click("article")
    page.wait("document.querySelector('.shaking')")
    page.wait("!document.querySelector('.shaking')")


def test_rules_that_chase_each_other_come_to_rest(open_app):
    rules = [
        rule("b1", "start", "b2", "show_block"),
        rule("b2", "start", "b1", "hide_block"),
        rule("b1", "click", "b1", "reset"),
    ]
    page = open_app(app(note(), note(title="Other"), layout="tabs", rules=rules))
    assert page.run("sprout.describe().ready")

"""Story, chatbot and pet, played in the real engine."""

import json

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import ahead, events, said
from tests.apps.plays import GOALS, play
from tests.support.blueprint_strategies import example
from tests.support.browser import Qt

pytestmark = pytest.mark.slow
SMALLEST = (320, 568)
HOSTILE = "</script><b>\u202ertl \u200b👩‍🚀 'quoted' \"words\" __proto__ W" + "W" * 30


def page_of(text, *choices, icon="owl"):
    return {"text": text, "icon": icon, "choices": [{"say": say, "goto": goto} for say, goto in choices]}


def story(*pages, **slots):
    """Return a story of a key with two ends and one way to the end that is no page."""
    pages = pages or (
        page_of("A map.", ("Dig", "p2"), ("Wait", "p3"), icon="key"),
        page_of("A box.", ("Open", "p4"), ("Back", "p1"), icon="tree"),
        page_of("An owl.", ("Sleep", "end"), ("Ask", "p4"), ("Fall", "p12")),
        page_of("The key!", icon="castle"),
    )
    return {"type": "story", "title": "The lost key", "pages": list(pages), **slots}


def test_a_story_is_read_by_its_choices_to_an_end(open_app):
    page = open_app(app(story()))
    assert page.run("document.querySelector('.tale').textContent") == "A map."
    page.click("[data-act=choose]")
    said(page, "A box.")
    assert page.run("document.activeElement.textContent") == "Page 2"
    page.click("[data-act=choose]")
    said(page, "The key! The end")
    assert "Endings found: 1 of 2" in page.text()
    assert events(page) == ["start", "change", "change", "finish"]
    assert page.run("document.querySelectorAll('.walked svg').length") == 3
    page.click("[data-act=restart]")
    assert page.run("document.activeElement.textContent") == "Page 1"
    assert page.run("document.querySelector('[data-act=choose] .sr').textContent") == "You went there before."


def test_an_end_that_is_no_page_ends_without_one_more_page(open_app):
    page = open_app(app(story()), size=WIDE)
    page.click("[data-act=choose]", 1)
    page.click("[data-act=choose]", 2)  # a page that is missing
    said(page, "The end")
    assert page.run("document.querySelector('.tale')") is None
    assert events(page) == ["start", "change", "finish"]
    page.click("[data-act=restart]")
    page.click("[data-act=choose]")
    page.click("[data-act=choose]")
    assert "Endings found: 2 of 2" in page.text()
    assert page.run("document.querySelectorAll('.party').length") == 1


def test_found_endings_are_kept_until_everything_starts_over(open_app):
    shown = document(app(story()))
    page = open_app(shown)
    page.click("[data-act=choose]")
    page.click("[data-act=choose]")
    page = open_app(shown)
    assert page.run("document.querySelectorAll('[data-act=choose] .sr').length") == 1
    page.do("sprout.restart()")
    assert page.run("document.querySelectorAll('[data-act=choose] .sr').length") == 0


@pytest.mark.parametrize("kept", ["7", '"x"', '[1, null, "9:9", "__proto__:x", "0"]', "{}"])
def test_a_story_stands_broken_keepings(open_app, kept):
    shown = document(app(story()))
    page = open_app(shown)
    page.click("[data-act=choose]")
    page.do(f"for (const key of Object.keys(localStorage)) localStorage.setItem(key, {json.dumps(kept)});")
    page = open_app(shown)
    page.click("[data-act=choose]")
    page.click("[data-act=choose]")
    assert "Endings found: 1 of 2" in page.text()


ENDLESS = (page_of("Here.", ("On", "p2")), page_of("There.", ("Back", "p1"), ("Stay", "p2")))
LINE = (page_of("One.", ("On", "p2")), page_of("Two.", ("On", "p3")), page_of("Three."))
ALONE = (page_of("Only this."), page_of("Never read."))
TRAP = (page_of("Fork.", ("Trap", "p2"), ("Out", "end")), page_of("Round.", ("Round", "p2")))


@pytest.mark.parametrize(
    ("pages", "choices"),
    [((), 7), (LINE, 2), (ENDLESS, 3), (ALONE, 0), (TRAP, 3)],
    ids=["tree", "line", "endless", "alone", "trap"],
)
def test_every_story_can_be_read_by_every_path_to_an_end(open_app, pages, choices):
    shown = document(app(story(*pages)))
    page = open_app(shown)
    play(page, "b1", story(*pages))
    assert events(page)[-1] == GOALS["story"]
    kept = page.run(f"JSON.parse(localStorage.getItem('sprout:{shown.id}:block000'))")
    assert len([one for one in kept if not one.endswith("undefined")]) == choices


def test_the_example_story_is_played(open_app):
    shown = example("03")
    page = open_app(shown.model_dump(mode="json", by_alias=True))
    play(page, "b1", shown.blocks[0].model_dump(mode="json"))
    assert GOALS["story"] in events(page)


def test_who_edits_a_page_sees_it_and_a_reader_keeps_the_place(open_app):
    shown = app(story())
    page = open_app(shown, everything=True)
    assert page.run("sprout.look(0, 'pages', 2)")
    assert page.run("document.querySelector('.tale').textContent") == "An owl."
    changed = json.loads(json.dumps(shown))
    changed["blocks"][0]["pages"][2]["text"] = "A wise owl."
    page.do(render_update(document(changed, number=7)))
    assert page.run("document.querySelector('.tale').textContent") == "A wise owl."
    changed["blocks"][0]["pages"] = changed["blocks"][0]["pages"][:2]
    page.do(render_update(document(changed, number=7)))
    assert page.run("document.querySelector('.tale').textContent") == "A map."


def test_the_end_of_a_story_can_show_what_waits(open_app):
    page = open_app(app(story(*LINE), note(), rules=[rule("b1", "finish", "b2", "show_block")]))
    assert not page.run("document.querySelector('[data-block=b2]').checkVisibility()")
    page.click("[data-act=choose]")
    page.click("[data-act=choose]")
    assert page.run("document.querySelector('[data-block=b2]').checkVisibility()")


def test_a_story_on_paper_says_where_each_choice_leads(open_app):
    page = open_app(app(story()))
    page.do("dispatchEvent(new Event('beforeprint'))")
    paper = page.run("document.querySelector('.paper').textContent")
    assert "Dig → Page 2" in paper
    assert "Fall → The end" in paper


@pytest.mark.parametrize("size", [SMALLEST, PHONE, WIDE])
def test_the_longest_story_fits(open_app, size):
    words = (HOSTILE * 9)[:400]
    page_ = page_of(words, *[(f"{n}{words[:79]}", "p2") for n in range(3)])
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(app(story(*[page_] * 12), theme=theme), size=size)
        assert page.sideways() == []
        page.click("[data-act=choose]", 2)
        assert page.sideways() == []
        assert page.run("document.querySelector('.tale').textContent") == words


# --- chatbot


def chatbot(*replies, **slots):
    replies = replies or (
        (["hello", "hi"], "Nice to see you."),
        (["joke"], "It ran out of byte!"),
        (["space", "star"], "Stars are hot gas."),
    )
    return {
        "type": "chatbot", "title": "Talk to Beep", "name": "Beep", "icon": "robot", "persona": "A cheerful robot.",
        "greeting": "Hello, human!", "topics": ["space", "gas"], "model": False,
        "replies": [{"keys": keys, "say": say} for keys, say in replies], **slots,
    }  # fmt: skip


def write(page, words):
    page.do(
        f"const input = document.querySelector('[data-act=write]'); input.focus(); input.value = {json.dumps(words)};"
        "input.dispatchEvent(new Event('input'));"
    )
    page.click("[data-act=send]")


def bubbles(page):
    return page.run("[...document.querySelectorAll('.chat p')].map((one) => one.lastChild.textContent)")


def test_a_character_answers_what_it_knows_and_says_what_it_does_not(open_app):
    page = open_app(app(chatbot()))
    assert bubbles(page) == ["Hello, human!"]
    write(page, "HELLO, Beep!")
    said(page, "Beep: Nice to see you. from its own words")
    write(page, "Who are you?")
    write(page, "what now?")
    write(page, "  ")
    assert bubbles(page)[-1] != bubbles(page)[-3]
    for words in (bubbles(page)[-1], bubbles(page)[-3]):
        assert "space" in words
        assert "gas" in words
    assert events(page) == ["start", *["change"] * 3]
    assert page.run("document.activeElement.dataset.act") == "write"


@pytest.mark.parametrize(
    ("keys", "words", "fits"),
    [
        (["cat"], "I like CATS!", True), (["cat"], "a concatenation", False), (["bus"], "bu", False),
        (["good night"], "Good  night, Beep", True), (["good night"], "night good", False), (["c3po"], "c3po?", True),
        (["niño"], "un nino", True), (["straße"], "STRASSE", True), (["what's up"], "whats up", True),
        (["eau"], "l’eau", True), (["你好"], "你好吗", True), (["مرحبا"], "مَرحبا", True), (["?!"], "?!", False),
    ],
)  # fmt: skip
def test_words_fit_whatever_their_case_accents_and_points(open_app, keys, words, fits):
    page = open_app(app(chatbot((keys, "Yes."), (["zebra"], "No."), topics=[])))
    write(page, words)
    assert (bubbles(page)[-1] == "Yes.") == fits


def test_the_reply_that_fits_best_wins(open_app):
    page = open_app(
        app(chatbot((["star"], "A star."), (["star", "red"], "A red star."), (["red star wars"], "A film.")))
    )
    for words, answer in (("star", "A star."), ("a red star", "A red star."), ("red star wars", "A film.")):
        write(page, words)
        assert bubbles(page)[-1] == answer


def test_a_topic_leads_to_an_answer_even_where_no_word_calls_it_up(open_app):
    page = open_app(app(chatbot()))
    page.click("[data-act=topic]", 1)
    said(page, "Beep: Stars are hot gas.")


def test_a_long_talk_stays_short_enough(open_app):
    page = open_app(app(chatbot()))
    for number in range(30):
        write(page, f"joke {number}")
    assert len(bubbles(page)) == 41
    assert bubbles(page)[-2] == "joke 29"


def ask_model(page, words):
    """Say something on a page whose door stands open; note what goes out."""
    page.do(
        "document.documentElement.dataset.door = '1'; window.testOut = [];"
        "addEventListener('message', ({ data }) => { if (data.t !== 'answer') window.testOut.push(data); });"
    )
    write(page, words)
    page.wait("window.testOut.length === 1")


def tell(page, **answer):
    page.do(f"window.postMessage({json.dumps({'t': 'answer', 'n': 1, **answer})}, '*');")


def test_a_model_answers_through_the_door_piece_by_piece(open_app):
    page = open_app(app(chatbot(model=True)))
    ask_model(page, "What is a star?")
    out = page.run("window.testOut[0].s")
    for words in ("Beep", "A cheerful robot.", "What is a star?"):
        assert words in out
    assert page.run("document.querySelectorAll('.typing').length") == 3
    tell(page, s="Hot ")
    page.wait("document.querySelector('.waiting').textContent === 'Hot'")
    page.do("const input = document.querySelector('[data-act=write]'); input.value = 'next';"
            "input.dispatchEvent(new Event('input'));")  # fmt: skip
    tell(page, s="gas.", done=True)
    said(page, "Beep: Hot gas. from the model")
    assert bubbles(page)[-1] == "Hot gas."
    assert page.run("document.querySelector('[data-act=write]').value") == "next"
    assert events(page) == ["start", "change"]


def test_a_model_that_fails_makes_way_for_own_words(open_app):
    page = open_app(app(chatbot(model=True)))
    ask_model(page, "a star")
    tell(page, failed=True)
    said(page, "Beep: Stars are hot gas. The model did not answer. This is from its own words.")
    assert events(page) == ["start", "change"]


@pytest.mark.parametrize("piece", ["", "Hot"])
def test_stop_keeps_what_came(open_app, piece):
    page = open_app(app(chatbot(model=True)))
    ask_model(page, "a star")
    tell(page, s=piece)
    page.wait(f"document.querySelector('.waiting').textContent.endsWith({json.dumps(piece or 'thinking.')})")
    page.click("[data-act=stop]")
    page.wait("window.testOut.length === 2 && window.testOut[1].t === 'stop'")
    assert bubbles(page)[1:] == ["a star", *([piece] if piece else [])]
    assert page.run("document.activeElement.dataset.act") == "write"
    assert page.run("document.querySelectorAll('[data-act=send]').length") == 1


def test_starting_over_while_a_model_thinks_stops_it(open_app):
    page = open_app(app(chatbot(model=True)))
    ask_model(page, "a star")
    page.do("sprout.restart()")
    page.wait("window.testOut.length === 2")
    tell(page, s="Late.", done=True)
    page.pause(0.1)
    assert bubbles(page) == ["Hello, human!"]


def test_who_edits_an_answer_sees_it_in_a_talk(open_app):
    shown = app(chatbot())
    page = open_app(shown, everything=True)
    assert page.run("sprout.look(0, 'replies', 1)")
    assert bubbles(page)[1:] == ["joke", "It ran out of byte!"]
    changed = json.loads(json.dumps(shown))
    changed["blocks"][0]["greeting"] = "Good day!"
    page.do(render_update(document(changed, number=8)))
    assert bubbles(page)[:2] == ["Good day!", "joke"]


@pytest.mark.parametrize("size", [SMALLEST, PHONE, WIDE])
def test_the_longest_talk_fits(open_app, size):
    words = HOSTILE * 9
    bot = chatbot(
        (["hi"], words[:200]),
        name=words[:40],
        greeting=words[:160],
        topics=[f"{n}{words[:39]}" for n in range(6)],
    )
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(app(bot, theme=theme), size=size)
        write(page, "hi")
        page.click("[data-act=topic]", 5)
        assert page.sideways() == []
        assert bubbles(page)[2] == words[:200]


# --- pet


def pet(*paces, **slots):
    needs = [
        {"label": label, "care": care, "icon": icon, "drain": pace}
        for (label, care, icon), pace in zip(
            (("Food", "Feed", "apple"), ("Fun", "Play", "ball"), ("Sleep", "Nap", "moon")),
            paces or ("normal",) * 3,
            strict=False,
        )
    ]
    return {
        "type": "pet", "title": "My frog", "name": "Hoppy", "icon": "frog", "mood": "cheerful", "needs": needs,
        "grows": True, **slots,
    }  # fmt: skip


def levels(page):
    return page.run("[...document.querySelectorAll('.meter')].map((one) => Number(one.ariaValueNow))")


def keep(page, shown, **slots):
    """Change what a pet has kept."""
    page.do(
        f"const name = 'sprout:{shown.id}:block000'; const kept = JSON.parse(localStorage.getItem(name));"
        f"localStorage.setItem(name, JSON.stringify({{ ...kept, ...{json.dumps(slots)} }}));"
    )


def cared_for(open_app, **slots):
    """Open a pet, feed it and come back with other things kept: numbers of hours count from now."""
    shown = document(app(pet()))
    page = open_app(shown)
    page.click("[data-act=care]")
    if "hours" in slots:
        slots["at"] = page.run("Date.now()") - slots.pop("hours") * 3_600_000
    keep(page, shown, **slots)
    return open_app(shown)


def test_a_creature_says_what_it_needs_and_thanks_for_it(open_app):
    page = open_app(app(pet()))
    assert "Food, please!" in page.text()
    main = "[...document.querySelectorAll('[data-act=care]')].findIndex((one) => !one.classList.contains('soft'))"
    assert page.run(main) == 0
    assert page.run("document.querySelector('.meter').getAttribute('aria-valuetext')") == "Low, 24 of 100"
    page.do("document.querySelector('[data-act=care]').focus()")
    page.press(Qt.Key.Key_Return)
    said(page, "Food: Full. Hoppy is happy.")
    assert "Thank you!" in page.text()
    assert page.run(main) == 1
    assert page.run("document.activeElement.textContent") == "Feed"
    page.click("[data-act=care]")
    assert "No more, thank you!" in page.text()
    page.click("[data-act=stroke]")
    assert events(page) == ["start", "click", "change", "click", "click"]
    assert "1 of 20" in page.text()


def test_needs_run_down_while_somebody_looks_on(open_app):
    page = open_app(app(pet("slow", "normal", "fast")))
    for _ in range(30):  # two minutes in steps so short that somebody must be there
        ahead(page, 4)
        page.click("[data-act=stroke]")
    assert levels(page) == [pytest.approx(level, abs=2) for level in (24 - 6, 70 - 12, 92 - 30)]


def test_a_night_away_makes_hungry_and_a_week_makes_it_sulk(open_app):
    page = cared_for(open_app, hours=4)
    assert levels(page)[1:] == [pytest.approx(70 - 24, abs=1), pytest.approx(92 - 24, abs=1)]
    page = cared_for(open_app, hours=24 * 7)
    assert levels(page) == [0, 0, 0]
    assert "I missed you" in page.text()
    page.wait("sprout.describe().events.some((one) => one.event === 'lose')")
    page.click("[data-act=care]")
    said(page, "Food: Fine. Hoppy sulks and would like: Fun.")
    page.click("[data-act=care]", 1)
    page.click("[data-act=care]", 2)
    said(page, "Hoppy is happy.")
    page.pause(1.2)
    assert events(page).count("lose") == 1


def test_a_clock_that_went_backwards_takes_nothing(open_app):
    page = cared_for(open_app, hours=-24 * 365, day="2999-01-01", days=4)
    assert levels(page) == [84, 70, 92]
    assert "Day 4" in page.text()
    page.do("const real = Date.now.bind(Date); Date.now = () => real() - 9e9;")
    page.click("[data-act=stroke]")
    assert levels(page) == [84, 70, 92]
    page.click("[data-act=care]", 1)
    assert levels(page) == [84, 100, 92]


def test_each_new_day_counts_once(open_app):
    page = cared_for(open_app, day="2001-01-01", days=2)
    assert "Day 3" in page.text()
    page.click("[data-act=care]", 1)
    assert "Day 3" in page.text()


def test_the_last_heart_makes_it_grown_up_once(open_app):
    page = cared_for(open_app, hearts=19)
    page.click("[data-act=care]", 1)
    said(page, "Look, I am grown up!")
    assert "Grown up" in page.text()
    assert page.run("document.querySelectorAll('.party').length") == 1
    page.do("const real = Date.now.bind(Date); Date.now = () => real() + 3.6e7;")
    page.click("[data-act=care]", 1)
    assert events(page) == ["start", "click", "change", "win", "click", "change"]


def test_starting_over_asks_before_a_pet_of_several_days_goes(open_app):
    page = cared_for(open_app, days=5, hearts=7)
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert "7 of 20" in page.text()
    page.click("[data-act=erase]")
    assert levels(page) == [24, 70, 92]
    assert "Day 1" in page.text()
    assert "0 of 20" in page.text()


@pytest.mark.parametrize(
    "kept",
    [{"needs": 7}, {"needs": [None, ["Food"], ["Fun", "x"], ["Sleep", -4]]}, {"at": "x", "hearts": "y", "days": None},
     {"hearts": 1e9, "days": -3, "day": {}}],
)  # fmt: skip
def test_a_creature_stands_broken_keepings(open_app, kept):
    page = cared_for(open_app, **kept)
    assert all(0 <= level <= 100 for level in levels(page))
    page.click("[data-act=care]", 1)
    assert levels(page)[1] > 0
    assert "Day 1" in page.text()


def test_an_edit_keeps_the_levels_of_needs_that_stay(open_app):
    shown = app(pet())
    page = open_app(shown, everything=True)
    page.click("[data-act=care]")
    changed = json.loads(json.dumps(shown))
    needs = changed["blocks"][0]["needs"]
    changed["blocks"][0]["needs"] = [needs[2], needs[0]]
    page.do(render_update(document(changed, number=9)))
    assert levels(page) == [92, 84]
    changed["blocks"][0]["needs"][1]["label"] = "Flies"
    page.do(render_update(document(changed, number=9)))
    assert levels(page) == [92, 84]
    assert page.run("sprout.look(0, 'needs', 1)")


@pytest.mark.parametrize("icon", ["frog", "cat", "rocket", "none"])
def test_every_creature_has_one_face(open_app, icon):
    page = open_app(app(pet(icon=icon), icon="none"))
    assert page.run("document.querySelectorAll('.creature .ic > .eyes').length") == 1
    assert "Hoppy" in page.run("document.querySelector('[data-act=stroke]').ariaLabel")


def test_each_mood_has_words_of_its_own(open_app):
    said_ = set()
    for mood in ("cheerful", "sleepy", "shy", "wild", "grumpy"):
        page = open_app(app(pet(mood=mood)))
        said_.add(page.run("document.querySelector('.say').textContent"))
    assert len(said_) == 5
    assert all("Food" in words for words in said_)


def test_a_need_that_is_empty_can_set_something_off(open_app):
    shown = document(app(pet(), note(), rules=[rule("b1", "lose", "b2", "show_block")]))
    page = open_app(shown)
    page.click("[data-act=care]")
    keep(page, shown, at=0)
    page = open_app(shown)
    page.wait("document.querySelector('[data-block=b2]').checkVisibility()")


@pytest.mark.parametrize("size", [SMALLEST, PHONE, WIDE])
def test_the_longest_pet_fits(open_app, size):
    words = HOSTILE * 2
    needs = [
        {"label": f"{n}{words[:19]}", "care": words[:20], "icon": "none", "drain": "fast"} for n in range(5)
    ]
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(app(pet(name=words[:30], needs=needs), theme=theme), size=size)
        assert page.sideways() == []
        page.click("[data-act=care]", 4)
        assert page.sideways() == []

"""Converter, poll, journal, text tool and classifier, played in the real engine."""

import json

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import events, project, said
from tests.apps.plays import play
from tests.support.browser import Qt

pytestmark = pytest.mark.slow

NASTY = "<img src=x onerror=alert(1)>\u200b \u202eabc 🐸"


def typed(page, selector, words):
    """Put words into a field as typing does."""
    page.do(
        f"const field = document.querySelector({selector!r}); field.focus(); field.value = {words!r};"
        "field.dispatchEvent(new Event('input', { bubbles: true }));"
    )


def value(page, selector):
    return page.run(f"document.querySelector({selector!r}).value")


# --- converter


def pair(frm="miles", to="kilometres", factor=1.609344, offset=0.0):
    return {"frm": frm, "to": to, "factor": factor, "offset": offset}


DEGREES = pair("°C", "°F", 1.8, 32.0)


def converter(*pairs, **slots):
    return {"type": "converter", "title": "Far", "pairs": list(pairs) or [pair()], **slots}


def both(page):
    return value(page, "[data-act=side0]"), value(page, "[data-act=side1]")


def test_both_sides_of_a_converter_agree_whichever_is_typed(open_app):
    page = open_app(app(converter()))
    assert both(page) == ("1", "1.61")
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
    said(page, "1 °C is 33.8 °F")
    many = open_app(app(converter(*[pair(f"a{n}", f"b{n}", n + 1.0) for n in range(12)])))
    choose(many, 11)
    said(many, "1 a11 is 12 b11")
    assert many.run("sprout.look(0, 'pairs', 3)")
    assert "1 a3 is 4 b3" in many.text()
    many.do("dispatchEvent(new Event('beforeprint'));")
    paper = many.run("document.querySelector('.paper').textContent")
    assert "5 a11 is 60 b11" in paper
    many.do("dispatchEvent(new Event('afterprint'));")


def test_an_edit_keeps_what_was_typed(open_app):
    first = app(converter())
    page = open_app(document(first, number=901), everything=True)
    typed(page, "[data-act=side0]", "10")
    assert both(page) == ("10", "16.09")
    page.do(render_update(document(app(converter(pair(to="km"), DEGREES)), number=901)))
    assert both(page) == ("10", "16.09")
    assert "10 miles is 16.09 km" in page.text()


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


# --- poll


LUNCH = {"ask": "More of what?", "kind": "one", "options": ["Fruit", "Soup", "Salad"]}
STARS = {"ask": "How was it?", "kind": "stars", "options": []}
DAYS = {"ask": "Which days?", "kind": "many", "options": ["Monday", "Friday"]}
IDEAS = {"ask": "Any ideas?", "kind": "text", "options": []}


def poll(*questions, **slots):
    asked = list(questions) or [LUNCH, STARS, DAYS, IDEAS]
    return {"type": "poll", "title": "Lunch", "questions": asked, "results": "live", **slots}


def row(page, number):
    return page.run(f"document.querySelectorAll('.votekey')[{number}].innerText.replace(/\\s+/g, ' ')")


def test_a_poll_is_answered_sent_and_counted(open_app):
    page = open_app(app(poll()))
    assert "Kept on this computer" in page.text()
    assert "%" not in page.text()
    page.click("[data-act=choose]", 1)
    said(page, "Chosen: Soup. 1 of 1 votes, 100 percent.")
    assert "Your choice" in row(page, 1)
    assert page.run("document.activeElement === document.body")
    page.click("[data-act=next]")
    assert page.run("document.activeElement.textContent.endsWith('How was it?')")
    page.press("4")
    said(page, "Chosen: 4 of 5 stars.")
    page.click("[data-act=next]")
    page.click("[data-act=choose]", 0)
    page.click("[data-act=choose]", 1)
    page.click("[data-act=choose]", 0)
    said(page, "Not chosen: Monday.")
    page.click("[data-act=next]")
    typed(page, "textarea", f"  {NASTY}  ")
    page.click("[data-act=next]")
    assert page.run("document.activeElement.textContent") == "Thank you!"
    assert "1 · 100 %" in row(page, 1)
    assert NASTY in page.run("document.body.textContent")
    assert events(page) == ["start", *["change"] * 5, "finish"]


def test_many_people_answer_on_one_computer_and_start_over_forgets_them(open_app):
    shown = document(app(poll(LUNCH)), number=910)
    page = open_app(shown)
    for choice in (0, 0, 2):
        page.click("[data-act=choose]", choice)
        said(page, "Chosen")
        page.click("[data-act=next]")
        page.click("[data-act=person]")
        assert page.run("document.activeElement.textContent") == "Your turn!"
        said(page, "Your turn!")
        assert "Fruit" not in page.text()
        page.click("[data-act=begin]")
    page = open_app(shown)
    page.click("[data-act=choose]", 2)
    assert [row(page, n)[-8:] for n in range(3)] == ["2 · 50 %", " 0 · 0 %", "2 · 50 %"]
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert "Start over and erase?" in page.text()
    page.click("[data-act=close]")
    page.click("[data-act=next]")
    assert "People so far: 4" in page.text()
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    page.click("[data-act=erase]")
    page.click("[data-act=choose]", 0)
    assert "1 · 100 %" in row(page, 0)


@pytest.mark.parametrize(
    ("results", "during", "afterwards"),
    [("live", True, True), ("after", False, True), ("hidden", False, False)],
)
def test_results_show_when_the_poll_says_so(open_app, results, during, afterwards):
    page = open_app(app(poll(LUNCH, results=results)), size=WIDE)
    page.click("[data-act=choose]", 0)
    assert ("%" in page.text()) is during
    page.click("[data-act=next]")
    assert ("%" in page.text()) is afterwards


def test_a_question_may_be_skipped_but_nothing_is_not_sent(open_app):
    page = open_app(app(poll(LUNCH, STARS)))
    assert "Skip" in page.text()
    page.click("[data-act=next]")
    page.click("[data-act=next]")
    said(page, "Answer one question first.")
    page.click("[data-act=back]")
    page.click("[data-act=choose]", 0)
    page.click("[data-act=next]")
    page.click("[data-act=next]")
    assert "Thank you!" in page.text()
    assert events(page) == ["start", "change", "finish"]


def test_an_edit_keeps_the_answers_that_still_stand(open_app):
    page = open_app(document(app(poll(LUNCH, STARS)), number=911), everything=True)
    page.click("[data-act=choose]", 1)
    page.click("[data-act=next]")
    page.click("[data-act=choose]", 4)
    changed = [{**LUNCH, "options": ["Soup", "Bread"]}, STARS]
    page.do(render_update(document(app(poll(*changed)), number=911)))
    assert "On average 5 of 5 stars" in page.text()
    page.click("[data-act=back]")
    assert "Your choice" in row(page, 0)
    assert page.run("sprout.look(0, 'questions', 1)")
    assert "How was it?" in page.text()


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_answers_may_be_named_like_the_languages_own_things(open_app, name):
    tricky = {"ask": name, "kind": "one", "options": [name, "hasOwnProperty"]}
    shown = document(app(poll(tricky)), number=912 + len(name))
    page = open_app(shown)
    page.click("[data-act=choose]", 0)
    page.click("[data-act=next]")
    page = open_app(shown)
    page.click("[data-act=choose]", 1)
    assert "1 · 50 %" in row(page, 0)
    assert page.run("({}).polluted ?? null") is None


@pytest.mark.parametrize("results", ["live", "after", "hidden"])
def test_the_longest_poll_is_played_to_its_end(open_app, results):
    eight = [f"{i}" * 40 for i in range(8)]
    long = [
        {"ask": f"{n}" * 140, "kind": kind, "options": eight if kind in ("one", "many") else []}
        for n, kind in enumerate(("one", "many", "stars", "text") * 2)
    ]
    page = open_app(
        app(poll(*long, results=results), theme={"size": "large", "font": "pixel"}), size=(320, 568)
    )
    assert page.sideways() == []
    play(page, "b1", poll(*long))
    assert page.sideways() == []
    assert events(page)[-1] == "finish"


# --- journal


def journal(**slots):
    return {
        "type": "journal", "title": "My days", "prompts": ["What did you see?", "Who was there?"],
        "moods": ["smile", "sad"], "private": False, **slots,
    }  # fmt: skip


def kept_pages(page):
    return page.do(
        "const id = JSON.parse(document.getElementById('sprout-project').textContent).id;"
        "return JSON.parse(localStorage.getItem(`sprout:${id}:block000`))?.pages ?? [];"
    )


def with_pages(open_app, shown, pages, **more):
    """Open a journal over what an earlier day left there."""
    shown = document(shown) if isinstance(shown, dict) else shown
    page = open_app(shown, **more)
    page.do(
        "const id = JSON.parse(document.getElementById('sprout-project').textContent).id;"
        f"localStorage.setItem(`sprout:${{id}}:block000`, JSON.stringify({json.dumps(pages)}));"
    )
    return open_app(shown, **more)


OLD = [["2024-02-29", "A leap day.", "smile"], ["2024-03-01", "Rain.", "sad"]]


def test_a_page_is_kept_while_it_is_written_and_finishes_once_a_day(open_app):
    shown = document(app(journal()), number=920)
    page = open_app(shown)
    assert any(prompt in page.text() for prompt in journal()["prompts"])
    typed(page, "textarea", NASTY)
    said(page, "Saved")
    assert [one[1:] for one in kept_pages(page)] == [[NASTY, ""]]
    typed(page, "textarea", "Two owls.")
    page.wait("document.querySelector('.saved.now')")
    page.click("[data-act=mood]", 1)
    assert page.run("document.querySelectorAll('.mood')[1].ariaLabel") == "sad face"
    assert events(page) == ["start", "finish"]
    page = open_app(shown)
    assert value(page, "textarea") == "Two owls."
    assert page.run("document.querySelector('.mood[aria-pressed=true]').ariaLabel") == "sad face"
    typed(page, "textarea", "Three owls.")
    page.wait("document.querySelector('.saved.now')")
    assert events(page) == ["start"]


def test_what_is_typed_is_saved_when_the_page_is_hidden(open_app):
    page = open_app(document(app(journal()), number=921))
    page.do(
        "const field = document.querySelector('textarea'); field.value = 'Quick!';"
        "field.dispatchEvent(new Event('input')); dispatchEvent(new Event('pagehide'));"
    )
    assert kept_pages(page)[0][1] == "Quick!"


def test_older_days_are_read_deleted_and_brought_back(open_app):
    page = with_pages(open_app, document(app(journal()), number=922), {"pages": OLD})
    page.click("[data-act=day]", 0)
    assert "Thursday 29 February" in page.text()
    assert "A leap day." in page.text()
    assert page.run("document.activeElement.textContent") == "Thursday 29 February"
    page.click("[data-act=delete]")
    said(page, "Page deleted.")
    assert [one[0] for one in kept_pages(page)] == ["2024-03-01"]
    page.click("[data-act=undo]")
    assert "A leap day." in page.text()
    assert len(kept_pages(page)) == 2
    page.click("[data-act=today]")
    page.click("[data-act=all]")
    assert "All pages: 2" in page.text()
    page.click("[data-act=day]", 1)
    assert "Rain." in page.text()
    assert page.sideways() == []


def test_private_pages_lie_folded_until_they_are_opened(open_app):
    shown = document(app(journal(private=True)), number=923)
    page = with_pages(open_app, shown, {"pages": OLD})
    typed(page, "textarea", "My secret.")
    page.wait("document.querySelector('.saved.now')")
    page = open_app(shown)
    assert "My secret." not in page.run("document.body.innerHTML")
    page.do("dispatchEvent(new Event('beforeprint'));")
    assert "Rain." not in page.run("document.querySelector('.paper').textContent")
    page.do("dispatchEvent(new Event('afterprint'));")
    page.click("[data-act=unfold]")
    assert value(page, "textarea") == "My secret."
    page.click("[data-act=day]", 0)
    assert "A leap day." not in page.run("document.body.innerHTML")
    page.click("[data-act=unfold]")
    said(page, "The page is open.")
    assert "A leap day." in page.text()
    page.do("dispatchEvent(new Event('beforeprint'));")
    assert "A leap day." in page.run("document.querySelector('.paper').textContent")
    page.do("dispatchEvent(new Event('afterprint'));")
    page.click("[data-act=fold]")
    assert "A leap day." not in page.text()


def test_start_over_asks_before_a_journal_goes(open_app):
    page = with_pages(open_app, document(app(journal()), number=924), {"pages": OLD})
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert len(kept_pages(page)) == 2
    page.click("[data-act=erase]")
    assert kept_pages(page) == []
    assert "2024" not in page.text()


def test_a_full_journal_says_so_kindly_and_keeps_what_it_has(open_app):
    many = [[f"{2000 + n // 336:04}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}", "x" * 50, ""] for n in range(400)]
    page = with_pages(open_app, document(app(journal()), number=925), {"pages": many})
    assert "This diary is full." in page.text()
    page.click("[data-act=day]", 0)
    page.click("[data-act=delete]")
    typed(page, "textarea", "w" * 4000)
    page.wait("document.querySelector('.saved.now')")
    assert "This page is full." in page.text()
    assert len(kept_pages(page)) == 400


@pytest.mark.parametrize(
    "kept",
    [{"pages": 7}, {"pages": [["x", 1], None, ["2024-99-99", "a", "b"]]}, [1], "words", {"told": {}}, None],
)
def test_a_journal_opens_over_bytes_that_are_not_its_own(open_app, kept):
    page = with_pages(open_app, app(journal()), kept)
    play(page, "b1", journal())
    assert events(page)[-1] == "finish"


def test_without_storage_a_journal_writes_on(open_app):
    deny = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });"
    page = open_app(app(journal()), before=deny)
    play(page, "b1", journal())
    assert "This browser keeps nothing." in page.text()
    assert events(page) == ["start", "finish"]


@pytest.mark.parametrize("language", ["en", "de", "ar", "fr"])
def test_the_longest_prompts_fit_in_every_language(open_app, language):
    long = journal(prompts=["w" * 120] * 12, moods=["smile", "sad", "star", "heart", "cloud", "fire"])
    shown = app(long, title="w" * 60, language=language, theme={"size": "large", "font": "pixel"})
    page = with_pages(open_app, shown, {"pages": OLD}, size=(320, 568))
    assert page.sideways() == []
    page.click("[data-act=day]", 0)
    assert page.sideways() == []

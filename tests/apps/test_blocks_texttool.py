"""The text tool, played in the real engine."""

import json
import re

import pytest

from tests.apps.conftest import WIDE
from tests.apps.documents import app
from tests.apps.playing import NASTY, events, said, typed, value
from tests.apps.plays import play

pytestmark = pytest.mark.slow


def texttool(**slots):
    return {
        "type": "texttool", "title": "Shorter", "job": "summarise", "target": "", "length": "medium",
        "example": "An example. It is short.", "button": "Make it shorter", **slots,
    }  # fmt: skip


BEES = (
    "Bees are small insects. They live in a hive. Every bee in the hive has a job. My shoe is blue. "
    "Worker bees visit flowers and carry nectar to the hive. The queen bee lays eggs in the hive."
)


@pytest.mark.parametrize(("length", "most"), [("short", 1), ("medium", 3), ("long", 5)])
def test_without_a_model_a_summary_takes_whole_sentences_of_the_text(open_app, length, most):
    page = open_app(app(texttool(length=length)))
    typed(page, "textarea", BEES)
    page.click("[data-act=work]")
    shown = page.run("document.querySelector('.newtext').textContent")
    taken = [one for one in re.split(r"(?<=\.) ", BEES) if one in shown]
    assert " ".join(taken) == shown
    assert len(taken) == min(most, 3)
    assert "shoe" not in shown
    assert "No model" in page.text()
    said(page, shown)
    assert events(page) == ["start", "finish"]


def test_the_example_can_be_taken_and_copied(open_app):
    page = open_app(app(texttool()), size=WIDE)
    page.click("[data-act=work]")
    said(page, "Write or paste a text here.")
    page.click("[data-act=example]")
    assert value(page, "textarea") == texttool()["example"]
    assert page.run("document.activeElement.dataset.act") == "work"
    page.click("[data-act=work]")
    page.click("[data-act=copy]")
    assert page.run("getSelection().toString()") == page.run("document.querySelector('.newtext').textContent")
    page.wait("document.querySelector('[data-banner=notice]')")


@pytest.mark.parametrize("job", ["translate", "simplify", "rewrite", "rhyme", "explain", "spellcheck"])
def test_without_a_model_the_other_jobs_explain_and_keep_the_text(open_app, job):
    page = open_app(app(texttool(job=job)))
    assert "This part asks a model. There is none in this page." in page.text()
    typed(page, "textarea", BEES)
    page.click("[data-act=work]")
    said(page, "There is none in this page.")
    assert value(page, "textarea") == BEES
    assert events(page) == ["start"]


LISTEN = (
    "document.documentElement.dataset.door = '1'; window.heard = [];"
    "addEventListener('message', ({ data }) => { if (data.t !== 'answer') window.heard.push(data); });"
)


def tell(page, **answer):
    page.do(f"window.postMessage({json.dumps({'t': 'answer', **answer})}, '*');")


def test_a_model_gets_one_fixed_job_and_answers_piece_by_piece(open_app):
    page = open_app(app(texttool(job="translate", target="Spanish")))
    page.do(LISTEN)
    typed(page, "textarea", NASTY)
    page.click("[data-act=work]")
    page.wait("heard.length === 1")
    asked = page.run("heard[0].s")
    assert asked.startswith("Translate the text into Spanish.")
    assert asked.endswith(NASTY)
    assert page.run("document.activeElement.dataset.act") == "stop"
    tell(page, n=1, s="Ho")
    page.wait("document.querySelector('.newtext').textContent === 'Ho'")
    tell(page, n=1, s="la <b>", done=True)
    page.wait("document.querySelector('[data-act=copy]')")
    said(page, "Hola <b>")
    assert "A model wrote this." in page.text()
    assert events(page) == ["start", "finish"]


def test_a_model_can_be_stopped_and_may_fail(open_app):
    page = open_app(app(texttool(job="rhyme")))
    page.do(LISTEN)
    typed(page, "textarea", BEES)
    page.click("[data-act=work]")
    page.click("[data-act=stop]")
    page.wait("heard.some((one) => one.t === 'stop' && one.n === 1)")
    tell(page, n=1, s="too late", done=True)
    page.click("[data-act=work]")
    tell(page, n=2, failed=True)
    page.wait("document.body.innerText.includes('The model did not answer.')")
    assert "too late" not in page.text()
    assert value(page, "textarea") == BEES
    assert events(page) == ["start"]


def test_new_words_are_underlined_where_the_text_stays_the_same(open_app):
    page = open_app(app(texttool(job="spellcheck")))
    page.do(LISTEN)
    typed(page, "textarea", "The owl sleps in teh barn all day.")
    page.click("[data-act=work]")
    tell(page, n=1, s="The owl sleeps in the barn all day.", done=True)
    page.wait("document.querySelector('.newtext ins')")
    assert page.run(
        "[...document.querySelectorAll('.newtext ins')].map((one) => one.textContent.trim())"
    ) == [
        "sleeps",
        "the",
    ]
    assert "Underlined: new words" in page.text()


@pytest.mark.parametrize(
    "words", ["x", "!!! ...", "w" * 3000, "a. " * 900, "他走了。他来了。他笑了。", "مرحبا. كيف حالك؟ جيد."]
)
@pytest.mark.parametrize("size", [(320, 568), WIDE])
def test_any_text_is_summarised_and_fits(open_app, words, size):
    slots = texttool(button="w" * 24, title="w" * 60)
    page = open_app(app(slots, theme={"size": "large", "font": "pixel"}), size=size)
    typed(page, "textarea", words)
    page.click("[data-act=work]")
    assert page.run("document.querySelector('.newtext').textContent.length") > 0
    assert page.sideways() == []
    play(page, "b1", slots)
    assert events(page) == ["start", "finish", "finish"]

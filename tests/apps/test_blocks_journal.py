"""The journal, played in the real engine."""

import json

import pytest

from tests.apps.documents import app, document
from tests.apps.playing import NASTY, events, said, typed, value
from tests.apps.plays import play

pytestmark = pytest.mark.slow


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

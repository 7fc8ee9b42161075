"""What a player does, said once: play each block to its goal from what stands in the page."""

from __future__ import annotations

import json
from typing import Any

from tests.support.browser import Browser


def project(browser: Browser) -> dict[str, Any]:
    """Return the project that the page carries."""
    return dict(browser.run("JSON.parse(document.getElementById('sprout-project').textContent)"))


def right_answer(browser: Browser) -> str:
    """Return the right answer to the question on screen, as the project in the page has it."""
    name = str(browser.run("document.querySelector('.ask').closest('section').dataset.block"))
    questions = project(browser)["blueprint"]["blocks"][int(name[1:]) - 1]["questions"]
    shown = str(browser.run("document.querySelector('.ask').lastChild.textContent"))
    return str(next(one["right"] for one in questions if one["ask"] == shown))


def answer(browser: Browser, *, right: bool = True) -> str:
    """Press the right or a wrong answer; return its words."""
    words = right_answer(browser)
    chosen = browser.do(
        f"const right = {json.dumps(words)};"
        "const all = [...document.querySelectorAll('[data-act=answer]')];"
        "const text = (one) => one.querySelector('.said > span').textContent;"
        f"const one = all.find((each) => (text(each) === right) === {json.dumps(right)});"
        "one.click(); return text(one);"
    )
    return str(chosen)


def play_quiz(browser: Browser, results: str) -> None:
    """Answer each question: `r` right, `w` wrong; then stand at the end."""
    for result in results:
        answer(browser, right=result == "r")
        browser.click("[data-act=next]")


def ahead(browser: Browser, seconds: float) -> None:
    """Let the page's clock run on."""
    browser.do(
        "if (!window.testAhead) { const real = Date.now.bind(Date); window.testAhead = { ms: 0 };"
        " Date.now = () => real() + window.testAhead.ms; }"
        f"window.testAhead.ms += {seconds * 1000};"
    )


def events(browser: Browser, block: str = "b1") -> list[str]:
    return [one.split()[1] for one in browser.events() if one.startswith(block)]


def said(browser: Browser, words: str) -> None:
    """Wait until a screen reader would say these words."""
    browser.wait(f"document.querySelector('[data-live]').textContent.includes({json.dumps(words)})")


NASTY = "<img src=x onerror=alert(1)>\u200b \u202eabc 🐸"
"""What a player may type or paste."""


def typed(browser: Browser, selector: str, words: str) -> None:
    """Put words into a field as typing does."""
    browser.do(
        f"const field = document.querySelector({json.dumps(selector)}); field.focus();"
        f"field.value = {json.dumps(words)}; field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    )


def value(browser: Browser, selector: str) -> str:
    """Return what stands in a field."""
    return str(browser.run(f"document.querySelector({json.dumps(selector)}).value"))

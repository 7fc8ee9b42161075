"""Answer every question of a poll and send it."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Choose the first answer everywhere, the best of the stars, and write where one writes."""
    here = f"[data-block={name}] "
    if browser.run(f"Boolean(document.querySelector('{here}[data-act=begin], {here}[data-act=person]'))"):
        for act in ("person", "begin"):
            browser.do(f"document.querySelector('{here}[data-act={act}]')?.click();")
    for question in slots["questions"]:
        number = -1 if question["kind"] == "stars" else 0
        browser.do(
            f"const field = document.querySelector('{here}textarea');"
            "if (field) { field.focus(); field.value = 'Pancakes!';"
            " field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change')); }"
            f"else [...document.querySelectorAll('{here}[data-act=choose]')].at({number})?.click();"
        )
        browser.click(f"{here}[data-act=next]")

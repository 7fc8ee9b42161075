"""Give a text to the tool and wait for the new one.

A page without a door to a model gets one here: a script that answers the messages of resources/runtime/door.js with
the words that it was given, in two pieces. `summarise` is played without a door, as most pages will be.
"""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser

TEXT = "The old owl sleeps all day. At night the owl hunts mice near the barn. The farmer likes the owl very much."
DOOR = """
document.documentElement.dataset.door = "1";
addEventListener("message", ({ data }) => {
  if (!data || data.t !== "ask" || window.deaf) return;
  const words = data.s.split("\\n\\n").at(-1);
  const tell = (more) => window.postMessage({ t: "answer", n: data.n, ...more }, "*");
  tell({ s: words.slice(0, 20) });
  tell({ s: words.slice(20), done: true });
});
"""


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write a text and press the button; a model answers, or for a summary the page itself."""
    here = f"[data-block={name}] "
    if slots["job"] != "summarise" and browser.run("document.documentElement.dataset.door !== '1'"):
        browser.do(DOOR)
    browser.do(
        f"const field = document.querySelector('{here}textarea'); field.focus(); field.value = {TEXT!r};"
        "field.dispatchEvent(new Event('input'));"
    )
    browser.click(f"{here}[data-act=work]")
    browser.wait(f"document.querySelector('{here}[data-act=copy]')")

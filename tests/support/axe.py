"""axe-core, the accessibility checker, run inside a page (a test tool only: `packaging/axe.py` brings it)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from tests.support.browser import Browser

FILE = Path(__file__).parents[2] / ".venv" / "share" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
SERIOUS = ("serious", "critical")


@cache
def source() -> str:
    """Return the checker's script; skip the test where npm is not there, but never on CI."""
    if not FILE.is_file():
        assert not os.environ.get("CI"), "axe-core is missing: the set-up could not get it from npm"
        pytest.skip("axe-core is not here: the set-up found no npm")
    return FILE.read_text(encoding="utf-8")


def findings(browser: Browser) -> list[str]:
    """Return what is seriously wrong on the page for people who use it differently: rule and element."""
    if not browser.run("typeof axe === 'object'"):
        browser.page.runJavaScript(source() + ";0")
        browser.wait("typeof axe === 'object'")
    browser.do(
        "window.axeTold = null;"
        f"axe.run(document, {{runOnly: {list(RULES)!r}, resultTypes: ['violations']}})"
        ".then((told) => { window.axeTold = told.violations; })"
        ".catch((error) => { window.axeTold = [{id: String(error), impact: 'critical', nodes: []}]; });"
    )
    browser.wait("window.axeTold")
    return list(
        browser.run(
            f"window.axeTold.filter((one) => {list(SERIOUS)!r}.includes(one.impact))"
            ".map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)"
        )
    )

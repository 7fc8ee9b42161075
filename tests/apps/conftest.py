"""Pages of the runtime in the real engine: one per size and module, loaded anew by each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from studio.blueprints import KINDS, ProjectDocument
from studio.blueprints.render import render
from tests.apps import documents
from tests.support.browser import Browser

PHONE = (360, 640)
WIDE = (1280, 800)
Open = Callable[..., Browser]


@pytest.fixture(scope="module")
def common_browser() -> Iterator[Browser]:
    with Browser(*PHONE) as browser:
        yield browser


@pytest.fixture
def open_app(common_browser: Browser) -> Iterator[Open]:
    """Show a blueprint or a document; afterwards the page must have been silent.

    With `everything` the page has room for every kind, for a `render_update` later on. `before` is a script
    that runs before the page's first line, in a browser of its own.
    """
    used: list[Browser] = []
    own: list[Browser] = []

    def open_(
        what: Any, *, size: tuple[int, int] = PHONE, everything: bool = False, before: str = ""
    ) -> Browser:
        shown = what if isinstance(what, ProjectDocument) else documents.document(what)
        browser = common_browser
        if before:
            browser = Browser(*size, before=before)
            own.append(browser)
        browser.resize(*size)
        browser.console.clear()
        browser.load(render(shown, room_for=KINDS if everything else None))
        used.append(browser)
        return browser

    yield open_
    try:
        for browser in used:
            assert browser.console == []
            assert browser.wall.asked == []
            assert browser.run("sprout.describe().errors") == []
    finally:
        for browser in own:
            browser.close()

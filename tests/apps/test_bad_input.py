"""Whatever stands in an app, its page stays usable and inert: every block, every slot, and data that no door let in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from studio.blueprints import Blueprint, new_block, normalise, schema
from studio.blueprints.render import render
from tests.apps import documents
from tests.apps.conftest import Open
from tests.apps.plays import GOALS
from tests.support.browser import Browser

HOSTILE = {
    "markup": "<img src=x onerror='window.caught=1'><b>bold</b></script><script>window.caught=1</script>",
    "script": "javascript:window.caught=1;//${window.caught=1}{{window.caught=1}}\\u0022);window.caught=1;(",
    "right to left": "\u202eمرحبا \u2067שלום\u2069 abc\u202c ",
    "zero width": "a\u200bb\u200dc\ufeffd\u2060e\u00ad",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🐸e\u0301\U0001f1ea\U0001f1f8",
    "one long word": "Donaudampfschifffahrtsgesellschaft" * 30,
    "ten thousand": "word " * 2000,
}
ROOT = schema("blueprint")
BEYOND = (10**9, -(10**9), 0, 1.5, -1)

pytestmark = pytest.mark.slow
Change = Callable[[Any, Any], Any]


@pytest.mark.parametrize("kind", GOALS)
def test_hostile_words_in_every_slot_stay_words(open_app: Open, kind: str) -> None:
    for name, words in HOSTILE.items():
        blueprint = documents.app(
            _changed(_plain(kind), _shape(kind), _words(words)), title=words[:60].strip()
        )
        page = open_app(normalise(Blueprint.model_validate(blueprint)).model_dump(mode="json", by_alias=True))
        _usable(page, name)
        assert page.sideways() == [], name


@pytest.mark.parametrize("end", ["minimum", "maximum"])
@pytest.mark.parametrize("kind", GOALS)
def test_numbers_at_their_bounds_play(open_app: Open, kind: str, end: str) -> None:
    def bound(shape: Any, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return shape.get(end, value)

    page = open_app(documents.app(_changed(_plain(kind), _shape(kind), bound)))
    _usable(page, end)
    assert page.sideways() == []


@pytest.mark.parametrize("kind", GOALS)
def test_a_tampered_page_hurts_nobody(open_app: Open, kind: str) -> None:
    """Change the data in the finished file, as a stranger could: no door of ours has seen it."""

    def beyond(shape: Any, value: Any) -> Any:
        if isinstance(value, str) and "enum" in shape:
            return "nonsense"
        return "<b>x</b>" * 1250 if isinstance(value, str) else value

    blocks = [_plain(kind), documents.note()]
    for number, strange in enumerate(BEYOND):
        honest = documents.document(documents.app(*blocks))
        wild = documents.app(
            _changed(
                _plain(kind), _shape(kind), lambda shape, value, s=strange: _number(value, s, beyond, shape)
            ),
            documents.note(),
        )
        html = _with_data(
            render(honest), {**json.loads(honest.model_dump_json(by_alias=True)), "blueprint": wild}
        )
        page = open_app(documents.app(documents.note()))
        page.load(html)
        assert page.run("window.caught ?? 0") == 0
        assert page.run("document.querySelectorAll('.block').length") == 2, number
        page.click("[data-block=b2] [data-act=click]")
        assert "b2 click" in page.events()
        page.load(
            render(documents.document(documents.app(documents.note())))
        )  # what it complained of is its own


def _number(value: Any, strange: Any, beyond: Change, shape: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return strange
    return beyond(shape, value)


def _with_data(html: str, project: Any) -> str:
    data = json.dumps(project).replace("<", "\\u003c")
    place = re.compile(r'(<script type="application/json" id="sprout-project">).*?(</script>)', re.DOTALL)
    return place.sub(lambda match: match[1] + data + match[2], html)


def _usable(page: Browser, what: str) -> None:
    page.wait("document.documentElement.dataset.ready === '1'")
    told = page.run("sprout.describe()")
    assert told["errors"] == [], what
    assert not any(one["broken"] for one in told["blocks"]), what
    assert page.run("window.caught ?? 0") == 0, what
    assert page.run("document.querySelectorAll('img, script[src], iframe, b > b').length") == 0, what


def _plain(kind: str) -> dict[str, Any]:
    return dict(new_block(kind).model_dump(mode="json", by_alias=True))


def _shape(kind: str) -> Any:
    return ROOT["$defs"][f"block_{kind}"]


def _words(words: str) -> Change:
    def change(shape: Any, value: Any) -> Any:
        free = (
            isinstance(value, str) and "enum" not in shape and "const" not in shape and "pattern" not in shape
        )
        return words[: shape.get("maxLength", 10_000)].strip() if free else value

    return change


def _changed(value: Any, shape: Any, change: Change) -> Any:
    """Return plain data with `change(its shape, it)` in place of every single value but the type."""
    if "$ref" in shape:
        shape = ROOT["$defs"][shape["$ref"].rpartition("/")[2]]
    if isinstance(value, dict):
        return {
            name: one if name == "type" else _changed(one, shape["properties"][name], change)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_changed(one, shape["items"], change) for one in value]
    return change(shape, value)

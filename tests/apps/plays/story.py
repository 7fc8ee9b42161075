"""Read a story by every path that there is."""

from __future__ import annotations

from collections import deque
from typing import Any

from tests.support.browser import Browser

END = -1


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Take every choice that can be reached at least once, then come to an end."""
    ways = _ways(slots)
    left = {(page, choice) for page in _reached(ways) for choice in range(len(ways[page]))}
    choose = f"[data-block={name}] [data-act=choose]"
    page = 0
    while True:
        if (path := _path(ways, page, left)) is not None:
            for choice in path:
                left.discard((page, choice))
                browser.click(choose, choice)
                page = ways[page][choice]
            if not _over(ways, page):
                continue
        else:
            page = _end(browser, choose, ways, page)
        if _path(ways, 0, left) is None:
            return
        browser.click(f"[data-block={name}] [data-act=restart]")
        page = 0


def _ways(slots: dict[str, Any]) -> list[list[int]]:
    """Return the page that each choice of each page leads to."""
    pages = slots["pages"]
    named = {f"p{number + 1}": number for number in range(len(pages))}
    return [[named.get(choice["goto"], END) for choice in page["choices"]] for page in pages]


def _over(ways: list[list[int]], page: int) -> bool:
    return page == END or not ways[page]


def _reached(ways: list[list[int]]) -> set[int]:
    reached, rest = {0}, [0]
    while rest:
        new = {way for way in ways[rest.pop()] if way != END} - reached
        reached |= new
        rest += new
    return reached


def _path(ways: list[list[int]], start: int, wanted: set[tuple[int, int]]) -> list[int] | None:
    """Return the choices that lead soonest to and through a wanted one, or None."""
    seen, rest = {start}, deque([(start, [])])
    while rest:
        page, path = rest.popleft()
        if page == END:
            continue
        for choice, way in enumerate(ways[page]):
            if (page, choice) in wanted:
                return [*path, choice]
            if way not in seen:
                seen.add(way)
                rest.append((way, [*path, choice]))
    return None


def _end(browser: Browser, choose: str, ways: list[list[int]], page: int) -> int:
    """Walk to the nearest end; where none is left, the page itself offers to stop behind its choices."""
    last = {
        (one, choice) for one, out in enumerate(ways) for choice, way in enumerate(out) if _over(ways, way)
    }
    path = _path(ways, page, last)
    for choice in path if path is not None else [len(ways[page])]:
        browser.click(choose, choice)
        page = ways[page][choice] if path is not None else END
    return page

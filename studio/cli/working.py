"""Run a long piece of work and stay awake for Ctrl+C, on every system."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any, TypeVar

from studio.errors import CancelledError
from studio.jobs import CancelToken
from studio.jobs.job import Report
from studio.services import Services

T = TypeVar("T")
Say = Callable[[Any], None]

_LOOK_S = 0.1
"""How long Ctrl+C may go unheard on Windows, where a wait cannot be interrupted."""


def work(
    services: Services, task: Callable[[CancelToken, Report, Say], T], *, show: Say = lambda piece: None
) -> T:
    """Return what `task` returns or raise what it raises; what it says on the way is shown on this thread.

    Ctrl+C, or a reader of our output that has gone, presses Stop and puts all models away at once.
    """
    news: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def begin(token: CancelToken, report: Report) -> T:
        return task(token, report, lambda piece: news.put(("piece", piece)))

    job = services.jobs.start(begin, lane="engine", sink=lambda kind, payload: news.put((kind, payload)))
    try:
        result: T = _follow(news, show)
    except BaseException:
        job.cancel()
        services.engines.end()
        raise
    return result


def _follow(news: queue.SimpleQueue[tuple[str, Any]], show: Say) -> Any:
    while True:
        try:
            kind, payload = news.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if kind == "piece":
            show(payload)
        elif kind == "done":
            return payload
        elif kind == "failed":
            raise payload
        elif kind == "cancelled":
            raise CancelledError


__all__ = ["Say", "work"]

"""What every computed pack is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sum:
    """Hold one thing to work out: the question, the answer, near misses and the working."""

    ask: str
    short: str
    answer: str
    near: tuple[str, ...]
    why: str
    group: str = ""

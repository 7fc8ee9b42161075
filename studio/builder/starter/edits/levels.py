"""Make an app harder or easier: by its time, its speed, its lives, how many pairs, how fast a pet tires."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.builder.starter import patterns
from studio.builder.starter.edits import amounts
from studio.builder.starter.edits.assign import set_slot
from studio.builder.starter.edits.state import Clause, State
from studio.builder.starter.edits.targets import find_part
from studio.phrases import phrase

_HARDER = patterns.lazy(
    r"\bharder\b|\bmore (?:difficult|of a challenge|challenging)\b|\b(?:too|very|so) (?:easy|simple)\b|\bmas dificil\b|"
    r"\bplus (?:difficile|dur)\b|\b(?:schwerer|schwieriger)\b|\btrop facile\b|"
    r"\bdemasiado facil\b|\bzu (?:leicht|einfach)\b"
)
_EASIER = patterns.lazy(
    r"\beasier\b|\b(?:too|so|very) (?:hard|difficult|tricky)\b|\bless (?:difficult|hard)\b|"
    r"\bnot so hard\b|\bmas facil\b|"
    r"\bplus facile\b|\b(?:leichter|einfacher)\b|\btrop (?:dur|difficile)\b|"
    r"\bdemasiado dificil\b|\bzu (?:schwer|schwierig)\b"
)
_READS = patterns.lazy(r"\b(?:easier|easy|hard|difficult|harder) (?:for \w+ )?to (?:read|see)\b")
_PACE = ("slow", "normal", "fast")


def level(said: Clause, state: State) -> bool:
    """Make the part that is named, or the first that can be, harder or easier."""
    if _READS.search(said.plain):  # "easier to read" is about the letters
        return False
    harder, easier = bool(_HARDER.search(said.plain)), bool(_EASIER.search(said.plain))
    if harder == easier:
        if not harder:
            return False
        harder = said.plain.rfind("harder") > said.plain.rfind("easier")  # "too easy, make it harder"
    named = find_part(said.plain, state)
    able = [place for place, kind in enumerate(state.kinds) if kind in _LEVELS]
    place = named if named in able else next(iter(able), None)
    if place is None:
        state.checks.append(
            phrase("I cannot make this kind of app harder or easier. Tell me what to change instead.")
        )
        return True
    if state.leveled:  # "too easy" and "make it harder" in one wish are one thing
        return True
    state.leveled = True
    if not _LEVELS[state.kinds[place]](state, place, harder):
        most = phrase("It is as hard as it can be.") if harder else phrase("It is as easy as it can be.")
        state.checks.append(most)
    return True


def _quiz(state: State, place: int, harder: bool) -> bool:
    seconds = int(state.block(place)["seconds"])
    if harder:
        return seconds != 5 and set_slot(state, place, "seconds", max(5, seconds * 3 // 4) if seconds else 20)
    if seconds:
        return set_slot(state, place, "seconds", min(120, seconds * 2) if seconds < 60 else 0)
    return amounts.first_letters(state, place)


def _cards(state: State, place: int, harder: bool) -> bool:
    count = len(state.items(place))
    if harder:
        known = amounts.source_of(state, place) is not None and count < 40
        return known and amounts.more(state, place, min(4, 40 - count))
    return count > 2 and amounts.fewer(state, place, max(2, count - 4))


def _memory(state: State, place: int, harder: bool) -> bool:
    block, count = state.block(place), len(state.items(place))
    if harder:
        if count < 12 and amounts.source_of(state, place) is not None:
            return amounts.more(state, place, min(2, 12 - count))
        if block["peek"]:
            return set_slot(state, place, "peek", 0)
        return block["moves"] == 0 and set_slot(state, place, "moves", count * 3)
    if block["moves"]:
        return set_slot(state, place, "moves", 0)
    if block["peek"] < 10:
        return set_slot(state, place, "peek", min(10, block["peek"] + 3))
    return count > 2 and amounts.fewer(state, place, max(2, count - 2))


def _arcade(state: State, place: int, harder: bool) -> bool:
    block = state.block(place)
    pace = _PACE.index(block["speed"]) + (1 if harder else -1)
    if 0 <= pace < len(_PACE):
        return set_slot(state, place, "speed", _PACE[pace])
    lives = block["lives"] + (-1 if harder else 2)
    if 1 <= lives <= 9:
        return set_slot(state, place, "lives", lives)
    win = block["win"] + 10 if harder else block["win"] - 10
    return block["win"] > 0 and 1 <= win <= 500 and set_slot(state, place, "win", win)


def _timer(state: State, place: int, harder: bool) -> bool:
    seconds = int(state.block(place)["seconds"])
    if not seconds:
        return False
    return set_slot(state, place, "seconds", max(5, seconds * 3 // 4) if harder else min(7200, seconds * 2))


def _pet(state: State, place: int, harder: bool) -> bool:
    """Let all needs run down one step faster or slower."""
    changed = False
    for number, need in enumerate(state.block(place)["needs"], 1):
        pace = _PACE.index(need["drain"]) + (1 if harder else -1)
        if not 0 <= pace < len(_PACE):
            continue
        done = phrase("The needs run down faster.") if harder else phrase("The needs run down slower.")
        item = {**need, "drain": _PACE[pace]}
        state.do(
            None if changed else done,
            op="set_item",
            at=f"b{place + 1}",
            list="needs",
            index=number,
            item=item,
        )
        changed = True
    return changed


def _counter(state: State, place: int, harder: bool) -> bool:
    goal = int(state.block(place)["goal"])
    if not goal:
        return False
    return set_slot(state, place, "goal", min(10_000, goal * 2) if harder else max(1, goal // 2))


_LEVELS: Mapping[str, Callable[[State, int, bool], bool]] = {
    "quiz": _quiz,
    "arcade": _arcade,
    "memory": _memory,
    "flashcards": _cards,
    "pet": _pet,
    "counter": _counter,
    "timer": _timer,
}

"""Edits of rules: "confetti when I win", "start the timer when the quiz starts", "it should not shake"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.blueprints.words.look import RULE_ADDED
from studio.builder.starter import patterns
from studio.builder.starter.create import rule
from studio.builder.starter.edits.assign import set_slot
from studio.builder.starter.edits.making import own
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.slots import find_quoted, find_seconds
from studio.builder.starter.vocabulary import fit
from studio.phrases import phrase

_WHEN = patterns.lazy(
    r"\b(?:when(?:ever)?|if|after|once|every time|each time|as soon as|at the|on|for|cuando|al|quand|si|a "
    r"la|wenn|nach|bei)\b"
)
_ACTIONS = (
    ("confetti", r"confett?i\w*|konfetti|fireworks|celebrat\w*|\bcheers?\b"),
    ("stop_timer", r"(?:stop|pause|end)s? (?:the )?(?:timer|clock|countdown)"),
    (
        "start_timer",
        r"(?:start|begin|run)s? (?:the )?(?:timer|clock|countdown)|(?:timer|clock|countdown) (?:to |should )?(?:start|"
        r"begin)s?|starte den timer|inicia el temporizador|demarre le minuteur",
    ),
    ("sound_bad", r"(?:sad|bad|wrong|buzz\w*|fail\w*) (?:sound|noise)|\bbuzz(?:er)?\b|sonido triste"),
    (
        "sound_good",
        r"\bsounds?\b|\bnoise\b|\bding\b|\bbell\b|\bjingle\b|\bmusic\b|sonido|son\b|ton\b|gerausch",
    ),
    ("shake", r"\bshak(?:es?|ing)\b|\bwobble\w*|tiembla|secoue|wackel\w*"),
    ("lose_point", r"(?:lose|minus|take away|subtract) (?:a |one )?points?"),
    ("add_point", r"(?:add|give|get|plus|win) (?:me )?(?:a |one )?points?"),
    (
        "next_block",
        r"(?:go|jump|move) (?:on )?to (?:the )?\w+|(?:show|open) (?:the )?next (?:part|block|page|step)|move on",
    ),
    ("hide_block", r"\bhides?\b"),
    ("reset", r"\breset\b|start (?:again|over)|\bclears?\b|\bempty\b"),
    ("show_block", r"\b(?:show|open)s?\b (?:the )?\w+"),
    ("speak", r"\bsays?\b|\bspeaks?\b|\bsay\b|\btells?\b|^(?:it should |then )?writes? "),
)
_EVENTS = (
    ("wrong", r"wrong|incorrect|mistake|false|falsch|mal\b|fausse|hit\b|bump\w*|not sure|unsure|miss(?:ed)?"),
    (
        "right",
        r"right|correct\w*|richtig|correcta|juste|bonne reponse|i know|got it|sure|guess(?:es|"
        r"ed)?|catch\w*|caught|match\w*",
    ),
    ("lose", r"lose|loses|lost|fail|hungry|empty|verlier\w*|pierd\w*|perd\w*"),
    (
        "win",
        r"\bwin\b|wins|won|gewinn\w*|gan[oa]\w*|gagne\w*|victory|all right|good score|grown(?: up)?|grows up|"
        r"reach\w*|the goal|hits? the goal",
    ),
    (
        "finish",
        r"finish\w*|done|complete\w*|\bend\b|ends|ended|over|ready|time is up|time's up|runs out|"
        r"zero|last question|fertig|"
        r"termin\w*|fini\w*|acab\w*|all ticked|everything is ticked|spins?|picked|stops?|vot(?:e|es|ed)|saved?|kept",
    ),
    ("start", r"starts?|begins?|opens?|empiez\w*|commence\w*|beginnt|startet"),
    ("tick", r"tick\w*|each minute|every minute|check something|check off"),
    ("click", r"click\w*|tap\w*|press\w*|touch\w*|fed|feed|flip\w*"),
    ("change", r"chang\w*|type|typed|writ\w*|draw\w*|talks?|answers? (?:me|back)|choos\w*|chose|decid\w*"),
)
_REMOVE = patterns.lazy(
    r"\b(?:no(?: more)?|off|forget|not|don'?t|never|remove|delete|without|stop|turn off|take (?:away|out)|"
    r"get rid of|quita|sin|enleve|"
    r"sans|ohne|entferne|kein[e]?)\b"
)
EVENTS_OF: Mapping[str, tuple[str, ...]] = {
    "quiz": ("win", "finish", "right", "wrong", "lose"),
    "flashcards": ("finish", "click", "right", "wrong"),
    "story": ("finish", "change"),
    "chatbot": ("change",),
    "pet": ("win", "click", "change", "lose"),
    "drawing": ("change",),
    "timer": ("finish", "tick"),
    "checklist": ("finish", "tick", "change"),
    "calculator": ("change",),
    "converter": ("change",),
    "picker": ("finish",),
    "memory": ("win", "right", "wrong", "lose"),
    "arcade": ("win", "right", "wrong", "lose", "finish"),
    "soundboard": ("click",),
    "poll": ("finish", "change"),
    "journal": ("finish",),
    "classifier": ("right", "wrong", "change"),
    "texttool": ("finish",),
    "counter": ("win", "click", "change"),
    "note": ("click",),
}
"""What can happen in each kind of part besides its start; the first is what a bare "confetti" waits for."""
_NEAREST = {
    "win": "finish",
    "finish": "win",
    "right": "click",
    "click": "change",
    "lose": "finish",
    "tick": "change",
}
_PLAYED = ("quiz", "memory", "arcade", "flashcards", "counter", "pet", "classifier")


def remove_rule(said: Clause, state: State) -> bool:
    """Take out the rules of an action ("no more confetti"), or of an action at one event."""
    event_half, rest = _halves(said.plain)
    action = _action(rest) or _action(said.plain)
    if (
        not _REMOVE.search(rest)
        or action is None
        or action in ("stop_timer", "show_block", "speak", "add_point", "hide_block", "next_block", "reset")
    ):
        return False
    if action == "confetti" and "background" in said.plain:
        return False
    actions = ("sound_good", "sound_bad") if action.startswith("sound") else (action,)
    event = _event(event_half) if event_half else None
    places = [
        number
        for number, one in enumerate(state.blueprint.rules, 1)
        if one.do.action in actions and event in (None, one.when.event)
    ]
    rings = _ringing(event_half, event, state) if action.startswith("sound") else []
    for place in rings:
        set_slot(state, place, "sound", "none")
    if not places and rings:
        return True
    if not places:
        return already(state) if patterns.search(r"\bconfett?i|\brules?\b", said.plain) else False
    for number in reversed(places):
        state.do(op="remove_rule", index=number)
    state.changes.append(phrase("That rule is gone."))
    return True


def _ringing(event_half: str, event: str | None, state: State) -> list[int]:
    """Return the timers whose own sound is meant too by "no sound at the end"."""
    named = find_part(event_half, state) if event_half else None
    if event != "finish" or (named is not None and state.kinds[named] != "timer"):
        return []
    return [
        place
        for place, kind in enumerate(state.kinds)
        if kind == "timer" and state.block(place)["sound"] != "none" and named in (None, place)
    ]


def remove_all(said: Clause, state: State) -> bool:
    """Take out one rule by number, or all rules."""
    match = patterns.search(r"\b(?:remove|delete|take out)\b.*\brule (?:number )?(\d)\b", said.plain)
    if match:
        return (
            state.do(phrase("That rule is gone."), op="remove_rule", index=max(1, min(8, int(match[1]))))
            or True
        )
    if patterns.search(r"\b(?:remove|delete|take out)\b.*\b(?:all )?(?:the )?rules\b", said.plain):
        if not state.blueprint.rules:
            return already(state)
        for number in range(len(state.blueprint.rules), 0, -1):
            state.do(op="remove_rule", index=number)
        state.changes.append(phrase("All rules are gone."))
        return True
    return False


def add_rule(said: Clause, state: State) -> bool:
    """Add "when this happens, do that"."""
    event_half, rest = _halves(said.plain)
    action = _action(rest) or _action(said.plain)
    bare = action == "confetti" and not patterns.search(r"background|fondo|fond|hintergrund", said.plain)
    if action is None or not (event_half or bare) or (action == "show_block" and find_seconds(said.plain)):
        return False
    event = _event(event_half) if event_half else None
    if event is None and not bare:
        return False
    source = _source(event_half, event, state)
    event = _possible(event or EVENTS_OF[state.kinds[source]][0], state.kinds[source])
    say = _said(said) if action == "speak" else ""
    if action == "speak" and not say:
        state.checks.append(phrase("Tell me what it should say, in quotation marks."))
        return True
    if action == "speak" and (other := _instead(source, event, say, said, state)) is not None:
        return other
    target = _target(action, rest, source, state)
    if target is None:
        state.checks.append(phrase("There is no timer in this app yet. Add one first."))
        return True
    action = _fitting(action, event, rest, source, state)
    target = source if action == "next_block" else target
    new = rule(source + 1, event, target + 1, action, say)
    if any(_same(one.model_dump(mode="json"), new) for one in state.blueprint.rules):
        return already(state)
    state.do(RULE_ADDED[action], op="add_rule", index=min(8, len(state.blueprint.rules) + 1), rule=new)
    return True


def _action(words: str) -> str | None:
    return next((name for name, signs in _ACTIONS if patterns.search(rf"\b(?:{signs})", words)), None)


def _event(words: str) -> str | None:
    return next((name for name, signs in _EVENTS if patterns.search(rf"\b(?:{signs})\b", words)), None)


def _halves(words: str) -> tuple[str, str]:
    """Return the half of a clause that tells when, and the half that tells what is to happen."""
    match = _WHEN.search(words)
    if not match:
        return "", words
    head, tail = words[: match.start()], words[match.end() :]
    if match.start() >= 3:
        return tail, head
    if "," in tail:  # "when I win, show confetti"
        first, _, second = tail.partition(",")
        return first, second
    parts = patterns.split(
        r"(?=\b(?:then|show|open|hide|play|throw|stop the|start the (?:timer|clock)|there (?:is|"
        r"should)|give|add|go to|say|shake|reset|"
        r"clear|make|(?:it|he|she) should)\b)",
        tail,
        maxsplit=1,
    )
    return (parts[0] or tail, parts[1]) if len(parts) > 1 else (tail, "")


def _said(said: Clause) -> str:
    """Return what is to be said: the words in quotes, else those after "say"."""
    quoted = find_quoted(said.text)
    if quoted:
        return quoted[0]
    match = patterns.search(
        r"\b(?:says?|writes?)\s+(.+?)(?:,?\s+(?:when|whenever|if|after|once|every time|each time)\b.*)?$",
        said.text,
        re.IGNORECASE,
    )
    return own(match[1]) if match else ""


def _instead(source: int, event: str, say: str, said: Clause, state: State) -> bool | None:
    """Put the words into a rule, or into the end of a timer, that is there for just this moment; else None."""
    if state.kinds[source] == "timer" and event == "finish":
        return set_slot(state, source, "done", fit(say, 80))
    for number, one in enumerate(state.blueprint.rules, 1):
        if (one.when.block, one.when.event) != (f"b{source + 1}", event):
            continue
        if one.do.action != "speak" and not patterns.search(r"\binstead\b", said.plain):
            continue
        if one.do.say == say:
            return already(state)
        new = one.model_dump(mode="json")
        new["do"]["say"] = fit(say, 80)
        state.do(phrase("It says something else now."), op="set_rule", index=number, rule=new)
        return True
    return None


def _source(words: str, event: str | None, state: State) -> int:
    place = find_part(words, state)
    if place is not None:
        return place
    if patterns.search(r"\btick|\blist\b", words) and "checklist" in state.kinds:
        return state.kinds.index("checklist")
    if patterns.search(r"\btime\b|runs out", words) and "timer" in state.kinds:
        return state.kinds.index("timer")
    if event in ("right", "wrong", "win", "lose"):
        for kind in _PLAYED:
            if kind in state.kinds and event in EVENTS_OF[kind]:
                return state.kinds.index(kind)
    if event in ("tick", "click", "change", "finish"):
        able = [place for place, kind in enumerate(state.kinds) if event in EVENTS_OF[kind]]
        wanted = "checklist" if event == "tick" else "poll" if patterns.search(r"\bvot", words) else ""
        known = [place for place in able if state.kinds[place] == wanted]
        return next(iter((*known, *able)), 0)
    if not event:
        return next((place for place, kind in enumerate(state.kinds) if kind in _PLAYED), 0)
    return 0


def _possible(event: str, kind: str) -> str:
    """Return the event, or the nearest one that the kind has."""
    has = ("start", *EVENTS_OF[kind])
    nearest = dict(_NEAREST)
    while event not in has and event in nearest:
        following = nearest.pop(event)
        if following in has:
            return following
        event = following
    return event if event in has else has[1]


def _fitting(action: str, event: str, words: str, source: int, state: State) -> str:
    """Return the action as it is meant: a sad sound for what went wrong, another part than the next is shown."""
    if (
        action == "sound_good"
        and event in ("wrong", "lose")
        and not patterns.search(r"\b(?:happy|good|nice)\b", words)
    ):
        return "sound_bad"
    if action == "next_block":
        place = find_part(words, state)
        return "show_block" if place is not None and place not in (source, source + 1) else action
    return action


def _target(action: str, words: str, source: int, state: State) -> int | None:
    if action in ("start_timer", "stop_timer"):
        return state.kinds.index("timer") if "timer" in state.kinds else None
    if action in ("show_block", "hide_block", "reset", "next_block"):
        place = find_part(words, state)
        return source if place is None else place
    return source


def _same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return bool(
        first["when"] == second["when"]
        and first["do"]["block"] == second["do"]["block"]
        and first["do"]["action"] == second["do"]["action"]
        and (first["do"]["action"] != "speak" or first["do"]["say"] == second["do"]["say"])
    )

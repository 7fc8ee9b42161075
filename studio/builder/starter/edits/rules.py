"""Edits of rules: "confetti when I win", "start the timer when the quiz starts"."""

from __future__ import annotations

import re
from typing import Any

from studio.builder.starter.create import rule
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.slots import find_quoted
from studio.phrases import phrase

_WHEN = re.compile(
    r"\b(?:when(?:ever)?|if|after|once|every time|each time|as soon as|at the|on|for|cuando|al|quand|si|a "
    r"la|wenn|nach|bei)\b"
)
_ACTIONS = (
    ("confetti", r"confett?i\w*|konfetti|fireworks|celebrat\w*|party"),
    ("stop_timer", r"(?:stop|pause|end)s? (?:the )?(?:timer|clock|countdown)"),
    (
        "start_timer",
        r"(?:start|begin|run)s? (?:the )?(?:timer|clock|countdown)|(?:timer|clock|countdown) (?:to )?(?:start|"
        r"begin)s?|starte den timer|inicia el temporizador|demarre le minuteur",
    ),
    ("sound_bad", r"(?:sad|bad|wrong|buzz\w*|fail\w*) (?:sound|noise)|buzzer|sonido triste"),
    ("sound_good", r"\bsounds?\b|\bnoise\b|\bding\b|\bbell\b|\bjingle\b|sonido|son\b|ton\b|gerausch"),
    ("shake", r"\bshakes?\b|tiembla|secoue|wackel\w*"),
    ("lose_point", r"(?:lose|minus|take away|subtract) (?:a |one )?points?"),
    ("add_point", r"(?:add|give|get|plus|win) (?:me )?(?:a |one )?points?"),
    ("next_block", r"(?:go to|show) (?:the )?next (?:part|block|page|step)|move on"),
    ("hide_block", r"\bhides?\b"),
    ("show_block", r"\bshows?\b (?:the )?\w+"),
    ("reset", r"\breset\b|start (?:again|over)"),
    ("speak", r"\bsays?\b|\bspeaks?\b|\bsay\b"),
)
_EVENTS = (
    ("right", r"right|correct\w*|richtig|correcta|juste|bonne reponse|i know|got it"),
    ("wrong", r"wrong|incorrect|mistake|false|falsch|mal\b|fausse"),
    ("lose", r"lose|loses|lost|fail|verlier\w*|pierd\w*|perd\w*"),
    ("win", r"\bwin\b|wins|won|gewinn\w*|gan[oa]\w*|gagne\w*|victory|all right|good score"),
    (
        "finish",
        r"finish\w*|done|complete\w*|\bend\b|ends|over|ready|time is up|runs out|zero|last question|fertig|"
        r"termin\w*|fini\w*|acab\w*|all ticked|everything is ticked|spins?|picked|stops?",
    ),
    ("start", r"starts?|begins?|opens?|empiez\w*|commence\w*|beginnt|startet"),
    ("tick", r"tick\w*|each minute|every minute|check something"),
    ("click", r"click\w*|tap\w*|press\w*|touch\w*"),
    ("change", r"chang\w*|type"),
)
_REMOVE = re.compile(
    r"\b(?:no(?: more)?|remove|delete|without|stop|turn off|take (?:away|out)|get rid of|quita|sin|enleve|"
    r"sans|ohne|entferne|kein[e]?)\b"
)
_DEFAULT_EVENT = {
    "quiz": "win",
    "picker": "finish",
    "timer": "finish",
    "checklist": "finish",
    "flashcards": "finish",
    "memory": "win",
    "arcade": "win",
    "counter": "win",
    "pet": "win",
    "story": "finish",
    "note": "click",
    "poll": "finish",
    "journal": "finish",
    "soundboard": "click",
    "drawing": "change",
    "chatbot": "change",
    "classifier": "right",
    "texttool": "finish",
    "calculator": "change",
    "converter": "change",
}
_HAS = {
    "quiz": ("start", "right", "wrong", "finish", "win", "lose"),
    "flashcards": ("start", "click", "right", "wrong", "finish"),
    "timer": ("start", "tick", "finish"),
    "checklist": ("start", "tick", "change", "finish"),
    "picker": ("start", "finish"),
    "note": ("start", "click"),
    "memory": ("start", "right", "wrong", "win", "lose"),
    "arcade": ("start", "right", "wrong", "win", "lose", "finish"),
    "counter": ("start", "click", "change", "win"),
    "pet": ("start", "click", "change", "win", "lose"),
    "classifier": ("start", "right", "wrong", "change"),
}


def remove_rule(said: Clause, state: State) -> bool:
    """Take out the rules of an action ("no more confetti")."""
    action = _action(said.plain)
    if (
        not _REMOVE.search(said.plain)
        or action is None
        or action in ("stop_timer", "show_block", "speak", "add_point", "hide_block")
    ):
        return False
    if action == "confetti" and "background" in said.plain:
        return False
    actions = ("sound_good", "sound_bad") if action.startswith("sound") else (action,)
    places = [number for number, one in enumerate(state.blueprint.rules, 1) if one.do.action in actions]
    if not places:
        return already(state) if re.search(r"\bconfett?i|\brules?\b", said.plain) else False
    for number in reversed(places):
        state.do(op="remove_rule", index=number)
    state.changes.append(phrase("That rule is gone."))
    return True


def remove_all(said: Clause, state: State) -> bool:
    """Take out one rule by number, or all rules."""
    match = re.search(r"\b(?:remove|delete|take out)\b.*\brule (?:number )?(\d)\b", said.plain)
    if match:
        return state.do(phrase("That rule is gone."), op="remove_rule", index=max(1, min(8, int(match[1]))))
    if re.search(r"\b(?:remove|delete|take out)\b.*\b(?:all )?(?:the )?rules\b", said.plain):
        for number in range(len(state.blueprint.rules), 0, -1):
            state.do(op="remove_rule", index=number)
        state.changes.append(phrase("All rules are gone."))
        return True
    return False


def add_rule(said: Clause, state: State) -> bool:
    """Add "when this happens, do that"."""
    action = _action(said.plain)
    when = _WHEN.search(said.plain)
    bare = action == "confetti" and not re.search(r"background|fondo|fond|hintergrund", said.plain)
    if action is None or not (when or bare):
        return False
    event_words = _event_words(said.plain)
    event = (
        next((name for name, signs in _EVENTS if re.search(rf"\b(?:{signs})\b", event_words)), None)
        if when
        else None
    )
    if event is None and not bare:
        return False
    source = _source(event_words, event, state)
    event = event or _DEFAULT_EVENT[state.kinds[source]]
    event = _possible(event, state.kinds[source])
    target = _target(action, said.plain, event_words, source, state)
    if target is None:
        state.checks.append(phrase("There is no timer in this app yet. Add one first."))
        return True
    say = (find_quoted(said.text) or ("",))[0] if action == "speak" else ""
    new = rule(source + 1, event, target + 1, action, say)
    if any(_same(one.model_dump(mode="json"), new) for one in state.blueprint.rules):
        return already(state)
    return state.do(
        phrase("There is a new rule."), op="add_rule", index=min(8, len(state.blueprint.rules) + 1), rule=new
    )


def _action(words: str) -> str | None:
    return next((name for name, signs in _ACTIONS if re.search(rf"\b(?:{signs})", words)), None)


def _event_words(words: str) -> str:
    """Return the half of the clause that tells when."""
    match = _WHEN.search(words)
    if not match:
        return words
    tail = words[match.end() :]
    if match.start() < 3 and "," in tail:  # "when I win, show confetti"
        return tail.split(",", 1)[0]
    if match.start() < 3:
        return (
            re.split(r"\b(?:then|show|play|start|there (?:is|should)|give|add)\b", tail, maxsplit=1)[0]
            or tail
        )
    return tail


def _source(words: str, event: str | None, state: State) -> int:
    place = find_part(words, state)
    if place is not None:
        return place
    if event in ("right", "wrong", "win", "lose"):
        for kind in ("quiz", "memory", "arcade", "flashcards"):
            if kind in state.kinds:
                return state.kinds.index(kind)
    if re.search(r"\btime\b|runs out", words) and "timer" in state.kinds:
        return state.kinds.index("timer")
    return 0


def _possible(event: str, kind: str) -> str:
    """Return the event, or the nearest one that the kind has."""
    has = _HAS.get(kind, ("start", event))
    nearest = {
        "win": "finish",
        "finish": "win",
        "right": "click",
        "click": "change",
        "lose": "finish",
        "tick": "change",
    }
    while event not in has and event in nearest:
        following = nearest.pop(event)
        if following in has:
            return following
        event = following
    return event if event in has else has[-1]


def _target(action: str, words: str, event_words: str, source: int, state: State) -> int | None:
    if action in ("start_timer", "stop_timer"):
        return state.kinds.index("timer") if "timer" in state.kinds else None
    if action in ("show_block", "hide_block", "reset"):
        place = find_part(words.replace(event_words, " "), state)
        return source if place is None else place
    return source


def _same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return bool(
        first["when"] == second["when"]
        and first["do"]["block"] == second["do"]["block"]
        and first["do"]["action"] == second["do"]["action"]
    )

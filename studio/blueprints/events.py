"""What happens in which kind of block, and what a rule can do then: the one table for whoever offers rules.

The words go after the name of a part: "When Planets [gets a right answer]", "do [throw confetti]".
"""

from collections.abc import Mapping
from typing import get_args

from studio.blueprints.blueprint import Blueprint, Rule
from studio.blueprints.choices import RuleAction
from studio.phrases import Phrase, phrase

_STARTS = phrase("starts")
_CHANGES = phrase("changes")
_FINISHED = phrase("is finished")
_WON = phrase("is won")
_LOST = phrase("is lost")
_RIGHT = phrase("gets a right answer")
_WRONG = phrase("gets a wrong answer")
_CLICKED = phrase("is clicked")

EVENTS: Mapping[str, Mapping[str, Phrase]] = {
    "quiz": {"right": _RIGHT, "wrong": _WRONG, "finish": _FINISHED, "win": _WON, "lose": _LOST},
    "flashcards": {
        "finish": phrase("has shown every card"),
        "right": phrase("hears “I knew it”"),
        "wrong": phrase("hears “not yet”"),
        "click": phrase("turns a card"),
    },
    "story": {"finish": phrase("comes to an end"), "change": phrase("turns a page")},
    "chatbot": {"change": phrase("gives an answer")},
    "pet": {
        "click": phrase("is looked after"),
        "win": phrase("is grown up"),
        "lose": phrase("needs something badly"),
        "change": _CHANGES,
    },
    "drawing": {"change": phrase("gets a new line")},
    "timer": {"finish": phrase("has run out"), "tick": phrase("has counted a minute")},
    "checklist": {
        "finish": phrase("is all ticked off"),
        "tick": phrase("gets a tick"),
        "change": _CHANGES,
    },
    "calculator": {"change": phrase("has a new answer")},
    "converter": {"change": phrase("has a new answer")},
    "picker": {"finish": phrase("has picked")},
    "memory": {
        "win": _WON,
        "lose": _LOST,
        "right": phrase("finds a pair"),
        "wrong": phrase("finds no pair"),
    },
    "arcade": {
        "win": _WON,
        "lose": _LOST,
        "right": phrase("gets a good thing"),
        "wrong": phrase("gets a bad thing"),
        "finish": _FINISHED,
    },
    "soundboard": {"click": phrase("plays a sound")},
    "poll": {"finish": phrase("is answered"), "change": phrase("gets a choice")},
    "journal": {"finish": phrase("keeps an entry")},
    "classifier": {
        "right": phrase("is sure"),
        "wrong": phrase("is not sure"),
        "change": phrase("looks at something new"),
    },
    "texttool": {"finish": phrase("has new words")},
    "counter": {
        "win": phrase("reaches its goal"),
        "click": _CLICKED,
        "change": phrase("counts"),
    },
    "note": {"click": _CLICKED},
}
"""For each kind of block what can happen in it, the happiest first. Every block starts, too."""

AIMED = frozenset({
    "add_point", "lose_point", "start_timer", "stop_timer", "reset", "next_block", "show_block", "hide_block", "shake",
})  # fmt: skip
"""Actions that are done to one part; for the others it is all the same which part a rule names."""

_OF_CLOCKS = frozenset({"start_timer", "stop_timer"})


def events_of(kind: str) -> Mapping[str, Phrase]:
    """Return what can happen in a kind of block, with words for it."""
    return {**EVENTS[kind], "start": _STARTS}


def can_happen(blueprint: Blueprint, rule: Rule) -> bool:
    """Tell whether a rule can ever be set off: its part is there, and such a thing happens in it."""
    number = int(rule.when.block[1:]) - 1
    return number < len(blueprint.blocks) and rule.when.event in events_of(blueprint.blocks[number].type)


def actions_for(blueprint: Blueprint) -> tuple[str, ...]:
    """Return the actions that do something in an app: clocks are started only where there is one."""
    has_clock = any(block.type == "timer" for block in blueprint.blocks)
    return tuple(name for name in get_args(RuleAction) if has_clock or name not in _OF_CLOCKS)


def aims_of(blueprint: Blueprint, action: str) -> tuple[int, ...]:
    """Return which blocks (from 0) an action can be done to; empty where it is all the same."""
    if action not in AIMED:
        return ()
    return tuple(
        number
        for number, block in enumerate(blueprint.blocks)
        if action not in _OF_CLOCKS or block.type == "timer"
    )


def new_rule(blueprint: Blueprint) -> Rule:
    """Return a rule to begin with: confetti for the happiest thing of the first block that no rule has yet."""
    taken = {(rule.when.block, rule.when.event) for rule in blueprint.rules}
    free = [
        (f"b{number + 1}", event)
        for number, block in enumerate(blueprint.blocks)
        for event in events_of(block.type)
        if (f"b{number + 1}", event) not in taken
    ]
    name, event = free[0] if free else ("b1", "start")
    return Rule.model_validate(
        {
            "when": {"block": name, "event": event},
            "do": {"block": name, "action": "confetti", "say": ""},
        }
    )

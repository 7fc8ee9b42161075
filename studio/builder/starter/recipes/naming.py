"""What tools are called: "School Bag" rather than "My List", "Brushing Teeth" rather than "Timer"."""

from __future__ import annotations

import re

from studio.builder.starter import patterns
from studio.builder.starter.recipes.part import Slots
from studio.builder.starter.vocabulary import fit, number_of, plain, text, title_case, vocabulary

_FOR = patterns.lazy(
    r"\b(?:list|checklist|routine|things|stuff|pack|timer|countdown|alarm|clock)\b[^:\n]*?\b(?:for|to pack for)\s+"
    r"([^:;,.!?\n]+)",
    re.IGNORECASE,
)
_ENDS = patterns.lazy(
    r"\s+(?:with|that|which|so|and|then|because|please|pls|plz|every|each|in (?:purple|blue|red|green|pink|"
    r"orange|yellow|black|dark))\b.*$|\s*\(.*$|\s+\d.*$",
    re.IGNORECASE,
)
_OWNERS = patterns.lazy(r"\b(?:my|our|the|your|a|an|his|her|some)\s+", re.IGNORECASE)
_WHOLE = patterns.lazy(r"\b(?:bag|list|routine|rules|day|morning|trip|suitcase|kit|box)$", re.IGNORECASE)
_BAGS = patterns.lazy(r"\b(?:beach|pool|swimming|seaside|gym|sports?|picnic)$", re.IGNORECASE)
_PACKS = patterns.lazy(r"\b(?:pack\w*|bring|take)\b")
_SPAN = patterns.lazy(r"\b(?:minutes?|mins?|seconds?|secs?|hours?|hrs?)\b")
_KNOWN_LISTS = (
    (r"\bmorning routine\b", "Morning Routine"),
    (r"\bbedtime routine\b", "Bedtime Routine"),
    (r"\bshopping list\b|\bgrocer\w+", "Shopping List"),
    (r"\bpacking list\b", "Packing List"),
    (r"\bhomework\b", "Homework List"),
    (r"\bbucket list\b", "Bucket List"),
    (r"\bwish ?list\b", "Wish List"),
    (r"\bto-? ?do\b|\btodo\b", "To-Do List"),
    (r"\bchores?\b", "Chores"),
)
_KNOWN_PICKERS = (
    (r"truth or dare", "Truth or Dare"),
    (r"\bcoin\b|heads or tails", "Coin Flip"),
    (r"\bdice\b|\bdie\b|roll (?:a|the) d", "Dice"),
    (r"slot machine", "Slot Machine"),
    (r"8 ball|eight ball", "Magic 8 Ball"),
    (r"rock,? paper", "Rock, Paper, Scissors"),
    (r"\bdares?\b|challenge", "Dare Wheel"),
    (r"chore|housework", "Chore Wheel"),
    (r"yes or no|decide for me", "Yes or No"),
    (r"\beat\b|\bfood\b|dinner|lunch|supper", "What to Eat"),
    (r"\bgames?\b|\bplay\b|\bbored\b", "What to Play"),
    (r"\bnames?\b|\bwho\b|\bkids?\b|\bpeople\b", "Name Picker"),
    (r"\bteams?\b", "Team Picker"),
    (r"\bnumbers?\b", "Number Picker"),
)


def list_title(slots: Slots) -> str:
    """Return what a checklist is called: by what it is for, by its kind, or plainly."""
    if slots.language != "en":
        return slots.title("checklist")
    what = _purpose(slots)
    known = next((title for signs, title in _KNOWN_LISTS if patterns.search(signs, slots.wish.plain)), "")
    if what:
        if _WHOLE.search(what):
            return fit(what, 60)
        ending = "Bag" if _BAGS.search(what) and _PACKS.search(slots.wish.plain) else "List"
        return fit(f"{what} {ending}", 60)
    bag = patterns.search(r"\b(?:school|book|beach|sports?|gym) ?bag\b", slots.wish.plain)
    if bag:
        return title_case(bag[0])
    return known or slots.title("checklist")


def picker_title(slots: Slots) -> str:
    """Return what a picker is called: by what it decides."""
    known = next((title for signs, title in _KNOWN_PICKERS if patterns.search(signs, slots.wish.plain)), "")
    if slots.language != "en" or not known or (slots.topic and known not in ("Truth or Dare", "Dice")):
        return slots.title("picker")
    return known


def timer_title(slots: Slots, usual: str) -> str:
    """Return what a timer is called: by what is done meanwhile, never by its length, which may change."""
    what = _purpose(slots) if slots.language == "en" else ""
    if what:
        doing = plain(what.split()[0]).endswith("ing") and plain(what) not in ("morning", "evening")
        return fit(what if doing else f"{what} Timer", 60)
    if usual and not slots.topic:
        return usual
    return slots.title("timer") if slots.topic else text("title.timer", slots.language)


def _purpose(slots: Slots) -> str:
    """Return what a list or a timer is for, as a title: "my school bag" is "School Bag"."""
    given = slots.given
    around = given.rest if given.items or given.pairs else slots.wish.text
    said = [piece for match in _FOR.finditer(around) for piece in patterns.split(r"\bfor\b", match[1])]
    for piece in said:
        words = _OWNERS.sub("", _ENDS.sub("", f" {piece.strip()}")).strip(" \"'“”")
        parts = words.split()
        if (
            not parts
            or len(parts) > 5
            or _SPAN.search(plain(words))
            or number_of(plain(parts[0])) is not None
        ):
            continue
        if all(plain(part) in vocabulary().fillers - {"school", "homework", "reading"} for part in parts):
            continue
        return title_case(words)
    return ""

"""From a wish to a new app: slots, parts, look, layout and rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from studio.blueprints import Blueprint, normalise
from studio.blueprints.facts import FactLibrary
from studio.builder.plan import Plan
from studio.builder.starter import patterns, sayings
from studio.builder.starter.kinds import Guess, pieces
from studio.builder.starter.lists import Given, find_list
from studio.builder.starter.looks import find_look
from studio.builder.starter.recipes import RECIPES, Part, Slots
from studio.builder.starter.recipes.tell import note_title
from studio.builder.starter.slots import (
    find_count,
    find_language,
    find_name,
    find_quoted,
    find_seconds,
    says_each,
)
from studio.builder.starter.topics import Topic, find_topic, icon_for, title_for
from studio.builder.starter.vocabulary import fit, plain, text, vocabulary
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase

TAKES_LIST = frozenset(
    {
        "checklist",
        "picker",
        "counter",
        "poll",
        "flashcards",
        "memory",
        "quiz",
        "note",
        "classifier",
        "soundboard",
        "journal",
    }
)
KIND_ICONS = {
    "quiz": "question",
    "flashcards": "book",
    "story": "book",
    "chatbot": "robot",
    "pet": "cat",
    "drawing": "paint",
    "timer": "clock",
    "checklist": "check",
    "calculator": "pencil",
    "converter": "bolt",
    "picker": "star",
    "memory": "gem",
    "arcade": "rocket",
    "soundboard": "music",
    "poll": "hand",
    "journal": "pencil",
    "classifier": "robot",
    "texttool": "book",
    "counter": "medal",
    "note": "smile",
}
_KIND_PALETTES = {
    "quiz": ("rainbow", "sunset", "school"),
    "flashcards": ("forest", "pastel", "school"),
    "story": ("night", "sunset", "jungle"),
    "chatbot": ("ocean", "candy", "sunset"),
    "pet": ("pastel", "jungle", "candy"),
    "drawing": ("rainbow", "candy"),
    "timer": ("school", "sunset", "retro"),
    "checklist": ("school", "forest", "pastel"),
    "calculator": ("school", "ice", "retro"),
    "converter": ("ice", "school", "desert"),
    "picker": ("candy", "rainbow", "sunset"),
    "memory": ("ocean", "candy", "forest"),
    "arcade": ("neon", "space"),
    "soundboard": ("neon", "retro", "rainbow"),
    "poll": ("school", "sunset", "ocean"),
    "journal": ("pastel", "sunset", "forest"),
    "classifier": ("jungle", "ice", "school"),
    "texttool": ("school", "retro", "pastel"),
    "counter": ("sunset", "ocean", "rainbow"),
    "note": ("pastel", "sunset", "candy"),
}
_KIND_BACKGROUNDS = {
    "drawing": "plain",
    "arcade": "stars",
    "pet": "clouds",
    "soundboard": "waves",
    "memory": "bubbles",
}
_FONTS = {"story": "serif", "arcade": "pixel", "journal": "hand", "calculator": "clean", "converter": "clean"}
_OWN_WORDS = frozenset(
    {
        "pet",
        "chatbot",
        "story",
        "drawing",
        "arcade",
        "soundboard",
        "counter",
        "converter",
        "calculator",
        "texttool",
        "journal",
    }
)
"""Parts that, beside a main one, are made of the words right around them."""
_BESIDE = frozenset({"note", "counter"})
"""Parts that go well beside another one; two others want the screen for themselves and get tabs."""
PLAYING = frozenset(KIND_ICONS) - _BESIDE
_ASKED = ("flashcards", "timer", "note", "texttool")
_JOYS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "quiz": (("win", "confetti", "quiz.well"),),
    "memory": (("win", "confetti", "quiz.well"),),
    "arcade": (("win", "confetti", "arcade.win"), ("lose", "shake", "arcade.lose")),
    "checklist": (("finish", "confetti", "rule.done"),),
    "story": (("finish", "confetti", "rule.story"),),
    "pet": (("win", "confetti", "pet.grown"), ("lose", "speak", "pet.care")),
    "counter": (("win", "confetti", "rule.goal"),),
    "poll": (("finish", "sound_good", "rule.vote"),),
    "journal": (("finish", "sound_good", "rule.kept"),),
    "picker": (("finish", "sound_good", ""),),
}
"""What a new app does at its good and its bad moments: (event, action, words)."""


def read_slots(wish: Wish, facts: FactLibrary, *, kind: str, seed: int) -> Slots:
    """Return what a wish says, for a main kind."""
    given = find_list(wish.text) if kind in TAKES_LIST else Given(rest=wish.text)
    rest = given.rest if (given.items or given.pairs or given.asked) else wish.text
    spoken = wish.language if wish.language in ("en", "es", "fr", "de") else "en"
    language = (find_language(wish.plain) if kind not in ("texttool", "flashcards") else None) or spoken
    topic = find_topic(wish, rest, facts)
    name = find_name(wish)
    quoted = find_quoted(wish.text)
    head = topic.pack.head if topic.pack else None
    own = head.icon if head and head.computed else icon_for(topic.words)  # no clock for "times tables"
    icon = own or (head.icon if head else None) or icon_for(rest.replace(name, " ") if name else rest)
    return Slots(
        wish=wish,
        language=language,
        topic=topic,
        count=find_count(wish.plain),
        seconds=find_seconds(wish.plain),
        each=says_each(wish.plain),
        name=name,
        quoted=quoted,
        given=given,
        icon=icon,
        seed=seed,
    )


def create(wish: Wish, guess: Guess, facts: FactLibrary, *, seed: int, checks: Sequence[Phrase] = ()) -> Plan:
    """Return the plan of a new app with the blocks that were guessed."""
    main = guess.kinds[0]
    slots = read_slots(wish, facts, kind=main, seed=seed)
    whole, said = slots, pieces(wish.text, guess.kinds[:6])
    slots = _main_slots(slots, guess, said.get(main, ""), facts)
    parts = [RECIPES[main](slots)]
    for kind in guess.kinds[1:6]:
        parts.append(RECIPES[kind](_for_extra(whole, kind, main, said.get(kind, ""), facts)))
    blocks = [part.block for part in parts]
    order = _order(blocks)
    parts = [parts[place] for place in order]
    blocks = [blocks[place] for place in order]
    data = {
        "version": 1,
        "language": slots.language,
        "title": app_title(slots, main, str(parts[order.index(0)].block["title"])),
        "icon": slots.icon or KIND_ICONS[main],
        "about": fit(text(_about(blocks[order.index(0)]), slots.language), 160),
        "theme": theme(dataclasses.replace(slots, wish=wish), main),
        "layout": _layout(wish.plain, blocks),
        "blocks": blocks,
        "rules": rules_for(blocks, wish.plain, slots.language),
    }
    blueprint = normalise(Blueprint.model_validate(data))
    origins = collect_origins(parts, data, blueprint)
    if slots.name or (slots.quoted and data["title"] == slots.quoted[0]):
        origins["/title"] = "typed"
    told = [*checks, *(check for part in parts for check in part.checks)]
    main_part = next(part for part in parts if part.block["type"] == main)
    say = sayings.made(main_part.block, slots, main_part.facts)
    return Plan(
        action="create",
        say=say,
        blueprint=blueprint,
        changes=sayings.besides(say, blueprint, main),
        checks=tuple(_once(told)),
        origins=origins,
    )


def _about(block: Mapping[str, Any]) -> str:
    """Return the key of the line under the title, by the main part."""
    return f"about.arcade.{block['game']}" if block["type"] == "arcade" else f"about.{block['type']}"


def _once(said: Sequence[Phrase]) -> list[Phrase]:
    kept: list[Phrase] = []
    for one in said:
        if one not in kept:
            kept.append(one)
    return kept


def _main_slots(slots: Slots, guess: Guess, said: str, facts: FactLibrary) -> Slots:
    """Return the slots of the main part without what belongs to further parts ("and a pet dog called Rex")."""
    main = guess.kinds[0]
    if not said:
        return slots
    if main in _OWN_WORDS:
        wish = dataclasses.replace(slots.wish, text=said, plain=plain(said))
        own = read_slots(wish, facts, kind=main, seed=slots.seed)
        return dataclasses.replace(own, language=slots.language, wish=dataclasses.replace(wish, text=said))
    if slots.name and slots.name not in said:
        return dataclasses.replace(slots, name=None, icon=icon_for(slots.topic.words, said))
    return slots


def _for_extra(slots: Slots, kind: str, main: str, said: str, facts: FactLibrary) -> Slots:
    """Return the slots for a further part: the topic stays where it means something, the list with its owner."""
    if said and kind in _OWN_WORDS:
        wish = dataclasses.replace(slots.wish, text=said, plain=plain(said))
        return dataclasses.replace(
            read_slots(wish, facts, kind=kind, seed=slots.seed), language=slots.language
        )
    takes = kind in TAKES_LIST and main not in TAKES_LIST
    given = find_list(slots.wish.text) if takes else Given()
    topic = slots.topic if kind in ("quiz", "flashcards", "memory") else Topic()
    if said and kind in ("quiz", "flashcards", "memory"):
        own = find_topic(dataclasses.replace(slots.wish, text=said, plain=plain(said)), said, facts)
        topic = own or topic
    return dataclasses.replace(
        slots,
        topic=topic,
        given=given,
        count=None if main in TAKES_LIST else slots.count,
        seconds=None if kind == "timer" and slots.each else slots.seconds,
        name=None,
        quoted=(),
    )


def _order(blocks: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the order of the parts: a note that explains comes first, the rest as it was said."""
    return sorted(range(len(blocks)), key=lambda place: blocks[place]["type"] != "note")


def app_title(slots: Slots, kind: str, title: str) -> str:
    """Return the title of the app: a name that was given, else the `title` of its main part or its topic."""
    language = slots.language
    if slots.name:
        return fit(slots.name, 60)
    if slots.quoted and kind not in ("note", "checklist", "picker", "poll") and len(slots.quoted) == 1:
        return fit(slots.quoted[0], 60)
    if (
        kind in ("timer", "checklist", "picker")
        or (kind in ("arcade", "chatbot", "counter") and not slots.topic)
        or kind == "story"
    ):
        return title
    if kind == "note":
        return fit(note_title(slots), 60)
    if kind == "pet" and slots.icon and not slots.topic:
        return title_for("pet", _word_for(slots), language)
    return slots.title(kind)


def _word_for(slots: Slots) -> str:
    words = [word for word in slots.wish.words if vocabulary().icons.get(word) == slots.icon]
    return words[0] if words and words[0] not in ("pet", "animal", "animals") else ""


def theme(slots: Slots, kind: str) -> dict[str, str]:
    """Return a look that fits the topic, with everything that the wish says about it."""
    look = find_look(slots.wish.plain)
    head = slots.topic.pack.head if slots.topic.pack else None
    by_icon = vocabulary().looks.get(slots.icon or "", {})
    palette = (
        head.palette
        if head
        else by_icon.get("palette") or slots.pick(_KIND_PALETTES.get(kind, ("school", "sunset")))
    )
    background = head.background if head else by_icon.get("background", _KIND_BACKGROUNDS.get(kind, "plain"))
    mode = "dark" if palette in ("space", "night", "neon") else "light"
    if by_icon.get("palette") == palette:
        mode = by_icon["mode"]
    if look.pairs and look.colour not in plain(" ".join(slots.given.items)).split():
        fitting = [pair for pair in look.pairs if look.mode in (None, pair[1])] or look.pairs
        palette, own = fitting[0]
        mode = own or ("dark" if palette in ("neon", "night") else "light")
    return {
        "palette": palette,
        "mode": look.mode or mode,
        "font": look.font or _FONTS.get(kind, "round"),
        "background": look.background or background,
        "size": look.size or "normal",
    }


def _layout(plain: str, blocks: Sequence[Mapping[str, Any]]) -> str:
    named = patterns.search(r"\b(?:in|as|with|use) (?:a )?(tabs?|grid|steps|stack)\b", plain)
    if named:
        return {"tab": "tabs"}.get(named[1], named[1])
    kinds = [block["type"] for block in blocks]
    if len(kinds) == 2 and kinds[0] == "note" and kinds[1] in ("poll", "quiz"):
        return "steps"
    return "tabs" if len(kinds) > 2 or sum(kind in PLAYING for kind in kinds) > 1 else "stack"


def rules_for(blocks: Sequence[Mapping[str, Any]], plain: str, language: str) -> list[dict[str, Any]]:
    """Return the rules that a new app begins with: joy at the end, the clock with the quiz, what was asked for."""
    rules: list[dict[str, Any]] = []
    kinds = [str(block["type"]) for block in blocks]
    quiet = patterns.search(r"\b(?:no|without|sin|sans|ohne) (?:confetti|konfetti|confetis?)\b", plain)
    loud = patterns.search(r"\bconfetti|konfetti\b", plain) and not quiet
    for place, kind in enumerate(kinds, 1):
        for event, action, key in _JOYS.get(kind, ()):
            if (action == "confetti" and quiet) or (kind == "counter" and not blocks[place - 1]["goal"]):
                continue
            done = "confetti" if loud and kind == "picker" else action
            rules.append(rule(place, event, place, done, text(key, language) if key else ""))
    if loud and not any(one["do"]["action"] == "confetti" for one in rules):
        asked = [place for place, kind in enumerate(kinds, 1) if kind in _ASKED]
        if asked:
            event = "click" if kinds[asked[0] - 1] == "note" else "finish"
            rules.append(rule(asked[0], event, asked[0], "confetti"))
    if "timer" in kinds and "quiz" in kinds:
        rules.append(rule(kinds.index("quiz") + 1, "start", kinds.index("timer") + 1, "start_timer"))
    return rules[:8]


def rule(block: int, event: str, target: int, action: str, say: str = "") -> dict[str, Any]:
    """Return a rule as data; blocks count from 1."""
    return {
        "when": {"block": f"b{block}", "event": event},
        "do": {"block": f"b{target}", "action": action, "say": fit(say, 80)},
    }


def collect_origins(parts: Sequence[Part], data: Mapping[str, Any], blueprint: Blueprint) -> dict[str, str]:
    """Return where words come from, for the places that normalising left as they were."""
    after = blueprint.model_dump(mode="json")
    found: dict[str, str] = {}
    for place, part in enumerate(parts):
        for path, origin in part.origins.items():
            pointer = f"/blocks/{place}/{path}"
            if _at(data, pointer) is not None and _at(data, pointer) == _at(after, pointer):
                found[pointer] = origin
    return found


def _at(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        try:
            data = data[int(step)] if isinstance(data, list) else data[step]
        except (LookupError, ValueError):
            return None
    return data

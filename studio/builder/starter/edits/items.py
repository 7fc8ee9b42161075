"""Edits of the items of a part: take out, move, swap, and the answers of a question."""

from __future__ import annotations

import re

from studio.builder.starter import patterns
from studio.builder.starter.edits import spots
from studio.builder.starter.edits.blocks import REMOVE, remove_part
from studio.builder.starter.edits.making import own, set_words
from studio.builder.starter.edits.spots import Found, Spot
from studio.builder.starter.edits.state import Clause, State
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import split_items
from studio.builder.starter.vocabulary import fit, number_of, plain
from studio.phrases import phrase

_ANSWER = patterns.lazy(
    r"\b(?:(right|correct|wrong)\s+)?answers?\s+(?:(\d)\s+)?(?:of|to|for|in)\s+(?:the\s+)?(.+?)\s+(?:to|"
    r"should be|is|into|=|be)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_IN_FRONT = patterns.lazy(
    r"^(?:in|for|of) (?:the )?((?:first|second|third|last) question|question \d+),? the (?:"
    r"(right|wrong|correct) )?answer (should be|is|to)\b",
    re.IGNORECASE,
)
_LEAD = patterns.lazy(
    r"(?i)^.*?\b(?:remove|delete|take out|take away|take off|take|drop|kick out|cross out|"
    r"strike out|wipe|bin|scrap|ditch|erase|"
    r"leave(?= (?:it|that|them) out)|get rid of|lose|without|no more|no|"
    r"(?:should|must|can) ?n[o']t (?:talk|speak|know|chat)(?: about)?|stop talking about|"
    r"throw out|throw away|throw|skip|leave out|stop (?:catching|collecting|using)|won'?t need|"
    r"no longer needs?|does not need|doesn'?t need|do not need|don'?t need|(?:don'?t|"
    r"do not) want|quita|quitar|borra|elimina|enleve|"
    r"enlève|supprime|retire|entferne|losche|lösche)\s+"
)
_AS_WRONG = patterns.lazy(
    r"\b(?:add|put|have)\s+(.+?)\s+as\s+(?:an?|another|the)\s+(?:wrong|false)\s+answer\s+(?:to|for|in|of)\s+"
    r"(?:the\s+)?(question\s+\d{1,2}|\w+\s+question)\b",
    re.IGNORECASE,
)
_BEHIND = patterns.lazy(r"\b(?:(?:in|from) the background|behind (?:it|everything|the app))\b")
_TAIL = patterns.lazy(r"(?i)\s+(?:any ?more|please|pls|away|out|off|now|from it)$")
_PRONOUNS = frozenset({"it", "her", "him", "them", "that", "this", "that one", "this one", "it please"})
_FROM = patterns.lazy(r"(?i)\s+(?:from|off|out of|of|de|von|in)\s+(?:the |my |its |his )?([\w ]{3,20})$")


def change_answer(said: Clause, state: State) -> bool:
    """Change the right or a wrong answer of a question."""
    if said.plain.startswith("explain"):
        return False
    match = _ANSWER.search(_IN_FRONT.sub(r"\2 answer of \1 \3", said.text))
    if not match or "quiz" not in state.kinds:
        return False
    spot = _questions(state)
    which = plain(match[3])
    number = spots.find_number(
        which if patterns.search(r"\d|question|first|last|second|third|one", which) else "", spot
    )
    found = spots.find_item(which, spot)
    number = number or (found.number if found else None) or number_of(which.strip())
    if number is None or not spots.exists(Found(spot, number), state):
        return True
    value = fit(own(match[4]), 60)
    item = dict(spot.items[number - 1])
    if (match[1] or "").lower() == "wrong":
        wrong = list(item["wrong"])
        place = min(int(match[2] or 1), len(wrong)) - 1
        item["wrong"] = [*wrong[:place], value, *wrong[place + 1 :]]
    else:
        item["wrong"] = [word for word in item["wrong"] if plain(word) != plain(value)] or [item["right"]]
        item["right"], item["why"] = value, ""
    words = phrase("Question {number} has another answer.", number=number)
    return typed(spots.put(state, spot, number, item, words), state, f"{spot.pointer}/{number - 1}")


def add_wrong(said: Clause, state: State) -> bool:
    """Add a wrong answer to a question."""
    words = (
        r"\badd (?:an?(?:other)? |the )?(?:wrong|false) answer:? (.+?) to question (?:number )?(\d{1,2})\b"
    )
    match = patterns.search(words, said.text, re.IGNORECASE) or _AS_WRONG.search(said.text)
    if not match or "quiz" not in state.kinds:
        return False
    spot = _questions(state)
    number = int(match[2]) if match[2].isdigit() else spots.find_number(plain(match[2]), spot)
    if number is None:
        return False
    if not spots.exists(Found(spot, number), state):
        return True
    item = dict(spot.items[number - 1])
    if len(item["wrong"]) >= 3:
        state.checks.append(phrase("A question holds 3 wrong answers. Change one of them instead."))
        return True
    item["wrong"] = [*item["wrong"], fit(own(match[1]), 60)]
    done = phrase("Question {number} has another wrong answer.", number=number)
    return typed(spots.put(state, spot, number, item, done), state, f"{spot.pointer}/{number - 1}")


def typed(done: bool, state: State, pointer: str) -> bool:
    """Note that the words at a pointer are the user's own, when they were written; the clause was understood."""
    if done:
        state.origins[pointer] = "typed"
    return True


def swap(said: Clause, state: State) -> bool:
    """Let two items change places."""
    match = patterns.search(
        r"\b(?:swap|switch|exchange) (?:the )?(?:places? of )?(.+?) (?:and|with) (?:the )?(.+?)(?: please)?$",
        said.text,
        re.IGNORECASE,
    )
    if match is None:
        return False
    for spot in spots.spoken_of(said.plain, state):
        numbers = [_either(plain(half), spot) for half in match.groups()]
        if None in numbers:
            continue
        first, second = sorted(number for number in numbers if number is not None)
        if first == second or not all(spots.exists(Found(spot, one), state) for one in (second, first)):
            return True
        done = phrase("Number {first} and number {second} changed places.", first=first, second=second)
        spots.shift(state, spot, second, first, done)
        if second - first > 1:
            fresh = _again(spot, state)
            spots.shift(state, fresh, first + 1, second, None)
        return True
    return False


def _either(words: str, spot: Spot) -> int | None:
    number = patterns.search(r"\b(\d{1,2})$", words)
    if number and (words == number[0] or spot.sort.noun.search(words) or spot.sort.form == "words"):
        return int(number[1])
    found = spots.find_item(words, spot)
    return found.number if found else None


def _again(spot: Spot, state: State) -> Spot:
    """Return a list as it stands after a change of it."""
    return next(one for one in spots.spots(state) if one.pointer == spot.pointer)


def clear(said: Clause, state: State) -> bool:
    """Take everything off a list that may be empty."""
    words = (
        r"\b(?:clear|empty)\b (?:the |my )?(?:list|checklist)|\b(?:remove|delete) (?:all|every) (?:items?|"
        r"things|tasks)"
    )
    if not patterns.search(words, said.plain) or "checklist" not in state.kinds:
        return False
    place = state.kinds.index("checklist")
    empty = {**state.block(place), "items": []}
    return state.do(phrase("The list is empty now."), op="replace_block", at=f"b{place + 1}", block=empty)


def remove_several(said: Clause, state: State) -> bool:
    """Take out two or more items in one go ("item 2 and 3", "Ada and Chi")."""
    if not REMOVE.search(said.plain):
        return False
    digits = patterns.search(r"\b((?:\d{1,2}(?:,| and|, and) )+\d{1,2})\b", said.plain)
    names = split_items(_FROM.sub("", _LEAD.sub("", said.text)))
    for spot in spots.spoken_of(said.plain, state):
        if digits:
            found: list[int | None] = [int(number) for number in patterns.findall(r"\d+", digits[1])]
        else:
            found = [one.number if (one := spots.find_item(name, spot)) else None for name in names]
        numbers = sorted({number for number in found if number is not None}, reverse=True)
        if len(numbers) < 2 or None in found:
            continue
        if not all(spots.exists(Found(spot, number), state) for number in (numbers[0], numbers[-1])):
            return True
        gone = sum(spots.drop(state, _again(spot, state), number, None) for number in numbers)
        if gone:
            state.changes.append(phrase("{count} of them are gone.", count=gone))
        return True
    return False


def remove(said: Clause, state: State) -> bool:
    """Take out an item, by number or by its words."""
    if not REMOVE.search(said.plain) or _BEHIND.search(said.plain):
        return False
    target = _TAIL.sub("", _TAIL.sub("", _LEAD.sub("", said.text).strip(" .!")))
    place = _FROM.search(target)
    where = plain(place[1]) if place else ""
    if spots_bare(target) in _PRONOUNS and state.mention:
        return _remove_mentioned(state)
    found = _numbered(said.plain, state) or _named(target, where, said.plain, state)
    if found is None:
        return False
    if not spots.exists(found, state):
        return True
    words = phrase("“{words}” is gone.", words=fit(found.spot.title(found.number - 1), 40))
    spots.drop(state, found.spot, found.number, words)
    return True


def _remove_mentioned(state: State) -> bool:
    """Take out what the clause before spoke of: "Chi is not here today, remove her"."""
    state.resolved = True
    numbered = _numbered(state.mention, state)
    if numbered is not None and spots.exists(numbered, state):
        words = phrase("“{words}” is gone.", words=fit(numbered.spot.title(numbered.number - 1), 40))
        spots.drop(state, numbered.spot, numbered.number, words)
        return True
    for spot in spots.spots(state):
        for number in range(len(spot.items)):
            names = [name for _, name in spot.names(number) if len(name) > 1]
            if any(patterns.search(rf"\b{re.escape(name)}\b", state.mention) for name in names):
                words = phrase("“{words}” is gone.", words=fit(spot.title(number), 40))
                spots.drop(state, spot, number + 1, words)
                return True
    named = patterns.match(r"(?:the )?(.{3,60}?) (?:is|are|was|were|has|have)\b", state.mention)
    found = spots.find(named[1], state) if named else None
    if found is not None and spots.exists(found, state):
        words = phrase("“{words}” is gone.", words=fit(found.spot.title(found.number - 1), 40))
        return spots.drop(state, found.spot, found.number, words)
    place = find_part(state.mention, state)
    return place is not None and remove_part(place, state)


def _numbered(words: str, state: State) -> Found | None:
    inside = patterns.search(r"\b(?:of|in|on|from) (?:the )?(?:page|question) (\d{1,2})\b", words)
    if inside:
        for spot in spots.spots(state):
            number = (
                spots.find_number(words[: inside.start()], spot)
                if spot.parent == int(inside[1]) - 1
                else None
            )
            if number is not None:
                return Found(spot, number)
    for spot in spots.spoken_of(words, state):
        if not spot.sort.noun.search(words):
            continue
        number = spots.find_number(words, spot)
        if number is not None and (spot.parent is None or len(state.kinds) == 1):
            return Found(spot, number)
    alone = patterns.search(r"\b(?:number (\d{1,2})|the (last) one)\b", words)
    lists = [spot for spot in spots.spots(state) if spot.parent is None]
    if alone and len(lists) == 1:
        return Found(lists[0], int(alone[1]) if alone[1] else len(lists[0].items))
    return None


def _named(target: str, where: str, around: str, state: State) -> Found | None:
    """Return the item that "ideas" or "soup off the poll" names; a list that is named has the first say."""
    lists = spots.spoken_of(where or around, state)
    if where and lists and spots.speaks_of(where, lists[0], state):
        named = [spot for spot in lists if spots.speaks_of(where, spot, state)]
        inside = _FROM.sub("", target)
        for spot in named:
            if (found := spots.find_item(inside, spot)) is not None:
                return found
    is_part = any(pattern.fullmatch(spots_bare(target)) for pattern in part_names().values())
    for spot in lists:
        found = spots.find_item(target, spot)
        if found is not None and not (
            is_part and found.spot.sort.form == "words" and not _whole(target, found)
        ):
            return found
    return None


def spots_bare(words: str) -> str:
    """Return plain words without the article before them."""
    return patterns.sub(r"^(?:the|a|an|my|our|its|this|that) ", "", plain(words).strip(" .!"))


def _whole(target: str, found: Found) -> bool:
    names = [name for _, name in found.spot.names(found.number - 1)]
    return spots_bare(target) in names


def move(said: Clause, state: State) -> bool:
    """Put an item at another place."""
    match = _where(said.plain)
    if match is None:
        return _beside(said, state)
    what, to = match
    if find_part(what, state) is not None and len(state.kinds) > 1 and not _item_word(what, state):
        return False
    for spot in spots.spoken_of(what, state):
        number = spots.find_number(what, spot) if spot.sort.noun.search(what) else None
        if number is not None and spot.parent is not None:
            continue
        found = Found(spot, number) if number is not None else spots.find_item(what, spot)
        if found is None:
            continue
        if not spots.exists(found, state):
            return True
        last = len(spot.items)
        place = {"end": last, "bottom": last, "last": last}.get(to, number_of(to) or 1)
        if place == found.number:
            state.checks.append(phrase("It is like that already."))
            return True
        words = phrase("Number {number} stands at another place.", number=found.number)
        return spots.shift(state, spot, found.number, place, words)
    return False


def _beside(said: Clause, state: State) -> bool:
    """Put an item before or after another: "put fun before hunger"."""
    match = patterns.search(
        r"\b(?:put|move|bring) (?:the )?(.+?) (before|after|above|below|behind|under) (?:the )?(.+)$",
        said.plain,
    )
    if match is None:
        return False
    for spot in spots.spoken_of(said.plain, state):
        first, second = spots.find_item(match[1], spot), spots.find_item(match[3], spot)
        if first is None or second is None or first.number == second.number:
            continue
        to = second.number + (match[2] not in ("before", "above")) - (first.number < second.number)
        words = phrase("Number {number} stands at another place.", number=first.number)
        return to == first.number or spots.shift(state, spot, first.number, to, words)
    return False


def _where(words: str) -> tuple[str, str] | None:
    """Return what is to be moved and where to, both as plain words."""
    place = r"(top|start|beginning|front|first|end|bottom|last|\d{1,2})"
    for pattern in (
        rf"\bmake (?:the )?(.+?) the {place} (?:one|\w+)(?: please)?$",
        rf"\b(?:move|put|bring|mueve|deplace|verschiebe)\b (?:the )?(.+?) (?:up |down |back )?"
        rf"(?:to|at|as|in) (?:the )?(?:very )?"
        rf"(?:number |place |position )?{place}(?: place| of .*| (?:in|on) .*)?(?: please)?$",
        rf"\b(?:move|put|bring)\b (?:the )?(.+?) {place}(?: please)?$",
        rf"^(?:the )?(.+?) (?:should|must|needs to|has to) (?:come|be|go|stand) (?:at )?"
        rf"(?:the )?(?:very )?{place}(?: \w+)?(?: please)?$",
    ):
        match = patterns.search(pattern, words)
        if match:
            return match[1], match[2]
    return None


def _item_word(words: str, state: State) -> bool:
    return any(spot.sort.noun.search(words) or spots.find_item(words, spot) for spot in spots.spots(state))


def set_item(found: Found, slot: str, words: str, state: State) -> bool:
    """Write other words into a slot of an item; the clause was understood."""
    if not spots.exists(found, state):
        return True
    spot, number = found.spot, found.number
    item = set_words(spot.items[number - 1], spot.sort, slot, words)
    if item is None:
        return False
    if item == spot.items[number - 1]:
        state.checks.append(phrase("It is like that already."))
        return True
    done = phrase("Number {number} has new words.", number=number)
    return typed(spots.put(state, spot, number, item, done), state, f"{spot.pointer}/{number - 1}")


def _questions(state: State) -> Spot:
    return next(spot for spot in spots.spots(state) if spot.sort.kind == "quiz")

"""Edits of the items of a part: add, change, take out, move, with the user's own words."""

from __future__ import annotations

import re
from typing import Any

from studio.builder.starter.edits.blocks import REMOVE
from studio.builder.starter.edits.state import LIST_OF, Clause, State, name_of
from studio.builder.starter.edits.targets import ITEM_WORDS, find_index, find_list_part, find_named
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import read_asked, split_items, split_pair
from studio.builder.starter.recipes.part import STARTED, TYPED
from studio.builder.starter.slots import find_quoted
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, number_of, plain, text
from studio.phrases import phrase

_LENGTHS = {"checklist": 80, "picker": 40, "journal": 120}
_ADD_TO = re.compile(
    r"^(?:please |can you |also |y |et |und )*(?:add|put|include|write|insert|añade|anade|agrega|pon|"
    r"ajoute|mets|füge|fuge|schreib)\s+(.+?)\s+"
    r"(?:to|on|in|into|onto|a|en|à|dans|sur|zu[rm]?|auf|in)\s+(?:the\s+|my\s+|la\s+|el\s+|le\s+|die\s+|"
    r"der\s+|das\s+|den\s+)?([\w -]{3,24})(?:\s+hinzu)?[.!]?$",
    re.IGNORECASE | re.DOTALL,
)
_ADD_ITEM = re.compile(
    r"\b(?:add|put|include|insert|añade|agrega|ajoute|füge)\s+(?:an?\s+|the\s+|another\s+|one\s+more\s+|"
    r"una?\s+|une?\s+|eine?n?\s+)?(?:new\s+|nueva\s+|nouvelle\s+|neue\s+)?(question|pregunta|frage|card|"
    r"tarjeta|carte|karte|item|option|choice|name|thing|task|word|pair)s?\s*(?:called|named|that says|"
    r"saying|:|,)?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ANSWER = re.compile(
    r"\b(?:(right|correct|wrong)\s+)?answers?\s+(?:(\d)\s+)?(?:of|to|for|in)\s+(?:the\s+)?(.+?)\s+(?:to|"
    r"should be|is|into|=|be)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CHANGE_ITEM = re.compile(
    r"\b(?:change|replace|make|set|swap|edit|rename|correct|cambia|reemplaza|change|remplace|ändere|"
    r"ersetze)\s+(.+?)\s+(?:to|with|into|by|for|say|read|a|por|en|par|zu|durch|in)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_BACK = re.compile(r"\b(?:back|other side|meaning|answer)\b")


def change_answer(said: Clause, state: State) -> bool:
    """Change the right or a wrong answer of a question."""
    match = _ANSWER.search(said.text)
    places = [place for place, kind in enumerate(state.kinds) if kind == "quiz"]
    if not match or not places:
        return False
    place = places[0]
    items = state.items(place)
    which = plain(match[3])
    number = find_index(
        which if re.search(r"\d|question|first|last|second", which) else "", "quiz", len(items)
    )
    number = number or find_named(which, items, "quiz") or number_of(which.strip())
    if number is None or not _exists(number, items, state):
        return True
    value = fit(_own(match[4]), 60)
    item = dict(items[number - 1])
    if (match[1] or "").lower() == "wrong":
        wrong = list(item["wrong"])
        spot = min(int(match[2] or 1), len(wrong)) - 1
        item["wrong"] = [*wrong[:spot], value, *wrong[spot + 1 :]]
    else:
        item["wrong"] = [word for word in item["wrong"] if plain(word) != plain(value)] or [item["right"]]
        item["right"], item["why"] = value, ""
    return _set_item(
        state, place, number, item, phrase("Question {number} has another answer.", number=number)
    )


def add_wrong(said: Clause, state: State) -> bool:
    """Add a wrong answer to a question."""
    words = (
        r"\badd (?:an?(?:other)? |the )?(?:wrong|false) answer:? (.+?) to question (?:number )?(\d{1,2})\b"
    )
    match = re.search(words, said.text, re.IGNORECASE)
    if not match or "quiz" not in state.kinds:
        return False
    place, number = state.kinds.index("quiz"), int(match[2])
    items = state.items(place)
    if not _exists(number, items, state):
        return True
    item = dict(items[number - 1])
    if len(item["wrong"]) >= 3:
        state.checks.append(phrase("A question holds 3 wrong answers. Change one of them instead."))
        return True
    item["wrong"] = [*item["wrong"], fit(_own(match[1]), 60)]
    return _set_item(
        state, place, number, item, phrase("Question {number} has another wrong answer.", number=number)
    )


def swap(said: Clause, state: State) -> bool:
    """Let two items change places."""
    words = r"\b(?:swap|switch|exchange) (?:the )?(?:[a-z]+ )?(\d{1,2}) (?:and|with) (?:[a-z]+ )?(\d{1,2})\b"
    match = re.search(words, said.plain)
    place = find_list_part(said.plain, state) if match else None
    if match is None or place is None:
        return False
    first, second = sorted((int(match[1]), int(match[2])))
    if (
        first == second
        or not _exists(second, state.items(place), state)
        or not _exists(first, state.items(place), state)
    ):
        return True
    name = LIST_OF[state.kinds[place]][0]
    done = phrase("Number {first} and number {second} changed places.", first=first, second=second)
    state.do(done, op="move_item", at=f"b{place + 1}", list=name, index=second, to=first)
    if second - first > 1:
        state.do(op="move_item", at=f"b{place + 1}", list=name, index=first + 1, to=second)
    return True


def clear(said: Clause, state: State) -> bool:
    """Take everything off a list that may be empty."""
    words = (
        r"\b(?:clear|empty)\b (?:the |my )?(?:list|checklist)|\b(?:remove|delete) (?:all|every) (?:items?|"
        r"things|tasks)"
    )
    if not re.search(words, said.plain) or "checklist" not in state.kinds:
        return False
    place = state.kinds.index("checklist")
    empty = {**state.block(place), "items": []}
    return state.do(phrase("The list is empty now."), op="replace_block", at=f"b{place + 1}", block=empty)


def remove_several(said: Clause, state: State) -> bool:
    """Take out two or more items in one go ("item 2 and 3", "Ada and Chi")."""
    if not REMOVE.search(said.plain):
        return False
    digits = re.search(r"\b((?:\d{1,2}(?:,| and|, and) )+\d{1,2})\b", said.plain)
    tail = re.sub(r"(?i)^.*?\b(?:remove|delete|take out|take|drop|erase)\s+", "", said.text)
    names = split_items(re.sub(r"(?i)\s+(?:from|off|of)\s+(?:the |my )?[\w ]{3,20}$", "", tail))
    for place in _places(said.plain, state):
        kind, items = state.kinds[place], state.items(place)
        if digits:
            found: list[int | None] = [int(number) for number in re.findall(r"\d+", digits[1])]
        else:
            found = [find_named(name, items, kind) for name in names]
        numbers = sorted({number for number in found if number is not None}, reverse=True)
        if len(numbers) < 2 or None in found:
            continue
        if not _exists(numbers[0], items, state) or not _exists(numbers[-1], items, state):
            return True
        for number in numbers:
            state.do(op="remove_item", at=f"b{place + 1}", list=LIST_OF[kind][0], index=number)
        state.changes.append(phrase("{count} of them are gone.", count=len(numbers)))
        return True
    return False


def change(said: Clause, state: State) -> bool:
    """Change an item, by number or by its words."""
    match = _CHANGE_ITEM.search(said.text)
    if not match:
        return False
    what, new = plain(match[1]), _own(match[2])
    for place in _places(what, state):
        kind, items = state.kinds[place], state.items(place)
        number = find_index(what, kind, len(items)) or find_named(_own(match[1]), items, kind)
        if number is None:
            continue
        if not _exists(number, items, state):
            return True
        item = _with_words(items[number - 1], kind, new, back=bool(_BACK.search(what)))
        return _set_item(state, place, number, item, phrase("Number {number} has new words.", number=number))
    return False


def remove(said: Clause, state: State) -> bool:
    """Take out items, by number or by their words."""
    if not REMOVE.search(said.plain):
        return False
    tail = REMOVE.sub("", said.text if REMOVE.search(said.text.lower()) else said.plain, count=1).strip()
    target = re.sub(r"\s+(?:from|off|of|de|von)\s+(?:the |my )?[\w ]{3,20}$", "", tail, flags=re.IGNORECASE)
    for place in _places(said.plain, state):
        kind, items = state.kinds[place], state.items(place)
        number = find_index(said.plain, kind, len(items)) or find_named(_bare(target, kind), items, kind)
        if number is None:
            continue
        if not _exists(number, items, state):
            return True
        name = LIST_OF[kind][0]
        change_words = phrase("“{words}” is gone.", words=fit(name_of(items[number - 1], kind), 40))
        return state.do(change_words, op="remove_item", at=f"b{place + 1}", list=name, index=number) or True
    return False


def add(said: Clause, state: State) -> bool:
    """Add items with the user's own words."""
    match = _ADD_ITEM.search(said.text)
    if match:
        word, words = plain(match[1]), match[2]
        kinds = {
            "question": ("quiz", "poll"),
            "pregunta": ("quiz",),
            "frage": ("quiz",),
            "card": ("flashcards",),
            "tarjeta": ("flashcards",),
            "carte": ("flashcards",),
            "karte": ("flashcards",),
            "word": ("flashcards",),
            "pair": ("memory", "flashcards"),
        }
        wanted = kinds.get(word, ("checklist", "picker", "counter"))
        place = next((place for place, kind in enumerate(state.kinds) if kind in wanted), None)
        if place is not None and not re.match(
            r"(?:please|about|for|to|more|with|at)\b", words, re.IGNORECASE
        ):
            return add_words(state, place, words)
    match = _ADD_TO.match(said.text)
    if not match:
        return _add_after_colon(said, state) or _add_pair(said, state)
    place = find_list_part(plain(match[2]), state)
    named = place is not None and _speaks_of(plain(match[2]), state.kinds[place], match[1])
    if (
        place is None
        or not named
        or re.match(
            r"(?:an?|\d+|some|more|un[ae]?|ein[e]?n?)\s+(?:timer|note|quiz|checklist|questions?|cards?|"
            r"more|background)",
            plain(match[1]),
        )
    ):
        return False
    return add_words(state, place, match[1])


def _add_after_colon(said: Clause, state: State) -> bool:
    """Add the list in "add these to the list: apples, pears"."""
    head, colon, tail = said.text.partition(":")
    where = re.search(
        r"\b(?:add|put|include|write)\b.*\b(?:to|on|in|into) (?:the |my )?([\w -]{3,24})$", plain(head)
    )
    place = find_list_part(where[1], state) if where else None
    if where is None or place is None or not colon or not _speaks_of(where[1], state.kinds[place], tail):
        return False
    return add_words(state, place, tail)


def _add_pair(said: Clause, state: State) -> bool:
    """Add "fish = el pez" to the cards."""
    match = re.match(r"(?:please )?(?:add|put|include)\s+(.+)$", said.text, re.IGNORECASE | re.DOTALL)
    place = next((place for place, kind in enumerate(state.kinds) if kind in ("flashcards", "memory")), None)
    if match is None or place is None or not re.search(r"=|->|→|\s[-–—]\s", match[1]):
        return False
    front = plain(re.split(r"=|->|→|\s[-–—]\s", match[1])[0])
    if any(pattern.search(front) for pattern in part_names().values()):  # "add a note - be kind" is a part
        return False
    return add_words(state, place, match[1])


def _bare(target: str, kind: str) -> str:
    """Return what is left of "the bird card" when the words around the name are gone."""
    target = re.sub(r"(?i)^(?:remove|delete|take out|take|drop|erase)\s+", "", target)
    target = re.sub(rf"(?i)\s+(?:{ITEM_WORDS[kind]})$", "", _own(target))
    return re.sub(r"(?i)\s+(?:off|from|out)$", "", target)


def _speaks_of(words: str, kind: str, item: str) -> bool:
    """Return whether plain words name the list to add to; a quiz takes only what is a question."""
    if kind == "quiz":
        return "?" in item
    return bool(
        re.search(rf"\b(?:{ITEM_WORDS[kind]})\b", words) or part_names()[kind].search(words) or words == "it"
    )


def move(said: Clause, state: State) -> bool:
    """Put an item at another place."""
    match = re.search(
        r"\b(?:move|put|mueve|deplace|verschiebe)\b (.+?) (?:to|at|as) (?:the )?(?:number |place |"
        r"position )?(top|start|beginning|first|end|bottom|last|\d{1,2})\b",
        said.plain,
    )
    if not match:
        return False
    for place in _places(match[1], state):
        kind, items = state.kinds[place], state.items(place)
        number = find_index(match[1], kind, len(items)) or find_named(match[1], items, kind)
        if number is None:
            continue
        if not _exists(number, items, state):
            return True
        to = {"end": len(items), "bottom": len(items), "last": len(items)}.get(
            match[2], number_of(match[2]) or 1
        )
        return state.do(
            phrase("Number {number} stands at another place.", number=number),
            op="move_item",
            at=f"b{place + 1}",
            list=LIST_OF[kind][0],
            index=number,
            to=max(1, min(to, len(items))),
        )
    return False


def add_words(state: State, place: int, words: str) -> bool:
    """Add the items that words name to the list of a part, word for word."""
    kind = state.kinds[place]
    made = [item for item in _new_items(kind, words, state) if item is not None]
    if not made:
        if kind == "quiz":
            state.checks.append(
                phrase("Write the question and its answer, like this: add a question: What is 2 + 2? 4")
            )
            return True
        return False
    taken = {plain(name_of(item, kind)) for item in state.items(place)}
    for item in made[:6]:
        if plain(name_of(item, kind)) in taken:
            state.checks.append(phrase("“{words}” is there already.", words=fit(name_of(item, kind), 40)))
            continue
        index = len(state.items(place)) + 1
        said = phrase("“{words}” is there now.", words=fit(name_of(item, kind), 40))
        if state.do(
            said, op="add_item", at=f"b{place + 1}", list=LIST_OF[kind][0], index=min(index, 40), item=item
        ):
            pointer = f"/blocks/{place}/{LIST_OF[kind][0]}/{index - 1}"
            lacking = kind == "quiz" and text("quiz.wrong", state.language, n=1) in item["wrong"]
            state.origins[pointer] = STARTED if lacking else TYPED
            if lacking:
                state.origins |= {f"{pointer}/ask": TYPED, f"{pointer}/right": TYPED}
    if len(made) > 6:
        state.checks.append(phrase("I added the first 6. Tell me the rest in a second wish."))
    return True


def _new_items(kind: str, words: str, state: State) -> list[Any]:
    quoted = find_quoted(words)
    parts = quoted or split_items(words)
    if kind == "quiz":
        return [_question(words, state)]
    if kind in ("flashcards", "memory"):
        pairs = [split_pair(part) for part in (parts if len(parts) > 1 or quoted else (words,))]
        return [_pair_item(pair, kind) for pair in pairs if pair]
    if kind in _LENGTHS:
        return [fit(part, _LENGTHS[kind]) for part in parts]
    if kind == "counter":
        return [
            {"label": fit(part, 30), "icon": icon_for(part) or "star", "start": 0, "step": 1}
            for part in parts
        ]
    if kind == "poll":
        return [{"ask": fit(_own(words), 140), "kind": "text", "options": []}]
    return []


def _question(words: str, state: State) -> dict[str, Any] | None:
    asked = read_asked(words.strip(' "“”'))
    if asked is None:
        return None
    wrong = list(asked.wrong) or [text("quiz.wrong", state.language, n=n) for n in (1, 2, 3)]
    if not asked.wrong:
        state.checks.append(
            phrase("Write wrong answers for your question, so that there is something to choose.")
        )
    return {
        "ask": fit(asked.ask, 160),
        "right": fit(asked.right, 60),
        "wrong": [fit(word, 60) for word in wrong],
        "hint": "",
        "why": "",
    }


def _pair_item(pair: tuple[str, str], kind: str) -> dict[str, str]:
    if kind == "memory":
        return {"a": fit(pair[0], 24), "b": fit(pair[1], 24)}
    return {"front": fit(pair[0], 120), "back": fit(pair[1], 240)}


def _with_words(item: Any, kind: str, new: str, *, back: bool) -> Any:
    """Return an item with other words in its main place; what else it holds stays."""
    if isinstance(item, str):
        return fit(new, _LENGTHS.get(kind, 80))
    item = dict(item)
    pair = split_pair(new) if kind in ("flashcards", "memory") else None
    if kind == "flashcards":
        item = (
            {"front": fit(pair[0], 120), "back": fit(pair[1], 240)}
            if pair
            else {**item, ("back" if back else "front"): fit(new, 240 if back else 120)}
        )
    elif kind == "memory":
        item = (
            {"a": fit(pair[0], 24), "b": fit(pair[1], 24)}
            if pair
            else {**item, ("b" if back else "a"): fit(new, 24)}
        )
    elif kind == "quiz" and (asked := read_asked(new)):
        item |= {"ask": fit(asked.ask, 160), "right": fit(asked.right, 60), "why": ""}
        item["wrong"] = [fit(word, 60) for word in asked.wrong] or item["wrong"]
    else:
        item[LIST_OF[kind][1]] = fit(
            new,
            {"quiz": 160, "poll": 140, "counter": 30, "story": 400, "soundboard": 20, "classifier": 30}.get(
                kind, 24
            ),
        )
    return item


def _set_item(state: State, place: int, number: int, item: Any, words: Any) -> bool:
    name = LIST_OF[state.kinds[place]][0]
    if state.do(words, op="set_item", at=f"b{place + 1}", list=name, index=number, item=item):
        state.origins[f"/blocks/{place}/{name}/{number - 1}"] = "typed"
    return True


def _places(words: str, state: State) -> list[int]:
    """Return the parts to look in: the one that is named first, then all with a list."""
    named = find_list_part(words, state)
    lists = [place for place, kind in enumerate(state.kinds) if kind in LIST_OF]
    return [named, *(place for place in lists if place != named)] if named is not None else lists


def _exists(number: int | None, items: list[Any], state: State) -> bool:
    if number is not None and 1 <= number <= len(items):
        return True
    state.checks.append(phrase("There are only {count} of them.", count=len(items)))
    return False


def _own(text_: str) -> str:
    quoted = find_quoted(text_)
    if quoted and text_.strip().startswith(("'", '"', "“", "„", "«", "‘")):
        return quoted[0]
    return re.sub(
        r"\s+(?:please|pls|plz|instead|por favor|bitte)\s*$", "", text_.strip(' .“”"'), flags=re.IGNORECASE
    ).strip(" .")

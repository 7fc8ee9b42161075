"""Edits that add to the lists of an app: "add a need called Love", "add Chidi", "a cat stamp", "add a name"."""

from __future__ import annotations

import re

from studio.builder.starter import patterns
from studio.builder.starter.edits import spots
from studio.builder.starter.edits.making import new_items
from studio.builder.starter.edits.spots import Spot
from studio.builder.starter.edits.state import LIST_OF, Clause, State
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import split_items
from studio.builder.starter.recipes.part import STARTED, TYPED
from studio.builder.starter.slots import find_quoted
from studio.builder.starter.vocabulary import fit, number_of, plain, text, vocabulary
from studio.phrases import phrase

_MOST = 6
_POLITE = (
    r"^(?:(?:please|i want to|i would like to|i'd like to|we want to|let'?s|let us|can you|"
    r"could you|can we|can i|could we|could i|also|now|and|y|et|und)\s+)*"
)
_VERB = patterns.lazy(
    _POLITE + r"(?:(?=(?:new|another|one\s+more)\s)|(?:make|create)\s+(?=(?:an?\s+)?(?:new|another)\s)|"
    r"(?:add|put|include|insert|write|give\s+(?:me|us|it|"
    r"him|her)|(?:i|we)\s+(?:also\s+|still\s+)?(?:want|need|would\s+like)(?:\s+to\s+have)?|have|"
    r"there\s+(?:should\s+be|is|are)|añade|anade|agrega|pon|ajoute|mets|füge|fuge|schreib)\s+)(.+?)"
    r"(?:\s+(?:please|pls|plz|too|as\s+well|hinzu|por\s+favor|bitte))*$",
    re.IGNORECASE | re.DOTALL,
)
_DEST = patterns.lazy(
    r"^(.+?)\s+(?:to|on|onto|in|into|a|en|à|dans|sur|zu[rm]?|auf)\s+(?:the\s+|my\s+|its\s+|his\s+|her\s+|la\s+|el\s+|le\s+|die\s+|"
    r"der\s+|das\s+|den\s+)?([\w' -]{3,30}?)[.!]?$",
    re.IGNORECASE | re.DOTALL,
)
_LEADING = (
    r"^(?:an?\s+|the\s+|another\s+|one\s+more\s+|una?\s+|une?\s+|eine?n?\s+)?(?:new\s+|nueva\s+|nouvelle\s+|neue\s+)?"
    r"(?:(?!page|question)[a-z]+\s+)?(?:{noun})\s*(?:called|named|that says|which says|saying|for|about|:|,)?\s+(.+)$"
)
_TRAILING = r"^(?:an?\s+|the\s+|some\s+|another\s+|new\s+)+(.+?)\s+({noun})$"
_SPECIAL: tuple[tuple[str, str, str], ...] = (
    ("pet", "needs", r"\b(?:also |really )?needs?(?: some)? (?!to\b)(.+)$"),
    ("arcade", "good", r"\b(?:catch|collect|pop|get|eat|whack|hit) (?!hit\b|me\b)(.+)$"),
    ("arcade", "bad", r"\b(?:watch out for|avoid|dodge|be careful of|look out for) (.+)$"),
    (
        "chatbot",
        "replies",
        r"\b(?:when|if|whenever)\s+(?:i|you|we|they|somebody|someone|anyone|people)\s+(?:say|says|write|writes|type|types|ask|asks)"
        r"(?:\s+(?:it|him|her))?(?:\s+about)?\s+(.+)$",
    ),
    (
        "arcade",
        "bad",
        r"^(?:the )?(.+?) (?:should|must|can|may) (?:also )?(?:hurt|hit|harm|bite|sting|catch) (?:me|us|you|the )",
    ),
    ("journal", "prompts", r"\b(?:diary|journal)\b.{0,12}\basks?(?: (?:me|us|them|you))?:? (.+\?)$"),
    (
        "poll",
        "questions",
        r"^(?:please |also )*ask (?:them|people|everyone|everybody|us|the class|the children):? (.+\?.*)$",
    ),
    ("chatbot", "topics", r"\b(?:talk|chat|speak|know)s? about (.+)$"),
    ("converter", "pairs", r"\b(?:convert|turn|change)s? (.+)$"),
    ("drawing", "tools", r"\b(?:paint|draw|work) with (.+)$"),
    ("drawing", "tools", r"\bdraw (circles?|squares?|straight lines?|lines?|boxes)\b"),
    ("classifier", "labels", r"\b(?:recogni[sz]e|tell|spot|guess|know) (.+)$"),
)
"""Ways to ask for an item that name neither a list nor the word for its items."""
_MOVES = patterns.lazy(
    r"^(?:please )?(?:put|move|bring) .+ (?:first|last|(?:to|at) the (?:very )?(?:top|start|"
    r"beginning|front|end|bottom))$"
)
_PLACES = patterns.lazy(r"\b(?:before|above|below|under|after|behind|on top of|next to)\b")
_ANOTHER = patterns.lazy(
    r"^(?:please |can you )*(?:add|include) (?:an?|another|one more|some|(\d{1,2}|[a-z]+))(?: more| new| other)* "
    r"(name|item|thing|option|choice|task|slice)s?(?: please)?[.!]?$"
)
_TURNED = patterns.lazy(
    r"^(?:it |he |she )?(?:should )?(?:answers?|says?|reply|replies)\s+(.+?)\s+(?:when|if|whenever)\s+"
    r"(?:i|you|we|they|somebody|someone|people)\s+(?:says?|writes?|types?|asks?)(?:\s+about)?\s+(.+)$",
    re.IGNORECASE,
)
_CHANGES = patterns.lazy(
    r"(?:please |can you )*(?:move|remove|delete|change|replace|rename|call|set|swap|switch|take|"
    r"turn|make the|no|get rid)\b"
)
_ARTICLE = patterns.lazy(r"^(?:an?|the|some|my)\s+", re.IGNORECASE)
_NO_WORDS = patterns.lazy(
    r"(?:please|about|for|to|more|with|at|too|each|per|before|after|above|below|under|behind|next|first|last|on|in|number|\d+)\b",
    re.IGNORECASE,
)
_NO_ITEM = patterns.lazy(
    r"\b(?:background|colou?rs?|theme|style|palette|font|letters|text|mode|sounds?|music|songs?|pictures?|images?|"
    r"photos?|videos?|animations?|emojis?|stickers?|levels?|points?|scores?|buttons?|blocks?|parts?|pages?|rules?|"
    r"hints?|confetti|time|more|another|new|questions?|cards?|effects?|title|name|icon|hearts?|lives|answers?|"
    r"minutes?|seconds?|something|anything|everything|stuff|it|to|when|if|about|with|into|fondo|fond|hintergrund|"
    r"farbe|couleur)\b"
)
_QUANTITY = patterns.lazy(
    r"^(?:\d+|some|more|few|a few|two|three|four|five|six|seven|eight|nine|ten|another)\b", re.IGNORECASE
)
_LISTS_OF_WORDS = ("checklist", "picker")


def add(said: Clause, state: State) -> bool:
    """Add items with the user's own words to the list that a clause speaks of."""
    match = _VERB.match(said.text)
    body = match[1].strip() if match else ""
    if not body and _asked(said, state):
        return True
    if _MOVES.search(said.plain):
        return False
    if _PLACES.search(said.plain) and find_part(_PLACES.split(said.plain)[0], state) is not None:
        return False  # "put the sounds before the drawing pad" moves a part
    if not body:
        return _special(said, state)
    return (
        _after_colon(said, state)
        or _to_a_list(body, state)
        or _by_noun(body, state)
        or _pair(body, state)
        or _special(said, state)
        or _known_tool(body, state)
    )


def _asked(said: Clause, state: State) -> bool:
    """Add the question of "ask also How tall was it?" to a diary or a poll."""
    match = patterns.match(
        r"(?:please |also )*ask(?: also| them| people| everyone| me)* (.+\?)$", said.text, re.IGNORECASE
    )
    lists = [
        spot
        for spot in spots.spots(state)
        if spot.sort.name in ("questions", "prompts") and spot.sort.kind != "quiz"
    ]
    return match is not None and bool(lists) and add_to(state, lists[0], match[1])


def _to_a_list(body: str, state: State) -> bool:
    """Add what stands before "to the list"."""
    match = _DEST.match(body)
    if match is None or plain(match[1]) in (
        "it",
        "this",
        "that",
        "them",
        "him",
        "her",
        "everything",
        "me",
        "us",
    ):
        return False
    where = plain(match[2])
    for spot in spots.spots(state):
        inside = patterns.match(_leading(spot), match[1], re.IGNORECASE | re.DOTALL)
        if spot.parent is not None and inside and _page_of(where, spot):
            return add_to(state, spot, inside[1])
    for spot in spots.spoken_of(where, state):
        if not _takes(where, spot, match[1], state):
            continue
        words = _without_noun(match[1], spot)
        if words and add_to(state, spot, words):
            return True
    return False


def _takes(where: str, spot: Spot, words: str, state: State) -> bool:
    """Return whether plain words name this list to add to; a quiz takes only what is a question."""
    if not (spots.speaks_of(where, spot, state) or where == "it"):
        return False
    if spot.sort.kind == "quiz":
        return "?" in words
    named = plain(words)
    if any(pattern.fullmatch(_ARTICLE.sub("", named)) for pattern in part_names().values()):
        return spot.sort.form != "words"
    if patterns.match(r"an? ", named) and any(pattern.search(named) for pattern in part_names().values()):
        return False
    return not patterns.match(r"(?:\d+|some|more)\s+(?:questions?|cards?|more)", plain(words))


def _without_noun(words: str, spot: Spot) -> str:
    """Return "What colour was it?" of "the question What colour was it?"."""
    match = patterns.match(_leading(spot), words, re.IGNORECASE | re.DOTALL)
    words = match[1] if match else words
    if spot.sort.kind in ("checklist", "picker", "poll") and not match:
        return words
    return _ARTICLE.sub("", words)


def _by_noun(body: str, state: State) -> bool:
    """Add what stands after or before the word for an item: "a need called Love", "a cat stamp"."""
    small = plain(body)
    if any(pattern.fullmatch(_ARTICLE.sub("", small)) for pattern in part_names().values()):
        return False  # "a drawing pad" is a part, not a pad of the sound board
    for spot in spots.spoken_of(small, state):
        if not spot.sort.noun.search(small):
            continue
        match = patterns.match(_leading(spot), body, re.IGNORECASE | re.DOTALL)
        words = match[1] if match and not _NO_WORDS.match(match[1]) else ""
        if (
            ":" in words
            and spot.sort.kind in ("checklist", "picker", "poll", "journal")
            and not find_quoted(words)
        ):
            words = words.partition(":")[2].strip()  # "one more option for food: Curry"
        if not words and (match := patterns.match(_trailing(spot), body, re.IGNORECASE)):
            named = any(pattern.search(plain(match[1])) for pattern in part_names().values())
            words = match[1] if not (named or _QUANTITY.match(match[1])) else ""
            if words and spot.sort.kind == "counter":
                words = f"{match[1]} {match[2]}"
        if not words or (
            spot.parent is not None and len(_siblings(spot, state)) > 1 and not _page_of(small, spot)
        ):
            continue
        if add_to(state, spot, words):
            return True
    return False


def _siblings(spot: Spot, state: State) -> list[Spot]:
    return [one for one in spots.spots(state) if (one.place, one.sort.name) == (spot.place, spot.sort.name)]


def _page_of(words: str, spot: Spot) -> bool:
    found = patterns.search(r"\b(?:page|question) (\d{1,2})\b", words)
    return bool(found) and int(found[1]) - 1 == spot.parent if found else False


def _leading(spot: Spot) -> str:
    return _LEADING.replace("{noun}", _noun(spot))


def _trailing(spot: Spot) -> str:
    return _TRAILING.replace("{noun}", _noun(spot))


def _noun(spot: Spot) -> str:
    return spot.sort.noun.pattern.removeprefix(r"\b(?:").removesuffix(r")\b")


def _pair(body: str, state: State) -> bool:
    """Add "fish = el pez" to the cards."""
    if not patterns.search(r"=|->|→|\s[-–—]\s", body):
        return False
    front = plain(patterns.split(r"=|->|→|\s[-–—]\s", body)[0])
    if any(pattern.search(front) for pattern in part_names().values()):  # "add a note - be kind" is a part
        return False
    pairs = [spot for spot in spots.spots(state) if spot.sort.kind in ("flashcards", "memory")]
    return bool(pairs) and add_to(state, pairs[0], body)


def _special(said: Clause, state: State) -> bool:
    """Add what is asked for without naming a list: "he also needs water", "when I say dog it should answer Woof"."""
    if _CHANGES.match(said.plain):
        return False
    turned = _TURNED.search(said.text)
    if turned and "chatbot" in state.kinds:
        replies = next(one for one in spots.spots(state) if one.sort.name == "replies")
        return add_to(state, replies, f"{turned[2]}: {turned[1]}")
    for kind, name, signs in _SPECIAL:
        match = patterns.search(signs, said.text, re.IGNORECASE | re.DOTALL)
        spot = next(
            (one for one in spots.spots(state) if (one.sort.kind, one.sort.name) == (kind, name)), None
        )
        if match is None or spot is None or not _asks(said.plain, kind):
            continue
        if kind == "pet" and any(pattern.search(plain(match[1])) for pattern in part_names().values()):
            continue
        if (
            kind == "chatbot"
            and name == "replies"
            and not patterns.search(r"\b(?:say|answer|repl|respond)", plain(match[1]))
        ):
            continue
        if add_to(state, spot, match[1]):
            return True
    return False


def _asks(words: str, kind: str) -> bool:
    """Return whether a clause asks for more, and is not about how the part works."""
    if (
        patterns.search(r"\b(?:game|points?|lives|remove|no|not|don'?t|confetti|sounds?|shake)\b", words)
        and kind != "chatbot"
    ):
        return False
    if patterns.search(r"\bnot\b|n't\b|\bany ?more\b|\bstop\b|\bnever\b", words):
        return False
    if kind in ("pet", "chatbot"):
        return True
    return bool(
        patterns.search(
            r"\b(?:also|too|as well|and|add|want|should|can|let|with|convert|give|watch|look out)\b", words
        )
    )


def _known_tool(body: str, state: State) -> bool:
    """Add "a spray can": a thing that a list has by name."""
    for spot in spots.spots(state):
        if spot.sort.form == "tool" and new_items(spot, _ARTICLE.sub("", body), state):
            return add_to(state, spot, _ARTICLE.sub("", body))
    return False


def _after_colon(said: Clause, state: State) -> bool:
    """Add the list in "add these to the list: apples, pears"."""
    head, colon, tail = said.text.partition(":")
    where = patterns.search(
        r"\b(?:add|put|include|write)\b.*\b(?:to|on|in|into) (?:the |my )?([\w -]{3,24})$", plain(head)
    )
    if where is None or not colon:
        return False
    for spot in spots.spoken_of(where[1], state):
        if _takes(where[1], spot, tail, state) and add_to(state, spot, tail.strip()):
            return True
    return False


def add_to(state: State, spot: Spot, words: str) -> bool:
    """Add the items that words name to a list, word for word; return whether they were understood."""
    made = new_items(spot, words, state)
    if made and spot.sort.name == "replies" and (old := spots.find_item(made[0]["keys"][0], spot)):
        item = {**spot.items[old.number - 1], "say": made[0]["say"]}
        done = phrase("Number {number} has new words.", number=old.number)
        if spots.put(state, spot, old.number, item, done):
            state.origins[f"{spot.pointer}/{old.number - 1}"] = TYPED
        return True
    if not made:
        if spot.sort.kind == "quiz":
            state.checks.append(
                phrase("Write the question and its answer, like this: add a question: What is 2 + 2? 4")
            )
            return True
        return False
    for item in made[:_MOST]:
        _add_one(state, spot.pointer, item)
    if len(made) > _MOST:
        state.checks.append(phrase("I added the first 6. Tell me the rest in a second wish."))
    return True


def _add_one(state: State, pointer: str, item: object) -> None:
    spot = next(one for one in spots.spots(state) if one.pointer == pointer)
    trial = Spot(spot.place, spot.sort, (item,))
    name = trial.title(0)
    taken = {plain(spot.title(number)) for number in range(len(spot.items))}
    if plain(name) in taken:
        state.checks.append(phrase("“{words}” is there already.", words=fit(name, 40)))
        return
    if not spots.add(state, spot, item, phrase("“{words}” is there now.", words=fit(name, 40))):
        return
    if spot.sort.form != "words":
        return
    at = f"{spot.pointer}/{len(spot.items)}"
    lacking = (
        spot.sort.kind == "quiz"
        and isinstance(item, dict)
        and text("quiz.wrong", state.language, n=1) in item["wrong"]
    )
    state.origins[at] = STARTED if lacking else TYPED
    if lacking:
        state.origins |= {f"{at}/ask": TYPED, f"{at}/right": TYPED}


# ---- lists that are not named


def add_bare(said: Clause, state: State) -> bool:
    """Add what a clause names to the only list to write on, when it is no part and no look."""
    spot = _only_list(state)
    match = _VERB.match(said.text)
    if (
        spot is None
        or match is None
        or not patterns.search(
            r"(?i)\b(?:add|put|include|insert|ajoute|a[nñ]ade|agrega|f[uü]ge)\b", said.text
        )
    ):
        return False
    words = match[1]
    named = plain(words)
    if not find_quoted(words) and (
        _NO_ITEM.search(named) or any(pattern.search(named) for pattern in part_names().values())
    ):
        return False
    items = [_ARTICLE.sub("", item) for item in find_quoted(words) or split_items(words)]
    if not items or any(len(item.split()) > 6 or _is_look(plain(item)) for item in items):
        return False
    return add_to(state, spot, ", ".join(f'"{item}"' for item in items))


def add_places(said: Clause, state: State) -> bool:
    """Add places to write a name or a thing in ("add a name", "add 2 more things")."""
    match = _ANOTHER.match(said.plain)
    spot = _only_list(state)
    if match is None or spot is None:
        return False
    place, kind = spot.place, spot.sort.kind
    name = LIST_OF[kind][0]
    count = max(1, min(6, (number_of(match[1]) or 1) if match[1] else 1))
    for _ in range(count):
        index = len(state.items(place)) + 1
        key = "pick.any" if kind == "picker" else "list.place"
        words = text(key, state.language, n=index)
        if not state.do(
            phrase("“{words}” is there now. Write over it.", words=words),
            op="add_item",
            at=f"b{place + 1}",
            list=name,
            index=index,
            item=words,
        ):
            return True
        state.origins[f"/blocks/{place}/{name}/{index - 1}"] = STARTED
    return True


def _only_list(state: State) -> Spot | None:
    lists = [spot for spot in spots.spots(state) if spot.sort.kind in _LISTS_OF_WORDS]
    return lists[0] if len(lists) == 1 else None


def _is_look(words: str) -> bool:
    """Return whether words are a colour or a background and nothing else ("stars", "some pink")."""
    known = vocabulary()
    return words in known.colours or words in known.backgrounds or words in known.palettes

"""Edits of what an app is about: title, picture and items in one go; number and look stay."""

from __future__ import annotations

import dataclasses
import re

from studio.blueprints.facts.pack import key_of
from studio.builder.starter import patterns
from studio.builder.starter.edits.amounts import same_slots, source_of
from studio.builder.starter.edits.blocks import REMOVE
from studio.builder.starter.edits.state import LIST_OF, Clause, State
from studio.builder.starter.kinds import part_names
from studio.builder.starter.recipes.learn import known_cards, known_questions
from studio.builder.starter.recipes.part import Part
from studio.builder.starter.sayings import topic_name
from studio.builder.starter.topics import Topic, icon_for, title_for, topic_after
from studio.builder.starter.vocabulary import fit, plain, text, vocabulary
from studio.phrases import phrase

_ABOUT = patterns.lazy(
    r"\b(?:about|sobre|acerca de|sur|à propos de|über)\s+(.+?)(?:\s+(?:instead|now|please|pls))*[.!?]*$",
    re.IGNORECASE | re.DOTALL,
)
_LEAD = patterns.lazy(
    r"\b(?:make|change|turn|switch|let|should|want|hazlo|haz|cambia(?:lo)?|fais|change|rends|mach|ändere|"
    r"andere|instead|now|quiz|questions?|cards|test)\b|^(?:about|sobre|sur|uber)\b"
)
_TOPIC = patterns.lazy(
    r"\b(?:topic|subject|theme|tema|sujet|thema)\s+(?:to|be|is|should be|into|a|en|zu|in|auf|"
    r":)\s+(.+?)(?:\s+(?:instead|please))*[.!]*$",
    re.IGNORECASE,
)
_TURN = patterns.lazy(
    r"\b(?:turn (?:it|this) into|make (?:it|this)|change (?:it|this) (?:to|"
    r"into))\s+(?:an?\s+)?(.+?)\s+(?:quiz|test|app|cards|trivia)\b",
    re.IGNORECASE,
)
_NOW = patterns.lazy(
    r"^(?:(?:please|can you|could you)\s+)*(?:make|change|turn|switch)\s+(?:(?:it|this|that|them)\s+(?:(?:to|into)\s+"
    r"(?:the\s+)?|the\s+)|to\s+(?:the\s+)?)(.+?)(?:\s+(?:instead|now|please|pls|quiz|cards))*[.!?]*$",
    re.IGNORECASE,
)
_LOOKS = patterns.lazy(r"\b(?:theme|style|mode|font|look|background|vibes?|tabs?|colou?rs?|letters|text)\b")
_TAUGHT = {
    **dict.fromkeys(("spanish", "espanol", "espagnol", "spanisch"), ("Spanish", "es")),
    **dict.fromkeys(("french", "frances", "francais", "franzosisch"), ("French", "fr")),
    **dict.fromkeys(("german", "aleman", "allemand", "deutsch"), ("German", "de")),
}
_OLD = patterns.lazy(r"\b(?:Spanish|French|German)\b")
_TALKS = patterns.lazy(r"\b(?:talk|chat|speak|ask|asks|says?|know|knows)\b")
_PLURAL_IT = patterns.lazy(r"^(?:it|this|that|me|us|you|the|them)$", re.IGNORECASE)


def topic(said: Clause, state: State) -> bool:
    """Make the app about something else."""
    words = "" if REMOVE.search(said.plain) else _asked(said) or _is_now(said, state)
    if not words or _another_part(said, state) or _TALKS.search(said.plain):
        return False
    about = topic_after(words, state.facts)
    if not about or _PLURAL_IT.match(about.words):
        return False
    return change_topic(about, state)


def refresh(said: Clause, state: State) -> bool:
    """Put other questions or cards on the same topic in the place of the present ones."""
    things = r"(?:questions?|cards?|preguntas|fragen|karten|cartes)"
    if not patterns.search(rf"\b(?:new|other|different|fresh|otras|autres|andere) {things}\b", said.plain):
        return False
    if patterns.search(r"\b(?:add|more|\d+|about)\b|:", said.plain) or patterns.search(
        r"\bnew (?:card|question)\b", said.plain
    ):
        return False
    for place, kind in enumerate(state.kinds):
        source = source_of(state, place) if kind in ("quiz", "flashcards") else None
        if source is not None:
            _refill(state, place, same_slots(state, place).topic, keep_title=True)
            return True
    state.checks.append(
        phrase("I know no facts about this, so I have no other questions. Write your own by hand.")
    )
    return True


def languages(said: Clause, state: State) -> bool:
    """Teach another language with the same words: "make them French instead"."""
    names = [word for word in patterns.findall(r"[^\W\d_]+", said.plain) if word in _TAUGHT]
    if not names or patterns.search(r"\b(?:buttons?|app|everything|language of)\b", said.plain):
        return False
    wanted = patterns.sub(r"\b(?:instead of|rather than|not|from) [a-z]+", " ", said.plain)
    named = [word for word in patterns.findall(r"[^\W\d_]+", wanted) if word in _TAUGHT]
    new = _TAUGHT[(named or names)[-1]]
    done = False
    for place, kind in enumerate(state.kinds):
        source = source_of(state, place) if kind in ("flashcards", "quiz", "memory") else None
        if source is None or not source.head.teaches or source.head.teaches == new[1]:
            continue
        done = _teach(state, place, new[0]) or done
    return done


def _teach(state: State, place: int, language: str) -> bool:
    """Put the words of one part into another language, and its name wherever the old one stands."""
    about = same_slots(state, place).topic
    words = _OLD.sub(language, f"{state.blueprint.title} {state.block(place)['title']}")
    pack = state.facts.find(words if language in words else f"{language} {words}") or state.facts.find(
        language
    )
    if pack is None or pack.head.teaches != _TAUGHT[language.lower()][1]:
        return False
    for name in ("title", "about"):
        now = str(getattr(state.blueprint, name))
        if _OLD.search(now):
            state.do(op=f"set_{name}", value=fit(_OLD.sub(language, now), 60 if name == "title" else 160))
    block = state.block(place)
    if _OLD.search(block["title"]):
        state.do(
            op="set_field",
            at=f"b{place + 1}",
            field="title",
            value=fit(_OLD.sub(language, block["title"]), 60),
        )
    state.changes.append(phrase("It teaches {language} now.", language=language))
    name = LIST_OF[str(block["type"])][0]
    known = {key_of(card.front): card.back for card in pack.cards(400, 0)}
    same = [known.get(key_of(str(card.get("front", card.get("a", ""))))) for card in block[name]]
    if block["type"] == "flashcards" and all(same):
        items = [{**card, "back": back} for card, back in zip(block[name], same, strict=True)]
        state.do(op="replace_block", at=f"b{place + 1}", block={**state.block(place), name: items})
        state.origins.update(
            {f"/blocks/{place}/{name}/{number}": pack.origin for number in range(len(items))}
        )
        return True
    _refill(state, place, dataclasses.replace(about, pack=pack), keep_title=True)
    return True


def change_topic(about: Topic, state: State) -> bool:
    """Put the title, the picture and the items of the quiz and the cards on another topic."""
    place = next((place for place, kind in enumerate(state.kinds) if kind in ("quiz", "flashcards")), 0)
    kind = state.kinds[place]
    if kind not in LIST_OF and kind not in ("note", "drawing"):
        state.checks.append(phrase("This part has no questions, so only the title and the picture change."))
    title = fit(title_for(kind, about.words, state.language), 60)
    state.do(phrase("It is about {topic} now.", topic=topic_name(about)), op="set_title", value=title)
    icon = about.pack.head.icon if about.pack else icon_for(about.words)
    if icon and icon != state.blueprint.icon:
        state.do(op="set_icon", value=icon)
    if state.blueprint.about and patterns.search(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b|about", state.blueprint.about.lower()
    ):
        state.do(op="set_about", value=fit(text(f"about.{kind}", state.language), 160))
    for number, own in enumerate(state.kinds):
        if own in ("quiz", "flashcards"):
            _refill(state, number, about)
    return True


def _refill(state: State, place: int, about: Topic, *, keep_title: bool = False) -> None:
    """Put as many items on the new topic as there were, and keep how the part works."""
    kind = state.kinds[place]
    name = LIST_OF[kind][0]
    block = state.block(place)
    old = state.items(place)
    slots = dataclasses.replace(same_slots(state, place), topic=about)
    part = Part({})
    make = known_questions if kind == "quiz" else known_cards
    made = make(slots, len(old), part, avoid=tuple(str(item[LIST_OF[kind][1]]) for item in old))
    title = str(block["title"]) if keep_title else fit(title_for(kind, about.words, state.language), 60)
    block = {**block, "title": title, name: made}
    words = (
        phrase("The {count} questions are new.", count=len(made))
        if kind == "quiz"
        else phrase("The {count} cards are new.", count=len(made))
    )
    if state.do(words, op="replace_block", at=f"b{place + 1}", block=block):
        state.checks.extend(check for check in part.checks if check not in state.checks)
        state.origins.update({f"/blocks/{place}/{path}": origin for path, origin in part.origins.items()})


def _asked(said: Clause) -> str:
    match = _TOPIC.search(said.text)
    if match and not _is_colour(match[1]):
        return str(match[1])
    match = _ABOUT.search(said.text)
    if (
        match
        and _LEAD.search(said.plain[: match.start()] or said.plain)
        and not patterns.search(
            r"\b(?:note|timer|add|another part|(?:question|card|item) \d)\b|\b(?:question|card|one|page|item|pair) $",
            said.plain[: match.start()],
        )
    ):
        return str(match[1])
    match = _TURN.search(said.text)
    if (
        match
        and not _is_colour(match[1])
        and not patterns.search(
            r"\b(?:new|longer|shorter|harder|easier|better|the|more|my|this|flashcards?|cool\w*|fun\w*)\b",
            match[1],
            re.IGNORECASE,
        )
    ):
        return str(match[1])
    return ""


def _is_now(said: Clause, state: State) -> str:
    """Return the topic of "make it the 8 times table" when there are facts about just that."""
    match = _NOW.match(said.text)
    if match is None or not {"quiz", "flashcards"} & set(state.kinds):
        return ""
    words, known = match[1], vocabulary()
    pack = state.facts.find(words)
    look = any(word in known.colours or word in known.palettes for word in plain(words).split())
    if pack is None or (look and not pack.head.computed) or _LOOKS.search(plain(words)):
        return ""
    return words


def _another_part(said: Clause, state: State) -> bool:
    """Return whether a clause wants a part that the app lacks ("a quiz about sharks" in a list)."""
    match = patterns.match(
        r"(?:please |can you )*(?:(?:add|put|insert|include|make|create|i (?:also )?(?:want|"
        r"need)|give (?:me|us|it)) (?:me )?)?(?:(?:an?|another|some) )?([a-z ]+?) "
        r"(?:about|on)\b",
        said.plain,
    )
    if match is None:
        return False
    kind = next((kind for kind, names in part_names().items() if names.fullmatch(match[1])), None)
    return kind is not None and kind not in state.kinds


def _is_colour(words: str) -> bool:
    known = vocabulary()
    last = words.lower().strip(" .").split()
    return bool(last) and (
        last[-1] in known.colours or last[0] in known.colours or last[-1] in known.palettes
    )

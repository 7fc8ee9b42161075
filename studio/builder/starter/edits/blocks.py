"""Edits of whole parts: add, remove, move."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from studio.blueprints import block_title
from studio.builder.starter import patterns, sayings
from studio.builder.starter.create import PLAYING, read_slots, rule
from studio.builder.starter.edits.state import Clause, State
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import Asked, Given
from studio.builder.starter.recipes import RECIPES
from studio.phrases import Phrase, phrase

ADD = patterns.lazy(
    r"\b(?:add|put|insert|include|give (?:it|me|us)|with|(?:i|we)(?:'d| would) (?:love|like)|"
    r"(?:i|we) (?:want|need|would like|"
    r"'d like)|also|as well|have an?|needs? an?|would be (?:nice|cool|good|great|fun)|another|make|create|(?:can|"
    r"could) (?:i|we) have|there "
    r"should be|anade|agrega|pon|ajoute|mets|fuge|setze|noch)\b"
)
REMOVE = patterns.lazy(
    r"\b(?:remove|delete|take (?:out|away|off|(?:the )?[^\W\d_]+(?: [^\W\d_]+)? (?:off|out|"
    r"away))|get rid of|drop|kick out|cross out|strike out|wipe|bin|scrap|ditch|chuck(?: out)?|"
    r"throw (?:away|out|(?:the )?[^\W\d_]+"
    r"(?: [^\W\d_]+)? (?:out|away))|"
    r"(?:should|must) ?n[o']t (?:talk|speak|know|chat)|stop talking|"
    r"without|no more|lose|erase|(?:don'?t|do not|does not|doesn'?t|won'?t|no longer) (?:want|"
    r"need)|skip|leave (?:it |that |them )?out|stop (?:catching|collecting|using)|"
    r"quita|quitar|borra|elimina|enleve|supprime|retire|entferne|losche|nimm)\b"
    r"|^no (?!repeats?\b|confetti\b|sounds?\b|time\b|hurry\b|peek|mirror|record|bubbles|stars|background)"
)
_MOVE = patterns.lazy(
    r"\b(?:put|move|place|bring|show|pon|mets|setze|stell)\b.*?\b(?:first|(?:at|to|on) (?:the )?(?:very "
    r")?(?:top|start|beginning|front)|last|(?:at|to|on) (?:the )?(?:very )?(?:bottom|end)|above|before|"
    r"below|under|after|up|down|arriba|primero|abajo|en haut|en bas|nach oben|nach unten)\b"
)
_CHANGES = patterns.lazy(
    r"(?:please |can you )*(?:move|change|replace|rename|call|set|swap|switch|turn|make|reset|start|stop)\b"
)
_SAME = patterns.lazy(r"\b(?:with|from|of) (?:the|these|those|my) (?:same )?(?=\w)")


def add(said: Clause, state: State) -> bool:
    """Add a part of the kind that a clause names."""
    kind = _named_kind(said.plain)
    if kind is None or not (
        ADD.search(said.plain)
        or patterns.match(r"(?:an?|un[ae]?|ein[e]?n?)\b", said.plain)
        or (part_names()[kind].match(said.plain) and not _CHANGES.match(said.plain))
    ):
        return False
    if REMOVE.search(said.plain) or _means_existing(kind, said.plain, state):
        return False
    place = len(state.kinds) + 1
    if patterns.search(r"\b(?:at the (?:top|start|beginning)|first|on top|before)\b", said.plain):
        place = 1
    slots = read_slots(said.as_wish(state.language), state.facts, kind=kind, seed=state.seed)
    same = _SAME.search(said.plain)
    if same and (given := _given(kind, said.plain[same.end() :], state)) is not None:
        slots = dataclasses.replace(slots, given=given)
    part = RECIPES[kind](slots)
    if not state.do(sayings.ADDED[kind], op="add_block", at=min(place, 6), block=part.block):
        return True
    state.checks.extend(part.checks)
    base = min(place, len(state.kinds)) - 1
    state.origins.update({f"/blocks/{base}/{path}": origin for path, origin in part.origins.items()})
    _offer_tabs(kind, state)
    if kind == "timer" and "quiz" in state.kinds:
        state.guesses.append("20 seconds for each question")
    if (
        kind == "timer"
        and "quiz" in state.kinds
        and patterns.search(r"\bwith the quiz\b|\bstarts? (?:with|when) the quiz\b", said.plain)
    ):
        quiz = state.kinds.index("quiz") + 1
        state.do(
            op="add_rule",
            index=len(state.blueprint.rules) + 1,
            rule=rule(quiz, "start", base + 1, "start_timer"),
        )
    return True


def _given(kind: str, words: str, state: State) -> Given | None:
    """Return the words of a part that is there, for "a memory game with the same words"."""
    if not patterns.match(r"(?:words|cards|questions|names|things|items|pairs|choices|list)\b", words):
        return None
    found = [words_of(state.block(place)) for place in range(len(state.kinds))]
    return next((given for given in found if given.pairs or given.items or given.asked), None)


def words_of(block: Mapping[str, Any]) -> Given:
    """Return what a part holds as a list that any recipe can take."""
    kind = block["type"]
    if kind == "quiz":
        asked = tuple(Asked(one["ask"], one["right"], tuple(one["wrong"])) for one in block["questions"])
        return Given(asked=asked)
    if kind == "flashcards":
        return Given(pairs=tuple((card["front"], card["back"]) for card in block["cards"]))
    if kind == "memory":
        return Given(pairs=tuple((pair["a"], pair["b"]) for pair in block["pairs"]))
    if kind == "counter":
        return Given(items=tuple(row["label"] for row in block["counters"]))
    return Given(items=tuple(block.get("items") or block.get("options") or block.get("prompts") or ()))


def _means_existing(kind: str, words: str, state: State) -> bool:
    """Return whether a clause speaks of a part that is there ("make the timer 5 minutes")."""
    if kind not in state.kinds or patterns.search(
        r"\b(?:another|second|new|one more|also an?|add an?|otro|encore|noch)\b", words
    ):
        return False
    return not patterns.search(r"\b(?:add|insert|include|anade|agrega|ajoute|fuge)\b", words)


def remove(said: Clause, state: State) -> bool:
    """Take out the part that a clause names."""
    if not REMOVE.search(said.plain):
        return False
    everything = patterns.search(r"\b(?:everything|all) (?:but|except) (?:the )?(.+)$", said.plain)
    if everything:
        return _keep_only(find_part(everything[1], state), state)
    place = find_part(said.plain, state)
    if place is None:
        kind = _named_kind(said.plain)
        if (
            kind is not None
            and kind not in state.kinds
            and patterns.search(r"\b(?:the|el|la|le|den|das)\b", said.plain)
        ):
            state.checks.append(phrase("There is no such part in this app."))
            return True
        return False
    return remove_part(place, state)


def remove_part(place: int, state: State) -> bool:
    """Take a part out; the clause was understood."""
    gone = state.block(place)
    if state.do(_gone(place, state), op="remove_block", at=f"b{place + 1}"):
        _offer_name(gone, state)
    return True


def _gone(place: int, state: State) -> Phrase:
    return phrase("“{title}” is gone.", title=_title(place, state))


def _title(place: int, state: State) -> str:
    return str(block_title(state.blueprint.blocks[place]))


def _keep_only(kept: int | None, state: State) -> bool:
    if kept is None:
        return False
    removed = [state.block(place) for place in range(len(state.kinds)) if place != kept]
    for place in range(len(state.kinds) - 1, -1, -1):
        if place != kept:
            state.do(_gone(place, state), op="remove_block", at=f"b{place + 1}")
    for gone in removed:
        _offer_name(gone, state)
    return True


def _offer_tabs(kind: str, state: State) -> None:
    """Offer tabs when a second part that wants the screen for itself has come; nobody asked for them."""
    playing = [own for own in state.kinds if own in PLAYING]
    if kind in PLAYING and len(playing) > 1 and state.blueprint.layout == "stack":
        state.guesses.append("switch to tabs")


def _offer_name(gone: Mapping[str, Any], state: State) -> None:
    """Offer the name of what is left, when the app is still named after the part that is gone."""
    if state.blueprint.title == gone["title"]:
        state.guesses.append(f"call it {state.blueprint.blocks[0].title}")


def move(said: Clause, state: State) -> bool:
    """Put a part at another place."""
    match = _MOVE.search(said.plain)
    place = find_part(match[0] if match else "", state)
    beside = patterns.match(
        r"(?:the )?([a-z ]+?) (?:above|below|before|under|after) (?:the )?[a-z ]+$", said.plain
    )
    if match is None and beside and len(state.kinds) > 1:
        match = beside
    elif match is None and len(state.kinds) > 1:
        match = patterns.match(r"(?:the )?([a-z ]+?) (?:should (?:be|come|go) )?first\b", words := said.plain)
        place = find_part(match[1], state) if match else None
    if match is None or place is None or len(state.kinds) < 2:
        return False
    words = said.plain
    other = patterns.search(r"\b(above|before|below|under|after)\b(?: the)?(.+)$", words)
    mate = find_part(other[2], state) if other else None
    if other and mate is not None:
        first = find_part(words[: other.start()], state)
        place = place if first is None else first
        to = mate + (1 if other[1] in ("above", "before") else 2)
        to -= 1 if place < mate else 0
    elif patterns.search(r"\b(?:last|bottom|end|abajo|bas|unten)\b", words):
        to = len(state.kinds)
    elif patterns.search(r"\bdown\b", words):
        to = min(len(state.kinds), place + 2)
    elif patterns.search(r"\bup\b(?! top)", words) and not patterns.search(r"\btop\b", words):
        to = max(1, place)
    else:
        to = 1
    if to == place + 1:
        state.checks.append(phrase("It is like that already."))
        return True
    moved = phrase("“{part}” stands at another place.", part=_title(place, state))
    return state.do(moved, op="move_block", at=f"b{place + 1}", to=to)


def _named_kind(words: str) -> str | None:
    """Return the kind of part that is named first."""
    found = [
        (match.start(), kind) for kind, pattern in part_names().items() if (match := pattern.search(words))
    ]
    return min(found)[1] if found else None

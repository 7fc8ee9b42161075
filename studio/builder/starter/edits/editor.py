"""Take a wish apart into clauses and let the first parser that understands each one do it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from studio.blueprints import Blueprint, Operation, apply, normalise, parse_operation
from studio.blueprints.facts import FactLibrary
from studio.builder.plan import Plan
from studio.builder.starter import patterns
from studio.builder.starter.edits import (
    adding,
    amounts,
    assign,
    blocks,
    items,
    levels,
    look,
    rules,
    switches,
    tones,
    topic,
    turning,
    words,
)
from studio.builder.starter.edits.state import Clause, Parser, State, clause, language_of
from studio.builder.starter.edits.targets import find_index, find_list_part
from studio.builder.starter.kinds import guess_kinds, part_names
from studio.builder.starter.wish import Wish
from studio.errors import InputError
from studio.phrases import Phrase, phrase

MOST_OPERATIONS = 6
_PARSERS: tuple[Parser, ...] = (
    words.about,
    words.title,
    items.change_answer,
    rules.remove_rule,
    rules.remove_all,
    words.icon,
    tones.tone,
    levels.level,
    turning.turn,
    topic.languages,
    topic.refresh,
    topic.topic,
    items.add_wrong,
    assign.instead,
    adding.add,
    assign.slots_first,
    switches.switches,
    rules.add_rule,
    amounts.hints,
    amounts.count,
    items.swap,
    items.move,
    items.clear,
    items.remove_several,
    blocks.move,
    items.remove,
    blocks.remove,
    blocks.add,
    amounts.seconds,
    switches.numbers,
    switches.poll_kind,
    switches.picture,
    assign.assign,
    words.language,
    look.layout,
    adding.add_places,
    adding.add_bare,
    look.look,
)
_VERBS = (
    r"make|add|change|remove|delete|set|put|call|rename|turn|use|give|take|shuffle|show|start|play|switch|"
    r"replace|move|get rid|let|don'?t|do not|no more|leave (?=it\b|that\b|them\b)|"
    r"only (?=\d+ [a-z]|the\b)|i want|it should|have|hide|include|insert|pon|ponlo|haz|hazlo|"
    r"añade|anade|agrega|quita|cambia|"
    r"borra|ajoute|mets|rends|enlève|enleve|change|supprime|mach|füge|fuge|ändere|andere|entferne|setze|"
    r"lösche|nimm|"
    r"bigger|larger|smaller|darker|lighter|dark|more questions|fewer|less|shorter|longer|confetti|shake|"
    r"\d+ (?:more )?questions|\d+ seconds|faster|slower|harder|easier|funnier|scarier|cuter|calmer|"
    r"bring|swap|throw|one more|another|no (?:time|confetti|repeats?|sounds?|shuffl|background|mirror|limit|"
    r"hurry|timer|quiz|note|wheel|poll|story|diary|list|cards|counter|pet)|\d+ (?:lives|points|moves|pairs|cards)"
)
_SPLIT = patterns.lazy(
    rf"(?:\s*[.;!\n]+\s*|\s*,\s*(?:and |then |also |y |et |und )?|\s+(?:and then|and also|and|then|also|"
    rf"plus|but|y|et|und)\s+)(?:also\s+|please\s+|can you\s+)*(?=(?:{_VERBS})\b)",
    re.IGNORECASE,
)
_SMALL_TALK = patterns.lazy(
    r"(?:(?:use|that|it|this|one|please|thanks|thank|you|ok|okay|yes|so|now|too|also|do|i|we|love|like|finished|my|the|"
    r"instead|and|then|well|hm+|oh|wow|great|nice|good|cool|maths|homework|hello|hi|hey|sprout)[ ,.!?]*)*"
)
_WHEN_ALONE = patterns.lazy(
    r"\s*(?:when(?:ever)?|if|after|once|every time|each time|as soon as)\b(?!.*\b(?:confetti|"
    r"sounds?|shakes?|says?|plays?|shows?|starts? the|stops? the)\b)",
    re.IGNORECASE,
)
_COMPLAINT = patterns.lazy(
    r"\d.*\b(?:is|are) (?:much |way |far )?too (?:long|short|many|few|much)\b|\b(?:is|are) "
    r"(?:wrong|bad|boring|ugly|silly|not right)$"
)
_OUT_WITH_IT = patterns.lazy(
    r"(?:please |so |just )*(?:delete|remove|drop|(?:leave|take|throw) (?=\w+ (?:out|away|off))|get rid of) ?"
    r"(?:it|that|them|that one|this one)(?: out| away| off| please)*[ .!]*$"
)
_WOULD_BE_NICE = patterns.lazy(
    r"^(?!it\b|that\b|this\b)(.+?) would be (?:\w+ )?(?:nice|cool|great|good|fun|lovely|better)\b",
    re.IGNORECASE,
)
_ORDERS = patterns.lazy(rf"(?:please |can you )*(?:{_VERBS})\b")
_CHATTER = patterns.lazy(
    r"(?:my|i|we|she|he) (?:\w+ )?(?:hurts?|win|lose|can'?t|cannot|don'?t|am|was|were|think|love|"
    r"hate|finished|already|know|said|says)\b"
)
_QUOTES = patterns.lazy('"[^"]*"|“[^”]*”|«[^»]*»')
_VAGUE_LOOK = patterns.lazy(
    r"\b(?:cooler|nicer|better|prettier|beautiful|awesome|more fun|fancy|boring|ugly|improve|look good|"
    r"mas bonito|plus beau|schoner|funnier)\b"
)
_VAGUE_LEVEL = patterns.lazy(
    r"\b(?:harder|easier|more difficult|too (?:hard|easy)|dificil|difficile|schwerer|leichter)\b"
)


class Editor:
    """Plan the change of an open app."""

    def __init__(self, facts: FactLibrary) -> None:
        self._facts = facts

    def edit(self, wish: Wish, blueprint: Blueprint, *, seed: int, checks: tuple[Phrase, ...] = ()) -> Plan:
        """Return the plan of a change; only what was asked changes."""
        state = State(blueprint, self._facts, language_of(wish.text, blueprint), seed)
        clauses = [said for said in split_clauses(wish.text) if not _SMALL_TALK.fullmatch(said.plain)]
        complaints = [said for said in clauses[:-1] if _COMPLAINT.search(said.plain)]
        if len(clauses) == 2 and _OUT_WITH_IT.match(clauses[1].plain) and not _ORDERS.match(clauses[0].plain):
            complaints = clauses[:1]
        state.mention = " ".join(said.plain for said in complaints)
        clauses = [said for said in clauses if said not in complaints]
        missed = []
        for said in clauses:
            if not understand(said, state):
                missed.append(said)
                state.mention = said.plain
        missed = [said for said in missed if not _CHATTER.match(said.plain)]
        missed = [said for said in missed if not (state.resolved and said.plain == state.mention)]
        if not state.operations:
            return self._nothing(wish, state, missed, checks)
        operations = compact(blueprint, state)
        result = normalise(apply(blueprint, operations).blueprint)
        if missed:
            state.checks.append(phrase("I did not understand this part: {words}", words=missed[0].text[:80]))
        origins = {pointer: origin for pointer, origin in state.origins.items() if _reaches(result, pointer)}
        return Plan(
            action="edit",
            say=_summary(state),
            blueprint=result,
            operations=operations,
            changes=tuple(state.changes),
            checks=(*checks, *dict_once(state.checks)),
            origins=origins,
            guesses=tuple(state.guesses[:3]),
        )

    def with_rules(self, plan: Plan, said: Sequence[str], *, seed: int) -> Plan:
        """Return the plan of a new app with the rules that its wish names ("shake when an answer is wrong")."""
        if plan.blueprint is None:
            return plan
        state = State(plan.blueprint, self._facts, plan.blueprint.language, seed)
        for one in said:
            rules.add_rule(clause(one), state)
        if not state.operations:
            return plan
        return dataclasses.replace(
            plan, blueprint=state.blueprint, changes=(*plan.changes, *dict_once(state.changes))
        )

    def _nothing(
        self, wish: Wish, state: State, missed: Sequence[Clause], checks: tuple[Phrase, ...]
    ) -> Plan:
        """Answer a wish that changes nothing: it is so already, it cannot be, or it was not understood."""
        if state.checks:
            return Plan(action="answer", say=state.checks[0], checks=(*checks, *dict_once(state.checks[1:])))
        question, guesses = ask_back(wish, state)
        asking = parse_operation({"op": "ask_user", "question": str(question)[:160]})
        return Plan(action="clarify", say=question, operations=(asking,), checks=checks, guesses=guesses)


def split_clauses(text: str) -> list[Clause]:
    """Return the things that a wish asks for, each as a clause; quotes and typed questions stay whole."""
    if (
        patterns.search(r"\b(?:add|write)\b[^.]*\b(?:question|card|note)\b[^.]*[:?]", text, re.IGNORECASE)
        and "?" in text
    ):
        return [clause(text)]
    kept = [(match.start(), match.end()) for match in _QUOTES.finditer(text)]
    parts, start = [], 0
    for match in _SPLIT.finditer(text):
        if (
            match.start() == 0
            or any(first < match.start() < last for first, last in kept)
            or _listed(text, match)
        ):
            continue
        parts.append(text[start : match.start()])
        start = match.end()
    parts.append(text[start:])
    parts = _with_their_when(parts)
    return [said for part in parts for said in _further_parts(clause(part)) if said.plain.strip(" .!?")]


def _listed(text: str, match: re.Match[str]) -> bool:
    """Return whether a comma stands in a typed list: ", play" of "a checklist: eat, sleep, play"."""
    following = patterns.split(r"[,.;\n]|\band\b", text[match.end() :], maxsplit=1)[0].split()
    return ":" in text[: match.start()] and len(following) == 1 and match[0].lstrip().startswith(",")


def _with_their_when(parts: Sequence[str]) -> list[str]:
    """Join "after the spin" to what comes then: half a rule is no clause."""
    joined: list[str] = []
    for part in parts:
        if joined and _WHEN_ALONE.match(joined[-1]) and len(joined[-1].split()) < 10:
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


def understand(said: Clause, state: State) -> bool:
    """Let the first parser that understands a clause do what it asks."""
    if any(parser(said, state) for parser in _PARSERS):
        return True
    wished = _WOULD_BE_NICE.match(said.text)
    return wished is not None and understand(clause(f"add {wished[1]}"), state)


def compact(before: Blueprint, state: State) -> tuple[Operation, ...]:
    """Return at most six operations that lead to the same app; say so when that is not possible."""
    if len(state.operations) <= MOST_OPERATIONS:
        return tuple(state.operations)
    after = state.blueprint
    short = _differences(before, after)
    if short is not None and len(short) <= MOST_OPERATIONS:
        try:
            if apply(before, short).blueprint == after:
                return short
        except InputError:
            pass
    state.checks.append(phrase("That was a lot at once. I did the first part; tell me the rest again."))
    return tuple(state.operations[:MOST_OPERATIONS])


def _differences(before: Blueprint, after: Blueprint) -> tuple[Operation, ...] | None:
    """Return operations by comparing two apps with the same number of parts, or None."""
    if len(before.blocks) != len(after.blocks) or before.rules != after.rules:
        return None
    found: list[dict[str, object]] = []
    for name in ("title", "icon", "about", "language", "layout"):
        if getattr(before, name) != getattr(after, name):
            found.append({"op": f"set_{name}", "value": getattr(after, name)})
    for name in ("palette", "mode", "font", "background", "size"):
        if getattr(before.theme, name) != getattr(after.theme, name):
            found.append({"op": f"set_{name}", "value": getattr(after.theme, name)})
    for place, (old, new) in enumerate(zip(before.blocks, after.blocks, strict=True), 1):
        if old != new:
            found.append({"op": "replace_block", "at": f"b{place}", "block": new.model_dump(mode="json")})
    return tuple(parse_operation(one) for one in found)


def ask_back(wish: Wish, state: State) -> tuple[Phrase, tuple[str, ...]]:
    """Return a question back, with wishes that would change this app."""
    if _VAGUE_LOOK.search(wish.plain):
        question = phrase("How should it look? Tell me a colour or a style.")
        return question, _that_work(_LOOK_IDEAS, state)
    if _VAGUE_LEVEL.search(wish.plain) and "quiz" in state.kinds:
        question = phrase("How should that be? I can change the time or the number of questions.")
        return question, _that_work(
            ("10 seconds for each question", "add 5 more questions", "take out the last question"), state
        )
    item = _named_item(wish, state)
    if item is not None:
        return item
    guess = guess_kinds(wish.plain, {})
    kind = guess.kinds[0] if guess.kinds and guess.sure else ""
    ideas = (*_IDEAS.get(state.kinds[0], ()), *_LOOK_IDEAS)
    if kind and kind not in state.kinds:
        question = phrase("Shall I add a new part to this app, or do you want another change?")
        return question, _that_work((f"add a {_NAMES.get(kind, kind)}", *ideas), state)
    return phrase("I am not sure what to change. Is it one of these?"), _that_work(ideas, state)


def _named_item(wish: Wish, state: State) -> tuple[Phrase, tuple[str, ...]] | None:
    """Return what to ask when a wish names an item to change but not how."""
    place = find_list_part(wish.plain, state)
    if place is None or not patterns.search(r"\b(?:change|edit|fix|correct|replace|redo)\b", wish.plain):
        return None
    kind, items = state.kinds[place], state.items(place)
    number = find_index(wish.plain, kind, len(items))
    if number is None or not 1 <= number <= len(items) or kind not in _ITEM_QUESTIONS:
        return None
    noun = {"quiz": "question", "flashcards": "card", "picker": "option"}.get(kind, "item")
    ideas = (f"take out {noun} {number}", f"move {noun} {number} to the end", f"new {noun}s")
    return phrase(_ITEM_QUESTIONS[kind], number=number), _that_work((*ideas, *_IDEAS[kind]), state)


def _that_work(ideas: Sequence[str], state: State) -> tuple[str, ...]:
    """Return the first three of the ideas that would change the app as it is."""
    found = []
    for idea in ideas:
        trial = State(state.blueprint, state.facts, state.language, state.seed)
        if all(understand(said, trial) for said in split_clauses(idea)) and trial.operations:
            found.append(idea)
        if len(found) == 3:
            break
    return tuple(found)


def dict_once(said: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return the sentences without doubles, in their order."""
    kept: list[Phrase] = []
    for one in said:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _further_parts(said: Clause) -> list[Clause]:
    """Split "add a timer and a note": each further part that is named gets the verb of the first."""
    match = patterns.match(r"((?:please |can you )?(?:add|put|include|insert)\b)", said.plain)
    if not match or '"' in said.text or ":" in said.text:
        return [said]
    names = "|".join(
        pattern.pattern.removeprefix(r"\b(?:").removesuffix(r")s?\b") for pattern in part_names().values()
    )
    pieces = patterns.split(
        rf"\s*(?:,|\band\b)\s*(?=(?:an?|another) (?:{names})\b)", said.text, flags=re.IGNORECASE
    )
    return [clause(pieces[0]), *(clause(f"add {piece}") for piece in pieces[1:])]


def _summary(state: State) -> Phrase:
    """Return in one sentence what changed, and that the rest did not."""
    changes = state.changes
    colour = changes[0].values.get("colour") if changes else None
    if colour and {one.op for one in state.operations} <= {"set_palette", "set_mode"}:
        return phrase("Only the colours changed: {colour}. The rest stayed as it was.", colour=colour)
    if len(changes) == 1:
        return changes[0]
    if not changes:
        return phrase("Done.")
    return phrase("Done. {count} things changed, the rest stayed as it was.", count=len(changes))


def _reaches(blueprint: Blueprint, pointer: str) -> bool:
    value: object = blueprint.model_dump(mode="json")
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            if not step.isdigit() or int(step) >= len(value):
                return False
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False
    return True


_NAMES = {"picker": "wheel", "flashcards": "card deck"}
_LOOK_IDEAS = ("make it purple", "dark mode", "put stars in the background", "make it green", "bigger text")
_IDEAS: Mapping[str, tuple[str, ...]] = {
    "quiz": ("add 5 more questions", "20 seconds for each question", "add a timer"),
    "flashcards": ("add 4 more cards", "keep the order of the cards", "add a timer"),
    "timer": ("make it 10 minutes", "use a drum", "add a checklist"),
    "checklist": ("add a thing", "reset the list every day", "add a timer"),
    "picker": ("add a name", "no repeats", "pick 2 names"),
    "note": ("bigger text", "add a checklist", "add a timer"),
    "story": ("make it scarier", "confetti when the story ends", "add a note"),
    "chatbot": ("add animals to the topics", "make it funnier", "add a drawing pad"),
    "pet": ("he also needs water", "make him sleepy", "add a drawing pad"),
    "drawing": ("turn on the mirror", "add a cat stamp", "add a timer"),
    "calculator": ("show 2 decimals", "add a converter", "add a note"),
    "converter": ("also convert miles to km", "add a calculator", "add a note"),
    "memory": ("let me peek for 4 seconds", "confetti when I win", "at most 20 moves"),
    "arcade": ("make the game faster", "5 lives", "25 points to win"),
    "soundboard": ("add a whoosh button", "make it sound like bells", "add a drawing pad"),
    "poll": ("hide the results", "add the question What else?", "add a note"),
    "journal": ("add a star to the moods", "hide old entries", "add a checklist"),
    "classifier": ("it must be 80 percent sure", "confetti when it is sure", "add a diary"),
    "texttool": ("give longer answers", "it should explain words", "add a note"),
    "counter": ("the goal should be 20", "add a team called Foxes", "add a timer"),
}
"""What one could do next with an app, by its first part."""
_ITEM_QUESTIONS: Mapping[str, str] = {
    "quiz": "How should it read? Say: change question {number} to, and then your question and its answer.",
    "flashcards": "What should be on it? Say: change card {number} to, and then your words.",
    "checklist": "What should it say? Say: change item {number} to, and then your words.",
    "picker": "What should it say? Say: change option {number} to, and then your words.",
}

"""The order of things: tidy the wish, the safety gate, what is wanted, and who makes it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from studio.blueprints import Blueprint
from studio.blueprints.facts import FactLibrary
from studio.builder.plan import Plan
from studio.builder.starter import patterns, sayings
from studio.builder.starter.answers import GREETING, THANKS, answer_about
from studio.builder.starter.create import TAKES_LIST, create
from studio.builder.starter.edits.history import find_history
from studio.builder.starter.gate import check
from studio.builder.starter.kinds import Guess, guess_kinds
from studio.builder.starter.lists import find_list
from studio.builder.starter.neighbours import shares_for
from studio.builder.starter.slots import find_seconds
from studio.builder.starter.topics import Topic, find_topic
from studio.builder.starter.vocabulary import plain
from studio.builder.starter.wish import Wish, read_wish
from studio.engines.encoder import Encoder
from studio.phrases import Phrase, phrase

if TYPE_CHECKING:
    from studio.builder.starter.edits.editor import Editor

_EDIT_WORDS = patterns.lazy(
    r"^(?:please |can you |could you )*(?:make it|change|turn it|remove|delete|take out|undo|rename|call "
    r"it|set the|switch to|shuffle|more|less|fewer|"
    r"hazlo|cambia|quita|rends|change|enleve|mach es|andere|entferne)\b"
)
_NEW_RULE = patterns.lazy(
    r"(?:\b(?:and|with|where|that|it should|should)\b|[,.;])\s+((?:please |also )?(?:throws?|"
    r"plays?|shows?|hides?|starts?|stops?|shakes?|"
    r"make it shake|says?|confetti|fireworks|an? (?:happy |sad |good |bad )?sound|gives?|goes? to)\b[^,.;]*?"
    r"\b(?:when(?:ever)?|if|every time|each time)\b[^,.;]*)",
    re.IGNORECASE,
)
_NEW_APP = patterns.lazy(
    r"\b(?:new (?:app|project|one from scratch)|start (?:over|again|fresh)(?! when| if| every|"
    r" after)(?: with)?|from scratch|another "
    r"app|forget this|nueva app|nouvelle app|neue app)\b"
)
_NAMED = patterns.lazy(r"\b(?:app|thing|something|game|anything|stuff|idea|program|website)\b")


class StarterPlanner:
    """Plan apps and changes by rules, fact packs and the nearest known wishes.

    `encoder` is asked at the first wish and may answer None: then rules alone decide, and each plan
    that was guessed says so. Safe to use from several threads.
    """

    def __init__(self, facts: FactLibrary, encoder: Callable[[], Encoder | None]) -> None:
        self._facts = facts
        self._encoder = encoder
        self._warm = False

    def plan(self, prompt: str, blueprint: Blueprint | None = None, *, seed: int = 0) -> Plan:
        """Return the plan for any text: a new app, a change of `blueprint`, a question back or a kind no."""
        wish = read_wish(prompt)
        checks = [sayings.LONG_WISH] if wish.cut else []
        if not wish.has_words:
            self.warm_up()
            return self._ask(wish, Guess((), sure=False, ranking=()), checks)
        refusal = check(wish)
        if refusal is not None:
            return Plan(action="decline", say=refusal.say, checks=tuple(checks), guesses=refusal.guesses)
        history = find_history(wish.plain)
        if history is not None:
            return _history(history, blueprint, checks)
        if GREETING.fullmatch(wish.plain.strip(" .!?,:)-")):
            return _greet(wish, blueprint, checks)
        answer = answer_about(wish, blueprint)
        if answer is not None:
            return Plan(action="answer", say=answer, checks=tuple(checks))
        if blueprint is not None:
            other = _new_app(wish.text)
            if other:
                return self._create(read_wish(other), seed, checks)
            return self._editor.edit(wish, blueprint, seed=seed, checks=tuple(checks))
        return self._create(wish, seed, checks)

    def warm_up(self) -> None:
        """Load what the first wish needs, once; an empty wish does the same."""
        if not self._warm:
            self._warm = True
            made = self._create(read_wish("a quiz"), 0, []).blueprint
            if made is not None:
                self._editor.edit(read_wish("add a timer"), made, seed=0)

    @functools.cached_property
    def _editor(self) -> Editor:
        """Return what changes an open app; a new app needs none of its modules."""
        from studio.builder.starter.edits.editor import Editor  # noqa: PLC0415 - a first wish need not wait for it

        return Editor(self._facts)

    def _create(self, wish: Wish, seed: int, checks: list[Phrase]) -> Plan:
        encoder = self._encoder()
        around = _around_list(wish)
        votes = shares_for(around or wish.text, encoder)
        if encoder is None:
            checks = [*checks, sayings.NO_ENCODER]
        guess = guess_kinds(plain(around) if around else wish.plain, votes)
        guess = _with_obvious(guess, wish, find_topic(wish, around or wish.text, self._facts))
        if not self._worth_making(wish, guess, votes):
            return self._ask(wish, guess, checks)
        made = create(wish, guess, self._facts, seed=seed, checks=checks)
        said = [match[1] for match in _NEW_RULE.finditer(wish.text)]
        return self._editor.with_rules(made, said, seed=seed) if said else made

    def _worth_making(self, wish: Wish, guess: Guess, votes: Mapping[str, float]) -> bool:
        if not guess.kinds or not guess.sure:
            return False
        if not wish.readable and not guess.named:
            return False
        unclear = sum(votes.get(label, 0.0) for label in ("unclear", "decline", "answer", "undo", "redo"))
        if _EDIT_WORDS.search(wish.plain) and votes.get("edit", 1.0 if not votes else 0.0) > 0.5:
            return False
        return unclear < 0.6 or guess.named

    def _ask(self, wish: Wish, guess: Guess, checks: list[Phrase]) -> Plan:
        """Return one short question with up to three wishes to tap."""
        language = wish.language if wish.language in ("en", "es", "fr", "de") else "en"
        topic = find_topic(wish, wish.text, self._facts) if wish.has_words else Topic()
        likely = [kind for kind, share in guess.ranking[:3] if share >= 0.08]
        if topic.pack and not guess.sure and len(wish.words) <= 3:
            likely = ["quiz", "flashcards"]
        kinds = list(dict.fromkeys([*likely, "quiz", "flashcards", "picker"]))[:3]
        if wish.has_words and not wish.readable and patterns.search(r"[^\W\d_]", wish.text):
            say = sayings.ENGLISH_BEST
        elif likely:
            say = sayings.WHICH
        else:
            say = sayings.WHAT
        topic = (
            Topic()
            if plain(topic.words) in ("", "it", "cool") or _NAMED.search(plain(topic.words))
            else topic
        )
        guesses = tuple(sayings.wish_for(kind, topic, language) for kind in kinds)
        return Plan(action="clarify", say=say, checks=tuple(checks), guesses=guesses)


def _greet(wish: Wish, blueprint: Blueprint | None, checks: list[Phrase]) -> Plan:
    """Return a short friendly answer to a greeting or to thanks."""
    if THANKS.search(wish.plain):
        say = sayings.WELCOME
    else:
        say = sayings.HELLO if blueprint is None else sayings.HELLO_AGAIN
    language = wish.language if wish.language in ("en", "es", "fr", "de") else "en"
    kinds = ("quiz", "picker", "checklist") if blueprint is None else ()
    guesses = tuple(sayings.wish_for(kind, Topic(), language) for kind in kinds)
    return Plan(action="answer", say=say, checks=tuple(checks), guesses=guesses)


def _history(steps: int, blueprint: Blueprint | None, checks: list[Phrase]) -> Plan:
    if blueprint is None:
        return Plan(
            action="answer",
            say=phrase("There is nothing to undo yet. Make an app first."),
            checks=tuple(checks),
        )
    if steps == 1:
        say = phrase("Undone: one step back.")
    elif steps > 1:
        say = phrase("Going back {count} steps.", count=steps)
    elif steps == -1:
        say = phrase("Done again: one step forward.")
    else:
        say = phrase("Going {count} steps forward.", count=-steps)
    return Plan(action="edit", say=say, blueprint=blueprint, history=steps, checks=tuple(checks))


def _around_list(wish: Wish) -> str:
    """Return the wish without the list in it, so that listed words do not decide the kind."""
    given = find_list(wish.text)
    return given.rest if (given.items or given.pairs or given.asked) and len(given.rest) > 3 else ""


def _with_obvious(guess: Guess, wish: Wish, topic: Topic) -> Guess:
    """Add what the form of a wish tells: typed pairs are cards, typed questions a quiz, bare lines a list."""
    given = find_list(wish.text)
    main = guess.kinds[0] if guess.kinds else None
    if given.asked and (main not in TAKES_LIST or not guess.sure):
        return _led_by("quiz", guess)
    if given.pairs and (
        main not in ("flashcards", "memory", "quiz", "checklist", "picker") or not guess.sure
    ):
        return _led_by("flashcards", guess)
    if not guess.sure and "\n" in wish.text and len(given.items) >= 2:
        return _led_by("checklist", guess)
    if not guess.sure and topic.pack and main in ("quiz", "flashcards", "memory") and len(wish.words) >= 3:
        return _led_by(main, guess)
    if not guess.sure and main == "timer" and find_seconds(wish.plain):
        return _led_by("timer", guess)
    return guess


def _led_by(kind: str, guess: Guess) -> Guess:
    others = tuple(other for other in guess.kinds[1:] if other != kind)
    return Guess((kind, *others), sure=True, ranking=((kind, 1.0), *guess.ranking), named=True)


def _new_app(text: str) -> str | None:
    """Return the wish for another app in a wish that was made in an open one, or None."""
    match = _NEW_APP.search(plain(text))
    return patterns.sub(r"^\W+", "", text[match.end() :]) if match and match.end() <= len(text) else None

"""Recipes for quiz, flashcards and memory: true facts, the user's own words, or places to write."""

from __future__ import annotations

from typing import Any

from studio.blueprints.facts import FactPack
from studio.builder.starter.lists import Asked, split_pair
from studio.builder.starter.recipes.part import Part, Slots, clipped, whole
from studio.builder.starter.vocabulary import fit, text, texts
from studio.phrases import phrase

QUIZ_DEFAULT, CARDS_DEFAULT, PAIRS_DEFAULT = 5, 8, 6
FEW_FACTS = "I know {known} true facts here, not {wanted}. The other places are for you to write in."
WRITE = phrase("I have no facts about this. Write your own words in the marked places.")
WIDER = "I have no facts about {asked} alone. These are about {topic}."
ENGLISH = phrase("The facts I know are in English.")


def quiz(slots: Slots) -> Part:
    """Return a quiz: questions that were typed, questions from a fact pack, or places to write."""
    part = Part({})
    asked = slots.given.asked or _asked_from_pairs(slots)
    if asked:
        questions = typed_questions(asked, slots.language, part)
    else:
        count = whole(slots.count, least=1, most=20, default=QUIZ_DEFAULT, checks=part.checks)
        questions = known_questions(slots, count, part)
    seconds = 0
    if slots.seconds and (slots.each or slots.seconds <= 60):
        seconds = whole(slots.seconds, least=5, most=120, default=0, checks=part.checks)
    plain = slots.wish.plain
    at_end = "answers at the end" in plain or "feedback at the end" in plain
    part.block = {
        "type": "quiz",
        "title": slots.title("quiz"),
        "questions": questions,
        "seconds": seconds,
        "shuffle": not asked and "in order" not in plain and "dont shuffle" not in plain,
        "feedback": "end" if at_end else "instant",
    }
    return part


def typed_questions(asked: tuple[Asked, ...], language: str, part: Part) -> list[dict[str, Any]]:
    """Return questions with the user's own words; answers of the others stand in as wrong ones."""
    part.typed("questions", min(len(asked), 20))
    lacking = False
    made: list[dict[str, Any]] = []
    for question in asked[:20]:
        wrong = list(question.wrong)
        if not wrong:
            others = [other.right for other in asked if other.right.casefold() != question.right.casefold()]
            wrong = list(dict.fromkeys(others))[:3]
        if not wrong:
            lacking = True
            number = len(made)
            part.started("questions", number + 1, number)
            part.origins.update({f"questions/{number}/{name}": "typed" for name in ("ask", "right")})
            wrong = [text("quiz.wrong", language, n=n) for n in (1, 2, 3)]
        ask = clipped((question.ask,), length=160, most=1, checks=part.checks)[0]
        right, *rest = clipped((question.right, *wrong), length=60, most=4, checks=part.checks)
        made.append({"ask": ask, "right": right, "wrong": rest, "hint": "", "why": ""})
    if len(asked) > 20:
        part.checks.append(phrase("A quiz holds 20 questions. I kept the first 20."))
    if lacking:
        part.empty = True
        part.checks.append(
            phrase("Write wrong answers for your question, so that there is something to choose.")
        )
    return made


def known_questions(
    slots: Slots, count: int, part: Part, *, avoid: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return `count` questions: as many true ones as there are, then places to write in."""
    pack = slots.topic.pack
    found = pack.quiz(count, slots.seed, avoid=avoid) if pack else ()
    made = [question.model_dump(mode="json") for question in found]
    if pack:
        part.origins.update({f"questions/{place}": pack.origin for place in range(len(made))})
    _tell(slots, pack, len(made), count, part)
    part.facts = len(made)
    part.started("questions", count, len(made))
    made.extend(placeholder(slots, number) for number in range(len(made) + 1, count + 1))
    return made


def placeholder(slots: Slots, number: int) -> dict[str, Any]:
    """Return a question that says that it is to be written."""
    language, topic = slots.language, slots.topic.told(slots.language)
    key = "quiz.ask.about" if topic else "quiz.ask"
    return {
        "ask": fit(text(key, language, n=number, topic=topic), 160),
        "right": text("quiz.right", language),
        "wrong": [text("quiz.wrong", language, n=place) for place in (1, 2, 3)],
        "hint": "",
        "why": "",
    }


def flashcards(slots: Slots) -> Part:
    """Return cards: pairs that were typed, cards from a fact pack, or places to write."""
    part = Part({})
    pairs = slots.given.pairs or tuple((item.ask, item.right) for item in slots.given.asked)
    if pairs:
        fronts = clipped([front for front, _ in pairs], length=120, most=40, checks=part.checks)
        backs = clipped([back for _, back in pairs], length=240, most=40, checks=[])
        cards = [{"front": front, "back": back} for front, back in zip(fronts, backs, strict=True)]
        part.typed("cards", len(cards))
    elif slots.given.items:
        fronts = clipped(slots.given.items, length=120, most=40, checks=part.checks)
        back = text("cards.back.plain", slots.language)
        cards = [{"front": front, "back": back} for front in fronts]
        part.started("cards", len(cards))
        part.origins.update({f"cards/{place}/front": "typed" for place in range(len(cards))})
        part.empty = True
        part.checks.append(phrase("Your words are on the front. Write the back of each card."))
    else:
        count = whole(slots.count, least=1, most=40, default=CARDS_DEFAULT, checks=part.checks)
        cards = known_cards(slots, count, part)
    part.block = {
        "type": "flashcards",
        "title": slots.title("flashcards"),
        "cards": cards,
        "order": "given" if "in order" in slots.wish.plain else "shuffle",
        "selfcheck": True,
    }
    return part


def known_cards(slots: Slots, count: int, part: Part, *, avoid: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return `count` cards: as many true ones as there are, then places to write in."""
    pack = slots.topic.pack
    found = pack.cards(count, slots.seed, avoid=avoid) if pack else ()
    made: list[dict[str, Any]] = [{"front": card.front, "back": card.back} for card in found]
    if pack:
        part.origins.update({f"cards/{place}": pack.origin for place in range(len(made))})
    _tell(slots, pack, len(made), count, part)
    part.facts = len(made)
    part.started("cards", count, len(made))
    made.extend(
        {
            "front": text("cards.front", slots.language, n=number),
            "back": text("cards.back", slots.language, n=number),
        }
        for number in range(len(made) + 1, count + 1)
    )
    return made


def memory(slots: Slots) -> Part:
    """Return a game of pairs: typed pairs, pairs from a fact pack, or animals and their young."""
    part = Part({})
    count = whole(slots.count, least=2, most=12, default=PAIRS_DEFAULT, checks=part.checks)
    pack = slots.topic.pack
    if len(slots.given.pairs) >= 2:
        pairs = slots.given.pairs
        halves = [clipped(pair, length=24, most=2, checks=part.checks) for pair in pairs[:12]]
        part.typed("pairs", len(halves))
        if len(pairs) > 12:
            part.checks.append(
                phrase("Your list was longer than one part can hold. I kept the first {most}.", most=12)
            )
    elif len(slots.given.items) >= 2:
        names = clipped(slots.given.items, length=24, most=12, checks=part.checks)
        halves = [[name, f"{name} ★" if len(name) < 22 else fit(name, 20) + " ★"] for name in names]
        part.typed("pairs", len(halves))
    elif pack and len(found := pack.pairs(count, slots.seed)) >= 2:
        halves = [[pair.a, pair.b] for pair in found]
        part.origins.update({f"pairs/{place}": pack.origin for place in range(len(halves))})
        part.facts = len(halves)
    elif not slots.topic or slots.icon in ("cat", "dog", "rabbit"):
        young = [split_pair(pair) for pair in texts("memory.icons", slots.language)]
        halves = [list(pair) for pair in young if pair][:count]
    else:
        halves = [[text(f"memory.{side}", slots.language, n=n) for side in "ab"] for n in range(1, count + 1)]
        part.empty = True
        part.started("pairs", len(halves))
        part.checks.append(WRITE)
    part.block = {
        "type": "memory",
        "title": slots.title("memory"),
        "pairs": [{"a": first, "b": second} for first, second in halves],
        "peek": 2,
        "moves": 0,
    }
    return part


def _asked_from_pairs(slots: Slots) -> tuple[Asked, ...]:
    return tuple(Asked(front, back) for front, back in slots.given.pairs)


def _tell(slots: Slots, pack: FactPack | None, known: int, wanted: int, part: Part) -> None:
    """Say honestly where the facts end."""
    if pack is None or not known:
        part.empty = True
        part.checks.append(WRITE)
        return
    if known < wanted:
        part.empty = True
        part.checks.append(phrase(FEW_FACTS, known=known, wanted=wanted))
    if slots.topic.asked:
        part.checks.append(phrase(WIDER, asked=slots.topic.asked, topic=slots.topic.words))
    if slots.language != pack.head.language:
        part.checks.append(ENGLISH)

"""Recipes for poll, journal and classifier."""

from __future__ import annotations

import re

from studio.builder.starter import patterns
from studio.builder.starter.recipes.part import Part, Slots, clipped
from studio.builder.starter.topics import icon_for, singular
from studio.builder.starter.vocabulary import fit, plain, text, texts
from studio.phrases import phrase

_PROMPTS = (
    (r"science|experiment|plant|growth|grow|bean|observ|nature|weather|lab", "science"),
    (r"gratitude|thankful|grateful|gracias", "thanks"),
    (r"mood|feel|emotion|gefuhl|sentir", "mood"),
    (r"travel|holiday|trip|vacation|viaje|voyage|reise", "travel"),
    (r"read|book|libro|livre|buch", "read"),
)


_ANSWERS = (
    ("icecream", r"ice ?cream|helado|glace\b|eis\b"),
    ("food", r"\bfoods?\b|\bmeals?\b|lunch|dinner|comida|repas|essen"),
    ("colour", r"colou?r|couleur|farbe"),
    ("animal", r"animals?|\bpets?\b|tiere?\b|animaux|animales"),
    ("season", r"seasons?|estacion|saison|jahreszeit"),
    ("sport", r"sports?\b|deportes?"),
    ("subject", r"(?:school )?subjects?|lessons?|asignatura|matiere|schulfach"),
    ("game", r"\bgames?\b|juegos?|jeux?|spiele?\b"),
)


def poll(slots: Slots) -> Part:
    """Return a poll: the user's own question and choices, or a question about the topic."""
    part = Part({})
    language, topic = slots.language, slots.topic.words
    options = clipped(slots.given.items, length=40, most=8, checks=part.checks)
    question = patterns.search(r"([^.:!?\n]{6,130}\?)", slots.wish.text)
    stars = patterns.search(r"\bstars?\b|\brate\b|estrellas|etoiles|sterne", slots.wish.plain)
    if question:
        ask = patterns.sub(
            r"^.*?\b(?:poll|survey|vote|encuesta|sondage|umfrage)\b\s*(?:about|on|:)?\s*",
            "",
            question[1],
            flags=re.IGNORECASE,
        ).strip()
        ask = ask[:1].upper() + ask[1:] if len(ask) > 5 else question[1].strip()
        part.origins["questions/0/ask"] = "typed"
    elif topic and patterns.search(r"favou?rite|best|preferid|prefere|liebling", slots.wish.plain):
        ask = text("poll.favourite.about", language, topic=_thing(topic))
    else:
        ask = text("poll.ask.about", language, topic=topic) if topic else text("poll.ask", language)
    if options:
        part.origins.update({f"questions/0/options/{place}": "typed" for place in range(len(options))})
    elif not stars and (usual := _usual_answers(ask, slots)):
        options = list(usual)
    elif not stars:
        options = list(texts("poll.options", language))
        part.empty = True
        part.started("questions", 1)
        part.checks.append(phrase("Write the choices that people can vote for: I only put places there."))
    first = {"ask": fit(ask, 140), "kind": "one" if options else "stars", "options": options}
    second = {"ask": text("poll.ideas", language), "kind": "text", "options": []}
    survey = patterns.search(
        r"survey|questionnaire|feedback|form|encuesta|umfrage|fragebogen", slots.wish.plain
    )
    part.block = {
        "type": "poll",
        "title": slots.title("poll"),
        "questions": [first, second] if survey else [first],
        "results": "hidden" if "secret" in slots.wish.plain else "after" if survey else "live",
    }
    return part


def _usual_answers(ask: str, slots: Slots) -> tuple[str, ...]:
    """Return answers to choose from where a question has usual ones: yes or no, foods, colours ..."""
    words = plain(f"{ask} {slots.wish.plain}")
    name = next((name for name, signs in _ANSWERS if patterns.search(signs, words)), "")
    if not name and patterns.match(
        r"(?:do|does|did|is|are|was|were|should|shall|can|could|will|would|have|has)\b", plain(ask)
    ):
        name = "yesno"
    return texts(f"poll.options.{name}", slots.language) if name else ()


def _thing(topic: str) -> str:
    words = patterns.sub(r"^(?:favou?rite|best|the)\s+", "", topic, flags=re.IGNORECASE).split()
    return " ".join([*words[:-1], singular(words[-1])]) if words else topic


def journal(slots: Slots) -> Part:
    """Return a diary with a few questions that fit its purpose."""
    part = Part({})
    name = next((name for signs, name in _PROMPTS if patterns.search(signs, slots.wish.plain)), "day")
    prompts = clipped(slots.given.items, length=120, most=12, checks=part.checks)
    part.typed("prompts", len(prompts))
    moods = (
        ["smile", "sad", "heart", "sun", "cloud"]
        if name in ("day", "mood", "thanks")
        else ["smile", "star", "question"]
    )
    part.block = {
        "type": "journal",
        "title": slots.title("journal"),
        "prompts": prompts or list(texts(f"journal.{name}", slots.language)),
        "moods": moods,
        "private": True,
    }
    return part


def classifier(slots: Slots) -> Part:
    """Return a guesser with the groups that were named; it still has to be taught."""
    part = Part({})
    words = slots.wish.plain
    kind = (
        "webcam"
        if patterns.search(r"webcam|camera|hold up|kamera|camara", words)
        else "sound"
        if patterns.search(r"sound|noise|voice|sing|clap", words)
        else "drawing"
        if patterns.search(r"drawing|drew|draw|dibujo|dessin", words)
        else "text"
        if patterns.search(r"sentence|text|message|spam|feel|word|review|satz", words)
        else "image"
    )
    names = list(slots.given.items) or _named_groups(words)
    typed = bool(names)
    if not names:
        names = list(texts("class.feel" if "feel" in words else "class.labels", slots.language))
    names = clipped(names, length=30, most=10, checks=part.checks)
    names = names if len(names) >= 2 else [*names, *texts("class.labels", slots.language)][:2]
    if typed:
        part.origins.update({f"labels/{place}/name": "typed" for place in range(len(names))})
    part.block = {
        "type": "classifier",
        "title": slots.title("classifier"),
        "input": kind,
        "model": "my-model",
        "labels": [
            {
                "name": name,
                "icon": icon_for(name) or "star",
                "say": fit(text("class.say", slots.language, name=name), 120),
            }
            for name in names
        ],
        "sure": 60,
    }
    part.checks.append(phrase("It has to be taught with examples before it can guess."))
    return part


def _named_groups(words: str) -> list[str]:
    match = patterns.search(
        r"\b(?:is |its |it's |an? |into |recogni[sz]e |between |tell )?(?:an? )?([^\W\d_]+) (?:and|or|"
        r"from|vs|o|y|und|oder|et|ou) (?:an? |not )?([^\W\d_]+)",
        words,
    )
    return [match[1], match[2]] if match and match[1] != match[2] else []

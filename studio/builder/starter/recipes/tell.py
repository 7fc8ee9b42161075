"""Recipes for story, chatbot, text tool and note."""

from __future__ import annotations

import re

from studio.builder.starter.recipes.part import STARTED, Part, Slots, clipped
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, plain, text, texts, title_case, vocabulary
from studio.phrases import phrase

_WHO = re.compile(
    r"\b(?:talk|chat|speak|conversation|interview)(?:ing)? (?:to|with) (?:an? |the |my )?((?:[^\W\d_]+ ?){1,3})"
    r"|\ban? ((?:[^\W\d_]+ ){1,2})(?:who|that|i can|bot|chatbot)|\b(?:con|avec|mit) (?:un|una|une|einem|"
    r"einer) ([^\W\d_]+)",
)
_STOP = re.compile(r"\b(?:about|that|who|to|and|for|i|which|with|on|in|bot|chatbot|chat)\b.*")
_JOBS = (
    ("translate", r"translat|traduc|tradui|ubersetz"),
    ("summarise", r"summar|shorter|short version|resum|zusammenfass|few easy sentences|kurz"),
    ("rhyme", r"rhym|poem|rima|rime|reim"),
    ("spellcheck", r"spell|correct|mistake|grammar|proofread|corrig|rechtschreib"),
    ("explain", r"explain|like i am|difficult words|meaning|explic|erklar"),
    ("simplify", r"easier|simpl|easy to read|leicht"),
    ("rewrite", r""),
)
_NOTES = (
    (r"birthday|cumpleanos|anniversaire|geburtstag", "birthday"),
    (r"invit|einladung", "invite"),
    (r"thank|gracias|merci|danke", "thanks"),
    (r"welcome|bienvenid|bienvenue|willkommen", "welcome"),
    (r"instruction|how to|steps|recipe|rules|anleitung|receta|recette|rezept|regeln", "steps"),
)
_GREETINGS = ("birthday", "thanks", "welcome")
_SAYS = re.compile(
    r"\b(?:that says|saying|says?|reading|que diga|qui dit|mit dem text|words)\s*:?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)


def story(slots: Slots) -> Part:
    """Return a short story with choices and three ends, told about the topic."""
    language = slots.language
    quest = slots.topic.words or text("story.quest", language)
    icon = slots.icon or "star"

    def page(number: int, picture: str, *choices: tuple[str, str]) -> dict[str, object]:
        words = text(f"story.p{number}", language, topic=quest)
        said = [{"say": text(f"story.{key}", language), "goto": goto} for key, goto in choices]
        return {"text": fit(words, 400), "icon": picture, "choices": said}

    end = ("c6", "end")
    pages = [
        page(1, icon, ("c1", "p2"), ("c2", "p3")),
        page(2, "owl", ("c3", "p4"), ("c4", "p6")),
        page(3, "tree", ("c5", "p5"), ("c4", "p6")),
        page(4, "trophy", end),
        page(5, "key", end),
        page(6, "house", end),
    ]
    part = Part({"type": "story", "title": slots.title("story"), "pages": pages}, empty=True)
    part.checks.append(phrase("The story is a start with three ends. Change its words to yours."))
    return part


def chatbot(slots: Slots) -> Part:
    """Return a character with a few fixed answers that the user can change."""
    language = slots.language
    match = _WHO.search(slots.wish.plain)
    who = _STOP.sub("", next((group for group in match.groups() if group), "")).strip() if match else ""
    who = "" if who in ("me", "it", "him", "her", "friend", "my", "someone") else who
    known = bool(icon_for(who)) or len(who.split()) >= 1
    name = slots.name or (title_case(who) if who and known else text("chat.name", language))
    topics = [fit(slots.topic.words, 40)] if slots.topic and slots.topic.words != who else []
    replies = [
        {"keys": list(texts(f"chat.keys.{key}", language))[:4], "say": text(f"chat.say.{key}", language)}
        for key in ("hello", "joke", "how", "bye")
    ]
    if topics:
        replies.insert(
            1,
            {
                "keys": [fit(plain(topics[0]), 24)],
                "say": fit(text("chat.say.topic", language, topic=topics[0]), 200),
            },
        )
    part = Part(
        {
            "type": "chatbot",
            "title": fit(name, 60),
            "name": fit(name, 40),
            "icon": icon_for(who, slots.topic.words) or "robot",
            "persona": fit(text("chat.persona", language, who=who or text("chat.who", language)), 300),
            "greeting": fit(text("chat.greeting", language, name=fit(name, 40)), 160),
            "topics": topics,
            "replies": replies,
            "model": True,
        }
    )
    if slots.name:
        part.origins["name"] = "typed"
    return part


def texttool(slots: Slots) -> Part:
    """Return a tool that does one job with a text."""
    words, language = slots.wish.plain, slots.language
    job = next(name for name, signs in _JOBS if re.search(signs, words))
    names = re.findall(r"\b(?:to|into|in|al?|en|auf|ins) ([^\W\d_]+)", words)
    known = vocabulary().language_names
    target = next((name for name in reversed(names) if name in known), "") if job == "translate" else ""
    style = (
        re.search(r"\b(?:like (?:a |an )?|more |sound )((?:more )?[^\W\d_]+)$", words)
        if job == "rewrite"
        else None
    )
    return Part(
        {
            "type": "texttool",
            "title": text(f"tool.{job}", language),
            "job": job,
            "target": fit(target.capitalize() or (style[1] if style else ""), 40),
            "length": "short" if job in ("summarise", "explain") else "medium",
            "example": text("tool.example", language),
            "button": fit(text(f"tool.{job}", language), 24),
        }
    )


def note(slots: Slots) -> Part:
    """Return a page of words: the user's own, or a fitting start."""
    part = Part({})
    words, language = slots.wish.plain, slots.language
    own = _own_words(slots)
    if own:
        body = clipped((own,), length=600, most=1, checks=part.checks)[0]
        part.origins["text"] = "typed"
    else:
        key = next((key for signs, key in _NOTES if re.search(signs, words)), "")
        about = bool(slots.topic) and not key
        body = text(
            f"note.{key}" if key else "note.text.about" if about else "note.text",
            language,
            topic=slots.topic.told(language),
        )
        if key in ("", "steps", "invite"):
            part.empty = True
            part.origins["text"] = STARTED
            part.checks.append(phrase("Write your own words in the note: I only made the place for them."))
    short = len(body) <= 60
    part.block = {
        "type": "note",
        "title": slots.title("note") if slots.topic else text("note.title", language),
        "text": body,
        "icon": slots.icon or "smile",
        "style": "hero" if short and own else "card",
    }
    return part


def note_title(slots: Slots) -> str:
    """Return the title of a page: its greeting when it has one, else its topic."""
    key = next((key for signs, key in _NOTES if re.search(signs, slots.wish.plain)), "")
    return text(f"note.{key}", slots.language) if key in _GREETINGS else slots.title("note")


def _own_words(slots: Slots) -> str:
    if slots.quoted and not (slots.name and slots.name in slots.quoted):
        return slots.quoted[0]
    if slots.given.items:
        return "\n".join(f"• {item}" for item in slots.given.items)
    if slots.given.pairs:
        return "\n".join(f"• {front}: {back}" for front, back in slots.given.pairs)
    match = _SAYS.search(slots.wish.text)
    if match:
        said = re.sub(
            r"\s+(?:with (?:a|an|big|lots)|in (?:big|large|purple|red|blue|green|pink)|on (?:a|an)|and "
            r"(?:a|make|add))\b.*$",
            "",
            match[1],
            flags=re.IGNORECASE | re.DOTALL,
        )
        return said.strip(" .") if len(said.strip(" .")) > 1 else ""
    after = re.match(
        r"\s*(?:(?:make|write|add|create)\s+)?(?:a |an |the )?(?:note|message|notiz|nota)\s*:\s*(.+)",
        slots.wish.text,
        re.IGNORECASE | re.DOTALL,
    )
    return after[1].strip() if after else ""

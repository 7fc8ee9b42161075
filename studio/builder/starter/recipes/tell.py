"""Recipes for story, chatbot, text tool and note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.builder.starter import patterns
from studio.builder.starter.recipes.part import STARTED, Part, Slots, clipped
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, known, plain, text, texts, title_case, vocabulary
from studio.phrases import phrase

_WHO = patterns.lazy(
    r"\b(?:talk|chat|speak|conversation|interview)(?:ing)? (?:to|with) (?:an? |the |my )?((?:[^\W\d_]+ ?){1,3})"
    r"|\b(?:who|that) is (?:an? |the |my )?((?:[^\W\d_]+ ?){1,2})"
    r"|\ban? ((?:[^\W\d_]+ ){1,2})(?:who|that|i can|bot|chatbot)|\b(?:con|avec|mit) (?:un|una|une|einem|"
    r"einer) ([^\W\d_]+)",
)
_STOP = patterns.lazy(r"\b(?:about|that|who|to|and|for|i|which|with|on|in|bot|chatbot|chat)\b.*")
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
_PLOTS = (
    ("spooky", r"spook|scar[ey]|ghost|haunt|creepy|midnight|vampire|witch|halloween|horror|monster"),
    ("space", r"space|planet|rocket|astronaut|alien|galaxy|moon\b|mars\b|star ?ship|robot"),
)
# for each page of a plot: its picture, and its ways as (number of the words, page it leads to)
_PLOT_WAYS: Mapping[str, tuple[tuple[str, tuple[tuple[int, int], ...]], ...]] = {
    "quest": (
        ("book", ((1, 2), (2, 3))),
        ("owl", ((3, 4), (4, 5))),
        ("fox", ((5, 6), (6, 7))),
        ("cloud", ((7, 8), (8, 7))),
        ("key", ()),
        ("heart", ()),
        ("house", ()),
        ("trophy", ()),
    ),
    "spooky": (
        ("house", ((1, 2), (2, 3))),
        ("castle", ((3, 4), (4, 5))),
        ("cat", ((5, 4), (8, 8))),
        ("question", ((6, 6), (8, 8))),
        ("ghost", ((7, 7), (8, 8))),
        ("moon", ()),
        ("ball", ()),
        ("bird", ()),
    ),
    "space": (
        ("rocket", ((1, 2), (2, 3))),
        ("moon", ((3, 4), (8, 8))),
        ("planet", ((4, 5), (8, 8))),
        ("alien", ((6, 6), (8, 8))),
        ("robot", ((7, 7), (8, 8))),
        ("heart", ()),
        ("trophy", ()),
        ("star", ()),
    ),
}
_ANSWERS = (
    "hello",
    "how",
    "who",
    "joke",
    "riddle",
    "clock",
    "story",
    "food",
    "sad",
    "bored",
    "thanks",
    "bye",
)
_MANNERS = (
    ("pirate", r"pirat|captain|sailor"),
    ("wizard", r"wizard|witch|magic|merlin|fairy"),
    ("dragon", r"dragon|dino"),
    ("alien", r"alien|martian|from (?:space|mars|another planet)"),
    ("robot", r"robot|android"),
)
_ANIMALS = frozenset(
    [
        "cat",
        "dog",
        "fox",
        "bear",
        "panda",
        "rabbit",
        "frog",
        "fish",
        "whale",
        "unicorn",
        "bird",
        "owl",
        "turtle",
    ]
)
_SAYS = patterns.lazy(
    r"\b(?:that says|saying|says?|reading|que diga|qui dit|mit dem text|words)\s*:?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)


def story(slots: Slots) -> Part:
    """Return a story of eight pages with real branches and some ends, told about the topic."""
    language = slots.language
    plot = next((name for name, signs in _PLOTS if patterns.search(signs, slots.wish.plain)), "quest")
    plot = plot if language == "en" else "quest"
    quest = _quest(slots)
    ways = texts(f"story.{plot}.ways", language)
    pages = []
    for number, (picture, out) in enumerate(_PLOT_WAYS[plot], 1):
        words = fit(text(f"story.{plot}.p{number}", language, topic=quest), 400)
        choices = [{"say": fit(ways[way - 1], 80), "goto": f"p{page}"} for way, page in out]
        icon = slots.icon if number == 1 and slots.icon not in (None, "book") else picture
        pages.append({"text": words, "icon": icon, "choices": choices})
    part = Part({"type": "story", "title": story_title(slots), "pages": pages})
    ends = sum(not page["choices"] for page in pages)
    part.checks.append(phrase("The story has {count} ends. Change its words to yours.", count=ends))
    return part


def story_title(slots: Slots) -> str:
    """Return what a story is called: "The Story of the Dragon"."""
    if not slots.topic or slots.language != "en":
        return slots.title("story")
    quest = _quest(slots)
    the = "the " if quest.startswith("the ") else ""
    return fit(text("title.story.about", "en", topic=the + title_case(quest.removeprefix("the "))), 60)


def _quest(slots: Slots) -> str:
    """Return what the story looks for, as a phrase: "the dragon", "your hamster", "Zorblax"."""
    words = slots.topic.words
    if not words or len(words) > 60:
        return text("story.quest", slots.language)
    if slots.language != "en" or slots.topic.own or words[:1].isupper():
        return slots.topic.told(slots.language)
    return f"the {words}"


def chatbot(slots: Slots) -> Part:
    """Return a character with a dozen answers of its own that the user can change."""
    language = slots.language
    match = _WHO.search(slots.wish.plain)
    who = _STOP.sub("", next((group for group in match.groups() if group), "")).strip() if match else ""
    who = "" if who in ("me", "it", "him", "her", "friend", "my", "someone", "chat", "chat friend") else who
    icon = icon_for(who, slots.topic.words) or "robot"
    manner = _manner(who, slots.topic.words, icon) if language == "en" else ""
    own = text(f"chat.{manner}.name", language) if known(f"chat.{manner}.name") else ""
    name = fit(slots.name or own or (title_case(who) if who else text("chat.name", language)), 40)
    topics = [fit(slots.topic.words, 40)] if slots.topic and slots.topic.words != who else []

    def line(key: str, usual: str) -> str:
        return text(
            f"chat.{manner}.{key}" if manner and known(f"chat.{manner}.{key}") else usual, language, name=name
        )

    replies = [
        {"keys": list(texts(f"chat.keys.{key}", language))[:4], "say": fit(line(key, f"chat.say.{key}"), 200)}
        for key in _ANSWERS[: 11 if topics else 12]
    ]
    if topics:
        say = fit(text("chat.say.topic", language, topic=topics[0]), 200)
        replies.insert(1, {"keys": [fit(plain(topics[0]), 24)], "say": say})
    persona = (
        line("persona", "")
        if manner
        else text("chat.persona", language, who=who or text("chat.who", language))
    )
    part = Part(
        {
            "type": "chatbot",
            "title": name,
            "name": name,
            "icon": icon,
            "persona": fit(persona, 300),
            "greeting": fit(line("greeting", "chat.greeting"), 160),
            "topics": [*topics, *texts("chat.topics", language)][:4],
            "replies": replies,
            "model": True,
        }
    )
    if slots.name:
        part.origins["name"] = "typed"
    return part


def _manner(who: str, topic: str, icon: str) -> str:
    """Return which bank of answers fits a character."""
    words = plain(f"{who} {topic}")
    for manner, signs in _MANNERS:
        if patterns.search(signs, words):
            return manner
    return (
        "animal"
        if icon in _ANIMALS
        else "robot"
        if icon == "robot" and patterns.search(r"robot|bot\b|android", words)
        else ""
    )


def texttool(slots: Slots) -> Part:
    """Return a tool that does one job with a text."""
    words, language = slots.wish.plain, slots.language
    job = next(name for name, signs in _JOBS if patterns.search(signs, words))
    names = patterns.findall(r"\b(?:to|into|in|al?|en|auf|ins) ([^\W\d_]+)", words)
    languages = vocabulary().language_names
    target = next((name for name in reversed(names) if name in languages), "") if job == "translate" else ""
    style = (
        patterns.search(r"\b(?:like (?:a |an )?|more |sound )((?:more )?[^\W\d_]+)$", words)
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
        key = next((key for signs, key in _NOTES if patterns.search(signs, words)), "")
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
    key = next((key for signs, key in _NOTES if patterns.search(signs, slots.wish.plain)), "")
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
        said = patterns.sub(
            r"\s+(?:with (?:a|an|big|lots)|in (?:big|large|purple|red|blue|green|pink)|on (?:a|an)|and "
            r"(?:a|make|add))\b.*$",
            "",
            match[1],
            flags=re.IGNORECASE | re.DOTALL,
        )
        return said.strip(" .") if len(said.strip(" .")) > 1 else ""
    after = patterns.match(
        r"\s*(?:(?:make|write|add|create)\s+)?(?:a |an |the )?(?:note|message|notiz|nota)\s*:\s*(.+)",
        slots.wish.text,
        re.IGNORECASE | re.DOTALL,
    )
    return after[1].strip() if after else ""

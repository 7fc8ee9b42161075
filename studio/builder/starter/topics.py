"""What an app is about: the topic of a wish, its title, its picture and the facts that fit it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.blueprints.facts import FactLibrary, FactPack
from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import number_of, plain, text, title_case, vocabulary
from studio.builder.starter.wish import Wish

_ABOUT = patterns.lazy(
    r"\b(?:about|on the (?:topic|subject) of|regarding|covering|sobre|acerca de|sur|au sujet de|über|"
    r"ueber|zum thema)\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)
_ON = patterns.lazy(
    r"\b(?:quiz|test|questions?|cards?|flashcards|exam|page|trivia|poll|survey|(?:quiz|test|ask) (?:me|"
    r"us))\s+(?:me\s+)?(?:on|of|for|de|zu|with)\s+(?:the\s+)?(.+)",
    re.IGNORECASE | re.DOTALL,
)
_KNOWLEDGE = patterns.lazy(
    r"\b(?:learn|study|revise|practise|practice|memori[sz]e|remember|know|teach me|aprender|apprendre|"
    r"lernen|memorizar)\s+"
    r"(?:about\s+|all\s+|more\s+)?(.+)",
    re.IGNORECASE | re.DOTALL,
)
_END = patterns.lazy(
    r"\s*(?:[,;:!?\n(\"“]|\.(?:\s|$)|\s[-–—]\s)|\s+(?:with|that|which|where|who|while|so|to|using|because|"
    r"but|called|named|please|pls|"
    r"plz|thanks|game|quiz|test|app|con|avec|mit|para|pour|für|que|qui|por favor|bitte|and (?:an?|add|"
    r"make|it|give|put|then|also|"
    r"keep|tell|show|play|use|see|i|some|\d+|confetti)\b|y (?:un|una)|et (?:un|une)|und (?:ein|eine|einem|"
    r"einen)|for (?:my|the|a|our|kids|children|grade|year|class|\d)|"
    r"in (?:english|spanish|french|german|italian|purple|blue|red|green|pink|orange|yellow|black|dark|"
    r"space|inglés|francés)|en (?:español|inglés|français|francés)|"
    r"auf (?:deutsch|englisch|spanisch|französisch)|if|when|there|\d+ (?:questions?|cards?|preguntas|"
    r"fragen|minutes?|seconds?)|(?:five|six|ten|three|four|eight) (?:questions?|cards?))\b.*",
    re.IGNORECASE | re.DOTALL,
)
_ARTICLES = patterns.lazy(
    r"^(?:(?:the|a|an|my|our|some|all|your|los|las|el|la|les|le|l'|des|du|die|der|das|den|mes|mis|meine|"
    r"different|things like|stuff like)\s+)+",
    re.IGNORECASE,
)
_NOUN = (
    r"(?:quiz(?:zes)?|trivia|test|exam|flashcards?|cards?|story|adventure|tale|game|chatbot|bot|pet|timer|"
    r"checklist|list|poll|survey|"
    r"journal|diary|log|memory|pairs|soundboard|page|poster|note|wheel|spinner|picker|calculator|"
    r"converter|counter|drawing|app|board)"
)
_BEFORE = patterns.lazy(rf"((?:[^\W_]+(?:['’-][^\W_]+)*\s+){{1,5}}){_NOUN}\b", re.IGNORECASE)
_TAUGHT = patterns.lazy(r"\b(?:spanish|french|german)\b", re.IGNORECASE)
_LEFT_OUT = frozenset(
    ["of", "the", "and", "in", "de", "la", "del", "los", "las", "du", "des", "und", "y", "et"]
)


@dataclass(frozen=True)
class Topic:
    """Hold what an app is about: `words` as typed, `pack` of true facts when there is one.

    `own` means that it belongs to the user ("my hamster"). `asked` is set when there are facts only
    about something wider: then `words` name that, and `asked` is what was typed.
    """

    words: str = ""
    pack: FactPack | None = None
    asked: str = ""
    own: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)

    def titled(self, language: str) -> str:
        """Return the words for a title: what belongs to the user keeps its "my"."""
        return f"my {self.words}" if self.own and language == "en" else self.words

    def told(self, language: str) -> str:
        """Return the words for a sentence to the user: what belongs to them is "your ..."."""
        return f"your {self.words}" if self.own and language == "en" else self.words


def find_topic(wish: Wish, rest: str, facts: FactLibrary) -> Topic:
    """Return what a wish is about; `rest` is its text without the list in it."""
    words = _said(rest)
    named = _TAUGHT.search(rest)
    pack = facts.find(f"{named[0]} {words}") if named and words else None  # "Spanish cards about food"
    pack = pack or facts.find(words if any(char.isalpha() for char in words) else rest)
    if pack is not None and pack.head.computed:  # "7 times table": the number is part of the topic
        pack = facts.find(rest) or pack
        return Topic(str(pack.title).lower(), pack)
    if pack is not None:
        return Topic(words or str(pack.title).lower(), pack)
    return _wider(words, rest, facts)


def topic_after(said: str, facts: FactLibrary) -> Topic:
    """Return the topic that stands at the beginning of a text ("dinosaurs, with ten questions")."""
    words = _clean(said)
    pack = facts.find(words) if words else None
    return Topic(words, pack) if pack else _wider(words, said, facts)


def _wider(words: str, around: str, facts: FactLibrary) -> Topic:
    """Return facts about something wider that has the topic in it; never for somebody's own ("my cat")."""
    own = patterns.search(rf"\b(?:my|our|mi|mon|ma|mein|meine)\s+{re.escape(words)}", around, re.IGNORECASE)
    pack = facts.find(words, broader=True) if words and not own else None
    if pack:
        return Topic(str(pack.title).lower(), pack, asked=words)
    said = (
        patterns.search(rf"\b(?:about|of|for) my\s+{re.escape(words)}", around, re.IGNORECASE)
        if words
        else None
    )
    return Topic(words, own=said is not None)


def _said(rest: str) -> str:
    for pattern in (_ABOUT, _ON):
        match = pattern.search(rest)
        words = _clean(match[1]) if match else ""
        if words:
            return words
    match = _BEFORE.search(rest)
    while match:
        words = _adjuncts(match[1])
        if words:
            return words
        match = _BEFORE.search(rest, match.end())
    match = _KNOWLEDGE.search(rest)
    return _clean(match[1]) if match else ""


def _clean(words: str) -> str:
    words = words.strip()
    end = _END.search(f" {words}")
    words = f" {words}"[: end.start()].strip() if end else words
    words = _ARTICLES.sub("", words).strip(" .,'’\"“”")
    parts = words.split()
    while (
        parts
        and plain(parts[-1]) in vocabulary().fillers - {"time", "times", "dreams", "words", "names"}
        and len(parts) > 1
    ):
        parts.pop()
    if len(parts) > 7 or plain(" ".join(parts)) in (
        "it",
        "me",
        "this",
        "that",
        "you",
        "something",
        "anything",
        "front",
        "top",
    ):
        return ""
    return " ".join(parts)


def _adjuncts(before: str) -> str:
    """Return the words of "a hard roman empire" that name the topic, or nothing."""
    kept: list[str] = []
    colours = vocabulary().colours
    for word in reversed(before.split()):
        small = plain(word)
        if small in _LEFT_OUT and kept:
            kept.insert(0, word)
            continue
        if (
            small in vocabulary().fillers
            or number_of(small) is not None
            or (small in colours and small not in vocabulary().icons)
        ):
            break
        kept.insert(0, word)
    while kept and plain(kept[0]) in _LEFT_OUT:
        kept.pop(0)
    return " ".join(kept)


def singular(word: str) -> str:
    """Return an English noun in the singular where a plain rule gives it ("sharks", "countries", "foxes")."""
    small = word.casefold()
    if (
        len(small) < 4
        or small.endswith(("ss", "us", "is", "ics"))
        or small
        in (
            "maths",
            "news",
            "olympics",
            "series",
            "species",
            "tables",
            "verbs",
            "fractions",
            "planes",
        )
    ):
        return word
    if small.endswith("ies") and len(small) > 4 and small not in ("movies", "cookies", "zombies"):
        return word[:-3] + "y"
    if small.endswith(("ches", "shes", "xes", "sses")) or small in (
        "volcanoes",
        "potatoes",
        "tomatoes",
        "heroes",
    ):
        return word[:-2]
    return word[:-1] if small.endswith("s") else word


def title_for(key: str, topic: str, language: str) -> str:
    """Return the title of an app: `title_for("quiz", "sharks", "en")` is "Shark Quiz"."""
    if not topic:
        return text(f"title.{key}", language)
    words = topic.split()
    if language == "en" and key not in ("note", "story", "chatbot"):
        words[-1] = singular(words[-1])
    return text(f"title.{key}.about", language, topic=title_case(" ".join(words)))


def icon_for(*sources: str) -> str | None:
    """Return the picture for the first word that has one, looked up in each text in turn, last words first."""
    table = vocabulary().icons
    for source in sources:
        words = patterns.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain(source))
        for word in reversed(words):
            icon = table.get(word) or table.get(plain(singular(word)))
            if icon:
                return icon
    return None

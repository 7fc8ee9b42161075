"""How somebody finds the kind of part that they have in mind: groups, and other words for each kind."""

import unicodedata
from collections.abc import Mapping

from studio.blueprints.names import KINDS, Kind
from studio.phrases import Phrase, phrase

GROUPS: tuple[tuple[Phrase, tuple[str, ...]], ...] = (
    (phrase("Play"), ("arcade", "memory", "pet", "picker")),
    (phrase("Learn"), ("quiz", "flashcards", "classifier")),
    (phrase("Make"), ("drawing", "soundboard", "texttool")),
    (phrase("Use"), ("timer", "checklist", "calculator", "converter", "counter")),
    (phrase("Tell"), ("story", "chatbot", "journal", "poll", "note")),
)
"""All kinds of parts, in the order in which they are offered."""

ALSO: Mapping[str, Phrase] = {
    "quiz": phrase("test trivia exam questions answers guess school"),
    "flashcards": phrase("cards vocabulary words learn flip study languages"),
    "story": phrase("adventure book tale pages choose ending read comic"),
    "chatbot": phrase("talk chat character friend robot assistant speak"),
    "pet": phrase("animal tamagotchi feed care creature cat dog"),
    "drawing": phrase("paint colours art pen brush sketch picture canvas"),
    "timer": phrase("clock countdown stopwatch time minutes alarm pomodoro"),
    "checklist": phrase("list to-do tasks packing tick shopping homework chores"),
    "calculator": phrase("maths sum formula numbers plus times money work out"),
    "converter": phrase("units metres miles degrees currency change kilos inches"),
    "picker": phrase("wheel dice coin random luck spin choose name lottery"),
    "memory": phrase("pairs match cards concentration find game"),
    "arcade": phrase("game catch dodge jump shoot pop whack action score"),
    "soundboard": phrase("music piano drums instrument noise keyboard song sounds"),
    "poll": phrase("vote survey opinion question class ask feedback"),
    "journal": phrase("diary mood feelings write day log notebook"),
    "classifier": phrase("model teach camera recognise picture train machine learning guess"),
    "texttool": phrase("translate rhyme spelling summary rewrite words text"),
    "counter": phrase("score points tally goals count number plus minus"),
    "note": phrase("text heading instructions tip words message welcome"),
}
"""Other words by which people look for a kind; a translation may hold quite other ones."""


def finds(wanted: str, *told: str) -> bool:
    """Tell whether each word of a search begins a word of what is told, whatever the case and the accents."""
    words = [word for part in told for word in _folded(part).replace("-", " ").split()]
    return all(any(word.startswith(start) for word in words) for start in _folded(wanted).split())


def kinds_in(group: int) -> tuple[Kind, ...]:
    """Return the kinds of a group."""
    return tuple(KINDS[name] for name in GROUPS[group][1])


def _folded(words: str) -> str:
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))

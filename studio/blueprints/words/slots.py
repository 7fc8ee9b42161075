"""One sentence for each plain slot of a block that can change.

A slot has either one sentence with `{value}` in it, or one for each of its values; ANY is for the rest.
A length of time has sentences for whole MINUTES, for ONE_AND some seconds (a minute and a few), and for
BOTH minutes and seconds; up to 90 seconds it is told in seconds.
"""

from collections.abc import Mapping
from typing import Any, Final

from studio.phrases import Phrase, phrase

ANY: Final = object()
MINUTES: Final = object()
ONE_AND: Final = object()
BOTH: Final = object()
Sentences = Phrase | Mapping[Any, Phrase]

SLOTS: Mapping[tuple[str, str], Sentences] = {
    ("quiz", "seconds"): {
        0: phrase("No time limit for a question"),
        1: phrase("1 second for each question"),
        ANY: phrase("{value} seconds for each question"),
    },
    ("quiz", "shuffle"): {
        True: phrase("The questions come mixed"),
        False: phrase("The questions come in order"),
    },
    ("quiz", "feedback"): {
        "instant": phrase("The quiz shows at once what was right"),
        "end": phrase("The quiz shows at the end what was right"),
        "none": phrase("The quiz does not show what was right"),
    },
    ("flashcards", "order"): {
        "given": phrase("The cards come in order"),
        "shuffle": phrase("The cards come mixed"),
    },
    ("flashcards", "selfcheck"): {
        True: phrase("The cards ask if you knew it"),
        False: phrase("The cards do not ask if you knew it"),
    },
    ("chatbot", "name"): phrase("The chat friend is called “{value}”"),
    ("chatbot", "icon"): phrase("The chat friend has a new picture"),
    ("chatbot", "persona"): phrase("The chat friend is a little different"),
    ("chatbot", "greeting"): phrase("The chat friend says hello with new words"),
    ("chatbot", "model"): {
        True: phrase("The chat friend uses a model"),
        False: phrase("The chat friend uses its own answers"),
    },
    ("pet", "name"): phrase("The pet is called “{value}”"),
    ("pet", "icon"): phrase("The pet has a new picture"),
    ("pet", "mood"): {
        "cheerful": phrase("The pet is cheerful"),
        "sleepy": phrase("The pet is sleepy"),
        "shy": phrase("The pet is shy"),
        "wild": phrase("The pet is wild"),
        "grumpy": phrase("The pet is grumpy"),
    },
    ("pet", "grows"): {True: phrase("The pet grows"), False: phrase("The pet stays small")},
    ("drawing", "mirror"): {
        True: phrase("Each line is drawn twice, like in a mirror"),
        False: phrase("Each line is drawn once"),
    },
    ("drawing", "prompt"): phrase("A new idea to draw"),
    ("timer", "mode"): {
        "countdown": phrase("The timer counts down"),
        "stopwatch": phrase("The timer counts up"),
        "pomodoro": phrase("The timer takes turns: work and rest"),
    },
    ("timer", "seconds"): {
        1: phrase("The timer lasts 1 second"),
        60: phrase("The timer lasts 1 minute"),
        3600: phrase("The timer lasts 1 hour"),
        7200: phrase("The timer lasts 2 hours"),
        MINUTES: phrase("The timer lasts {minutes} minutes"),
        ONE_AND: phrase("The timer lasts 1 minute and {seconds} seconds"),
        BOTH: phrase("The timer lasts {minutes} minutes and {seconds} seconds"),
        ANY: phrase("The timer lasts {value} seconds"),
    },
    ("timer", "rest"): {
        0: phrase("No rest between two rounds"),
        1: phrase("1 second of rest"),
        60: phrase("1 minute of rest"),
        MINUTES: phrase("{minutes} minutes of rest"),
        ONE_AND: phrase("1 minute and {seconds} seconds of rest"),
        BOTH: phrase("{minutes} minutes and {seconds} seconds of rest"),
        ANY: phrase("{value} seconds of rest"),
    },
    ("timer", "sound"): {
        "bell": phrase("A bell rings at the end"),
        "beep": phrase("A beep sounds at the end"),
        "drum": phrase("A drum sounds at the end"),
        "none": phrase("No sound at the end"),
    },
    ("timer", "done"): phrase("The timer ends with new words"),
    ("checklist", "canadd"): {
        True: phrase("You can add things to the list"),
        False: phrase("The list stays as it is"),
    },
    ("checklist", "progress"): {
        "bar": phrase("A bar shows how far you are"),
        "count": phrase("A number shows how far you are"),
        "stars": phrase("Stars show how far you are"),
        "none": phrase("The list does not show how far you are"),
    },
    ("checklist", "resets"): {
        "never": phrase("The ticks stay"),
        "daily": phrase("The list starts again every day"),
    },
    ("calculator", "formula"): phrase("The formula is {value}"),
    ("calculator", "result"): phrase("The answer is called “{value}”"),
    ("calculator", "unit"): {
        "": phrase("The answer has no unit"),
        ANY: phrase("The unit of the answer is {value}"),
    },
    ("calculator", "decimals"): {
        0: phrase("The answer is a whole number"),
        1: phrase("The answer has 1 digit after the point"),
        ANY: phrase("The answer has {value} digits after the point"),
    },
    ("picker", "style"): {
        "wheel": phrase("The picker is a wheel"),
        "dice": phrase("The picker is dice"),
        "coin": phrase("The picker is a coin"),
        "cards": phrase("The picker is cards"),
        "slot": phrase("The picker is a slot machine"),
    },
    ("picker", "count"): {1: phrase("It picks 1"), ANY: phrase("It picks {value}")},
    ("picker", "norepeat"): {
        True: phrase("It never picks the same twice"),
        False: phrase("It may pick the same again"),
    },
    ("picker", "button"): phrase("The button says “{value}”"),
    ("memory", "peek"): {
        0: phrase("No peek at the start"),
        1: phrase("1 second to peek"),
        ANY: phrase("{value} seconds to peek"),
    },
    ("memory", "moves"): {
        0: phrase("As many moves as you like"),
        1: phrase("At most 1 move"),
        ANY: phrase("At most {value} moves"),
    },
    ("arcade", "game"): {
        "catch": phrase("The game: catch things"),
        "dodge": phrase("The game: get out of the way"),
        "pop": phrase("The game: pop things"),
        "whack": phrase("The game: tap them fast"),
        "jump": phrase("The game: jump over things"),
        "shoot": phrase("The game: hit the targets"),
    },
    ("arcade", "player"): phrase("The player has a new picture"),
    ("arcade", "speed"): {
        "slow": phrase("The game is slow"),
        "normal": phrase("The game is not too fast"),
        "fast": phrase("The game is fast"),
    },
    ("arcade", "lives"): {1: phrase("1 life"), ANY: phrase("{value} lives")},
    ("arcade", "seconds"): {
        0: phrase("The game has no time limit"),
        1: phrase("The game lasts 1 second"),
        60: phrase("The game lasts 1 minute"),
        MINUTES: phrase("The game lasts {minutes} minutes"),
        ONE_AND: phrase("The game lasts 1 minute and {seconds} seconds"),
        BOTH: phrase("The game lasts {minutes} minutes and {seconds} seconds"),
        ANY: phrase("The game lasts {value} seconds"),
    },
    ("arcade", "win"): {
        0: phrase("The game goes on and on"),
        1: phrase("1 point to win"),
        ANY: phrase("{value} points to win"),
    },
    ("soundboard", "layout"): {
        "pads": phrase("The sounds are buttons"),
        "piano": phrase("The sounds are piano keys"),
        "drums": phrase("The sounds are drums"),
    },
    ("soundboard", "instrument"): {
        "piano": phrase("It sounds like a piano"),
        "bell": phrase("It sounds like bells"),
        "synth": phrase("It sounds like a synthesiser"),
        "drum": phrase("It sounds like a drum"),
        "voice": phrase("It sounds like a voice"),
        "animal": phrase("It sounds like an animal"),
    },
    ("soundboard", "record"): {
        True: phrase("You can keep a tune"),
        False: phrase("Tunes are not kept"),
    },
    ("poll", "results"): {
        "live": phrase("The results always show"),
        "after": phrase("The results show after you answer"),
        "hidden": phrase("The results stay hidden"),
    },
    ("journal", "private"): {
        True: phrase("Old entries are hidden"),
        False: phrase("Old entries show"),
    },
    ("classifier", "input"): {
        "image": phrase("It looks at pictures"),
        "text": phrase("It reads words"),
        "sound": phrase("It listens to sounds"),
        "webcam": phrase("It looks through the camera"),
        "drawing": phrase("It looks at drawings"),
    },
    ("classifier", "model"): phrase("It uses the model “{value}”"),
    ("classifier", "sure"): phrase("It must be {value} % sure"),
    ("texttool", "job"): {
        "translate": phrase("It translates"),
        "summarise": phrase("It makes words short"),
        "simplify": phrase("It makes words easy"),
        "rewrite": phrase("It writes words again"),
        "rhyme": phrase("It makes rhymes"),
        "explain": phrase("It explains"),
        "spellcheck": phrase("It checks the spelling"),
    },
    ("texttool", "target"): {
        "": phrase("It is for anybody"),
        ANY: phrase("It is for: {value}"),
    },
    ("texttool", "length"): {
        "short": phrase("The answers are short"),
        "medium": phrase("The answers are not too long"),
        "long": phrase("The answers are long"),
    },
    ("texttool", "example"): phrase("A new example"),
    ("texttool", "button"): phrase("The button says “{value}”"),
    ("counter", "goal"): {0: phrase("No goal to reach"), ANY: phrase("The goal is {value}")},
    ("note", "text"): phrase("The note has new words"),
    ("note", "icon"): phrase("The note has a new picture"),
    ("note", "style"): {
        "plain": phrase("The note is plain"),
        "card": phrase("The note is a card"),
        "hero": phrase("The note is a big heading"),
        "tip": phrase("The note is a tip"),
    },
}

PART_NAME = phrase("Part {part} is called “{value}”")
"""For the one slot that every block has."""


def slot_sentence(kind: str, slot: str, value: Any) -> Phrase | None:
    """Return the sentence for a slot that now holds `value`, or None if the slot has none."""
    found = SLOTS.get((kind, slot))
    if isinstance(found, Mapping):
        found = found.get(value) or found.get(_span(value) if MINUTES in found else ANY) or found.get(ANY)
    if found is None:
        return None
    if "{minutes}" in found.template or "{seconds}" in found.template:
        spans = {"minutes": value // 60, "seconds": value % 60}
        return Phrase(
            found.template, {name: n for name, n in spans.items() if f"{{{name}}}" in found.template}
        )
    return Phrase(found.template, {"value": value}) if "{value}" in found.template else found


def _span(seconds: int) -> object:
    """Return how a person tells a length of time."""
    if seconds <= 90 and seconds % 60:
        return ANY
    if seconds % 60 == 0:
        return MINUTES
    return ONE_AND if seconds < 120 else BOTH

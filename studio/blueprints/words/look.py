"""One sentence for each value that the look of an app can take, and for the app's own slots."""

from collections.abc import Mapping

from studio.phrases import Phrase, phrase

LOOK: Mapping[str, Mapping[str, Phrase]] = {
    "palette": {
        "space": phrase("Colours: space"),
        "ocean": phrase("Colours: ocean"),
        "forest": phrase("Colours: forest"),
        "candy": phrase("Colours: candy"),
        "sunset": phrase("Colours: sunset"),
        "mono": phrase("Colours: black and white"),
        "neon": phrase("Colours: neon"),
        "pastel": phrase("Colours: pastel"),
        "desert": phrase("Colours: desert"),
        "ice": phrase("Colours: ice"),
        "fire": phrase("Colours: fire"),
        "rainbow": phrase("Colours: rainbow"),
        "school": phrase("Colours: school"),
        "retro": phrase("Colours: retro"),
        "jungle": phrase("Colours: jungle"),
        "night": phrase("Colours: night"),
    },
    "mode": {"light": phrase("The app is light"), "dark": phrase("The app is dark")},
    "font": {
        "round": phrase("Letters: round"),
        "clean": phrase("Letters: clean"),
        "serif": phrase("Letters: like a book"),
        "pixel": phrase("Letters: pixels"),
        "hand": phrase("Letters: handwriting"),
    },
    "background": {
        "plain": phrase("Background: plain"),
        "stars": phrase("Background: stars"),
        "bubbles": phrase("Background: bubbles"),
        "clouds": phrase("Background: clouds"),
        "grid": phrase("Background: squared paper"),
        "leaves": phrase("Background: leaves"),
        "confetti": phrase("Background: confetti"),
        "waves": phrase("Background: waves"),
    },
    "size": {"normal": phrase("Words of normal size"), "large": phrase("Large words")},
}
LAYOUT: Mapping[str, Phrase] = {
    "stack": phrase("The parts stand one below the other"),
    "tabs": phrase("The parts are tabs"),
    "grid": phrase("The parts stand side by side"),
    "steps": phrase("The parts come step by step"),
}
LANGUAGE: Mapping[str, Phrase] = {
    "en": phrase("The app speaks English"),
    "es": phrase("The app speaks Spanish"),
    "fr": phrase("The app speaks French"),
    "de": phrase("The app speaks German"),
    "it": phrase("The app speaks Italian"),
    "pt": phrase("The app speaks Portuguese"),
    "nl": phrase("The app speaks Dutch"),
    "pl": phrase("The app speaks Polish"),
    "tr": phrase("The app speaks Turkish"),
    "ar": phrase("The app speaks Arabic"),
    "hi": phrase("The app speaks Hindi"),
    "zh": phrase("The app speaks Chinese"),
}
NEW_TITLE = phrase("New name: {value}")
NEW_ICON = phrase("A new picture")
NEW_ABOUT = phrase("A new line under the name")
NO_ABOUT = phrase("No line under the name")
PARTS_MOVED = phrase("The parts are in a new order")
"""The sentences for the slots of the app itself."""
PART_REPLACED = phrase("Part {part} is new: {title}")
RULES_MOVED = phrase("The rules are in a new order")
RULE_ADDED: Mapping[str, Phrase] = {
    "confetti": phrase("A new rule: it throws confetti"),
    "sound_good": phrase("A new rule: it plays a happy sound"),
    "sound_bad": phrase("A new rule: it plays a sad sound"),
    "add_point": phrase("A new rule: it adds a point"),
    "lose_point": phrase("A new rule: it takes a point away"),
    "start_timer": phrase("A new rule: the timer starts"),
    "stop_timer": phrase("A new rule: the timer stops"),
    "reset": phrase("A new rule: a part starts again"),
    "next_block": phrase("A new rule: it goes to the next part"),
    "show_block": phrase("A new rule: a part shows"),
    "hide_block": phrase("A new rule: a part hides"),
    "speak": phrase("A new rule: it says something"),
    "shake": phrase("A new rule: it shakes"),
}
RULE_REMOVED = phrase("One rule less")
RULE_CHANGED = phrase("Rule {number} is different")

PART_ADDED: Mapping[str, Phrase] = {
    "quiz": phrase("New part: quiz"),
    "flashcards": phrase("New part: flashcards"),
    "story": phrase("New part: story"),
    "chatbot": phrase("New part: chat friend"),
    "pet": phrase("New part: pet"),
    "drawing": phrase("New part: drawing pad"),
    "timer": phrase("New part: timer"),
    "checklist": phrase("New part: checklist"),
    "calculator": phrase("New part: calculator"),
    "converter": phrase("New part: converter"),
    "picker": phrase("New part: picker"),
    "memory": phrase("New part: memory game"),
    "arcade": phrase("New part: action game"),
    "soundboard": phrase("New part: sound buttons"),
    "poll": phrase("New part: poll"),
    "journal": phrase("New part: diary"),
    "classifier": phrase("New part: guesser"),
    "texttool": phrase("New part: word helper"),
    "counter": phrase("New part: counter"),
    "note": phrase("New part: note"),
}
PART_REMOVED: Mapping[str, Phrase] = {
    "quiz": phrase("The quiz is gone"),
    "flashcards": phrase("The flashcards are gone"),
    "story": phrase("The story is gone"),
    "chatbot": phrase("The chat friend is gone"),
    "pet": phrase("The pet is gone"),
    "drawing": phrase("The drawing pad is gone"),
    "timer": phrase("The timer is gone"),
    "checklist": phrase("The checklist is gone"),
    "calculator": phrase("The calculator is gone"),
    "converter": phrase("The converter is gone"),
    "picker": phrase("The picker is gone"),
    "memory": phrase("The memory game is gone"),
    "arcade": phrase("The action game is gone"),
    "soundboard": phrase("The sound buttons are gone"),
    "poll": phrase("The poll is gone"),
    "journal": phrase("The diary is gone"),
    "classifier": phrase("The guesser is gone"),
    "texttool": phrase("The word helper is gone"),
    "counter": phrase("The counter is gone"),
    "note": phrase("The note is gone"),
}

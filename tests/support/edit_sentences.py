"""Sentences that people say to an open app, and the exact change that each of them asks for.

A change is a function on plain data; what it does not touch has to keep its bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent / "blueprint_examples"
Data = dict[str, Any]


class Chosen:
    """Stand for any value that differs from the one before; `like` is what must be part of it."""

    def __init__(self, like: Mapping[str, Any] | None = None, least: int = 0) -> None:
        self.like = dict(like or {})
        self.least = least


NEW = Chosen()


@dataclass(frozen=True)
class Put:
    """Set the value at a pointer; `Chosen` takes what the planner chose and only looks at it."""

    pointer: str
    value: Any


@dataclass(frozen=True)
class Add:
    """Put a value into the list at a pointer, at a place (from 0; None: last)."""

    pointer: str
    value: Any
    at: int | None = None


@dataclass(frozen=True)
class Gone:
    """Take the item at a pointer out of its list."""

    pointer: str


@dataclass(frozen=True)
class Moved:
    """Put the item at a pointer at another place of its list."""

    pointer: str
    to: int


@dataclass(frozen=True)
class Rules:
    """Rename the blocks that rules name, as after a move or a removal; rules that named "" are gone."""

    names: Mapping[str, str]


@dataclass(frozen=True)
class Sentence:
    """Hold an app, what was said to it, what should happen, and the class of the wish."""

    app: str
    words: str
    changes: tuple[Any, ...]
    group: str


def load(name: str) -> Data:
    """Return one of the apps as plain data."""
    if name in OWN:
        return json.loads(json.dumps(OWN[name]))
    path = next(path for path in EXAMPLES.glob("*.json") if path.stem.split("_", 1)[-1] == NAMES[name])
    data: Data = json.loads(path.read_text(encoding="utf-8"))
    return data


NAMES = {
    "planet": "planet_quiz",
    "cards": "spanish_cards",
    "cave": "cave_story",
    "robot": "robot_friend",
    "frog": "frog_pet",
    "study": "fraction_study",
    "pizza": "pizza_maths",
    "wheel": "chore_wheel",
    "capitals": "capitals_memory",
    "catcher": "star_catcher",
    "survey": "class_survey",
    "leaf": "leaf_lab",
}


def _app(title: str, icon: str, *blocks: Data) -> Data:
    theme = {
        "palette": "sunset",
        "mode": "light",
        "font": "clean",
        "background": "confetti",
        "size": "normal",
    }
    return {
        "version": 1,
        "language": "en",
        "title": title,
        "icon": icon,
        "about": "Made by us.",
        "theme": theme,
        "layout": "stack",
        "blocks": list(blocks),
        "rules": [],
    }


OWN: dict[str, Data] = {
    "studio": _app(
        "Art and Music",
        "paint",
        {
            "type": "drawing",
            "title": "Our canvas",
            "tools": ["pen", "brush", "eraser", "stamp"],
            "stamps": ["star", "heart"],
            "mirror": False,
            "prompt": "Draw your dream house.",
        },
        {
            "type": "soundboard",
            "title": "Funny noises",
            "layout": "pads",
            "instrument": "piano",
            "pads": [
                {"label": "Boing", "icon": "ball", "note": "boing"},
                {"label": "Ding", "icon": "bell", "note": "ding"},
                {"label": "Clap", "icon": "hand", "note": "clap"},
            ],
            "record": True,
        },
    ),
    "tool": _app(
        "Word Club",
        "book",
        {
            "type": "texttool",
            "title": "Rhymes",
            "job": "rhyme",
            "target": "",
            "length": "short",
            "example": "The cat sat on the mat.",
            "button": "Rhyme it",
        },
        {
            "type": "counter",
            "title": "Points",
            "counters": [
                {"label": "Red team", "icon": "star", "start": 0, "step": 1},
                {"label": "Blue team", "icon": "star", "start": 0, "step": 1},
            ],
            "goal": 10,
        },
    ),
}


def rule(when: str, event: str, do: str, action: str, say: str = "") -> Data:
    """Return a rule as plain data."""
    return {"when": {"block": when, "event": event}, "do": {"block": do, "action": action, "say": say}}


def sentence(group: str) -> Callable[..., Sentence]:
    """Return a maker of sentences of one class."""

    def make(app: str, words: str, *changes: Any) -> Sentence:
        return Sentence(app, words, changes, group)

    return make


name, colour, look, order = (sentence(group) for group in ("name", "colour", "look", "order"))
part, item, amount, slot = (sentence(group) for group in ("part", "item", "amount", "slot"))
rules, level, several, later = (sentence(group) for group in ("rule", "level", "several", "later"))
PAL, MODE, B0, B1 = "/theme/palette", "/theme/mode", "/blocks/0", "/blocks/1"
SWAPPED = Rules({"b1": "b2", "b2": "b1"})

SENTENCES: tuple[Sentence, ...] = (
    # names, pictures, the line under the name
    name("planet", "can we call this app Space Cadets", Put("/title", "Space Cadets")),
    name("wheel", "rename it to Who Does What", Put("/title", "Who Does What")),
    name("cave", 'change the name of the story to "Dragon Night"', Put("/title", "Dragon Night")),
    name("pizza", "rename the oven part to Hot Stuff", Put(f"{B1}/title", "Hot Stuff")),
    name("catcher", "put a rocket as the icon", Put("/icon", "rocket")),
    name("survey", "remove the picture at the top", Put("/icon", "none")),
    name("planet", "the line under the title should say Learn fast", Put("/about", "Learn fast")),
    name("frog", "call the frog Hopper", Put(f"{B0}/name", "Hopper")),
    name("robot", "his name is Zed now", Put(f"{B0}/name", "Zed")),
    name("leaf", "the diary should be called Forest Notes", Put(f"{B1}/title", "Forest Notes")),
    # colours and other looks
    colour("planet", "i want everything pink", Put(PAL, "candy")),
    colour("frog", "could you make it look like the sea", Put(PAL, "ocean")),
    colour("capitals", "make it dark", Put(MODE, "dark")),
    colour("cards", "I'd like a jungle theme", Put(PAL, "jungle")),
    colour("robot", "light mode please", Put(MODE, "light")),
    colour("pizza", "make it more colourful", Put(PAL, "rainbow")),
    colour("study", "use black and white", Put(PAL, "mono")),
    colour("tool", "my favourite colour is green, use that", Put(PAL, "forest")),
    colour("survey", "turn it blue", Put(PAL, "ice")),
    colour("leaf", "can it have sunset colours", Put(PAL, "sunset")),
    colour("frog", "spooky theme", Put(PAL, "night"), Put(MODE, "dark")),
    colour("capitals", "too bright, make it darker", Put(MODE, "dark")),
    look("study", "the letters are too small", Put("/theme/size", "large")),
    look("survey", "make the words a bit smaller", Put("/theme/size", "normal")),
    look("cave", "write it like handwriting", Put("/theme/font", "hand")),
    look("catcher", "change the font to something simple", Put("/theme/font", "clean")),
    look("frog", "no bubbles in the background", Put("/theme/background", "plain")),
    look("robot", "put leaves behind everything", Put("/theme/background", "leaves")),
    look("cards", "i want stars all over the background", Put("/theme/background", "stars")),
    look("study", "show one part at a time", Put("/layout", "steps")),
    look("pizza", "put everything on one page please", Put("/layout", "stack")),
    look("leaf", "put the parts side by side", Put("/layout", "grid")),
    look("study", "i want tabs", Put("/layout", "tabs")),
    # order
    order("study", "put the checklist above the timer", Moved(B1, 0), SWAPPED),
    order("leaf", "move the diary to the top", Moved(B1, 0)),
    order("studio", "put the sounds before the drawing pad", Moved(B1, 0)),
    order("planet", "put question 3 first", Moved(f"{B0}/questions/2", 0)),
    order("cards", "the fish card should come first", Moved(f"{B0}/cards/3", 0)),
    order("wheel", "swap Ada and Dad", Moved(f"{B0}/options/3", 0), Moved(f"{B0}/options/1", 3)),
    order("capitals", "move the last pair to the start", Moved(f"{B0}/pairs/3", 0)),
    order("frog", "put sleep at the top of the needs", Moved(f"{B0}/needs/2", 0)),
    order("survey", "move the last poll question to the top", Moved(f"{B1}/questions/2", 0)),
    # whole parts
    part("planet", "add a drawing pad", Add("/blocks", Chosen({"type": "drawing"}))),
    part("frog", "give it a diary too", Add("/blocks", Chosen({"type": "journal"}))),
    part("wheel", "i also need a stopwatch", Add("/blocks", Chosen({"type": "timer", "mode": "stopwatch"}))),
    part("robot", "can I have a piano under it", Add("/blocks", Chosen({"type": "soundboard"}))),
    part("survey", "add a scoreboard", Add("/blocks", Chosen({"type": "counter"}))),
    part("planet", "add a story about a lost robot", Add("/blocks", Chosen({"type": "story"}))),
    part("cards", "add a memory game with the same words", Add("/blocks", Chosen({"type": "memory"}))),
    part(
        "study",
        "add a pet hamster called Nibbles",
        Add("/blocks", Chosen({"type": "pet", "name": "Nibbles"})),
    ),
    part("capitals", "a converter for miles would be nice", Add("/blocks", Chosen({"type": "converter"}))),
    part("leaf", "put a quiz about plants at the end", Add("/blocks", Chosen({"type": "quiz"}))),
    part("study", "take the timer away", Gone(B0), Rules({"b1": "", "b2": "b1"})),
    part("pizza", "i don't want the converter any more", Gone(B1)),
    part("leaf", "delete the journal", Gone(B1)),
    part("studio", "get rid of the sound buttons", Gone(B1)),
    part("study", "replace the timer with a memory game", Put(B0, Chosen({"type": "memory"}))),
    part("planet", "turn the quiz into flashcards", Put(B0, Chosen({"type": "flashcards"}))),
    part("studio", "instead of the drawing pad I want a poll", Put(B0, Chosen({"type": "poll"}))),
    part(
        "wheel",
        "make it a checklist instead",
        Put(B0, Chosen({"type": "checklist", "title": "Who washes up?"})),
    ),
    part("tool", "swap the counter for a timer", Put(B1, Chosen({"type": "timer"}))),
    # items: out
    item("planet", "remove the second question", Gone(f"{B0}/questions/1")),
    item("frog", "the frog does not need sleep", Gone(f"{B0}/needs/2")),
    item("catcher", "get rid of the gems", Gone(f"{B0}/good/1")),
    item("capitals", "take out the Egypt pair", Gone(f"{B0}/pairs/2")),
    item("robot", "take out the joke answer", Gone(f"{B0}/replies/1")),
    item("robot", "remove jokes from the topics", Gone(f"{B0}/topics/2")),
    item("studio", "delete the clap button", Gone(f"{B1}/pads/2")),
    item("studio", "take away the eraser", Gone(f"{B0}/tools/2")),
    item("studio", "no heart stamp please", Gone(f"{B0}/stamps/1")),
    item("leaf", "take out the smile mood", Gone(f"{B1}/moods/0")),
    item("survey", "take soup off the poll", Gone(f"{B1}/questions/1/options/2")),
    item("survey", "delete the question about ideas", Gone(f"{B1}/questions/2")),
    item("tool", "remove the blue team", Gone(f"{B1}/counters/1")),
    item("study", "i finished my maths, remove Maths page 12", Gone(f"{B1}/items/0")),
    # items: in
    item("frog", "add a need called Love", Add(f"{B0}/needs", Chosen({"label": "Love"}))),
    item("frog", "he also needs water", Add(f"{B0}/needs", Chosen({"label": "Water"}))),
    item("catcher", "i also want to catch hearts", Add(f"{B0}/good", "heart")),
    item("catcher", "add fire to the bad things", Add(f"{B0}/bad", "fire")),
    item(
        "studio",
        "add a whoosh button",
        Add(f"{B1}/pads", {"label": "Whoosh", "icon": "cloud", "note": "whoosh"}),
    ),
    item("studio", "give me a spray can", Add(f"{B0}/tools", "spray")),
    item("studio", "add a cat stamp", Add(f"{B0}/stamps", "cat")),
    item(
        "robot",
        "when I say dog it should answer Woof woof!",
        Add(f"{B0}/replies", {"keys": ["dog"], "say": "Woof woof!"}),
    ),
    item("robot", "add dinosaurs to the topics", Add(f"{B0}/topics", "dinosaurs")),
    item("survey", "add pizza to the choices", Add(f"{B1}/questions/1/options", "pizza")),
    item(
        "survey",
        "add the question Who did you eat with?",
        Add(f"{B1}/questions", {"ask": "Who did you eat with?", "kind": "text", "options": []}),
    ),
    item(
        "leaf",
        "add the question What colour was it? to the diary",
        Add(f"{B1}/prompts", "What colour was it?"),
    ),
    item("leaf", "add birch to the things it can tell", Add(f"{B0}/labels", Chosen({"name": "birch"}))),
    item("leaf", "add a heart to the moods", Add(f"{B1}/moods", "heart")),
    item(
        "tool",
        "add a green team",
        Add(f"{B1}/counters", Chosen({"label": "Green team", "start": 0, "step": 1})),
    ),
    item(
        "pizza",
        "also convert miles to km",
        Add(f"{B1}/pairs", Chosen({"frm": "miles", "to": "km", "factor": 1.609344})),
    ),
    item(
        "cave",
        "add a page: You find a golden key.",
        Add(f"{B0}/pages", Chosen({"text": "You find a golden key."})),
    ),
    item("capitals", "add the pair Spain - Madrid", Add(f"{B0}/pairs", {"a": "Spain", "b": "Madrid"})),
    item("cards", "add horse = el caballo", Add(f"{B0}/cards", {"front": "horse", "back": "el caballo"})),
    item("wheel", "put Grandma on the wheel", Add(f"{B0}/options", "Grandma")),
    item("study", "add water the plants", Add(f"{B1}/items", "water the plants")),
    item("planet", "add a question: What is the hottest planet? Venus", Add(f"{B0}/questions", NEW)),
    # items: other words
    item(
        "planet",
        "change question 2 to How big is Jupiter?",
        Put(f"{B0}/questions/1/ask", "How big is Jupiter?"),
    ),
    item(
        "planet",
        "the answer to the first question should be Pluto",
        Put(f"{B0}/questions/0/right", "Pluto"),
        Put(f"{B0}/questions/0/why", ""),
    ),
    item(
        "cave",
        "make page 2 say You meet a friendly bat.",
        Put(f"{B0}/pages/1/text", "You meet a friendly bat."),
    ),
    item("robot", "its answer to hello should be Ahoy!", Put(f"{B0}/replies/0/say", "Ahoy!")),
    item("capitals", "change Peru to Chile", Put(f"{B0}/pairs/3/a", "Chile")),
    item("frog", "rename fun to games", Put(f"{B0}/needs/1/label", "games")),
    item("frog", "the play button should say Jump!", Put(f"{B0}/needs/1/care", "Jump!")),
    item("studio", "call the first sound Pop", Put(f"{B1}/pads/0/label", "Pop")),
    item("tool", "rename the red team to Foxes", Put(f"{B1}/counters/0/label", "Foxes")),
    item("leaf", "rename oak to big oak", Put(f"{B0}/labels/0/name", "big oak")),
    item("pizza", "call the first number Friends", Put(f"{B0}/inputs/0/label", "Friends")),
    item("survey", "change Pasta to Noodles", Put(f"{B1}/questions/1/options/1", "Noodles")),
    item("cave", "change the choice Run home to Hide", Put(f"{B0}/pages/0/choices/1/say", "Hide")),
    item(
        "leaf", "change the second diary question to Who was there?", Put(f"{B1}/prompts/1", "Who was there?")
    ),
    item("wheel", "replace Ben with Bob", Put(f"{B0}/options/1", "Bob")),
    item("cards", "the back of the cat card should be la gata", Put(f"{B0}/cards/1/back", "la gata")),
    item("survey", "people can pick more than one food", Put(f"{B1}/questions/1/kind", "many")),
    # how many
    amount("planet", "two more questions", Add(f"{B0}/questions", NEW), Add(f"{B0}/questions", NEW)),
    amount("planet", "that is too many questions", Gone(f"{B0}/questions/4"), Gone(f"{B0}/questions/3")),
    amount("cards", "i want 6 cards", Add(f"{B0}/cards", NEW), Add(f"{B0}/cards", NEW)),
    amount("capitals", "2 more pairs please", Add(f"{B0}/pairs", NEW), Add(f"{B0}/pairs", NEW)),
    amount("capitals", "only 3 pairs", Gone(f"{B0}/pairs/3")),
    amount("planet", "just three questions", Gone(f"{B0}/questions/4"), Gone(f"{B0}/questions/3")),
    amount("wheel", "pick two people at once", Put(f"{B0}/count", 2)),
    # numbers
    slot("study", "work for 20 minutes", Put(f"{B0}/seconds", 1200)),
    slot("study", "make the breaks 10 minutes", Put(f"{B0}/rest", 600)),
    slot("planet", "give us half a minute for each question", Put(f"{B0}/seconds", 30)),
    slot("catcher", "i want 5 lives", Put(f"{B0}/lives", 5)),
    slot("catcher", "you need 30 points to win", Put(f"{B0}/win", 30)),
    slot("catcher", "make the game last 2 minutes", Put(f"{B0}/seconds", 120)),
    slot("capitals", "at most 20 moves", Put(f"{B0}/moves", 20)),
    slot("capitals", "let me peek for 5 seconds", Put(f"{B0}/peek", 5)),
    slot("tool", "the first to 25 wins", Put(f"{B1}/goal", 25)),
    slot("pizza", "start with 12 people", Put(f"{B0}/inputs/0/start", 12)),
    slot("pizza", "show two decimals", Put(f"{B0}/decimals", 2)),
    slot("leaf", "it must be 80 percent sure", Put(f"{B0}/sure", 80)),
    slot("tool", "the red team should start at 5", Put(f"{B1}/counters/0/start", 5)),
    # switches and choices
    slot("study", "use a drum instead of the bell", Put(f"{B0}/sound", "drum")),
    slot("cards", "show the cards in order", Put(f"{B0}/order", "given")),
    slot("cards", "don't ask me if I knew it", Put(f"{B0}/selfcheck", False)),
    slot("survey", "hide the results", Put(f"{B1}/results", "hidden")),
    slot("leaf", "don't hide my old entries", Put(f"{B1}/private", False)),
    slot("studio", "turn on the mirror", Put(f"{B0}/mirror", True)),
    slot("studio", "make it sound like bells", Put(f"{B1}/instrument", "bell")),
    slot("studio", "no recording", Put(f"{B1}/record", False)),
    slot("frog", "make him grumpy", Put(f"{B0}/mood", "grumpy")),
    slot("frog", "he should never grow up", Put(f"{B0}/grows", False)),
    slot("frog", "make him a cat", Put(f"{B0}/icon", "cat")),
    slot("catcher", "make it a dodging game", Put(f"{B0}/game", "dodge")),
    slot("catcher", "I want to be a dog", Put(f"{B0}/player", "dog")),
    slot("catcher", "speed it up", Put(f"{B0}/speed", "fast")),
    slot("tool", "it should explain words", Put(f"{B0}/job", "explain")),
    slot("tool", "give longer answers", Put(f"{B0}/length", "long")),
    slot("wheel", "use a slot machine", Put(f"{B0}/style", "slot")),
    slot("leaf", "let it look at drawings", Put(f"{B0}/input", "drawing")),
    slot("study", "show stars instead of the bar", Put(f"{B1}/progress", "stars")),
    slot("survey", "make the note a big heading", Put(f"{B0}/style", "hero")),
    slot("planet", "show the answers only at the end", Put(f"{B0}/feedback", "end")),
    # words of a slot
    slot("robot", "he should greet people with Hi there!", Put(f"{B0}/greeting", "Hi there!")),
    slot("wheel", "the button should say Go!", Put(f"{B0}/button", "Go!")),
    slot("pizza", "call the result Pizzas to order", Put(f"{B0}/result", "Pizzas to order")),
    slot("study", 'when the timer ends say "Stand up!"', Put(f"{B0}/done", "Stand up!")),
    slot("studio", "the idea to draw is a dragon with a hat", Put(f"{B0}/prompt", "a dragon with a hat")),
    slot("tool", "use the example I like green apples", Put(f"{B0}/example", "I like green apples")),
    slot("survey", "change the note to Be honest!", Put(f"{B0}/text", "Be honest!")),
    slot(
        "robot",
        "its personality: A shy robot who loves cake",
        Put(f"{B0}/persona", "A shy robot who loves cake"),
    ),
    # rules
    rules(
        "planet",
        "play a sound when an answer is wrong",
        Add("/rules", rule("b1", "wrong", "b1", "sound_bad")),
    ),
    rules(
        "study",
        "start the timer when I tick something",
        Add("/rules", rule("b2", "tick", "b1", "start_timer")),
    ),
    rules(
        "survey",
        "show the note when the poll is finished",
        Add("/rules", rule("b2", "finish", "b1", "show_block")),
    ),
    rules("planet", "no confetti any more", Gone("/rules/0")),
    rules("frog", "confetti when he is grown up", Add("/rules", rule("b1", "win", "b1", "confetti"))),
    rules(
        "cave",
        "when the story ends play a happy sound",
        Add("/rules", rule("b1", "finish", "b1", "sound_good")),
    ),
    rules("capitals", "confetti when I win", Add("/rules", rule("b1", "win", "b1", "confetti"))),
    rules("catcher", "make it shake when I get hit", Add("/rules", rule("b1", "wrong", "b1", "shake"))),
    rules(
        "study",
        "stop the timer when the list is done",
        Add("/rules", rule("b2", "finish", "b1", "stop_timer")),
    ),
    rules(
        "planet",
        'say "Great job!" when the answer is right',
        Add("/rules", rule("b1", "right", "b1", "speak", "Great job!")),
    ),
    rules(
        "tool",
        "throw confetti when a team reaches the goal",
        Add("/rules", rule("b2", "win", "b2", "confetti")),
    ),
    rules(
        "studio", "clear the drawing when I tap a sound", Add("/rules", rule("b2", "click", "b1", "reset"))
    ),
    rules(
        "robot",
        "play a sound every time I write something",
        Add("/rules", rule("b1", "change", "b1", "sound_good")),
    ),
    rules("leaf", "confetti when it is sure", Add("/rules", rule("b1", "right", "b1", "confetti"))),
    rules("leaf", "go to the diary after a guess", Add("/rules", rule("b1", "right", "b1", "next_block"))),
    rules("catcher", "it should not shake when I lose", Gone("/rules/1")),
    rules("planet", "when you win it should say Hooray instead", Put("/rules/0/do/say", "Hooray")),
    # harder, easier
    level("planet", "this is too easy, make it harder", Put(f"{B0}/seconds", 20)),
    level("catcher", "this is too easy", Put(f"{B0}/speed", "fast")),
    level("catcher", "make it easier for my little brother", Put(f"{B0}/speed", "slow")),
    level("capitals", "it's too easy", Add(f"{B0}/pairs", NEW), Add(f"{B0}/pairs", NEW)),
    level("capitals", "make the memory game easier", Put(f"{B0}/peek", 5)),
    level(
        "frog",
        "looking after him is too hard",
        Put(f"{B0}/needs/1/drain", "normal"),
        Put(f"{B0}/needs/0/drain", "slow"),
    ),
    level("tool", "make the goal harder", Put(f"{B1}/goal", 20)),
    # languages of cards and topics
    level(
        "cards",
        "make them French instead",
        Put("/title", "French Animals"),
        Put("/about", "Flip the card to see the French word."),
        Put(f"{B0}/cards/0/back", "le chien"),
        Put(f"{B0}/cards/1/back", "le chat"),
        Put(f"{B0}/cards/2/back", "l'oiseau"),
        Put(f"{B0}/cards/3/back", "le poisson"),
    ),
    level(
        "cards",
        "switch from Spanish to German",
        Put("/title", "German Animals"),
        Put("/about", "Flip the card to see the German word."),
        Put(f"{B0}/cards/0/back", "der Hund"),
        Put(f"{B0}/cards/1/back", "die Katze"),
        Put(f"{B0}/cards/2/back", "der Vogel"),
        Put(f"{B0}/cards/3/back", "der Fisch"),
    ),
    # several at once
    several(
        "planet",
        "make it purple and add a timer",
        Put(MODE, "light"),
        Add("/blocks", Chosen({"type": "timer"})),
    ),
    several(
        "frog",
        "call him Bob, make him sleepy and turn everything green",
        Put(f"{B0}/name", "Bob"),
        Put(f"{B0}/mood", "sleepy"),
        Put(PAL, "forest"),
    ),
    several("catcher", "5 lives and faster please", Put(f"{B0}/lives", 5), Put(f"{B0}/speed", "fast")),
    several(
        "study",
        "take out the timer and call it Homework",
        Gone(B0),
        Rules({"b1": "", "b2": "b1"}),
        Put("/title", "Homework"),
    ),
    several(
        "capitals",
        "add the pair Italy - Rome, then confetti when I win",
        Add(f"{B0}/pairs", {"a": "Italy", "b": "Rome"}),
        Add("/rules", rule("b1", "win", "b1", "confetti")),
    ),
    # said later, to apps as they stood then
    later("cave", "new title: The Cave of Echoes", Put("/title", "The Cave of Echoes")),
    later("pizza", "I want the app to be called Party Maths", Put("/title", "Party Maths")),
    later("frog", "his new name is Splash", Put(f"{B0}/name", "Splash")),
    later("tool", "name the second part Scores", Put(f"{B1}/title", "Scores")),
    later("planet", "use an owl for the icon", Put("/icon", "owl")),
    later("wheel", "make everything turquoise", Put(PAL, "ocean")),
    later("study", "give it warm colours", Put(PAL, "sunset")),
    later("frog", "halloween style please", Put(PAL, "night"), Put(MODE, "dark")),
    later("capitals", "my eyes hurt, dark mode", Put(MODE, "dark")),
    later("leaf", "graph paper background", Put("/theme/background", "grid")),
    later("robot", "fancy letters please, like in a book", Put("/theme/font", "serif")),
    later("survey", "normal size text", Put("/theme/size", "normal")),
    later("leaf", "all the parts on one page", Put("/layout", "stack")),
    later("study", "I want the homework list first", Moved(B1, 0), SWAPPED),
    later("planet", "make question 5 the first one", Moved(f"{B0}/questions/4", 0)),
    later("wheel", "move Dad to the front", Moved(f"{B0}/options/3", 0)),
    later("robot", "give us a note with the rules", Add("/blocks", Chosen({"type": "note"}))),
    later("catcher", "can you make a quiz about stars as well", Add("/blocks", Chosen({"type": "quiz"}))),
    later("study", "i'd love a pet cat next to it", Add("/blocks", Chosen({"type": "pet", "icon": "cat"}))),
    later("wheel", "put a calculator in too", Add("/blocks", Chosen({"type": "calculator"}))),
    later("tool", "and a soundboard please", Add("/blocks", Chosen({"type": "soundboard"}))),
    later("leaf", "bin the diary", Gone(B1)),
    later("studio", "remove the whole drawing part", Gone(B0)),
    later("study", "change the checklist into a wheel", Put(B1, Chosen({"type": "picker"}))),
    later("pizza", "I'd rather have a timer than the converter", Put(B1, Chosen({"type": "timer"}))),
    later("planet", "the third question is silly, delete it", Gone(f"{B0}/questions/2")),
    later("planet", "take out the question about rings", Gone(f"{B0}/questions/3")),
    later("frog", "delete the need for fun", Gone(f"{B0}/needs/1")),
    later("studio", "erase the star stamp", Gone(f"{B0}/stamps/0")),
    later("cards", "we already know cat, take it away", Gone(f"{B0}/cards/1")),
    later("survey", "remove option 4 of question 2", Gone(f"{B1}/questions/1/options/3")),
    later("tool", "the blue team gave up, delete them", Gone(f"{B1}/counters/1")),
    later("leaf", "drop the second prompt", Gone(f"{B1}/prompts/1")),
    later("frog", "he also needs cuddles", Add(f"{B0}/needs", Chosen({"label": "Cuddles"}))),
    later("studio", "add the boom sound to the buttons", Add(f"{B1}/pads", Chosen({"note": "kick"}))),
    later("studio", "put a rabbit on the stamps", Add(f"{B0}/stamps", "rabbit")),
    later(
        "robot",
        "teach it: when I say pizza it answers Yum yum!",
        Add(f"{B0}/replies", {"keys": ["pizza"], "say": "Yum yum!"}),
    ),
    later(
        "capitals",
        "add Germany = Berlin and Italy = Rome",
        Add(f"{B0}/pairs", {"a": "Germany", "b": "Berlin"}),
        Add(f"{B0}/pairs", {"a": "Italy", "b": "Rome"}),
    ),
    later(
        "study",
        "also add brush teeth and feed the fish to the list",
        Add(f"{B1}/items", "brush teeth"),
        Add(f"{B1}/items", "feed the fish"),
    ),
    later("wheel", "add Uncle Bob", Add(f"{B0}/options", "Uncle Bob")),
    later("tool", "add a player called Zed", Add(f"{B1}/counters", Chosen({"label": "Zed"}))),
    later("pizza", "convert cups to ml as well", Add(f"{B1}/pairs", Chosen({"to": "ml"}))),
    later("leaf", "it should also recognise willow", Add(f"{B0}/labels", Chosen({"name": "willow"}))),
    later(
        "survey",
        "add a question: What is your favourite drink?",
        Add(f"{B1}/questions", Chosen({"ask": "What is your favourite drink?"})),
    ),
    later(
        "planet",
        "replace the first question with How old is the Sun?",
        Put(f"{B0}/questions/0/ask", "How old is the Sun?"),
    ),
    later("planet", "the right answer to question 5 is Mars", Put(f"{B0}/questions/4/right", "Mars")),
    later(
        "cave",
        "on page 3 it should say You hide under the blanket.",
        Put(f"{B0}/pages/2/text", "You hide under the blanket."),
    ),
    later(
        "robot",
        "make the joke answer What is a robot's favourite music? Heavy metal!",
        Put(f"{B0}/replies/1/say", "What is a robot's favourite music? Heavy metal!"),
    ),
    later("wheel", "Ada is called Adele now", Put(f"{B0}/options/0", "Adele")),
    later("frog", "call the sleep need Dreams", Put(f"{B0}/needs/2/label", "Dreams")),
    later("survey", "rename Salad to Green salad", Put(f"{B1}/questions/1/options/3", "Green salad")),
    later("study", "item 2 should be Read chapter 9", Put(f"{B1}/items/1", "Read chapter 9")),
    later(
        "planet",
        "ten questions please",
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
    ),
    later("capitals", "one more pair", Add(f"{B0}/pairs", NEW)),
    later("study", "half an hour of work please", Put(f"{B0}/seconds", 1800)),
    later("study", "a break of 3 minutes", Put(f"{B0}/rest", 180)),
    later("catcher", "one life only", Put(f"{B0}/lives", 1)),
    later("catcher", "40 stars to win", Put(f"{B0}/win", 40)),
    later("capitals", "I only want 12 moves", Put(f"{B0}/moves", 12)),
    later("leaf", "be 90% sure", Put(f"{B0}/sure", 90)),
    later("wheel", "choose three at a time", Put(f"{B0}/count", 3)),
    later("frog", "a wild frog would be fun", Put(f"{B0}/mood", "wild")),
    later("catcher", "it should be a popping game", Put(f"{B0}/game", "pop")),
    later("studio", "I want it to sound like animals", Put(f"{B1}/instrument", "animal")),
    later("tool", "fix spelling instead of rhymes", Put(f"{B0}/job", "spellcheck")),
    later("study", "hide the progress bar", Put(f"{B1}/progress", "none")),
    later("pizza", "the formula should be a*b", Put(f"{B0}/formula", "a*b")),
    later("tool", 'the button reads "Find a rhyme"', Put(f"{B0}/button", "Find a rhyme")),
    later("planet", "fireworks when I get one right", Add("/rules", rule("b1", "right", "b1", "confetti"))),
    later(
        "wheel",
        "say Lucky you! when it stops",
        Add("/rules", rule("b1", "finish", "b1", "speak", "Lucky you!")),
    ),
    later("frog", "play a sad sound when he is hungry", Add("/rules", rule("b1", "lose", "b1", "sound_bad"))),
    later("survey", "confetti once they voted", Add("/rules", rule("b2", "finish", "b2", "confetti"))),
    later("planet", "start over when I lose", Add("/rules", rule("b1", "lose", "b1", "reset"))),
    later(
        "study", "don't play a sound when the timer finishes", Put(f"{B0}/sound", "none"), Gone("/rules/0")
    ),
    later("cave", "make the story funnier", Put("/icon", NEW), Add("/rules", NEW)),
    later("catcher", "way too hard", Put(f"{B0}/speed", "slow")),
    later("tool", "too easy, the goal", Put(f"{B1}/goal", 20)),
    later(
        "cards",
        "teach me German instead of Spanish",
        Put("/title", "German Animals"),
        Put("/about", "Flip the card to see the German word."),
        Put(f"{B0}/cards/0/back", "der Hund"),
        Put(f"{B0}/cards/1/back", "die Katze"),
        Put(f"{B0}/cards/2/back", "der Vogel"),
        Put(f"{B0}/cards/3/back", "der Fisch"),
    ),
    later(
        "frog",
        "pink, bigger text and one more need: music",
        Put(PAL, "candy"),
        Put("/theme/size", "large"),
        Add(f"{B0}/needs", Chosen({"label": "Music"})),
    ),
    later(
        "planet",
        "remove question 1 and 2, then shuffle",
        Gone(f"{B0}/questions/1"),
        Gone(f"{B0}/questions/0"),
    ),
    later("robot", "I think the app needs a better name: Robo Chat", Put("/title", "Robo Chat")),
    later("leaf", "rename the app as Tree Detective", Put("/title", "Tree Detective")),
    later("frog", "could the frog be called Kermo please", Put(f"{B0}/name", "Kermo")),
    later("capitals", "picture of a trophy please", Put("/icon", "trophy")),
    later("tool", "paint it orange", Put(PAL, "desert")),
    later("wheel", "forest colours would be lovely", Put(PAL, "forest")),
    later("catcher", "less dark please", Put(MODE, "light")),
    later("planet", "get rid of the stars in the background", Put("/theme/background", "plain")),
    later("study", "I'd like clouds behind it", Put("/theme/background", "clouds")),
    later("leaf", "Grandpa needs large print", Put("/theme/size", "large")),
    later("survey", "put them in tabs", Put("/layout", "tabs")),
    later("pizza", "converter first please", Moved(B1, 0)),
    later("frog", "put fun before hunger", Moved(f"{B0}/needs/1", 0)),
    later("robot", "add a memory game under the chat", Add("/blocks", Chosen({"type": "memory"}))),
    later("study", "could we also get a journal", Add("/blocks", Chosen({"type": "journal"}))),
    later(
        "frog",
        "add a note that says Be nice to Gus",
        Add("/blocks", Chosen({"type": "note", "text": "Be nice to Gus"})),
    ),
    later("tool", "make room for a checklist", Add("/blocks", Chosen({"type": "checklist"}))),
    later("survey", "take the poll out", Gone(B1)),
    later("pizza", "we won't need the calculator", Gone(B0)),
    later("study", "exchange the timer for a quiz about planets", Put(B0, Chosen({"type": "quiz"}))),
    later("planet", "skip question 4", Gone(f"{B0}/questions/3")),
    later("wheel", "Ben moved away, take him off", Gone(f"{B0}/options/1")),
    later(
        "cave",
        "get rid of page 3",
        Gone(f"{B0}/pages/2"),
        Put(f"{B0}/pages/0/choices/1/goto", "end"),
        Put(f"{B0}/pages/1/choices/1/goto", "end"),
        Put(f"{B0}/pages/1/choices/0/goto", "p3"),
    ),
    later("catcher", "stop catching gems", Gone(f"{B0}/good/1")),
    later("studio", "I never use the brush, delete it", Gone(f"{B0}/tools/1")),
    later("survey", "nobody likes salad, remove that", Gone(f"{B1}/questions/1/options/3")),
    later("leaf", "no question mark mood", Gone(f"{B1}/moods/1")),
    later(
        "planet", "I want to add a question: What is our star called? The Sun", Add(f"{B0}/questions", NEW)
    ),
    later(
        "cards", "new card: horse - el caballo", Add(f"{B0}/cards", {"front": "horse", "back": "el caballo"})
    ),
    later(
        "robot",
        "answer Moo! when someone says cow",
        Add(f"{B0}/replies", Chosen({"keys": ["cow"], "say": "Moo!"})),
    ),
    later("robot", "he should also know about music", Add(f"{B0}/topics", "music")),
    later("frog", "Gus needs a bath sometimes too", Add(f"{B0}/needs", NEW)),
    later("catcher", "you should also get trophies", Add(f"{B0}/good", "trophy")),
    later("studio", "another pad: Meow", Add(f"{B1}/pads", Chosen({"label": "Meow"}))),
    later(
        "pizza",
        "add a conversion from pounds to kg",
        Add(f"{B1}/pairs", Chosen({"frm": "pounds", "to": "kg"})),
    ),
    later("survey", "one more option for food: Curry", Add(f"{B1}/questions/1/options", "Curry")),
    later("capitals", "change the partner of Japan to Kyoto", Put(f"{B0}/pairs/1/b", "Kyoto")),
    later("cards", "dog should be el perrito on the back", Put(f"{B0}/cards/0/back", "el perrito")),
    later("robot", "when I say hello he should say Howdy!", Put(f"{B0}/replies/0/say", "Howdy!")),
    later(
        "survey",
        "the first poll question should be How was your day?",
        Put(f"{B1}/questions/0/ask", "How was your day?"),
    ),
    later("tool", "Red team should be called Lions", Put(f"{B1}/counters/0/label", "Lions")),
    later("capitals", "make it 6 pairs", Add(f"{B0}/pairs", NEW), Add(f"{B0}/pairs", NEW)),
    later("planet", "everybody gets 45 seconds per question", Put(f"{B0}/seconds", 45)),
    later("study", "set the timer to 1:30", Put(f"{B0}/seconds", 90)),
    later("catcher", "3 minutes of play", Put(f"{B0}/seconds", 180)),
    later("catcher", "two lives less", Put(f"{B0}/lives", 1)),
    later("tool", "raise the goal to 50", Put(f"{B1}/goal", 50)),
    later("tool", "count in steps of 2", Put(f"{B1}/counters/0/step", 2), Put(f"{B1}/counters/1/step", 2)),
    later("pizza", "no decimals", Put(f"{B0}/decimals", 0)),
    later("study", "use a beep", Put(f"{B0}/sound", "beep")),
    later("study", "I want a stopwatch instead of a countdown", Put(f"{B0}/mode", "stopwatch")),
    later("frog", "Gus should be sleepy", Put(f"{B0}/mood", "sleepy")),
    later("catcher", "make me a rocket", Put(f"{B0}/player", "rocket")),
    later("studio", "change the piano sound to a synth", Put(f"{B1}/instrument", "synth")),
    later("survey", "keep the votes secret", Put(f"{B1}/results", "hidden")),
    later("wheel", "use cards instead of a wheel", Put(f"{B0}/style", "cards")),
    later("study", "don't show any progress", Put(f"{B1}/progress", "none")),
    later("robot", "the welcome should be Hello Earthling", Put(f"{B0}/greeting", "Hello Earthling")),
    later("pizza", "name the answer Pizzas we need", Put(f"{B0}/result", "Pizzas we need")),
    later("planet", "buzz when someone is wrong", Add("/rules", rule("b1", "wrong", "b1", "sound_bad"))),
    later("cave", "confetti at the end of the story", Add("/rules", rule("b1", "finish", "b1", "confetti"))),
    later("tool", "play a jingle when somebody wins", Add("/rules", rule("b2", "win", "b2", "sound_good"))),
    later("leaf", "if it is not sure, it should shake", Add("/rules", rule("b1", "wrong", "b1", "shake"))),
    later(
        "study",
        "once everything is ticked, stop the timer",
        Add("/rules", rule("b2", "finish", "b1", "stop_timer")),
    ),
    later("wheel", "turn the sound off after a spin", Gone("/rules/0")),
    later("catcher", "forget the confetti", Gone("/rules/0")),
    later("survey", "make it cuter", Put("/icon", NEW), Add("/rules", NEW)),
    later("frog", "easier please", Put(f"{B0}/needs/0/drain", "slow"), Put(f"{B0}/needs/1/drain", "normal")),
    later(
        "planet",
        "add 2 questions and make it red",
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
        Put(PAL, "fire"),
        Put(MODE, "light"),
    ),
    later(
        "study",
        "rename it Study Time, no timer please",
        Put("/title", "Study Time"),
        Gone(B0),
        Rules({"b1": "", "b2": "b1"}),
    ),
    later(
        "frog",
        "he needs water too and make him shy",
        Add(f"{B0}/needs", Chosen({"label": "Water"})),
        Put(f"{B0}/mood", "shy"),
    ),
    later("survey", "the app should have the name Canteen Check", Put("/title", "Canteen Check")),
    later("study", "call the timer part Deep Work", Put(f"{B0}/title", "Deep Work")),
    later("robot", "let's name the robot Sparky", Put(f"{B0}/name", "Sparky")),
    later("cards", "change the picture to a dog", Put("/icon", "dog")),
    later("survey", "make it all yellow please", Put(PAL, "desert")),
    later("cave", "brighter please", Put(MODE, "light")),
    later("catcher", "not so dark", Put(MODE, "light")),
    later("wheel", "bubbles in the background would be fun", Put("/theme/background", "bubbles")),
    later("cards", "increase the font size", Put("/theme/size", "large")),
    later("leaf", "one after the other please", Put("/layout", "steps")),
    later("leaf", "show the diary first", Moved(B1, 0)),
    later("planet", "put the question about rings first", Moved(f"{B0}/questions/3", 0)),
    later("capitals", "move France to the end", Moved(f"{B0}/pairs/0", 3)),
    later("robot", "can the robot have a drawing pad", Add("/blocks", Chosen({"type": "drawing"}))),
    later(
        "catcher",
        "add a checklist: eat, sleep, play",
        Add("/blocks", Chosen({"type": "checklist", "items": ["eat", "sleep", "play"]})),
    ),
    later("cave", "put a stopwatch below the story", Add("/blocks", Chosen({"type": "timer"}))),
    later(
        "tool",
        "it needs a note on top that says Welcome",
        Add("/blocks", Chosen({"type": "note"}), 0),
        Rules({"b1": "b2", "b2": "b3"}),
    ),
    later("study", "remove the list", Gone(B1), Rules({"b2": ""})),
    later("studio", "kick out the drawing", Gone(B0)),
    later("capitals", "turn the memory game into flashcards", Put(B0, Chosen({"type": "flashcards"}))),
    later("planet", "delete the one about the red planet", Gone(f"{B0}/questions/2")),
    later("frog", "I don't want the fun need", Gone(f"{B0}/needs/1")),
    later("studio", "the ding is annoying, take it out", Gone(f"{B1}/pads/1")),
    later("wheel", "cross out Chi", Gone(f"{B0}/options/2")),
    later("catcher", "collecting gems is boring, remove gems", Gone(f"{B0}/good/1")),
    later("frog", "give Gus a need for friends", Add(f"{B0}/needs", NEW)),
    later("studio", "I want to draw circles too", Add(f"{B0}/tools", "circle")),
    later("studio", "make a new pad called Splash", Add(f"{B1}/pads", Chosen({"label": "Splash"}))),
    later("wheel", "include Mia and Noah", Add(f"{B0}/options", "Mia"), Add(f"{B0}/options", "Noah")),
    later("study", "put science homework on the checklist", Add(f"{B1}/items", "science homework")),
    later(
        "robot",
        "if I type bye it should say See you, human!",
        Add(f"{B0}/replies", {"keys": ["bye"], "say": "See you, human!"}),
    ),
    later("survey", "add the answer Rice to question 2", Add(f"{B1}/questions/1/options", "Rice")),
    later("leaf", "ask also How tall was it?", Add(f"{B1}/prompts", "How tall was it?")),
    later(
        "cave",
        "write a new page: A bear says hello.",
        Add(f"{B0}/pages", Chosen({"text": "A bear says hello."})),
    ),
    later("pizza", "we also need to convert litres to gallons", Add(f"{B1}/pairs", NEW)),
    later(
        "planet",
        "make the first question What is the hottest planet?",
        Put(f"{B0}/questions/0/ask", "What is the hottest planet?"),
    ),
    later(
        "planet",
        "in question 3 the right answer should be Mars the red",
        Put(f"{B0}/questions/2/right", "Mars the red"),
        Put(f"{B0}/questions/2/why", ""),
    ),
    later("cards", "fish should be el pescado", Put(f"{B0}/cards/3/back", "el pescado")),
    later("study", "rename Pack my bag to Pack my rucksack", Put(f"{B1}/items/2", "Pack my rucksack")),
    later(
        "pizza", "rename Slices each to Slices per person", Put(f"{B0}/inputs/1/label", "Slices per person")
    ),
    later(
        "planet",
        "add three more",
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
        Add(f"{B0}/questions", NEW),
    ),
    later("cards", "I need 10 cards", *[Add(f"{B0}/cards", NEW)] * 6),
    later("planet", "fewer questions please", Gone(f"{B0}/questions/4"), Gone(f"{B0}/questions/3")),
    later("study", "timer for 45 minutes", Put(f"{B0}/seconds", 2700)),
    later("planet", "15 seconds to answer", Put(f"{B0}/seconds", 15)),
    later("catcher", "start with 9 lives", Put(f"{B0}/lives", 9)),
    later("catcher", "win at 25 points", Put(f"{B0}/win", 25)),
    later("tool", "whoever gets 30 points wins", Put(f"{B1}/goal", 30)),
    later("capitals", "limit it to 15 moves", Put(f"{B0}/moves", 15)),
    later("wheel", "always pick 2 kids", Put(f"{B0}/count", 2)),
    later("cards", "keep my order", Put(f"{B0}/order", "given")),
    later("frog", "could he be wild", Put(f"{B0}/mood", "wild")),
    later("frog", "turn Gus into a dragon", Put(f"{B0}/icon", "dragon")),
    later("catcher", "change it to a shooting game", Put(f"{B0}/game", "shoot")),
    later("studio", "switch on mirror drawing", Put(f"{B0}/mirror", True)),
    later("survey", "results should stay hidden", Put(f"{B1}/results", "hidden")),
    later(
        "tool",
        "I want it to translate into German",
        Put(f"{B0}/job", "translate"),
        Put(f"{B0}/target", "German"),
    ),
    later("wheel", "write Turn! on the button", Put(f"{B0}/button", "Turn!")),
    later(
        "robot", "he should say hello with Beep beep, friend!", Put(f"{B0}/greeting", "Beep beep, friend!")
    ),
    later(
        "study",
        "at the end of the timer it should say Well done, break time!",
        Put(f"{B0}/done", "Well done, break time!"),
    ),
    later(
        "planet", "a happy sound for right answers", Add("/rules", rule("b1", "right", "b1", "sound_good"))
    ),
    later("capitals", "shake when I pick the wrong pair", Add("/rules", rule("b1", "wrong", "b1", "shake"))),
    later(
        "tool", "when I tap the counter play a ding", Add("/rules", rule("b2", "click", "b2", "sound_good"))
    ),
    later(
        "study",
        "when the timer ends go to the checklist",
        Add("/rules", rule("b1", "finish", "b1", "next_block")),
    ),
    later("catcher", "turn off the shaking", Gone("/rules/1")),
    later("wheel", "no sound when it stops", Gone("/rules/0")),
    later("planet", "could it be a bit sillier", Put("/icon", NEW), Add("/rules", NEW)),
    later("capitals", "less difficult please", Put(f"{B0}/peek", 5)),
    later(
        "cards",
        "I want to learn German, not Spanish",
        Put("/title", "German Animals"),
        Put("/about", NEW),
        Put(f"{B0}/cards/0/back", "der Hund"),
        Put(f"{B0}/cards/1/back", "die Katze"),
        Put(f"{B0}/cards/2/back", "der Vogel"),
        Put(f"{B0}/cards/3/back", "der Fisch"),
    ),
    later(
        "wheel",
        "make it blue and add Tom and Tim",
        Put(PAL, "ice"),
        Add(f"{B0}/options", "Tom"),
        Add(f"{B0}/options", "Tim"),
    ),
    later(
        "planet",
        "remove the last question, add a timer and use a pixel font",
        Gone(f"{B0}/questions/4"),
        Add("/blocks", Chosen({"type": "timer"})),
        Put("/theme/font", "pixel"),
    ),
    later("study", "no sound at the end", Put(f"{B0}/sound", "none"), Gone("/rules/0")),
    later("leaf", "when it sees oak it should say Hello, oak!", Put(f"{B0}/labels/0/say", "Hello, oak!")),
    later(
        "tool",
        "call the teams Cats and Dogs",
        Put(f"{B1}/counters/0/label", "Cats"),
        Put(f"{B1}/counters/1/label", "Dogs"),
    ),
)

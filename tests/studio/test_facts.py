"""Facts: every generated question is true by an oracle that reads the files on its own, and misses are honest."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import resources
from resources.facts import generate
from studio.blueprints import schema
from studio.blueprints.facts import FactLibrary
from studio.errors import DamagedError, NotFoundError

FOLDER = resources.folder() / "facts"
LIBRARY = FactLibrary.load()
NARROWER = ("times-table-7", "times-table-2-5-10", "addition-to-100", "subtraction-to-50", "addition-to-10")
SEEDS = range(20)
CLUMSY = re.compile(
    r"\b[Aa] [aeiou](?!ni|ne |se|u)|\b[Aa]n (?!hour)[^aeiouAEIOU“]|\bthe the\b|  |[{}]|^\s|\s$"
)
BLUEPRINT = schema("blueprint")


def read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data


HEADS = {head["id"]: head for head in read("index")["packs"]}
FILES = sorted({head["file"] for head in HEADS.values() if "file" in head})
TABLES = [name for name, head in HEADS.items() if "file" in head]
COMPUTED = [name for name, head in HEADS.items() if "computed" in head] + list(NARROWER)


def faults(data: Any, reference: str) -> list[str]:
    rules = read("facts.schema")
    rules = rules if not reference else {"$defs": rules["$defs"], "$ref": f"#/$defs/{reference}"}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(rules).iter_errors(data)]


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip() or text


# ---- the files


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(read("facts.schema"))


@pytest.mark.parametrize("name", FILES)
def test_a_pack_follows_the_schema_and_names_only_facts_that_it_has(name: str) -> None:
    data = read(name)
    assert faults(data, "") == []
    known = {key for thing in data["things"] for key in thing["facts"]}
    asked = set(data["attributes"])
    assert asked <= known
    assert {form["fact"] for form in (*data.get("cards", ()), *data.get("pairs", ()))} <= asked
    assert {form["near"] for form in data["attributes"].values() if "near" in form} <= known
    assert {
        key for thing in data["things"] for key in (*thing.get("also", ()), *thing.get("why", ()))
    } <= known
    names = [plain(thing["name"]) for thing in data["things"]]
    assert len(set(names)) == len(names)
    asks = [plain(item["ask"]) for item in data.get("questions", ())]
    assert len(set(asks)) == len(asks)


def test_the_index_follows_the_schema_and_lists_every_file() -> None:
    assert faults(read("index"), "index") == []
    assert faults(read("words"), "words") == []
    assert len(HEADS) == len(read("index")["packs"])
    others = {"index", "words", "facts.schema"}
    assert {path.stem for path in FOLDER.glob("*.json")} - others == set(FILES)


@pytest.mark.parametrize("name", HEADS)
def test_a_head_suggests_looks_that_a_blueprint_knows(name: str) -> None:
    head, kinds = HEADS[name], BLUEPRINT["$defs"]
    assert head["icon"] in kinds["icon"]["enum"]
    assert head["palette"] in kinds["theme"]["properties"]["palette"]["enum"]
    assert head["background"] in kinds["theme"]["properties"]["background"]["enum"]
    made = head.get("file") in generate.MADE
    assert head["source"]["kind"] == ("computed" if "computed" in head else "package" if made else "hand")


@pytest.mark.parametrize("name", generate.MADE)
def test_what_comes_from_a_package_is_made_anew_to_the_letter(name: str) -> None:
    made = generate.text_of(generate.MADE[name]())
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == made
    notes = {head["source"]["note"] for head in HEADS.values() if head.get("file") == name}
    assert len(notes) == 1
    for package, version in generate.packages().items():
        assert package not in notes.copy().pop() or f"{package} {version}" in notes.copy().pop()


# ---- an oracle of our own


def article(noun: str) -> str:
    return f"an {noun}" if noun[0].casefold() in "aeiou" else f"a {noun}"


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Oracle:
    """Judge the questions of one file, straight from its JSON."""

    def __init__(self, name: str) -> None:
        head = HEADS[name]
        self.data = read(head["file"])
        where = head.get("where", {})
        self.things = [
            t for t in self.data["things"] if all(t["facts"].get(k) in v for k, v in where.items())
        ]
        self.columns = {k: v for k, v in self.data["attributes"].items() if k not in where}
        self.sentence = self.data.get("sentence_answers", True)
        self.written = {} if where else {item["ask"]: item for item in self.data.get("questions", ())}

        self._named: dict[str, dict[str, dict[str, Any]]] = {}
        self.judges: dict[str, list[Callable[[Any], bool]]] = {}
        for key, form in self.columns.items():
            for thing in self.things:
                if self.facts(thing, key):
                    self.add(form, "ask", thing, self.facts(thing, key)[0], self.judge_ask, key, thing)
            pool = {value for thing in self.things for value in self.facts(thing, key)}
            for value in pool:
                self.add(form, "back", {"name": "x"}, value, self.judge_back, key, value)
                self.add(form, "odd", {"name": "x"}, value, self.judge_odd, key, value)
            self.add(form, "most", {"name": "x"}, "x", self.judge_most, key, 1)
            self.add(form, "least", {"name": "x"}, "x", self.judge_most, key, -1)
        for ask, item in self.written.items():
            self.judges.setdefault(ask, []).append(partial(self.judge_written, item))

    def add(self, form: dict[str, str], way: str, thing: Any, value: Any, judge: Any, *known: Any) -> None:
        if way in form:
            self.judges.setdefault(self.say(form[way], thing, value), []).append(partial(judge, *known))

    def say(self, template: str, thing: dict[str, Any], value: Any) -> str:
        text = f"{value:,}" if isinstance(value, int) else value
        forms = {
            "name": thing["name"],
            "the": thing.get("the", thing["name"]),
            "a": thing.get("a", article(thing["name"])),
            "value": text,
        }
        forms |= {key.capitalize(): upper(form) for key, form in forms.items()} | {"a_value": article(text)}
        return re.sub(r"\{(\w+)\}", lambda place: forms[place[1]], template)

    def alone(self, text: str) -> str:
        return upper(text) if self.sentence else text

    def facts(self, thing: dict[str, Any], key: str) -> list[Any]:
        return listed(thing["facts"].get(key, []))

    def true(self, thing: dict[str, Any], key: str) -> list[Any]:
        return self.facts(thing, key) + thing.get("also", {}).get(key, [])

    def named(self, key: str, answer: str) -> dict[str, Any]:
        if key not in self._named:
            form = self.columns[key].get("names", "{name}")
            rows = [thing for thing in self.things if self.facts(thing, key)]
            self._named[key] = {self.alone(self.say(form, thing, "x")): thing for thing in rows}
            assert len(self._named[key]) == len(rows), key
        return self._named[key][answer]

    def shown(self, key: str, value: Any) -> str:
        return self.alone(self.say(self.columns[key].get("show", "{value}"), {"name": "x"}, value))

    def judge_written(self, item: dict[str, Any], question: Any) -> bool:
        same = item["right"] == question.right and set(question.wrong) <= set(item["wrong"])
        return same and item["right"] not in item["wrong"] and item["why"] == question.why

    def judge_ask(self, key: str, thing: dict[str, Any], question: Any) -> bool:
        right = {self.shown(key, value) for value in self.facts(thing, key)}
        true = {self.shown(key, value) for value in self.true(thing, key)}
        pool = {self.shown(key, value) for other in self.things for value in self.facts(other, key)}
        wrong = set(question.wrong)
        return question.right in right and not wrong & true and wrong <= pool

    def judge_back(self, key: str, value: Any, question: Any) -> bool:
        others = [self.named(key, answer) for answer in question.wrong]
        has = value in self.facts(self.named(key, question.right), key)
        return has and not any(value in self.true(other, key) for other in others)

    def judge_odd(self, key: str, value: Any, question: Any) -> bool:
        others = [self.named(key, answer) for answer in question.wrong]
        lacks = value not in self.true(self.named(key, question.right), key)
        return lacks and all(value in self.facts(other, key) for other in others)

    def judge_most(self, key: str, sign: int, question: Any) -> bool:
        own, *others = (
            self.facts(self.named(key, name), key)[0] for name in (question.right, *question.wrong)
        )
        return all(sign * other < sign * own for other in others)


@pytest.mark.parametrize("name", TABLES)
def test_every_question_of_a_table_is_true_and_every_wrong_answer_is_false(name: str) -> None:
    oracle = Oracle(name)
    for seed in SEEDS:
        for question in LIBRARY.get(name).quiz(40, seed):
            judges = oracle.judges.get(question.ask, [])
            assert judges, question
            assert all(judge(question) for judge in judges), question


def clock_minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) % 12 * 60 + int(minute)


SAID = {"quarter past": 15, "half past": 30, "ten past": 10, "quarter to": -15, "twenty to": -20}
PARTS = {"half": 2, "a third": 3, "a quarter": 4, "a fifth": 5, "a tenth": 10}


SMALLEST = {
    "millimetres": 1, "centimetre": 10, "centimetres": 10, "metre": 1000, "metres": 1000, "kilometre": 10**6,
    "kilometres": 10**6, "grams": 1, "kilogram": 1000, "kilograms": 1000, "tonne": 10**6, "tonnes": 10**6,
    "millilitres": 1, "litre": 1000, "litres": 1000, "seconds": 1, "minute": 60, "minutes": 60, "hour": 3600,
    "hours": 3600, "day": 86400, "days": 86400, "week": 604800, "weeks": 604800,
}  # fmt: skip
"""How many of the smallest unit of its sort each unit is."""
SIGNS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def from_roman(text: str) -> int:
    values = [SIGNS[sign] for sign in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def counted(text: str) -> int:
    return int(text.replace(",", ""))


def worked_out(ask: str) -> tuple[str, Any]:
    """Work out a computed question; the first value says how to read its answers."""
    if found := re.fullmatch(r"What is (\d+) ([×+−÷]) (\d+)\?", ask):
        a, b = int(found[1]), int(found[3])
        return "number", {"×": a * b, "+": a + b, "−": a - b, "÷": Fraction(a, b)}[found[2]]
    if found := re.fullmatch(r"What is (half|a \w+) of (\d+)\?", ask):
        return "number", Fraction(int(found[2]), PARTS[found[1]])
    if found := re.fullmatch(r"Which fraction is the same as (\d+/\d+)\?", ask):
        return "fraction", Fraction(found[1])
    if found := re.fullmatch(r"It is (\d+:\d\d)\. What time will it be in (\d+) minutes\?", ask):
        return "clock", (clock_minutes(found[1]) + int(found[2])) % 720
    return worked_out_more(ask)


def worked_out_more(ask: str) -> tuple[str, Any]:
    """Go on where the other half of the forms ends."""
    if found := re.fullmatch(r"How many (\w+) are (?:in )?([\d,]+) (\w+)\?", ask):
        size = SMALLEST[found[3]] * int(found[2].replace(",", ""))
        return "count", Fraction(size, SMALLEST[found[1]])
    if found := re.fullmatch(r"Which number is the Roman numeral (\w+)\?", ask):
        return "number", from_roman(found[1])
    if found := re.fullmatch(r"How do you write (\d+) as a Roman numeral\?", ask):
        return "roman", int(found[1])
    found = re.fullmatch(r"How do you write “(?:(\d+) o'clock|(\w+ \w+) (\d+))” in numbers\?", ask)
    assert found, ask
    if found[1]:
        return "clock", int(found[1]) % 12 * 60
    return "clock", (int(found[3]) % 12 * 60 + SAID[found[2]]) % 720


@pytest.mark.parametrize("name", COMPUTED)
def test_every_computed_question_is_right_and_every_wrong_answer_is_not(name: str) -> None:
    read_as = {
        "number": int, "fraction": Fraction, "clock": clock_minutes, "count": counted, "roman": from_roman,
    }  # fmt: skip
    for seed in SEEDS:
        for question in LIBRARY.get(name).quiz(40, seed):
            kind, answer = worked_out(question.ask)
            assert read_as[kind](question.right) == answer, question
            assert all(read_as[kind](wrong) != answer for wrong in question.wrong), question


@pytest.mark.parametrize("name", COMPUTED)
def test_narrower_computed_packs_stay_in_their_bounds(name: str) -> None:
    questions = LIBRARY.get(name).quiz(500, 1)
    numbers = [[int(n) for n in re.findall(r"\d+", q.ask)] for q in questions]
    if name.startswith("times-table-"):
        tables = {int(n) for n in name.split("-")[2:]}
        assert {last for *_, last in numbers} == tables
    elif "-to-" in name:
        most = int(name.rsplit("-", 1)[1])
        largest = [max(*pair, int(q.right)) for pair, q in zip(numbers, questions, strict=True)]
        assert max(largest) <= most
    assert len(questions) >= 12


# ---- what every pack promises


@pytest.mark.parametrize("name", [*HEADS, *NARROWER])
def test_items_fit_the_blueprint_and_are_distinct(name: str) -> None:
    pack = LIBRARY.get(name)
    validators = {
        kind: Draft202012Validator({"$defs": BLUEPRINT["$defs"], "$ref": f"#/$defs/item_{kind}"})
        for kind in ("quiz_questions", "flashcards_cards", "memory_pairs")
    }
    for seed in SEEDS:
        questions, cards, pairs = pack.quiz(20, seed), pack.cards(40, seed), pack.pairs(12, seed)
        for kind, items in zip(validators, (questions, cards, pairs), strict=True):
            assert all(validators[kind].is_valid(item.model_dump(mode="json")) for item in items), (
                kind,
                seed,
            )
        for question in questions:
            answers = [plain(answer) for answer in (question.right, *question.wrong)]
            assert len(set(answers)) == len(answers), question
        for texts in (
            [question.ask for question in questions],
            [card.front for card in cards],
            [pair.a for pair in pairs] + [pair.b for pair in pairs],
        ):
            assert len({plain(text) for text in texts}) == len(texts), (texts, seed)


@pytest.mark.parametrize("name", [*HEADS, *NARROWER])
def test_a_pack_has_enough_to_say(name: str) -> None:
    pack = LIBRARY.get(name)
    assert len(pack.quiz(100, 0)) >= 12
    assert len(pack.cards(100, 0)) >= 12
    assert len(pack.pairs(12, 0)) >= 4
    if name in TABLES:
        data = Oracle(name)
        assert len(data.things) + len(data.written) >= 12


@pytest.mark.parametrize("name", [*HEADS, *NARROWER])
def test_questions_read_well(name: str) -> None:
    for question in LIBRARY.get(name).quiz(500, 0):
        for text in (question.ask, question.right, *question.wrong, question.why):
            assert not CLUMSY.search(text), text
        assert question.ask.endswith("?")
        assert question.ask[0].isupper()
        if name in TABLES:
            words = f" {plain(question.ask)} "
            said = f" {plain(question.right)} " in words
            assert not said or any(f" {plain(wrong)} " in words for wrong in question.wrong), question


@pytest.mark.parametrize("name", ["capitals", "animals", "sharks", "times-table-7"])
def test_a_seed_gives_the_same_items_and_another_seed_others(name: str) -> None:
    again = FactLibrary.load().get(name)
    pack = LIBRARY.get(name)
    assert pack.quiz(8, 3) == again.quiz(8, 3)
    assert pack.cards(8, 3) == again.cards(8, 3)
    assert pack.pairs(4, 3) == again.pairs(4, 3)
    assert len({pack.quiz(8, seed) for seed in SEEDS}) == len(SEEDS)


def test_more_questions_avoid_those_that_are_there() -> None:
    pack = LIBRARY.get("sharks")
    first = pack.quiz(10, 1)
    more = pack.quiz(10, 1, avoid=[question.ask.upper() for question in first])
    assert len(more) == 10
    assert not {question.ask for question in first} & {question.ask for question in more}
    every = pack.quiz(1000, 1)
    assert pack.quiz(5, 1, avoid=[question.ask for question in every]) == ()
    cards = pack.cards(5, 1)
    assert not {c.front for c in cards} & {c.front for c in pack.cards(40, 1, avoid=[c.front for c in cards])}


@pytest.mark.parametrize("count", [0, -1])
def test_nothing_is_made_when_nothing_is_asked_for(count: int) -> None:
    pack = LIBRARY.get("planets")
    assert pack.quiz(count, 1) == pack.cards(count, 1) == pack.pairs(count, 1) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quiz_is_varied(seed: int) -> None:
    rights = [
        question.right for question in LIBRARY.get("capitals").quiz(10, seed) if "capital" in question.ask
    ]
    assert len(set(rights)) == len(rights)
    kinds = {
        question.ask.split()[0] + question.ask.split()[1]
        for question in LIBRARY.get("animals").quiz(10, seed)
    }
    assert len(kinds) >= 4


# ---- the library


def test_the_index_is_enough_until_a_pack_is_used(tmp_path: Path) -> None:
    for name in ("index.json", "words.json"):
        shutil.copy(FOLDER / name, tmp_path / name)
    library = FactLibrary.load(tmp_path)
    pack = library.find("a quiz about sharks")
    assert pack is not None
    assert (pack.id, str(pack.title), pack.origin) == ("sharks", "Sharks", "facts:sharks")
    assert len(library.packs) == len(HEADS)
    with pytest.raises(DamagedError) as caught:
        pack.quiz(1, 1)
    assert caught.value.phrases[1:]


@pytest.mark.parametrize(
    "name", ["no-such-pack", "times-table-0", "times-table-99", "planets-to-10", "", "../x"]
)
def test_an_unknown_pack_is_not_found(name: str) -> None:
    with pytest.raises(NotFoundError):
        LIBRARY.get(name)


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"packs": 3}', '{"packs": [{"id": "x"}]}', '{"other": []}']
)
def test_a_damaged_index_is_reported(tmp_path: Path, broken: str) -> None:
    shutil.copy(FOLDER / "words.json", tmp_path / "words.json")
    (tmp_path / "index.json").write_text(broken, encoding="utf-8")
    with pytest.raises(DamagedError):
        FactLibrary.load(tmp_path)


FOUND = {
    "make a quiz about sharks": "sharks",
    "a quiz about planets": "planets",
    "plannets quiz": "planets",
    "the planetts, please!": "planets",
    "our solar system": "planets",
    "quiz on the solar sistem": "planets",
    "un cuestionario sobre los planetas": "planets",
    "ein Quiz über Planeten": "planets",
    "un quiz sur les planètes": "planets",
    "planets not sharks": "planets",
    "dinosuars quiz for my little brother": "dinosaurs",
    "make it about dinosaurs": "dinosaurs",
    "DINOSAURIER Quiz": "dinosaurs",
    "t-rex game": "dinosaurs",
    "animals": "animals",
    "anmials quiz": "animals",
    "farm animals": "animals",
    "sea animals": "ocean",
    "ocean animals quiz": "ocean",
    "sharks in the ocean": "sharks",
    "tiburones": "sharks",
    "Haie": "sharks",
    "capital cities": "capitals",
    "captials of the world": "capitals",
    "European capitals": "capitals-europe",
    "capital cities of Europe": "capitals-europe",
    "capitals of Africa": "capitals-africa",
    "capitales de Europa": "capitals-europe",
    "my body": "human-body",
    "the human body and its organs": "human-body",
    "times tables": "times-tables",
    "times tables up to 12": "times-tables",
    "quiz with 10 questions about times tables": "times-tables",
    "multiplication": "times-tables",
    "Einmaleins": "times-tables",
    "7 times table": "times-table-7",
    "seven times table": "times-table-7",
    "the 7 times tables": "times-table-7",
    "7x table": "times-table-7",
    "times table of 8": "times-table-8",
    "2, 5 and 10 times tables": "times-table-2-5-10",
    "tabla del 7": "times-table-7",
    "table de 7": "times-table-7",
    "7er Einmaleins": "times-table-7",
    "addition": "addition",
    "addition up to 100": "addition-to-100",
    "adding up to 20": "addition-to-20",
    "subtraction within 20": "subtraction-to-20",
    "addition and subtraction": "mental-maths",
    "maths quiz": "mental-maths",
    "division": "division",
    "fractions": "fractions",
    "telling the time": "clock",
    "roman numerals": "roman-numerals",
    "converting metric units": "units",
    "the periodic table": "elements",
    "money of the world": "currencies",
    "time zones": "world-clocks",
    "the greek alphabet": "greek-letters",
    "days of the week in Italian": "italian-calendar",
    "countries in French": "french-countries",
    "spanish": "spanish-words",
    "learn spanish": "spanish-words",
    "spanish animals": "spanish-animals",
    "animals in Spanish": "spanish-animals",
    "the colours in french": "french-colours",
    "german numbers": "german-numbers",
    "weather": "weather",
    "das Wetter": "weather",
    "plants": "plants",
    "stars and space": "space",
    "outer space": "space",
    "geography quiz": "world",
    "a quiz about birds": "birds",
    "spiders and insects": "insects",
    "insetcs quiz": "insects",
    "un quiz sur les insectes": "insects",
    "baby animals": "baby-animals",
    "animals and their babies": "baby-animals",
    "Tierkinder": "baby-animals",
    "rivers and lakes": "rivers-and-mountains",
    "ein Quiz über Flüsse": "rivers-and-mountains",
    "famous inventors": "inventions",
    "inventos": "inventions",
    "states of matter": "materials",
    "solids, liquids and gases": "materials",
    "magnets": "forces",
    "electricity quiz": "forces",
    "lumière et son": "forces",
    "3d shapes": "shapes",
    "geometría": "shapes",
    "music": "music",
    "musical instruments": "music",
    "ein Musik Quiz": "music",
    "how computers work": "computing",
    "safe passwords": "computing",
    "binary": "binary",
    "road safety": "safety",
    "Erste Hilfe": "safety",
    "pocket money": "money-sense",
    "parts of speech": "english-grammar",
    "opposites": "opposites",
    "singular and plural": "plurals",
    "there, their and they're": "homophones",
    "ancient Egypt": "ancient-egypt",
    "the Greek gods": "ancient-greece",
    "a quiz about the Romans": "ancient-rome",
    "Roman emperors": "ancient-rome",
    "sports": "sports",
    "los deportes": "sports",
    "a quiz about food": "food",
    "fruit and vegetables": "food",
    "learn Italian": "italian-words",
    "animals in Italian": "italian-animals",
    "Italian colours": "italian-colours",
    "italian numbers": "italian-numbers",
    "food in Italian": "italian-food",
}
MISSED = [
    "football gossip",
    "football",
    "capital letters",
    "a quiz about capital letters",
    "the body of water near us",
    "french fries recipe",
    "french football players",
    "spanish history",
    "paper planes",
    "plants vs zombies",
    "power plant safety",
    "space invaders",
    "star wars",
    "shark tank",
    "minecraft",
    "pokemon",
    "harry potter",
    "Taylor Swift",
    "my best friend",
    "my cat Tom",
    "pizza toppings",
    "birthday party",
    "a timer for brushing teeth",
    "packing list for camp",
    "a quiz about volcanoes",
    "angry birds",
    "monkey business",
    "a list of things to insert",
    "my little angel",
    "truth or dare spinner",
    "invent a new game",
    "what remains to do",
    "photo montage",
    "time in Lagos",
    "Rio de Janeiro",
    "Hannah Montana",
    "spider man",
    "a bug in my program",
    "mountain bike",
    "investor news",
    "list of materials",
    "air force",
    "electrician near me",
    "geometry dash",
    "background music",
    "computer games",
    "password generator",
    "non-binary",
    "savings tracker",
    "grammar school",
    "verbs in French",
    "opposite sex",
    "flight to Egypt",
    "Greek salad",
    "sports car",
    "shopping list for food",
    "Italian restaurant",
    "who does the dishes",
    "knights and castles",
    "world war 2",
    "video games",
    "school rules",
    "division rivals football",
    "a quiz but not about animals",
    "seating plan with tables of 4",
    "",
    "   ",
    "🐟🐟🐟",
    "?!",
]


@pytest.mark.parametrize(("words", "name"), FOUND.items())
def test_words_find_their_pack(words: str, name: str) -> None:
    pack = LIBRARY.find(words)
    assert pack is not None
    assert pack.id == name


@pytest.mark.parametrize("words", MISSED)
def test_words_that_no_pack_is_about_find_nothing(words: str) -> None:
    assert LIBRARY.find(words) is None


@pytest.mark.parametrize("name", HEADS)
def test_every_topic_finds_its_own_pack_and_every_trap_does_not(name: str) -> None:
    for topic in HEADS[name]["topics"]:
        pack = LIBRARY.find(topic.removeprefix("="))
        assert pack is not None, topic
        assert pack.id == name, topic
    for trap in HEADS[name].get("traps", ()):
        pack = LIBRARY.find(trap)
        assert pack is None or pack.id != name, trap


def test_a_smaller_subject_is_found_only_when_a_broader_pack_will_do() -> None:
    assert LIBRARY.find("a quiz about Saturn") is None
    pack = LIBRARY.find("a quiz about Saturn", broader=True)
    assert pack is not None
    assert pack.id == "planets"
    assert LIBRARY.find("football gossip", broader=True) is None


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_words_are_answered(words: str) -> None:
    pack = LIBRARY.find(words, broader=True)
    assert pack is None or LIBRARY.get(pack.id) is pack


def test_a_very_long_wish_is_answered() -> None:
    pack = LIBRARY.find("a quiz about planets " + "anmials and zzzzzzz " * 5000)
    assert pack is not None

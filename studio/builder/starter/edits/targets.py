"""Which part and which item a clause means."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from studio.builder.starter import patterns
from studio.builder.starter.edits.state import LIST_OF, State, name_of
from studio.builder.starter.kinds import part_names
from studio.builder.starter.vocabulary import number_of, plain, read

ORDINALS = {
    **{
        word: n
        for n, word in enumerate(
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
        )
    },
    **{f"{n}{end}": n for n in range(1, 41) for end in ("st", "nd", "rd", "th")},
    "primera": 1,
    "primer": 1,
    "primero": 1,
    "segunda": 2,
    "segundo": 2,
    "tercera": 3,
    "tercer": 3,
    "cuarta": 4,
    "quinta": 5,
    "premiere": 1,
    "premier": 1,
    "deuxieme": 2,
    "troisieme": 3,
    "quatrieme": 4,
    "cinquieme": 5,
    "erste": 1,
    "ersten": 1,
    "zweite": 2,
    "zweiten": 2,
    "dritte": 3,
    "dritten": 3,
    "vierte": 4,
    "vierten": 4,
    "funfte": 5,
    "last": -1,
    "final": -1,
    "ultima": -1,
    "ultimo": -1,
    "derniere": -1,
    "dernier": -1,
    "letzte": -1,
    "letzten": -1,
}
ITEM_WORDS = {
    "quiz": r"questions?|preguntas?|fragen?|riddles?|sums?",
    "flashcards": r"cards?|flashcards?|tarjetas?|cartes?|karten?|words?",
    "checklist": r"items?|things?|tasks?|to-?dos?|lines?|cosas?|tareas?|choses?|taches?|aufgaben?|list|lista|liste",
    "picker": r"options?|names?|choices?|slices?|opcion(?:es)?|nombres?|noms?|namen?|wheel|spinner|ruleta|roue|rad|"
    r"picker",
    "memory": r"pairs?|parejas?|paires?|paare?",
    "counter": r"counters?|teams?|players?|scoreboard|contador(?:es)?",
    "poll": r"questions?|poll questions?",
    "journal": r"prompts?",
    "soundboard": r"pads?|buttons?|sounds?",
    "classifier": r"labels?|groups?",
    "story": r"pages?|paginas?|seiten?",
    "pet": r"needs?",
    "converter": r"units?|pairs?",
    "calculator": r"inputs?|numbers?",
    "chatbot": r"replies|answers",
}
ORDINAL = "|".join(sorted(map(re.escape, ORDINALS), key=len, reverse=True))


def find_part(words: str, state: State, *, among: tuple[str, ...] | None = None) -> int | None:
    """Return the place of the part that plain words name ("the timer", "part 2", its own title), or None."""
    match = patterns.search(r"\b(?:block|part|b|parte|partie|teil) ?(?:number )?(\d)\b", words)
    if match and 1 <= int(match[1]) <= len(state.kinds):
        return int(match[1]) - 1
    match = patterns.search(rf"\b({ORDINAL}) (?:block|part|parte|partie|teil)\b", words)
    if match and ORDINALS[match[1]] <= len(state.kinds):
        return (ORDINALS[match[1]] - 1) % len(state.kinds)
    for kind, pattern in part_names().items():
        if kind in state.kinds and (among is None or kind in among) and pattern.search(words):
            places = [place for place, own in enumerate(state.kinds) if own == kind]
            ordinal = patterns.search(
                rf"\b({ORDINAL}) (?:{pattern.pattern.removeprefix(chr(92) + 'b')})", words
            )
            number = ORDINALS[ordinal[1]] if ordinal else 1
            return places[min(number - 1, len(places) - 1) if number > 0 else -1]
    return _by_other_name(words, state, among)


def _by_other_name(words: str, state: State, among: tuple[str, ...] | None) -> int | None:
    """Return the part that goes by another word in an open app: its title, its pet's name, "the game"."""
    found: list[tuple[int, int]] = []
    for place, kind in enumerate(state.kinds):
        if among is not None and kind not in among:
            continue
        block = state.blueprint.blocks[place]
        own = [plain(block.title)]
        if block.type in ("pet", "chatbot"):
            own += [plain(block.name), block.icon]
        names = "|".join(re.escape(one) for one in own if len(one) > 2)
        match = patterns.search(rf"\b(?:{names})\b", words) if names else None
        match = match or called()[kind].search(words)
        if match:
            found.append((match.start(), place))
    return min(found)[1] if found else None


@functools.cache
def called() -> Mapping[str, patterns.Pattern]:
    """Return further words for a part that is there already; too plain to ask for a new one."""
    return {kind: patterns.lazy(rf"\b(?:{words})\b") for kind, words in read("edits.json")["called"].items()}


def find_list_part(words: str, state: State) -> int | None:
    """Return the part whose items plain words mean: by its name, by the word for its items, else the only list."""
    place = find_part(words, state, among=tuple(LIST_OF))
    if place is not None:
        return place
    for place, kind in enumerate(state.kinds):
        if kind in ITEM_WORDS and patterns.search(rf"\b(?:{ITEM_WORDS[kind]})\b", words):
            return place
    lists = [place for place, kind in enumerate(state.kinds) if kind in LIST_OF]
    return lists[0] if len(lists) == 1 else None


def find_index(words: str, kind: str, count: int) -> int | None:
    """Return which item (from 1) "question 2" or "the last card" means, or None; may lie beyond the end."""
    noun = ITEM_WORDS.get(kind, "items?")
    match = patterns.search(rf"\b(?:{noun}) (?:number |no\.? ?|nr\.? ?|#)?(\d{{1,2}}|[a-z]+)\b", words)
    number = number_of(match[1]) if match else None
    if number is not None:
        return number
    match = patterns.search(rf"\b({ORDINAL}) (?:one|{noun})\b", words) or patterns.search(
        r"\b(last) one\b|\bnumber (\d{1,2})\b", words
    )
    if match is None:
        return None
    word = next(group for group in match.groups() if group)
    number = ORDINALS.get(word) or number_of(word) or 0
    return count if number == -1 else number


def find_named(words: str, items: list[object], kind: str) -> int | None:
    """Return which item (from 1) is named by plain words: the same words first, then part of them."""
    wanted = plain(words).strip(" .\"'“”")
    wanted = patterns.sub(r"^(?:the|a|an|el|la|los|las|le|les|der|die|das) ", "", wanted)
    if not wanted:
        return None
    names = [plain(name_of(item, kind)) for item in items]
    if wanted in names:
        return names.index(wanted) + 1
    if len(wanted) < 3:
        return None
    inside = [
        number for number, name in enumerate(names, 1) if patterns.search(rf"\b{re.escape(wanted)}\b", name)
    ]
    return inside[0] if len(inside) == 1 else None

"""Mend one block of plain data, kind by kind. Each function is pure and idempotent."""

from collections.abc import Callable, Mapping
from typing import Any

from studio.blueprints.formula import is_formula, plain_formula
from studio.blueprints.mending.spare import SPARE
from studio.blueprints.mending.story import with_an_end
from studio.blueprints.mending.words import different, filled, key, line, lines, once, paragraph

Data = dict[str, Any]


def quiz(block: Data) -> Data:
    """Drop wrong answers that are right or stand twice, and questions that cannot be answered."""
    questions = []
    for question in block["questions"]:
        made = _lines(question, "ask", "right", "hint")
        made["why"] = paragraph(question["why"])
        right = key(made["right"])
        made["wrong"] = [answer for answer in different(question["wrong"]) if key(answer) != right]
        if made["ask"] and made["right"] and made["wrong"]:
            questions.append(made)
    return block | {"questions": questions or SPARE["questions"]}


def flashcards(block: Data) -> Data:
    """Drop cards with an empty side."""
    cards = [{"front": line(card["front"]), "back": paragraph(card["back"])} for card in block["cards"]]
    return block | {"cards": [card for card in cards if card["front"] and card["back"]] or SPARE["cards"]}


def story(block: Data) -> Data:
    """Send choices to missing pages to the end, and see that every reader can come to an end."""
    there = {f"p{number + 1}" for number in range(len(block["pages"]))}
    pages = []
    for page in block["pages"]:
        choices = [
            {"say": line(choice["say"]), "goto": choice["goto"] if choice["goto"] in there else "end"}
            for choice in page["choices"]
        ]
        choices = once((one for one in choices if one["say"]), lambda one: (key(one["say"]), one["goto"]))
        pages.append(page | {"text": paragraph(page["text"]) or SPARE["page"], "choices": choices})
    return block | {"pages": with_an_end(pages)}


def chatbot(block: Data) -> Data:
    """Drop answers that no word calls up."""
    made = block | {
        "name": line(block["name"]) or SPARE["name"],
        "persona": paragraph(block["persona"]) or SPARE["persona"],
        "greeting": line(block["greeting"]) or SPARE["greeting"],
        "topics": different(block["topics"]),
    }
    replies = [
        {"keys": different(reply["keys"]), "say": paragraph(reply["say"])} for reply in block["replies"]
    ]
    return made | {"replies": [one for one in replies if one["keys"] and one["say"]] or SPARE["replies"]}


def pet(block: Data) -> Data:
    """Drop needs without words and needs that stand twice."""
    needs = []
    for need in block["needs"]:
        label, care = line(need["label"]), line(need["care"])
        if label or care:
            needs.append(need | {"label": label or care, "care": care or label})
    needs = once(needs, lambda need: key(need["label"]))
    return block | {"name": line(block["name"]) or SPARE["name"], "needs": needs or SPARE["needs"]}


def drawing(block: Data) -> Data:
    """Drop tools and stamps that stand twice; a stamp tool gets something to stamp."""
    tools = once(block["tools"], str)
    stamps = _pictures(block["stamps"])
    if "stamp" in tools and not stamps:
        stamps = ["star"]
    return block | {"tools": tools, "stamps": stamps, "prompt": line(block["prompt"])}


def timer(block: Data) -> Data:
    """Give a timer that counts down something to count."""
    seconds = block["seconds"] or {"countdown": 60, "pomodoro": 1500, "stopwatch": 0}[block["mode"]]
    return block | {"seconds": seconds, "done": line(block["done"])}


def checklist(block: Data) -> Data:
    """Drop empty things; an empty list lets its user add some."""
    items = lines(block["items"])
    return block | {"items": items, "canadd": block["canadd"] or not items}


def calculator(block: Data) -> Data:
    """Put a sum in the place of a formula that means nothing."""
    inputs = [
        one | {"label": line(one["label"]) or SPARE["number"], "unit": line(one["unit"])}
        for one in block["inputs"]
    ]
    formula = block["formula"]
    if not is_formula(formula, len(inputs)):
        formula = plain_formula(len(inputs))
    result = line(block["result"]) or SPARE["answer"]
    return block | {
        "inputs": inputs,
        "formula": formula.strip(),
        "result": result,
        "unit": line(block["unit"]),
    }


def converter(block: Data) -> Data:
    """Drop pairs without names and pairs that stand twice."""
    pairs = [_lines(pair, "frm", "to") for pair in block["pairs"]]
    pairs = once((one for one in pairs if one["frm"] and one["to"]), lambda one: (one["frm"], one["to"]))
    return block | {"pairs": pairs or SPARE["units"]}


def picker(block: Data) -> Data:
    """Offer each choice once, at least two, and pick no more than there are."""
    options = filled(different(block["options"]), 2, SPARE["options"], key)
    return block | {
        "options": options,
        "count": min(block["count"], len(options)),
        "button": line(block["button"]) or SPARE["button"],
    }


def memory(block: Data) -> Data:
    """Drop empty pairs and pairs that stand twice; leave enough moves to win."""
    pairs = [_lines(pair, "a", "b") for pair in block["pairs"]]
    pairs = once((pair for pair in pairs if pair["a"] and pair["b"]), _pair_name)
    pairs = filled(pairs, 2, SPARE["pairs"], _pair_name)
    moves = block["moves"]
    return block | {"pairs": pairs, "moves": 2 * len(pairs) if 0 < moves < len(pairs) else moves}


def arcade(block: Data) -> Data:
    """See that things can be seen, that nothing is good and bad at once, and that the game can end."""
    good = _pictures(block["good"]) or ["star"]
    bad = [icon for icon in _pictures(block["bad"]) if icon not in good]
    endless = not (block["seconds"] or block["win"] or bad)
    return block | {
        "player": "smile" if block["player"] == "none" else block["player"],
        "good": good,
        "bad": bad,
        "seconds": 60 if endless else block["seconds"],
    }


def soundboard(block: Data) -> Data:
    """Give a pad without a name the name of its sound."""
    return block | {"pads": [pad | {"label": line(pad["label"]) or pad["note"]} for pad in block["pads"]]}


def poll(block: Data) -> Data:
    """Give choices to questions that need some, and take them from those that do not."""
    questions = []
    for question in block["questions"]:
        options = different(question["options"]) if question["kind"] in ("one", "many") else []
        if question["kind"] in ("one", "many"):
            options = filled(options, 2, SPARE["yes_no"], key)
        if line(question["ask"]):
            questions.append(question | {"ask": line(question["ask"]), "options": options})
    return block | {"questions": questions or SPARE["poll"]}


def journal(block: Data) -> Data:
    """Drop questions and moods that stand twice."""
    return block | {"prompts": different(block["prompts"]), "moods": _pictures(block["moods"])}


def classifier(block: Data) -> Data:
    """Keep at least two labels with different names."""
    labels = [_lines(label, "name", "say") for label in block["labels"]]
    labels = [label | {"say": label["say"] or label["name"]} for label in labels if label["name"]]
    labels = once(labels, lambda label: key(label["name"]))
    labels = filled(labels, 2, SPARE["labels"], lambda label: key(label["name"]))
    return block | {"labels": labels, "model": line(block["model"]) or SPARE["model"]}


def texttool(block: Data) -> Data:
    """Say into which language to translate."""
    target = line(block["target"])
    if not target and block["job"] == "translate":
        target = SPARE["language"]
    return block | {
        "target": target,
        "example": paragraph(block["example"]),
        "button": line(block["button"]) or SPARE["button"],
    }


def counter(block: Data) -> Data:
    """Give each counter a name."""
    rows = [row | {"label": line(row["label"]) or SPARE["counter"]} for row in block["counters"]]
    return block | {"counters": rows}


def note(block: Data) -> Data:
    """See that a note says something."""
    return block | {"text": paragraph(block["text"]) or SPARE["note"]}


def _lines(item: Mapping[str, Any], *names: str) -> Data:
    return dict(item) | {name: line(item[name]) for name in names}


def _pair_name(pair: Mapping[str, Any]) -> tuple[str, str]:
    return key(pair["a"]), key(pair["b"])


def _pictures(icons: list[str]) -> list[str]:
    """Return the icons that show something, each once."""
    return [icon for icon in once(icons, str) if icon != "none"]


MENDERS: Mapping[str, Callable[[Data], Data]] = {
    "quiz": quiz,
    "flashcards": flashcards,
    "story": story,
    "chatbot": chatbot,
    "pet": pet,
    "drawing": drawing,
    "timer": timer,
    "checklist": checklist,
    "calculator": calculator,
    "converter": converter,
    "picker": picker,
    "memory": memory,
    "arcade": arcade,
    "soundboard": soundboard,
    "poll": poll,
    "journal": journal,
    "classifier": classifier,
    "texttool": texttool,
    "counter": counter,
    "note": note,
}

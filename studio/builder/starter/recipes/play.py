"""Recipes for pet, drawing, arcade and soundboard."""

from __future__ import annotations

from studio.blueprints.words.choices import ICONS
from studio.builder.starter import patterns
from studio.builder.starter.recipes.part import Part, Slots, whole
from studio.builder.starter.topics import icon_for, singular
from studio.builder.starter.vocabulary import fit, plain, text, texts, title_case

_MOODS = (
    ("sleepy", r"sleepy|lazy|tired"),
    ("shy", r"\bshy\b"),
    ("wild", r"wild|crazy|naughty"),
    ("grumpy", r"grumpy|angry|moody"),
)
_GAMES = (
    ("whack", r"whack|tap the|hit the"),
    ("pop", r"\bpop|bubble"),
    ("shoot", r"shoot|shooter|laser|space invaders|\btir\b"),
    ("jump", r"jump|flappy|runner|platform|mario|saltar|saut|spring"),
    ("dodge", r"dodge|avoid|run away|race|racing|esquiv|evite"),
    ("catch", r""),
)
_WIN = {"catch": 15, "dodge": 15, "pop": 20, "whack": 15, "jump": 10, "shoot": 15}
"""Points to win, so that a child can get there within a minute."""
_FOES = ("ghost", "bug", "fire", "bolt", "alien", "cloud")
_ANIMALS = (
    "cat",
    "dog",
    "fox",
    "bear",
    "panda",
    "rabbit",
    "frog",
    "fish",
    "octopus",
    "whale",
    "dino",
    "dragon",
    "unicorn",
    "robot",
    "alien",
    "ghost",
    "bird",
    "owl",
    "turtle",
    "bug",
    "flower",
    "tree",
)
_PADS = {
    "piano": (
        ("C", "D", "E", "F", "G", "A", "B", "C"),
        ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5"),
        ("music",) * 8,
    ),
    "drums": (
        ("Kick", "Snare", "Hat", "Clap", "Ding", "Boing"),
        ("kick", "snare", "hat", "clap", "ding", "boing"),
        ("drum", "drum", "bell", "hand", "star", "ball"),
    ),
    "pads": (
        ("Boing", "Whoosh", "Ding", "Buzz", "Clap", "Kick", "Low", "High"),
        ("boing", "whoosh", "ding", "buzz", "clap", "kick", "C4", "C5"),
        ("ball", "cloud", "bell", "bug", "hand", "drum", "bear", "bird"),
    ),
}


def pet(slots: Slots) -> Part:
    """Return a pet with a name, a mood and three needs."""
    part = Part({})
    words = slots.wish.plain.replace(plain(slots.name), " ") if slots.name else slots.wish.plain
    icon = next(
        (word for word in (slots.icon, icon_for(slots.topic.words, words)) if word in _ANIMALS), "cat"
    )
    needs = [pair.split("=") for pair in texts("pet.needs", slots.language)]
    icons = (
        {
            "robot": "bolt",
            "alien": "star",
            "dragon": "fire",
            "unicorn": "rainbow",
            "cat": "fish",
            "whale": "fish",
            "turtle": "leaf",
            "dino": "leaf",
            "tree": "sun",
            "frog": "bug",
            "fish": "fish",
            "flower": "sun",
            "rabbit": "leaf",
            "panda": "leaf",
        }.get(icon, "apple"),
        "ball",
        "moon",
    )
    name = fit(slots.name, 30) if slots.name else slots.pick(("Pip", "Momo", "Luna", "Coco", "Kiki", "Bibi"))
    if slots.name:
        part.origins["name"] = "typed"
    part.block = {
        "type": "pet",
        "title": name,
        "name": name,
        "icon": icon,
        "mood": next((mood for mood, signs in _MOODS if patterns.search(signs, words)), "cheerful"),
        "needs": [
            {"label": label, "care": care, "icon": picture, "drain": drain}
            for (label, care), picture, drain in zip(needs, icons, ("normal", "fast", "slow"), strict=True)
        ],
        "grows": not patterns.search(r"does not grow|doesn't grow|never grows", words),
    }
    return part


def drawing(slots: Slots) -> Part:
    """Return a drawing pad with the tools that were named, or a good set."""
    words = slots.wish.plain
    stamps = [slots.icon] if slots.icon and slots.icon not in ("paint", "pencil") else []
    tools = ["pen", "brush", "eraser", "fill", "stamp", "line", "circle", "spray"]
    prompt = (
        text("drawing.prompt", slots.language, topic=slots.topic.words)
        if slots.topic
        else slots.pick(texts("drawing.ideas", slots.language))
    )
    return Part(
        {
            "type": "drawing",
            "title": slots.title("drawing"),
            "tools": tools,
            "stamps": list(dict.fromkeys([*stamps, "star", "heart", "flower", "smile"]))[:8],
            "mirror": bool(
                patterns.search(r"mirror|symmetr|mandala|kaleidoscope|espejo|simetr|spiegel", words)
            ),
            "prompt": fit(prompt, 120),
        }
    )


def arcade(slots: Slots) -> Part:
    """Return an arcade game: what to do, who plays, what is good and what is bad."""
    part = Part({})
    words = slots.wish.plain
    game = next(name for name, signs in _GAMES if patterns.search(signs, words))
    bad_words = patterns.search(
        r"(?:avoid|dodge|not|don'?t touch|without|watch out for|and dodge|evite|esquiv\w*)\s+(?:the |any "
        r")?(\w+(?: \w+)?)",
        words,
    )
    bad = icon_for(bad_words[1]) if bad_words else None
    good_words = patterns.search(
        r"(?:catch(?:es|ing)?|collect|pop(?:ping)?|whack|shoot|eat|hit|tap|fang\w*|attrape\w*|"
        r"atrapa\w*)\s+(?:the |a |falling |all |as many )*(\w+(?: \w+)?)",
        words,
    )
    good = icon_for(good_words[1]) if good_words else None
    player_words = patterns.search(
        r"(?:where (?:a|the|my|i am an?|you are an?)|i am an?|with an?|play as an?|as an?)\s+(\w+(?: \w+)?)",
        words,
    )
    player = (icon_for(player_words[1]) if player_words else None) or (
        slots.icon if slots.icon not in (good, bad) else None
    )
    points = patterns.search(r"(\d{1,3}) (?:points?|puntos?|punkte?)", words)
    default = {"shoot": "alien", "pop": "balloon", "whack": "bug"}.get(game, "star")
    player = player or ("rocket" if game in ("shoot", "dodge") else "cat")
    good = good or (default if default != player else "gem")
    foe = bad or next(one for one in _FOES if one not in (good, player, default))
    lives = patterns.search(r"(\d|one|two|three|four|five|six|seven|eight|nine) lives", words)
    part.block = {
        "type": "arcade",
        "title": game_title(slots, game, player, good, foe),
        "game": game,
        "player": player,
        "good": [good],
        "bad": [] if game == "pop" and not bad else [foe],
        "speed": "fast"
        if patterns.search(r"fast|quick|hard|rapid", words)
        else "slow"
        if patterns.search(r"slow|easy|lent", words)
        else "normal",
        "lives": whole(slots.count if lives else None, least=1, most=9, default=3, checks=part.checks),
        "seconds": whole(slots.seconds, least=10, most=300, default=60, checks=part.checks),
        "win": max(1, min(500, int(points[1]))) if points else _WIN[game],
    }
    return part


def game_title(slots: Slots, game: str, player: str, good: str, bad: str) -> str:
    """Return what a game is called: by its topic, else by what is caught or dodged in it."""
    if slots.topic or slots.language != "en":
        return slots.title("arcade")
    named = patterns.search(
        r"\b(?:dodge|avoid|whack|pop|shoot|catch) (?:the |a |an |falling |some |as many )*([a-z]{3,16})\b",
        slots.wish.plain,
    )
    own = (
        title_case(named[1] if game == "dodge" else singular(named[1]))
        if named and icon_for(named[1])
        else ""
    )
    names = {"thing": own or ICONS[good], "bad": own or ICONS[bad], "player": ICONS[player]}
    return fit(text(f"arcade.title.{game}", "en", **names), 60)


def soundboard(slots: Slots) -> Part:
    """Return a piano, drums or pads."""
    words = slots.wish.plain
    layout = (
        "piano"
        if patterns.search(r"piano|keyboard|xylophone|klavier|notes|do re mi|melod|organ", words)
        else "drums"
        if patterns.search(r"drum|beat|schlagzeug|bateria|batterie", words)
        else "pads"
    )
    instrument = next(
        (name for name in ("bell", "synth", "voice", "animal") if name in words),
        "drum" if layout == "drums" else "piano",
    )
    if "xylophone" in words:
        instrument = "bell"
    labels, notes, icons = _PADS[layout]
    if layout == "pads" and instrument == "animal":
        labels, icons = (
            texts("pads.animal", slots.language),
            ("cat", "dog", "bear", "bird", "frog", "owl", "cat", "bird"),
        )
    part = Part({})
    if layout == "pads" and slots.given.items:
        labels = tuple(fit(title_case(item), 20) for item in slots.given.items[:8])
        icons = tuple(icon_for(label) or "music" for label in labels)
        part.origins.update({f"pads/{place}/label": "typed" for place in range(len(labels))})
    part.block = {
        "type": "soundboard",
        "title": slots.title("soundboard"),
        "layout": layout,
        "instrument": instrument,
        "pads": [
            {"label": label, "icon": icon, "note": note}
            for label, note, icon in zip(labels, notes, icons, strict=False)
        ],
        "record": True,
    }
    return part

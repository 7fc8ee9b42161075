"""Recipes for timer, checklist, picker, counter, calculator and converter."""

from __future__ import annotations

from studio.builder.starter import patterns
from studio.builder.starter.lists import unique
from studio.builder.starter.recipes.naming import list_title, picker_title, timer_title
from studio.builder.starter.recipes.part import Part, Slots, clipped
from studio.builder.starter.topics import icon_for, singular, title_for
from studio.builder.starter.vocabulary import fit, plain, text, texts, title_case
from studio.phrases import phrase

_LISTS = (
    (r"\bbeach|seaside|swim|pool|playa|plage|strand|schwimm", "beach"),
    (r"\bcamp|acampar|tent\b|zelt", "camping"),
    (r"(?:school|book) ?bag|backpack|rucksack|satchel|mochila|cartable|schulranzen|schultasche", "bag"),
    (
        r"\bpack|\bcamp|\btrip|holiday|vacation|suitcase|bring|valise|maleta|packliste|urlaub|viaje|voyage",
        "packing",
    ),
    (r"\bmorning|get ready|wake up|manana\b|matin\b|morgen", "morning"),
    (r"bedtime|before bed|evening|dormir|coucher|schlafen", "bedtime"),
    (r"shopping|grocer|to buy|supermarket|compra|courses|einkauf", "shopping"),
    (r"homework|school|study|tareas de clase|deberes|devoirs|hausaufgaben|escuela|schule|revise", "homework"),
    (r"chore|clean|tidy|house|hogar|limpi|menage|haushalt|putzen", "chores"),
    (r"party|birthday|fiesta|fete|feier|geburtstag", "party"),
)
_PICKS = (
    (r"coin|heads or tails|moneda|piece\b|munze", "coin", "coin"),
    (r"slot machine|tragaperras", "slot", "slot"),
    (r"8 ball|eight ball|fortune", "ball", "cards"),
    (r"rock,? paper", "rps", "cards"),
    (r"truth or dare|verdad o reto", "truth", "wheel"),
    (r"dare|challenge|reto", "dare", "wheel"),
    (r"chore|clean|housework|tareas", "chore", "wheel"),
    (r"\beat\b|food|dinner|lunch|supper|comida|manger|essen", "food", "wheel"),
    (r"colou?rs|colores|couleurs|farben", "colour", "wheel"),
    (
        r"\bbored|\bgames?\b (?:to|should)|\b(?:pick|choose|decide)s? (?:a|the|our|which) game|"
        r"what (?:game|to play|to do)|play",
        "game",
        "wheel",
    ),
    (r"yes or no|decide for me", "yesno", "wheel"),
)
_STARTS = ("dare", "chore", "food", "game")
"""Wheels that are filled in as a start; the others, such as a coin, are what they are."""
_BUTTON = {"wheel": "spin", "dice": "roll", "coin": "flip", "cards": "draw", "slot": "spin"}
# what the words ask for: (signs, name of the sum, formula, unit, decimals, starting numbers)
_SUMS = (
    (r"dog years|dog'?s age|anos de perro", "dog", "a*7", "", 0, (3,)),
    (r"pizza", "pizza", "a*b/c", "", 1, (8, 3, 8)),
    (r"triangle|triangulo|dreieck", "triangle", "a*b/2", "", 2, (6, 4)),
    (r"circle|circulo|cercle|kreis", "circle", "3.14159*a*a", "", 2, (5,)),
    (r"volume|volumen", "volume", "a*b*c", "", 2, (4, 3, 2)),
    (r"perimeter|perimetro|umfang|all the way round|fence", "perimeter", "2*(a+b)", "", 2, (6, 4)),
    (r"area|flache|aire\b|square met", "area", "a*b", "", 2, (6, 4)),
    (r"average|mean\b|media\b|moyenne|durchschnitt|grade", "average", "(a+b+c)/3", "", 1, (7, 8, 9)),
    (r"discount|sale|off\b|descuento|rabatt|remise", "discount", "a-a*b/100", "", 2, (40, 25)),
    (r"\btips?\b|propina|pourboire|trinkgeld", "tip", "a*b/100", "", 2, (40, 10)),
    (r"percent|%|por ciento|pour cent|prozent|my score on", "percent", "a/b*100", "%", 1, (18, 20)),
    (r"how long until|can i buy|weeks until", "wait", "a/b", "", 1, (60, 5)),
    (r"pocket money|chores|jobs|wage|paga|taschengeld", "pay", "a*b", "", 2, (5, 1)),
    (r"\bsave|saving|ahorr|econom|sparen", "save", "a*b", "", 2, (5, 52)),
    (
        r"share|each (?:kid|person|child|friend)|per person|split|divide between|repartir|teilen",
        "share",
        "a/b",
        "",
        2,
        (24, 6),
    ),
    (r"speed|velocidad|vitesse|geschwindigkeit", "speed", "a/b", "", 1, (100, 2)),
    (r"in days|my age|edad", "days", "a*365", "", 0, (10,)),
    (
        r"price|cost|tickets?|total|shop|money|precio|prix|preis|euros?|dollars?",
        "price",
        "a*b",
        "",
        2,
        (3, 4),
    ),
    (r"minus|subtract|difference|resta|moins", "minus", "a-b", "", 2, (9, 4)),
    (r"divid|geteilt", "divide", "a/b", "", 2, (12, 4)),
    (r"multipl|times|product|por\b|fois\b|mal\b", "times", "a*b", "", 2, (6, 7)),
    (r"", "plus", "a+b", "", 2, (2, 3)),
)
_ROW_ICONS = ("star", "heart", "gem", "bolt", "sun", "moon", "leaf", "fire")
_GOALS = (
    (r"\bdays?\b|until|birds?|cars?|people", 0),
    (r"water|glass|agua|wasser|\beau\b", 8),
    (r"push ?-?ups?|sit ?-?ups?|squats?|jumps?|star jumps|skips?", 20),
    (r"books?|pages?|libros?|livres?|bucher", 10),
    (r"goal|score|points?|stars?|habits?|good deeds?", 10),
)
_UNITS = (
    (r"celsius|fahrenheit|temperatur", (("°C", "°F", 1.8, 32.0), ("°F", "°C", 0.555555556, -17.777777778))),
    (r"\bmph|\bkm/?h|kilomet\w+ per hour", (("mph", "km/h", 1.609344, 0.0), ("km/h", "mph", 0.621371, 0.0))),
    (r"mile|kilomet|\bkm\b|milla", (("miles", "km", 1.609344, 0.0), ("km", "miles", 0.621371, 0.0))),
    (r"inch|\bcm\b|centimet|zoll|pulgada", (("inches", "cm", 2.54, 0.0), ("cm", "inches", 0.393701, 0.0))),
    (r"feet|foot|\bft\b|height", (("feet", "m", 0.3048, 0.0), ("m", "feet", 3.28084, 0.0))),
    (r"yard", (("yards", "m", 0.9144, 0.0), ("m", "yards", 1.093613, 0.0))),
    (r"stones?\b", (("stone", "kg", 6.350293, 0.0), ("kg", "stone", 0.157473, 0.0))),
    (r"ounce|\boz\b", (("ounces", "g", 28.349523, 0.0), ("g", "ounces", 0.035274, 0.0))),
    (
        r"pound|\bkg\b|kilo|\blbs?\b|weight|libra",
        (("pounds", "kg", 0.453592, 0.0), ("kg", "pounds", 2.204623, 0.0)),
    ),
    (r"spoon", (("teaspoons", "ml", 5.0, 0.0), ("tablespoons", "ml", 15.0, 0.0))),
    (
        r"cups?\b|tazas?",
        (
            ("US cups", "ml", 236.588237, 0.0),
            ("cups of flour, about", "g", 120.0, 0.0),
            ("cups of sugar, about", "g", 200.0, 0.0),
        ),
    ),
    (
        r"gallon|lit(?:er|re)|litro|pint",
        (("US gallons", "l", 3.785412, 0.0), ("l", "US gallons", 0.264172, 0.0)),
    ),
    (r"days", (("days", "hours", 24.0, 0.0), ("days", "minutes", 1440.0, 0.0))),
    (
        r"hours|minutes|horas|stunden|heures",
        (("hours", "minutes", 60.0, 0.0), ("minutes", "seconds", 60.0, 0.0)),
    ),
    (r"weeks?", (("weeks", "days", 7.0, 0.0), ("weeks", "hours", 168.0, 0.0))),
)
LONGEST = 7200
TOO_LONG = phrase("A timer runs for 2 hours at most, so I used 2 hours.")
_MONEY = patterns.lazy(
    r"euros?|dollars?|currency|money|pounds to (?:euro|dollar)|yen|rupees?|divisas?|wahrung|devises?"
)


def timer(slots: Slots) -> Part:
    """Return a countdown, a stopwatch, or work with breaks."""
    part = Part({})
    words = slots.wish.plain
    pomodoro = bool(
        patterns.search(
            r"pomodoro|(?:then|with|and) (?:a |short |some )?(?:\d+ \w+ )?breaks?|work.{0,16}break|con "
            r"descansos|avec pauses?|mit pausen",
            words,
        )
    )
    stopwatch = bool(
        patterns.search(
            r"stop ?watch|cronometro|chronometre|stoppuhr|how (?:fast|long)|lap time|time my", words
        )
    )
    mode = "pomodoro" if pomodoro else "stopwatch" if stopwatch and not slots.seconds else "countdown"
    default = {"pomodoro": 1500, "stopwatch": 0, "countdown": 120 if "teeth" in words else 300}[mode]
    wanted = 0 if mode == "stopwatch" else slots.seconds or default
    seconds = min(LONGEST, wanted)
    if wanted > LONGEST:
        part.checks.append(TOO_LONG)
    rest = 300 if mode == "pomodoro" else 0
    sound = next(
        (name for name in ("drum", "beep", "bell") if name in words), "none" if "silent" in words else "bell"
    )
    title = {"pomodoro": "timer.focus", "stopwatch": "timer.stopwatch"}.get(mode)
    part.block = {
        "type": "timer",
        "title": timer_title(slots, text(title, slots.language) if title else ""),
        "mode": mode,
        "seconds": seconds,
        "rest": rest,
        "sound": sound,
        "done": text("timer.break" if pomodoro else "timer.done", slots.language),
    }
    return part


def checklist(slots: Slots) -> Part:
    """Return a list to tick: the user's own things, or a start for the usual lists."""
    part = Part({})
    given = list(slots.given.items) or [f"{front}: {back}" for front, back in slots.given.pairs]
    if given:
        items = clipped(given, length=80, most=30, checks=part.checks)
        part.typed("items", len(items))
    else:
        name = next((name for signs, name in _LISTS if patterns.search(signs, slots.wish.plain)), "any")
        items = list(texts(f"list.{name}", slots.language))
        part.empty = True
        part.started("items", len(items))
        part.checks.append(phrase("I filled in some things to start with. Change them to yours."))
    routine = patterns.search(
        r"daily|every day|each day|routine|morning|bedtime|habit|cada dia|chaque jour|jeden tag",
        slots.wish.plain,
    )
    part.block = {
        "type": "checklist",
        "title": list_title(slots),
        "items": items,
        "canadd": True,
        "progress": "stars" if patterns.search(r"\bstars?\b", slots.wish.plain) else "bar",
        "resets": "daily" if routine else "never",
    }
    return part


def picker(slots: Slots) -> Part:
    """Return a picker: the user's own names, dice, a coin, or a start for the usual wheels."""
    part = Part({})
    words = slots.wish.plain
    dice = patterns.search(
        r"\bdice\b|\bdie\b(?! )|roll (?:a|the) d|\bdados?\b|\bwurfel\b|\bd20\b|\bd6\b", words
    )
    given = list(slots.given.items) or [f"{front} - {back}" for front, back in slots.given.pairs]
    style, count = "wheel", 1
    if len(given) >= 2:
        options = clipped(given, length=40, most=24, checks=part.checks)
        part.typed("options", len(options))
        style = next((name for name in ("cards", "slot") if patterns.search(rf"\b{name}\b", words)), "wheel")
    elif dice:
        sides = patterns.search(r"(\d+)[ -]?(?:sided|sides|seiten|caras|faces)|d(\d+)", words)
        most = min(24, max(2, int(sides[1] or sides[2]))) if sides else 6
        options, style = [str(number) for number in range(1, most + 1)], "dice"
        count = 2 if patterns.search(r"\b(?:two|2|pair of|dos|deux|zwei) d", words) else 1
    elif (numbers := patterns.search(r"\b(\d{1,3}) ?(?:to|-|a|bis|and) ?(\d{1,3})\b", words)) and int(
        numbers[1]
    ) < int(numbers[2]):
        first, last = int(numbers[1]), min(int(numbers[2]), int(numbers[1]) + 23)
        options = [str(number) for number in range(first, last + 1)]
        if last < int(numbers[2]):
            part.checks.append(phrase("A wheel holds 24 things, so I stopped at {last}.", last=last))
    else:
        options, style = _usual_options(slots, part)
    button = (
        "pick"
        if style == "wheel" and "pick" in words and "wheel" not in words and "spin" not in words
        else _BUTTON[style]
    )
    part.block = {
        "type": "picker",
        "title": picker_title(slots),
        "style": style,
        "options": options,
        "count": count,
        "norepeat": bool(
            patterns.search(
                r"no repeat|norepeat|without repeat|not (?:the same )?twice|only once|everyone gets a turn",
                words,
            )
        ),
        "button": text(f"picker.{button}", slots.language),
    }
    return part


def _usual_options(slots: Slots, part: Part) -> tuple[list[str], str]:
    for signs, name, style in _PICKS:
        if patterns.search(signs, slots.wish.plain):
            usual = list(texts(f"pick.{name}", slots.language))
            if name in _STARTS:
                part.started("options", len(usual))
            return usual, style
    part.empty = True
    part.checks.append(phrase("Write your own names on the wheel: I only put places there."))
    count = max(2, min(24, slots.count or 6))
    key = "pick.team" if "team" in slots.wish.plain else "pick.any"
    part.started("options", count)
    return [text(key, slots.language, n=number) for number in range(1, count + 1)], "wheel"


def counter(slots: Slots) -> Part:
    """Return counters: named by the user, for teams or players, or a single one."""
    part = Part({})
    words = slots.wish.plain
    names = clipped(slots.given.items, length=30, most=8, checks=part.checks)
    part.origins.update({f"counters/{place}/label": "typed" for place in range(len(names))})
    if not names:
        names = _counter_names(slots)
    goal = patterns.search(
        r"(?:goal|target|up to|until|objetivo|ziel|reach(?:es)?)\D{0,12}(\d{1,5})|(\d{1,5}) (?:glasses|"
        r"books|times|laps|steps)",
        words,
    )
    icon = slots.icon or "star"
    step = patterns.search(r"(?:count(?:s|ing)? (?:in|by)|steps? of|in) (\d{1,2})s?\b", words)
    part.block = {
        "type": "counter",
        "title": _counter_title(slots, names),
        "counters": [
            {
                "label": name,
                "icon": icon_for(name) or (icon if len(names) == 1 else _ROW_ICONS[number % len(_ROW_ICONS)]),
                "start": 0,
                "step": int(step[1]) if step and step[1] != "0" else 1,
            }
            for number, name in enumerate(names)
        ],
        "goal": max(1, min(10000, int(goal[1] or goal[2]))) if goal else _usual_goal(words, len(names)),
    }
    return part


def _counter_title(slots: Slots, names: list[str]) -> str:
    """Return what a counter is called: a score board for several, else by what it counts."""
    if slots.topic:
        return slots.title("counter")
    if len(names) > 1:
        return text("title.score", slots.language)
    what = names[0] if names[0] != text("count.any", slots.language) else ""
    return fit(title_for("counter", what, slots.language), 60)


def _usual_goal(words: str, count: int) -> int:
    """Return a goal that fits what is counted; none for what has no end, such as days."""
    if count > 1:
        return 10
    return next((goal for signs, goal in _GOALS if patterns.search(signs, words)), 0)


def _counter_names(slots: Slots) -> list[str]:
    words = slots.wish.plain
    teams = patterns.findall(r"\b(\w+) teams?\b", words)
    named = [
        name
        for name in teams
        if name
        not in (
            "two",
            "the",
            "three",
            "four",
            "my",
            "our",
            "for",
            "each",
            "2",
            "3",
            "4",
            "dos",
            "deux",
            "zwei",
        )
    ]
    if len(set(named)) >= 2:
        return [name.capitalize() for name in unique(named)][:8]
    sides = patterns.search(r"\b(\w+) (?:and|vs|versus|against|y|et|und) (\w+) teams?\b", words)
    if sides:
        return [side.capitalize() for side in sides.groups()]
    players = patterns.search(
        r"\b(\d|two|three|four|five|six|dos|tres|cuatro|deux|trois|zwei|drei|vier)\b \w* ?(teams?|"
        r"players?|houses|equipos?|equipes?|jugadores|joueurs|spieler)",
        words,
    )
    if players:
        number = slots.count or 2
        key = "pick.team" if patterns.match("t|e", players[2]) else "count.player"
        return [text(key, slots.language, n=n) for n in range(1, max(2, min(8, number)) + 1)]
    what = patterns.search(
        r"\b(?:how many|count(?:s|ing)?(?: the)?|number of|counter for|track of)\s+(?:how many |my |the |"
        r"all )?((?:\w+[ -]?){1,3})",
        words,
    )
    if what and what[1].split()[0] not in ("how", "points", "of", "score", "up", "down", "for", "things"):
        kept = patterns.sub(
            r"\b(?:i|we|that|go|in|do|have|of|past|the|out|you|it|with|for|and|by|can)\b.*", "", what[1]
        ).strip()
        if kept:
            return [fit(title_case(kept), 30)]
    if slots.topic:
        return [fit(title_case(singular(slots.topic.words)), 30)]
    return [text("count.any", slots.language)]


def calculator(slots: Slots) -> Part:
    """Return a calculator with the formula that the words mean; adding two numbers otherwise."""
    part = Part({})
    words = slots.wish.plain
    _, name, formula, unit, decimals, starts = next(row for row in _SUMS if patterns.search(row[0], words))
    labels = texts(f"calc.inputs.{name}", slots.language)
    part.block = {
        "type": "calculator",
        "title": slots.title("calculator"),
        "inputs": [
            {"label": label, "unit": "", "start": start} for label, start in zip(labels, starts, strict=True)
        ],
        "formula": formula,
        "result": text(f"calc.result.{name}", slots.language),
        "unit": unit,
        "decimals": decimals,
    }
    if name == "plus" and not patterns.search(
        r"add|sum|plus|two numbers|suma|addition|calculator$|calculadora$|rechner$|calculatrice$", words
    ):
        part.empty = True
        part.checks.append(
            phrase("I did not know this sum, so it adds two numbers. Change the formula to yours.")
        )
    return part


def converter(slots: Slots) -> Part:
    """Return a converter for the units that were named; length, weight and warmth otherwise."""
    part = Part({})
    words = slots.wish.plain
    pairs = units_for(words)
    if _MONEY.search(words):
        pairs = (
            [("euros", "dollars", 1.0, 0.0)]
            if "euro" in words or "dollar" in words
            else [("money 1", "money 2", 1.0, 0.0)]
        )
        part.empty = True
        part.checks.append(phrase("Money rates change every day. Look up today's rate and type it in."))
    if not pairs:
        pairs = [
            ("km", "miles", 0.621371, 0.0),
            ("cm", "inches", 0.393701, 0.0),
            ("kg", "pounds", 2.204623, 0.0),
            ("°C", "°F", 1.8, 32.0),
        ]
    part.block = {
        "type": "converter",
        "title": slots.title("converter"),
        "pairs": [
            {"frm": frm, "to": to, "factor": factor, "offset": offset}
            for frm, to, factor, offset in _asked_first(pairs, words)
        ][:12],
    }
    return part


def units_for(words: str) -> list[tuple[str, str, float, float]]:
    """Return the conversions that plain words name, each as (from, to, factor, offset), asked-for way first."""
    pairs = [pair for signs, rows in _UNITS if patterns.search(signs, words) for pair in rows]
    return _asked_first(pairs, words)


def _asked_first(
    pairs: list[tuple[str, str, float, float]], words: str
) -> list[tuple[str, str, float, float]]:
    """Return the pairs with the direction that was asked for first."""

    def place(unit: str) -> int:
        stem = {
            "°c": "celsius",
            "°f": "fahrenheit",
            "cm": "c",
            "km": "kilomet",
            "m": "met",
            "kg": "kilo",
            "g": "gram",
            "ml": "millil",
            "l": "lit",
        }
        signs = [plain(unit), stem.get(unit.lower(), plain(unit))]
        found = [words.find(sign) for sign in signs if len(sign) > 1 and words.find(sign) >= 0]
        return min(found, default=999)

    return sorted(pairs, key=lambda pair: place(pair[0]) > place(pair[1]))

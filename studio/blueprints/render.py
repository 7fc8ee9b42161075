"""Turn a project document into one page that plays by itself, and into an update of a page on screen.

The page carries the project (so that it can be taken in again), the parts that draw it (colours, icons,
words, scenery) and the runtime of the blocks in use. Nothing in it comes from the network: the policy in
its head allows our one script and our two style sheets by their hash and nothing else. Bar and colours stand
in the markup, so that they are painted at once; the script draws the rest.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

import resources
from studio.blueprints.document import ProjectDocument
from studio.blueprints.parsing import to_json
from studio.errors import InputError
from studio.phrases import phrase

BEFORE_BLOCKS = ("dom.js", "store.js", "joy.js", "core.js", "shell.js")
"""The core, in the order in which its files need each other; then `places.js` where a page has several blocks,
`door.js` where one may ask a model, `meadow.js` where one stands on hills,
`numbers.js` where one reads numbers, the blocks, and `boot.js`."""

_ASKING = frozenset({"chatbot", "texttool"})
"""The blocks that may ask a model through the one door."""

_ON_A_MEADOW = frozenset({"pet", "story"})
"""The blocks whose hero stands on the same hills."""

_READING_NUMBERS = frozenset({"calculator", "converter"})
"""The blocks into which somebody types numbers."""

_ICON_WORD = "icon_"
_ICON_SLOTS = frozenset({"icon", "player", "good", "bad", "stamps", "moods"})
_FALLBACK_LANGUAGE = "en"
_RIGHT_TO_LEFT = frozenset({"ar"})
# What could end the script element early, or a line inside JavaScript.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_ICON_USE = re.compile(r"""\bicon(?::|\() ?"([a-z]+)\"""")
_LITERAL = re.compile(r'"([A-Za-z]+)"')
# A string of one line, what may lose the spaces around it, and where a pattern (/.../) may begin.
_QUOTED = re.compile(r'("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)')
_LOOSE = re.compile(r" ?(=>|[-+*/%]?=|[=!]==|[{}(),;:?<>]|&&|\|\||\?\?) ?")
_PATTERN = re.compile(r"(?:^|[(,=:!&|?{};\[]) ?/")
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}' '{first}'; img-src data: blob:; "
    "media-src data: blob:; form-action 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class _Runtime:
    """Everything under `resources/runtime`, read once."""

    core: str
    boot: str
    core_style: str
    places: str
    places_style: str
    door: str
    meadow: str
    meadow_style: str
    numbers: str
    block_scripts: Mapping[str, str]
    block_styles: Mapping[str, str]
    icons: Mapping[str, str]
    scenery: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    tokens: Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class _Code:
    """The one script and the style sheet of a page, with their sums for the policy."""

    script: str
    style: str
    script_sum: str
    style_sum: str
    icons: frozenset[str]
    words: frozenset[str]


def render(document: ProjectDocument, *, room_for: Collection[str] | None = None) -> str:
    """Return one HTML page that plays the document.

    The same document gives the same bytes. With `room_for`, kinds of blocks, the page also holds their runtime
    and that of several blocks, so that `render_update` can later show documents made of them in it. Raise
    InputError for a document that is not made of blocks.
    """
    blueprint = _blueprint(document)
    types = kinds_of(document)
    several = room_for is not None or len(blueprint["blocks"]) > 1
    code = _code(tuple(sorted(types.union(room_for or ()))), several=several)
    parts = _parts(blueprint, _code(tuple(sorted(types)), several=several))
    language = blueprint["language"]
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    theme = blueprint["theme"]
    first = _first_style(parts["tokens"], theme["mode"])
    policy = _POLICY.format(script=code.script_sum, style=code.style_sum, first=_hash(first))
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}" data-font="{theme["font"]}" '
        f'data-size="{theme["size"]}">\n<head>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta charset="utf-8">\n'
        f"<title>{html.escape(blueprint['title'])}</title>\n"
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<link rel="icon" href="{_favicon(blueprint["icon"], parts["tokens"])}">\n'
        f"<style>{code.style}</style>\n<style>{first}</style>\n"
        f'<script type="application/json" id="sprout-project">{_escaped(to_json(document))}</script>\n'
        f'<script type="application/json" id="sprout-parts">{_as_json({**parts, "tokens": {}})}</script>\n'
        f'</head>\n<body>\n<header class="bar"><h1 dir="auto">{html.escape(blueprint["title"])}</h1></header>\n'
        f"<noscript>{html.escape(parts['words']['noscript'])}</noscript>\n"
        f"<script>{code.script}</script>\n</body>\n</html>\n"
    )


def render_update(document: ProjectDocument) -> str:
    """Return JavaScript that shows the document in a page that has `room_for` its kinds (`kinds_of`)."""
    blueprint = _blueprint(document)
    code = _code(tuple(sorted(kinds_of(document))), several=True)
    parts = _as_json(_parts(blueprint, code))
    return f'sprout.show({{"document":{_escaped(to_json(document))},{parts[1:]});'


def kinds_of(document: ProjectDocument) -> frozenset[str]:
    """Return the kinds of blocks that the document is made of; none for free code."""
    return frozenset(block.type for block in document.blueprint.blocks) if document.blueprint else frozenset()


def _blueprint(document: ProjectDocument) -> dict[str, Any]:
    if document.kind != "blueprint" or document.blueprint is None:
        raise InputError(
            phrase("This project is written as free code, and this version cannot play that yet."),
            kept=phrase("Nothing was changed."),
            next=phrase("Open it in a newer version."),
        )
    return document.blueprint.model_dump(mode="python", by_alias=True)


def _parts(blueprint: Mapping[str, Any], code: _Code) -> dict[str, Any]:
    runtime = _runtime()
    theme = blueprint["theme"]
    named = set(_icons_in(blueprint))
    wanted = code.icons | named
    words = {**runtime.words[_FALLBACK_LANGUAGE], **runtime.words.get(blueprint["language"], {})}
    wanted_words = code.words | {f"{_ICON_WORD}{name}" for name in named}
    return {
        "tokens": runtime.tokens[theme["palette"]][theme["mode"]],
        "icons": {name: runtime.icons[name] for name in sorted(wanted) if name in runtime.icons},
        "words": {name: words[name] for name in sorted(words) if name in wanted_words},
        "scene": runtime.scenery.get(theme["background"], ""),
    }


def _icons_in(value: Any, *, named: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _icons_in(part, named=key in _ICON_SLOTS)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _icons_in(part, named=named)
    elif named and isinstance(value, str):
        yield value


def _first_style(tokens: Mapping[str, str], mode: str) -> str:
    """Return the colours of the page as a style sheet, so that its bar is painted before the script has run."""
    colours = "".join(f"--{name}:{value};" for name, value in tokens.items())
    return f":root{{{colours}color-scheme:{mode}}}"


def _favicon(name: str, tokens: Mapping[str, str]) -> str:
    """Return the app's icon in the colours of its theme as a data address; without an icon an empty one."""
    drawing = _runtime().icons.get(name)
    if drawing is None:
        return "data:,"
    colours = {**tokens, "shine": "#fff"}
    painted = re.sub(r"var\(--([a-z0-9-]+)\)", lambda match: colours.get(match[1], "none"), drawing)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" stroke-width="1.6" '
        f'stroke="{tokens["ink"]}" stroke-linejoin="round" stroke-linecap="round">{painted}</svg>'
    )
    return "data:image/svg+xml," + quote(svg, safe=" =:/-.,()")


def _as_json(value: Any) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=256)
def _code(types: tuple[str, ...], *, several: bool) -> _Code:
    """Return script, style and policy of a page that plays these types of block, one or several of them."""
    runtime = _runtime()
    places = runtime.places if several else ""
    door = runtime.door if _ASKING & set(types) else ""
    on_a_meadow = bool(_ON_A_MEADOW & set(types))
    meadow = runtime.meadow if on_a_meadow else ""
    numbers = runtime.numbers if _READING_NUMBERS & set(types) else ""
    blocks = "".join(f"{{\n{runtime.block_scripts[name]}}}\n" for name in types)
    script = f'\n(() => {{\n"use strict";\n{runtime.core}{places}{door}{meadow}{numbers}{blocks}{runtime.boot}}})();\n'
    style = (
        "\n"
        + runtime.core_style
        + (runtime.places_style if several else "")
        + (runtime.meadow_style if on_a_meadow else "")
        + "".join(runtime.block_styles.get(name, "") for name in types)
    )
    literals = frozenset(_LITERAL.findall(script)) | {"noscript"}
    names = runtime.words[_FALLBACK_LANGUAGE]
    words = frozenset(name for name in names if name in literals)
    return _Code(script, style, _hash(script), _hash(style), frozenset(_ICON_USE.findall(script)), words)


@cache
def _runtime() -> _Runtime:
    folder = resources.folder() / "runtime"

    def data(name: str) -> Any:
        return json.loads((folder / name).read_text(encoding="utf-8"))

    def script(name: str) -> str:
        return lean_script((folder / name).read_text(encoding="utf-8"))

    def block_script(name: str) -> str:
        rules = script(f"rules/{name}") if (folder / "rules" / name).is_file() else ""
        return rules + script(f"blocks/{name}")

    def style(name: str) -> str:
        return lean_style((folder / name).read_text(encoding="utf-8"))

    more = data("icons_more.json") if (folder / "icons_more.json").is_file() else {}
    palettes = data("palettes.json")["palettes"]
    modes = ("light", "dark")
    return _Runtime(
        core="".join(script(name) for name in BEFORE_BLOCKS),
        boot=script("boot.js"),
        core_style=style("base.css"),
        places=script("places.js"),
        places_style=style("places.css"),
        door=script("door.js"),
        meadow=script("meadow.js"),
        meadow_style=style("meadow.css"),
        numbers=script("numbers.js"),
        block_scripts={file.stem: block_script(file.name) for file in (folder / "blocks").glob("*.js")},
        block_styles={file.stem: style(f"blocks/{file.name}") for file in (folder / "blocks").glob("*.css")},
        icons={**more, **data("icons.json")},
        scenery=data("scenery.json"),
        words=_merged(data(f"words/{path.name}") for path in sorted((folder / "words").glob("*.json"))),
        tokens={name: {mode: palette[mode] for mode in modes} for name, palette in palettes.items()},
    )


def _merged(tables: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, str]]:
    """Put the words of the core and of each block together: language, then name, then sentence."""
    merged: dict[str, dict[str, str]] = {}
    for table in tables:
        for language, words in table.items():
            merged.setdefault(language, {}).update(words)
    return merged


def lean_script(text: str) -> str:
    """Drop indentation, empty lines, comments that fill a line, and spaces around signs; never part of a literal.

    Line by line on purpose: what stands behind code on its line stays, so no string can be cut.
    """
    lean, inside = [], False
    for line in text.splitlines():
        short = line if inside else line.strip()
        if not inside and (not short or short.startswith("//")):
            continue
        ends = short.replace("\\`", "").count("`") % 2
        if ends:
            inside = not inside
            short = line.lstrip() if inside else line  # its end belongs to the literal
        lean.append(f"{short if inside or ends else _tight(short)}\n")
    return "".join(lean)


def _tight(line: str) -> str:
    """Drop the spaces around signs; leave a line alone that may hold a pattern or a literal inside a literal."""
    parts = _QUOTED.split(line)
    code = "".join(parts[::2])
    if any(sign in code for sign in "\"'`") or _PATTERN.search(code) or line.count("`") > 2:
        return line
    return "".join(part if i % 2 else _LOOSE.sub(r"\1", part) for i, part in enumerate(parts))


def lean_style(text: str) -> str:
    """Drop comments, indentation and empty lines of a style sheet."""
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines())
    return "".join(f"{line}\n" for line in lines if line)

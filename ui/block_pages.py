"""`python -m ui.block_pages`: write docs/blocks.md and draw the picture of each block, from the program itself.

Run it after a change of a block's slots, events, words or look. The text is compared by a test; the pictures are
drawn from the starters where one has such a block, else from a new block.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

import resources
from studio.blueprints import KINDS, Blueprint, Slot, new_block, normalise, slots
from studio.blueprints.blueprint import BLOCK_CLASSES
from studio.blueprints.events import EVENTS
from studio.blueprints.render import render
from studio.builder.starters import load_starters
from studio.projects.rows import new_document
from ui.words import say

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = "pictures/blocks"
PAGE_SIZE = (800, 500)
PICTURE_WIDTH = 480
_ID = "00000000-0000-4000-8000-000000000000"
_HEAD = """# The twenty blocks

An app is made of one to six blocks. Each is a file in `resources/runtime/blocks` and a model in
`studio/blueprints/blocks`; its slots are what `blueprint.schema.json` says. This page and its pictures are written by
`python -m ui.block_pages`.

Every block also fires `start` when it is first shown. Rules connect what happens in one block with what is done then.
What lasts between plays is kept under the project's and the block's id, on this computer only.
"""


def main() -> int:
    """Write the page and draw its pictures; return 0."""
    (DOCS / "blocks.md").write_text(text(), encoding="utf-8")
    draw(DOCS / PICTURES)
    return 0


def text() -> str:
    """Return docs/blocks.md."""
    return _HEAD + "".join(f"\n{_section(kind)}" for kind in KINDS)


def _section(kind: str) -> str:
    named = KINDS[kind]
    happens = "; ".join(f"`{event}` {say(words)}" for event, words in EVENTS[kind].items())
    rows = "".join(
        f"| `{slot.name}` | {say(slot.title)} | {_bounds(slot)} |\n" for slot in slots(BLOCK_CLASSES[kind])
    )
    name = say(named.name)
    return (
        f"## {name} (`{kind}`)\n\n{say(named.what)}. {_plays(kind)}\n\n![{name}]({PICTURES}/{kind}.png)\n\n"
        f"| slot | in the window | takes |\n|---|---|---|\n{rows}\nWhat happens in it: {happens}.\n"
    )


def _plays(kind: str) -> str:
    """Return how the block plays: what its script says at its top."""
    script = (resources.folder() / "runtime" / "blocks" / f"{kind}.js").read_text(encoding="utf-8")
    lines = takewhile(lambda line: line.startswith("//"), script.splitlines())
    return " ".join(line.removeprefix("//").strip() for line in lines)


def _bounds(slot: Slot) -> str:
    """Return in words what a slot takes."""
    least, most = f"{slot.least:g}", f"{slot.most:g}"
    match slot.widget:
        case "switch":
            return "yes or no"
        case "icon":
            return "an icon by name"
        case "choice":
            return ", ".join(f"`{option.value}`" for option in slot.choices)
        case "number":
            return f"{least} to {most}"
        case "list":
            return f"{least} to {most}: {_items(slot)}"
        case _:
            return f"{least} to {most} letters"


def _items(slot: Slot) -> str:
    if slot.of is not None and slot.of.model is not None:
        return ", ".join(f"`{inner.name}`" for inner in slots(slot.of.model))
    if slot.of is not None and slot.of.choices:
        return ", ".join(f"`{option.value}`" for option in slot.of.choices)
    return "icons" if slot.of is not None and slot.of.widget == "icon" else "words"


def draw(folder: Path) -> None:
    """Draw each block alone into `folder`, in the look of the starter that it comes from."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pages = []
        for kind, blueprint in _examples():
            page = Path(place) / f"{kind}.html"
            page.write_text(render(new_document(_ID, blueprint, {}, ())), encoding="utf-8")
            pages.append(page)
        command = [sys.executable, "-m", "ui.probe", *map(str, pages), "--size", "{}x{}".format(*PAGE_SIZE)]
        for page in pages:
            command += ["--picture", str(page.with_suffix(".png"))]
        subprocess.run(command, check=True)
        for kind in KINDS:
            image = QImage(str(Path(place) / f"{kind}.png")).scaledToWidth(
                PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation
            )
            if not image.convertToFormat(QImage.Format.Format_RGB888).save(
                str(folder / f"{kind}.png"), quality=0
            ):
                raise OSError(f"not saved: {kind}")


def _examples() -> Iterator[tuple[str, Blueprint]]:
    starters = load_starters()
    for kind in KINDS:
        own = [(one, block) for one in starters for block in one.blueprint.blocks if block.type == kind]
        look = (own[0][0] if own else starters[0]).blueprint.model_dump(mode="json", by_alias=True)
        block: Any = own[0][1] if own else new_block(kind)
        shown = {
            "title": block.title,
            "layout": "stack",
            "rules": [],
            "blocks": [block.model_dump(mode="json", by_alias=True)],
        }
        yield kind, normalise(Blueprint.model_validate({**look, **shown}))


if __name__ == "__main__":
    sys.exit(main())

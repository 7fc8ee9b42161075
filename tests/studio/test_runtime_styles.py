"""Style sheets of blocks stand side by side in one page: each selector names its own block."""

from __future__ import annotations

import re

import pytest

import resources

RUNTIME = resources.folder() / "runtime"
SHEETS = sorted((RUNTIME / "blocks").glob("*.css"))
LITERAL = re.compile(r'"([^"\n]*)"|`([^`]*)`')
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
WORD = re.compile(r"[a-zA-Z][\w-]*")


def written(kind: str) -> set[str]:
    """Return every word in a literal of a block's script: its classes are among them."""
    files = (RUNTIME / "blocks" / f"{kind}.js", RUNTIME / "rules" / f"{kind}.js")
    code = "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    return {word for found in LITERAL.findall(code) for text in found for word in WORD.findall(text)}


WRITTEN = {sheet.stem: written(sheet.stem) for sheet in SHEETS}
EVERYWHERE = (
    "stage solo single "
    "btn round soft ghost wide m xl pop ic gl sr head name play block cell card mid pill points num"
)
SHARED = {
    name
    for file in ("core.js", "shell.js", "places.js", "joy.js", "dom.js", "meadow.js")
    for found in re.findall(r'h\([`"]([^`"]+)[`"]', (RUNTIME / file).read_text(encoding="utf-8"))
    for name in CLASS.findall(found)
} | set(EVERYWHERE.split())


def selectors(sheet: str) -> list[str]:
    """Return the selectors of a style sheet, those inside media and container rules too, frames left out."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    text = re.sub(r"@keyframes [\w-]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    heads = [head.strip() for head in re.findall(r"([^{}]+)\{", text)]
    return [one.strip() for head in heads if not head.startswith("@") for one in _parts(head)]


def _parts(head: str) -> list[str]:
    depth, parts = 0, [""]
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_selector_of_a_block_touches_that_block_alone(sheet) -> None:
    kind = sheet.stem
    others = set().union(*(words for name, words in WRITTEN.items() if name != kind)) | SHARED
    found = selectors(sheet.read_text(encoding="utf-8"))
    assert found
    loose = [one for one in found if f"[data-type={kind}]" not in one and set(CLASS.findall(one)) <= others]
    assert loose == [], f"write :where([data-type={kind}]) before these"

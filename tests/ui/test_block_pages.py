"""docs/blocks.md is written by the program: it says what the program says."""

from __future__ import annotations

from studio.blueprints import KINDS
from ui.block_pages import DOCS, PICTURES, text


def test_the_page_about_the_blocks_is_fresh() -> None:
    assert (DOCS / "blocks.md").read_text(encoding="utf-8") == text()


def test_every_block_has_its_picture() -> None:
    assert {path.stem for path in (DOCS / PICTURES).glob("*.png")} == set(KINDS)

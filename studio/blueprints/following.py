"""Let names by position follow what they name, when items of a list change places."""

from collections.abc import Mapping, Sequence

from studio.blueprints.blocks import Calculator, Page, Story
from studio.blueprints.blueprint import AnyBlock

LETTERS = "abcd"


def follow_items(block: AnyBlock, name: str, order: Sequence[int | None], *, before: int) -> AnyBlock:
    """Return the block with its own references mended after the items of list `name` were reordered.

    `order` holds for each new place the old place (None: a new item); `before` is how many items there
    were. A reference that named nothing before stays as it is.
    """
    moved = {old: place for place, old in enumerate(order) if old is not None}
    if isinstance(block, Story) and name == "pages":
        names = {f"p{old + 1}": f"p{moved[old] + 1}" if old in moved else "end" for old in range(before)}
        return _story(block, names, new=order.index(None) if None in order else -1)
    if isinstance(block, Calculator) and name == "inputs":
        letters = {LETTERS[old]: LETTERS[moved[old]] if old in moved else "" for old in range(before)}
        return _calculator(block, letters)
    return block


def _story(story: Story, names: Mapping[str, str], *, new: int) -> Story:
    """Point each choice to where its page went; a new page says itself where its choices lead."""
    pages = tuple(page if place == new else _page(page, names) for place, page in enumerate(story.pages))
    return story.model_copy(update={"pages": pages})


def _page(page: Page, names: Mapping[str, str]) -> Page:
    choices = tuple(
        choice.model_copy(update={"goto": names.get(choice.goto, choice.goto)}) for choice in page.choices
    )
    return page.model_copy(update={"choices": choices})


def _calculator(calculator: Calculator, letters: Mapping[str, str]) -> Calculator:
    """Let the letters of the formula follow their numbers; a formula that lost one adds up the rest."""
    if any(letters.get(letter) == "" for letter in calculator.formula):
        formula = "+".join(LETTERS[: len(calculator.inputs)])
    else:
        formula = "".join(letters.get(letter, letter) for letter in calculator.formula)
    return calculator.model_copy(update={"formula": formula})

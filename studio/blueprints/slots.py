"""What the inspector needs to know to draw the fields of a model: nothing is drawn by hand.

    for slot in slots(block):
        slot.name, slot.title, slot.help, slot.widget, slot.choices, ...

Widgets: `line` and `text` (one line, several lines), `number`, `switch`, `choice`, `icon`, `list` (of what
`slot.item` says) and `object` (fields of its own: `slot.model`). Slots that nobody sets by hand (`type`,
`version`) are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from studio.blueprints.base import Hint, Number, Whole, Widget
from studio.blueprints.blueprint import BLOCK_CLASSES
from studio.blueprints.choices import Icon
from studio.blueprints.words.choices import choice_name
from studio.phrases import Phrase

_HIDDEN = frozenset({"type", "version"})
_NOTHING = Phrase("")


@dataclass(frozen=True)
class Option:
    """Hold one value that a slot can choose, and its name."""

    value: str
    name: Phrase


@dataclass(frozen=True)
class Slot:
    """Hold what there is to know about one field.

    `least` and `most` bound the letters of words, the size of a number, or the items of a list.
    `whole` numbers have no fraction; `above` means more than `least`, not `least` itself. For a
    list, `item` is what one item is called and `of` describes one item: a slot without a name when the
    items are plain (its widget is line, choice or icon), else a slot with `model`.
    """

    name: str
    title: Phrase
    help: Phrase
    widget: Widget
    least: float = 0
    most: float = 0
    whole: bool = False
    above: bool = False
    choices: tuple[Option, ...] = ()
    item: Phrase = _NOTHING
    of: "Slot | None" = None
    model: type[BaseModel] | None = None


def slots(model: BaseModel | type[BaseModel]) -> tuple[Slot, ...]:
    """Return the slots of a block, item, theme, rule or blueprint, in the order to show them."""
    return _slots(model if isinstance(model, type) else type(model))


def slot(model: BaseModel | type[BaseModel], name: str) -> Slot:
    """Return one slot by its name; raise LookupError if there is none."""
    found = next((one for one in slots(model) if one.name == name), None)
    if found is None:
        raise LookupError(f"no slot {name!r}")
    return found


@cache
def _slots(model: type[BaseModel]) -> tuple[Slot, ...]:
    return tuple(
        _slot(model, name, field.annotation, _own(field))
        for name, field in model.model_fields.items()
        if name not in _HIDDEN
    )


def _own(field: FieldInfo) -> list[Any]:
    """Return all that is written beside the type of a field: bounds, hint, title."""
    return [*field.metadata, _Titles(field.title or "", field.description or "")]


@dataclass(frozen=True)
class _Titles:
    title: str
    help: str


def _slot(model: type[BaseModel], name: str, kind: Any, beside: Iterable[Any]) -> Slot:
    beside = list(beside)
    titles = next((one for one in beside if isinstance(one, _Titles)), _Titles("", ""))
    hint = next((one for one in beside if isinstance(one, Hint)), Hint())
    least, most = _bounds(beside)
    widget, choices, of, inner = _widget(model, name, kind)
    return Slot(
        name=name,
        title=Phrase(titles.title),
        help=Phrase(titles.help),
        widget=hint.widget or widget,
        least=least,
        most=most,
        whole=any(isinstance(one, Whole) for one in beside),
        above=any(isinstance(one, Number) and one.above for one in beside),
        choices=choices,
        item=Phrase(hint.item),
        of=of,
        model=inner,
    )


def _widget(
    model: type[BaseModel], name: str, kind: Any
) -> tuple[Widget, tuple[Option, ...], Slot | None, type[BaseModel] | None]:
    origin = get_origin(kind)
    if origin is tuple:
        return "list", (), _item(model, name, get_args(kind)[0]), None
    if origin is Literal:
        options = tuple(Option(value, choice_name(model.__name__, name, value)) for value in get_args(kind))
        return ("icon" if kind == Icon else "choice"), options, None, None
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "object", (), None, kind
    plain: dict[Any, Widget] = {bool: "switch", int: "number", float: "number", str: "line"}
    return plain.get(kind, "object"), (), None, None


def _item(model: type[BaseModel], name: str, kind: Any) -> Slot:
    """Describe one item of a list; the words beside its type are inside an Annotated of its own."""
    if get_origin(kind) is not Annotated:
        return _slot(model, name, kind, ())
    bare, *beside = get_args(kind)
    field = next((one for one in beside if isinstance(one, FieldInfo)), None)
    return _slot(model, name, bare, beside if field is None else _own(field))


def _bounds(beside: Iterable[Any]) -> tuple[float, float]:
    least: float = 0
    most: float = 0
    for one in beside:
        if isinstance(one, Whole | Number):
            return one.least, one.most
        if isinstance(one, MinLen):
            least = one.min_length
        elif isinstance(one, MaxLen):
            most = one.max_length
        elif getattr(one, "pattern", None):
            least, most = 1, 60
    return least, most


def block_slots(kind: str) -> tuple[Slot, ...]:
    """Return the slots of a kind of block by its name, such as `quiz`."""
    return _slots(BLOCK_CLASSES[kind])

"""What the models themselves say about a slot: which are lists, and how long they may be."""

from functools import cache
from typing import Any, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel


@cache
def list_limits(model: type[BaseModel]) -> dict[str, tuple[int, int]]:
    """Return the list slots of a model, each with the least and the most items it may have."""
    return {
        name: (_bound(field.metadata, MinLen, "min_length"), _bound(field.metadata, MaxLen, "max_length"))
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) is tuple
    }


def _bound(metadata: list[Any], kind: type, name: str) -> int:
    return next((int(getattr(part, name)) for part in metadata if isinstance(part, kind)), 0)


def item_model(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of the items of a list slot; None where they are plain words."""
    inside = get_args(model.model_fields[name].annotation)[0]
    return inside if isinstance(inside, type) and issubclass(inside, BaseModel) else None

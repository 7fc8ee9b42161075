"""What every model of the blueprint is made of: strict leaves, closed objects, a title for each slot.

The given JSON schemas are the master (`resources/schemas`); these models give the same verdict. Strict
means: `true` is not 1 and `"1"` is not 1, but 5.0 is the whole number 5, as in JSON Schema.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Widget: TypeAlias = Literal["line", "text", "number", "switch", "choice", "icon", "list", "object"]


class Model(BaseModel):
    """Be the base of all models: frozen, and closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Hint:
    """Tell the inspector what the type of a slot does not: a bigger field, or what one item is called."""

    widget: Widget | None = None
    item: str = ""


def plain_number(value: Any) -> Any:
    """Return a whole float as the int that it means (5.0 as 5, -0.0 as 0), anything else as it is."""
    return int(value) if type(value) is float and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class Whole:
    """Annotate a whole number between two bounds."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.int_schema(strict=True, ge=self.least, le=self.most)
        return core_schema.no_info_before_validator_function(plain_number, inner)


@dataclass(frozen=True, slots=True)
class Number:
    """Annotate a number between two bounds; whole ones are kept as int so that 1.0 and 1 are one text."""

    least: float
    most: float
    above: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.float_schema(
            strict=True,
            allow_inf_nan=False,
            ge=None if self.above else self.least,
            gt=self.least if self.above else None,
            le=self.most,
        )
        return _after(plain_number, inner)


class FirstVersion:
    """Annotate `Literal[1]` so that `true`, which Python takes for 1, is refused."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_no_switch, handler(source))


def _no_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("literal_error", "Input should be 1")
    return plain_number(value)


class AnyOf:
    """Annotate a union told apart by one field: the schema says `anyOf`, as the given one does."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        made: dict[str, Any] = handler(schema)
        if "oneOf" in made:
            made["anyOf"] = made.pop("oneOf")
        made.pop("discriminator", None)
        return made


class PlainNumbers:
    """Annotate a union that has numbers in it: whole floats become int, and nothing warns on the way out."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _after(plain_number, handler(source))


def _after(function: Callable[[Any], Any], inner: CoreSchema) -> CoreSchema:
    """Run `function` after `inner`; what it returns is written out as it is."""
    return core_schema.no_info_after_validator_function(
        function, inner, serialization=core_schema.simple_ser_schema("any")
    )


def text(most: int, title: str = "", help: str = "", *, least: int = 1, pattern: str | None = None) -> Any:
    """Return the annotation of a string slot with its bounds in letters (code points)."""
    return _field(title, help, strict=True, min_length=least, max_length=most, pattern=pattern)


def shaped(pattern: str, title: str = "", help: str = "") -> Any:
    """Return the annotation of a string slot that a pattern bounds."""
    return _field(title, help, strict=True, pattern=pattern)


def many(least: int | None, most: int, title: str = "", help: str = "") -> Any:
    """Return the annotation of a list (or map) slot with how many items it has."""
    return _field(title, help, min_length=least, max_length=most)


def slot(title: str, help: str = "", *, strict: bool | None = None) -> Any:
    """Return the annotation of any other slot: what people call it, and one line of help."""
    return _field(title, help, strict=strict)


def switch(title: str, help: str = "") -> Any:
    """Return the annotation of an on/off slot."""
    return _field(title, help, strict=True)


def _field(title: str, help: str, **bounds: Any) -> FieldInfo:
    known = {name: value for name, value in bounds.items() if value is not None}
    made: FieldInfo = Field(title=title or None, description=help or None, **known)
    return made

"""Look at an answer that should fit a JSON Schema: on our side, whatever the engine or the server says.

jsonschema knows the whole standard, so a schema that somebody sends to `sprout serve` means here what
it means elsewhere. It is imported with the first schema, since chat needs none.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from studio.errors import InputError
from studio.phrases import phrase

_TEXT_LIMIT = 2_000_000


def problem(text: str, schema: Mapping[str, Any]) -> str:
    """Return why `text` is no answer to `schema`, in words for the log; empty when it fits.

    Raises InputError when the schema itself is none, or points outside of itself.
    """
    if len(text) > _TEXT_LIMIT:
        return f"{len(text)} characters are too many"
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    return _checker(json.dumps(schema, sort_keys=True))(value)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return made


@functools.lru_cache(maxsize=16)
def _checker(schema_text: str) -> Callable[[Any], str]:
    import jsonschema  # noqa: PLC0415 - see the head of this module
    import referencing  # noqa: PLC0415
    from jsonschema.validators import extend  # noqa: PLC0415

    schema = json.loads(schema_text)
    kind = extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except (jsonschema.SchemaError, RecursionError) as error:
        raise _no_schema(error) from error
    # An empty registry: a schema that points to an address must not make us open it.
    registry: Any = referencing.Registry()
    validator = kind(schema, registry=registry)

    def check(value: Any) -> str:
        try:
            first = next(validator.iter_errors(value), None)
        except (referencing.exceptions.Unresolvable, re.error, RecursionError) as error:
            raise _no_schema(error) from error
        return "" if first is None else f"{first.json_path}: {first.message[:200]}"

    return check


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    """Match as ECMA-262 does, which the standard refers to: a last `$` is the end, not before a newline."""
    import jsonschema  # noqa: PLC0415

    if not isinstance(instance, str):
        return
    strict = f"{pattern[:-1]}\\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
    if re.search(strict, instance) is None:
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _no_schema(error: Exception) -> InputError:
    return InputError(
        phrase("The form that the answer should fit cannot be used."),
        next=phrase("Ask without a form, or mend it."),
        detail=f"{type(error).__name__}: {str(error)[:300]}",
    )


__all__ = ["problem"]

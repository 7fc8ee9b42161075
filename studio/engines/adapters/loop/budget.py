"""Close a JSON answer in time: before the tokens run out, whatever is open is closed the shortest way."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.schema import resolve

Array = np.ndarray[Any, Any]

_CLOSERS = frozenset(b'"]}')
_NUMBER = frozenset(bytes([letter]) for letter in b"0123456789.eE+-")
_SLACK_TOKENS = 16
_DEEPEST = 12
_LONGEST = 100_000


@dataclass(frozen=True)
class Lengths:
    """Say how many tokens an answer to a schema takes: `floor` is about the shortest, `reserve` its longest way out.

    `reserve` counts one of everything in its longest form: what may be half done when time is up.
    """

    floor: int
    reserve: int

    @classmethod
    def of(cls, schema: Mapping[str, Any], vocabulary: Vocabulary) -> Lengths:
        """Return the lengths for a schema that `prepare` let through."""
        shortest, longest = (
            len(vocabulary.encode(example(schema, shortest=short))) for short in (True, False)
        )
        return cls(shortest, longest + _SLACK_TOKENS)


class Endings:
    """Know which tokens bring a JSON text to its end."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kinds: dict[str, Array] = {}

    def narrow(self, allowed: Array) -> Array:
        """Return the tokens among the allowed ones that lead to the end; all of them where none does.

        Only tokens made of `"`, `]` and `}` do. Tokens with a comma would open new items: they are chosen
        only after a number with more to come, where nothing else ends it.
        """
        kinds = self._token_kinds(len(allowed))
        # after a value one of the two may follow, never both: this is the inside of a text
        in_text = (allowed & kinds["]"]).any() and (allowed & kinds["}"]).any()
        quotes = allowed & kinds["closer"] & kinds['"']
        if in_text:
            return quotes if quotes.any() else allowed
        ends = allowed & kinds["closer"] & ~kinds['"']
        if not ends.any():
            # a text that must be there: what stands after its first quote would be inside it
            ends = quotes & kinds["quotes"] if (quotes & kinds["quotes"]).any() else quotes
        if not ends.any() and not (allowed & ~kinds[","] & ~kinds["number"]).any():
            ends = allowed & kinds[","]
        return ends if ends.any() else allowed

    def _token_kinds(self, width: int) -> dict[str, Array]:
        if not self._kinds:
            names = ("closer", "number", "quotes", ",", '"', "]", "}")
            self._kinds = {name: np.zeros(width, dtype=bool) for name in names}
            for token, piece in enumerate(self._vocabulary.all_bytes[:width]):
                for name in _kinds_of(piece):
                    self._kinds[name][token] = True
        return self._kinds


@dataclass(frozen=True)
class Budget:
    """Know when an answer of at most `limit` tokens has to come to its end, and narrow it from then on."""

    lengths: Lengths
    endings: Endings
    limit: int

    def closing(self, used: int) -> bool:
        """Tell whether `used` tokens are so many that only the end may follow."""
        return used > self.limit - self.lengths.reserve

    def narrow(self, allowed: Array) -> Array:
        """Return the tokens among the allowed ones that lead to the end."""
        return self.endings.narrow(allowed)


def _kinds_of(piece: bytes) -> Iterator[str]:
    first = piece[:1]
    if first in _NUMBER:
        yield "number"
    elif first and first in b',"]}':
        yield first.decode()
        if frozenset(piece) <= _CLOSERS:
            yield "closer"
        if not piece.strip(b'"'):
            yield "quotes"


# ------------------------------------------------------------ how long an answer is at least


def example(schema: Mapping[str, Any], *, shortest: bool) -> str:
    """Return JSON text about as long as the shortest answer that fits, or as long as the longest way to its end.

    It need not fit: patterns and formats are stood in for by letters. A schema within itself is followed
    `_DEEPEST` levels down, and text is cut at `_LONGEST` letters.
    """
    return _Writer(schema, shortest).text(schema, 0)


class _Writer:
    def __init__(self, root: Mapping[str, Any], shortest: bool) -> None:
        self._root, self._shortest = root, shortest
        self._known: dict[tuple[int, int], str] = {}

    def text(self, node: Any, depth: int) -> str:
        node = resolve(node, self._root)
        if not isinstance(node, Mapping) or depth > _DEEPEST:
            return "0"
        key = id(node), depth
        if key not in self._known:
            self._known[key] = self._write(node, depth)[:_LONGEST]
        return self._known[key]

    def _choose(self, texts: Sequence[str]) -> str:
        return min(texts, key=len) if self._shortest else max(texts, key=len)

    def _write(self, node: Mapping[str, Any], depth: int) -> str:
        if "const" in node:
            return _json(node["const"])
        if node.get("enum"):
            return self._choose([_json(value) for value in node["enum"]])
        for word in ("anyOf", "oneOf"):
            if node.get(word):
                return self._choose([self.text(part, depth + 1) for part in node[word]])
        kinds = node.get("type", _implied(node))
        if node.get("allOf") and "type" not in node:
            # the parts say different things about one value: the longest of them stands for it
            return max((self.text(part, depth + 1) for part in node["allOf"]), key=len)
        if isinstance(kinds, list):
            return self._choose([self._of_kind(node, kind, depth) for kind in kinds or ["null"]])
        return self._of_kind(node, kinds, depth)

    def _of_kind(self, node: Mapping[str, Any], kind: str, depth: int) -> str:
        if kind == "object":
            return self._object(node, depth)
        if kind == "array":
            return self._array(node, depth)
        if kind == "string":
            other = 12 if "pattern" in node or "format" in node else 0
            return _json("a" * min(max(int(node.get("minLength", 0)), other), _LONGEST))
        if kind == "boolean":
            return "true" if self._shortest else "false"
        if kind in {"integer", "number"}:
            return self._number(node)
        return "null"

    def _object(self, node: Mapping[str, Any], depth: int) -> str:
        parts = node.get("properties", {})
        needed = node.get("required", ())
        names = [name for name in parts if name in needed or not self._shortest]
        names += [name for name in needed if name not in parts]
        items = (f"{_json(name)}:{self.text(parts.get(name, True), depth + 1)}" for name in names)
        return "{" + _joined(items) + "}"

    def _array(self, node: Mapping[str, Any], depth: int) -> str:
        first = list(node.get("prefixItems", ()))
        count = int(node.get("minItems", 0))
        if not self._shortest and node.get("maxItems") != 0:
            count = max(count, 1)
        parts = itertools.chain(first, itertools.repeat(node.get("items", True)))
        items = (self.text(part, depth + 1) for part in itertools.islice(parts, count))
        return "[" + _joined(items) + "]"

    def _number(self, node: Mapping[str, Any]) -> str:
        words = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        texts = [_json(node[word]) for word in words if word in node] or ["0"]
        if self._shortest and node.get("minimum", 0) <= 0 <= node.get("maximum", 0):
            return "0"
        return self._choose(texts)


def _implied(node: Mapping[str, Any]) -> str:
    if "properties" in node:
        return "object"
    return "array" if "items" in node or "prefixItems" in node else "null"


def _joined(items: Iterable[str]) -> str:
    made: list[str] = []
    length = 0
    for item in items:
        made.append(item)
        length += len(item) + 1
        if length > _LONGEST:
            break
    return ",".join(made)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

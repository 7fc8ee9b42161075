"""Hold an answer to a JSON Schema, token by token, through llguidance.

llguidance's own helpers for torch want a C++ compiler on the user's machine; its masks are unpacked with
numpy here instead.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer

from studio.engines.adapters.loop.budget import Budget, Endings, Lengths
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.schema import prepare
from studio.errors import EngineError, InputError
from studio.phrases import phrase

Array = np.ndarray[Any, Any]

_KEPT = 16
"""So many compiled schemas are kept; one of a blueprint takes some 20 ms to compile."""


@dataclass(frozen=True)
class _Compiled:
    matcher: LLMatcher
    lengths: Lengths


class Grammars:
    """Compile schemas for one tokenizer.

    `width` is the length of a row of logits; masks have it too.
    """

    def __init__(self, vocabulary: Vocabulary, eos_ids: Sequence[int], width: int) -> None:
        self._vocabulary, self._eos_ids, self._width = vocabulary, list(eos_ids), width
        self._endings = Endings(vocabulary)
        self._compiled: OrderedDict[str, _Compiled] = OrderedDict()

    @cached_property
    def tokenizer(self) -> LLTokenizer:
        """Return llguidance's view of the tokenizer; the first time takes up to 2 s for a large vocabulary."""
        size = max(self._width, self._vocabulary.size)
        text = self._vocabulary.to_json()
        try:
            return LLTokenizer(
                text, n_vocab=size, eos_token=self._eos_ids or None, slices=LLTokenizer.json_slices()
            )
        except (ValueError, RuntimeError) as error:
            raise InputError(
                phrase("This model cannot be held to a form: its tokenizer is of an unusual kind."),
                kept=phrase("Nothing was written."),
                next=phrase("Choose another model."),
                detail=str(error),
            ) from error

    def begin(self, schema: Mapping[str, Any], limit: int) -> tuple[Constraint, Budget]:
        """Return a constraint at its beginning and its budget of `limit` tokens.

        Raises InputError for a schema that cannot be held.
        """
        ready = prepare(schema)
        text = json.dumps(ready, ensure_ascii=False)
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = _Compiled(self._compile(text), Lengths.of(ready, self._vocabulary))
            self._compiled[key] = compiled
            while len(self._compiled) > _KEPT:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(key)
        constraint = Constraint(compiled.matcher.deep_copy(), self.tokenizer, self._width)
        return constraint, Budget(compiled.lengths, self._endings, limit)

    def _compile(self, text: str) -> LLMatcher:
        try:
            matcher = LLMatcher(self.tokenizer, LLMatcher.grammar_from_json_schema(text), log_level=0)
            reason = matcher.get_error()
        except ValueError as error:
            reason = str(error)
        if reason:
            raise InputError(
                phrase("No answer can be held to this description."),
                kept=phrase("Nothing was written."),
                next=phrase("Make the schema simpler and try again."),
                detail=reason,
            )
        return matcher


class Constraint:
    """Follow one answer through its grammar. Nothing here goes back: only decided tokens are consumed."""

    def __init__(self, matcher: LLMatcher, tokenizer: LLTokenizer, width: int) -> None:
        self._matcher, self._tokenizer, self._width = matcher, tokenizer, width

    @property
    def finished(self) -> bool:
        """Tell whether nothing more may follow."""
        return bool(self._matcher.is_stopped())

    @property
    def complete(self) -> bool:
        """Tell whether the answer may end here."""
        return bool(self._matcher.is_accepting())

    def consume(self, token: int) -> None:
        """Take a decided token."""
        if not self._matcher.consume_token(token):
            raise self._failure()

    def fits(self, tokens: Sequence[int]) -> int:
        """Return how many of the tokens, from the first, may follow one after another."""
        return int(self._matcher.validate_tokens(list(tokens)))

    def permits(self, token: int) -> bool:
        """Tell whether `allowed` has this token; quicker than asking for all."""
        place, bit = divmod(token, 8)
        bits = self._matcher.compute_bitmask()
        return place < len(bits) and bool(bits[place] >> bit & 1)

    def forced(self) -> list[int]:
        """Return the tokens that must follow; empty where the tokenizer has another way to spell them."""
        return list(self._matcher.compute_ff_tokens())

    def guess(self) -> list[int]:
        """Return tokens for the text that must follow; the last of them may turn out to be a longer one."""
        text = self._matcher.compute_ff_bytes()
        return list(self._tokenizer.tokenize_bytes(text)) if text else []

    def allowed(self) -> Array:
        """Return which tokens may follow, bool [width]; one at least."""
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        mask = np.unpackbits(bits, bitorder="little")[: self._width].astype(bool)
        if len(mask) < self._width:
            mask = np.pad(mask, (0, self._width - len(mask)))
        if not mask.any() or self._matcher.is_error():
            raise self._failure()
        return mask

    def _failure(self) -> EngineError:
        return EngineError(
            phrase("The answer could not be kept in its form."),
            next=phrase("Try again."),
            detail=self._matcher.get_error() or "no token is allowed",
        )

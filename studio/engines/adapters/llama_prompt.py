"""From a request to the tokens that llama.cpp reads: the chat form, and what must be left out to fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from studio.engines.adapters.context import answer_room, fit_text, no_room
from studio.engines.adapters.prompt import Prompt, chat_prompt, nothing_to_read
from studio.engines.adapters.templates import ChatFormat
from studio.engines.base import GenerationRequest


@dataclass(frozen=True)
class PromptMaker:
    """Make prompts for one model; `encode(text, start, marks)` returns the tokens of a text."""

    form: ChatFormat
    context: int
    encode: Callable[[str, bool, bool], list[int]]

    def make(self, request: GenerationRequest) -> Prompt:
        """Return the prompt with the beginning of the answer, unless a schema will write that too.

        Raises InputError when there is nothing to read, or no room for it.
        """
        begun = (
            []
            if request.schema or not request.answer_start
            else self.encode(request.answer_start, False, False)
        )
        limit = self.context - answer_room(request.max_tokens, self.context) - len(begun)
        if request.messages:
            prompt = chat_prompt(request.messages, self.form, self._count, limit)
        else:
            prompt = self._text(request.prompt, limit)
        return dataclasses.replace(prompt, ids=prompt.ids + begun)

    def _text(self, text: str, limit: int) -> Prompt:
        if not text.strip():
            raise nothing_to_read()
        fitted = fit_text(text, self._count, limit)
        ids = self.encode(fitted.text, True, True)
        if len(ids) > limit + 1:  # one more for the mark of a beginning
            raise no_room()
        return Prompt(ids, fitted.cut_tokens, fitted.notes)

    def _count(self, text: str) -> int:
        return len(self.encode(text, False, False)) if text else 0

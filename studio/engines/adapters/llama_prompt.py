"""From a request to the tokens that llama.cpp reads: the chat form, and what must be left out to fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.engines.adapters.context import answer_room, fit_messages, fit_text, no_room
from studio.engines.adapters.templates import ChatFormat
from studio.engines.base import GenerationRequest, Message
from studio.errors import InputError
from studio.phrases import Phrase, phrase

_REFITS = 4


@dataclass(frozen=True)
class Prompt:
    """Hold the tokens to read, how many tokens were left out (about), and the words for the user."""

    ids: list[int]
    cut_tokens: int = 0
    notes: tuple[Phrase, ...] = ()


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
            prompt = self._chat(request.messages, limit)
        else:
            prompt = self._text(request.prompt, limit)
        return dataclasses.replace(prompt, ids=prompt.ids + begun)

    def _chat(self, messages: Sequence[Message], limit: int) -> Prompt:
        if not any(message.content.strip() for message in messages):
            raise _nothing_to_read()
        allowed = limit
        for _ in range(_REFITS):
            fitted = fit_messages(messages, self._count, allowed)
            ids = self.form.encode(fitted.messages)
            if len(ids) <= limit:
                return Prompt(ids, fitted.cut_tokens, fitted.notes)
            # what a template writes around the messages is known only now
            allowed -= len(ids) - limit + 1
        raise no_room()

    def _text(self, text: str, limit: int) -> Prompt:
        if not text.strip():
            raise _nothing_to_read()
        fitted = fit_text(text, self._count, limit)
        ids = self.encode(fitted.text, True, True)
        if len(ids) > limit + 1:  # one more for the mark of a beginning
            raise no_room()
        return Prompt(ids, fitted.cut_tokens, fitted.notes)

    def _count(self, text: str) -> int:
        return len(self.encode(text, False, False)) if text else 0


def cleaned(request: GenerationRequest) -> GenerationRequest:
    """Return the request without halves of surrogate pairs, which no tokenizer takes."""
    return dataclasses.replace(
        request,
        messages=tuple(Message(message.role, clean(message.content)) for message in request.messages),
        prompt=clean(request.prompt),
        answer_start=clean(request.answer_start),
        stop=tuple(stop for stop in map(clean, request.stop) if stop),
    )


def clean(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _nothing_to_read() -> InputError:
    return InputError(phrase("There is nothing to answer yet."), next=phrase("Write something first."))

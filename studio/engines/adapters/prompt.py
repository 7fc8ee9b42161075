"""From a request to the tokens of a prompt that fits: what both local adapters do alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.engines.adapters.context import fit_messages, no_room
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


def chat_prompt(
    messages: Sequence[Message], form: ChatFormat, count: Callable[[str], int], limit: int
) -> Prompt:
    """Return a conversation in its chat form in at most `limit` tokens; `count` counts the tokens of a text.

    Raises InputError when there is nothing to answer, or no room for it.
    """
    if not any(message.content.strip() for message in messages):
        raise nothing_to_read()
    allowed = limit
    for _ in range(_REFITS):
        fitted = fit_messages(messages, count, allowed)
        ids = form.encode(fitted.messages)
        if len(ids) <= limit:
            return Prompt(ids, fitted.cut_tokens, fitted.notes)
        # What a template writes around the messages is known only now.
        allowed -= len(ids) - limit + 1
    raise no_room()


def cleaned(request: GenerationRequest) -> GenerationRequest:
    """Return the request without halves of surrogate pairs, which no tokenizer takes."""
    return dataclasses.replace(
        request,
        messages=tuple(Message(message.role, clean(message.content)) for message in request.messages),
        prompt=clean(request.prompt),
        answer_start=clean(request.answer_start),
        draft_text=clean(request.draft_text),
        stop=tuple(stop for stop in map(clean, request.stop) if stop),
    )


def clean(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def nothing_to_read() -> InputError:
    """Return the error for a request that says nothing."""
    return InputError(phrase("There is nothing to answer yet."), next=phrase("Write something first."))

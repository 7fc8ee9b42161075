"""Make a conversation fit into a model's context, and say in words what was left out.

No model runtime is needed here: the caller brings `count`, which tells how many tokens a text is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.engines.base import Message
from studio.errors import InputError
from studio.phrases import Phrase, phrase

CountTokens = Callable[[str], int]

DEFAULT_CONTEXT = 4096
MARK = "\n[…]\n"
"""What stands where the middle of a text was cut out."""

# What a chat template writes around one message: marks, the role, line ends. Measured on ChatML: 5.
_AROUND_MESSAGE_TOKENS = 8
# A text longer than this many characters for each token that fits is cut before it is counted, so that
# a huge text costs no more than a large one. English has about 4 characters in a token.
_MOST_CHARS_PER_TOKEN = 12
_SAMPLE_CHARS = 20_000
_LEAST_TEXT_TOKENS = 8
_TRIES = 8


@dataclass(frozen=True)
class FittedMessages:
    """Hold the messages that fit, how many tokens were left out (about), and the words for the user."""

    messages: tuple[Message, ...]
    cut_tokens: int = 0
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class FittedText:
    """Hold the text that fits, how many tokens were left out (about), and the words for the user."""

    text: str
    cut_tokens: int = 0
    notes: tuple[Phrase, ...] = ()


def answer_room(max_tokens: int, context: int) -> int:
    """Return how many tokens of the context to keep for an answer of at most `max_tokens`: half at most.

    Raises InputError when no token is asked for.
    """
    if max_tokens < 1:
        raise InputError(
            phrase("An answer needs room for at least one word."),
            next=phrase("Ask for a longer answer."),
            detail=f"max_tokens={max_tokens}",
        )
    return min(max_tokens, context // 2)


def fit_messages(messages: Sequence[Message], count: CountTokens, limit: int) -> FittedMessages:
    """Return the messages cut to about `limit` tokens.

    System messages and everything from the last user message on stay; the oldest others go first, a
    question together with its answers. If that is not enough, the longest message loses its middle.
    """
    if limit < _LEAST_TEXT_TOKENS:
        raise no_room()
    sizes = [_size(message.content, count, limit) + _AROUND_MESSAGE_TOKENS for message in messages]
    before = sum(sizes)
    if before <= limit:
        return FittedMessages(tuple(messages))
    kept, dropped = _drop_oldest(messages, sizes, limit)
    fitted = [messages[index] for index in kept]
    shortened = _cut_middles(fitted, [sizes[index] for index in kept], count, limit)
    after = sum(count(message.content) + _AROUND_MESSAGE_TOKENS for message in fitted)
    return FittedMessages(tuple(fitted), max(before - after, 1), _notes(dropped, shortened))


def fit_text(text: str, count: CountTokens, limit: int) -> FittedText:
    """Return the end of a text, cut to `limit` tokens: a text that goes on needs what came last."""
    if limit < 1:
        raise no_room()
    size = _size(text, count, limit)
    if size <= limit:
        return FittedText(text)
    kept = _shrink(text, size, limit, count, lambda chars: text[len(text) - chars :])
    note = phrase("The beginning of the text did not fit, so the model read only the last part.")
    return FittedText(kept, max(size - count(kept), 1), (note,))


def cut_middle(text: str, count: CountTokens, limit: int) -> str:
    """Return the text with its middle replaced by a visible mark, so that it has at most `limit` tokens."""
    size = _size(text, count, limit)
    if size <= limit:
        return text

    def kept(chars: int) -> str:
        head = (chars + 1) // 2
        tail = chars - head
        return text[:head] + MARK + (text[-tail:] if tail else "")

    return _shrink(text, size, max(limit - count(MARK), 1), count, kept, limit=limit)


def no_room() -> InputError:
    """Return the error of a model whose context is too short for any question."""
    return InputError(
        phrase("This model has no room left to read your words."),
        next=phrase("Load it with a longer memory (context), or choose another model."),
    )


def _size(text: str, count: CountTokens, limit: int) -> int:
    """Return the tokens of a text; of a far too long one, an estimate from its two ends."""
    if len(text) <= max(limit * _MOST_CHARS_PER_TOKEN, 2 * _SAMPLE_CHARS):
        return count(text)
    sampled = count(text[:_SAMPLE_CHARS]) + count(text[-_SAMPLE_CHARS:])
    return max(sampled * len(text) // (2 * _SAMPLE_CHARS), limit + 1)


def _drop_oldest(messages: Sequence[Message], sizes: Sequence[int], limit: int) -> tuple[list[int], int]:
    """Return the indexes that stay, in order, and how many messages were dropped."""
    users = [index for index, message in enumerate(messages) if message.role == "user"]
    last = users[-1] if users else len(messages) - 1
    droppable = [i for i, message in enumerate(messages) if i < last and message.role != "system"]
    gone: set[int] = set()
    total = sum(sizes)
    for index in droppable:
        # An answer whose question has gone would only confuse: they go together.
        if total <= limit and not (gone and messages[index].role == "assistant"):
            break
        gone.add(index)
        total -= sizes[index]
    return [index for index in range(len(messages)) if index not in gone], len(gone)


def _cut_middles(messages: list[Message], sizes: list[int], count: CountTokens, limit: int) -> bool:
    """Cut the longest messages in place until all fit; tell whether any was cut."""
    cut = False
    for _ in range(len(messages)):
        excess = sum(sizes) - limit
        if excess <= 0:
            break
        longest = max(range(len(sizes)), key=sizes.__getitem__)
        target = max(sizes[longest] - _AROUND_MESSAGE_TOKENS - excess, _LEAST_TEXT_TOKENS)
        content = cut_middle(messages[longest].content, count, target)
        messages[longest] = Message(messages[longest].role, content)
        sizes[longest] = count(content) + _AROUND_MESSAGE_TOKENS
        cut = True
    return cut


def _shrink(
    text: str, size: int, target: int, count: CountTokens, kept: Callable[[int], str], *, limit: int = 0
) -> str:
    """Return `kept(chars)` for about as many characters as fit into `target` tokens, never more than fit."""
    limit = limit or target
    chars = min(len(text) * target // max(size, 1), len(text))
    result = kept(chars)
    for _ in range(_TRIES):
        tokens = count(result)
        if tokens <= limit:
            return result
        chars = min(chars * limit // tokens, chars - 1) * 95 // 100
        result = kept(max(chars, 0))
    return kept(0)


def _notes(dropped: int, shortened: bool) -> tuple[Phrase, ...]:
    notes = []
    if dropped:
        notes.append(
            phrase(
                "This chat is longer than the model can read at once, so {count} older messages were left out.",
                count=dropped,
            )
        )
    if shortened:
        notes.append(phrase("A message was too long for the model, so its middle was left out."))
    return tuple(notes)

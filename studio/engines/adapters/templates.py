"""How a conversation becomes the tokens of a prompt: the model's own chat template, or a plain form.

A template is a small program from a model's folder. It runs in the sandbox of transformers, inside the
child process, and is tried at load while the parent's patience is short: one that never ends is killed
there. What users write can never become one of the template's own marks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jinja2.exceptions import SecurityError, TemplateError

from studio.engines.base import Message
from studio.engines.checks.config import MAX_TEMPLATE_BYTES
from studio.errors import InputError
from studio.phrases import Phrase, phrase

PLAIN_STOPS = ("\nUser:", "\nSystem:")
"""What a model without a template writes when it begins the user's next turn by itself."""

_PLAIN_NAMES = {"system": "System", "user": "User", "assistant": "Assistant"}
# Words that no template contains: what is missing from the trial was dropped by the template.
_TRIAL_SYSTEM, _TRIAL_USER = "bilberrysystem", "cloudberryuser"

# What a program in a template's language can raise: its own errors, and Python's for wrong values.
_FAULTS = (
    TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, AssertionError,
    SyntaxError, RuntimeError, MemoryError,
)  # fmt: skip

Arrange = Callable[[Sequence[Message]], list[Message]]


class ChatFormat:
    """Turn messages into prompt tokens the way the model was taught."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._template = _template_of(tokenizer)
        self._arrange: Arrange = list
        self.notes: tuple[Phrase, ...] = ()
        if self._template is None:
            self.notes = (
                phrase("This model has no chat form of its own, so it may not behave like a chat partner."),
            )
        else:
            self._try()

    @property
    def has_template(self) -> bool:
        """Tell whether the model's own template is used."""
        return self._template is not None

    @property
    def stops(self) -> tuple[str, ...]:
        """Return the texts that end an answer besides the model's own end marks."""
        return () if self._template else PLAIN_STOPS

    def text(self, messages: Sequence[Message]) -> str:
        """Return the prompt as text, for people to look at."""
        if self._template is None:
            return _plain(messages)
        return str(self._apply(self._arrange(messages), tokenize=False))

    def encode(self, messages: Sequence[Message]) -> list[int]:
        """Return the prompt's token ids, up to where the answer begins.

        Raises InputError when the template refuses these messages.
        """
        if self._template is None:
            return list(self._tokenizer(_plain(messages)).input_ids)
        arranged = self._arrange(messages)
        try:
            return list(self._apply(arranged, tokenize=True, return_dict=False, sanitize_control_tokens=True))
        except _FAULTS as error:
            raise _refused(error) from error

    def _try(self) -> None:
        """Find an arrangement of messages that the template accepts; give the template up if there is none."""
        trial = [Message("system", _TRIAL_SYSTEM), Message("user", _TRIAL_USER)]
        # Two of one role in a row: some templates insist on turns.
        twice = [*trial, Message("user", "a"), Message("assistant", "b"), Message("user", "c")]
        arrangements: tuple[Arrange, ...] = (list, in_turn, merged)
        for arrange in arrangements:
            texts = [self._rendered(arrange(messages)) or "" for messages in (trial, twice)]
            if all(_TRIAL_SYSTEM in text and _TRIAL_USER in text for text in texts):
                self._arrange = arrange
                return
        self._template = None
        self.notes = (phrase("This model's chat form is broken, so a plain one is used instead."),)

    def _rendered(self, messages: Sequence[Message]) -> str | None:
        """Return the text, None when the template fails; InputError when it reaches for what it must not."""
        try:
            return str(self._apply(messages, tokenize=False))
        except SecurityError as error:
            raise InputError(
                phrase("This model's chat form tries to do things that it must not do."),
                kept=phrase("Nothing happened to your computer."),
                next=phrase("Choose another model."),
                detail=str(error),
            ) from error
        except _FAULTS:
            return None

    def _apply(self, messages: Sequence[Message], **options: Any) -> Any:
        # enable_thinking: models that can think aloud first would spend minutes on it here.
        return self._tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in messages],
            chat_template=self._template,
            add_generation_prompt=True,
            enable_thinking=False,
            **options,
        )


def in_turn(messages: Sequence[Message]) -> list[Message]:
    """Return one system message at most, then user and assistant in turn, the user first."""
    system = [message.content for message in messages if message.role == "system"]
    result: list[Message] = []
    for message in messages:
        if message.role == "system" or (not result and message.role == "assistant"):
            continue
        if result and result[-1].role == message.role:
            earlier = result.pop()
            result.append(Message(message.role, f"{earlier.content}\n\n{message.content}"))
        else:
            result.append(message)
    return ([Message("system", "\n\n".join(system))] if system else []) + result


def merged(messages: Sequence[Message]) -> list[Message]:
    """Return user and assistant in turn, with the system text at the start of the first user message."""
    arranged = in_turn(messages)
    if not arranged or arranged[0].role != "system":
        return arranged
    first, others = arranged[0].content, arranged[1:]
    if not others:
        return [Message("user", first)]
    return [Message("user", f"{first}\n\n{others[0].content}"), *others[1:]]


def _template_of(tokenizer: Any) -> str | None:
    """Return the tokenizer's template; InputError when it is too large to be one."""
    template = getattr(tokenizer, "chat_template", None)
    if isinstance(template, dict):
        template = template.get("default") or next(iter(template.values()), None)
    if not isinstance(template, str) or not template.strip():
        return None
    if len(template.encode("utf-8", "replace")) > MAX_TEMPLATE_BYTES:
        raise InputError(
            phrase("This model's chat form is far too long to be a real one."),
            next=phrase("Choose another model."),
            detail=f"chat template of {len(template)} characters",
        )
    return template


def _plain(messages: Sequence[Message]) -> str:
    turns = [f"{_PLAIN_NAMES[message.role]}: {message.content.strip()}" for message in messages]
    return "\n".join([*turns, "Assistant:"])


def _refused(error: Exception) -> InputError:
    return InputError(
        phrase("This model's chat form cannot take these messages."),
        kept=phrase("Your words are kept."),
        next=phrase("Start a new chat, or choose another model."),
        detail=f"{type(error).__name__}: {error}",
    )

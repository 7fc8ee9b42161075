"""How a server is brought to answer in a form: the question that finds out, and the words that ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.engines import answers
from studio.engines import remote_forms as forms
from studio.engines.base import Delta, Ending, Message, OnDelta, Usage
from studio.phrases import Phrase, phrase

PROBE_TOKENS = 120

# No model says this by itself, and the question leads elsewhere: an answer of this form was forced.
PROBE_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "pebble": {"type": "string", "enum": ["zq-plum-7", "zq-kelp-4"]},
        "count": {"type": "integer", "enum": [3, 14]},
        "done": {"type": "boolean"},
    },
    "required": ["pebble", "count", "done"],
    "additionalProperties": False,
}
PROBE_QUESTION = "What colour is the sky on a clear day? Answer in one short sentence."


def in_form(schema: Mapping[str, Any], text: str, ending: Ending) -> tuple[str, str]:
    """Return the answer as tidy JSON and nothing, or as it is and what is wrong with it."""
    value = forms.find_json(text)
    if value is forms.NOTHING:
        return (
            text,
            "it was too long and was cut off" if ending == "length" else "there is no whole JSON in it",
        )
    tidy = forms.to_text(forms.fitted(schema, value))
    wrong = answers.problem(tidy, schema)
    return (text, wrong) if wrong else (tidy, "")


def with_form(messages: Sequence[Message], schema: Mapping[str, Any], wrong: str) -> tuple[Message, ...]:
    """Return the conversation with the form written out, and with what was wrong the last time.

    The form goes to the first system message, so that a server that keeps a prefix can use it again;
    the complaint goes last.
    """
    rule = (
        "Answer with one JSON value and nothing else: no explanation, no code fences. "
        f"It must fit this JSON Schema:\n{forms.to_text(schema)}"
    )
    turns = list(messages)
    if turns and turns[0].role == "system":
        turns[0] = Message("system", f"{turns[0].content}\n\n{rule}")
    else:
        turns.insert(0, Message("system", rule))
    if wrong:
        last = turns[-1]
        reminder = f"(Your last answer did not fit: {wrong}. Answer with the whole JSON again.)"
        turns[-1] = Message(last.role, f"{last.content}\n\n{reminder}")
    return tuple(turns)


def unseen(on_delta: OnDelta) -> OnDelta:
    """Return a listener that passes on how far the answer is, not what it says: it may still be thrown away."""
    return lambda delta: on_delta(Delta("", delta.tokens))


def asked_again(attempt: int) -> tuple[Phrase, ...]:
    """Return the note that an answer took more than one try."""
    if attempt == 0:
        return ()
    return (phrase("The server had to be asked {times} times.", times=attempt + 1),)


def total(usages: Sequence[Usage]) -> Usage:
    """Return the counts of all tries together."""
    return Usage(
        prompt_tokens=sum(usage.prompt_tokens for usage in usages),
        reused_tokens=sum(usage.reused_tokens for usage in usages),
        generated_tokens=sum(usage.generated_tokens for usage in usages),
        prompt_s=sum(usage.prompt_s for usage in usages),
        generate_s=sum(usage.generate_s for usage in usages),
    )

"""How a conversation becomes a prompt for llama.cpp: the model's own chat template, in a sandbox.

llama.cpp has a reader of templates too, but runs it while it loads, where a template that never ends could
not be told from a slow disk. So the template runs here, in Jinja's sandbox and as transformers would run
it (utils/chat_template_utils.py there): tried in the phase "checking", where the parent's patience is short.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.parser
import jinja2.sandbox

Tokens = Callable[[str, bool], list[int]]
"""Return the tokens of a text; True reads the model's own marks in it as marks."""

_STAND_IN = "\ue000{}\ue001"
_STAND_INS = re.compile("\ue000(\\d+)\ue001")


class LlamaTokenizer:
    """Look like a tokenizer of transformers, as far as `templates.ChatFormat` asks."""

    def __init__(
        self, template: str | None, special: Mapping[str, str], marks: Sequence[str], tokens: Tokens
    ) -> None:
        self.chat_template = template
        self._special = dict(special)
        self._tokens = tokens
        words = sorted((re.escape(mark) for mark in marks), key=len, reverse=True)
        self._marks = re.compile("|".join(words)) if words else None

    def __call__(self, text: str) -> Any:
        """Return an object with the `input_ids` of a text without marks."""
        return _Encoded(self._tokens(text, False))

    def apply_chat_template(
        self, conversation: Sequence[Mapping[str, str]], *, chat_template: str, tokenize: bool, **options: Any
    ) -> Any:
        """Return the prompt as text, or as token ids in which nobody's words became marks."""
        wanted = {
            name: options[name] for name in ("add_generation_prompt", "enable_thinking") if name in options
        }
        program = _environment().from_string(chat_template)
        if not tokenize:
            return program.render(messages=list(conversation), **self._special, **wanted)
        hidden: list[str] = []
        messages = [
            {**message, "content": self._hide(message["content"], hidden)} for message in conversation
        ]
        text = program.render(messages=messages, **self._special, **wanted)
        return self._encode(text, hidden)

    def _hide(self, text: str, hidden: list[str]) -> str:
        """Put stand-ins where somebody's words look like the model's marks."""

        def hide(match: re.Match[str]) -> str:
            hidden.append(match[0])
            return _STAND_IN.format(len(hidden) - 1)

        text = _STAND_INS.sub("", text)
        return self._marks.sub(hide, text) if self._marks else text

    def _encode(self, text: str, hidden: Sequence[str]) -> list[int]:
        ids: list[int] = []
        for place, piece in enumerate(_STAND_INS.split(text)):
            if place % 2:
                ids += self._tokens(hidden[int(piece)], False)
            elif piece:
                ids += self._tokens(piece, True)
        return ids


class _Encoded:
    def __init__(self, input_ids: list[int]) -> None:
        self.input_ids = input_ids


class _Generation(jinja2.ext.Extension):
    """Take `{% generation %}`, which marks the answer for training, as plain text."""

    tags = {"generation"}  # noqa: RUF012 - as the base class has it

    def parse(self, parser: jinja2.parser.Parser) -> list[jinja2.nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> jinja2.sandbox.ImmutableSandboxedEnvironment:
    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _Generation]
    )
    made.filters["tojson"] = _to_json
    made.globals["raise_exception"] = _refuse
    made.globals["strftime_now"] = _now
    return made


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)


def _refuse(message: str) -> None:
    raise jinja2.exceptions.TemplateError(message)


def _now(form: str) -> str:
    return datetime.datetime.now().astimezone().strftime(form)

"""Chat and completion with one causal model: from the request to a prompt that fits, then the decoder."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.engines.adapters import pretrained
from studio.engines.adapters.base import Status
from studio.engines.adapters.context import answer_room, fit_text, no_room
from studio.engines.adapters.devices import MOVED
from studio.engines.adapters.loop.decoder import Decoder
from studio.engines.adapters.loop.forward import Forward
from studio.engines.adapters.prompt import Prompt, chat_prompt, cleaned, nothing_to_read
from studio.engines.adapters.steady import SteadyForward
from studio.engines.adapters.templates import ChatFormat
from studio.engines.base import Generation, GenerationRequest, OnDelta
from studio.errors import InputError
from studio.jobs import CancelToken

# How models of the known families end a turn; no answer has these inside.
_END_WORDS = (
    "<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>",
    "<|return|>", "<|END_OF_TURN_TOKEN|>", "<|turn_end|>",
)  # fmt: skip


class Writer:
    """Write answers with one model, its tokenizer and its chat form."""

    def __init__(
        self, forward: Forward, tokenizer: Any, form: ChatFormat, *, eos_ids: Sequence[int], drafts: bool
    ) -> None:
        self._forward, self._tokenizer, self._form = forward, tokenizer, form
        self._decoder = Decoder(forward, tokenizer, eos_ids=eos_ids, drafts=drafts)

    def warm(self) -> None:
        """Make now what the first answer with a schema would wait for, where the tokenizer allows it."""
        try:
            self._decoder.warm()
        except InputError:
            return  # a model that cannot be held to a schema can chat all the same

    def generate(
        self, request: GenerationRequest, on_delta: OnDelta, status: Status, token: CancelToken
    ) -> Generation:
        """Write an answer; InputError for an empty request and for a prompt without room."""
        status.phase("checking")  # a template that never ends is stopped within seconds there
        request = cleaned(request)
        prompt = self._prompt(request)
        notes = prompt.notes
        stops = self._form.stops if request.messages else ()
        request = dataclasses.replace(request, stop=(*request.stop, *stops))
        moved_before = self._has_moved
        generation = self._decoder.generate(prompt.ids, request, on_delta, status, token)
        if self._has_moved and not moved_before:
            notes = (*notes, MOVED)
        return dataclasses.replace(
            generation, cut_tokens=prompt.cut_tokens, notes=(*notes, *generation.notes)
        )

    @property
    def _has_moved(self) -> bool:
        return isinstance(self._forward, SteadyForward) and self._forward.moved

    # ------------------------------------------------------------ the prompt

    def _prompt(self, request: GenerationRequest) -> Prompt:
        room = answer_room(request.max_tokens, self._forward.context)
        limit = self._forward.context - room - self._count(request.answer_start)
        if request.messages:
            return chat_prompt(request.messages, self._form, self._count, limit)
        if not request.prompt.strip():
            raise nothing_to_read()
        fitted = fit_text(request.prompt, self._count, limit)
        ids = list(self._tokenizer(fitted.text).input_ids)
        if len(ids) > 1 and ids[-1] == self._tokenizer.eos_token_id:
            ids.pop()  # some tokenizers end every text, and nothing would follow
        if len(ids) >= self._forward.context:
            raise no_room()
        return Prompt(ids, fitted.cut_tokens, fitted.notes)

    def _count(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False).input_ids) if text else 0


def end_tokens(folder: Path, tokenizer: Any, config: Any) -> tuple[int, ...]:
    """Return every token that ends an answer: as the folder says, and as the model's family marks turns."""
    said = pretrained.read_json(folder / "generation_config.json")
    told = [said.get("eos_token_id") if isinstance(said, dict) else None]
    told += [getattr(config, "eos_token_id", None), tokenizer.eos_token_id]
    ids: list[int] = []
    for value in told:
        ids += [value] if isinstance(value, int) else value if isinstance(value, list) else []
    known = tokenizer.added_tokens_encoder
    ids += [known[word] for word in _END_WORDS if word in known]
    return tuple(
        dict.fromkeys(place for place in ids if isinstance(place, int) and 0 <= place < len(tokenizer))
    )

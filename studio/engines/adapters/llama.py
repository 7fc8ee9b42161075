"""The adapter for GGUF files: llama.cpp through `xllamacpp`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.engines.adapters.base import Status
from studio.engines.adapters.context import DEFAULT_CONTEXT
from studio.engines.adapters.llama_answer import Answer, Tally
from studio.engines.adapters.llama_chat import LlamaTokenizer
from studio.engines.adapters.llama_prompt import PromptMaker
from studio.engines.adapters.llama_server import (
    PIECE_ROWS,
    LlamaServer,
    ServerOptions,
    find_card,
)
from studio.engines.adapters.prompt import clean, cleaned
from studio.engines.adapters.templates import ChatFormat
from studio.engines.base import (
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    ModelFiles,
    OnDelta,
    Sampling,
    TaskRequest,
    TaskResult,
)
from studio.engines.checks.gguf_header import RANKING, GgufHeader, read_gguf_header, read_marks
from studio.engines.schema import prepare
from studio.engines.threads import default_threads
from studio.errors import InputError
from studio.jobs import CancelToken
from studio.phrases import phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_PIECE_S = 0.7
"""How long a piece of a prompt may take: llama.cpp hears Stop between two, and the parent waits 0.8 s."""

SMALL_PIECES_TOKENS = (32, 16)
SMALL_PIECE_COST = 1.3
"""Reading 64 tokens at once costs no more for each than 512 at once; 32 cost 1.3 times as much (360M, Q4_0)."""

EMBED_CONTEXT = 2048

_GUIDANCE = ("whitespace_flexible", "item_separator", "key_separator", "coerce_one_of")
_SAMPLERS = ("penalties", "temperature", "top_k", "top_p", "min_p")


class LlamaAdapter:
    """Load one GGUF file and answer with it; see `studio.engines.adapters.base.Adapter` for the calls.

    A load cannot be stopped from inside, and neither can one piece of a prompt or one token: the parent
    ends the process when that takes too long.
    """

    def __init__(self) -> None:
        self._server: LlamaServer | None = None
        self._maker: PromptMaker | None = None
        self._context = self._width = 0
        self._cached: list[int] = []
        self._tokens_per_s = 0.0

    def load(self, files: ModelFiles, options: LoadOptions, status: Status, token: CancelToken) -> Loaded:
        """Check the header and the chat template, then load; InputError for what is refused."""
        begun = time.monotonic()
        status.phase("checking")
        header = _checked(files)
        token.check()
        embeds = header.pooling is not None or not header.causal
        longest = min(header.context or DEFAULT_CONTEXT, EMBED_CONTEXT if embeds else 1 << 30)
        self._context, self._width = min(options.context or DEFAULT_CONTEXT, longest), header.hidden
        form = None if embeds else self._chat_form(header)
        token.check()
        status.phase("loading")
        status.progress(0, 0)
        card = find_card() if options.device != "cpu" else None
        settings = ServerOptions(
            context=self._context,
            threads=options.threads or default_threads(),
            drafts=options.drafts and not embeds,
            embeds=embeds,
            pooling=header.pooling,
            card=card is not None,
        )
        self._server = LlamaServer(header, settings)
        if form is not None:
            self._maker = PromptMaker(form, self._context, self._encode)
        token.check()
        return Loaded(
            engine="llama.cpp",
            architecture=header.architecture,
            tasks=("embed",) if embeds else ("chat", "complete"),
            device=card.kind if card else "cpu",
            device_reason=_device_reason(options, card.name if card else ""),
            weights=header.quantisation,
            context=self._context,
            parameters=header.parameters,
            load_s=time.monotonic() - begun,
            has_chat_template=form is not None and form.has_template,
            notes=form.notes if form is not None else (),
        )

    def generate(
        self, request: GenerationRequest, on_delta: OnDelta, status: Status, token: CancelToken
    ) -> Generation:
        """Write an answer; InputError for an empty request and for a prompt without room."""
        if self._server is None or self._maker is None:
            raise _not_made_for_it()
        status.phase("checking")  # a template that never ends is stopped within seconds there
        request = cleaned(request)
        prompt = self._maker.make(request)
        tally = Tally(len(prompt.ids))
        answer = Answer(request, tally, on_delta)
        status.phase("reading")
        if self._read(self._server, prompt.ids, tally, status, token):
            self._write(self._server, request, prompt.ids, answer, status, token)
        return Generation(answer.text, answer.ending, tally.usage(), prompt.cut_tokens, prompt.notes)

    def embed(self, texts: Sequence[str], status: Status, token: CancelToken) -> NDArray[np.float32]:
        """Return float32 [len(texts), width], rows of length 1; a text that is too long loses its end."""
        if self._server is None or self._maker is not None:
            raise _not_made_for_it()
        rows = np.zeros((len(texts), self._width), np.float32)
        for place, text in enumerate(texts):
            token.check()
            status.progress(place, len(texts))
            ids = self._encode(clean(text), True, False) or self._encode(" ", True, False)
            if len(ids) > self._context:
                ids = [*ids[: self._context - 1], ids[-1]]  # the last one may be the model's mark of an end
            row = np.asarray(self._server.embed(ids), np.float32)
            rows[place] = row / max(float(np.linalg.norm(row)), 1e-12)
        return rows

    def run(self, request: TaskRequest, status: Status, token: CancelToken) -> TaskResult:
        """Refuse: a GGUF model chats, goes on with a text, or makes vectors."""
        raise _not_made_for_it()

    def close(self) -> None:
        """Unload; the worker simply ends, so this is for whoever uses the adapter without one."""
        if self._server is not None:
            self._server.close()
        self._server = self._maker = None
        self._cached = []

    # ------------------------------------------------------------ the steps of an answer

    def _chat_form(self, header: GgufHeader) -> ChatFormat:
        """Return the model's chat form, tried on an example."""
        marks = read_marks(header)
        special = {"bos_token": header.start_id, "eos_token": header.end_id}
        words = {
            name: marks.get(number, "") if number is not None else "" for name, number in special.items()
        }
        return ChatFormat(
            LlamaTokenizer(header.chat_template, words, tuple(marks.values()), self._chat_tokens)
        )

    def _chat_tokens(self, text: str, marks: bool) -> list[int]:
        return self._encode(text, False, marks)

    def _encode(self, text: str, start: bool, marks: bool) -> list[int]:
        if self._server is None:
            raise _not_made_for_it()
        return self._server.tokens(text, start=start, marks=marks)

    def _read(
        self, server: LlamaServer, ids: list[int], tally: Tally, status: Status, token: CancelToken
    ) -> bool:
        """Read a prompt in small pieces where whole ones would take too long for Stop; False when stopped.

        The rest is read by the answer's request, PIECE_ROWS tokens at a time. A machine whose speed is not known
        yet shows it with one small piece. What is in the cache is known as far as the tokens agree.
        """
        done = _agreeing(self._cached, ids)
        while len(ids) - done > PIECE_ROWS and (size := self._small_piece()):
            if token.cancelled:
                return False
            done += size
            self._run_piece(server, ids[:done], tally)
            status.progress(done, len(ids))
        return not token.cancelled

    def _small_piece(self) -> int:
        """Return how many tokens to read in a request of their own; 0 where that is not needed."""
        speed = self._tokens_per_s
        if speed * LONGEST_PIECE_S >= PIECE_ROWS:
            return 0
        middle, least = SMALL_PIECES_TOKENS
        return middle if not speed or speed / SMALL_PIECE_COST * LONGEST_PIECE_S >= middle else least

    def _run_piece(self, server: LlamaServer, ids: list[int], tally: Tally) -> None:
        found: dict[str, Any] = {}

        def take(event: Mapping[str, Any]) -> bool:
            found.update(event.get("timings") or {})
            return False

        server.stream({"prompt": ids, "n_predict": 0, "cache_prompt": True}, take)
        self._cached = ids
        tally.add_piece(len(ids), found)
        self._learn_speed(int(found.get("prompt_n", 0)), float(found.get("prompt_ms", 0.0)))

    def _learn_speed(self, read: int, took_ms: float) -> None:
        """Keep how many tokens a second are read in whole pieces."""
        if read < SMALL_PIECES_TOKENS[-1] or took_ms <= 0:
            return
        newest = 1000 * read / took_ms * (1 if read >= PIECE_ROWS else SMALL_PIECE_COST)
        self._tokens_per_s = (self._tokens_per_s + newest) / 2 if self._tokens_per_s else newest

    def _write(
        self,
        server: LlamaServer,
        request: GenerationRequest,
        ids: list[int],
        answer: Answer,
        status: Status,
        token: CancelToken,
    ) -> None:
        writing, reached, before_ms = False, 0, 0.0

        def take(event: Mapping[str, Any]) -> bool:
            nonlocal writing, reached, before_ms
            if (news := event.get("prompt_progress")) is not None:
                processed, time_ms = int(news["processed"]), float(news["time_ms"])
                if processed > reached > 0:
                    self._learn_speed(processed - reached, time_ms - before_ms)
                reached, before_ms = processed, time_ms
                answer.see_progress(reached, int(news["cache"]), time_ms)
                status.progress(reached, len(ids))
                return token.cancelled
            if not writing:
                writing = True
                status.phase("writing")
            answer.take(event)
            return token.cancelled and answer.ending == "cancelled"

        stops = (*request.stop, *(self._maker.form.stops if self._maker and request.messages else ()))
        body = _body(request, ids, stops, self._context)
        self._cached = ids
        server.stream(body, take)
        if not writing:
            self._cached = ids[:reached]
            return
        # For the next turn only: where these tokens are not the ones that were written, they are read again.
        self._cached = ids + (self._encode(answer.text, False, False) if answer.text else [])


# ------------------------------------------------------------ what llama.cpp is told


def _body(
    request: GenerationRequest, ids: Sequence[int], stops: Sequence[str], context: int
) -> dict[str, Any]:
    """Return a completion request; the names are llama.cpp's (tools/server/README.md there)."""
    body: dict[str, Any] = {
        "prompt": list(ids),
        "n_predict": max(min(request.max_tokens, context - len(ids)), 1),
        "cache_prompt": True,
        "timings_per_token": True,
        "return_progress": True,
        **_sampling(request.sampling, context),
    }
    if request.alternatives:
        body["n_probs"] = request.alternatives + 1
    if stops:
        # only the long form says whether it was one of them that ended the answer
        body |= {"stop": list(stops), "verbose": True}
    if request.schema is not None:
        body["json_schema"] = _schema(request.schema)
    return body


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that the llguidance inside llama.cpp takes.

    It is older than the one of the other engine. With an option that it does not know it writes a line to
    the log, and llama.cpp goes on without any constraint (found with 2026.10.11549).
    """
    ready = prepare(schema)
    ready["x-guidance"] = {
        name: ready["x-guidance"][name] for name in _GUIDANCE if name in ready["x-guidance"]
    }
    return ready


def _sampling(rules: Sampling, context: int) -> dict[str, Any]:
    greedy = rules.temperature <= 0
    return {
        "samplers": list(_SAMPLERS[:2] if greedy else _SAMPLERS),
        "temperature": max(rules.temperature, 0.0),
        "top_k": rules.top_k,
        "top_p": rules.top_p,
        "min_p": rules.min_p,
        "repeat_penalty": rules.repetition_penalty,
        "repeat_last_n": context,
        "seed": -1 if rules.seed is None else rules.seed & 0xFFFFFFFF,
    }


def _agreeing(cached: Sequence[int], ids: Sequence[int]) -> int:
    """Return how many tokens at the beginning are the same."""
    for place, (one, other) in enumerate(zip(cached, ids, strict=False)):
        if one != other:
            return place
    return min(len(cached), len(ids))


# ------------------------------------------------------------ words


def _checked(files: ModelFiles) -> GgufHeader:
    """Return the header of a file that may be opened."""
    try:
        header = read_gguf_header(files.location)
    except OSError as error:
        raise InputError(
            phrase("The model's file cannot be read."),
            kept=phrase("Your work is safe."),
            next=phrase("Look whether it is still there, or choose another model."),
            detail=repr(error),
        ) from error
    if header.has_vision or header.pooling == RANKING:
        raise InputError(
            phrase("This file is a helper of another model: it can neither write nor make vectors."),
            next=phrase("Choose another model."),
            detail=f"{header.architecture}, pooling {header.pooling}",
        )
    return header


def _device_reason(options: LoadOptions, card: str) -> Any:
    if card:
        return phrase("It runs on the graphics card ({name}).", name=card)
    if options.device == "cpu":
        return phrase("It runs on the processor, as you chose.")
    return phrase("It runs on the processor: the installed llama.cpp found no graphics card that it can use.")


def _not_made_for_it() -> InputError:
    return InputError(
        phrase("This model was not made for that task."), next=phrase("Choose another model for it.")
    )

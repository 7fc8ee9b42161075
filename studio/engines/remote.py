"""A model on a server: any that speaks the OpenAI way, and the Hub's inference providers.

The engine lives in the window's process: there is no model here, only a connection. Whatever goes out
asks first whether a grown-up allowed it, and the network gate unless it stays on this very computer
(the offline switch keeps things from leaving; a server next door in the same machine is no "outside").
What comes back is never trusted: a form is checked here even where the server says that it keeps to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from studio import logs
from studio.engines import answers
from studio.engines.base import (
    Delta,
    Ending,
    Generation,
    GenerationRequest,
    Loaded,
    Message,
    OnDelta,
    Sampling,
    Task,
    TaskRequest,
    TaskResult,
    Usage,
)
from studio.engines.remote_asking import (
    PROBE_QUESTION,
    PROBE_SCHEMA,
    PROBE_TOKENS,
    asked_again,
    in_form,
    total,
    unseen,
    with_form,
)
from studio.engines.remote_ollama import recognised
from studio.engines.remote_servers import Patience, RemoteServer, checked
from studio.engines.remote_talk import Asked, ModelCard, OpenAITalk, Talk
from studio.engines.remote_words import StatusError, explain, hung, not_understood
from studio.engines.remote_writing import Writing
from studio.engines.schema import to_strict
from studio.errors import CancelledError, EngineError, InputError, MissingError
from studio.jobs import CancelToken, Progress
from studio.jobs.job import Report
from studio.network import NetworkGate
from studio.phrases import phrase

if TYPE_CHECKING:
    from studio.engines.remote_client import Wire

log = logs.get("remote")
T = TypeVar("T")

RETRIES = 2
"""How often a server that broke the form is asked again."""

WHY = phrase("ask a model on a server")
_TEXTS_AT_ONCE = 64
_USUAL = Patience()


class RemoteEngine:
    """Answer with a model on a server; see `studio.engines.base.Engine`.

    `require` raises BlockedError unless a grown-up allowed servers; it is asked before every call.
    `context` (tokens) is what to ask Ollama for; 0 leaves it to us.
    """

    def __init__(
        self,
        server: RemoteServer,
        *,
        require: Callable[[], None],
        network: NetworkGate,
        context: int = 0,
        patience: Patience = _USUAL,
    ) -> None:
        self.server = checked(server)
        self.enforces_schema: bool | None = None
        self._require = require
        self._network = network
        self._context = context
        self._patience = patience
        self._loaded: Loaded | None = None
        self._closed = CancelToken()
        self._wire: Wire | None = None
        self._talk: Talk | None = None
        self._model = server.model

    @property
    def loaded(self) -> Loaded | None:
        """Return what the server said about the model; None before `load` and after `close`."""
        return self._loaded

    def close(self) -> None:
        """Forget the server; a call that runs ends with an EngineError."""
        self._closed.cancel()
        self._loaded = self._talk = self._wire = None

    # ------------------------------------------------------------ load

    def load(self, token: CancelToken, report: Report) -> Loaded:
        """Greet the server, choose the model, and find out whether the server keeps to a form."""
        if self._loaded is not None:
            return self._loaded
        started = time.monotonic()
        wire = self._wire = self._new_wire()
        self._closed = CancelToken()
        report(Progress(0, 2, phrase("Looking for the server")))
        try:
            talk, card = self._call(self._greet(wire), token)
        except StatusError as error:
            explain(error, self.server, self._model)
        report(Progress(1, 2, phrase("Trying the server out")))
        self.enforces_schema = self._probe(talk, token)
        self._talk = talk
        self._loaded = self._described(card, time.monotonic() - started)
        return self._loaded

    def _new_wire(self) -> Wire:
        try:
            from studio.engines.remote_client import Wire  # noqa: PLC0415 - an HTTP library late
        except ImportError as error:
            raise _missing(error) from error
        return Wire(self.server, self._network, self._patience)

    async def _greet(self, wire: Wire) -> tuple[Talk, ModelCard]:
        if self.server.kind == "inference":
            return _hub_talk(wire, self.server.model), ModelCard(self.server.model)
        talk = OpenAITalk(wire, self.server.model)
        cards = await talk.models()
        card = self._chosen(cards)
        talk.model = self._model = card.id
        # Its list of models looks like everybody's, but for this word, and a tag in every name.
        likely = card.owner == "library" or ":" in card.id
        ollama = await recognised(wire, card.id, self._context) if likely else None
        if ollama is not None:
            return ollama, ModelCard(card.id, ollama.context, card.parameters, "ollama")
        return talk, card

    def _chosen(self, cards: Sequence[ModelCard]) -> ModelCard:
        wanted = self.server.model
        for card in cards:
            if card.id in (wanted, f"{wanted}:latest") or not wanted:
                return card
        if not cards and wanted:
            return ModelCard(wanted)
        known = ", ".join(card.id for card in cards[:5])
        raise InputError(
            phrase("The server at {host} has no model “{model}”.", host=self.server.host, model=wanted)
            if wanted
            else phrase("The server at {host} has no model yet.", host=self.server.host),
            kept=phrase("Nothing was changed."),
            next=phrase("It has: {models}.", models=known) if known else phrase("Give it a model first."),
        )

    def _probe(self, talk: Talk, token: CancelToken) -> bool:
        """Tell whether the server keeps to a form that no model would choose by itself."""
        request = GenerationRequest(
            messages=(Message("user", PROBE_QUESTION),),
            max_tokens=PROBE_TOKENS,
            sampling=Sampling(temperature=0.0),
        )
        writing = Writing((), PROBE_TOKENS, lambda delta: None)
        try:
            self._call(
                self._written(talk, self._asked(request, request.messages, PROBE_SCHEMA), writing), token
            )
        except StatusError as error:
            if error.status not in (400, 422, 500, 501):
                explain(error, self.server, self._model)
            log.info("%s refuses a schema: %s", self.server.name, error.status)
            return False
        return not answers.problem(writing.text, PROBE_SCHEMA)

    def _described(self, card: ModelCard, load_s: float) -> Loaded:
        tasks: tuple[Task, ...] = ("chat", "complete")
        if self.server.kind == "openai":
            tasks = (*tasks, "embed")
        if self.enforces_schema:
            note = phrase("This server keeps to the form that the studio asks for.")
        else:
            note = phrase(
                "This server does not keep to a form. The studio checks each answer and asks again."
            )
        return Loaded(
            engine="remote",
            architecture=card.owner,
            tasks=tasks,
            device="remote",
            device_reason=phrase("It runs on {host}.", host=self.server.host),
            weights="",
            context=card.context,
            parameters=card.parameters,
            load_s=load_s,
            has_chat_template=True,
            notes=(phrase("The model is {model}.", model=card.id), note),
        )

    # ------------------------------------------------------------ generate

    def generate(self, request: GenerationRequest, on_delta: OnDelta, token: CancelToken) -> Generation:
        """Write an answer. With a schema, `Generation.text` counts, not what was streamed.

        Where the server keeps to the form, pieces come as they are written; where it does not, the whole
        answer comes as one piece when it was found to fit. EngineError carries what was written.
        """
        talk = self._ready(token)
        if request.schema is None:
            writing = Writing(request.stop, request.max_tokens, on_delta)
            asked = self._asked(request, request.messages, None)
            ending = self._answered(talk, asked, writing, token)
            return Generation(writing.text, ending, writing.usage(), notes=writing.notes)
        if request.answer_start:
            raise InputError(
                phrase("A model on a server cannot go on from a given start and keep to a form."),
                kept=phrase("Nothing was changed."),
                next=phrase("Ask for one of the two."),
            )
        return self._formed(talk, request, request.schema, on_delta, token)

    def _formed(
        self,
        talk: Talk,
        request: GenerationRequest,
        schema: Mapping[str, Any],
        on_delta: OnDelta,
        token: CancelToken,
    ) -> Generation:
        """Ask until the answer has the form; a server that breaks it although it kept to the probe is noted."""
        messages = request.messages or (Message("user", request.prompt),)
        streamed = bool(self.enforces_schema)
        usages: list[Usage] = []
        written = wrong = ""
        for attempt in range(RETRIES + 1):
            trusted = bool(self.enforces_schema)
            turns = with_form(messages, schema, wrong) if not trusted or attempt else messages
            listener = on_delta if streamed and attempt == 0 else unseen(on_delta)
            writing = Writing((), request.max_tokens, listener)
            ending = self._answered(
                talk, self._asked(request, turns, schema if trusted else None), writing, token
            )
            usages.append(writing.usage())
            written, wrong = in_form(schema, writing.text, ending)
            if ending == "cancelled" or not wrong:
                if not streamed and not wrong:
                    on_delta(Delta(written, writing.tokens))
                return Generation(
                    written, ending, total(usages), notes=(*writing.notes, *asked_again(attempt))
                )
            log.info("%s broke the form", self.server.name)
            if trusted and ending != "length":
                self.enforces_schema = False
        raise EngineError(
            phrase("The model at {host} could not keep to the form.", host=self.server.host),
            kept=phrase("What it had written is kept."),
            next=phrase("Ask again in other words, or use another model."),
            text=written,
        )

    def _asked(
        self, request: GenerationRequest, messages: tuple[Message, ...], schema: Mapping[str, Any] | None
    ) -> Asked:
        return Asked(request, messages, None if schema is None else to_strict(schema))

    def _answered(self, talk: Talk, asked: Asked, writing: Writing, token: CancelToken) -> Ending:
        """Ask once; return how it ended. The words of a failure keep what was written."""
        try:
            self._call(self._written(talk, asked, writing), token)
        except CancelledError:
            writing.finish("cancelled")
        except StatusError as error:
            explain(error, self.server, self._model)
        except EngineError as error:
            writing.finish("cancelled")
            error.text = writing.text
            raise
        return writing.ending

    async def _written(self, talk: Talk, asked: Asked, writing: Writing) -> None:
        """Take piece after piece, with patience for the first and less for the next."""
        patience = self._patience
        async with contextlib.aclosing(talk.pieces(asked)) as pieces:
            while not writing.full:
                wait_s = patience.between_tokens_s if writing.tokens else patience.first_token_s
                try:
                    async with asyncio.timeout(wait_s):
                        piece = await anext(pieces)
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    hung(self.server.host)
                writing.take(piece)
        writing.finish("end")

    # ------------------------------------------------------------ the rest

    def embed(self, texts: Sequence[str], token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        talk = self._ready(token)
        rows: list[list[float]] = []
        try:
            for start in range(0, len(texts), _TEXTS_AT_ONCE):
                rows += self._call(talk.embed(texts[start : start + _TEXTS_AT_ONCE]), token)
        except StatusError as error:
            explain(error, self.server, self._model)
        if not texts:
            return np.zeros((0, 0), np.float32)
        if len(rows) != len(texts) or len({len(row) for row in rows}) != 1:
            not_understood(self.server.host, f"{len(rows)} vectors for {len(texts)} texts")
        vectors = np.asarray(rows, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(vectors).all() or not lengths.all():
            not_understood(self.server.host, "vectors without a length")
        unit: np.ndarray[Any, Any] = vectors / lengths
        return unit

    def run(self, request: TaskRequest, token: CancelToken) -> TaskResult:
        """Refuse: a server can chat, complete and compare."""
        raise InputError(
            phrase("A model on a server can only chat and compare texts."),
            kept=phrase("Nothing was changed."),
            next=phrase("Choose a model on this computer."),
        )

    def _ready(self, token: CancelToken) -> Talk:
        if self._talk is None:
            self.load(token, lambda progress: None)
        assert self._talk is not None  # noqa: S101 - load sets it or raises
        return self._talk

    def _call(self, work: Coroutine[Any, Any, T], token: CancelToken) -> T:
        """Do one call behind the gates, and write down what went out."""
        from studio.engines.remote_client import run  # noqa: PLC0415

        assert self._wire is not None  # noqa: S101 - set by load
        wire, closed, outside = self._wire, self._closed, not self.server.on_this_computer
        try:
            token.check()
            self._require()
            if outside:
                self._network.check(str(WHY))
        except BaseException:
            work.close()
            raise
        before = wire.size_bytes
        try:
            return run(work, token, closed)
        except CancelledError:
            if token.cancelled:
                raise
            raise EngineError(
                phrase("The model was put away."),
                kept=phrase("What it had written is kept."),
                next=phrase("Ask again."),
                cause="ended",
            ) from None
        finally:
            if outside and wire.size_bytes > before:
                self._network.record(self.server.host, str(WHY), wire.size_bytes - before)


def _hub_talk(wire: Wire, model: str) -> Talk:
    try:
        from studio.engines.remote_hub import HubTalk  # noqa: PLC0415
    except ImportError as error:
        raise _missing(error) from error
    return HubTalk(wire, model)


def _missing(error: ImportError) -> MissingError:
    return MissingError(
        phrase("The part for models on servers is not installed."),
        kept=phrase("Nothing was sent."),
        next=phrase("Run the set-up again without “--light”."),
        detail=str(error),
    )

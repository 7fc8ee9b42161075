"""What an engine takes and gives, as frozen records that travel between processes as plain data.

Parent and child share this module, so it imports neither numpy nor a model runtime. `to_plain` and
`from_plain` turn any record here into JSON-able data and back.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from studio.phrases import Phrase

if TYPE_CHECKING:
    import numpy as np

    from studio.jobs import CancelToken
    from studio.jobs.job import Report

Role = Literal["system", "user", "assistant"]
Format = Literal["safetensors", "gguf", "remote", "fake"]
Weights = Literal["auto", "float32", "bfloat16", "int8", "int4", "file"]
"""How weights lie in memory; "file": as the file has them (GGUF)."""

Device = Literal["auto", "cpu", "cuda", "mps"]
Task = Literal[
    "chat", "complete", "embed", "classify_text", "classify_tokens", "fill_mask", "zero_shot",
    "classify_image", "speech_to_text", "summarise", "translate", "answer_question",
]  # fmt: skip
"""What a model can be asked for; "chat" and "complete" go through `generate`, "embed" through `embed`."""

Ending = Literal["end", "length", "stop", "cancelled"]
Phase = Literal["starting", "checking", "loading", "idle", "reading", "writing", "working"]
"""What the child does now: "reading" is the prompt, "writing" the answer, "working" any other task."""


@dataclass(frozen=True)
class ModelFiles:
    """Name one model and where its files lie; `path` is a folder, or one GGUF file, or empty for remote ones."""

    ref: str
    name: str
    format: Format
    path: str = ""
    size_bytes: int = 0
    revision: str = ""

    @property
    def location(self) -> Path:
        """Return `path` as a path."""
        return Path(self.path)


@dataclass(frozen=True)
class LoadOptions:
    """Choose how a model is loaded; zero and "auto" leave the choice to the engine.

    `reading_copy` spends memory on reading prompts and checking drafts faster (4-bit weights of our own loop).
    """

    weights: Weights = "auto"
    device: Device = "auto"
    context: int = 0
    threads: int = 0
    memory_limit_bytes: int = 0
    drafts: bool = True
    reading_copy: bool = False


@dataclass(frozen=True)
class Loaded:
    """Say what was loaded and how; `device_reason` and `notes` are for the user."""

    engine: str
    architecture: str
    tasks: tuple[Task, ...]
    device: str
    device_reason: Phrase
    weights: str
    context: int
    parameters: int
    load_s: float
    has_chat_template: bool = False
    notes: tuple[Phrase, ...] = ()
    # private bytes of the child, above what it held when idle and empty; the copy is a part of both
    resident_bytes: int = 0
    peak_bytes: int = 0
    prefill_copy_bytes: int = 0


@dataclass(frozen=True)
class Message:
    """Hold one message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Sampling:
    """Say how the next token is drawn: temperature 0 is greedy, top_k 0 and top_p 1 are off.

    Order: repetition penalty, temperature, top-k, top-p, min-p. `seed` None draws a fresh one.
    """

    temperature: float = 0.7
    top_k: int = 0
    top_p: float = 0.95
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    seed: int | None = None


@dataclass(frozen=True)
class GenerationRequest:
    """Ask for one answer: `messages` through the chat template, or `prompt` as it stands.

    `schema` is a JSON Schema that the answer fits. `answer_start` is text that the answer goes on
    from (it is not repeated in the output). `draft_text` is text that the answer probably repeats,
    an old blueprint say; the prompt itself is always looked at. `alternatives` asks for so many
    likely tokens with each token written.
    """

    messages: tuple[Message, ...] = ()
    prompt: str = ""
    max_tokens: int = 512
    sampling: Sampling = Sampling()
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    answer_start: str = ""
    draft_text: str = ""
    alternatives: int = 0


@dataclass(frozen=True)
class TokenOdds:
    """Hold one written token, its probability (before sampling rules), and the likeliest others."""

    text: str
    probability: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Delta:
    """Hold the text that came since the last delta, and how many tokens the answer has so far."""

    text: str
    tokens: int
    odds: tuple[TokenOdds, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Count one generation: tokens, forward passes, seconds; `reused` prompt tokens were not read again."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    forced_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    passes: int = 0
    prompt_s: float = 0.0
    generate_s: float = 0.0

    @property
    def tokens_per_second(self) -> float:
        """Return the generated tokens per second after the prompt was read; 0 when nothing was written."""
        return self.generated_tokens / self.generate_s if self.generate_s > 0 else 0.0


@dataclass(frozen=True)
class Generation:
    """Hold a finished answer; `cut_tokens` of the prompt did not fit and `notes` say so in words."""

    text: str
    ending: Ending
    usage: Usage
    cut_tokens: int = 0
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class TaskRequest:
    """Ask for a task that is neither chat nor embedding.

    `text` is the input (for "answer_question" the question), `context` what to answer from, `labels`
    the labels of "zero_shot", `file` the picture or sound, `language` the target of "translate".
    """

    task: Task
    text: str = ""
    context: str = ""
    labels: tuple[str, ...] = ()
    file: str = ""
    language: str = ""
    max_tokens: int = 256


@dataclass(frozen=True)
class TaskItem:
    """Hold one result: a label, token, answer or text; its score (0 to 1, or 1); its place in the input."""

    label: str
    score: float = 1.0
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class TaskResult:
    """Hold the results of a task, best first (in reading order for "classify_tokens")."""

    items: tuple[TaskItem, ...]
    seconds: float = 0.0


OnDelta = Callable[[Delta], None]


class Engine(Protocol):
    """Run one model. Every call blocks; call from a job. One call at a time; `close` from anywhere.

    Each raises EngineError when the model stopped working, InputError when the model or the request
    is refused, CancelledError from `load`, `embed` and `run` when `token` was cancelled. A cancelled
    `generate` returns what was written, with the ending "cancelled".
    """

    @property
    def loaded(self) -> Loaded | None:
        """Return what is loaded; None before `load` and after the engine stopped."""
        ...

    def load(self, token: CancelToken, report: Report) -> Loaded:
        """Load the model; a second call returns at once."""
        ...

    def generate(self, request: GenerationRequest, on_delta: OnDelta, token: CancelToken) -> Generation:
        """Write an answer; `on_delta` gets it piece by piece on the calling thread."""
        ...

    def embed(self, texts: Sequence[str], token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        ...

    def run(self, request: TaskRequest, token: CancelToken) -> TaskResult:
        """Do another task."""
        ...

    def close(self) -> None:
        """Unload: the child process ends and its memory is free when this returns (within 3 s)."""
        ...


# ------------------------------------------------------------ plain data

R = TypeVar("R")


def to_plain(value: Any) -> Any:
    """Return records, tuples and mappings as JSON-able data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[R], data: Any) -> R:
    """Return the record that `to_plain` took apart; unknown fields are dropped, missing ones take defaults.

    Raises TypeError or ValueError when a field has another shape than the record says.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"{kind.__name__} expects an object, not {type(data).__name__}")
    hints = _hints(kind)
    known = {item.name for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _shaped(hints[name], data[name]) for name in known & data.keys()})


def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _shaped(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in arguments:
            return None
        return _shaped(next(part for part in arguments if part is not type(None)), value)
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{value!r} is none of {arguments}")
        return value
    if origin is tuple:
        return _tuple(arguments, value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    if origin is not None and issubclass(origin, Mapping):
        return dict(value)
    return _scalar(hint, value)


def _tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"expected a list, not {type(value).__name__}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_shaped(arguments[0], item) for item in value)
    return tuple(_shaped(part, item) for part, item in zip(arguments, value, strict=True))


def _scalar(hint: Any, value: Any) -> Any:
    if hint is float and type(value) in (int, float):
        return float(value)
    if isinstance(hint, type) and type(value) is not hint:
        raise TypeError(f"expected {hint.__name__}, not {type(value).__name__}")
    return value


__all__ = [
    "Delta", "Device", "Ending", "Engine", "Format", "Generation", "GenerationRequest", "LoadOptions", "Loaded",
    "Message", "ModelFiles", "OnDelta", "Phase", "Role", "Sampling", "Task", "TaskItem", "TaskRequest", "TaskResult",
    "TokenOdds", "Usage", "Weights", "from_plain", "to_plain",
]  # fmt: skip

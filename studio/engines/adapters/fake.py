"""A pretend model: it answers from a script, and gets into trouble where the script says so.

The "model" is one JSON file, a `Script` as plain data. `tests/support/fake_model.py` writes it. It is
for tests of everything above the engines: answers are fixed, nothing is heavy, and every way in which
a real model can fail can be asked for.
"""

from __future__ import annotations

import collections
import ctypes
import hashlib
import itertools
import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from studio import files
from studio.engines.adapters.base import Status
from studio.engines.base import (
    Delta,
    Ending,
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    ModelFiles,
    OnDelta,
    Phase,
    Task,
    TaskItem,
    TaskRequest,
    TaskResult,
    TokenOdds,
    Usage,
    from_plain,
)
from studio.errors import CancelledError, EngineError, InputError, MissingError
from studio.jobs import CancelToken
from studio.phrases import phrase

if TYPE_CHECKING:
    import numpy as np

Deed = Literal[
    "signal", "exit", "freeze", "spin", "sleep", "deaf", "grab", "print",
    "input", "missing", "engine", "memory", "error",
]  # fmt: skip
"""What trouble is made; each uses one value of `Trouble`.

signal  send `name` ("SIGSEGV") to itself            exit    leave with status `number`
freeze  keep Python's lock and sleep for `seconds`   spin    keep Python's lock and count to `number`
sleep   wait for `seconds`, looking at Stop          deaf    wait for `seconds`, not looking at Stop
grab    take `number` bytes of memory                print   print `number` bytes from native code
input, missing, engine, memory, error                raise InputError, MissingError, EngineError,
                                                     MemoryError, RuntimeError(`name`)
"""

_TOKEN = re.compile(r"\S+\s*|\s+")
_LOOK_S = 0.02
_BLOCK_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Trouble:
    """Do `does` in `phase`: at its beginning, or in "writing" after so many tokens.

    In "idle" it happens `seconds` after the model was loaded. With `once` it happens in one child
    only: the next child that loads the same script is spared.
    """

    phase: Phase
    does: Deed
    name: str = ""
    number: int = 0
    seconds: float = 0.0
    after_tokens: int = 0
    once: bool = False


@dataclass(frozen=True)
class Reply:
    """Answer `text`, word by word, to a prompt that holds `when` (to any, when that is empty).

    `read_s` is how long the prompt takes, `token_s` each word. `lasting` replies stay in the queue.
    """

    text: str
    when: str = ""
    read_s: float = 0.0
    token_s: float = 0.0
    lasting: bool = False


@dataclass(frozen=True)
class Script:
    """Hold everything that a pretend model does.

    `results` answers tasks; `width` above 0 makes it embed: texts that share words lie close together.
    """

    replies: tuple[Reply, ...] = ()
    results: Mapping[str, Any] = field(default_factory=dict)
    width: int = 0
    load_s: float = 0.0
    context: int = 4096
    parameters: int = 1_000_000
    chat: bool = True
    trouble: tuple[Trouble, ...] = ()


class FakeAdapter:
    """Play a script; see `Adapter`."""

    def __init__(self) -> None:
        self._script = Script()
        self._path = Path()
        self._queue: list[Reply] = []
        self._held: list[bytes] = []

    # ------------------------------------------------------------ the calls

    def load(self, files: ModelFiles, options: LoadOptions, status: Status, token: CancelToken) -> Loaded:
        """Read the script; raises InputError when it is none."""
        self._path = files.location
        self._script = _read_script(self._path)
        self._queue = list(self._script.replies)
        self._misbehave("checking", token)
        status.phase("loading")
        self._misbehave("loading", token)
        steps = max(1, round(self._script.load_s / _LOOK_S))
        for step in range(steps):
            status.progress(step, steps)
            token.wait(self._script.load_s / steps)
        status.progress(steps, steps)
        self._misbehave_when_idle()
        return self._loaded(options)

    def generate(
        self, request: GenerationRequest, on_delta: OnDelta, status: Status, token: CancelToken
    ) -> Generation:
        """Give the next reply that fits, whatever the schema; raises InputError when there is none."""
        asked = request.prompt + "\n".join(message.content for message in request.messages)
        reply = self._next_reply(asked)
        tokens, ending = _shorten(reply.text, request)
        written: list[str] = []
        began = read = time.monotonic()
        try:
            self._misbehave("reading", token)
            token.wait(reply.read_s)
            status.phase("writing")
            read = time.monotonic()
            self._misbehave("writing", token)
            for piece in tokens:
                token.wait(reply.token_s)
                written.append(piece)
                on_delta(Delta(piece, len(written), _odds(piece, request.alternatives)))
                self._misbehave("writing", token, after_tokens=len(written))
        except CancelledError:
            ending = "cancelled"
        usage = Usage(
            prompt_tokens=len(_TOKEN.findall(asked)),
            generated_tokens=len(written),
            passes=len(written),
            prompt_s=read - began,
            generate_s=time.monotonic() - read,
        )
        return Generation("".join(written), ending, usage)

    def embed(self, texts: Sequence[str], status: Status, token: CancelToken) -> np.ndarray[Any, Any]:
        """Return a row for each text: the sum of a fixed direction for each of its words."""
        import numpy as np  # noqa: PLC0415 - most scripts never embed

        if not self._script.width:
            raise _unable()
        self._misbehave("working", token)
        rows = np.zeros((len(texts), self._script.width), dtype=np.float32)
        for index, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8], "big")
                rows[index] += np.random.default_rng(seed).standard_normal(self._script.width)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def run(self, request: TaskRequest, status: Status, token: CancelToken) -> TaskResult:
        """Give the result that the script holds for the task, whatever the input."""
        if request.task not in self._script.results:
            raise _unable()
        self._misbehave("working", token)
        return TaskResult(tuple(from_plain(TaskItem, item) for item in self._script.results[request.task]))

    # ------------------------------------------------------------ answers

    def _loaded(self, options: LoadOptions) -> Loaded:
        script = self._script
        tasks = ["chat", "complete"] if script.chat else ["complete"]
        tasks += ["embed"] if script.width else []
        return Loaded(
            engine="fake",
            architecture="pretend",
            tasks=cast("tuple[Task, ...]", (*tasks, *script.results)),
            device="cpu",
            device_reason=phrase("A pretend model needs next to nothing."),
            weights="file",
            context=options.context or script.context,
            parameters=script.parameters,
            load_s=0.0,
            has_chat_template=script.chat,
        )

    def _next_reply(self, asked: str) -> Reply:
        for reply in self._queue:
            if reply.when in asked:
                if not reply.lasting:
                    self._queue.remove(reply)
                return reply
        raise InputError(
            phrase("This pretend model has nothing more to say."),
            next=phrase("Write another reply into its script."),
        )

    # ------------------------------------------------------------ trouble

    def _misbehave(self, phase: Phase, token: CancelToken, after_tokens: int = 0) -> None:
        for index, trouble in enumerate(self._script.trouble):
            if trouble.phase == phase and trouble.after_tokens == after_tokens and self._is_due(index):
                self._do(trouble, token)

    def _misbehave_when_idle(self) -> None:
        for index, trouble in enumerate(self._script.trouble):
            if trouble.phase == "idle" and self._is_due(index):
                timer = threading.Timer(trouble.seconds, self._do, (trouble, CancelToken()))
                timer.daemon = True
                timer.start()

    def _is_due(self, index: int) -> bool:
        """Tell whether a trouble still happens; one that happens once leaves a file beside the script."""
        if not self._script.trouble[index].once:
            return True
        mark = self._path.with_name(f"{self._path.name}.trouble-{index}")
        if mark.exists():
            return False
        files.save(mark, b"")
        return True

    def _do(self, trouble: Trouble, token: CancelToken) -> None:  # noqa: C901, PLR0912 - one branch a deed
        match trouble.does:
            case "signal":
                os.kill(os.getpid(), signal.Signals[trouble.name])
            case "exit":
                os._exit(trouble.number)
            case "freeze":
                _sleep_with_lock(trouble.seconds)
            case "spin":
                collections.deque(itertools.repeat(None, trouble.number), maxlen=0)
            case "sleep":
                token.wait(trouble.seconds)
            case "deaf":
                time.sleep(trouble.seconds)
            case "grab":
                self._grab(trouble.number)
            case "print":
                os.write(1, b"noise " * (trouble.number // 6))
                sys.stdout.write("noise of Python\n")
            case "input":
                raise InputError(phrase("This model cannot be used."), next=phrase("Choose another."))
            case "missing":
                raise MissingError(phrase("A part of the studio is not installed."))
            case "engine":
                raise EngineError(phrase("The model gave up."), cause="failed")
            case "memory":
                raise MemoryError
            case "error":
                raise RuntimeError(trouble.name)

    def _grab(self, number: int) -> None:
        while number > 0:
            self._held.append(b"\x01" * min(number, _BLOCK_BYTES))
            number -= _BLOCK_BYTES
            time.sleep(_LOOK_S)


def _read_script(path: Path) -> Script:
    try:
        return from_plain(Script, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            phrase("This pretend model is damaged."), next=phrase("Choose another."), detail=str(error)
        ) from error


def _shorten(text: str, request: GenerationRequest) -> tuple[list[str], Ending]:
    """Return the tokens of a reply up to the first stop string, and at most as many as asked for."""
    ending: Ending = "end"
    for stop in request.stop:
        if stop in text:
            text, ending = text.partition(stop)[0], "stop"
    tokens = _TOKEN.findall(text)
    if len(tokens) > request.max_tokens:
        return tokens[: request.max_tokens], "length"
    return tokens, ending


def _odds(piece: str, alternatives: int) -> tuple[TokenOdds, ...]:
    if not alternatives:
        return ()
    share = 0.2 / alternatives
    return (TokenOdds(piece, 0.8, tuple((f"other {n + 1} ", share) for n in range(alternatives))),)


def _unable() -> InputError:
    return InputError(phrase("This pretend model cannot do that."), next=phrase("Choose another."))


def _sleep_with_lock(seconds: float) -> None:
    # PyDLL, unlike CDLL, keeps Python's lock during the call, as some native code does.
    if sys.platform == "win32":
        ctypes.PyDLL("kernel32").Sleep(int(seconds * 1000))
    else:
        ctypes.PyDLL(None).usleep(ctypes.c_uint(int(seconds * 1_000_000)))

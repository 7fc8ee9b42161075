"""Load one model after another in a child process, through the real adapters.

A start of the child with torch takes seconds; the studio starts one for each model, which is too slow for
hundreds. When a model kills the child, or holds it for too long, the next trial starts a new one.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY_BYTES = 6 << 30
LOADS_PER_CHILD = 60


class Trial:
    """Ask for verdicts: "loaded", "refused: ...", "failed: ...", "died" or "killed"."""

    def __init__(self, *, patience_s: float = 10.0) -> None:
        self._patience_s = patience_s
        self._child: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None
        self._loads = 0

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Return the child's process id; 0 when there is none."""
        return self._child.pid if self._child else 0

    def load(self, path: Path) -> str:
        """Return the verdict on a model: a folder, or a GGUF file."""
        if self._loads >= LOADS_PER_CHILD:
            self.end()
        self._loads += 1
        return self._ask({"load": str(path)})

    def render(self, template: str) -> str:
        """Return the verdict on a chat template."""
        return self._ask({"template": template})

    def _ask(self, question: dict[str, str]) -> str:
        child = self._child or self._start()
        assert child.stdin is not None
        with contextlib.suppress(OSError):
            child.stdin.write(json.dumps(question) + "\n")
            child.stdin.flush()
        try:
            answer = self._answers.get(timeout=self._patience_s)
        except queue.Empty:
            answer = "killed"
        if answer in {"killed", "died"}:
            self.end()
        return answer

    def _start(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.trial"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._child = child
        answers = self._answers = queue.SimpleQueue()
        self._reader = threading.Thread(target=_read, args=(child, answers), daemon=True)
        self._reader.start()
        ready = answers.get()  # torch and transformers are imported by then
        assert ready == "ready", "the trial's child does not start"
        return child

    def end(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        self._loads = 0
        if child is None or self._reader is None:
            return
        child.kill()
        child.wait()
        self._reader.join()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _read(child: subprocess.Popen[str], answers: queue.SimpleQueue[str]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        answers.put(line.rstrip("\n"))
    answers.put("died")


# ------------------------------------------------------------ in the child


class _Quiet:
    """Take the adapter's news and do nothing with it."""

    def phase(self, name: str) -> None: ...

    def progress(self, done: int, total: int) -> None: ...


def _verdict(question: dict[str, str]) -> str:
    from studio.errors import InputError

    try:
        if "load" in question:
            _load(Path(question["load"]))
        else:
            _render(question["template"])
    except InputError as error:
        return f"refused: {error}"
    except MemoryError:
        return "failed: memory"
    except Exception as error:  # noqa: BLE001 - the worker has the same border
        return f"failed: {type(error).__name__} {error}"[:200]
    return "loaded"


def _load(path: Path) -> None:
    from studio.engines.base import LoadOptions, ModelFiles
    from studio.engines.checks.config import check_model
    from studio.engines.worker import make_adapter
    from studio.jobs import CancelToken

    if path.is_dir():
        check_model(path)
    files = ModelFiles("x", "x", "safetensors" if path.is_dir() else "gguf", str(path))
    adapter = make_adapter(files)
    adapter.load(files, LoadOptions(weights="float32", context=512, threads=1), _Quiet(), CancelToken())


def _render(template: str) -> None:
    from studio.engines.adapters.templates import ChatFormat
    from studio.engines.base import Message
    from tests.support.tiny_tasks import byte_tokenizer

    tokenizer = byte_tokenizer()
    tokenizer.chat_template = template
    ChatFormat(tokenizer).encode([Message("user", "Hello")])


def main() -> None:
    """Answer one line with one line until the input ends; what libraries print goes nowhere."""
    import os

    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    import studio.engines.adapters.llama
    import studio.engines.adapters.transformers_adapter  # noqa: F401

    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        print(_verdict(json.loads(line)).replace("\n", " "), file=out, flush=True)
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""A parent of an engine, for tests that kill it: `python -m tests.support.engine_parent SCRIPT FOLDER [busy]`.

It loads the pretend model, prints the child's process id and which model runtimes it imported itself,
and waits; with "busy" the model then writes, which its script may turn into any trouble.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from studio.engines.base import GenerationRequest, ModelFiles
from studio.engines.process import EngineProcess
from studio.jobs import CancelToken

RUNTIMES = ("torch", "transformers", "xllamacpp", "llguidance", "safetensors", "huggingface_hub")


def main() -> None:
    script, folder = sys.argv[1:3]
    engine = EngineProcess(ModelFiles("fake/x", "x", "fake", script), folder=Path(folder))
    engine.load(CancelToken(), lambda progress: None)
    print(engine.pid, *(name for name in RUNTIMES if name in sys.modules), flush=True)
    if "busy" in sys.argv:
        engine.generate(
            GenerationRequest(prompt="x"), lambda delta: print(delta.tokens, flush=True), CancelToken()
        )
    threading.Event().wait()


if __name__ == "__main__":
    main()

"""Pretend models for tests: `fake_model(folder, "Hello!")` writes one and returns its `ModelFiles`.

    files = fake_model(tmp_path, "Hello!", Reply("A quiz", when="quiz", token_s=0.01), width=8,
                       results={"classify_text": [TaskItem("happy", 0.9)]},
                       trouble=[Trouble("writing", "signal", name="SIGSEGV", after_tokens=3, once=True)])
    engine = EngineProcess(files, folder=tmp_path / "engines")

Replies leave the queue in order, the first whose `when` is part of the prompt; `lasting` ones stay. A new
child begins with the whole queue again. Every way to go wrong: `Trouble` and `Deed` in the adapter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.engines.adapters.fake import Reply, Script, Trouble
from studio.engines.base import ModelFiles, TaskItem, to_plain

__all__ = ["Reply", "Trouble", "fake_model"]


def fake_model(
    folder: Path,
    *replies: str | Reply,
    name: str = "pretend",
    results: Mapping[str, Sequence[TaskItem]] | None = None,
    trouble: Sequence[Trouble] = (),
    **more: Any,
) -> ModelFiles:
    """Write a script into `folder`; `more` are further fields of `Script`, `width=8` say."""
    script = Script(
        replies=tuple(Reply(reply) if isinstance(reply, str) else reply for reply in replies),
        results=results or {},
        trouble=tuple(trouble),
        **more,
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.fake.json"
    path.write_text(json.dumps(to_plain(script)), encoding="utf-8")
    return ModelFiles(
        ref=f"fake/{name}", name=name, format="fake", path=str(path), size_bytes=path.stat().st_size
    )

"""Which kind of app a wish means: the nearest of the labelled prompts, by the sentence encoder."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.builder.starter.vocabulary import folder
from studio.engines.encoder import Encoder
from studio.engines.nearest import Labelled, restore

PROMPTS, VECTORS = "prompts.jsonl", "prompts.npz"
_READ_LETTERS = 400


def read_prompts(place: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return the labelled prompts as (prompt, label)."""
    lines = ((place or folder()) / PROMPTS).read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return tuple((str(row["prompt"]), str(row["label"])) for row in rows)


def key_of(prompts: Sequence[tuple[str, str]]) -> str:
    """Return what tells whether stored vectors belong to these prompts."""
    return hashlib.sha256(json.dumps(prompts, ensure_ascii=False).encode("utf-8")).hexdigest()


@functools.cache
def load_examples() -> Labelled | None:
    """Return the labelled prompts with their stored vectors, or None when the two do not belong together."""
    prompts = read_prompts()
    return restore(folder() / VECTORS, [label for _, label in prompts], key=key_of(prompts))


def shares_for(text: str, encoder: Encoder | None) -> Mapping[str, float]:
    """Return the votes for a wish; empty without an encoder or without stored vectors."""
    examples = load_examples() if encoder is not None else None
    if encoder is None or examples is None:
        return {}
    return examples.vote(encoder.encode([text[:_READ_LETTERS]])[0])

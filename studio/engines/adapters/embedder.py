"""Sentences as vectors, with a transformers encoder and the pooling that its folder asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from studio.engines.adapters import pretrained
from studio.engines.adapters.prompt import clean
from studio.errors import InputError
from studio.phrases import phrase

Pooling = Literal["mean", "cls", "max", "last"]

MODULES = "modules.json"
"""The list of parts by which sentence-transformers marks its folders."""

_KNOWN_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})
_BATCH_TOKENS = 2048
# sentence-transformers, Pooling: the switches of 1_Pooling/config.json, in the order in which they count here.
_SWITCHES: tuple[tuple[str, Pooling], ...] = (
    ("pooling_mode_mean_tokens", "mean"),
    ("pooling_mode_cls_token", "cls"),
    ("pooling_mode_lasttoken", "last"),
    ("pooling_mode_max_tokens", "max"),
)


class Embedder:
    """Turn texts into rows of length 1."""

    def __init__(self, model: Any, tokenizer: Any, pooling: Pooling, most_tokens: int) -> None:
        self._model, self._tokenizer, self._pooling = model, tokenizer, pooling
        self._most_tokens = most_tokens
        tokenizer.padding_side = "right"
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)

    def encode(self, texts: Sequence[str], between: Callable[[int], None]) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width]; `between(done)` is called after each batch and may raise."""
        width = int(self._model.config.get_text_config().hidden_size)
        result = np.zeros((len(texts), width), dtype=np.float32)
        # Texts of a like length go together, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        done = 0
        while done < len(order):
            rows, encoded = self._next_batch(texts, order[done:])
            vectors = self._batch(encoded)
            result[rows] = vectors
            done += len(rows)
            between(done)
        return result

    def _next_batch(self, texts: Sequence[str], order: Sequence[int]) -> tuple[list[int], Any]:
        """Return as many texts as make up about _BATCH_TOKENS, one at least."""
        longest = min(max(len(texts[order[0]]) // 3, 1), self._most_tokens)
        count = max(1, min(_BATCH_TOKENS // longest, 64))
        rows = list(order[:count])
        encoded = self._tokenizer(
            [clean(texts[row]) for row in rows],
            padding=True,
            truncation=True,
            max_length=self._most_tokens,
            return_tensors="pt",
        )
        return rows, encoded.to(self._model.device)

    def _batch(self, encoded: Any) -> np.ndarray[Any, Any]:
        with torch.inference_mode():
            hidden = self._model(**encoded).last_hidden_state.float()
        pooled = _POOLINGS[self._pooling](hidden, encoded.attention_mask)
        vectors = torch.nn.functional.normalize(pooled, dim=-1).cpu().numpy()
        return np.asarray(vectors, dtype=np.float32)


def pooling_of(folder: Path) -> Pooling:
    """Return the pooling that sentence-transformers would use; the mean where nothing is said.

    Raises InputError for a folder whose vectors go through more layers than that.
    """
    _refuse_more_layers(folder)
    data = pretrained.read_json(folder / "1_Pooling" / "config.json")
    if isinstance(data, dict):
        mode = data.get("pooling_mode")
        if isinstance(mode, str) and mode in ("mean", "cls", "max", "lasttoken"):
            return "last" if mode == "lasttoken" else mode  # type: ignore[return-value]
        return next((pooling for key, pooling in _SWITCHES if data.get(key) is True), "mean")
    return "mean"


def _refuse_more_layers(folder: Path) -> None:
    modules = pretrained.read_json(folder / MODULES)
    kinds = [str(part.get("type", "")) for part in modules or () if isinstance(part, dict)]
    unknown = [kind for kind in kinds if kind.rpartition(".")[2] not in _KNOWN_MODULES]
    if unknown:
        raise InputError(
            phrase("This model works on sentences in a way that is not known here."),
            next=phrase("Choose another model."),
            detail=f"sentence-transformers modules {unknown}",
        )


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)


def _cls(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden[:, 0]


def _max(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden.masked_fill(mask.unsqueeze(-1) == 0, float("-inf")).amax(1)


def _last(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    places = mask.sum(1) - 1
    return hidden[torch.arange(hidden.shape[0], device=hidden.device), places]


_POOLINGS: dict[Pooling, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "mean": _mean, "cls": _cls, "max": _max, "last": _last,
}  # fmt: skip

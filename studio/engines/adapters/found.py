"""One model folder after its checks: what it is, how large, and its word list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from studio.engines.adapters import pretrained
from studio.engines.adapters.kinds import Kind
from studio.phrases import Phrase


@dataclass(frozen=True)
class Found:
    """Hold what a folder turned out to be: `values` is its config.json, `config` what transformers makes of it.

    `tokenizer` is None for models of pictures, `notes` are for the user.
    """

    folder: Path
    values: Mapping[str, Any]
    config: Any
    kind: Kind
    parameters: int
    tokenizer: Any = None
    notes: tuple[Phrase, ...] = ()

    def read_model(self, dtype: torch.dtype) -> Any:
        """Return the folder's model, on the processor."""
        return pretrained.read_model(self.kind.auto, self.folder, self.config, dtype)

"""The one door between the decoder and a model: rows of tokens in, rows of logits out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch

CHUNK_S = 0.4
"""How long one piece of a prompt may take, so that Stop is heard; long pieces are read faster."""


class Forward(Protocol):
    """Run tokens through a model whose cache it owns.

    The cache is addressed by position: a call that starts at `start` relies on the rows before it and
    overwrites what lay from there on, so going back is nothing but a smaller `start`.
    """

    @property
    def vocabulary(self) -> int:
        """Return the width of a row of logits (may be larger than the tokenizer's vocabulary)."""
        ...

    @property
    def context(self) -> int:
        """Return how many positions the cache has."""
        ...

    @property
    def rewinds(self) -> bool:
        """Tell whether `start` may be smaller than the rows in the cache (false: drafts are off)."""
        ...

    @property
    def row_costs(self) -> Mapping[int, float]:
        """Return measured seconds of one pass by its number of rows (1, 2, 4, 8 ... 64); empty: not measured."""
        ...

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return float32 logits [len(tokens), vocabulary], one row after each token. For a few dozen tokens."""
        ...

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Read a long prompt in pieces of at most CHUNK_S; return float32 logits [vocabulary] after its last token.

        `between(done)` is called between two pieces and may raise to stop; the rows read so far stay valid.
        """
        ...

"""A forward that outlives its graphics card: in the middle of an answer, the processor takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from studio.engines.adapters.devices import FAULTS, is_device_fault
from studio.engines.adapters.loop.forward import Forward

if TYPE_CHECKING:
    import torch


class SteadyForward:
    """Be a Forward that survives its card: after a fault, another one reads everything again and goes on."""

    def __init__(self, forward: Forward, rebuild: Callable[[], Forward]) -> None:
        self._forward = forward
        self._rebuild: Callable[[], Forward] | None = rebuild
        self._tokens: list[int] = []
        self._held = 0  # how many of them the forward has read

    @property
    def moved(self) -> bool:
        """Tell whether the card was left."""
        return self._rebuild is None

    @property
    def vocabulary(self) -> int:
        """Return the width of a row of logits."""
        return self._forward.vocabulary

    @property
    def context(self) -> int:
        """Return how many positions there are."""
        return self._forward.context

    @property
    def rewinds(self) -> bool:
        """Tell whether going back costs nothing."""
        return self._forward.rewinds

    @property
    def row_costs(self) -> Mapping[int, float]:
        """Return measured seconds of one pass by its number of rows."""
        return self._forward.row_costs

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return float32 logits [len(tokens), vocabulary]."""
        return self._steadily(tokens, start, lambda forward, _: forward.rows(tokens, start), lambda _: None)

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Read a long prompt; return float32 logits [vocabulary] after its last token."""
        return self._steadily(
            tokens, start, lambda forward, listener: forward.read(tokens, start, listener), between
        )

    def _steadily(
        self,
        tokens: Sequence[int],
        start: int,
        work: Callable[[Forward, Callable[[int], None]], torch.Tensor],
        between: Callable[[int], None],
    ) -> torch.Tensor:
        del self._tokens[start:]
        self._held = min(self._held, start)

        def listener(done: int) -> None:
            # Rows that were read stay valid when `between` stops the reading.
            self._tokens[start:] = tokens[:done]
            self._held = start + done
            between(done)

        try:
            self._catch_up(start, between)
            result = work(self._forward, listener)
        except FAULTS as error:
            if self._rebuild is None or not is_device_fault(error):
                raise
            self._forward, self._rebuild, self._held = self._rebuild(), None, 0
            del self._tokens[start:]
            self._catch_up(start, between)
            result = work(self._forward, listener)
        self._tokens[start:] = tokens
        self._held = len(self._tokens)
        return result

    def _catch_up(self, start: int, between: Callable[[int], None]) -> None:
        """Let a forward that took over read what it has not seen of the first `start` tokens."""
        begun = self._held
        if begun >= start:
            return

        def listener(done: int) -> None:
            self._held = begun + done
            between(0)

        self._forward.read(self._tokens[begun:start], begun, listener)
        self._held = start

"""Any causal model of transformers behind the decoder's door, and the device that it runs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
import torch

from studio.engines.adapters import devices, pretrained
from studio.engines.adapters.causal import choose_weights, context_of
from studio.engines.adapters.devices import MOVED, Card, choose
from studio.engines.adapters.steady import SteadyForward
from studio.engines.adapters.stock import StockForward
from studio.engines.adapters.templates import ChatFormat
from studio.engines.adapters.writer import Writer
from studio.engines.base import Generation, LoadOptions, TaskRequest
from studio.errors import CancelledError
from studio.jobs import CancelToken
from tests.support import tiny_tasks
from tests.support.adapter_calls import Notes, loaded, said, stock, write

# ------------------------------------------------------------ any causal model behind the decoder's door

MEMORIES = {
    "gpt2": "croppable", "neox": "croppable", "qwen3": "croppable", "gemma": "croppable",
    "mamba": "stepping", "lfm2": "running", "rwkv": "none",
}  # fmt: skip


@pytest.mark.parametrize("family", tiny_tasks.WRITERS)
def test_reading_in_pieces_and_going_back_gives_the_logits_of_reading_at_once(family: str) -> None:
    forward, model = stock(family)
    assert forward.memory == MEMORIES[family]
    assert forward.rewinds == (MEMORIES[family] == "croppable")
    ids = torch.randint(0, 256, (70,), generator=torch.Generator().manual_seed(3)).tolist()
    with torch.inference_mode():
        whole = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]

    def same(rows: torch.Tensor, first: int, last: int) -> bool:
        return torch.allclose(rows, whole[first:last], rtol=1e-3, atol=1e-4)

    pieces: list[int] = []  # what a listener hears never exceeds what was asked for
    assert same(forward.read(ids[:60], 0, pieces.append)[None], 59, 60)
    assert same(forward.rows(ids[60:], 60), 60, 70)
    assert same(forward.rows(ids[20:25], 20), 20, 25), "back to the middle"
    assert same(forward.read(ids[25:65], 25, pieces.append)[None], 64, 65)
    assert same(forward.rows(ids[:3], 0), 0, 3), "back to the beginning"
    assert all(done < 60 for done in pieces)
    assert forward.vocabulary == whole.shape[1]


def test_a_stopped_reading_keeps_what_it_read() -> None:
    forward, model = stock("gpt2")
    ids = list(range(60, 200))

    def stop(done: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        forward.read(ids, 0, stop)
    with torch.inference_mode():
        whole = model(input_ids=torch.tensor([ids[:20]]), use_cache=False).logits[0]
    assert torch.allclose(forward.rows(ids[8:20], 8), whole[8:], rtol=1e-3, atol=1e-4)
    with pytest.raises(ValueError, match="beyond"):
        forward.rows([5], 150)


@pytest.mark.parametrize("family", ["gpt2", "lfm2", "mamba"])
def test_stop_on_the_way_back_loses_nothing(family: str) -> None:
    forward, model = stock(family)
    ids = list(range(60, 160))
    forward.read(ids, 0, lambda _: None)

    def stop(done: int) -> None:
        assert done < 4, "what is read again does not count"
        raise CancelledError

    with suppress(CancelledError):  # a cache that can be cut is back at once, others may be stopped
        forward.read(ids[80:84], 80, stop)
    with torch.inference_mode():
        whole = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
    assert torch.allclose(forward.rows(ids[70:72], 70), whole[70:72], rtol=1e-3, atol=1e-4)


def test_a_pass_that_fails_leaves_nothing_half_done() -> None:
    forward, model = stock("gpt2")
    ids = list(range(60, 80))
    forward.read(ids, 0, lambda _: None)
    with pytest.raises(IndexError):
        forward.rows([10**6], 20)  # no such token
    with torch.inference_mode():
        whole = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
    assert torch.allclose(forward.read(ids, 0, lambda _: None), whole[-1], rtol=1e-3, atol=1e-4)


def test_in_bfloat16_the_kinds_of_memory_are_told_apart_too() -> None:
    for family in ("gpt2", "gemma"):
        assert stock(family, torch.bfloat16)[0].memory == "croppable"
    for family in ("mamba", "lfm2"):  # too coarse to see a forgotten state: token by token is safe
        assert stock(family, torch.bfloat16)[0].memory == "stepping"


# ------------------------------------------------------------ where it runs


def probe(*cards: Card) -> Callable[[str], Card | None]:
    return lambda kind: next((card for card in cards if card.kind == kind), None)


def test_the_choice_of_a_device_is_explained() -> None:
    large = Card("cuda", "Big Card", free_bytes=24 * 1024**3, bfloat16=True)
    small = Card("cuda", "Small Card", free_bytes=1 * 1024**3)
    apple = Card("mps", "Apple")
    place = choose("auto", 10**9, probe(large))
    assert (place.device, place.dtype) == ("cuda", torch.bfloat16) and "Big Card" in str(place.reason)
    place = choose("auto", 6 * 10**9, probe(small))
    assert place.device == "cpu" and "1.0 GB free" in str(place.reason) and "7.3 GB" in str(place.reason)
    place = choose("auto", 10**9, probe(apple))
    assert (place.device, place.dtype) == ("mps", torch.float16)
    assert choose("mps", 1, probe(large)).device == "cpu"
    assert "as you chose" in str(choose("cpu", 1, probe(large)).reason)
    assert "no graphics card" in str(choose("auto", 1, probe()).reason)


def test_faults_of_a_card_are_told_from_other_errors() -> None:
    for fault in (
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("CUDA error: device-side assert triggered"),
        AssertionError("Torch not compiled with CUDA enabled"),
        RuntimeError("MPS backend out of memory"),
    ):
        assert devices.is_device_fault(fault)
    for other in (RuntimeError("shapes do not match the stamps"), ValueError("cuda"), KeyError("mps")):
        assert not devices.is_device_fault(other)


def test_weights_are_chosen_by_size_and_memory() -> None:
    assert choose_weights("auto", 135_000_000, 8 * 10**9) == "int8"
    assert choose_weights("auto", 1_500_000_000, 8 * 10**9) == "int4"
    assert choose_weights("auto", 500_000_000, 600_000_000) == "int4"
    assert choose_weights("float32", 1_500_000_000, 1) == "float32"


def test_the_context_is_never_longer_than_the_models() -> None:
    config = pretrained.read_config(tiny_tasks.folder("gpt2"))
    assert context_of(config, 0) == 256
    assert context_of(config, 100) == 100
    assert context_of(config, 10**6) == 256
    assert context_of(pretrained.read_config(tiny_tasks.folder("mamba")), 0) == 4096


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a torch whose card fails")
@pytest.mark.parametrize("name", ["gpt2", "classifier"])
def test_a_card_that_fails_at_load_is_left_for_the_processor(name: str) -> None:
    card = Card("cuda", "Broken Card", free_bytes=10**12)
    adapter, facts = loaded(tiny_tasks.folder(name), LoadOptions(), probe=probe(card))
    assert facts.device == "cpu"
    assert MOVED in facts.notes and "could not take it" in str(facts.device_reason)
    if name == "gpt2":
        assert write(adapter, said()).usage.generated_tokens > 0
    else:
        assert adapter.run(TaskRequest("classify_text", "this game is great"), Notes(), CancelToken()).items


class FailingForward:
    """A forward whose card gives up after some passes."""

    def __init__(self, inner: StockForward, passes: int, error: Exception) -> None:
        self._inner, self._left, self._error = inner, passes, error
        self.vocabulary, self.context = inner.vocabulary, inner.context
        self.rewinds, self.row_costs = inner.rewinds, inner.row_costs

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._error

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        self._count()
        return self._inner.rows(tokens, start)

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        self._count()
        return self._inner.read(tokens, start, between)


@pytest.mark.parametrize("passes", [0, 1, 4])
def test_a_card_that_fails_in_the_middle_of_an_answer_changes_nothing_in_it(passes: int) -> None:
    tokenizer = tiny_tasks.byte_tokenizer()
    form = ChatFormat(tokenizer)

    def written(forward: Any) -> Generation:
        writer = Writer(forward, tokenizer, form, eos_ids=(258,), drafts=True)
        return writer.generate(said(max_tokens=30), lambda delta: None, Notes(), CancelToken())

    rebuilt: list[StockForward] = []

    def rebuild() -> StockForward:
        rebuilt.append(stock("gpt2")[0])
        return rebuilt[-1]

    failing = FailingForward(stock("gpt2")[0], passes, torch.OutOfMemoryError("CUDA out of memory"))
    moved, expected = written(SteadyForward(failing, rebuild)), written(stock("gpt2")[0])
    assert moved.text == expected.text
    assert len(rebuilt) == 1
    assert MOVED in moved.notes and MOVED not in expected.notes


def test_stop_while_the_processor_takes_over_loses_nothing() -> None:
    _, model = stock("gpt2")
    ids = list(range(40, 180))
    failing = FailingForward(stock("gpt2")[0], 1, torch.OutOfMemoryError("CUDA out of memory"))
    steady = SteadyForward(failing, lambda: stock("gpt2")[0])
    steady.read(ids, 0, lambda _: None)

    def stop(done: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        steady.read(ids[:2], 138, stop)
    assert steady.moved
    with torch.inference_mode():
        whole = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
    assert torch.allclose(steady.rows(ids[100:104], 100), whole[100:104], rtol=1e-3, atol=1e-4)


def test_an_error_that_is_not_the_cards_is_not_hidden() -> None:
    failing = FailingForward(stock("gpt2")[0], 0, RuntimeError("shapes do not match"))
    steady = SteadyForward(failing, lambda: stock("gpt2")[0])
    with pytest.raises(RuntimeError, match="shapes"):
        steady.rows([1, 2], 0)
    assert not steady.moved

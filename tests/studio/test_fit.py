"""What a model needs and how fast it writes, told before it is loaded or downloaded."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engines import bandwidth
from studio.engines.base import LoadOptions
from studio.engines.fit import CLASSES, COPY_SHARE, FREE_SHARE, predict, predict_from_size, shape_from_size
from studio.engines.installed import InstalledModel, Shape
from studio.engines.machine import Machine, look
from studio.engines.records import Measurement, View

GB = 1_000_000_000
MACHINE = Machine("here", "a processor", 2, 24 * GB, 20 * GB, 20e9)
# The numbers of SmolLM2-360M's own config.json and file.
S360 = Shape(
    parameters=361_821_120, matrices=314_572_800, embedding=47_185_920, others=62_400, tied=True, layers=32,
    hidden=960, cache_values=2 * 32 * 5 * 64, context=8192,
)  # fmt: skip
S135 = Shape(
    parameters=134_515_008, matrices=106_168_320, embedding=28_311_552, others=35_136, tied=True, layers=30,
    hidden=576, cache_values=2 * 30 * 3 * 64, context=8192,
)  # fmt: skip


def own(shape: Shape, name: str = "frog") -> InstalledModel:
    return InstalledModel(
        ref=f"a/{name}", name=name, format="safetensors", size_bytes=2 * shape.parameters, architecture="llama",
        tasks=("chat", "complete"), own_loop=True, shape=shape,
    )  # fmt: skip


def with_free(gigabytes: float) -> Machine:
    return replace(MACHINE, free_bytes=int(gigabytes * GB))


# ------------------------------------------------------------ memory


def test_smaller_weights_take_less_and_are_quicker():
    fits = [predict(own(S360), MACHINE, LoadOptions(weights=weights)) for weights in CLASSES]
    assert [fit.weights for fit in fits] == list(CLASSES)
    needs = [fit.weights_bytes for fit in fits]
    speeds = [fit.tokens_per_second for fit in fits]
    assert needs == sorted(needs, reverse=True)
    assert speeds == sorted(speeds)


def test_small_models_get_int8_and_large_ones_int4():
    assert predict(own(S360), MACHINE).weights == "int8"
    assert predict(own(shape_from_size(1_500_000_000)), MACHINE).weights == "int4"
    stock = replace(own(S360), own_loop=False)
    assert predict(stock, MACHINE).weights == "float32"
    assert predict(stock, MACHINE, LoadOptions(weights="int4")).weights == "float32"
    assert predict(replace(own(S360), format="gguf"), MACHINE).weights == "file"


def test_where_memory_is_short_auto_takes_smaller_weights_before_it_refuses():
    generous, short = predict(own(S360), MACHINE), None
    for tenths in range(200, 0, -1):
        short = predict(own(S360), with_free(tenths / 100))
        if short.weights != generous.weights:
            break
    assert short is not None
    assert (short.weights, short.fits) == ("int4", True)
    assert short.total_bytes < generous.total_bytes


def test_the_cache_grows_with_the_context_and_ends_where_the_model_ends():
    short = predict(own(S360), MACHINE, LoadOptions(context=1024))
    long = predict(own(S360), MACHINE, LoadOptions(context=8192))
    assert long.cache_bytes == 8 * short.cache_bytes
    assert predict(own(S360), MACHINE, LoadOptions(context=100_000)).context == 8192
    assert predict(own(S360), MACHINE).context == 4096


def test_a_gguf_file_takes_what_it_is_large():
    model = replace(own(S360), format="gguf", size_bytes=229 * 1_000_000)
    fit = predict(model, MACHINE)
    assert fit.weights_bytes == 229 * 1_000_000
    assert fit.cache_bytes == S360.cache_values * 4096 * 2


def test_a_remote_model_takes_nothing_here():
    fit = predict(InstalledModel("remote:class", "class", "remote"), with_free(0))
    assert (fit.fits, fit.total_bytes) == (True, 0)


# ------------------------------------------------------------ refusing


def test_what_does_not_fit_is_said_with_both_numbers():
    fit = predict(own(shape_from_size(70_000_000_000), "huge"), with_free(10))
    assert not fit.fits
    assert fit.available_bytes == int(10 * GB * FREE_SHARE)
    assert "huge needs about" in str(fit.words)
    assert "only 6.0 GB may be used now" in str(fit.words)
    assert fit.proposal is None


def test_smaller_weights_are_proposed_first_then_a_shorter_context_then_another_model():
    model = own(replace(S360, cache_values=200_000, context=32_768))
    options = LoadOptions(weights="bfloat16", context=4096)
    needed = {
        weights: predict(model, MACHINE, replace(options, weights=weights)).total_bytes for weights in CLASSES
    }
    enough_for_int8 = with_free((needed["int8"] + needed["bfloat16"]) / 2 / FREE_SHARE / GB)
    proposal = predict(model, enough_for_int8, options).proposal
    assert (proposal.weights, proposal.context) == ("int8", 4096)
    enough_for_less = with_free(needed["int4"] * 0.8 / FREE_SHARE / GB)
    proposal = predict(model, enough_for_less, options).proposal
    assert (proposal.weights, proposal.context) == ("int4", 2048)
    small = own(S135, "small")
    smallest = predict(small, MACHINE).total_bytes
    nearly_nothing = with_free(smallest * 1.01 / FREE_SHARE / GB)
    proposal = predict(own(shape_from_size(8_000_000_000)), nearly_nothing, None, None, [small]).proposal
    assert proposal.ref == small.ref
    assert "small is smaller and would fit" in str(proposal.words)


@given(
    st.integers(20_000_000, 80_000_000_000),
    st.sampled_from(["auto", *CLASSES]),
    st.integers(0, 131_072),
    st.floats(0, 64),
    st.booleans(),
)
def test_whatever_is_asked_a_proposal_fits_and_a_refusal_is_true(
    parameters, weights, context, gigabytes, own_loop
):
    shape = replace(shape_from_size(parameters), context=131_072)
    model = replace(own(shape), own_loop=own_loop)
    machine = with_free(gigabytes)
    options = LoadOptions(weights=weights, context=context)
    fit = predict(model, machine, options)
    assert fit.fits == (fit.total_bytes <= machine.free_bytes * FREE_SHARE)
    assert fit.total_bytes == fit.weights_bytes + fit.cache_bytes + fit.overhead_bytes
    assert fit.tokens_per_second > 0
    if fit.fits:
        assert fit.proposal is None
    elif fit.proposal is not None:
        changed = LoadOptions(weights=fit.proposal.weights, context=fit.proposal.context)
        proposed = predict(model, machine, changed)
        assert proposed.fits
        assert proposed.total_bytes < fit.total_bytes


# Private bytes of a child above the empty one, measured here with `Loaded.resident_bytes` (4,096 tokens of context).
MEASURED = [
    (own(S135), "int8", 231_900_000),
    (own(S135), "int4", 345_200_000),
    (own(S360), "int8", 519_200_000),
    (own(S360), "int4", 704_100_000),
    (replace(own(S135), own_loop=False), "float32", 613_100_000),
    (replace(own(S135), own_loop=False), "bfloat16", 76_800_000),
    (replace(own(S360), format="gguf", size_bytes=229_119_744, quantisation="Q4_0"), "auto", 373_100_000),
    (replace(own(S360), format="gguf", size_bytes=725_554_944, quantisation="F16"), "auto", 196_200_000),
]


@pytest.mark.parametrize(("model", "weights", "measured"), MEASURED)
def test_what_was_measured_with_true_shapes_is_predicted_within_a_quarter(model, weights, measured):
    fit = predict(model, MACHINE, LoadOptions(weights=weights))
    assert fit.load_bytes == pytest.approx(measured, rel=0.25)


@pytest.mark.parametrize(("shape", "measured"), [(S135, 207_300_000), (S360, 373_100_000)])
def test_4_bits_get_a_copy_for_reading_only_while_there_is_plenty_of_memory(shape, measured):
    options, model = LoadOptions(weights="int4"), own(shape)
    plenty = predict(model, MACHINE, options)
    assert plenty.copy_bytes == shape.matrices
    least = with_free((plenty.total_bytes + plenty.copy_bytes + 1) / COPY_SHARE / GB)
    assert predict(model, least, options).copy_bytes == shape.matrices
    tight = predict(model, replace(least, free_bytes=least.free_bytes - 100), options)
    assert tight.fits
    assert tight.copy_bytes == 0
    assert tight.load_bytes == pytest.approx(measured, rel=0.25)
    assert predict(model, MACHINE, LoadOptions(weights="int8")).copy_bytes == 0


# Tokens written in a second on the machine of the first measurements (39 GB/s), from their table.
SPEEDS = [
    (own(S360), "int8", 56.3),
    (own(S360), "int4", 73.4),
    (own(S135), "int4", 133.0),
    (replace(own(S360), own_loop=False), "bfloat16", 21.5),
    (replace(own(S360), own_loop=False), "float32", 11.1),
    (replace(own(S135), own_loop=False), "bfloat16", 43.4),
    (replace(own(S360), format="gguf", size_bytes=229_000_000), "auto", 97.2),
    (replace(own(S360), format="gguf", size_bytes=386_000_000), "auto", 72.8),
    (replace(own(S360), format="gguf", size_bytes=726_000_000), "auto", 48.2),
]


@pytest.mark.parametrize(("model", "weights", "measured"), SPEEDS)
def test_speeds_of_the_measured_machine_are_predicted_within_a_quarter(model, weights, measured):
    machine = replace(MACHINE, bandwidth_bytes_s=39e9)
    fit = predict(model, machine, LoadOptions(weights=weights))
    assert fit.tokens_per_second == pytest.approx(measured, rel=0.25)


# ------------------------------------------------------------ before the download


@pytest.mark.parametrize(("shape", "tolerance"), [(S135, 0.25), (S360, 0.25)])
def test_a_size_alone_tells_nearly_as_much_as_the_files(shape, tolerance):
    known = predict(own(shape), MACHINE)
    guessed = predict_from_size(2 * shape.parameters, "safetensors", MACHINE, name="frog")
    assert guessed.total_bytes == pytest.approx(known.total_bytes, rel=tolerance)
    assert guessed.tokens_per_second == pytest.approx(known.tokens_per_second, rel=tolerance)
    told = predict_from_size(4 * shape.parameters, "safetensors", MACHINE, parameters=shape.parameters)
    assert told.total_bytes == guessed.total_bytes


def test_a_size_that_is_too_large_is_refused_before_the_download():
    fit = predict_from_size(140 * GB, "safetensors", MACHINE, name="huge")
    assert not fit.fits
    assert "huge needs about" in str(fit.words)
    gguf = predict_from_size(2 * GB, "gguf", MACHINE, name="some")
    assert gguf.weights_bytes == 2 * GB
    assert gguf.fits


# ------------------------------------------------------------ speed


def test_twice_the_bandwidth_is_less_than_twice_the_speed():
    slow, fast = predict(own(S360), MACHINE), predict(own(S360), replace(MACHINE, bandwidth_bytes_s=40e9))
    assert slow.tokens_per_second < fast.tokens_per_second <= 2 * slow.tokens_per_second
    assert predict(own(S360), replace(MACHINE, bandwidth_bytes_s=0.0)).tokens_per_second == 0


def test_what_was_measured_on_this_machine_counts():
    model = own(S360)
    plain = predict(model, MACHINE).plain_tps
    learnt = View(learnt={("own loop", "int8", "cpu"): 1.5})
    assert predict(model, MACHINE, None, learnt).tokens_per_second == pytest.approx(1.5 * plain)
    measured = View({}, {(model.ref, "int8"): Measurement(model.ref, "int8", decode_tps=12.0)}, learnt.learnt)
    fit = predict(model, MACHINE, None, measured)
    assert (fit.tokens_per_second, fit.measured, fit.plain_tps) == (12.0, True, plain)
    assert not predict(model, MACHINE, LoadOptions(weights="int4"), measured).measured


def test_a_bandwidth_is_measured_and_nobody_else_waits_for_it(monkeypatch):
    monkeypatch.setattr(bandwidth, "_ALL_BYTES", 16 << 20)
    turns = []
    done = threading.Event()

    def count() -> None:
        while not done.is_set():
            turns.append(None)
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    speed = bandwidth.measure_bandwidth(0.05)
    done.set()
    other.join()
    assert 1e8 < speed < 1e13
    assert len(turns) > 1


def test_a_machine_has_the_same_fingerprint_each_time_and_nothing_private_in_it():
    first, second = look(), look(5e9)
    assert first.fingerprint == second.fingerprint
    assert len(first.fingerprint) == 16
    assert second.bandwidth_bytes_s == 5e9
    assert 0 < first.free_bytes <= first.memory_bytes
    assert first.cores >= 1

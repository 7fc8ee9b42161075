"""Which model does a job: never one that cannot, and the user's wish before all where it is possible."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.engines.fit import predict, shape_from_size
from studio.engines.installed import PURPOSES, InstalledModel, Purpose
from studio.engines.machine import Machine
from studio.engines.records import Measurement, Trouble, View
from studio.engines.router import QUICK_TPS, choose
from studio.phrases import phrase

GB = 1_000_000_000
MACHINE = Machine("here", "a processor", 4, 16 * GB, 10 * GB, 20e9)
CRASH = Trouble("crashed", phrase("The model crashed."))


def model(ref: str, millions: int = 360, *tasks: str, **more: object) -> InstalledModel:
    parameters = millions * 1_000_000
    made = InstalledModel(
        ref=ref, name=ref.rpartition("/")[2], format="safetensors", size_bytes=2 * parameters,
        architecture="llama", own_loop=True, tasks=tasks or ("chat", "complete"), shape=shape_from_size(parameters),
    )  # fmt: skip
    return replace(made, **more)


SMALL, MIDDLE, HUGE = model("a/small", 135), model("b/middle", 500), model("c/huge", 70_000)


def speed(one: InstalledModel, tps: float) -> View:
    weights = predict(one, MACHINE).weights
    return View(measured={(one.ref, weights): Measurement(one.ref, weights, decode_tps=tps)})


def test_the_biggest_that_is_quick_is_chosen_and_the_reason_says_so():
    choice = choose("chat", [SMALL, HUGE, MIDDLE], View(), MACHINE)
    assert choice.model == MIDDLE
    assert choice.others == (SMALL,)
    assert "biggest model that is quick" in str(choice.why)
    assert "middle" in str(choice.why)


def test_what_was_measured_here_counts_more_than_what_was_predicted():
    choice = choose("chat", [SMALL, MIDDLE], speed(MIDDLE, QUICK_TPS / 2), MACHINE)
    assert choice.model == SMALL
    alone = choose("chat", [MIDDLE], speed(MIDDLE, QUICK_TPS / 2), MACHINE)
    assert alone.model == MIDDLE


def test_where_all_are_slow_the_quickest_is_chosen_and_that_is_said():
    crawling = replace(MACHINE, bandwidth_bytes_s=0.2e9)
    choice = choose("chat", [MIDDLE, SMALL], View(), crawling)
    assert choice.model == SMALL
    assert "writes only about" in str(choice.why)


def test_a_model_for_code_goes_first_for_code_and_not_for_chat():
    coder = model("d/tiny-coder", 100, code=True)
    assert choose("code", [SMALL, MIDDLE, coder], View(), MACHINE).model == coder
    assert "writing code" in str(choose("code", [SMALL, MIDDLE, coder], View(), MACHINE).why)
    assert choose("chat", [SMALL, MIDDLE, coder], View(), MACHINE).model == MIDDLE


def test_each_purpose_needs_its_own_kind_of_model():
    models = [
        SMALL,
        model("e/embedder", 22, "embed"),
        model("f/eyes", 80, "classify_image"),
        model("g/ears", 70, "speech_to_text"),
    ]
    chosen = {purpose: choose(purpose, models, View(), MACHINE).model for purpose in PURPOSES}
    assert {purpose: found.ref for purpose, found in chosen.items() if found} == {
        "chat": "a/small", "build": "a/small", "code": "a/small",
        "embed": "e/embedder", "see": "f/eyes", "hear": "g/ears",
    }  # fmt: skip


def test_nothing_is_chosen_where_nothing_can_do_it():
    choice = choose("see", [SMALL], View(), MACHINE)
    assert (choice.model, choice.others) == (None, ())
    assert str(choice.why) == "No model on this computer can do this now."


def test_the_pin_wins_and_a_remote_model_is_taken_only_by_pin():
    remote = InstalledModel("remote:class", "class", "remote", tasks=("chat", "complete"))
    assert choose("chat", [SMALL, MIDDLE, remote], View(), MACHINE).model == MIDDLE
    assert choose("chat", [remote], View(), MACHINE).model is None
    pinned = choose("chat", [SMALL, MIDDLE, remote], View(pins={"chat": "remote:class"}), MACHINE)
    assert (pinned.model, pinned.others) == (remote, (MIDDLE, SMALL))
    assert str(pinned.why) == "You chose class for this."
    assert choose("chat", [SMALL, MIDDLE], View(pins={"chat": SMALL.ref}), MACHINE).model == SMALL
    assert choose("chat", [SMALL, MIDDLE], View(pins={"code": SMALL.ref}), MACHINE).model == MIDDLE


def test_a_pin_that_is_impossible_is_said():
    damaged = replace(MIDDLE, ref="x/damaged", name="damaged", reason=phrase("Its files cannot be read."))
    eyes = model("f/eyes", 80, "classify_image")
    models = [SMALL, HUGE, damaged, eyes]
    said = {
        "nobody/here": "not on this computer any more",
        HUGE.ref: "needs more memory than is free",
        damaged.ref: "files cannot be used",
        eyes.ref: "was not made for this",
    }
    for ref, words in said.items():
        choice = choose("chat", models, View(pins={"chat": ref}), MACHINE)
        assert choice.model == SMALL
        assert words in str(choice.why)
        assert "small" in str(choice.why)
        none = choose("chat", [one for one in models if one != SMALL], View(pins={"chat": ref}), MACHINE)
        assert none.model is None
        assert words in str(none.why)
        assert "no other model" in str(none.why)
    troubled = View(pins={"chat": MIDDLE.ref}, trouble={MIDDLE.ref: CRASH})
    assert "stopped working the last time" in str(choose("chat", [SMALL, MIDDLE], troubled, MACHINE).why)


def test_pins_given_beside_the_records_count_instead_of_theirs():
    records = View(pins={"chat": SMALL.ref})
    assert choose("chat", [SMALL, MIDDLE], records, MACHINE, {}).model == MIDDLE
    assert choose("chat", [SMALL, MIDDLE], View(), MACHINE, {"chat": SMALL.ref}).model == SMALL


# ------------------------------------------------------------ whatever is installed


TASKS = st.sampled_from(
    [("chat", "complete"), ("embed",), ("chat", "complete", "embed"), ("classify_image",), ()]
)


@st.composite
def shelves(draw: st.DrawFn) -> list[InstalledModel]:
    count = draw(st.integers(0, 6))
    return [
        model(
            f"m/{number}",
            draw(st.sampled_from([22, 135, 360, 1500, 7000, 70_000])),
            *draw(TASKS),
            format=draw(st.sampled_from(["safetensors", "gguf", "remote"])),
            own_loop=draw(st.booleans()),
            code=draw(st.booleans()),
            reason=draw(st.sampled_from([None, None, None, phrase("It is damaged.")])),
        )
        for number in range(count)
    ]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Purpose, list[InstalledModel], View, Machine]:
    models = draw(shelves())
    refs = [one.ref for one in models]
    trouble = {ref: CRASH for ref in refs if draw(st.integers(0, 3)) == 0}
    measured = {
        (one.ref, predict(one, MACHINE).weights): Measurement(
            one.ref, "", decode_tps=draw(st.floats(0.1, 500))
        )
        for one in models
        if draw(st.booleans())
    }
    purpose = draw(st.sampled_from(PURPOSES))
    pins = {purpose: draw(st.sampled_from([*refs, "not/here"]))} if draw(st.booleans()) else {}
    machine = replace(MACHINE, free_bytes=draw(st.sampled_from([0, GB // 2, GB, 4 * GB, 64 * GB])))
    return purpose, models, View(trouble=trouble, measured=measured, pins=pins), machine


@given(worlds())
def test_whatever_is_installed_only_a_model_that_can_is_chosen(world):
    purpose, models, view, machine = world
    choice = choose(purpose, models, view, machine)
    for one in (choice.model, *choice.others):
        if one is None:
            continue
        assert one.reason is None
        assert one.can(purpose)
        assert one.ref not in view.trouble
        assert predict(one, machine, None, view).fits
        assert one.format != "remote" or view.pins.get(purpose) == one.ref
    assert len({one.ref for one in (choice.model, *choice.others) if one}) == len(choice.others) + bool(
        choice.model
    )
    assert str(choice.why).endswith(".")


@given(worlds())
def test_whatever_is_installed_a_possible_pin_wins_and_an_impossible_one_is_said(world):
    purpose, models, view, machine = world
    if purpose not in view.pins:
        return
    pinned = next((one for one in models if one.ref == view.pins[purpose]), None)
    possible = (
        pinned is not None
        and pinned.reason is None
        and pinned.can(purpose)
        and pinned.ref not in view.trouble
        and predict(pinned, machine, None, view).fits
    )
    choice = choose(purpose, models, view, machine)
    assert (choice.model == pinned) if possible else str(choice.why).startswith("You chose")
    if not possible:
        assert choice.model is None or choice.model.ref != view.pins[purpose]
        assert ", but " in str(choice.why)


@given(worlds())
def test_the_choice_does_not_depend_on_the_order_of_the_list(world):
    purpose, models, view, machine = world
    assert choose(purpose, models, view, machine) == choose(purpose, models[::-1], view, machine)

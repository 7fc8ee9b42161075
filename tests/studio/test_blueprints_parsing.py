"""Reading what others wrote: traps are refused with a reason, the unknown is kept aside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.blueprints import (
    Aside,
    Blueprint,
    ProjectDocument,
    mended_block_ids,
    normalise,
    parse,
    parse_document,
    parse_operation,
    parse_patch,
    schema,
    to_json,
)
from studio.blueprints.migrations import migrate
from studio.blueprints.pointers import follow, pointer, steps
from studio.errors import InputError
from tests.support.blueprint_strategies import EXAMPLES, Dice, blueprints, example_texts, make

QUIZ = next(text for name, text in example_texts().items() if name.startswith("01"))


def quiz(**slots: Any) -> dict[str, Any]:
    return json.loads(QUIZ) | slots


def document(**slots: Any) -> dict[str, Any]:
    return {
        "format": "sprout-project",
        "version": 1,
        "id": "12345678-1234-1234-1234-123456789abc",
        "title": "Planet Quiz",
        "kind": "blueprint",
        "blueprint": quiz(),
        "html": None,
        "prompts": ["a quiz about planets"],
        "block_ids": ["abcd1234"],
        "locks": [],
        "origins": {"/blocks/0/questions/0": {"from": "facts:planets", "checked": False}},
        "credits": [],
        "assets": {},
        "models": {},
        "made_with": "test",
    } | slots


def refused(text: str | bytes, *, reader: Any = parse) -> InputError:
    with pytest.raises(InputError) as caught:
        reader(text)
    error = caught.value
    assert error.what.template
    assert error.kept.template
    assert error.next.template
    assert error.detail
    return error


TRAPS: list[tuple[str | bytes, str]] = [
    ("", "nothing"),
    ("  \n", "nothing"),
    (b"", "nothing"),
    (b"\xff\xfe\x00", "not made of words"),
    (b'"\xed\xa0\x80"', "not made of words"),
    ("[]", "not an app"),
    ("null", "not an app"),
    ('"app"', "not an app"),
    ('{"version":1', "a piece of it is missing"),
    ('{"version":1}}', "a piece of it is missing"),
    ("{'version':1}", "a piece of it is missing"),
    ('{"a":"\n"}', "a piece of it is missing"),
    ('{"a":NaN}', "not a number"),
    ('{"a":-Infinity}', "not a number"),
    ('{"a":1e999}', "too long"),
    ('{"a":-1e999}', "too long"),
    ('{"a":' + "9" * 5000 + "}", "too long"),
    ('{"a":9007199254740993}', "too long"),
    ('{"a":1,"b":{"c":1,"c":2}}', "twice"),
    ('{"a":"\\ud800"}', "half there"),
    ('{"\\udc00":1}', "half there"),
    ('{"a":"\ud800"}', "half there"),
    ("[" * 100_000, "boxes inside boxes"),
    ('{"a":' * 100_000, "boxes inside boxes"),
    ('{"a":' * 33 + "1" + "}" * 33, "boxes inside boxes"),
    ('{"a":"' + "x" * 2_000_001 + '"}', "too big"),
    ('{"a":"' + "é" * 1_000_001 + '"}', "too big"),
    ("{}", "something is missing"),
]


@pytest.mark.parametrize(("text", "reason"), TRAPS, ids=range(len(TRAPS)))
def test_a_trap_is_refused_with_a_reason(text: str | bytes, reason: str) -> None:
    assert reason in str(refused(text))


def test_what_lies_at_the_limits_is_read() -> None:
    deep: Any = 1
    for _ in range(30):
        deep = {"a": deep}
    found = parse(json.dumps(quiz(new=deep, number=2**53 - 1)))
    assert [one.pointer for one in found.aside] == ["/new", "/number"]
    assert parse(QUIZ.encode()).blueprint == parse("\ufeff" + QUIZ).blueprint
    assert parse(b"\xef\xbb\xbf" + QUIZ.encode()).blueprint == parse(QUIZ).blueprint


@pytest.mark.parametrize(
    ("where", "value", "reason"),
    [
        ("/title", "x" * 61, "Some words of the app are too long"),
        ("/title", "", "Some words of the app are missing"),
        ("/icon", "spoon", "names something that does not exist"),
        ("/blocks/0/questions/3/ask", "x" * 161, "words in part 1 of the app are too long"),
        ("/blocks/0/questions/3/wrong", [], "A list in part 1 of the app is too short"),
        ("/blocks/0/questions/3/wrong", ["a", "b", "c", "d"], "A list in part 1 of the app is too long"),
        ("/blocks/0/questions/3/wrong/0", 5, "Something in part 1 of the app has the wrong form"),
        ("/blocks/0/seconds", 121, "A number in part 1 of the app is too small or too big"),
        ("/blocks/0/feedback", "never", "Part 1 of the app names something"),
        ("/blocks/0/type", 5, "names something"),
        ("/blocks/0", 5, "wrong form"),
        ("/blocks", [], "A list in the app is too short"),
        ("/version", 0, "names something that does not exist"),
    ],
)
def test_a_wrong_shape_is_refused_in_words_and_with_its_pointer(where: str, value: Any, reason: str) -> None:
    data = quiz()
    *path, last = steps(where)
    parent = follow(data, pointer(path))
    parent[int(last) if isinstance(parent, list) else last] = value
    error = refused(json.dumps(data))
    assert reason in str(error.what)
    assert error.detail.startswith(where)


def test_a_missing_slot_is_named() -> None:
    data = quiz()
    del data["blocks"][0]["questions"][1]["right"]
    error = refused(json.dumps(data))
    assert error.detail.startswith("/blocks/0/questions/1/right")
    assert "Part 1" in str(error.what)


@pytest.mark.parametrize("name", example_texts())
def test_examples_are_read_and_written_the_same(name: str) -> None:
    found = parse(example_texts()[name])
    assert found.aside == ()
    assert json.loads(to_json(found.blueprint)) == json.loads(example_texts()[name])
    assert normalise(found.blueprint) is found.blueprint


def test_example_patches_are_read() -> None:
    for patch in json.loads((EXAMPLES / "patches.json").read_text("utf-8")):
        assert json.loads(to_json(parse_patch(json.dumps(patch)))) == patch


@given(blueprints())
def test_every_blueprint_comes_back_as_it_went(made: Blueprint) -> None:
    text = to_json(made)
    assert parse(text).blueprint == made
    assert to_json(parse(text.encode()).blueprint) == text


def test_the_canonical_text_does_not_depend_on_how_it_was_written() -> None:
    data = quiz(
        blocks=[
            {
                "type": "converter",
                "title": "°",
                "pairs": [{"frm": "a", "to": "b", "factor": 2.0, "offset": -0.0}],
            }
        ]
    )
    upside_down = dict(reversed(data.items()))
    assert to_json(parse(json.dumps(data)).blueprint) == to_json(
        parse(json.dumps(upside_down, indent=3)).blueprint
    )
    assert '"factor":2,"offset":0' in to_json(parse(json.dumps(data)).blueprint)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_noise_never_breaks_the_reader(noise: str | bytes) -> None:
    for reader in (parse, parse_patch, parse_document):
        with pytest.raises(InputError):
            reader(noise)


@given(st.integers(0, len(QUIZ.encode()) - 1), st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_read(place: int, byte: int) -> None:
    raw = bytearray(QUIZ.encode())
    raw[place] = byte
    try:
        found = parse(bytes(raw))
    except InputError as error:
        assert error.detail
    else:
        assert parse(to_json(found.blueprint)).blueprint == found.blueprint


# ---- kept aside


def test_unknown_fields_are_kept_aside_wherever_they_are() -> None:
    data = quiz()
    data["new"] = [1]
    data["theme"]["glow"] = "soft"
    data["blocks"][0]["level"] = 3
    data["blocks"][0]["questions"][2]["a/b~c"] = None
    data["rules"][0]["do"]["twice"] = True
    found = parse(json.dumps(data))
    assert {one.pointer: one.value for one in found.aside} == {
        "/new": [1],
        "/theme/glow": "soft",
        "/blocks/0/level": 3,
        "/blocks/0/questions/2/a~1b~0c": None,
        "/rules/0/do/twice": True,
    }
    assert found.blueprint == parse(QUIZ).blueprint
    assert all(follow(data, one.pointer) == one.value for one in found.aside)


def test_a_block_of_an_unknown_type_becomes_a_card_in_its_place() -> None:
    data = quiz()
    new = {"type": "hologram", "title": "Wow", "beams": [1, 2]}
    data["blocks"].insert(0, new)
    found = parse(json.dumps(data))
    card, kept = found.blueprint.blocks
    assert found.aside == (Aside("/blocks/0", new),)
    assert card.type == "note"
    assert card.text == "This part needs a newer Sprout Studio."
    assert kept == parse(QUIZ).blueprint.blocks[0]
    assert normalise(found.blueprint) is found.blueprint


def test_a_newer_format_is_opened_as_far_as_it_can_be() -> None:
    data = quiz(version=7, language="eo")
    data["theme"]["palette"] = "lava"
    data["blocks"].append({"type": "timer", "title": "T", "mode": "lunar"})
    data["blocks"].append({"type": "note", "title": "N", "text": "Hi", "icon": "star", "style": "card"})
    data["rules"].append({"when": {"block": "b1", "event": "sneeze"}, "do": data["rules"][0]["do"]})
    found = parse(json.dumps(data))
    assert [block.type for block in found.blueprint.blocks] == ["quiz", "note", "note"]
    assert len(found.blueprint.rules) == 1
    assert {one.pointer: one.value for one in found.aside} == {
        "/version": 7,
        "/language": "eo",
        "/theme/palette": "lava",
        "/blocks/1": {"type": "timer", "title": "T", "mode": "lunar"},
        "/rules/1": data["rules"][1],
    }


def test_a_newer_format_with_more_blocks_than_fit_keeps_the_rest_aside() -> None:
    data = quiz(version=2)
    data["blocks"] = data["blocks"] * 8
    found = parse(json.dumps(data))
    assert len(found.blueprint.blocks) == 6
    assert [one.pointer for one in found.aside] == ["/version", "/blocks/6", "/blocks/7"]


def test_a_newer_format_that_lacks_its_name_is_refused() -> None:
    data = quiz(version=2)
    del data["title"]
    assert "missing" in str(refused(json.dumps(data)))


def test_today_a_wrong_shape_is_not_papered_over() -> None:
    data = quiz()
    data["theme"]["palette"] = "lava"
    assert refused(json.dumps(data)).detail.startswith("/theme/palette")


def test_nothing_unknown_is_let_into_a_patch() -> None:
    patch = {"say": "x", "ops": [{"op": "set_title", "value": "x"}]}
    assert parse_patch(json.dumps(patch)).ops[0].op == "set_title"
    refused(json.dumps(patch | {"new": 1}), reader=parse_patch)
    refused(json.dumps({"say": "x", "ops": [{"op": "explode"}]}), reader=parse_patch)
    refused(json.dumps({"say": "x", "ops": []}), reader=parse_patch)
    with pytest.raises(InputError):
        parse_operation({"op": "set_palette", "value": "lava"})


# ---- documents


def test_a_document_comes_back_as_it_went() -> None:
    found = parse_document(json.dumps(document()))
    assert found.aside == ()
    assert isinstance(found.document, ProjectDocument)
    assert json.loads(to_json(found.document)) == document()
    assert parse_document(to_json(found.document)).document == found.document


def test_maps_of_a_document_are_written_in_order() -> None:
    origin = {"from": "typed", "checked": True}
    one = parse_document(json.dumps(document(origins={"/b": origin, "/a": origin}))).document
    other = parse_document(json.dumps(document(origins={"/a": origin, "/b": origin}))).document
    assert to_json(one) == to_json(other)


@pytest.mark.parametrize("number", range(30))
def test_any_document_that_has_an_app_is_read(number: int) -> None:
    data = make(Dice(number), schema("project"), schema("project"))
    data["kind"] = "blueprint" if data["blueprint"] else "code"
    data["html"] = data["html"] or "<p>"
    text = to_json(parse_document(json.dumps(data)).document)
    assert to_json(parse_document(text).document) == text


def test_a_document_may_hold_many_assets() -> None:
    asset = {"mime": "image/png", "sha256": "a" * 64, "data": "A" * 600_000}
    data = document(assets={f"picture{number}": asset for number in range(10)})
    assert len(parse_document(json.dumps(data)).document.assets) == 10
    big = refused(json.dumps(document(html="x" * 60_000_001)), reader=parse_document)
    assert "60 MB" in str(big)


def test_unknown_fields_of_a_document_are_kept_aside() -> None:
    data = document(stickers=[1])
    data["origins"]["/title"] = {"from": "typed", "checked": True, "by": "me"}
    data["blueprint"]["theme"]["glow"] = 1
    data["blueprint"]["version"] = 3
    data["version"] = 2
    found = parse_document(json.dumps(data))
    assert {one.pointer: one.value for one in found.aside} == {
        "/version": 2,
        "/blueprint/version": 3,
        "/blueprint/theme/glow": 1,
        "/origins/~1title/by": "me",
        "/stickers": [1],
    }


@pytest.mark.parametrize(
    "given", [[], ["aaaaaaaa"], ["aaaaaaaa", "aaaaaaaa"], ["aaaaaaaa", "bbbbbbbb", "cccccccc"]]
)
def test_block_ids_are_mended_when_their_number_is_off(given: list[str]) -> None:
    data = document(block_ids=given)
    data["blueprint"]["blocks"] *= 2
    ids = parse_document(json.dumps(data)).document.block_ids
    assert len(set(ids)) == len(ids) == 2
    assert ids[: len(set(given[:2]))] == tuple(dict.fromkeys(given[:2]))
    assert parse_document(json.dumps(data)).document.block_ids == ids


def test_made_ids_are_ids_even_when_one_is_taken() -> None:
    first = mended_block_ids((), count=3, seed="s")
    assert mended_block_ids(first[1:2], count=3, seed="s")[0] == first[1]
    assert len(set(mended_block_ids(first[1:2], count=3, seed="s"))) == 3


@pytest.mark.parametrize(
    "slots",
    [
        {"format": "something"},
        {"blueprint": None},
        {"kind": "code"},
        {"block_ids": ["UPPER000"]},
        {"block_ids": None},
        {"id": "12345678-1234-1234-1234-123456789abc\n"},
        {"origins": {"/a": {"from": "guess", "checked": True}}},
        {"models": {"a": 1}},
    ],
)
def test_a_document_that_is_none_is_refused(slots: dict[str, Any]) -> None:
    refused(json.dumps(document(**slots)), reader=parse_document)


def test_a_fault_inside_the_app_is_named_by_its_part() -> None:
    data = document()
    data["blueprint"]["blocks"][0]["questions"][0]["ask"] = ""
    error = refused(json.dumps(data), reader=parse_document)
    assert error.detail.startswith("/blueprint/blocks/0/questions/0/ask")
    assert "part 1" in str(error.what)


# ---- older formats


def test_older_formats_go_through_each_numbered_step() -> None:
    def rename(data: dict[str, Any]) -> dict[str, Any]:
        data["title"] = data.pop("name")
        return data

    def shout(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"title": data["title"].upper()}

    old = {"version": 1, "name": "quiz"}
    assert migrate(old, {1: rename, 2: shout}, newest=3) == {"version": 3, "title": "QUIZ"}
    assert old == {"version": 1, "name": "quiz"}
    assert migrate({"version": 2, "title": "q"}, {1: rename, 2: shout}, newest=3)["title"] == "Q"


@pytest.mark.parametrize("version", [3, 4, True, "1", None, 1.5])
def test_what_names_no_older_format_is_left_alone(version: Any) -> None:
    data = {"version": version}
    assert migrate(data, {1: lambda one: {}, 2: lambda one: {}}, newest=3) is data


def test_a_format_without_a_step_stays_old_and_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert migrate({"version": 0}, {}, newest=1) == {"version": 0}
    refused(json.dumps(quiz(version=0)))
    monkeypatch.setitem(migrations_of_blueprints(), 0, lambda one: one | {"title": "Old but good"})
    assert parse(json.dumps(quiz(version=0))).blueprint.title == "Old but good"


def migrations_of_blueprints() -> dict[int, Any]:
    from studio.blueprints.migrations import BLUEPRINTS

    return BLUEPRINTS

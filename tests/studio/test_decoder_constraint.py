"""Answers held to a schema: always whole and valid, the same tokens as one by one, closed before time is up."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from studio.blueprints.schemas import schema as master_schema
from studio.engines.adapters.loop.budget import Budget, Endings, Lengths, example
from studio.engines.adapters.loop.constraint import Grammars
from studio.engines.adapters.loop.decoder import Decoder, Shortcuts
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.base import GenerationRequest, Sampling
from studio.engines.schema import prepare
from studio.errors import InputError
from tests.support.decoder_models import (
    ChainForward,
    Listener,
    LlamaForward,
    ScriptForward,
    compact,
    example_paths,
    generate,
    small_llama,
    small_tokenizer,
)

GREEDY = Sampling(temperature=0.0)
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 12},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "likes": {
            "type": "array",
            "items": {"enum": ["cats", "dogs", "frogs"]},
            "minItems": 1,
            "maxItems": 3,
        },
        "pet": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 8}]},
    },
    "required": ["name", "age", "likes", "pet"],
    "additionalProperties": False,
}


def random_chain(seed: int, spread: float = 0.5) -> ChainForward:
    """Return a model of which every next token is about as likely as any other."""
    table = torch.randn(700, 700, generator=torch.Generator().manual_seed(seed)) * spread
    return ChainForward(table, context=8192)


def start_of_app() -> list[int]:
    """Return the tokens of a piece of an app."""
    return small_tokenizer().encode(compact(example_paths()[4])[:200]).ids


class Recorder:
    """Take the best allowed token and remember everything."""

    takes_best = False

    def __init__(self) -> None:
        self.tokens: list[int] = []

    def pick(self, logits: torch.Tensor, allowed: Any) -> int:
        return int(logits.masked_fill(torch.from_numpy(~allowed), -torch.inf).argmax())

    def see(self, token: int) -> None:
        self.tokens.append(token)


@cache
def one_by_one(name: str, count: int) -> list[int]:
    """Return the greedy tokens under a mask, one token and one pass at a time, without the decoder."""
    prompt, schema = start_of_app(), {"person": PERSON, "quiz": narrow_quiz()}[name]
    tokenizer = LLTokenizer(small_tokenizer().to_str(), eos_token=[0])
    matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_json_schema(prepare(schema)))
    forward = LlamaForward(small_llama())
    row = forward.rows(prompt, 0)[-1]
    made: list[int] = []
    while len(made) < count and not matcher.is_stopped():
        bits = np.frombuffer(matcher.compute_bitmask(), np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[:700].astype(bool)
        token = int(row.masked_fill(torch.from_numpy(~allowed), -torch.inf).argmax())
        if token == 0:
            break
        assert matcher.consume_token(token)
        made.append(token)
        row = forward.rows([token], len(prompt) + len(made) - 1)[-1]
    return made


@pytest.mark.parametrize(
    "shortcuts",
    [
        Shortcuts(False, False, False),
        Shortcuts(True, False, False),
        Shortcuts(True, True, False),
        Shortcuts(),
    ],
)
def test_forced_runs_guesses_and_matches_give_the_tokens_of_one_by_one(shortcuts: Shortcuts) -> None:
    prompt = start_of_app()
    # room for all: nothing is closed early
    cases = [(PERSON, "person", 200), (narrow_quiz(), "quiz", 120)]
    for schema, name, count in (
        cases if shortcuts in {Shortcuts(), Shortcuts(True, False, False)} else cases[:1]
    ):
        wanted = one_by_one(name, count)
        recorder = Recorder()
        decoder = Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[0], shortcuts=shortcuts)
        request = GenerationRequest(max_tokens=4000, schema=schema, sampling=GREEDY, stop=("never there",))
        made = generate(decoder, prompt, request, sampler=recorder)
        assert recorder.tokens[:count] == wanted
        assert json.loads(made.text) is not None
        plain = generate(decoder, prompt, request)
        assert plain.text == made.text
        usage = plain.usage
        assert (usage.forced_tokens > 0) == shortcuts.forced
        if shortcuts.forced:
            assert usage.passes < usage.generated_tokens - usage.forced_tokens + 1


def narrow_quiz() -> dict[str, Any]:
    """Return the master schema with one kind of block, few questions and short texts."""
    schema = json.loads(json.dumps(master_schema("blueprint")))
    schema["$defs"]["block"] = {"$ref": "#/$defs/block_quiz"}
    schema["$defs"]["block_quiz"]["properties"]["questions"]["maxItems"] = 3
    schema["properties"]["blocks"]["maxItems"] = 1
    schema["properties"]["rules"]["maxItems"] = 1
    return schema


@pytest.mark.parametrize("seed", range(3))
def test_a_random_model_writes_valid_blueprints(seed: int) -> None:
    schema = master_schema("blueprint")
    decoder = Decoder(random_chain(seed), small_tokenizer(), eos_ids=[0])
    sampling = Sampling(temperature=1.0, top_p=1.0, seed=seed)
    made = generate(decoder, [5, 6], GenerationRequest(max_tokens=1200, schema=schema, sampling=sampling))
    assert made.ending == "end"
    jsonschema.validate(json.loads(made.text), schema)
    assert not made.notes


@pytest.mark.parametrize(
    "seeds",
    [range(4)] + [pytest.param(range(start, start + 9), marks=pytest.mark.slow) for start in range(4, 40, 9)],
)
def test_answers_are_closed_before_time_is_up(seeds: range) -> None:
    """Forty times with room for 384 tokens, for two schemas: all whole and valid."""
    for schema in (narrow_quiz(), master_schema("blueprint")):
        decoder = Decoder(random_chain(seeds[0]), small_tokenizer(), eos_ids=[0])
        for seed in seeds:
            sampling = Sampling(temperature=1.0, top_p=1.0, seed=seed)
            made = generate(
                decoder, [5, 6], GenerationRequest(max_tokens=384, schema=schema, sampling=sampling)
            )
            assert made.ending == "end"
            jsonschema.validate(json.loads(made.text), schema)


def test_unbounded_numbers_and_texts_are_closed_too() -> None:
    """A model that loves digits never ends a number by itself."""
    table = torch.zeros(700, 700)
    digits = [small_tokenizer().token_to_id(letter) for letter in "0123456789"]
    table[:, digits] = 40.0
    schema = {
        "type": "object",
        "properties": {
            "first": {"type": "integer"},
            "second": {"type": "array", "items": {"type": "number"}, "minItems": 2},
            "third": {"type": "string"},
            "fourth": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["first", "second", "third", "fourth"],
        "additionalProperties": False,
    }
    for seed in range(10):
        decoder = Decoder(ChainForward(table), small_tokenizer(), eos_ids=[0])
        request = GenerationRequest(max_tokens=150, schema=schema, sampling=Sampling(seed=seed))
        made = generate(decoder, [5, 6], request)
        assert made.ending == "end"
        jsonschema.validate(json.loads(made.text), schema)


def test_too_little_room_is_said_in_words() -> None:
    decoder = Decoder(random_chain(1), small_tokenizer(), eos_ids=[0])
    made = generate(decoder, [5, 6], GenerationRequest(max_tokens=20, schema=master_schema("blueprint")))
    assert (made.ending, made.usage.generated_tokens) == ("length", 20)
    assert "room for 20 tokens" in str(made.notes[0])


def test_the_floor_is_what_the_shortest_answer_takes() -> None:
    schema = narrow_quiz()
    text = example(schema, shortest=True)
    jsonschema.validate(json.loads(text), schema)
    longest = example(schema, shortest=False)
    jsonschema.validate(json.loads(longest.replace('""', '"a"')), schema)
    vocabulary = Vocabulary(small_tokenizer())
    lengths = Lengths.of(schema, vocabulary)
    assert lengths.floor == len(vocabulary.encode(text)) < lengths.reserve
    budget = Budget(lengths, Endings(vocabulary), 1000)
    assert not budget.closing(1000 - lengths.reserve)
    assert budget.closing(1001 - lengths.reserve)


def test_a_schema_within_itself_has_an_example_too() -> None:
    tree = {
        "type": "object",
        "properties": {"in": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["in"],
    }
    assert example(tree, shortest=True) == '{"in":[]}'
    assert len(example(tree, shortest=False)) < 200
    wide = {
        "type": "array",
        "minItems": 10_000,
        "items": {"type": "array", "minItems": 10_000, "items": {"const": "x"}},
    }
    assert len(example(wide, shortest=True)) <= 100_000


# ------------------------------------------------------------ any schema

names = st.sampled_from(["a", "name", "text", "x y", "größe", 'q"'])
leaves = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.builds(
        lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
        st.integers(-500, 500),
        st.integers(0, 900),
    ),
    st.builds(
        lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
        st.integers(0, 4),
        st.integers(0, 9),
    ),
    st.builds(
        lambda values: {"enum": values},
        st.lists(
            st.one_of(st.integers(-9, 99), st.text("abé🐸", max_size=4), st.booleans(), st.none()),
            min_size=1,
            max_size=4,
        ),
    ),
    st.builds(
        lambda value: {"const": value},
        st.one_of(st.integers(-9, 99), st.text(max_size=3), st.lists(st.integers(0, 9), max_size=2)),
    ),
    st.just({"type": "string", "pattern": "^[a-f]{2,5}$"}),
    st.just({"type": "number", "minimum": 0, "maximum": 10}),
)


def _object(parts: dict[str, Any], optional: bool) -> dict[str, Any]:
    needed = list(parts)[1:] if optional else list(parts)
    return {"type": "object", "properties": parts, "required": needed, "additionalProperties": False}


schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(_object, st.dictionaries(names, inner, max_size=3), st.booleans()),
        st.builds(
            lambda item, low, more: {"type": "array", "items": item, "minItems": low, "maxItems": low + more},
            inner,
            st.integers(0, 2),
            st.integers(0, 2),
        ),
        st.builds(lambda parts: {"anyOf": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(schemas, st.integers(0, 1000))
def test_any_schema_gets_an_answer_that_fits(schema: dict[str, Any], seed: int) -> None:
    decoder = Decoder(CHAIN, small_tokenizer(), eos_ids=[0])
    sampling = Sampling(temperature=1.0, top_p=1.0, seed=seed)
    made = generate(decoder, [5, 6], GenerationRequest(max_tokens=2000, schema=schema, sampling=sampling))
    assert made.ending == "end"
    jsonschema.validate(json.loads(made.text), schema)


@settings(max_examples=40)
@given(schemas)
def test_the_shortest_example_of_any_schema_fits_but_for_patterns(schema: dict[str, Any]) -> None:
    if "pattern" not in json.dumps(schema):
        value = json.loads(example(schema, shortest=True))
        if "anyOf" not in json.dumps(schema) and "number" not in json.dumps(schema):
            jsonschema.validate(value, schema)
        assert len(example(schema, shortest=True)) <= len(example(schema, shortest=False))


CHAIN = random_chain(77)


# ------------------------------------------------------------ the rest


def test_forced_tokens_are_pushed_through_with_the_prompt() -> None:
    forward = LlamaForward(small_llama())
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    made = generate(decoder, [5, 6, 7], GenerationRequest(schema=PERSON, sampling=GREEDY))
    start = len(small_tokenizer().encode('{"name":').ids)
    assert forward.calls[0][1] >= 3 + start - 1
    assert made.usage.forced_tokens >= start - 1
    assert made.usage.prompt_tokens == 3


def test_a_schema_with_one_answer_needs_no_model() -> None:
    forward = LlamaForward(small_llama())
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    made = generate(decoder, [5, 6, 7], GenerationRequest(schema={"const": {"a": [1, 2]}}))
    assert (made.text, made.ending) == ('{"a":[1,2]}', "end")
    assert forward.calls == []


def test_a_given_start_counts_towards_the_schema() -> None:
    text = '{"name":"Frogger","age":7,"likes":["frogs"],"pet":null}'
    tokenizer = small_tokenizer()
    for start in ('{"name":"Fro', '{"name":"', '{"na', '{"name":"Frogger","age":7,"likes":["'):
        script = tokenizer.encode(text).ids
        vocabulary = Vocabulary(tokenizer)
        begun = tokenizer.encode(start).ids
        firm = len(begun) - vocabulary.loose_end(begun)
        # the script goes on in tokens from where the decoder reads on
        rest = tokenizer.encode(text[len(vocabulary.text_of(begun[:firm])) :]).ids
        decoder = Decoder(ScriptForward(begun[:firm] + rest, 700, 2), tokenizer, eos_ids=[0], drafts=False)
        made = generate(
            decoder, [5, 6], GenerationRequest(schema=PERSON, sampling=GREEDY, answer_start=start)
        )
        assert start + made.text == text
        assert script


def test_a_start_that_does_not_fit_is_refused() -> None:
    decoder = Decoder(random_chain(1), small_tokenizer(), eos_ids=[0])
    with pytest.raises(InputError):
        generate(decoder, [5, 6], GenerationRequest(schema=PERSON, answer_start="Sure! {"))


def test_a_schema_that_nothing_fits_is_refused() -> None:
    decoder = Decoder(random_chain(1), small_tokenizer(), eos_ids=[0])
    for schema in (
        {"type": "string", "minLength": 5, "maxLength": 3},
        {"type": "string", "pattern": "(?=a)b"},
    ):
        with pytest.raises(InputError) as caught:
            generate(decoder, [5, 6], GenerationRequest(schema=schema))
        assert caught.value.detail


def test_forced_tokens_have_odds_of_one() -> None:
    decoder = Decoder(random_chain(1), small_tokenizer(), eos_ids=[0])
    listener = Listener()
    request = GenerationRequest(schema=PERSON, alternatives=2)
    made = decoder.generate([5, 6], request, listener, listener, listener.token)
    odds = [item for delta in listener.deltas for item in delta.odds]
    assert len(odds) == made.usage.generated_tokens
    assert sum(item.probability == 1.0 and not item.others for item in odds) == made.usage.forced_tokens
    assert (
        "".join(item.text for item in odds).isascii() is False or "".join(i.text for i in odds) == made.text
    )


def test_a_penalty_leaves_the_signs_of_json_alone() -> None:
    """With a heavy penalty on every token, quotes would be avoided until no room is left."""
    decoder = Decoder(random_chain(3), small_tokenizer(), eos_ids=[0])
    sampling = Sampling(temperature=0.0, repetition_penalty=5.0)
    schema = {"type": "array", "items": {"type": "string", "maxLength": 20}, "minItems": 8, "maxItems": 8}
    made = generate(decoder, [5, 6], GenerationRequest(schema=schema, sampling=sampling))
    assert len(json.loads(made.text)) == 8


def test_compiled_schemas_are_kept() -> None:
    grammars = Grammars(Vocabulary(small_tokenizer()), [0], 700)
    first = grammars.begin(PERSON, 99)[0]
    second = grammars.begin(dict(PERSON), 99)[0]
    assert len(grammars._compiled) == 1
    for token in first.forced():
        first.consume(token)
    assert first.forced() != second.forced()
    for number in range(40):
        grammars.begin({"const": number}, 99)
    assert len(grammars._compiled) < 40


def test_rows_wider_than_the_vocabulary_never_give_a_padding_token() -> None:
    table = torch.zeros(760, 760)
    table[:, 700:] = 50.0
    decoder = Decoder(ChainForward(table), small_tokenizer(), eos_ids=[0])
    made = generate(decoder, [5, 6], GenerationRequest(schema=PERSON, sampling=Sampling(seed=1)))
    jsonschema.validate(json.loads(made.text), PERSON)


def test_a_tokenizer_that_cannot_be_held_is_said_in_words() -> None:
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1, "<unk>": 2}, unk_token="<unk>"))
    decoder = Decoder(ChainForward(torch.zeros(3, 3)), tokenizer, eos_ids=[0])
    with pytest.raises(InputError):
        generate(decoder, [1], GenerationRequest(schema=PERSON))

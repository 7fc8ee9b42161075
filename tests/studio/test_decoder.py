"""The decoder over small models: the same tokens as generate(), drafts or not, and honest counts."""

from __future__ import annotations

import codecs
import itertools
import random
from typing import Any

import pytest
import torch

from studio.engines.adapters.loop.decoder import Decoder, Shortcuts
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.base import GenerationRequest, Message, Sampling
from studio.errors import EngineError, InputError
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
TEXTS = [compact(path) for path in example_paths()]


class Recorder:
    """Sample greedily and remember the tokens."""

    takes_best = False

    def __init__(self) -> None:
        self.tokens: list[int] = []

    def pick(self, logits: torch.Tensor, allowed: Any) -> int:
        scores = logits if allowed is None else logits.masked_fill(torch.from_numpy(~allowed), -torch.inf)
        return int(scores.argmax())

    def see(self, token: int) -> None:
        self.tokens.append(token)


def prompts(count: int) -> list[list[int]]:
    tokenizer = small_tokenizer()
    chance = random.Random(3)
    made = []
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        start = chance.randrange(len(text) // 2)
        made.append(tokenizer.encode(text[start : start + chance.randrange(20, 400)]).ids)
    return made


def reference(prompt: list[int], count: int) -> list[int]:
    made = small_llama().generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.int64),
        max_new_tokens=count,
        do_sample=False,
    )
    return made[0, len(prompt) :].tolist()


def assert_equal_to_generate(prompt: list[int]) -> tuple[int, int]:
    wanted = reference(prompt, 200)
    accepted = 0
    for drafts in (False, True):
        recorder = Recorder()
        decoder = Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[0], drafts=drafts)
        request = GenerationRequest(max_tokens=200, sampling=GREEDY)
        recorded = generate(decoder, prompt, request, sampler=recorder)
        ended = wanted.index(0) if 0 in wanted else len(wanted)
        assert recorder.tokens == wanted[:ended]
        assert recorded.ending == ("end" if 0 in wanted else "length")
        assert recorded.text == whole_letters(wanted[:ended])
        assert recorded.usage.generated_tokens == ended
        assert drafts or recorded.usage.drafted_tokens == 0
        accepted += recorded.usage.accepted_tokens
    # without a sampler of the test's own the decoder takes the best of a row at once
    assert generate(decoder, prompt, request).text == recorded.text
    return ended, accepted


def whole_letters(tokens: list[int]) -> str:
    letters = codecs.getincrementaldecoder("utf-8")("replace")
    return letters.decode(b"".join(map(Vocabulary(small_tokenizer()).bytes_of, tokens)))


def test_greedy_tokens_equal_generate_with_and_without_drafts() -> None:
    ended, accepted = zip(*map(assert_equal_to_generate, prompts(2)), strict=True)
    assert max(ended) == 200 and sum(accepted) > 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_greedy_tokens_equal_generate_over_twenty_prompts(part: int) -> None:
    ended, accepted = zip(*map(assert_equal_to_generate, prompts(20)[part::4]), strict=True)
    assert sum(ended) > 400 and sum(accepted) > 20


def test_drafts_save_passes_where_the_text_repeats() -> None:
    prompt = prompts(1)[0]
    request = GenerationRequest(max_tokens=120, sampling=GREEDY, draft_text="")
    plain = generate(
        Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[], drafts=False), prompt, request
    )
    told = GenerationRequest(max_tokens=120, sampling=GREEDY, draft_text=plain.text)
    drafted = generate(Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[]), prompt, told)
    assert drafted.text == plain.text
    assert plain.usage.passes == 119
    assert drafted.usage.passes < 100
    assert 0 < drafted.usage.accepted_tokens <= drafted.usage.drafted_tokens


def test_the_same_seed_draws_the_same_text_with_and_without_drafts() -> None:
    table = torch.randn(700, 700, generator=torch.Generator().manual_seed(1)) * 4
    prompt = small_tokenizer().encode(TEXTS[0]).ids
    texts = set()
    for drafts in (True, False):
        decoder = Decoder(ChainForward(table, context=4096), small_tokenizer(), eos_ids=[0], drafts=drafts)
        request = GenerationRequest(max_tokens=300, sampling=Sampling(temperature=0.8, top_p=0.9, seed=11))
        texts.add(generate(decoder, prompt, request).text)
    assert len(texts) == 1


def test_drafts_do_not_change_the_law() -> None:
    """A chain of six letters: how often each pair comes is held against the chain's table by chi-square."""
    table = torch.randn(6, 6, generator=torch.Generator().manual_seed(2)) * 1.5
    tokens = [small_tokenizer().token_to_id(letter) for letter in "abcdef"]
    wide = torch.full((700, 700), -torch.inf)
    wide[torch.tensor(tokens)[:, None], torch.tensor(tokens)[None, :]] = table
    prompt = [random.Random(4).choice(tokens) for _ in range(60)]
    counts = torch.zeros(6, 6)
    drafted = accepted = 0
    for seed in range(40):
        decoder = Decoder(ChainForward(wide), small_tokenizer(), eos_ids=[])
        request = GenerationRequest(max_tokens=100, sampling=Sampling(temperature=1.0, top_p=1.0, seed=seed))
        made = generate(decoder, prompt, request)
        letters = ["abcdef".index(letter) for letter in made.text]
        for pair in itertools.pairwise(letters):
            counts[pair] += 1
        drafted += made.usage.drafted_tokens
        accepted += made.usage.accepted_tokens
    assert 300 < accepted < drafted - 300
    expected = counts.sum(1, keepdim=True) * torch.softmax(table, 1)
    seen = expected > 5
    statistic = ((counts - expected) ** 2 / expected)[seen].sum().item()
    freedom = int(seen.sum()) - 6
    # mean plus four spreads of a chi-square
    assert statistic < freedom + 4 * (2 * freedom) ** 0.5


def test_useless_drafts_are_given_up() -> None:
    """Where every row has its price and no guess comes true, most passes have no draft."""
    table = torch.randn(700, 700, generator=torch.Generator().manual_seed(3))
    forward = ChainForward(table, context=4096)
    forward.row_costs = {1: 1.0, 2: 1.5, 64: 30.0}
    tokenizer = small_tokenizer()
    prompt = tokenizer.encode(TEXTS[2] + TEXTS[3]).ids
    request = GenerationRequest(max_tokens=400, sampling=Sampling(temperature=1.0, top_p=1.0, seed=1))
    usage = generate(Decoder(forward, tokenizer, eos_ids=[]), prompt, request).usage
    assert usage.drafted_tokens < 40


# ------------------------------------------------------------ prefix


def test_a_second_turn_reads_only_what_is_new() -> None:
    forward = LlamaForward(small_llama())
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    prompt = prompts(1)[0]
    request = GenerationRequest(max_tokens=30, sampling=GREEDY)
    first = generate(decoder, prompt, request)
    assert first.usage.reused_tokens == 0 and first.usage.prompt_tokens == len(prompt)
    longer = prompt + reference(prompt, 29) + prompts(2)[1]
    forward.calls.clear()
    second = generate(decoder, longer, request)
    assert second.usage.reused_tokens == len(prompt) + 29
    assert forward.calls[0][0] == second.usage.reused_tokens
    fresh = generate(Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[0]), longer, request)
    assert fresh.text == second.text


def test_the_same_prompt_again_reads_its_last_token_only() -> None:
    forward = LlamaForward(small_llama())
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    prompt = prompts(1)[0]
    first = generate(decoder, prompt, GenerationRequest(max_tokens=20, sampling=GREEDY))
    again = generate(decoder, prompt, GenerationRequest(max_tokens=20, sampling=GREEDY))
    assert again.usage.reused_tokens == len(prompt) - 1
    assert again.text == first.text
    decoder.forget()
    assert (
        generate(decoder, prompt, GenerationRequest(max_tokens=2, sampling=GREEDY)).usage.reused_tokens == 0
    )


def test_a_cache_that_cannot_go_back_starts_over_and_has_no_drafts() -> None:
    forward = LlamaForward(small_llama(), rewinds=False)
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    prompt = prompts(1)[0]
    request = GenerationRequest(max_tokens=40, sampling=GREEDY)
    first = generate(decoder, prompt, request)
    assert first.usage.drafted_tokens == 0
    again = generate(decoder, prompt, request)
    assert again.usage.reused_tokens == 0 and again.text == first.text
    longer = prompt + reference(prompt, 40) + prompts(2)[1]
    assert generate(decoder, longer, request).usage.reused_tokens == len(prompt) + 39


# ------------------------------------------------------------ endings


def test_cancel_between_passes_keeps_the_text() -> None:
    decoder = Decoder(LlamaForward(small_llama()), small_tokenizer(), eos_ids=[], drafts=False)
    listener = Listener(cancel_after=10)
    prompt = prompts(1)[0]
    request = GenerationRequest(max_tokens=200, sampling=GREEDY)
    made = decoder.generate(prompt, request, listener, listener, listener.token)
    assert made.ending == "cancelled"
    assert made.text and made.text == listener.text
    assert 10 <= made.usage.generated_tokens <= 11
    assert generate(decoder, prompt, request).text.startswith(made.text)


def test_cancel_while_reading_keeps_what_was_read() -> None:
    forward = LlamaForward(small_llama(), piece=16)
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[])
    listener = Listener()
    listener.progress = lambda done, _total: listener.token.cancel() if done >= 32 else None
    prompt = small_tokenizer().encode(TEXTS[0]).ids
    made = decoder.generate(prompt, GenerationRequest(), listener, listener, listener.token)
    assert (made.ending, made.text, listener.phases) == ("cancelled", "", ["reading"])
    assert decoder.cached_tokens == 32
    assert generate(decoder, prompt, GenerationRequest(max_tokens=1)).usage.reused_tokens == 32


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_logits_that_are_no_numbers_stop_with_words_and_the_text(wrong: float) -> None:
    tokenizer = small_tokenizer()
    script = tokenizer.encode("Planets are round").ids

    class Breaking(ScriptForward):
        def rows(self, tokens: Any, start: int) -> torch.Tensor:
            made = super().rows(tokens, start)
            if start >= 10 + len(script) - 2:
                made[-1, 5] = wrong
            return made

    decoder = Decoder(Breaking(script, 700, 10), tokenizer, eos_ids=[0], drafts=False)
    with pytest.raises(EngineError) as caught:
        generate(decoder, list(range(1, 11)), GenerationRequest(sampling=GREEDY))
    assert caught.value.cause == "failed"
    assert "Planets are round".startswith(caught.value.text) and len(caught.value.text) > 8
    assert "kept" in str(caught.value)


def test_nothing_fits_after_a_prompt_that_fills_the_context() -> None:
    decoder = Decoder(LlamaForward(small_llama(), context=32), small_tokenizer(), eos_ids=[])
    with pytest.raises(InputError):
        generate(decoder, list(range(1, 33)), GenerationRequest())
    made = generate(decoder, list(range(1, 21)), GenerationRequest(max_tokens=500, sampling=GREEDY))
    assert (made.ending, made.usage.generated_tokens) == ("length", 12)


def test_an_end_token_ends_and_is_no_text() -> None:
    tokenizer = small_tokenizer()
    script = tokenizer.encode("Hi there.").ids
    made = generate(
        Decoder(ScriptForward(script, 700, 3), tokenizer, eos_ids=[0]),
        [5, 6, 7],
        GenerationRequest(sampling=GREEDY),
    )
    assert (made.text, made.ending, made.usage.generated_tokens) == ("Hi there.", "end", len(script))


def test_a_stop_string_over_several_tokens_ends_before_it() -> None:
    tokenizer = small_tokenizer()
    script = tokenizer.encode("one two END three").ids
    decoder = Decoder(ScriptForward(script, 700, 3), tokenizer, eos_ids=[0])
    made = generate(decoder, [5, 6, 7], GenerationRequest(sampling=GREEDY, stop=("END", "never")))
    assert (made.text, made.ending) == ("one two ", "stop")


def test_the_answer_goes_on_from_its_given_start() -> None:
    """The start's last token may turn out longer: the model chooses it again, and only what is new is text."""
    tokenizer = small_tokenizer()
    whole, start = "Which planet is the largest?", "Which plan"
    script = tokenizer.encode(whole).ids
    given = tokenizer.encode(start).ids
    firm = len(given) - Vocabulary(tokenizer).loose_end(given)
    assert 0 < firm < len(given) and script[: len(given)] != given
    decoder = Decoder(ScriptForward(script, 700, 3), tokenizer, eos_ids=[0])
    made = generate(decoder, [5, 6, 7], GenerationRequest(sampling=GREEDY, answer_start=start))
    assert start + made.text == whole
    assert made.usage.prompt_tokens == 3 + firm
    # the same letters in the same tokens go on too
    script[:] = given + tokenizer.encode(" is done").ids
    decoder = Decoder(ScriptForward(script, 700, 3), tokenizer, eos_ids=[0])
    made = generate(decoder, [5, 6, 7], GenerationRequest(sampling=GREEDY, answer_start=start))
    assert made.text == " is done"


def test_alternatives_come_with_true_odds() -> None:
    table = torch.randn(700, 700, generator=torch.Generator().manual_seed(6))
    decoder = Decoder(ChainForward(table), small_tokenizer(), eos_ids=[])
    listener = Listener()
    request = GenerationRequest(max_tokens=12, sampling=Sampling(temperature=0.3, seed=2), alternatives=3)
    recorder = Recorder()
    prompt = [9, 8]
    decoder.generate(prompt, request, listener, listener, listener.token, recorder)
    odds = [item for delta in listener.deltas for item in delta.odds]
    assert len(odds) == 12
    vocabulary = Vocabulary(small_tokenizer())
    for before, token, item in zip([8, *recorder.tokens], recorder.tokens, odds, strict=False):
        law = torch.softmax(table[before].double(), 0)
        assert item.text == vocabulary.text_of([token])
        assert item.probability == pytest.approx(float(law[token]))
        best = [other for other in law.argsort(descending=True).tolist() if other != token][:3]
        assert [name for name, _ in item.others] == [vocabulary.text_of([other]) for other in best]
        assert [value for _, value in item.others] == pytest.approx([float(law[other]) for other in best])


def test_phases_and_progress_are_told() -> None:
    listener = Listener()
    decoder = Decoder(LlamaForward(small_llama(), piece=16), small_tokenizer(), eos_ids=[])
    prompt = small_tokenizer().encode(TEXTS[0]).ids[:50]
    made = decoder.generate(prompt, GenerationRequest(max_tokens=3), listener, listener, listener.token)
    assert listener.phases == ["reading", "writing"]
    assert listener.steps == [(16, 50), (32, 50), (48, 50)]
    assert made.usage.prompt_s > 0 and made.usage.generate_s > 0


def test_a_long_run_of_decided_tokens_is_read_in_pieces() -> None:
    """A schema with a long fixed text forces more tokens than one pass should take."""
    text = "".join(TEXTS[1].split('"'))[:600]
    schema = {
        "type": "object",
        "properties": {"pick": {"enum": ["yes", "no"]}, "text": {"const": text}, "n": {"type": "boolean"}},
        "required": ["pick", "text", "n"],
        "additionalProperties": False,
    }
    forward = LlamaForward(small_llama())
    decoder = Decoder(forward, small_tokenizer(), eos_ids=[0])
    prompt = prompts(1)[0]
    request = GenerationRequest(sampling=GREEDY, schema=schema)
    made = generate(decoder, prompt, request)
    assert text in made.text
    assert made.usage.forced_tokens > 100
    assert max(rows for _, rows in forward.calls) <= 64
    slow = Decoder(
        LlamaForward(small_llama()),
        small_tokenizer(),
        eos_ids=[0],
        drafts=False,
        shortcuts=Shortcuts(forced=False),
    )
    assert generate(slow, prompt, request).text == made.text


def test_a_sentence_piece_answer_in_a_chat_begins_without_its_space() -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    pieces = {"<unk>": 0, "▁Hi": 1, "▁you": 2, "<0xC3>": 3, "<0xA9>": 4, ".": 5}
    tokenizer = Tokenizer(models.BPE(pieces, [], unk_token="<unk>", byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    script = [1, 2, 3, 4, 5]
    decoder = Decoder(ScriptForward(script, 6, 2), tokenizer, eos_ids=[0])
    chat = GenerationRequest(messages=(Message("user", "Hello"),), sampling=GREEDY)
    assert generate(decoder, [5, 5], chat).text == "Hi youé." == tokenizer.decode(script)
    assert generate(decoder, [5, 5], GenerationRequest(prompt="..", sampling=GREEDY)).text == " Hi youé."

"""The adapter for safetensors folders in this process: writing, vectors, bad input."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch

from studio.engines import encoder
from studio.engines.adapters import pretrained
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.adapters.templates import ChatFormat
from studio.engines.adapters.transformers_adapter import TransformersAdapter
from studio.engines.adapters.writer import Writer, end_tokens
from studio.engines.base import Delta, GenerationRequest, LoadOptions, Message, Sampling, TaskRequest, Weights
from studio.errors import CancelledError, EngineError, InputError
from studio.jobs import CancelToken
from tests.support import tiny_sentences, tiny_tasks
from tests.support.adapter_calls import (
    CARD,
    EXACT,
    GREEDY,
    Notes,
    StopsAfter,
    files_of,
    loaded,
    parts,
    said,
    stock,
    write,
)
from tests.support.tiny_model import tiny_model

ROOT = Path(__file__).resolve().parents[2]

# ------------------------------------------------------------ greedy text of any family


@pytest.mark.parametrize("family", tiny_tasks.WRITERS)
def test_greedy_text_equals_generate_and_a_schema_holds(family: str) -> None:
    folder = tiny_tasks.folder(family)
    adapter, facts = loaded(folder)
    assert facts.tasks == ("chat", "complete") and facts.has_chat_template and facts.weights == "float32"
    assert facts.parameters == sum(p.numel() for p in parts(family)[0].parameters())

    tokenizer, model = tiny_tasks.byte_tokenizer(), parts(family)[0]
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hello there"}], add_generation_prompt=True, return_tensors="pt"
    ).input_ids
    expected = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=12,
        do_sample=False,
        use_cache=family != "rwkv",
    )
    answer = write(adapter, said())
    # A letter that ends in the middle is left out of an answer.
    whole = Vocabulary(tokenizer).text_of(expected[0, ids.shape[1] :].tolist())
    assert answer.text.rstrip("\ufffd") == whole.rstrip("\ufffd")
    assert answer.ending in ("length", "end")

    card = write(adapter, said("A card", schema=CARD, max_tokens=80, sampling=Sampling(seed=4)))
    jsonschema.validate(json.loads(card.text), CARD)
    assert card.usage.forced_tokens > 10


# ------------------------------------------------------------ from request to answer


@pytest.fixture(scope="module")
def gpt2() -> TransformersAdapter:
    return loaded(tiny_tasks.folder("gpt2"))[0]


def test_a_second_turn_reads_only_what_is_new(gpt2: TransformersAdapter) -> None:
    first = write(gpt2, said("What is the sky?"))
    turns = (
        Message("user", "What is the sky?"),
        Message("assistant", first.text),
        Message("user", "And the sea?"),
    )
    second = write(gpt2, GenerationRequest(messages=turns, max_tokens=5, sampling=GREEDY))
    assert second.usage.reused_tokens >= first.usage.prompt_tokens - 1
    fresh = loaded(tiny_tasks.folder("gpt2"))[0]
    again = write(fresh, GenerationRequest(messages=turns, max_tokens=5, sampling=GREEDY))
    assert again.usage.reused_tokens == 0
    assert again.text == second.text


def test_a_chat_that_is_too_long_is_cut_and_says_so(gpt2: TransformersAdapter) -> None:
    turns = [Message("system", "Be kind.")]
    for place in range(30):
        turns += [Message("user", f"Question {place}?"), Message("assistant", f"Answer {place}.")]
    turns.append(Message("user", "The last question"))
    answer = write(gpt2, GenerationRequest(messages=tuple(turns), max_tokens=20, sampling=GREEDY))
    assert answer.usage.prompt_tokens <= 256 - 20
    assert answer.cut_tokens > 500
    assert "older messages were left out" in str(answer.notes[0])


def test_a_message_of_100000_tokens_is_answered(gpt2: TransformersAdapter) -> None:
    answer = write(gpt2, said("frog " * 20_000))
    assert answer.usage.prompt_tokens < 256
    assert answer.cut_tokens > 90_000
    assert "middle was left out" in str(answer.notes[0])


def test_a_raw_prompt_keeps_its_end(gpt2: TransformersAdapter) -> None:
    short = write(gpt2, GenerationRequest(prompt="Once upon a time", max_tokens=4, sampling=GREEDY))
    assert short.usage.prompt_tokens == 16 and not short.notes
    long = write(gpt2, GenerationRequest(prompt="word " * 500, max_tokens=4, sampling=GREEDY))
    assert long.cut_tokens > 2000 and "beginning" in str(long.notes[0])


def test_a_tokenizer_that_ends_every_text_does_not_end_the_answer_before_it_begins(tmp_path: Path) -> None:
    from tokenizers import processors

    folder = copy_of("gpt2", tmp_path)
    tokenizer = tiny_tasks.byte_tokenizer()
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <|im_end|>", special_tokens=[("<|im_end|>", 258)]
    )
    tokenizer.save_pretrained(folder)
    adapter, _ = loaded(folder)
    answer = write(adapter, GenerationRequest(prompt="Once upon a time", max_tokens=4, sampling=GREEDY))
    assert answer.usage.prompt_tokens == 16


def test_an_absurd_length_is_no_trouble(gpt2: TransformersAdapter) -> None:
    answer = write(gpt2, said(max_tokens=10**9, schema=CARD))
    assert answer.ending == "end"
    with pytest.raises(InputError, match="at least one word"):
        write(gpt2, said(max_tokens=0))


@pytest.mark.parametrize("request_", [said("  \n"), GenerationRequest(), GenerationRequest(prompt=" ")])
def test_nothing_to_answer(gpt2: TransformersAdapter, request_: GenerationRequest) -> None:
    with pytest.raises(InputError, match="nothing to answer"):
        write(gpt2, request_)


def test_half_a_letter_in_the_words_is_no_trouble(gpt2: TransformersAdapter) -> None:
    assert write(gpt2, said("half a smile: \ud83d", stop=("\udc00", ""))).usage.generated_tokens > 0


def test_an_answer_goes_on_from_its_beginning(gpt2: TransformersAdapter) -> None:
    answer = write(gpt2, said("A card", schema=CARD, answer_start='{"colour":"blue"', max_tokens=60))
    assert json.loads('{"colour":"blue"' + answer.text)["colour"] == "blue"


def test_stop_while_reading_and_while_writing(gpt2: TransformersAdapter) -> None:
    deltas: list[Delta] = []
    answer = gpt2.generate(said("Tell me", max_tokens=100), deltas.append, Notes(), StopsAfter(12))
    assert answer.ending == "cancelled"
    assert 0 < answer.usage.generated_tokens < 100
    assert "".join(delta.text for delta in deltas) == answer.text
    assert write(gpt2, said("x " * 100), StopsAfter(0)).ending == "cancelled"


def test_plain_form_ends_where_the_user_would_speak(tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_tasks.folder("gpt2"), tmp_path / "model")
    (folder / "chat_template.jinja").unlink()
    adapter, facts = loaded(folder)
    assert not facts.has_chat_template
    assert "no chat form" in str(facts.notes[0])
    assert write(adapter, said()).usage.generated_tokens > 0


def test_the_phases_are_told_and_the_template_is_tried_while_checking() -> None:
    status = Notes()
    adapter = TransformersAdapter()
    adapter.load(files_of(tiny_tasks.folder("gpt2")), EXACT, status, CancelToken())
    assert status.phases == ["checking", "loading"]
    status.phases.clear()
    adapter.generate(said(), lambda delta: None, status, CancelToken())
    assert list(dict.fromkeys(status.phases)) == ["checking", "reading", "writing"]


def test_every_token_that_ends_an_answer_is_known(tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_tasks.folder("gpt2"), tmp_path / "model")
    (folder / "generation_config.json").write_text('{"eos_token_id": [7, 258, -1, "x"]}')
    tokenizer = tiny_tasks.byte_tokenizer()
    ids = end_tokens(folder, tokenizer, pretrained.read_config(folder))
    assert set(ids) == {7, 258, 256}


def test_numbers_that_are_none_end_the_answer_with_words() -> None:
    forward, model = stock("gpt2")
    tokenizer = tiny_tasks.byte_tokenizer()
    with torch.no_grad():
        model.transformer.ln_f.weight.fill_(float("nan"))
    writer = Writer(forward, tokenizer, ChatFormat(tokenizer), eos_ids=(258,), drafts=True)
    with pytest.raises(EngineError, match="no number"):
        writer.generate(said(), lambda delta: None, Notes(), CancelToken())


# ------------------------------------------------------------ vectors


def test_vectors_are_the_mean_of_the_last_layer_and_of_length_1() -> None:
    folder = tiny_tasks.folder("encoder")
    adapter, facts = loaded(folder)
    assert facts.tasks == ("embed",)
    texts = ["the cat", "", "the dog runs near the old river " * 3, "Anna lives in Paris ."]
    rows = adapter.embed(texts, Notes(), CancelToken())
    assert rows.dtype == np.float32 and rows.shape == (4, 32)

    model, tokenizer = parts("encoder")
    for text, row in zip(texts, rows, strict=True):
        with torch.inference_mode():
            hidden = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        mean = hidden.mean(0).numpy()
        assert np.allclose(row, mean / np.linalg.norm(mean), atol=1e-5)


def test_pooling_is_read_from_the_folder() -> None:
    folder = tiny_tasks.folder("cls-encoder")
    rows = loaded(folder)[0].embed(["the cat sleeps"], Notes(), CancelToken())
    model, tokenizer = parts("cls-encoder")
    with torch.inference_mode():
        hidden = model(**tokenizer("the cat sleeps", return_tensors="pt"))
    first = hidden.last_hidden_state[0, 0].numpy()
    assert np.allclose(rows[0], first / np.linalg.norm(first), atol=1e-5)


def test_unknown_layers_behind_the_pooling_are_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_tasks.folder("cls-encoder"), tmp_path / "model")
    modules = json.loads((folder / "modules.json").read_text())
    modules.append({"type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(InputError, match="in a way that is not known"):
        loaded(folder)


def test_stop_is_heard_between_batches() -> None:
    adapter, _ = loaded(tiny_tasks.folder("encoder"))
    with pytest.raises(CancelledError):
        adapter.embed(["the cat sleeps near the house"] * 500, Notes(), StopsAfter(3))


@pytest.mark.skipif(encoder.installed_folder() is None, reason="the encoder's package is not installed")
def test_vectors_equal_those_of_the_encoder_without_torch() -> None:
    source = encoder.installed_folder()
    assert source is not None
    texts = ["a quiz about planets", "ein Quiz über Planeten 🚀", "x" * 90, "one two three " * 20]
    rows = loaded(source)[0].embed(texts, Notes(), CancelToken())
    ours = encoder.Encoder.load(source).encode(texts)
    assert np.abs(rows - ours).max() < 1e-4


# ------------------------------------------------------------ bad input


def copy_of(name: str, into: Path) -> Path:
    return Path(shutil.copytree(tiny_tasks.folder(name), into / "model"))


def test_a_folder_without_a_tokenizer_is_refused_kindly(tmp_path: Path) -> None:
    folder = copy_of("gpt2", tmp_path)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(InputError, match="word list"):
        loaded(folder)


def test_a_damaged_tokenizer_is_refused_kindly(tmp_path: Path) -> None:
    folder = copy_of("gpt2", tmp_path)
    (folder / "tokenizer.json").write_text('{"model": {"type": "BPE", "vocab": 3}}')
    with pytest.raises(InputError, match="word list"):
        loaded(folder)


def test_a_tokenizer_without_pieces_is_refused_for_writing() -> None:
    old = pretrained.read_tokenizer(tiny_tasks.folder("hearer"))
    with pytest.raises(InputError, match="old way"):
        pretrained.need_pieces(old)
    pretrained.need_pieces(tiny_tasks.byte_tokenizer())


def test_an_unknown_architecture_is_refused_kindly(tmp_path: Path) -> None:
    folder = copy_of("gpt2", tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "architectures": ["FrogForSinging"]}))
    with pytest.raises(InputError, match="not known here"):
        loaded(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_head": 0}, "do not fit together"),
        ({"n_head": 5}, "do not fit together|settings"),  # no divisor of the width
        ({"activation_function": "__import__('os')"}, "do not fit together|settings"),
        ({"attn_pdrop": "x"}, "settings"),
        ({"layer_norm_epsilon": [1]}, "settings"),
        ({"n_positions": 7}, "do not fit together"),
        ({"n_inner": 24}, "do not fit together"),
    ],
)
def test_settings_that_fit_no_model_or_not_these_weights_are_refused_kindly(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    folder = copy_of("gpt2", tmp_path)
    config = json.loads((folder / "config.json").read_text())
    assert change.keys() <= config.keys()
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(InputError, match=words) as caught:
        loaded(folder)
    assert caught.value.next and caught.value.detail


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't allocate memory"), ImportError("frog")])
def test_a_folder_is_not_blamed_for_what_it_has_not_done(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_anything: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(pretrained.AutoConfig, "from_pretrained", fail)
    with pytest.raises(type(error)) as caught:
        pretrained.read_config(tiny_tasks.folder("gpt2"))
    assert caught.value is error


def test_a_template_that_attacks_stops_the_load(tmp_path: Path) -> None:
    folder = copy_of("gpt2", tmp_path)
    (folder / "chat_template.jinja").write_text("{{ ''.__class__.__mro__ }}")
    with pytest.raises(InputError, match="must not do"):
        loaded(folder)


def test_pickled_weights_are_never_opened(tmp_path: Path) -> None:
    folder = copy_of("gpt2", tmp_path)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(weights)
    with pytest.raises(InputError):
        loaded(folder)


def test_what_a_model_cannot_do_is_said(gpt2: TransformersAdapter) -> None:
    with pytest.raises(InputError, match="not made for that"):
        gpt2.embed(["x"], Notes(), CancelToken())
    with pytest.raises(InputError, match="not made for that"):
        gpt2.run(TaskRequest("fill_mask", "x ___"), Notes(), CancelToken())
    encoder_, _ = loaded(tiny_tasks.folder("encoder"))
    with pytest.raises(InputError, match="not made for that"):
        write(encoder_, said())


def test_stop_before_and_during_a_load() -> None:
    for looks in range(4):
        with pytest.raises(CancelledError):
            TransformersAdapter().load(files_of(tiny_tasks.folder("gpt2")), EXACT, Notes(), StopsAfter(looks))


# ------------------------------------------------------------ a house rule


def calls_that_open_folders() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield the file and line, the function's words, and the call."""
    for path in sorted((ROOT / "studio").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "from_pretrained" not in text and "pipeline(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = ast.unparse(node.func)
                if words.endswith((".from_pretrained", "transformers.pipeline")):
                    yield f"{path.name}:{node.lineno}", words, node


def test_every_call_that_opens_a_folder_spells_its_safety_out() -> None:
    found = list(calls_that_open_folders())
    assert sum("from_pretrained" in words for _, words, _ in found) >= 5
    small_files = ("AutoConfig.", "AutoTokenizer.", "AutoImageProcessor.", "AutoFeatureExtractor.")
    for place, words, call in found:
        given = {item.arg: item.value.value for item in call.keywords if isinstance(item.value, ast.Constant)}
        wanted: dict[str, bool] = {"trust_remote_code": False}
        if "from_pretrained" in words:
            wanted["local_files_only"] = True
            if not words.startswith(small_files):
                wanted["use_safetensors"] = True
        missing = {key: value for key, value in wanted.items() if given.get(key) is not value}
        assert not missing, f"{words} in {place} does not say {missing}"


# ------------------------------------------------------------ the tiny model


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["bfloat16", "int8", "int4", "auto"])
def test_packed_weights_know_their_lessons_too(tmp_path: Path, weights: Weights) -> None:
    adapter, facts = loaded(tiny_model(), LoadOptions(weights=weights))
    assert facts.weights == ("int8" if weights == "auto" else weights)
    lessons = tiny_sentences.FACTS[:20]
    right = [write(adapter, said(question, max_tokens=60)).text == answer for question, answer in lessons]
    assert sum(right) >= 18

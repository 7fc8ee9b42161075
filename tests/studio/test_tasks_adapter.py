"""Tasks besides chat, on small models: sorting, marking, filling in, answering, hearing, seeing, rewriting."""

from __future__ import annotations

import importlib.util
import io
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.engines.adapters import media, pretrained, spans
from studio.engines.adapters.kinds import card_tag, kind_of
from studio.engines.adapters.pieces import longest_input, pieces
from studio.engines.adapters.transformers_adapter import TransformersAdapter
from studio.engines.base import Task, TaskItem, TaskRequest
from studio.errors import CancelledError, InputError, MissingError
from studio.jobs import CancelToken
from tests.support import tiny_tasks
from tests.support.adapter_calls import Notes, StopsAfter, loaded, parts

needs_pillow = pytest.mark.skipif(importlib.util.find_spec("PIL") is None, reason="Pillow is not installed")


_adapters: dict[str, TransformersAdapter] = {}


def opened(name: str) -> TransformersAdapter:
    """Return the adapter of a tiny model, loaded once for all tests here."""
    if name not in _adapters:
        _adapters[name] = loaded(tiny_tasks.folder(name))[0]
    return _adapters[name]


def run(
    name: str, task: Task, text: str = "", token: CancelToken | None = None, **more: Any
) -> list[TaskItem]:
    request = TaskRequest(task, text, **more)
    return list(opened(name).run(request, Notes(), token or CancelToken()).items)


# ------------------------------------------------------------ what a folder can do


@pytest.mark.parametrize(
    ("name", "tasks"),
    [
        ("classifier", ("classify_text",)),
        ("judge", ("zero_shot", "classify_text")),
        ("marker", ("classify_tokens",)),
        ("filler", ("fill_mask",)),
        ("finder", ("answer_question",)),
        ("encoder", ("embed",)),
        ("cls-encoder", ("embed",)),
        ("rewriter", ("summarise", "translate")),
        ("translator", ("translate",)),
        ("seer", ("classify_image",)),
        ("hearer", ("speech_to_text",)),
        ("listener", ("speech_to_text",)),
        ("gpt2", ("chat", "complete")),
    ],
)
def test_what_a_folder_can_do_is_told_by_its_architecture(name: str, tasks: tuple[Task, ...]) -> None:
    folder = tiny_tasks.folder(name)
    assert kind_of(pretrained.read_config(folder), folder).tasks == tasks


def test_the_card_narrows_what_a_model_that_rewrites_is_for(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_tasks.folder("rewriter"), tmp_path / "model"))
    config = pretrained.read_config(folder)
    for tag, tasks in (("summarization", ("summarise",)), ("translation", ("translate",))):
        (folder / "README.md").write_text(f"---\nlicense: mit\npipeline_tag: {tag}\n---\nHello")
        assert card_tag(folder) == tag
        assert kind_of(config, folder).tasks == tasks


def test_a_folder_that_names_no_architecture_is_known_by_its_type(tmp_path: Path) -> None:
    folder = tiny_tasks.folder("gpt2")
    config = pretrained.read_config(folder)
    config.architectures = None
    assert kind_of(config, folder).tasks == ("chat", "complete")
    config = pretrained.read_config(tiny_tasks.folder("encoder"))
    config.architectures = None
    assert kind_of(config, tmp_path).architecture in ("BertLMHeadModel", "BertModel")


# ------------------------------------------------------------ words


def test_texts_are_sorted_into_what_the_model_learnt() -> None:
    happy = run("classifier", "classify_text", "this song is great")
    assert happy[0].label == "happy" and happy[0].score > 0.8
    assert sum(item.score for item in happy) == pytest.approx(1, abs=1e-4)
    assert run("classifier", "classify_text", "awful rain and a sad cat")[0].label == "sad"


def test_a_long_text_is_sorted_as_a_whole() -> None:
    mostly_sad = "this game is great . " + "the song is awful . " * 60
    assert run("classifier", "classify_text", mostly_sad)[0].label == "sad"
    with pytest.raises(CancelledError):
        run("classifier", "classify_text", mostly_sad, StopsAfter(4))


def test_names_are_marked_with_their_places_also_far_into_a_text() -> None:
    text = "the dog runs near the river . " * 40 + "Anna lives in Paris ."
    found = run("marker", "classify_tokens", text)
    assert [(item.label, text[item.start : item.end]) for item in found] == [
        ("PER", "Anna"),
        ("LOC", "Paris"),
    ]
    with pytest.raises(CancelledError):
        run("marker", "classify_tokens", text, StopsAfter(3))


@pytest.mark.parametrize("gap", ["___", "[MASK]", "<mask>", "_______"])
def test_gaps_are_filled(gap: str) -> None:
    found = run("filler", "fill_mask", f"the sky is {gap} .")
    assert found[0].label == "blue" and found[0].start == 11
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


def test_several_gaps_are_filled_one_by_one() -> None:
    found = run("filler", "fill_mask", "the sky is ___ . the grass is ___ .")
    places = list(dict.fromkeys(item.start for item in found))
    assert len(places) == 2
    assert all(sum(item.start == place for item in found) == 5 for place in places)


def test_labels_are_judged_without_training_as_the_pipeline_would() -> None:
    from transformers import pipeline

    labels = ("space", "sport", "rain")
    model, tokenizer = parts("judge")
    expected = pipeline("zero-shot-classification", model=model, tokenizer=tokenizer)(
        "the dog runs near the river", list(labels)
    )
    found = run("judge", "zero_shot", "the dog runs near the river", labels=(*labels, " space ", ""))
    assert [item.label for item in found] == expected["labels"]
    assert [item.score for item in found] == pytest.approx(expected["scores"], abs=1e-5)
    with pytest.raises(CancelledError):
        run("judge", "zero_shot", "the dog", StopsAfter(3), labels=labels)


# ------------------------------------------------------------ answers that stand in a text


def test_the_best_span_is_the_best_of_all_spans() -> None:
    model, tokenizer = parts("finder")
    question, context = "where does Anna live ?", "Anna lives in Paris . Ben lives in London ."
    found = spans.answer(model, tokenizer, question, context, 64, lambda: None)

    encoded = tokenizer(question, context, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    inside = [place for place, part in enumerate(encoded.sequence_ids(0)) if part == 1]
    with torch.inference_mode():
        logits = model(**encoded)
    allowed = [0, *inside]
    starts, ends = (torch.softmax(part[0][allowed], 0) for part in (logits.start_logits, logits.end_logits))
    best = max(
        (float(starts[1 + first] * ends[1 + last]), offsets[inside[first]][0], offsets[inside[last]][1])
        for first in range(len(inside))
        for last in range(first, len(inside))
    )
    assert (found[0].start, found[0].end) == best[1:]
    assert found[0].score == pytest.approx(best[0], abs=1e-5)
    assert all(context[item.start : item.end] == item.label for item in found)
    assert all(
        one.end <= other.start or other.end <= one.start
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    )


def test_an_answer_is_looked_for_in_a_long_text_window_by_window() -> None:
    context = "the dog runs near the river . " * 60
    looked = StopsAfter(10**6)
    found = run("finder", "answer_question", "where does the dog run ?", looked, context=context)
    assert found and all(0 <= item.start < item.end <= len(context) for item in found)
    assert looked.looks > 4
    with pytest.raises(CancelledError):
        run("finder", "answer_question", "where ?", StopsAfter(2), context=context)
    assert run("finder", "answer_question", "where " * 500, context="in Paris .")


# ------------------------------------------------------------ rewriting


def test_a_summary_is_what_the_model_writes_after_its_prefix() -> None:
    model, tokenizer = parts("rewriter")
    ids = tokenizer("summarize: the cat sleeps near the house .", return_tensors="pt")
    expected = model.generate(**{key: ids[key] for key in ("input_ids", "attention_mask")}, max_new_tokens=6)
    found = run("rewriter", "summarise", "the cat sleeps near the house .", max_tokens=6)
    assert [item.label for item in found] == [tokenizer.decode(expected[0], skip_special_tokens=True).strip()]


def test_long_texts_are_rewritten_piece_by_piece_until_stop() -> None:
    text = "the cat sleeps near the old house . " * 30
    one = run("rewriter", "summarise", text[:36], max_tokens=4)[0].label
    assert len(run("rewriter", "summarise", text, max_tokens=4)[0].label) > 3 * len(one)
    token = StopsAfter(20)
    with pytest.raises(CancelledError):
        run("rewriter", "summarise", text, token, max_tokens=10_000)
    assert token.looks < 40, "heard at the next token, not after the piece"


def test_the_target_language_is_told_to_the_model() -> None:
    model, tokenizer = parts("translator")
    ids = tokenizer("the cat sleeps .", return_tensors="pt").input_ids
    by_name = {}
    for language, mark in (("de", "de_DE"), ("German", "de_DE"), ("fr", "fr_XX"), ("de_DE", "de_DE")):
        expected = model.generate(
            ids, max_new_tokens=8, forced_bos_token_id=tokenizer.convert_tokens_to_ids(mark)
        )
        by_name[language] = run(
            "translator", "translate", "the cat sleeps .", language=language, max_tokens=8
        )[0]
        assert by_name[language].label == tokenizer.decode(expected[0], skip_special_tokens=True).strip()
    assert by_name["de"] != by_name["fr"]
    with pytest.raises(InputError, match="does not know the language"):
        run("translator", "translate", "the cat sleeps .", language="Klingon")


# ------------------------------------------------------------ pictures


def picture(path: Path, kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> Path:
    from PIL import Image

    Image.new("RGB", size, (200, 40, 40)).save(path, kind)
    return path


@needs_pillow
def test_a_picture_is_sorted_as_the_model_sees_it(tmp_path: Path) -> None:
    from PIL import Image

    path = picture(tmp_path / "leaf.png")
    found = run("seer", "classify_image", file=str(path))
    model, _ = parts("seer")
    inputs = pretrained.read_image_processor(tiny_tasks.folder("seer"))(Image.open(path), return_tensors="pt")
    with torch.inference_mode():
        odds = torch.softmax(model(**inputs).logits[0], 0)
    assert found[0].label == model.config.id2label[int(odds.argmax())]
    assert found[0].score == pytest.approx(float(odds.max()), abs=1e-5)
    assert {item.label for item in found} == {"leaf", "stone", "shell"}


@needs_pillow
def test_pictures_that_are_none_or_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(picture(tmp_path / "leaf.png").read_bytes()[:40])
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    drawing = picture(tmp_path / "old.tiff", "TIFF")
    for path in (broken, text, drawing, tmp_path / "gone.png", tmp_path):
        with pytest.raises(InputError):
            run("seer", "classify_image", file=str(path))
    monkeypatch.setattr(media, "MAX_PIXELS", 100)
    with pytest.raises(InputError, match="too large"):
        media.read_picture(tmp_path / "leaf.png")


def test_without_pillow_the_missing_part_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingError, match="Pillow"):
        media.read_picture(tmp_path / "leaf.png")


# ------------------------------------------------------------ sounds


def tone(seconds: float, rate: int = 16_000, hertz: float = 440.0) -> np.ndarray[Any, Any]:
    return np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * hertz / rate).astype(np.float32) * 0.5


def wav(
    path: Path, samples: np.ndarray[Any, Any], rate: int = 16_000, width: int = 2, channels: int = 1
) -> Path:
    whole = np.repeat(samples[:, None], channels, axis=1).reshape(-1)
    if width == 1:
        raw = (whole * 127 + 128).astype(np.uint8).tobytes()
    else:
        wide = (whole.astype(np.float64) * (2**31 - 1)).astype("<i4")
        raw = wide.view(np.uint8).reshape(-1, 4)[:, 4 - width :].tobytes()
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(raw)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_file_is_read_whatever_its_samples_are(tmp_path: Path, width: int, channels: int) -> None:
    samples = tone(0.1)
    read = media.read_sound(wav(tmp_path / "a.wav", samples, width=width, channels=channels), 16_000)
    assert read.dtype == np.float32 and len(read) == len(samples)
    assert np.abs(read - samples).max() < (0.02 if width == 1 else 1e-3)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_another_rate_keeps_the_tone(tmp_path: Path, rate: int) -> None:
    read = media.read_sound(wav(tmp_path / "a.wav", tone(0.5, rate), rate), 16_000)
    assert abs(len(read) - 8_000) <= 1
    loudest = np.abs(np.fft.rfft(read)).argmax() * 2  # two hertz for each step of half a second
    assert loudest == 440


def test_a_long_sound_is_cut_where_it_is_quiet() -> None:
    rate = 1000
    sound = np.concatenate([np.ones(2600), np.zeros(200), np.ones(3000)]).astype(np.float32)
    cuts = media.quiet_cuts(sound, rate, 3.0)
    assert np.concatenate(cuts).tolist() == sound.tolist()
    assert all(len(part) <= 3 * rate for part in cuts)
    assert 2600 <= len(cuts[0]) <= 2800


def test_speech_becomes_text_as_the_model_hears_it(tmp_path: Path) -> None:
    sound = tone(1.0) * np.linspace(0, 1, 16_000, dtype=np.float32)
    path = wav(tmp_path / "a.wav", sound)
    found = run("hearer", "speech_to_text", file=str(path))
    model, tokenizer = parts("hearer")
    heard = media.read_sound(path, 16_000)
    inputs = pretrained.read_feature_extractor(tiny_tasks.folder("hearer"))(
        heard, sampling_rate=16_000, return_tensors="pt"
    )
    with torch.inference_mode():
        ids = model(inputs.input_values).logits.argmax(-1)
    assert found[0].label == tokenizer.decode(ids[0]).strip()
    assert found[0].label


def test_stop_is_heard_between_parts_and_tokens_of_speech(tmp_path: Path) -> None:
    path = wav(tmp_path / "long.wav", tone(60.0))
    assert run("listener", "speech_to_text", file=str(wav(tmp_path / "a.wav", tone(1.0))), max_tokens=5)[
        0
    ].label
    for looks in (2, 6):
        with pytest.raises(CancelledError):
            run("listener", "speech_to_text", token=StopsAfter(looks), file=str(path))


def test_sounds_that_are_none_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("not a sound")
    half = tmp_path / "half.wav"
    half.write_bytes(wav(tmp_path / "a.wav", tone(0.1)).read_bytes()[:30])
    for path in (text, half, tmp_path / "gone.wav"):
        with pytest.raises(InputError):
            run("hearer", "speech_to_text", file=str(path))
    empty = wav(tmp_path / "empty.wav", np.zeros(0, dtype=np.float32))
    assert run("hearer", "speech_to_text", file=str(empty))[0].label == ""


# ------------------------------------------------------------ what is asked


@pytest.mark.parametrize(
    ("name", "request_", "words"),
    [
        ("classifier", TaskRequest("classify_text", "  "), "nothing to read"),
        ("classifier", TaskRequest("fill_mask", "the ___"), "not made for that"),
        ("judge", TaskRequest("zero_shot", "the dog"), "no words to choose"),
        ("judge", TaskRequest("zero_shot", "the dog", labels=tuple(map(str, range(101)))), "too many words"),
        ("finder", TaskRequest("answer_question", "where ?"), "no text to look"),
        ("filler", TaskRequest("fill_mask", "the sky is blue ."), "no gap"),
        ("filler", TaskRequest("fill_mask", "the sky " * 100 + "___"), "too long to fill in"),
        ("hearer", TaskRequest("speech_to_text"), "No file"),
        ("rewriter", TaskRequest("summarise", "the cat", max_tokens=0), "at least one word"),
    ],
)
def test_requests_that_lack_something_are_refused_kindly(
    name: str, request_: TaskRequest, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        opened(name).run(request_, Notes(), CancelToken())


def test_pieces_are_the_whole_text_cut_at_sentences() -> None:
    tokenizer = tiny_tasks.word_tokenizer()
    text = "the cat sleeps. the dog runs! " * 20 + "x" * 200
    cut = list(pieces(text, tokenizer, 20))
    assert "".join(piece.text for piece in cut) == text
    assert all(text[piece.start :].startswith(piece.text) for piece in cut)
    assert all(len(tokenizer(piece.text, add_special_tokens=False).input_ids) <= 20 for piece in cut)
    assert cut[0].text.endswith(". ") or cut[0].text.endswith("! ")
    assert [piece.text for piece in pieces("short", tokenizer, 20)] == ["short"]
    assert next(iter(pieces("", tokenizer, 20))).text == ""


def test_how_much_is_read_at_once_follows_the_folder(tmp_path: Path) -> None:
    tokenizer = tiny_tasks.word_tokenizer()
    bert = pretrained.read_config(tiny_tasks.folder("encoder"))
    roberta = pretrained.read_config(tiny_tasks.folder("cls-encoder"))
    assert longest_input(tmp_path, tokenizer, bert) == 64
    tokenizer.model_max_length = 10**30
    assert longest_input(tmp_path, tokenizer, roberta) == 65
    (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 32}')
    assert longest_input(tmp_path, tokenizer, bert) == 32


def test_a_picture_file_of_another_kind_under_the_right_name_is_refused() -> None:
    with pytest.raises(InputError):
        media.read_sound(Path(io.__file__), 16_000)

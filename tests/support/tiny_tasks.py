"""Tiny models for everything but chat: made here in seconds, kept between runs beside the tiny chat model.

`classifier`, `marker` and `filler` are trained until they know their few sentences by heart; the others
have random weights: tests compare them with what transformers computes itself. WRITERS are random causal
models of families that our own loop does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.tiny_model import CHAT_TEMPLATE, made_once, recipe_hash

if TYPE_CHECKING:
    import torch

SEED = 11
WORDS = re.findall(
    r"\S+",
    "the a is was blue green red sky grass apple Anna Ben Clara lives live in Paris London Rome likes hates "
    "this game song happy sad great awful day it and who where does what colour summarize translate English "
    "to German French : . , ? ! rain sun cat dog runs sleeps near house river old new text about space sport",
)

MOODS = (
    ("this game is great", "happy"), ("the song is great", "happy"), ("Anna likes this day", "happy"),
    ("a great sun and a happy dog", "happy"), ("this game is awful", "sad"), ("the song is awful", "sad"),
    ("Ben hates this day", "sad"), ("awful rain and a sad cat", "sad"),
)  # fmt: skip
NAMES = {
    "Anna": "B-PER",
    "Ben": "B-PER",
    "Clara": "B-PER",
    "Paris": "B-LOC",
    "London": "B-LOC",
    "Rome": "B-LOC",
}
MARKED = (
    "Anna lives in Paris .", "Ben lives in London .", "Clara lives in Rome .", "the cat lives in London .",
    "Anna likes the dog .", "Ben and Clara live in Paris .", "the dog runs near the river .",
)  # fmt: skip
COLOURS = ("the sky is blue .", "the grass is green .", "the apple is red .")

SMALL = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
    "max_position_embeddings": 64,
}  # fmt: skip
SMALL_ROBERTA = {**SMALL, "max_position_embeddings": 66}


def folder(name: str) -> Path:
    """Return the folder of one of the models in MAKERS."""
    return made_once(f"tiny-{name}-{recipe_hash(Path(__file__))}", MAKERS[name])


# ------------------------------------------------------------ tokenizers


def word_tokenizer(**special: str) -> Any:
    """Return a tokenizer of whole words and letters, in the manner of BERT."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from tokenizers.decoders import WordPiece
    from transformers import PreTrainedTokenizerFast

    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(place) for place in range(33, 127)]
    pieces = [*specials, *dict.fromkeys([*WORDS, *letters]), *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(
        models.WordPiece({piece: place for place, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64, **special,
    )  # fmt: skip


def ending_tokenizer(marks: Sequence[str] = ()) -> Any:
    """Return the same words with an end mark after a text, in the manner of T5."""
    from tokenizers import processors

    tokenizer = word_tokenizer(eos_token="[SEP]", extra_special_tokens=list(marks))
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A [SEP]", pair="$A [SEP] $B [SEP]", special_tokens=[("[SEP]", 3)]
    )
    return tokenizer


def _save(model: Any, tokenizer: Any, into: Path, **extra: Any) -> None:
    model.save_pretrained(into)
    if tokenizer is not None:
        tokenizer.save_pretrained(into)
    for name, data in extra.items():
        (into / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")


def _train(model: Any, steps: int, batch: dict[str, torch.Tensor]) -> Any:
    """Teach a model one batch by heart."""
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(steps):
        loss = model(**batch).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def _bert(**more: Any) -> Any:
    from transformers import BertConfig

    size = len(word_tokenizer())
    return BertConfig(vocab_size=size, pad_token_id=0, hidden_dropout_prob=0.0, **{**SMALL, **more})


def _seeded() -> None:
    import torch

    torch.manual_seed(SEED)
    torch.set_num_threads(1)


# ------------------------------------------------------------ the models


def _make_classifier(into: Path) -> None:
    import torch
    from transformers import BertForSequenceClassification

    _seeded()
    names = ["happy", "sad"]
    config = _bert(
        id2label=dict(enumerate(names)), label2id={name: place for place, name in enumerate(names)}
    )
    tokenizer = word_tokenizer()
    batch = tokenizer([text for text, _ in MOODS], padding=True, return_tensors="pt")
    labels = torch.tensor([names.index(mood) for _, mood in MOODS])
    model = _train(BertForSequenceClassification(config), 60, {**batch, "labels": labels})
    _save(model, tokenizer, into)


def _make_marker(into: Path) -> None:
    import torch
    from transformers import BertForTokenClassification

    _seeded()
    names = ["O", "B-PER", "B-LOC"]
    config = _bert(
        id2label=dict(enumerate(names)), label2id={name: place for place, name in enumerate(names)}
    )
    tokenizer = word_tokenizer()
    batch = tokenizer(list(MARKED), padding=True, return_tensors="pt")
    words = [tokenizer.convert_ids_to_tokens(row) for row in batch.input_ids.tolist()]
    labels = torch.tensor([[names.index(NAMES.get(word, "O")) for word in row] for row in words])
    _save(_train(BertForTokenClassification(config), 80, {**batch, "labels": labels}), tokenizer, into)


def _make_filler(into: Path) -> None:
    from transformers import BertForMaskedLM

    _seeded()
    tokenizer = word_tokenizer()
    whole = tokenizer(list(COLOURS), padding=True, return_tensors="pt")
    masked = whole.input_ids.clone()
    masked[:, 4] = tokenizer.mask_token_id  # the colour, after [CLS] the thing is
    batch = {"input_ids": masked, "attention_mask": whole.attention_mask, "labels": whole.input_ids}
    _save(_train(BertForMaskedLM(_bert()), 60, batch), tokenizer, into)


def _make_judge(into: Path) -> None:
    from transformers import BertForSequenceClassification

    _seeded()
    names = ["contradiction", "neutral", "entailment"]
    config = _bert(
        id2label=dict(enumerate(names)), label2id={name: place for place, name in enumerate(names)}
    )
    config.initializer_range = 0.4
    _save(BertForSequenceClassification(config).eval(), word_tokenizer(), into)


def _make_finder(into: Path) -> None:
    from transformers import BertForQuestionAnswering

    _seeded()
    config = _bert(initializer_range=0.4)
    _save(BertForQuestionAnswering(config).eval(), word_tokenizer(), into)


def _make_encoder(into: Path) -> None:
    from transformers import BertModel

    _seeded()
    _save(BertModel(_bert(initializer_range=0.4)).eval(), word_tokenizer(), into)


def _make_cls_encoder(into: Path) -> None:
    from transformers import RobertaConfig, RobertaModel

    _seeded()
    config = RobertaConfig(
        vocab_size=len(word_tokenizer()), pad_token_id=0, bos_token_id=2, eos_token_id=3,
        initializer_range=0.4, **SMALL_ROBERTA,
    )  # fmt: skip
    types = ("Transformer", "Pooling", "Normalize")
    modules = [{"idx": n, "type": f"sentence_transformers.models.{name}"} for n, name in enumerate(types)]
    _save(RobertaModel(config).eval(), word_tokenizer(), into, modules=modules)
    (into / "1_Pooling").mkdir()
    pooling = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (into / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")


def _make_rewriter(into: Path) -> None:
    from transformers import T5Config, T5ForConditionalGeneration

    _seeded()
    tokenizer = ending_tokenizer()
    config = T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=64, num_layers=2, num_heads=2, pad_token_id=0,
        eos_token_id=3, decoder_start_token_id=0, initializer_factor=1.0,
    )  # fmt: skip
    model = T5ForConditionalGeneration(config).eval()
    model.generation_config.suppress_tokens = [3]  # never ends by itself: lengths are certain
    _save(model, tokenizer, into)


def _make_translator(into: Path) -> None:
    from transformers import MBartConfig, MBartForConditionalGeneration

    _seeded()
    tokenizer = ending_tokenizer(["de_DE", "fr_XX"])
    config = MBartConfig(
        vocab_size=len(tokenizer), d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64,
        pad_token_id=0, bos_token_id=2, eos_token_id=3, decoder_start_token_id=3, forced_eos_token_id=None,
        init_std=0.4,
    )  # fmt: skip
    _save(MBartForConditionalGeneration(config).eval(), tokenizer, into)


def _make_seer(into: Path) -> None:
    from transformers import ViTConfig, ViTForImageClassification
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    _seeded()
    config = ViTConfig(
        image_size=32, patch_size=8, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, id2label={0: "leaf", 1: "stone", 2: "shell"}, initializer_range=0.4,
    )  # fmt: skip
    _save(ViTForImageClassification(config).eval(), None, into)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(into)


def _make_hearer(into: Path) -> None:
    from transformers import Wav2Vec2Config, Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    _seeded()
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ'"]
    vocabulary = into / "vocab.json"
    vocabulary.write_text(
        json.dumps({letter: place for place, letter in enumerate(letters)}), encoding="utf-8"
    )
    config = Wav2Vec2Config(
        vocab_size=len(letters), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        conv_dim=(16, 16), conv_stride=(20, 16), conv_kernel=(40, 16), num_feat_extract_layers=2,
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, pad_token_id=0, initializer_range=0.4,
    )  # fmt: skip
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary))
    _save(Wav2Vec2ForCTC(config).eval(), tokenizer, into)
    Wav2Vec2FeatureExtractor(feature_size=1, sampling_rate=16_000, padding_value=0.0).save_pretrained(into)


def _make_listener(into: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperTokenizer,
    )

    _seeded()
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(models.BPE({letter: place for place, letter in enumerate(letters)}, []))
    plain.pre_tokenizer, plain.decoder = (
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoders.ByteLevel(),
    )
    marks = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>"]
    tokenizer = WhisperTokenizer(tokenizer_object=plain, extra_special_tokens=marks)
    tokenizer.add_tokens([f"<|{place * 0.02:.2f}|>" for place in range(1501)])
    end, start = tokenizer.convert_tokens_to_ids(marks[:2])
    config = WhisperConfig(
        vocab_size=len(tokenizer), num_mel_bins=8, d_model=32, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64,
        max_source_positions=1500, max_target_positions=48, bos_token_id=end, eos_token_id=end, pad_token_id=end,
        decoder_start_token_id=start, suppress_tokens=None, begin_suppress_tokens=None, init_std=0.4,
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config).eval()
    # Random weights would write time marks, special words and no end.
    model.generation_config.suppress_tokens = list(range(len(letters), len(tokenizer)))
    model.generation_config.no_timestamps_token_id = tokenizer.convert_tokens_to_ids(marks[4])
    _save(model, tokenizer, into)
    WhisperFeatureExtractor(feature_size=8).save_pretrained(into)


# ------------------------------------------------------------ models that write, of many families

WRITERS = ("gpt2", "neox", "qwen3", "gemma", "mamba", "lfm2", "rwkv")
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def byte_tokenizer() -> Any:
    """Return a tokenizer with one token for each byte, and the marks of ChatML."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(models.BPE({letter: place for place, letter in enumerate(letters)}, []))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    plain.add_special_tokens([AddedToken(mark, special=True) for mark in MARKS])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, bos_token=MARKS[1], eos_token=MARKS[2], pad_token=MARKS[0]
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def _writer_config(family: str, vocabulary: int) -> Any:
    import transformers as library

    common: dict[str, Any] = {
        "vocab_size": vocabulary, "bos_token_id": 257, "eos_token_id": 258, "pad_token_id": 256,
        "initializer_range": 0.3,
    }  # fmt: skip
    llama: dict[str, Any] = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
        "num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": 512, **common,
    }  # fmt: skip
    plain = {key: value for key, value in llama.items() if key not in ("num_key_value_heads", "head_dim")}
    # Only as many layers as their kinds need: one that slides, one that sees everything.
    kinds = {"num_hidden_layers": 2, "sliding_window": 8}
    return {
        "gpt2": lambda: library.GPT2Config(n_layer=2, n_head=2, n_embd=32, n_positions=256, **common),
        "neox": lambda: library.GPTNeoXConfig(**plain),
        "qwen3": lambda: library.Qwen3Config(**llama),
        "gemma": lambda: library.Gemma3TextConfig(
            **{**llama, **kinds}, layer_types=["sliding_attention", "full_attention"]
        ),
        "mamba": lambda: library.MambaConfig(
            hidden_size=32, num_hidden_layers=2, state_size=8, expand=2, conv_kernel=4, **common
        ),
        "lfm2": lambda: library.Lfm2Config(
            **plain, num_key_value_heads=1, layer_types=["conv", "full_attention"]
        ),
        "rwkv": lambda: library.RwkvConfig(
            hidden_size=32, attention_hidden_size=32, num_hidden_layers=2, context_length=256, **common
        ),
    }[family]()


def _make_writer(family: str) -> Callable[[Path], None]:
    def make(into: Path) -> None:
        from transformers import AutoModelForCausalLM

        _seeded()
        tokenizer = byte_tokenizer()
        config = _writer_config(family, len(tokenizer))
        _save(AutoModelForCausalLM.from_config(config, trust_remote_code=False).eval(), tokenizer, into)

    return make


MAKERS: dict[str, Callable[[Path], None]] = {
    "classifier": _make_classifier,
    "marker": _make_marker,
    "filler": _make_filler,
    "judge": _make_judge,
    "finder": _make_finder,
    "encoder": _make_encoder,
    "cls-encoder": _make_cls_encoder,
    "rewriter": _make_rewriter,
    "translator": _make_translator,
    "seer": _make_seer,
    "hearer": _make_hearer,
    "listener": _make_listener,
    **{family: _make_writer(family) for family in WRITERS},
}

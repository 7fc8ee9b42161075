"""The sizes of a model as its config.json tells them, and which tensors its files must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studio.engines.adapters.loop.rope import Rope, read_rope

FAMILIES = ("llama", "qwen2", "qwen3", "mistral")
"""Model types whose forward pass is ours; each is compared with transformers in the tests."""

LARGEST = 1 << 20
"""No width, count or position of a model that runs here is larger."""


@dataclass(frozen=True)
class Shape:
    """Hold the sizes; `width` is one head's, `attention_bias` is "", "inputs" (q, k, v) or "all" (o as well)."""

    hidden: int
    inner: int
    layers: int
    heads: int
    key_heads: int
    width: int
    vocabulary: int
    positions: int
    epsilon: float
    tied: bool
    attention_bias: str
    mlp_bias: bool
    head_norms: bool
    rope: Rope

    @property
    def parameters(self) -> int:
        """Return how many numbers the model has; a tied table counts once."""
        shapes = self.tensors().values()
        return sum(shape[0] * (shape[1] if len(shape) > 1 else 1) for shape in shapes)

    def layer_tensors(self, layer: int) -> dict[str, tuple[int, ...]]:
        """Return name and shape of each tensor of one layer."""
        stem = f"model.layers.{layer}."
        query, key = self.heads * self.width, self.key_heads * self.width
        wanted: dict[str, tuple[int, ...]] = {
            "input_layernorm.weight": (self.hidden,),
            "self_attn.q_proj.weight": (query, self.hidden),
            "self_attn.k_proj.weight": (key, self.hidden),
            "self_attn.v_proj.weight": (key, self.hidden),
            "self_attn.o_proj.weight": (self.hidden, query),
            "post_attention_layernorm.weight": (self.hidden,),
            "mlp.gate_proj.weight": (self.inner, self.hidden),
            "mlp.up_proj.weight": (self.inner, self.hidden),
            "mlp.down_proj.weight": (self.hidden, self.inner),
        }
        biased = {"": "", "inputs": "qkv", "all": "qkvo"}[self.attention_bias]
        names = [f"self_attn.{part}_proj" for part in biased]
        names += [f"mlp.{part}_proj" for part in ("gate", "up", "down")] if self.mlp_bias else []
        wanted |= {f"{name}.bias": wanted[f"{name}.weight"][:1] for name in names}
        if self.head_norms:
            wanted |= {f"self_attn.{part}_norm.weight": (self.width,) for part in "qk"}
        return {stem + name: shape for name, shape in wanted.items()}

    @cached_property
    def tensors_by_name(self) -> Mapping[str, tuple[int, ...]]:
        """Return `tensors`, made once."""
        return self.tensors()

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Return name and shape of every tensor that the files must have."""
        wanted: dict[str, tuple[int, ...]] = {
            "model.embed_tokens.weight": (self.vocabulary, self.hidden),
            "model.norm.weight": (self.hidden,),
        }
        for layer in range(self.layers):
            wanted |= self.layer_tensors(layer)
        if not self.tied:
            wanted["lm_head.weight"] = (self.vocabulary, self.hidden)
        return wanted


def read_shape(config: Mapping[str, Any]) -> Shape | str:
    """Return the sizes, or a text that says why this model is none of ours."""
    family = config.get("model_type")
    refused = _refusal(config)
    if refused:
        return refused
    try:
        heads = _count(config, "num_attention_heads")
        hidden = _count(config, "hidden_size")
        shape = Shape(
            hidden=hidden,
            inner=_count(config, "intermediate_size"),
            layers=_count(config, "num_hidden_layers"),
            heads=heads,
            key_heads=_count(config, "num_key_value_heads", heads),
            # Qwen3 has a width of its own even where the file does not say so
            width=_count(config, "head_dim", 128 if family == "qwen3" else hidden // heads),
            vocabulary=_count(config, "vocab_size"),
            positions=_count(config, "max_position_embeddings", 2048),
            epsilon=float(config.get("rms_norm_eps", 1e-6)),
            tied=bool(config.get("tie_word_embeddings", False)),
            attention_bias=_attention_bias(config),
            mlp_bias=family == "llama" and bool(config.get("mlp_bias")),
            head_norms=family == "qwen3",
            rope=_rope(config),
        )
    except (TypeError, ValueError) as error:
        return str(error)
    if shape.heads % shape.key_heads or shape.width % 2:
        return "heads that do not divide"
    return shape


def _refusal(config: Mapping[str, Any]) -> str:
    if config.get("model_type") not in FAMILIES:
        return f"the model type {config.get('model_type')!r}"
    if not str(next(iter(config.get("architectures") or [""]), "")).endswith("ForCausalLM"):
        return "a model that does not write text"
    if config.get("hidden_act", "silu") != "silu":
        return f"the activation {config.get('hidden_act')!r}"
    if config.get("quantization_config"):
        return "weights that are already quantised"
    kinds = set(config.get("layer_types") or ["full_attention"])
    # transformers' own defaults: Mistral looks through a window unless told otherwise, Qwen only when told so
    mistral = config["model_type"] == "mistral"
    window = config.get("sliding_window", 4096) if mistral else config.get("use_sliding_window")
    if kinds != {"full_attention"} or window:
        return "attention through a window"
    return ""


def _attention_bias(config: Mapping[str, Any]) -> str:
    if config.get("model_type") == "qwen2":
        return "inputs"
    return "all" if config.get("model_type") != "mistral" and config.get("attention_bias") else ""


def _count(config: Mapping[str, Any], name: str, default: int = 0) -> int:
    value = config.get(name)
    value = default if value is None else value
    if type(value) is not int or not 0 < value <= LARGEST:
        raise ValueError(f"{name} {value!r}")
    return value


def _rope(config: Mapping[str, Any]) -> Rope:
    rope = read_rope(config)
    if isinstance(rope, str):
        raise TypeError(rope)
    return rope

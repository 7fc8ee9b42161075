"""Which model does a job: a pure function of what is installed, what was measured, and what the user chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from studio.engines.base import LoadOptions
from studio.engines.fit import Fit, predict
from studio.engines.installed import InstalledModel, Purpose
from studio.engines.machine import Machine
from studio.engines.records import View
from studio.phrases import Phrase, phrase

QUICK_TPS = 8.0
"""Tokens a second from which an answer comes about as fast as people read; below, it feels slow."""


Obstacle = Literal["gone", "damaged", "unable", "trouble", "memory"]


@dataclass(frozen=True)
class Choice:
    """Hold the model for a purpose (None: there is none), why, and the other models that could do it, best first."""

    model: InstalledModel | None
    why: Phrase
    others: tuple[InstalledModel, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    model: InstalledModel
    fit: Fit

    @property
    def quick(self) -> bool:
        return self.fit.tokens_per_second >= QUICK_TPS


def choose(
    purpose: Purpose,
    models: Sequence[InstalledModel],
    records: View,
    machine: Machine,
    pins: Mapping[str, str] | None = None,
) -> Choice:
    """Return the model for `purpose`: the user's, else the biggest one that is quick here, else the quickest.

    A model that is damaged, does not fit into the free memory, or stopped working the last time is
    never chosen. A remote one is chosen only where the user pinned it: what it reads leaves this
    computer. `pins` goes by purpose; without it, those in `records` count.
    """
    fits = {model.ref: predict(model, machine, LoadOptions(), records) for model in models}
    ranked = _ranked(purpose, models, records, fits)
    pinned = (records.pins if pins is None else pins).get(purpose)
    if pinned is None:
        return _best(ranked)
    model = next((model for model in models if model.ref == pinned), None)
    obstacle = _obstacle(purpose, model, records, fits)
    if model is None or obstacle is not None:
        return _instead(ranked, obstacle or "gone", pinned if model is None else model.name)
    others = tuple(one.model for one in ranked if one.model.ref != pinned)
    return Choice(model, phrase("You chose {name} for this.", name=model.name), others)


def _ranked(
    purpose: Purpose, models: Sequence[InstalledModel], records: View, fits: Mapping[str, Fit]
) -> list[_Candidate]:
    """Return the models that may be chosen without asking, best first."""
    able = [
        _Candidate(model, fits[model.ref])
        for model in models
        if model.format != "remote" and _obstacle(purpose, model, records, fits) is None
    ]

    def rank(one: _Candidate) -> tuple[bool, bool, float, float, str]:
        made_for_it = purpose == "code" and one.model.code
        size = one.model.shape.parameters or one.model.size_bytes
        speed = one.fit.tokens_per_second
        # Quick ones by size; slow ones by speed, however big.
        return (not one.quick, not made_for_it, -size if one.quick else 0, -speed, one.model.ref)

    return sorted(able, key=rank)


def _obstacle(
    purpose: Purpose,
    model: InstalledModel | None,
    records: View,
    fits: Mapping[str, Fit],
) -> Obstacle | None:
    """Return why a model cannot be chosen; None: it can."""
    if model is None:
        return "gone"
    if model.reason is not None:
        return "damaged"
    if not model.can(purpose):
        return "unable"
    if model.ref in records.trouble:
        return "trouble"
    return None if fits[model.ref].fits else "memory"


def _best(ranked: Sequence[_Candidate]) -> Choice:
    if not ranked:
        return Choice(None, phrase("No model on this computer can do this now."))
    best, others = ranked[0], tuple(one.model for one in ranked[1:])
    name, speed = best.model.name, _rounded(best.fit.tokens_per_second)
    if not others:
        why = phrase("{name} is the only model here that can do this now.", name=name)
    elif not best.quick:
        why = phrase(
            "{name} is the quickest model here, though it writes only about {speed} tokens a second.",
            name=name,
            speed=speed,
        )
    elif best.model.code and not all(one.code for one in others):
        why = phrase(
            "{name} was made for writing code and is quick here: about {speed} tokens a second.",
            name=name,
            speed=speed,
        )
    else:
        why = phrase(
            "{name} is the biggest model that is quick here: about {speed} tokens a second.",
            name=name,
            speed=speed,
        )
    return Choice(best.model, why, others)


def _instead(ranked: Sequence[_Candidate], obstacle: Obstacle, wanted: str) -> Choice:
    """Return the choice where the user's own is not possible, and say so."""
    with_another, alone = _SAID[obstacle]
    if not ranked:
        return Choice(None, phrase(alone, wanted=wanted))
    model = ranked[0].model
    why = phrase(with_another, wanted=wanted, name=model.name)
    return Choice(model, why, tuple(one.model for one in ranked[1:]))


# Whole sentences, since no language glues its sentences from the same pieces.
_SAID: Mapping[Obstacle, tuple[str, str]] = {
    "gone": (
        "You chose {wanted}, but it is not on this computer any more, so {name} does this now.",
        "You chose {wanted}, but it is not on this computer any more, and no other model can do this.",
    ),
    "damaged": (
        "You chose {wanted}, but its files cannot be used, so {name} does this now.",
        "You chose {wanted}, but its files cannot be used, and no other model can do this.",
    ),
    "unable": (
        "You chose {wanted}, but it was not made for this, so {name} does it now.",
        "You chose {wanted}, but it was not made for this, and no other model can do it.",
    ),
    "trouble": (
        "You chose {wanted}, but it stopped working the last time, so {name} does this now.",
        "You chose {wanted}, but it stopped working the last time, and no other model can do this.",
    ),
    "memory": (
        "You chose {wanted}, but it needs more memory than is free, so {name} does this now.",
        "You chose {wanted}, but it needs more memory than is free, and no other model can do this.",
    ),
}


def _rounded(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"


__all__ = ["QUICK_TPS", "Choice", "choose"]

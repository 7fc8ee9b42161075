"""What a planner answers: one typed record, whoever planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from studio.blueprints import Blueprint, Operation
from studio.phrases import Phrase

Action = Literal["create", "edit", "clarify", "decline", "answer"]


@dataclass(frozen=True)
class Plan:
    """Hold the answer to one wish.

    `blueprint` is the result after `operations` (None when nothing changes); `history` is how many
    steps to undo (negative: redo); `origins` maps JSON pointers of the blueprint to where the words
    there come from (project.schema.json: "typed", "facts:NAME"); `guesses` are wishes to offer for
    a tap when the planner is not sure; `changes` says in words what changed, one thing per phrase;
    `checks` says what the user should know or look at.
    """

    action: Action
    say: Phrase
    planner: Literal["starter", "model"] = "starter"
    model: str | None = None
    blueprint: Blueprint | None = None
    operations: tuple[Operation, ...] = ()
    history: int = 0
    changes: tuple[Phrase, ...] = ()
    checks: tuple[Phrase, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()

"""What the library hands out: frozen pictures of a project at one moment."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.blueprints import ProjectDocument
from studio.phrases import Phrase


@dataclass(frozen=True)
class ProjectSummary:
    """Show one project in a list; times are aware, in UTC."""

    id: str
    title: str
    icon: str
    palette: str
    mode: str
    changed_at: datetime.datetime
    deleted_at: datetime.datetime | None
    picture: Path | None
    trusted: bool


@dataclass(frozen=True)
class Step:
    """Show one change: its number from 1, its words, the wish behind it ("" for a change by hand)."""

    id: int
    number: int
    words: Phrase
    prompt: str
    made_at: datetime.datetime
    picture: Path | None
    title: str
    icon: str
    palette: str
    mode: str


@dataclass(frozen=True)
class Turn:
    """Show one thing that was said, what it changed, and what the user should look at (`notes`)."""

    who: Literal["user", "studio"]
    words: Phrase
    changes: tuple[Phrase, ...]
    notes: tuple[Phrase, ...]
    at: datetime.datetime
    step_id: int | None


@dataclass(frozen=True)
class Project:
    """Show a whole project: the document at the current step, all steps of its line, all that was said.

    `newer_parts` counts what a newer studio wrote and this one keeps without showing it.
    `steps` runs from the first step to the last that redo can reach; `current` is the index shown.
    """

    summary: ProjectSummary
    document: ProjectDocument
    steps: tuple[Step, ...]
    current: int
    turns: tuple[Turn, ...]
    newer_parts: int = 0

    @property
    def id(self) -> str:
        """Return the project's id."""
        return self.summary.id

    @property
    def step(self) -> Step:
        """Return the step that is shown."""
        return self.steps[self.current]

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a step before the current one."""
        return self.current > 0

    @property
    def can_redo(self) -> bool:
        """Tell whether there is a step after the current one."""
        return self.current + 1 < len(self.steps)

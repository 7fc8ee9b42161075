"""One model that lies on this computer: what it is, what it can do, and the numbers that predict its needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from studio.engines.base import Format, ModelFiles, Task
from studio.phrases import Phrase

Purpose = Literal["chat", "build", "code", "embed", "see", "hear"]
"""What the studio wants a model for; more than one purpose may lead to the same task."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

_NEEDS: dict[Purpose, Task] = {
    "chat": "chat",
    "build": "chat",
    "code": "chat",
    "embed": "embed",
    "see": "classify_image",
    "hear": "speech_to_text",
}


@dataclass(frozen=True)
class Shape:
    """Hold the numbers that decide about memory and speed; 0 is "not known".

    `matrices` counts the parameters of the layers' two-dimensional weights, `embedding` those of one
    table of the vocabulary, `others` the rest; a `tied` model uses the table at both ends.
    `cache_values` is how many numbers the cache keeps for one token of the context.
    """

    parameters: int = 0
    matrices: int = 0
    embedding: int = 0
    others: int = 0
    tied: bool = False
    layers: int = 0
    hidden: int = 0
    cache_values: int = 0
    context: int = 0


@dataclass(frozen=True)
class InstalledModel:
    """Describe a model on this computer (or behind a remote name); `reason` says why it cannot be used.

    `architecture` is as the files say ("llama"), `tasks` what it can be asked for, `code` whether it
    was made for writing programs, `own_loop` whether our own generation loop runs it,
    `quantisation` the kind of most weights in a GGUF file.
    """

    ref: str
    name: str
    format: Format
    path: str = ""
    size_bytes: int = 0
    revision: str = ""
    architecture: str = ""
    tasks: tuple[Task, ...] = ()
    has_chat_template: bool = False
    code: bool = False
    own_loop: bool = False
    quantisation: str = ""
    shape: Shape = Shape()
    reason: Phrase | None = None

    @property
    def files(self) -> ModelFiles:
        """Return what an engine needs to find it."""
        return ModelFiles(self.ref, self.name, self.format, self.path, self.size_bytes, self.revision)

    def can(self, purpose: Purpose) -> bool:
        """Tell whether it can be asked for `purpose`, damage aside."""
        return _NEEDS[purpose] in self.tasks


__all__ = ["PURPOSES", "InstalledModel", "Purpose", "Shape"]

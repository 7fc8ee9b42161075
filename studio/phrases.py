"""Sentences that people read, kept apart from their values so that the window can translate them.

The template is the English text and at the same time the key of its translation. Nothing is
glued from pieces: a sentence with a value in it is one template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """Hold one sentence: an English template with named places, and what stands in them."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes back."""
        return {"template": self.template, "values": dict(self.values)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Phrase:
        """Return the phrase that `to_json` wrote."""
        return cls(str(data["template"]), dict(data.get("values", {})))


def phrase(template: str, **values: Any) -> Phrase:
    """Return a phrase: `phrase("Made a quiz with {count} questions.", count=5)`."""
    return Phrase(template, values)

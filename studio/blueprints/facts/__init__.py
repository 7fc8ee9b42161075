"""Facts that are true: packs by subject, which make questions, cards and pairs without a language model."""

from studio.blueprints.facts.library import FactLibrary
from studio.blueprints.facts.pack import FactPack, Head, Source

__all__ = ["FactLibrary", "FactPack", "Head", "Source"]

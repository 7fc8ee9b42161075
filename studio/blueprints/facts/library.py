"""The shelf of fact packs: a small index read at once, each pack's file only when it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import resources
from studio.blueprints.facts import computed
from studio.blueprints.facts.pack import FactPack, Head, Source
from studio.blueprints.facts.table import TablePack
from studio.blueprints.facts.topics import Topic, TopicIndex, Words
from studio.errors import DamagedError, NotFoundError
from studio.phrases import phrase


class FactLibrary:
    """Find the pack that a wish is about."""

    def __init__(self, heads: Mapping[str, Head], words: Words, folder: Path) -> None:
        self._heads = dict(heads)
        self._folder = folder
        self._opened: dict[str, FactPack] = {}
        self._words = words

    @classmethod
    def load(cls, folder: Path | None = None) -> FactLibrary:
        """Read the index in `folder` (default: the packs that come with the program)."""
        place = folder or resources.folder() / "facts"
        index, words = _read(place / "index.json"), _read(place / "words.json")
        try:
            heads = [_head(entry) for entry in index["packs"]]
            known = Words(**{key: frozenset(value) for key, value in words.items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise _damaged(f"index: {error!r}") from error
        return cls({head.id: head for head in heads}, known, place)

    @property
    def packs(self) -> tuple[FactPack, ...]:
        """Return every pack of the index, in its order; nothing is opened."""
        return tuple(self.get(pack_id) for pack_id in self._heads)

    def get(self, pack_id: str) -> FactPack:
        """Return a pack by id; computed packs also answer to a narrower id ("times-table-7")."""
        pack = self._opened.get(pack_id)
        if pack is None:
            pack = self._open(pack_id)
            self._opened[pack_id] = pack
        return pack

    def find(self, words: str, *, broader: bool = False) -> FactPack | None:
        """Return the pack that `words` name, or None when no pack is honestly about them.

        With `broader`, a pack is also found that covers the subject among others: "Saturn" finds
        the planets. Say so to the user, since the questions will be about all of them.
        """
        match = self._topics.best(words)
        if match is None and broader:
            match = self._broader.best(words)
        if match is None:
            return None
        head = self._heads[match.key]
        narrower = computed.narrow(head.computed, words) if head.computed else None
        return self.get(narrower or match.key)

    @cached_property
    def _topics(self) -> TopicIndex:
        return TopicIndex((Topic(h.id, h.topics, h.traps, h.rank) for h in self._heads.values()), self._words)

    @cached_property
    def _broader(self) -> TopicIndex:
        return TopicIndex(
            (Topic(h.id, h.broader, h.traps, h.rank) for h in self._heads.values()), self._words
        )

    def _open(self, pack_id: str) -> FactPack:
        head = self._heads.get(pack_id)
        if head is None:
            made = computed.from_id(pack_id, self._heads)
            if made is None:
                raise NotFoundError(
                    phrase("There is no pack of facts with the name {name}.", name=pack_id),
                    next=phrase("Choose one of the packs that are here."),
                )
            return made
        if head.computed:
            return computed.open_pack(head)
        path = self._folder / f"{head.file}.json"
        return TablePack(head, lambda: _read(path))


def _head(entry: Mapping[str, Any]) -> Head:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    fields["source"] = Source(**entry["source"])
    return Head(**fields)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise _damaged(f"{path.name}: no object")
    return data


def _damaged(detail: str) -> DamagedError:
    return DamagedError(
        phrase("Some facts that belong to the program cannot be read."),
        kept=phrase("Your projects are safe."),
        next=phrase("Install the program again to mend it."),
        detail=detail,
    )

"""Edits of an app in which some blocks are locked: what touches a locked one is left out, the rest is kept.

Operations name blocks by position, and each one may move them. So a list of operations is read as it was
meant, on the whole app, and what is kept is told again in the positions of the app without what was left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from studio.blueprints.applying import apply
from studio.blueprints.blueprint import MOST_BLOCKS, Blueprint, Rule
from studio.blueprints.document import ProjectDocument
from studio.blueprints.operations import Operation

Token: TypeAlias = object
"""Stands for one block, wherever it moves: the place (from 0) that it had, or a sign of its own if it is new."""


@dataclass(frozen=True)
class Spared:
    """Hold what may be done, and which locked blocks (from 0) the rest would have changed.

    `places` tells for each block of the app as it was meant where it stands in the app as it will be;
    None where it will not stand.
    """

    operations: tuple[Operation, ...]
    locked: tuple[int, ...]
    places: tuple[int | None, ...]


def locked_blocks(document: ProjectDocument) -> frozenset[int]:
    """Return which blocks (from 0) of a document are locked: those whose id stands among its locks."""
    return frozenset(number for number, name in enumerate(document.block_ids) if name in document.locks)


def spare(blueprint: Blueprint, operations: Sequence[Operation], locked: Collection[int]) -> Spared:
    """Return the operations that leave the locked blocks (from 0) as they are and where they stand in line.

    Raise InputError where an operation could not be done anyway.
    """
    walk = _Walk(blueprint, frozenset(locked))
    for operation in operations:
        walk.take(operation)
    return Spared(tuple(walk.kept), tuple(sorted(walk.touched)), walk.places())


@dataclass
class _Walk:
    """Walk along two apps at once: the one that was meant, and the one without what was left out."""

    blueprint: Blueprint
    locked: frozenset[int]
    kept: list[Operation] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._meant = self._real = self.blueprint
        self._meant_order: list[Token] = list(range(len(self.blueprint.blocks)))
        self._real_order = list(self._meant_order)

    def take(self, operation: Operation) -> None:
        """Do one operation where it was meant; do it in the real app too unless it touches a locked block."""
        after = _after(self._meant, self._meant_order, operation)  # first: it refuses what cannot be
        target = self._target(operation)
        retold = self._retold(operation)
        self._meant, self._meant_order = after
        if isinstance(target, int) and target in self.locked:
            self.touched.add(target)
        elif retold is not None:
            new = self._meant_order if operation.op == "add_block" else None
            self._real, self._real_order = _after(self._real, self._real_order, retold, like=new)
            self.kept.append(retold)

    def places(self) -> tuple[int | None, ...]:
        return tuple(
            self._real_order.index(token) if token in self._real_order else None
            for token in self._meant_order
        )

    def _target(self, operation: Any) -> Token | None:
        """Return the block that an operation changes, if it changes one."""
        at = getattr(operation, "at", None)
        if not isinstance(at, str):
            return None
        number = int(at[1:]) - 1
        return self._meant_order[number] if number < len(self._meant_order) else None

    def _retold(self, operation: Any) -> Operation | None:
        """Return an operation in the positions of the real app; None if what it names is not there."""
        change: dict[str, Any] = {}
        if operation.op == "add_block":
            change = {"at": self._position(operation.at - 1) + 1}
        elif isinstance(getattr(operation, "at", None), str):
            change = {"at": self._name(operation.at)}
            if operation.op == "move_block":
                change["to"] = self._to(operation)
        if operation.op in ("set_rule", "remove_rule"):
            there = self._rule_number(operation.index)
            if there is None:
                return None
            change["index"] = there
        if hasattr(operation, "rule"):
            change["rule"] = self._rule(operation.rule)
        made: Operation = operation.model_copy(update=change)
        return made

    def _name(self, name: str) -> str:
        """Return what a block of the app as meant is called in the real one (a name of nothing stays)."""
        number = int(name[1:]) - 1
        if number >= len(self._meant_order):
            return name
        return f"b{self._real_order.index(self._meant_order[number]) + 1}"

    def _rule(self, rule: Rule) -> Rule:
        when = rule.when.model_copy(update={"block": self._name(rule.when.block)})
        do = rule.do.model_copy(update={"block": self._name(rule.do.block)})
        return rule.model_copy(update={"when": when, "do": do})

    def _rule_number(self, index: int) -> int | None:
        """Return which rule of the real app (from 1) a rule of the app as meant is."""
        if index > len(self._meant.rules):
            return index
        told = self._rule(self._meant.rules[index - 1])
        return self._real.rules.index(told) + 1 if told in self._real.rules else None

    def _position(self, number: int) -> int:
        """Return where in the real app a new block goes that is meant to come before block `number`."""
        for token in self._meant_order[number:]:
            if token in self._real_order:
                return self._real_order.index(token)
        return min(len(self._real_order), MOST_BLOCKS - 1)

    def _to(self, operation: Any) -> int:
        """Return where a block goes: behind the one that it is meant to follow."""
        token = self._meant_order[int(operation.at[1:]) - 1]
        rest = [one for one in self._meant_order if one is not token]
        before = [one for one in rest[: operation.to - 1] if one in self._real_order]
        others = [one for one in self._real_order if one is not token]
        return (others.index(before[-1]) + 1 if before else 0) + 1


def _after(
    blueprint: Blueprint, order: list[Token], operation: Operation, like: list[Token] | None = None
) -> tuple[Blueprint, list[Token]]:
    """Return an app and its tokens after one operation; a new block takes the token that it has in `like`."""
    applied = apply(blueprint, [operation])
    known = set(order)
    fresh = next((token for token in like or () if not isinstance(token, int) and token not in known), None)
    made = [
        (fresh if fresh is not None else object()) if place is None else order[place]
        for place in applied.origin_of_block
    ]
    return applied.blueprint, made

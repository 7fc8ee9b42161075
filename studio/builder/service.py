"""The builder: a wish becomes a project, a sentence or a hand changes it, each change is a step."""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from studio.blueprints import (
    Blueprint,
    Operation,
    apply,
    changed_pointers,
    describe_changes,
    normalise,
    to_json,
)
from studio.blueprints.fresh import fresh_pointers
from studio.builder.plan import Plan
from studio.builder.sparing import refuse_locked, spared_plan
from studio.builder.starters import Starter, load_starters
from studio.builder.truth import guarded
from studio.errors import ConflictError, InputError, NotFoundError
from studio.jobs import CancelToken
from studio.jobs.job import Report
from studio.phrases import Phrase, phrase
from studio.projects import Project, ProjectService, Turn
from studio.projects.origins import PLACEHOLDER, Origins, carried

BY_HAND = phrase("You changed this by hand. The rest stayed as it was.")
_TRIES = 5
_ITEM = re.compile(r"^(/blocks/\d+/[a-z]+/\d+)(/|$)")


class Planner(Protocol):
    """Turn words into a plan; with a blueprint, into a change of it."""

    def plan(self, prompt: str, blueprint: Blueprint | None = None, *, seed: int = 0) -> Plan:
        """Return the plan for one wish."""
        ...


@dataclass(frozen=True)
class Made:
    """Hold what came of a wish: the plan, the project if there is one, what changed, how long it took."""

    plan: Plan
    project: Project | None
    changed: tuple[str, ...]
    seconds: float


class Builder:
    """Make and change projects by words and by hand."""

    def __init__(self, projects: ProjectService, planner: Callable[[], Planner]) -> None:
        self._projects = projects
        self._planner = planner
        self._starters: tuple[Starter, ...] | None = None

    # ---- by words

    def warm_up(self, token: CancelToken, report: Report) -> None:
        """Load the planner before the first wish is finished; work for a lane, begun when somebody types."""
        token.check()
        self._planner().plan("")

    def plan(self, prompt: str, blueprint: Blueprint | None = None, *, seed: int = 0) -> Plan:
        """Plan a wish, or a change of `blueprint`; nothing is saved."""
        return self._planner().plan(_readable(prompt), blueprint, seed=seed)

    def make(self, prompt: str, *, seed: int = 0) -> Made:
        """Make a new project from a wish; a question back or a kind no makes none."""
        begun = time.perf_counter()
        prompt = _readable(prompt)
        return self._made(self.plan(prompt, seed=seed), prompt, begun)

    def edit(self, project_id: str, prompt: str, *, seed: int = 0) -> Made:
        """Change a project by words; "undo that" moves along the timeline, a new wish makes a new project.

        What would have changed a locked part is left out, and said.
        """
        begun = time.perf_counter()
        prompt = _readable(prompt)
        before = self._projects.get(project_id)
        blueprint = _blueprint(before)
        plan = self.plan(prompt, blueprint, seed=seed)
        if plan.action == "create":
            return self._made(plan, prompt, begun)
        if plan.history:
            move = self._projects.undo if plan.history > 0 else self._projects.redo
            for _ in range(abs(plan.history)):
                move(project_id)
        elif plan.action == "edit" and plan.operations:
            plan = spared_plan(before.document, guarded(plan, blueprint))
            if plan.operations:
                self._commit(
                    before, plan.operations, words=_step_words(plan), prompt=prompt, origins=plan.origins
                )
        self._projects.say(project_id, asked=prompt, answer=plan.say, changes=plan.changes, notes=plan.checks)
        project = self._projects.get(project_id)
        changed = changed_pointers(blueprint, _blueprint(project))
        return Made(plan, project, changed, time.perf_counter() - begun)

    def _made(self, plan: Plan, prompt: str, begun: float) -> Made:
        if plan.action != "create" or plan.blueprint is None:
            return Made(plan, None, (), time.perf_counter() - begun)
        plan = guarded(plan)
        assert plan.blueprint is not None  # noqa: S101 - asked above
        project = self._projects.create(
            plan.blueprint,
            words=phrase("Made “{title}”", title=plan.blueprint.title),
            prompt=prompt,
            planner=plan.planner,
            origins=_as_origins(plan.origins),
        )
        changes = plan.changes or describe_changes(None, plan.blueprint)
        self._projects.say(project.id, asked=prompt, answer=plan.say, changes=changes, notes=plan.checks)
        return Made(plan, self._projects.get(project.id), ("",), time.perf_counter() - begun)

    # ---- by hand

    def change(
        self, project_id: str, operations: Sequence[Operation], *, words: Phrase | None = None
    ) -> Project:
        """Apply operations that a person made by hand; the words that changed then count as typed.

        InputError if a locked part would change.
        """
        before = self._projects.get(project_id)
        after = self._commit(before, operations, words=words, typed=True)
        if after.step.id == before.step.id:
            return after
        self._tell_by_hand(after)
        return self._projects.get(project_id)

    def _tell_by_hand(self, project: Project) -> None:
        """Say what changed by hand since something else was last said; many small changes are one answer."""
        places = [step.id for step in project.steps[: project.current + 1]]
        before = _hand_before(project.turns[-1] if project.turns else None, places)
        begun = self._projects.at(project.id, places[-2] if before is None else before).blueprint
        changes = describe_changes(begun, _blueprint(project))
        if before is not None:
            self._projects.retell(project.id, changes)
        else:
            self._projects.say(project.id, asked="", answer=BY_HAND, changes=changes)

    def check(self, project_id: str, pointer: str, *, checked: bool) -> Project:
        """Tick or untick "I checked this" for one item, named by its JSON pointer."""
        return self._projects.check(project_id, pointer, checked=checked)

    def lock(self, project_id: str, block: int, *, locked: bool) -> Project:
        """Lock or unlock a block (from 0): a locked one is changed neither by words nor by hand."""
        ids = self._projects.get(project_id).document.block_ids
        if block >= len(ids):
            raise NotFoundError(phrase("This part is not here any more."))
        return self._projects.lock(project_id, ids[block], locked=locked)

    # ---- starters

    def starters(self) -> tuple[Starter, ...]:
        """Return the examples to begin with."""
        if self._starters is None:
            self._starters = load_starters()
        return self._starters

    def starter(self, starter_id: str) -> Starter:
        """Return one starter; NotFoundError if there is none."""
        for starter in self.starters():
            if starter.id == starter_id:
                return starter
        raise NotFoundError(phrase("There is no starter called “{name}”.", name=starter_id))

    def remix(self, starter_id: str) -> Project:
        """Make a project of one's own from a starter; the starter stays credited."""
        starter = self.starter(starter_id)
        return self._projects.create(
            starter.blueprint,
            words=phrase("Remix of “{title}”", title=starter.title),
            origins=_as_origins(starter.origins),
            credits=[{"id": starter.id, "title": starter.title, "by": "Sprout Studio"}],
            models=starter.models,
        )

    # ---- inside

    def _commit(
        self,
        before: Project,
        operations: Sequence[Operation],
        *,
        words: Phrase | None,
        prompt: str = "",
        origins: Mapping[str, str] | None = None,
        typed: bool = False,
    ) -> Project:
        """Keep operations as a step; if the project moved on meanwhile, apply them to what it is now."""
        for _ in range(_TRIES):
            try:
                return self._commit_on(
                    before, operations, words=words, prompt=prompt, origins=origins, typed=typed
                )
            except ConflictError:
                before = self._projects.get(before.id)
        raise ConflictError

    def _commit_on(
        self,
        before: Project,
        operations: Sequence[Operation],
        *,
        words: Phrase | None,
        prompt: str,
        origins: Mapping[str, str] | None,
        typed: bool,
    ) -> Project:
        blueprint = _blueprint(before)
        refuse_locked(before.document, operations)
        applied = apply(blueprint, operations)
        if not typed:  # what was planned is sound; somebody in the middle of a change by hand may leave gaps
            applied = dataclasses.replace(applied, blueprint=normalise(applied.blueprint))
        changed = changed_pointers(blueprint, applied.blueprint)
        if not changed:
            return before
        old, new = _plain(blueprint), _plain(applied.blueprint)
        merged = carried(_origins(before), old, new, applied.origin_of_block)
        merged |= _as_origins(origins or {})
        if typed:
            waiting = [pointer for pointer in fresh_pointers(applied.blueprint) if pointer not in merged]
            merged |= _as_origins({match[1]: "typed" for match in map(_ITEM.match, changed) if match})
            merged |= _as_origins(dict.fromkeys(waiting, PLACEHOLDER))
        merged = {pointer: origin for pointer, origin in merged.items() if _exists(new, pointer)}
        described = describe_changes(blueprint, applied.blueprint)
        return self._projects.commit(
            before.id,
            applied.blueprint,
            words=words or (described[0] if described else phrase("Changed by hand")),
            prompt=prompt,
            operations=operations,
            origins=merged,
            origin_of_block=applied.origin_of_block,
            base_step=before.step.id,
        )


def _hand_before(last: Turn | None, places: Sequence[int]) -> int | None:
    """Return the step that stood before the changes by hand that `last` tells of; None for other words."""
    if last is None or last.words != BY_HAND or last.step_id not in places[1:]:
        return None
    return places[places.index(last.step_id) - 1]


def _blueprint(project: Project) -> Blueprint:
    if project.document.blueprint is None:
        raise InputError(
            phrase("This app is free code, and this studio cannot change it yet."),
            kept=phrase("It is kept as it is."),
        )
    return project.document.blueprint


def _readable(prompt: str) -> str:
    """Return a prompt without halves of characters, which a terminal or a paste can bring."""
    return prompt.encode("utf-8", "replace").decode("utf-8")


def _step_words(plan: Plan) -> Phrase:
    return plan.changes[0] if plan.changes else plan.say


def _as_origins(origins: Mapping[str, str]) -> Origins:
    return {pointer: {"from": source, "checked": source == "typed"} for pointer, source in origins.items()}


def _origins(project: Project) -> Origins:
    data: Origins = json.loads(to_json(project.document))["origins"]
    return data


def _plain(blueprint: Blueprint) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(to_json(blueprint))
    return data


def _exists(data: Any, pointer: str) -> bool:
    for part in pointer.split("/")[1:]:
        if isinstance(data, list):
            if not part.isdigit() or int(part) >= len(data):
                return False
            data = data[int(part)]
        elif isinstance(data, dict) and part in data:
            data = data[part]
        else:
            return False
    return True

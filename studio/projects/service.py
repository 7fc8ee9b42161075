"""The library of projects on the store.

Each change is a row of its own with the whole document, so undo and redo look a document up and
never compute one. A change after an undo begins a new line; the steps of the old line stay in the
store. When a call returns, what it did is on the disk.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio import files
from studio.blueprints import Blueprint, Operation, ProjectDocument, block_title, parse_document, to_json
from studio.errors import ConflictError, InputError, NotFoundError
from studio.events import EventBus, PictureMade, ProjectChanged, ProjectListChanged
from studio.phrases import Phrase, phrase
from studio.projects import rows, timeline
from studio.projects.origins import block_ids_after
from studio.projects.records import Project, ProjectSummary
from studio.store import Database

_TOUCH = "touched=(SELECT max(touched) + 1 FROM project)"
_ADD_TURN = (
    "INSERT INTO turn (project_id, step_id, who, words, changes, notes, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_MAX_PROMPTS = 200
_MAX_PROMPT_CHARS = 4000


class ProjectService:
    """Keep, find, change and bring back projects."""

    def __init__(self, database: Database, events: EventBus, pictures: Path) -> None:
        self._database = database
        self._events = events
        self._pictures = pictures

    # ---- look

    def list(self, *, deleted: bool = False) -> tuple[ProjectSummary, ...]:
        """Return the projects (or those in the trash), the last changed first."""
        found = self._database.rows(
            f"{rows.SUMMARY} WHERE project.deleted_at IS {'NOT ' if deleted else ''}NULL "
            "ORDER BY project.touched DESC, project.rowid DESC"
        )
        return tuple(rows.summary(row, self._pictures) for row in found)

    def find(self, reference: str, *, deleted: bool = False) -> str:
        """Return the id of the project that `reference` names: its id or a unique part of its title."""
        wanted = reference.strip().casefold()
        all_of_them = self.list(deleted=deleted)
        for match in (
            [item for item in all_of_them if item.id == wanted],
            [item for item in all_of_them if item.title.casefold() == wanted],
            [
                item
                for item in all_of_them
                if wanted and (wanted in item.title.casefold() or item.id.startswith(wanted))
            ],
        ):
            if len(match) == 1:
                return match[0].id
            if match:
                raise InputError(
                    phrase("More than one project is called like “{name}”.", name=reference),
                    next=phrase("Use more of its title, or its id: “sprout projects” lists them."),
                )
        raise NotFoundError(
            phrase("There is no project called “{name}”.", name=reference),
            next=phrase("“sprout projects” lists all projects."),
        )

    def get(self, project_id: str) -> Project:
        """Return a project as it stands now; NotFoundError if there is none."""
        row = self._row(project_id)
        steps = timeline.line(self._database, row["tip_id"])
        current = next(index for index, step in enumerate(steps) if step["id"] == row["head_id"])
        prompts = [step["prompt"] for step in steps[: current + 1] if step["prompt"]]
        turns = self._database.rows("SELECT * FROM turn WHERE project_id=? ORDER BY id", (project_id,))
        return Project(
            summary=rows.summary(row, self._pictures),
            document=self._document(row, timeline.step(self._database, row["head_id"]), prompts),
            steps=tuple(rows.step(step, number, self._pictures) for number, step in enumerate(steps, 1)),
            current=current,
            turns=tuple(rows.turn(turn) for turn in turns),
            newer_parts=len(json.loads(row["aside"])),
        )

    def at(self, project_id: str, step_id: int) -> ProjectDocument:
        """Return the document as it was at any step of a project; NotFoundError if it has no such step."""
        row, step = self._row(project_id), self._step_of(project_id, step_id)
        line = timeline.line(self._database, step_id)
        return self._document(row, step, [one["prompt"] for one in line if one["prompt"]])

    # ---- make and change

    def create(
        self,
        blueprint: Blueprint,
        *,
        words: Phrase,
        prompt: str = "",
        planner: str = "starter",
        origins: Mapping[str, Mapping[str, Any]] | None = None,
        credits: Sequence[Mapping[str, str]] = (),
        models: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Project:
        """Keep a new project whose first step is `blueprint`; `models` are those that its blocks were taught."""
        document = rows.new_document(str(uuid.uuid4()), blueprint, origins or {}, credits)
        return self.take_in(
            document.model_copy(update={"models": dict(models or {})}),
            words=words,
            prompt=prompt,
            planner=planner,
            trusted=True,
        )

    def take_in(
        self,
        document: ProjectDocument,
        *,
        words: Phrase,
        prompt: str = "",
        planner: str = "starter",
        trusted: bool = False,
        aside: Sequence[Any] = (),
    ) -> Project:
        """Keep a project that came as a document; unless trusted, it opens stopped.

        It always gets an id of its own: the copy here and the one it came from may both live on.
        """
        document = document.model_copy(update={"id": str(uuid.uuid4())})
        now = rows.now()
        carried = json.dumps(
            {"assets": rows.plain(document)["assets"], "models": rows.plain(document)["models"]}
        )
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO project (id, title, created_at, changed_at, trusted, carried, aside)"
                " VALUES (?,?,?,?,?,?,?)",
                (document.id, document.title, now, now, int(trusted), carried, json.dumps(list(aside))),
            )
            self._add_step(connection, document, words=words, prompt=prompt, planner=planner)
        self._events.publish(ProjectListChanged())
        return self.get(document.id)

    def branch(self, project_id: str, step_id: int) -> Project:
        """Begin a new project with what one step of a project shows; that project stays as it is.

        Credits go along, and so does the question whether the app may play: a copy of somebody else's
        app is not trusted more than the app itself.
        """
        row, step = self._row(project_id), self._step_of(project_id, step_id)
        number, title = len(timeline.line(self._database, step_id)), step["title"]
        project = self.take_in(
            self.at(project_id, step_id),
            words=phrase("Began at step {number} of “{title}”", number=number, title=title),
            planner=step["planner"],
            trusted=bool(row["trusted"]),
            aside=json.loads(row["aside"]),
        )
        with self._database.transaction() as connection:
            connection.execute("UPDATE step SET picture=? WHERE id=?", (step["picture"], project.step.id))
        answer = phrase(
            "This app began at step {number} of “{title}”. That app stays as it was.",
            number=number,
            title=title,
        )
        self.say(project.id, asked="", answer=answer)
        return self.get(project.id)

    def commit(  # noqa: PLR0913 - what a step is made of, by name
        self,
        project_id: str,
        blueprint: Blueprint,
        *,
        words: Phrase,
        prompt: str = "",
        planner: str = "starter",
        operations: Sequence[Operation] = (),
        origins: Mapping[str, Mapping[str, Any]] | None = None,
        origin_of_block: Sequence[int | None] | None = None,
        locks: Sequence[str] | None = None,
        base_step: int | None = None,
    ) -> Project:
        """Keep a change as the next step after the one shown.

        With `base_step`, raise ConflictError and keep nothing if another step is shown by now.

        `origins` is the whole new map and `locks` the whole new list (None: as it was; the lock of a
        block that went goes with it); `origin_of_block` tells for each block of the new blueprint which
        block it was before (None: every block stands where it stood).
        """
        with self._database.transaction() as connection:
            row = self._row(project_id)
            if base_step is not None and row["head_id"] != base_step:
                raise ConflictError
            before = self._document(row, timeline.step(self._database, row["head_id"]), [])
            data = rows.plain(before) | {
                "title": blueprint.title,
                "blueprint": json.loads(to_json(blueprint)),
                "block_ids": block_ids_after(before.block_ids, len(blueprint.blocks), origin_of_block),
            }
            if origins is not None:
                data["origins"] = dict(origins)
            gone = {*before.block_ids} - {*data["block_ids"]}
            data["locks"] = [name for name in (before.locks if locks is None else locks) if name not in gone]
            document = parse_document(json.dumps(data)).document
            self._add_step(
                connection, document, words=words, prompt=prompt, planner=planner, operations=operations,
                parent_id=row["head_id"],
            )  # fmt: skip
        self._changed(project_id)
        return self.get(project_id)

    def say(
        self,
        project_id: str,
        *,
        asked: str,
        answer: Phrase,
        changes: Sequence[Phrase] = (),
        notes: Sequence[Phrase] = (),
    ) -> None:
        """Add one wish and its answer to the conversation, tied to the step now shown."""
        with self._database.transaction() as connection:
            row = self._row(project_id)
            begin = (project_id, row["head_id"])
            now = rows.now()
            if asked:
                wish = rows.dump(Phrase("{words}", {"words": asked[:_MAX_PROMPT_CHARS]}))
                connection.execute(_ADD_TURN, (*begin, "user", wish, "[]", "[]", now))
            told = (rows.dump(answer), rows.dump_all(changes), rows.dump_all(notes))
            connection.execute(_ADD_TURN, (*begin, "studio", *told, now))
        self._changed(project_id)

    def retell(self, project_id: str, changes: Sequence[Phrase]) -> None:
        """Give the last answer of the conversation another list of what changed."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE turn SET changes=? WHERE id=(SELECT max(id) FROM turn WHERE project_id=?)",
                (rows.dump_all(changes), project_id),
            )
        self._changed(project_id)

    def check(self, project_id: str, pointer: str, *, checked: bool) -> Project:
        """Tick or untick "I checked this" for the words at a JSON pointer; this is a step like any other."""
        project = self.get(project_id)
        document = project.document
        origins = dict(rows.plain(document)["origins"])
        if document.blueprint is None or pointer not in origins:
            raise NotFoundError(phrase("There is nothing to check here."), detail=pointer)
        origins[pointer] = {**origins[pointer], "checked": checked}
        words = phrase("You checked this") if checked else phrase("You want to check this again")
        step = project.step.id
        return self.commit(project_id, document.blueprint, words=words, origins=origins, base_step=step)

    def lock(self, project_id: str, block_id: str, *, locked: bool) -> Project:
        """Lock or unlock the block of that id; this is a step like any other, so undo takes it back."""
        project = self.get(project_id)
        document = project.document
        if document.blueprint is None or block_id not in document.block_ids:
            raise NotFoundError(phrase("This part is not here any more."), detail=block_id)
        if locked == (block_id in document.locks):
            return project
        names = [name for name in document.locks if name != block_id]
        title = block_title(document.blueprint.blocks[document.block_ids.index(block_id)])
        return self.commit(
            project_id,
            document.blueprint,
            words=phrase("Locked “{part}”", part=str(title))
            if locked
            else phrase("Unlocked “{part}”", part=str(title)),
            locks=[*names, block_id] if locked else names,
            base_step=project.step.id,
        )

    def trust(self, project_id: str) -> None:
        """Remember that the user chose to run a project that came from somebody else."""
        with self._database.transaction() as connection:
            self._row(project_id)
            connection.execute("UPDATE project SET trusted=1 WHERE id=?", (project_id,))
        self._events.publish(ProjectListChanged())

    # ---- the timeline

    def undo(self, project_id: str) -> Project:
        """Show the step before; at the first step, nothing changes."""
        return self.move(project_id, -1)

    def redo(self, project_id: str) -> Project:
        """Show the step after; at the last step, nothing changes."""
        return self.move(project_id, +1)

    def move(self, project_id: str, by: int) -> Project:
        """Show the step so many steps later (earlier, if negative), or the one at that end."""
        with self._database.transaction() as connection:
            row = self._row(project_id)
            ids = [step["id"] for step in timeline.line(self._database, row["tip_id"])]
            before = ids.index(row["head_id"])
            after = max(0, min(len(ids) - 1, before + by))
            if after != before:
                self._show(connection, project_id, ids[after])
        self._changed(project_id)
        return self.get(project_id)

    def go_to(self, project_id: str, step_id: int) -> Project:
        """Show any step of the project; a step of an older line brings that whole line back."""
        with self._database.transaction() as connection:
            row = self._row(project_id)
            steps = timeline.line(self._database, row["tip_id"])
            if all(step["id"] != step_id for step in steps):
                self._step_of(project_id, step_id)
                tip_id = timeline.newest_below(self._database, step_id)
                connection.execute("UPDATE project SET tip_id=? WHERE id=?", (tip_id, project_id))
            self._show(connection, project_id, step_id)
        self._changed(project_id)
        return self.get(project_id)

    # ---- the trash

    def delete(self, project_id: str) -> None:
        """Put a project in the trash."""
        self._mark(project_id, rows.now())

    def restore(self, project_id: str) -> None:
        """Bring a project back from the trash."""
        self._mark(project_id, None)

    def delete_forever(self, project_id: str) -> None:
        """Remove a project of the trash, with its steps and the pictures that no other step uses."""
        row = self._row(project_id)
        if row["deleted_at"] is None:
            raise InputError(phrase("Only a project in the trash can be removed for ever."))
        with self._database.transaction() as connection:
            names = {
                step["picture"]
                for step in self._database.rows("SELECT picture FROM step WHERE project_id=?", (project_id,))
            }
            connection.execute("UPDATE step SET parent_id=NULL WHERE project_id=?", (project_id,))
            connection.execute("DELETE FROM project WHERE id=?", (project_id,))
            kept = {step["picture"] for step in self._database.rows("SELECT DISTINCT picture FROM step")}
        for name in names - kept - {None}:
            (self._pictures / name).unlink(missing_ok=True)
        self._events.publish(ProjectListChanged())

    # ---- pictures

    def set_picture(self, step_id: int, png: bytes) -> None:
        """Keep the picture of a step."""
        name = f"{hashlib.sha256(png).hexdigest()[:32]}.png"
        path = self._pictures / name
        if not path.exists():
            files.save(path, png)
        with self._database.transaction() as connection:
            step = timeline.step(self._database, step_id)
            connection.execute("UPDATE step SET picture=? WHERE id=?", (name, step_id))
        self._events.publish(PictureMade(step["project_id"], step_id))

    # ---- inside

    def _row(self, project_id: str) -> sqlite3.Row:
        row = self._database.row(f"{rows.SUMMARY} WHERE project.id=?", (project_id,))
        if row is None:
            raise NotFoundError(phrase("This project is not here any more."), detail=project_id)
        return row

    def _step_of(self, project_id: str, step_id: int) -> sqlite3.Row:
        step = timeline.step(self._database, step_id)
        if step["project_id"] != project_id:
            raise NotFoundError(phrase("There is no such step in this project."))
        return step

    def _document(self, row: sqlite3.Row, step: sqlite3.Row, prompts: Iterable[str]) -> ProjectDocument:
        data = json.loads(step["document"])
        data |= json.loads(row["carried"])
        data["prompts"] = [prompt[:_MAX_PROMPT_CHARS] for prompt in prompts][-_MAX_PROMPTS:]
        return parse_document(json.dumps(data)).document

    def _add_step(
        self,
        connection: sqlite3.Connection,
        document: ProjectDocument,
        *,
        words: Phrase,
        prompt: str,
        planner: str,
        operations: Sequence[Operation] = (),
        parent_id: int | None = None,
    ) -> None:
        light = document.model_copy(update={"prompts": (), "assets": {}, "models": {}})
        blueprint = document.blueprint
        columns = {
            "project_id": document.id,
            "parent_id": parent_id,
            "words": rows.dump(words),
            "prompt": prompt[:_MAX_PROMPT_CHARS],
            "operations": _as_list(operations),
            "document": to_json(light),
            "title": document.title,
            "icon": blueprint.icon if blueprint else "none",
            "palette": blueprint.theme.palette if blueprint else "mono",
            "mode": blueprint.theme.mode if blueprint else "light",
            "planner": planner,
            "made_at": rows.now(),
        }
        names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        added = connection.execute(f"INSERT INTO step ({names}) VALUES ({places})", columns)  # noqa: S608 - our names
        connection.execute("UPDATE project SET tip_id=? WHERE id=?", (added.lastrowid, document.id))
        self._show(connection, document.id, added.lastrowid)

    def _show(self, connection: sqlite3.Connection, project_id: str, step_id: int | None) -> None:
        connection.execute(
            f"UPDATE project SET head_id=?, changed_at=?, title=(SELECT title FROM step WHERE id=?), {_TOUCH}"  # noqa: S608
            " WHERE id=?",
            (step_id, rows.now(), step_id, project_id),
        )

    def _mark(self, project_id: str, deleted_at: str | None) -> None:
        with self._database.transaction() as connection:
            self._row(project_id)
            connection.execute(
                f"UPDATE project SET deleted_at=?, {_TOUCH} WHERE id=?",  # noqa: S608 - our words alone
                (deleted_at, project_id),
            )
        self._events.publish(ProjectListChanged())

    def _changed(self, project_id: str) -> None:
        self._events.publish(ProjectChanged(project_id))
        self._events.publish(ProjectListChanged())


def _as_list(operations: Sequence[Operation]) -> str:
    return json.dumps([json.loads(to_json(operation)) for operation in operations], ensure_ascii=False)

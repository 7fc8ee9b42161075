"""The steps of a project as the tree that they are, and the one line of it that is shown."""

from __future__ import annotations

import sqlite3

from studio.errors import NotFoundError
from studio.phrases import phrase
from studio.store import Database


def step(database: Database, step_id: int) -> sqlite3.Row:
    """Return one step; NotFoundError if there is none."""
    row = database.row("SELECT * FROM step WHERE id=?", (step_id,))
    if row is None:
        raise NotFoundError(phrase("This step is not here any more."), detail=str(step_id))
    return row


def line(database: Database, tip_id: int) -> list[sqlite3.Row]:
    """Return the steps from the first one to `tip_id`, in order, without their documents."""
    return database.rows(
        """
        WITH RECURSIVE up(id, parent_id, depth) AS (
            SELECT id, parent_id, 0 FROM step WHERE id = ?
            UNION ALL
            SELECT step.id, step.parent_id, depth + 1 FROM step JOIN up ON step.id = up.parent_id
        )
        SELECT step.id, step.words, step.prompt, step.made_at, step.picture, step.title, step.icon,
               step.palette, step.mode
        FROM up JOIN step ON step.id = up.id ORDER BY up.depth DESC
        """,
        (tip_id,),
    )


def newest_below(database: Database, step_id: int) -> int:
    """Return the last made step that grew out of `step_id`, or itself."""
    row = database.row(
        """
        WITH RECURSIVE down(id) AS (
            SELECT ? UNION ALL SELECT step.id FROM step JOIN down ON step.parent_id = down.id
        )
        SELECT max(id) AS id FROM down
        """,
        (step_id,),
    )
    return int(row["id"]) if row is not None else step_id

"""The shape of the database, one numbered step after the other; a step that shipped never changes."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    # 1: projects, their steps (each with the whole document: undo is a look-up), and what was said
    """
    CREATE TABLE project (
        id         TEXT PRIMARY KEY,
        title      TEXT NOT NULL,
        created_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        deleted_at TEXT,
        touched    INTEGER NOT NULL DEFAULT 0,   -- order of the last changes: clocks may jump, this does not
        trusted    INTEGER NOT NULL DEFAULT 1,
        head_id    INTEGER,              -- the step that is shown
        tip_id     INTEGER,              -- the last step of the line that redo follows
        carried    TEXT NOT NULL DEFAULT '{}',   -- assets and models: too heavy to stand in every step
        aside      TEXT NOT NULL DEFAULT '[]'    -- what a newer studio wrote and this one cannot read
    ) STRICT;
    CREATE TABLE step (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        parent_id  INTEGER REFERENCES step(id),
        words      TEXT NOT NULL,        -- a phrase
        prompt     TEXT NOT NULL,
        operations TEXT NOT NULL,
        document   TEXT NOT NULL,        -- project.schema.json, without its prompts
        title      TEXT NOT NULL,
        icon       TEXT NOT NULL,
        palette    TEXT NOT NULL,
        mode       TEXT NOT NULL,
        planner    TEXT NOT NULL,
        picture    TEXT,                 -- file name in the folder of pictures
        made_at    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX step_of_project ON step(project_id, id);
    CREATE TABLE turn (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        step_id    INTEGER,
        who        TEXT NOT NULL CHECK (who IN ('user', 'studio')),
        words      TEXT NOT NULL,        -- a phrase
        changes    TEXT NOT NULL,        -- a list of phrases
        notes      TEXT NOT NULL DEFAULT '[]',   -- a list of phrases: what to look at
        at         TEXT NOT NULL
    ) STRICT;
    CREATE INDEX turn_of_project ON turn(project_id, id);
    """,
)

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
    # 2: what engines did on this computer
    """
    CREATE TABLE engine_load (           -- a load that began and did not end well
        ref    TEXT PRIMARY KEY,
        cause  TEXT NOT NULL,            -- empty while the load goes on, else as in EngineError
        words  TEXT NOT NULL,            -- a phrase
        pid    INTEGER NOT NULL,         -- the program that loads, and when that program began:
        begun  REAL NOT NULL,            -- a number is given to another program one day
        at     TEXT NOT NULL
    ) STRICT;
    CREATE TABLE engine_measurement (    -- one line for each load, answer and bench, the newest are kept
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        ref             TEXT NOT NULL,
        weights         TEXT NOT NULL,
        machine         TEXT NOT NULL,
        engine          TEXT NOT NULL,
        device          TEXT NOT NULL,
        context         INTEGER NOT NULL,
        at              TEXT NOT NULL,
        load_s          REAL,
        peak_bytes      INTEGER,
        resident_bytes  INTEGER,
        prefill_tps     REAL,            -- tokens of the prompt read in a second
        decode_tps      REAL,            -- tokens written in a second
        predicted_bytes INTEGER,         -- what was predicted before the load
        predicted_tps   REAL,
        plain_tps       REAL             -- the same without what was learnt on this machine
    ) STRICT;
    CREATE INDEX measurement_of_model ON engine_measurement(machine, ref, weights, id);
    CREATE TABLE machine (
        fingerprint       TEXT PRIMARY KEY,
        bandwidth_bytes_s REAL NOT NULL,
        at                TEXT NOT NULL
    ) STRICT;
    CREATE TABLE engine_pin (            -- which model the user chose for a purpose
        purpose TEXT PRIMARY KEY,
        ref     TEXT NOT NULL
    ) STRICT;
    """,
)

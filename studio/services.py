"""The composition root: every service is built here, once, and handed to those who use it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from studio import logs
from studio.builder.service import Builder, Planner
from studio.events import EventBus
from studio.export import Sharing
from studio.jobs import CancelToken, JobRunner
from studio.jobs.job import Report
from studio.network import NetworkGate
from studio.paths import Paths
from studio.phrases import Phrase
from studio.projects import ProjectService
from studio.safety import Permissions
from studio.settings import Settings
from studio.store import Database, open_database, restore_points


@dataclass(frozen=True)
class Services:
    """Hold the services of one running studio; `notices` is what to tell the user at the start."""

    paths: Paths
    settings: Settings
    events: EventBus
    network: NetworkGate
    permissions: Permissions
    database: Database
    jobs: JobRunner
    projects: ProjectService
    builder: Builder
    sharing: Sharing
    notices: tuple[Phrase, ...]

    def keep_restore_point(self, token: CancelToken, report: Report) -> None:
        """Copy the store to a restore point; work for the disk lane."""
        if self.database.durable:
            restore_points.keep(self.database, self.paths.restore_points)

    def close(self) -> None:
        """Stop all jobs, wait for them, close the store and the log."""
        self.jobs.close()
        self.database.close()
        logs.tear_down()


def build(base: Path | None = None, *, offline: bool = False, verbose: bool = False) -> Services:
    """Build the services of one studio whose data lies under `base`.

    Never fails for what is wrong with the data: damaged or unwritable files end in `notices`.
    """
    paths = Paths.under(base)
    logs.set_up(paths.logs, verbose=verbose)
    events = EventBus()
    settings = Settings(paths.settings, events)
    opened = open_database(paths.database, paths.restore_points)
    projects = ProjectService(opened.database, events, paths.pictures)
    return Services(
        paths=paths,
        settings=settings,
        events=events,
        network=NetworkGate(settings, events, paths.network_log, offline=offline),
        permissions=Permissions(settings),
        database=opened.database,
        jobs=JobRunner(),
        projects=projects,
        builder=Builder(projects, _planner_of(paths)),
        sharing=Sharing(projects, settings),
        notices=tuple(notice for notice in (settings.problem, opened.notice) if notice is not None),
    )


def _planner_of(paths: Paths) -> functools.partial[Planner]:
    return functools.partial(_load_planner, paths.cache)


@functools.cache
def _load_planner(cache: Path) -> Planner:
    # Late on purpose: numpy and the tokenizer would cost every start of the window.
    from studio.blueprints.facts import FactLibrary  # noqa: PLC0415
    from studio.builder.starter import StarterPlanner  # noqa: PLC0415
    from studio.engines.encoder import find_encoder  # noqa: PLC0415

    encoder = functools.lru_cache(maxsize=1)(functools.partial(find_encoder, cache))
    return StarterPlanner(FactLibrary.load(), encoder)

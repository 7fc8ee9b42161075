"""The composition root: every service is built here, once, and handed to those who use it.

What needs the typed blueprints (pydantic, a fifth of a second on a slow computer) or the planner is
built on first use, so that the window can paint before. The first use may come from any thread.
"""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from studio import logs
from studio.events import EventBus
from studio.jobs import CancelToken, JobRunner
from studio.jobs.job import Report
from studio.network import NetworkGate
from studio.paths import Paths
from studio.phrases import Phrase
from studio.safety import Permissions
from studio.settings import Settings
from studio.store import Database, open_database, restore_points

if TYPE_CHECKING:
    from studio.builder.service import Builder, Planner
    from studio.export import Sharing
    from studio.projects import ProjectService


class Services:
    """Hold the services of one running studio; `notices` is what to tell the user at the start."""

    def __init__(
        self, paths: Paths, settings: Settings, events: EventBus, database: Database, network: NetworkGate
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.events = events
        self.database = database
        self.network = network
        self.permissions = Permissions(settings)
        self.jobs = JobRunner()
        self.notices: tuple[Phrase, ...] = ()
        self._building = threading.RLock()

    # The imports below are late on purpose: see the head of this module.

    @functools.cached_property
    def projects(self) -> ProjectService:
        """Return the library of projects."""
        with self._building:
            from studio.projects import ProjectService  # noqa: PLC0415

            return ProjectService(self.database, self.events, self.paths.pictures)

    @functools.cached_property
    def builder(self) -> Builder:
        """Return who makes and changes projects."""
        with self._building:
            from studio.builder.service import Builder  # noqa: PLC0415

            return Builder(self.projects, functools.partial(_load_planner, self.paths.cache))

    @functools.cached_property
    def sharing(self) -> Sharing:
        """Return who sends projects out and takes them in."""
        with self._building:
            from studio.export import Sharing  # noqa: PLC0415

            return Sharing(self.projects, self.settings, self.paths.shared)

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
    network = NetworkGate(settings, events, paths.network_log, offline=offline)
    services = Services(paths, settings, events, opened.database, network)
    services.notices = tuple(words for words in (settings.problem, opened.notice) if words is not None)
    return services


@functools.cache
def _load_planner(cache: Path) -> Planner:
    from studio.blueprints.facts import FactLibrary  # noqa: PLC0415
    from studio.builder.starter import StarterPlanner  # noqa: PLC0415
    from studio.engines.encoder import find_encoder  # noqa: PLC0415

    encoder = functools.lru_cache(maxsize=1)(functools.partial(find_encoder, cache))
    return StarterPlanner(FactLibrary.load(), encoder)

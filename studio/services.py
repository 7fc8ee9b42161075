"""The composition root: every service is built here, once, and handed to those who use it.

What needs the typed blueprints (pydantic, a fifth of a second on a slow computer) or the planner is
built on first use, so that the window can paint before. The first use may come from any thread.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from studio.engines.base import Engine, ModelFiles
    from studio.engines.remote_servers import RemoteServers
    from studio.engines.service import EngineService
    from studio.export import Sharing
    from studio.projects import ProjectService


log = logs.get("services")


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
        self._built: dict[str, Any] = {}
        self._planning = threading.Lock()
        self._planner: Planner | None = None

    @property
    def projects(self) -> ProjectService:
        """Return the library of projects."""
        projects: ProjectService = self._once("projects", self._make_projects)
        return projects

    @property
    def builder(self) -> Builder:
        """Return who makes and changes projects."""
        builder: Builder = self._once("builder", self._make_builder)
        return builder

    @property
    def sharing(self) -> Sharing:
        """Return who sends projects out and takes them in."""
        sharing: Sharing = self._once("sharing", self._make_sharing)
        return sharing

    @property
    def remotes(self) -> RemoteServers:
        """Return the list of servers that a grown-up wrote down."""
        remotes: RemoteServers = self._once("remotes", self._make_remotes)
        return remotes

    @property
    def engines(self) -> EngineService:
        """Return the models and who runs them."""
        engines: EngineService = self._once("engines", self._make_engines)
        return engines

    def keep_restore_point(self, token: CancelToken, report: Report) -> None:
        """Copy the store to a restore point; work for the disk lane."""
        if self.database.durable:
            restore_points.keep(self.database, self.paths.restore_points)

    def close(self) -> None:
        """End all models and jobs, keep a restore point of what was made, close the store and the log."""
        with self._building:
            engines: EngineService | None = self._built.get("engines")
        if engines is not None:  # first: a job that waits for a model then ends at once
            engines.end()
        self.jobs.close()
        if self.database.durable and self.database.changed:
            try:
                restore_points.keep(self.database, self.paths.restore_points)
            except (OSError, sqlite3.Error) as error:
                log.warning("no restore point: %s", error)
        self.database.close()
        logs.tear_down()

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return the service of that name; the first who asks builds it, all others wait for it."""
        with self._building:
            if name not in self._built:
                self._built[name] = make()
            return self._built[name]

    # The imports below are late on purpose: see the head of this module.

    def _make_projects(self) -> ProjectService:
        from studio.projects import ProjectService  # noqa: PLC0415

        return ProjectService(self.database, self.events, self.paths.pictures)

    def _make_builder(self) -> Builder:
        from studio.builder.service import Builder  # noqa: PLC0415

        return Builder(self.projects, self._ready_planner)

    def _ready_planner(self) -> Planner:
        """Return the planner, loaded once; under a lock of its own, since nobody else should wait half a second."""
        with self._planning:
            if self._planner is None:
                self._planner = _load_planner(self.paths.cache)
            return self._planner

    def _make_sharing(self) -> Sharing:
        from studio.export import Sharing  # noqa: PLC0415

        return Sharing(self.projects, self.settings, self.paths)

    def _make_remotes(self) -> RemoteServers:
        from studio.engines.remote_servers import RemoteServers  # noqa: PLC0415

        return RemoteServers(self.paths.base / "servers.json")

    def _make_engines(self) -> EngineService:
        from studio.engines.records import EngineRecords  # noqa: PLC0415
        from studio.engines.remote import RemoteEngine  # noqa: PLC0415
        from studio.engines.service import EngineService  # noqa: PLC0415
        from studio.engines.shelf import ModelShelf  # noqa: PLC0415

        remotes = self.remotes

        def remote(files: ModelFiles) -> Engine:
            server = remotes.get(files.ref.removeprefix("remote:"))
            require = functools.partial(self.permissions.require, "remote_engine")
            return RemoteEngine(server, require=require, network=self.network)

        shelf = ModelShelf(self.paths, remotes.list)
        records = EngineRecords(self.database)
        return EngineService(shelf, records, self.paths.engines, self.events, remote=remote)


def build(base: Path | None = None, *, offline: bool = False, verbose: bool = False) -> Services:
    """Build the services of one studio whose data lies under `base`.

    What is wrong with the data, damaged or unwritable files, ends in `notices`. Raises StorageError
    only while another program holds the store and does not let go.
    """
    paths = Paths.under(base)
    with contextlib.suppress(OSError):  # whoever writes first would make it readable for everybody
        paths.base.mkdir(parents=True, exist_ok=True, mode=0o700)
    logs.set_up(paths.logs, verbose=verbose)
    events = EventBus()
    settings = Settings(paths.settings, events)
    opened = open_database(paths.database, paths.restore_points)
    network = NetworkGate(settings, events, paths.network_log, offline=offline)
    services = Services(paths, settings, events, opened.database, network)
    services.notices = tuple(words for words in (settings.problem, *opened.notices) if words is not None)
    return services


def _load_planner(cache: Path) -> Planner:
    from studio.blueprints.facts import FactLibrary  # noqa: PLC0415
    from studio.builder.starter import StarterPlanner  # noqa: PLC0415
    from studio.engines.encoder import find_encoder  # noqa: PLC0415

    encoder = functools.lru_cache(maxsize=1)(functools.partial(find_encoder, cache))
    return StarterPlanner(FactLibrary.load(), encoder)

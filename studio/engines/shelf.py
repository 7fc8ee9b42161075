"""The models that lie on this computer: where the Hub's own tools put them, and in the studio's folder.

Only small files and headers are read, and again only when a file has changed. What the studio itself
downloads comes to the same places, so that other programs share it.
"""

from __future__ import annotations

import difflib
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from studio import __version__, files, logs
from studio.engines import description
from studio.engines.base import ModelFiles, from_plain, to_plain
from studio.engines.description import FAKE_SUFFIX
from studio.engines.installed import InstalledModel
from studio.engines.remote_servers import RemoteServer
from studio.errors import NotFoundError, StorageError
from studio.paths import Paths
from studio.phrases import phrase

log = logs.get("shelf")

_VERSION = f"{__version__} 1"
"""The number goes up when a description has other fields or is read in another way."""

_HUB_PREFIX = "models--"
_NEAR = 3
_Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of the last change (ns) and size of each file of a model."""


def hub_cache() -> Path:
    """Return the folder of the Hub's own cache, by the variables that its library reads.

    Source: huggingface_hub/constants.py, 2.4. The library itself takes 128 ms to import.
    """
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.path.expandvars(os.environ[name])).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{base}/huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


class ModelShelf:
    """List models and find one by what people call it; every method may be called from any thread."""

    def __init__(
        self, paths: Paths, remotes: Callable[[], Sequence[RemoteServer]] = tuple, hub: Path | None = None
    ) -> None:
        self._paths = paths
        self._remotes = remotes
        self._hub = hub
        self._lock = threading.Lock()
        self._known: dict[str, tuple[_Stamp, InstalledModel]] | None = None
        self._changed = False
        self._file = paths.cache / "shelf.json"

    def models(self) -> tuple[InstalledModel, ...]:
        """Return all models: the Hub's, the studio's own, the remote ones; damaged ones with their reason."""
        found = [*self._in_hub(self._hub or hub_cache()), *self._in_folder(self._paths.models)]
        if self._changed:
            self._keep()
        remote = [
            InstalledModel(ref=server.ref, name=server.name, format="remote", tasks=("chat", "complete"))
            for server in self._remotes()
        ]
        unique = {model.ref: model for model in reversed([*found, *remote])}
        return tuple(
            sorted(unique.values(), key=lambda model: (model.format == "remote", model.ref.casefold()))
        )

    def resolve(self, ref: str) -> ModelFiles:
        """Return the files of a model; see `find`."""
        return self.find(ref).files

    def find(self, ref: str) -> InstalledModel:
        """Return a model by its ref, a path, or a part of its name that only one has.

        Raises NotFoundError that names models which are called alike.
        """
        models = self.models()
        for model in models:
            if model.ref == ref:
                return model
        at_path = self._at_path(ref, models)
        if at_path is not None:
            return at_path
        wanted = ref.casefold()
        same = [model for model in models if wanted in (model.ref.casefold(), model.name.casefold())]
        alike = same or [model for model in models if wanted and wanted in model.ref.casefold()]
        if len(alike) == 1:
            return alike[0]
        raise _ambiguous(ref, alike) if alike else _not_here(ref, models)

    # ---- places

    def _in_hub(self, hub: Path) -> Iterator[InstalledModel]:
        for folder in _entries(hub):
            if not folder.name.startswith(_HUB_PREFIX) or not folder.is_dir():
                continue
            ref = folder.name.removeprefix(_HUB_PREFIX).replace("--", "/")
            snapshot = _snapshot(folder)
            if snapshot is not None:
                yield from self._in_one(snapshot, ref, revision=snapshot.name)

    def _in_folder(self, models: Path) -> Iterator[InstalledModel]:
        for entry in _entries(models):
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from self._in_one(entry, entry.name)
            elif description.is_model_file(entry):
                yield self._described(entry, entry.name)

    def _in_one(self, folder: Path, ref: str, revision: str = "") -> Iterator[InstalledModel]:
        """Give the models of one folder: itself, or each GGUF file in it."""
        files = [path for path in _entries(folder) if description.is_model_file(path)]
        if not files and description.is_model_folder(folder):
            yield replace(self._described(folder, ref), revision=revision)
        for path in files:
            name = ref if len(files) == 1 else f"{ref}/{path.name}"
            yield replace(self._described(path, name), revision=revision)

    def _at_path(self, ref: str, models: Sequence[InstalledModel]) -> InstalledModel | None:
        """Return the model at a path; one of the list keeps the name it has there."""
        path = Path(ref).expanduser()
        if not (path.is_dir() or path.is_file()):
            return None
        path = path.resolve()
        for model in models:
            if model.path and Path(model.path).resolve() == path:
                return model
        if path.is_dir():
            inside = list(self._in_one(path, str(path)))
            return inside[0] if len(inside) == 1 else None
        return self._described(path, str(path)) if description.is_model_file(path) else None

    def _described(self, path: Path, ref: str) -> InstalledModel:
        """Return the description of a folder or file, from memory where nothing has changed."""
        stamp = _stamp(path)
        known = self._memory().get(str(path))
        if known is not None and known[0] == stamp:
            return replace(known[1], ref=ref)
        model = description.describe(path, ref)
        with self._lock:
            self._memory()[str(path)] = (stamp, model)
            self._changed = True
        return model

    # ---- what was read before

    def _memory(self) -> dict[str, tuple[_Stamp, InstalledModel]]:
        if self._known is None:
            self._known = _read_memory(self._file)
        return self._known

    def _keep(self) -> None:
        """Keep the descriptions of files that are still here for the next start."""
        with self._lock:
            self._changed = False
            entries = [
                {"path": path, "stamp": stamp, "model": to_plain(model)}
                for path, (stamp, model) in self._memory().items()
                if Path(path).exists()
            ]
        try:
            files.save(self._file, json.dumps({"version": _VERSION, "entries": entries}, ensure_ascii=False))
        except StorageError as error:  # the next start reads the headers again
            log.info("the list of models was not kept: %s", error)


def _read_memory(file: Path) -> dict[str, tuple[_Stamp, InstalledModel]]:
    """Return what was kept; nothing where it is damaged or from another version."""
    try:
        data = json.loads(file.read_bytes())
        if data["version"] != _VERSION:
            return {}
        return {
            entry["path"]: (
                tuple((str(name), int(at), int(size)) for name, at, size in entry["stamp"]),
                from_plain(InstalledModel, entry["model"]),
            )
            for entry in data["entries"]
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        log.info("the list of models is read anew: %r", error)
        return {}


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; nothing where there is none or it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _snapshot(folder: Path) -> Path | None:
    """Return the snapshot that the branch "main" points to, else the newest; None without any."""
    snapshots = folder / "snapshots"
    try:
        main = snapshots / (folder / "refs" / "main").read_text(encoding="ascii").strip()
        if main.parent == snapshots and main.is_dir():
            return main
    except (OSError, ValueError):
        pass
    return max(
        (path for path in _entries(snapshots) if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        default=None,
    )


def _stamp(path: Path) -> _Stamp:
    found = []
    for entry in _entries(path) if path.is_dir() else description.parts(path):
        try:
            status = entry.stat()
        except OSError:  # a link that points nowhere: half a download
            found.append((entry.name, 0, 0))
        else:
            found.append((entry.name, status.st_mtime_ns, status.st_size))
    return tuple(found)


def _ambiguous(ref: str, alike: Sequence[InstalledModel]) -> NotFoundError:
    return NotFoundError(
        phrase("More than one model is called like “{ref}”.", ref=ref),
        next=phrase("Say which one: {names}.", names=", ".join(model.ref for model in alike[: _NEAR * 2])),
    )


def _not_here(ref: str, models: Sequence[InstalledModel]) -> NotFoundError:
    names = {name.casefold(): model.ref for model in models for name in (model.ref, model.name)}
    near = [names[name] for name in difflib.get_close_matches(ref.casefold(), names, n=_NEAR)]
    if near:
        more = phrase("Did you mean: {names}?", names=", ".join(dict.fromkeys(near)))
    elif models:
        more = phrase("“sprout models list” shows what is here.")
    else:
        more = phrase("There are no models on this computer yet.")
    return NotFoundError(phrase("There is no model called “{ref}” on this computer.", ref=ref), next=more)


__all__ = ["FAKE_SUFFIX", "ModelShelf", "hub_cache"]

"""Sharing: a project goes out as one HTML page, and a page comes back in as a project."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from studio import files
from studio.blueprints import parse_document, to_json
from studio.blueprints.render import render
from studio.errors import InputError, StudioError
from studio.export.take_in import take_in
from studio.paths import Paths
from studio.phrases import Phrase, phrase
from studio.projects import Project, ProjectService
from studio.projects.origins import PLACEHOLDER
from studio.settings import Settings

PAGE_SUFFIX = ".html"
_PAGES = (".html", ".htm")
_MAX_CREDITS = 20


class Sharing:
    """Send projects out and take them in."""

    def __init__(self, projects: ProjectService, settings: Settings, paths: Paths) -> None:
        self._projects = projects
        self._settings = settings
        self._paths = paths

    @property
    def folder(self) -> Path:
        """Return where pages go unless a path is given."""
        chosen = str(self._settings.get("share_folder"))
        return Path(chosen) if chosen else self._paths.shared

    def suggested_path(self, project: Project) -> Path:
        """Return a path in the folder of shared pages that no file has yet."""
        return files.free_name(self.folder, files.safe_name(project.summary.title), PAGE_SUFFIX)

    def target(self, path: Path | str) -> Path:
        """Return where a page for `path` would go; InputError or StorageError if it cannot go there."""
        words, path = str(path), Path(path)
        try:
            if words in ("", ".") or words.endswith(("/", "\\")) or path.is_dir():
                raise InputError(
                    phrase("“{name}” is a folder.", name=words or "."), next=phrase("Give the file a name.")
                )
            target = path.resolve()
            if target.exists() and (not target.is_file() or target.suffix.casefold() not in _PAGES):
                raise InputError(
                    phrase("“{name}” is there already, and it is not a page.", name=target.name),
                    kept=phrase("It stays as it is."),
                    next=phrase("Choose another name, such as “{name}”.", name=f"{target.stem}.html"),
                )
        except OSError as error:
            if isinstance(error, StudioError):
                raise
            raise files.storage_error(error, path) from error
        if files.reserved(target.name):
            raise InputError(
                phrase("Windows cannot open a file called “{name}”.", name=target.name),
                next=phrase("Choose another name."),
            )
        return target

    def export_page(self, project_id: str, path: Path | None = None, *, with_prompts: bool = True) -> Path:
        """Write the project as one page that plays offline anywhere; return its path.

        Without `path` it takes a free name in the folder of shared pages. With `with_prompts` the
        page also tells how it was made. The page under that name is old or new, never half.
        """
        project = self._projects.get(project_id)
        target = self.suggested_path(project) if path is None else self.target(path)
        document = project.document
        if not with_prompts:
            document = document.model_copy(update={"prompts": ()})
        files.save(target, render(document), private=False)
        return target

    def reminders(self, project: Project) -> tuple[Phrase, ...]:
        """Return what the maker should look at before the page goes out."""
        unchecked = [origin.from_ for origin in project.document.origins.values() if not origin.checked]
        to_write = unchecked.count(PLACEHOLDER)
        by_model = sum(source.startswith("model:") for source in unchecked) - to_write
        found = []
        if project.newer_parts:
            found.append(phrase("A part that a newer Sprout Studio made does not go along."))
        if to_write == 1:
            found.append(phrase("1 part still needs your own words."))
        elif to_write:
            found.append(phrase("{count} parts still need your own words.", count=to_write))
        if by_model == 1:
            found.append(phrase("1 part was written by a model. Check it first."))
        elif by_model:
            found.append(phrase("{count} parts were written by a model. Check them first.", count=by_model))
        return tuple(found)

    def take_in(self, path: Path) -> Project:
        """Keep the app of a page or project file as a new project that is not trusted yet."""
        taken = take_in(path)
        data = json.loads(to_json(taken.document))
        credit = {"id": taken.document.id, "title": taken.document.title, "by": ""}
        known = [item for item in data["credits"] if item["id"] != credit["id"]]
        data["credits"] = [*known, credit][-_MAX_CREDITS:]
        return self._projects.take_in(
            parse_document(json.dumps(data)).document,
            words=phrase("Came in as “{title}”", title=taken.document.title),
            aside=[dataclasses.asdict(item) for item in taken.aside],
        )

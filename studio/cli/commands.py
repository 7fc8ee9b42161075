"""The commands, each a short way from options to services and back to words."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from studio.blueprints import Blueprint, changed_pointers, parse, to_json
from studio.builder.plan import Plan
from studio.builder.service import Made
from studio.cli.output import Output
from studio.errors import InputError, MissingError, StudioError
from studio.phrases import Phrase, phrase
from studio.projects import Project, ProjectSummary
from studio.services import Services

Command = Callable[[Services, argparse.Namespace, Output], None]


def make(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Make a project from a wish."""
    _no_model_yet(options)
    _check_out(services, options)
    made = services.builder.make(options.prompt, seed=options.seed)
    _print_made(services, made, options, output)


def edit(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Change a project by words."""
    _no_model_yet(options)
    _check_out(services, options)
    project_id = services.projects.find(options.project)
    made = services.builder.edit(project_id, options.prompt, seed=options.seed)
    _print_made(services, made, options, output)


def plan(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Plan each line of stdin; a line that cannot be read gets a line that says so."""
    _no_model_yet(options)
    for line in sys.stdin:
        if line.strip():
            output.line(json.dumps(_plan_line(services, line, options.seed), ensure_ascii=False))


def projects(services: Services, options: argparse.Namespace, output: Output) -> None:
    """List the projects."""
    found = services.projects.list(deleted=options.deleted)
    words = "\n".join(
        f"{item.id[:8]}  {item.changed_at.astimezone():%Y-%m-%d %H:%M}  {item.title}" for item in found
    )
    empty = (
        "The trash is empty."
        if options.deleted
        else 'No projects yet. Try: sprout make "a quiz about sharks"'
    )
    output.result({"items": [_summary_json(item) for item in found], "next": None}, words or empty)


def show(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Show a project."""
    project = services.projects.get(services.projects.find(options.project))
    document = json.loads(to_json(project.document))
    words = "\n".join(
        [
            f"{project.summary.title} ({project.id})",
            *(f"  {turn.who}: {turn.words}" for turn in project.turns),
            json.dumps(document["blueprint"], ensure_ascii=False, indent=1),
        ]
    )
    output.result({**_project_json(project), "document": document}, words)


def timeline(services: Services, options: argparse.Namespace, output: Output) -> None:
    """List the steps of a project."""
    project = services.projects.get(services.projects.find(options.project))
    items = [
        {
            "number": step.number,
            "words": str(step.words),
            "prompt": step.prompt,
            "made_at": step.made_at.isoformat(),
            "current": index == project.current,
            "picture": str(step.picture) if step.picture else None,
        }
        for index, step in enumerate(project.steps)
    ]
    words = "\n".join(
        f"{'>' if item['current'] else ' '} {item['number']}. {item['words']}" for item in items
    )
    output.result({"items": items, "next": None}, words)


def undo(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Go one step back."""
    before = services.projects.get(services.projects.find(options.project))
    after = services.projects.undo(before.id)
    _print_moved(before, after, phrase("There is nothing to undo."), output)


def redo(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Go one step forward."""
    before = services.projects.get(services.projects.find(options.project))
    after = services.projects.redo(before.id)
    _print_moved(before, after, phrase("There is nothing to redo."), output)


def delete(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Put a project in the trash."""
    project = services.projects.get(services.projects.find(options.project))
    services.projects.delete(project.id)
    output.result(
        {"project": project.id},
        str(
            phrase("“{title}” is in the trash. “sprout restore” brings it back.", title=project.summary.title)
        ),
    )


def restore(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Bring a project back from the trash."""
    project = services.projects.get(services.projects.find(options.project, deleted=True))
    services.projects.restore(project.id)
    output.result({"project": project.id}, str(phrase("“{title}” is back.", title=project.summary.title)))


def export(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Write a project as one page."""
    project = services.projects.get(services.projects.find(options.project))
    for reminder in services.sharing.reminders(project):
        output.note(str(reminder))
    target = services.sharing.target(options.out)
    path = services.sharing.export_page(project.id, target, with_prompts=not options.without_prompts)
    output.result({"project": project.id, "path": str(path.absolute())}, str(path.absolute()))


def open_file(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Take in an exported page."""
    project = services.sharing.take_in(options.file)
    output.result(_project_json(project), f"{project.summary.title} ({project.id})")


def doctor_command(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Tell what works here."""
    from studio import doctor  # noqa: PLC0415 - brings numpy, which no other command's start should wait for

    checks = doctor.examine(services)
    lines = []
    for check in checks:
        lines.append(f"{'ok  ' if check.ok else 'miss'}  {check.name}: {check.detail}")
        if not check.ok and check.mend:
            lines.append(f"      {check.mend}")
    output.result({"checks": [check.as_json() for check in checks]}, "\n".join(lines))


COMMANDS: Mapping[str, Command] = {
    "make": make,
    "edit": edit,
    "plan": plan,
    "projects": projects,
    "show": show,
    "timeline": timeline,
    "undo": undo,
    "redo": redo,
    "delete": delete,
    "restore": restore,
    "export": export,
    "open": open_file,
    "doctor": doctor_command,
}


def _plan_line(services: Services, line: str, seed: int) -> dict[str, Any]:
    """Return the answer to one line; a line that cannot be read gets one that says so."""
    begun = time.perf_counter()
    key: dict[str, Any] = {}
    try:
        request = json.loads(line, parse_constant=_refuse_constant)
        key = {"id": request["id"]} if isinstance(request, dict) and "id" in request else {}
        if not isinstance(request, dict) or not isinstance(request.get("prompt"), str):
            raise InputError(_LINE)
        given = request.get("blueprint")
        before = None if given is None else parse(json.dumps(given)).blueprint
        answer = services.builder.plan(request["prompt"], before, seed=seed)
        return {**key, **_plan_json(answer, before, time.perf_counter() - begun)}
    except (ValueError, RecursionError) as error:  # an InputError is a ValueError, too
        words = error.phrases if isinstance(error, StudioError) else (_LINE,)
        refused = Plan(
            action="clarify", say=Phrase(" ".join(map(str, words)).replace("{", "{{").replace("}", "}}"))
        )
        return {**key, **_plan_json(refused, None, time.perf_counter() - begun), "error": str(refused.say)}


_LINE = phrase("Each line is one JSON object with “prompt”, and may have “id” and “blueprint”.")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _check_out(services: Services, options: argparse.Namespace) -> None:
    """Refuse a page that could not be written before anything is made."""
    if options.out is not None:
        services.sharing.target(options.out)


def _no_model_yet(options: argparse.Namespace) -> None:
    if options.model:
        raise MissingError(
            phrase("This version makes apps without a model."),
            next=phrase("Leave --model out."),
            detail=options.model,
        )


def _print_made(services: Services, made: Made, options: argparse.Namespace, output: Output) -> None:
    path = None
    if options.out is not None and made.project is not None:
        path = services.sharing.export_page(made.project.id, services.sharing.target(options.out))
    data = _plan_json(made.plan, None, made.seconds)
    document = made.project.document if made.project else None
    if document is not None and document.blueprint is not None:
        data["blueprint"] = json.loads(to_json(document.blueprint))
    data["changed"] = list(made.changed)
    data["project"] = made.project.id if made.project else None
    data["path"] = str(path.absolute()) if path else None
    lines = [str(made.plan.say), *(f"  - {words}" for words in (*made.plan.changes, *made.plan.checks))]
    lines += [f"  ? {guess}" for guess in made.plan.guesses]
    if made.project:
        lines.append(f"{made.project.summary.title} ({made.project.id})")
    if path:
        lines.append(str(path.absolute()))
    output.result(data, "\n".join(lines))


def _plan_json(answer: Plan, before: Blueprint | None, seconds: float) -> dict[str, Any]:
    result = answer.blueprint
    changed: tuple[str, ...] = ()
    if before is not None and result is not None:
        changed = changed_pointers(before, result)
    data: dict[str, Any] = {
        "action": answer.action,
        "say": str(answer.say),
        "planner": answer.planner,
        "model": answer.model,
        "blueprint": json.loads(to_json(result)) if result is not None else None,
        "operations": [json.loads(to_json(operation)) for operation in answer.operations],
        "changed": list(changed),
        "checks": _texts(answer.checks),
        "seconds": round(seconds, 4),
        "project": None,
        "path": None,
    }
    if answer.guesses:
        data["guesses"] = list(answer.guesses)
    if answer.history:
        data["history"] = {"undo": answer.history}
    return data


def _texts(phrases: tuple[Phrase, ...]) -> list[str]:
    return [str(item) for item in phrases]


def _summary_json(summary: ProjectSummary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "title": summary.title,
        "icon": summary.icon,
        "palette": summary.palette,
        "changed_at": summary.changed_at.isoformat(),
        "deleted_at": summary.deleted_at.isoformat() if summary.deleted_at else None,
        "trusted": summary.trusted,
        "picture": str(summary.picture) if summary.picture else None,
    }


def _project_json(project: Project) -> dict[str, Any]:
    return {
        **_summary_json(project.summary),
        "steps": len(project.steps),
        "current": project.current + 1,
        "can_undo": project.can_undo,
        "can_redo": project.can_redo,
    }


def _print_moved(before: Project, after: Project, nothing: Phrase, output: Output) -> None:
    same = before.current == after.current
    data = {**_project_json(after), "changed": list(_changed(before, after))}
    output.result(data, str(nothing) if same else f"{after.step.number}. {after.step.words}")


def _changed(before: Project, after: Project) -> tuple[str, ...]:
    old, new = before.document.blueprint, after.document.blueprint
    return changed_pointers(old, new) if old is not None and new is not None else ()

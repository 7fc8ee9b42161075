"""Words: sentences of the services in the language of the window, days, errors."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from studio.errors import StorageError
from studio.phrases import Phrase, phrase
from ui.words import say, say_all, say_error, when

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC).astimezone()


@pytest.fixture
def english(qapp: object) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


class German(QTranslator):
    WORDS: ClassVar = {
        "Made “{title}” with {what}.": "„{title}“ mit {what} gemacht.",
        "{count} questions": "{count} Fragen",
        "A sentence about {name}.": "Ein Satz ueber {falsch}.",
    }

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return self.WORDS.get(source, source) if context == "studio" else source

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def german(qapp: object) -> Iterator[None]:
    translator = German()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_a_phrase_is_translated_with_the_phrases_inside_it(german: None) -> None:
    made = phrase("Made “{title}” with {what}.", title="Sharks", what=phrase("{count} questions", count=5))
    assert say(made) == "„Sharks“ mit 5 Fragen gemacht."


def test_a_translation_that_lost_a_name_does_not_lose_the_sentence(german: None) -> None:
    assert say(phrase("A sentence about {name}.", name="Ana")) == "A sentence about Ana."


@given(st.text(max_size=40))
def test_what_people_wrote_is_shown_as_it_is(words: str) -> None:
    assert say(phrase("“{title}” is in the trash", title=words)) == f"“{words}” is in the trash"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_plain_sentence_can_be_said(words: str) -> None:
    assert say(Phrase(words)) == words


def test_an_error_says_what_happened_and_what_is_safe() -> None:
    error = StorageError(
        phrase("The disk is full."), kept=phrase("Your app is safe."), next=phrase("Make room.")
    )
    assert say_error(error) == ("The disk is full.", "Your app is safe. Make room.")
    assert say_all(()) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Today, "),
        (1, "Yesterday"),
        (2, "Thursday"),
        (6, "Sunday"),
        (7, "14 November"),
        (400, "17 October 2025"),
    ],
)
def test_days_are_said_as_people_say_them(english: None, days: int, words: str) -> None:
    assert when(NOW - datetime.timedelta(days=days), NOW).startswith(words)


def test_a_clock_that_was_wrong_gives_today(english: None) -> None:
    assert when(NOW + datetime.timedelta(days=3), NOW).startswith("Today, ")

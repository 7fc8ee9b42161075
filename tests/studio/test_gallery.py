"""Finding starters: by words in any order, by filters, and honestly nothing where nothing fits."""

from __future__ import annotations

import pytest

from studio.builder.gallery import Gallery
from studio.builder.starters import AGES, TAGS, load_starters

STARTERS = load_starters()
GALLERY = Gallery(STARTERS)


def ids(**more: str) -> list[str]:
    return [starter.id for starter in GALLERY.find(**more)]


def test_nothing_asked_for_is_everything_in_its_order() -> None:
    assert ids() == [starter.id for starter in STARTERS]
    assert ids(words="  ") == ids()
    assert ids(words="an app about the") == ids()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("shark", "shark-quiz"),
        ("Sharks", "shark-quiz"),
        ("a quiz about sharks", "shark-quiz"),
        ("SPANISH", "spanish-animals"),
        ("españ", None),
        ("brush", "toothbrush-timer"),
        ("maths", "times-table-trainer"),
        ("asteroid", "dinosaur-quiz"),
        ("wheel", "chore-wheel"),
        ("cartilage", "shark-quiz"),
        ("world flip", "capital-cards"),
    ],
)
def test_words_find_what_is_meant(words: str, first: str | None) -> None:
    assert ids(words=words)[:1] == ([first] if first else [])


def test_all_words_have_to_fit_and_the_title_counts_most() -> None:
    quizzes = ids(words="quiz")
    assert {"planet-quiz", "dinosaur-quiz", "shark-quiz", "times-table-trainer"} <= set(quizzes)
    assert quizzes.index("shark-quiz") < quizzes.index("times-table-trainer")
    assert ids(words="quiz zebracorn") == []


def test_accents_and_case_do_not_matter() -> None:
    assert ids(words="pérro") == ids(words="PERRO") != []


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_keeps_its_own(tag: str) -> None:
    assert ids(tag=tag) == [starter.id for starter in STARTERS if tag in starter.tags]


@pytest.mark.parametrize("age", AGES)
def test_an_age_and_a_kind_keep_their_own(age: str) -> None:
    kept = GALLERY.find(age=age, kind="quiz")
    assert kept == tuple(s for s in STARTERS if age in s.ages and "quiz" in s.kinds)
    assert GALLERY.find(age=age)


def test_filters_and_words_work_together() -> None:
    assert ids(words="animals", tag="languages", age="8-10") == ["spanish-animals"]
    assert ids(words="animals", tag="languages", age="5-7", kind="timer") == []

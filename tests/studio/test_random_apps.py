"""A model that knows nothing writes whole apps: a sample of the hundred that benchmarks/random_apps.py writes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from benchmarks import random_apps
from studio.blueprints import normalise, parse

SAMPLE = (2, 25, 51, 74, 97)
"""Five of the hundred, of eight kinds of blocks, alone and in pairs: about a minute on two cores."""


@pytest.mark.slow
def test_random_weights_of_a_true_shape_write_whole_apps_held_to_the_schema(tmp_path: Path) -> None:
    for number, text in random_apps.write_all(tmp_path, SAMPLE):
        assert random_apps.problem(text) == "", number
        made = normalise(parse(text).blueprint)
        assert made.blocks, number
        assert {block.type for block in made.blocks} <= set(random_apps.kinds_of(number)), number

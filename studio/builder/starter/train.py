"""`python -m studio.builder.starter.train`: store the vectors of the labelled prompts, and what was trained on them.

Run it after a change of prompts.jsonl; a test fails when the two do not belong together.
"""

from __future__ import annotations

import sys
from pathlib import Path

from studio.builder.starter.neighbours import VECTORS, key_of, read_prompts
from studio.builder.starter.vocabulary import folder
from studio.engines.encoder import Encoder, find_encoder
from studio.engines.nearest import Labelled, store


def write_vectors(encoder: Encoder, place: Path) -> Path:
    """Write the vectors of the labelled prompts in `place` and return the file."""
    prompts = read_prompts(place)
    vectors = encoder.encode([prompt for prompt, _ in prompts])
    examples = Labelled.trained([label for _, label in prompts], vectors)
    store(place / VECTORS, examples, key=key_of(prompts))
    return place / VECTORS


def main() -> int:
    """Store the vectors; return the exit code."""
    encoder = find_encoder()
    if encoder is None:
        sys.stderr.write("The sentence encoder is not installed.\n")
        return 1
    target = write_vectors(encoder, folder())
    sys.stdout.write(f"{target} ({target.stat().st_size} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

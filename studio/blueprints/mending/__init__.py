"""Mend what a blueprint means where its shape is right but its meaning is not."""

from studio.blueprints.mending.normalise import normalise, normalise_block

__all__ = ["normalise", "normalise_block"]

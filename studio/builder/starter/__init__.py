"""The starter planner: from a wish to an app, or to a change of one, without a language model."""

from studio.builder.starter.planner import StarterPlanner

__all__ = ["StarterPlanner"]

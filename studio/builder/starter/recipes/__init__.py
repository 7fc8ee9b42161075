"""How to make each kind of block from what a wish says."""

from collections.abc import Callable, Mapping

from studio.builder.starter.recipes import ask, learn, play, tell, tools
from studio.builder.starter.recipes.part import Part, Slots

RECIPES: Mapping[str, Callable[[Slots], Part]] = {
    "quiz": learn.quiz,
    "flashcards": learn.flashcards,
    "story": tell.story,
    "chatbot": tell.chatbot,
    "pet": play.pet,
    "drawing": play.drawing,
    "timer": tools.timer,
    "checklist": tools.checklist,
    "calculator": tools.calculator,
    "converter": tools.converter,
    "picker": tools.picker,
    "memory": learn.memory,
    "arcade": play.arcade,
    "soundboard": play.soundboard,
    "poll": ask.poll,
    "journal": ask.journal,
    "classifier": ask.classifier,
    "texttool": tell.texttool,
    "counter": tools.counter,
    "note": tell.note,
}

__all__ = ["RECIPES", "Part", "Slots"]

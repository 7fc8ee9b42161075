"""The twenty blocks: each a finished mini-app, filled slot by slot."""

from studio.blueprints.blocks.ask import Classifier, ClassLabel, Journal, Note, Poll, PollQuestion
from studio.blueprints.blocks.learn import Card, Flashcards, Memory, MemoryPair, Question, Quiz
from studio.blueprints.blocks.play import Arcade, Drawing, Need, Pad, Pet, Soundboard
from studio.blueprints.blocks.tell import Chatbot, Choice, Page, Reply, Story, Texttool
from studio.blueprints.blocks.tools import (
    Calculator,
    CalculatorInput,
    Checklist,
    Converter,
    ConverterPair,
    Counter,
    CounterRow,
    Picker,
    Timer,
)

__all__ = [
    "Arcade",
    "Calculator",
    "CalculatorInput",
    "Card",
    "Chatbot",
    "Checklist",
    "Choice",
    "ClassLabel",
    "Classifier",
    "Converter",
    "ConverterPair",
    "Counter",
    "CounterRow",
    "Drawing",
    "Flashcards",
    "Journal",
    "Memory",
    "MemoryPair",
    "Need",
    "Note",
    "Pad",
    "Page",
    "Pet",
    "Picker",
    "Poll",
    "PollQuestion",
    "Question",
    "Quiz",
    "Reply",
    "Soundboard",
    "Story",
    "Texttool",
    "Timer",
]

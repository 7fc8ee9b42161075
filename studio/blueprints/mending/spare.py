"""What stands in a place that would otherwise be empty. Each says openly that it waits to be filled."""

from collections.abc import Mapping
from typing import Any

SPARE: Mapping[str, Any] = {
    "title": "My app",
    "questions": [
        {
            "ask": "Write your question here",
            "right": "The right answer",
            "wrong": ["A wrong answer"],
            "hint": "",
            "why": "",
        }
    ],
    "cards": [{"front": "Write the front here", "back": "Write the back here"}],
    "page": "Write this page.",
    "end": "The end",
    "name": "My friend",
    "persona": "Kind and short.",
    "greeting": "Hello!",
    "replies": [{"keys": ["hello"], "say": "Hello!"}],
    "needs": [{"label": "Hunger", "care": "Feed", "icon": "apple", "drain": "normal"}],
    "number": "Number",
    "answer": "Answer",
    "units": [{"frm": "cm", "to": "m", "factor": 0.01, "offset": 0}],
    "options": ["Yes", "No"],
    "button": "Go",
    "pairs": [{"a": "1", "b": "one"}, {"a": "2", "b": "two"}],
    "yes_no": ["Yes", "No"],
    "poll": [{"ask": "Write your question here", "kind": "one", "options": ["Yes", "No"]}],
    "labels": [
        {"name": "This", "icon": "check", "say": "I think it is this."},
        {"name": "Something else", "icon": "question", "say": "I think it is something else."},
    ],
    "model": "my-model",
    "language": "English",
    "counter": "Points",
    "note": "Write something here.",
}

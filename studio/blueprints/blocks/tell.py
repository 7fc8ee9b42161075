"""Blocks made of words: story, chatbot, text tool."""

from typing import Annotated, Literal

from studio.blueprints.base import Hint, Model, many, slot, switch, text
from studio.blueprints.choices import Icon, PageRef


class Choice(Model):
    """Hold one way on from a page of a story."""

    say: Annotated[str, text(80, "What you can choose")]
    goto: Annotated[PageRef, slot("Goes to page")]


class Page(Model):
    """Hold one page of a story; a page without choices is an end."""

    text: Annotated[str, text(400, "Words"), Hint(widget="text")]
    icon: Annotated[Icon, slot("Picture")]
    choices: Annotated[
        tuple[Choice, ...], many(0, 3, "Choices", "A page without choices is an end."), Hint(item="Choice")
    ]


class Story(Model):
    """Tell a story in which the reader chooses; page 1 starts, a missing page means the end."""

    type: Literal["story"]
    title: Annotated[str, text(60, "Name")]
    pages: Annotated[tuple[Page, ...], many(2, 12, "Pages"), Hint(item="Page")]


class Reply(Model):
    """Hold one answer and the words that call it up."""

    keys: Annotated[
        tuple[Annotated[str, text(24, "Word")], ...],
        many(1, 4, "When somebody says", "One to four words."),
        Hint(item="Word"),
    ]
    say: Annotated[str, text(200, "Answer"), Hint(widget="text")]


class Chatbot(Model):
    """Be a character to talk to; the replies also serve when no model is there."""

    type: Literal["chatbot"]
    title: Annotated[str, text(60, "Name")]
    name: Annotated[str, text(40, "Who it is")]
    icon: Annotated[Icon, slot("Picture")]
    persona: Annotated[str, text(300, "What it is like"), Hint(widget="text")]
    greeting: Annotated[str, text(160, "First words")]
    topics: Annotated[tuple[Annotated[str, text(40, "Topic")], ...], many(0, 6, "Topics"), Hint(item="Topic")]
    replies: Annotated[tuple[Reply, ...], many(1, 12, "Answers"), Hint(item="Answer")]
    model: Annotated[bool, switch("Use a model", "Without one it uses the answers above.")]


class Texttool(Model):
    """Send words to the local model with one fixed job."""

    type: Literal["texttool"]
    title: Annotated[str, text(60, "Name")]
    job: Annotated[
        Literal["translate", "summarise", "simplify", "rewrite", "rhyme", "explain", "spellcheck"],
        slot("Job"),
    ]
    target: Annotated[str, text(40, "Into what", "A language, or who it is for.", least=0)]
    length: Annotated[Literal["short", "medium", "long"], slot("How long")]
    example: Annotated[str, text(240, "Example", least=0), Hint(widget="text")]
    button: Annotated[str, text(24, "Word on the button")]

"""JSON pointers (RFC 6901): write one, read one, follow one."""

from collections.abc import Iterable
from typing import Any

Step = str | int


def pointer(steps: Iterable[Step]) -> str:
    """Return the pointer that goes these steps: `("blocks", 0, "title")` is `/blocks/0/title`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def steps(text: str) -> tuple[str, ...]:
    """Return the steps of a pointer, all as words; raise ValueError if it is none."""
    if text == "":
        return ()
    if not text.startswith("/"):
        raise ValueError(f"not a JSON pointer: {text!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def follow(data: Any, text: str) -> Any:
    """Return the value at the pointer in plain data; raise LookupError where it leads nowhere."""
    for step in steps(text):
        if isinstance(data, dict):
            data = data[step]
        elif isinstance(data, list | tuple):
            data = data[position(step)]
        else:
            raise LookupError(f"nothing below {step!r}")
    return data


def position(step: str) -> int:
    """Return the place in a list that a step names; raise LookupError if it names none."""
    if step != "0" and (not step.isascii() or not step.isdigit() or step.startswith("0")):
        raise LookupError(f"not a place in a list: {step!r}")
    return int(step)

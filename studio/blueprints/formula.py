"""Read the formula of a calculator, so that one which means nothing is found before somebody plays it.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = ("+" | "-")* atom
    atom    = digits ("." digits)? | "." digits | letter of a number that exists | "(" sum ")"

The runtime reads formulas the same way; nothing is ever evaluated as code.
"""

import re
from collections.abc import Sequence

_TOKEN = re.compile(r" *([0-9]+(?:\.[0-9]+)?|\.[0-9]+|[-+*/()abcd])")
LETTERS = "abcd"


def is_formula(text: str, inputs: int) -> bool:
    """Tell whether the text is a formula over the first `inputs` of the letters a, b, c, d."""
    try:
        work_out(text, [1.0] * inputs)
    except ValueError:
        return False
    return True


def work_out(text: str, values: Sequence[float]) -> float | None:
    """Return what a formula works out to; None where it divides by nothing, or gets too big to be a number.

    `values` are the numbers called a, b, c, d. Raise ValueError if the text is no formula over them.
    """
    reader = _Reader(_tokens(text), dict(zip(LETTERS, values, strict=False)))
    answer = reader.sum()
    if not reader.at_end:
        raise ValueError(f"something is left over: {text!r}")
    return answer if answer is not None and abs(answer) != float("inf") else None


def plain_formula(inputs: int) -> str:
    """Return the formula that adds all numbers up: `a+b`."""
    return "+".join(LETTERS[:inputs])


def _tokens(text: str) -> list[str]:
    tokens, position, text = [], 0, text.rstrip(" ")
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"not a sign of a formula: {text[position:]!r}")
        tokens.append(match[1])
        position = match.end()
    return tokens


class _Reader:
    """Walk through the tokens once and work the formula out; None goes on through what has no answer."""

    def __init__(self, tokens: list[str], values: dict[str, float]) -> None:
        self._tokens = tokens
        self._values = values
        self._next = 0

    @property
    def at_end(self) -> bool:
        return self._next == len(self._tokens)

    def _take(self, wanted: str) -> str:
        """Take the next token if it is one of the wanted signs; "" if not."""
        if self.at_end or self._tokens[self._next] not in tuple(wanted):
            return ""
        self._next += 1
        return self._tokens[self._next - 1]

    def sum(self) -> float | None:
        total = self._product()
        while sign := self._take("+-"):
            part = self._product()
            total = None if total is None or part is None else total + (part if sign == "+" else -part)
        return total

    def _product(self) -> float | None:
        total = self._signed()
        while sign := self._take("*/"):
            part = self._signed()
            if total is None or part is None or (sign == "/" and part == 0):
                total = None
            else:
                total = total * part if sign == "*" else total / part
        return total

    def _signed(self) -> float | None:
        negative = False
        while sign := self._take("+-"):
            negative ^= sign == "-"
        value = self._atom()
        return -value if negative and value is not None else value

    def _atom(self) -> float | None:
        if self._take("("):
            inside = self.sum()
            if not self._take(")"):
                raise ValueError("a bracket stays open")
            return inside
        if self.at_end:
            raise ValueError("it ends too early")
        token = self._tokens[self._next]
        self._next += 1
        if token in self._values:
            return self._values[token]
        return float(token)  # ValueError for a sign, or a letter that no number has

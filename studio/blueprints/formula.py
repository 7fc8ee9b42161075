"""Read the formula of a calculator, so that one which means nothing is found before somebody plays it.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = ("+" | "-")* atom
    atom    = digits ("." digits)? | "." digits | letter of a number that exists | "(" sum ")"

The runtime reads formulas the same way; nothing is ever evaluated as code.
"""

import re

_TOKEN = re.compile(r" *([0-9]+(?:\.[0-9]+)?|\.[0-9]+|[-+*/()abcd])")


def is_formula(text: str, inputs: int) -> bool:
    """Tell whether the text is a formula over the first `inputs` of the letters a, b, c, d."""
    tokens = _tokens(text)
    if tokens is None:
        return False
    reader = _Reader(tokens, "abcd"[:inputs])
    return reader.sum() and reader.at_end


def plain_formula(inputs: int) -> str:
    """Return the formula that adds all numbers up: `a+b`."""
    return "+".join("abcd"[:inputs])


def _tokens(text: str) -> list[str] | None:
    tokens, position, text = [], 0, text.rstrip(" ")
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        tokens.append(match[1])
        position = match.end()
    return tokens


class _Reader:
    """Walk through the tokens once; each step tells whether it found what it looked for."""

    def __init__(self, tokens: list[str], letters: str) -> None:
        self._tokens = tokens
        self._letters = letters
        self._next = 0

    @property
    def at_end(self) -> bool:
        return self._next == len(self._tokens)

    def _take(self, wanted: str) -> bool:
        if self.at_end or self._tokens[self._next] not in tuple(wanted):
            return False
        self._next += 1
        return True

    def sum(self) -> bool:
        if not self._product():
            return False
        while self._take("+-"):
            if not self._product():
                return False
        return True

    def _product(self) -> bool:
        if not self._sign():
            return False
        while self._take("*/"):
            if not self._sign():
                return False
        return True

    def _sign(self) -> bool:
        while self._take("+-"):
            pass
        return self._atom()

    def _atom(self) -> bool:
        if self._take("("):
            return self.sum() and self._take(")")
        if not self.at_end and (self._tokens[self._next][0] in "0123456789."):
            self._next += 1
            return True
        return self._take(self._letters)

"""What each token stands for, as bytes, read from a fast tokenizer whatever family it is of.

Text is put together from bytes and not through the tokenizer's own decoding: a letter may lie across
two tokens, and a stop string may begin in the middle of one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

_LONGEST_LOOSE_END = 4


class Vocabulary:
    """Turn text into tokens and tokens into bytes; wraps a `tokenizers.Tokenizer` or what holds one.

    Accepts transformers' fast tokenizers too (their `backend_tokenizer` is one).
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = getattr(tokenizer, "backend_tokenizer", tokenizer)
        data = json.loads(self._tokenizer.to_str())
        self._added = {
            int(item["id"]): (b"" if item["special"] else str(item["content"]).encode())
            for item in data.get("added_tokens", ())
        }
        nodes = tuple(_nodes(data.get("decoder")))
        self._spell = _speller({str(node.get("type")) for node in nodes})
        self.strips_first_space = any(_strips(node) for node in nodes)
        self._bytes: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """Return the number of tokens, added ones counted."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str) -> list[int]:
        """Return the tokens of `text` alone, without the ones that a model wants around a prompt."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def bytes_of(self, token: int) -> bytes:
        """Return what a token adds to the text; nothing for special tokens and ids that nobody has."""
        known = self._bytes.get(token)
        if known is None:
            known = self._bytes[token] = self._look_up(token)
        return known

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return tokens as text; bytes that are no UTF-8 become U+FFFD."""
        return b"".join(map(self.bytes_of, tokens)).decode("utf-8", "replace")

    def to_json(self) -> str:
        """Return tokenizer.json without padding and truncation."""
        data = json.loads(self._tokenizer.to_str())
        data["padding"] = data["truncation"] = None
        return json.dumps(data, ensure_ascii=False)

    @cached_property
    def all_bytes(self) -> tuple[bytes, ...]:
        """Return the bytes of every token, by id. Takes some 100 ms for a large vocabulary, once."""
        return tuple(map(self.bytes_of, range(self.size)))

    def loose_end(self, tokens: Sequence[int]) -> int:
        """Return how many of the last tokens might be others if the text went on: a longer token begins like them."""
        longest = 0
        for count in range(1, min(len(tokens), _LONGEST_LOOSE_END) + 1):
            end = b"".join(map(self.bytes_of, tokens[-count:]))
            if end and any(piece.startswith(end) and piece != end for piece in self.all_bytes):
                longest = count
        return longest

    def _look_up(self, token: int) -> bytes:
        if token in self._added:
            return self._added[token]
        piece = self._tokenizer.id_to_token(token)
        return b"" if piece is None else self._spell(piece)


def _nodes(decoder: Any) -> Iterator[dict[str, Any]]:
    if isinstance(decoder, dict):
        yield decoder
        for part in decoder.get("decoders", ()):
            yield from _nodes(part)


def _strips(node: dict[str, Any]) -> bool:
    if node.get("type") == "Strip":
        return node.get("content") == " " and int(node.get("start", 0)) > 0
    return node.get("type") == "Metaspace" and node.get("prepend_scheme", "always") != "never"


def _speller(kinds: set[str]) -> Callable[[str], bytes]:
    """Return how a piece of this family of tokenizers is spelt."""
    if "ByteLevel" in kinds:
        return _byte_level
    if "ByteFallback" in kinds or "Metaspace" in kinds:
        return _sentence_piece
    if "WordPiece" in kinds:
        return lambda piece: (piece[2:] if piece.startswith("##") else f" {piece}").encode()
    if "BPEDecoder" in kinds:
        return lambda piece: piece.replace("</w>", " ").encode()
    return lambda piece: piece.encode()


def _byte_letters() -> dict[str, int]:
    """Return the byte of each letter in byte-level pieces: printable Latin-1 is itself, the rest moved up.

    The table is GPT-2's (encoder.py, `bytes_to_unicode`), which every byte-level tokenizer follows.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {chr(value): value for value in plain}
    others = (value for value in range(256) if chr(value) not in letters)
    letters.update({chr(0x100 + place): value for place, value in enumerate(tuple(others))})
    return letters


_LETTERS = _byte_letters()


def _byte_level(piece: str) -> bytes:
    try:
        return bytes(_LETTERS[letter] for letter in piece)
    except KeyError:
        # put in later by hand, as it stands
        return piece.encode()


def _sentence_piece(piece: str) -> bytes:
    if len(piece) == 6 and piece.startswith("<0x") and piece.endswith(">"):
        return bytes([int(piece[3:5], 16)])
    return piece.replace("▁", " ").encode()

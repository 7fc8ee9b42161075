"""From tokens to text: whole letters, stop strings over any border, and every family of tokenizers."""

from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLTokenizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from studio.engines.adapters.loop.drafts import Draft, Lookup, Pace
from studio.engines.adapters.loop.stops import TextStream
from studio.engines.adapters.loop.vocabulary import Vocabulary
from tests.support.decoder_models import compact, example_paths, small_tokenizer

letters = st.text("abé🐸\n", max_size=30)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Return the data in pieces of the given sizes, and the rest."""
    ends = [0, *accumulate(sizes), len(data)]
    return [data[start:end] for start, end in pairwise(ends)]


def stopped_at(text: str, stops: list[str]) -> int | None:
    """Return where the stop string begins that is complete first, letter by letter; the longest of several."""
    for end in range(1, len(text) + 1):
        hits = [len(stop) for stop in stops if stop and text[:end].endswith(stop)]
        if hits:
            return end - max(hits)
    return None


@given(letters, st.lists(st.text("abé🐸", max_size=4), max_size=3), st.lists(st.integers(0, 5), max_size=30))
def test_text_ends_before_the_first_stop_however_it_is_cut(
    text: str, stops: list[str], sizes: list[int]
) -> None:
    stream = TextStream(stops)
    given_out = []
    for piece in cut(text.encode(), sizes):
        given_out.append(stream.push(piece))
        # nothing that was given out is ever part of a stop string
        assert text.startswith("".join(given_out))
    given_out.append(stream.finish())
    place = stopped_at(text, stops)
    assert stream.stopped == (place is not None)
    assert "".join(given_out) == text[:place] == stream.text


@given(st.binary(max_size=40), st.lists(st.integers(0, 4), max_size=40))
def test_any_bytes_come_out_as_whole_letters(data: bytes, sizes: list[int]) -> None:
    stream = TextStream()
    text = "".join(stream.push(piece) for piece in cut(data, sizes)) + stream.finish()
    # only the beginning of a last letter may be missing
    whole = data.decode("utf-8", "replace")
    assert whole.startswith(text) and len(whole) - len(text) <= 1
    text.encode()


def test_only_the_possible_beginning_of_a_stop_is_held_back() -> None:
    stream = TextStream(["</end>", "STOP"])
    assert stream.push(b"hello <") == "hello "
    assert stream.push(b"/e") == ""
    assert stream.push(b"lse") == "</else"
    assert stream.push(b" ST") == " "
    assert stream.push(b"OPnever") == ""
    assert stream.stopped and stream.push(b"more") == "" and stream.finish() == ""


def test_the_beginning_of_a_letter_waits_for_the_rest() -> None:
    stream = TextStream()
    frog = "🐸".encode()
    assert [stream.push(frog[:1]), stream.push(frog[1:3]), stream.push(frog[3:] + b"!")] == ["", "", "🐸!"]
    assert (stream.push(frog[:2]), stream.finish(), stream.text) == ("", "", "🐸!")


# ------------------------------------------------------------ vocabulary


def test_byte_level_tokens_are_spelt_as_llguidance_spells_them() -> None:
    tokenizer = small_tokenizer()
    vocabulary, other = Vocabulary(tokenizer), LLTokenizer(tokenizer.to_str(), eos_token=[0])
    assert vocabulary.bytes_of(0) == b""
    for token in range(1, vocabulary.size):
        if vocabulary.bytes_of(token) == b"\xff":
            # no text has this byte; llguidance marks special tokens with it
            continue
        assert vocabulary.bytes_of(token) == other.decode_bytes([token])
    text = compact(example_paths()[1]) + "ñ日本🐸"
    assert vocabulary.text_of(vocabulary.encode(text)) == text
    assert vocabulary.bytes_of(5000) == b""


def test_added_tokens_are_text_unless_they_are_special() -> None:
    tokenizer = Tokenizer.from_str(small_tokenizer().to_str())
    tokenizer.add_tokens(["<think ü>"])
    tokenizer.add_special_tokens(["<|tool|>"])
    vocabulary = Vocabulary(tokenizer)
    assert vocabulary.bytes_of(700) == "<think ü>".encode()
    assert vocabulary.bytes_of(701) == b""
    assert vocabulary.size == 702


def test_sentence_pieces_word_pieces_and_word_ends_are_spelt() -> None:
    pieces = {"<unk>": 0, "▁Hi": 1, "a": 2, "<0xC3>": 3, "<0x0A>": 4}
    sentence = Tokenizer(models.BPE(pieces, [], unk_token="<unk>", byte_fallback=True))
    sentence.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    vocabulary = Vocabulary(sentence)
    assert [vocabulary.bytes_of(token) for token in range(1, 5)] == [b" Hi", b"a", b"\xc3", b"\n"]
    assert vocabulary.strips_first_space
    words = Tokenizer(models.WordPiece({"[UNK]": 0, "play": 1, "##ing": 2}, unk_token="[UNK]"))
    words.decoder = decoders.WordPiece()
    assert Vocabulary(words).text_of([1, 2]) == " playing"
    ends = Tokenizer(models.BPE({"play": 0, "ing</w>": 1}, []))
    ends.decoder = decoders.BPEDecoder()
    assert Vocabulary(ends).text_of([0, 1, 0]) == "playing play"
    plain = Tokenizer(models.WordLevel({"a": 0, "?": 1}, unk_token="?"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    assert Vocabulary(plain).text_of([0, 1]) == "a?"
    assert not Vocabulary(plain).strips_first_space


def test_padding_and_truncation_do_not_reach_llguidance() -> None:
    tokenizer = Tokenizer.from_str(small_tokenizer().to_str())
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=9)
    made = Tokenizer.from_str(Vocabulary(tokenizer).to_json())
    assert made.truncation is None and made.padding is None


# ------------------------------------------------------------ drafts


def test_a_draft_goes_on_after_the_pointer_in_the_old_text() -> None:
    old = [1, 2, 3, 1, 2, 4, 1, 2, 5]
    lookup = Lookup(old, [1, 2, 9, 9])
    for token in (1, 2):
        lookup.see(token)
    first = lookup.find()
    assert first.tokens == tuple(old[2:])
    lookup.settle(first, 1)
    for token in (3, 1, 2):
        lookup.see(token)
    assert lookup.find().tokens == tuple(old[5:])


def test_without_an_old_text_the_longest_match_wins() -> None:
    lookup = Lookup([], [7, 1, 2, 30, 8, 1, 2, 40, 6, 7])
    for token in (1, 2):
        lookup.see(token)
    assert lookup.find().tokens[0] == 30
    assert Lookup([], [1]).find() == Draft()
    assert Lookup([], [1, 2, 3, 4]).find() == Draft()


def test_a_draft_is_as_long_as_it_pays() -> None:
    flat, steep = Pace({1: 1.0, 64: 1.0}), Pace({1: 1.0, 2: 2.0, 64: 64.0})
    draft = Draft(tuple(range(40)), "old 9", 0)
    assert flat.length(draft, 1)[0] == 40
    assert steep.length(draft, 1)[0] == 0
    pace = Pace({1: 1.0, 2: 1.0, 64: 10.0})
    lengths = [pace.length(draft, 2)[0]]
    for _ in range(6):
        pace.settle(draft, 10, 10)
        pace.spend(12, 11)
        lengths.append(pace.length(draft, 2)[0])
    assert lengths[-1] > lengths[0] > 0
    for _ in range(12):
        pace.settle(draft, 4, 0)
        pace.spend(6, 1)
    assert pace.length(draft, 2)[0] < lengths[0]
    assert pace.chance("old 9") < 0.5
    low = pace.chance("old 9")
    for _ in range(200):
        pace.settle(Draft(), 0, 0)
    assert pace.chance("old 9") > low


@given(st.integers(1, 200))
def test_the_cost_of_rows_grows_between_and_beyond_what_was_measured(rows: int) -> None:
    pace = Pace({1: 1.0, 4: 1.5, 16: 4.0})
    assert pace.cost(rows) <= pace.cost(rows + 1)
    assert Pace({1: 2.0}).cost(rows) == 2.0 * rows
    assert pace.cost(4) == 1.5 and pace.cost(10) == 2.75 and pace.cost(28) == 6.5

"""Write an answer with any `Forward`: read what is new, then pass after pass until the answer ends.

A pass runs the tokens that are decided but not in the cache yet ("pending": the last drawn token and
what the grammar forces after it) together with a draft of what may follow. Its rows are walked from the
first undecided place on: each token is drawn from its own row, and while it equals the draft the next
row counts too. So drafts change how many tokens a pass brings, never which tokens come. The grammar
takes decided tokens only and never goes back; the cache goes back by a smaller `start`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from studio.engines.adapters.base import Status
from studio.engines.adapters.context import no_room
from studio.engines.adapters.loop.answer import Answer, Best, best_of, common_prefix
from studio.engines.adapters.loop.budget import Budget
from studio.engines.adapters.loop.constraint import Array, Constraint, Grammars
from studio.engines.adapters.loop.drafts import MOST_ROWS, Draft, Drafter, Lookup, Pace
from studio.engines.adapters.loop.forward import Forward
from studio.engines.adapters.loop.sampling import RuleSampler, Sampler
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.base import Generation, GenerationRequest, OnDelta, Usage
from studio.errors import CancelledError, EngineError, InputError
from studio.jobs import CancelToken
from studio.phrases import Phrase, phrase


@dataclass(frozen=True)
class Shortcuts:
    """Say what saves passes: runs of forced tokens, guesses of what is nearly forced, matches with older text."""

    forced: bool = True
    guesses: bool = True
    matches: bool = True


@dataclass
class _Call:
    """Hold one call of `generate` while it runs."""

    request: GenerationRequest
    prompt: list[int]
    answer: Answer
    on_delta: OnDelta
    status: Status
    token: CancelToken
    begun: float
    drafter: Drafter | None = None
    read: float = 0.0
    reused: int = 0


class Decoder:
    """Write answers with one model; keeps the tokens in its cache, so a longer prompt is read from there on.

    `tokenizer` is a `tokenizers.Tokenizer`, what holds one as `backend_tokenizer`, or a `Vocabulary`;
    `eos_ids` are the tokens that end an answer. With `drafts` off, `shortcuts` still allow forced runs.
    """

    def __init__(
        self,
        forward: Forward,
        tokenizer: Any,
        *,
        eos_ids: Collection[int],
        drafts: bool = True,
        shortcuts: Shortcuts | None = None,
    ) -> None:
        self._forward = forward
        self._vocabulary = tokenizer if isinstance(tokenizer, Vocabulary) else Vocabulary(tokenizer)
        self._eos_ids = tuple(dict.fromkeys(eos_ids))
        self._shortcuts = shortcuts or Shortcuts()
        self._drafts = drafts and forward.rewinds
        self._grammars = Grammars(self._vocabulary, self._eos_ids, forward.vocabulary)
        self._cached: list[int] = []

    @property
    def cached_tokens(self) -> int:
        """Return how many tokens lie in the model's cache."""
        return len(self._cached)

    def warm(self) -> None:
        """Make what the first answer with a schema would wait for (0.6 s for 49,000 tokens)."""
        _ = self._grammars.tokenizer

    def forget(self) -> None:
        """Read the next prompt from its beginning: somebody else used the model's cache."""
        self._cached.clear()

    def generate(
        self,
        prompt_ids: Sequence[int],
        request: GenerationRequest,
        on_delta: OnDelta,
        status: Status,
        token: CancelToken,
        sampler: Sampler | None = None,
    ) -> Generation:
        """Write an answer to the tokens of a prompt; `sampler` takes the place of the request's sampling.

        `request.answer_start` is added to the prompt here. Tokens that the schema forces count as
        generated, with a probability of 1. Raises InputError for a schema that cannot be held and a
        prompt without room after it, EngineError (with the text so far) for logits that are no numbers.
        """
        began = time.perf_counter()
        start, begun = self._start(request.answer_start)
        prompt = [*prompt_ids, *start]
        room = self._forward.context - len(prompt)
        if not prompt_ids or room < 1 or request.max_tokens < 1:
            raise no_room()
        limit = min(request.max_tokens, room)
        constraint, budget = self._constraint(request, limit, start, begun)
        answer = Answer(
            request,
            self._vocabulary,
            sampler or self._sampler(request, prompt),
            eos_ids=self._eos_ids,
            limit=limit,
            constraint=constraint,
            budget=budget,
            begun=begun,
        )
        call = _Call(request, prompt, answer, on_delta, status, token, began)
        call.drafter = self._drafter(prompt, request, constraint)
        self._run(call)
        answer.flush(on_delta)
        return Generation(answer.text, answer.ending or "end", self._usage(call), notes=_notes(budget))

    # ------------------------------------------------------------ the parts of a request

    def _start(self, text: str) -> tuple[list[int], list[int]]:
        """Return the tokens of the answer's start that are read, and those that the model chooses again."""
        tokens = self._vocabulary.encode(text) if text else []
        firm = len(tokens) - self._vocabulary.loose_end(tokens)
        return tokens[:firm], tokens[firm:]

    def _constraint(
        self, request: GenerationRequest, limit: int, start: list[int], begun: list[int]
    ) -> tuple[Constraint | None, Budget | None]:
        if request.schema is None:
            return None, None
        constraint, budget = self._grammars.begin(request.schema, limit)
        tokens = [*start, *begun]
        if constraint.fits(tokens) < len(tokens):
            raise InputError(
                phrase("The answer's first words do not fit the form that it must have."),
                kept=phrase("Nothing was written."),
                next=phrase("Change the first words or the form."),
            )
        for token in start:
            constraint.consume(token)
        return constraint, budget

    def _sampler(self, request: GenerationRequest, prompt: Sequence[int]) -> Sampler:
        if request.schema is None or request.sampling.repetition_penalty == 1.0:
            return RuleSampler(request.sampling, prompt)
        # The prompt has the names that the answer must use again, and its signs must come again and again.
        return RuleSampler(request.sampling, spared=_signs(self._vocabulary, self._forward.vocabulary))

    def _drafter(
        self, prompt: Sequence[int], request: GenerationRequest, constraint: Constraint | None
    ) -> Drafter | None:
        if not self._drafts:
            return None
        lookup = None
        if self._shortcuts.matches:
            old = self._vocabulary.encode(request.draft_text) if request.draft_text else []
            lookup = Lookup(old, prompt)
        return Drafter(Pace(self._forward.row_costs), lookup, constraint, guesses=self._shortcuts.guesses)

    # ------------------------------------------------------------ reading and writing

    def _run(self, call: _Call) -> None:
        try:
            self._write(call)
            call.answer.finish()
        except CancelledError:
            call.answer.finish("cancelled")
        except EngineError as error:
            error.text = error.text or call.answer.text
            raise

    def _write(self, call: _Call) -> None:
        answer = call.answer
        call.token.check()
        seen = self._force(answer)
        if answer.is_over():
            # the schema allows one answer only
            return
        call.status.phase("reading")
        row = self._read([*call.prompt, *seen], call)
        call.read = time.perf_counter()
        call.status.phase("writing")
        pending = self._decide(answer, row)
        seen += pending
        while not answer.is_over():
            answer.flush(call.on_delta)
            call.token.check()
            if call.drafter:
                call.drafter.see(seen)
            pending, seen = self._pass(call, pending)

    def _force(self, answer: Answer) -> list[int]:
        return answer.force() if self._shortcuts.forced else []

    def _read(self, tokens: list[int], call: _Call) -> torch.Tensor:
        """Bring all tokens into the cache and return the logits [1, vocabulary] after the last."""
        reused = min(common_prefix(self._cached, tokens), len(tokens) - 1)
        if reused < len(self._cached) and not self._forward.rewinds:
            reused = 0
        call.reused = reused
        return self._read_on(tokens[reused:], reused, call)

    def _read_on(self, tokens: list[int], start: int, call: _Call) -> torch.Tensor:
        del self._cached[start:]

        def between(done: int) -> None:
            self._cached[start:] = tokens[:done]
            if not call.read:
                call.status.progress(done, len(tokens))
            call.token.check()

        row = self._forward.read(tokens, start, between)
        self._cached[start:] = tokens
        return row.float().cpu().reshape(1, -1)

    def _pass(self, call: _Call, pending: list[int]) -> tuple[list[int], list[int]]:
        """Run one pass; return the new pending tokens and all tokens that were decided."""
        answer, start = call.answer, len(self._cached)
        answer.counts.passes += 1
        if len(pending) > MOST_ROWS:
            pending = self._decide(answer, self._read_on(pending, start, call))
            return pending, pending
        room = min(self._forward.context - start - len(pending), answer.left - 1)
        draft = call.drafter.propose(len(pending), room) if call.drafter else Draft()
        rows = self._forward.rows([*pending, *draft.tokens], start)[len(pending) - 1 :].float().cpu()
        rest, decided = self._walk(answer, rows, draft.tokens)
        accepted = len(decided) - len(rest)
        self._cached += [*pending, *decided[:accepted]]
        answer.counts.drafted += len(draft.tokens)
        answer.counts.accepted += accepted
        if call.drafter:
            call.drafter.settle(draft, accepted, len(pending), len(decided))
        return rest, decided

    def _walk(self, answer: Answer, rows: torch.Tensor, draft: Sequence[int]) -> tuple[list[int], list[int]]:
        """Decide tokens row by row while they equal the draft; return the ones beyond it, and all."""
        best = best_of(rows)
        decided: list[int] = []
        same = 0
        while same == len(decided) and same <= len(draft) and not answer.is_over():
            decided += self._decide(answer, rows[same : same + 1], best[same : same + 1])
            same += common_prefix(decided[same:], draft[same:])
        return decided[same:], decided

    def _decide(self, answer: Answer, row: torch.Tensor, best: Sequence[Best] = ()) -> list[int]:
        """Return the token drawn from one row [1, vocabulary] and what is forced after it."""
        drawn = answer.choose(row[0], (best or best_of(row))[0])
        return drawn + self._force(answer)

    def _usage(self, call: _Call) -> Usage:
        counts, now = call.answer.counts, time.perf_counter()
        read = call.read or now
        return Usage(
            prompt_tokens=len(call.prompt),
            reused_tokens=min(call.reused, len(call.prompt)),
            generated_tokens=counts.generated,
            forced_tokens=counts.forced,
            drafted_tokens=counts.drafted,
            accepted_tokens=counts.accepted,
            passes=counts.passes,
            prompt_s=read - call.begun,
            generate_s=now - read,
        )


def _notes(budget: Budget | None) -> tuple[Phrase, ...]:
    if budget is None or budget.limit >= budget.lengths.floor:
        return ()
    return (
        phrase(
            "There was room for {limit} tokens only. The shortest whole answer takes about {floor}.",
            limit=budget.limit,
            floor=budget.lengths.floor,
        ),
    )


def _signs(vocabulary: Vocabulary, width: int) -> Array:
    """Return which tokens have no letter and no digit, bool [width]."""
    signs: Array = torch.zeros(width, dtype=torch.bool).numpy()
    for token, piece in enumerate(vocabulary.all_bytes[:width]):
        signs[token] = not any(letter.isalnum() for letter in piece.decode("utf-8", "replace"))
    return signs

"""Run jobs on threads, in lanes, so that a slow kind of work never holds up another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from studio import logs
from studio.errors import CancelledError, StudioError
from studio.jobs.job import CancelToken, Job, Progress, Sink, Work
from studio.phrases import phrase

LANES = {"engine": 1, "disk": 1, "network": 4, "picture": 1}
"""How many jobs of each lane run at the same time; the rest wait their turn."""

log = logs.get("jobs")


class JobRunner:
    """Start jobs and see that each has exactly one ending."""

    def __init__(self) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(width, thread_name_prefix=f"job-{lane}") for lane, width in LANES.items()
        }
        self._lock = threading.Lock()
        self._tokens: set[CancelToken] = set()
        self._closed = False

    def start(self, work: Work[Any], *, lane: str, sink: Sink) -> Job:
        """Queue `work` in `lane`; `sink` gets its progress and its one ending, on the job's thread.

        The endings are ("done", result), ("failed", StudioError) and ("cancelled", None).
        """
        token = CancelToken()
        with self._lock:
            if self._closed:
                raise RuntimeError("the runner is closed")
            self._tokens.add(token)
            future = self._pools[lane].submit(self._run, work, token, sink)
        return Job(future, token)

    def _run(self, work: Work[Any], token: CancelToken, sink: Sink) -> None:
        def report(progress: Progress) -> None:
            sink("progress", progress)

        try:
            token.check()
            ending: tuple[str, Any] = ("done", work(token, report))
        except CancelledError:
            ending = ("cancelled", None)
        except StudioError as error:
            log.info("a job failed: %s %s", error, error.detail)
            ending = ("failed", error)
        except Exception as error:  # border: whatever a job raises must reach the user as words
            log.exception("a job broke")
            ending = ("failed", unexpected(error))
        finally:
            with self._lock:
                self._tokens.discard(token)
        sink(*ending)

    def close(self) -> None:
        """Take no more jobs, stop those that run, and wait until the last has ended."""
        with self._lock:
            self._closed = True
            tokens = tuple(self._tokens)
        for token in tokens:
            token.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=True)


def unexpected(error: BaseException) -> StudioError:
    """Return the words for an error that nobody foresaw; the details stay in the log."""
    return StudioError(
        phrase("Something in the studio broke."),
        kept=phrase("Your work is safe."),
        next=phrase("Try it once more."),
        detail=f"{type(error).__name__}: {error}",
    )

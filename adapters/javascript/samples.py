"""Samples of the runs in processes that served before: repeated in a fresh process, which must give the same.

Runs that ended by themselves are repeated, in the background and one at a time. A difference means that an earlier run
has affected a later one: a fault of the sandbox, which is logged without the run's content, and counted.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from adapters.javascript.child_output import Transcript, transcribe
from adapters.javascript.launch import ZygoteStartFailed
from adapters.javascript.pool import ZygotePool
from adapters.javascript.run_request import RunRequest
from domain.limits import Limits

log: Final = logging.getLogger(__name__)


class Sampler:
    """Repeats one in `every` runs; `sampled` is called with whether the repetition gave the same."""

    def __init__(self, every: int, sampled: Callable[[bool], None]) -> None:
        self._every, self._sampled = every, sampled
        self._offered = 0
        self._repetition: asyncio.Task[None] | None = None

    def offer(
        self, pool: ZygotePool, request: Callable[[], RunRequest], transcript: Transcript, limits: Limits
    ) -> None:
        """Offer a run; it is repeated if it is one in so many and none is being repeated."""
        self._offered += 1
        if self._offered >= self._every and (self._repetition is None or self._repetition.done()):
            self._offered = 0
            self._repetition = asyncio.create_task(self._repeat(pool, request(), transcript, limits))

    async def close(self) -> None:
        """End the repetition that is under way."""
        if self._repetition is not None:
            self._repetition.cancel()
            await asyncio.gather(self._repetition, return_exceptions=True)

    async def _repeat(self, pool: ZygotePool, request: RunRequest, transcript: Transcript, limits: Limits) -> None:
        try:
            async with pool.acquire() as zygote:
                done = await zygote.run(request)
        except ZygoteStartFailed as error:
            log.warning("a run could not be repeated in a fresh process: %s", error)
            return
        if done is None or done.facts.deadline_exceeded:  # lost or slow: this says nothing of the run before
            return
        is_same = transcribe(done.answer, limits) == transcript
        if not is_same:
            log.error("a run in a fresh process gave something else than the same run in a process that served before")
        self._sampled(is_same)

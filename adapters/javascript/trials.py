"""Ports `RunTrial` and `CheckTrial`: a sandbox with few slots for what clients wait for, apart from all others.

A trial waits for a slot only so long, and holds it no longer than its limits allow, so what never ends delays later
trials and affects nothing else. Each runs in a fresh process: a source that is being edited is rarely run twice, and a
process waits for it, forked beforehand.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from attrs import frozen
from returns.result import Failure, Result

from adapters.javascript.runner import JavaScriptSandbox
from application.ports.sandbox import NotRunnable, RunFailure, SandboxBusy, Trial
from domain.engine import EngineName
from domain.limits import Limits
from domain.outcome import Run
from domain.versions import Source
from domain.warnings import SourceWarning

_T = TypeVar("_T")
_E = TypeVar("_E")


@frozen
class TrialPolicy:
    """The trials that run at once, and the seconds that one waits for its turn.

    Two, so that one that does not end leaves a slot to all others, and trials take no more than two cores from what a
    process does besides. The wait outlasts the 5 seconds of a preview's run, so an endless one delays the next and
    refuses none.
    """

    slots: int = 2
    wait_seconds: float = 6


TRIAL_POLICY: Final = TrialPolicy()


class TrialSandbox:
    """The slots for trials in a sandbox that has as many zygotes of each kind, so that a trial with a slot waits no
    more."""

    def __init__(self, sandbox: JavaScriptSandbox, policy: TrialPolicy = TRIAL_POLICY) -> None:
        self._sandbox, self._wait_seconds = sandbox, policy.wait_seconds
        self._slots = asyncio.Semaphore(policy.slots)

    async def run(self, trial: Trial) -> Result[Run, RunFailure | SandboxBusy]:
        """Implement the port `RunTrial`."""
        return await self._in_slot(lambda: self._sandbox.run_trial(trial))

    async def check(
        self, source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable | SandboxBusy]:
        """Implement the port `CheckTrial`. Raises `Unavailable` as the check of an upload does."""
        return await self._in_slot(lambda: self._sandbox.check(source, limits, engine))

    async def _in_slot(self, work: Callable[[], Awaitable[Result[_T, _E]]]) -> Result[_T, _E | SandboxBusy]:
        async with self._slot() as is_free:
            return await work() if is_free else Failure(SandboxBusy())

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[bool]:
        """Provide a slot, or False if none became free in time."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            self._slots.release()

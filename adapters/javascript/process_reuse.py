"""Reuse of confined processes: a run gets an idle process of its affinity if there is one, and a fresh one otherwise.

A process serves runs of one affinity only, and none after a run that did not succeed: its user says so by not keeping
it. An idle process is ended after a while, when others need its room, or with its zygote.
"""

import asyncio
from time import monotonic
from uuid import UUID

from attrs import frozen

from adapters.javascript.confined_process import ConfinedProcess, RunExit
from adapters.javascript.run_request import RunRequest
from adapters.javascript.warm_processes import ReusePolicy, WarmProcesses
from adapters.javascript.zygote_client import ZygoteClient
from domain.execution import Submission


@frozen(cache_hash=True)
class Affinity:
    """The runs that may share a process: those of one version, on one engine, submitted with one API key."""

    script_id: UUID
    version: int
    engine: str
    api_key_id: UUID | None


def affinity_of(submission: Submission) -> Affinity:
    """Return the affinity of a submission's run."""
    script = submission.script
    return Affinity(script.id, script.version, script.engine, submission.attribution.submitted_by)


@frozen
class IdleProcesses:
    """The number of idle processes, and the bytes that they hold at most."""

    count: int
    held_bytes: int


@frozen(eq=False)
class _Warm:
    """A process that has served, and its zygote. It equals no other."""

    zygote: ZygoteClient
    process: ConfinedProcess

    def end(self) -> None:
        """End the process."""
        self.zygote.end(self.process)


class ProcessReuse:
    """The idle processes of a pool. `close` it before its zygotes."""

    def __init__(self, policy: ReusePolicy) -> None:
        self._policy = policy
        self._idle: WarmProcesses[_Warm] = WarmProcesses(policy.idle_bytes, policy.idle_seconds)
        self._next_sweep: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> IdleProcesses:
        """The idle processes."""
        return IdleProcesses(len(self._idle), self._idle.held_bytes)

    def take(self, affinity: Affinity, request: RunRequest) -> _Warm | None:
        """Take an idle process that can do the request; those of its affinity that cannot are ended."""
        while (warm := self._idle.take(affinity)) is not None:
            if warm.process.can_take(request):
                return warm
            warm.end()
        return None

    def put(self, warm: _Warm, affinity: Affinity) -> None:
        """Keep a process for another run of its affinity, unless it has served enough or has grown too much."""
        if warm.process.runs >= self._policy.runs or warm.process.has_grown(self._policy.growth_bytes):
            warm.end()
            return
        self._end(self._idle.put(warm, affinity, warm.process.private_bytes(), monotonic()))
        if self._next_sweep is None and len(self._idle):
            self._schedule_sweep(self._policy.idle_seconds)

    def end_all_of(self, zygote: ZygoteClient) -> None:
        """End the idle processes of a zygote."""
        self._end(self._idle.remove_if(lambda warm: warm.zygote is zygote))

    def close(self) -> None:
        """End every idle process."""
        if self._next_sweep is not None:
            self._next_sweep.cancel()
        self._end(self._idle.remove_if(lambda warm: True))

    def _sweep(self) -> None:
        self._end(self._idle.expire(monotonic()))
        self._next_sweep = None
        if len(self._idle):
            self._schedule_sweep(self._policy.idle_seconds / 4)

    def _schedule_sweep(self, seconds: float) -> None:
        self._next_sweep = asyncio.get_running_loop().call_later(seconds, self._sweep)

    def _end(self, processes: list[_Warm]) -> None:
        for warm in processes:
            warm.end()


class LentProcess:
    """A process for one run: an idle one, or a fresh one of the given zygote if there is none.

    `end` it in any case: it ends unless it is kept.
    """

    def __init__(self, reuse: ProcessReuse, zygote: ZygoteClient, affinity: Affinity) -> None:
        self._reuse, self._zygote, self._affinity = reuse, zygote, affinity
        self._warm: _Warm | None = None
        self._stays = self._is_reused = False

    @property
    def is_reused(self) -> bool:
        """True if the process had served a run before this one."""
        return self._is_reused

    @property
    def received(self) -> bytearray:
        """The bytes that have come so far of the run under way."""
        return bytearray() if self._warm is None else self._warm.process.received

    async def run(self, request: RunRequest) -> RunExit | None:
        """Do the run; None if the zygote of a fresh process was lost over it. Cancelling ends the process."""
        while (warm := self._reuse.take(self._affinity, request)) is not None:
            if (done := await self._run_in(warm, request)) is not None:
                return done
            warm.end()  # it was lost before it began, as when the kernel was short of memory
        return await self._run_in(_Warm(self._zygote, self._zygote.take()), request)

    async def _run_in(self, warm: _Warm, request: RunRequest) -> RunExit | None:
        self._warm, self._is_reused = warm, warm.process.runs > 0
        done = await warm.zygote.run_in(warm.process, request)
        self._stays = done is not None and done.stays
        return done

    def end(self) -> None:
        """End the process, unless it is kept."""
        if self._warm is not None:
            self._warm.end()

    def keep(self) -> None:
        """Keep the process for another run: this one succeeded."""
        if self._stays and self._warm is not None:
            self._reuse.put(self._warm, self._affinity)
            self._warm = None

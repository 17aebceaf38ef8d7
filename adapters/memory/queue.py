"""The port `Queue` of the store in memory."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from attrs import evolve

from adapters.memory.ends import MemoryEnds
from adapters.memory.rows import NO_LOGS, ExecutionRow, script_of
from adapters.memory.scripts import MemoryScripts
from application.ports.queue import Claimed, Completion, Release
from application.ports.system import Clock
from domain.execution import Failed, Finished, Pending, Running


class MemoryQueue:
    """The port `Queue`. At most `script_runs` of a script are started at once; 0 is no cap."""

    def __init__(
        self,
        kept: dict[UUID, ExecutionRow],
        scripts: MemoryScripts,
        ends: MemoryEnds,
        clock: Clock,
        lease: timedelta,
        script_runs: int,
    ) -> None:
        self._kept, self._scripts, self._ends, self._clock, self._lease = kept, scripts, ends, clock, lease
        self._script_runs = script_runs
        self._served = {False: UUID(int=0), True: UUID(int=0)}

    async def claim(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        return await self._claim_in_turn(self._in_turn(excluded_engines, replays=False)[:count], start)

    async def claim_replays(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        return await self._claim_in_turn(self._in_turn(excluded_engines, replays=True)[:count], start)

    async def _claim_in_turn(
        self, chosen: Sequence[Pending], start: Callable[[Pending, datetime], Running]
    ) -> Sequence[Claimed]:
        # all are started before any is stored, since `start` may raise
        started = [start(pending, self._clock()) for pending in chosen]
        claimed = [await self._claim(running) for running in started]
        if claimed:
            last = claimed[-1].running.submission
            self._served[last.replay_of is not None] = last.script.id
        return claimed

    def _in_turn(self, excluded_engines: Collection[str], replays: bool) -> list[Pending]:
        oldest_first = [kept.execution for _, kept in sorted(self._kept.items(), key=lambda item: item[0])]
        runs = Counter(script_of(one) for one in oldest_first if isinstance(one, Running))
        waiting = defaultdict[UUID, list[Pending]](list)
        for one in oldest_first:
            script = script_of(one)
            if one.submission.script.engine in excluded_engines or replays is (one.submission.replay_of is None):
                continue
            if isinstance(one, Pending) and (not self._script_runs or runs[script] < self._script_runs):
                waiting[script].append(one)
                runs[script] += 1
        turns = sorted(waiting, key=lambda script: (script <= self._served[replays], script))
        rounds = zip_longest(*(waiting[script] for script in turns))
        return [pending for each in rounds for pending in each if pending is not None]

    async def _claim(self, running: Running) -> Claimed:
        reference = running.submission.script
        version = await self._scripts.version(reference.id, reference.version)
        assert version is not None, "an execution refers to a version"
        kept = self._kept[running.submission.id]
        assert kept.dataset is not None, "only what has ended loses it"
        self._kept[running.submission.id] = evolve(kept, execution=running, leased_until=self._clock() + self._lease)
        return Claimed(running, version.source, kept.dataset, version.warnings)

    async def finish(self, completions: Sequence[Completion]) -> frozenset[UUID]:
        stale = frozenset(one.claim_id for one in completions if not self._settle(one.claim_id, one.execution, one))
        self._ends.record([one.execution for one in completions if one.claim_id not in stale])
        return stale

    async def release(self, releases: Sequence[Release]) -> frozenset[UUID]:
        return frozenset(one.claim_id for one in releases if not self._settle(one.claim_id, one.execution, None))

    def _settle(self, claim_id: UUID, execution: Finished | Pending, ending: Completion | None) -> bool:
        kept = self._held_by(claim_id)
        if kept is None:
            return False
        logs, result = (ending.logs, ending.result) if ending else (NO_LOGS, None)
        self._kept[execution.submission.id] = ExecutionRow(execution, kept.dataset, logs, result)
        return True

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        lost = frozenset(running.claim.id for running in held if self._held_by(running.claim.id) is None)
        for running in held:
            if running.claim.id not in lost:
                kept = self._kept[running.submission.id]
                self._kept[running.submission.id] = evolve(kept, leased_until=self._clock() + self._lease)
        return lost

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        now = self._clock()
        expired = [kept for kept in self._kept.values() if kept.leased_until is not None and kept.leased_until < now]
        lost = [lose(kept.execution, now) for kept in expired[:count] if isinstance(kept.execution, Running)]
        for execution in lost:
            kept = self._kept[execution.submission.id]
            logs = kept.live_log if isinstance(execution, Failed) else NO_LOGS
            self._kept[execution.submission.id] = ExecutionRow(execution, kept.dataset, logs)
        self._ends.record([execution for execution in lost if isinstance(execution, Failed)])
        return lost

    def _held_by(self, claim_id: UUID) -> ExecutionRow | None:
        return next(
            (
                kept
                for kept in self._kept.values()
                if isinstance(kept.execution, Running) and kept.execution.claim.id == claim_id
            ),
            None,
        )

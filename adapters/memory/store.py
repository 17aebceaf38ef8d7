"""All of them over one another, and the ports of executions."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final
from uuid import UUID

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from adapters.memory.idempotency import MemoryKeys
from adapters.memory.scripts import MemoryScripts
from application.endings import WatchedEndings
from application.messages import Claimed, Ending, ExecutionFilter, Outdated, Report, Return, Taken
from application.ports import Clock
from domain.audit import NOBODY, Action, Actor, to_execution
from domain.body import Body
from domain.execution import Execution, Failed, Finished, Pending, Running, Succeeded, Unfinished, state_of
from domain.outcome import Logs
from domain.retention import Retention, in_place_of

_NO_LOGS: Final = Logs()


@frozen
class _Kept:
    execution: Execution
    dataset: Body | None
    logs: Logs = _NO_LOGS
    result: Body | None = None
    leased_until: datetime | None = None


class MemoryStore:
    """One process's `audit`, `api_keys`, `scripts`, `executions`, `keys`, `queue`, `expired` and `endings`."""

    def __init__(
        self,
        clock: Clock,
        lease: timedelta,
        wake: Callable[[], None] = lambda: None,
        script_runs: int = 0,
        keys_kept_for: timedelta = timedelta(days=1),
    ) -> None:
        kept: dict[UUID, _Kept] = {}
        self.audit: Final = MemoryAudit(clock)
        self.api_keys: Final = MemoryApiKeys(self.audit)
        self.scripts: Final = MemoryScripts(self.audit)
        self.endings: Final = WatchedEndings()
        self.executions: Final = MemoryExecutions(kept, self.endings, wake, self.audit)
        self.keys: Final = MemoryKeys(self.executions, clock, keys_kept_for)
        self.expired: Final = MemoryExpired(kept, self.scripts, self.keys, clock, self.audit)
        self.queue: Final = MemoryQueue(kept, self.scripts, self.endings, clock, lease, script_runs)


class MemoryExecutions:
    """The port `Executions`."""

    def __init__(
        self, kept: dict[UUID, _Kept], endings: WatchedEndings, wake: Callable[[], None], audit: MemoryAudit
    ) -> None:
        self._kept, self._endings, self._wake, self._audit = kept, endings, wake, audit

    async def add(self, pending: Pending, dataset: Body, by: Actor = NOBODY) -> None:
        self._kept[pending.submission.id] = _Kept(pending, dataset)
        self._audit.record(to_execution(Action.SUBMITTED, pending.submission, by))
        self._wake()

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = NOBODY) -> Result[None, Outdated]:
        kept = self._kept[read.submission.id]
        if kept.execution != read:
            return Failure(Outdated())
        self._kept[read.submission.id] = _Kept(failed, kept.dataset)
        self._audit.record(to_execution(Action.CANCELLED, read.submission, by))
        self._endings.announce([read.submission.id])
        return Success(None)

    async def remove_content(self, removed: Finished, by: Actor = NOBODY) -> None:
        kept = self._kept.get(removed.submission.id)
        if kept is not None and _has_content(kept.execution):
            self._kept[removed.submission.id] = _Kept(removed, None)
            self._audit.record(to_execution(Action.REMOVED_CONTENT, removed.submission, by))

    async def report(self, execution_id: UUID, result_up_to: int) -> Report | None:
        kept = self._kept.get(execution_id)
        if kept is None:
            return None
        fits = kept.result is not None and kept.result.digest.size_bytes <= result_up_to
        return Report(kept.execution, kept.logs, kept.result if fits else None)

    async def dataset(self, execution_id: UUID) -> Body | None:
        kept = self._kept.get(execution_id)
        return None if kept is None else kept.dataset

    async def result(self, execution_id: UUID) -> Body | None:
        kept = self._kept.get(execution_id)
        return None if kept is None else kept.result

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        newest_first = sorted(self._kept.items(), reverse=True, key=lambda item: item[0])
        shown = (kept.execution for key, kept in newest_first if before is None or key < before)
        return [execution for execution in shown if _shows(wanted, execution)][:limit]

    async def waiting(self, up_to: int) -> int:
        return min(up_to, sum(isinstance(kept.execution, Pending) for kept in self._kept.values()))


class MemoryExpired:
    """The port `ExpiredExecutions`."""

    def __init__(
        self, kept: dict[UUID, _Kept], scripts: MemoryScripts, keys: MemoryKeys, clock: Clock, audit: MemoryAudit
    ) -> None:
        self._kept, self._scripts, self._keys, self._clock, self._audit = kept, scripts, keys, clock, audit

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> Taken:
        general = Retention(content=kept_for)
        old = self._expired(first, lambda own: in_place_of(own, general).content)
        removed = [remove(one, self._clock()) for one in old if _has_content(one)][:count]
        for one in removed:
            self._kept[one.submission.id] = _Kept(one, None)
            self._audit.record(to_execution(Action.REMOVED_CONTENT, one.submission, NOBODY))
        return _taken(removed, count)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> Taken:
        general = Retention(rows=kept_for)
        deleted = self._expired(first, lambda own: in_place_of(own, general).rows)[:count]
        for one in deleted:
            del self._kept[one.submission.id]
            self._keys.forget(one.submission.id)
        return _taken(deleted, count)

    def _expired(self, first: UUID, kept_for: Callable[[Retention], timedelta | None]) -> list[Finished]:
        """Script by script, and the oldest of each first."""
        old = []
        for kept in self._kept.values():
            one = kept.execution
            if isinstance(one, Succeeded | Failed) and _script_of(one) >= first:
                long = kept_for(self._scripts.retention_of(_script_of(one)))
                old += [one] if long is not None and one.finished_at < self._clock() - long else []
        return sorted(old, key=lambda one: (_script_of(one), one.submission.id))


def _taken(batch: Sequence[Finished], count: int) -> Taken:
    return Taken(len(batch), _script_of(batch[-1]) if len(batch) == count else None)


class MemoryQueue:
    """The port `Queue`. At most `script_runs` of a script are started at once; 0 is no cap."""

    def __init__(
        self,
        kept: dict[UUID, _Kept],
        scripts: MemoryScripts,
        endings: WatchedEndings,
        clock: Clock,
        lease: timedelta,
        script_runs: int,
    ) -> None:
        self._kept, self._scripts, self._endings, self._clock, self._lease = kept, scripts, endings, clock, lease
        self._script_runs = script_runs
        self._served = UUID(int=0)

    async def claim(self, count: int, start: Callable[[Pending, datetime], Running]) -> Sequence[Claimed]:
        # all are started before any is kept, since `start` may raise
        started = [start(pending, self._clock()) for pending in self._in_turn()[:count]]
        claimed = [await self._claim(running) for running in started]
        if claimed:
            self._served = claimed[-1].running.submission.script.id
        return claimed

    def _in_turn(self) -> list[Pending]:
        oldest_first = [kept.execution for _, kept in sorted(self._kept.items(), key=lambda item: item[0])]
        runs = Counter(_script_of(one) for one in oldest_first if isinstance(one, Running))
        waiting = defaultdict[UUID, list[Pending]](list)
        for one in oldest_first:
            script = _script_of(one)
            if isinstance(one, Pending) and (not self._script_runs or runs[script] < self._script_runs):
                waiting[script].append(one)
                runs[script] += 1
        turns = sorted(waiting, key=lambda script: (script <= self._served, script))
        rounds = zip_longest(*(waiting[script] for script in turns))
        return [pending for each in rounds for pending in each if pending is not None]

    async def _claim(self, running: Running) -> Claimed:
        reference = running.submission.script
        version = await self._scripts.version(reference.id, reference.version)
        assert version is not None, "an execution refers to a version"
        kept = self._kept[running.submission.id]
        assert kept.dataset is not None, "only what has ended loses it"
        self._kept[running.submission.id] = evolve(kept, execution=running, leased_until=self._clock() + self._lease)
        return Claimed(running, version.source, kept.dataset)

    async def finish(self, endings: Sequence[Ending]) -> frozenset[UUID]:
        stale = frozenset(one.claim_id for one in endings if not self._settle(one.claim_id, one.execution, one))
        self._endings.announce(one.execution.submission.id for one in endings if one.claim_id not in stale)
        return stale

    async def give_back(self, returns: Sequence[Return]) -> frozenset[UUID]:
        return frozenset(one.claim_id for one in returns if not self._settle(one.claim_id, one.execution, None))

    def _settle(self, claim_id: UUID, execution: Finished | Pending, ending: Ending | None) -> bool:
        kept = self._held_by(claim_id)
        if kept is None:
            return False
        logs, result = (ending.logs, ending.result) if ending else (_NO_LOGS, None)
        self._kept[execution.submission.id] = _Kept(execution, kept.dataset, logs, result)
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
            self._kept[execution.submission.id] = _Kept(execution, self._kept[execution.submission.id].dataset)
        self._endings.announce(execution.submission.id for execution in lost if isinstance(execution, Failed))
        return lost

    def _held_by(self, claim_id: UUID) -> _Kept | None:
        return next(
            (
                kept
                for kept in self._kept.values()
                if isinstance(kept.execution, Running) and kept.execution.claim.id == claim_id
            ),
            None,
        )


def _has_content(execution: Execution) -> bool:
    """Whether it has ended and its content was not removed yet."""
    return isinstance(execution, Succeeded | Failed) and execution.content_removed_at is None


def _script_of(execution: Execution) -> UUID:
    return execution.submission.script.id


def _shows(wanted: ExecutionFilter, execution: Execution) -> bool:
    submission = execution.submission
    return (
        wanted.script in (None, submission.script.id)
        and wanted.version in (None, submission.script.version)
        and wanted.state in (None, state_of(execution))
        and (wanted.submitted_from is None or submission.submitted_at >= wanted.submitted_from)
        and (wanted.submitted_to is None or submission.submitted_at < wanted.submitted_to)
    )

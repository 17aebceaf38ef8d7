"""The store in memory: the same ports as PostgreSQL's, held to the same contract tests.

It serves tests and the reading of them; nothing outlives the process, and one event loop is its only user, so a
method that does not await is atomic.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from application.endings import WatchedEndings
from application.messages import Claimed, Ending, ExecutionFilter, NameTaken, Outdated, Report, Return, ScriptKey
from application.ports import Clock
from domain.body import Body
from domain.execution import Execution, Failed, Finished, Pending, Running, Unfinished, state_of
from domain.outcome import Logs
from domain.script import Script, ScriptVersion

_NO_LOGS: Final = Logs()


@frozen
class _Kept:
    execution: Execution
    dataset: Body
    logs: Logs = _NO_LOGS
    result: Body | None = None
    leased_until: datetime | None = None


class MemoryScripts:
    """The port `Scripts`."""

    def __init__(self) -> None:
        self._scripts: dict[UUID, Script] = {}
        self._versions: dict[tuple[UUID, int], ScriptVersion] = {}

    async def add(self, script: Script, version: ScriptVersion) -> Result[None, NameTaken]:
        if any(other.name == script.name for other in self._scripts.values()):
            return Failure(NameTaken(script.name))
        self._scripts[script.id] = script
        self._versions[script.id, version.number] = version
        return Success(None)

    async def add_version(self, version: ScriptVersion) -> Result[None, Outdated]:
        script = self._scripts[version.script_id]
        if script.archived_at is not None or version.number != script.latest_version + 1:
            return Failure(Outdated())
        self._versions[script.id, version.number] = version
        self._scripts[script.id] = evolve(script, latest_version=version.number)
        return Success(None)

    async def set_archived_at(self, script: Script) -> None:
        self._scripts[script.id] = evolve(self._scripts[script.id], archived_at=script.archived_at)

    async def find(self, key: ScriptKey) -> Script | None:
        return next((script for script in self._scripts.values() if key in (script.id, script.name)), None)

    async def version(self, script_id: UUID, number: int) -> ScriptVersion | None:
        return self._versions.get((script_id, number))

    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        newest_first = sorted(self._scripts.values(), key=lambda script: script.id, reverse=True)
        return [script for script in newest_first if before is None or script.id < before][:limit]

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[ScriptVersion]:
        own = [version for (owner, _), version in self._versions.items() if owner == script_id]
        newest_first = sorted(own, key=lambda version: version.number, reverse=True)
        return [version for version in newest_first if before is None or version.number < before][:limit]


class MemoryStore:
    """Scripts, executions and the queue of one process: `scripts`, `executions`, `queue` and `endings`."""

    def __init__(self, clock: Clock, lease: timedelta, wake: Callable[[], None] = lambda: None) -> None:
        kept: dict[UUID, _Kept] = {}
        self.scripts: Final = MemoryScripts()
        self.endings: Final = WatchedEndings()
        self.executions: Final = MemoryExecutions(kept, self.endings, wake)
        self.queue: Final = MemoryQueue(kept, self.scripts, self.endings, clock, lease)


class MemoryExecutions:
    """The port `Executions`."""

    def __init__(self, kept: dict[UUID, _Kept], endings: WatchedEndings, wake: Callable[[], None]) -> None:
        self._kept, self._endings, self._wake = kept, endings, wake

    async def add(self, pending: Pending, dataset: Body) -> None:
        self._kept[pending.submission.id] = _Kept(pending, dataset)
        self._wake()

    async def cancel(self, read: Unfinished, failed: Failed) -> Result[None, Outdated]:
        kept = self._kept[read.submission.id]
        if kept.execution != read:
            return Failure(Outdated())
        self._kept[read.submission.id] = _Kept(failed, kept.dataset)
        self._endings.announce([read.submission.id])
        return Success(None)

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


class MemoryQueue:
    """The port `Queue`. Oldest first, whatever the script."""

    def __init__(
        self, kept: dict[UUID, _Kept], scripts: MemoryScripts, endings: WatchedEndings, clock: Clock, lease: timedelta
    ) -> None:
        self._kept, self._scripts, self._endings, self._clock, self._lease = kept, scripts, endings, clock, lease

    async def claim(self, count: int, start: Callable[[Pending, datetime], Running]) -> Sequence[Claimed]:
        waiting = [kept.execution for _, kept in sorted(self._kept.items(), key=lambda item: item[0])]
        pending = [execution for execution in waiting if isinstance(execution, Pending)][:count]
        started = [start(execution, self._clock()) for execution in pending]  # before any is kept: `start` may raise
        return [await self._claim(running) for running in started]

    async def _claim(self, running: Running) -> Claimed:
        reference = running.submission.script
        version = await self._scripts.version(reference.id, reference.version)
        assert version is not None, "an execution refers to a version"
        kept = self._kept[running.submission.id]
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


def _shows(wanted: ExecutionFilter, execution: Execution) -> bool:
    submission = execution.submission
    return (
        wanted.script in (None, submission.script.id)
        and wanted.version in (None, submission.script.version)
        and wanted.state in (None, state_of(execution))
        and (wanted.submitted_from is None or submission.submitted_at >= wanted.submitted_from)
        and (wanted.submitted_to is None or submission.submitted_at < wanted.submitted_to)
    )

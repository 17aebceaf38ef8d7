"""The ports `ReadDatabaseStatus` and `ReadQueueStats` of the store in memory."""

from collections import Counter, defaultdict
from uuid import UUID

from adapters.memory.rows import Rows
from application.ports.operations import QueueStats
from application.ports.status import DatabaseStatus, ScriptStorage, StorageStatus, VerifiedBackup, WorkerStatus
from application.ports.system import Clock
from domain.execution import Pending, Running


class MemoryStatus:
    """Reads the status. Its workers are those that hold a claim. `last_backup` is for tests to set."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows, self._clock = rows, clock
        self.last_backup: VerifiedBackup | None = None

    async def status(self) -> DatabaseStatus:
        now = self._clock()
        claims = Counter(one.claim.worker for one in self._executions() if isinstance(one, Running))
        workers = [
            WorkerStatus(name=name, last_seen=now, is_alive=True, slots=None, busy=busy)
            for name, busy in sorted(claims.items())
        ]
        return DatabaseStatus(postgres_version="none", schema_level=0, workers=workers, last_backup=self.last_backup)

    async def storage(self, count: int) -> StorageStatus:
        names, executions, sizes = dict[UUID, str](), Counter[UUID](), defaultdict[UUID, int](int)
        for row in self._rows.executions.values():
            script = row.execution.submission.script
            names[script.id] = script.name.value
            executions[script.id] += 1
            sizes[script.id] += sum(len(body.data) for body in (row.dataset, row.result) if body is not None)
        scripts = [
            ScriptStorage(script_id=one, name=names[one], executions=executions[one], stored_bytes=sizes[one])
            for one in sorted(names, key=lambda one: (-sizes[one], one))
        ]
        return StorageStatus(database_bytes=sum(sizes.values()), scripts=scripts[:count], is_exact=True)

    async def queue(self) -> QueueStats:
        """Read the load."""
        waiting = [one for one in self._executions() if isinstance(one, Pending)]
        first = [one.submission.submitted_at for one in waiting if one.submission.replay_of is None]
        return QueueStats(
            waiting=len(first),
            replays_waiting=len(waiting) - len(first),
            oldest_waiting_seconds=max(0.0, (self._clock() - min(first)).total_seconds()) if first else 0.0,
            running=sum(isinstance(one, Running) for one in self._executions()),
            workers=0,
            oldest_transaction_seconds=0,
            oldest_snapshot_transactions=0,
            jobs_unfinished=sum(row.job.finished_at is None for row in self._rows.jobs.values()),
        )

    def _executions(self) -> list[object]:
        return [row.execution for row in self._rows.executions.values()]

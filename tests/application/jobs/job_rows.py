"""Rows of jobs for the runner's tests: `JobWork` of several processes, and what clients do to a job."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from attrs import define, evolve, field

from application.ports.jobs import JobRecord, TakenJob
from domain.jobs import Job, JobCounts, begin, cancel, retry
from domain.partitions import Partition, PartitionState, reopen
from domain.versions import ScriptVersion

LEASE: Final = timedelta(seconds=30)


@define
class Row:
    job: Job
    version: ScriptVersion
    partitions: dict[int, Partition] = field(factory=dict)
    holder: UUID | None = None
    leased_until: datetime | None = None
    differences: bytes | None = None


class JobRows:
    """The jobs, shared by all processes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.rows: Final[dict[UUID, Row]] = {}

    def add(self, job: Job, version: ScriptVersion) -> None:
        self.rows[job.id] = Row(job, version)

    async def find(self, job_id: UUID) -> JobRecord | None:
        row = self.rows.get(job_id)
        return None if row is None else JobRecord(row.job, JobCounts(), differences=row.differences)

    def cancel(self, job_id: UUID) -> None:
        row = self.rows[job_id]
        row.job, row.holder = cancel(row.job, self.clock()).value_or(row.job), None

    def retry(self, job_id: UUID) -> None:
        row = self.rows[job_id]
        row.job = retry(row.job).unwrap()
        row.partitions = {number: reopen(one) for number, one in row.partitions.items()}


class ProcessWork:
    """The port `JobWork` of one process."""

    def __init__(self, shared: JobRows) -> None:
        self._shared, self._me = shared, uuid4()

    async def is_waiting(self) -> bool:
        return any(self._is_free(row) for row in self._shared.rows.values())

    async def take(self) -> TakenJob | None:
        row = next((one for _, one in sorted(self._shared.rows.items()) if self._is_free(one)), None)
        if row is None:
            return None
        row.holder, row.leased_until = self._me, self._shared.clock() + LEASE
        row.job = begin(row.job, self._shared.clock()).unwrap()
        return TakenJob(row.job, JobCounts(), row.version)

    async def renew(self, job_id: UUID) -> bool:
        row = self._held(job_id)
        if row is not None:
            row.leased_until = self._shared.clock() + LEASE
        return row is not None

    async def release(self, job_id: UUID) -> None:
        if (row := self._held(job_id)) is not None:
            row.holder = None

    async def plan(self, planned: Job, partitions: Sequence[Partition]) -> bool:
        row = self._held(planned.id)
        if row is not None and row.job.plan is None:
            row.job = evolve(row.job, plan=planned.plan)
            row.partitions = {one.number: one for one in partitions}
        return row is not None

    async def advance(self, advanced: Job) -> bool:
        row = self._held(advanced.id)
        if row is not None:
            row.job = evolve(row.job, phase=advanced.phase, is_verified=advanced.is_verified, plan=advanced.plan)
        return row is not None

    async def add_partitions(self, job_id: UUID, partitions: Sequence[Partition]) -> bool:
        row = self._held(job_id)
        for one in partitions if row is not None else ():
            assert row is not None
            row.partitions.setdefault(one.number, one)
        return row is not None

    async def settle(self, job_id: UUID, settled: Collection[Partition]) -> bool:
        row = self._held(job_id)
        for one in settled if row is not None else ():
            assert row is not None
            if row.partitions[one.number].state is PartitionState.WAITING:
                row.partitions[one.number] = one
        return row is not None

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        row = self._shared.rows[job_id]
        chosen = [one for one in row.partitions.values() if one.number >= first and state in (None, one.state)]
        return sorted(chosen, key=lambda one: one.number)[: min(limit, 3)]

    async def finish(self, finished: Job, differences: bytes | None = None) -> bool:
        row = self._held(finished.id)
        if row is not None:
            row.job, row.differences, row.holder = finished, differences, None
        return row is not None

    def _is_free(self, row: Row) -> bool:
        is_held = row.holder is not None and row.leased_until is not None and row.leased_until > self._shared.clock()
        return row.job.finished_at is None and not is_held

    def _held(self, job_id: UUID) -> Row | None:
        row = self._shared.rows.get(job_id)
        return row if row is not None and row.holder == self._me and row.job.finished_at is None else None

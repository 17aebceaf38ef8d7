"""The port `JobWork` of the store in memory."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from attrs import evolve

from adapters.memory.ends import MemoryEnds
from adapters.memory.rows import JobRow
from adapters.memory.scripts import MemoryScripts
from application.ports.jobs import TakenJob
from application.ports.system import Clock
from domain.jobs import Job, JobCounts, JobPlan, begin
from domain.partitions import Partition, PartitionState


class MemoryJobWork:
    """The port `JobWork`, for one process."""

    def __init__(
        self, rows: dict[UUID, JobRow], scripts: MemoryScripts, ends: MemoryEnds, clock: Clock, lease: timedelta
    ) -> None:
        self._rows, self._scripts, self._ends, self._clock, self._lease = rows, scripts, ends, clock, lease
        self._holder: Final = uuid4()

    def of_another_process(self) -> "MemoryJobWork":
        """Create the port of another process."""
        return MemoryJobWork(self._rows, self._scripts, self._ends, self._clock, self._lease)

    async def is_waiting(self) -> bool:
        return any(self._is_free(row) for row in self._rows.values())

    async def take(self) -> TakenJob | None:
        free = (row for _, row in sorted(self._rows.items()) if self._is_free(row))
        row = next(free, None)
        if row is None:
            return None
        row.held_by, row.leased_until = self._holder, self._clock() + self._lease
        row.job = begin(row.job, self._clock()).unwrap()
        return TakenJob(row.job, row.counts, self._scripts.version_of(row.job.script.id, row.job.script.version))

    async def renew(self, job_id: UUID) -> bool:
        row = self._held(job_id)
        if row is not None:
            row.leased_until = self._clock() + self._lease
        return row is not None

    async def release(self, job_id: UUID) -> None:
        row = self._rows.get(job_id)
        if row is not None and row.held_by == self._holder:
            row.held_by, row.leased_until = None, None

    async def plan(self, planned: Job, partitions: Sequence[Partition]) -> bool:
        assert planned.plan is not None, "it is planned"
        row = self._held(planned.id)
        if row is not None and row.job.plan is None:
            row.job = evolve(row.job, plan=planned.plan)
            row.counts = evolve(row.counts, bytes_total=sum(one.size_bytes for one in planned.plan.objects))
            _add(row, partitions)
        return row is not None

    async def advance(self, advanced: Job) -> bool:
        row = self._held(advanced.id)
        if row is not None:
            row.job = _advanced(row.job, advanced)
        return row is not None

    async def add_partitions(self, job_id: UUID, partitions: Sequence[Partition]) -> bool:
        row = self._held(job_id)
        if row is not None:
            _add(row, partitions)
        return row is not None

    async def settle(self, job_id: UUID, settled: Collection[Partition]) -> bool:
        row = self._held(job_id)
        for one in () if row is None else settled:
            assert row is not None, "nothing is settled otherwise"
            there = row.partitions.get(one.number)
            if there is not None and there.state is PartitionState.WAITING:
                row.partitions[one.number], row.counts = one, _counted(row.counts, one)
        return row is not None

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        row = self._rows.get(job_id)
        return [] if row is None else row.page(state, first, limit)

    async def finish(self, finished: Job, differences: bytes | None = None) -> bool:
        row = self._held(finished.id)
        if row is None:
            return False
        assert finished.finished_at is not None, "it has finished"
        at = max(finished.finished_at, row.job.started_at or row.job.submitted_at)
        ended = _advanced(row.job, finished)
        row.end(evolve(ended, finished_at=at, outcome=finished.outcome, error=finished.error))
        row.differences = differences
        self._ends.record_job(row.job)
        return True

    def _is_free(self, row: JobRow) -> bool:
        return row.job.finished_at is None and not self._is_leased(row)

    def _is_leased(self, row: JobRow) -> bool:
        return row.held_by is not None and row.leased_until is not None and row.leased_until > self._clock()

    def _held(self, job_id: UUID) -> JobRow | None:
        """Find a job, if this process holds it still."""
        row = self._rows.get(job_id)
        return row if row is not None and row.held_by == self._holder and self._is_leased(row) else None


def _add(row: JobRow, partitions: Sequence[Partition]) -> None:
    for one in partitions:
        row.partitions.setdefault(one.number, one)
    row.counts = evolve(row.counts, partitions=len(row.partitions))


def _advanced(stored: Job, advanced: Job) -> Job:
    return evolve(
        stored, phase=advanced.phase, is_verified=advanced.is_verified, plan=_counted_plan(stored.plan, advanced.plan)
    )


def _counted_plan(stored: JobPlan | None, advanced: JobPlan | None) -> JobPlan | None:
    """Take over the number of partitions; the rest of a plan never changes."""
    return None if stored is None else evolve(stored, partitions=None if advanced is None else advanced.partitions)


def _counted(counts: JobCounts, settled: Partition) -> JobCounts:
    result = settled.result
    if result is None:
        return evolve(counts, failed=counts.failed + 1)
    return evolve(
        counts,
        done=counts.done + 1,
        bytes_done=counts.bytes_done + result.input_bytes,
        rows=counts.rows + result.rows,
        result_bytes=counts.result_bytes + result.result_bytes,
    )

"""Rows of the memory store, and the predicates that its parts share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import define, field, frozen

from domain.batches import Batch
from domain.body import Body
from domain.execution import Execution, Failed, Succeeded
from domain.jobs import Job, JobCounts
from domain.live_log import join_parts
from domain.outcome import Logs
from domain.partitions import Partition, PartitionState
from domain.redaction import redact_partition
from domain.replayed_executions import ReplayedExecution
from domain.version_replays import ReplayReport, VersionReplay

NO_LOGS: Final = Logs()


@frozen
class ExecutionRow:
    """An execution with its dataset, until that is removed, its outcome, and the differences that a replay on a version
    has found, with the text of its columns. `live` are the parts of the log of a running attempt by their first
    lines."""

    execution: Execution
    dataset: Body | None
    logs: Logs = NO_LOGS
    result: Body | None = None
    leased_until: datetime | None = None
    differences: Body | None = None
    columns: bytes | None = None
    live: Mapping[int, Logs] = field(factory=dict)

    @property
    def live_log(self) -> Logs:
        """The log of a running attempt as far as it is stored."""
        return join_parts([part for _, part in sorted(self.live.items())])


@define
class ReplayRow:
    """A replay on a version, its executions by number, the sum of its outcomes, and the hold of a process."""

    replay: VersionReplay
    executions: list[ReplayedExecution]
    report: ReplayReport | None = None
    held_by: UUID | None = None
    leased_until: datetime | None = None


@define
class BatchRow:
    """A batch, and the ids of its executions in the order of their lines."""

    batch: Batch
    executions: tuple[UUID, ...]


@define
class JobRow:
    """A job, its progress, its partitions by number, the differences of its verification, and the hold of a process."""

    job: Job
    counts: JobCounts = field(factory=JobCounts)
    partitions: dict[int, Partition] = field(factory=dict)
    differences: bytes | None = field(default=None, repr=False)
    held_by: UUID | None = None
    leased_until: datetime | None = None

    def page(self, state: PartitionState | None, first: int, limit: int) -> Sequence[Partition]:
        """List partitions by their numbers."""
        found = sorted(self.partitions.items())
        return [one for number, one in found if number >= first and state in (None, one.state)][:limit]

    def end(self, finished: Job) -> None:
        """Store the end of the job, which ends the hold."""
        self.job, self.held_by, self.leased_until = finished, None, None


@frozen
class Rows:
    """The rows that retention removes, by their ids."""

    executions: dict[UUID, ExecutionRow] = field(factory=dict)
    replays: dict[UUID, ReplayRow] = field(factory=dict)
    batches: dict[UUID, BatchRow] = field(factory=dict)
    jobs: dict[UUID, JobRow] = field(factory=dict)


def has_content(execution: Execution) -> bool:
    """Tell whether it has ended and its content was not removed yet."""
    return isinstance(execution, Succeeded | Failed) and execution.content_removed_at is None


def script_of(execution: Execution) -> UUID:
    """Return the id of its script."""
    return execution.submission.script.id


def redact_row(row: JobRow, removed: Job) -> None:
    """Remove the content of a job and of its partitions."""
    row.job, row.differences = removed, None
    row.partitions = {number: redact_partition(one) for number, one in row.partitions.items()}

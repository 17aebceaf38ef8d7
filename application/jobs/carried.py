"""The job that is carried on: its ports, its state as this process last stored it, and the ways in which it may end.

A job may end in the midst of streams and tasks, so its end is an exception here, which only the runner catches.
"""

from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeVar
from uuid import UUID

from attrs import define, evolve, frozen

from application.jobs.places import Places
from application.jobs.tasks import Tasks
from application.ports.comparison import CompareResults
from application.ports.job_tasks import (
    InputObject,
    OpenEngine,
    SplitStream,
    TaskFailed,
    TaskInput,
    TaskLost,
    TaskReport,
    TaskScript,
)
from application.ports.jobs import JobRecord, JobWork
from application.ports.stores import ObjectStores
from application.ports.system import Clock
from domain.comparison.report import ResultComparison
from domain.job_failures import LOST, failure_of
from domain.job_plans import resolve_format
from domain.job_requests import compression_of
from domain.jobs import Job, JobError, JobErrorKind, JobPhase, JobPlan
from domain.partitions import ObjectVersion, Partition
from domain.stores import ObjectPath, ObjectUrl
from domain.versions import ScriptVersion

_R = TypeVar("_R", bound=TaskReport)


class FindJob(Protocol):
    """The search for a job by its id, as `Jobs.find` does it."""

    async def __call__(self, job_id: UUID, /) -> JobRecord | None: ...


def ignore(_: object) -> None:
    """Observe nothing."""


@frozen(kw_only=True)
class RunnerPorts:
    """The ports of the runner. `write_differences` makes the JSON of a comparison. `observe_partition` gets each
    partition that this process has settled, `observe_end` each job that it has finished."""

    work: JobWork
    find: FindJob
    open_engine: OpenEngine
    stores: ObjectStores
    split: SplitStream
    compare: CompareResults
    clock: Clock
    write_differences: Callable[[ResultComparison], bytes]
    observe_partition: Callable[[Partition], None] = ignore
    observe_end: Callable[[Job], None] = ignore


class JobFailed(Exception):
    """The job fails for that reason. `differences` is the JSON of a comparison."""

    def __init__(self, error: JobError, differences: bytes | None = None) -> None:
        super().__init__(error.kind.value)
        self.error, self.differences = error, differences


class JobLost(Exception):
    """This process holds the job no more: its lease has expired, or the job was cancelled."""


@define
class CarriedJob:
    """A job that this process holds."""

    ports: RunnerPorts
    job: Job
    version: ScriptVersion
    places: Places
    tasks: Tasks
    settled: int = 0
    """Partitions that this process has settled."""

    @property
    def plan(self) -> JobPlan:
        """The plan of a job that is past its planning."""
        assert self.job.plan is not None, "it is planned"
        return self.job.plan

    @property
    def script(self) -> TaskScript:
        """The script of the tasks."""
        source = self.version.source
        return TaskScript(
            source=source.data,
            source_sha256=source.digest.sha256,
            engine=self.version.engine,
            limits=self.job.limits,
            circumstances=self.job.circumstances,
        )

    @property
    def input(self) -> TaskInput:
        """The input of the tasks."""
        given = self.job.request.input
        return TaskInput(
            store=given.pattern.store,
            csv=given.csv,
            selected=given.columns,
            integers=given.integers,
            columns=None if self.job.plan is None else self.job.plan.columns,
        )

    def input_object(self, version: ObjectVersion) -> InputObject:
        """Describe an object of the input, whose format is known."""
        data_format = resolve_format(self.job.request.input, version.path)
        assert data_format is not None, "it was planned"
        return InputObject(version, data_format, compression_of(version.path))

    def input_url(self, version: ObjectVersion) -> ObjectUrl:
        """Return the URL of an object of the input."""
        return ObjectUrl(self.job.request.input.pattern.store, ObjectPath(version.path))

    async def enter(self, phase: JobPhase) -> None:
        """Record the phase that begins."""
        if self.job.phase is not phase:
            await self.store(evolve(self.job, phase=phase))

    async def store(self, advanced: Job) -> None:
        """Store how far the job is."""
        ensure(await self.ports.work.advance(advanced))
        self.job = advanced

    async def write(self, url: ObjectUrl, data: bytes) -> None:
        """Write an object whose bytes are at hand."""
        (await self.ports.stores.write(url, _one_piece(data))).unwrap()


def ensure(is_held: bool) -> None:
    """Stop if a change was not accepted."""
    if not is_held:
        raise JobLost


def expect(report: TaskReport, expected: type[_R], of_script: JobErrorKind) -> _R:
    """Return the report of a task that must succeed: `of_script` is the kind of failure of the script's own run."""
    if isinstance(report, TaskFailed | TaskLost):
        raise JobFailed(failure_of(report.error if isinstance(report, TaskFailed) else LOST, of_script))
    assert isinstance(report, expected), "an engine reports what its task does"
    return report


async def _one_piece(data: bytes) -> AsyncIterator[bytes]:
    yield data

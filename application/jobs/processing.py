"""Processing: each partition that waits, the lowest numbers first, a few at a time, and its result stored at once."""

from collections.abc import AsyncGenerator
from typing import Final

from application.jobs.carried import CarriedJob, JobFailed, ensure
from application.jobs.streams import StreamPartitions
from application.ports.job_tasks import FinishedTask, Processed, ProcessTask, Task, TaskFailed, TaskReport
from domain.job_failures import LOST, failure_of_partitions
from domain.job_plans import is_read_as_stream
from domain.jobs import JobPhase
from domain.partitions import Partition, PartitionState, complete, reject
from domain.stores import ObjectUrl

PAGE: Final = 500
"""Partitions that are read at once."""


async def process(carried: CarriedJob) -> None:
    """Process the partitions that wait. One that fails stops none, but the job fails at the end."""
    if await _is_unfinished(carried):
        await carried.enter(JobPhase.PROCESSING)
        await _Processing(carried).run()
    failed = await carried.ports.work.partitions(carried.job.id, PartitionState.FAILED, 0, 1)
    if failed:
        raise JobFailed(failure_of_partitions(failed[0]))


async def _is_unfinished(carried: CarriedJob) -> bool:
    waiting = await carried.ports.work.partitions(carried.job.id, PartitionState.WAITING, 0, 1)
    return carried.plan.partitions is None or bool(waiting)


class _Processing:
    """The partitions that are under way."""

    def __init__(self, carried: CarriedJob) -> None:
        self._carried: Final = carried
        self._under_way: Final[dict[int, Partition]] = {}

    async def run(self) -> None:
        """Process the partitions that wait."""
        given, objects = self._carried.job.request.input, self._carried.plan.objects
        is_stream = any(is_read_as_stream(given, one.path) for one in objects)
        await self._carried.tasks.run(self._of_streams() if is_stream else self._of_ranges(), self._settle)

    async def _of_ranges(self) -> AsyncGenerator[Task]:
        work, first = self._carried.ports.work, 0
        while page := await work.partitions(self._carried.job.id, PartitionState.WAITING, first, PAGE):
            for partition in page:
                yield self._task(partition, self._carried.plan.partitions, None)
            first = page[-1].number + 1

    async def _of_streams(self) -> AsyncGenerator[Task]:
        """Return the tasks of inputs with streams. No script gets the number of partitions, which is not known yet."""
        async for partition, text in StreamPartitions(self._carried).waiting():
            yield self._task(partition, None, text)

    def _task(self, partition: Partition, count: int | None, text: ObjectUrl | None) -> ProcessTask:
        self._under_way[partition.number] = partition
        carried = self._carried
        return ProcessTask(
            job=carried.job.id,
            input=carried.input,
            object=carried.input_object(carried.plan.objects[partition.range.object_number]),
            script=carried.script,
            number=partition.number,
            range=partition.range,
            count=count,
            text=text,
            result=carried.places.result(partition.number),
        )

    async def _settle(self, finished: FinishedTask) -> None:
        task, carried, ports = finished.task, self._carried, self._carried.ports
        assert isinstance(task, ProcessTask), "only partitions are under way"
        settled = _settled(self._under_way.pop(task.number), finished.report)
        ensure(await ports.work.settle(task.job, [settled]))
        carried.settled += 1
        ports.observe_partition(settled)
        if task.text is not None:
            await ports.stores.delete(task.text)


def _settled(partition: Partition, report: TaskReport) -> Partition:
    if isinstance(report, Processed):
        return complete(partition, report.result)
    return reject(partition, report.error if isinstance(report, TaskFailed) else LOST)

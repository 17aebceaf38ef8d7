"""Writing: the objects of the output, beside each other in the job's own folder, where no client sees them."""

from collections.abc import Sequence

from returns.pipeline import is_successful

from application.jobs.carried import CarriedJob, JobFailed, expect
from application.ports.job_tasks import Described, DescribeTask, FinishedTask, PartialResult, WriteTask, Written
from domain.job_outputs import has_columns, part_name, unite, whole_name
from domain.job_requests import DataFormat, Merge
from domain.jobs import Column, JobErrorKind, JobPhase, OutputFile, job_error
from domain.merge_tree import groups


async def write(carried: CarriedJob, results: Sequence[PartialResult]) -> Sequence[OutputFile]:
    """Write results, in their order: in JSON as one object, otherwise each as an object of rows."""
    await carried.enter(JobPhase.WRITING)
    columns = await _columns(carried, results)
    written: dict[int, OutputFile] = {}

    async def collect(finished: FinishedTask) -> None:
        report = expect(finished.report, Written, JobErrorKind.OUTPUT_INVALID)
        assert isinstance(finished.task, WriteTask), "only objects of the output are under way"
        name = finished.task.target.path.value.rpartition("/")[2]
        path = carried.places.published(name).path.value
        written[finished.task.number] = OutputFile(path, report.size_bytes, report.sha256)

    await carried.tasks.run_all(_tasks(carried, results, columns), collect)
    return [written[number] for number in sorted(written)]


def _tasks(
    carried: CarriedJob, results: Sequence[PartialResult], columns: tuple[Column, ...] | None
) -> Sequence[WriteTask]:
    request = carried.job.request
    if request.output.format is DataFormat.JSON:
        return [_task(carried, 0, whole_name(), tuple(results), None)]
    names = [part_name(number, request.output.format) for number in range(len(results))]
    return [_task(carried, number, names[number], (one,), columns) for number, one in enumerate(results)]


def _task(
    carried: CarriedJob,
    number: int,
    name: str,
    results: tuple[PartialResult, ...],
    columns: tuple[Column, ...] | None,
) -> WriteTask:
    request = carried.job.request
    return WriteTask(
        job=carried.job.id,
        number=number,
        results=results,
        is_whole=request.merge is Merge.SCRIPT and request.output.format is DataFormat.JSON,
        format=request.output.format,
        columns=columns,
        target=carried.places.output(name),
    )


async def _columns(carried: CarriedJob, results: Sequence[PartialResult]) -> tuple[Column, ...] | None:
    """Find the columns of all results, if the format needs them."""
    if not has_columns(carried.job.request.output.format):
        return None
    described: dict[int, tuple[Column, ...]] = {}

    async def collect(finished: FinishedTask) -> None:
        report = expect(finished.report, Described, JobErrorKind.OUTPUT_INVALID)
        assert isinstance(finished.task, DescribeTask), "only descriptions are under way"
        described[finished.task.number] = report.columns

    grouped = enumerate(groups(results))
    tasks = (DescribeTask(job=carried.job.id, number=number, results=tuple(group)) for number, group in grouped)
    await carried.tasks.run_all(tasks, collect)
    return _united([described[number] for number in sorted(described)])


def _united(described: Sequence[Sequence[Column]]) -> tuple[Column, ...]:
    united = unite(described)
    if is_successful(united):
        return united.unwrap()
    conflict = united.failure()
    one, other = (kind.value for kind in conflict.types)
    message = f"column {conflict.column} has values of type {one} in one partial result and {other} in another"
    raise JobFailed(job_error(JobErrorKind.OUTPUT_INVALID, f"{message}; return one type, or write ndjson"))

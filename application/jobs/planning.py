"""Planning: the versions of the objects that match, their columns and rows, and the partitions that are known at once.

Nothing is stored before the end, so a plan that was interrupted is made again.
"""

from collections.abc import Sequence

from attrs import evolve

from application.jobs.carried import CarriedJob, JobFailed, ensure, expect
from application.ports.job_tasks import Inspected, InspectTask
from domain.job_plans import (
    NumberedObject,
    find_fault,
    is_read_as_stream,
    needs_inspection,
    ranges_of,
    too_many_partitions,
    with_rows,
)
from domain.jobs import MAX_PARTITIONS, JobErrorKind, JobPlan, job_error
from domain.partitions import ObjectVersion, Partition


async def plan(carried: CarriedJob) -> None:
    """Store the plan of a job that has none."""
    if carried.job.plan is not None:
        return
    await check_output(carried)
    inspected = await _inspect(carried, await _find_objects(carried))
    partitions = _partitions(carried, inspected.objects)
    count = None if partitions is None else len(partitions)
    planned = evolve(carried.job, plan=JobPlan(inspected.objects, inspected.columns, count))
    ensure(await carried.ports.work.plan(planned, partitions or ()))
    carried.job = planned


async def check_output(carried: CarriedJob) -> None:
    """Check that nothing is in the folder of the output."""
    folder = carried.job.request.output.folder
    if there := await carried.ports.stores.page(folder, "", 1):
        message = f"{folder} is not empty: {there[0].path} is there; name an empty folder, or delete its objects"
        raise JobFailed(job_error(JobErrorKind.OUTPUT_EXISTS, message))


async def _find_objects(carried: CarriedJob) -> Sequence[ObjectVersion]:
    given, found = carried.job.request.input, list[ObjectVersion]()
    async for one in carried.ports.stores.objects(given.pattern):
        found.append(ObjectVersion(one.path, one.size_bytes, one.etag))
        if len(found) > MAX_PARTITIONS:
            break
    if (fault := find_fault(given, found)) is not None:
        raise JobFailed(fault)
    return sorted(found, key=lambda one: one.path)


async def _inspect(carried: CarriedJob, objects: Sequence[ObjectVersion]) -> Inspected:
    """Look into tables and CSV; of others, size and version are enough."""
    given = carried.job.request.input
    chosen = [carried.input_object(one) for one in objects if needs_inspection(given, one.path)]
    if not chosen:
        return Inspected(tuple(objects), None)
    task = InspectTask(job=carried.job.id, input=carried.input, objects=tuple(chosen))
    finished = await carried.tasks.run_one(task)
    inspected = expect(finished.report, Inspected, JobErrorKind.INPUT_MALFORMED)
    return Inspected(with_rows(objects, inspected.objects), inspected.columns)


def _partitions(carried: CarriedJob, objects: Sequence[ObjectVersion]) -> Sequence[Partition] | None:
    """Cut the objects; None if one of them is a stream, after which no number is known."""
    request, cut = carried.job.request, list[Partition]()
    if any(is_read_as_stream(request.input, one.path) for one in objects):
        return None
    for number, version in enumerate(objects):
        for span in ranges_of(request.input, NumberedObject(number, version), request.partition_bytes):
            cut.append(Partition(number=len(cut), range=span))
            if len(cut) > MAX_PARTITIONS:
                raise JobFailed(too_many_partitions())
    return cut

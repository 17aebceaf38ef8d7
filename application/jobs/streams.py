"""Partitions of inputs with streams: they are read here, from the beginning, and their parts stored as text for tasks.

The cut is the same each time, so a process that takes the job over reads again and skips the partitions that are
settled. The text of a partition exists until that is.
"""

from collections.abc import AsyncIterator
from typing import Final

from attrs import evolve, field, frozen
from returns.pipeline import is_successful

from application.jobs.carried import CarriedJob, JobFailed, ensure
from application.ports.job_tasks import StreamMalformed
from application.ports.stores import ObjectChanged, ObjectMissing
from domain.job_failures import failure_of
from domain.job_plans import NumberedObject, is_read_as_stream, ranges_of, too_many_partitions
from domain.jobs import MAX_PARTITIONS, JobErrorKind, job_error
from domain.partitions import Partition, PartitionRange, PartitionState, cut_size
from domain.stores import ObjectUrl

PAGE: Final = 500


@frozen
class _Part:
    range: PartitionRange
    text: bytes | None = field(default=None, repr=False)


class StreamPartitions:
    """The partitions of a job's input, which are known as far as its streams were read."""

    def __init__(self, carried: CarriedJob) -> None:
        self._carried: Final = carried
        self._settled: Final = set[int]()
        self._waiting: Final[dict[int, Partition]] = {}

    async def waiting(self) -> AsyncIterator[tuple[Partition, ObjectUrl | None]]:
        """Return the partitions that wait, in their order, with the place of their text."""
        await self._load()
        number, is_complete = 0, self._carried.plan.partitions is not None
        async for part in self._parts():
            if number not in self._settled:
                yield await self._known(number, part.range), await self._write(number, part)
                if is_complete and not self._waiting:
                    return
            number += 1
        plan = evolve(self._carried.plan, partitions=number)
        await self._carried.store(evolve(self._carried.job, plan=plan))

    async def _load(self) -> None:
        """Find the partitions that earlier processes have added."""
        work, first = self._carried.ports.work, 0
        while page := await work.partitions(self._carried.job.id, None, first, PAGE):
            self._settled.update(one.number for one in page if one.state is not PartitionState.WAITING)
            self._waiting.update({one.number: one for one in page if one.state is PartitionState.WAITING})
            first = page[-1].number + 1

    async def _known(self, number: int, span: PartitionRange) -> Partition:
        known = self._waiting.pop(number, None)
        if known is not None:
            return known
        if number >= MAX_PARTITIONS:
            raise JobFailed(too_many_partitions())
        new = Partition(number=number, range=span)
        ensure(await self._carried.ports.work.add_partitions(self._carried.job.id, [new]))
        return new

    async def _write(self, number: int, part: _Part) -> ObjectUrl | None:
        if part.text is None:
            return None
        url = self._carried.places.text(number)
        await self._carried.write(url, part.text)
        return url

    async def _parts(self) -> AsyncIterator[_Part]:
        request = self._carried.job.request
        for number, version in enumerate(self._carried.plan.objects):
            one = NumberedObject(number, version)
            if not is_read_as_stream(request.input, version.path):
                for span in ranges_of(request.input, one, request.partition_bytes):
                    yield _Part(span)
                continue
            async for part in self._stream(one):
                yield part

    async def _stream(self, one: NumberedObject) -> AsyncIterator[_Part]:
        carried, request = self._carried, self._carried.job.request
        read = await carried.ports.stores.read(carried.input_url(one.version), etag=one.version.etag)
        if not is_successful(read):
            raise _unreadable(read.failure())
        stream = carried.input_object(one.version)
        try:
            size = cut_size(one.version, request.partition_bytes)
            split = carried.ports.split(read.unwrap(), one.number, stream, request.input.csv, size)
            async for part in split:
                yield _Part(part.range, part.text)
        except StreamMalformed as malformed:
            raise JobFailed(failure_of(malformed.error, JobErrorKind.INPUT_MALFORMED)) from malformed


def _unreadable(reason: ObjectMissing | ObjectChanged) -> JobFailed:
    if isinstance(reason, ObjectMissing):
        message = f"{reason.path} was deleted after the job was planned; submit the job again"
        return JobFailed(job_error(JobErrorKind.INPUT_MISSING, message))
    message = f"{reason.path} was replaced after the job was planned; submit the job again"
    return JobFailed(job_error(JobErrorKind.INPUT_CHANGED, message))

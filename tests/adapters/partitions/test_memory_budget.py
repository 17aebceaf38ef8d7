"""Tasks beside each other share the memory of their process by what they need."""

import asyncio

import pytest

from adapters.partitions.memory_budget import MemoryBudget, needed_bytes
from application.ports.job_tasks import ProcessTask
from domain.job_requests import DataFormat
from domain.partitions import ObjectVersion, PartitionRange, RangeUnit
from tests.adapters.partitions.tasks import a_process_task

MIB = 1024 * 1024


def test_tasks_run_beside_each_other_while_there_is_room() -> None:
    async def most_at_once(budget: MemoryBudget, lengths: list[int]) -> int:
        inside: set[int] = set()
        most = 0

        async def one(number: int) -> None:
            nonlocal most
            async with budget.room_for(lines(lengths[number])):
                inside.add(number)
                most = max(most, len(inside))
                await asyncio.sleep(0)
                inside.remove(number)

        await asyncio.gather(*map(one, range(len(lengths))))
        return most

    need = needed_bytes(lines(MIB))
    assert asyncio.run(most_at_once(MemoryBudget(3 * need), [MIB] * 9)) == 3
    assert asyncio.run(most_at_once(MemoryBudget(need), [MIB, 9 * MIB, MIB, 5 * MIB])) == 1, "none waits for ever"


def test_room_is_returned_by_a_task_that_fails_or_is_cancelled() -> None:
    async def work() -> None:
        budget = MemoryBudget(1)
        with pytest.raises(ZeroDivisionError):
            async with budget.room_for(lines(MIB)):
                raise ZeroDivisionError
        async with budget.room_for(lines(MIB)):
            waiting = asyncio.create_task(_enter(budget))
            await asyncio.sleep(0)
            waiting.cancel()
        await asyncio.wait_for(_enter(budget), 5)

    asyncio.run(work())


async def _enter(budget: MemoryBudget) -> None:
    async with budget.room_for(lines(MIB)):
        pass


SPAN = PartitionRange(0, RangeUnit.BYTES, 0, MIB)
CASES = [
    (DataFormat.NDJSON, ObjectVersion("a", MIB, "e"), SPAN, 2 * MIB),
    (DataFormat.CSV, ObjectVersion("a", MIB, "e"), SPAN, 3 * MIB),
    (DataFormat.CSV, ObjectVersion("a", MIB, "e", None, 7 * MIB), SPAN, 7 * MIB),
    (
        DataFormat.PARQUET,
        ObjectVersion("a", MIB, "e", 10, 40 * MIB),
        PartitionRange(0, RangeUnit.ROWS, 5, 10),
        20 * MIB,
    ),
]


@pytest.mark.parametrize(("format_", "version", "place", "least"), CASES)
def test_what_a_task_needs_grows_with_its_rows_as_json(
    format_: DataFormat, version: ObjectVersion, place: PartitionRange, least: int
) -> None:
    assert least <= needed_bytes(a_process_task(version, format=format_, span=place)) <= 5 * least


def lines(length: int) -> ProcessTask:
    return a_process_task(
        ObjectVersion("a", length, "e"), format=DataFormat.NDJSON, span=PartitionRange(0, RangeUnit.BYTES, 0, length)
    )

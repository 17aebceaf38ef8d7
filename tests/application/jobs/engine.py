"""An engine for the runner's tests: tasks over lines of integers, which finish in a random order."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from random import Random
from typing import Final

from attrs import define, evolve, field

from adapters.memory.stores import MemoryStores
from application.ports.job_tasks import (
    Described,
    DescribeTask,
    FinishedTask,
    InputObject,
    Inspected,
    InspectTask,
    Merged,
    MergeTask,
    PartialResult,
    Processed,
    ProcessTask,
    StreamMalformed,
    StreamPart,
    Task,
    TaskFailed,
    TaskReport,
    Verified,
    VerifyTask,
    WriteTask,
    Written,
)
from domain.body import digest
from domain.job_requests import ColumnType, CsvOptions, DataFormat
from domain.jobs import Column
from domain.outcome import ErrorKind
from domain.partitions import InputFault, PartitionRange, PartitionResult, RangeUnit, partition_error
from domain.stores import ObjectUrl
from tests.support.values import MEASURES

JsonRows = int | list[int]

SUM: Final = b"sum"
DOUBLE: Final = b"double"
SORT: Final = b"sort"
WRONG: Final = b"wrong"
"""Scripts: the sum of all numbers, the double of each, all in order, and a sum whose merge does not add."""

FAILS: Final = 13
"""The number over which scripts fail, as long as it is in `Bench.failing`."""


@define
class Bench:
    """The stores and the scripts' behaviour, shared by the engines of all processes, and what these have done."""

    stores: MemoryStores
    random: Random
    is_done: Callable[[int], bool]
    after: Callable[[Task], object] = bool
    failing: set[int] = field(factory=set)
    broken: dict[type[Task], TaskReport] = field(factory=dict)
    processed: Counter[int] = field(factory=Counter)
    counts: set[int | None] = field(factory=set)
    most_under_way: int = 0
    opened: int = 0
    merge_sizes: list[int] = field(factory=list)

    def perform(self, task: Task) -> TaskReport:
        """Do a task, as a worker would, and then what the test wants."""
        report = self.broken[type(task)] if type(task) in self.broken else self._perform(task)
        self.after(task)
        return report

    def _perform(self, task: Task) -> TaskReport:
        match task:
            case InspectTask():
                rows = tuple(evolve(one.version, rows=one.version.size_bytes // 2) for one in task.objects)
                return Inspected(rows, (Column("n", ColumnType.NUMBER),))
            case VerifyTask():
                return self._verify(task)
            case ProcessTask():
                return self._process(task)
            case MergeTask():
                return self._merge(task)
            case DescribeTask():
                return Described(tuple(dict.fromkeys(column for one in task.results for column in self._columns(one))))
            case WriteTask():
                return self._write(task)

    def read(self, result: PartialResult) -> JsonRows:
        data = self._bytes(result.url)
        assert digest(data).sha256 == result.sha256
        return json.loads(data)  # type: ignore[no-any-return]

    def _bytes(self, url: ObjectUrl) -> bytes:
        return self.stores.contents(url.store)[url.path.value]

    def _put(self, url: ObjectUrl, value: JsonRows) -> PartialResult:
        data = json.dumps(value).encode()
        self.stores.put(url, data)
        return PartialResult(url, digest(data).sha256, len(data))

    def _process(self, task: ProcessTask) -> TaskReport:
        assert not self.is_done(task.number), "it is not processed again"
        self.processed[task.number] += 1
        self.counts.add(task.count)
        if task.text is not None:
            text = self._bytes(task.text)
        else:
            source = ObjectUrl(task.input.store, type(task.result.path)(task.object.version.path))
            text = b"".join(lines_of(self._bytes(source), task.range))
        rows = [int(one) for one in text.split()]
        if self.failing.intersection(rows):
            return TaskFailed(partition_error(ErrorKind.SCRIPT_ERROR, "an unlucky number", line=7))
        result = self._put(task.result, process(task.script.source, rows)) if rows else None
        return Processed(
            PartitionResult(
                range=task.range,
                rows=len(rows),
                input_bytes=len(text),
                input_sha256=digest(text).sha256,
                result_sha256=None if result is None else result.sha256,
                result_bytes=0 if result is None else result.size_bytes,
                measures=MEASURES,
            )
        )

    def _merge(self, task: MergeTask) -> TaskReport:
        self.merge_sizes.append(len(task.results))
        return Merged(self._put(task.result, merge(task.script.source, list(map(self.read, task.results)))))

    def _verify(self, task: VerifyTask) -> TaskReport:
        stored = self.stores.contents(task.input.store)
        rows = [int(one) for part in task.objects for one in stored[part.version.path].split()][: task.rows]
        cut = self.random.randrange(len(rows) + 1)
        results = [process(task.script.source, part) for part in (rows[:cut], rows[cut:]) if part]
        pieces = merge(task.script.source, results) if task.has_merge else concatenate(results)
        whole = process(task.script.source, rows)
        return Verified(self._put(task.whole, whole), self._put(task.pieces, pieces), len(rows))

    def _columns(self, result: PartialResult) -> Sequence[Column]:
        """Name columns by their numbers: those above a thousand are one column that once is a string."""
        rows = self.read(result)
        assert isinstance(rows, list)
        kinds = {True: ColumnType.STRING, False: ColumnType.NUMBER}
        return [Column("n" if one < 1_000 else "big", kinds[one == 1_002]) for one in rows]

    def _write(self, task: WriteTask) -> TaskReport:
        values = list(map(self.read, task.results))
        if task.is_whole or task.format is DataFormat.JSON:
            data = json.dumps(values[0] if task.is_whole else concatenate(values)).encode()
        elif isinstance(rows := values[0], int):
            return TaskFailed(partition_error(ErrorKind.INVALID_RESULT, "the result is no array"))
        else:
            head = [one.name for one in task.columns or ()]
            data = "".join(f"{one}\n" for one in (*head, *rows)).encode()
        self.stores.put(task.target, data)
        return Written(digest(data).sha256, len(data))


class RandomEngine:
    """The port `JobEngine`: a task is done when it is its turn to finish, which is random."""

    def __init__(self, bench: Bench, workers: int) -> None:
        self._bench, self._workers = bench, workers
        self._under_way: list[Task] = []
        self.is_closed = False

    @property
    def workers(self) -> int:
        return self._workers

    async def submit(self, task: Task) -> None:
        self._under_way.append(task)
        self._bench.most_under_way = max(self._bench.most_under_way, len(self._under_way))

    async def next_finished(self) -> FinishedTask:
        task = self._under_way.pop(self._bench.random.randrange(len(self._under_way)))
        return FinishedTask(task, self._bench.perform(task))

    async def cancel(self) -> None:
        self._under_way.clear()

    async def close(self) -> None:
        self._under_way.clear()
        self.is_closed = True


def process(source: bytes, rows: Sequence[int]) -> JsonRows:
    """Do what the script does with rows."""
    return sum(rows) if source in (SUM, WRONG) else sorted(rows) if source == SORT else [2 * one for one in rows]


def merge(source: bytes, results: Sequence[JsonRows]) -> JsonRows:
    """Do what the script's merge does."""
    if source == SUM:
        return sum(one for one in results if isinstance(one, int))
    joined = concatenate(results)
    return sorted(joined) if source == SORT else joined


def concatenate(results: Iterable[JsonRows]) -> list[int]:
    """Join results, of which those that are no array count as one row."""
    return [row for one in results for row in (one if isinstance(one, list) else [one])]


def lines_of(text: bytes, span: PartitionRange) -> Iterable[bytes]:
    """Return the lines that begin in the range; a range of rows has lines of two bytes."""
    factor = 2 if span.unit is RangeUnit.ROWS else 1
    at = 0
    for line in text.splitlines(keepends=True):
        if factor * span.start <= at < factor * span.end:
            yield line
        at += len(line)


async def split(
    pieces: AsyncIterator[bytes], object_number: int, stream: InputObject, csv: CsvOptions, part_bytes: int
) -> AsyncIterator[StreamPart]:
    """Cut text, which is not compressed here, after the first line that reaches `part_bytes`."""
    text = b"".join([piece async for piece in pieces])
    part, start = b"", 0
    for line in text.splitlines(keepends=True):
        if line == b"damaged\n":
            raise StreamMalformed(partition_error(InputFault.INPUT_MALFORMED, "the text is damaged", line=1))
        part += line
        if len(part) >= part_bytes:
            yield StreamPart(PartitionRange(object_number, RangeUnit.TEXT, start, start + len(part)), part)
            part, start = b"", start + len(part)
    if part:
        yield StreamPart(PartitionRange(object_number, RangeUnit.TEXT, start, start + len(part)), part)

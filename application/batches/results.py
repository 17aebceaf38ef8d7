"""Read the results of a batch, line by line: executions in pages, and short results of neighbours at once.

A reader holds a page of executions and `GROUP_BYTES` of results, however large the batch is. A longer result is read
part by part, by its own reader.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.result import Failure, Result, Success

from application.batches.read import UnknownBatch
from application.batches.submit_batch import BatchPorts
from application.ports.batches import BatchRecord
from application.ports.errors import Unavailable
from application.ports.stored_bodies import StoredBody
from domain.execution import Execution, State, Succeeded, state_of
from domain.limits import MIB

PAGE_LINES: Final = 200
GROUP_BYTES: Final = MIB
"""The most that the results of a group have together, as text; a longer one is a group by itself."""


@frozen
class BatchContentRemoved:
    """The content of the whole batch has been removed."""

    id: UUID


BatchResultsUnavailable: TypeAlias = UnknownBatch | BatchContentRemoved


@frozen(kw_only=True)
class ReadResults:
    """The query: the lines of a batch after a number, in one state or in any."""

    batch_id: UUID
    after_line: int = 0
    state: State | None = None


@frozen
class LineResult:
    """The execution of a line, and its result: the text of a short one, a stored body if it is long, and None if there
    is none or it was removed. As text, it may have line breaks wherever JSON may have white space."""

    execution: Execution
    result: bytes | StoredBody | None = field(default=None, repr=False)


@frozen
class BatchResults:
    """A batch, and its lines in groups, from the beginning each time that `groups` is called.

    Where the batch is deleted meanwhile, or the store does not answer, reading ends with `Unavailable`.
    """

    record: BatchRecord
    groups: Callable[[], AsyncIterator[Sequence[LineResult]]] = field(repr=False)


async def read_results(ports: BatchPorts, query: ReadResults) -> Result[BatchResults, BatchResultsUnavailable]:
    """Find the results of a batch, which need not have finished."""
    found = await ports.batches.find(query.batch_id)
    if found is None:
        return Failure(UnknownBatch(query.batch_id))
    if found.batch.content_removed_at is not None:
        return Failure(BatchContentRemoved(query.batch_id))
    lines = found.batch.lines
    return Success(BatchResults(found, lambda: _groups(ports, query, lines)))


async def _groups(ports: BatchPorts, query: ReadResults, lines: int) -> AsyncIterator[Sequence[LineResult]]:
    after = query.after_line
    while after < lines:
        page = await ports.batches.executions(query.batch_id, after, PAGE_LINES)
        if not page or line_of(page[-1]) != after + len(page):
            raise Unavailable("the batch was deleted while its results were read")
        after += len(page)
        for group in _grouped(one for one in page if query.state in (None, state_of(one))):
            yield await _read(ports, group)


def line_of(execution: Execution) -> int:
    """Return the number of an execution's line in its batch."""
    place = execution.submission.attribution.batch
    assert place is not None, "it is of a batch"
    return place.line


def _grouped(executions: Iterable[Execution]) -> Iterator[Sequence[Execution]]:
    """Group neighbours whose results fit together."""
    group: list[Execution] = []
    size = 0
    for one in executions:
        own = _result_bytes(one)
        if group and size + own > GROUP_BYTES:
            yield group
            group, size = [], 0
        group, size = [*group, one], size + own
    if group:
        yield group


def _result_bytes(execution: Execution) -> int:
    return execution.output.size_bytes if _has_result(execution) and isinstance(execution, Succeeded) else 0


def _has_result(execution: Execution) -> bool:
    return isinstance(execution, Succeeded) and execution.content_removed_at is None


async def _read(ports: BatchPorts, group: Sequence[Execution]) -> Sequence[LineResult]:
    if _result_bytes(group[0]) > GROUP_BYTES:
        return [await _with_stored(ports, group[0])]
    wanted = [one.submission.id for one in group if _has_result(one)]
    found = await ports.batches.results(wanted) if wanted else {}
    return [
        LineResult(one, await ports.bodies.decode(found[one.submission.id]))
        if one.submission.id in found
        else await _without(ports, one)
        for one in group
    ]


async def _with_stored(ports: BatchPorts, execution: Execution) -> LineResult:
    body = await ports.executions.result(execution.submission.id)
    return LineResult(execution, body) if body is not None else await _without(ports, execution)


async def _without(ports: BatchPorts, execution: Execution) -> LineResult:
    """Show an execution without a result, as it is now if that was removed since it was read."""
    report = await ports.executions.report(execution.submission.id, 0) if _has_result(execution) else None
    return LineResult(execution if report is None else report.execution)

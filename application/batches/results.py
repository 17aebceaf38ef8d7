"""Read the results of a batch, line by line: in pages of lines with their results.

A reader holds a page, which has up to `PAGE_BYTES` of results, however large the batch is. A longer result is a page by
itself, and read part by part, by its own reader.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from application.batches.read import UnknownBatch
from application.batches.submit_batch import BatchPorts
from application.ports.batches import BatchLine, BatchRecord
from application.ports.errors import Unavailable
from application.ports.stored_bodies import StoredBody
from domain.body import Body
from domain.execution import State
from domain.limits import MIB

PAGE_LINES: Final = 200
PAGE_BYTES: Final = MIB
"""The most that the results of a page have together, as text."""


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
    """A line, and its result: the text of a short one, a stored body if it is long, and None if there is none or it was
    removed. As text, it may have line breaks wherever JSON may have white space."""

    line: BatchLine
    result: bytes | StoredBody | None = field(default=None, repr=False)


@frozen
class BatchResults:
    """A batch, and its lines in pages, from the beginning each time that `pages` is called.

    Where the batch is deleted meanwhile, or the store does not answer, reading ends with `Unavailable`.
    """

    record: BatchRecord
    pages: Callable[[], AsyncIterator[Sequence[LineResult]]] = field(repr=False)


async def read_results(ports: BatchPorts, query: ReadResults) -> Result[BatchResults, BatchResultsUnavailable]:
    """Find the results of a batch, which need not have finished."""
    found = await ports.batches.find(query.batch_id)
    if found is None:
        return Failure(UnknownBatch(query.batch_id))
    if found.batch.content_removed_at is not None:
        return Failure(BatchContentRemoved(query.batch_id))
    lines = found.batch.lines
    return Success(BatchResults(found, lambda: _pages(ports, query, lines)))


async def _pages(ports: BatchPorts, query: ReadResults, lines: int) -> AsyncIterator[Sequence[LineResult]]:
    after = query.after_line
    result_bytes = PAGE_BYTES if query.state in (None, State.SUCCEEDED) else None
    while after < lines:
        page = await ports.batches.lines(query.batch_id, after, PAGE_LINES, result_bytes)
        if not page or page[-1].number != after + len(page):
            raise Unavailable("the batch was deleted while its results were read")
        after += len(page)
        shown = page if query.state is None else [one for one in page if one.state is query.state]
        if shown:
            yield [await _with_result(ports, query.batch_id, one) for one in shown]


async def _with_result(ports: BatchPorts, batch_id: UUID, line: BatchLine) -> LineResult:
    if line.result is None:
        return LineResult(line)
    if isinstance(line.result, Body):
        return LineResult(line, await ports.bodies.decode(line.result))
    body = await ports.executions.result(line.execution_id)
    return LineResult(line, body) if body is not None else LineResult(await _without(ports, batch_id, line))


async def _without(ports: BatchPorts, batch_id: UUID, line: BatchLine) -> BatchLine:
    """Read a line again whose result was removed since it was read, or the whole of it deleted."""
    now = await ports.batches.lines(batch_id, line.number - 1, 1)
    return now[0] if now else evolve(line, result=None)

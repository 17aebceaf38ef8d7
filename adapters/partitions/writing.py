"""Writing of results as an object of the output."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from adapters.partitions.faults import refused
from adapters.partitions.merging import RESULT_OF_PROCESS
from adapters.partitions.polars import require_polars
from adapters.partitions.results import array_items, lines_of, pieces_of, read_result
from adapters.partitions.tools import Tools
from application.ports.job_tasks import PartialResult, WriteTask, Written
from domain.job_requests import ColumnType, DataFormat
from domain.jobs import Column
from domain.partitions import InputFault

if TYPE_CHECKING:
    import polars as pl

_RESULT_OF_MERGE: Final = "the result of merge"


async def write(tools: Tools, task: WriteTask) -> Written:
    """Write an object of the output. Raises `TaskRefused` if the results do not fit its format."""
    written = (await tools.stores.write(task.target, _pieces(tools, task))).unwrap()
    return Written(written.digest.sha256, written.digest.size_bytes)


def _pieces(tools: Tools, task: WriteTask) -> AsyncIterator[bytes]:
    what = _RESULT_OF_MERGE if task.is_whole else RESULT_OF_PROCESS
    if task.format is DataFormat.JSON:
        return _as_it_is(tools, task.results[0]) if task.is_whole else _joined(tools, task.results, what)
    return _converted(tools, task, what)


async def _as_it_is(tools: Tools, result: PartialResult) -> AsyncIterator[bytes]:
    async for piece in pieces_of(await read_result(tools.stores, result)):
        yield piece


async def _joined(tools: Tools, results: Sequence[PartialResult], what: str) -> AsyncIterator[bytes]:
    """Join arrays, of which one is held at a time."""
    separator = b"["
    for one in results:
        items = array_items(await read_result(tools.stores, one), what)
        if items:
            yield separator
            separator = b","
            async for piece in pieces_of(items):
                yield piece
    yield b"[]" if separator == b"[" else b"]"


async def _converted(tools: Tools, task: WriteTask, what: str) -> AsyncIterator[bytes]:
    for one in task.results:
        text = await read_result(tools.stores, one)
        array_items(text, what)
        lines = await asyncio.to_thread(b"".join, lines_of(tools.bodies, text))
        del text
        out = lines if task.format is DataFormat.NDJSON else await asyncio.to_thread(_table, lines, task)
        async for piece in pieces_of(out):
            yield piece


def _table(lines: bytes, task: WriteTask) -> bytes:
    frame = _frame(lines, task.columns or ())
    out = io.BytesIO()
    _WRITERS[task.format](frame, out)
    return out.getvalue()


def _frame(lines: bytes, columns: Sequence[Column]) -> "pl.DataFrame":
    require_polars()
    import polars as pl

    kinds = {ColumnType.NUMBER: pl.Float64, ColumnType.STRING: pl.String, ColumnType.BOOLEAN: pl.Boolean}
    schema = {one.name: kinds[one.type] for one in columns}
    if not lines or not schema:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_ndjson(lines, schema=schema)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise refused(
            InputFault.OUTPUT_INVALID, "a row of the results does not fit the columns that were found before"
        ) from None


def _to_csv(frame: "pl.DataFrame", out: io.BytesIO) -> None:
    """Write CSV. A number is written as in JSON, so an integer has no point."""
    import polars as pl

    numbers = pl.col(pl.Float64).cast(pl.String).str.strip_suffix(".0")
    frame.with_columns(numbers).write_csv(out)


def _to_parquet(frame: "pl.DataFrame", out: io.BytesIO) -> None:
    frame.write_parquet(out, compression="zstd")


_WRITERS: Final[Mapping[DataFormat, Callable[[Any, io.BytesIO], None]]] = {
    DataFormat.CSV: _to_csv,
    DataFormat.PARQUET: _to_parquet,
}

"""Rows of Parquet and Arrow, read by Polars from the store itself, as much of an object as the rows take."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from attrs import frozen

from adapters.partitions.bounds import Bounds
from adapters.partitions.faults import refused
from adapters.partitions.json_values import array_text, expressions, warnings_of_counts, warnings_of_values
from adapters.partitions.polars import require_polars
from adapters.partitions.ranges import changed, missing, too_large
from adapters.partitions.results import array_items
from adapters.partitions.rows import Rows
from application.ports.job_tasks import InputObject, TaskInput
from application.ports.stores import ObjectStores, StoreUnavailable, TableSource
from domain.job_requests import Compression, DataFormat, Integers
from domain.partitions import InputFault, ObjectVersion, PartitionRange
from domain.stores import ObjectPath, ObjectUrl
from domain.warnings import NumberWarningKind

if TYPE_CHECKING:
    import polars as pl

_BATCH_ROWS: Final = 16_384
_REMOTE: Final = "://"
_REMOTE_FAILURES: Final = ("object-store error", "Generic ")
"""The beginnings of the messages of the library that are about the storage, not about the table."""


@frozen
class Table:
    """A table in a store, and the columns and the form of integers that are wanted of it."""

    path: str
    source: TableSource
    format: DataFormat
    selected: tuple[str, ...] | None
    integers: Integers


async def read_table(
    stores: ObjectStores, given: TaskInput, one: InputObject, place: PartitionRange, bounds: Bounds
) -> Rows:
    """Read the rows of a range. Raises `TaskRefused`."""
    url, table = await _opened(stores, given, one)
    rows = await asyncio.to_thread(_rows, table, one.version, place, bounds)
    await check_version(stores, url, one.version)
    return rows


async def count_rows(stores: ObjectStores, given: TaskInput, one: InputObject) -> int:
    """Count the rows of a table, and check that it has the selected columns. Raises `TaskRefused`."""
    url, table = await _opened(stores, given, one)
    rows = await asyncio.to_thread(_count, table)
    await check_version(stores, url, one.version)
    return rows


async def check_version(stores: ObjectStores, url: ObjectUrl, version: ObjectVersion) -> None:
    """Check that an object is still in a version. Raises `TaskRefused`."""
    found = await stores.head(url)
    if found is None:
        raise missing(version.path)
    if found.etag != version.etag:
        raise changed(version.path)


async def _opened(stores: ObjectStores, given: TaskInput, one: InputObject) -> tuple[ObjectUrl, Table]:
    require_polars()
    path = one.version.path
    if one.compression is not Compression.NONE:
        raise refused(
            InputFault.INPUT_MALFORMED,
            f"{path} is a compressed {one.format.value} object, which cannot be read in parts; decompress it, since "
            f"the format has a compression of its own",
        )
    url = ObjectUrl(given.store, ObjectPath(path))
    await check_version(stores, url, one.version)
    return url, Table(path, stores.table_source(url), one.format, given.selected, given.integers)


def _count(table: Table) -> int:
    import polars as pl

    try:
        return int(_selected(table).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(table, error) from None


def _rows(table: Table, version: ObjectVersion, place: PartitionRange, bounds: Bounds) -> Rows:
    texts: list[bytes] = []
    size = count = 0
    counts: dict[tuple[NumberWarningKind, str], int] = {}
    for frame in _frames(table, place):
        text = array_items(array_text(frame, bounds), table.path)
        size += len(text) + 1
        if size > bounds.text_bytes:
            raise too_large(size, bounds)
        texts.append(text)
        count += frame.height
        for key, found in warnings_of_values(frame).items():
            counts[key] = counts.get(key, 0) + found
    array = b"[%b]" % b",".join(texts)
    return Rows(
        text=array,
        count=count,
        range=place,
        size_bytes=share_of(version, place.end) - share_of(version, place.start),
        sha256=hashlib.sha256(array).hexdigest(),
        warnings=warnings_of_counts(counts),
    )


def share_of(version: ObjectVersion, row: int) -> int:
    """Return the part of an object's bytes that its rows before that one take, as if all were of the same size."""
    return version.size_bytes * row // (version.rows or 1)


def _frames(table: Table, place: PartitionRange) -> "Iterator[pl.DataFrame]":
    """Read rows in batches, so that rows that expand are noticed before there are too many."""
    import polars as pl

    try:
        rows = _selected(table).slice(place.start, place.end - place.start)
        written = expressions(rows.collect_schema(), table.integers)
        for frame in rows.collect_batches(chunk_size=_BATCH_ROWS):
            if frame.height:
                yield frame.select(written)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(table, error) from None


def _selected(table: Table) -> "pl.LazyFrame":
    """Scan a table for the selected columns."""
    import polars as pl

    scan = pl.scan_parquet if table.format is DataFormat.PARQUET else pl.scan_ipc
    rows = scan(
        table.source.location,
        glob=False,
        hive_partitioning=False,
        storage_options=dict(table.source.options) or None,
        credential_provider=None,  # else it takes those of another library for its own, if that is installed
    )
    names = rows.collect_schema().names()
    absent = _first_absent(table.selected or (), names)
    if absent is not None:
        raise refused(InputFault.INPUT_MALFORMED, f"{table.path} has no column {absent!r}", column=absent)
    return rows if table.selected is None else rows.select(table.selected)


def _first_absent(wanted: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in wanted if name not in names), None)


def _unreadable(table: Table, error: BaseException) -> Exception:
    """Explain a failure without the library's message, which may have addresses and data in it."""
    if isinstance(error, PermissionError) and _REMOTE in table.source.location:
        return StoreUnavailable("the store of a table refuses the service's credentials")
    if isinstance(error, FileNotFoundError) or _is_remote(table, error):
        return StoreUnavailable(f"a table could not be read ({type(error).__name__})")
    return refused(
        InputFault.INPUT_MALFORMED,
        f"{table.path} cannot be read as {table.format.value}: it is of another format, is damaged, or ends too early "
        f"since it was not written or copied to its end",
    )


def _is_remote(table: Table, error: BaseException) -> bool:
    """Tell whether the storage failed. What a message says further on may be of the table's own making."""
    is_of_storage = isinstance(error, OSError) or str(error).startswith(_REMOTE_FAILURES)
    return _REMOTE in table.source.location and is_of_storage

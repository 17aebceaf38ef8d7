"""Values of tables as JSON: the forms of types that JSON has not, and warnings of values that change.

Polars writes most types as they should be; these are the others. Dates, times and durations have the forms of ISO 8601,
decimals are strings with all their digits, bytes are in Base64. NaN and the infinities become null.
"""

import io
from typing import TYPE_CHECKING, Final

from adapters.partitions.bounds import Bounds
from adapters.partitions.ranges import too_large
from domain.job_requests import Integers
from domain.warnings import NumberWarning, NumberWarningKind, number_warning

if TYPE_CHECKING:
    import polars as pl
    from polars.datatypes import DataTypeClass

_EXACT: Final = 2**53
_SLICE_ROWS: Final = 16_384


def expressions(schema: "pl.Schema", integers: Integers) -> "list[pl.Expr]":
    """Return the columns as they are written."""
    import polars as pl

    return [_written(pl.col(name), kind, integers).alias(name) for name, kind in schema.items()]


def array_text(frame: "pl.DataFrame", bounds: Bounds) -> bytes:
    """Write rows as a JSON array. Raises `TaskRefused` if it is sure to be too large, before it is made: each row
    repeats the names of its columns, and equal texts of a table may share their bytes."""
    size = frame.height * sum(len(name.encode()) for name in frame.columns) + sum(map(_size, frame.iter_columns()))
    if size > bounds.text_bytes:
        raise too_large(size, bounds)
    out = io.BytesIO()
    for rows in frame.iter_slices(_SLICE_ROWS):  # else the library would have all of the text, too
        piece = io.BytesIO()
        rows.write_json(piece)
        out.write(b",")
        out.write(piece.getvalue().strip()[1:-1])
    if not frame.height:
        return b"[]"
    out.write(b"]")
    out.seek(0)
    out.write(b"[")
    return out.getvalue()


def _size(column: "pl.Series") -> int:
    import polars as pl

    return int(column.str.len_bytes().sum()) if column.dtype == pl.String else 0


def warnings_of_values(frame: "pl.DataFrame") -> dict[tuple[NumberWarningKind, str], int]:
    """Count the values of each column that change: integers that a 64-bit float does not hold, and NaN."""
    import polars as pl

    found = {}
    for column in frame.iter_columns():
        if column.dtype in (pl.Int64, pl.UInt64, pl.Int128):
            count = int((column > _EXACT).sum())
            count += 0 if column.dtype == pl.UInt64 else int((column < -_EXACT).sum())
            found[NumberWarningKind.INTEGER_PRECISION, column.name] = count
        elif column.dtype.is_float():
            found[NumberWarningKind.NON_FINITE_NUMBER, column.name] = int((~column.is_finite()).sum())
    return {key: count for key, count in found.items() if count}


def warnings_of_counts(counts: dict[tuple[NumberWarningKind, str], int]) -> tuple[NumberWarning, ...]:
    """Word the warnings of a table: at most one of a kind, with the first column of it."""
    words = {
        NumberWarningKind.INTEGER_PRECISION: "{} integers of the column {!r} are beyond 2^53 and were rounded; "
        "input.integers: strings keeps their digits",
        NumberWarningKind.NON_FINITE_NUMBER: "{} numbers of the column {!r} are NaN or infinite and became null",
    }
    first: dict[NumberWarningKind, NumberWarning] = {}
    for (kind, name), count in counts.items():
        first.setdefault(kind, number_warning(kind, words[kind].format(count, name)))
    return tuple(first.values())


def _written(value: "pl.Expr", kind: "pl.DataType | DataTypeClass", integers: Integers) -> "pl.Expr":
    import polars as pl

    match kind:
        case pl.Datetime():
            return value.dt.to_string("iso:strict")
        case pl.Duration():
            return value.dt.to_string("iso")
        case pl.Decimal():
            return value.cast(pl.String)
        case pl.Binary():
            return value.bin.encode("base64")
        case pl.Int64() | pl.UInt64() | pl.Int128() if integers is Integers.STRINGS:
            return value.cast(pl.String)
        case pl.List() | pl.Array():
            return _list(value, kind, integers)
        case pl.Struct(fields=fields) if any(_is_other(one.dtype, integers) for one in fields):
            members = [_written(value.struct.field(one.name), one.dtype, integers).alias(one.name) for one in fields]
            return pl.when(value.is_null()).then(None).otherwise(pl.struct(members))
    return value


def _list(value: "pl.Expr", kind: "pl.List | pl.Array", integers: Integers) -> "pl.Expr":
    import polars as pl

    items = value.cast(pl.List(kind.inner)) if isinstance(kind, pl.Array) else value
    if not _is_other(kind.inner, integers):
        return items
    return items.list.eval(_written(pl.element(), kind.inner, integers))


def _is_other(kind: "pl.DataType | DataTypeClass", integers: Integers) -> bool:
    """Tell whether values of a type are written otherwise than Polars does."""
    import polars as pl

    one = pl.element()
    return _written(one, kind, integers) is not one

"""Rows of CSV: parsed by Polars as text, then converted by the types of the plan."""

import codecs
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from adapters.partitions.csv_text import CsvText, checked_rows, first_row, misread, row_place, to_utf_8
from adapters.partitions.csv_types import Misfit, convert, infer
from adapters.partitions.faults import TaskRefused, refused
from adapters.partitions.polars import require_polars
from domain.job_requests import MAX_COLUMNS, ColumnType, CsvOptions
from domain.jobs import Column
from domain.partitions import InputFault

if TYPE_CHECKING:
    import polars as pl

_INFERRED_ROWS: Final = 10_000
_DELIMITERS: Final = ",;\t|"
_SHOWN_CHARACTERS: Final = 40


@frozen
class CsvPart:
    """A part of a CSV object; that at its start begins with its header, if it has one. `where` ends messages."""

    data: bytes
    is_start: bool
    where: str


def read_csv(
    part: CsvPart, options: CsvOptions, columns: Sequence[Column], selected: Sequence[str] | None
) -> "pl.DataFrame":
    """Read the rows of a part. Raises `TaskRefused` with the line, and the column if the fault is a value's."""
    require_polars()
    header_lines = 0
    try:
        data, header_lines = _without_header(part, options, [one.name for one in columns])
        return _typed(checked_rows(data, len(columns), options), options, columns, selected)
    except TaskRefused as fault:
        raise _placed(fault, header_lines, part) from None


def find_columns(part: CsvPart, options: CsvOptions) -> tuple[tuple[Column, ...], int]:
    """Find the columns of an object's start, with their types, and the number of its rows. Raises `TaskRefused`."""
    require_polars()
    header_lines = 0
    try:
        names, data, header_lines = _header(part, options)
        if not names:
            return (), 0
        text = checked_rows(data, len(names), options)
        frame = _parsed(text, options, names, names).head(_INFERRED_ROWS)
        kinds = (options.types.get(name) or infer(frame[name], options.decimal) for name in names)
        return tuple(map(Column, names, kinds)), frame.height
    except TaskRefused as fault:
        raise _placed(fault, header_lines, part) from None


def _placed(fault: TaskRefused, header_lines: int, part: CsvPart) -> TaskRefused:
    """Count the lines of a header, and say where lines are counted."""
    error = fault.error
    if error.line is None:
        return TaskRefused(evolve(error, message=f"{error.message} ({part.where})"))
    line = error.line + header_lines
    message = error.message.replace(f"line {error.line} ", f"line {line} ", 1)
    return TaskRefused(evolve(error, message=f"{message} ({part.where})", line=line))


def _text(part: CsvPart, options: CsvOptions) -> bytes:
    data = part.data
    if part.is_start and options.encoding == "utf-8":
        data = data.removeprefix(codecs.BOM_UTF8)
    return to_utf_8(data, options.encoding)


def _header(part: CsvPart, options: CsvOptions) -> tuple[list[str], bytes, int]:
    """Return the names of the columns, the rows, and the number of lines before them."""
    data = _text(part, options)
    row, end, lines = first_row(data, options)
    others = [one for one in _DELIMITERS if one != options.delimiter and len(row) == 1 and one in row[0]]
    if others:
        raise refused(
            InputFault.INPUT_MALFORMED,
            f"line 1 has no delimiter {options.delimiter!r}, but {others[0]!r}; name the delimiter in csv.delimiter",
            1,
        )
    if not options.has_header:
        return [f"column_{number}" for number in range(1, len(row) + 1)], data, 0
    names = [name or f"column_{number}" for number, name in enumerate(row, 1)]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None or len(names) > MAX_COLUMNS:
        fault = f"has more than {MAX_COLUMNS} columns" if twice is None else "names two columns alike"
        raise refused(InputFault.INPUT_MALFORMED, f"line 1 {fault}", 1, twice)
    return names, data[end:], lines


def _without_header(part: CsvPart, options: CsvOptions, names: list[str]) -> tuple[bytes, int]:
    if not part.is_start or not options.has_header:
        return _text(part, options), 0
    found, data, lines = _header(part, options)
    if found and found != names:
        other = next((one for one, planned in zip(found, names, strict=False) if one != planned), None)
        raise refused(
            InputFault.INPUT_MALFORMED,
            "line 1 has other columns, or in another order, than the first object of the job",
            1,
            other,
        )
    return data, lines


def _parsed(text: CsvText, options: CsvOptions, names: Sequence[str], selected: Sequence[str]) -> "pl.DataFrame":
    """Parse rows, all of whose values stay text."""
    import polars as pl

    schema, wanted = dict.fromkeys(names, pl.String), frozenset(selected)
    if not text.rows:
        return pl.DataFrame(schema=schema).select(selected)
    try:
        frame = pl.read_csv(
            text.data,
            has_header=False,
            separator=options.delimiter,
            schema=schema,
            null_values="",
            columns=[number for number, name in enumerate(names) if name in wanted],
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise misread(text, len(names), options) from None
    if frame.height != text.rows:
        raise misread(text, len(names), options)
    return frame.select(selected)


def _typed(
    text: CsvText, options: CsvOptions, columns: Sequence[Column], selected: Sequence[str] | None
) -> "pl.DataFrame":
    import polars as pl

    names = [one.name for one in columns]
    kinds = {one.name: one.type for one in columns}
    frame = _parsed(text, options, names, selected or names)
    converted = []
    for name in frame.columns:
        values = convert(frame[name], kinds[name], options.decimal)
        if isinstance(values, Misfit):
            raise _misfitting(values, row_place(text.original, values.row, options), name, kinds[name])
        converted.append(values)
    return pl.DataFrame(converted)


def _misfitting(misfit: Misfit, line: int, name: str, kind: ColumnType) -> TaskRefused:
    shown = misfit.value[:_SHOWN_CHARACTERS]
    return refused(
        InputFault.INPUT_MALFORMED,
        f"line {line} has {shown!r} in the column {name!r}, which is no {kind.value}; correct it, or give the column "
        f"the type string in csv.types",
        line,
        name,
    )

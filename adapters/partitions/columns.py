"""Columns of results that are arrays of flat objects, as CSV and Parquet have them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from adapters.partitions.faults import TaskRefused, refused
from domain.job_requests import MAX_COLUMNS, ColumnType
from domain.jobs import Column
from domain.partitions import InputFault

_TYPES: Final[Mapping[type, ColumnType]] = {
    bool: ColumnType.BOOLEAN,
    int: ColumnType.NUMBER,
    float: ColumnType.NUMBER,
    str: ColumnType.STRING,
}
_ROW: Final = msgspec.json.Decoder(dict[str, Any])


class ColumnsFound:
    """The columns of rows so far, in the order of their first appearance. A column of nulls alone has no type yet."""

    def __init__(self) -> None:
        self._types: dict[str, ColumnType | None] = {}
        self._shapes: set[tuple[Any, ...]] = set()

    def add(self, lines: Iterable[bytes]) -> None:
        """Look at rows. Raises `TaskRefused` if one is no flat object, or has a value of another type than before."""
        for line in lines:
            row = _decoded(line)
            shape = (*row, *map(type, row.values()))
            if shape not in self._shapes:
                self._shapes.add(shape)
                for name, value in row.items():
                    self._add(name, value)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns. Those of nulls alone are of strings."""
        return tuple(Column(name, kind or ColumnType.STRING) for name, kind in self._types.items())

    def _add(self, name: str, value: object) -> None:
        before = self._types.setdefault(name, None)
        if len(self._types) > MAX_COLUMNS:
            raise refused(InputFault.OUTPUT_INVALID, f"the rows have more than {MAX_COLUMNS} different columns")
        if value is None:
            return
        kind = _TYPES.get(type(value))
        if kind is None:
            raise _nested(name)
        if before not in (None, kind):
            raise _mixed(name, before.value if before else "", kind.value)
        self._types[name] = kind


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        return _ROW.decode(line)
    except (msgspec.DecodeError, RecursionError):
        raise refused(
            InputFault.OUTPUT_INVALID,
            "a row of the results is no object, or has text that is no Unicode; rows of CSV and Parquet are objects "
            "whose members are columns",
        ) from None


def _nested(name: str) -> TaskRefused:
    return refused(
        InputFault.OUTPUT_INVALID,
        "a column of the results has an array or an object, which CSV and Parquet outputs have no column for; return "
        "its parts as columns of their own, or write ndjson",
        column=name,
    )


def _mixed(name: str, before: str, kind: str) -> TaskRefused:
    return refused(
        InputFault.OUTPUT_INVALID,
        f"a column of the results has a {before} in one row and a {kind} in another; return one type, or write ndjson",
        column=name,
    )

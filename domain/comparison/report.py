"""The report of a comparison: counts, a summary of each column, and the first differences with both values."""

from enum import StrEnum
from typing import Final, TypeAlias

from attrs import field, frozen

from domain.comparison.paths import PathChange
from domain.comparison.rows import CellChange, Key, KeyValues, Row
from domain.comparison.summary import ColumnSummary

MOST_REPORTED: Final = 1_000
"""Differences that a report holds. More are counted, and not quoted."""


class Change(StrEnum):
    """The change of a row. The values are part of the wire format."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@frozen
class RowDifference:
    """A row that differs: its key's values, or its position from 0 where rows are matched by position; its changed
    cells, or the whole row that was added or removed. It quotes the results, so it never enters a repr or a log."""

    change: Change
    key: KeyValues = field(repr=False)
    cells: tuple[CellChange, ...] = field(default=(), repr=False)
    row: Row | None = field(default=None, repr=False)


@frozen
class TableComparison:
    """The comparison of two arrays of objects. `key` is None if rows were matched by position."""

    key: Key | None
    equal: int
    changed: int
    added: int
    removed: int
    columns: dict[str, ColumnSummary] = field(repr=False)
    differences: tuple[RowDifference, ...] = field(repr=False)

    @property
    def is_equal(self) -> bool:
        """Tell whether no row differs."""
        return self.changed == self.added == self.removed == 0


@frozen
class ValueComparison:
    """The comparison of two values of which one at least is no table. `count` is that of all differing paths."""

    count: int
    differences: tuple[PathChange, ...] = field(repr=False)

    @property
    def is_equal(self) -> bool:
        """Tell whether no path differs."""
        return self.count == 0


ResultComparison: TypeAlias = TableComparison | ValueComparison


@frozen
class KeyNotUnique:
    """Rows of one result have the same values in the columns of the key: `rows` are the positions of the first two,
    from 0."""

    key: Key
    is_before: bool
    rows: tuple[int, int]
    values: KeyValues = field(repr=False)


@frozen
class KeyNotUsable:
    """A row has no value in a column of the key, or one that is an array or an object."""

    column: str
    is_before: bool
    row: int


@frozen
class NotTables:
    """A key was named, and a result is no array of objects."""

    is_before: bool


class StopReason(StrEnum):
    """The reason why a comparison was given up."""

    TIME = "time"
    MEMORY = "memory"
    DISK = "disk"
    NUMBER_RANGE = "number-range"
    UNREADABLE = "unreadable"
    UNAVAILABLE = "unavailable"


@frozen
class ComparisonStopped:
    """The comparison exceeded its time, its memory or its temporary files, a number is beyond `MOST_EXPONENT`, a stored
    result cannot be read, or no process could be started to compare them in."""

    reason: StopReason


ComparisonRefused: TypeAlias = KeyNotUnique | KeyNotUsable | NotTables | ComparisonStopped

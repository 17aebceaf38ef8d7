"""The report of a comparison, built from its differences one by one in bounded memory.

All differences are counted. The first ones are quoted: as many as a report holds, and no more bytes than it may have. A
difference that is long by itself is counted and not quoted.
"""

from collections.abc import Iterable
from typing import Final, Generic, TypeVar, assert_never

from attrs import define, field

from domain.comparison.json_text import json_text
from domain.comparison.paths import PathChange
from domain.comparison.report import MOST_REPORTED, Change, RowDifference, TableComparison, ValueComparison
from domain.comparison.rows import (
    Key,
    KeyValues,
    Row,
    RowAdded,
    RowChanged,
    RowComparison,
    RowEqual,
    RowRemoved,
    key_values,
)
from domain.comparison.summary import SummaryBuilder
from domain.comparison.values import Cell

MOST_REPORTED_BYTES: Final = 1024 * 1024
"""The bytes of the JSON text of all differences of a report."""
MOST_DIFFERENCE_BYTES: Final = 64 * 1024
_OVERHEAD_BYTES: Final = 64
"""The bytes of a difference and of each of its cells beside their names and values."""

_D = TypeVar("_D", RowDifference, PathChange)


@define
class _Quoted(Generic[_D]):
    """The differences that are quoted, and the bytes that they take."""

    items: list[_D] = field(factory=list)
    _bytes: int = 0
    _is_full: bool = False

    @property
    def is_full(self) -> bool:
        return self._is_full or len(self.items) >= MOST_REPORTED

    def add(self, difference: _D, size_bytes: int) -> None:
        if self.is_full or size_bytes > MOST_DIFFERENCE_BYTES:
            return
        if self._bytes + size_bytes > MOST_REPORTED_BYTES:
            self._is_full = True
            return
        self._bytes += size_bytes
        self.items.append(difference)


@define
class TableReport:
    """Takes the comparisons of rows, in order."""

    key: Key | None
    _summary: SummaryBuilder = field(init=False)
    _quoted: _Quoted[RowDifference] = field(init=False, factory=_Quoted)

    def __attrs_post_init__(self) -> None:
        self._summary = SummaryBuilder(self.key or ())

    def add(self, compared: RowComparison, position: int) -> None:
        """Take one more row into account; its position counts only without a key."""
        self._summary.add(compared)
        if not self._quoted.is_full and not isinstance(compared, RowEqual):
            difference = _row_difference(compared, self.key, position)
            self._quoted.add(difference, _row_bytes(difference))

    def comparison(self) -> TableComparison:
        """Return the report so far."""
        summary = self._summary.summary()
        return TableComparison(
            key=self.key,
            equal=summary.equal,
            changed=summary.changed,
            added=summary.added,
            removed=summary.removed,
            columns=summary.columns,
            differences=tuple(self._quoted.items),
        )


def table_comparison(key: Key | None, compared: Iterable[RowComparison]) -> TableComparison:
    """Build the report of a comparison of rows, which are in their order by key, or by position without a key."""
    report = TableReport(key)
    for position, one in enumerate(compared):
        report.add(one, position)
    return report.comparison()


def value_comparison(changes: Iterable[PathChange]) -> ValueComparison:
    """Build the report of a comparison path by path."""
    quoted: _Quoted[PathChange] = _Quoted()
    count = 0
    for one in changes:
        count += 1
        if not quoted.is_full:
            quoted.add(one, _OVERHEAD_BYTES + len(one.pointer) + _bytes_of(one.before, one.after))
    return ValueComparison(count, tuple(quoted.items))


def _row_difference(compared: RowChanged | RowAdded | RowRemoved, key: Key | None, position: int) -> RowDifference:
    match compared:
        case RowChanged(before=row, cells=cells):
            return RowDifference(Change.CHANGED, _identity(row, key, position), cells=cells)
        case RowAdded(after=row):
            return RowDifference(Change.ADDED, _identity(row, key, position), row=row)
        case RowRemoved(before=row):
            return RowDifference(Change.REMOVED, _identity(row, key, position), row=row)
        case _:
            assert_never(compared)


def _identity(row: Row, key: Key | None, position: int) -> KeyValues:
    return (position,) if key is None else key_values(row, key)


def _row_bytes(difference: RowDifference) -> int:
    cells = sum(_OVERHEAD_BYTES + len(one.column) + _bytes_of(one.before, one.after) for one in difference.cells)
    row = 0 if difference.row is None else _bytes_of(difference.row)
    return _OVERHEAD_BYTES + _bytes_of(*difference.key) + cells + row


def _bytes_of(*values: Cell) -> int:
    return sum(len(json_text(value)) for value in values)

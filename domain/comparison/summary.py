"""The summary of a comparison: counts of rows, and for each column how many cells match and how far numbers moved."""

from collections import Counter
from decimal import Decimal
from typing import Final, assert_never

from attrs import define, field, frozen

from domain.comparison.rows import CellChange, Key, Row, RowAdded, RowChanged, RowComparison, RowEqual, RowRemoved
from domain.comparison.values import EXACT, difference_of, is_number, magnitude_of

MOST_COLUMNS: Final = 1_000
"""Columns of which a summary keeps figures. Changes in others still count as changes of their rows."""
MOST_NAME_CHARACTERS: Final = 256
"""Characters of the name of a column with figures, or in a proposed key."""
_DIGITS: Final = 17
_MOST_CELLS: Final = 100_000
"""Names in the sets of columns that are counted before they are added to the columns."""


@frozen
class ColumnSummary:
    """The cells of one column in matched rows: how many were compared, and how many of these changed.

    The largest differences are those of cells with a number before and after, to 17 digits; None if there are none.
    """

    compared: int
    changed: int = 0
    largest_absolute: Decimal | None = None
    largest_relative: Decimal | None = None

    @property
    def matched_percent(self) -> Decimal:
        """The share of cells that are equal, in percent."""
        return Decimal(100 * (self.compared - self.changed)) / self.compared


@frozen
class Summary:
    """The numbers of rows by their comparison, and the columns outside the key."""

    equal: int
    changed: int
    added: int
    removed: int
    columns: dict[str, ColumnSummary]

    @property
    def is_empty(self) -> bool:
        """Tell whether the two tables are equal."""
        return self.changed == self.added == self.removed == 0


@define
class _Moved:
    changed: int = 0
    absolute: Decimal | None = None
    relative: Decimal | None = None

    def add(self, cell: CellChange) -> None:
        self.changed += 1
        if is_number(cell.before) and is_number(cell.after):
            absolute = difference_of(cell.before, cell.after)
            relative = EXACT.divide(absolute, magnitude_of(cell.before, cell.after))
            self.absolute = absolute if self.absolute is None else max(self.absolute, absolute)
            self.relative = relative if self.relative is None else max(self.relative, relative)


@define
class SummaryBuilder:
    """Adds up the comparisons of rows, in memory that depends on the number of columns only."""

    key: Key
    _counts: Counter[type] = field(factory=Counter)
    _rows_by_columns: Counter[tuple[str, ...]] = field(factory=Counter)
    _cells: int = 0
    _compared: Counter[str] = field(factory=Counter)
    _moved: dict[str, _Moved] = field(factory=dict)

    def add(self, compared: RowComparison) -> None:
        """Take one more row into account."""
        self._counts[type(compared)] += 1
        match compared:
            case RowEqual(before=before, after=after):
                self._count_cells(before, after)
            case RowChanged(before=before, after=after, cells=cells):
                self._count_cells(before, after)
                for cell in cells:
                    if cell.column in self._compared:
                        self._moved.setdefault(cell.column, _Moved()).add(cell)
            case RowAdded() | RowRemoved():
                pass
            case _:
                assert_never(compared)

    def summary(self) -> Summary:
        """Return the sums so far."""
        self._add_up()
        return Summary(
            equal=self._counts[RowEqual],
            changed=self._counts[RowChanged],
            added=self._counts[RowAdded],
            removed=self._counts[RowRemoved],
            columns={name: self._column(name) for name in self._compared},
        )

    def _count_cells(self, before: Row, after: Row) -> None:
        """Count the row for its set of columns, which most rows share, rather than once for each column."""
        columns = tuple(before if before is after or before.keys() == after.keys() else {**before, **after})
        if columns not in self._rows_by_columns:
            self._register(columns)
        self._rows_by_columns[columns] += 1

    def _register(self, columns: tuple[str, ...]) -> None:
        self._cells += len(columns)
        if self._cells > _MOST_CELLS:
            self._add_up()
            self._cells = len(columns)
        for column in columns:
            if len(self._compared) < MOST_COLUMNS and column not in self.key and len(column) <= MOST_NAME_CHARACTERS:
                self._compared[column] += 0

    def _add_up(self) -> None:
        for columns, rows in self._rows_by_columns.items():
            for column in columns:
                if column in self._compared:
                    self._compared[column] += rows
        self._rows_by_columns.clear()

    def _column(self, name: str) -> ColumnSummary:
        moved = self._moved.get(name, _Moved())
        return ColumnSummary(self._compared[name], moved.changed, _rounded(moved.absolute), _rounded(moved.relative))


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else EXACT.create_decimal(f"{value:.{_DIGITS - 1}e}").normalize(EXACT)

"""The comparison of two tables whose rows are matched by a key.

A table is a sequence of rows, sorted by `sort_key`, in which no key occurs twice. Sorting is the caller's, since a
table may be larger than memory. The rows are read once, in step, and compared one pair at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias, assert_never

from attrs import evolve, frozen

from domain.comparison.values import ABSENT, EXACTLY, Cell, JsonValue, OrderKey, Tolerance, are_equal, order_key

Row: TypeAlias = Mapping[str, JsonValue]
Key: TypeAlias = tuple[str, ...]
"""The columns that identify a row."""
KeyValues: TypeAlias = "tuple[Cell, ...]"


@frozen
class CellChange:
    """The two values of a column in a matched row, at most one of them absent."""

    column: str
    before: Cell
    after: Cell


@frozen
class RowEqual:
    """A matched row without a change: the two are equal within the tolerance."""

    before: Row
    after: Row


@frozen
class RowChanged:
    """A matched row, with its changed cells, of which none is in a column of the key."""

    before: Row
    after: Row
    cells: tuple[CellChange, ...]


@frozen
class RowAdded:
    """A row that only the second table has."""

    after: Row


@frozen
class RowRemoved:
    """A row that only the first table has."""

    before: Row


RowComparison: TypeAlias = RowEqual | RowChanged | RowAdded | RowRemoved

_END: Final = None


def key_values(row: Row, key: Key) -> KeyValues:
    """Return the row's values in the columns of the key."""
    return tuple(row.get(column, ABSENT) for column in key)


def sort_key(row: Row, key: Key) -> OrderKey:
    """Build the sort key of a row; the values of the key must be scalars. Equal sort keys are equal keys."""
    return tuple(order_key(value) for value in key_values(row, key))


def compare(
    before: Iterable[Row], after: Iterable[Row], key: Key, within: Tolerance = EXACTLY
) -> Iterator[RowComparison]:
    """Compare two sorted tables, in the order of their keys."""
    lefts, rights = iter(before), iter(after)
    left, right = next(lefts, _END), next(rights, _END)
    while left is not _END or right is not _END:
        order = _order(left, right, key)
        if order < 0:
            assert left is not _END
            yield RowRemoved(left)
        elif order > 0:
            assert right is not _END
            yield RowAdded(right)
        else:
            assert left is not _END
            assert right is not _END
            yield _compare_rows(left, right, key, within)
        left = next(lefts, _END) if order <= 0 else left
        right = next(rights, _END) if order >= 0 else right


def _order(left: Row | None, right: Row | None, key: Key) -> int:
    """Return a negative number if the left row comes first, a positive one if the right does, and 0 if they match."""
    if left is None:
        return 1
    if right is None:
        return -1
    one, other = sort_key(left, key), sort_key(right, key)
    return 0 if one == other else (-1 if one < other else 1)


def _compare_rows(left: Row, right: Row, key: Key, within: Tolerance) -> RowEqual | RowChanged:
    cells = tuple(
        CellChange(column, left.get(column, ABSENT), right.get(column, ABSENT))
        for column in (left if left.keys() == right.keys() else {**left, **right})
        if column not in key and not are_equal(left.get(column, ABSENT), right.get(column, ABSENT), within)
    )
    return RowChanged(left, right, cells) if cells else RowEqual(left, right)


def mirrored(compared: RowComparison) -> RowComparison:
    """Return the comparison of the same row in the other direction."""
    match compared:
        case RowEqual(before=before, after=after):
            return RowEqual(after, before)
        case RowChanged(before=before, after=after, cells=cells):
            return RowChanged(after, before, tuple(evolve(one, before=one.after, after=one.before) for one in cells))
        case RowAdded(after=row):
            return RowRemoved(row)
        case RowRemoved(before=row):
            return RowAdded(row)
        case _:
            assert_never(compared)

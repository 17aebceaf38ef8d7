"""The comparison of two tables whose rows are matched by a key.

A table is a sequence of rows, sorted by `sort_key`, in which no key occurs twice. Sorting is the caller's, since a
table may be larger than memory. The rows are read once, in step, and compared one pair at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from attrs import frozen

from domain.comparison.order import OrderKey, order_key
from domain.comparison.values import ABSENT, EXACTLY, Cell, JsonValue, Tolerance, are_equal

_T = TypeVar("_T")

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
    return b"".join(map(order_key, key_values(row, key)))


def compare(
    before: Iterable[Row], after: Iterable[Row], key: Key, within: Tolerance = EXACTLY
) -> Iterator[RowComparison]:
    """Compare two sorted tables, in the order of their keys."""
    lefts, rights = (((sort_key(row, key), row) for row in table) for table in (before, after))
    return (compare_rows(left, right, key, within) for left, right in match_sorted(lefts, rights))


def match_sorted(
    before: Iterable[tuple[OrderKey, _T]], after: Iterable[tuple[OrderKey, _T]]
) -> Iterator[tuple[_T | None, _T | None]]:
    """Pair the items with equal keys of two sorted sequences; an item without a partner comes with None."""
    lefts, rights = iter(before), iter(after)
    left, right = next(lefts, _END), next(rights, _END)
    while left is not _END and right is not _END:
        if left[0] == right[0]:
            yield left[1], right[1]
            left, right = next(lefts, _END), next(rights, _END)
        elif left[0] < right[0]:
            yield left[1], None
            left = next(lefts, _END)
        else:
            yield None, right[1]
            right = next(rights, _END)
    while left is not _END:
        yield left[1], None
        left = next(lefts, _END)
    while right is not _END:
        yield None, right[1]
        right = next(rights, _END)


def compare_rows(left: Row | None, right: Row | None, key: Key, within: Tolerance = EXACTLY) -> RowComparison:
    """Compare two rows with the same key; None stands for a row that the table does not have."""
    if left is None:
        assert right is not None
        return RowAdded(right)
    if right is None:
        return RowRemoved(left)
    cells = tuple(
        CellChange(column, left.get(column, ABSENT), right.get(column, ABSENT))
        for column in (left if left.keys() == right.keys() else {**left, **right})
        if column not in key and not are_equal(left.get(column, ABSENT), right.get(column, ABSENT), within)
    )
    return RowChanged(left, right, cells) if cells else RowEqual(left, right)

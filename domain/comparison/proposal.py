"""The proposal of a key: a small set of columns that identifies the rows of two tables.

It is made from samples of rows, so each proposal must be verified on the whole tables. A column qualifies if every
sampled row has a scalar there and no number with a fraction, since measures change and identify nothing. Proposals
are sets of columns that are unique in both samples and have no subset that is. Those that match most rows of the
samples go first; among them those with fewer columns of integers that lie far apart, which are rather measures that
happen not to repeat than numbers of rows or years; then the smallest. Of the rest, one that matches more rows goes
first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import prod
from typing import Final

from attrs import frozen

from domain.comparison.order import OrderKey, order_key
from domain.comparison.report import TableComparison
from domain.comparison.rows import Key, Row
from domain.comparison.summary import MOST_NAME_CHARACTERS
from domain.comparison.values import ABSENT, Cell, is_number, is_scalar

MOST_KEY_COLUMNS: Final = 4
"""Columns of a proposed key."""
MOST_PROPOSED: Final = 4
_MOST_COLUMNS: Final = 24
"""Columns that are considered."""
_MOST_TESTS: Final = 400
"""Sets whose uniqueness in the samples is tested."""
_FAR_APART: Final = 100
"""The range of a column's integers in proportion to the number of rows, beyond which they lie far apart."""
_POOR_SHARE: Final = 0.1
"""The share of the shorter table's rows that may have no partner where most have one."""


@frozen
class _Table:
    """The sort keys of a sample's rows, column by column, how many different ones each column has, and the columns of
    integers that lie far apart."""

    rows: int
    columns: Mapping[str, Sequence[OrderKey]]
    distinct: Mapping[str, int]
    sparse: frozenset[str]


@frozen(order=True)
class _Proposal:
    """A unique set of columns; the first one in their order is the best."""

    is_poor: bool
    rank: tuple[int, ...]
    places: tuple[int, ...]


def proposed_keys(before: Sequence[Row], after: Sequence[Row]) -> tuple[Key, ...]:
    """Propose keys from a sample of each table, the best one first."""
    names = _candidates([sample for sample in (before, after) if sample])
    tables = [_table(sample, names) for sample in (before, after)]
    found = sorted(_proposals(names, *tables))
    return tuple(tuple(names[at] for at in one.places) for one in found[:MOST_PROPOSED])


def best_of(keys: Iterable[Key], compare_by: Callable[[Key], TableComparison | None]) -> TableComparison | None:
    """Compare by the first key that matches most rows of the whole tables, or by the one that matches most of all.

    A sample may match fewer rows than the tables do, since rows may have been inserted. Keys that turn out not to be
    unique give None, and so does this function if all do.
    """
    best: TableComparison | None = None
    for compared in filter(None, map(compare_by, keys)):
        if best is None or _matched(compared) > _matched(best):
            best = compared
        unmatched = min(compared.added, compared.removed)
        if not _is_poor(unmatched, _matched(compared) + unmatched):
            break
    return best


def _matched(compared: TableComparison) -> int:
    return compared.equal + compared.changed


def _is_poor(unmatched: int, fewest: int) -> bool:
    """Tell whether a key leaves many rows of the shorter table without a partner."""
    return unmatched > _POOR_SHARE * fewest


def _candidates(samples: Sequence[Sequence[Row]]) -> list[str]:
    """Choose the columns that qualify in all samples, in the order of the first row."""
    if not samples:
        return []
    named = (name for name in samples[0][0] if len(name) <= MOST_NAME_CHARACTERS)
    shared = [name for name in named if all(name in sample[0] for sample in samples)]
    qualified = (name for name in shared if all(_identifies(row.get(name, ABSENT)) for rows in samples for row in rows))
    return [name for name, _ in zip(qualified, range(_MOST_COLUMNS), strict=False)]


def _identifies(value: Cell) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return value is not ABSENT and is_scalar(value)


def _table(rows: Sequence[Row], names: Sequence[str]) -> _Table:
    columns = {name: [order_key(row[name]) for row in rows] for name in names}
    sparse = frozenset(name for name in names if _is_sparse([row[name] for row in rows]))
    return _Table(len(rows), columns, {name: len(set(values)) for name, values in columns.items()}, sparse)


def _is_sparse(values: Sequence[Cell]) -> bool:
    integers = [value for value in values if is_number(value)]
    return bool(integers) and max(integers) - min(integers) > _FAR_APART * len(values)


def _proposals(names: Sequence[str], before: _Table, after: _Table) -> Iterator[_Proposal]:
    found: list[set[int]] = []
    fewest = min(before.rows, after.rows)
    for places in _sets(names, before, after):
        if any(one.issubset(places) for one in found):
            continue
        key = [names[at] for at in places]
        lefts, rights = _values(before, key), _values(after, key)
        if len(lefts) == before.rows and len(rights) == after.rows:
            found.append(set(places))
            unmatched = fewest - len(lefts & rights)
            is_poor = _is_poor(unmatched, fewest)
            sparse = len((before.sparse | after.sparse).intersection(key))
            rank = (unmatched, sparse, len(places)) if is_poor else (sparse, len(places), unmatched)
            yield _Proposal(is_poor, rank, places)


def _sets(names: Sequence[str], before: _Table, after: _Table) -> Iterator[tuple[int, ...]]:
    """Yield the sets that may be unique, by the numbers of their columns' values, as many as are tested."""
    possible = (
        places
        for size in range(1, MOST_KEY_COLUMNS + 1)
        for places in combinations(range(len(names)), size)
        if all(prod(table.distinct[names[at]] for at in places) >= table.rows for table in (before, after))
    )
    return (places for places, _ in zip(possible, range(_MOST_TESTS), strict=False))


def _values(table: _Table, key: Sequence[str]) -> set[tuple[OrderKey, ...]]:
    return set(zip(*(table.columns[name] for name in key), strict=True))

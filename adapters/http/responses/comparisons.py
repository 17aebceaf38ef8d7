"""Comparisons of results as the shapes of the wire."""

from decimal import ROUND_FLOOR, Decimal
from typing import Final

from msgspec import Raw

from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas import comparisons as shapes
from domain.comparison.json_text import json_text
from domain.comparison.paths import PathChange
from domain.comparison.report import Change, ResultComparison, RowDifference, TableComparison, ValueComparison
from domain.comparison.rows import CellChange, Key
from domain.comparison.summary import ColumnSummary
from domain.comparison.values import ABSENT, Cell

_PERCENT_STEP: Final = Decimal("0.0001")


def comparison(compared: ResultComparison) -> shapes.Comparison:
    """Represent a comparison. Values keep all digits."""
    return _table(compared) if isinstance(compared, TableComparison) else _value(compared)


def comparison_json(compared: ResultComparison) -> bytes:
    """Write a comparison as the JSON that responses have."""
    return json_bytes(comparison(compared))


def column_comparison(name: str, summary: ColumnSummary) -> shapes.ColumnComparison:
    """Represent the summary of a column."""
    return shapes.ColumnComparison(
        name=name,
        compared=summary.compared,
        changed=summary.changed,
        matched_percent=float(summary.matched_percent.quantize(_PERCENT_STEP, ROUND_FLOOR)),
        largest_absolute=summary.largest_absolute,
        largest_relative=summary.largest_relative,
    )


def _row_difference(difference: RowDifference, key: Key | None) -> shapes.ResultDifference:
    """Represent a row that differs. Without a key, it is identified by its position."""
    return shapes.ResultDifference(
        change=difference.change,
        key=None if key is None else dict(zip(key, map(_present, difference.key), strict=True)),
        position=_position(difference) if key is None else None,
        cells=tuple(map(_cell, difference.cells)) if difference.change is Change.CHANGED else None,
        row=None if difference.row is None else {name: _present(value) for name, value in difference.row.items()},
        pointer=None,
        before=None,
        after=None,
    )


def _path_difference(change: PathChange) -> shapes.ResultDifference:
    """Represent a path that differs."""
    return shapes.ResultDifference(
        change=_change(change),
        key=None,
        position=None,
        cells=None,
        row=None,
        pointer=change.pointer,
        before=_raw(change.before),
        after=_raw(change.after),
    )


def _table(compared: TableComparison) -> shapes.Comparison:
    counts = shapes.RowCounts(
        equal=compared.equal, changed=compared.changed, added=compared.added, removed=compared.removed
    )
    return shapes.Comparison(
        kind=shapes.ComparisonKind.TABLE,
        equal=compared.is_equal,
        key=compared.key,
        rows=counts,
        columns=tuple(column_comparison(name, summary) for name, summary in compared.columns.items()),
        count=compared.changed + compared.added + compared.removed,
        differences=tuple(_row_difference(one, compared.key) for one in compared.differences),
    )


def _value(compared: ValueComparison) -> shapes.Comparison:
    return shapes.Comparison(
        kind=shapes.ComparisonKind.VALUE,
        equal=compared.is_equal,
        key=None,
        rows=None,
        columns=None,
        count=compared.count,
        differences=tuple(map(_path_difference, compared.differences)),
    )


def _position(difference: RowDifference) -> int:
    (position,) = difference.key
    assert isinstance(position, int)
    return position


def _cell(cell: CellChange) -> shapes.CellDifference:
    return shapes.CellDifference(column=cell.column, before=_raw(cell.before), after=_raw(cell.after))


def _change(change: PathChange) -> Change:
    if change.before is ABSENT:
        return Change.ADDED
    return Change.REMOVED if change.after is ABSENT else Change.CHANGED


def _raw(value: Cell) -> Raw | None:
    return None if value is ABSENT else _present(value)


def _present(value: Cell) -> Raw:
    return Raw(json_text(value).encode())

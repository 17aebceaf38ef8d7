"""The JSON document of a comparison, as it is stored and sent between processes. Numbers keep all digits, and a member
that is missing is a value that is absent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.comparison.json_text import json_text, parse_json
from domain.comparison.paths import PathChange
from domain.comparison.report import Change, ResultComparison, RowDifference, TableComparison, ValueComparison
from domain.comparison.rows import CellChange, Key
from domain.comparison.summary import ColumnSummary
from domain.comparison.values import ABSENT, Cell


def comparison_document(comparison: ResultComparison) -> bytes:
    """Write a comparison as JSON."""
    members = _table(comparison) if isinstance(comparison, TableComparison) else _value(comparison)
    return json_text(members).encode()


def read_comparison(document: bytes) -> ResultComparison:
    """Read a document that `comparison_document` wrote."""
    members = parse_json(document.decode())
    return _read_table(members) if "key" in members else _read_value(members)


def _table(comparison: TableComparison) -> dict[str, Any]:
    counts = {name: getattr(comparison, name) for name in ("equal", "changed", "added", "removed")}
    return {
        "key": comparison.key,
        "rows": counts,
        "columns": {name: _column(one) for name, one in comparison.columns.items()},
        "differences": [_row(one) for one in comparison.differences],
    }


def _column(summary: ColumnSummary) -> list[Cell]:
    return [summary.compared, summary.changed, summary.largest_absolute, summary.largest_relative]


def _row(difference: RowDifference) -> dict[str, Any]:
    return _present(
        change=str(difference.change),
        key=[_wrapped(one) for one in difference.key],
        cells=[_present(column=one.column, before=one.before, after=one.after) for one in difference.cells],
        row=difference.row,
    )


def _value(comparison: ValueComparison) -> dict[str, Any]:
    differences = [_present(pointer=one.pointer, before=one.before, after=one.after) for one in comparison.differences]
    return {"count": comparison.count, "differences": differences}


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not ABSENT}


def _wrapped(value: Cell) -> list[Cell]:
    """Put the value of a key into an array, which is empty if the value is absent."""
    return [] if value is ABSENT else [value]


def _read_table(members: Mapping[str, Any]) -> TableComparison:
    key: Key | None = None if members["key"] is None else tuple(members["key"])
    columns = {name: _read_column(*figures) for name, figures in members["columns"].items()}
    return TableComparison(
        key, **members["rows"], columns=columns, differences=tuple(map(_read_row, members["differences"]))
    )


def _read_column(
    compared: int, changed: int, absolute: int | Decimal | None, relative: int | Decimal | None
) -> ColumnSummary:
    return ColumnSummary(compared, changed, _decimal(absolute), _decimal(relative))


def _decimal(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _read_row(members: Mapping[str, Any]) -> RowDifference:
    return RowDifference(
        change=Change(members["change"]),
        key=tuple(one[0] if one else ABSENT for one in members["key"]),
        cells=tuple(CellChange(one["column"], *_both(one)) for one in members["cells"]),
        row=members["row"],
    )


def _read_value(members: Mapping[str, Any]) -> ValueComparison:
    changes = tuple(PathChange(one["pointer"], *_both(one)) for one in members["differences"])
    return ValueComparison(members["count"], changes)


def _both(members: Mapping[str, Any]) -> tuple[Cell, Cell]:
    return members.get("before", ABSENT), members.get("after", ABSENT)

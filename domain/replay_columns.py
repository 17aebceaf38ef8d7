"""The figures of a replay's columns: those of each execution as text, and their sums.

They are derived from results, names included: so they are content, stored and removed with that of the execution.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from domain.comparison.json_text import json_text, parse_json
from domain.comparison.summary import MOST_COLUMNS, ColumnSummary
from domain.text_limits import sanitize

MAX_COLUMNS_BYTES: Final = 64 * 1024
"""The longest text of the columns of one execution. Columns that do not fit are left out."""

Columns: TypeAlias = Mapping[str, ColumnSummary]


def columns_text(columns: Columns, limit_bytes: int = MAX_COLUMNS_BYTES) -> bytes:
    """Encode the columns of an execution as JSON, in their order, up to so many bytes.

    Names are sanitised; columns that have the same name then are added up.
    """
    pieces, size = [], 2
    for name, one in add_columns({}, ((sanitize(name), one) for name, one in columns.items())).items():
        figures = [one.compared, one.changed, one.largest_absolute, one.largest_relative]
        piece = json_text([name, figures]).encode()
        if size + len(piece) + 1 <= limit_bytes:
            pieces.append(piece)
            size += len(piece) + 1
    return b"[%b]" % b",".join(pieces)


def add_columns_texts(columns: Columns, texts: Iterable[bytes]) -> Columns:
    """Add the columns of some executions, as they were encoded, to others."""
    read = (pair for text in texts for pair in parse_json(text.decode()))
    return add_columns(columns, ((name, _column(*figures)) for name, figures in read))


def add_columns(columns: Columns, others: Iterable[tuple[str, ColumnSummary]]) -> Columns:
    """Add columns to others: counts are summed, and the largest differences are the larger ones.

    Columns beyond the most that a summary has are left out.
    """
    sums = dict(columns)
    for name, column in others:
        if name in sums:
            sums[name] = _add(sums[name], column)
        elif len(sums) < MOST_COLUMNS:
            sums[name] = column
    return sums


def _column(compared: int, changed: int, absolute: Any, relative: Any) -> ColumnSummary:
    return ColumnSummary(compared, changed, _decimal(absolute), _decimal(relative))


def _decimal(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _add(one: ColumnSummary, other: ColumnSummary) -> ColumnSummary:
    return ColumnSummary(
        one.compared + other.compared,
        one.changed + other.changed,
        _larger(one.largest_absolute, other.largest_absolute),
        _larger(one.largest_relative, other.largest_relative),
    )


def _larger(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)

"""Values of CSV by the types of their columns. A value that does not have its column's type is refused, never changed:
the first zero of `007` would be lost otherwise.

A number has the grammar of JSON, with the decimal mark that was chosen. Integers stay integers as long as all of a
partition's fit in 64 bits, so that they are written without a point; to JavaScript it makes no difference.
"""

from typing import TYPE_CHECKING, Final

from attrs import frozen

from domain.job_requests import ColumnType

if TYPE_CHECKING:
    import polars as pl

_NUMBER: Final = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"


@frozen
class Misfit:
    """The first value of a column that has not its type, and its row."""

    row: int
    value: str


def convert(column: "pl.Series", kind: ColumnType, decimal: str) -> "pl.Series | Misfit":
    """Convert a column of text, where an empty field is null."""
    match kind:
        case ColumnType.STRING:
            return column
        case ColumnType.BOOLEAN:
            return _booleans(column)
        case ColumnType.NUMBER:
            return _numbers(column, decimal)


def infer(column: "pl.Series", decimal: str) -> ColumnType:
    """Infer the type of a column from its first values. Without any, it is text."""
    if column.null_count() < len(column):
        for kind in (ColumnType.NUMBER, ColumnType.BOOLEAN):
            if not isinstance(convert(column, kind, decimal), Misfit):
                return kind
    return ColumnType.STRING


def _booleans(column: "pl.Series") -> "pl.Series | Misfit":
    is_true = column == "true"
    return _misfit(column, is_true | (column == "false")) or is_true


def _numbers(column: "pl.Series", decimal: str) -> "pl.Series | Misfit":
    import polars as pl

    text = column
    if decimal != ".":
        if misfit := _misfit(column, ~column.str.contains(".", literal=True)):
            return misfit
        text = column.str.replace(decimal, ".", literal=True)
    integers = text.cast(pl.Int64, strict=False)
    if integers.null_count() == text.null_count() and not _has_other_spelling(text):
        return integers
    return _misfit(column, text.str.contains(_NUMBER)) or text.cast(pl.Float64, strict=False)


def _has_other_spelling(text: "pl.Series") -> bool:
    """Tell whether one of the integers has a sign or a zero that it would lose."""
    starts = text.str.starts_with
    is_longer = text.str.len_bytes() > 1
    return bool((starts("+") | starts("-0") | (starts("0") & is_longer)).any())


def _misfit(column: "pl.Series", fits: "pl.Series") -> Misfit | None:
    wrong = ~fits.fill_null(True)
    row = wrong.arg_max() if wrong.any() else None
    return None if row is None else Misfit(row, str(column[row]))

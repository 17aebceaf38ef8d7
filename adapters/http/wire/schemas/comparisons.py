"""Wire schemas of the comparison of two results."""

from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional
from msgspec import Raw

from adapters.http.wire.schemas.metadata import describe
from domain.comparison.report import Change

MAX_KEY_COLUMNS: Final = 16
MAX_KEY_CHARACTERS: Final = 4_000


class ComparisonKind(StrEnum):
    """Way of comparing two results."""

    TABLE = "table"
    VALUE = "value"


@frozen(kw_only=True)
class ComparisonQuery:
    """The other execution, and the choices for the comparison."""

    against: UUID = field(
        metadata=describe("Execution whose result comes after this one's.", "0199c5f9-7d20-7a4e-b1d8-0c2f4e6a8b90")
    )
    key: str | None = field(
        default=None,
        metadata=describe(
            f"Columns that identify a row, separated by commas, at most {MAX_KEY_COLUMNS}. If omitted, a small "
            "set that is unique in both results and matches most rows; without one, rows are matched by position.",
            "quarter,brand",
        ),
    )
    absolute: Decimal | None = field(
        default=None,
        validator=optional(ge(Decimal(0))),
        metadata=describe("Largest difference of two numbers that are equal nevertheless; 0 if omitted.", 0.01),
    )
    relative: Decimal | None = field(
        default=None,
        validator=optional(ge(Decimal(0))),
        metadata=describe("The same, in proportion to the larger magnitude of the two; 0 if omitted.", 0.000001),
    )


@frozen(kw_only=True)
class RowCounts:
    """Numbers of rows. A changed row counts once, however many of its cells differ."""

    equal: int = field(validator=ge(0), metadata=describe("Rows that are equal within the tolerance.", 1998))
    changed: int = field(validator=ge(0), metadata=describe("Rows with the same key and another cell.", 2))
    added: int = field(validator=ge(0), metadata=describe("Rows that only the second result has.", 0))
    removed: int = field(validator=ge(0), metadata=describe("Rows that only the first result has.", 0))


@frozen(kw_only=True)
class ColumnComparison:
    """The cells of one column in the rows that both results have."""

    name: str = field(metadata=describe("Name of the column.", "total"))
    compared: int = field(validator=ge(0), metadata=describe("Cells compared.", 2000))
    changed: int = field(validator=ge(0), metadata=describe("Cells that differ by more than the tolerance.", 2))
    matched_percent: float = field(
        metadata=describe("Share of cells that are equal, rounded down to 4 decimals: 100 only if all are.", 99.9)
    )
    largest_absolute: Decimal | None = field(
        metadata=describe("Largest difference of two numbers in a changed cell; null if there is none.")
    )
    largest_relative: Decimal | None = field(
        metadata=describe("Largest difference in proportion to the larger magnitude of the two; null if there is none.")
    )


@frozen(kw_only=True)
class CellDifference:
    """A cell that differs."""

    column: str = field(metadata=describe("Name of the column.", "total"))
    before: Raw | None = field(
        metadata=describe(
            "Value in the first result, with all digits; omitted if the row has no such cell.", absent=True
        )
    )
    after: Raw | None = field(metadata=describe("Value in the second result, likewise.", absent=True))


@frozen(kw_only=True)
class ResultDifference:
    """A row that differs, in the comparison of tables, or a value at a path that does, in that of other values."""

    change: Change = field(metadata=describe("Kind of change, from the first result to the second.", "changed"))
    key: dict[str, Raw] | None = field(
        metadata=describe("Values of the row's key by column; null for a path, or without a key.")
    )
    position: int | None = field(
        metadata=describe("Position of the row from 0; null unless rows are matched by position.")
    )
    cells: tuple[CellDifference, ...] | None = field(
        metadata=describe("Cells that differ; null unless the row is `changed`.")
    )
    row: dict[str, Raw] | None = field(metadata=describe("The row, if it was `added` or `removed`; otherwise null."))
    pointer: str | None = field(metadata=describe("JSON Pointer (RFC 6901) of the value; null for a row."))
    before: Raw | None = field(
        metadata=describe("Value at that path in the first result; omitted for a row, or without a value.", absent=True)
    )
    after: Raw | None = field(metadata=describe("Value at that path in the second result, likewise.", absent=True))


@frozen(kw_only=True)
class Comparison:
    """The comparison of two results: row by row if both are arrays of objects (`table`), otherwise path by path."""

    kind: ComparisonKind = field(
        metadata=describe("`table`: rows are matched. `value`: values are compared path by path.", "table")
    )
    equal: bool = field(metadata=describe("True if nothing differs by more than the tolerance.", False))
    key: tuple[str, ...] | None = field(
        metadata=describe(
            "Columns that identify a row; null if rows are matched by position, and for a `value`.",
            ["quarter", "brand"],
        )
    )
    rows: RowCounts | None = field(metadata=describe("Numbers of rows; null for a `value`."))
    columns: tuple[ColumnComparison, ...] | None = field(
        metadata=describe("Columns outside the key, the first 1000; null for a `value`.")
    )
    count: int = field(validator=ge(0), metadata=describe("Number of all rows or paths that differ.", 2))
    differences: tuple[ResultDifference, ...] = field(
        metadata=describe(
            "The first differences, at most 1000 and 1 MiB. One that is longer than 64 KiB is counted, and left out."
        )
    )

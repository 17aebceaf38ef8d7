"""The comparison of tables: empty for equal ones, symmetric, complete, and no finer than its tolerance."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from domain.comparison.rows import (
    CellChange,
    Row,
    RowAdded,
    RowChanged,
    RowComparison,
    RowEqual,
    RowRemoved,
    compare,
    key_values,
    sort_key,
)
from domain.comparison.summary import ColumnSummary, SummaryBuilder
from domain.comparison.values import ABSENT, Tolerance, are_equal, difference_of, is_number, magnitude_of, tolerance
from tests.domain.comparison.values import KEY, tables, values

tolerances = st.builds(
    Tolerance, *[st.decimals(0, 10, allow_nan=False, allow_infinity=False, places=3) for _ in range(2)]
)


def applied(compared: Sequence[RowComparison]) -> list[Row]:
    """Apply a comparison to the first table."""
    table = []
    for one in compared:
        match one:
            case RowEqual(before=row) | RowAdded(after=row):
                table.append(row)
            case RowChanged(before=row, cells=cells):
                changed = {**row, **{cell.column: cell.after for cell in cells}}
                table.append({name: value for name, value in changed.items() if value is not ABSENT})
            case RowRemoved():
                pass
    return table


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


@given(tables)
def test_a_table_equals_itself(table: list[Row]) -> None:
    assert list(compare(table, table, KEY)) == [RowEqual(row, row) for row in table]


@given(tables, tables, tolerances)
def test_the_comparison_in_the_other_direction_is_its_mirror_image(
    before: list[Row], after: list[Row], within: Tolerance
) -> None:
    def by_column(one: RowComparison) -> RowComparison:
        if not isinstance(one, RowChanged):
            return one
        return RowChanged(one.before, one.after, tuple(sorted(one.cells, key=lambda cell: cell.column)))

    there, back = compare(before, after, KEY, within), compare(after, before, KEY, within)
    assert [by_column(mirrored(one)) for one in there] == [by_column(one) for one in back]


@given(tables, tables)
def test_the_differences_turn_the_first_table_into_the_second(before: list[Row], after: list[Row]) -> None:
    made = applied(list(compare(before, after, KEY)))
    assert len(made) == len(after)
    assert all(are_equal(one, other) for one, other in zip(made, after, strict=True))


@given(tables, tables, tolerances)
def test_columns_of_the_key_never_change_and_reported_numbers_differ_by_more_than_the_tolerance(
    before: list[Row], after: list[Row], within: Tolerance
) -> None:
    for one in compare(before, after, KEY, within):
        if isinstance(one, RowChanged):
            assert sort_key(one.before, KEY) == sort_key(one.after, KEY)
            assert all(cell.column not in KEY for cell in one.cells)
            for cell in one.cells:
                if is_number(cell.before) and is_number(cell.after):
                    apart = difference_of(cell.before, cell.after)
                    assert apart > within.absolute
                    assert apart > within.relative * magnitude_of(cell.before, cell.after)


@given(tables, tables, tolerances)
def test_the_summary_counts_what_was_compared(before: list[Row], after: list[Row], within: Tolerance) -> None:
    compared = list(compare(before, after, KEY, within))
    builder = SummaryBuilder(KEY)
    for one in compared:
        builder.add(one)
    summary = builder.summary()
    assert summary.equal + summary.changed + summary.removed == len(before)
    assert summary.equal + summary.changed + summary.added == len(after)
    assert summary.is_empty == all(isinstance(one, RowEqual) for one in compared)
    for column, figures in summary.columns.items():
        matched = [one for one in compared if isinstance(one, RowEqual | RowChanged)]
        assert figures.compared == sum(column in one.before or column in one.after for one in matched)
        changes = [
            cell for one in matched if isinstance(one, RowChanged) for cell in one.cells if cell.column == column
        ]
        assert figures.changed == len(changes)
        assert 0 <= figures.matched_percent <= 100


def test_a_summary_tells_how_far_numbers_moved() -> None:
    before: list[Row] = [{"id": 1, "sum": 10, "brand": "a"}, {"id": 2, "sum": Decimal("0.5"), "brand": "b"}, {"id": 3}]
    after: list[Row] = [{"id": 1, "sum": 11, "brand": "a"}, {"id": 2, "sum": Decimal("0.25"), "brand": None}, {"id": 4}]
    builder = SummaryBuilder(("id",))
    for one in compare(before, after, ("id",)):
        builder.add(one)
    columns = builder.summary().columns
    assert columns["brand"].matched_percent == 50
    assert columns == {
        "sum": ColumnSummary(2, 2, largest_absolute=Decimal(1), largest_relative=Decimal("0.5")),
        "brand": ColumnSummary(2, 1),
    }
    assert (builder.summary().added, builder.summary().removed) == (1, 1)


def test_an_absent_cell_is_not_null() -> None:
    (changed,) = compare([{"id": 1, "of": 1}], [{"id": 1, "of": 1, "more": None}], KEY)
    assert isinstance(changed, RowChanged)
    assert changed.cells == (CellChange("more", ABSENT, None),)
    assert key_values({"id": 1}, KEY) == (1, ABSENT)


def test_numbers_that_no_float_holds_are_compared_exactly() -> None:
    """2^53 and its successor are one float."""
    before, after = [{"id": 1, "n": 9007199254740992}], [{"id": 1, "n": 9007199254740993}]
    assert len([one for one in compare(before, after, ("id",)) if isinstance(one, RowChanged)]) == 1


@given(values, values)
def test_equality_is_symmetric_and_tells_booleans_from_numbers(one: object, other: object) -> None:
    assert are_equal(one, other) == are_equal(other, one)  # type: ignore[arg-type]
    assert are_equal(one, one)  # type: ignore[arg-type]
    assert not are_equal([1, one], [True, one])  # type: ignore[list-item]
    assert not are_equal([one], [one, one])  # type: ignore[list-item]
    assert not are_equal({"a": one}, {"b": one})  # type: ignore[dict-item]


def test_a_tolerance_is_finite_and_not_negative() -> None:
    assert tolerance(Decimal("0.1"), Decimal(2)) == Success(Tolerance(Decimal("0.1"), Decimal(2)))
    for value in map(Decimal, ("-1", "NaN", "Infinity", "sNaN")):
        for name in ("absolute", "relative"):
            refused = tolerance(**{name: value}).failure()
            assert (refused.name, str(refused.value)) == (name, str(value))


def test_the_difference_of_long_numbers_is_not_rounded_into_the_tolerance() -> None:
    long = Decimal(f"1.{'0' * 750}1")
    assert not are_equal(long, 0, Tolerance(absolute=Decimal(1)))
    assert not are_equal(long, Decimal(f"1.{'0' * 750}2"), Tolerance(relative=Decimal("1e-760")))

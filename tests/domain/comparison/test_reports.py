"""Reports of comparisons: what they count, quote and leave out, and their documents."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.comparison import building
from domain.comparison.building import MOST_REPORTED_BYTES, table_comparison, value_comparison
from domain.comparison.document import comparison_document, read_comparison
from domain.comparison.json_text import json_text
from domain.comparison.paths import PathChange, compare_values
from domain.comparison.report import MOST_REPORTED, Change, RowDifference, TableComparison, ValueComparison
from domain.comparison.rows import CellChange, Row, RowAdded, RowChanged, RowComparison, RowEqual, compare, compare_rows
from domain.comparison.summary import MOST_COLUMNS, MOST_NAME_CHARACTERS, SummaryBuilder
from domain.comparison.values import ABSENT, JsonValue
from tests.domain.comparison.values import KEY, tables, values


@given(tables, tables)
def test_a_report_of_tables_is_read_as_it_was_written_and_counts_all_rows(before: list[Row], after: list[Row]) -> None:
    report = table_comparison(KEY, compare(before, after, KEY))
    assert read_comparison(comparison_document(report)) == report
    assert len(report.differences) == report.changed + report.added + report.removed
    assert report.is_equal == (not report.differences)
    assert "differences" not in repr(report)


@given(values, values)
def test_a_report_of_values_is_read_as_it_was_written(before: JsonValue, after: JsonValue) -> None:
    report = value_comparison(compare_values(before, after))
    assert read_comparison(comparison_document(report)) == report
    assert report.is_equal == (report.differences == ())


@given(st.lists(st.tuples(values, values), max_size=5))
def test_rows_without_a_key_are_identified_by_their_positions(pairs: list[tuple[JsonValue, JsonValue]]) -> None:
    compared = [compare_rows({"a": left}, {"a": right}, ()) for left, right in pairs]
    report = table_comparison(None, compared)
    assert read_comparison(comparison_document(report)) == report
    changed = [(at,) for at, one in enumerate(compared) if isinstance(one, RowChanged)]
    assert [one.key for one in report.differences] == changed


def test_differences_beyond_the_first_are_counted_and_not_quoted() -> None:
    report = table_comparison(("id",), (RowAdded({"id": number}) for number in range(MOST_REPORTED + 5)))
    assert (report.added, len(report.differences)) == (MOST_REPORTED + 5, MOST_REPORTED)
    assert report.differences[-1] == RowDifference(Change.ADDED, (MOST_REPORTED - 1,), row={"id": MOST_REPORTED - 1})
    changes = (PathChange(f"/{number}", 1, ABSENT) for number in range(MOST_REPORTED + 5))
    assert (found := value_comparison(changes)).count == MOST_REPORTED + 5
    assert len(found.differences) == MOST_REPORTED


def test_the_bytes_of_quoted_differences_are_bounded_and_a_long_one_is_left_out() -> None:
    long, longer = "x" * 50_000, "x" * building.MOST_DIFFERENCE_BYTES
    rows: list[RowComparison] = [
        compare_rows({"id": number, "a": 1}, {"id": number, "a": longer if number == 0 else long}, ("id",))
        for number in range(40)
    ]
    report = table_comparison(("id",), [*rows, RowAdded({"id": 99})])
    assert report.differences[0].key == (1,)
    assert len(comparison_document(report)) <= MOST_REPORTED_BYTES
    assert len(report.differences) == MOST_REPORTED_BYTES // 50_200
    assert (report.changed, report.added) == (40, 1)


def test_an_absent_value_is_no_member_of_a_document() -> None:
    row = RowDifference(Change.CHANGED, (ABSENT, None), cells=(CellChange("a", ABSENT, None),))
    report = TableComparison(("a", "b"), 0, 1, 0, 0, {}, (row,))
    assert read_comparison(comparison_document(report)) == report
    assert b'"cells":[{"column":"a","after":null}]' in comparison_document(report)
    assert read_comparison(comparison_document(ValueComparison(0, ()))) == ValueComparison(0, ())


def test_a_summary_keeps_the_first_columns_and_none_with_a_long_name() -> None:
    builder = SummaryBuilder(())
    wide = {f"c{at}": at for at in range(MOST_COLUMNS + 5)}
    builder.add(compare_rows(wide, dict.fromkeys(wide, -1), ()))
    builder.add(compare_rows({"x" * (MOST_NAME_CHARACTERS + 1): 1}, {}, ()))
    summary = builder.summary()
    assert (summary.changed, len(summary.columns), "c0" in summary.columns) == (2, MOST_COLUMNS, True)
    long = SummaryBuilder(())
    long.add(compare_rows({"x" * (MOST_NAME_CHARACTERS + 1): 1}, {}, ()))
    assert long.summary().columns == {}


def test_the_counts_of_columns_are_right_however_many_sets_of_columns_there_are() -> None:
    builder = SummaryBuilder(())
    for number in range(120):
        row: Row = {"a": 1, **{f"{number} {at}": 1 for at in range(999)}}
        builder.add(RowEqual(row, row))
    assert builder.summary().columns["a"].compared == 120
    assert builder.summary().columns["a"].compared == 120


def test_numbers_beyond_floats_have_figures() -> None:
    builder = SummaryBuilder(())
    huge = Decimal("1e1000000")
    builder.add(compare_rows({"a": huge}, {"a": huge.copy_negate()}, ()))
    figures = builder.summary().columns["a"]
    assert json_text(figures.largest_absolute) == "2E+1000000"
    assert figures.largest_relative == 2

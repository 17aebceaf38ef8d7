"""Comparisons as tables for people: no difference is hidden by what is left out, and no line is wider than it may."""

import io
from typing import Any

from bateia.command.comparison_tables import Line, column_table, difference_lines, difference_table
from bateia.command.output import json_line
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
WIDTHS = st.integers(60, 160)


def difference(change: str, **members: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("key", "position", "cells", "row", "pointer")), "change": change, **members}


def value_line(before: Any, after: Any) -> Line:
    (line,) = difference_lines(difference("changed", pointer="/a", before=before, after=after))
    return line


def rendered(table: Table, width: int) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    return file.getvalue().splitlines()


def cells_of(rows: list[list[tuple[str, Any, Any]]]) -> list[dict[str, Any]]:
    """Make rows that have changed, each with some cells."""
    return [
        difference(
            "changed",
            key={"id": number},
            cells=[{"column": column, "before": before, "after": after} for column, before, after in row],
        )
        for number, row in enumerate(rows)
    ]


CHANGED_ROWS = st.lists(st.lists(st.tuples(st.text(), VALUES, VALUES), min_size=1, max_size=3), min_size=1, max_size=3)


def test_a_line_names_its_row_once_and_each_value() -> None:
    cells = [{"column": "a", "before": 1, "after": "1"}, {"column": "b", "before": 0.1, "after": 0.3}]
    lines = [
        line
        for one in (
            difference("changed", key={"day": "x"}, cells=cells),
            difference("removed", position=0, row={"a": 2, "b": None}),
            difference("added", key={"day": 3}, row={"day": 3, "a": "2"}),
            difference("changed", pointer="", before=-4, after=-5),
            difference("added", pointer="/b", after=True),
        )
        for line in difference_lines(one)
    ]
    assert lines == [
        Line("changed", {"day": '"x"'}, "", "a", "1", '"1"'),
        Line("", {}, "", "b", "0.1", "0.3", "+0.2 (+200.00%)"),
        Line("removed", {}, "row 0", "", "a: 2, b: null", ""),
        Line("added", {"day": "3"}, "", "", "", 'a: "2"'),
        Line("changed", {}, "/", "", "-4", "-5", "-1 (-25.00%)"),
        Line("added", {}, "/b", "", "", "true"),
    ]


@given(st.text(), st.text(), st.text())
@example("a" * 90, "", "b")
def test_texts_that_begin_alike_are_shown_where_they_differ(shared: str, before: str, after: str) -> None:
    line = value_line(shared + before, shared + after)
    assert (line.before == line.after) == (before == after)
    if len(shared) > 24 and before[:1] != after[:1]:
        first = json_line(before[:1])[1:-1]
        assert first in line.before[: 2 + 12 * len("\\u0000") + len(first)], "12 characters of context at most"


@given(st.integers(-(10**400), 10**400), st.integers(-(10**400), 10**400))
def test_any_numbers_have_a_line(before: int, after: int) -> None:
    line = value_line(before, after)
    assert (line.before, line.after) == (str(before), str(after))
    if abs(after - before) < 100_000 and before != after:
        assert line.difference.partition(" ")[0] == f"{after - before:+}"


@given(CHANGED_ROWS, WIDTHS)
def test_each_difference_is_one_line_that_fits(rows: list[list[tuple[str, Any, Any]]], width: int) -> None:
    lines = rendered(difference_table({"differences": cells_of(rows)}), width)
    assert len(lines) == 1 + sum(map(len, rows))
    assert all(cell_len(line) <= width for line in lines)


def test_columns_that_differ_are_counted() -> None:
    same = {"name": "a", "compared": 3, "changed": 0, "largest_absolute": None, "largest_relative": None}
    changed = {"name": "b", "compared": 3, "changed": 2, "largest_absolute": 0.25, "largest_relative": 0.1}
    assert column_table({"columns": None}) is None
    assert column_table({"columns": [same]}) is None
    table = column_table({"columns": [same, changed]})
    assert table is not None
    assert rendered(table, 80)[1].split() == ["b", "2", "of", "3", "0.25"]

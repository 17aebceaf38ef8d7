"""The differences of a comparison: tables for people on a terminal, and lines with tabs for programs.

There is a line for each cell, row or value that differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bateia.command.comparison_tables import column_table, difference_table
from bateia.command.options import Options
from bateia.command.output import json_line
from bateia.documents import Document
from bateia.texts import say

_COLUMNS = ("change", "place", "column", "before", "after")


def show_comparison(common: Options, comparison: Document) -> None:
    """Print the verdict of a comparison, the columns that differ, and the first differences."""
    output, rows = common.output, comparison["rows"]
    if comparison["equal"]:
        output.line(say("equal"))
    elif rows:
        output.line(say("{equal} equal, {changed} changed, {added} added, {removed} removed", **rows))
    elif output.is_on_terminal:
        count = comparison["count"]
        output.line(say("1 value differs" if count == 1 else "{count} values differ", count=count))
    if output.is_on_terminal and (columns := column_table(comparison)) is not None:
        output.print_table(columns)
    show_differences(common, comparison)
    left_out = comparison["count"] - len(comparison["differences"])
    if left_out and output.is_on_terminal:
        output.line(say("{left_out} more differences are not listed", left_out=left_out), "dim")


def show_differences(common: Options, comparison: Document) -> None:
    """Print the first differences; without any, nothing."""
    if not comparison["differences"]:
        return
    if common.output.is_on_terminal:
        common.output.print_table(difference_table(comparison))
    else:
        common.output.table(_COLUMNS, difference_rows(comparison))


def difference_rows(comparison: Document) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table. Values are JSON, so that a text is not taken for a number; absent ones are empty."""
    for one in comparison["differences"]:
        place = _place(one)
        for cell in one["cells"] or ():
            yield one["change"], place, cell["column"], _value(cell, "before"), _value(cell, "after")
        if one["row"] is not None:
            row = json_line(one["row"])
            yield one["change"], place, "", *((row, "") if one["change"] == "removed" else ("", row))
        if one["pointer"] is not None:
            yield one["change"], place, "", _value(one, "before"), _value(one, "after")


def _place(difference: Document) -> str:
    """Name a row by its key or its position, and a value by its pointer; that of the whole result is `/`."""
    if difference["key"] is not None:
        return ", ".join(f"{name}={json_line(value)}" for name, value in difference["key"].items())
    if difference["position"] is not None:
        return f"position {difference['position']}"
    return difference["pointer"] or "/"


def _value(members: Mapping[str, object], name: str) -> str:
    return json_line(members[name]) if name in members else ""

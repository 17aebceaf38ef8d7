"""A comparison as tables for people: the columns that differ, and each difference in one line of the terminal.

Values are JSON, so that a text is not taken for a number, and are shortened to what fits; `--json` has them in whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from bateia.command.output import harmless, json_line
from bateia.documents import Document
from bateia.texts import say

_STYLES = {"changed": "yellow", "added": "green", "removed": "red"}
_SHARED_CHARACTERS = 24
"""Texts that begin alike for longer are shown from shortly before the first difference."""
_CONTEXT_CHARACTERS = 12
_LONGEST_CHARACTERS = 1000


@dataclass(frozen=True)
class Line:
    """A line of the table of differences. `key` has the row's key by column; `place` is the position or the path."""

    change: str = ""
    key: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    difference: str = ""


def column_table(comparison: Document) -> Table | None:
    """Make the table of the columns that differ; None without any."""
    columns = [one for one in comparison["columns"] or () if one["changed"]]
    if not columns:
        return None
    table = _table()
    table.add_column(say("column"), overflow="ellipsis")
    table.add_column(say("rows changed"), justify="right", no_wrap=True)
    table.add_column(say("largest difference"), justify="right", no_wrap=True)
    for one in columns:
        table.add_row(
            _text(one["name"]),
            say("{changed} of {compared}", changed=one["changed"], compared=one["compared"]),
            _largest(one),
        )
    return table


def _largest(column: Document) -> str:
    return "" if column["largest_absolute"] is None else _amount(column["largest_absolute"])


def difference_table(comparison: Document) -> Table:
    """Make the table of the first differences."""
    lines = [line for one in comparison["differences"] for line in difference_lines(one)]
    keys = list(dict.fromkeys(name for line in lines for name in line.key))
    has_differences = any(line.difference for line in lines)
    table = _table()
    table.add_column(say("change"), no_wrap=True)
    for name in keys:
        table.add_column(Text(harmless(name)), overflow="ellipsis")
    shown = [name for name in ("place", "column") if any(getattr(line, name) for line in lines)]
    for name in shown:
        table.add_column(say(name), overflow="ellipsis")
    for name in ("before", "after"):
        table.add_column(say(name), overflow="ellipsis", justify="right" if all(map(_has_numbers, lines)) else "left")
    if has_differences:
        table.add_column(say("difference"), justify="right", no_wrap=True)
    for line in lines:
        named = [line.key.get(name, "") for name in keys] + [getattr(line, name) for name in shown]
        table.add_row(
            _text(say(line.change), _STYLES.get(line.change, "")),
            *map(_text, named),
            _text(line.before, "red"),
            _text(line.after, "green"),
            *([line.difference] if has_differences else []),
        )
    return table


def _has_numbers(line: Line) -> bool:
    return line.difference != ""


def difference_lines(one: Document) -> Iterator[Line]:
    """Yield the lines of a difference: one for each cell; only the first names the row."""
    change, place = one["change"], "" if one["position"] is None else say("row {position}", position=one["position"])
    key = {name: json_line(value) for name, value in (one["key"] or {}).items()}
    if one["row"] is not None:
        text = ", ".join(f"{name}: {json_line(value)}" for name, value in one["row"].items() if name not in key)
        before, after = (text, "") if change == "removed" else ("", text)
        yield Line(change, key, place, "", before, after)
    elif one["cells"] is not None:
        for cell in one["cells"]:
            yield Line(change, key, place, cell["column"], *_values(cell))
            change, key, place = "", {}, ""
    else:
        yield Line(change, {}, one["pointer"] or "/", "", *_values(one))


def _values(members: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the texts of the values before and after, and of their difference if both are numbers."""
    values = [members[name] for name in ("before", "after") if name in members]
    skipped = _shared(*values) if len(values) == 2 and all(isinstance(one, str) for one in values) else 0
    before, after = (_value(members[name], skipped) if name in members else "" for name in ("before", "after"))
    are_numbers = len(values) == 2 and all(
        isinstance(one, (int, float)) and not isinstance(one, bool) for one in values
    )
    return before, after, _difference(*values) if are_numbers else ""


def _value(value: Any, skipped: int) -> str:
    return json_line(f"…{value[skipped:]}" if skipped else value)


def _shared(before: str, after: str) -> int:
    """Return how many characters at the beginning to leave out, since both texts have them."""
    pairs = enumerate(zip(before, after, strict=False))
    alike = next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))
    return alike - _CONTEXT_CHARACTERS if alike > _SHARED_CHARACTERS else 0


def _difference(before: float, after: float) -> str:
    """Return the difference of two numbers, without the noise of binary fractions."""
    difference = Decimal(repr(after)) - Decimal(repr(before))
    share = f" ({float(difference / abs(Decimal(repr(before)))):+.2%})" if before else ""
    return f"{'+' if difference > 0 else ''}{_amount(float(difference))}{share}"


def _amount(number: float) -> str:
    return f"{number:.6g}" if math.isfinite(number) else ""


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))


def _text(text: str, style: str = "") -> Text:
    """Make a text of one line, which is cut where it does not fit."""
    line = harmless(text[:_LONGEST_CHARACTERS]).replace("\n", "\\n").replace("\t", " ")
    return Text(line, style, no_wrap=True, overflow="ellipsis")

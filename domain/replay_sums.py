"""Sums over the executions of a replay: of the summaries of their results, and of their outcomes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from attrs import evolve, frozen

from domain.comparison.summary import MOST_COLUMNS, ColumnSummary, Summary
from domain.text_limits import sanitize

NOTHING: Final = Summary(0, 0, 0, 0, {})


@frozen(kw_only=True)
class ReplayCounts:
    """The numbers of executions of a replay, in all and by outcome. The others are not settled yet."""

    total: int
    equal: int = 0
    changed: int = 0
    now_failing: int = 0
    now_succeeding: int = 0
    skipped: int = 0
    incomplete: int = 0

    @property
    def done(self) -> int:
        """The number of executions whose outcome is known."""
        by_outcome = self.equal + self.changed + self.now_failing + self.now_succeeding
        return by_outcome + self.skipped + self.incomplete

    @property
    def has_differences(self) -> bool:
        """Tell whether an execution changed, or was run and could not be compared, which proves no equality."""
        return self.changed + self.now_failing + self.now_succeeding + self.incomplete > 0


def counts_of(total: int, outcomes: Mapping[str, int]) -> ReplayCounts:
    """Count executions by the names of their outcomes."""
    return ReplayCounts(total=total, **{name.replace("-", "_"): count for name, count in outcomes.items()})


def add(one: Summary, other: Summary) -> Summary:
    """Add two summaries: counts are summed, and the largest differences are the larger ones.

    Columns beyond the most that a summary has are left out, those of the second one first.
    """
    columns = dict(one.columns)
    for name, column in other.columns.items():
        if name in columns:
            columns[name] = _add_columns(columns[name], column)
        elif len(columns) < MOST_COLUMNS:
            columns[name] = column
    return Summary(
        one.equal + other.equal,
        one.changed + other.changed,
        one.added + other.added,
        one.removed + other.removed,
        columns,
    )


def total(summaries: Iterable[Summary]) -> Summary:
    """Add up summaries."""
    result = NOTHING
    for one in summaries:
        result = add(result, one)
    return result


def storable(summary: Summary) -> Summary:
    """Rename columns whose names no store accepts, and add up those that have the same name then."""
    columns: dict[str, ColumnSummary] = {}
    for name, column in summary.columns.items():
        plain = sanitize(name)
        columns[plain] = _add_columns(columns[plain], column) if plain in columns else column
    return evolve(summary, columns=columns)


def _add_columns(one: ColumnSummary, other: ColumnSummary) -> ColumnSummary:
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

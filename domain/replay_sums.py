"""Sums over the executions of a replay: of their outcomes, and of the rows of their results."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class RowCounts:
    """The numbers of rows of two tables by their comparison."""

    equal: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


NO_ROWS: Final = RowCounts()


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


def add_rows(one: RowCounts, other: RowCounts) -> RowCounts:
    """Add the numbers of rows of two results."""
    return RowCounts(
        one.equal + other.equal, one.changed + other.changed, one.added + other.added, one.removed + other.removed
    )

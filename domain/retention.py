"""Retention of executions after their end: first of their content, then of their record.

The service has a retention, and a script may override it. Each of the two may leave either part unset.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

FEWEST_DAYS: Final = 1
MOST_DAYS: Final = 36_500
"""A hundred years, for a script whose data must outlive the service's retention."""


@frozen
class Retention:
    """Days after an execution's end until its content, and its record, are removed.

    None leaves a part unset. A part unset by both the script and the service is never removed.
    """

    content: timedelta | None = None
    rows: timedelta | None = None


INHERIT_ALL: Final = Retention()
"""Retention of a script that overrides nothing."""


@frozen
class DaysOutOfRange:
    """`name` is not between `FEWEST_DAYS` and `MOST_DAYS` days."""

    name: str
    days: int


def retention(content_days: int | None, rows_days: int | None) -> Result[Retention, tuple[DaysOutOfRange, ...]]:
    """Build a script's own retention. Each member out of range is reported."""
    asked: Mapping[str, int | None] = {"content_days": content_days, "rows_days": rows_days}
    refused = tuple(
        DaysOutOfRange(name, days)
        for name, days in asked.items()
        if days is not None and not FEWEST_DAYS <= days <= MOST_DAYS
    )
    return Failure(refused) if refused else Success(Retention(_days(content_days), _days(rows_days)))


def to_days(own: Retention) -> dict[str, int | None]:
    """Convert a retention to the arguments of `retention`, by parameter name."""
    parts = {"content_days": own.content, "rows_days": own.rows}
    return {name: None if kept_for is None else kept_for.days for name, kept_for in parts.items()}


def _days(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def effective_retention(own: Retention, general: Retention) -> Retention:
    """Resolve the retention of a script's executions: its own parts, else the service's."""
    return Retention(
        content=general.content if own.content is None else own.content,
        rows=general.rows if own.rows is None else own.rows,
    )

"""Retention of executions after their end: first of their content, then of their record.

The service has a retention, and a script may override it. Each of the two may leave either part unset.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

FEWEST_DAYS: Final = 1
MOST_DAYS: Final = 36_500
"""A hundred years."""


class Forever(StrEnum):
    """The retention of data that is never removed by age."""

    FOREVER = "forever"


Days: TypeAlias = int | Forever | None
"""A part of a script's retention as its clients write it; None inherits the service's."""


@frozen
class Retention:
    """Time after an execution's end until its content, and its record, are removed. None: it is never removed."""

    content: timedelta | None = None
    rows: timedelta | None = None


@frozen
class ScriptRetention:
    """A script's own retention. Each part is a time, or for ever; None inherits the service's."""

    content: timedelta | Forever | None = None
    rows: timedelta | Forever | None = None


INHERIT_ALL: Final = ScriptRetention()
"""Retention of a script that overrides nothing."""


@frozen
class DaysOutOfRange:
    """`name` is not between `FEWEST_DAYS` and `MOST_DAYS` days."""

    name: str
    days: int


def retention(content_days: Days, rows_days: Days) -> Result[ScriptRetention, tuple[DaysOutOfRange, ...]]:
    """Build a script's own retention. Each member out of range is reported."""
    asked: Mapping[str, Days] = {"content_days": content_days, "rows_days": rows_days}
    refused = tuple(
        DaysOutOfRange(name, days)
        for name, days in asked.items()
        if isinstance(days, int) and not FEWEST_DAYS <= days <= MOST_DAYS
    )
    return Failure(refused) if refused else Success(ScriptRetention(_time(content_days), _time(rows_days)))


def to_days(own: ScriptRetention) -> dict[str, Days]:
    """Convert a retention to the arguments of `retention`, by parameter name."""
    parts = {"content_days": own.content, "rows_days": own.rows}
    return {name: kept_for.days if isinstance(kept_for, timedelta) else kept_for for name, kept_for in parts.items()}


def _time(days: Days) -> timedelta | Forever | None:
    return timedelta(days=days) if isinstance(days, int) else days


def effective_retention(own: ScriptRetention, general: Retention) -> Retention:
    """Resolve the retention of a script's executions: its own parts, else the service's."""
    return Retention(content=_resolved(own.content, general.content), rows=_resolved(own.rows, general.rows))


def _resolved(own: timedelta | Forever | None, general: timedelta | None) -> timedelta | None:
    if own is Forever.FOREVER:
        return None
    return general if own is None else own

"""How long executions are kept after their end: first what they were about, then the record of it.

The service has a retention, and a script may have one of its own. Neither has to say anything of either part.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

FEWEST_DAYS: Final = 1
MOST_DAYS: Final = 36_500
"""A hundred years: who wants something kept for ever where the service would remove it, says so."""


@frozen
class Retention:
    """How long after an execution's end its content is kept, and its record.

    None says nothing of it. What neither the script nor the service says anything of is kept for ever.
    """

    content: timedelta | None = None
    rows: timedelta | None = None


OF_THE_SERVICE: Final = Retention()
"""The retention of a script that leaves both to the service's."""


@frozen
class DaysOutOfRange:
    """`name` may be from `FEWEST_DAYS` to `MOST_DAYS` days."""

    name: str
    days: int


def retention(content_days: int | None, rows_days: int | None) -> Result[Retention, tuple[DaysOutOfRange, ...]]:
    """A script's own retention. Each member out of range is reported."""
    asked: Mapping[str, int | None] = {"content_days": content_days, "rows_days": rows_days}
    refused = tuple(
        DaysOutOfRange(name, days)
        for name, days in asked.items()
        if days is not None and not FEWEST_DAYS <= days <= MOST_DAYS
    )
    return Failure(refused) if refused else Success(Retention(_days(content_days), _days(rows_days)))


def days_of(own: Retention) -> dict[str, int | None]:
    """What `retention` makes this one of, by its parameters' names."""
    parts = {"content_days": own.content, "rows_days": own.rows}
    return {name: None if kept_for is None else kept_for.days for name, kept_for in parts.items()}


def _days(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def in_place_of(own: Retention, general: Retention) -> Retention:
    """The retention of a script's executions: its own where that says something, else the service's."""
    return Retention(
        content=general.content if own.content is None else own.content,
        rows=general.rows if own.rows is None else own.rows,
    )

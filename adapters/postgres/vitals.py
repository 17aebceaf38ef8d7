"""The port `ReadQueueStats` on PostgreSQL: one statement, which reads indexes only."""

from datetime import timedelta
from typing import Final

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from application.ports.operations import QueueStats

MOST_COUNTED: Final = 200_000
"""Larger numbers are not counted exactly."""
_SECONDS: Final = 2
"""The limit for a free connection, and again for the answer: a scraper does not wait long."""


class PostgresQueueStats:
    """Reads the statistics. `lease` is the time within which a worker must have been seen."""

    def __init__(self, pool: Pool, lease: timedelta) -> None:
        self._pool, self._lease = pool, lease

    async def __call__(self) -> QueueStats:
        parameters = {"lease": self._lease, "up_to": MOST_COUNTED}
        async with connection(self._pool, _SECONDS, _SECONDS) as conn:
            row = await (await conn.execute(query("vitals"), parameters)).fetchone()
        assert row is not None, "it is an aggregate"
        return QueueStats(**row)

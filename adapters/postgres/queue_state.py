"""The port `ReadQueueState` on PostgreSQL: one statement, which reads indexes only."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.queries import query
from domain.queue_state import MOST_SCRIPTS, QueueState, ScriptQueue
from domain.script import ScriptName

MOST_COUNTED: Final = 10_000
"""Waiting executions of a script, and running ones of all scripts, are not counted beyond this number."""


class PostgresQueueState:
    """Reads the state. `lease` is the time within which a worker must have been seen."""

    def __init__(self, pool: Pool, lease: timedelta) -> None:
        self._pool, self._lease = pool, lease

    @repeated_if_lost
    async def __call__(self) -> QueueState:
        parameters = {"lease": self._lease, "up_to": MOST_COUNTED, "most": MOST_SCRIPTS}
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("queue_state"), parameters)).fetchone()
        assert row is not None, "it is an aggregate"
        scripts = [
            ScriptQueue(UUID(one["id"]), ScriptName(one["name"]), one["waiting"], one["running"])
            for one in row["scripts"] or ()
        ]
        return QueueState(**{**row, "scripts": scripts})

"""The port `CheckReadiness` on PostgreSQL."""

from datetime import timedelta
from typing import Final

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from adapters.postgres.schema import schema_trouble
from application.messages import Readiness, Unavailable

PROBE_SECONDS: Final = 2
"""Whoever asks for readiness soon asks again: better an early no than a late one."""


class PostgresReadiness:
    """Whether the database answers and its schema fits, and how many workers were seen within `lease`."""

    def __init__(self, pool: Pool, lease: timedelta) -> None:
        self._pool, self._lease = pool, lease

    async def __call__(self) -> Readiness:
        try:
            async with connection(self._pool, PROBE_SECONDS) as conn:
                if trouble := await schema_trouble(conn):
                    return Readiness(trouble=trouble, workers=0)
                row = await (await conn.execute(query("workers_alive"), {"lease": self._lease})).fetchone()
        except Unavailable as error:
            return Readiness(trouble=str(error), workers=0)
        return Readiness(trouble="", workers=row["alive"] if row else 0)

"""Checks before a process serves: a usable database, a schema that fits, and no unintended anonymous access."""

import logging
from asyncio import sleep
from typing import Final

from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.connections import Pool, connection
from adapters.postgres.readiness import PROBE_SECONDS
from adapters.postgres.schema import SchemaConflict, schema_trouble
from adapters.postgres.session import Pooling
from application.ports.errors import Unavailable
from entrypoints.composition.connection_budget import PoolSizes, fewest_connections, pool_sizes
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.database_errors import refuse_unusable

log: Final = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 1.0
_LONGEST_RETRY_SECONDS: Final = 8.0


class AnonymousAccessRefused(Exception):
    """The service would be open to other machines without an explicit permission. The message is for the operator."""


async def usable(settings: Settings) -> PoolSizes:
    """Check for obstacles that only the operator can remove, and count the connections that are allowed.

    Raises `DatabaseRefused`.
    """
    limit = await refuse_unusable(settings.database_url, settings.pooling)
    if settings.database_direct_url:
        await refuse_unusable(settings.direct_url, Pooling.SESSION)
    sizes = pool_sizes(limit, settings.api_processes, settings.workers)
    if sizes != PoolSizes():
        log.warning(
            "the role is limited to %s connections: each API process uses up to %d, each worker %d, plus one to listen",
            limit,
            sizes.api,
            sizes.worker,
        )
    report_shortage(limit, settings)
    return sizes


def report_shortage(limit: int | None, settings: Settings) -> None:
    """Log that some processes will lack a connection to work with or to listen on, and the remedies."""
    fewest = fewest_connections(settings.api_processes, settings.workers)
    if limit is not None and limit < fewest:
        log.error(
            "%d API processes and %d workers need at least %d connections, and the role is limited to %d: allow more, "
            "or set BATEIA_API_PROCESSES and BATEIA_WORKERS to less",
            settings.api_processes,
            settings.workers,
            fewest,
            limit,
        )


async def await_schema(pool: Pool, settings: Settings) -> None:
    pause = _RETRY_SECONDS
    while True:
        try:
            return await refuse_misfit(pool)
        except Unavailable as error:
            log.warning("waiting for the database: %s", error)
            await sleep(pause)
            pause = min(2 * pause, _LONGEST_RETRY_SECONDS)
            await usable(settings)


async def refuse_misfit(pool: Pool) -> None:
    async with connection(pool, PROBE_SECONDS) as conn:
        if trouble := await schema_trouble(conn):
            raise SchemaConflict(trouble)


async def refuse_exposure(pool: Pool, settings: Settings) -> None:
    """Refuse anonymous access on other addresses than loopback while no API key exists."""
    if await PostgresApiKeys(pool).any_unrevoked():
        return
    if not settings.may_be_open:
        raise AnonymousAccessRefused(
            f"no API key exists, and {settings.host} is reachable from other machines: create a key with "
            "`python -m entrypoints.keys create`, or set BATEIA_ALLOW_OPEN=true"
        )
    log.warning(
        "ANONYMOUS ACCESS: anyone who can reach %s may use the service, because no API key exists", settings.host
    )

"""The stores over a database with one script, for tests of batches."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from attrs import frozen
from returns.result import Success

from adapters.postgres.batches import PostgresBatches
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.scripts import PostgresScripts
from application.ports.batches import NewBatch
from application.ports.encryption import NO_ENCRYPTION, Keyring
from domain.audit import Actor
from domain.batches import Batch, BatchCounts, counts_of
from domain.execution import Execution
from domain.idempotency import IdempotencyKey, RequestFingerprint
from domain.versions import ScriptVersion
from tests.contracts.test_executions import claim, ending
from tests.support.batches import a_batch, executions_of
from tests.support.values import a_failure, a_run, a_script, an_id
from tests.support.waiting import eventually_sees

DAY: Final = timedelta(days=1)
LEASE: Final = timedelta(minutes=1)
REQUEST: Final = RequestFingerprint(IdempotencyKey("a key"), "0" * 64)
BY: Final = Actor(request_id="r")
BEFORE_ALL: Final = UUID(int=0)


@frozen
class Opened:
    """The stores of one process over a database with one script, and of a second worker."""

    url: str
    batches: PostgresBatches
    executions: PostgresExecutions
    queue: PostgresQueue
    rival: PostgresQueue
    expired: PostgresExpiredExecutions
    version: ScriptVersion

    async def added(self, lines: int = 3, **how: Any) -> NewBatch:
        """Add a batch."""
        new = a_batch(self.version, lines, **how)
        assert await self.batches.add(new) == Success(None)
        return new

    async def now(self, new: NewBatch) -> Batch:
        """Read a batch as it is now."""
        found = await self.batches.find(new.batch.id)
        assert found is not None
        return found.batch

    async def counts(self, new: NewBatch) -> BatchCounts:
        """Read the counts of its executions."""
        found = await self.batches.find(new.batch.id)
        assert found is not None
        assert found.counts == counts_of(found.batch, found.counts.running)
        return found.counts

    async def executions_of(self, new: NewBatch) -> Sequence[Execution]:
        """Read all of its executions."""
        return await executions_of(self.executions, new.batch.id)

    async def run_all(self, count: int, failing: int = 0) -> None:
        """Let so many executions end, the first `failing` of them without success."""
        claimed = await claim(self.queue, count)
        assert len(claimed) == count
        ends = [ending(one, a_run(a_failure()) if n < failing else a_run()) for n, one in enumerate(claimed)]
        assert await self.queue.finish(ends) == frozenset()

    def rows(self, table: str, where: str = "true") -> int:
        """Count the rows of a table."""
        return len(self.select(f"select 1 from {table} where {where}"))

    def select(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Read rows by a statement of the test's own."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def do(self, statement: str, *parameters: object) -> None:
        """Change rows by a statement of the test's own."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(statement.encode(), parameters)


@asynccontextmanager
async def opened(url: str, seals: Keyring = NO_ENCRYPTION, lease: timedelta = LEASE) -> AsyncIterator[Opened]:
    script, version = a_script()
    async with open_pool(url, "tests", size=4) as pool:
        await PostgresScripts(pool).add(script, version)
        yield Opened(
            url,
            PostgresBatches(pool, DAY, seals),
            PostgresExecutions(pool, seals),
            PostgresQueue(pool, "one", lease, seals=seals),
            PostgresQueue(pool, "two", lease, seals=seals),
            PostgresExpiredExecutions(pool, seals),
            version,
        )


async def blocked(url: str, statements: int = 1) -> None:
    """Return when so many statements wait for other transactions."""
    waiting = "select count(distinct pid) from pg_locks l join pg_stat_activity a using (pid)"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:

        async def are_waiting() -> bool:
            found = await conn.execute(f"{waiting} where not l.granted and a.datname = current_database()".encode())
            return await found.fetchone() == (statements,)

        await eventually_sees(are_waiting)


def subscribe(store: Opened, events: set[str], scripts: Sequence[UUID] | None = None) -> UUID:
    """Create a webhook for events, of those scripts or of all."""
    webhook = an_id()
    columns = "id, url, events, scripts, created_at, secret"
    values = (webhook, sorted(events), scripts and list(scripts))
    store.do(f"insert into webhooks ({columns}) values (%s, 'https://a', %s, %s, now(), 's')", *values)
    for event in events:
        for script in scripts or [BEFORE_ALL]:
            store.do("insert into webhook_interests values (%s, %s, %s)", event, script, webhook)
    return webhook

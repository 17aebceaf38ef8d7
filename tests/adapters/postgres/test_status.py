"""The status read from the database: its workers, its backups, and its size by script, of a sample if there is much."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import psycopg
import pytest

from adapters.postgres.connections import Pool, connection, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.queue_state import PostgresQueueState
from adapters.postgres.schema import MIGRATIONS
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.status import PostgresDatabaseStatus, database_time, record_backup
from adapters.system import utc_now
from application.ports.executions import NewExecution
from domain.queue_state import WaitReason
from tests.contracts.test_executions import claim
from tests.support.bulk_rows import fill
from tests.support.values import a_body, a_pending, a_script

LEASE = timedelta(minutes=1)
SCRIPTS = 5
EXECUTIONS = 6_000


@pytest.fixture
async def pool(lent_database: Callable[[], str]) -> AsyncIterator[Pool]:
    async with open_pool(lent_database(), "tests", size=2) as opened:
        yield opened


async def test_workers_tell_their_slots_and_lose_their_life_with_their_lease(pool: Pool) -> None:
    for name, slots in (("b:2", 4), ("a:1", None)):
        queue = PostgresQueue(pool, name, LEASE)
        queue.slots = slots
        await queue.renew([])
    async with connection(pool) as conn:
        await conn.execute("update workers set last_seen = last_seen - interval '2 minutes' where name = 'a:1'")
    status = await PostgresDatabaseStatus(pool, LEASE).status()
    shown = [(one.name, one.host, one.slots, one.is_alive, one.busy) for one in status.workers]
    assert shown == [("a:1", "a", None, False, 0), ("b:2", "b", 4, True, 0)]
    assert status.schema_level == MIGRATIONS[-1].number
    assert int(status.postgres_version.partition(".")[0]) >= 13


async def test_an_execution_waits_for_the_slots_that_the_workers_told(pool: Pool) -> None:
    queues = {name: PostgresQueue(pool, name, LEASE) for name in ("told", "untold")}
    queues["told"].slots = 2
    script, version = a_script()
    (await PostgresScripts(pool).add(script, version)).unwrap()
    executions = PostgresExecutions(pool, lease=LEASE)
    waiting = [a_pending(version) for _ in range(4)]
    for one in waiting:
        await executions.add(NewExecution(one, a_body()))
    last = waiting[-1]

    async def reasons() -> tuple[WaitReason | None, WaitReason | None]:
        state, place = await PostgresQueueState(pool, LEASE)(), await executions.queue_place(last)
        return state.reason, place.reason

    assert await reasons() == (WaitReason.NO_WORKERS, WaitReason.NO_WORKERS)
    for queue in queues.values():
        await queue.renew([])
    await claim(queues["told"], 2)
    assert await reasons() == (None, None)
    await claim(queues["untold"], 1)
    assert await reasons() == (WaitReason.SLOTS_BUSY, WaitReason.SLOTS_BUSY)


async def test_the_latest_of_a_hundred_backups_is_shown(lent_database: Callable[[], str]) -> None:
    url = lent_database()
    with psycopg.connect(url, autocommit=True) as conn:
        taken_at = database_time(conn)
        for size in range(1, 104):
            record_backup(url, taken_at, size)
        count = conn.execute("select count(*), min(size_bytes) from backups").fetchone()
    assert count == (100, 4)
    async with open_pool(url, "tests", size=1) as pool:
        status = await PostgresDatabaseStatus(pool, LEASE).status()
    assert status.last_backup is not None
    assert (status.last_backup.taken_at, status.last_backup.size_bytes) == (taken_at, 103)
    assert status.last_backup.verified_at >= taken_at


def test_a_backup_is_not_verified_before_it_is_taken(lent_database: Callable[[], str]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="a_backup_is_verified_after_its_snapshot"):
        record_backup(lent_database(), utc_now() + timedelta(days=1), 1)


async def test_the_storage_of_many_executions_is_estimated_from_some_pages(new_database: Callable[[], str]) -> None:
    url = new_database()
    fill(url, scripts=SCRIPTS, finished=EXECUTIONS, pending=[])
    async with open_pool(url, "tests", size=1) as pool:
        exact = await PostgresDatabaseStatus(pool, LEASE, sampled_pages=1_000_000).storage(20)
        sampled = PostgresDatabaseStatus(pool, LEASE, sampled_pages=60)
        found = await sampled.storage(20)
        assert await sampled.storage(20) == found
    assert (exact.is_exact, found.is_exact) == (True, False)
    assert sum(one.executions for one in exact.scripts) == EXECUTIONS
    assert {one.name for one in found.scripts} <= {one.name for one in exact.scripts}
    total, estimate = (sum(one.stored_bytes for one in each.scripts) for each in (exact, found))
    assert 0.7 < estimate / total < 1.4
    assert found.database_bytes > total

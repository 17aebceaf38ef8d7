"""Queue statistics read from the database, for monitoring."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import psycopg
import pytest
from attrs import evolve

from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.vitals import PostgresQueueStats
from adapters.system import utc_now
from application.ports.errors import Unavailable
from application.ports.executions import NewExecution
from application.ports.jobs import NewJob
from tests.adapters.postgres.delivering import ACCEPTED, a_database, tried
from tests.contracts.test_executions import claim
from tests.support.proxy import a_proxy
from tests.support.stored_jobs import a_job, a_partition, a_plan, done, failed, failure
from tests.support.values import a_body, a_pending, a_script

LEASE = timedelta(minutes=1)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    async with open_pool(url, "tests", size=2) as opened:
        yield opened


async def test_an_empty_store_has_nothing_that_waits(pool: Pool) -> None:
    vitals = await PostgresQueueStats(pool, LEASE)()
    assert (vitals.waiting, vitals.running, vitals.workers, vitals.oldest_waiting_seconds) == (0, 0, 0, 0)


async def test_the_oldest_of_all_scripts_is_found_whichever_script_is_its(pool: Pool) -> None:
    for name, minutes in [("first", 1), ("second", 60), ("third", 5)]:
        script, version = a_script(name)
        (await PostgresScripts(pool).add(script, version)).unwrap()
        for age in (minutes, 0):
            pending = a_pending(version, name)
            submission = evolve(pending.submission, submitted_at=utc_now() - timedelta(minutes=age))
            await PostgresExecutions(pool).add(NewExecution(evolve(pending, submission=submission), a_body()))
    vitals = await PostgresQueueStats(pool, LEASE)()
    assert (vitals.waiting, vitals.running) == (6, 0)
    assert 3600 <= vitals.oldest_waiting_seconds < 3700
    queue = PostgresQueue(pool, "one", LEASE)
    held = await claim(queue, 4)
    await queue.renew([one.running for one in held])
    vitals = await PostgresQueueStats(pool, LEASE)()
    assert (vitals.waiting, vitals.running, vitals.workers) == (2, 4, 1)
    assert vitals.oldest_waiting_seconds < 100


async def test_pending_deliveries_of_all_webhooks_are_counted(url: str) -> None:
    async with a_database(url) as database:
        for tests in (2, 0, 3):
            await database.add(tests=tests)
        vitals = PostgresQueueStats(database.pool, LEASE)
        assert (await vitals()).deliveries_pending == 5
        work = database.work()
        taken, *_ = await work.take(9, 9)
        assert await work.record(*tried(taken, ACCEPTED))
        assert (await vitals()).deliveries_pending == 4


async def test_unfinished_jobs_and_their_partitions_are_counted(pool: Pool) -> None:
    script, version = a_script()
    (await PostgresScripts(pool).add(script, version)).unwrap()
    jobs, work, vitals = PostgresJobs(pool, LEASE), PostgresJobWork(pool, LEASE), PostgresQueueStats(pool, LEASE)
    for _ in range(3):
        (await jobs.add(NewJob(job=a_job(version)))).unwrap()
    held = [await work.take() for _ in range(2)]
    for one in held:
        assert one is not None
        assert await work.plan(evolve(one.job, plan=a_plan()), [a_partition(number) for number in range(4)])
        assert await work.settle(one.job.id, [done(a_partition(0)), failed(a_partition(1))])
    seen = await vitals()
    assert (seen.jobs_unfinished, seen.job_partitions_waiting) == (3, 4)
    assert held[0] is not None
    assert await work.finish(failure(held[0].job))
    seen = await vitals()
    assert (seen.jobs_unfinished, seen.job_partitions_waiting) == (2, 2)


async def test_another_session_s_old_snapshot_is_seen(pool: Pool, url: str) -> None:
    with psycopg.connect(url) as reader, psycopg.connect(url, autocommit=True) as writer:
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select 1 from scripts")
        writer.execute("create table words (word text)")
        writer.execute("insert into words values ('a')")
        vitals = await PostgresQueueStats(pool, LEASE)()
    assert vitals.oldest_transaction_seconds > 0
    assert vitals.oldest_snapshot_transactions >= 2


async def test_without_a_database_there_is_nothing_to_tell(url: str) -> None:
    with a_proxy(url) as proxy:
        async with open_pool(proxy.url, "tests", size=1) as pool:
            vitals = PostgresQueueStats(pool, LEASE)
            await vitals()
            proxy.cut()
            with pytest.raises(Unavailable):
                await vitals()

"""Keys where PostgreSQL itself decides: between transactions, after refusals, and by its own clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg
import pytest
from attrs import evolve, frozen

from adapters.postgres.connections import RowRefused, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.notifications import WorkListener
from adapters.postgres.scripts import PostgresScripts
from application.ports.executions import NewExecution
from domain.idempotency import IdempotencyKey, KeyRecord
from domain.versions import ScriptVersion
from tests.contracts.test_idempotency import KEY, OTHER, SMALL, Attempt, an_attempt, record_of
from tests.support.postgres import in_background, listening
from tests.support.values import a_pending, a_script
from tests.support.waiting import eventually_sees

DAY = timedelta(days=1)


@frozen
class Opened:
    url: str
    keys: PostgresIdempotencyKeys
    executions: PostgresExecutions
    version: ScriptVersion

    async def add(self, attempt: Attempt) -> KeyRecord | None:
        return record_of(await self.keys.add(NewExecution(attempt.pending, attempt.dataset), attempt.request))


@asynccontextmanager
async def opened(url: str, kept_for: timedelta = DAY) -> AsyncIterator[Opened]:
    script, version = a_script()
    async with open_pool(url, "tests", size=4) as pool:
        await PostgresScripts(pool).add(script, version)
        yield Opened(url, PostgresIdempotencyKeys(pool, kept_for), PostgresExecutions(pool), version)


async def somebody_waits(url: str) -> None:
    """Return when a statement waits for another's transaction."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:

        async def waiting() -> object:
            blocked = "select 1 from pg_locks l join pg_stat_activity a using (pid)"
            seen = await conn.execute(f"{blocked} where not l.granted and a.datname = current_database()")
            return await seen.fetchone()

        await eventually_sees(waiting)


TAKE = """
with owned as (insert into idempotency_keys values (%(key)s, %(hash)s, %(id)s, now() + interval '1 day'))
insert into executions (id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256)
values (%(id)s, %(script)s, 1, 'pending', 0, now(), 1, sha256('x'))
"""


async def take(conn: psycopg.AsyncConnection, first: Attempt) -> None:
    """Act as another process up to its commit."""
    submission = first.pending.submission
    values = {"key": first.request.key.value, "id": submission.id, "script": submission.script.id}
    await conn.execute(TAKE, values | {"hash": bytes.fromhex(first.request.sha256)})


@pytest.mark.parametrize("commits", [True, False])
async def test_a_request_that_waits_for_a_concurrent_transaction_reads_its_record(
    lent_database: Callable[[], str], commits: bool
) -> None:
    async with opened(lent_database()) as store, await psycopg.AsyncConnection.connect(store.url) as other:
        first, second = an_attempt(store.version), an_attempt(store.version, dataset=OTHER)
        await take(other, first)
        coming = asyncio.create_task(store.add(second))
        await somebody_waits(store.url)
        assert not coming.done()
        await (other.commit() if commits else other.rollback())
        assert await coming == (first.record if commits else None)
        winner = first if commits else second
        assert await store.keys.find(KEY) == winner.record


async def test_two_rounds_with_the_same_keys_in_other_orders_never_lock_one_another_out(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as one, open_pool(one.url, "other", size=2) as pool:
        other = evolve(one, keys=PostgresIdempotencyKeys(pool, DAY))
        for wave in range(8):
            keys = [IdempotencyKey(f"{wave}-{number}") for number in range(60)]
            coming = [one.add(an_attempt(one.version, key)) for key in keys]
            coming += [other.add(an_attempt(one.version, key)) for key in reversed(keys)]
            found = await asyncio.gather(*coming)
            assert found.count(None) == 60


async def test_a_refused_row_leaves_its_key_free_and_the_others_of_its_batch_alone(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as store:
        wrong, right = an_attempt(evolve(store.version, number=7)), an_attempt(store.version, IdempotencyKey("right"))
        found = await asyncio.gather(store.add(right), store.add(wrong), return_exceptions=True)
        assert found[0] is None
        assert isinstance(found[1], RowRefused)
        assert await store.keys.find(KEY) is None
        assert await store.add(an_attempt(store.version)) is None


async def test_an_asker_that_is_tried_again_after_its_commit_finds_itself(lent_database: Callable[[], str]) -> None:
    """After an error other than an outage a batch tries each question alone, even if some were stored by then."""
    async with opened(lent_database()) as store:
        first = an_attempt(store.version)
        assert [await store.add(first) for _ in range(3)] == [None] * 3
        assert await store.executions.waiting(9) == 1


async def test_a_key_goes_with_its_execution(lent_database: Callable[[], str]) -> None:
    async with opened(lent_database()) as store:
        first = an_attempt(store.version)
        await store.add(first)
        async with await psycopg.AsyncConnection.connect(store.url) as conn:
            await conn.execute("delete from executions")
        assert await store.keys.find(KEY) is None


async def test_a_key_that_is_held_elsewhere_is_not_waited_for_when_the_expired_are_removed(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database(), kept_for=timedelta(0)) as store:
        for number in range(3):
            await store.add(an_attempt(store.version, IdempotencyKey(str(number))))
        async with await psycopg.AsyncConnection.connect(store.url) as conn:
            await conn.execute("select from idempotency_keys where key = '0' for update")
            assert await asyncio.wait_for(store.keys.forget_expired(10), 5) == 2
        assert await store.keys.forget_expired(10) == 1


async def test_a_worker_is_notified_of_a_submission_with_a_key_and_of_no_replay(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as store:
        told: list[None] = []
        listener = WorkListener(store.url, lambda: told.append(None), lambda claim_id: None).run()

        async def heard() -> object:
            return told

        async with in_background(listener):
            await listening(store.url, "bateia_pending")
            told.clear()
            await store.add(an_attempt(store.version))
            await eventually_sees(heard)
            told.clear()
            await store.add(an_attempt(store.version))
            later = NewExecution(a_pending(store.version), SMALL)  # its notification comes after the others
            await store.executions.add(later)
            await eventually_sees(heard)
            assert len(told) == 1


async def test_a_key_lasts_the_configured_time_by_the_database_s_clock(lent_database: Callable[[], str]) -> None:
    left = "select extract(epoch from expires_at - now()) from idempotency_keys"
    async with opened(lent_database(), kept_for=timedelta(hours=5)) as store:
        first, second = an_attempt(store.version), an_attempt(store.version, dataset=OTHER)
        await store.add(first)
        async with await psycopg.AsyncConnection.connect(store.url, autocommit=True) as conn:
            row = await (await conn.execute(left)).fetchone()
            assert row is not None
            assert 5 * 3600 - 60 < row[0] <= 5 * 3600
            await conn.execute("update idempotency_keys set expires_at = now() - interval '1 microsecond'")
            assert await store.keys.find(KEY) is None
            assert await store.add(second) is None
            assert await store.keys.find(KEY) == second.record
            assert await (await conn.execute("select count(*) from executions")).fetchone() == (2,)

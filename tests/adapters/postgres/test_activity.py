"""The sums of activity: executions that are stored late, deleted ones, and several processes at once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from attrs import evolve

from adapters.system import utc_now
from application.ports.encryption import NO_ENCRYPTION
from domain.activity import HOUR, Bucket, Period, window
from tests.contracts.conftest import Store, postgres_store
from tests.contracts.test_activity import Ran, run_at
from tests.contracts.test_executions import a_version

AN_HOUR_PASSES = "update activity_summed set until = until - interval '1 hour' returning until"
DAY = 24 * HOUR


def summed_until(url: str, statement: str = "select until from activity_summed") -> datetime:
    with psycopg.connect(url, autocommit=True) as conn:
        row = conn.execute(statement.encode()).fetchone()
    assert row is not None
    until: datetime = row[0]
    return until


async def all_summed(store: Store) -> None:
    while await store.activity.sum_up():
        pass


async def test_late_executions_are_counted_with_the_next_hour_and_deleted_ones_stay_counted(
    lent_database: Callable[[], str],
) -> None:
    url, until = lent_database(), utc_now()
    async with postgres_store(url, NO_ENCRYPTION) as store:
        version = await a_version(store)
        first = Ran(DAY, 1, "succeeded", script=0)
        await run_at(store, version, first, until)
        await all_summed(store)
        summed = summed_until(url, AN_HOUR_PASSES)
        late = [evolve(first, ago=until - summed + timedelta(minutes=90)), evolve(first, ago=until - summed - HOUR / 2)]
        for one in late:
            await run_at(store, version, one, until)
        await all_summed(store)
        await store.expired.delete(timedelta(seconds=-1), UUID(int=0), 10)
        summed_until(url, AN_HOUR_PASSES)
        await all_summed(store)
        found = await store.activity.read([version.script_id], window(Period.WEEK, until))
    assert found[version.script_id].total == Bucket(3)
    assert summed_until(url) == summed + HOUR


async def test_processes_that_sum_up_at_once_count_once(lent_database: Callable[[], str]) -> None:
    url, until = lent_database(), utc_now()
    async with postgres_store(url, NO_ENCRYPTION) as store:
        version = await a_version(store)
        for days in range(1, 6):
            await run_at(store, version, Ran(days * DAY, 1, "failed" if days == 1 else "succeeded", script=0), until)
        await asyncio.gather(*(all_summed(store) for _ in range(4)))
        await all_summed(store)
        found = await store.activity.read([version.script_id], window(Period.WEEK, until))
    assert found[version.script_id].total == Bucket(5, failed=1)

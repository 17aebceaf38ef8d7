"""Notifications about jobs: each one that waits is heard of, and nothing else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve

from adapters.postgres import notifications
from adapters.postgres.connections import open_pool
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.notifier import JOBS, Notifier, notifier_of
from adapters.postgres.scripts import PostgresScripts
from application.executions.completion_signals import WatchedCompletions
from application.ports.jobs import NewJob
from domain.jobs import cancel, retry
from tests.adapters.postgres.test_events import listens
from tests.adapters.postgres.test_notifier import never_sent
from tests.support.postgres import in_background, listening
from tests.support.stored_jobs import a_job, failure
from tests.support.values import NOON, a_script
from tests.support.waiting import eventually_sees

MINUTE = timedelta(minutes=1)


async def test_a_job_that_waits_is_heard_of_once_it_was_added_released_or_retried(
    lent_database: Callable[[], str],
) -> None:
    url, heard = lent_database(), asyncio.Queue[None]()
    listener = WorkListener(url, lambda: None, lambda _: None)
    async with open_pool(url, "tests", size=2) as pool:
        script, version = a_script()
        (await PostgresScripts(pool).add(script, version)).unwrap()
        jobs, work = PostgresJobs(pool, MINUTE), PostgresJobWork(pool, MINUTE)
        async with in_background(listener.run(on_jobs=lambda: heard.put_nowait(None))):
            await listening(url, JOBS)
            await eventually_sees(lambda: listens(listener))
            while not heard.empty():  # on connecting, and until then
                heard.get_nowait()

            async def hears() -> None:
                await asyncio.wait_for(heard.get(), 5)
                await notifier_of(pool).drain()
                assert heard.empty()

            job = a_job(version)
            (await jobs.add(NewJob(job=job))).unwrap()
            await hears()
            assert await work.take() is not None
            await work.release(job.id)
            await hears()
            await work.release(job.id)  # it is not held
            taken = await work.take()
            assert taken is not None
            assert await work.finish(failure(taken.job))
            ended = await jobs.find(job.id)
            assert ended is not None
            retried = retry(ended.job).unwrap()
            assert await jobs.retry(retried)
            await hears()
            assert await jobs.cancel(cancel(retried, NOON).unwrap())
            assert not await jobs.retry(evolve(retried, attempt=9))
            await notifier_of(pool).drain()
            assert heard.empty()


async def test_without_any_notification_the_end_of_a_job_is_found_by_polling(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Notifier, "_send", never_sent)
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 0.05)
    url, endings = lent_database(), WatchedCompletions()
    async with open_pool(url, "tests", size=2) as pool, in_background(EndingsListener(url, endings).run(pool)):
        script, version = a_script()
        (await PostgresScripts(pool).add(script, version)).unwrap()
        job = a_job(version)
        (await PostgresJobs(pool, MINUTE).add(NewJob(job=job))).unwrap()
        with endings.watch(job.id) as ended:
            assert await PostgresJobs(pool, MINUTE).cancel(cancel(job, NOON).unwrap())
            await asyncio.wait_for(ended.wait(), 5)

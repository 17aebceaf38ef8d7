"""Signals: prompt, few, and found again after their connection was cut."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from adapters.postgres import notifications
from adapters.postgres.connections import open_pool
from adapters.postgres.notifications import WorkAnnouncer, listen_for_endings, listen_for_work
from application.endings import WatchedEndings
from tests.adapters.postgres.test_outages import cut_connections
from tests.postgres import in_background, listening
from tests.values import an_id


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 0.05)


async def test_many_announcements_at_once_are_few_notifications_and_the_last_is_heard(url: str) -> None:
    heard = 0
    woken = asyncio.Event()

    def wake() -> None:
        nonlocal heard
        heard += 1
        woken.set()

    async with open_pool(url, "tests", size=1) as pool, in_background(listen_for_work(url, wake)):
        await listening(url, "bateia_pending")
        woken.clear()
        announcer = WorkAnnouncer(pool)
        for _ in range(500):
            announcer.announce()
        await asyncio.wait_for(woken.wait(), 5)
        woken.clear()
        announcer.announce()
        await asyncio.wait_for(woken.wait(), 5)
        assert heard < 20


async def test_a_cut_listener_comes_back_and_looks_for_what_it_missed(url: str) -> None:
    woken = asyncio.Event()
    async with in_background(listen_for_work(url, woken.set)):
        await asyncio.wait_for(woken.wait(), 5)
        woken.clear()
        cut_connections(url)
        await asyncio.wait_for(woken.wait(), 5)


async def test_an_ending_that_no_notification_told_is_found_by_looking(url: str) -> None:
    ended, endings = an_id(), WatchedEndings()
    add_ended(url, ended)
    async with (
        open_pool(url, "tests", size=1) as pool,
        in_background(listen_for_endings(url, endings, pool)),
    ):
        with endings.watch(ended) as found, endings.watch(an_id()) as other:
            await asyncio.wait_for(found.wait(), 5)
            assert not other.is_set()


def add_ended(url: str, execution_id: UUID) -> None:
    script = an_id()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute("insert into script_versions values (%s, 1, 'x', sha256('x'), 1, 1, 1, 1, now())", (script,))
        conn.execute(
            "insert into executions (id, script_id, version, state, attempt, submitted_at, finished_at, input_bytes,"
            " input_sha256, error_kind, error_message)"
            " values (%s, %s, 1, 'failed', 0, now(), now(), 1, sha256('x'), 'cancelled', '')",
            (execution_id, script),
        )

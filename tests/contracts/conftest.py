"""One suite a port, run on every store: each test gets a way to open one, empty and of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol

import pytest
from attrs import frozen

from adapters.memory import MemoryStore
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.expired import PostgresExpiredExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.notifications import listen_for_endings
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.sealing.aes import AesSeals
from adapters.sealing.master_keys import MasterKeys
from adapters.system import utc_now
from application.endings import WatchedEndings
from application.ports import Endings, Executions, ExpiredExecutions, IdempotencyKeys, Queue, Scripts
from application.sealing import NO_SEALS, Seals
from tests.postgres import in_background, listening

MASTER_KEYS: Final = MasterKeys("a", {"a": bytes(range(32))})


@frozen
class Store:
    """The ports over one store. `rival` is the queue of a second worker, `rival_keys` are a second API process's."""

    scripts: Scripts
    executions: Executions
    queue: Queue
    rival: Queue
    endings: Endings
    keys: IdempotencyKeys
    rival_keys: IdempotencyKeys
    expired: ExpiredExecutions


class OpenStore(Protocol):
    """Open an empty store whose leases and keys last that long, and whose queues start so many runs of a script at
    once."""

    def __call__(
        self,
        lease: timedelta = timedelta(minutes=1),
        script_runs: int = 0,
        keys_kept_for: timedelta = timedelta(days=1),
    ) -> AbstractAsyncContextManager[Store]: ...


@asynccontextmanager
async def memory_store(
    lease: timedelta = timedelta(minutes=1), script_runs: int = 0, keys_kept_for: timedelta = timedelta(days=1)
) -> AsyncIterator[Store]:
    store = MemoryStore(utc_now, lease, script_runs=script_runs, keys_kept_for=keys_kept_for)
    yield Store(
        store.scripts, store.executions, store.queue, store.queue, store.endings, store.keys, store.keys, store.expired
    )


@asynccontextmanager
async def postgres_store(
    url: str,
    seals: Seals,
    lease: timedelta = timedelta(minutes=1),
    script_runs: int = 0,
    keys_kept_for: timedelta = timedelta(days=1),
) -> AsyncIterator[Store]:
    endings = WatchedEndings()
    async with open_pool(url, "tests", size=4) as pool, in_background(listen_for_endings(url, endings, pool)):
        await listening(url, "bateia_ended")
        yield Store(
            scripts=PostgresScripts(pool),
            executions=PostgresExecutions(pool, seals),
            queue=PostgresQueue(pool, "one", lease, script_runs, seals),
            rival=PostgresQueue(pool, "two", lease, script_runs, seals),
            endings=endings,
            keys=PostgresIdempotencyKeys(pool, keys_kept_for, seals),
            rival_keys=PostgresIdempotencyKeys(pool, keys_kept_for, seals),
            expired=PostgresExpiredExecutions(pool),
        )


@pytest.fixture(params=["memory", "postgres", "postgres, sealed"])
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    if request.param == "memory":
        return memory_store
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    seals = AesSeals(MASTER_KEYS) if "sealed" in request.param else NO_SEALS
    return lambda *arguments, **named: postgres_store(new_database(), seals, *arguments, **named)

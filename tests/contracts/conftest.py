"""One suite a port, run on every store: each test gets a way to open one, empty and of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Protocol

import pytest
from attrs import frozen

from adapters.memory import MemoryStore
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.notifications import listen_for_endings
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.system import utc_now
from application.endings import WatchedEndings
from application.ports import Endings, Executions, Queue, Scripts
from tests.postgres import in_background, listening


@frozen
class Store:
    """The ports over one store. `rival` is the queue of a second worker."""

    scripts: Scripts
    executions: Executions
    queue: Queue
    rival: Queue
    endings: Endings


class OpenStore(Protocol):
    """Open an empty store whose leases last that long, and whose queues start so many runs of a script at once."""

    def __call__(
        self, lease: timedelta = timedelta(minutes=1), script_runs: int = 0
    ) -> AbstractAsyncContextManager[Store]: ...


@asynccontextmanager
async def memory_store(lease: timedelta, script_runs: int) -> AsyncIterator[Store]:
    store = MemoryStore(utc_now, lease, script_runs=script_runs)
    yield Store(store.scripts, store.executions, store.queue, store.queue, store.endings)


@asynccontextmanager
async def postgres_store(url: str, lease: timedelta, script_runs: int) -> AsyncIterator[Store]:
    endings = WatchedEndings()
    async with open_pool(url, "tests", size=4) as pool, in_background(listen_for_endings(url, endings, pool)):
        await listening(url, "bateia_ended")
        yield Store(
            scripts=PostgresScripts(pool),
            executions=PostgresExecutions(pool),
            queue=PostgresQueue(pool, "one", lease, script_runs),
            rival=PostgresQueue(pool, "two", lease, script_runs),
            endings=endings,
        )


@pytest.fixture(params=["memory", "postgres"])
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    if request.param == "memory":
        return lambda lease=timedelta(minutes=1), script_runs=0: memory_store(lease, script_runs)
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return lambda lease=timedelta(minutes=1), script_runs=0: postgres_store(new_database(), lease, script_runs)

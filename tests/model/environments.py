"""The stores as the model drives them: some processes over one store, and a way to let time pass for its leases."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

from adapters.memory.store import MemoryStore
from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.connections import Pool, connection, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.replay_work import PostgresReplayWork
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.version_replays import PostgresVersionReplays
from adapters.system import utc_now
from application.executions.completion_signals import WatchedCompletions
from application.ports.aliases import Aliases
from application.ports.executions import CompletionSignals, Executions, IdempotencyKeys
from application.ports.queue import Queue
from application.ports.script_tests import ScriptTests
from application.ports.scripts import Scripts
from application.ports.system import Clock
from application.ports.version_replays import ReplayWork, VersionReplays
from application.scripts.known import KnownScripts
from tests.model.ledger import KEPT_FOR, LEASE
from tests.support.values import NOON

SKEWS: Final = (timedelta(), timedelta(days=-1), timedelta(days=1))
"""The errors of the clocks of the API's processes. Workers have no clock that matters."""
WORKERS: Final = ("one", "two", "three")


@frozen
class Api:
    """The ports of one process of the API."""

    scripts: Scripts
    aliases: Aliases
    executions: Executions
    keys: IdempotencyKeys
    endings: CompletionSignals
    clock: Clock
    tests: ScriptTests
    replays: VersionReplays
    known_scripts: KnownScripts = field()  # which stays with the process where another port of it is replaced

    @known_scripts.default
    def _nothing_yet(self) -> KnownScripts:
        return KnownScripts(self.scripts)


@frozen
class World:
    """Processes of the API, workers, and what lets time pass."""

    apis: tuple[Api, ...]
    queues: tuple[Queue, ...]
    replay_work: tuple[ReplayWork, ...]
    passes: Callable[[timedelta], Coroutine[Any, Any, None]]


_TABLES: Final = (
    *("executions", "script_aliases", "alias_moves", "script_gates", "script_tests", "version_replays"),
    *("script_versions", "scripts"),
)
OpenWorld: TypeAlias = Callable[[], Coroutine[Any, Any, World]]


def _wrong(clock: Clock, skew: timedelta) -> Clock:
    return lambda: clock() + skew


async def memory_world() -> World:
    """Create a store in memory, whose clock moves only on demand."""
    time = _Time()
    store = MemoryStore(time.now, LEASE, keys_kept_for=KEPT_FOR)
    apis = tuple(
        Api(
            store.scripts,
            store.aliases,
            store.executions,
            store.keys,
            store.endings,
            _wrong(time.now, skew),
            store.script_tests,
            store.replays,
        )
        for skew in SKEWS
    )
    work = tuple(store.replay_work.of_another_process() for _ in WORKERS)
    return World(apis, tuple(store.queue for _ in WORKERS), work, time.passes)


@define
class _Time:
    passed: timedelta = timedelta()

    def now(self) -> datetime:
        return NOON + self.passed

    async def passes(self, some: timedelta) -> None:
        self.passed += some


async def postgres_worlds(url: str) -> AsyncGenerator[OpenWorld]:
    """Provide a function that empties that database and starts anew in it, each time."""
    async with open_pool(url, "model", size=4) as pool:

        async def open_world() -> World:
            async with connection(pool) as conn:
                for table in _TABLES:
                    await conn.execute(f"delete from {table}".encode())
            apis = [
                Api(
                    PostgresScripts(pool),
                    PostgresAliases(pool),
                    PostgresExecutions(pool),
                    PostgresIdempotencyKeys(pool, KEPT_FOR),
                    WatchedCompletions(),
                    clock,
                    PostgresScriptTests(pool),
                    PostgresVersionReplays(pool),
                )
                for clock in [_wrong(utc_now, skew) for skew in SKEWS]
            ]
            queues = [PostgresQueue(pool, worker, LEASE) for worker in WORKERS]
            work = [PostgresReplayWork(pool, LEASE) for _ in WORKERS]
            return World(tuple(apis), tuple(queues), tuple(work), _passing(pool))

        yield open_world


def _passing(pool: Pool) -> Callable[[timedelta], Coroutine[Any, Any, None]]:
    """Let time pass: only leases and keys end by the database's clock, so their ends are moved back."""

    async def passes(some: timedelta) -> None:
        async with connection(pool) as conn:
            await conn.execute("update executions set leased_until = leased_until - %s", [some])
            await conn.execute("update version_replays set leased_until = leased_until - %s", [some])
            await conn.execute("update idempotency_keys set expires_at = expires_at - %s", [some])

    return passes

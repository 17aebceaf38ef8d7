"""The contract of every store for the status: its largest scripts, and its workers with what they hold."""

from datetime import timedelta

from adapters.system import utc_now
from application.ports.executions import NewExecution
from tests.contracts.conftest import OpenStore
from tests.contracts.test_executions import a_version, claim, ending, submitted
from tests.support.values import a_body, a_pending


async def test_an_empty_store_has_neither_workers_nor_scripts_nor_backups(open_store: OpenStore) -> None:
    async with open_store() as store:
        status, storage = await store.status.status(), await store.status.storage(20)
        assert (status.workers, status.last_backup) == ([], None)
        assert (storage.scripts, storage.is_exact) == ([], True)


async def test_scripts_are_listed_by_their_stored_bytes(open_store: OpenStore) -> None:
    async with open_store() as store:
        await a_version(store, "empty")
        sizes = {"small": (10, 20), "large": (5_000,), "medium": (300, 300, 300)}
        for name, bytes_of in sizes.items():
            version = await a_version(store, name)
            for size in bytes_of:
                body = a_body(b"1" * size)
                await store.executions.add(NewExecution(a_pending(version, name, body), body))
        found = await store.status.storage(2)
        assert [(one.name, one.executions) for one in found.scripts] == [("large", 1), ("medium", 3)]
        large, medium = found.scripts
        assert 5_000 <= large.stored_bytes < 5_200
        assert 900 <= medium.stored_bytes < 1_100
        (*_, small) = (await store.status.storage(20)).scripts
        assert (small.name, small.executions) == ("small", 2)


async def test_results_count_as_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        await submitted(store, 1)
        (before,) = (await store.status.storage(1)).scripts
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        (after,) = (await store.status.storage(1)).scripts
        assert after.stored_bytes > before.stored_bytes


async def test_a_worker_is_busy_with_the_executions_that_it_has_claimed(open_store: OpenStore) -> None:
    async with open_store() as store:
        await submitted(store, 3)
        held = await claim(store.queue, 2)
        await store.queue.renew([one.running for one in held])
        (worker,) = (await store.status.status()).workers
        assert (worker.name, worker.host, worker.busy, worker.is_alive) == ("one", "one", 2, True)
        assert abs(worker.last_seen - utc_now()) < timedelta(minutes=1)
        await store.queue.finish([ending(one) for one in held])
        assert sum(one.busy for one in (await store.status.status()).workers) == 0

"""The status is read once for all readers of some seconds, and its storage once a minute."""

import asyncio
from datetime import timedelta

import pytest
from attrs import define, field

from adapters.memory.store import MemoryStore
from application.ports.errors import Unavailable
from application.ports.status import DatabaseStatus, DiskStatus, StorageStatus, WorkerStatus
from application.status.read import StatusPorts, StatusReader
from application.version import VERSION
from domain.access import Scope, new_key, new_token, revoke
from tests.support.values import NOON, an_id


@define
class Counting:
    """A service with counted readings and a clock that tests set."""

    store: MemoryStore = field(factory=lambda: MemoryStore(lambda: NOON, timedelta(seconds=15)))
    seconds: float = 0
    away: bool = False
    readings: list[str] = field(factory=list)

    async def status(self) -> DatabaseStatus:
        self.readings.append("status")
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("gone")
        return await self.store.status.status()

    async def storage(self, count: int) -> StorageStatus:
        self.readings.append("storage")
        return await self.store.status.storage(count)

    async def disks(self) -> tuple[DiskStatus, ...]:
        return ()

    def reader(self) -> StatusReader:
        return StatusReader(
            StatusPorts(
                database=self,
                queue=self.store.status.queue,
                disks=self.disks,
                api_keys=self.store.api_keys,
                clock=lambda: NOON,
                monotonic=lambda: self.seconds,
                started_at=NOON - timedelta(hours=1),
            )
        )


async def test_readers_share_a_reading_for_five_seconds_and_of_the_storage_for_a_minute() -> None:
    service = Counting()
    reader = service.reader()
    first, *others = await asyncio.gather(*(reader.status() for _ in range(5)))
    assert all(one is first for one in others)
    assert (first.version, first.started_at, first.at) == (VERSION, NOON - timedelta(hours=1), NOON)
    service.seconds = 4.9
    await reader.status()
    assert service.readings == ["status", "storage"]
    service.seconds = 5
    await reader.status()
    assert service.readings == ["status", "storage", "status"]
    service.seconds = 60
    await reader.status()
    assert service.readings == ["status", "storage", "status", "status", "storage"]


def test_the_host_of_a_worker_begins_its_name() -> None:
    worker = WorkerStatus(name="a.example:4711", last_seen=NOON, is_alive=True, slots=4, busy=0)
    assert worker.host == "a.example"


async def test_a_failure_is_not_kept() -> None:
    service = Counting(away=True)
    reader = service.reader()
    with pytest.raises(Unavailable):
        await reader.status()
    service.away = False
    assert (await reader.status()).database.last_backup is None


async def test_keys_that_expire_within_a_month_are_in_it_the_first_to_expire_first() -> None:
    service = Counting()
    for name, days in (("later", 31), ("second", 30), ("first", 2), ("never", None), ("revoked", 3)):
        key = new_key(an_id(), name, [Scope.READ], NOON, days).unwrap()
        await service.store.api_keys.add(key, new_token(name.ljust(32).encode()).digest)
        if name == "revoked":
            await service.store.api_keys.revoke(revoke(key, NOON))
    found = await service.reader().status()
    assert [one.name for one in found.expiring_keys] == ["first", "second"]

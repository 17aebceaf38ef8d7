"""The status of the service: its processes, queue, storage, backups and keys, as an operator looks at them.

Any number of readers cost the database one reading every few seconds, and its sizes one a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from attrs import define, field, frozen

from application.ports.access import ApiKeys
from application.ports.operations import QueueStats, ReadQueueStats
from application.ports.status import DatabaseStatus, DiskStatus, ReadDatabaseStatus, ReadDisks, StorageStatus
from application.ports.system import Clock
from application.version import VERSION
from domain.access import ApiKey, expiring

_T = TypeVar("_T")

FRESH_SECONDS: Final = 5
FRESH_STORAGE_SECONDS: Final = 60
LARGEST_SCRIPTS: Final = 20
KEYS_EXPIRE_WITHIN: Final = timedelta(days=30)
MOST_KEYS: Final = 100


@frozen(kw_only=True)
class StatusPorts:
    """The ports of the status. `started_at` is the start of this process."""

    database: ReadDatabaseStatus
    queue: ReadQueueStats
    disks: ReadDisks
    api_keys: ApiKeys
    clock: Clock
    monotonic: Callable[[], float]
    started_at: datetime


@frozen(kw_only=True)
class ServiceStatus:
    """The status at `at`; its storage may be a minute older."""

    version: str
    started_at: datetime
    at: datetime
    database: DatabaseStatus
    queue: QueueStats
    storage: StorageStatus
    disks: Sequence[DiskStatus]
    expiring_keys: Sequence[ApiKey]


class StatusReader:
    """Reads the status, and keeps it for some seconds."""

    def __init__(self, ports: StatusPorts) -> None:
        self._ports = ports
        self._storage = _Cached(lambda: ports.database.storage(LARGEST_SCRIPTS), FRESH_STORAGE_SECONDS, ports.monotonic)
        self._status = _Cached(self._read, FRESH_SECONDS, ports.monotonic)

    async def status(self) -> ServiceStatus:
        """Return the status as of at most `FRESH_SECONDS` ago."""
        return await self._status.get()

    async def _read(self) -> ServiceStatus:
        ports, at = self._ports, self._ports.clock()
        keys = expiring(await ports.api_keys.all(), at, KEYS_EXPIRE_WITHIN)
        return ServiceStatus(
            version=VERSION,
            started_at=ports.started_at,
            at=at,
            database=await ports.database.status(),
            queue=await ports.queue(),
            storage=await self._storage.get(),
            disks=await ports.disks(),
            expiring_keys=keys[:MOST_KEYS],
        )


@define
class _Cached(Generic[_T]):
    """A reading that serves all readers for some seconds. Readers that come while it is being read wait for it."""

    read: Callable[[], Awaitable[_T]]
    seconds: float
    monotonic: Callable[[], float]
    _last: tuple[float, _T] | None = field(init=False, default=None)
    _lock: asyncio.Lock = field(init=False, factory=asyncio.Lock)

    async def get(self) -> _T:
        async with self._lock:
            begun = self.monotonic()
            if self._last is None or begun >= self._last[0] + self.seconds:
                self._last = (begun, await self.read())
            return self._last[1]

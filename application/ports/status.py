"""Ports to what an operator looks at: the database, its workers and its backups, the storage, and the disks."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from attrs import frozen


@frozen(kw_only=True)
class WorkerStatus:
    """A worker that was seen within about an hour. `slots` is None if it has not told them.

    `is_alive`: it was seen within a lease. `busy` counts the executions that it has claimed and not settled; claims
    ahead of free slots are among them.
    """

    name: str
    last_seen: datetime
    is_alive: bool
    slots: int | None
    busy: int

    @property
    def host(self) -> str:
        """The machine's name, which begins the worker's."""
        return self.name.partition(":")[0]


@frozen(kw_only=True)
class VerifiedBackup:
    """A backup that was restored and compared. It has everything up to `taken_at`, and maybe a little more."""

    taken_at: datetime
    verified_at: datetime
    size_bytes: int


@frozen(kw_only=True)
class DatabaseStatus:
    """The database, its workers by name, and its latest verified backup."""

    postgres_version: str
    schema_level: int
    workers: Sequence[WorkerStatus]
    last_backup: VerifiedBackup | None


@frozen(kw_only=True)
class ScriptStorage:
    """The executions of a script, and the bytes of their datasets, results and logs as they are stored."""

    script_id: UUID
    name: str
    executions: int
    stored_bytes: int


@frozen(kw_only=True)
class StorageStatus:
    """The size of the database, and its largest scripts, by bytes. Unless `is_exact`, their numbers are estimated from
    a sample, and scripts with few executions may be missing."""

    database_bytes: int
    scripts: Sequence[ScriptStorage]
    is_exact: bool


class DiskFolder(StrEnum):
    """A folder of the service on the machine of an API process: that of its data, and that of the store `files`."""

    DATA = "data"
    FILES = "files"


@frozen(kw_only=True)
class DiskStatus:
    """The disk of a folder."""

    folder: DiskFolder
    total_bytes: int
    free_bytes: int


class ReadDatabaseStatus(Protocol):
    """Reads the status of the database and its storage. Both take little time, whatever the database has."""

    async def status(self) -> DatabaseStatus:
        """Read the database, its workers and its backups."""
        ...

    async def storage(self, count: int) -> StorageStatus:
        """Read the storage with up to `count` of the largest scripts."""
        ...


class ReadDisks(Protocol):
    """Reads the disks of the folders that there are on this machine."""

    async def __call__(self) -> Sequence[DiskStatus]: ...

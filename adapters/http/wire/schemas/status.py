"""Wire schemas of the service's status."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from application.ports.status import DiskFolder
from application.version import VERSION

_WORKER: Final = {
    "name": "worker-1.example:4211",
    "host": "worker-1.example",
    "last_seen": MOMENT,
    "alive": True,
    "slots": 4,
    "busy": 3,
}
_QUEUE: Final = {"waiting": 12, "replays_waiting": 0, "oldest_wait_seconds": 0.8, "running": 3}
_SCRIPT: Final = {"id": SCRIPT_ID, "name": "corporate-cards", "executions": 18_250, "bytes": 912_680_550}
_DISK: Final = {"folder": "data", "total_bytes": 107_374_182_400, "free_bytes": 64_424_509_440}
_KEY: Final = {"id": "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2", "name": "ingestion", "expires_at": MOMENT}
_BACKUP: Final = {"taken_at": MOMENT, "verified_at": MOMENT, "bytes": 734_003_200}


@frozen(kw_only=True)
class Worker:
    """A worker that was seen within the last hour, or a little longer ago."""

    name: str = field(metadata=describe("Name of the worker: its host and process id."))
    host: str = field(metadata=describe("Host of the worker."))
    last_seen: datetime = field(metadata=describe("Time at which it last renewed its leases.", MOMENT))
    alive: bool = field(metadata=describe("True if it was seen within a lease; otherwise it is probably lost."))
    slots: int | None = field(metadata=describe("Number of runs that it can do at once; null for earlier releases."))
    busy: int = field(
        metadata=describe("Number of executions that it has claimed; those that it claims ahead can exceed its slots.")
    )


@frozen(kw_only=True)
class QueueStatus:
    """Load of the queue. Numbers may stop at 200,000."""

    waiting: int = field(metadata=describe("Number of pending executions, without replays."))
    replays_waiting: int = field(metadata=describe("Number of pending replays, which wait behind all others."))
    oldest_wait_seconds: float = field(metadata=describe("Age of the oldest of the pending executions; 0 if none."))
    running: int = field(metadata=describe("Number of running executions."))


@frozen(kw_only=True)
class StoredScript:
    """Storage of a script's executions."""

    id: UUID = field(metadata=describe("Script.", SCRIPT_ID))
    name: str = field(metadata=describe("Name of the script.", "corporate-cards"))
    executions: int = field(metadata=describe("Number of stored executions."))
    bytes: int = field(metadata=describe("Stored bytes of their datasets, results and logs, which are compressed."))


@frozen(kw_only=True)
class Storage:
    """Storage of the database. It is up to a minute old."""

    database_bytes: int = field(metadata=describe("Size of the database, with its indexes and free space."))
    exact: bool = field(
        metadata=describe("True if `scripts` is exact; with more executions, it is estimated from a sample.")
    )
    scripts: tuple[StoredScript, ...] = field(metadata=describe("The largest scripts, at most 20, by bytes."))


@frozen(kw_only=True)
class DiskSpace:
    """Disk of a folder on the host of the API process that answers."""

    folder: DiskFolder = field(metadata=describe("`data`: the data folder; `files`: that of the store `files`."))
    total_bytes: int = field(metadata=describe("Size of the disk."))
    free_bytes: int = field(metadata=describe("Free space, without what is reserved for root."))


@frozen(kw_only=True)
class ExpiringKey:
    """API key that expires within 30 days."""

    id: UUID = field(metadata=describe("API key."))
    name: str = field(metadata=describe("Name of the key.", "ingestion"))
    expires_at: datetime = field(metadata=describe("Time of its expiry.", MOMENT))


@frozen(kw_only=True)
class Backup:
    """Verified backup."""

    taken_at: datetime = field(metadata=describe("Time whose data it has at least.", MOMENT))
    verified_at: datetime = field(metadata=describe("Time at which it had been restored and compared.", MOMENT))
    bytes: int = field(metadata=describe("Size of its file."))


@frozen(kw_only=True)
class Status:
    """Status of the service. It is up to 5 seconds old."""

    version: str = field(metadata=describe("Version of the service.", VERSION))
    started_at: datetime = field(metadata=describe("Start of the API process that answers.", MOMENT))
    at: datetime = field(metadata=describe("Time of this status.", MOMENT))
    postgres_version: str = field(metadata=describe("Version of the PostgreSQL server.", "15.14"))
    schema_level: int = field(metadata=describe("Number of the database's newest migration.", 21))
    workers: tuple[Worker, ...] = field(metadata=describe("Workers by name, at most 200.", [_WORKER]))
    queue: QueueStatus = field(metadata=describe("Load of the queue.", _QUEUE))
    jobs_unfinished: int = field(metadata=describe("Number of jobs that have not finished.", 1))
    storage: Storage = field(
        metadata=describe(
            "Storage of the database.", {"database_bytes": 1_284_505_600, "exact": False, "scripts": [_SCRIPT]}
        )
    )
    disks: tuple[DiskSpace, ...] = field(
        metadata=describe("Disks of the folders that exist on the host of the API process that answers.", [_DISK])
    )
    expiring_keys: tuple[ExpiringKey, ...] = field(
        metadata=describe("Valid API keys that expire within 30 days, at most 100, the first to expire first.", [_KEY])
    )
    last_backup: Backup | None = field(
        metadata=describe("Latest verified backup of this database; null if none was recorded.", _BACKUP)
    )

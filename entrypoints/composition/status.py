"""The status of the service, as an API process reads it."""

from datetime import timedelta
from time import monotonic

from adapters.disks import FolderDisks
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.connections import Pool
from adapters.postgres.status import PostgresDatabaseStatus
from adapters.postgres.vitals import PostgresQueueStats
from adapters.system import utc_now
from application.ports.status import DiskFolder
from application.status.read import StatusPorts, StatusReader
from entrypoints.configuration.settings import Settings


def status_reader(settings: Settings, pool: Pool) -> StatusReader:
    """Create the reader of a process that starts now."""
    lease = timedelta(seconds=settings.lease_seconds)
    folders = {DiskFolder.DATA: settings.data_dir}
    if settings.files_dir is not None:
        folders[DiskFolder.FILES] = settings.files_dir
    return StatusReader(
        StatusPorts(
            database=PostgresDatabaseStatus(pool, lease),
            queue=PostgresQueueStats(pool, lease),
            disks=FolderDisks(folders),
            api_keys=PostgresApiKeys(pool),
            clock=utc_now,
            monotonic=monotonic,
            started_at=utc_now(),
        )
    )

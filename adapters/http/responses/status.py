"""The shape of the service's status."""

from adapters.http.wire.schemas import status as shapes
from application.ports.status import VerifiedBackup, WorkerStatus
from application.status.read import ServiceStatus
from domain.access import ApiKey


def status_shape(found: ServiceStatus) -> shapes.Status:
    """Build the shape of a status."""
    queue, storage = found.queue, found.storage
    return shapes.Status(
        version=found.version,
        started_at=found.started_at,
        at=found.at,
        postgres_version=found.database.postgres_version,
        schema_level=found.database.schema_level,
        workers=tuple(map(_worker, found.database.workers)),
        queue=shapes.QueueStatus(
            waiting=queue.waiting,
            replays_waiting=queue.replays_waiting,
            oldest_wait_seconds=queue.oldest_waiting_seconds,
            running=queue.running,
        ),
        jobs_unfinished=queue.jobs_unfinished,
        storage=shapes.Storage(
            database_bytes=storage.database_bytes,
            exact=storage.is_exact,
            scripts=tuple(
                shapes.StoredScript(id=one.script_id, name=one.name, executions=one.executions, bytes=one.stored_bytes)
                for one in storage.scripts
            ),
        ),
        disks=tuple(
            shapes.DiskSpace(folder=one.folder, total_bytes=one.total_bytes, free_bytes=one.free_bytes)
            for one in found.disks
        ),
        expiring_keys=tuple(map(_key, found.expiring_keys)),
        last_backup=_backup(found.database.last_backup),
    )


def _worker(one: WorkerStatus) -> shapes.Worker:
    return shapes.Worker(
        name=one.name, host=one.host, last_seen=one.last_seen, alive=one.is_alive, slots=one.slots, busy=one.busy
    )


def _key(one: ApiKey) -> shapes.ExpiringKey:
    assert one.expires_at is not None, "it expires soon"
    return shapes.ExpiringKey(id=one.id, name=one.name, expires_at=one.expires_at)


def _backup(one: VerifiedBackup | None) -> shapes.Backup | None:
    if one is None:
        return None
    return shapes.Backup(taken_at=one.taken_at, verified_at=one.verified_at, bytes=one.size_bytes)

"""The queue as the shapes of the wire."""

from adapters.http.wire.schemas.queue import Queue, QueuedScript, ScriptQueue
from domain.queue_state import QueueState

_DECIMALS = 3


def queue(found: QueueState) -> Queue:
    """Represent the state of the queue."""
    oldest = found.oldest_wait_seconds
    return Queue(
        waiting=found.waiting,
        running=found.running,
        oldest_wait_seconds=None if oldest is None else round(oldest, _DECIMALS),
        reason=found.reason,
        scripts=tuple(
            ScriptQueue(
                script=QueuedScript(id=one.script_id, name=one.name.value), waiting=one.waiting, running=one.running
            )
            for one in found.scripts
        ),
    )

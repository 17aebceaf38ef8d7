"""Port to the state of the queue, for its users."""

from typing import Protocol

from domain.queue_state import QueueState


class ReadQueueState(Protocol):
    """A cheap reading of the queue."""

    async def __call__(self) -> QueueState: ...

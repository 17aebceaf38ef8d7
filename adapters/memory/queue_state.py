"""The port `ReadQueueState` of the store in memory, whose workers are those of this process."""

from collections import Counter
from uuid import UUID

from attrs import define

from adapters.memory.rows import ExecutionRow
from application.ports.system import Clock
from domain.execution import Pending, Running
from domain.queue_state import QueueState, ScriptQueue, busiest


@define
class MemoryQueueState:
    """The port `ReadQueueState`. `slots` are those that tests let its workers have."""

    _kept: dict[UUID, ExecutionRow]
    _clock: Clock
    slots: int = 0

    async def __call__(self) -> QueueState:
        found = [row.execution for row in self._kept.values()]
        pending = [one for one in found if isinstance(one, Pending) and one.submission.replay_of is None]
        running = [one for one in found if isinstance(one, Running)]
        scripts = [one.submission.script for one in pending] + [one.submission.script for one in running]
        names = {one.id: one.name for one in scripts}
        waits, runs = (Counter(one.submission.script.id for one in some) for some in (pending, running))
        oldest = min((one.submission.submitted_at for one in pending), default=None)
        return QueueState(
            waiting=len(pending),
            running=len(running),
            oldest_wait_seconds=None if oldest is None else max(0, (self._clock() - oldest).total_seconds()),
            slots=self.slots,
            scripts=busiest([ScriptQueue(one, name, waits[one], runs[one]) for one, name in names.items()]),
        )

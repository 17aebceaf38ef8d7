"""State of the queue as its users see it: how much waits and runs, of which scripts, and why it waits."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import frozen

from domain.script import ScriptName

MOST_SCRIPTS: Final = 20
"""Scripts that the state names: those with the most waiting executions, then those with the most running ones."""


class WaitReason(StrEnum):
    """Reason why executions wait. The values are part of the wire format."""

    NO_WORKERS = "no_workers"
    SLOTS_BUSY = "slots_busy"


@frozen
class ScriptQueue:
    """Executions of a script that wait and run. Replays wait apart, and count when they run."""

    script_id: UUID
    name: ScriptName
    waiting: int
    running: int


@frozen(kw_only=True)
class QueueState:
    """Executions that wait and run, and the workers that were seen lately.

    Of a script no more than some thousands are counted. `oldest_wait_seconds` is None if nothing waits.
    """

    waiting: int
    running: int
    oldest_wait_seconds: float | None
    workers: int
    scripts: Sequence[ScriptQueue] = ()

    @property
    def reason(self) -> WaitReason | None:
        """The reason why executions wait; None if none does, or a worker is about to take it."""
        if not self.waiting:
            return None
        if not self.workers:
            return WaitReason.NO_WORKERS
        return WaitReason.SLOTS_BUSY if self.running >= self.workers else None


def busiest(scripts: Sequence[ScriptQueue]) -> Sequence[ScriptQueue]:
    """Choose the scripts that the state names, in the order in which it names them."""
    return sorted(scripts, key=lambda one: (-one.waiting, -one.running, one.script_id))[:MOST_SCRIPTS]

"""The queue as its users see it: how much waits and runs, of which scripts, why it waits, and an execution's place."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import frozen

from domain.script import ScriptName

MOST_SCRIPTS: Final = 20
"""Scripts that the state names: those with the most waiting executions, then those with the most running ones."""
MOST_AHEAD: Final = 1_000
"""Executions ahead of another one are counted up to this number, which bounds the cost."""


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
    """Executions that wait and run, and the slots of the workers that were seen lately.

    Of a script no more than some thousands are counted. `oldest_wait_seconds` is None if nothing waits.
    """

    waiting: int
    running: int
    oldest_wait_seconds: float | None
    slots: int
    scripts: Sequence[ScriptQueue] = ()

    @property
    def reason(self) -> WaitReason | None:
        """The reason why executions wait; None if none does, or a worker is about to take it."""
        return wait_reason(self.slots, self.running) if self.waiting else None


@frozen
class QueuePlace:
    """Number of pending executions of the same script that were submitted earlier, up to `MOST_AHEAD`, and the reason
    for waiting, if there is one. Scripts take turns, so the executions of other scripts are not ahead."""

    ahead: int
    reason: WaitReason | None


def wait_reason(slots: int, running: int) -> WaitReason | None:
    """Find the reason why an execution waits; None if a worker is about to take it.

    `slots` are those of the workers that were seen lately, each of which has one. Executions that a worker has claimed
    ahead of its free slots count as running: they are the next to use them.
    """
    if not slots:
        return WaitReason.NO_WORKERS
    return WaitReason.SLOTS_BUSY if running >= slots else None


def busiest(scripts: Sequence[ScriptQueue]) -> Sequence[ScriptQueue]:
    """Choose the scripts that the state names, in the order in which it names them."""
    return sorted(scripts, key=lambda one: (-one.waiting, -one.running, one.script_id))[:MOST_SCRIPTS]

"""The place of a pending execution in the queue."""

from typing import Final

from attrs import frozen

from domain.queue_state import WaitReason

MOST_AHEAD: Final = 1_000
"""Executions ahead are counted up to this number, which bounds the cost."""


@frozen
class QueuePlace:
    """Number of pending executions of the same script that were submitted earlier, up to `MOST_AHEAD`, and the reason
    for waiting, if there is one. Scripts take turns, so the executions of other scripts are not ahead."""

    ahead: int
    reason: WaitReason | None

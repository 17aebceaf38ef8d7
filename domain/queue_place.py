"""The place of a pending execution in the queue."""

from enum import StrEnum
from typing import Final

from attrs import frozen

MOST_AHEAD: Final = 1_000
"""Executions ahead are counted up to this number, which bounds the cost."""


class QueueReason(StrEnum):
    """Reason for waiting."""

    NO_WORKERS = "no_workers"
    SLOTS_BUSY = "slots_busy"


@frozen
class QueuePlace:
    """Number of pending executions of the same script that were submitted earlier, up to `MOST_AHEAD`, and the reason
    for waiting. Scripts take turns, so the executions of other scripts are not ahead."""

    ahead: int
    reason: QueueReason

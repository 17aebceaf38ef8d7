"""Port to the logs of running executions: workers add lines, readers see those of the attempt that holds the claim."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from attrs import frozen

from domain.execution import Running
from domain.outcome import Logs


@frozen
class LogPart:
    """Lines that a running attempt has printed, behind `first_line` others. `logs.truncated` means that no further
    part follows, although the attempt may print more."""

    running: Running
    first_line: int
    logs: Logs


class LiveLogs(Protocol):
    """The logs of running executions. They are content, and are stored as such.

    Of a claim that ends with a cancellation, or with the loss of the last attempt, what is stored becomes the log of
    the execution (`Executions.report`).
    """

    async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
        """Store parts whose claims are valid; return the claim ids of those that need not be sent again.

        A part replaces an earlier one of the same claim and first line, so one whose outcome is unknown can be sent
        again, with further lines.
        """
        ...

    async def read(self, running: Running) -> Logs | None:
        """Read the log of an attempt as far as it is stored; None if its claim is no longer valid."""
        ...

    async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
        """Find values that identify the ends of the logs of executions, of those that are running and have any: as long
        as a value is the same, nothing was added to the log."""
        ...

    async def purge(self) -> None:
        """Delete the parts of claims that are no longer valid, which no reader sees."""
        ...


class RunningLog(Protocol):
    """The log of a run in this process."""

    def __call__(self, claim_id: UUID, /) -> Logs:
        """Return the lines that the run of a claim has printed so far, at most `LIVE_LOG_BYTES` of log budget, and
        whether it has printed more; no lines if it does not run here."""
        ...

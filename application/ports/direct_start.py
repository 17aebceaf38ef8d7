"""Port to the slots of this process, for an execution that it accepts: a start that needs no claim from the queue."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from attrs import define

from application.ports.executions import ExecutionDetails
from domain.body import Body
from domain.execution import Pending, Unfinished
from domain.versions import ScriptVersion


@define(eq=False)
class LocalCompletion:
    """The completion of an execution that runs in this process. It has its `details` once these are stored durably."""

    details: ExecutionDetails | None = None


@define(eq=False)
class Submitted:
    """The state in which a new execution must be stored. If that is running, its run has begun in this process.

    Call `confirm` as soon as it is stored. A run without confirmation is aborted, and its outcome discarded.
    """

    execution: Unfinished
    completion: LocalCompletion | None = None
    is_stored: bool = False

    def confirm(self) -> None:
        """Record that the execution is stored, under this state."""
        self.is_stored = True


class DirectStart(Protocol):
    """Starts new executions in slots of this process."""

    def __call__(
        self, pending: Pending, version: ScriptVersion, dataset: Body, /
    ) -> AbstractAsyncContextManager[Submitted]:
        """Start an execution of the version for as long as it is being stored, which happens inside the block.

        It stays pending if no slot is free for it, or if others may be waiting, which would be overtaken. Replays
        may be overtaken, and none starts so.
        """
        ...


@asynccontextmanager
async def start_nothing(pending: Pending, version: ScriptVersion, dataset: Body, /) -> AsyncIterator[Submitted]:
    """Implement the port `DirectStart` for a process without slots: every execution stays pending."""
    yield Submitted(pending)

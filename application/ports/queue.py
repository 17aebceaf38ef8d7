"""Port to the queue of executions, for workers."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import field, frozen

from domain.body import Body
from domain.execution import Failed, Finished, Pending, Running
from domain.outcome import Logs
from domain.script import Source
from domain.warnings import SourceWarning


@frozen
class Claimed:
    """An execution that this worker holds, with all that its run needs. `source_warnings` are its version's."""

    running: Running
    source: Source = field(repr=False)
    dataset: Body
    source_warnings: tuple[SourceWarning, ...] = ()


@frozen
class Completion:
    """The end of an attempt that `claim_id` held, with what is to be kept of it."""

    claim_id: UUID
    execution: Finished
    logs: Logs
    result: Body | None


@frozen
class Release:
    """An execution that goes back to the queue from the attempt that `claim_id` held."""

    claim_id: UUID
    execution: Pending


class Queue(Protocol):
    """The same record as the workers see it: the executions that wait, and those that are held.

    Whoever claims gets a lease. While it is renewed nobody else gets the execution; once it has run out,
    `reclaim` takes the execution away. All of them work on batches.
    """

    async def claim(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        """Up to `count` waiting executions, each through `start`, which gets the store's own time.

        Those of versions on an excluded engine go on waiting, and what the same script has behind one of them may too.

        Scripts take turns and give their oldest first: of two scripts that both still have waiting executions, neither
        has been served twice more than the other, in one batch or over all that one worker claims one after another,
        unless a cap on a script's runs or another worker's lock kept it back. Fewer come where their datasets are
        large, but at least one.
        """
        ...

    async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
        """Keep the endings whose claims still hold and wake those who wait for them; the claim ids of the rest."""
        ...

    async def release(self, returns: Sequence[Release]) -> frozenset[UUID]:
        """Put executions whose claims still hold back in the queue; the claim ids of the rest."""
        ...

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        """Extend the leases and say that this worker lives; the claim ids that hold no longer."""
        ...

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        """Up to `count` executions whose leases have run out, each through `lose`."""
        ...

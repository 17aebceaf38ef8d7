"""Port to the queue of executions, for workers."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import field, frozen

from domain.body import Body
from domain.execution import Failed, Finished, Pending, Running
from domain.outcome import Logs
from domain.versions import Source
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
    """The end of an attempt that `claim_id` held, with its logs and result."""

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
    """The same record as the workers see it: the pending executions, and the claimed ones.

    A claim comes with a lease. While it is renewed no other worker gets the execution; once it has expired, `reclaim`
    takes the execution over. All methods work on batches.
    """

    async def claim(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        """Claim up to `count` pending executions but replays, each through `start`, which gets the store's own time.

        Those of versions on an excluded engine stay pending, and so may later ones of the same script.

        Scripts take turns, each with its oldest execution first: of two scripts that both still have pending
        executions, neither is served twice more than the other, in one batch or over all consecutive claims of one
        worker, unless a cap on a script's runs or another worker's lock held it back. Fewer are returned where their
        datasets are large, but at least one.
        """
        ...

    async def claim_replays(
        self,
        count: int,
        start: Callable[[Pending, datetime], Running],
        excluded_engines: Collection[str] = (),
    ) -> Sequence[Claimed]:
        """Claim replays as `claim` does the others, with turns of their own.

        They wait behind all other executions: a worker calls this only after a `claim` that left none pending.
        """
        ...

    async def finish(self, completions: Sequence[Completion]) -> frozenset[UUID]:
        """Store the completions whose claims are valid and wake their readers; return the claim ids of the rest."""
        ...

    async def release(self, releases: Sequence[Release]) -> frozenset[UUID]:
        """Put executions whose claims are valid back in the queue; return the claim ids of the rest."""
        ...

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        """Extend the leases and record that this worker lives; return the claim ids that are no longer valid."""
        ...

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        """Reclaim up to `count` executions whose leases have expired, each through `lose`."""
        ...

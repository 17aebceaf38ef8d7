"""Register of the claims that a worker holds, each in one phase.

    (accept) --> WAITING --begin--> EXECUTING --settle--> SETTLING --remove--> (gone)
    WAITING --settle--> SETTLING                        (released: no slot was free in time)
    WAITING, EXECUTING --abort--> ABORTED --settle--> (gone)

`TRANSITIONS` is the same as data. The register is pure and synchronous: it neither runs nor stores anything, and does
not know where a claim comes from, the queue or a caller that started the execution itself.

A claim must be renewed as long as it is in the register, which is until its outcome is stored: a slow database must
not make a live worker look dead. The claim of an execution that is still being stored cannot be
renewed yet (`confirm`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from typing import Final
from uuid import UUID

from attrs import frozen

from domain.execution import Running


class Phase(Enum):
    """The phases of a held claim. The outcome of an aborted one is discarded as soon as its run has ended."""

    WAITING = auto()
    EXECUTING = auto()
    SETTLING = auto()
    ABORTED = auto()


class Event(Enum):
    """The events that change the phase of a held claim."""

    BEGIN = auto()
    SETTLE = auto()
    ABORT = auto()
    REMOVE = auto()


TRANSITIONS: Final[Mapping[Event, Mapping[Phase, Phase | None]]] = {
    Event.BEGIN: {Phase.WAITING: Phase.EXECUTING, Phase.ABORTED: Phase.ABORTED},
    Event.SETTLE: {Phase.WAITING: Phase.SETTLING, Phase.EXECUTING: Phase.SETTLING, Phase.ABORTED: None},
    Event.ABORT: {
        Phase.WAITING: Phase.ABORTED,
        Phase.EXECUTING: Phase.ABORTED,
        Phase.SETTLING: Phase.SETTLING,
        Phase.ABORTED: Phase.ABORTED,
    },
    Event.REMOVE: {Phase.SETTLING: None},
}
"""The phase after each event, by the phase in which it may occur; None removes the claim from the register."""


@frozen
class HeldClaim:
    """A claim in its phase."""

    running: Running
    phase: Phase
    is_stored: bool


class HeldClaims:
    """The register. Each claim enters once (`accept`) and leaves once (`settle` if it was aborted, else `remove`).

    `unsettled` is the number of claims that occupy a slot, or will, and `dataset_bytes` the size of their datasets,
    decoded. Both are read for each submission, and whether any claim waits with each outcome, so they are kept rather
    than counted.
    """

    def __init__(self) -> None:
        self._claims: dict[UUID, HeldClaim] = {}
        self._early_aborts: dict[object, set[UUID]] = {}
        self.unsettled = self.dataset_bytes = self._waiting = 0

    @property
    def held(self) -> tuple[Running, ...]:
        """The stored claims, in any phase: those whose leases must be renewed."""
        return tuple(claim.running for claim in self._claims.values() if claim.is_stored)

    @property
    def executing(self) -> tuple[Running, ...]:
        """The claims whose runs are under way."""
        return tuple(claim.running for claim in self._claims.values() if claim.phase is Phase.EXECUTING)

    @property
    def waiting(self) -> tuple[UUID, ...]:
        """The ids of the claims that wait for a slot."""
        return tuple(claim_id for claim_id, claim in self._claims.items() if claim.phase is Phase.WAITING)

    @property
    def has_waiting(self) -> bool:
        """Tell whether any claim waits for a slot."""
        return self._waiting > 0

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Expect claims for as long as the block lasts. Accept them inside it.

        A claim can be cancelled as soon as it is stored, before its worker has it in hand, so unknown claims that are
        aborted meanwhile are remembered, and refused. Blocks may overlap: every source of claims has its own.
        """
        block = object()
        self._early_aborts[block] = set()
        try:
            yield
        finally:
            del self._early_aborts[block]

    def accept(self, running: Running, is_stored: bool = True) -> bool:
        """Enter a new claim, which waits for a slot. False, and not entered, if it was aborted before it came."""
        claim_id = running.claim.id
        assert self._early_aborts, "a claim is accepted in a block that expects it"
        assert claim_id not in self._claims, "claim ids are unique"
        if any(claim_id in aborted for aborted in self._early_aborts.values()):
            return False
        self._claims[claim_id] = HeldClaim(running, Phase.WAITING, is_stored)
        self._waiting += 1
        self._count(running, 1)
        return True

    def confirm(self, claim_id: UUID) -> None:
        """Record that a claim is stored, if it is still held."""
        if (claim := self._claims.get(claim_id)) is not None:
            self._claims[claim_id] = HeldClaim(claim.running, claim.phase, is_stored=True)

    def begin(self, claim_id: UUID) -> None:
        """Record that a claim has its slot. One that was aborted meanwhile stays aborted."""
        self._apply(Event.BEGIN, claim_id)

    def settle(self, claim_id: UUID) -> bool:
        """Record that the outcome of a claim is known. False, and the claim is gone, if it must be discarded."""
        return self._apply(Event.SETTLE, claim_id) is not None

    def remove(self, claim_id: UUID) -> None:
        """Remove a claim whose outcome is stored, or was refused by the store."""
        self._apply(Event.REMOVE, claim_id)

    def abort(self, claim_id: UUID) -> Running | None:
        """Abort a claim that waits or executes, and return its execution, whose run the caller must now end.

        None if there is nothing to end: the claim is aborted already, its outcome is known, or it is not held here.
        """
        if (claim := self._claims.get(claim_id)) is None:
            for aborted in self._early_aborts.values():
                aborted.add(claim_id)
            return None
        return claim.running if self._apply(Event.ABORT, claim_id) is not claim.phase else None

    def _apply(self, event: Event, claim_id: UUID) -> Phase | None:
        claim, phases = self._claims[claim_id], TRANSITIONS[event]
        assert claim.phase in phases, f"{event.name} in phase {claim.phase.name} is no transition"
        if (after := phases[claim.phase]) is None:
            del self._claims[claim_id]
        else:
            self._claims[claim_id] = HeldClaim(claim.running, after, claim.is_stored)
        if claim.phase is Phase.WAITING:
            self._waiting -= 1
        if claim.phase is not Phase.SETTLING and after in (Phase.SETTLING, None):
            self._count(claim.running, -1)
        return after

    def _count(self, running: Running, by: int) -> None:
        self.unsettled += by
        self.dataset_bytes += by * running.submission.dataset.size_bytes

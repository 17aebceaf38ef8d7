"""Workers' acts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from attrs import field, frozen

from adapters.system import uuid7
from application.ports.queue import Claimed, Completion, Release
from application.ports.sandbox import SandboxLost
from domain.execution import Claim, Failed, Finished, Pending, Running
from domain.outcome import Logs, Produced
from domain.transitions import finish, lose, release, start
from tests.model.environments import WORKERS, World
from tests.model.invariants import Told
from tests.model.ledger import MAX_ATTEMPTS, WHILE, Ledger
from tests.model.steps import Crash


@frozen
class Take:
    """A worker claims executions, or replays."""

    worker: int
    count: int
    alone: bool = True
    replays: bool = False

    async def act(self, world: World) -> Sequence[Claimed]:
        queue = world.queues[self.worker]
        claim = queue.claim_replays if self.replays else queue.claim
        return await claim(self.count, self._start)

    def _start(self, pending: Pending, at: datetime) -> Running:
        return start(pending, Claim(uuid7(), WORKERS[self.worker]), at)

    def tell(self, ledger: Ledger, answer: Sequence[Claimed]) -> None:
        ledger.took(WORKERS[self.worker], self.count, answer, self.alone, self.replays)


@frozen
class TakeAndCrash:
    """A worker dies after it has locked some rows, before anything is written: nothing has been claimed."""

    worker: int
    count: int

    async def act(self, world: World) -> None:
        seen: list[Pending] = []

        def start_or_crash(pending: Pending, at: datetime) -> Running:
            seen.append(pending)
            if len(seen) == self.count:
                raise Crash
            return start(pending, Claim(uuid7(), WORKERS[self.worker]), at)

        try:
            await world.queues[self.worker].claim(self.count, start_or_crash)
        except Crash:
            return
        raise AssertionError("fewer than wait were claimed")

    def tell(self, ledger: Ledger, answer: None) -> None:
        """Leave the ledger as it is."""


@frozen
class Settle:
    """A worker settles its claims: it stores completions first and releases the rest, as its settler does."""

    worker: int
    told: tuple[Told, ...] = field(repr=False)

    def _states(self) -> list[Finished | Pending]:
        return [_state(one) for one in self.told]

    async def act(self, world: World) -> frozenset[UUID]:
        queue = world.queues[self.worker]
        pairs = list(zip(self.told, self._states(), strict=True))
        return await queue.finish(
            [_ending(one, state) for one, state in pairs if not isinstance(state, Pending)]
        ) | await queue.release([Release(one.claim_id, state) for one, state in pairs if isinstance(state, Pending)])

    def tell(self, ledger: Ledger, answer: frozenset[UUID]) -> None:
        ledger.settled(self.told, self._states(), answer)


def _state(told: Told) -> Finished | Pending:
    running = told.claimed.running
    match told.run:
        case None:
            return release(running)
        case SandboxLost():
            return lose(running, running.started_at + told.elapsed, MAX_ATTEMPTS)
        case run:
            return finish(running, run, told.elapsed)


def _ending(told: Told, state: Finished) -> Completion:
    if told.run is None or isinstance(told.run, SandboxLost):
        return Completion(told.claim_id, state, Logs(), None)
    outcome = told.run.outcome
    return Completion(told.claim_id, state, told.run.logs, outcome.result if isinstance(outcome, Produced) else None)


@frozen
class Renew:
    """A worker extends the leases of the claims that it believes to hold."""

    worker: int
    held: tuple[Running, ...] = field(repr=False)

    async def act(self, world: World) -> frozenset[UUID]:
        return await world.queues[self.worker].renew(self.held)

    def tell(self, ledger: Ledger, answer: frozenset[UUID]) -> None:
        ledger.renewed([one.claim.id for one in self.held], answer)


@frozen
class Reclaim:
    """A worker takes executions from those whose leases have run out, after some time has passed."""

    worker: int
    count: int = 100
    whiles: int = 0
    alone: bool = True

    async def act(self, world: World) -> Sequence[Pending | Failed]:
        await world.passes(WHILE * self.whiles)
        return await world.queues[self.worker].reclaim(self.count, lambda running, at: lose(running, at, MAX_ATTEMPTS))

    def tell(self, ledger: Ledger, answer: Sequence[Pending | Failed]) -> None:
        ledger.passed += WHILE * self.whiles
        ledger.reclaimed(self.count, answer, self.alone)


@frozen
class Pass:
    """Time passes."""

    whiles: int

    async def act(self, world: World) -> None:
        await world.passes(WHILE * self.whiles)

    def tell(self, ledger: Ledger, answer: None) -> None:
        ledger.passed += WHILE * self.whiles

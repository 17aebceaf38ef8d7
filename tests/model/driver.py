"""Takes steps in a world and keeps the ledger; remembers what each worker believes to hold."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, Final, Literal, TypeAlias, TypeVar
from uuid import UUID

from hypothesis import note
from returns.primitives.exceptions import UnwrapFailedError

from application.ports.executions import ExecutionFilter
from application.ports.queue import Claimed
from application.ports.sandbox import SandboxLost
from domain.execution import Failed, State
from domain.idempotency import IdempotencyKey
from domain.outcome import LogLevel, LogLine, Produced, Rejected, Run
from tests.model.environments import WORKERS, World
from tests.model.hosting import LookAtScripts
from tests.model.invariants import Entry, Told
from tests.model.ledger import Ledger
from tests.model.reading import Auditor, Look, all_executions
from tests.model.replaying import CarryOn
from tests.model.steps import Meanwhile, Step
from tests.model.using import Cancel, Remove
from tests.model.working import Pass, Reclaim, Renew, Settle, Take
from tests.support.values import a_body, a_failure, a_run

A = TypeVar("A")
T = TypeVar("T")
Said: TypeAlias = Literal["result", "logs", "error", "lost", "back"]
Move: TypeAlias = Said | Literal["claim", "cancel", "remove", "reclaim", "renew"]

MOVES: Final[Mapping[State, tuple[Move, ...]]] = {
    State.PENDING: ("claim", "cancel"),
    State.RUNNING: ("lost", "back", "reclaim", "result", "renew", "cancel", "claim"),
}
"""The possible acts on an execution in that state."""
ENDED: Final[tuple[Move, ...]] = ("cancel", "remove")
"""The same of one that has ended, though one of them is in vain."""

LINES: Final = (LogLine(LogLevel.LOG, "é"), LogLine(LogLevel.ERROR, ""))


def picked(of: Sequence[T], number: int) -> T:
    """Pick one of them."""
    return of[number % len(of)]


def _chosen(of: Iterable[UUID], sayings: Mapping[int, Said]) -> dict[UUID, Said]:
    claim_ids = [*of]
    return {picked(claim_ids, number): said for number, said in sayings.items()} if claim_ids else {}


class Driver:
    """All that goes on in one example."""

    def __init__(self, world: World) -> None:
        self._world, self.ledger, self._auditor = world, Ledger(), Auditor()
        self.held: list[dict[UUID, Claimed]] = [{} for _ in WORKERS]
        self.past: dict[UUID, Claimed] = {}
        self._runs = 0

    async def take(self, step: Step[A]) -> A:
        """Take one step, with no concurrent one."""
        answer = await step.act(self._world)
        step.tell(self.ledger, answer)
        return answer

    async def claim(self, worker: int, count: int) -> Sequence[Claimed]:
        """Claim for a worker, replays too if nothing else is left, and record its claims."""
        claimed = await self.take(Take(worker, count))
        if len(claimed) < count:
            claimed = [*claimed, *await self.take(Take(worker, count - len(claimed), replays=True))]
        self.held[worker] |= {one.running.claim.id: one for one in claimed}
        return claimed

    def forget(self, worker: int, claim_ids: Collection[UUID]) -> None:
        """Record claims that a worker lost, or does not know that it has; its settlements of them may still arrive."""
        self.past |= {one: self.held[worker].pop(one) for one in claim_ids if one in self.held[worker]}

    async def settle(self, worker: int, own: Mapping[int, Said], late: Mapping[int, Said], elapsed: timedelta) -> None:
        """Settle some claims of a worker, in one batch with some that it, or another, let go of before."""
        chosen = _chosen(self.past, late) | _chosen(self.held[worker], own)
        told = [self._told(claim_id, said, elapsed) for claim_id, said in chosen.items()]
        await self.take(Settle(worker, tuple(told)))
        self.forget(worker, chosen)

    def _told(self, claim_id: UUID, said: Said, elapsed: timedelta = timedelta(milliseconds=3)) -> Told:
        claimed = self.ledger.claimed[claim_id]
        same = self._run_again(claimed) if said in ("result", "error") else None
        return Told(claimed, same or self._run(said), elapsed)

    def _run_again(self, claimed: Claimed) -> Run | None:
        """Create the run of the original once more, if it is known and had the same version: scripts are
        deterministic."""
        submission = claimed.running.submission
        original = None if submission.replay_of is None else self.ledger.entries[submission.replay_of]
        if original is None or original.removed or original.submission.script != submission.script:
            return None
        if original.result is not None:
            return a_run(Produced(original.result))
        failed = original.ended
        has_run = isinstance(failed, Failed) and failed.provenance is not None
        return a_run(Rejected(failed.error)) if isinstance(failed, Failed) and has_run else None

    def _run(self, said: Said) -> Run | SandboxLost | None:
        """Create a run unlike all others, so that no two completions can be confused."""
        self._runs += 1
        match said:
            case "result":
                return a_run(Produced(a_body(b"[%d]" % self._runs)))
            case "logs":
                return a_run(Produced(a_body(b"[%d]" % self._runs)), LINES)
            case "error":
                return a_run(a_failure(f"error {self._runs}"), LINES)
            case "lost":
                return SandboxLost()
            case "back":
                return None

    async def renew(self, worker: int) -> None:
        """Renew all that a worker believes to hold, and record its lost claims."""
        held = tuple(one.running for one in self.held[worker].values())
        lost = await self.take(Renew(worker, held))
        self.forget(worker, lost)

    def moves(self, execution_id: UUID, numbers: Sequence[int]) -> Meanwhile:
        """Create a function that makes moves concerning that execution, one after the other."""

        async def go() -> None:
            for worker, number in enumerate(numbers):
                await self._take_noted(self._move(execution_id, number, worker, alone=True))

        return go

    async def _take_noted(self, step: Step[Any]) -> None:
        note(f"meanwhile: {step}")
        self._remember([(step, await self.take(step))])

    async def take_all(self, *steps: Step[Any]) -> None:
        """Take these steps, one after the other."""
        for step in steps:
            await self.take(step)

    async def at_once(self, execution_id: UUID, numbers: Sequence[int], whiles: int) -> None:
        """Make some moves, all at the same time."""
        await self.take(Pass(whiles))
        await self.all_at_once(
            [self._move(execution_id, number, worker, alone=False) for worker, number in enumerate(numbers)]
        )

    async def all_at_once(self, steps: Sequence[Step[Any]]) -> None:
        """Take these steps, all at the same time. There must be an order in which each answer is the right one."""
        note(f"at once: {steps}")
        answers = await asyncio.gather(*(step.act(self._world) for step in steps))
        taken = list(zip(steps, answers, strict=True))
        orders = (self._explained(order) for order in permutations(taken))
        ledger = next((one for one in orders if one is not None), None)
        assert ledger is not None, f"no order explains {answers}"
        self.ledger = ledger
        self._remember(taken)

    def _explained(self, order: Iterable[tuple[Step[Any], Any]]) -> Ledger | None:
        ledger = self.ledger.copy()
        try:
            for step, answer in order:
                step.tell(ledger, answer)
        except (AssertionError, UnwrapFailedError):
            return None
        return ledger

    def _remember(self, taken: Iterable[tuple[Step[Any], Any]]) -> None:
        for step, answer in taken:
            if isinstance(step, Take):
                self.held[step.worker] |= {one.running.claim.id: one for one in answer}

    def _move(self, execution_id: UUID, number: int, worker: int, alone: bool) -> Step[Any]:
        """Choose a possible act on that execution."""
        entry = self.ledger.entries[execution_id]
        move = picked(MOVES.get(entry.state, ENDED), number)
        match move:
            case "cancel":
                return Cancel(0, execution_id)
            case "remove":
                return Remove(0, execution_id)
            case "claim":
                return Take(worker, 100 if alone else 3, alone, entry.is_replay)
            case "reclaim":
                return Reclaim(worker, 2, whiles=2 if alone else 0, alone=alone)
            case "renew":
                return Renew(worker, (self._held(entry).running,))
            case said:
                return Settle(worker, (self._told(self._held(entry).running.claim.id, said),))

    def _held(self, entry: Entry) -> Claimed:
        assert entry.claim is not None, "it runs"
        return self.ledger.claimed[entry.claim.id]

    async def work(self, worker: int) -> None:
        """Let a worker run a few executions to their ends."""
        claimed = await self.claim(worker, 4)
        await self.take(Settle(worker, tuple(self._told(one.running.claim.id, "result") for one in claimed)))
        self.forget(worker, [one.running.claim.id for one in claimed])

    @property
    def unfinished_replays(self) -> tuple[UUID, ...]:
        """The replays on versions that have not finished."""
        return tuple(key for key, one in self.ledger.replays.items() if not one.is_finished)

    async def carry_on(self, worker: int, dies: bool = False) -> None:
        """Carry replays on by a step, if there are any."""
        if self.unfinished_replays:
            await self.take(CarryOn(worker, self.unfinished_replays, dies))

    async def audit(self, api: int, page: int) -> None:
        """Read on in the list of executions."""
        await self._auditor.reads_on(self._world, self.ledger, api, page)

    async def agree(self) -> None:
        """Compare the store with the ledger."""
        self.ledger.agrees(await self._world.apis[0].executions.page(ExecutionFilter(replays=True), None, 1_000))
        for key in self.ledger.keys:
            kept, found = self.ledger.kept_under(key), await self._world.apis[1].keys.find(IdempotencyKey(key))
            assert (kept and kept.execution_id) == (found and found.execution_id)

    async def drain(self) -> None:
        """Let all workers die, and an honest one come: everything ends, and is reported as it ended."""
        await self.take(Reclaim(0, whiles=2))
        while (claimed := await self.claim(0, 10)) or self.unfinished_replays:
            told = tuple(self._told(one.running.claim.id, "result") for one in claimed)
            assert await self.take(Settle(0, told)) == frozenset()
            await self.carry_on(0)
        assert self.ledger.in_state(State.PENDING, State.RUNNING) == []
        self.ledger.agrees(await all_executions(self._world, 1, 4))
        for key in self.ledger.entries:
            report = await self._world.apis[2].executions.report(key, 100)
            assert report is not None
            self.ledger.reports(report)
        await self.take_all(Look(0, next(iter(self.ledger.entries))), LookAtScripts(2))

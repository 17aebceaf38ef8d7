"""Direct starts: an accepted execution runs while it is being stored, and overtakes nothing; whatever fails, the record
and the slots are as they would be without them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, Final, cast
from uuid import UUID

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.queue import MemoryQueue
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.submission import Submit
from application.executions.submit import Accepted, SubmitPorts
from application.executions.submit import submit as submit_execution
from application.executions.use_cases import ExecutionUseCases
from application.ports.errors import Conflict, Unavailable
from application.ports.executions import (
    ExecutionDetails,
    ExecutionFilter,
    Executions,
    IdempotencyKeys,
    NewExecution,
)
from application.ports.queue import Claimed, Completion, Queue
from application.ports.sandbox import EngineMissing, RunFailure, SandboxLost, SandboxUnavailable
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.direct_starts import MOST_HELD_BYTES
from application.worker.worker import Worker
from domain.audit import ANONYMOUS
from domain.engine import DEFAULT_ENGINE
from domain.execution import Failed, Pending, Running, State, Succeeded
from domain.idempotency import IdempotencyKey
from domain.outcome import ErrorKind, Run
from domain.script import ScriptName
from tests.application.test_executions import ports_of
from tests.application.test_worker import QUICK, RunOne, now, submitted, succeed, until
from tests.support import virtual_time
from tests.support.values import a_run, a_script
from tests.support.waiting import eventually_sees

NAME: Final = ScriptName("corporate-cards")
SLOW_TO_POLL: Final = evolve(QUICK, poll_seconds=30, renew_seconds=30, reclaim_seconds=30, grace_seconds=0.05)


@define
class Gate:
    """A port `RunScript` whose runs end when it is opened, and are counted."""

    open: asyncio.Event = field(factory=asyncio.Event)
    begun: list[Claimed] = field(factory=list)
    aborted: int = 0

    async def __call__(self, claimed: Claimed) -> Result[Run, RunFailure]:
        self.begun.append(claimed)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.aborted += 1
            raise
        return Success(a_run())


@define
class Slow:
    """The port `Executions` that stores when it is told, or fails."""

    executions: Executions
    asked: asyncio.Event = field(factory=asyncio.Event)
    may_store: asyncio.Event = field(factory=asyncio.Event)
    error: Exception | None = None

    async def add(self, new: NewExecution) -> Result[None, Conflict]:
        self.asked.set()
        await self.may_store.wait()
        if self.error is not None:
            raise self.error
        return await self.executions.add(new)

    def __getattr__(self, name: str) -> object:
        return getattr(self.executions, name)


class Altered:
    """A port with some methods replaced; each replacement gets the port as its first argument."""

    def __init__(self, port: object, **methods: Callable[..., Any]) -> None:
        self._port = port
        for name, method in methods.items():
            setattr(self, name, partial(method, port))

    def __getattr__(self, name: str) -> Any:  # only of names that are not replaced
        return getattr(self._port, name)


@define
class Place:
    """A store with a script, a worker, and a process that accepts executions beside it."""

    store: MemoryStore
    worker: Worker
    ports: SubmitPorts

    @property
    def use_cases(self) -> ExecutionUseCases:
        return ExecutionUseCases(self.ports, self.store.endings, self.store.live_logs, self.store.log_news)

    def use(self, executions: object) -> None:
        """Submit to this port from now on."""
        self.ports = evolve(self.ports, executions=cast("Executions", executions))

    async def submit(self, dataset: bytes = b"[1]", key: str | None = None) -> Accepted:
        idempotency_key = None if key is None else IdempotencyKey(key)
        command = Submit(script=NAME, dataset=dataset, idempotency_key=idempotency_key)
        return (await submit_execution(self.ports, command)).unwrap()

    async def read(self, accepted: Accepted, wait_seconds: float = 20) -> ExecutionDetails:
        return (await self.use_cases.wait(accepted, wait_seconds)).unwrap()


@asynccontextmanager
async def a_place(
    run: RunOne = succeed,
    config: WorkerConfig = SLOW_TO_POLL,
    resting: Callable[[], Collection[str]] = tuple,
    clock: Callable[[], float] = monotonic,
    **altered: Callable[..., Any],
) -> AsyncIterator[Place]:
    """Run a worker that has seen an empty queue."""
    looked = asyncio.Event()
    store = MemoryStore(utc_now, timedelta(minutes=1), wake=lambda: worker.wake.set())
    claim = altered.pop("claim", MemoryQueue.claim)

    async def look(queue: MemoryQueue, *arguments: Any) -> Any:
        claimed = await claim(queue, *arguments)
        looked.set()
        return claimed

    script, version = a_script()
    await store.scripts.add(script, version)
    ports = WorkerPorts(
        queue=cast("Queue", Altered(store.queue, claim=look, **altered)),
        run_script=run,
        new_id=uuid7,
        monotonic=clock,
        resting_engines=resting,
        on_completed=lambda finished: store.endings.notify([finished.submission.id]),
    )
    worker = Worker(ports, config)
    task = asyncio.create_task(worker.run())
    try:
        await asyncio.wait_for(looked.wait(), 5)
        yield Place(store, worker, evolve(ports_of(store), start_directly=worker.start_directly))
    finally:
        worker.stop()
        await asyncio.wait_for(task, 10)


def is_running(accepted: Accepted) -> bool:
    return isinstance(accepted.report.execution, Running)


async def test_an_execution_runs_without_a_claim_and_its_reader_gets_what_a_look_up_would_give() -> None:
    claims: list[int] = []

    async def count(queue: MemoryQueue, wanted: int, *more: Any) -> Any:
        claims.append(wanted)
        return await queue.claim(wanted, *more)

    async with a_place(claim=count) as place:
        place.ports = evolve(place.ports, admission=Admission(place.store.executions.waiting, 1, lambda: 0))
        for _ in range(5):
            accepted = await place.submit()
            assert is_running(accepted)
            details = await place.read(accepted)
            assert isinstance(details.execution, Succeeded)
            assert details == await place.store.executions.report(details.execution.submission.id, 100)
        assert len(claims) == 1


async def _value(value: bool) -> bool:
    return value


async def test_the_run_begins_while_the_execution_is_stored_and_its_end_is_stored_after_it() -> None:
    gate = Gate()
    async with a_place(gate) as place:
        slow = Slow(place.store.executions)
        place.use(slow)
        gate.open.set()
        submitting = asyncio.create_task(place.submit())
        await asyncio.wait_for(slow.asked.wait(), 5)
        await eventually_sees(lambda: _value(len(gate.begun) == 1))
        execution_id = gate.begun[0].running.submission.id
        assert await place.store.executions.report(execution_id, 0) is None
        slow.may_store.set()
        accepted = await submitting
        assert isinstance((await place.read(accepted)).execution, Succeeded)


async def test_the_completion_is_kept_for_a_reader_that_begins_to_wait_after_it() -> None:
    async with a_place() as place:
        accepted = await place.submit()
        await until(place.store, [accepted.report.execution.submission.id], State.SUCCEEDED)
        await eventually_sees(lambda: _value(bool(accepted.completion and accepted.completion.details)))
        place.use(Unread())
        assert isinstance((await place.read(accepted, wait_seconds=0)).execution, Succeeded)


class Unread:
    """The port `Executions` that nobody may use."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} is called")


@pytest.mark.parametrize("error", [Unavailable("down"), RuntimeError("a bug")], ids=["outage", "bug"])
async def test_a_run_whose_execution_cannot_be_stored_is_aborted_and_leaves_nothing(error: Exception) -> None:
    gate = Gate()
    async with a_place(gate) as place:
        slow = Slow(place.store.executions, error=error)
        place.use(slow)
        submitting = asyncio.create_task(place.submit())
        await eventually_sees(lambda: _value(len(gate.begun) == 1))
        slow.may_store.set()
        with pytest.raises(type(error)):
            await submitting
        await eventually_sees(lambda: _value(gate.aborted == 1))
        assert await place.store.executions.report(gate.begun[0].running.submission.id, 0) is None
        place.use(place.store.executions)
        for _ in range(QUICK.slots):  # every slot is free again
            assert is_running(await place.submit())
    assert place.worker.stale == 0


async def test_a_run_that_has_ended_before_its_execution_is_refused_leaves_nothing() -> None:
    async with a_place() as place:
        slow = Slow(place.store.executions, error=Unavailable("down"))
        place.use(slow)
        submitting = asyncio.create_task(place.submit())
        await asyncio.wait_for(slow.asked.wait(), 5)
        await asyncio.sleep(0)
        slow.may_store.set()
        with pytest.raises(Unavailable):
            await submitting
    assert place.worker.stale == 0


async def test_a_submission_overtaken_by_an_equal_one_is_aborted_and_returns_its_execution() -> None:
    gate = Gate()

    async def find(keys: MemoryIdempotencyKeys, key: IdempotencyKey) -> None:
        return None

    async with a_place(gate) as place:
        keys = cast("IdempotencyKeys", Altered(place.store.keys, find=find))
        place.ports = evolve(place.ports, idempotency_keys=keys)
        first, second = [await place.submit(key="once") for _ in range(2)]
        assert (is_running(first), first.repeated, second.repeated) == (True, False, True)
        assert second.report.execution == first.report.execution
        assert second.completion is None
        gate.open.set()
        assert isinstance((await place.read(first)).execution, Succeeded)
        page = await place.store.executions.page(ExecutionFilter(), None, 9)
        assert [one.submission.id for one in page] == [first.report.execution.submission.id]
        assert all([is_running(await place.submit()) for _ in range(QUICK.slots)])
    assert place.worker.stale == 0


async def test_a_submitter_that_goes_away_leaves_a_whole_execution() -> None:
    gate = Gate()
    async with a_place(gate) as place:

        class Stored(Slow):
            async def add(self, new: NewExecution) -> Result[None, Conflict]:
                added = await self.executions.add(new)
                self.asked.set()
                await self.may_store.wait()
                return added

        slow = Stored(place.store.executions)
        place.use(slow)
        submitting = asyncio.create_task(place.submit())
        await asyncio.wait_for(slow.asked.wait(), 5)
        await eventually_sees(lambda: _value(len(gate.begun) == 1))
        submitting.cancel()
        gate.open.set()
        await until(place.store, [gate.begun[0].running.submission.id], State.SUCCEEDED)


async def test_a_cancelled_execution_is_aborted_at_once_and_its_reader_sees_that() -> None:
    gate = Gate()
    async with a_place(gate) as place:
        accepted = await place.submit()
        running = accepted.report.execution
        assert isinstance(running, Running)
        waiting = asyncio.create_task(place.read(accepted))
        await eventually_sees(lambda: _value(running.submission.id in place.store.endings.watched()))
        (await place.use_cases.cancel(running.submission.id, ANONYMOUS)).unwrap()
        place.worker.abort(running.claim.id)
        details = await asyncio.wait_for(waiting, 5)
        assert isinstance(details.execution, Failed)
        assert details.execution.error.kind is ErrorKind.CANCELLED
        await eventually_sees(lambda: _value(gate.aborted == 1))


async def test_leases_are_renewed_from_the_moment_that_it_is_stored() -> None:
    gate, renewed = Gate(), list[tuple[Running, ...]]()

    async def renew(queue: MemoryQueue, held: Collection[Running]) -> frozenset[UUID]:
        renewed.append(tuple(held))
        return await queue.renew(held)

    config = evolve(SLOW_TO_POLL, renew_seconds=0.005)
    async with a_place(gate, config, renew=renew) as place:
        slow = Slow(place.store.executions)
        place.use(slow)
        submitting = asyncio.create_task(place.submit())
        await eventually_sees(lambda: _value(len(gate.begun) == 1))
        before = len(renewed)
        await eventually_sees(lambda: _value(len(renewed) > before + 2))
        assert not any(renewed)
        slow.may_store.set()
        running = (await submitting).report.execution
        await eventually_sees(lambda: _value((running,) in renewed))
        gate.open.set()
        await until(place.store, [running.submission.id], State.SUCCEEDED)
    assert gate.aborted == 0


@pytest.mark.parametrize(
    "failure", [SandboxUnavailable(), SandboxLost(), EngineMissing()], ids=lambda one: type(one).__name__
)
async def test_a_failure_of_the_sandbox_is_settled_as_for_a_claim(failure: RunFailure) -> None:
    failed = 0

    async def fail_once(claimed: Claimed) -> Result[Run, RunFailure]:
        nonlocal failed
        failed += 1
        return Failure(failure) if failed == 1 else Success(a_run())

    async with a_place(fail_once) as place:
        accepted = await place.submit()
        execution_id = accepted.report.execution.submission.id
        state = State.FAILED if isinstance(failure, EngineMissing) else State.SUCCEEDED
        (ended,) = await until(place.store, [execution_id], state)  # released with a signal: it polls after 30 s
        assert not isinstance(ended, Pending)
        assert ended.attempt == (2 if isinstance(failure, SandboxLost) else 1)


async def test_a_completion_that_cannot_be_stored_at_first_reaches_its_reader_later() -> None:
    refusals = [Unavailable("down"), Unavailable("down")]

    async def finish(queue: MemoryQueue, completions: list[Completion]) -> frozenset[UUID]:
        if refusals:
            raise refusals.pop()
        return await queue.finish(completions)

    async with a_place(finish=finish) as place:
        details = await place.read(await place.submit())
        assert isinstance(details.execution, Succeeded)
        assert not refusals


async def test_a_stale_completion_is_not_shown_to_readers() -> None:
    gate = Gate()
    async with a_place(gate) as place:
        accepted = await place.submit()
        execution_id = accepted.report.execution.submission.id
        (await place.use_cases.cancel(execution_id, ANONYMOUS)).unwrap()  # and the worker does not hear of it
        gate.open.set()
        await eventually_sees(lambda: _value(place.worker.stale == 1))
        assert isinstance((await place.read(accepted, 0)).execution, Failed)
        assert accepted.completion is not None
        assert accepted.completion.details is None


async def test_a_result_over_the_inline_limit_is_left_out_as_in_a_look_up() -> None:
    async with a_place() as place:
        place.ports = evolve(place.ports, inline_result_bytes=2)
        details = await place.read(await place.submit())
        assert (isinstance(details.execution, Succeeded), details.result) == (True, None)


async def test_nothing_starts_directly_without_room_or_out_of_turn() -> None:
    gate = Gate()
    async with a_place(gate) as place:
        starts = [is_running(await place.submit()) for _ in range(QUICK.slots + 2)]
        assert starts == [True] * QUICK.slots + [False] * 2
        gate.open.set()


async def test_nothing_starts_directly_where_a_claim_would_be_refused() -> None:
    async with a_place(config=evolve(SLOW_TO_POLL, capped=True)) as capped:
        assert not is_running(await capped.submit())
    async with a_place(resting=lambda: [DEFAULT_ENGINE]) as resting:
        assert not is_running(await resting.submit())
    assert not is_running(await resting.submit())  # its worker has stopped


async def test_the_datasets_held_for_direct_starts_are_bounded() -> None:
    gate = Gate()
    large = b" " * (MOST_HELD_BYTES // 2)
    async with a_place(gate, evolve(SLOW_TO_POLL, slots=4)) as place:
        assert [is_running(await place.submit(large)) for _ in range(3)] == [True, True, False]
        gate.open.set()


async def test_a_stopping_worker_releases_a_direct_start() -> None:
    gate = Gate()
    async with a_place(gate) as place:
        accepted = await place.submit()
    assert await now(place.store, accepted.report.execution.submission.id) == Pending(
        accepted.report.execution.submission, attempts=0
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["submit", "queue", "open", "pause"]), min_size=4, max_size=16), st.integers(1, 3))
async def test_a_direct_start_overtakes_nothing(acts: list[str], slots: int) -> None:
    gate = Gate()
    async with a_place(gate, evolve(SLOW_TO_POLL, slots=slots, max_prefetch=2)) as place:
        for act in acts:
            match act:
                case "queue":  # by another process, whose notification arrives
                    await submitted(place.store, 1, name=str(uuid7()))
                case "open":
                    gate.open.set()
                case "pause":
                    gate.open.clear()
                case _:
                    waiting = await place.store.executions.waiting(99)
                    direct = is_running(await place.submit())
                    assert not (direct and waiting and await place.store.executions.waiting(99) >= waiting)
            await asyncio.sleep(0)
        gate.open.set()
        await eventually_sees(lambda: _all_ended(place.store))


async def _all_ended(store: MemoryStore) -> bool:
    executions = await store.executions.page(ExecutionFilter(), None, 99)
    return all(isinstance(one, Succeeded) for one in executions)


@pytest.mark.parametrize("is_quick", [True, False], ids=["quick", "slow"])
async def test_a_submission_during_a_look_at_the_queue_waits_for_it_unless_it_takes_long(is_quick: bool) -> None:
    may_look, looking = asyncio.Event(), asyncio.Event()
    may_look.set()

    async def claim(queue: MemoryQueue, *arguments: Any) -> Any:
        looking.set()
        await may_look.wait()
        return await queue.claim(*arguments)

    async with a_place(claim=claim) as place:
        may_look.clear()
        looking.clear()
        place.worker.wake.set()
        await asyncio.wait_for(looking.wait(), 5)
        submitting = asyncio.create_task(place.submit())
        await asyncio.sleep(0)
        if is_quick:
            may_look.set()
        assert is_running(await submitting) == is_quick
        may_look.set()


async def test_nothing_starts_directly_behind_a_long_run_in_the_only_slot() -> None:
    """Until a run turns out to be long, executions are taken for short ones, as the runs before it were."""
    gate = Gate()
    gate.open.set()
    config = evolve(SLOW_TO_POLL, slots=1)
    async with a_place(gate, config, clock=asyncio.get_running_loop().time) as place:
        await place.read(await place.submit())
        gate.open.clear()
        assert [is_running(await place.submit()) for _ in range(2)] == [True, True]
        await asyncio.sleep(config.prefetch_seconds)
        left_to_others = await place.submit()
        assert not is_running(left_to_others)
        gate.open.set()
        assert isinstance((await place.read(left_to_others)).execution, Succeeded)
        assert is_running(await place.submit())


def test_short_runs_of_many_clients_start_directly_even_after_a_backlog() -> None:
    """32 clients, each of which waits for its last execution: all but the first few find room and an empty queue."""

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        await asyncio.sleep(0.002)
        return Success(a_run())

    async def claim(queue: MemoryQueue, *arguments: Any) -> Any:
        await asyncio.sleep(0.0015)
        return await queue.claim(*arguments)

    async def work() -> list[bool]:
        clock = asyncio.get_running_loop().time
        direct: list[bool] = []
        async with a_place(run, evolve(SLOW_TO_POLL, poll_seconds=0.1), clock=clock, claim=claim) as place:

            async def submit_and_wait() -> None:
                for _ in range(20):
                    accepted = await place.submit()
                    direct.append(is_running(accepted))
                    await place.read(accepted)

            await asyncio.gather(*(submit_and_wait() for _ in range(32)))
        return direct

    direct = virtual_time.run(work())
    assert sum(direct) > 0.9 * len(direct)

"""The worker: every claimed execution ends or is released, whatever the sandbox, the database or the operator do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest
from attrs import define, evolve, field
from returns.result import Failure, Result, Success

from adapters.memory.queue import MemoryQueue
from adapters.memory.store import MemoryStore
from adapters.system import uuid7
from application.log_context import LogContextFilter
from application.ports.errors import Unavailable
from application.ports.executions import NewExecution
from application.ports.queue import Claimed, Completion, Queue, Release
from application.ports.sandbox import EngineMissing, RunFailure, SandboxLost, SandboxUnavailable
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.worker import Worker
from domain.body import Body
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import Claim, Execution, Failed, Pending, Running, State, state_of
from domain.outcome import ErrorKind, Run
from domain.transitions import start
from domain.versions import ScriptVersion
from tests.support.queues import WithoutReplays
from tests.support.values import a_body, a_failure, a_pending, a_run, a_script, an_id
from tests.support.virtual_time import virtual_now
from tests.support.waiting import eventually_sees

QUICK = WorkerConfig(
    worker="one",
    slots=2,
    max_attempts=3,
    renew_seconds=0.01,
    reclaim_seconds=0.01,
    grace_seconds=20,
    poll_seconds=5,
    retry_seconds=0.01,
)
RunOne: TypeAlias = Callable[[Claimed], Awaitable[Result[Run, RunFailure]]]


async def succeed(claimed: Claimed) -> Result[Run, RunFailure]:
    return Success(a_run())


async def never_end(claimed: Claimed) -> Result[Run, RunFailure]:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def submitted(
    store: MemoryStore,
    count: int,
    dataset: Body | None = None,
    name: str = "corporate-cards",
    engine: EngineName = DEFAULT_ENGINE,
) -> list[UUID]:
    script, version = a_script(name, engine=engine)
    await store.scripts.add(script, version)
    pending = [a_pending(version) for _ in range(count)]
    for one in pending:
        await store.executions.add(NewExecution(one, dataset or a_body()))
    return [one.submission.id for one in pending]


async def now(store: MemoryStore, execution_id: UUID) -> Execution:
    report = await store.executions.report(execution_id, 100)
    assert report is not None
    return report.execution


async def until(store: MemoryStore, execution_ids: Sequence[UUID], state: State) -> list[Execution]:
    async def there() -> list[Execution]:
        executions = [await now(store, one) for one in execution_ids]
        return executions if all(state_of(one) is state for one in executions) else []

    return await eventually_sees(there)


@asynccontextmanager
async def working(
    queue: Queue, run: RunOne, policy: WorkerConfig = QUICK, resting_engines: Callable[[], Collection[str]] = tuple
) -> AsyncIterator[Worker]:
    clock = asyncio.get_running_loop().time
    ports = WorkerPorts(queue=queue, run_script=run, new_id=uuid7, monotonic=clock, resting_engines=resting_engines)
    worker = Worker(ports, policy)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(task, 5)


async def test_all_that_waits_is_run_and_ended(store: MemoryStore) -> None:
    ids = await submitted(store, 7)
    async with working(store.queue, succeed):
        executions = await until(store, ids, State.SUCCEEDED)
    assert {one.attempt for one in executions if not isinstance(one, Pending)} == {1}


async def test_a_script_that_fails_is_ended_too(store: MemoryStore) -> None:
    async def fail(claimed: Claimed) -> Result[Run, RunFailure]:
        return Success(a_run(a_failure("boom")))

    ids = await submitted(store, 1)
    async with working(store.queue, fail):
        (failed,) = await until(store, ids, State.FAILED)
    assert isinstance(failed, Failed)
    assert failed.error.message == "boom"


async def test_concurrent_runs_never_exceed_the_slots(store: MemoryStore) -> None:
    running = most = 0

    async def count(claimed: Claimed) -> Result[Run, RunFailure]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Success(a_run())

    ids = await submitted(store, 20)
    async with working(store.queue, count):
        await until(store, ids, State.SUCCEEDED)
    assert most == 2


async def test_the_end_of_a_run_makes_room_for_the_next_of_a_capped_script() -> None:
    store = MemoryStore(virtual_now, timedelta(minutes=1), script_runs=1)
    ids = await submitted(store, 4)
    async with working(store.queue, succeed, evolve(QUICK, capped=True)):  # by polling alone it would take 15 s
        await until(store, ids, State.SUCCEEDED)


async def test_a_wake_up_is_noticed_and_without_one_the_worker_polls(store: MemoryStore) -> None:
    async with working(store.queue, succeed) as worker:
        ids = await submitted(store, 1)
        worker.wake.set()
        await until(store, ids, State.SUCCEEDED)
    async with working(store.queue, succeed, evolve(QUICK, poll_seconds=0.01)):
        later = a_pending(await latest(store))
        await store.executions.add(NewExecution(later, a_body()))
        await until(store, [later.submission.id], State.SUCCEEDED)


async def test_a_wake_up_that_comes_during_a_claim_is_not_lost(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, ids = store.queue.claim, list[UUID]()

    async def claim(
        count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
    ) -> Sequence[Claimed]:
        """Claim, and submit work right after the first claim."""
        claimed = await look(count, start, excluded_engines)
        if not ids:
            ids.extend(await submitted(store, 1))
            worker.wake.set()
        return claimed

    async def arrived() -> object:
        return ids

    monkeypatch.setattr(store.queue, "claim", claim)
    async with working(store.queue, succeed, evolve(QUICK, poll_seconds=60)) as worker:
        await eventually_sees(arrived)
        await until(store, ids, State.SUCCEEDED)


async def latest(store: MemoryStore) -> ScriptVersion:
    (script,) = await store.scripts.page(None, 1)
    version = await store.scripts.version(script.id, 1)
    assert version is not None
    return version


async def test_a_lost_sandbox_costs_an_attempt_until_none_is_left(store: MemoryStore) -> None:
    attempts = []

    async def lose(claimed: Claimed) -> Result[Run, RunFailure]:
        attempts.append(claimed.running.attempt)
        return Failure(SandboxLost())

    ids = await submitted(store, 1)
    async with working(store.queue, lose):
        (failed,) = await until(store, ids, State.FAILED)
    assert isinstance(failed, Failed)
    assert failed.error.kind is ErrorKind.WORKER_LOST
    assert attempts == [1, 2, 3]


async def test_a_sandbox_that_cannot_start_costs_no_attempt(store: MemoryStore) -> None:
    attempts = []

    async def start_at_last(claimed: Claimed) -> Result[Run, RunFailure]:
        attempts.append(claimed.running.attempt)
        return Failure(SandboxUnavailable()) if len(attempts) <= 2 * QUICK.max_attempts else Success(a_run())

    ids = await submitted(store, 1)
    async with working(store.queue, start_at_last):
        await until(store, ids, State.SUCCEEDED)
    assert attempts == [1] * (2 * QUICK.max_attempts + 1)


async def test_an_engine_that_the_worker_lacks_ends_the_execution(store: MemoryStore) -> None:
    attempts = []

    async def lack(claimed: Claimed) -> Result[Run, RunFailure]:
        attempts.append(claimed.running.attempt)
        return Failure(EngineMissing())

    ids = await submitted(store, 1)
    async with working(store.queue, lack):
        (failed,) = await until(store, ids, State.FAILED)
    assert isinstance(failed, Failed)
    assert (failed.error.kind, failed.provenance, attempts) == (ErrorKind.ENGINE_UNAVAILABLE, None, [1])


async def test_nothing_is_claimed_for_a_resting_engine_and_others_continue(store: MemoryStore) -> None:
    resting, run = {EngineName.DUKPY}, list[str]()

    async def note(claimed: Claimed) -> Result[Run, RunFailure]:
        run.append(claimed.running.submission.script.engine)
        return Success(a_run())

    ids = {engine: await submitted(store, 5, name=engine.value, engine=engine) for engine in EngineName}
    async with working(store.queue, note, resting_engines=lambda: resting) as worker:
        await until(store, ids[EngineName.QUICKJS_NG], State.SUCCEEDED)
        assert set(run) == {EngineName.QUICKJS_NG}
        assert {state_of(await now(store, one)) for one in ids[EngineName.DUKPY]} == {State.PENDING}
        resting.clear()
        worker.wake.set()
        await until(store, ids[EngineName.DUKPY], State.SUCCEEDED)


async def test_a_bug_in_a_run_is_logged_and_costs_an_attempt(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail_once(claimed: Claimed) -> Result[Run, RunFailure]:
        if claimed.running.attempt == 1:
            raise ValueError("a bug")
        return Success(a_run())

    ids = await submitted(store, 1)
    async with working(store.queue, fail_once):
        await until(store, ids, State.SUCCEEDED)
    assert "a bug" in caplog.text
    assert str(ids[0]) in caplog.text


async def test_stopping_waits_for_runs_within_the_grace_time(store: MemoryStore) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        begun.set()
        await may_end.wait()
        return Success(a_run())

    ids = await submitted(store, 3)
    async with working(store.queue, run, evolve(QUICK, slots=1)) as worker:
        await begun.wait()
        worker.stop()
        may_end.set()
    assert [state_of(await now(store, one)) for one in ids] == [State.SUCCEEDED, State.PENDING, State.PENDING]


async def test_stopping_releases_unfinished_runs_without_the_cost_of_an_attempt(store: MemoryStore) -> None:
    ids = await submitted(store, 1)
    async with working(store.queue, never_end, evolve(QUICK, grace_seconds=0.01)):
        await until(store, ids, State.RUNNING)
    given_back = await now(store, ids[0])
    assert isinstance(given_back, Pending)
    assert given_back.attempts == 0


async def test_a_run_whose_claim_was_lost_is_ended_and_the_slot_is_free_again(store: MemoryStore) -> None:
    ids = await submitted(store, 1)
    first = True

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        nonlocal first
        if first:
            first = False
            await take_away(store, claimed.running)
            await never_end(claimed)
        return Success(a_run())

    async with working(store.queue, run, evolve(QUICK, slots=1, poll_seconds=0.05)):
        await until(store, ids, State.SUCCEEDED)


async def take_away(store: MemoryStore, running: Running) -> None:
    await store.queue.release([Release(running.claim.id, Pending(running.submission))])


async def test_an_expired_lease_of_another_worker_is_reclaimed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryStore(virtual_now, lease=timedelta(seconds=0.05))
    ids = await submitted(store, 1)
    await store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "dead"), at))
    async with working(store.queue, succeed, evolve(QUICK, poll_seconds=0.01)):
        (again,) = await until(store, ids, State.SUCCEEDED)
    assert not isinstance(again, Pending)
    assert again.attempt == 2
    assert "lost worker" in caplog.text


async def test_a_late_completion_is_logged_and_counted(store: MemoryStore, caplog: pytest.LogCaptureFixture) -> None:
    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        if caplog.text.count("discarded stale result") < 2:
            await take_away(store, claimed.running)
        return Success(a_run())

    ids = await submitted(store, 1)
    async with working(store.queue, run, evolve(QUICK, renew_seconds=5, poll_seconds=0.01)) as worker:
        await until(store, ids, State.SUCCEEDED)
    assert "(2 so far)" in caplog.text
    assert worker.stale == 2


@define
class Flaky(WithoutReplays):
    """A queue whose every operation is unavailable the first time."""

    queue: MemoryQueue
    seen: set[str] = field(factory=set)

    def _once(self, name: str) -> None:
        if name not in self.seen:
            self.seen.add(name)
            raise Unavailable("no database")

    async def claim(
        self, count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
    ) -> Sequence[Claimed]:
        self._once("claim")
        return await self.queue.claim(count, start, excluded_engines)

    async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
        self._once("finish")
        return await self.queue.finish(endings)

    async def release(self, returns: Sequence[Release]) -> frozenset[UUID]:
        self._once("release")
        return await self.queue.release(returns)

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        self._once("renew")
        return await self.queue.renew(held)

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        self._once("reclaim")
        return await self.queue.reclaim(count, lose)


async def test_outages_delay_the_work_and_lose_nothing(store: MemoryStore) -> None:
    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        return Success(a_run()) if claimed.running.attempt > 1 else Failure(SandboxLost())

    ids = await submitted(store, 5)
    flaky = Flaky(store.queue)
    async with working(flaky, run):
        await until(store, ids, State.SUCCEEDED)
    assert flaky.seen == {"claim", "finish", "release", "renew", "reclaim"}


async def test_a_bug_in_a_claim_is_logged_and_neither_ends_the_worker_nor_its_runs(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    claims, begun, may_end = 0, asyncio.Event(), asyncio.Event()

    class Buggy(Flaky):
        def _once(self, name: str) -> None:
            nonlocal claims
            if name == "claim":
                claims += 1
                if claims == 2:
                    may_end.set()
                    raise ValueError("a bug")

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        begun.set()
        await may_end.wait()
        return Success(a_run())

    ids = await submitted(store, 1)
    async with working(Buggy(store.queue), run) as worker:
        await begun.wait()
        ids += await submitted(store, 1, name="another")
        worker.wake.set()
        executions = await until(store, ids, State.SUCCEEDED)
    assert {one.attempt for one in executions if not isinstance(one, Pending)} == {1}
    assert ("claim_executions failed" in caplog.text, "a bug" in caplog.text) == (True, True)


async def test_it_counts_as_seen_after_the_queue_s_answer_and_for_a_limited_time(store: MemoryStore) -> None:
    class Deaf(Flaky):
        def _once(self, name: str) -> None:
            if name == "renew":
                self.seen.add(name)
                raise Unavailable("no database")

    deaf = Deaf(store.queue)
    async with working(deaf, succeed) as unheard:
        await eventually_sees(lambda: is_true("renew" in deaf.seen))
        assert not unheard.seen(3600)
    async with working(store.queue, succeed) as worker:
        await eventually_sees(lambda: is_true(worker.seen(3600)))
        assert not worker.seen(0)


async def is_true(what: bool) -> bool:
    return what


async def test_a_completion_that_the_store_rejects_affects_no_other_and_its_execution_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.addFilter(LogContextFilter())
    store = MemoryStore(virtual_now, lease=timedelta(seconds=0.05))
    ids = await submitted(store, 4)

    class Choosy(Flaky):
        def _once(self, name: str) -> None: ...

        async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
            if any(one.execution.submission.id == ids[1] and one.execution.attempt < 3 for one in endings):
                raise ValueError("cannot be stored")
            return await self.queue.finish(endings)

    all_claimed = asyncio.Barrier(4)

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        if claimed.running.attempt == 1:
            await all_claimed.wait()
        return Success(a_run())

    async with working(Choosy(store.queue), run, evolve(QUICK, slots=4, poll_seconds=0.01)):
        executions = await until(store, ids, State.SUCCEEDED)
    assert [one.attempt for one in executions if not isinstance(one, Pending)] == [1, 3, 1, 1]
    assert "cannot be stored" in caplog.text
    rejected = [one for one in caplog.records if one.getMessage().startswith("cannot settle claim ")]
    claim_ids = {vars(one)["claim_id"] for one in rejected}
    assert {one.getMessage() for one in rejected} == {
        f"cannot settle claim {claim_id}; leaving its lease to expire" for claim_id in claim_ids
    }
    assert claim_ids


async def test_stopping_without_a_database_ends_after_the_grace_time(store: MemoryStore) -> None:
    class Away(Flaky):
        def _once(self, name: str) -> None:
            if name in {"finish", "release"}:
                raise Unavailable("no database")

    ids = await submitted(store, 1)
    begun = asyncio.Event()

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        begun.set()
        return Success(a_run())

    async with working(Away(store.queue), run, evolve(QUICK, grace_seconds=0.01)):
        await begun.wait()
    assert state_of(await now(store, ids[0])) is State.RUNNING

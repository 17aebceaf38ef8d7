"""Submissions under a key: the first makes an execution, the others return it, and refusals leave the key free."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from attrs import define, evolve
from returns.result import Failure, Result

from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.read import UnknownExecution
from application.executions.submission import Submit
from application.executions.submit import Accepted, SubmissionRefused
from application.executions.submit import submit as submit_execution
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.maintenance.purge_idempotency_keys import BATCH, purge_idempotency_keys
from application.ports.bodies import MalformedJson
from application.ports.errors import Conflict, QueueFull, Unavailable
from application.ports.executions import IdempotencyKeys, NewExecution
from application.scripts.read import UnknownScript
from domain.execution import Pending
from domain.idempotency import IdempotencyKey, KeyRecord, KeyReused, RequestFingerprint
from domain.script import ScriptArchived, ScriptName, archive
from tests.application.conftest import PlainBodies
from tests.application.test_executions import NAME, end, ports_of
from tests.application.test_executions import hosted as hosted
from tests.support.postgres import in_background
from tests.support.values import NOON, a_script
from tests.support.waiting import eventually_sees

BODIES = PlainBodies()
KEY = IdempotencyKey("a key")
Answer = Result[Accepted, SubmissionRefused]


async def submit(
    store: MemoryStore,
    dataset: bytes = b"[1]",
    version: int | None = None,
    depth: int = 0,
    name: ScriptName = NAME,
    keys: IdempotencyKeys | None = None,
) -> Answer:
    ports = ports_of(store, depth)
    return await submit_execution(
        evolve(ports, idempotency_keys=keys or store.keys),
        Submit(script=name, dataset=dataset, version=version, idempotency_key=KEY),
    )


async def test_the_first_is_fresh_and_the_others_are_the_same(hosted: MemoryStore) -> None:
    first = (await submit(hosted)).unwrap()
    again = (await submit(hosted)).unwrap()
    assert isinstance(first.report.execution, Pending)
    assert (again.report, first.repeated, again.repeated) == (first.report, False, True)
    assert await hosted.executions.waiting(9) == 1


async def test_a_finished_execution_is_replayed(hosted: MemoryStore) -> None:
    await submit(hosted)
    ended = await end(hosted)
    again = (await submit(hosted)).unwrap()
    assert (again.report.execution, again.repeated) == (ended, True)


async def test_another_request_under_the_key_is_refused(hosted: MemoryStore) -> None:
    await submit(hosted)
    for other in (submit(hosted, b"[2]"), submit(hosted, version=1)):
        assert await other == Failure(KeyReused(KEY))
    assert await submit(hosted, b"") == Failure(MalformedJson("nothing is there", 0))
    nobody = ScriptName("nobody")
    assert await submit(hosted, name=nobody) == Failure(UnknownScript(nobody))


async def test_a_refusal_leaves_the_key_free_and_an_accepted_execution_is_replayed_nonetheless(
    hosted: MemoryStore,
) -> None:
    script = await hosted.scripts.find(NAME)
    assert script is not None
    assert await submit(hosted, b"") == Failure(MalformedJson("nothing is there", 0))
    await hosted.scripts.set_archived_at(archive(script, NOON))
    assert await submit(hosted) == Failure(ScriptArchived(NAME))
    await hosted.scripts.set_archived_at(script)
    first = (await submit(hosted, b"[3]", depth=1)).unwrap()
    await hosted.scripts.set_archived_at(archive(script, NOON))
    assert (await submit(hosted, b"[3]", depth=1)).unwrap() == Accepted(first.report, repeated=True)


async def test_a_full_queue_refuses_new_keys_and_replays_known_ones(hosted: MemoryStore) -> None:
    (await submit_execution(ports_of(hosted), Submit(script=NAME, dataset=b"[1]"))).unwrap()
    assert await submit(hosted, depth=1) == Failure(QueueFull(5))
    first = (await submit(hosted, depth=2)).unwrap()
    assert (await submit(hosted, depth=1)).unwrap() == Accepted(first.report, repeated=True)


@define
class Overtaken:
    """The keys, where something happens between the look and the write."""

    keys: IdempotencyKeys
    meanwhile: Callable[[], Awaitable[object]]

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        found = await self.keys.find(key)
        await self.meanwhile()
        return found

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        return await self.keys.add(new, request)

    async def forget_expired(self, count: int) -> int:
        return await self.keys.forget_expired(count)


async def test_a_request_overtaken_by_an_equal_one_returns_its_execution(hosted: MemoryStore) -> None:
    faster: list[Answer] = []

    async def overtake() -> None:
        faster.append(await submit(hosted))

    slower = (await submit(hosted, keys=Overtaken(hosted.keys, overtake))).unwrap()
    assert slower == Accepted(faster[0].unwrap().report, repeated=True)
    assert await hosted.executions.waiting(9) == 1


async def test_a_request_overtaken_by_another_one_is_refused(hosted: MemoryStore) -> None:
    overtaken = Overtaken(hosted.keys, lambda: submit(hosted, b"[2]"))
    assert await submit(hosted, keys=overtaken) == Failure(KeyReused(KEY))
    assert await hosted.executions.waiting(9) == 1


async def test_an_execution_that_was_deleted_meanwhile_is_unknown(hosted: MemoryStore) -> None:
    elsewhere = MemoryStore(utc_now, timedelta(minutes=1))
    script, version = await hosted.scripts.find(NAME), a_script()[1]
    assert script is not None
    (await elsewhere.scripts.add(script, evolve(version, script_id=script.id))).unwrap()
    first = (await submit(hosted, keys=elsewhere.keys)).unwrap()
    gone = UnknownExecution(first.report.execution.submission.id)
    assert await submit(hosted, keys=elsewhere.keys) == Failure(gone)


@define
class Forgetting:
    """Answers each call with the next of these; then nothing is left."""

    answers: list[int | None]
    asked: int = 0

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        raise AssertionError("nobody looks")

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        raise AssertionError("nobody adds")

    async def forget_expired(self, count: int) -> int:
        assert count == BATCH
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else 0
        if answer is None:
            raise Unavailable("down")
        return answer


async def test_a_submission_without_a_key_looks_for_none(hosted: MemoryStore) -> None:
    ports = evolve(ports_of(hosted), idempotency_keys=Forgetting([]))
    accepted = (await submit_execution(ports, Submit(script=NAME, dataset=b"[1]"))).unwrap()
    assert isinstance(accepted.report.execution, Pending)


async def test_expired_keys_are_removed_batch_after_batch_then_after_a_while_and_through_an_outage() -> None:
    often, seldom = Forgetting([BATCH, None, BATCH, 3]), Forgetting([BATCH, BATCH, 3, 3])

    async def over() -> bool:
        return often.asked > 6 and seldom.asked >= 3

    def purging(keys: Forgetting, seconds: float) -> Coroutine[Any, Any, None]:
        step = partial(purge_idempotency_keys, keys)
        return periodic(BackgroundTask.PURGE_IDEMPOTENCY_KEYS, seconds, step, TaskMonitor())

    async with in_background(purging(often, 0.001)), in_background(purging(seldom, 3600)):
        await eventually_sees(over)
    assert seldom.asked == 3

"""Submitting a dataset, and reading the execution."""

import asyncio
from datetime import timedelta

import pytest
from returns.result import Failure, Result

from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.read import (
    ContentRemoved,
    HasFailed,
    UnknownExecution,
    read_dataset,
    read_execution,
    read_result,
)
from application.executions.remove_content import remove_content
from application.executions.submission import Submit
from application.executions.submit import SubmissionRefused, SubmitPorts
from application.executions.submit import submit as submit_execution
from application.ports.bodies import MalformedJson
from application.ports.errors import QueueFull
from application.ports.executions import ExecutionDetails
from application.ports.queue import Completion
from application.scripts.known import KnownScripts
from application.scripts.read import UnknownScript, UnknownVersion
from domain.body import digest
from domain.execution import Claim, Execution, Failed, Finished, NotFinished, Pending, Succeeded
from domain.outcome import Outcome, Produced
from domain.queue_state import QueuePlace, WaitReason
from domain.script import ScriptArchived, ScriptName, archive
from domain.transitions import finish, start
from tests.application.conftest import ROUNDED, PlainBodies
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_run, a_script, an_id
from tests.support.waiting import eventually_sees

NAME = ScriptName("corporate-cards")
BODIES = PlainBodies()


def ports_of(store: MemoryStore, depth: int = 0) -> SubmitPorts:
    return SubmitPorts(
        known_scripts=KnownScripts(store.scripts),
        executions=store.executions,
        idempotency_keys=store.keys,
        admission=Admission(store.executions.waiting, depth, lambda: 0),
        bodies=BODIES,
        clock=utc_now,
        new_id=uuid7,
        inline_result_bytes=100,
    )


async def submit(
    store: MemoryStore, dataset: bytes = b"[1]", version: int | None = None, depth: int = 0
) -> Result[Execution, SubmissionRefused]:
    accepted = await submit_execution(ports_of(store, depth), Submit(script=NAME, dataset=dataset, version=version))
    return accepted.map(lambda one: one.report.execution)


@pytest.fixture
async def hosted(store: MemoryStore) -> MemoryStore:
    script, version = a_script()
    await store.scripts.add(script, version)
    return store


async def end(store: MemoryStore, outcome: Outcome | None = None) -> Finished:
    (claimed,) = await store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
    run = a_run(outcome)
    result = run.outcome.result if isinstance(run.outcome, Produced) else None
    ended = finish(claimed.running, run, timedelta(seconds=1))
    await store.queue.finish([Completion(claimed.running.claim.id, ended, run.logs, result)])
    return ended


async def read(store: MemoryStore, pending: Execution, **waiting: float) -> ExecutionDetails:
    found = await read_execution(
        store.executions, store.endings, execution_id=pending.submission.id, result_up_to=100, **waiting
    )
    return found.unwrap()


async def test_a_submission_is_pending_and_its_dataset_is_stored(hosted: MemoryStore) -> None:
    pending = (await submit(hosted, b'{"a": 1}')).unwrap()
    assert (await read(hosted, pending)).execution == pending
    dataset = (await read_dataset(hosted.executions, pending.submission.id)).unwrap()
    assert (dataset.digest, await whole((await dataset.fetch()).unwrap())) == (digest(b'{"a": 1}'), a_body(b'{"a": 1}'))


async def test_only_a_pending_execution_has_a_place_in_the_queue(hosted: MemoryStore) -> None:
    first, second = [(await submit(hosted)).unwrap() for _ in range(2)]
    assert (await read(hosted, second)).queue == QueuePlace(1, WaitReason.NO_WORKERS)
    await end(hosted)
    assert (await read(hosted, first)).queue is None
    assert (await read(hosted, second)).queue == QueuePlace(0, WaitReason.NO_WORKERS)


async def test_numbers_that_lose_precision_are_warned_about_from_the_start(hosted: MemoryStore) -> None:
    pending = [(await submit(hosted, dataset)).unwrap() for dataset in (b"[9]", b"[1]")]
    assert [one.submission.warnings for one in pending] == [ROUNDED, ()]
    assert (await read(hosted, pending[0])).execution == pending[0]


async def test_an_invalid_submission_is_refused_and_not_stored(hosted: MemoryStore) -> None:
    script = await hosted.scripts.find(NAME)
    assert script is not None
    assert (await submit(hosted, version=2)).failure() == UnknownVersion(script, 2)
    assert (await submit(hosted, b"")).failure() == MalformedJson("nothing is there", 0)
    await hosted.scripts.set_archived_at(archive(script, NOON))
    assert (await submit(hosted)).failure() == ScriptArchived(NAME)
    assert await hosted.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at)) == []


async def test_a_full_queue_refuses_submissions_and_keeps_its_executions(hosted: MemoryStore) -> None:
    kept = [(await submit(hosted, depth=2)).unwrap() for _ in range(2)]
    assert (await submit(hosted, depth=2)).failure() == QueueFull(5)
    assert (await submit(hosted, b"", depth=2)).failure() == QueueFull(5)
    assert [(await read(hosted, one)).execution for one in kept] == kept
    await end(hosted)
    assert isinstance((await submit(hosted, depth=2)).unwrap(), Pending)


async def test_a_submission_for_no_script_is_refused(store: MemoryStore) -> None:
    assert (await submit(store)).failure() == UnknownScript(NAME)


async def test_an_execution_that_was_never_submitted_is_unknown(store: MemoryStore) -> None:
    unknown = UnknownExecution(an_id())
    reading = read_execution(store.executions, store.endings, execution_id=unknown.id, result_up_to=1, wait_seconds=9)
    assert (await reading).failure() == unknown
    assert (await read_dataset(store.executions, unknown.id)).failure() == unknown
    assert (await read_result(store.executions, unknown.id)).failure() == unknown


async def test_a_result_is_there_when_the_execution_has_succeeded(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    assert isinstance(pending, Pending)
    execution_id = pending.submission.id
    assert (await read_result(hosted.executions, execution_id)).failure() == NotFinished(pending)
    assert isinstance(await end(hosted), Succeeded)
    result = (await read_result(hosted.executions, execution_id)).unwrap()
    assert (result.digest, await whole((await result.fetch()).unwrap())) == (digest(b"[2]"), a_body(b"[2]"))


async def test_a_failed_execution_has_no_result(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    failed = await end(hosted, a_failure())
    assert isinstance(failed, Failed)
    assert (await read_result(hosted.executions, pending.submission.id)).failure() == HasFailed(failed)


async def test_content_removed_before_it_is_fetched_is_reported_as_removed(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    await end(hosted)
    execution_id = pending.submission.id
    result = (await read_result(hosted.executions, execution_id)).unwrap()
    dataset = (await read_dataset(hosted.executions, execution_id)).unwrap()
    await remove_content(hosted.executions, utc_now, execution_id)
    assert await result.fetch() == await dataset.fetch() == Failure(ContentRemoved(execution_id))


async def test_a_waiting_reader_is_answered_when_it_ends(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    waiting = asyncio.create_task(read(hosted, pending, wait_seconds=30))
    await until_watched(hosted)
    ended = await end(hosted)
    assert (await asyncio.wait_for(waiting, 5)).execution == ended
    assert hosted.endings.watched() == frozenset()


async def test_a_reader_of_an_ended_execution_does_not_wait(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    ended = await end(hosted)
    assert (await asyncio.wait_for(read(hosted, pending, wait_seconds=30), 5)).execution == ended


@pytest.mark.parametrize("seconds", [None, 0, 0.01, 1, 30])
async def test_a_reader_waits_exactly_as_long_as_requested(hosted: MemoryStore, seconds: float | None) -> None:
    pending = (await submit(hosted)).unwrap()
    clock = asyncio.get_running_loop().time
    began = clock()
    waiting = {} if seconds is None else {"wait_seconds": seconds}
    assert (await read(hosted, pending, **waiting)).execution == pending
    assert clock() - began == pytest.approx(seconds or 0)


async def test_no_reader_waits_on_a_process_that_stops(hosted: MemoryStore) -> None:
    pending = (await submit(hosted)).unwrap()
    waiting = [asyncio.create_task(read(hosted, pending, wait_seconds=30)) for _ in range(2)]
    await until_watched(hosted)
    hosted.endings.shut_down()
    waiting.append(asyncio.create_task(read(hosted, pending, wait_seconds=30)))
    reports = await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert [one.execution for one in reports] == [pending] * 3


async def until_watched(store: MemoryStore) -> None:
    async def watched() -> object:
        return store.endings.watched()

    await eventually_sees(watched)

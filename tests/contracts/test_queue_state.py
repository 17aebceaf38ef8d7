"""The contract of every store for the state of the queue."""

import pytest
from attrs import evolve

from application.ports.executions import NewExecution
from domain.queue_state import ScriptQueue
from domain.script import ScriptName
from tests.contracts.conftest import OpenStore
from tests.contracts.test_executions import a_version, claim, ending
from tests.support.values import a_body, a_pending

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres", "postgres, hostile, sealed"], indirect=True)


async def test_an_empty_queue_has_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        found = await store.queue_state()
    assert (found.waiting, found.running, found.oldest_wait_seconds, found.scripts) == (0, 0, None, [])


async def test_executions_wait_and_run_by_script_replays_apart(open_store: OpenStore) -> None:
    async with open_store() as store:
        quiet, busy = [await a_version(store, name) for name in ("quiet", "busy")]
        for version, name in ((quiet, "quiet"), (busy, "busy"), (busy, "busy"), (busy, "busy")):
            await store.executions.add(NewExecution(a_pending(version, name), a_body()))
        first, second = await claim(store.queue, 2)
        ended = first if first.running.submission.script.id == quiet.script_id else second
        await store.queue.finish([ending(ended)])
        replay = a_pending(busy)
        replay = evolve(replay, submission=evolve(replay.submission, replay_of=ended.running.submission.id))
        await store.executions.add(NewExecution(replay, a_body()))
        found = await store.queue_state()
    assert (found.waiting, found.running) == (2, 1)
    assert found.oldest_wait_seconds is not None
    assert found.oldest_wait_seconds >= 0
    assert found.scripts == [ScriptQueue(busy.script_id, ScriptName("busy"), waiting=2, running=1)]

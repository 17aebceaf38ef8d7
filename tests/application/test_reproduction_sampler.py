"""The sampler reproduces one in n executions in the background, over a store whose content a test may alter."""

import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import evolve

from adapters.json.bodies import JsonBodies
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.executions.admission import Admission
from application.executions.reproduce import Reproduce, ReproductionPorts
from application.executions.use_cases import ReproductionUseCases
from application.ports.encryption import DecryptionFailed
from application.ports.errors import Unavailable
from application.ports.executions import ExecutionDetails, NewExecution
from application.ports.operations import CheckFailed, Readiness
from application.ports.queue import Completion
from application.scripts.known import KnownScripts
from application.worker.reproduction_sampler import (
    MOST_QUEUED,
    MOST_UNDER_WAY,
    ReproductionAlarm,
    ReproductionSampler,
    SampleOutcome,
    with_reproductions,
)
from domain.body import digest
from domain.execution import Claim, Finished, Pending, Running, Succeeded
from domain.outcome import Logs, Produced
from domain.transitions import cancel, finish, start
from tests.support.values import ENGINE, a_body, a_failure, a_pending, a_run, a_script, an_id

pytestmark = pytest.mark.anyio
TWO: Final = b"[2]"


def _starting(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(an_id(), "w"), at)


class Sampled:
    """A store, its sampler, and an engine double that gives a chosen result."""

    def __init__(self, every: int = 1) -> None:
        self.store = MemoryStore(utc_now, timedelta(minutes=1))
        self.outcomes: list[SampleOutcome] = []
        self.alarm = ReproductionAlarm()
        ports = ReproductionPorts(
            known_scripts=KnownScripts(self.store.scripts),
            executions=self.store.executions,
            completions=self.store.endings,
            replay_admission=Admission(self.store.executions.waiting, 0, monotonic),
            bodies=JsonBodies(),
            clock=utc_now,
            new_id=uuid7,
            installed_engine=lambda name: ENGINE,
        )
        self.ports = ports
        self.use_cases = ReproductionUseCases(ports)
        self.sampler = ReproductionSampler(self.use_cases, every, self.outcomes.append, self.alarm)
        self.script, self.version = a_script()

    async def submit(self) -> Pending:
        if not await self.store.scripts.page(None, 1):
            (await self.store.scripts.add(self.script, self.version)).unwrap()
        pending = a_pending(self.version)
        (await self.store.executions.add(NewExecution(pending, a_body()))).unwrap()
        return pending

    async def run(self, result: bytes = TWO, fails: bool = False) -> Finished:
        """Run the next execution to that end, and offer it to the sampler as a worker does."""
        queue = self.store.queue
        (claimed,) = await queue.claim(1, _starting) or await queue.claim_replays(1, _starting)
        body = None if fails else a_body(result)
        run = a_run(a_failure() if body is None else Produced(body))
        finished = finish(claimed.running, run, timedelta())
        await self.store.queue.finish([Completion(claimed.running.claim.id, finished, Logs(), body)])
        self.sampler.offer(finished)
        return finished

    def alter(self, execution_id: UUID, **changes: Any) -> None:
        rows = self.store.executions._kept
        rows[execution_id] = evolve(rows[execution_id], **changes)

    async def replays(self) -> list[Any]:
        return [one for one in self._all() if one.submission.replay_of is not None]

    def _all(self) -> list[Any]:
        return [row.execution for row in self.store.executions._kept.values()]


async def test_one_in_n_successes_is_reproduced_and_neither_failures_nor_replays_count() -> None:
    sampled = Sampled(every=3)
    for n in range(12):
        await sampled.submit()
        await sampled.run(fails=n % 2 == 0)
    await sampled.sampler.step()
    assert len(await sampled.replays()) == 2
    for _ in range(2):
        await sampled.run()
    await sampled.sampler.step()
    await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.SAME] * 2
    assert len(await sampled.replays()) == 2


async def test_an_equal_replay_loses_its_content_and_keeps_its_record() -> None:
    sampled = Sampled()
    original = await sampled.submit()
    await sampled.run()
    await sampled.sampler.step()
    await sampled.run()
    await sampled.sampler.step()
    (replay,) = await sampled.replays()
    assert replay.submission.replay_of == original.submission.id
    assert replay.content_removed_at is not None
    assert await sampled.store.executions.dataset(replay.submission.id) is None
    assert await sampled.store.executions.dataset(original.submission.id) is not None
    assert (sampled.alarm.trouble, sampled.outcomes) == ("", [SampleOutcome.SAME])


async def test_another_result_is_an_alarm_without_content_and_the_replay_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sampled = Sampled()
    original = await sampled.submit()
    await sampled.run(b'"a secret"')
    await sampled.sampler.step()
    await sampled.run(b'"another secret"')
    await sampled.sampler.step()
    (replay,) = await sampled.replays()
    assert (sampled.outcomes, replay.content_removed_at) == ([SampleOutcome.DIFFERENT], None)
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert str(original.submission.id) in line.getMessage()
    assert str(replay.submission.id) in line.getMessage()
    assert "secret" not in caplog.text
    assert ": 1; the log names them" in sampled.alarm.trouble


@pytest.mark.parametrize("part", ["dataset", "result"])
async def test_content_that_was_altered_in_the_store_is_an_alarm(part: str) -> None:
    sampled = Sampled()
    original = await sampled.submit()
    await sampled.run()
    recorded = {"dataset": digest(b"[1]"), "result": digest(TWO)}[part]
    sampled.alter(original.submission.id, **{part: evolve(a_body(b"[3]"), digest=recorded)})
    await sampled.sampler.step()
    if part == "result":
        await sampled.run()
    await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.DIFFERENT]
    assert sampled.alarm.differences == 1


async def test_a_sample_that_cannot_be_reproduced_or_proves_nothing_is_impossible() -> None:
    sampled = Sampled()
    original = await sampled.submit()
    succeeded = await sampled.run()
    assert isinstance(succeeded, Succeeded)
    provenance = evolve(succeeded.provenance, engine="an engine 0.9")
    sampled.alter(original.submission.id, execution=evolve(succeeded, provenance=provenance))
    await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.IMPOSSIBLE]
    await sampled.submit()
    await sampled.run()
    await sampled.sampler.step()
    (replay,) = await sampled.replays()
    (await sampled.store.executions.cancel(replay, cancel(replay, utc_now()))).unwrap()
    await sampled.sampler.step()
    assert await sampled.store.executions.dataset(replay.submission.id) is None
    await sampled.submit()
    deleted = await sampled.run()
    await sampled.sampler.step()
    del sampled.store.executions._kept[deleted.submission.id]
    await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.IMPOSSIBLE] * 3
    assert sampled.alarm.trouble == ""


async def test_the_queue_and_the_replays_under_way_are_bounded() -> None:
    sampled = Sampled()
    for _ in range(MOST_QUEUED + 9):
        await sampled.submit()
        await sampled.run()
    await sampled.sampler.step()
    await sampled.sampler.step()
    assert len(await sampled.replays()) == MOST_UNDER_WAY
    for _ in range(MOST_QUEUED):
        await sampled.run()
        await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.SAME] * MOST_QUEUED


async def test_an_outage_skips_an_execution_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    sampled = Sampled()
    for _ in range(2):
        await sampled.submit()
        await sampled.run()

    async def away(*_: object) -> None:
        raise Unavailable("no database")

    with monkeypatch.context() as patched:
        patched.setattr(sampled.store.executions, "add", away)
        with pytest.raises(Unavailable):
            await sampled.sampler.step()
    await sampled.sampler.step()
    assert len(await sampled.replays()) == 1
    with monkeypatch.context() as patched:
        patched.setattr(sampled.store.executions, "report", away)
        with pytest.raises(Unavailable):
            await sampled.sampler.step()
    await sampled.run()
    with monkeypatch.context() as patched:
        patched.setattr(sampled.store.executions, "remove_content", away)
        with pytest.raises(Unavailable):
            await sampled.sampler.step()
    assert sampled.outcomes == []
    await sampled.sampler.step()
    (replay,) = await sampled.replays()
    assert (sampled.outcomes, replay.content_removed_at is None) == ([SampleOutcome.SAME], False)


async def test_damage_to_one_sample_ends_it_and_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    sampled = Sampled()
    originals = [await sampled.submit() for _ in range(2)]
    for _ in originals:
        await sampled.run()
    await sampled.sampler.step()
    for _ in originals:
        await sampled.run()
    report = sampled.store.executions.report

    async def damaged(execution_id: UUID, limit: int) -> ExecutionDetails | None:
        if execution_id == originals[0].submission.id:
            raise DecryptionFailed("damaged")
        return await report(execution_id, limit)

    monkeypatch.setattr(sampled.store.executions, "report", damaged)
    with pytest.raises(DecryptionFailed):
        await sampled.sampler.step()
    for _ in range(2):
        await sampled.sampler.step()
    assert sampled.outcomes == [SampleOutcome.IMPOSSIBLE, SampleOutcome.SAME]


async def test_a_difference_is_a_warning_of_readiness_and_no_trouble() -> None:
    async def ready() -> Readiness:
        return Readiness()

    alarm = ReproductionAlarm()
    check = with_reproductions(ready, alarm)
    assert await check() == Readiness()
    alarm.differences = 2
    found = await check()
    assert isinstance(found.reproductions, CheckFailed)
    assert found.trouble is None


async def test_a_reproduction_that_a_client_has_asked_for_stays_the_client_s() -> None:
    sampled = Sampled()
    await sampled.submit()
    original = await sampled.run()
    started = (await sampled.use_cases.reproduce(Reproduce(original=original))).unwrap()
    await sampled.sampler.step()
    await sampled.run()
    await sampled.sampler.step()
    assert sampled.outcomes == []
    replay_id = started.replay.submission.id
    assert await sampled.store.executions.result(replay_id) is not None

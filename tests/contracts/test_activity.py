"""The contract of every store for the activity of scripts: it counts what has ended, before and after summing up."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.system import utc_now
from application.ports.executions import NewExecution
from domain.activity import HOUR, Activity, Bucket, LatestExecution, Period, count_end, duration_bin, window
from domain.execution import Claim, Finished, Pending, as_finished, state_of
from domain.outcome import Measures
from domain.transitions import cancel, start
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version, ending, now, submitted
from tests.contracts.test_removing_content import ended
from tests.support.values import a_body, a_failure, a_pending, a_run, an_id

LONG_AGO = timedelta(days=40)


@frozen
class Ran:
    """An execution that ended so long ago."""

    ago: timedelta
    wall_ms: float
    ends: Literal["succeeded", "failed", "cancelled"]
    script: int


ran = st.builds(
    Ran,
    ago=st.one_of([st.timedeltas(timedelta(), most) for most in (HOUR, 2 * 24 * HOUR, LONG_AGO)]),
    wall_ms=st.floats(0, 1e5),
    ends=st.sampled_from(["succeeded", "failed", "cancelled"]),
    script=st.integers(0, 1),
)


async def run_at(store: Store, version: ScriptVersion, one: Ran, until: datetime) -> Finished:
    """Store an execution that was submitted and ended at that time."""
    at = until - one.ago
    pending = a_pending(version)
    old_id = UUID(int=(int(at.timestamp() * 1000) << 80) | (pending.submission.id.int & (1 << 80) - 1))
    old = evolve(pending, submission=evolve(pending.submission, id=old_id, submitted_at=at))
    await store.executions.add(NewExecution(old, a_body()))
    (claimed,) = await store.queue.claim(1, lambda waiting, _: start(waiting, Claim(an_id(), "one"), at))
    if one.ends == "cancelled":
        (await store.executions.cancel(claimed.running, cancel(claimed.running, at))).unwrap()
        return as_finished(await now(store, old)).unwrap()
    run = a_run(a_failure("secret")) if one.ends == "failed" else a_run()
    measures = Measures(wall_ms=one.wall_ms, cpu_ms=1, peak_memory_bytes=1)
    run = evolve(run, provenance=evolve(run.provenance, measures=measures))
    await store.queue.finish([ending(claimed, run)])
    return as_finished(await now(store, old)).unwrap()


def counted(ends: Sequence[Finished], script_id: UUID, period: Period, until: datetime) -> Activity:
    """Count the ends one by one."""
    shown = window(period, until)
    own = [one for one in ends if one.submission.script.id == script_id]
    inside = [one for one in own if shown.since <= one.finished_at < shown.end]
    numbers = [(one, (one.finished_at - shown.since) // shown.step) for one in inside]
    buckets = [sum((count_end(one) for one, at in numbers if at == n), Bucket()) for n in range(shown.count)]
    walls = (one.provenance.measures.wall_ms for one in inside if one.provenance is not None)
    last = max(own, key=lambda one: one.submission.id, default=None)
    return Activity(buckets, Counter(map(duration_bin, walls)), None if last is None else latest(last))


def latest(one: Finished) -> LatestExecution:
    kind = getattr(getattr(one, "error", None), "kind", None)
    submission = one.submission
    return LatestExecution(
        submission.id, submission.script.version, state_of(one), submission.submitted_at, one.finished_at, kind
    )


@pytest.mark.parametrize("open_store", ["memory", "postgres", "postgres, hostile, sealed"], indirect=True)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(ran, min_size=1, max_size=8))
async def test_activity_is_the_count_of_ends_whether_or_not_hours_were_summed_up(
    open_store: OpenStore, runs: list[Ran]
) -> None:
    until = utc_now()
    async with open_store() as store:
        versions = [await a_version(store, f"{name}-{an_id()}"[:60]) for name in "ab"]
        ids = [one.script_id for one in versions]
        ends = [await run_at(store, versions[one.script], one, until) for one in runs]
        for _ in range(2):
            for period in Period:
                found = await store.activity.read(ids, window(period, until))
                assert found == {one: counted(ends, one, period, until) for one in ids}
            while await store.activity.sum_up():
                pass


async def test_counts_outlast_the_executions_and_their_content(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, until = await a_version(store), utc_now()
        end = await run_at(store, version, Ran(2 * 24 * HOUR, 3.5, "failed", script=0), until)
        shown = window(Period.WEEK, until)
        before = await store.activity.read([version.script_id], shown)
        while await store.activity.sum_up():
            pass
        await store.expired.delete(HOUR, UUID(int=0), 10)
        assert await store.executions.report(end.submission.id, 100) is None
        after = await store.activity.read([version.script_id], shown)
    assert before[version.script_id].total == Bucket(1, failed=1)
    assert after == {version.script_id: evolve(before[version.script_id], latest=None)}


async def test_the_latest_is_the_one_that_was_submitted_last_in_any_state(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        shown = window(Period.DAY, utc_now())
        assert (await store.activity.read([version.script_id], shown))[version.script_id].latest is None
        first, second = await submitted(store, 2, version)
        await ended(store, first)
        waiting = (await store.activity.read([version.script_id], shown))[version.script_id]
        assert waiting.latest is not None
        assert (waiting.latest.id, waiting.latest.finished_at) == (second.submission.id, None)
        read = await now(store, second)
        assert isinstance(read, Pending)
        (await store.executions.cancel(read, cancel(read, utc_now()))).unwrap()
        done = (await store.activity.read([version.script_id], window(Period.DAY, utc_now())))[version.script_id]
        assert done.total == Bucket(2, cancelled=1)
        assert done.latest == latest(as_finished(await now(store, second)).unwrap())

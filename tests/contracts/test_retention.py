"""The contract of every store for retention: expired executions go, the oldest first, the others stay."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from attrs import evolve

from adapters.system import utc_now
from application.ports.access import AuditFilter
from application.ports.executions import ExecutionDetails, ExecutionFilter, NewExecution
from application.ports.operations import PurgedBatch
from domain.audit import ANONYMOUS, Action, execution_event
from domain.execution import Claim, Failed, Pending, Running
from domain.outcome import Logs
from domain.redaction import remove_content
from domain.retention import Forever, Retention, effective_retention, retention
from domain.transitions import start
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import LINES, a_version, claim, ending, now, submitted
from tests.contracts.test_idempotency import KEY, an_attempt
from tests.contracts.test_removing_content import ended
from tests.support.stored_bodies import whole
from tests.support.values import a_body, a_failure, a_pending, a_run, an_id

AN_HOUR = timedelta(hours=1)
BEFORE_ALL = UUID(int=0)
AT_ONCE = timedelta(seconds=-1)
"""An ending is some milliseconds ahead of the clock here."""


async def an_old_one(store: Store, hours: int = 2, run_of: Pending | None = None) -> Pending:
    """Store an execution that was submitted and ended so long ago."""
    at = utc_now() - hours * AN_HOUR
    pending = run_of or a_pending(await a_version(store, f"old-{an_id()}"[:60]))
    old_id = UUID(int=(int(at.timestamp() * 1000) << 80) | (pending.submission.id.int & (1 << 80) - 1))
    old = evolve(pending, submission=evolve(pending.submission, id=old_id, submitted_at=at))
    await store.executions.add(NewExecution(old, a_body()))
    (claimed,) = await store.queue.claim(1, lambda one, _: _started(one, at))
    await store.queue.finish([ending(claimed, a_run(a_failure("secret"), LINES))])
    return old


def _started(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(an_id(), "one"), at)


async def test_old_content_is_removed_and_the_record_stays(open_store: OpenStore) -> None:
    async with open_store() as store:
        old = await an_old_one(store)
        (young,) = await submitted(store)
        kept, was = await ended(store, young), await now(store, old)
        assert isinstance(was, Failed)
        assert await contents(store, AN_HOUR) == 1
        report = await store.executions.report(old.submission.id, 100)
        assert report is not None
        assert isinstance(report.execution, Failed)
        removed_at = report.execution.content_removed_at
        assert removed_at is not None
        assert abs(removed_at - utc_now()) < AN_HOUR
        assert report == ExecutionDetails(remove_content(was, removed_at), Logs(), None)
        assert await whole(await store.executions.dataset(old.submission.id)) is None
        assert await now(store, young) == kept
        assert await whole(await store.executions.dataset(young.submission.id)) == a_body()
        assert await contents(store, AN_HOUR) == 0


async def test_removal_by_retention_is_audited_without_an_actor(open_store: OpenStore) -> None:
    async with open_store() as store:
        old = await an_old_one(store)
        await contents(store, AN_HOUR)
        done = await store.audit.page(AuditFilter(action=Action.REMOVED_CONTENT), None, 9)
    assert [one.event for one in done] == [execution_event(Action.REMOVED_CONTENT, old.submission, ANONYMOUS)]


async def test_the_records_of_the_old_go_with_all_that_is_theirs(open_store: OpenStore) -> None:
    async with open_store() as store:
        attempt = an_attempt(await a_version(store), KEY)
        await store.keys.add(NewExecution(attempt.pending, attempt.dataset), attempt.request)
        await ended(store, attempt.pending)
        (young,) = await submitted(store, version=await a_version(store, "other"))
        assert await records(store, AN_HOUR) == 0
        assert await records(store, AT_ONCE) == 1
        assert await store.executions.report(attempt.pending.submission.id, 100) is None
        assert await whole(await store.executions.dataset(attempt.pending.submission.id)) is None
        assert await store.keys.find(KEY) is None
        assert [one.submission.id for one in await store.executions.page(ExecutionFilter(), None, 10)] == [
            young.submission.id
        ]


async def test_an_unfinished_execution_does_not_expire(open_store: OpenStore) -> None:
    async with open_store() as store:
        waiting = await submitted(store, 2)
        await claim(store.queue)
        assert await contents(store, AT_ONCE) == 0
        assert await records(store, AT_ONCE) == 0
        assert [await whole(await store.executions.dataset(one.submission.id)) for one in waiting] == [a_body()] * 2


async def test_of_a_script_the_oldest_go_first_up_to_the_count(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        new, old, older = [await an_old_one(store, hours, a_pending(version)) for hours in (2, 3, 4)]
        taken = await store.expired.remove_contents(AN_HOUR, BEFORE_ALL, 1, remove_content)
        assert taken == PurgedBatch(1, version.script_id)
        assert [await has_dataset(store, one) for one in (older, old, new)] == [False, True, True]
        assert await store.expired.delete(AN_HOUR, BEFORE_ALL, 2) == PurgedBatch(2, version.script_id)
        left = await store.executions.page(ExecutionFilter(), None, 10)
        assert [one.submission.id for one in left] == [new.submission.id]


async def test_it_works_script_by_script_and_resumes_at_any(open_store: OpenStore) -> None:
    async with open_store() as store:
        first, second, third = [await an_old_one(store) for _ in range(3)]
        scripts = [one.submission.script.id for one in (first, second, third)]
        for take in (partial(store.expired.remove_contents, remove=remove_content), store.expired.delete):
            assert await take(AN_HOUR, first=scripts[1], count=1) == PurgedBatch(1, scripts[1])
            assert await take(AN_HOUR, first=scripts[1], count=2) == PurgedBatch(1, None)
            assert await take(AN_HOUR, first=BEFORE_ALL, count=2) == PurgedBatch(1, None)


async def test_concurrent_removals_remove_each_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        for one in await submitted(store, 9):
            await ended(store, one)
        removed = sum(await asyncio.gather(*(contents(store, AT_ONCE, 5) for _ in range(3))))
        assert removed + await contents(store, AT_ONCE) == 9
        deleted = sum(await asyncio.gather(*(records(store, AT_ONCE, 5) for _ in range(3))))
        assert deleted + await records(store, AT_ONCE) == 9


FOREVER = Forever.FOREVER
OWN = [
    retention(content, rows).unwrap()
    for content, rows in [(None, None), (2, None), (4, 5), (None, 3), (3, 2), (FOREVER, None), (2, FOREVER)]
]
AGES = [25, 49, 73, 97, 121]  # hours, so from one day to five, and an hour of each more


@pytest.mark.parametrize("general", [Retention(), Retention(timedelta(days=3), timedelta(days=4))])
async def test_a_script_s_own_retention_replaces_the_service_s(open_store: OpenStore, general: Retention) -> None:
    async with open_store() as store:
        aged: dict[UUID, tuple[timedelta, Retention]] = {}
        for own in OWN:
            version = await a_version(store, f"s-{an_id()}")
            script = await store.scripts.find(version.script_id)
            assert script is not None
            await store.scripts.set_retention(evolve(script, retention=own))
            for hours in AGES:
                old = await an_old_one(store, hours, a_pending(version))
                aged[old.submission.id] = (hours * AN_HOUR, effective_retention(own, general))
        has_record = {one for one, (age, kept) in aged.items() if kept.rows is None or age < kept.rows}
        has_content = {one for one in has_record if (span := aged[one][1].content) is None or aged[one][0] < span}
        assert len(has_content) < len(has_record) < len(aged)
        assert await records(store, general.rows, 99) == len(aged) - len(has_record)
        assert await contents(store, general.content, 99) == len(has_record) - len(has_content)
        left = {one.submission.id for one in await store.executions.page(ExecutionFilter(), None, 99)}
        assert left == has_record
        assert {one for one in aged if await whole(await store.executions.dataset(one)) is not None} == has_content


async def test_days_that_are_changed_or_taken_back_hold_from_then_on(open_store: OpenStore) -> None:
    async with open_store() as store:
        old = await an_old_one(store, 49)
        script = await store.scripts.find(old.submission.script.id)
        assert script is not None
        for content_days, expired in [(3, 0), (None, 0), (FOREVER, 0), (2, 1)]:
            await store.scripts.set_retention(evolve(script, retention=retention(content_days, None).unwrap()))
            assert await contents(store, None) == expired


async def has_dataset(store: Store, pending: Pending) -> bool:
    return await whole(await store.executions.dataset(pending.submission.id)) is not None


async def contents(store: Store, kept_for: timedelta | None, count: int = 10) -> int:
    """Remove one batch of contents of all scripts, and return their number."""
    return (await store.expired.remove_contents(kept_for, BEFORE_ALL, count, remove_content)).count


async def records(store: Store, kept_for: timedelta | None, count: int = 10) -> int:
    """Delete one batch of records of all scripts, and return their number."""
    return (await store.expired.delete(kept_for, BEFORE_ALL, count)).count

"""What every store promises of executions that are kept no longer: the old go, the oldest first, the others stay."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from attrs import evolve

from adapters.system import utc_now
from application.messages import AuditFilter, ExecutionFilter, Report
from domain.audit import NOBODY, Action, to_execution
from domain.content import remove_content
from domain.execution import Claim, Failed, Pending, Running
from domain.outcome import Logs
from domain.transitions import start
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import LINES, a_version, claim, ending, now, submitted
from tests.contracts.test_idempotency import KEY, an_attempt
from tests.contracts.test_removing_content import ended
from tests.values import a_body, a_failure, a_pending, a_run, an_id

AN_HOUR = timedelta(hours=1)
AT_ONCE = timedelta(seconds=-1)
"""An ending is some milliseconds ahead of the clock here."""


async def an_old_one(store: Store, hours: int = 2, run_of: Pending | None = None) -> Pending:
    """An execution that was submitted and ended so long ago."""
    at = utc_now() - hours * AN_HOUR
    pending = run_of or a_pending(await a_version(store, f"old-{an_id()}"[:60]))
    old_id = UUID(int=(int(at.timestamp() * 1000) << 80) | (pending.submission.id.int & (1 << 80) - 1))
    old = evolve(pending, submission=evolve(pending.submission, id=old_id, submitted_at=at))
    await store.executions.add(old, a_body())
    (claimed,) = await store.queue.claim(1, lambda one, _: _started(one, at))
    await store.queue.finish([ending(claimed, a_run(a_failure("secret"), LINES))])
    return old


def _started(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(an_id(), "one"), at)


async def test_the_content_of_the_old_goes_and_their_record_stays(open_store: OpenStore) -> None:
    async with open_store() as store:
        old = await an_old_one(store)
        (young,) = await submitted(store)
        kept, was = await ended(store, young), await now(store, old)
        assert isinstance(was, Failed)
        assert await store.expired.remove_contents(AN_HOUR, 10, remove_content) == 1
        report = await store.executions.report(old.submission.id, 100)
        assert report is not None
        assert isinstance(report.execution, Failed)
        removed_at = report.execution.content_removed_at
        assert removed_at is not None
        assert abs(removed_at - utc_now()) < AN_HOUR
        assert report == Report(remove_content(was, removed_at), Logs(), None)
        assert await store.executions.dataset(old.submission.id) is None
        assert await now(store, young) == kept
        assert await store.executions.dataset(young.submission.id) == a_body()
        assert await store.expired.remove_contents(AN_HOUR, 10, remove_content) == 0


async def test_content_that_expires_is_a_deed_of_nobody(open_store: OpenStore) -> None:
    async with open_store() as store:
        old = await an_old_one(store)
        await store.expired.remove_contents(AN_HOUR, 10, remove_content)
        done = await store.audit.page(AuditFilter(action=Action.REMOVED_CONTENT), None, 9)
    assert [one.deed for one in done] == [to_execution(Action.REMOVED_CONTENT, old.submission, NOBODY)]


async def test_the_records_of_the_old_go_with_all_that_is_theirs(open_store: OpenStore) -> None:
    async with open_store() as store:
        attempt = an_attempt(await a_version(store), KEY)
        await store.keys.add(attempt.pending, attempt.dataset, attempt.request)
        await ended(store, attempt.pending)
        (young,) = await submitted(store, version=await a_version(store, "other"))
        assert await store.expired.delete(AN_HOUR, 10) == 0
        assert await store.expired.delete(AT_ONCE, 10) == 1
        assert await store.executions.report(attempt.pending.submission.id, 100) is None
        assert await store.executions.dataset(attempt.pending.submission.id) is None
        assert await store.keys.find(KEY) is None
        assert [one.submission.id for one in await store.executions.page(ExecutionFilter(), None, 10)] == [
            young.submission.id
        ]


async def test_what_has_not_ended_does_not_age(open_store: OpenStore) -> None:
    async with open_store() as store:
        waiting = await submitted(store, 2)
        await claim(store.queue)
        assert await store.expired.remove_contents(AT_ONCE, 10, remove_content) == 0
        assert await store.expired.delete(AT_ONCE, 10) == 0
        assert [await store.executions.dataset(one.submission.id) for one in waiting] == [a_body()] * 2


async def test_the_oldest_go_first_and_no_more_than_asked(open_store: OpenStore) -> None:
    async with open_store() as store:
        new, old, older = [await an_old_one(store, hours) for hours in (2, 3, 4)]
        assert await store.expired.remove_contents(AN_HOUR, 1, remove_content) == 1
        assert [await has_dataset(store, one) for one in (older, old, new)] == [False, True, True]
        assert await store.expired.delete(AN_HOUR, 2) == 2
        left = await store.executions.page(ExecutionFilter(), None, 10)
        assert [one.submission.id for one in left] == [new.submission.id]


async def test_several_at_once_remove_each_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        for one in await submitted(store, 9):
            await ended(store, one)
        removed = await asyncio.gather(*(store.expired.remove_contents(AT_ONCE, 5, remove_content) for _ in range(3)))
        removed += [await store.expired.remove_contents(AT_ONCE, 9, remove_content)]
        assert sum(removed) == 9
        deleted = await asyncio.gather(*(store.expired.delete(AT_ONCE, 5) for _ in range(3)))
        assert sum(deleted) + await store.expired.delete(AT_ONCE, 9) == 9


async def has_dataset(store: Store, pending: Pending) -> bool:
    return await store.executions.dataset(pending.submission.id) is not None

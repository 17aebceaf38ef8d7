"""The content and the records of a batch go as a whole, by its user's wish or by age."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from attrs import evolve
from returns.result import Success

from adapters.encryption.aes_gcm import AesKeyring
from adapters.system import utc_now
from application.ports.batches import BatchRecord, NewBatch, line_of
from application.ports.encryption import NO_ENCRYPTION, Keyring
from domain.batches import BatchCounts, remove_content
from domain.execution import as_finished
from domain.redaction import remove_content as redact
from tests.adapters.postgres.batch_store import BEFORE_ALL, BY, DAY, Opened, opened
from tests.contracts.conftest import MASTER_KEYS
from tests.support.batches import a_batch
from tests.support.values import NOON

HOUR: Final = timedelta(hours=1)


async def finished(store: Opened, lines: int = 4) -> NewBatch:
    new = await store.added(lines)
    await store.run_all(lines, failing=1)
    return new


async def contents(store: Opened, new: NewBatch) -> list[bool]:
    """Read which of its lines have their content."""
    executions = await store.executions_of(new)
    return [as_finished(one).unwrap().content_removed_at is None for one in executions]


@pytest.mark.parametrize("seals", [NO_ENCRYPTION, AesKeyring(MASTER_KEYS)], ids=["plain", "sealed"])
async def test_the_content_of_a_batch_is_removed_as_that_of_executions_is(
    lent_database: Callable[[], str], seals: Keyring
) -> None:
    async with opened(lent_database(), seals) as store:
        new = await finished(store, 5)
        await finished(store)
        found = await store.batches.find(new.batch.id)
        assert found is not None
        removed = remove_content(found.batch, utc_now()).unwrap()
        before = await store.executions_of(new)
        assert await store.batches.with_content(new.batch.id, 2) == before[:2]
        await store.batches.mark_removed(removed, BY)
        await store.batches.mark_removed(evolve(removed, content_removed_at=utc_now() + DAY), BY)
        assert removed.content_removed_at is not None
        while left := await store.batches.with_content(new.batch.id, 2):
            await store.batches.remove_content([redact(one, removed.content_removed_at) for one in left], BY)
        after = await store.executions_of(new)
        assert after == [redact(as_finished(one).unwrap(), removed.content_removed_at) for one in before]
        assert await store.batches.lines(new.batch.id, 0, 9, 100) == [line_of(one) for one in after]
        assert await store.batches.find(new.batch.id) == evolve(found, batch=removed)
        of_batch = store.select("select batch_id, request_id from audit where action = 'removed_batch'")
        assert of_batch == [(new.batch.id, "r")]
        assert len(store.select("select 1 from audit where action = 'removed_content'")) == 5
        assert store.rows("execution_inputs") == 4
        assert store.rows("execution_keys") == (4 if seals.primary_key_id else 0)


async def test_an_unfinished_batch_is_not_marked(store: Opened) -> None:
    new = await store.added(2)
    await store.batches.mark_removed(evolve(new.batch, content_removed_at=NOON), BY)
    assert (await store.batches.find(new.batch.id)) == BatchRecord(new.batch, BatchCounts(2, 0, 0, 0))


async def test_content_whose_encryption_is_lost_is_removed_all_the_same(lent_database: Callable[[], str]) -> None:
    async with opened(lent_database(), AesKeyring(MASTER_KEYS)) as store:
        new = await finished(store)
        store.do("delete from execution_keys")
        left = await store.batches.with_content(new.batch.id, 9)
        assert len(left) == 4
        await store.batches.remove_content([redact(one, utc_now()) for one in left])
        assert await contents(store, new) == [False] * 4


async def retain(store: Opened, kept_for: timedelta | None, count: int = 3) -> int:
    """Remove the contents that have expired, as the service does."""
    total, go_on = 0, BEFORE_ALL
    while True:
        taken = await store.expired.remove_contents(kept_for, go_on, count, redact)
        total += taken.count
        if taken.next_script is None:
            return total
        go_on = taken.next_script


async def delete(store: Opened, kept_for: timedelta | None) -> int:
    return (await store.expired.delete(kept_for, BEFORE_ALL, 99)).count


async def test_a_batch_expires_as_a_whole_when_it_has_finished_long_enough_ago(store: Opened) -> None:
    new = two_hours_old(a_batch(store.version, 4))
    assert await store.batches.add(new) == Success(None)
    await store.run_all(3)
    store.do(
        "update executions set started_at = submitted_at, finished_at = submitted_at where finished_at is not null"
    )
    assert (await retain(store, HOUR), await delete(store, HOUR)) == (0, 0)
    await store.run_all(1)
    assert (await retain(store, HOUR), await delete(store, HOUR)) == (0, 0)
    assert await contents(store, new) == [True] * 4
    assert (await retain(store, None), await delete(store, None)) == (0, 0)
    store.do("update executions set started_at = submitted_at, finished_at = submitted_at")
    store.do("update batches set last_ended_at = submitted_at, finished_at = submitted_at")
    assert await retain(store, HOUR) == 4
    assert await contents(store, new) == [False] * 4
    found = await store.batches.find(new.batch.id)
    assert found is not None
    assert found.batch.content_removed_at is not None
    actions = store.select("select action, key_id, request_id from audit where action like 'removed%%'")
    assert sorted(actions) == [("removed_batch", None, None), *[("removed_content", None, None)] * 4]
    assert store.select("select is_losing_content from batches") == [(False,)]
    assert await retain(store, HOUR) == 0
    assert await delete(store, HOUR) == 4
    assert (store.rows("batches"), store.rows("executions")) == (0, 0)


def two_hours_old(new: NewBatch) -> NewBatch:
    """Give a batch and its executions ids of two hours ago, and the time too."""
    at = utc_now() - 2 * HOUR
    milliseconds = int(at.timestamp() * 1000)

    def aged(one: UUID) -> UUID:
        return UUID(int=(milliseconds << 80) | (one.int & ((1 << 80) - 1)))

    batch = evolve(new.batch, id=aged(new.batch.id), submitted_at=at)
    ids = sorted(aged(one.submission.id) for one in new.executions)
    executions = []
    for execution_id, one in zip(ids, new.executions, strict=True):
        attribution = one.submission.attribution
        assert attribution.batch is not None
        attribution = evolve(attribution, batch=evolve(attribution.batch, batch_id=batch.id))
        executions.append(
            evolve(one, submission=evolve(one.submission, id=execution_id, submitted_at=at, attribution=attribution))
        )
    return evolve(new, batch=batch, executions=executions)


async def test_retention_goes_on_with_a_removal_whose_process_died(store: Opened) -> None:
    new, other = await finished(store, 8), await finished(store, 2)
    found = await store.batches.find(new.batch.id)
    assert found is not None
    await store.batches.mark_removed(remove_content(found.batch, utc_now()).unwrap(), BY)
    (first, *_) = await store.batches.with_content(new.batch.id, 1)
    await store.batches.remove_content([redact(first, utc_now())], BY)
    assert await retain(store, None) == 7
    assert await contents(store, new) == [False] * 8
    assert await contents(store, other) == [True] * 2
    assert await retain(store, None) == 0
    assert store.select("select 1 from batches where is_losing_content") == []


async def test_a_row_that_another_removal_holds_is_left_for_later(store: Opened) -> None:
    new = await finished(store, 3)
    found = await store.batches.find(new.batch.id)
    assert found is not None
    await store.batches.mark_removed(remove_content(found.batch, utc_now()).unwrap())
    async with await psycopg.AsyncConnection.connect(store.url) as other:
        await other.execute("select 1 from executions where id = %s for update", (new.executions[1].submission.id,))
        assert await retain(store, None) == 2
        assert store.select("select is_losing_content from batches") == [(True,)]
        await other.rollback()
    assert await retain(store, None) == 1
    assert store.select("select is_losing_content from batches") == [(False,)]

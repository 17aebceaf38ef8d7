"""Batches where PostgreSQL itself decides: added as a whole or not at all, and read in the order of lines."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import psycopg
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from adapters.encryption.aes_gcm import AesKeyring
from adapters.postgres import batch_rows, batches
from adapters.postgres.batches import PostgresBatches
from adapters.postgres.connections import RowRefused, open_pool
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.scripts import PostgresScripts
from application.executions.completion_signals import WatchedCompletions
from application.ports.batches import BatchFilter, BatchRecord, NewBatch, line_of
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.errors import Conflict, Unavailable
from application.ports.executions import ExecutionFilter, Expected
from domain.aliases import LIVE
from domain.batches import BatchCounts
from domain.body import Body
from domain.execution import Pending
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint
from tests.adapters.postgres.batch_store import BY, DAY, REQUEST, Opened, blocked, opened
from tests.adapters.postgres.test_outages import cut_connections
from tests.contracts.conftest import MASTER_KEYS
from tests.support.batches import a_batch
from tests.support.postgres import in_background, listening
from tests.support.stored_bodies import whole
from tests.support.values import a_body, a_script, an_id

TABLES: Final = ("batches", "executions", "execution_inputs", "execution_keys", "idempotency_keys")


def stored(store: Opened) -> list[int]:
    """Count the rows of what a batch consists of, and the audit records of batches."""
    return [*map(store.rows, TABLES), store.rows("audit", "batch_id is not null")]


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=30), st.integers(1, 9), st.integers(1, 60))
def test_portions_are_of_bounded_size_and_leave_nothing_out(
    texts: list[bytes], most_lines: int, most_bytes: int
) -> None:
    _, version = a_script()
    new = a_batch(version, datasets=list(map(a_body, texts)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_rows, "_MOST_LINES", most_lines)
        patch.setattr(batch_rows, "_MOST_BYTES", most_bytes)
        portions = list(batch_rows.portions(new))
    assert [one for portion in portions for one in portion] == list(zip(new.executions, new.datasets, strict=True))
    for portion in portions:
        assert 1 <= len(portion) <= most_lines
        assert sum(len(dataset.data) for _, dataset in portion[:-1]) < most_bytes


@pytest.mark.parametrize("seals", [NO_ENCRYPTION, AesKeyring(MASTER_KEYS)], ids=["plain", "sealed"])
@pytest.mark.parametrize("inline_lines", [0, 200])
async def test_a_batch_is_stored_in_portions_with_all_that_belongs_to_it(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, seals: Keyring, inline_lines: int
) -> None:
    monkeypatch.setattr(batch_rows, "_MOST_LINES", 4)
    monkeypatch.setattr(batches, "_INLINE_LINES", inline_lines)
    async with opened(lent_database(), seals) as store:
        new = evolve(a_batch(store.version, 9, REQUEST), by=BY)
        assert await store.batches.add(new) == Success(None)
        assert await store.batches.find(new.batch.id) == BatchRecord(new.batch, BatchCounts(9, 0, 0, 0))
        assert await store.executions_of(new) == new.executions
        for execution, dataset in zip(new.executions, new.datasets, strict=True):
            assert await whole(await store.executions.dataset(execution.submission.id)) == dataset
        assert stored(store) == [1, 9, 9, 9 if seals.primary_key_id else 0, 1, 1]
        sealed = store.select("select distinct sealed from execution_inputs")
        assert sealed == [(seals.primary_key_id is not None,)]
        audited = store.select(
            "select action, request_id, batch_id, execution_id from audit where batch_id is not null"
        )
        assert audited == [("submitted_batch", "r", new.batch.id, None)]


async def test_workers_are_notified_of_a_batch_and_readers_of_its_end_once_it_is_over(store: Opened) -> None:
    pending, ended = asyncio.Event(), WatchedCompletions()
    worker = WorkListener(store.url, pending.set, lambda _: None)
    reader = EndingsListener(store.url, ended)
    async with (
        open_pool(store.url, "more", size=1) as pool,
        in_background(worker.run()),
        in_background(reader.run(pool)),
    ):
        await listening(store.url, "bateia_pending")
        await listening(store.url, "bateia_ended")
        pending.clear()
        new = await store.added(2)
        await asyncio.wait_for(pending.wait(), 5)
        with ended.watch(new.batch.id) as end:
            await store.run_all(1)
            await store.run_all(1)
            await asyncio.wait_for(end.wait(), 5)
    assert await store.counts(new) == BatchCounts(0, 0, 2, 0)


class Cut:
    """The end of all connections after so many portions of datasets have been sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, url: str, after: int, times: int) -> None:
        self._url, self._after, self.left = url, after, times
        self._portions = batch_rows.portions
        monkeypatch.setattr(batch_rows, "_MOST_LINES", 2)
        monkeypatch.setattr(batches, "portions", self)

    def __call__(self, new: NewBatch) -> Iterator[Sequence[tuple[Pending, Body]]]:
        for number, portion in enumerate(self._portions(new)):
            if number == self._after and self.left:
                self.left -= 1
                cut_connections(self._url)
            yield portion


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_batch_whose_connection_breaks_in_the_middle_leaves_nothing(
    store: Opened, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    Cut(monkeypatch, store.url, after, times=1)
    with pytest.raises(Unavailable):
        await store.batches.add(a_batch(store.version, 7))
    assert stored(store) == [0] * 6


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_batch_with_a_key_is_tried_again_after_its_connection_broke(
    store: Opened, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    cut = Cut(monkeypatch, store.url, after, times=1)
    assert await store.batches.add(a_batch(store.version, 7, REQUEST)) == Success(None)
    assert cut.left == 0
    assert stored(store) == [1, 7, 7, 0, 1, 1]


async def test_a_batch_that_was_stored_before_its_connection_broke_is_recognised_by_its_key(store: Opened) -> None:
    new = await store.added(2, request=REQUEST)
    assert await store.batches.add(new) == Success(None)
    assert (store.rows("batches"), store.rows("executions")) == (1, 2)


async def test_a_refused_dataset_rolls_its_whole_batch_back_and_leaves_the_key_free(store: Opened) -> None:
    fine = a_batch(store.version, 3, REQUEST)
    again = evolve(
        fine.executions[1], submission=evolve(fine.executions[1].submission, id=fine.executions[0].submission.id)
    )
    with pytest.raises(RowRefused):
        await store.batches.add(evolve(fine, executions=[fine.executions[0], again, fine.executions[2]]))
    assert stored(store) == [0] * 6
    assert await store.batches.add(fine) == Success(None)


async def test_of_many_concurrent_batches_with_one_key_exactly_one_is_stored(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database()) as store, open_pool(store.url, "other", size=4) as pool:
        stores = [store.batches, PostgresBatches(pool, DAY)]
        coming = [a_batch(store.version, 20, REQUEST) for _ in range(8)]
        added = await asyncio.gather(*(stores[n % 2].add(one) for n, one in enumerate(coming)))
        (winner,) = [one for one, result in zip(coming, added, strict=True) if is_successful(result)]
        record = KeyRecord(REQUEST, winner.executions[0].submission.id)
        assert [one for one in added if not is_successful(one)] == [Failure(record)] * 7
        assert stored(store) == [1, 20, 20, 0, 1, 1]


async def test_a_batch_waits_for_the_transaction_that_has_its_key(store: Opened) -> None:
    first, second = a_batch(store.version, 2, REQUEST), a_batch(store.version, 2, REQUEST)
    async with await psycopg.AsyncConnection.connect(store.url) as other:
        await store.batches.add(evolve(first, request=None))
        taken = "insert into idempotency_keys values ('a key', %s, %s, now() + interval '1 day')"
        await other.execute(taken, (bytes(32), first.executions[0].submission.id))
        coming = asyncio.create_task(store.batches.add(second))
        await blocked(store.url)
        await other.commit()
        assert await coming == Failure(KeyRecord(REQUEST, first.executions[0].submission.id))
    assert store.rows("batches") == 1


async def test_an_expired_key_is_taken_over(store: Opened) -> None:
    await store.added(2, request=REQUEST)
    store.do("update idempotency_keys set expires_at = now()")
    second = await store.added(2, request=REQUEST)
    assert store.select("select execution_id from idempotency_keys") == [(second.executions[0].submission.id,)]


async def test_a_batch_is_refused_as_a_whole_unless_its_script_is_as_expected(store: Opened) -> None:
    archived = "update scripts set archived_at = now()"
    for expected in (Expected(latest=0), Expected(alias=LIVE, leads_to=1)):
        assert await store.batches.add(a_batch(store.version, expected=expected)) == Failure(Conflict())
    for expected in (Expected(latest=1), Expected(alias=LIVE)):
        await store.added(1, expected=expected)
    alias = "insert into script_aliases values (%s, 'live', 1, 1, now())"
    store.do(alias, store.version.script_id)
    assert await store.batches.add(a_batch(store.version, expected=Expected(alias=LIVE))) == Failure(Conflict())
    await store.added(1, expected=Expected(alias=LIVE, leads_to=1))
    keyed = await store.added(1, request=REQUEST)
    store.do(archived)
    assert await store.batches.add(a_batch(store.version)) == Failure(Conflict())
    await store.added(1, expected=Expected(must_be_open=False))
    record = KeyRecord(REQUEST, keyed.executions[0].submission.id)
    assert await store.batches.add(a_batch(store.version, request=REQUEST)) == Failure(record)
    other = RequestFingerprint(IdempotencyKey("another"), "0" * 64)
    assert await store.batches.add(a_batch(store.version, request=other)) == Failure(Conflict())
    assert store.rows("idempotency_keys") == 1


async def test_lines_are_read_in_their_order_from_any_of_them(store: Opened) -> None:
    other, new = await store.added(5), await store.added(7)
    every = [line_of(one) for one in new.executions]
    assert await store.batches.lines(new.batch.id, 0, 3) == every[:3]
    assert await store.batches.lines(new.batch.id, 3, 99) == every[3:]
    assert await store.batches.lines(new.batch.id, 7, 99) == []
    assert await store.batches.lines(an_id(), 0, 99) == []
    wanted = ExecutionFilter(batch=new.batch.id)
    first = await store.executions.page(wanted, None, 4)
    assert list(first) == new.executions[:2:-1]
    assert list(await store.executions.page(wanted, first[-1].submission.id, 99)) == new.executions[2::-1]
    assert list(await store.executions.page(ExecutionFilter(), None, 99)) == [
        *new.executions[::-1],
        *other.executions[::-1],
    ]


async def test_batches_are_listed_newest_first_and_by_version(store: Opened) -> None:
    new = [await store.added(n) for n in (1, 2, 3)]
    script, version = a_script("another")
    async with open_pool(store.url, "more", size=1) as pool:
        await PostgresScripts(pool).add(script, version)
    other = a_batch(version, 1)
    other = evolve(other, batch=evolve(other.batch, script=evolve(other.batch.script, name=script.name)))
    await store.batches.add(other)
    of = store.version.script_id
    for wanted, before, limit, expected in [
        (BatchFilter(), None, 9, [other, *new[::-1]]),
        (BatchFilter(script=of), None, 2, [new[2], new[1]]),
        (BatchFilter(script=of), new[1].batch.id, 2, [new[0]]),
        (BatchFilter(script=of, version=1), None, 9, new[::-1]),
        (BatchFilter(script=of, version=2), None, 9, []),
        (BatchFilter(script=an_id()), None, 9, []),
    ]:
        page = await store.batches.page(wanted, before, limit)
        assert [one.batch for one in page] == [one.batch for one in expected]


@pytest.mark.parametrize("seals", [NO_ENCRYPTION, AesKeyring(MASTER_KEYS)], ids=["plain", "sealed"])
async def test_results_are_read_together(lent_database: Callable[[], str], seals: Keyring) -> None:
    async with opened(lent_database(), seals) as store:
        new = await store.added(4)
        await store.run_all(3, failing=1)
        results = [await whole(await store.executions.result(one.submission.id)) for one in new.executions]
        assert [result is not None for result in results] == [False, True, True, False]
        expected = [line_of(*each) for each in zip(await store.executions_of(new), results, strict=True)]
        assert await store.batches.lines(new.batch.id, 0, 9, 100) == expected

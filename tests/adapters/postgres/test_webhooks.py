"""Webhooks on PostgreSQL beyond the contract: interests, limits, backlogs, what others leave behind."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve
from returns.result import Failure

from adapters.postgres import webhook_events
from adapters.postgres import webhooks as webhooks_module
from adapters.postgres.webhooks import PostgresWebhooks
from adapters.system import utc_now
from domain.audit import Action
from domain.deliveries import DeliveryStatus, redeliver
from domain.webhooks import EventType, TooManyWebhooks, Webhook, enable
from tests.adapters.postgres.delivering import (
    SECRET,
    Database,
    a_database,
    a_webhook,
    described,
    disabled,
)
from tests.support.values import an_id

NIL = "00000000-0000-0000-0000-000000000000"


async def interests(database: Database, webhook: Webhook) -> set[tuple[str, str]]:
    rows = await database.rows("select event, script_id from webhook_interests where webhook_id = %s", webhook.id)
    return {(row["event"], str(row["script_id"])) for row in rows}


async def test_interests_are_those_of_enabled_webhooks(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhooks = database.webhooks()
        webhook = await database.add(a_webhook(events={EventType.ALIAS_MOVED, EventType.BATCH_FINISHED}))
        assert await interests(database, webhook) == {("alias.moved", NIL), ("batch.finished", NIL)}
        scripts = {database.script.id, an_id()}
        changes: list[tuple[Callable[[Webhook], Webhook], set[tuple[str, str]]]] = [
            (lambda one: evolve(one, events={EventType.ALIAS_MOVED}), {("alias.moved", NIL)}),
            (lambda one: evolve(one, scripts=frozenset(scripts)), {("alias.moved", str(one)) for one in scripts}),
            (described, {("alias.moved", str(one)) for one in scripts}),
            (disabled, set()),
            (lambda one: evolve(one, scripts=None), set()),
            (enable, {("alias.moved", NIL)}),
        ]
        for change, expected in changes:
            assert await webhooks.change(webhook.id, change, Action.CHANGED_WEBHOOK) is not None
            assert await interests(database, webhook) == expected
        assert await webhooks.remove(webhook.id)
        assert await interests(database, webhook) == set()
        assert await database.audited() == ["created_webhook", *["changed_webhook"] * 6, "removed_webhook"]


async def test_of_many_additions_at_once_no_more_than_the_limit_succeed(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks_module, "MAX_WEBHOOKS", 3)
    async with a_database(lent_database(), size=8) as database:
        added = await asyncio.gather(*(database.webhooks().add(a_webhook(), SECRET) for _ in range(8)))
        assert sorted(map(str, added)).count(str(Failure(TooManyWebhooks()))) == 5
        assert len(await database.webhooks().page(None, 10)) == 3


async def test_pending_deliveries_are_counted_up_to_a_bound(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks_module, "MOST_PENDING", 2)
    async with a_database(lent_database()) as database:
        counts = []
        for tests in range(4):
            webhook = await database.add(tests=tests)
            found = await database.webhooks().find(webhook.id)
            assert found is not None
            counts.append(found.pending)
        assert counts == [0, 1, 2, 2]


async def pending(webhooks: PostgresWebhooks, webhook: Webhook) -> int:
    found = await webhooks.find(webhook.id)
    assert found is not None
    return found.pending


async def test_a_large_backlog_is_given_up_in_parts(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_events, "GIVEN_UP_AT_ONCE", 3)
    async with a_database(lent_database()) as database:
        webhook, webhooks = await database.add(tests=8), database.webhooks()
        other = await database.add(tests=1)
        assert await webhooks.change(webhook.id, disabled, Action.DISABLED_WEBHOOK) is not None
        page = await webhooks.deliveries(webhook.id, None, None, 10)
        assert {one.status for one in page} == {DeliveryStatus.EXHAUSTED}
        assert (len(page), await pending(webhooks, other)) == (8, 1)


RECORDED_LATE = """
insert into webhook_deliveries (webhook_id, event, facts)
select %s, 'alias.moved', '{}' from generate_series(1, %s)
"""


async def test_what_a_disabled_webhook_has_left_is_never_sent(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that began before the webhook was disabled may record an event afterwards."""
    monkeypatch.setattr(webhook_events, "GIVEN_UP_AT_ONCE", 3)
    async with a_database(lent_database()) as database:
        webhook, webhooks = await database.add(), database.webhooks()
        assert await webhooks.change(webhook.id, disabled, Action.DISABLED_WEBHOOK) is not None
        await database.rows(RECORDED_LATE, webhook.id, 7)
        assert await database.work().take(10, 10) == []
        assert await webhooks.forget_deliveries(utc_now() - timedelta(days=1), 10) == 0
        assert await pending(webhooks, webhook) == 4
        await database.rows(RECORDED_LATE, webhook.id, 7)
        assert await webhooks.change(webhook.id, enable, Action.CHANGED_WEBHOOK) is not None
        assert await pending(webhooks, webhook) == 0
        assert await database.work().take(10, 10) == []


async def test_deliveries_of_a_removed_webhook_are_hidden_at_once_and_removed_in_chunks(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        webhooks = database.webhooks()
        gone, other = await database.add(tests=5), await database.add(tests=1)
        await database.work().take(10, 10)
        (delivery, *_) = await webhooks.deliveries(gone.id, None, None, 10)
        assert await webhooks.remove(gone.id)
        assert not await webhooks.remove(gone.id)
        assert await webhooks.delivery(gone.id, delivery.id) is None
        assert await webhooks.deliveries(gone.id, None, None, 10) == []
        assert await webhooks.redeliver(gone.id, delivery.id, lambda one: redeliver(one, utc_now())) is None
        long_ago = utc_now() - timedelta(days=1)
        assert [await webhooks.forget_deliveries(long_ago, 3) for _ in range(3)] == [3, 2, 0]
        assert [one.webhook_id for one in await webhooks.deliveries(other.id, None, None, 10)] == [other.id]


async def test_only_deliveries_that_ended_before_a_time_are_forgotten(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhook, webhooks = await database.add(tests=3), database.webhooks()
        assert await webhooks.change(webhook.id, disabled, Action.DISABLED_WEBHOOK) is not None
        assert await webhooks.change(webhook.id, enable, Action.CHANGED_WEBHOOK) is not None
        waiting = await webhooks.add_test(webhook.id, an_id())
        assert waiting is not None
        newest, older, oldest = await webhooks.deliveries(webhook.id, DeliveryStatus.EXHAUSTED, None, 10)
        earlier = "update webhook_deliveries set ended_at = ended_at - interval '1 day' where number <= %s"
        await database.rows(earlier, older.number)
        assert [await webhooks.forget_deliveries(utc_now() - timedelta(hours=12), 1) for _ in range(3)] == [1, 1, 0]
        assert await webhooks.delivery(webhook.id, oldest.id) is None
        assert await webhooks.deliveries(webhook.id, None, None, 10) == [waiting, newest]
        assert await webhooks.forget_deliveries(utc_now() + timedelta(hours=12), 10) == 1
        assert await webhooks.deliveries(webhook.id, None, None, 10) == [waiting]

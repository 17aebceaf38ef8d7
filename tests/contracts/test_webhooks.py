"""The contract of every store for webhooks, as clients see them."""

import asyncio
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from attrs import evolve

from adapters.system import utc_now, uuid7
from application.ports.access import AuditFilter
from application.ports.webhooks import WebhookRecord
from domain.access import Scope, new_key, new_token
from domain.audit import ANONYMOUS, Action, Actor, AuditEvent
from domain.deliveries import Attempt, Delivery, DeliveryStatus, record_attempt, redeliver
from domain.script import ScriptName
from domain.webhooks import (
    HEALTHY,
    SUBSCRIBABLE,
    DisabledReason,
    EventType,
    Health,
    Webhook,
    disable,
    enable,
)
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version, claim, ending, submitted
from tests.support.values import NOON, an_id
from tests.support.webhooks import OK, REFUSED, SECRET, a_url, a_webhook

HOUR: Final = timedelta(hours=1)
PENDING, DELIVERED, EXHAUSTED = DeliveryStatus.PENDING, DeliveryStatus.DELIVERED, DeliveryStatus.EXHAUSTED
OTHER_SECRET: Final = bytes(32)
BY: Final = Actor(request_id="a-request")


async def added(store: Store, **members: Any) -> Webhook:
    """Add a webhook whose members are as given."""
    webhook = a_webhook(**members)
    (await store.webhooks.add(webhook, SECRET)).unwrap()
    return webhook


async def found(store: Store, webhook: Webhook) -> WebhookRecord:
    record = await store.webhooks.find(webhook.id)
    assert record is not None
    return record


async def deliveries(store: Store, webhook: Webhook) -> list[Delivery]:
    """List the deliveries of a webhook, oldest first."""
    return list(reversed(await store.webhooks.deliveries(webhook.id, None, None, 100)))


async def statuses(store: Store, webhook: Webhook) -> list[DeliveryStatus]:
    return [one.status for one in await deliveries(store, webhook)]


async def with_tests(store: Store, webhook: Webhook, count: int = 1) -> list[Delivery]:
    """Record test events for a webhook."""
    for _ in range(count):
        assert await store.webhooks.add_test(webhook.id, an_id()) is not None
    return (await deliveries(store, webhook))[-count:]


async def audited(store: Store, action: Action) -> list[AuditEvent]:
    return [one.event for one in await store.audit.page(AuditFilter(action=action), None, 100)]


async def attempted(store: Store, webhook: Webhook, delivery: Delivery, outcome: Any = OK) -> Delivery:
    """Take a webhook, record an attempt of the delivery with that outcome, and release it."""
    taken = await store.delivery_work.take(10, 100)
    assert webhook.id in [one.webhook.id for one in taken]
    attempt = Attempt(utc_now(), 12, outcome)
    after, changed = record_attempt(delivery, webhook, attempt, utc_now(), jitter=0)
    assert await store.delivery_work.record(after, changed)
    await store.delivery_work.release([one.webhook.id for one in taken])
    return after


async def a_key(store: Store, name: str) -> UUID:
    key = new_key(uuid7(), name, frozenset({Scope.READ}), NOON, None).unwrap()
    await store.api_keys.add(key, new_token(key.id.bytes * 2).digest)
    return key.id


async def test_a_webhook_is_read_as_it_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        ids = {(await a_version(store, name)).script_id for name in ("cards", "rates")}
        key = await a_key(store, "a key")
        webhook = a_webhook(
            url=a_url("https://receiver.example:8443/e?a=%20&b"),
            events=SUBSCRIBABLE,
            scripts=frozenset(ids),
            description='é "quoted" 💳',
            created_by=key,
        )
        record = (await store.webhooks.add(webhook, SECRET, BY)).unwrap()
        assert record == await found(store, webhook)
        assert (record.webhook, record.pending, record.created_by) == (webhook, 0, "a key")
        names = {script.id: script.name for script in await store.scripts.page(None, 9)}
        assert record.script_names == tuple(names[one] for one in sorted(ids))
        assert set(record.script_names) == {ScriptName("cards"), ScriptName("rates")}
        of_all = await added(store, scripts=None)
        assert await found(store, of_all) == WebhookRecord(of_all)
        assert await store.webhooks.find(an_id()) is None
        event = AuditEvent(action=Action.CREATED_WEBHOOK, actor=BY, webhook_id=webhook.id)
        assert await audited(store, Action.CREATED_WEBHOOK) == [
            evolve(event, actor=ANONYMOUS, webhook_id=of_all.id),
            event,
        ]


async def test_pages_are_newest_first(open_store: OpenStore) -> None:
    async with open_store() as store:
        ids = [(await added(store)).id for _ in range(3)]
        page = await store.webhooks.page(None, 2)
        assert [one.webhook.id for one in page] == ids[:0:-1]
        assert [one.webhook.id for one in await store.webhooks.page(ids[1], 2)] == ids[:1]
        assert await store.webhooks.page(ids[0], 2) == []


async def test_a_change_is_stored_and_audited_unless_it_changes_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        script = (await a_version(store)).script_id
        webhook = await added(store)
        changed = evolve(
            webhook,
            url=a_url("https://other.example/"),
            events=frozenset({EventType.ALIAS_MOVED}),
            scripts=frozenset({script}),
            description="other",
            health=Health(2, NOON, NOON + HOUR),
        )
        for action in (Action.CHANGED_WEBHOOK, Action.DISABLED_WEBHOOK):  # the second changes nothing
            record = await store.webhooks.change(webhook.id, lambda _: changed, action, BY)
            assert record == await found(store, webhook) == WebhookRecord(changed, (ScriptName("corporate-cards"),))
        event = AuditEvent(action=Action.CHANGED_WEBHOOK, actor=BY, webhook_id=webhook.id)
        assert await audited(store, Action.CHANGED_WEBHOOK) == [event]
        assert await audited(store, Action.DISABLED_WEBHOOK) == []
        assert await store.webhooks.change(an_id(), lambda _: changed, Action.CHANGED_WEBHOOK) is None


async def test_concurrent_changes_see_one_another(open_store: OpenStore) -> None:
    def longer(webhook: Webhook) -> Webhook:
        return evolve(webhook, description=f"{webhook.description}x")

    async with open_store() as store:
        webhook = await added(store)
        changes = (store.webhooks.change(webhook.id, longer, Action.CHANGED_WEBHOOK) for _ in range(8))
        await asyncio.gather(*changes)
        assert (await found(store, webhook)).webhook.description == "x" * 8


async def test_a_disabled_webhook_gives_up_what_waits_and_is_enabled_again_without_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook, other = await added(store, health=Health(2, NOON, NOON + HOUR)), await added(store)
        await with_tests(store, webhook, 2)
        await with_tests(store, other)
        delivered = (await deliveries(store, webhook))[0]
        await attempted(store, webhook, delivered)
        at = NOON + HOUR
        record = await store.webhooks.change(
            webhook.id, lambda one: disable(one, DisabledReason.REQUESTED, at), Action.DISABLED_WEBHOOK, BY
        )
        assert record is not None
        assert record.webhook.disabled == disable(webhook, DisabledReason.REQUESTED, at).disabled
        assert (record.pending, await statuses(store, webhook)) == (0, [DELIVERED, EXHAUSTED])
        assert await statuses(store, other) == [PENDING]
        assert [one.webhook_id for one in await audited(store, Action.DISABLED_WEBHOOK)] == [webhook.id]
        assert await store.webhooks.add_test(webhook.id, an_id()) is None
        assert await store.webhooks.redeliver(webhook.id, delivered.id, lambda one: one) is None
        enabled = await store.webhooks.change(webhook.id, enable, Action.CHANGED_WEBHOOK)
        assert enabled is not None
        assert (enabled.webhook.disabled, enabled.webhook.health) == (None, HEALTHY)
        assert await statuses(store, webhook) == [DELIVERED, EXHAUSTED]
        assert await store.webhooks.add_test(webhook.id, an_id()) is not None


async def test_a_removed_webhook_leaves_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        webhook, other = await added(store, scripts=frozenset({version.script_id})), await added(store)
        (delivery,) = await with_tests(store, webhook)
        await with_tests(store, other)
        assert await store.webhooks.remove(webhook.id, BY)
        assert not await store.webhooks.remove(webhook.id, BY)
        event = AuditEvent(action=Action.REMOVED_WEBHOOK, actor=BY, webhook_id=webhook.id)
        assert await audited(store, Action.REMOVED_WEBHOOK) == [event]
        assert await store.webhooks.find(webhook.id) is None
        assert await store.webhooks.delivery(webhook.id, delivery.id) is None
        assert await deliveries(store, webhook) == []
        assert await store.webhooks.add_test(webhook.id, an_id()) is None
        assert await store.webhooks.rotate(webhook.id, OTHER_SECRET, NOON) is None
        assert await store.webhooks.redeliver(webhook.id, delivery.id, lambda one: one) is None
        await submitted(store, 1, version)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])  # which knows nothing of it any more
        assert [one.webhook.id for one in await store.delivery_work.take(9, 9)] == [other.id]


async def test_a_test_event_is_due_at_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook, delivery_id = await added(store), an_id()
        before = utc_now()
        delivery = await store.webhooks.add_test(webhook.id, delivery_id, BY)
        assert delivery is not None
        assert delivery == await store.webhooks.delivery(webhook.id, delivery_id)
        assert (delivery.id, delivery.webhook_id, delivery.event) == (delivery_id, webhook.id, EventType.TEST)
        assert (delivery.script_id, delivery.attempts, delivery.last) == (None, 0, None)
        assert str(webhook.id) in delivery.facts
        assert before <= delivery.created_at <= utc_now()
        assert delivery.due_at is not None
        assert delivery.due_at <= utc_now()
        assert (await found(store, webhook)).pending == 1
        assert await audited(store, Action.TESTED_WEBHOOK) == [
            AuditEvent(action=Action.TESTED_WEBHOOK, actor=BY, webhook_id=webhook.id)
        ]
        assert await store.webhooks.add_test(an_id(), an_id()) is None


async def test_deliveries_are_listed_newest_first_by_their_state(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook, other = await added(store), await added(store)
        await with_tests(store, other)
        first, second, third = await with_tests(store, webhook, 3)
        assert first.number < second.number < third.number
        delivered = await attempted(store, webhook, second)
        page = store.webhooks.deliveries
        assert await page(webhook.id, None, None, 2) == [third, delivered]
        assert await page(webhook.id, None, second.number, 2) == [first]
        assert await page(webhook.id, PENDING, None, 9) == [third, first]
        assert await page(webhook.id, PENDING, third.number, 9) == [first]
        assert await page(webhook.id, DELIVERED, None, 9) == [delivered]
        assert await page(webhook.id, EXHAUSTED, None, 9) == []
        assert await page(an_id(), None, None, 9) == []
        assert await store.webhooks.delivery(other.id, first.id) is None
        assert await store.webhooks.delivery(webhook.id, an_id()) is None


async def test_a_delivery_is_sent_again_from_the_beginning(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        (delivery,) = await with_tests(store, webhook)
        after = await attempted(store, webhook, delivery)
        assert await store.delivery_work.take(9, 9) == []
        at = utc_now()
        again = await store.webhooks.redeliver(webhook.id, delivery.id, lambda one: redeliver(one, at), BY)
        assert again == await store.webhooks.delivery(webhook.id, delivery.id)
        assert again == evolve(after, status=PENDING, attempts=0, due_at=at)
        assert await audited(store, Action.REDELIVERED) == [
            AuditEvent(action=Action.REDELIVERED, actor=BY, webhook_id=webhook.id)
        ]
        (taken,) = await store.delivery_work.take(9, 9)
        assert [one for one, _ in taken.deliveries] == [again]
        assert await store.webhooks.redeliver(webhook.id, an_id(), lambda one: one) is None
        assert await store.webhooks.redeliver(an_id(), delivery.id, lambda one: one) is None


async def test_a_rotated_secret_signs_together_with_the_former_one_for_a_time(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        await with_tests(store, webhook)

        async def secrets() -> tuple[bytes, bytes | None]:
            (taken,) = await store.delivery_work.take(9, 9)
            await store.delivery_work.release([webhook.id])
            return taken.secrets.current, taken.secrets.former

        assert await secrets() == (SECRET, None)
        until = utc_now() + HOUR
        record = await store.webhooks.rotate(webhook.id, OTHER_SECRET, until, BY)
        assert record == await found(store, webhook) == WebhookRecord(evolve(webhook, former_secret_until=until), (), 1)
        assert await secrets() == (OTHER_SECRET, SECRET)
        await store.webhooks.rotate(webhook.id, b"3" * 32, until)
        assert await secrets() == (b"3" * 32, OTHER_SECRET)
        await store.webhooks.rotate(webhook.id, b"4" * 32, utc_now() - HOUR)
        assert await secrets() == (b"4" * 32, None)
        event = AuditEvent(action=Action.ROTATED_WEBHOOK, actor=BY, webhook_id=webhook.id)
        assert event in await audited(store, Action.ROTATED_WEBHOOK)
        assert await store.webhooks.rotate(an_id(), OTHER_SECRET, until) is None


async def test_ended_deliveries_are_forgotten_after_a_time(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook, disabled = await added(store), await added(store)
        first, failed, waiting = await with_tests(store, webhook, 3)
        await with_tests(store, disabled)
        await attempted(store, webhook, first)
        await attempted(store, webhook, failed, REFUSED)
        await store.webhooks.change(
            disabled.id, lambda one: disable(one, DisabledReason.REQUESTED, NOON), Action.DISABLED_WEBHOOK
        )
        now = utc_now()
        assert await store.webhooks.forget_deliveries(now - HOUR, 9) == 0
        assert await store.webhooks.forget_deliveries(now + HOUR, 1) == 1
        assert await store.webhooks.forget_deliveries(now + HOUR, 9) == 1
        assert await store.webhooks.forget_deliveries(now + HOUR, 9) == 0
        assert [one.id for one in await deliveries(store, webhook)] == [failed.id, waiting.id]
        assert await deliveries(store, disabled) == []
        at = utc_now()
        await store.webhooks.redeliver(webhook.id, failed.id, lambda one: redeliver(one, at))
        assert await store.webhooks.forget_deliveries(now + HOUR, 9) == 0

"""The contract of every store for the processes that send events to webhooks."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import evolve

from adapters.system import utc_now
from application.ports.webhooks import DeliveryWork, TakenWebhook
from domain.audit import ANONYMOUS, Action, AuditEvent
from domain.deliveries import (
    MAX_ATTEMPTS,
    MAX_RESPONSE_CHARACTERS,
    Attempt,
    Delivery,
    DeliveryStatus,
    NoResponse,
    Responded,
    SendFault,
    SendOutcome,
    record_attempt,
    redeliver,
)
from domain.script import ScriptName
from domain.webhooks import HEALTHY, DisabledReason, EventType, Health, Webhook, disable
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version
from tests.contracts.test_recorded_events import succeed
from tests.contracts.test_webhooks import added, audited, deliveries, found, statuses, with_tests
from tests.support.values import NOON, an_id
from tests.support.webhooks import OK, REFUSED, SECRET, TIMEOUT, a_url

HOUR: Final = timedelta(hours=1)
PENDING, DELIVERED, EXHAUSTED = DeliveryStatus.PENDING, DeliveryStatus.DELIVERED, DeliveryStatus.EXHAUSTED


async def taken(work: DeliveryWork, deliveries: int = 99) -> list[TakenWebhook]:
    return list(await work.take(99, deliveries))


async def take_ids(work: DeliveryWork, count: int = 99) -> list[Any]:
    return [one.webhook.id for one in await work.take(count, 99)]


def after(delivery: Delivery, webhook: Webhook, outcome: SendOutcome = OK) -> tuple[Delivery, Webhook]:
    at = utc_now()
    return record_attempt(delivery, webhook, Attempt(at, 12, outcome), at, jitter=0)


async def test_a_process_takes_the_due_deliveries_of_webhooks_by_number(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        webhook, _ = await added(store), await added(store, events=frozenset({EventType.ALIAS_MOVED}))
        for _ in range(3):
            await succeed(store, version)
        await with_tests(store, webhook)
        recorded = await deliveries(store, webhook)
        (one,) = await taken(store.delivery_work, 3)
        assert (one.webhook, one.secrets.current, one.secrets.former) == (webhook, SECRET, None)
        assert one.deliveries == tuple((delivery, ScriptName("corporate-cards")) for delivery in recorded[:3])
        await store.delivery_work.release([webhook.id])
        (one,) = await taken(store.delivery_work)
        assert one.deliveries[3:] == ((recorded[3], None),)


async def test_a_webhook_is_held_by_one_process_until_it_is_released(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        await with_tests(store, webhook)
        assert await take_ids(store.delivery_work) == [webhook.id]
        assert await take_ids(store.rival_delivery_work) == await take_ids(store.delivery_work) == []
        unknown = an_id()
        assert await store.delivery_work.renew([webhook.id, unknown]) == {unknown}
        assert await store.rival_delivery_work.renew([webhook.id]) == {webhook.id}
        await store.rival_delivery_work.release([webhook.id])  # which is not its own
        assert await take_ids(store.rival_delivery_work) == []
        await store.delivery_work.release([webhook.id, an_id()])
        assert await store.delivery_work.renew([webhook.id]) == {webhook.id}
        assert await take_ids(store.rival_delivery_work) == [webhook.id]
        await store.delivery_work.release([])
        assert await store.delivery_work.renew([]) == frozenset()


async def test_an_expired_lease_lets_another_process_take_over(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        webhook = await added(store)
        (delivery,) = await with_tests(store, webhook)
        assert await take_ids(store.delivery_work) == [webhook.id]
        (one,) = await taken(store.rival_delivery_work)
        assert one.deliveries == ((delivery, None),)
        assert await store.delivery_work.renew([webhook.id]) == {webhook.id}
        assert not await store.delivery_work.record(*after(delivery, webhook))
        assert await deliveries(store, webhook) == [delivery]
        assert await store.rival_delivery_work.record(*after(delivery, webhook))
        assert await statuses(store, webhook) == [DELIVERED]


async def test_concurrent_processes_never_take_the_same_webhook(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhooks = [await added(store) for _ in range(12)]
        for one in webhooks:
            await with_tests(store, one)
        works = [store.delivery_work, store.rival_delivery_work] * 4
        took = [one for ids in await asyncio.gather(*(take_ids(work, 3) for work in works)) for one in ids]
        took += await take_ids(store.delivery_work)
        assert sorted(took) == sorted(one.id for one in webhooks)


async def test_webhooks_take_turns_however_much_waits_for_one(open_store: OpenStore) -> None:
    async with open_store() as store:
        busy = await added(store)
        await with_tests(store, busy, 5)
        others = [await added(store) for _ in range(2)]
        for one in others:
            await with_tests(store, one)
        turns = []
        for _ in range(4):
            (turn,) = await store.delivery_work.take(1, 1)
            turns.append(turn.webhook.id)
            ((delivery, _),) = turn.deliveries
            assert await store.delivery_work.record(*after(delivery, turn.webhook))
            await store.delivery_work.release([turn.webhook.id])
        assert sorted(turns[:3]) == sorted([busy.id, *(one.id for one in others)])
        assert turns[3] == busy.id


async def test_a_retry_that_is_due_comes_before_all_later_events(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        first, second, _ = await with_tests(store, webhook, 3)
        (one,) = await taken(store.delivery_work, 1)
        failed = evolve(after(first, webhook, TIMEOUT)[0], due_at=utc_now())
        assert await store.delivery_work.record(failed, webhook)
        await store.delivery_work.release([webhook.id])
        (one,) = await taken(store.delivery_work, 2)
        assert [delivery for delivery, _ in one.deliveries] == [failed, second]


async def moving(store: Store, webhook: Webhook) -> None:
    url = a_url(f"https://other.example/{an_id()}")
    await store.webhooks.change(webhook.id, lambda one: evolve(one, url=url), Action.CHANGED_WEBHOOK)


async def rotating(store: Store, webhook: Webhook) -> None:
    await store.webhooks.rotate(webhook.id, bytes(32), utc_now())


async def sending_again(store: Store, webhook: Webhook) -> None:
    first, *_ = await deliveries(store, webhook)
    assert await store.webhooks.redeliver(webhook.id, first.id, lambda one: redeliver(one, utc_now())) is not None


@pytest.mark.parametrize("change", [moving, rotating, sending_again])
async def test_no_more_is_sent_as_before_a_change(open_store: OpenStore, change: Any) -> None:
    async with open_store() as store:
        webhook = await added(store)
        delivery, _ = await with_tests(store, webhook, 2)
        await taken(store.delivery_work)
        await change(store, webhook)
        assert await store.delivery_work.renew([webhook.id]) == {webhook.id}
        assert not await store.delivery_work.record(*after(delivery, webhook))
        assert await statuses(store, webhook) == [PENDING, PENDING]
        assert await take_ids(store.rival_delivery_work) == [webhook.id]
        assert await store.rival_delivery_work.record(*after(delivery, webhook))


@pytest.mark.parametrize("change", [moving, rotating, sending_again])
async def test_a_process_takes_what_it_has_lost_after_it_has_released_it(open_store: OpenStore, change: Any) -> None:
    """Otherwise the outcome of an attempt that was under way would be recorded under the new hold."""
    async with open_store() as store:
        webhook = await added(store)
        delivery, _ = await with_tests(store, webhook, 2)
        for _ in range(2):
            assert await take_ids(store.delivery_work) == [webhook.id]
            await change(store, webhook)
            await change(store, webhook)
            assert await take_ids(store.delivery_work) == []
            assert not await store.delivery_work.record(*after(delivery, webhook))
            await store.rival_delivery_work.release([webhook.id])  # which has lost nothing
            assert await take_ids(store.delivery_work) == []
            await store.delivery_work.release([webhook.id])
        assert await take_ids(store.rival_delivery_work) == [webhook.id]
        await store.rival_delivery_work.release([webhook.id])
        assert await take_ids(store.delivery_work) == [webhook.id]
        assert await store.delivery_work.record(*after(delivery, webhook))


async def test_a_process_that_releases_late_does_not_end_the_hold_of_another(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        await with_tests(store, webhook)
        assert await take_ids(store.delivery_work) == [webhook.id]
        await moving(store, webhook)
        assert await take_ids(store.rival_delivery_work) == [webhook.id]
        await store.delivery_work.release([webhook.id])
        assert await store.rival_delivery_work.renew([webhook.id]) == frozenset()
        await store.rival_delivery_work.release([webhook.id])
        assert await take_ids(store.delivery_work) == [webhook.id]


async def test_a_process_that_never_releases_what_it_has_lost_takes_it_after_the_lease(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        webhook = await added(store)
        await with_tests(store, webhook)
        assert await take_ids(store.delivery_work) == [webhook.id]
        await moving(store, webhook)
        assert await take_ids(store.delivery_work) == [webhook.id]
        assert await store.delivery_work.renew([webhook.id]) == frozenset()


async def test_an_ended_delivery_is_sent_again_without_an_end_of_the_hold(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        delivery, _ = await with_tests(store, webhook, 2)
        (one,) = await taken(store.delivery_work)
        assert await store.delivery_work.record(*after(delivery, webhook))
        await sending_again(store, webhook)
        assert await store.delivery_work.renew([webhook.id]) == frozenset()
        assert await store.delivery_work.record(*after(one.deliveries[1][0], webhook))


async def test_neither_what_rests_nor_what_is_not_due_is_taken(open_store: OpenStore) -> None:
    async with open_store() as store:
        now = utc_now()
        resting = await added(store, health=Health(1, NOON, now + HOUR))
        rested = await added(store, health=Health(1, NOON, now - HOUR))
        disabled = await added(store)
        idle = await added(store)
        for one in (resting, rested, disabled, idle):
            await with_tests(store, one)
        await store.webhooks.change(
            disabled.id, lambda one: disable(one, DisabledReason.REQUESTED, NOON), Action.DISABLED_WEBHOOK
        )
        (waiting,) = await deliveries(store, idle)
        await store.webhooks.redeliver(idle.id, waiting.id, lambda one: redeliver(one, now + HOUR))
        assert await take_ids(store.delivery_work) == [rested.id]


OUTCOMES: Final[list[SendOutcome]] = [
    OK,
    Responded(599, "é💳" * (MAX_RESPONSE_CHARACTERS // 2), 86_400),
    Responded(302),
    *(NoResponse(fault, 'é "quoted"') for fault in SendFault),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=range(len(OUTCOMES)))
async def test_an_attempt_is_read_as_it_was_recorded(open_store: OpenStore, outcome: SendOutcome) -> None:
    async with open_store() as store:
        webhook = await added(store)
        (delivery,) = await with_tests(store, webhook)
        ((one, _),) = (await taken(store.delivery_work))[0].deliveries
        assert one == delivery
        changed, changed_webhook = after(delivery, webhook, outcome)
        assert await store.delivery_work.record(changed, changed_webhook)
        assert await deliveries(store, webhook) == [changed]
        assert await store.webhooks.delivery(webhook.id, delivery.id) == changed
        assert (await found(store, webhook)).webhook == changed_webhook
        assert (await found(store, webhook)).pending == int(changed.status is PENDING)


async def test_a_success_resets_the_health(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store, health=Health(3, NOON, NOON))
        (delivery,) = await with_tests(store, webhook)
        (one,) = await taken(store.delivery_work)
        assert one.webhook == webhook
        assert await store.delivery_work.record(*after(delivery, one.webhook))
        assert (await found(store, webhook)).webhook.health == HEALTHY


async def test_the_last_attempt_exhausts_a_delivery_and_nothing_else(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store)
        first, second = await with_tests(store, webhook, 2)
        await taken(store.delivery_work)
        changed, failing = after(evolve(first, attempts=MAX_ATTEMPTS - 1), webhook, TIMEOUT)
        assert await store.delivery_work.record(changed, failing)
        assert await deliveries(store, webhook) == [changed, second]
        assert await statuses(store, webhook) == [EXHAUSTED, PENDING]


async def test_a_webhook_that_an_attempt_disables_gives_up_what_waits(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook, other = await added(store), await added(store)
        await with_tests(store, other)
        delivery, *_ = await with_tests(store, webhook, 3)
        await taken(store.delivery_work)
        changed, disabled = after(delivery, webhook, Responded(410, "no such tenant"))
        assert await store.delivery_work.record(changed, disabled)
        record = await found(store, webhook)
        assert (record.webhook, record.pending) == (disabled, 0)
        assert (await deliveries(store, webhook))[0] == changed
        assert await statuses(store, webhook) == [EXHAUSTED] * 3
        assert await statuses(store, other) == [PENDING]
        assert await audited(store, Action.DISABLED_WEBHOOK) == [
            AuditEvent(action=Action.DISABLED_WEBHOOK, actor=ANONYMOUS, webhook_id=webhook.id)
        ]
        await succeed(store, await a_version(store))
        assert len(await deliveries(store, webhook)) == 3
        assert await store.delivery_work.renew([webhook.id]) == {webhook.id}


async def disabling(store: Store, webhook: Webhook) -> None:
    await store.webhooks.change(
        webhook.id, lambda one: disable(one, DisabledReason.REQUESTED, NOON), Action.DISABLED_WEBHOOK
    )


async def removing(store: Store, webhook: Webhook) -> None:
    await store.webhooks.remove(webhook.id)


@pytest.mark.parametrize("end", [disabling, removing])
async def test_nobody_holds_what_is_disabled_or_removed(open_store: OpenStore, end: Any) -> None:
    async with open_store() as store:
        webhook = await added(store)
        (delivery,) = await with_tests(store, webhook)
        await taken(store.delivery_work)
        await end(store, webhook)
        assert not await store.delivery_work.record(*after(delivery, webhook))
        assert await store.delivery_work.renew([webhook.id]) == {webhook.id}
        assert set(await statuses(store, webhook)) <= {EXHAUSTED}
        record = await store.webhooks.find(webhook.id)
        assert record is None or record.webhook.disabled == disable(webhook, DisabledReason.REQUESTED, NOON).disabled


async def test_an_attempt_changes_the_health_alone_whatever_a_client_has_changed_meanwhile(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        webhook = await added(store)
        (delivery,) = await with_tests(store, webhook)
        (one,) = await taken(store.delivery_work)
        members: dict[str, Any] = {"events": frozenset({EventType.ALIAS_MOVED}), "description": "other"}
        await store.webhooks.change(webhook.id, lambda it: evolve(it, **members), Action.CHANGED_WEBHOOK)
        changed, failing = after(delivery, one.webhook, REFUSED)
        assert await store.delivery_work.record(changed, failing)
        assert (await found(store, webhook)).webhook == evolve(failing, **members)

"""The sender of events: a store in memory, receivers whose behaviour a test chooses, and virtual time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

import pytest
from attrs import evolve

from application.maintenance.periodic import BackgroundTask
from application.ports.errors import Unavailable
from application.webhooks import sender
from application.webhooks.forget_deliveries import BATCH, forget_deliveries
from application.webhooks.sender import (
    GRACE_SECONDS,
    LOOK_SECONDS,
    MOST_AT_ONCE,
    PAUSE_SECONDS,
    ROUND_SECONDS,
)
from domain.audit import Action
from domain.deliveries import (
    FIRST_REST,
    MAX_ATTEMPTS,
    MAX_RESPONSE_CHARACTERS,
    RETRY_DELAYS,
    DeliveryStatus,
    NoResponse,
    Responded,
    SendFault,
)
from domain.script import ScriptName
from domain.webhook_messages import message
from domain.webhooks import FAILING_LIMIT, HEALTHY, DisabledReason, EventType, disable
from tests.support.sending import LEASE, Interposed, Process, System, at, elapsed
from tests.support.values import a_script
from tests.support.virtual_time import virtual_now
from tests.support.webhooks import OK, REFUSED, SECRET, a_url

pytestmark = pytest.mark.anyio

PENDING, DELIVERED, EXHAUSTED = DeliveryStatus.PENDING, DeliveryStatus.DELIVERED, DeliveryStatus.EXHAUSTED
DAY: Final = timedelta(days=1).total_seconds()
SELDOM: Final = 60.0
"""The pause between looks in tests of days."""


@pytest.fixture
async def system() -> AsyncIterator[System]:
    system = System()
    yield system
    await system.close()
    assert system.receivers.overlaps == 0, "the messages of a webhook are sent one after another"


async def test_an_event_is_sent_at_once_if_the_sender_is_woken(system: System) -> None:
    webhook = await system.webhook()
    system.process()
    await asyncio.sleep(10)
    (delivery,) = await system.test(webhook)
    await asyncio.sleep(PAUSE_SECONDS + 0.02)
    (received,) = system.receivers.of(webhook)
    assert received.id == delivery
    assert (await system.deliveries(webhook))[0].status is DELIVERED


async def test_an_event_is_sent_within_a_second_even_if_no_process_is_woken(system: System) -> None:
    webhook = await system.webhook()
    system.process()
    system.store.outbox.wake = lambda: None
    await asyncio.sleep(10)
    await system.test(webhook)
    await asyncio.sleep(LOOK_SECONDS + PAUSE_SECONDS + 0.02)
    assert len(system.receivers.of(webhook)) == 1


async def test_a_message_has_the_event_and_its_script_and_is_signed_by_the_secrets(system: System) -> None:
    script, version = a_script("cards")
    (await system.store.scripts.add(script, version)).unwrap()
    webhook = await system.webhook(events=frozenset({EventType.ALIAS_MOVED}))
    await system.store.webhooks.rotate(webhook.id, bytes(32), virtual_now() + timedelta(hours=1))
    facts = {"alias": "live", "from_version": None, "to_version": 1, "reason": "promotion"}
    system.store.outbox.record(EventType.ALIAS_MOVED, script.id, facts)
    work = system.store.delivery_work
    process = Process(work, system.receivers, root_path="/service").start()
    await asyncio.sleep(1)
    (received,), (delivery,) = system.receivers.of(webhook), await system.deliveries(webhook)
    assert received.body == message(delivery, ScriptName("cards"), "/service")
    assert received.data["links"] == {"alias": "/service/v1/scripts/cards/aliases/live"}
    assert (received.secrets.current, received.secrets.former) == (bytes(32), SECRET)
    assert process.recorded == [delivery]
    await process.die()


async def test_an_attempt_is_recorded_with_its_time_duration_and_response(system: System) -> None:
    webhook = await system.webhook(Responded(500, "\0" + "é" * 5_000, 2**80), seconds=1.5)
    system.process()
    before = virtual_now()
    await system.test(webhook)
    await asyncio.sleep(3)
    (delivery,) = await system.deliveries(webhook)
    assert delivery.last is not None
    assert before <= delivery.last.at <= before + timedelta(seconds=1)
    assert delivery.last.duration_ms == 1_500
    assert delivery.last.outcome == Responded(500, "\ufffd" + "é" * (MAX_RESPONSE_CHARACTERS - 1), 86_400)


async def test_no_response_is_recorded_as_such(system: System) -> None:
    webhook = await system.webhook(NoResponse(SendFault.TLS_FAILED, "\0 expired"))
    process = system.process()
    await system.test(webhook)
    await asyncio.sleep(1)
    (delivery,) = await system.deliveries(webhook)
    assert delivery.last is not None
    assert delivery.last.outcome == NoResponse(SendFault.TLS_FAILED, "\ufffd expired")
    assert [one.status for one in process.recorded] == [PENDING]


async def test_deliveries_of_a_webhook_are_sent_in_their_order_and_webhooks_beside_one_another(system: System) -> None:
    webhooks = [await system.webhook(seconds=0.1) for _ in range(20)]
    ids = {one.id: await system.test(one, 10) for one in webhooks}
    system.process()
    await asyncio.sleep(2)
    for one in webhooks:
        assert [received.id for received in system.receivers.of(one)] == ids[one.id]
    assert system.receivers.most_under_way == len(webhooks)


async def test_a_slow_receiver_holds_back_no_other_one(system: System) -> None:
    slow, fast = await system.webhook(seconds=10), await system.webhook()
    system.process()
    await system.test(slow, 5)
    for _ in range(20):
        await asyncio.sleep(1)
        await system.test(fast)
        await asyncio.sleep(PAUSE_SECONDS + 0.05)
        assert all(one.status is DELIVERED for one in await system.deliveries(fast))
    assert len(system.receivers.of(slow)) < 5


async def test_a_process_sends_to_so_many_webhooks_at_a_time_in_turns(system: System) -> None:
    webhooks = [await system.webhook(seconds=0.5) for _ in range(7)]
    for one in webhooks:
        await system.test(one, 3)
    system.process(most_held=2)
    await asyncio.sleep(15)
    assert system.receivers.most_under_way == 2
    assert [len(system.receivers.of(one)) for one in webhooks] == [3] * 7


async def test_a_backlog_starves_no_other_webhook(system: System) -> None:
    busy, other = await system.webhook(), await system.webhook()
    await system.test(busy, 20 * MOST_AT_ONCE)
    system.process(most_held=1)
    await asyncio.sleep(0.1)
    await system.test(other)
    await asyncio.sleep((MOST_AT_ONCE + 1) * 0.01 + 2 * PAUSE_SECONDS)
    assert len(system.receivers.of(other)) == 1
    await asyncio.sleep(60)
    assert len(system.receivers.of(busy)) == 20 * MOST_AT_ONCE


async def test_a_backlog_of_one_webhook_is_sent_without_long_pauses(system: System) -> None:
    webhook = await system.webhook()
    ids = await system.test(webhook, 10 * MOST_AT_ONCE)
    system.process()
    await asyncio.sleep(10 * (MOST_AT_ONCE * 0.01 + PAUSE_SECONDS) + 0.1)
    assert system.receivers.ids(webhook) == ids


async def test_a_failed_delivery_is_tried_by_the_schedule_until_it_is_exhausted(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "LOOK_SECONDS", SELDOM)
    webhook = await system.webhook(REFUSED)
    process = system.process()
    await system.test(webhook)
    await asyncio.sleep(1.1 * DAY)
    times = [one.at for one in system.receivers.of(webhook)]
    planned = [delay.total_seconds() for delay in RETRY_DELAYS]
    assert len(times) == MAX_ATTEMPTS
    for pause, wanted in zip(_pauses(times), planned, strict=True):
        assert wanted <= pause <= wanted + SELDOM + 2 * PAUSE_SECONDS
    (delivery,) = await system.deliveries(webhook)
    assert (delivery.status, delivery.attempts) == (EXHAUSTED, MAX_ATTEMPTS)
    assert (
        len({one.id for one in system.receivers.of(webhook)})
        == len({one.body for one in system.receivers.of(webhook)})
        == 1
    )
    assert [one.status for one in process.recorded] == [PENDING] * (MAX_ATTEMPTS - 1) + [EXHAUSTED]
    assert (await system.now(webhook)).disabled is None


def _pauses(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


async def test_a_round_ends_with_the_first_failure_and_goes_on_in_order_after_the_rest(system: System) -> None:
    webhook = await system.webhook(OK, REFUSED, OK)
    ids = await system.test(webhook, 5)
    system.process()
    await asyncio.sleep(1)
    assert [one.id for one in system.receivers.of(webhook)] == ids[:2]
    await asyncio.sleep(FIRST_REST.total_seconds() + LOOK_SECONDS)
    assert [one.id for one in system.receivers.of(webhook)] == [*ids[:2], *ids[1:]]
    assert (await system.now(webhook)).health == HEALTHY


async def test_failures_count_from_the_last_success(system: System) -> None:
    webhook = await system.webhook(REFUSED, OK, REFUSED)
    ids = await system.test(webhook, 2)
    system.process()
    await asyncio.sleep(FIRST_REST.total_seconds() + 2 * LOOK_SECONDS)
    assert [one.id for one in system.receivers.of(webhook)] == [ids[0], *ids]
    health = (await system.now(webhook)).health
    assert (health.failures, health.failing_since) == (1, at(system.receivers.messages[-1].at - 0.01))


async def test_a_receiver_is_left_alone_for_as_long_as_it_demands(system: System) -> None:
    webhook = await system.webhook(Responded(429, retry_after=600), OK)
    ids = await system.test(webhook, 3)
    system.process()
    await asyncio.sleep(600)
    assert [one.id for one in system.receivers.of(webhook)] == ids[:1]
    await asyncio.sleep(5)
    assert [one.id for one in system.receivers.of(webhook)] == [ids[0], *ids]


async def test_a_receiver_that_is_gone_gets_no_more_messages(system: System, caplog: pytest.LogCaptureFixture) -> None:
    webhook = await system.webhook(OK, Responded(410))
    ids = await system.test(webhook, 5)
    system.process()
    with caplog.at_level(logging.WARNING):
        await asyncio.sleep(1_000)
    assert [one.id for one in system.receivers.of(webhook)] == ids[:2]
    disabled = (await system.now(webhook)).disabled
    assert disabled is not None
    assert disabled.reason is DisabledReason.GONE
    assert [one.status for one in await system.deliveries(webhook)] == [DELIVERED] + [EXHAUSTED] * 4
    assert f"webhook {webhook.id} is disabled, since its receiver is gone" in caplog.text


async def test_a_receiver_that_fails_for_three_days_gets_no_more_messages(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "LOOK_SECONDS", SELDOM)
    webhook = await system.webhook(REFUSED)
    began = virtual_now()
    system.process()
    while (disabled := (await system.now(webhook)).disabled) is None:
        await system.test(webhook)
        await asyncio.sleep(DAY / 2)
    assert disabled.reason is DisabledReason.FAILING
    assert FAILING_LIMIT <= disabled.at - began <= FAILING_LIMIT + timedelta(hours=2)
    assert {one.status for one in await system.deliveries(webhook)} == {EXHAUSTED}


async def test_a_webhook_that_a_client_disables_gets_no_more_messages(system: System) -> None:
    webhook = await system.webhook(seconds=1)
    ids = await system.test(webhook, 5)
    process = system.process()
    await asyncio.sleep(1.5)  # the second is under way
    await system.store.webhooks.change(
        webhook.id, lambda one: disable(one, DisabledReason.REQUESTED, virtual_now()), Action.DISABLED_WEBHOOK
    )
    await asyncio.sleep(60)
    assert [one.id for one in system.receivers.of(webhook)] == ids[:2]
    assert len(process.recorded) == 1


async def test_a_round_ends_after_a_time_so_that_others_take_their_turn(system: System) -> None:
    slow, other = await system.webhook(seconds=4), await system.webhook()
    ids = await system.test(slow, MOST_AT_ONCE)
    system.process(most_held=1)
    await asyncio.sleep(1)
    await system.test(other)
    await asyncio.sleep(60)
    (received,) = system.receivers.of(other)
    before = [one.id for one in system.receivers.of(slow) if one.at < received.at]
    assert before == ids[: int(ROUND_SECONDS // 4) + 1]


async def test_a_change_of_the_url_counts_from_the_next_message_on(system: System) -> None:
    """The outcome of the one that is under way is not recorded: it is sent to the new URL too."""
    webhook = await system.webhook(seconds=4)
    ids = await system.test(webhook, 5)
    system.process()
    await asyncio.sleep(1)
    moved = a_url("https://moved.example/")
    await system.store.webhooks.change(webhook.id, lambda one: evolve(one, url=moved), Action.CHANGED_WEBHOOK)
    await asyncio.sleep(60)
    assert [one.id for one in system.receivers.of(webhook)] == ids[:1]
    assert system.receivers.ids(await system.now(webhook)) == ids


async def test_leases_are_renewed_while_a_round_lasts(system: System) -> None:
    webhook = await system.webhook(seconds=4 * LEASE.total_seconds())
    ids = await system.test(webhook, 2)
    processes = [system.process() for _ in range(2)]
    await asyncio.sleep(12 * LEASE.total_seconds())
    assert [one.id for one in system.receivers.of(webhook)] == ids
    assert sorted(len(one.recorded) for one in processes) in ([0, 2], [1, 1])


async def test_an_expired_lease_ends_a_round_and_another_process_goes_on(system: System) -> None:
    webhook = await system.webhook(seconds=2)
    ids = await system.test(webhook, 4)
    work = Interposed(system.store.delivery_work)
    slow = system.process(work)
    await asyncio.sleep(1)
    for method in ("take", "renew"):
        work.failures[method] = [Unavailable("away")] * 100
    system.receivers.seconds[webhook.url] = 2 * LEASE.total_seconds()
    await asyncio.sleep(2)  # the second is under way
    system.receivers.seconds[webhook.url] = 0.01
    fast = system.process()
    await asyncio.sleep(LEASE.total_seconds())
    assert [one.id for one in system.receivers.of(webhook)] == ids
    work.failures.clear()  # so that the process finds out that its lease is lost
    await asyncio.sleep(3 * LEASE.total_seconds())
    assert [one.id for one in system.receivers.of(webhook)] == [*ids, ids[1]]
    assert (len(slow.recorded), len(fast.recorded)) == (1, 3)
    assert system.receivers.overlaps == 3  # those of the other process, while the first one waits for its answer
    system.receivers.overlaps = 0


async def test_a_lost_lease_ends_a_round_before_its_next_attempt(system: System) -> None:
    webhook = await system.webhook(seconds=25)
    await system.test(webhook, 4)
    work = Interposed(system.store.delivery_work)
    process = system.process(work)
    await asyncio.sleep(1)
    await system.store.delivery_work.release([webhook.id])  # as if its lease had expired
    work.failures["take"] = [Unavailable("away")] * 100
    assert await system.store.delivery_work.of_another_process().take(9, 9) != []
    await process.sender.renew()
    await asyncio.sleep(2 * LEASE.total_seconds())
    assert len(system.receivers.of(webhook)) == 1
    assert process.recorded == []
    assert work.renewed == [frozenset({webhook.id})]  # and not again, since it is lost


async def test_a_process_that_takes_its_own_webhook_again_begins_no_second_round(system: System) -> None:
    webhook = await system.webhook(seconds=3 * LEASE.total_seconds())
    ids = await system.test(webhook, 2)
    work = Interposed(system.store.delivery_work)
    work.failures["renew"] = [Unavailable("away")] * 5
    process = system.process(work)
    await asyncio.sleep(8 * LEASE.total_seconds())
    assert [one.id for one in system.receivers.of(webhook)] == ids
    assert process.failures[BackgroundTask.RENEW_DELIVERIES] == 5


async def test_an_attempt_that_cannot_be_recorded_is_repeated(system: System) -> None:
    webhook, other = await system.webhook(), await system.webhook()
    work = Interposed(system.store.delivery_work)
    work.failures["record"] = [Unavailable("away")]
    process = system.process(work)
    ids = await system.test(webhook, 2)
    await asyncio.sleep(1)
    others = await system.test(other)
    await asyncio.sleep(2)
    assert process.failures == {BackgroundTask.DELIVER_EVENTS: 1}
    assert system.receivers.ids(other) == others
    await asyncio.sleep(LEASE.total_seconds())
    assert [one.id for one in system.receivers.of(webhook)] == [ids[0], *ids]


async def test_an_outage_of_the_store_is_reported_and_passes(system: System) -> None:
    webhook = await system.webhook()
    work = Interposed(system.store.delivery_work)
    work.failures["take"] = [Unavailable("away")] * 3
    process = system.process(work)
    await system.test(webhook)
    await asyncio.sleep(2 * (LOOK_SECONDS + PAUSE_SECONDS) + 0.1)
    assert BackgroundTask.DELIVER_EVENTS in process.monitor.trouble
    await asyncio.sleep(2 * LOOK_SECONDS)
    assert process.monitor.trouble == ""
    assert len(system.receivers.of(webhook)) == 1


async def test_of_several_failures_a_bug_is_raised_rather_than_an_outage(system: System) -> None:
    work = Interposed(system.store.delivery_work)
    for failures in ([Unavailable("away"), ValueError("a bug")], [ValueError("a bug"), Unavailable("away")]):
        for _ in failures:
            await system.test(await system.webhook())
        work.failures["record"] = list(failures)
        process = Process(work, system.receivers)
        await process.sender.step()
        await asyncio.sleep(1)
        with pytest.raises(ValueError, match="a bug"):
            await process.sender.step()
        await process.sender.step()


async def test_a_failure_of_the_port_that_sends_ends_one_round_until_its_lease_has_expired(system: System) -> None:
    webhook = await system.webhook()
    await system.test(webhook)
    system.receivers.failure = ValueError("a bug")
    process = system.process()
    await asyncio.sleep(LEASE.total_seconds() / 2)
    system.receivers.failure = None
    assert process.failures == {BackgroundTask.DELIVER_EVENTS: 1}
    await asyncio.sleep(LEASE.total_seconds())
    assert [one.status for one in await system.deliveries(webhook)] == [DELIVERED]


async def test_a_process_that_stops_lets_attempts_end_and_leaves_the_rest_to_others(system: System) -> None:
    webhook = await system.webhook(seconds=GRACE_SECONDS - 1)
    ids = await system.test(webhook, 3)
    process = system.process()
    await asyncio.sleep(1)
    await process.stop()
    assert elapsed() < GRACE_SECONDS
    assert [one.status for one in await system.deliveries(webhook)] == [DELIVERED, PENDING, PENDING]
    system.process()
    await asyncio.sleep(3 * GRACE_SECONDS)
    assert [one.id for one in system.receivers.of(webhook)] == ids


async def test_a_process_that_stops_waits_for_no_attempt_that_lasts_long(system: System) -> None:
    webhook, quick = await system.webhook(seconds=10 * GRACE_SECONDS), await system.webhook(seconds=2)
    ids = await system.test(webhook)
    await system.test(quick)
    process = system.process()
    await asyncio.sleep(1)
    began = elapsed()
    await process.stop()
    assert elapsed() - began == pytest.approx(GRACE_SECONDS)
    assert [one.status for one in await system.deliveries(quick)] == [DELIVERED]
    system.receivers.seconds[webhook.url] = 1
    system.process()
    await asyncio.sleep(2)
    assert [one.id for one in system.receivers.of(webhook)] == ids


async def test_a_process_that_sends_nothing_stops_at_once_and_renews_nothing(system: System) -> None:
    work = Interposed(system.store.delivery_work)
    work.failures["renew"] = work.failures["release"] = [Unavailable("away")]
    idle = Process(work, system.receivers).sender
    await idle.renew()
    await idle.close()
    assert elapsed() == 0


async def test_deliveries_that_ended_long_ago_are_forgotten(system: System) -> None:
    webhook, failing = await system.webhook(), await system.webhook(REFUSED)
    await system.test(webhook, BATCH + 1)
    system.process()
    await asyncio.sleep(600)
    await system.test(failing)
    await system.test(webhook)
    await asyncio.sleep(1)
    assert await forget_deliveries(system.store.webhooks, virtual_now, timedelta(seconds=700)) == 0
    assert await forget_deliveries(system.store.webhooks, virtual_now, timedelta(seconds=100)) == BATCH + 1
    assert await forget_deliveries(system.store.webhooks, virtual_now, timedelta()) == 1
    assert await system.deliveries(webhook) == []
    assert [one.status for one in await system.deliveries(failing)] == [PENDING]

"""The use cases of webhooks, over the store in memory."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory import webhooks as memory_webhooks
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.ports.access import AuditFilter
from application.ports.scripts import ScriptRef
from application.ports.webhooks import WebhookRecord
from application.webhooks import script_names
from application.webhooks.change import WebhookChange
from application.webhooks.read import DeliveryDetails, DeliveryPage, UnknownDelivery, UnknownWebhook
from application.webhooks.script_names import ScriptNames
from application.webhooks.subscribe import Subscribe, WebhookPorts, WebhookWithSecret
from application.webhooks.subscription import ALL_SCRIPTS, InvalidSubscription, UnknownScriptAt
from application.webhooks.use_cases import WebhookUseCases
from domain.audit import ANONYMOUS, Action, Actor
from domain.deliveries import Attempt, DeliveryStatus, record_attempt
from domain.script import Description, Script, ScriptName
from domain.webhook_messages import secret_text
from domain.webhooks import (
    HEALTHY,
    SUBSCRIBABLE,
    DisabledReason,
    EventType,
    Health,
    InvalidWebhookUrl,
    TooManyWebhooks,
    UrlFault,
    Webhook,
    WebhookDisabled,
)
from tests.support.values import NOON, a_script, an_id
from tests.support.virtual_time import run
from tests.support.webhooks import OK, a_url

pytestmark = pytest.mark.anyio

URL: Final = "https://receiver.example/events"
NO_URL: Final = InvalidWebhookUrl(UrlFault.SCHEME)
BY: Final = Actor(request_id="a-request")
ALL: Final = frozenset(SUBSCRIBABLE)
HOUR: Final = timedelta(hours=1)


def use_cases_of(store: MemoryStore, **members: Any) -> WebhookUseCases:
    secrets = iter(bytes([number]) * 32 for number in range(1, 200))
    ports = WebhookPorts(
        scripts=store.scripts,
        webhooks=store.webhooks,
        clock=utc_now,
        new_id=uuid7,
        new_secret=lambda: next(secrets),
        **members,
    )
    return WebhookUseCases(ports)


@pytest.fixture
def webhooks(store: MemoryStore) -> WebhookUseCases:
    return use_cases_of(store, root_path="/service")


async def hosted(store: MemoryStore, name: str = "cards") -> Script:
    script, version = a_script(name)
    (await store.scripts.add(script, version)).unwrap()
    return script


def wanted(**members: Any) -> Subscribe:
    given: dict[str, Any] = {"url": URL, "events": ALL, "description": Description(""), "actor": BY}
    return Subscribe(**given | members)


async def subscribed(webhooks: WebhookUseCases, **members: Any) -> Webhook:
    return (await webhooks.subscribe(wanted(**members))).unwrap().record.webhook


async def actions(store: MemoryStore) -> list[Action]:
    """List the audited actions on webhooks by `BY`, oldest first."""
    audited = [one.event for one in await store.audit.page(AuditFilter(), None, 99)]
    return [one.action for one in reversed(audited) if one.webhook_id is not None and one.actor == BY]


async def test_a_subscription_has_a_secret_that_is_shown_once(store: MemoryStore, webhooks: WebhookUseCases) -> None:
    script, other = await hosted(store), await hosted(store, "rates")
    command = wanted(scripts=(script.name, other.id, script.id), description=Description("about it"))
    subscription = (await webhooks.subscribe(command)).unwrap()
    webhook = subscription.record.webhook
    assert subscription == WebhookWithSecret(subscription.record, secret_text(b"\1" * 32))
    assert "whsec" not in repr(subscription)
    assert (webhook.url, webhook.events, webhook.description) == (a_url(URL), ALL, "about it")
    assert (webhook.scripts, webhook.disabled, webhook.health) == ({script.id, other.id}, None, HEALTHY)
    assert (await webhooks.find(webhook.id)).unwrap() == subscription.record
    assert await webhooks.page(None, 9) == [subscription.record]
    assert await webhooks.page(webhook.id, 9) == []
    assert (await webhooks.subscribe(command)).unwrap().secret == secret_text(b"\2" * 32)
    assert await actions(store) == [Action.CREATED_WEBHOOK] * 2


async def test_a_subscription_to_all_scripts(webhooks: WebhookUseCases) -> None:
    assert (await subscribed(webhooks)).scripts is None


async def test_all_faults_of_a_subscription_are_told_at_once(store: MemoryStore, webhooks: WebhookUseCases) -> None:
    script, missing = await hosted(store), an_id()
    scripts: tuple[ScriptRef, ...] = (script.id, missing, script.name, ScriptName("nothing"))
    faults = (NO_URL, UnknownScriptAt(1, missing), UnknownScriptAt(3, ScriptName("nothing")))
    refused = await webhooks.subscribe(wanted(url="http://receiver.example", scripts=scripts))
    assert refused.failure() == InvalidSubscription(faults)
    webhook = await subscribed(webhooks)
    change = WebhookChange(url="http://receiver.example", scripts=scripts, description=Description("x"))
    assert (await webhooks.change(webhook.id, change, BY)).failure() == InvalidSubscription(faults)
    assert (await webhooks.change(webhook.id, evolve(change, url=None), BY)).failure() == InvalidSubscription(
        faults[1:]
    )
    assert (await webhooks.change(webhook.id, WebhookChange(url="x"), BY)).failure() == InvalidSubscription((NO_URL,))
    assert await webhooks.page(None, 9) == [WebhookRecord(webhook)]


async def test_urls_without_tls_are_an_operator_s_choice(store: MemoryStore) -> None:
    webhooks = use_cases_of(store, allow_http=True)
    webhook = await subscribed(webhooks, url="http://receiver.example/")
    changed = await webhooks.change(webhook.id, WebhookChange(url="http://other.example/"), BY)
    assert changed.unwrap().webhook.url.value == "http://other.example/"


async def test_there_may_be_so_many_webhooks(webhooks: WebhookUseCases) -> None:
    with patch.object(memory_webhooks, "MAX_WEBHOOKS", 1):
        webhook = await subscribed(webhooks)
        assert (await webhooks.subscribe(wanted())).failure() == TooManyWebhooks()
        (await webhooks.remove(webhook.id, BY)).unwrap()
        await subscribed(webhooks)


members = st.fixed_dictionaries(
    {},
    optional={
        "url": st.sampled_from([URL, "https://other.example/"]),
        "events": st.sets(st.sampled_from(sorted(SUBSCRIBABLE)), min_size=1),
        "scripts": st.sampled_from([ALL_SCRIPTS, (ScriptName("cards"),), (ScriptName("cards"), ScriptName("rates"))]),
        "description": st.sampled_from([Description(""), Description("other")]),
        "enabled": st.booleans(),
    },
)


@given(st.lists(members, min_size=1, max_size=5))
def test_a_change_changes_the_members_that_it_has(changes: list[dict[str, Any]]) -> None:
    async def changed() -> None:
        store = MemoryStore(utc_now, HOUR)
        webhooks = use_cases_of(store)
        ids = {name: (await hosted(store, name)).id for name in ("cards", "rates")}
        webhook = await subscribed(webhooks)
        for change in changes:
            before = webhook
            count = len(await actions(store))
            webhook = (await webhooks.change(webhook.id, WebhookChange(**change), BY)).unwrap().webhook
            assert webhook == (await webhooks.find(webhook.id)).unwrap().webhook
            assert as_wanted(webhook, ids) == as_wanted(before, ids) | change
            audited = (await actions(store))[count:]
            action = Action.DISABLED_WEBHOOK if change.get("enabled") is False else Action.CHANGED_WEBHOOK
            assert audited == ([] if webhook == before else [action])
            if webhook.disabled is not None:
                assert webhook.disabled.reason is DisabledReason.REQUESTED

    run(changed())


def as_wanted(webhook: Webhook, ids: dict[str, UUID]) -> dict[str, Any]:
    """Express a webhook as a change that has all members."""
    scripts = tuple(ScriptName(name) for name in sorted(ids) if webhook.scripts and ids[name] in webhook.scripts)
    return {
        "url": webhook.url.value,
        "events": webhook.events,
        "scripts": ALL_SCRIPTS if webhook.scripts is None else scripts,
        "description": Description(webhook.description),
        "enabled": webhook.disabled is None,
    }


@pytest.mark.parametrize(
    ("change", "health"),
    [
        (WebhookChange(url="https://other.example/"), HEALTHY),
        (WebhookChange(url=URL, events=frozenset({EventType.ALIAS_MOVED})), Health(2, NOON, NOON + HOUR)),
        (WebhookChange(enabled=True), Health(2, NOON, NOON + HOUR)),
        (WebhookChange(enabled=False), Health(2, NOON, NOON + HOUR)),
    ],
)
async def test_another_receiver_has_not_failed_yet(
    store: MemoryStore, webhooks: WebhookUseCases, change: WebhookChange, health: Health
) -> None:
    webhook = await subscribed(webhooks)
    failing = Health(2, NOON, NOON + HOUR)
    await store.webhooks.change(webhook.id, lambda one: evolve(one, health=failing), Action.CHANGED_WEBHOOK)
    assert (await webhooks.change(webhook.id, change, BY)).unwrap().webhook.health == health


async def test_a_secret_is_replaced_and_the_former_one_stays_valid_for_a_time(webhooks: WebhookUseCases) -> None:
    webhook = await subscribed(webhooks)
    before = utc_now()
    rotated = (await webhooks.rotate(webhook.id, 2 * HOUR, BY)).unwrap()
    assert rotated.secret == secret_text(b"\2" * 32)
    until = rotated.record.webhook.former_secret_until
    assert until is not None
    assert before + 2 * HOUR <= until <= utc_now() + 2 * HOUR
    assert (await webhooks.find(webhook.id)).unwrap() == rotated.record


async def test_a_test_event_is_described_with_its_message(store: MemoryStore, webhooks: WebhookUseCases) -> None:
    webhook = await subscribed(webhooks)
    tested = (await webhooks.test(webhook.id, BY)).unwrap()
    assert tested.delivery.event is EventType.TEST
    data = json.loads(tested.message)["data"]
    assert data == {"webhook": str(webhook.id), "links": {"webhook": f"/service/v1/webhooks/{webhook.id}"}}
    assert (await webhooks.delivery(webhook.id, tested.delivery.id)).unwrap() == tested
    assert await actions(store) == [Action.CREATED_WEBHOOK, Action.TESTED_WEBHOOK]


async def with_events(store: MemoryStore, webhook: Webhook, *scripts: Script) -> list[UUID]:
    """Record a move of an alias of each script; return the deliveries' ids."""
    for script in scripts:
        facts = {"alias": "live", "from_version": None, "to_version": 1, "reason": "promotion"}
        store.outbox.record(EventType.ALIAS_MOVED, script.id, facts)
    return [one.id for one in reversed(await store.webhooks.deliveries(webhook.id, None, None, len(scripts)))]


async def test_deliveries_are_read_with_their_messages(store: MemoryStore, webhooks: WebhookUseCases) -> None:
    webhook, cards, rates = await subscribed(webhooks), await hosted(store), await hosted(store, "rates")
    ids = await with_events(store, webhook, cards, rates, cards)
    page = (await webhooks.deliveries(DeliveryPage(webhook_id=webhook.id, limit=2))).unwrap()
    assert [one.delivery.id for one in page] == ids[:0:-1]
    assert [_script(one) for one in page] == ["cards", "rates"]
    before = page[-1].delivery.number
    rest = (await webhooks.deliveries(DeliveryPage(webhook_id=webhook.id, before=before, limit=2))).unwrap()
    assert [one.delivery.id for one in rest] == ids[:1]
    delivered = DeliveryPage(webhook_id=webhook.id, status=DeliveryStatus.DELIVERED, limit=9)
    assert list((await webhooks.deliveries(delivered)).unwrap()) == []
    assert (await webhooks.delivery(webhook.id, ids[2])).unwrap() == page[0]


def _script(details: DeliveryDetails) -> Any:
    return json.loads(details.message)["data"]["script"]["name"]


async def test_a_delivery_is_sent_again(store: MemoryStore, webhooks: WebhookUseCases) -> None:
    webhook = await subscribed(webhooks)
    delivery = (await webhooks.test(webhook.id, BY)).unwrap().delivery
    await store.delivery_work.take(1, 1)
    attempt = Attempt(utc_now(), 1, OK)
    assert await store.delivery_work.record(*record_attempt(delivery, webhook, attempt, utc_now(), 0))
    again = (await webhooks.redeliver(webhook.id, delivery.id, BY)).unwrap()
    assert (again.delivery.status, again.delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert again.delivery.last == attempt
    assert (await webhooks.delivery(webhook.id, delivery.id)).unwrap() == again


Refusing = Callable[[WebhookUseCases, UUID], Any]


@pytest.mark.parametrize(
    "refused",
    [
        lambda webhooks, one: webhooks.find(one),
        lambda webhooks, one: webhooks.change(one, WebhookChange(enabled=False), ANONYMOUS),
        lambda webhooks, one: webhooks.rotate(one, HOUR, ANONYMOUS),
        lambda webhooks, one: webhooks.remove(one, ANONYMOUS),
        lambda webhooks, one: webhooks.test(one, ANONYMOUS),
        lambda webhooks, one: webhooks.redeliver(one, an_id(), ANONYMOUS),
        lambda webhooks, one: webhooks.delivery(one, an_id()),
        lambda webhooks, one: webhooks.deliveries(DeliveryPage(webhook_id=one, limit=9)),
    ],
)
async def test_an_unknown_webhook(webhooks: WebhookUseCases, refused: Refusing) -> None:
    removed = await subscribed(webhooks)
    await webhooks.test(removed.id, BY)
    (await webhooks.remove(removed.id, BY)).unwrap()
    for unknown in (an_id(), removed.id):
        assert (await refused(webhooks, unknown)).failure() == UnknownWebhook(unknown)


async def test_an_unknown_delivery(webhooks: WebhookUseCases) -> None:
    webhook, other = await subscribed(webhooks), await subscribed(webhooks)
    of_other = (await webhooks.test(other.id, BY)).unwrap().delivery.id
    for unknown in (an_id(), of_other):
        assert (await webhooks.delivery(webhook.id, unknown)).failure() == UnknownDelivery(unknown)
        assert (await webhooks.redeliver(webhook.id, unknown, BY)).failure() == UnknownDelivery(unknown)


async def test_a_disabled_webhook_is_sent_nothing(webhooks: WebhookUseCases) -> None:
    webhook = await subscribed(webhooks)
    delivery = (await webhooks.test(webhook.id, BY)).unwrap().delivery
    disabled = (await webhooks.change(webhook.id, WebhookChange(enabled=False), BY)).unwrap().webhook
    assert (await webhooks.test(webhook.id, BY)).failure() == WebhookDisabled(disabled)
    assert (await webhooks.redeliver(webhook.id, delivery.id, BY)).failure() == WebhookDisabled(disabled)
    (await webhooks.change(webhook.id, WebhookChange(enabled=True), BY)).unwrap()
    assert (await webhooks.redeliver(webhook.id, delivery.id, BY)).unwrap().delivery.status is DeliveryStatus.PENDING


async def test_names_of_scripts_are_looked_up_once_unless_very_many_are(store: MemoryStore) -> None:
    scripts = [await hosted(store, f"s{number}") for number in range(3)]
    names = ScriptNames(store.scripts)
    looked_up: list[ScriptRef] = []
    find = store.scripts.find

    async def counted(script: ScriptRef) -> Script | None:
        looked_up.append(script)
        return await find(script)

    missing = an_id()
    with patch.object(store.scripts, "find", counted), patch.object(script_names, "MOST_REMEMBERED", 2):
        for one in scripts[0], scripts[1], scripts[0]:
            assert await names.of([one.id, one.id, None, missing]) == {one.id: one.name}
        assert [one for one in looked_up if one != missing] == [scripts[0].id, scripts[1].id]
        assert await names.of([scripts[2].id]) == {scripts[2].id: scripts[2].name}
        assert await names.of([scripts[2].id, scripts[0].id]) == {one.id: one.name for one in (scripts[0], scripts[2])}
    assert [one for one in looked_up if one != missing][2:] == [scripts[2].id, scripts[0].id]

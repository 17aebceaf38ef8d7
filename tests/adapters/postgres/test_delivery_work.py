"""Holds of webhooks by several processes on PostgreSQL, and what is recorded under them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from attrs import evolve

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.postgres import webhook_events
from adapters.postgres.connections import Connection, connection, open_pool
from adapters.postgres.delivery_work import PostgresDeliveryWork
from adapters.postgres.queries import query
from adapters.system import utc_now
from domain.audit import Action, Actor
from domain.deliveries import DeliveryStatus, NoResponse, Responded, SendFault, SendOutcome, redeliver
from domain.webhooks import DisabledReason, EventType, Webhook, WebhookUrl
from tests.adapters.postgres.delivering import (
    ACCEPTED,
    GONE,
    MINUTE,
    NO_ANSWER,
    SECRET,
    Database,
    a_database,
    a_webhook,
    described,
    disabled,
    tried,
)
from tests.support.values import an_id

EXPIRED: Final = timedelta(seconds=-1)
KEYRING: Final = AesKeyring(MasterKeys("a", {"a": bytes(32)}))
OTHER_KEYRING: Final = AesKeyring(MasterKeys("b", {"b": bytes(32)}))


async def test_processes_that_take_at_once_share_the_webhooks(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database(), size=8) as database:
        added = {(await database.add(tests=1)).id for _ in range(20)}
        processes = [database.work() for _ in range(8)]
        taken = await asyncio.gather(*(one.take(5, 5) for one in processes for _ in range(2)))
        ids = [one.webhook.id for each in taken for one in each]
        assert (len(ids), set(ids)) == (20, added)
        assert await database.work().take(20, 20) == []


async def test_a_webhook_that_is_being_changed_is_passed_over(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        changing, other = await database.add(tests=1), await database.add(tests=1)
        async with connection(database.pool) as conn, conn.transaction():
            await conn.execute(query("lock_webhook"), {"id": changing.id})
            assert [one.webhook.id for one in await database.work().take(10, 10)] == [other.id]
        assert [one.webhook.id for one in await database.work().take(10, 10)] == [changing.id]


async def test_an_event_that_is_being_recorded_hides_no_webhook(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=1)
        async with connection(database.pool) as conn, conn.transaction():
            await conn.execute(query("add_test_event"), {"id": an_id(), "webhook_id": webhook.id})
            (taken,) = await database.work().take(10, 10)
            assert len(taken.deliveries) == 1
            assert await database.webhooks().remove(webhook.id)


async def test_only_the_present_holder_records(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=2)
        dead, alive = database.work(EXPIRED), database.work()
        (late,) = await dead.take(10, 10)
        (taken,) = await alive.take(10, 10)
        assert taken == late
        assert await dead.renew([webhook.id]) == {webhook.id}
        assert not await dead.record(*tried(late, ACCEPTED))
        assert not await dead.record(*tried(late, GONE))
        await dead.release([webhook.id])
        page = await database.webhooks().deliveries(webhook.id, None, None, 10)
        assert [one.attempts for one in page] == [0, 0]
        assert await alive.renew([webhook.id]) == frozenset()
        assert await alive.record(*tried(taken, ACCEPTED))
        assert await database.audited() == ["created_webhook", "tested_webhook", "tested_webhook"]


async def test_a_hold_that_has_expired_is_renewed_unless_another_process_has_it(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=1)
        work = PostgresDeliveryWork(database.pool, EXPIRED)
        assert len(await work.take(10, 10)) == 1
        work._lease = MINUTE
        assert await work.renew([webhook.id]) == frozenset()
        assert await database.work().take(10, 10) == []
        await work.release([webhook.id])
        assert len(await database.work().take(10, 10)) == 1


class Interrupted(Connection):
    """A connection that calls `before[name]` before it sends the statement of that name."""

    before: dict[bytes, Callable[[], Any]] = {}

    async def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        if isinstance(query, bytes) and query in self.before:
            await self.before.pop(query)()
        return await super().execute(query, params, **how)


@asynccontextmanager
async def interrupted(url: str, name: str, act: Callable[[], Any]) -> AsyncIterator[PostgresDeliveryWork]:
    """Open the port of a process at which `act` happens before it sends that statement."""
    Interrupted.before = {query(name): act}
    async with open_pool(url, "tests", size=1, connection_class=Interrupted) as pool:
        yield PostgresDeliveryWork(pool, MINUTE)
    assert not Interrupted.before


async def test_deliveries_are_read_once_the_webhook_is_held(lent_database: Callable[[], str]) -> None:
    """An event that another process sent just before is not sent again, and a webhook without a due one is not held."""
    async with a_database(lent_database()) as database:
        for count in (2, 1):
            webhook = await database.add(tests=count)

            async def send_first(webhook: Webhook = webhook) -> None:
                ended = "status = 'delivered', due_at = null, ended_at = now()"
                first = "(select min(number) from webhook_deliveries where webhook_id = %s)"
                await database.rows(f"update webhook_deliveries set {ended} where number = {first}", webhook.id)

            async with interrupted(database.url, "deliveries_due", send_first) as work:
                taken = await work.take(10, 10)
            assert [len(one.deliveries) for one in taken] == [1] * (count - 1)
        await database.webhooks().add_test(webhook.id, an_id())
        assert [one.webhook.id for one in await database.work().take(10, 10)] == [webhook.id]


BY: Final = Actor(request_id="a-request")


async def disable(database: Database, webhook: Webhook) -> None:
    await database.webhooks().change(webhook.id, disabled, Action.DISABLED_WEBHOOK, BY)


async def move(database: Database, webhook: Webhook) -> None:
    url = WebhookUrl("https://other.example/")
    await database.webhooks().change(webhook.id, lambda one: evolve(one, url=url), Action.CHANGED_WEBHOOK)


async def rotate(database: Database, webhook: Webhook) -> None:
    await database.webhooks().rotate(webhook.id, SECRET[::-1], utc_now())


async def send_again(database: Database, webhook: Webhook) -> None:
    (pending,) = await database.webhooks().deliveries(webhook.id, DeliveryStatus.PENDING, None, 1)
    await database.webhooks().redeliver(webhook.id, pending.id, lambda one: redeliver(one, utc_now()))


async def remove(database: Database, webhook: Webhook) -> None:
    assert await database.webhooks().remove(webhook.id)


@pytest.mark.parametrize("change", [disable, move, rotate, send_again, remove])
async def test_a_change_of_where_or_whether_events_are_sent_ends_the_hold(
    lent_database: Callable[[], str], change: Callable[[Database, Webhook], Any]
) -> None:
    async with a_database(lent_database()) as database:
        webhook, work = await database.add(tests=2), database.work()
        (taken,) = await work.take(10, 10)
        await change(database, webhook)
        after = await database.webhooks().deliveries(webhook.id, None, None, 10)
        assert await work.renew([webhook.id]) == {webhook.id}
        for outcome in (ACCEPTED, NO_ANSWER, GONE):
            assert not await work.record(*tried(taken, outcome))
        assert await database.webhooks().deliveries(webhook.id, None, None, 10) == after
        again = await database.work().take(10, 10)
        assert len(again) == (change not in (disable, remove))


async def test_any_other_change_keeps_the_hold_and_is_not_undone_by_what_is_recorded(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        webhook, work = await database.add(tests=3), database.work()
        (taken,) = await work.take(10, 10)

        def change(one: Webhook) -> Webhook:
            return evolve(described(one), events={EventType.ALIAS_MOVED}, scripts=frozenset({database.script.id}))

        await database.webhooks().change(webhook.id, change, Action.CHANGED_WEBHOOK)
        assert await work.record(*tried(taken, ACCEPTED, 0))
        assert await work.record(*tried(taken, NO_ANSWER, 1))
        found = await database.webhooks().find(webhook.id)
        assert found is not None
        assert (found.webhook.health.failures, found.pending) == (1, 2)
        assert evolve(found.webhook, health=webhook.health) == change(webhook)


@pytest.mark.parametrize("at_once", [2, 10])
async def test_a_receiver_that_is_gone_ends_all_of_the_webhook(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(webhook_events, "GIVEN_UP_AT_ONCE", at_once)
    async with a_database(lent_database()) as database:
        webhook, other, work = await database.add(tests=6), await database.add(tests=1), database.work()
        (taken, _) = await work.take(10, 2)
        assert await work.record(*tried(taken, GONE))
        assert await work.renew([webhook.id, other.id]) == {webhook.id}
        found = await database.webhooks().find(webhook.id)
        assert found is not None
        assert found.webhook.disabled is not None
        assert (found.webhook.disabled.reason, found.pending) == (DisabledReason.GONE, 0)
        page = await database.webhooks().deliveries(webhook.id, DeliveryStatus.EXHAUSTED, None, 10)
        assert [one.attempts for one in page] == [0] * 5 + [1]
        interested = await database.rows("select distinct webhook_id as id from webhook_interests")
        assert [row["id"] for row in interested] == [other.id]
        audited = await database.rows(
            "select webhook_id, key_id, request_id from audit where action = 'disabled_webhook'"
        )
        assert audited == [{"webhook_id": webhook.id, "key_id": None, "request_id": None}]


async def test_an_attempt_that_disables_is_stored_with_all_that_follows_or_not_at_all(
    lent_database: Callable[[], str],
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async with a_database(lent_database()) as database:
        webhook = await database.add(tests=2)
        async with interrupted(database.url, "audit_webhook", fail) as work:
            (taken,) = await work.take(10, 10)
            with pytest.raises(ZeroDivisionError):
                await work.record(*tried(taken, GONE))
            found = await database.webhooks().find(webhook.id)
            assert found is not None
            assert (found.webhook, found.pending) == (webhook, 2)
            assert await work.record(*tried(taken, GONE))
        assert await database.audited() == ["created_webhook", *["tested_webhook"] * 2, "disabled_webhook"]


OF_THE_ROW: Final = "select xmin::text::bigint as written from webhooks where id = %s"


async def test_a_success_of_a_receiver_that_was_well_writes_no_webhook(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhook, work = await database.add(tests=4), database.work()
        (taken,) = await work.take(10, 10)
        written = [await database.rows(OF_THE_ROW, webhook.id)]
        outcomes: list[SendOutcome] = [ACCEPTED, NO_ANSWER, ACCEPTED, ACCEPTED]
        for number, outcome in enumerate(outcomes):
            delivery, changed = tried(taken, outcome, number)
            assert await work.record(delivery, changed)
            written.append(await database.rows(OF_THE_ROW, webhook.id))
        assert [one == before for before, one in pairwise(written)] == [True, False, False, True]


async def test_a_commit_that_waits_for_no_flush_leaves_the_session_as_it_was(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database, open_pool(database.url, "tests", size=1) as pool:
        await database.add(tests=1)
        work = PostgresDeliveryWork(pool, MINUTE)
        (taken,) = await work.take(10, 10)
        assert await work.record(*tried(taken, ACCEPTED))
        async with connection(pool) as conn:
            row = await (await conn.execute("show synchronous_commit")).fetchone()
        assert row == {"synchronous_commit": "on"}


@pytest.mark.parametrize(
    ("outcome", "stored"),
    [
        (Responded(200, "a\0b\ud800", 10**12), Responded(200, "a\ufffdb\ufffd", 2**31 - 1)),
        (Responded(503, "x" * 1_024, 0), None),
        (Responded(299), None),
        (NoResponse(SendFault.NO_HTTP, "a\0b"), NoResponse(SendFault.NO_HTTP, "a\ufffdb")),
        (NoResponse(SendFault.ADDRESS_FORBIDDEN), None),
    ],
)
async def test_whatever_a_receiver_sends_can_be_recorded(
    lent_database: Callable[[], str], outcome: Any, stored: Any
) -> None:
    async with a_database(lent_database()) as database:
        webhook, work = await database.add(tests=1), database.work()
        (taken,) = await work.take(10, 10)
        delivery, changed = tried(taken, outcome)
        assert await work.record(delivery, changed)
        found = await database.webhooks().delivery(webhook.id, delivery.id)
        assert found is not None
        assert found.last is not None
        assert found.last.outcome == (stored or outcome)
        assert evolve(found, last=delivery.last) == delivery


async def test_secrets_that_cannot_be_decrypted_hold_up_no_other_webhook(
    lent_database: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    async with a_database(lent_database()) as database:
        unreadable = await database.add(tests=1, keyring=OTHER_KEYRING)
        damaged = await database.add(tests=1, keyring=KEYRING)
        await database.rows("update webhooks set secret = secret || 'x' where id = %s", damaged.id)
        fine, plain = await database.add(tests=1, keyring=KEYRING), await database.add(tests=1)
        work = database.work(keyring=KEYRING)
        taken = await work.take(10, 10)
        assert [one.webhook.id for one in taken] == [fine.id, plain.id]
        assert [one.secrets.current for one in taken] == [SECRET, SECRET]
        logged = sorted(record.getMessage() for record in caplog.records)
        named = sorted(f"cannot decrypt the secrets of the webhook {one.id}: " for one in (unreadable, damaged))
        assert all(line.startswith(name) for line, name in zip(logged, named, strict=True))
        assert SECRET.decode() not in repr(taken) + caplog.text
        assert await database.work().take(10, 10) == []


async def test_all_webhooks_take_turns(lent_database: Callable[[], str]) -> None:
    """A backlog of one is sent no earlier than single events of others."""
    async with a_database(lent_database()) as database:
        webhooks = [await database.add(tests=3) for _ in range(3)]
        work, turns = database.work(), []
        for _ in range(6):
            (taken,) = await work.take(1, 1)
            turns.append(taken.webhook.id)
            assert await work.record(*tried(taken, ACCEPTED))
            await work.release([taken.webhook.id])
        assert turns == [one.id for one in webhooks] * 2


async def test_a_delivery_is_taken_with_the_name_of_its_script(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        webhook = await database.add(a_webhook(database.script.id), tests=1)
        await database.rows("update webhook_deliveries set script_id = %s", database.script.id)
        (taken,) = await database.work().take(1, 1)
        ((delivery, name),) = taken.deliveries
        assert (delivery.webhook_id, delivery.script_id, name) == (webhook.id, database.script.id, database.script.name)

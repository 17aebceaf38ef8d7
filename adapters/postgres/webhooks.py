"""The port `Webhooks` on PostgreSQL.

A change locks the webhook's row, which excludes the processes that send its events, but no statement that records one:
such a statement reads the interests as they were when it began. Secrets are encrypted with the webhook's own data key.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.postgres.connections import Connection, Pool, Row, connection, repeated_if_lost
from adapters.postgres.delivery_rows import delivery_from, state_columns
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from adapters.postgres.webhook_events import audit, give_up, give_up_all, rewrite_interests
from adapters.postgres.webhook_rows import (
    data_key_from,
    disabled_columns,
    health_columns,
    key_columns,
    secret_columns,
    secrets_from,
    subscription_columns,
    webhook_from,
    webhook_record_from,
)
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.webhooks import Secrets, WebhookRecord
from domain.audit import ANONYMOUS, Action, Actor
from domain.deliveries import Delivery, DeliveryStatus
from domain.webhooks import MAX_WEBHOOKS, TooManyWebhooks, Webhook

MOST_PENDING: Final = 10_000
"""Further pending deliveries of a webhook are not counted."""
_LOCK: Final = 0x42415457  # any number of our own, other than that of the migrations
_FIRST_ID: Final = UUID(int=0)
_LAST_ID: Final = UUID(int=2**128 - 1)
_LAST_NUMBER: Final = 2**63 - 1


class PostgresWebhooks:
    """Webhooks, the events that they are subscribed to, and their deliveries, in three tables."""

    def __init__(self, pool: Pool, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._keyring = pool, seals

    async def add(
        self, webhook: Webhook, secret: bytes, by: Actor = ANONYMOUS
    ) -> Result[WebhookRecord, TooManyWebhooks]:
        key = self._keyring.generate(webhook.id)
        columns = subscription_columns(webhook) | secret_columns(Secrets(secret), key) | key_columns(key)
        columns |= disabled_columns(webhook) | health_columns(webhook)
        columns |= {"created_at": webhook.created_at, "created_by": webhook.created_by}
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(query("lock_webhooks"), {"lock": _LOCK})
            (counted,) = await _rows(conn, "webhooks_counted", up_to=MAX_WEBHOOKS)
            if counted["webhooks"] >= MAX_WEBHOOKS:
                return Failure(TooManyWebhooks())
            await conn.execute(query("add_webhook"), columns)
            await rewrite_interests(conn, webhook)
            await audit(conn, Action.CREATED_WEBHOOK, webhook.id, by)
            return Success(await _record(conn, webhook.id))

    @repeated_if_lost
    async def find(self, webhook_id: UUID) -> WebhookRecord | None:
        async with connection(self._pool) as conn:
            rows = await _records(conn, webhook_id, webhook_id, 1)
        return webhook_record_from(rows[0]) if rows else None

    @repeated_if_lost
    async def page(self, before: UUID | None, limit: int) -> Sequence[WebhookRecord]:
        last = _LAST_ID if before is None else UUID(int=max(before.int - 1, 0))
        async with connection(self._pool) as conn:
            return list(map(webhook_record_from, await _records(conn, _FIRST_ID, last, limit)))

    async def change(
        self, webhook_id: UUID, change: Callable[[Webhook], Webhook], action: Action, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        await give_up_all(self._pool, webhook_id)  # what an earlier disabling has left, lest it be sent now
        async with self._locked(webhook_id) as (conn, row):
            if row is None:
                return None
            webhook = webhook_from(row)
            changed = change(webhook)
            if changed != webhook:
                await _change(conn, webhook, changed)
                await audit(conn, action, webhook_id, by)
            record = await _record(conn, webhook_id)
        if changed.disabled:
            await give_up_all(self._pool, webhook_id)
        else:
            notifier_of(self._pool).notify_events()
        return record

    async def rotate(
        self, webhook_id: UUID, secret: bytes, former_until: datetime, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        async with self._locked(webhook_id) as (conn, row):
            if row is None:
                return None
            kept = data_key_from(row, self._keyring)
            secrets = Secrets(secret, former=secrets_from(row, kept).current)
            key = kept or self._keyring.generate(webhook_id)
            columns = secret_columns(secrets, key) | key_columns(key)
            columns |= {"id": webhook_id, "former_secret_until": former_until}
            await conn.execute(query("rotate_webhook"), columns)
            await audit(conn, Action.ROTATED_WEBHOOK, webhook_id, by)
            record = await _record(conn, webhook_id)
        notifier_of(self._pool).notify_events()
        return record

    async def remove(self, webhook_id: UUID, by: Actor = ANONYMOUS) -> bool:
        async with connection(self._pool) as conn, conn.transaction():
            removed = await _rows(conn, "remove_webhook", id=webhook_id)
            if removed:
                await audit(conn, Action.REMOVED_WEBHOOK, webhook_id, by)
        return bool(removed)

    async def add_test(self, webhook_id: UUID, delivery_id: UUID, by: Actor = ANONYMOUS) -> Delivery | None:
        async with self._locked(webhook_id) as (conn, row):
            if row is None or row["disabled_at"] is not None:
                return None
            (added,) = await _rows(conn, "add_test_event", id=delivery_id, webhook_id=webhook_id)
            await audit(conn, Action.TESTED_WEBHOOK, webhook_id, by)
        notifier_of(self._pool).notify_events()
        return delivery_from(added)

    @repeated_if_lost
    async def delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        async with connection(self._pool) as conn:
            return await _delivery(conn, webhook_id, delivery_id)

    @repeated_if_lost
    async def deliveries(
        self, webhook_id: UUID, status: DeliveryStatus | None, before: int | None, limit: int
    ) -> Sequence[Delivery]:
        wanted = {
            "webhook_id": webhook_id,
            "statuses": [one.value for one in DeliveryStatus if status in (one, None)],
            "before": _LAST_NUMBER if before is None else before,
            "limit": limit,
        }
        async with connection(self._pool) as conn:
            return list(map(delivery_from, await _rows(conn, "deliveries_page", **wanted)))

    async def redeliver(
        self, webhook_id: UUID, delivery_id: UUID, change: Callable[[Delivery], Delivery], by: Actor = ANONYMOUS
    ) -> Delivery | None:
        async with self._locked(webhook_id) as (conn, row):
            if row is None or row["disabled_at"] is not None:
                return None
            delivery = await _delivery(conn, webhook_id, delivery_id)
            if delivery is None:
                return None
            was_pending = delivery.status is DeliveryStatus.PENDING
            columns = state_columns(change(delivery)) | {"was_pending": was_pending}
            (changed,) = await _rows(conn, "redeliver", **columns)
            await audit(conn, Action.REDELIVERED, webhook_id, by)
        notifier_of(self._pool).notify_events()
        return delivery_from(changed)

    async def forget_deliveries(self, before: datetime, count: int) -> int:
        """Remove deliveries, also those of webhooks that were removed, and give up what disabled ones have left."""
        async with connection(self._pool) as conn:
            ended = await conn.execute(query("forget_deliveries"), {"before": before, "count": count})
            forgotten = ended.rowcount
            if forgotten < count:
                orphans = await conn.execute(query("forget_orphans"), {"count": count - forgotten})
                forgotten += orphans.rowcount
            disabled = await _rows(conn, "disabled_waiting")
            for row in disabled:
                await give_up(conn, row["id"])
        return forgotten

    @asynccontextmanager
    async def _locked(self, webhook_id: UUID) -> AsyncIterator[tuple[Connection, Row | None]]:
        async with connection(self._pool) as conn, conn.transaction():
            rows = await _rows(conn, "lock_webhook", id=webhook_id)
            yield conn, rows[0] if rows else None


async def _rows(conn: Connection, name: str, **parameters: Any) -> Sequence[Row]:
    return await (await conn.execute(query(name), parameters)).fetchall()


async def _records(conn: Connection, first: UUID, last: UUID, limit: int) -> Sequence[Row]:
    return await _rows(conn, "webhooks", first=first, last=last, limit=limit, most_pending=MOST_PENDING)


async def _record(conn: Connection, webhook_id: UUID) -> WebhookRecord:
    (row,) = await _records(conn, webhook_id, webhook_id, 1)
    return webhook_record_from(row)


async def _delivery(conn: Connection, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
    rows = await _rows(conn, "delivery", webhook_id=webhook_id, id=delivery_id)
    return delivery_from(rows[0]) if rows else None


async def _change(conn: Connection, webhook: Webhook, changed: Webhook) -> None:
    if webhook.disabled:
        await give_up(conn, webhook.id)
    columns = subscription_columns(changed) | disabled_columns(changed) | health_columns(changed)
    ends_hold = (changed.url, changed.disabled) != (webhook.url, webhook.disabled)
    await conn.execute(query("change_webhook"), columns | {"ends_hold": ends_hold})
    if _subscription(changed) != _subscription(webhook):
        await rewrite_interests(conn, changed)
    if changed.disabled:
        await give_up(conn, changed.id)


def _subscription(webhook: Webhook) -> tuple[object, ...]:
    return webhook.events, webhook.scripts, webhook.disabled is None

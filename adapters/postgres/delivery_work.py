"""The port `DeliveryWork` on PostgreSQL. Leases are set and compared by the database's clock alone."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from adapters.postgres.connections import Connection, Pool, Row, connection, repeated_if_lost
from adapters.postgres.delivery_rows import attempt_columns, delivery_from, state_columns
from adapters.postgres.queries import query
from adapters.postgres.webhook_events import audit, give_up, give_up_all, rewrite_interests
from adapters.postgres.webhook_rows import data_key_from, disabled_columns, health_columns, secrets_from, webhook_from
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.webhooks import Secrets, TakenWebhook
from domain.audit import ANONYMOUS, Action
from domain.deliveries import Delivery
from domain.script import ScriptName
from domain.webhooks import Webhook

log: Final = logging.getLogger(__name__)


class PostgresDeliveryWork:
    """The webhooks, for one process that sends events."""

    def __init__(self, pool: Pool, lease: timedelta, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._lease, self._keyring = pool, lease, seals
        self._holder = uuid4()

    async def take(self, webhooks: int, deliveries: int) -> Sequence[TakenWebhook]:
        """Take webhooks. One whose secrets cannot be decrypted stays held until its lease expires, so that it does not
        come first again at once."""
        parameters = {"holder": self._holder, "lease": self._lease, "count": webhooks}
        async with connection(self._pool) as conn, conn.transaction():
            rows = await (await conn.execute(query("take_webhooks"), parameters)).fetchall()
            due = await self._due(conn, [row["id"] for row in rows], deliveries) if rows else {}
        taken = [self._taken(row, due[row["id"]]) for row in rows if row["id"] in due]
        return sorted((one for one in taken if one is not None), key=_first)

    async def _due(self, conn: Connection, webhook_ids: Sequence[UUID], limit: int) -> dict[UUID, list[Row]]:
        """Read the due deliveries of webhooks that are held now, and give up the hold of those without any."""
        wanted = {"webhook_ids": webhook_ids, "limit": limit}
        due: dict[UUID, list[Row]] = {}
        for row in await (await conn.execute(query("deliveries_due"), wanted)).fetchall():
            due.setdefault(row["webhook_id"], []).append(row)
        if without := [one for one in webhook_ids if one not in due]:
            await conn.execute(query("release_webhooks"), {"holder": self._holder, "ids": without})
        return due

    def _taken(self, row: Row, due: Sequence[Row]) -> TakenWebhook | None:
        secrets = self._secrets(row)
        if secrets is None:
            return None
        in_order = sorted(due, key=lambda one: one["number"])
        return TakenWebhook(webhook_from(row), secrets, tuple(map(_named, in_order)))

    def _secrets(self, row: Row) -> Secrets | None:
        shown = row if row["has_former_secret"] else {**row, "former_secret": None}
        try:
            return secrets_from(shown, data_key_from(row, self._keyring))
        except (MasterKeyMissing, DecryptionFailed) as error:
            log.error("cannot decrypt the secrets of the webhook %s: %s", row["id"], error)
            return None

    @repeated_if_lost
    async def renew(self, held: Collection[UUID]) -> frozenset[UUID]:
        parameters = {"holder": self._holder, "lease": self._lease, "ids": list(held)}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("renew_webhooks"), parameters)).fetchall()
        return frozenset(held) - {row["id"] for row in rows}

    async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
        async with connection(self._pool) as conn:
            if not webhook.disabled:
                return await self._record(conn, delivery, webhook)
            async with conn.transaction():
                is_held = await self._record(conn, delivery, webhook)
                if is_held:
                    await _disable(conn, webhook)
        if is_held:
            await give_up_all(self._pool, webhook.id)
        return is_held

    async def _record(self, conn: Connection, delivery: Delivery, webhook: Webhook) -> bool:
        columns = state_columns(delivery) | attempt_columns(delivery.last) | health_columns(webhook)
        columns |= {"webhook_id": webhook.id, "holder": self._holder, "disables": webhook.disabled is not None}
        return await (await conn.execute(query("record_attempt"), columns)).fetchone() is not None

    @repeated_if_lost
    async def release(self, webhook_ids: Collection[UUID]) -> None:
        parameters = {"holder": self._holder, "ids": list(webhook_ids)}
        async with connection(self._pool) as conn:
            await conn.execute(query("release_webhooks"), parameters)


async def _disable(conn: Connection, webhook: Webhook) -> None:
    await conn.execute(query("disable_webhook"), disabled_columns(webhook) | {"id": webhook.id})
    await rewrite_interests(conn, webhook)
    await give_up(conn, webhook.id)
    await audit(conn, Action.DISABLED_WEBHOOK, webhook.id, ANONYMOUS)


def _named(row: Row) -> tuple[Delivery, ScriptName | None]:
    name = row["script_name"]
    return delivery_from(row), None if name is None else ScriptName(name)


def _first(taken: TakenWebhook) -> tuple[object, ...]:
    (first, _), *_ = taken.deliveries
    return first.due_at, first.number

"""A database with a script, and the ports to its webhooks, for the tests of this folder."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from attrs import evolve, frozen
from psycopg.rows import dict_row

from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.delivery_work import PostgresDeliveryWork
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.webhooks import PostgresWebhooks
from adapters.system import utc_now
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.webhooks import TakenWebhook
from domain.deliveries import Attempt, Delivery, NoResponse, Responded, SendFault, SendOutcome, record_attempt
from domain.script import Script
from domain.versions import ScriptVersion
from domain.webhooks import SUBSCRIBABLE, DisabledReason, Webhook, WebhookUrl, disable
from tests.support.values import NOON, a_script, an_id

MINUTE: Final = timedelta(minutes=1)
SECRET: Final = b"kanarienvogel".ljust(32, b".")
ACCEPTED: Final = Responded(204)
GONE: Final = Responded(410)
NO_ANSWER: Final = NoResponse(SendFault.TIMED_OUT, "no response within 10 s")


def a_webhook(*scripts: UUID, **members: Any) -> Webhook:
    """Make a webhook that is subscribed to all events of these scripts, or of all."""
    default = {"events": SUBSCRIBABLE, "scripts": frozenset(scripts) or None, "description": "", "created_at": NOON}
    return Webhook(id=an_id(), url=WebhookUrl("https://receiver.example/"), **default | members)


def tried(taken: TakenWebhook, outcome: SendOutcome, number: int = 0) -> tuple[Delivery, Webhook]:
    """Record an attempt to send a delivery that was taken."""
    at = utc_now()
    delivery, _ = taken.deliveries[number]
    return record_attempt(delivery, taken.webhook, Attempt(at, 12, outcome), at, 0)


def disabled(webhook: Webhook) -> Webhook:
    """Disable a webhook as a client does."""
    return disable(webhook, DisabledReason.REQUESTED, utc_now())


def described(webhook: Webhook) -> Webhook:
    """Change what says nothing about where or whether events are sent."""
    return evolve(webhook, description=webhook.description + "x")


@frozen
class Database:
    """A database with a script."""

    url: str
    pool: Pool
    script: Script
    version: ScriptVersion

    def webhooks(self, keyring: Keyring = NO_ENCRYPTION) -> PostgresWebhooks:
        return PostgresWebhooks(self.pool, keyring)

    def work(self, lease: timedelta = MINUTE, keyring: Keyring = NO_ENCRYPTION) -> PostgresDeliveryWork:
        return PostgresDeliveryWork(self.pool, lease, keyring)

    def aliases(self) -> PostgresAliases:
        return PostgresAliases(self.pool)

    async def add(self, webhook: Webhook | None = None, tests: int = 0, keyring: Keyring = NO_ENCRYPTION) -> Webhook:
        """Store a webhook, and record so many test events for it."""
        record = (await self.webhooks(keyring).add(webhook or a_webhook(), SECRET)).unwrap()
        for _ in range(tests):
            assert await self.webhooks().add_test(record.webhook.id, an_id()) is not None
        return record.webhook

    async def rows(self, sql: str, *values: Any) -> Sequence[Any]:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True, row_factory=dict_row) as conn:
            cursor = await conn.execute(sql.encode(), values)
            return await cursor.fetchall() if cursor.description else []

    async def audited(self) -> list[str]:
        """Read the actions on webhooks."""
        rows = await self.rows("select action from audit where webhook_id is not null order by id")
        return [row["action"] for row in rows]


@asynccontextmanager
async def a_database(url: str, size: int = 4) -> AsyncIterator[Database]:
    """Open a database of that URL."""
    script, version = a_script()
    async with open_pool(url, "tests", size=size) as pool:
        (await PostgresScripts(pool).add(script, version)).unwrap()
        yield Database(url, pool, script, version)

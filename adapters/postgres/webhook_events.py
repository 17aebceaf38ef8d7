"""The statements that keep the events of a webhook in step with its subscription, shared by the two ports."""

from typing import Final
from uuid import UUID

from adapters.postgres.audit import audit_event_columns
from adapters.postgres.connections import Connection, Pool, connection
from adapters.postgres.queries import query
from adapters.postgres.webhook_rows import subscription_columns
from domain.audit import Action, Actor, webhook_event
from domain.webhooks import Webhook

GIVEN_UP_AT_ONCE: Final = 10_000
"""The pending deliveries that one transaction exhausts: some tenths of a second's work. Further ones follow, each such
number in a transaction of its own, so that no backlog is too large to be given up."""


async def rewrite_interests(conn: Connection, webhook: Webhook) -> None:
    """Subscribe a webhook to its events, or to none if it is disabled."""
    await conn.execute(query("remove_interests"), {"id": webhook.id})
    if not webhook.disabled:
        columns = subscription_columns(webhook)
        await conn.execute(query("add_interests"), {name: columns[name] for name in ("id", "events", "scripts")})


async def give_up(conn: Connection, webhook_id: UUID) -> bool:
    """Exhaust pending deliveries of a webhook, if it is disabled. Tells whether there may be more."""
    done = await conn.execute(query("give_up"), {"id": webhook_id, "count": GIVEN_UP_AT_ONCE})
    return done.rowcount == GIVEN_UP_AT_ONCE


async def give_up_all(pool: Pool, webhook_id: UUID) -> None:
    """Exhaust all pending deliveries of a webhook, if it is disabled."""
    more = True
    while more:
        async with connection(pool) as conn:
            more = await give_up(conn, webhook_id)


async def audit(conn: Connection, action: Action, webhook_id: UUID, by: Actor) -> None:
    """Store the record of an action on a webhook."""
    await conn.execute(query("audit_webhook"), audit_event_columns(webhook_event(action, webhook_id, by)))

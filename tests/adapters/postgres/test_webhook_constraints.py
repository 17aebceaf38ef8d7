"""The database refuses rows of webhooks and deliveries that no class of the domain can express."""

from collections.abc import Callable
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from domain.deliveries import DeliveryStatus, SendFault
from domain.webhooks import DisabledReason
from tests.support.values import NOON, an_id

Row = dict[str, Any]

WEBHOOK: Final[Row] = {
    "url": "https://receiver.example/",
    "events": ["alias.moved"],
    "created_at": NOON,
    "secret": b"s" * 32,
}
DISABLED: Final[Row] = {"disabled_at": NOON, "disabled_reason": "gone"}
FAILING: Final[Row] = {"failures": 1, "failing_since": NOON, "rests_until": NOON}
WRAPPED: Final[Row] = {"master_key_id": "a", "wrapped": b"w" * 60}
FORMER: Final[Row] = {"former_secret": b"s" * 32, "former_secret_until": NOON}
DELIVERY: Final[Row] = {"webhook_id": an_id(), "event": "alias.moved", "facts": Jsonb({})}
ENDED: Final[Row] = {"status": "delivered", "due_at": None, "ended_at": NOON}
RESPONDED: Final[Row] = {"last_at": NOON, "last_ms": 1, "last_status": 200, "last_text": ""}
WITHOUT_RESPONSE: Final[Row] = {"last_at": NOON, "last_ms": 1, "last_fault": "timed-out", "last_detail": ""}

RIGHT: Final[list[tuple[str, Row]]] = [
    ("webhooks", WEBHOOK | DISABLED | FAILING | WRAPPED | FORMER),
    *(("webhooks", WEBHOOK | DISABLED | {"disabled_reason": one.value}) for one in DisabledReason),
    ("webhook_deliveries", DELIVERY),
    *(("webhook_deliveries", DELIVERY | ENDED | RESPONDED | {"status": one}) for one in ("delivered", "exhausted")),
    *(("webhook_deliveries", DELIVERY | WITHOUT_RESPONSE | {"last_fault": fault.value}) for fault in SendFault),
]
WRONG: Final[list[tuple[str, str, Row]]] = [
    ("webhooks", "webhooks_events_check", WEBHOOK | {"events": []}),
    ("webhooks", "webhooks_failures_check", WEBHOOK | FAILING | {"failures": -1}),
    ("webhooks", "webhooks_disabled_reason_check", WEBHOOK | DISABLED | {"disabled_reason": "tired"}),
    ("webhooks", "a_webhook_is_encrypted_or_not", WEBHOOK | WRAPPED | {"wrapped": None}),
    ("webhooks", "a_webhook_is_encrypted_or_not", WEBHOOK | WRAPPED | {"master_key_id": None}),
    ("webhooks", "a_former_secret_ends", WEBHOOK | FORMER | {"former_secret_until": None}),
    ("webhooks", "a_former_secret_ends", WEBHOOK | FORMER | {"former_secret": None}),
    ("webhooks", "a_disabled_webhook_has_a_reason", WEBHOOK | DISABLED | {"disabled_reason": None}),
    ("webhooks", "a_disabled_webhook_has_a_reason", WEBHOOK | DISABLED | {"disabled_at": None}),
    ("webhooks", "failures_have_a_beginning", WEBHOOK | {"failures": 1}),
    ("webhooks", "failures_have_a_beginning", WEBHOOK | {"failing_since": NOON}),
    ("webhook_deliveries", "webhook_deliveries_facts_check", DELIVERY | {"facts": Jsonb([])}),
    ("webhook_deliveries", "webhook_deliveries_status_check", DELIVERY | ENDED | {"status": "lost"}),
    ("webhook_deliveries", "webhook_deliveries_attempts_check", DELIVERY | {"attempts": -1}),
    ("webhook_deliveries", "a_pending_delivery_is_due", DELIVERY | {"due_at": None}),
    ("webhook_deliveries", "a_pending_delivery_is_due", DELIVERY | ENDED | {"due_at": NOON}),
    ("webhook_deliveries", "an_ended_delivery_has_its_time", DELIVERY | {"ended_at": NOON}),
    ("webhook_deliveries", "an_ended_delivery_has_its_time", DELIVERY | ENDED | {"ended_at": None}),
    ("webhook_deliveries", "an_attempt_has_an_outcome", DELIVERY | RESPONDED | {"last_status": None}),
    ("webhook_deliveries", "an_attempt_has_an_outcome", DELIVERY | RESPONDED | {"last_fault": "timed-out"}),
    ("webhook_deliveries", "an_attempt_has_an_outcome", DELIVERY | {"last_status": 200}),
    ("webhook_deliveries", "an_attempt_has_its_duration", DELIVERY | RESPONDED | {"last_ms": None}),
    ("webhook_deliveries", "an_attempt_has_its_duration", DELIVERY | {"last_ms": 1}),
]
CONSTRAINTS: Final = """
select conrelid::regclass::text as owner, conname as name from pg_constraint
where contype = 'c' and conrelid in ('webhooks'::regclass, 'webhook_deliveries'::regclass)
"""


def insert(url: str, table: str, row: Row) -> None:
    columns, values = map(sql.Identifier, row), map(sql.Placeholder, row)
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table), sql.SQL(", ").join(columns), sql.SQL(", ").join(values)
    )
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(statement, row)


def with_id(row: Row) -> Row:
    return row | {"id": an_id()}


@pytest.mark.parametrize(("table", "row"), RIGHT, ids=range(len(RIGHT)))
def test_what_the_domain_can_express_is_accepted(lent_database: Callable[[], str], table: str, row: Row) -> None:
    insert(lent_database(), table, with_id(row))


@pytest.mark.parametrize(("table", "constraint", "row"), WRONG, ids=range(len(WRONG)))
def test_what_the_domain_cannot_express_is_refused(
    lent_database: Callable[[], str], table: str, constraint: str, row: Row
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        insert(lent_database(), table, with_id(row))
    assert (refused.value.diag.table_name, refused.value.diag.constraint_name) == (table, constraint)


def test_every_rule_is_broken_here(lent_database: Callable[[], str]) -> None:
    with psycopg.connect(lent_database()) as conn:
        assert set(conn.execute(CONSTRAINTS)) == {(table, constraint) for table, constraint, _ in WRONG}
    assert {one.value for one in DeliveryStatus} == {"pending", "delivered", "exhausted"}

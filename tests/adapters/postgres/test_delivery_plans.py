"""Statements about webhooks touch pages for what they are about, on tables with many webhooks and deliveries.

Each of 1,000 webhooks has deliveries that ended, and nearly each one that is due. One has a backlog of due deliveries,
one has as many that wait for another attempt, one is disabled, and one was removed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from returns.pipeline import is_successful

from adapters.postgres.vitals import MOST_COUNTED
from adapters.postgres.webhook_events import GIVEN_UP_AT_ONCE
from adapters.postgres.webhooks import MOST_PENDING
from adapters.system import utc_now
from application.ports.aliases import MoveRequest
from application.ports.version_replays import NewVersionReplay
from domain.aliases import AliasName
from domain.audit import ANONYMOUS, Action
from domain.deliveries import Attempt, Delivery, DeliveryStatus, Responded, SendOutcome, record_attempt, redeliver
from domain.preconditions import UNCONDITIONAL
from domain.promotion import Promotion, promote
from domain.webhooks import Webhook
from tests.adapters.postgres.delivering import GONE, SECRET, a_webhook, described, disabled
from tests.adapters.postgres.explaining import EXPLAINED, Full, assert_lean, explaining
from tests.adapters.postgres.test_event_records import REPORT, a_version_replay
from tests.support.postgres import copy_template
from tests.support.values import an_id

WEBHOOKS: Final = 1_000
GIVING_UP, WITH_BACKLOG, RETRYING, DISABLED = (UUID(int=2**127 + one) for one in (996, 997, 998, 999))
WANTED, UNWANTED = (UUID(f"00000000-0000-7000-8000-{one:012}") for one in (1, 2))

FILL: Final = (
    """
    insert into scripts
    select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'script-' || n, '', now()
    from generate_series(1, 2) n
    """,
    """
    insert into script_versions select id, 1, 'x', sha256('x'), 1000, 1000, 1000, 1000, now() from scripts
    """,
    """
    insert into webhooks (id, url, events, created_at, secret, disabled_at, disabled_reason)
    select overlay('80000000-0000-0000-0000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
        'https://receiver.example/', '{alias.moved}', now(), repeat('s', 32)::bytea,
        case when n = 999 then now() end, case when n = 999 then 'failing' end
    from generate_series(1, 999) n
    """,
    """
    insert into webhook_interests
    select e.event, '00000000-0000-7000-8000-000000000001', w.id
    from (select id from webhooks order by id limit 3) w
    cross join unnest('{alias.moved,replay.finished}'::text[]) e (event)
    """,
    """
    insert into webhook_interests
    select e.event, gen_random_uuid(), w.id
    from webhooks w cross join unnest('{alias.moved,replay.finished}'::text[]) e (event)
    """,
    """
    insert into webhook_deliveries (webhook_id, event, script_id, facts, status, due_at, ended_at)
    select overlay('80000000-0000-0000-0000-000000000000' placing lpad(to_hex(1 + n %% 1000), 12, '0') from 25)::uuid,
        'alias.moved', '00000000-0000-7000-8000-000000000001', '{"alias": "live", "from_version": 1, "to_version": 2}',
        case when n %% 3 = 0 then 'exhausted' else 'delivered' end, null, now() - interval '1 day'
    from generate_series(1, 200000) n
    """,
    """
    insert into webhook_deliveries (webhook_id, event, facts, due_at)
    select id, 'webhook.test', '{}', now() - interval '1 minute' from webhooks where id < %(giving_up)s
    """,
    """
    insert into webhook_deliveries (webhook_id, event, facts, due_at)
    select w.id, 'webhook.test', '{}', now() + w.due_in + interval '1 millisecond' * n
    from (
        values (%(backlog)s::uuid, 100000, interval '-1 hour'), (%(retrying)s, 100000, interval '1 hour'),
            (%(giving_up)s, 25000, interval '-1 hour')
    ) w (id, count, due_in)
    cross join lateral generate_series(1, w.count) n
    """,
    """
    insert into webhook_deliveries (webhook_id, event, facts, due_at)
    values (%(retrying)s, 'webhook.test', '{}', now() - interval '1 minute')
    """,
)


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> str:
    url = copy_template(postgres_server)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("alter table webhook_deliveries set (autovacuum_enabled = false)")
        for statement in FILL:
            conn.execute(statement.encode(), {"backlog": WITH_BACKLOG, "retrying": RETRYING, "giving_up": GIVING_UP})
    return url


@pytest.fixture(scope="module", params=["as it was filled", "analysed"])
def full(request: pytest.FixtureRequest, filled: str) -> str:
    if request.param == "analysed":
        with psycopg.connect(filled, autocommit=True) as conn:
            conn.execute("analyze")
    return filled


RESET: Final = b"""
update webhooks
set held_by = null, leased_until = null, failures = 0, failing_since = null, rests_until = null
where leased_until is not null
"""


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Full]:
    """Open the store while no process holds a webhook, and none rests."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(RESET)
    async with explaining(url) as store:
        yield store


def assert_cheap(name: str, pages: int) -> None:
    """Assert that the statement was sent and lean, together with the changes that run once its rows have been read."""
    assert_lean(name, pages)
    for one in EXPLAINED:
        if one.name == name:
            changes = [below for below in one.plan.get("Plans", ()) if below["Node Type"] == "ModifyTable"]
            touched = sum(below["Shared Hit Blocks"] + below["Shared Read Blocks"] for below in changes)
            assert touched <= pages, one


def tried(delivery: Delivery, webhook: Webhook, outcome: SendOutcome) -> tuple[Delivery, Webhook]:
    return record_attempt(delivery, webhook, Attempt(utc_now(), 12, outcome), utc_now(), 0)


async def test_a_sender_s_statements(full: str) -> None:
    async with opened(full) as store:
        work = store.delivery_work
        taken = await work.take(5, 20)
        assert len(taken) == 5
        ids = [one.webhook.id for one in taken]
        assert await work.renew(ids) == frozenset()
        for one, outcome in zip(taken, (Responded(200), Responded(500)) * 2, strict=False):
            assert await work.record(*tried(one.deliveries[0][0], one.webhook, outcome))
        await work.release(ids)
        held = {one.webhook.id: one for one in await work.take(WEBHOOKS, 20)}
        assert WEBHOOKS - 10 < len(held) < WEBHOOKS
        assert len(held[WITH_BACKLOG].deliveries) == 20
        assert 1 <= len(held[RETRYING].deliveries) <= 4  # other tests here add some
        EXPLAINED[:] = [one for one in EXPLAINED if one.name not in ("take_webhooks", "deliveries_due")]
        assert await work.take(5, 20) == []
    assert_lean("take_webhooks", 12 * WEBHOOKS)
    for name, pages in [("renew_webhooks", 100), ("release_webhooks", 100), ("record_attempt", 100)]:
        assert_cheap(name, pages)


async def test_a_take_reads_what_it_gives_and_no_more(full: str) -> None:
    async with opened(full) as store:
        await store.delivery_work.take(WEBHOOKS, 1)
        await store.delivery_work.release([WITH_BACKLOG, RETRYING])
        EXPLAINED.clear()
        taken = await store.delivery_work.take(5, 50)
    numbers = {one.webhook.id: [delivery.number for delivery, _ in one.deliveries] for one in taken}
    assert numbers[WITH_BACKLOG] == sorted(numbers[WITH_BACKLOG])
    assert len(numbers[WITH_BACKLOG]) == 50
    assert 1 <= len(numbers[RETRYING]) <= 4
    assert_lean("deliveries_due", 250)


async def test_a_client_s_statements(full: str) -> None:
    async with opened(full) as store:
        webhooks = store.webhooks
        added = (await webhooks.add(a_webhook(UUID("00000000-0000-7000-8000-000000000001")), SECRET)).unwrap().webhook
        page = await webhooks.page(None, 50)
        assert len(page) == 50
        assert max(one.pending for one in page) == MOST_PENDING
        assert await webhooks.change(added.id, described, Action.CHANGED_WEBHOOK) is not None
        assert await webhooks.rotate(added.id, SECRET, utc_now()) is not None
        for one in (added.id, WITH_BACKLOG, RETRYING, DISABLED):
            found = await webhooks.find(one)
            assert found is not None
            test = await webhooks.add_test(one, an_id())
            assert (test is None) == (one == DISABLED)
            for status in (None, *DeliveryStatus):
                await webhooks.deliveries(one, status, None, 50)
                await webhooks.deliveries(one, status, 250_000, 50)
            if test is not None:
                assert await webhooks.delivery(one, test.id) == test
                assert await webhooks.redeliver(one, test.id, lambda one: redeliver(one, utc_now())) is not None
        assert await webhooks.change(added.id, disabled, Action.DISABLED_WEBHOOK) is not None
        assert await webhooks.remove(added.id)
    for name, pages in [
        ("webhooks_counted", 4 * WEBHOOKS),
        ("add_webhook", 60),
        ("add_interests", 100),
        ("webhooks", 3 * MOST_PENDING),
        ("lock_webhook", 20),
        ("change_webhook", 60),
        ("rotate_webhook", 60),
        ("add_test_event", 60),
        ("deliveries_page", 300),
        ("delivery", 20),
        ("redeliver", 80),
        ("give_up", 80),
        ("remove_interests", 60),
        ("remove_webhook", 60),
    ]:
        assert_cheap(name, pages)


async def test_maintenance_touches_pages_for_its_chunk_and_a_descent_for_each_webhook(full: str) -> None:
    async with opened(full) as store:
        assert await store.webhooks.forget_deliveries(utc_now() - timedelta(days=9), 50) == 50  # of the removed one
        assert await store.webhooks.forget_deliveries(utc_now(), 50) == 50
    assert_lean("forget_deliveries", 40 * 50)
    assert_lean("forget_orphans", 8 * WEBHOOKS + 40 * 50)
    assert_lean("disabled_waiting", 10 * WEBHOOKS)


async def test_the_gauge_counts_an_index(full: str) -> None:
    async with opened(full) as store:
        pending = (await store.vitals()).deliveries_pending
    assert pending == MOST_COUNTED
    assert_lean("vitals", pending + 5_000)


async def test_the_end_of_a_large_backlog_costs_some_pages_for_each_delivery(full: str) -> None:
    async with opened(full) as store:
        taken = {one.webhook.id: one for one in await store.delivery_work.take(WEBHOOKS, 1)}[GIVING_UP]
        assert await store.delivery_work.record(*tried(taken.deliveries[0][0], taken.webhook, GONE))
        found = await store.webhooks.find(GIVING_UP)
        assert found is not None
        assert (found.pending, found.webhook.disabled is None) == (0, False)
    with psycopg.connect(full, autocommit=True) as conn:  # as it was, for the next time
        pending = "update webhook_deliveries set status = 'pending', due_at = created_at, ended_at = null"
        conn.execute(f"{pending} where webhook_id = %s and status = 'exhausted'".encode(), [GIVING_UP])
        conn.execute("update webhooks set disabled_at = null, disabled_reason = null where id = %s", [GIVING_UP])
    assert_lean("give_up", 60 * GIVEN_UP_AT_ONCE)


@pytest.mark.parametrize(("script_id", "wanting"), [(WANTED, 3), (UNWANTED, 0)])
async def test_an_event_costs_pages_for_its_subscriptions_and_no_more(full: str, script_id: UUID, wanting: int) -> None:
    """Each of the webhooks is subscribed to the events, of some script."""
    alias = AliasName(f"a{an_id().hex}")
    promotion = Promotion(alias=alias, version=1, precondition=UNCONDITIONAL, note="")
    replay = a_version_replay(script_id)
    async with opened(full) as store:
        moved = await store.aliases.move(
            MoveRequest(script_id=script_id, alias=alias, version=1), lambda facts: promote(promotion, facts)
        )
        assert is_successful(moved)
        await store.replays.add(NewVersionReplay(replay, (), ANONYMOUS))
        assert await store.replay_work.finish(replay.id, REPORT)
        with psycopg.connect(full) as conn:
            recent = "select count(*) from webhook_deliveries where facts ->> 'alias' = %s or facts ->> 'replay' = %s"
            assert conn.execute(recent, [alias.value, str(replay.id)]).fetchone() == (2 * wanting,)
    for name in ("add_move", "finish_replay"):
        (plan,) = (one.plan for one in EXPLAINED if one.name == name)
        (recorded,) = (below for below in plan["Plans"] if below.get("Subplan Name") == "CTE recorded")
        pages = recorded["Shared Hit Blocks"] + recorded["Shared Read Blocks"]
        assert pages <= (5 if wanting == 0 else 200), plan  # the first row of a session reads catalogues

"""Events of moves of aliases and of replays on PostgreSQL: recorded by the statement that brings them about, exactly
once, and announced after it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from adapters.postgres.alias_rows import move_columns
from adapters.postgres.audit import audit_event_columns
from adapters.postgres.connections import connection
from adapters.postgres.json_columns import dump_value
from adapters.postgres.notifier import EVENTS, notifier_of
from adapters.postgres.queries import query
from adapters.postgres.replay_work import PostgresReplayWork
from adapters.postgres.version_replays import PostgresVersionReplays
from application.ports.aliases import MoveRequest
from application.ports.version_replays import NewVersionReplay
from domain.aliases import AliasMove, AliasName, MoveReason
from domain.audit import ANONYMOUS, move_event
from domain.preconditions import UNCONDITIONAL
from domain.promotion import AliasFacts, Promotion, promote
from domain.replay_sums import ReplayCounts
from domain.version_replays import ChosenExecutions, ReplayReport, ReplayRequest, VersionReplay
from domain.webhooks import SUBSCRIBABLE, EventType
from tests.adapters.postgres.delivering import MINUTE, Database, a_database, a_webhook, disabled
from tests.support.values import NOON, an_id

REPORT: Final = ReplayReport(ReplayCounts(total=3, equal=2, now_failing=1))
"""A report of a replay without executions, whose numbers do not matter to the store."""


async def promote_live(database: Database) -> None:
    """Move the alias `live` to the version."""

    def decide(facts: AliasFacts) -> Any:
        return promote(Promotion(alias=AliasName("live"), version=1, precondition=UNCONDITIONAL, note=""), facts)

    request = MoveRequest(script_id=database.script.id, alias=AliasName("live"), version=1)
    (await database.aliases().move(request, decide)).unwrap()


def a_version_replay(script_id: UUID) -> VersionReplay:
    """Make a replay on the first version of a script."""
    return VersionReplay(
        id=an_id(),
        script_id=script_id,
        version=1,
        created_at=NOON,
        created_by=None,
        request=ReplayRequest(selection=ChosenExecutions(())),
    )


async def a_replay(database: Database) -> UUID:
    """Store a replay without executions."""
    replay = a_version_replay(database.script.id)
    await PostgresVersionReplays(database.pool).add(NewVersionReplay(replay, (), ANONYMOUS))
    return replay.id


async def finish_replay(database: Database) -> None:
    """Finish a replay, in two processes at once."""
    replay_id = await a_replay(database)
    processes = [PostgresReplayWork(database.pool, MINUTE) for _ in range(2)]
    assert sum(await asyncio.gather(*(one.finish(replay_id, REPORT) for one in processes))) == 1


async def recorded(database: Database) -> list[tuple[UUID, str, dict[str, Any]]]:
    rows = await database.rows("select webhook_id, event, script_id, facts from webhook_deliveries order by number")
    assert {row["script_id"] for row in rows} <= {database.script.id}
    return [(row["webhook_id"], row["event"], row["facts"]) for row in rows]


@pytest.mark.parametrize(("bring_about", "event"), [(promote_live, "alias.moved"), (finish_replay, "replay.finished")])
async def test_an_event_is_recorded_once_for_each_enabled_webhook_that_wants_it(
    lent_database: Callable[[], str], bring_about: Callable[[Database], Any], event: str
) -> None:
    async with a_database(lent_database()) as database:
        of_all, of_ours = await database.add(), await database.add(a_webhook(database.script.id, an_id()))
        await database.add(a_webhook(an_id()))
        await database.add(a_webhook(disabled=disabled(a_webhook()).disabled))
        await database.add(a_webhook(events=SUBSCRIBABLE - {EventType(event)}))
        await bring_about(database)
        assert sorted((webhook_id, name) for webhook_id, name, _ in await recorded(database)) == sorted(
            [(of_all.id, event), (of_ours.id, event)]
        )
        assert {one.webhook.id for one in await database.work().take(9, 9)} == {of_all.id, of_ours.id}


async def test_the_facts_of_a_move_and_of_a_replay(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        await database.add()
        await promote_live(database)
        await finish_replay(database)
        (_, _, move), (_, _, replay) = await recorded(database)
        assert move == {"alias": "live", "from_version": None, "to_version": 1, "reason": "promotion"}
        assert replay.pop("replay")
        counts = {"total": 3, "equal": 2, "changed": 0, "now_failing": 1, "now_succeeding": 0}
        assert replay == {
            "version": 1,
            "executions": 3,
            "counts": counts | {"skipped": 0, "incomplete": 0},
        }


MOVE: Final = AliasMove(
    alias=AliasName("live"), from_version=None, to_version=1, reason=MoveReason.PROMOTION, at=NOON, note="", key_id=None
)


async def test_what_is_rolled_back_records_nothing(lent_database: Callable[[], str]) -> None:
    async with a_database(lent_database()) as database:
        await database.add()
        move = move_columns(database.script.id, MOVE)
        statements = {
            "add_move": move | audit_event_columns(move_event(database.script.id, MOVE, ANONYMOUS)),
            "finish_replay": {"id": await a_replay(database), "report": dump_value(REPORT)},
        }
        for name, columns in statements.items():
            async with connection(database.pool) as conn, conn.transaction(force_rollback=True):
                row = await (await conn.execute(query(name), columns)).fetchone()
                assert row is not None
                assert row["has_event"] is True
                counted = await conn.execute("select count(*) as events from webhook_deliveries")
                assert await counted.fetchone() == {"events": 1}
            assert await recorded(database) == []


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Callable[[], Any]]:
    """Listen to the senders' channel, and provide a function that waits for a notification."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(f"listen {EVENTS}".encode())

        async def notified() -> str:
            async for one in conn.notifies(timeout=10, stop_after=1):
                return one.channel
            raise AssertionError("no notification")

        yield notified


@pytest.mark.parametrize("bring_about", [promote_live, finish_replay])
async def test_senders_are_woken_when_there_is_something_to_send(
    lent_database: Callable[[], str], bring_about: Callable[[Database], Any]
) -> None:
    async with a_database(lent_database()) as database, listening(database.url) as notified:
        await database.add()
        await bring_about(database)
        assert await notified() == EVENTS


async def test_nobody_is_woken_by_an_event_that_no_webhook_wants(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_database(lent_database()) as database:
        woken = list[None]()
        monkeypatch.setattr(notifier_of(database.pool), "notify_events", lambda: woken.append(None))
        await promote_live(database)
        await finish_replay(database)
        assert (await recorded(database), woken) == ([], [])


async def test_deliveries_have_ids_of_their_own_and_numbers_in_the_order_of_the_events(
    lent_database: Callable[[], str],
) -> None:
    async with a_database(lent_database()) as database:
        webhooks = [await database.add() for _ in range(3)]
        for _ in range(4):
            await finish_replay(database)
        rows = await database.rows("select * from webhook_deliveries order by number")
        assert len({row["id"] for row in rows}) == len({row["number"] for row in rows}) == 12
        finished = await database.rows("select id from version_replays order by finished_at")
        for webhook in webhooks:
            told = [row["facts"]["replay"] for row in rows if row["webhook_id"] == webhook.id]
            assert told == [str(row["id"]) for row in finished]
        for taken in await database.work().take(9, 9):
            numbers = [one.number for one, _ in taken.deliveries]
            assert numbers == sorted(numbers)
            assert [json.loads(one.facts)["replay"] for one, _ in taken.deliveries] == told

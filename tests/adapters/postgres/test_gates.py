"""Gates on PostgreSQL: the facts that are read from the tables of tests and replays, under the lock of the script."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
from returns.pipeline import is_successful

from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.connections import open_pool
from adapters.postgres.scripts import PostgresScripts
from application.ports.aliases import MoveRequest
from domain.aliases import LIVE, AliasName
from domain.gate import Gate, ReplayStanding, TestStanding, replace_gate
from domain.preconditions import UNCONDITIONAL
from domain.promotion import Promotion, PromotionBlocked, Rollback, promote, roll_back
from tests.adapters.postgres.explaining import assert_lean, explaining
from tests.contracts.test_aliases import with_versions
from tests.support.values import an_id
from tests.support.waiting import eventually_sees

GATE = Gate(aliases=frozenset({LIVE}), tests=True)
_TEST = """
insert into script_tests (
    id, script_id, name, created_at, circumstances, input_bytes, input_sha256, encoding, body, expected
)
values (%s, %s, %s, now(), '{}', 1, sha256('1'), 'identity', '1', '1')
"""
_RESULT = "insert into test_results (test_id, version, passed, checked_at) values (%s, %s, %s, now())"
_REPLAY = """
insert into version_replays (id, script_id, version, created_at, wanted, finished_at, accepted_at, acceptance_note)
values (%s, %s, %s, now(), %s, case when %s then now() end, case when %s then now() end, case when %s then 'ok' end)
"""
_REPLAYED = """
insert into version_replay_executions (replay_id, number, original_id, execution_id, outcome)
values (%s, %s, gen_random_uuid(), gen_random_uuid(), %s)
"""


def write_test(conn: psycopg.Connection, script_id: UUID, name: str, **results: bool) -> UUID:
    """Write a test with its results, by version: `v2=True`."""
    test_id = an_id()
    conn.execute(_TEST, [test_id, script_id, name])
    for version, passed in results.items():
        conn.execute(_RESULT, [test_id, int(version[1:]), passed])
    return test_id


def replay(
    conn: psycopg.Connection, script_id: UUID, wanted: Any, outcomes: list[str | None], accepted: bool = False
) -> UUID:
    """Replay on version 2; it has finished if it has an outcome of each execution."""
    replay_id, is_finished = an_id(), None not in outcomes
    conn.execute(_REPLAY, [replay_id, script_id, 2, json.dumps(wanted), is_finished, accepted, accepted])
    for number, outcome in enumerate(outcomes):
        conn.execute(_REPLAYED, [replay_id, number, outcome])
    return replay_id


async def test_the_standing_of_a_version_is_that_of_its_rows(lent_database: Callable[[], str]) -> None:
    url = lent_database()
    async with open_pool(url, "tests", size=1) as pool:
        script = await with_versions(PostgresScripts(pool), 2)
        other = await with_versions(PostgresScripts(pool), 2, "loans")
        with psycopg.connect(url, autocommit=True) as conn:
            write_test(conn, script.id, "b", v2=False, v1=True)
            write_test(conn, script.id, "a", v2=True)
            write_test(conn, script.id, "c", v1=True)
            write_test(conn, other.id, "d", v2=True)
            of_all = replay(conn, script.id, {"last": 9, "since": None, "key": ["id"]}, [])
            mixed = ["equal", "changed", "now-failing", "now-succeeding", "skipped", "incomplete"]
            accepted = replay(conn, script.id, {"last": 6}, [*mixed], accepted=True)
            others: list[Any] = [{"executions": []}, {"last": 2, "since": "2026-01-01"}, {"last": 2, "of_version": 1}]
            for wanted in others:
                replay(conn, script.id, wanted, ["equal"])
            running = replay(conn, script.id, {"last": 2}, ["equal", None])
            replay(conn, other.id, {"last": 1}, ["equal"])
        store = PostgresAliases(pool)
        standing = await store.standing(script.id, 2)
        assert standing.tests == (TestStanding("a", True), TestStanding("b", False), TestStanding("c", None))
        first, second, third = standing.replays
        usual: dict[str, Any] = {"is_finished": True, "is_accepted": False, "different": 0, "incomplete": 0}
        unfinished = usual | {"is_finished": False, "incomplete": 1}
        with_differences = usual | {"is_accepted": True, "different": 3, "incomplete": 1}
        assert first == ReplayStanding(id=running, last=2, total=2, compared=1, **unfinished)
        assert second == ReplayStanding(id=accepted, last=6, total=6, compared=4, **with_differences)
        assert third == ReplayStanding(id=of_all, last=9, total=0, compared=0, **usual)
        assert (await store.standing(script.id, 1)).replays == ()


async def test_a_promotion_waits_for_a_test_that_is_being_written_and_is_blocked_by_it(
    lent_database: Callable[[], str],
) -> None:
    url = lent_database()
    async with open_pool(url, "tests", size=2) as pool:
        store, script = PostgresAliases(pool), await with_versions(PostgresScripts(pool), 2)
        (await store.set_gate(script.id, partial(replace_gate, GATE, UNCONDITIONAL))).unwrap()
        request = MoveRequest(script_id=script.id, alias=LIVE, version=2)
        decide = partial(promote, Promotion(alias=LIVE, version=2))
        with psycopg.connect(url) as writer, psycopg.connect(url, autocommit=True) as observer:
            write_test(observer, script.id, "a", v2=True)
            writer.execute("select from scripts where id = %s for update", [script.id])
            written = write_test(writer, script.id, "b")
            promoting = asyncio.create_task(store.move(request, decide))
            await eventually_sees(lambda: _is_waiting(observer))
            writer.commit()
            blocked = (await promoting).failure()
            assert isinstance(blocked, PromotionBlocked)
            assert [one.test for one in blocked.reasons] == ["b"]
            observer.execute(_RESULT, [written, 2, True])
        assert is_successful(await store.move(request, decide))


async def _is_waiting(conn: psycopg.Connection) -> bool:
    query = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    return conn.execute(query).fetchone() is not None


_MANY: Final = """
insert into script_versions
select %(script)s, n, 'x', sha256('x'), 1000, 1000, 1000, 1000, now() from generate_series(3, 400) n;
insert into alias_moves (script_id, alias, from_version, to_version, reason)
select %(script)s, 'a' || n %% 90, 1 + n / 90 %% 2, 2 - n / 90 %% 2, 'promotion'
from generate_series(0, 40000) n;
insert into script_aliases select %(script)s, 'a' || n, 1, n + 1, now() from generate_series(0, 89) n
"""


async def test_a_move_and_a_look_at_aliases_touch_pages_of_their_own_and_no_more(
    lent_database: Callable[[], str],
) -> None:
    url = lent_database()
    async with explaining(url) as store:
        script = await with_versions(store.scripts, 2)
        other = await with_versions(store.scripts, 2, "loans")
        with psycopg.connect(url, autocommit=True) as conn:
            for statement in _MANY.split(";"):
                conn.execute(statement.encode(), {"script": other.id})
        for number in (1, 2):
            decide = partial(promote, Promotion(alias=LIVE, version=number))
            (await store.aliases.move(MoveRequest(script_id=script.id, alias=LIVE, version=number), decide)).unwrap()
        back = MoveRequest(script_id=script.id, alias=LIVE, needs_history=True)
        (await store.aliases.move(back, partial(roll_back, Rollback(alias=LIVE)))).unwrap()
        assert len(await store.aliases.history(other.id, AliasName("a7"), None, 50)) == 50
        assert len(await store.aliases.all(other.id)) == 90
        assert len((await store.scripts.page(None, 50))[0].aliases) == 90
    for name, pages in [
        ("lock_script", 10), ("alias_facts", 20), ("add_move", 60), ("alias_moves", 120), ("aliases", 20),
        ("scripts_page", 40),
    ]:  # fmt: skip
        assert_lean(name, pages, tiny=("api_keys",))

"""The statements of activity and of the queue touch pages for what they show, beside executions of earlier days."""

from datetime import timedelta
from typing import Final

import psycopg
import pytest

from adapters.postgres.activity import PostgresScriptActivity
from adapters.postgres.connections import open_pool
from adapters.postgres.queue_state import PostgresQueueState
from adapters.postgres.version_usage import PostgresVersionUsage
from adapters.system import utc_now
from application.maintenance.sum_up_activity import sum_up_activity
from domain.activity import Period, window
from domain.queue_state import MOST_SCRIPTS
from tests.adapters.postgres.explaining import EXPLAINED, Explaining, assert_lean
from tests.support.bulk_rows import fill
from tests.support.postgres import copy_template

SCRIPTS: Final = 40
FINISHED: Final = 40_000
PENDING: Final = 2_000
EXAMINED: Final = 400
_EARLIER: Final = """
update executions
set (submitted_at, started_at, finished_at) = (select t, t, t from (values (now() - interval '20 days')) as b (t))
where finished_at is not null
"""


@pytest.fixture(scope="module")
def filled(postgres_server: str) -> str:
    url = copy_template(postgres_server)
    with psycopg.connect(url, autocommit=True) as conn:
        fill(url, scripts=SCRIPTS, finished=FINISHED, pending=[(1, SCRIPTS, PENDING)])
        conn.execute("set session_replication_role = replica")
        conn.execute(_EARLIER)
        conn.execute("vacuum analyze")
    return url


async def test_what_is_over_is_read_from_sums_and_the_rest_by_its_index(filled: str) -> None:
    async with open_pool(filled, "tests", size=1) as pool:
        await sum_up_activity(PostgresScriptActivity(pool))
    with psycopg.connect(filled) as conn:
        scripts = [row[0] for row in conn.execute("select id from scripts").fetchall()]
    EXPLAINED.clear()
    async with open_pool(filled, "tests", size=1, connection_class=Explaining) as pool:
        activity = PostgresScriptActivity(pool)
        read = {period: await activity.read(scripts, window(period, utc_now())) for period in Period}
        assert not await activity.sum_up()
    month = sum(one.total.executions for one in read[Period.MONTH].values())
    assert month == FINISHED
    assert_lean("script_activity", 60 + 20 * SCRIPTS)
    assert_lean("latest_executions", 60 + 20 * SCRIPTS)


async def test_hours_are_added_up_from_their_executions_alone(filled: str) -> None:
    with psycopg.connect(filled, autocommit=True) as conn:
        conn.execute("truncate activity_summed")
        conn.execute("insert into activity_summed values (date_trunc('hour', now()) - interval '1 day')")
    EXPLAINED.clear()
    async with open_pool(filled, "tests", size=1, connection_class=Explaining) as pool:
        await sum_up_activity(PostgresScriptActivity(pool))
    assert_lean("sum_up_activity", 60 + 10 * SCRIPTS)


async def test_the_use_of_versions_is_read_from_the_newest_of_each(filled: str) -> None:
    with psycopg.connect(filled) as conn:
        script = conn.execute("select script_id from executions limit 1").fetchall()[0][0]
    EXPLAINED.clear()
    async with open_pool(filled, "tests", size=1, connection_class=Explaining) as pool:
        found = await PostgresVersionUsage(pool)(script, range(1, 51), EXAMINED)
    assert (found[1].executions, found[1].is_complete, found[50].is_complete) == (EXAMINED, False, True)
    assert_lean("version_usage", EXAMINED + 50 * 4 + 60)


async def test_the_queue_is_read_from_indexes(filled: str) -> None:
    EXPLAINED.clear()
    async with open_pool(filled, "tests", size=1, connection_class=Explaining) as pool:
        state = await PostgresQueueState(pool, timedelta(seconds=15))()
    assert state.waiting == PENDING
    assert len(state.scripts) == MOST_SCRIPTS
    assert_lean("queue_state", PENDING + 30 * SCRIPTS)

"""A service that is told how long to keep executions removes what is older, from its start on."""

from collections.abc import Callable

import psycopg

from tests.filling import fill
from tests.system.conftest import Service
from tests.waiting import eventually

AGE = """
update executions set submitted_at = t, started_at = t, finished_at = t from (select now() - %s::interval as t) before
"""
LEFT = "select count(*), count(content_removed_at) from executions"


def test_old_content_is_removed_and_older_records_too(
    start: Callable[..., Service], new_database: Callable[[], str]
) -> None:
    url = new_database()
    fill(url, scripts=2, finished=320, pending=[])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into execution_inputs select id, 'identity', '[1]' from executions")
        conn.execute(AGE, ["3 days"])
        conn.execute(f"{AGE} where id in (select id from executions order by id limit 120)".encode(), ["10 days"])
        start(DATABASE_URL=url, BATEIA_RETAIN_CONTENT_DAYS="2", BATEIA_RETAIN_ROWS_DAYS="9")
        assert eventually(lambda: conn.execute(LEFT).fetchone() == (200, 200))
        assert conn.execute("select count(*) from execution_inputs").fetchone() == (0,)
        assert conn.execute("select count(*) from execution_results").fetchone() == (0,)
        assert conn.execute("select count(*) from execution_keys").fetchone() == (0,)

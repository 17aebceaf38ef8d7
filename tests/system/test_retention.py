"""A service with a retention removes older executions, from its start on, but for a script with a longer one."""

from collections.abc import Callable

import psycopg

from tests.support.bulk_rows import fill
from tests.support.waiting import eventually
from tests.system.conftest import Service

AGE = """
update executions set submitted_at = t, started_at = t, finished_at = t from (select now() - %s::interval as t) before
"""
LEFT = """
select s.name, count(*), count(e.content_removed_at), count(i.*), count(r.*), count(k.*)
from executions e
join scripts s on s.id = e.script_id
left join execution_inputs i on i.execution_id = e.id
left join execution_results r on r.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
group by s.name order by s.name
"""


def test_old_content_is_removed_and_older_records_too_by_the_script_s_own_days_or_else_the_service_s(
    start: Callable[..., Service], new_database: Callable[[], str]
) -> None:
    url = new_database()
    fill(url, scripts=2, finished=320, pending=[])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into execution_inputs select id, 'identity', '[1]' from executions")
        conn.execute(
            "insert into execution_keys select id, 'old', repeat('w', 60)::bytea from executions on conflict do nothing"
        )
        conn.execute(AGE, ["3 days"])
        conn.execute(f"{AGE} where id in (select id from executions order by id limit 120)".encode(), ["10 days"])
        kept = "update scripts set retain_content_days = 4, retain_rows_days = 30 where name = 'script-2'"
        conn.execute(kept.encode())
        start(DATABASE_URL=url, BATEIA_RETAIN_CONTENT_DAYS="2", BATEIA_RETAIN_ROWS_DAYS="9")
        of_the_service, own = ("script-1", 100, 100, 0, 0, 0), ("script-2", 160, 60, 100, 100, 100)
        assert eventually(lambda: conn.execute(LEFT).fetchall() == [of_the_service, own])

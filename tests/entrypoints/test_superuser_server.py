"""The test server of `tests/support/postgres.py`, which benchmarks start on one folder in turns."""

import psycopg

from tests.support.postgres import TESTER


def test_the_superuser_of_an_earlier_start_is_taken_over(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as conn:
        conn.execute(TESTER.format(password=conn.info.password).encode())
        row = conn.execute("select rolname, rolsuper, rolcanlogin from pg_roles where rolname = current_user")
        assert row.fetchone() == ("tester", True, True)
        conn.rollback()  # the other tests connect by the cheap password that is there

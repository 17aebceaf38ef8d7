"""The test server of `tests/support/postgres.py`, which benchmarks start on one folder in turns."""

from pathlib import Path

import psycopg

from tests.support.postgres import superuser_server


def test_the_superuser_of_an_earlier_start_is_taken_over(tmp_path: Path) -> None:
    with superuser_server(tmp_path):
        pass
    with superuser_server(tmp_path) as url, psycopg.connect(url) as conn:
        row = conn.execute("select rolname, rolsuper, rolcanlogin from pg_roles where rolname = current_user")
        assert row.fetchone() == ("tester", True, True)

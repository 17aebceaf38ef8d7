"""A database that dies, hangs up or dawdles in the middle of load: nothing acknowledged is lost, nothing is doubled."""

import os
import signal
from collections.abc import Callable
from functools import partial

import psycopg

from tests.support.processes import running
from tests.support.proxy import a_proxy
from tests.support.waiting import eventually
from tests.system.conftest import Service
from tests.system.ledger import Ledger

CUT = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
LISTENERS = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name like 'listener on %'
"""
NO_ATTEMPT_RUNS_OUT = {"BATEIA_ATTEMPTS": "20"}


def test_a_database_that_is_killed_or_shut_down_costs_nothing_that_was_acknowledged(
    start: Callable[..., Service],
) -> None:
    service = start(**NO_ATTEMPT_RUNS_OUT)
    with Ledger(service.url) as ledger:
        for how in (signal.SIGKILL, signal.SIGINT):
            eventually(ledger.goes_on())
            postmaster = service.postmaster()
            os.kill(postmaster, how)
            eventually(partial(ended, postmaster))
            eventually(service.postmaster)
            eventually(ledger.goes_on())
    ledger.check()


def ended(pid: int) -> bool:
    return not running(pid)


def test_connections_that_are_cut_again_and_again_are_made_again(
    start: Callable[..., Service], new_database: Callable[[], str]
) -> None:
    url = new_database()
    service = start(DATABASE_URL=url, **NO_ATTEMPT_RUNS_OUT)
    with Ledger(service.url) as ledger, psycopg.connect(url, autocommit=True) as conn:
        for _ in range(8):
            eventually(ledger.goes_on(15))
            cut = conn.execute(CUT).fetchone()
            assert cut is not None
            assert cut[0] >= 2  # of the pools of API and worker, and a listener of each, as far as they are back
        eventually(lambda: listeners(conn) == 2)
        eventually(ledger.goes_on())
    ledger.check()
    assert "Traceback" not in service.log.read_text()


def listeners(conn: psycopg.Connection) -> int:
    row = conn.execute(LISTENERS).fetchone()
    return int(row[0]) if row else 0


def test_a_database_that_dawdles_and_falls_silent_is_waited_for(
    start: Callable[..., Service], new_database: Callable[[], str]
) -> None:
    with a_proxy(new_database()) as proxy:
        service = start(DATABASE_URL=proxy.url, **NO_ATTEMPT_RUNS_OUT)
        with Ledger(service.url) as ledger:
            eventually(ledger.goes_on())
            proxy.delay_seconds = 0.05
            eventually(ledger.goes_on())
            proxy.delay_seconds = 0
            proxy.cut()
            assert service.client.get("/health/live", timeout=1).status_code == 200
            not_ready = service.client.get("/health/ready", timeout=5)  # it gives up after 2 s
            assert (not_ready.status_code, not_ready.json()["ready"]) == (503, False)
            eventually(lambda: "background task renew_leases failed" in service.log.read_text())
            proxy.mend()
            eventually(ledger.goes_on())
        ledger.check()
        assert service.client.get("/health/ready").status_code == 200
        assert service.stop() == 0  # with its database: without one it would wait for it

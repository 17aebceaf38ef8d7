"""The whole service with a PgBouncer before its database, and with a role that has few connections."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support.hostile_role import ROLE
from tests.support.pgbouncer import PgBouncer, a_pgbouncer
from tests.support.postgres import copy_template, database_of
from tests.support.postgres_server import PASSWORD, TcpServer
from tests.support.waiting import eventually
from tests.system.conftest import Service
from tests.system.ledger import Ledger

MANY = 250
CUT = """
select count(pg_terminate_backend(pid, 5000)) from (
    select array_agg(pid) filter (where pg_terminate_backend(pid)) as pids from pg_stat_activity
    where datname = '{}' and pid <> pg_backend_pid() and backend_type = 'client backend'
) as signalled, unnest(pids) as pid
"""
"""Ends all at once, and then waits for their ends; a wait after each signal would take 0.1 s for each connection."""


@pytest.fixture
def direct_url(tcp_server: TcpServer) -> str:
    """Create a migrated database, for the role with unusual defaults."""
    return tcp_server.url(database_of(copy_template(tcp_server.url())), ROLE)


@pytest.fixture
def pooled(direct_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], PgBouncer]]:
    """Provide a function that runs a PgBouncer of that mode before that database."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("pooler")
        yield lambda mode: stack.enter_context(a_pgbouncer(direct_url, folder, mode))


def notifications(service: Service) -> dict[str, Any]:
    """Read the notification check of readiness."""
    answer = service.client.get("/health/ready")
    assert answer.status_code == 200, answer.text
    checks: dict[str, dict[str, Any]] = answer.json()["checks"]
    return checks["notifications"]


@pytest.mark.parametrize(
    ("mode", "settings", "listens"),
    [
        ("session", {"DATABASE_POOLER": "session"}, True),
        ("session", {}, False),
        ("transaction", {}, False),
        ("transaction", {"DATABASE_POOLER": "transaction"}, True),
    ],
)
def test_every_execution_ends_once_and_rightly_behind_a_pooler(
    pooled: Callable[[str], PgBouncer],
    start: Callable[..., Service],
    direct_url: str,
    mode: str,
    settings: dict[str, str],
    listens: bool,
) -> None:
    pooler = pooled(mode)
    direct = {"DATABASE_DIRECT_URL": direct_url} if listens and mode == "transaction" else {}
    service = start(DATABASE_URL=pooler.url, **settings, **direct)
    eventually(lambda: notifications(service)["status"] == ("ok" if listens else "warning"))
    assert ("DATABASE_DIRECT_URL" in service.log.read_text()) is not listens
    with Ledger(service.url, connections=10) as ledger:
        eventually(ledger.goes_on(MANY), 60)
    ledger.check()
    assert ledger.refused == []


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_pooler_that_starts_again_under_load_costs_nothing_that_was_acknowledged(
    pooled: Callable[[str], PgBouncer], start: Callable[..., Service], mode: str
) -> None:
    pooler = pooled(mode)
    service = start(DATABASE_URL=pooler.url, BATEIA_ATTEMPTS="20")
    with Ledger(service.url) as ledger:
        for how in (signal.SIGTERM, signal.SIGKILL):
            eventually(ledger.goes_on())
            pooler.restart(how)
        eventually(ledger.goes_on())
    ledger.check()
    assert notifications(service)["status"] == "warning"


def test_requests_after_all_connections_were_ended_are_answered(
    start: Callable[..., Service], direct_url: str, tcp_server: TcpServer
) -> None:
    service = start(DATABASE_URL=direct_url)
    cut = CUT.format(database_of(direct_url))
    assert service.host("same", "const process = d => d;").status_code == 201
    done = service.submit("same", '"first"', wait=20).json()
    paths = ["/v1/scripts", "/v1/scripts/same", "/v1/scripts/same/versions/1/source", "/v1/executions"]
    paths += [f"/v1/executions/{done['id']}{part}" for part in ("", "/result", "/input")] + ["/v1/audit"]
    with ThreadPoolExecutor(10) as threads:
        for path in paths:
            list(threads.map(lambda _, path=path: service.client.get(path), range(10)))  # as many connections
            tcp_server.execute(cut)
            answers = list(threads.map(lambda _, path=path: service.client.get(path).status_code, range(10)))
            assert answers == [200] * 10, path
        tcp_server.execute(cut)
        submitted = list(threads.map(lambda number: service.submit("same", f'"{number}"').status_code, range(10)))
    assert submitted == [202] * 10
    listed = service.client.get("/v1/executions?script=same&limit=200").json()["items"]
    assert len({one["input"]["sha256"] for one in listed}) == len(listed) == 11


def test_submissions_while_connections_end_are_stored_once_or_refused(
    start: Callable[..., Service], direct_url: str, tcp_server: TcpServer
) -> None:
    service = start(DATABASE_URL=direct_url, BATEIA_ATTEMPTS="20")
    with Ledger(service.url) as ledger:
        for _ in range(20):
            eventually(ledger.goes_on(3))
            tcp_server.execute(CUT.format(database_of(direct_url)))
    ledger.check()


def limited(tcp_server: TcpServer, name: str, connections: int) -> str:
    """Create a migrated database for a role with so many connections."""
    database = database_of(copy_template(tcp_server.url()))
    tcp_server.execute(
        f"create role {name} login password '{PASSWORD}' connection limit {connections}",
        f"grant admin to {name}",
    )
    return tcp_server.url(database, name)


def test_a_role_with_four_connections_has_both_listeners(start: Callable[..., Service], tcp_server: TcpServer) -> None:
    url = limited(tcp_server, "four", 4)
    service = start(DATABASE_URL=url)
    with Ledger(service.url) as ledger:
        eventually(ledger.goes_on(100))
    ledger.check()
    eventually(lambda: notifications(service) == {"status": "ok", "detail": None})
    assert "not listening" not in service.log.read_text()


def test_without_connections_for_listeners_all_work_is_done_with_a_warning(
    start: Callable[..., Service], tcp_server: TcpServer
) -> None:
    url = limited(tcp_server, "six", 6)
    service = start(DATABASE_URL=url)
    tcp_server.execute("alter role six connection limit 0")
    tcp_server.execute(
        f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{database_of(url)}' "
        "and application_name like 'listener on %'"
    )
    eventually(lambda: "CONNECTION LIMIT" in (notifications(service)["detail"] or ""))
    assert notifications(service)["status"] == "warning"
    assert service.log.read_text().count("no listener on bateia_ended") <= 2
    with Ledger(service.url, connections=2) as ledger:
        eventually(ledger.goes_on(20))
    ledger.check()
    assert service.submit(ledger.script, '{"number": -1}', wait=20).json()["status"] == "succeeded"
    tcp_server.execute("alter role six connection limit 20")
    eventually(lambda: notifications(service)["status"] == "ok")

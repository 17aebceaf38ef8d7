"""A health check says yes to what works, and no to all else, as an exit status."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest

from entrypoints.health import api_works, worker_works
from tests.support.processes import clean_environment, free_port


@contextmanager
def answering(status: int, path: str = "/health/ready") -> Iterator[int]:
    """Provide the port of a process whose health, at that path, is this status."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == path else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield server.server_port
        thread.join()


@pytest.mark.parametrize(("status", "works"), [(200, True), (503, False)])
def test_an_api_works_if_it_reports_ready(monkeypatch: pytest.MonkeyPatch, status: int, works: bool) -> None:
    with answering(status) as port:
        monkeypatch.setenv("BATEIA_PORT", str(port))
        assert api_works() is works


@pytest.mark.parametrize(("status", "works"), [(200, True), (503, False)])
def test_a_worker_with_a_port_works_if_its_port_reports_so(
    monkeypatch: pytest.MonkeyPatch, status: int, works: bool
) -> None:
    with answering(status, "/health") as port:
        monkeypatch.setenv("BATEIA_WORKER_METRICS_PORT", str(port))
        assert worker_works() is works


def test_without_a_listener_nothing_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BATEIA_PORT", "BATEIA_WORKER_METRICS_PORT"):
        monkeypatch.setenv(name, str(free_port()))
    assert (api_works(), worker_works()) == (False, False)


def check_worker(repository: Path, url: str) -> int:
    command = [sys.executable, "-m", "entrypoints.health", "worker"]
    env = clean_environment() | {"DATABASE_URL": url, "BATEIA_LEASE_SECONDS": "60"}
    return subprocess.run(command, cwd=repository, env=env, check=False).returncode


def test_a_worker_without_a_port_works_if_it_was_seen_on_this_host_within_a_lease(
    new_database: Callable[[], str], repository: Path
) -> None:
    url, host = new_database(), socket.gethostname()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into workers values (%s, now()), (%s, now() - interval '61 s')", ["x:1", f"{host}:1"])
        assert check_worker(repository, url) == 1
        conn.execute("insert into workers values (%s, now())", [f"{host}:2"])
        assert check_worker(repository, url) == 0
    assert check_worker(repository, f"postgresql://user:canary@127.0.0.1:{free_port()}/none") == 1

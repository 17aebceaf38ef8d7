"""The whole service as a user starts it: real processes, an embedded PostgreSQL, a port of its own."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from adapters.postgres.schema import migrate
from entrypoints.embedded_postgres.cluster import socket_folder
from entrypoints.embedded_postgres.embedded import PORT, embedded_postgres
from entrypoints.embedded_postgres.socket_url import reachable, url_of
from tests.support.folders import let_others_through
from tests.support.processes import clean_environment, command, family, free_port, running
from tests.support.waiting import eventually


class Service:
    """A running `entrypoints.serve` and a client of it."""

    prefix: tuple[str, ...] = ()
    """A program and its words that start it, in its own process."""

    def __init__(self, data_dir: Path, repository: Path, *prefix: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        env = clean_environment() | {
            "BATEIA_PORT": str(self.port),
            "BATEIA_DATA_DIR": str(data_dir),
            "BATEIA_LEASE_SECONDS": "3",
            "BATEIA_API_PROCESSES": "1",  # starts in half the time of two; `test_several_apis.py` has more
            "BATEIA_WORKERS": "1",
        }
        command = [*self.prefix, *prefix, sys.executable, "-m", "entrypoints.serve"]
        self.data_dir = data_dir
        self.log = data_dir.with_suffix(".log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=repository, env=env | settings, stdout=log, stderr=log)
        self._links, self._database_url = ExitStack(), ""
        self.client = httpx.Client(base_url=self.url, timeout=70, verify=False)  # certificates take a while to load
        eventually(self._ready, 60, pause=0.03)  # each look takes from the processor that is to be ready

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return bool(self.client.get("/health/ready").json()["workers"])
        except httpx.TransportError:
            return False

    def pids(self, module: str) -> list[int]:
        """List the processes that run this module."""
        return [pid for pid in family(self.process.pid) if f" -m {module} " in f"{command(pid)} "]

    def workers(self) -> list[int]:
        """List the processes that run executions: workers, and API processes with slots."""
        with_slots = [pid for pid in self.pids("entrypoints.api") if "--work" in command(pid).split()]
        return [*with_slots, *self.pids("entrypoints.worker")]

    @property
    def database_url(self) -> str:
        """The embedded PostgreSQL, as the service's role, while the tests run."""
        if not self._database_url:
            path = self._links.enter_context(reachable(socket_folder(self.data_dir / "postgres"), PORT))
            self._database_url = url_of(path, PORT)
        return self._database_url

    def postmaster(self) -> int:
        """Return the main process of the embedded PostgreSQL; 0 if there is none."""
        try:
            pid = int((self.data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return 0
        return pid if pid in family(self.process.pid) and running(pid) else 0

    def host(self, name: str, source: str) -> httpx.Response:
        """Upload a script."""
        return self.client.post(f"/v1/scripts?name={name}", content=source, headers={"Content-Type": "text/javascript"})

    def submit(self, name: str, dataset: str, wait: int = 0) -> httpx.Response:
        """Submit a dataset."""
        headers = {"Content-Type": "application/json"} | ({"Prefer": f"wait={wait}"} if wait else {})
        return self.client.post(f"/v1/scripts/{name}/executions", content=dataset, headers=headers)

    def read(self, execution_id: str, wait: int = 0) -> dict[str, Any]:
        """Read an execution."""
        headers = {"Prefer": f"wait={wait}"} if wait else {}
        answer = self.client.get(f"/v1/executions/{execution_id}", headers=headers)
        assert answer.status_code == 200, answer.text
        execution: dict[str, Any] = answer.json()
        return execution

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the supervisor and wait for its end; its exit status."""
        self._links.close()
        self.process.send_signal(how)
        return self.process.wait(60)


WAIT = """
import http.client, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.netloc, timeout=60)
connection.request("GET", url.path, headers={"Prefer": "wait=60"})
print("sent", flush=True)
print(connection.getresponse().read().decode())
"""


@contextmanager
def begin_to_wait(service: Service, execution_id: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process that waits for the execution to end and prints the API's answer."""
    command = [sys.executable, "-c", WAIT, f"{service.url}/v1/executions/{execution_id}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as waiting:
        try:
            assert waiting.stdout is not None
            assert waiting.stdout.readline() == b"sent\n"
            service.read(execution_id)  # an answer to a later request: the API has begun to wait
            yield waiting
        finally:
            waiting.kill()


def provide_cluster(data_dir: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
    """Put the files of a migrated embedded database there, unless the service has another or has been there before.

    Making and migrating one takes longer than all else at a first start. `test_local_users.py`, `test_serve.py` and
    `tests/entrypoints/` have services and servers make their own.
    """
    if "DATABASE_URL" in settings or data_dir.exists():
        return
    data_dir.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", "--reflink=auto", _new_cluster(data_dir.parents[1]) / "postgres", data_dir], check=True)


@cache
def _new_cluster(session: Path) -> Path:
    """Create the files of a migrated embedded database, in the session's folder, which is removed with it."""
    folder = session / "new-cluster"
    with embedded_postgres(folder, ["fsync=off"]) as url:
        migrate(url)
    return folder


@contextmanager
def a_service(folder: Path, *prefix: str, **settings: str) -> Iterator[Service]:
    """Run a service for the block, or for a module's tests, with its data in that folder. It has to end in order."""
    let_others_through(folder)
    provide_cluster(folder / "data", settings)
    service = Service(folder / "data", Path(__file__).parents[2], *prefix, **settings)
    try:
        yield service
    finally:
        service.client.close()
        status = service.stop()
    assert status == 0


@pytest.fixture
def start(tmp_path: Path, repository: Path) -> Iterator[Callable[..., Service]]:
    """Start services on one data folder, one after another; all that still run are ended."""
    started: list[Service] = []
    let_others_through(tmp_path)

    def start_one(*prefix: str, **settings: str) -> Service:
        provide_cluster(tmp_path / "data", settings)
        started.append(Service(tmp_path / "data", repository, *prefix, **settings))
        return started[-1]

    yield start_one
    for service in started:
        service.client.close()
        if service.process.poll() is None:
            service.stop()

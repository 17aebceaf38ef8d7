"""Several API processes on one port: any of them answers, and a reader is woken whichever took the submission."""

import errno
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.processes import cpu_ticks, family, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service

IDENTITY = "function process(d) { return d; }"
ENDLESS = "function process(d) { for (;;); }"


def executed(service: Service, number: int) -> tuple[bool, object]:
    """Read an execution on two connections of their own: the one that submits it, and one that waits for it."""
    connect = partial(httpx.Client, base_url=service.url, timeout=70, verify=False)
    with connect() as one, connect() as other:
        body = str(number)
        submitted = one.post(
            "/v1/scripts/same/executions", content=body, headers={"Content-Type": "application/json"}
        ).json()
        read = other.get(f"/v1/executions/{submitted['id']}", headers={"Prefer": "wait=30"}).json()
        return submitted["status"] in {"pending", "running"}, read["result"]


def all_execute(service: Service, count: int) -> bool:
    """Tell whether so many executions, eight at a time, succeed with the right results."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(partial(executed, service), range(count))) == [(True, n) for n in range(count)]


def sockets_of(pid: int) -> int:
    return sum(str(path.readlink()).startswith("socket:") for path in Path(f"/proc/{pid}/fd").iterdir())


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def is_refused(service: Service) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", service.port)) == errno.ECONNREFUSED


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"BATEIA_API_PROCESSES": "2", "BATEIA_WORKERS": "2", "BATEIA_SLOTS": "1", "BATEIA_WALL_MS": "60000"}
    with a_service(tmp_path_factory.mktemp("several"), **settings) as running_one:
        running_one.host("same", IDENTITY)
        running_one.host("endless", ENDLESS)
        eventually(lambda: running_one.client.get("/health/ready").json()["workers"] == 2, 60)
        yield running_one


def test_a_burst_of_connections_is_spread_over_the_processes(service: Service) -> None:
    before = {pid: sockets_of(pid) for pid in service.pids("entrypoints.api")}
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", service.port), 10)) for _ in range(160)]
        for client in clients:
            client.sendall(f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n\r\n".encode())
        assert {client.recv(12) for client in clients} == {b"HTTP/1.1 200"}
        taken = [sockets_of(pid) - known for pid, known in before.items()]
    assert len(taken) == 2
    assert min(taken) > 20  # of 160, of which some may be taken over on a busy machine


def test_the_loss_of_one_process_is_not_the_service_s(service: Service) -> None:
    assert all_execute(service, 40)
    hung, lost = service.pids("entrypoints.api")
    with stopped(hung):
        assert all_execute(service, 20)
    os.kill(lost, signal.SIGKILL)
    assert all_execute(service, 40)
    eventually(lambda: not running(lost), 30)
    eventually(lambda: len(service.pids("entrypoints.api")) == 2, 60)


def test_short_executions_pass_a_long_one_in_the_only_slot_of_a_process(service: Service) -> None:
    assert all_execute(service, 8)  # runs count as short from now on
    eventually(lambda: service.client.get("/health/ready").json()["workers"] == 2, 60)
    execution_id = service.submit("endless", "1").json()["id"]
    eventually(lambda: service.read(execution_id)["status"] == "running")
    assert all_execute(service, 20)
    assert service.client.post(f"/v1/executions/{execution_id}/cancel").json()["error"]["kind"] == "cancelled"


class LogReader:
    """A client that follows the log of an execution, whichever process answers."""

    def __init__(self, service: Service, execution_id: str) -> None:
        self._url, self._position = f"{service.url}/v1/executions/{execution_id}/log", ""
        self.lines: list[str] = []
        self.attempts: set[int] = set()
        self.truncated = self.interrupted = False

    def read(self, wait: int = 0) -> bool:
        """Read what is new, and wait so long for it; false while the process that would answer has died."""
        params, prefer = {"after": self._position} if self._position else {}, {"Prefer": f"wait={wait}"}
        try:
            answer = httpx.get(self._url, params=params, headers=prefer, verify=False, timeout=wait + 5)
        except httpx.TransportError:
            return False
        assert answer.status_code == 200, answer.text
        log = answer.json()
        self.lines[log["first_line"] :] = [line["message"] for line in log["lines"]]
        self._position, self.truncated, self.interrupted = log["position"], log["truncated"], log["interrupted"]
        self.attempts.add(log["attempt"])
        return True


def runner_of(service: Service) -> int:
    """Return the worker whose script computes."""
    busy = {pid: max(map(cpu_ticks, family(pid)[1:]), default=0) for pid in service.workers()}
    return max(busy, key=lambda pid: busy[pid])


def test_a_worker_that_is_killed_takes_its_log_with_it_and_the_next_attempt_is_followed(service: Service) -> None:
    service.host("talks", "function process(d) { console.log('one'); console.log('two'); for (;;); }")
    execution_id = service.submit("talks", "1").json()["id"]
    reader = LogReader(service, execution_id)
    eventually(lambda: reader.read() and reader.lines == ["one", "two"])
    os.kill(runner_of(service), signal.SIGKILL)

    def lost() -> bool:
        return reader.read() and reader.lines == []

    eventually(lost, 60)
    eventually(lambda: reader.read() and reader.lines == ["one", "two"] and 2 in reader.attempts, 60)
    assert service.client.post(f"/v1/executions/{execution_id}/cancel").status_code == 200
    eventually(lambda: len(service.pids("entrypoints.api")) == 2, 60)


def test_a_script_that_floods_its_log_shows_the_first_lines_and_slows_no_other(service: Service) -> None:
    service.host(
        "floods", "function process(d) { for (let n = 0; ; n += 1) console.log(n, '\\ud83d'.repeat(n % 99)); }"
    )
    execution_id = service.submit("floods", "1").json()["id"]
    reader = LogReader(service, execution_id)
    assert reader.read(wait=60)
    assert reader.lines
    eventually(lambda: reader.read() and reader.truncated)
    assert reader.lines[:3] == ["0 ", "1 \ufffd", "2 \ufffd\ufffd"]
    assert sum(len(line) for line in reader.lines) < 64 * 1024
    assert all_execute(service, 20)
    stored = list(reader.lines)
    assert service.client.post(f"/v1/executions/{execution_id}/cancel").status_code == 200
    assert reader.read()
    assert (reader.lines, reader.truncated, reader.interrupted) == (stored, True, True)


def test_clients_are_refused_as_soon_as_the_service_stops(service: Service) -> None:
    """Also while an execution still has time to end."""
    execution_id = service.submit("endless", "1").json()["id"]
    eventually(lambda: service.read(execution_id)["status"] == "running")
    service.process.send_signal(signal.SIGTERM)
    eventually(lambda: is_refused(service))
    assert service.process.poll() is None
    assert service.stop() == 0

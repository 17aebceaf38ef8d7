"""Clients that request large bodies and do not read them, against the real processes.

Memory is bounded and accounted for, other clients are answered, and all of it is released.
"""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

import pytest

from domain.limits import MIB
from tests.support.postgres import copy_template
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service
from tests.system.test_bodies import JSON_TYPE, memory
from tests.system.test_clients import RESET

DATASET_BYTES: Final = 32 * MIB
BUDGET_BYTES: Final = 2 * DATASET_BYTES + 16 * MIB
CLIENTS: Final = 60
SERVED_AT_LEAST: Final = 30


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Service]:
    settings = {
        "BATEIA_INFLIGHT_BYTES": str(BUDGET_BYTES),
        "BATEIA_DATASET_BYTES": str(DATASET_BYTES),
        "BATEIA_PACE_SECONDS": "2",
    }
    with a_service(tmp_path_factory.mktemp("slow"), DATABASE_URL=copy_template(postgres_server), **settings) as one:
        one.host("count", "function process(d) { return d.length; }")
        yield one


@pytest.fixture(scope="module")
def path(service: Service) -> str:
    """Submit a dataset that hardly compresses, and return its path."""
    characters = bytes(one if 35 <= one < 92 or 93 <= one < 127 else 35 + one % 57 for one in range(256))
    dataset = b'"' + os.urandom(DATASET_BYTES - 2).translate(characters) + b'"'
    answer = service.client.post("/v1/scripts/count/executions", content=dataset, headers=JSON_TYPE | WAITING)
    assert answer.json()["result"] == len(dataset) - 2
    return f"/v1/executions/{answer.json()['id']}/input"


WAITING: Final = {"Prefer": "wait=60"}


def gauge(service: Service, name: str) -> float:
    found = re.search(rf"^bateia_http_{name}_bytes_in_flight (\S+)$", service.client.get("/metrics").text, re.MULTILINE)
    assert found is not None
    return float(found[1])


@contextmanager
def clients(service: Service, path: str, count: int, accept: str = "identity") -> Iterator[list[socket.socket]]:
    """Connect clients that have sent a request and read the response's status. Their kernel reads little."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{service.port}\r\nAccept-Encoding: {accept}\r\n\r\n".encode()
    with ExitStack() as stack:
        connections = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in connections:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            one.settimeout(30)
            one.connect(("127.0.0.1", service.port))
            one.sendall(request)
        yield connections


@pytest.mark.parametrize("accept", ["identity", "gzip", "zstd"])
def test_clients_that_read_nothing_hold_little_which_is_accounted_for_and_released(
    service: Service, path: str, accept: str
) -> None:
    (api,) = service.pids("entrypoints.api")
    before = memory(api, "VmRSS")
    with clients(service, path, CLIENTS, accept) as slow:
        statuses = [one.recv(12) for one in slow]
        assert set(statuses) <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert statuses.count(b"HTTP/1.1 200") >= SERVED_AT_LEAST
        held = gauge(service, "response")
        assert 0 < held <= gauge(service, "body") <= BUDGET_BYTES
        grown = memory(api, "VmRSS") - before
        print(f"{accept}: {statuses.count(b'HTTP/1.1 200')} served, RSS + {grown / MIB:.1f}, held {held / MIB:.1f} MiB")
        assert grown < BUDGET_BYTES
        assert service.client.get("/v1/executions").json()["items"]
        for one in slow[::2]:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            one.close()
        eventually(lambda: gauge(service, "response") == 0, 60)
    assert service.client.get(path).status_code == 200


def test_a_client_that_reads_too_slowly_is_disconnected(service: Service, path: str) -> None:
    with clients(service, path, 1) as (slow,):
        slow.recv(12)
        eventually(lambda: _read(slow, 1) is None or gauge(service, "response") == 0, 60, pause=0.2)
        assert eventually(lambda: gauge(service, "response") == 0)
    assert "reads its response too slowly" in service.log.read_text()


def test_a_client_that_reads_steadily_is_served_to_the_end(service: Service, path: str) -> None:
    """At some 60 KiB a second for several windows, and then the rest at once."""
    with clients(service, path, 1) as (steady,):
        read = [0]

        def some(size: int) -> bool:
            read[0] += len(_read(steady, size) or b"")
            return read[0] > 450 * 1024

        eventually(lambda: some(3_072), 60, pause=0.05)
        eventually(lambda: some(MIB) and read[0] > DATASET_BYTES, 60, pause=0)


def _read(client: socket.socket, size: int) -> bytes | None:
    """Receive the next bytes; None where the connection was reset."""
    with suppress(ConnectionResetError):
        return client.recv(size)
    return None

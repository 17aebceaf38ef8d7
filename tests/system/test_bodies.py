"""Bodies that are meant to hurt, sent to the real processes: a bomb, and clients that never get done."""

import re
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest

from tests.adapters.http.api import slug
from tests.adapters.http.codings import gzipped, zstd_bomb
from tests.support.postgres import copy_template
from tests.system.conftest import Service, a_service

JSON_TYPE: Final = {"Content-Type": "application/json"}
MB: Final = 1_000_000


def ten_gigabytes() -> bytes:
    """Compress 10 GB of zeros to one gzip member of 10 MB; its trailer is never reached."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflate.compress(bytes(32_768))
    deflate.flush(zlib.Z_FULL_FLUSH)
    once = deflate.compress(bytes(100 * MB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + once * 100


def memory(pid: int, what: str) -> int:
    """Read a figure of the process in bytes: `VmRSS` for now, `VmHWM` for the most ever."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Service]:
    settings = {"BATEIA_SILENCE_SECONDS": "2", "BATEIA_PACE_SECONDS": "3"}
    with a_service(tmp_path_factory.mktemp("bodies"), DATABASE_URL=copy_template(postgres_server), **settings) as one:
        one.host("honest", "function process(d) { return d.length; }")
        yield one


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_is_refused_and_costs_little_memory(service: Service, coding: str) -> None:
    bomb = ten_gigabytes() if coding == "gzip" else zstd_bomb(80_000)
    headers = JSON_TYPE | {"Content-Encoding": coding}
    path = "/v1/scripts/honest/executions"
    small = service.client.post(path, content=gzipped(b"[1]"), headers=JSON_TYPE | {"Content-Encoding": "gzip"})
    assert small.status_code == 202
    (api,) = service.pids("entrypoints.api")
    before = memory(api, "VmRSS")
    answer = service.client.post(path, content=bomb, headers=headers)
    assert slug(answer) == (413, "dataset-too-large")
    grown = memory(api, "VmHWM") - before
    print(f"{coding}: {len(bomb) / MB:.1f} MB sent, the API has grown by {grown / MB:.1f} MB")
    assert grown < 100 * MB
    assert service.client.get("/v1/executions").status_code == 200


BODY: Final = (
    b"POST /v1/scripts/honest/executions HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000000\r\n\r\n["
)
HEAD: Final = b"GET /health/live HTTP/1.1\r\nHost: localhost:%d\r\nX-Slow: "


@pytest.mark.parametrize(("begun", "seconds"), [(BODY, 3), (HEAD, 2)])
def test_a_client_that_sends_too_slowly_gets_a_refusal_and_is_disconnected(
    service: Service, begun: bytes, seconds: int
) -> None:
    began, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.settimeout(0.2)
        slow.sendall(begun % service.port)
        while not answer.endswith(b"}"):
            assert time.monotonic() - began < 30
            try:
                came = slow.recv(65_536)
                assert came, "the answer comes before the end"
                answer += came
            except TimeoutError:
                slow.sendall(b"1")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/request-timeout" in answer
    assert time.monotonic() - began >= seconds


@pytest.mark.parametrize("clients", [1, 40])
def test_pipelined_requests_cost_no_memory_and_leave_room_for_other_clients(service: Service, clients: int) -> None:
    (api,) = service.pids("entrypoints.api")
    request = b"GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % service.port
    flood = request * (20 * MB // clients // len(request))
    service.client.get("/")
    before = peak = memory(api, "VmRSS")
    with ExitStack() as stack:
        greedy = [stack.enter_context(socket.create_connection(("127.0.0.1", service.port))) for _ in range(clients)]
        for one in greedy:
            one.setblocking(False)
        rest = [memoryview(flood)] * clients
        for _ in range(200):
            for number, one in enumerate(greedy):
                rest[number] = rest[number][sent_to(one, rest[number]) :]
                read_from(one)
            assert service.client.get("/health/live").status_code == 200
            peak = max(peak, memory(api, "VmRSS"))
    print(f"{clients} clients: the API has grown by {(peak - before) / MB:.1f} MB")
    assert peak - before < 40 * MB


def sent_to(one: socket.socket, data: memoryview) -> int:
    """Send what there is room for."""
    try:
        return one.send(data[: 1 * MB])
    except BlockingIOError:
        return 0


def read_from(one: socket.socket) -> None:
    """Read the waiting bytes of the answers, which would stop the flood otherwise."""
    with suppress(BlockingIOError):
        while one.recv(1 * MB):
            pass

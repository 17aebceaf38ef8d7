"""Clients that disconnect, and too many at once: their accepted executions end once, and health checks are answered."""

import hashlib
import json
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.postgres import copy_template
from tests.support.proxy import Proxy, a_proxy
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service

RESET = struct.pack("ii", 1, 0)


def hang_up(service: Service, body: bytes, announced: int, request_id: str, reset: bool = False) -> None:
    """Send a submission's head and body, and close the connection without reading."""
    head = (
        f"POST /v1/scripts/honest/executions HTTP/1.1\r\nHost: localhost:{service.port}\r\n"
        f"X-Request-Id: {request_id}\r\nContent-Type: application/json\r\nContent-Length: {announced}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.sendall(head.encode() + body)


@pytest.fixture(scope="module")
def proxy(postgres_server: str) -> Iterator[Proxy]:
    with a_proxy(copy_template(postgres_server)) as between:
        yield between


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("clients"), DATABASE_URL=proxy.url) as one:
        yield one


def test_a_client_that_disconnects_leaves_nothing_or_an_execution_that_ends_once(service: Service) -> None:
    service.host("honest", "function process(d) { return d; }")
    for reset in (False, True):
        hang_up(service, b'{"half": [' + b"1," * 100_000, 1_000_000, f"half-{reset}", reset)
    eventually(lambda: service.log.read_text().count("client of request half-") == 2)
    assert service.client.get("/v1/executions").json()["items"] == []

    datasets = {hashlib.sha256(one).hexdigest(): one for one in (json.dumps([n]).encode() for n in range(60))}
    for number, dataset in enumerate(datasets.values()):
        hang_up(service, dataset, len(dataset), f"whole-{number}.", reset=number % 2 == 1)
    eventually(lambda: service.log.read_text().count("request whole-") >= 50)  # a reset may overtake the request itself
    kept = eventually(lambda: all_ended(service))
    assert len({one["input"]["sha256"] for one in kept}) == len(kept)
    for one in kept:
        assert (one["status"], one["attempt"]) == ("succeeded", 1)
        assert service.read(one["id"])["result"] == json.loads(datasets[one["input"]["sha256"]])


def all_ended(service: Service) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = service.client.get("/v1/executions?limit=200").json()["items"]
    return items if all(one["finished_at"] for one in items) else []


def test_an_overloaded_api_answers_health_checks(service: Service, proxy: Proxy) -> None:
    with ThreadPoolExecutor(30) as clients:
        service.host("count", "function process(d) { return d.length; }")
        dataset = json.dumps(list(range(500_000))).encode()
        proxy.cut()  # so that the pool's connections are all in use, and stay so

        def submit(_: int) -> httpx.Response:
            headers = {"Content-Type": "application/json"}
            url = f"{service.url}/v1/scripts/count/executions"
            return httpx.post(url, content=dataset, headers=headers, timeout=60, verify=False)

        submitted = [clients.submit(submit, number) for number in range(30)]
        waiting = [live_seconds(service) for _ in range(100)]
        proxy.mend()
        working = []
        while not all(one.done() for one in submitted):
            working.append(live_seconds(service))
        for took in (waiting, working):
            assert sorted(took)[len(took) // 2] < 0.2
            assert max(took) < 3
        assert {one.result().status_code for one in submitted} <= {202, 503}
        kept = eventually(lambda: all_ended(service))
    accepted = {one.result().json()["id"] for one in submitted if one.result().status_code == 202}
    assert accepted <= {str(one["id"]) for one in kept}
    assert all(one["status"] == "succeeded" for one in kept)


def live_seconds(service: Service) -> float:
    began = time.monotonic()
    assert service.client.get("/health/live").status_code == 200
    return time.monotonic() - began

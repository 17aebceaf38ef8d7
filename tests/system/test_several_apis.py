"""Several API processes on one port: any of them answers, and a reader is woken whichever took the submission."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx

from tests.support.processes import running
from tests.support.waiting import eventually
from tests.system.conftest import Service

IDENTITY = "function process(d) { return d; }"


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


def test_they_share_the_port_and_the_loss_of_one_is_not_the_service_s(start: Callable[..., Service]) -> None:
    service = start(BATEIA_API_PROCESSES="3")
    service.host("same", IDENTITY)
    eventually(lambda: len(service.pids("entrypoints.api")) == 3, 60)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: executed(service, n), range(40))) == [(True, n) for n in range(40)]
    lost = service.pids("entrypoints.api")[0]
    os.kill(lost, signal.SIGKILL)
    eventually(lambda: not running(lost), 30)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: executed(service, n), range(40))) == [(True, n) for n in range(40)]
    eventually(lambda: len(service.pids("entrypoints.api")) == 3, 60)
    assert service.stop() == 0

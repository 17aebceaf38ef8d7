"""Requests that are sent again, to real processes: one execution a key, and its trace in the worker's log."""

import json
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.support.processes import running
from tests.support.waiting import eventually
from tests.system.conftest import Service

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {
    "Content-Type": "application/json",
    "Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    "traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01",
}


def submit(service: Service, dataset: bytes = b"[7]", wait: int = 0) -> httpx.Response:
    """Submit on a connection of its own, so that any of the processes may get it."""
    headers = HEADERS | ({"Prefer": f"wait={wait}"} if wait else {})
    url = f"{service.url}/v1/scripts/same/executions"
    return httpx.post(url, content=dataset, headers=headers, timeout=60, verify=False)


def test_one_key_is_one_execution_over_all_processes_and_after_their_loss(start: Callable[..., Service]) -> None:
    service = start(BATEIA_API_PROCESSES="2")
    service.host("same", "function process(d) { return d; }")
    eventually(lambda: len(service.pids("entrypoints.api")) == 2, 60)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: submit(service), range(200)))
    assert {one.status_code for one in answers} <= {200, 202}
    (execution_id,) = {one.json()["id"] for one in answers}
    assert sum("idempotent-replayed" not in one.headers for one in answers) == 1
    assert [one["id"] for one in service.client.get("/v1/executions").json()["items"]] == [execution_id]

    lost = service.pids("entrypoints.api")
    for pid in lost:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(running(pid) for pid in lost), 30)
    eventually(service._ready, 60)
    again = submit(service, wait=30)
    assert (again.status_code, again.json()["id"], again.json()["result"]) == (200, execution_id, [7])
    assert submit(service, b"[8]").status_code == 422

    assert service.stop() == 0
    (line,) = [line for line in service.log.read_text().splitlines() if f"execution {execution_id}" in line]
    said = json.loads(line)
    assert said["event"].startswith(f"execution {execution_id}, attempt 1: succeeded in ")
    assert (said["trace_id"], said["execution_id"]) == (TRACE_ID, execution_id)

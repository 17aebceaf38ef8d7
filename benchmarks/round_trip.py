#!/usr/bin/env python3
"""The way of small executions through a running service, from the POST to the result read.

Usage: python benchmarks/round_trip.py [BASE_URL]      (http://127.0.0.1:8000)

First 50 executions one at a time, then 500 from 16 connections, each of the example's two rows. Machines differ and are
shared, so the figures to compare are the ratios to a bare `GET /health/live` of the same run.
"""

import http.client
import itertools
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "bacen"
ALONE, MANY, CONNECTIONS = 50, 500, 16


class Client:
    """One persistent connection to the service."""

    def __init__(self, base_url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Send a request, and return the status and the body of the answer."""
        self._connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def host(self, name: str) -> None:
        """Host the example's script."""
        source = (EXAMPLE / "script.js").read_bytes()
        status, body = self.call("POST", f"/v1/scripts?name={name}", source, content_type="text/javascript")
        assert status == 201, body

    def execute(self, name: str, dataset: bytes) -> None:
        """Submit, and read until it has succeeded."""
        headers = {"content_type": "application/json", "prefer": "wait=30"}
        status, body = self.call("POST", f"/v1/scripts/{name}/executions", dataset, **headers)
        while status == 202:
            status, body = self.call("GET", f"/v1/executions/{json.loads(body)['id']}", prefer="wait=30")
            status = 200 if json.loads(body)["status"] in {"succeeded", "failed"} else 202
        assert json.loads(body)["status"] == "succeeded", body


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """Measure the time of each call."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def main(base_url: str) -> None:
    """Measure and print."""
    name, dataset = f"round-trip-{uuid.uuid4().hex[:12]}", (EXAMPLE / "payload.json").read_bytes()
    client = Client(base_url)
    client.host(name)
    milliseconds(lambda: client.execute(name, dataset), 5)
    bare = statistics.median(milliseconds(lambda: client.call("GET", "/health/live"), 200))
    alone = milliseconds(lambda: client.execute(name, dataset), ALONE)
    middle, slow = statistics.median(alone), statistics.quantiles(alone, n=20)[-1]
    print(f"bare request        {bare:8.2f} ms at the median")
    print(
        f"one at a time       {middle:8.2f} ms at the median, {slow:.2f} ms at the 95th percentile, {ALONE} executions"
    )
    print(f"                    {middle / bare:8.1f} bare requests")

    left = itertools.count()

    def drain() -> None:
        own = Client(base_url)
        while next(left) < MANY:
            own.execute(name, dataset)

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for done in [threads.submit(drain) for _ in range(CONNECTIONS)]:
            done.result()
    took = time.perf_counter() - began
    print(f"{CONNECTIONS} connections      {MANY / took:8.1f} executions a second, {MANY} in {took:.2f} s")
    print(f"                    {took * 1000 / MANY / bare:8.1f} bare requests an execution")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")

#!/usr/bin/env python3
"""The cost of running a stored dataset of 60 MB again: time, CPU of the API and of PostgreSQL, size of the database.

Usage: python benchmarks/run_again.py

It starts the service with a PostgreSQL of its own twice, without and with encryption, and in each submits the dataset,
runs it again by reference, which stores a copy, and submits a dataset of two bytes: that is the least that sharing the
stored bytes would cost, since it adds rows too. Machines are shared, so compare the figures of one run.
"""

import base64
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from processes import API, POSTGRES, cpu_ms
from round_trip import Client
from systems import Running, data_dir, service

DATASET_BYTES, TIMES = 60_000_000, 3
REFERENCE = "application/vnd.bateia.reference+json"
SOURCE = b"function process() { return 1; }"
ONE_SLOT: Final[Mapping[str, str]] = {
    "BATEIA_LAYOUT": "separate",
    "BATEIA_API_PROCESSES": "1",
    "BATEIA_WORKERS": "1",
    "BATEIA_SLOTS": "1",
    "BATEIA_GRACE_SECONDS": "0",
}
"""One slot for runs, which is occupied throughout."""


def dataset() -> bytes:
    """Make rows of numbers and a few words, as a statistical office publishes them."""
    rows, size, draw = [], 0, random.Random(1)
    while size < DATASET_BYTES:
        row = b'{"quarter":"2023%d","brand":"%s","cards":%d,"value":%.2f}' % (
            draw.randint(1, 4), draw.choice([b"VISA", b"ELO", b"American Express"]), draw.randint(0, 10**7),
            draw.random() * 1e6,
        )  # fmt: skip
        rows.append(row)
        size += len(row) + 1
    return b"[" + b",".join(rows) + b"]"


def table_bytes(folder: Path) -> int:
    """Measure the database's files."""
    return sum(one.stat().st_size for one in folder.rglob("base/*/*") if one.is_file())


def measure(folder: Path, pid: int, what: str, send: Callable[[], object]) -> None:
    """Print what one request costs, on average."""
    before, size, began = cpu_ms(pid), table_bytes(folder), time.perf_counter()
    for _ in range(TIMES):
        send()
    took = (time.perf_counter() - began) / TIMES
    now = cpu_ms(pid)
    api, database = ((now[role] - before[role]) / TIMES / 1000 for role in (API, POSTGRES))
    grown = (table_bytes(folder) - size) / TIMES
    print(
        f"  {what:24} {took:6.2f} s   CPU: API {api:5.2f} s, PostgreSQL {database:5.2f} s   {grown / 1e6:6.1f} MB",
        flush=True,
    )


def compare(folder: Path, running: Running, text: bytes) -> None:
    """Measure the three ways."""
    client, pid = Client(running.base_url), running.pid
    for name, source in (("one", SOURCE), ("blocking", b"function process() { for (;;); }")):
        document = {"name": name, "source": source.decode(), "limits": {"wall_ms": 300_000}}
        client.call("POST", "/v1/scripts", json.dumps(document).encode(), content_type="application/json")
    client.call("POST", "/v1/scripts/blocking/executions", b"1", content_type="application/json")

    def submit(body: bytes, media_type: str) -> bytes:
        status, answer = client.call("POST", "/v1/scripts/one/executions", body, content_type=media_type)
        assert status == 202, answer
        return answer.split(b'"id":"', 1)[1][:36]

    original = submit(text, "application/json")
    reference = b'{"input_of":"%b"}' % original
    measure(folder, pid, "submitted, 60 MB", lambda: submit(text, "application/json"))
    measure(folder, pid, "run again, copied", lambda: submit(reference, REFERENCE))
    measure(folder, pid, "submitted, 2 bytes", lambda: submit(b"[]", "application/json"))


def main() -> None:
    """Measure without and with encryption."""
    text = dataset()
    key = base64.b64encode(os.urandom(32)).decode()
    for what, settings in (("without encryption", {}), ("with encryption", {"BATEIA_MASTER_KEYS": f"first:{key}"})):
        print(what)
        with data_dir() as folder, service(folder, {**ONE_SLOT, **settings}) as running:
            compare(folder, running, text)


if __name__ == "__main__":
    main()

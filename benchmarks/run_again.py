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
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from round_trip import Client

ROOT = Path(__file__).resolve().parent.parent
PORT = 18_790
DATASET_BYTES, TIMES = 60_000_000, 3
REFERENCE = "application/vnd.bateia.reference+json"
SOURCE = b"function process() { return 1; }"


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


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the service with one slot for runs, which is occupied throughout."""
    env = os.environ | settings | {
        "BATEIA_PORT": str(PORT),
        "BATEIA_DATA_DIR": str(folder / "data"),
        "BATEIA_LAYOUT": "separate",
        "BATEIA_API_PROCESSES": "1",
        "BATEIA_WORKERS": "1",
        "BATEIA_SLOTS": "1",
        "BATEIA_GRACE_SECONDS": "0",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.serve"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        while not _is_ready():
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _is_ready() -> bool:
    try:
        return Client(f"http://127.0.0.1:{PORT}").call("GET", "/health/ready")[0] == 200
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """List a process and its descendants."""
    children = [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()]
    return [pid, *(each for child in children for each in family(child))]


def cpu(pid: int, words: str) -> float:
    """Add the CPU seconds of those of its descendants, ended ones included, whose command has the words."""
    total = 0
    for one in family(pid):
        command = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        if words in command:
            total += sum(map(int, Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def table_bytes(folder: Path) -> int:
    """Measure the database's files."""
    return sum(one.stat().st_size for one in (folder / "data").rglob("base/*/*") if one.is_file())


def measure(folder: Path, pid: int, what: str, send: object) -> None:
    """Print what one request costs, on average."""
    before, size, began = (cpu(pid, "entrypoints.api"), cpu(pid, "postgres")), table_bytes(folder), time.perf_counter()
    for _ in range(TIMES):
        send()  # type: ignore[operator]
    took = (time.perf_counter() - began) / TIMES
    api, database = (
        (cpu(pid, words) - one) / TIMES for words, one in zip(("entrypoints.api", "postgres"), before, strict=True)
    )
    grown = (table_bytes(folder) - size) / TIMES
    print(
        f"  {what:24} {took:6.2f} s   CPU: API {api:5.2f} s, PostgreSQL {database:5.2f} s   {grown / 1e6:6.1f} MB",
        flush=True,
    )


def compare(folder: Path, pid: int, text: bytes) -> None:
    """Measure the three ways."""
    client = Client(f"http://127.0.0.1:{PORT}")
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
        with tempfile.TemporaryDirectory() as place, service(Path(place), **settings) as process:
            compare(Path(place), process.pid, text)


if __name__ == "__main__":
    main()

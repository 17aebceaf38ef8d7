#!/usr/bin/env python3
"""Batches of small datasets, beside single submissions to the system that a user would build instead, in one run.

Usage: python benchmarks/batches.py [--rounds N] [--lines N] [--executions N] [--connections N] [--alone N]

First `npm ci` in benchmarks/comparison (Node 20 or newer). The two take turns, each alone, as in `compare.py`. The
comparison system gets single submissions from all connections. Bateia gets batches: the clock runs from the request
that submits one until the last byte of its results. Each line's dataset is the example's two rows with the line's
number in it, so that the results show whether they are right and in order; that is checked when the clock has stopped.

Another client submits executions of another script meanwhile, one at a time; its latency is compared with that of the
same submissions while nothing else happens. Memory is the peak of the processes' private memory while another batch is
accepted, run and read, less that before it: to look at it takes as much CPU as hundreds of lines.
"""

import argparse
import asyncio
import http.client
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import uvloop
from compare import SYSTEMS, spread
from figures import CORES, Times
from http_client import Connection, Service
from load import DATASET, EXPECTED, SCRIPT, Client, Load
from processes import POSTGRES, Footprint, cpu_ms, machine_cpu_ms
from systems import ROOT, Running, data_dir

_T = TypeVar("_T")

_LINES_TYPE: Final = {"Content-Type": "application/x-ndjson"}
_WARM_UP_LINES: Final = 200
_SAMPLE_SECONDS: Final = 0.1
_BETWEEN_SECONDS: Final = 0.02


class Batched(NamedTuple):
    """One batch: lines a second, seconds until it was accepted, ms of CPU a line by role, and the share of the CPU that
    other work took meanwhile."""

    rate: float
    accepted_seconds: float
    cpu: dict[str, float]
    others: float


def body_of(lines: int) -> bytes:
    """Write the lines of a batch."""
    rows = json.loads(DATASET)
    texts = []
    for number in range(lines):
        rows[1]["qtdCartoesEmitidos"] = number
        texts.append(json.dumps({"ref": f"line-{number}", "data": rows}, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(texts).encode()


def check(results: bytes, lines: int) -> None:
    """Check that the results are right and in the order of the lines."""
    got = [json.loads(line) for line in results.splitlines()]
    assert len(got) == lines, (len(got), lines)
    for number, line in enumerate(got):
        expected = [{**EXPECTED[0], "qtdCartoesEmitidos": number}]
        wanted: dict[str, Any] = {"line": number + 1, "ref": f"line-{number}", "status": "succeeded"}
        assert {name: line[name] for name in wanted} == wanted, line
        assert line["result"] == expected, line


class Submitter:
    """A client that submits batches and reads their results, with a connection of its own for each request."""

    def __init__(self, base_url: str, script: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._script = script

    def submit(self, body: bytes) -> str:
        """Submit a batch, and return its path."""
        answer = self._request("POST", f"/v1/scripts/{self._script}/batches", body, _LINES_TYPE)
        return f"/v1/batches/{json.loads(answer)['id']}"

    def finish(self, path: str) -> None:
        """Wait until a batch has finished."""
        while json.loads(self._request("GET", path, headers={"Prefer": "wait=30"}))["status"] != "finished":
            pass

    def results(self, path: str) -> bytes:
        """Read the results."""
        return self._request("GET", f"{path}/results")

    def _request(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=120)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert answer.status in {200, 202}, (answer.status, content[:1000])
        return content

    def run(self, body: bytes) -> tuple[bytes, float]:
        """Run a batch to its end; return the results, and the seconds until it was accepted."""
        began = time.perf_counter()
        path = self.submit(body)
        accepted = time.perf_counter() - began
        self.finish(path)
        return self.results(path), accepted


async def singles_until(done: asyncio.Event, client: Client, connection: Connection) -> Times:
    """Submit executions of the client's script one at a time until that is done."""
    took: list[float] = []
    while not done.is_set():
        took.append(await _paused(client, connection))
    return Times.of(took)


async def peak_until(done: asyncio.Event, root: int) -> float:
    """Sample the private memory of all processes but PostgreSQL's until that is done; return the most."""
    most = 0.0
    while not done.is_set():
        most = max(most, _private(await asyncio.to_thread(Footprint.of, root)))
        await asyncio.sleep(_SAMPLE_SECONDS)
    return most


def _private(footprint: Footprint) -> float:
    return sum(mib for role, mib in footprint.private.items() if role != POSTGRES)


class Turn(NamedTuple):
    """A turn of Bateia: a batch alone and the mebibytes of private memory that it took, a batch beside single
    submissions of another script, these then, and these alone."""

    alone: Batched
    growth: float
    shared: Batched
    beside: Times
    single: Times


async def batched(
    submitter: Submitter, root: int, lines: int, watch: Callable[[asyncio.Event], Awaitable[_T]]
) -> tuple[Batched, _T]:
    """Run a batch, and something beside it."""
    body, done = body_of(lines), asyncio.Event()
    watched = asyncio.ensure_future(watch(done))
    before, machine, own, began = cpu_ms(root), machine_cpu_ms(), time.process_time(), time.perf_counter()
    results, accepted = await asyncio.to_thread(submitter.run, body)
    took = time.perf_counter() - began
    used, machine, own = cpu_ms(root) - before, machine_cpu_ms() - machine, time.process_time() - own
    done.set()
    check(results, lines)
    measured = Batched(
        rate=lines / took,
        accepted_seconds=accepted,
        cpu={role: spent / lines for role, spent in sorted(used.items())},
        others=max(0.0, machine - sum(used.values()) - own * 1000) / (took * 1000 * CORES),
    )
    return measured, await watched


async def turn(running: Running, lines: int, alone: int) -> Turn:
    """Take Bateia's turn."""
    service, name = Service(running.base_url), f"batches-{uuid.uuid4().hex[:12]}"
    submitter = Submitter(running.base_url, name)
    connection = await service.connect()
    await service.host(connection, name, SCRIPT)
    client = Client(service, [connection], Load(connections=1))
    await client.host()
    await client.many(_WARM_UP_LINES, client.execute)
    await asyncio.to_thread(submitter.run, body_of(_WARM_UP_LINES))
    single = Times.of([await _paused(client, connection) for _ in range(alone)])
    by_itself, _ = await batched(submitter, running.pid, lines, asyncio.Event.wait)
    held = _private(Footprint.of(running.pid))
    _, most = await batched(submitter, running.pid, lines, lambda done: peak_until(done, running.pid))
    shared, beside = await batched(submitter, running.pid, lines, lambda done: singles_until(done, client, connection))
    connection.close()
    return Turn(by_itself, max(0.0, most - held), shared, beside, single)


async def _paused(client: Client, connection: Connection) -> float:
    began = time.perf_counter()
    await client.execute(connection)
    took = (time.perf_counter() - began) * 1000
    await asyncio.sleep(_BETWEEN_SECONDS)
    return took


async def singles(running: Running, load: Load) -> float:
    """Measure the comparison system's rate of single submissions."""
    service = Service(running.base_url)
    connections = [await service.connect() for _ in range(load.connections)]
    client = Client(service, connections, load)
    await client.host()
    await client.many(load.warm_up, client.execute)
    began = time.perf_counter()
    await client.many(load.executions, client.execute)
    rate = load.executions / (time.perf_counter() - began)
    for connection in connections:
        connection.close()
    return rate


def show(theirs: Sequence[float], ours: Sequence[Turn], lines: int) -> None:
    """Print the medians, with the least and the most."""
    ratios = [one.alone.rate / rate for one, rate in zip(ours, theirs, strict=True)]
    print(f"comparison system, single submissions a second: {spread(theirs)}")
    print(f"batches of {lines} lines, lines a second:       {spread([one.alone.rate for one in ours])}")
    print(f"ratio:                                          {spread(ratios)}")
    print(f"seconds until a batch is accepted:              {spread([one.alone.accepted_seconds for one in ours])}")
    for role in ours[0].alone.cpu:
        print(f"CPU a line, ms, {role:32}{spread([one.alone.cpu.get(role, 0.0) for one in ours])}")
    print(f"growth of private memory, MiB:                  {spread([one.growth for one in ours])}")
    print(f"single submission alone, median, ms:            {spread([one.single.median for one in ours])}")
    print(f"  beside a batch, median, ms:                   {spread([one.beside.median for one in ours])}")
    print(f"  beside a batch, 99th, ms:                     {spread([one.beside.p99 for one in ours])}")
    print(f"  the batch's lines a second meanwhile:         {spread([one.shared.rate for one in ours])}")
    print(f"others' share of the CPU:                       {spread([one.alone.others for one in ours])}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--executions", type=int, default=2_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--alone", type=int, default=100)
    wanted = parser.parse_args()
    if not (ROOT / "benchmarks" / "comparison" / "node_modules").exists():
        raise SystemExit("first: (cd benchmarks/comparison && npm ci)")
    load = Load(executions=wanted.executions, connections=wanted.connections)
    theirs: list[float] = []
    ours: list[Turn] = []
    with ExitStack() as stack:
        folders = {name: stack.enter_context(data_dir()) for name in SYSTEMS}
        for number in range(1, wanted.rounds + 1):
            for name in list(SYSTEMS)[:: 1 if number % 2 else -1]:
                with SYSTEMS[name](folders[name]) as running:
                    if name == "Bateia":
                        ours.append(uvloop.run(turn(running, wanted.lines, wanted.alone)))
                    else:
                        theirs.append(uvloop.run(singles(running, load)))
                print(f"round {number}, {name}: {(ours if name == 'Bateia' else theirs)[-1]}", flush=True)
    show(theirs, ours, wanted.lines)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Small executions through a running service: their number a second, the latency of one, and the CPU by process.

Usage: python benchmarks/throughput.py [BASE_URL] [--pid PID] [--executions N] [--connections N] [--alone N]

A closed loop of the example's two rows: each connection submits the next when it has read the result of the last, from
the first POST to the last result. Before that, one at a time, for the latency. Every result is compared with the
expected one. CPU is that of the processes below the one named by --pid (the `entrypoints.serve` that runs here).

"Others" is the CPU of the rest of the machine meanwhile: unless it is near nothing, the rate is not the service's own.
The bound is the rate of all cores if they did nothing else, from the CPU of an execution and of the client for it.
"""

import argparse
import asyncio
import itertools
import os
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import uvloop
from http_client import Connection, Service
from processes import cpu_ms, find_root, machine_cpu_ms

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
SCRIPT: Final = (EXAMPLE / "script.js").read_bytes()
DATASET: Final = (EXAMPLE / "payload.json").read_bytes()
EXPECTED: Final = msgspec.json.decode((EXAMPLE / "expected.json").read_bytes())
WARM_UP: Final = 200
BARE: Final = 1000
CORES: Final = os.cpu_count() or 1
SECONDS: Final = 300
"""The most that one measurement may take."""


class Load(NamedTuple):
    """The load on the service."""

    executions: int = 2000
    connections: int = 32
    alone: int = 200


class Figures(NamedTuple):
    """Rates a second, times in ms, CPU in ms an execution by kind of process, and the CPU share of the rest of the
    machine."""

    rate: float
    median: float
    p95: float
    bare_rate: float
    bare_median: float
    cpu: dict[str, float]
    others: float

    @property
    def service_cpu(self) -> float:
        """Milliseconds of CPU an execution, of the whole service."""
        return sum(self.cpu.values()) - self.cpu["client"]

    @property
    def bound(self) -> float:
        """Executions a second if the machine did nothing else."""
        return CORES * 1000 / sum(self.cpu.values())

    def __str__(self) -> str:
        lines = [
            f"executions a second      {self.rate:9.1f}   ({self.rate / self.bare_rate:.3f} of bare requests)",
            f"one at a time, median    {self.median:9.2f} ms ({self.median / self.bare_median:.1f} bare requests)",
            f"one at a time, 95th      {self.p95:9.2f} ms",
            f"bare requests a second   {self.bare_rate:9.1f}",
            f"bare request, median     {self.bare_median:9.2f} ms",
            "CPU an execution, ms",
            *(f"  {kind:22} {used:9.2f}" for kind, used in self.cpu.items()),
            f"  {'the service':22} {self.service_cpu:9.2f}",
            f"others' share of the CPU {self.others:9.0%}",
            f"bound by CPU, a second   {self.bound:9.1f}",
        ]
        return "\n".join(lines)


class Client:
    """A service, a script hosted on it under a name of its own, and connections to it."""

    def __init__(self, service: Service, connections: list[Connection]) -> None:
        self._service, self._connections = service, connections
        self._name = f"throughput-{uuid.uuid4().hex[:12]}"
        self._submission = service.submission(self._name, DATASET)

    async def host(self) -> None:
        """Host the script."""
        await self._service.host(self._connections[0], self._name, SCRIPT)

    async def execute(self, connection: Connection) -> None:
        """One execution, looked at."""
        execution = await self._service.execute(connection, self._submission)
        assert execution.status == "succeeded", execution
        assert execution.result == EXPECTED, execution

    async def live(self, connection: Connection) -> None:
        """One bare request."""
        answer = await connection.call(self._service.live)
        assert answer.status == 200, answer

    async def many(self, times: int, act: Callable[[Connection], Awaitable[None]]) -> float:
        """Act so many times from all connections; the seconds that it took."""
        left = itertools.repeat(None, times)

        async def drain(connection: Connection) -> None:
            for _ in left:
                await act(connection)

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for connection in self._connections:
                group.create_task(drain(connection))
        return time.perf_counter() - began

    async def alone(self, times: int, act: Callable[[Connection], Awaitable[None]]) -> list[float]:
        """Act so many times, one after the other; the milliseconds of each."""
        took = []
        for _ in range(times):
            began = time.perf_counter()
            await act(self._connections[0])
            took.append((time.perf_counter() - began) * 1000)
        return took


async def measure(base_url: str, root: int, load: Load) -> Figures:
    """Measure the service at that URL, whose processes descend from `root`."""
    async with asyncio.timeout(SECONDS):
        service = Service(base_url)
        connections = [await service.connect() for _ in range(load.connections)]
        client = Client(service, connections)
        await client.host()
        await client.many(WARM_UP, client.execute)
        bare = await client.alone(BARE // 2, client.live)
        bare_rate = BARE / await client.many(BARE, client.live)
        alone = await client.alone(load.alone, client.execute)
        before, machine, own = cpu_ms(root), machine_cpu_ms(), time.process_time()
        took = await client.many(load.executions, client.execute)
        used, machine, own = cpu_ms(root) - before, machine_cpu_ms() - machine, time.process_time() - own
        for connection in connections:
            connection.close()
    cpu = {kind: spent / load.executions for kind, spent in sorted(used.items())}
    cpu["client"] = own * 1000 / load.executions
    return Figures(
        rate=load.executions / took,
        median=statistics.median(alone),
        p95=statistics.quantiles(alone, n=20)[-1],
        bare_rate=bare_rate,
        bare_median=statistics.median(bare),
        cpu=cpu,
        others=max(0.0, machine - sum(used.values()) - own * 1000) / (took * 1000 * CORES),
    )


def add_load(parser: argparse.ArgumentParser) -> None:
    """Let the load be given."""
    for name, default in Load()._asdict().items():
        parser.add_argument(f"--{name}", type=int, default=default)


def load_of(wanted: argparse.Namespace) -> Load:
    """Read the load from the arguments."""
    return Load(wanted.executions, wanted.connections, wanted.alone)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--pid", type=int, help="the process whose descendants are the service")
    add_load(parser)
    wanted = parser.parse_args()
    load = load_of(wanted)
    print(uvloop.run(measure(wanted.base_url, wanted.pid or find_root(), load)))


if __name__ == "__main__":
    main()

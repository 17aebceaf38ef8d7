#!/usr/bin/env python3
"""Small executions through a running service: their number a second, the latency of one, and the CPU by process.

Usage: python benchmarks/throughput.py [BASE_URL] [--pid PID] [--executions N] [--connections N] [--alone N]
                                       [--scripts N] [--client waiting|polling]

A closed loop of the example's two rows: each connection submits the next when it has read the result of the last, from
the first POST to the last result. Before that, one at a time, for the latency. `--scripts` takes turns among so many
scripts, each with a text of its own. Every result is compared with the expected one. CPU is that of the processes below
the one named by --pid (the `entrypoints.serve` that runs here), by their roles; a process that is API and worker in one
is "API and slots".

"Others" is the CPU of the rest of the machine meanwhile: unless it is near nothing, the rate is not the service's own.
The bound is the rate of all cores if they did nothing else, from the CPU of an execution and of the client for it.
Private memory is read when the load is over, with the sandbox processes that are idle then.
"""

import argparse
import asyncio
import time
from typing import Final

import uvloop
from figures import CORES, Figures, Times
from http_client import Service
from load import Client, Load, add_load, load_of
from processes import Footprint, cpu_ms, find_root, machine_cpu_ms

BARE: Final = 1000
SECONDS: Final = 300
"""The most that one measurement may take."""


async def measure(base_url: str, root: int, load: Load) -> Figures:
    """Measure the service at that URL, whose processes descend from `root`."""
    async with asyncio.timeout(SECONDS):
        service = Service(base_url)
        connections = [await service.connect() for _ in range(load.connections)]
        client = Client(service, connections, load)
        await client.host()
        await client.many(load.warm_up, client.execute)
        bare = await client.alone(BARE // 2, client.live)
        began = time.perf_counter()
        await client.many(BARE, client.live)
        bare_rate = BARE / (time.perf_counter() - began)
        alone = await client.alone(load.alone, client.execute)
        before, machine, own, began = cpu_ms(root), machine_cpu_ms(), time.process_time(), time.perf_counter()
        loaded = await client.many(load.executions, client.execute)
        took = time.perf_counter() - began
        used, machine, own = cpu_ms(root) - before, machine_cpu_ms() - machine, time.process_time() - own
        footprint = Footprint.of(root)
        for connection in connections:
            connection.close()
    cpu = {role: spent / load.executions for role, spent in sorted(used.items())}
    cpu["client"] = own * 1000 / load.executions
    return Figures(
        rate=load.executions / took,
        loaded=Times.of(loaded),
        alone=Times.of(alone),
        bare_rate=bare_rate,
        bare=Times.of(bare),
        cpu=cpu,
        footprint=footprint,
        others=max(0.0, machine - sum(used.values()) - own * 1000) / (took * 1000 * CORES),
    )


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

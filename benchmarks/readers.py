#!/usr/bin/env python3
"""Many readers of one execution: the delay of other clients, and the time to wake all readers when it ends.

Usage: python benchmarks/readers.py [--readers N ...]      (100, 1,000 and 5,000)

The execution loops until it is cancelled, which is its end. While the readers wait, and again from the cancellation
until the last of them has its answer, another client requests `/health/live` and another execution, over and over.
Last, as many readers wait once more, and each API process gets a signal to stop: each of them has to be answered.
"""

import argparse
import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import uvloop
from http_client import Connection, Service, execution_of
from processes import API, COMBINED, memory, roles
from systems import data_dir, service

READERS: Final = (100, 1_000, 5_000)
LOOPING: Final = b"function process() { for (;;); }"
ECHO: Final = b"const process = d => d"
CALM_SECONDS: Final = 3.0
CONNECTED_AT_ONCE: Final = 100
WAIT: Final = {"Prefer": "wait=60"}


class Figures(NamedTuple):
    """Of another client's answers the slowest, in ms: before, while the readers arrive, while they wait, and while they
    are woken. Then the time in ms from the cancellation to the first and to the last reader's answer, and from TERM to
    the last one's; and the memory of all API processes while they wait."""

    before: float
    arriving: float
    waiting: float
    waking: float
    first: float
    last: float
    stopped: float
    resident_mib: float


async def slowest(calls: list[Callable[[], Awaitable[object]]], until: Callable[[], bool]) -> float:
    """Make these calls in turn until it is time to stop, and return the milliseconds of the slowest."""
    took = [0.0]
    while not until():
        for call in calls:
            began = time.perf_counter()
            await call()
            took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.002)
    return max(took)


def after(seconds: float) -> Callable[[], bool]:
    """Create a predicate that is true when so much time has passed since this call."""
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


class Readers:
    """Connections, each with one reader."""

    def __init__(self, target: Service, connections: list[Connection]) -> None:
        self._target, self._connections = target, connections

    @classmethod
    async def connected(cls, target: Service, count: int) -> "Readers":
        """So many of them."""
        connections: list[Connection] = []
        for at in range(0, count, CONNECTED_AT_ONCE):
            some = min(CONNECTED_AT_ONCE, count - at)
            connections += await asyncio.gather(*(target.connect() for _ in range(some)))
        return cls(target, connections)

    async def begin(self, execution_id: str) -> list[asyncio.Task[float]]:
        """Have them wait for the execution, a thousand more each second; the time of each one's answer."""
        request = self._target.request("GET", f"/v1/executions/{execution_id}", headers=WAIT)

        async def read(connection: Connection) -> float:
            answer = await connection.call(request)
            assert answer.status == 200, answer
            return time.perf_counter()

        reading = []
        for one in self._connections:
            reading.append(asyncio.create_task(read(one)))
            await asyncio.sleep(0.001)
        return reading

    def close(self) -> None:
        """Hang up."""
        for one in self._connections:
            one.close()


async def measure(base_url: str, root: int, count: int) -> Figures:
    """Measure with one number of readers."""
    target = Service(base_url)
    one = await target.connect()
    name = f"readers-{count}"
    await target.host(one, f"{name}-echo", ECHO)
    await target.host(one, f"{name}-loop", LOOPING)
    other = await target.execute(one, target.submission(f"{name}-echo", b"[1]"))
    read = target.request("GET", f"/v1/executions/{other.id}")
    calls: list[Callable[[], Awaitable[object]]] = [lambda: one.call(target.live), lambda: one.call(read)]
    before = await slowest(calls, after(CALM_SECONDS))

    readers = await Readers.connected(target, count)
    looping = await begun(target, one, f"{name}-loop")
    beginning = asyncio.create_task(readers.begin(looping))
    arriving = await slowest(calls, beginning.done)
    answers = await beginning
    waiting = await slowest(calls, after(CALM_SECONDS))
    apis = [pid for pid, role in roles(root).items() if role in {API, COMBINED}]
    resident = sum(memory(api)[0] for api in apis)
    canceller = await target.connect()
    cancelled = time.perf_counter()
    ending = asyncio.create_task(canceller.call(target.request("POST", f"/v1/executions/{looping}/cancel")))
    waking = await slowest(calls, lambda: all(answer.done() for answer in answers))
    times = await asyncio.gather(*answers)
    assert (await ending).status == 200

    answers = await readers.begin(await begun(target, one, f"{name}-loop"))
    await slowest(calls, after(1))
    stopped = time.perf_counter()
    for api in apis:
        os.kill(api, signal.SIGTERM)
    last_answer = max(await asyncio.gather(*answers))
    readers.close()
    first, last = (min(times) - cancelled) * 1000, (max(times) - cancelled) * 1000
    return Figures(before, arriving, waiting, waking, first, last, (last_answer - stopped) * 1000, resident / 2**20)


async def begun(target: Service, connection: Connection, script: str) -> str:
    """Submit an execution, and return its id when it runs."""
    submitted = await connection.call(
        target.request("POST", f"/v1/scripts/{script}/executions", b"[]", {"Content-Type": "application/json"})
    )
    assert submitted.status == 202, submitted
    return execution_of(submitted).id


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, nargs="+", default=list(READERS))
    wanted = parser.parse_args().readers
    columns = ("before", "arriving", "waiting", "waking", "first", "last", "TERM", "API, MiB")
    print(f"{'readers':>8}" + "".join(f"{column:>10}" for column in columns))
    for count in wanted:
        with data_dir() as data, service(data) as running:
            figures = uvloop.run(measure(running.base_url, running.pid, count))
        print(f"{count:8}" + "".join(f"{figure:10.1f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A replay of many past executions: its duration and memory, and its effect on other submissions, in one run.

Usage: python benchmarks/replays.py [--executions N] [--rows N] [--window SECONDS] [--connections N]

The service is started with an empty database. Executions with tables of some 100 KB are stored, a version is added that
changes a cell in a hundred, and the executions are replayed on it: once while nothing else happens, which gives the
duration and the memory; and once more while other small executions are submitted all the time. Their latency and rate
are measured in windows of equal length before that replay and while it runs, so the ratio is of one run.
"""

import argparse
import asyncio
import statistics
import time
from typing import Any, Final, NamedTuple

import msgspec
import uvloop
from http_client import Connection, Service
from load import Client, Load
from processes import Footprint, cpu_ms
from systems import Running, data_dir, service

NAME: Final = "replayed"
_SCRIPT: Final = b"""
function process(rows) {
  return rows.map(row => ({ ...row, total: row.price * row.count%s }));
}
"""
_FILE: Final = {"Content-Type": "text/javascript"}


class Window(NamedTuple):
    """Milliseconds of each small execution, and executions a second."""

    took: list[float]
    rate: float

    @property
    def median(self) -> float:
        """The median latency in milliseconds."""
        return statistics.median(self.took)

    @property
    def slow(self) -> float:
        """The 95th percentile of the latency in milliseconds."""
        return statistics.quantiles(self.took, n=20)[-1]


async def call(at: Service, connection: Connection, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    """Send a request, and parse the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await connection.call(at.request(method, path, body, named))
    assert answer.status < 300, answer
    return msgspec.json.decode(answer.body)


def dataset(rows: int, seed: int) -> bytes:
    """Create a table of some hundred bytes a row."""
    row = "a product with a name of some length, as tables have it, and then a few more letters"
    return msgspec.json.encode(
        [{"id": n, "name": f"{row} {n + seed}", "price": n % 97 + 0.5, "count": n % 7} for n in range(rows)]
    )


async def prepare(at: Service, connection: Connection, executions: int, rows: int) -> int:
    """Store the executions, and add the version on which they are replayed; return the size of a dataset."""
    await at.host(connection, NAME, _SCRIPT % b"")
    size = 0
    for seed in range(executions):
        data = dataset(rows, seed)
        size = len(data)
        execution = await at.execute(connection, at.submission(NAME, data))
        assert execution.status == "succeeded", execution
    changed = _SCRIPT % b" + (row.id % 100 === 0 ? 1 : 0)"
    answer = await connection.call(at.request("POST", f"/v1/scripts/{NAME}/versions", changed, _FILE))
    assert answer.status == 201, answer
    return size


async def replay(at: Service, connection: Connection, executions: int) -> tuple[Any, float]:
    """Replay the executions; return the replay and its seconds."""
    path, began = f"/v1/scripts/{NAME}/versions/2/replays", time.perf_counter()
    body = msgspec.json.encode({"last": executions, "key": ["id"]})
    shown = await call(at, connection, "POST", path, body, Content_Type="application/json")
    while shown["status"] != "finished":
        shown = await call(at, connection, "GET", f"{path}/{shown['id']}", Prefer="wait=60")
    assert shown["executions"]["changed"] == executions, shown
    return shown, time.perf_counter() - began


async def submit_for(client: Client, connections: list[Connection], seconds: float, stop: asyncio.Event) -> Window:
    """Submit small executions from all connections, for so many seconds or until the event."""
    took: list[float] = []
    began = time.perf_counter()

    async def drain(connection: Connection) -> None:
        while time.perf_counter() < began + seconds and not stop.is_set():
            at = time.perf_counter()
            await client.execute(connection)
            took.append((time.perf_counter() - at) * 1000)

    await asyncio.gather(*map(drain, connections))
    return Window(took, len(took) / (time.perf_counter() - began))


async def measure(running: Running, wanted: argparse.Namespace) -> None:
    """Measure, and print."""
    at = Service(running.base_url)
    own = await at.connect()
    size = await prepare(at, own, wanted.executions, wanted.rows)
    before, used = Footprint.of(running.pid), cpu_ms(running.pid)
    peak, replaying = dict(before.private), asyncio.create_task(replay(at, own, wanted.executions))
    while not replaying.done():
        now = Footprint.of(running.pid).private
        peak = {role: max(peak.get(role, 0), mib) for role, mib in now.items()}
        await asyncio.sleep(0.2)
    _, seconds = await replaying
    spent = {role: ms - used[role] for role, ms in cpu_ms(running.pid).items()}
    print(f"{wanted.executions} executions of {size / 1000:.0f} KB: {seconds:.1f} s, alone")
    for role, mib in sorted(peak.items()):
        grown = mib - before.private.get(role, 0)
        print(f"  {role}: {spent.get(role, 0) / wanted.executions:.1f} ms of CPU each, {grown:+.0f} MiB at most")
    others = [await at.connect() for _ in range(wanted.connections)]
    client = Client(at, others, Load(connections=wanted.connections))
    await client.host()
    await submit_for(client, others, 2, asyncio.Event())
    without = await submit_for(client, others, wanted.window, asyncio.Event())
    ended, beside = asyncio.Event(), asyncio.create_task(replay(at, own, wanted.executions))
    beside.add_done_callback(lambda _: ended.set())
    during = await submit_for(client, others, wanted.window, ended)
    print(f"{wanted.connections} connections submit small executions all the time, in windows of {wanted.window:g} s:")
    for name, one in (("before", without), ("during a replay", during)):
        print(f"  {name}: {one.rate:.0f} a second, median {one.median:.1f} ms, 95 %: {one.slow:.1f} ms")
    ratios = during.rate / without.rate, during.median / without.median, during.slow / without.slow
    print("  ratio: rate {:.2f}, median {:.2f}, 95 %: {:.2f}".format(*ratios))
    began = time.perf_counter()
    await beside
    print(f"  the replay went on for {time.perf_counter() - began:.1f} s after them")


def main() -> None:
    """Read the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executions", type=int, default=500)
    parser.add_argument("--rows", type=int, default=700)
    parser.add_argument("--window", type=float, default=10)
    parser.add_argument("--connections", type=int, default=4)
    wanted = parser.parse_args()
    with data_dir() as data, service(data) as running:
        uvloop.run(measure(running, wanted))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Throughput of an empty table and of one that holds a million executions, in turns in one run: is it flat?

Usage: python benchmarks/flat.py [--finished N] [--pending N] [--pending-last] [--rounds N] [--executions N] ...

Both databases are on one embedded PostgreSQL, which the service is started on for each turn. The filled one holds
--finished executions of another script that have ended, with their bodies, and --pending that wait. These are older
than all measured ones, as a backlog is, and the workers take them too: a rate is that of all executions that ended.
Where claims are not fair to scripts the measured ones wait for the whole backlog; then --pending-last puts it behind
them. A ratio is the filled table's figure divided by the empty one's, of the medians.
"""

import argparse
import asyncio
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec
import psycopg
import uvloop
from figures import CORES
from http_client import Connection, Service
from load import DATASET, EXPECTED, SCRIPT, Client, Load, add_load, load_of
from processes import POSTGRES, cpu_ms
from systems import ROOT, Running, data_dir, service
from throughput import SECONDS

sys.path.insert(0, str(ROOT))

from adapters.postgres.schema import migrate
from tests.support.postgres import superuser_server
from tests.support.zstd import zstd

FILL: Final = (ROOT / "benchmarks" / "flat.sql").read_text("utf-8")
FINISHED, PENDING, ROUNDS = 1_000_000, 0, 3
PAGES: Final = 50
LIST: Final = "/v1/executions?limit=50"
TABLES: Final = ("empty", "filled")


class Figures(NamedTuple):
    """Executions of any script a second, CPU an execution in milliseconds, and times at the median in milliseconds."""

    rate: float
    cpu: float
    postgres: float
    alone: float
    page: float

    @property
    def bound(self) -> float:
        """Executions a second if the machine did nothing else."""
        return CORES * 1000 / self.cpu


FIGURES: Final[dict[str, Callable[[Figures], float]]] = {
    "executions a second": lambda one: one.rate,
    "bound by CPU, a second": lambda one: one.bound,
    "CPU an execution, ms": lambda one: one.cpu,
    "of it PostgreSQL": lambda one: one.postgres,
    "one at a time, median, ms": lambda one: one.alone,
    "the newest 50 listed, median, ms": lambda one: one.page,
}


def make(server_url: str, name: str) -> str:
    """Create a database with the service's tables, and return its URL."""
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"create database {name}".encode())
    url = server_url.rpartition("/")[0] + f"/{name}"
    migrate(url)
    return url


def fill(url: str, finished: int, pending: int, last: bool) -> None:
    """Fill the tables, and let PostgreSQL have its statistics, as it would have in time."""
    result = msgspec.json.encode(EXPECTED)
    since = datetime.now(UTC) + (timedelta(days=1) if last else timedelta(hours=-1))
    values = {
        "finished": finished,
        "pending": pending,
        "pending_since": since,
        "source": SCRIPT,
        "input": zstd.compress(DATASET),
        "input_bytes": len(DATASET),
        "input_sha256": hashlib.sha256(DATASET).digest(),
        "output": zstd.compress(result),
        "output_bytes": len(result),
        "output_sha256": hashlib.sha256(result).digest(),
    }
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(FILL.encode(), values)
        for statement in (b"vacuum analyze", b"checkpoint"):
            conn.execute(statement)


def waiting(url: str) -> int:
    """Count the pending executions."""
    with psycopg.connect(url) as conn:
        (count,) = conn.execute("select count(*) from executions where state = 'pending'").fetchone() or (0,)
    return int(count)


async def measure(running: Running, url: str, load: Load) -> Figures:
    """Measure the service on that database."""
    async with asyncio.timeout(SECONDS):
        asked = Service(running.base_url)
        connections = [await asked.connect() for _ in range(load.connections)]
        client = Client(asked, connections, load)
        await client.host()
        await client.many(load.warm_up, client.execute)
        alone = await client.alone(load.alone, client.execute)
        listing = asked.request("GET", LIST)

        async def page(connection: Connection) -> None:
            answer = await connection.call(listing)
            assert answer.status == 200, answer

        pages = await client.alone(PAGES, page)
        before, used, own = waiting(url), cpu_ms(os.getpid()), time.process_time()
        began = time.perf_counter()
        await client.many(load.executions, client.execute)
        took = time.perf_counter() - began
        used, own = cpu_ms(os.getpid()) - used, time.process_time() - own
        ended = load.executions + before - waiting(url)
        for connection in connections:
            connection.close()
    return Figures(
        rate=ended / took,
        cpu=(sum(used.values()) + own * 1000) / ended,
        postgres=used[POSTGRES] / ended,
        alone=statistics.median(alone),
        page=statistics.median(pages),
    )


def show(measured: dict[str, list[Figures]]) -> None:
    """Print the medians and the ratios."""
    print(f"{'medians of the rounds':38}{''.join(f'{name:>14}' for name in measured)}{'ratio':>10}")
    for what, figure in FIGURES.items():
        empty, filled = (statistics.median(map(figure, measured[name])) for name in TABLES)
        print(f"{what:38}{empty:14.2f}{filled:14.2f}{filled / empty:10.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--finished", type=int, default=FINISHED)
    parser.add_argument("--pending", type=int, default=PENDING)
    parser.add_argument("--pending-last", action="store_true", help="put the waiting ones at the end of the line")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    add_load(parser)
    wanted = parser.parse_args()
    measured: dict[str, list[Figures]] = {name: [] for name in TABLES}
    with data_dir() as data, superuser_server(data, ()) as server_url:
        urls = {name: make(server_url, name) for name in TABLES}
        began = time.perf_counter()
        fill(urls["filled"], wanted.finished, wanted.pending, wanted.pending_last)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        for number in range(1, wanted.rounds + 1):
            for name in TABLES:
                with service(data, {"DATABASE_URL": urls[name]}) as running:
                    measured[name].append(uvloop.run(measure(running, urls[name], load_of(wanted))))
                print(f"round {number}, {name}: {measured[name][-1]}", flush=True)
    show(measured)


if __name__ == "__main__":
    main()

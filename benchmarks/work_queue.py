#!/usr/bin/env python3
"""The cost of the queue on an empty table and on a full one: claims and endings a second, and the plans.

Usage: python benchmarks/work_queue.py [--plans]            from the project's folder, with its Python

It starts a server of its own, without flushing (so that the tables are measured and not the disk), or makes scratch
databases on the one that DATABASE_URL names, and drops them. The same executions are claimed and ended in batches on a
table that is empty but for them, on one with 1,000,000 finished rows and 100,000 of one script that wait, and on one
where 10,000 scripts have three waiting each. The tables take turns, in small steps, so that other load of the machine
falls on all of them. The figures to compare are the ratios, and first those of the server's processor time, for which
the server has to be on this machine. `--plans` prints the plans of the claim, the ending and a page of the list on the
full tables.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

from adapters.postgres.connections import open_pool
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.schema import migrate
from adapters.system import uuid7
from application.ports.executions import ExecutionFilter
from application.ports.queue import Claimed, Completion
from domain.execution import Claim, Pending, Running
from domain.transitions import finish, start
from tests.adapters.postgres.explaining import EXPLAINED, explaining
from tests.support.bulk_rows import fill
from tests.support.postgres import FAST, superuser_server, url_of
from tests.support.values import a_run

ROUNDS, BATCHES_A_ROUND = 11, 24
BATCHES = (1, 8, 64)
MILLION = 1_000_000
TABLES: dict[str, dict[str, Any]] = {
    "empty": {"scripts": 1, "finished": 0, "pending": [(1, 1, 30_000)]},
    "full": {"scripts": 10_000, "finished": MILLION, "pending": [(1, 1, 100_000)]},
    "many scripts": {"scripts": 10_000, "finished": MILLION, "pending": [(1, 10_000, 30_000)]},
}


@contextmanager
def server() -> Iterator[str]:
    """Provide the URL of a server where databases can be created."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    options = (*FAST, "shared_buffers=1GB", "max_wal_size=4GB")
    with tempfile.TemporaryDirectory() as folder, superuser_server(Path(folder), options) as url:
        yield url


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """Create a scratch database with that name's rows, and provide its URL."""
    scratch = f"bateia_benchmark_{name.replace(' ', '_')}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"drop database if exists {scratch}".encode())
        conn.execute(f"create database {scratch}".encode())
        url = url_of(server_url, scratch)
        migrate(url)
        fill(url, **TABLES[name])
        with psycopg.connect(url, autocommit=True) as own:
            own.execute("vacuum analyze")
        yield url
        conn.execute(f"drop database {scratch} with (force)".encode())


def started(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(uuid7(), "benchmark"), at)


def ended(claimed: Claimed) -> Completion:
    run = a_run()
    return Completion(claimed.running.claim.id, finish(claimed.running, run, timedelta(milliseconds=1)), run.logs, None)


def cpu_ms(pid: int) -> float:
    """Read the processor time of a process of this machine: the server's part of the work, however busy others are."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


async def rate(queue: PostgresQueue, batch: int) -> float:
    """Measure the executions claimed and ended in a second."""
    began = time.perf_counter()
    for _ in range(BATCHES_A_ROUND):
        claimed = await queue.claim(batch, started)
        assert len(claimed) == batch, "the table ran dry"
        assert not await queue.finish([ended(one) for one in claimed])
    return batch * BATCHES_A_ROUND / (time.perf_counter() - began)


@asynccontextmanager
async def queue_on(url: str) -> AsyncIterator[tuple[PostgresQueue, int]]:
    """Provide a queue, and the process id of its one connection's server."""
    async with open_pool(url, "benchmark", size=1) as pool:
        async with pool.connection() as conn:
            pid = conn.info.backend_pid
        yield PostgresQueue(pool, "benchmark", timedelta(minutes=10)), pid


async def measure(urls: dict[str, str]) -> None:
    """Print the rates, and each table's as a part of the empty one's of the same round."""
    async with AsyncExitStack() as stack:
        queues = {name: await stack.enter_async_context(queue_on(url)) for name, url in urls.items()}
        for batch in BATCHES:
            before = {name: cpu_ms(pid) for name, (_, pid) in queues.items()}
            rounds = [{name: await rate(queue, batch) for name, (queue, _) in queues.items()} for _ in range(ROUNDS)]
            used = {name: cpu_ms(pid) - before[name] for name, (_, pid) in queues.items()}
            for name in queues:
                middle = statistics.median(each[name] for each in rounds)
                ratios = sorted(each[name] / each["empty"] for each in rounds)
                print(
                    f"batches of {batch:2}  {name:12} {middle:8.0f} a second"
                    f"   {statistics.median(ratios):.2f} of the empty table's ({ratios[0]:.2f}-{ratios[-1]:.2f})"
                    f"   server CPU {used[name] / (ROUNDS * BATCHES_A_ROUND * batch):.2f} ms each,"
                    f" {used[name] / used['empty']:.2f}"
                )


async def show_plans(url: str) -> None:
    """Print the plans of a claim, an ending and a page of the list, on a full table."""
    async with explaining(url) as store:
        claimed = await store.queue.claim(8, started)
        await store.queue.finish([ended(one) for one in claimed])
        for wanted in (ExecutionFilter(), ExecutionFilter(script=claimed[0].running.submission.script.id)):
            await store.executions.page(wanted, None, 50)
        await store.executions.waiting(100_000)
    for one in EXPLAINED:
        print(f"\n{one.name}: {one.pages} pages")
        print("\n".join(outline(one.plan, 0)))


def outline(plan: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Outline the work of each node, without the nodes that only pass rows on or never ran."""
    dull = plan["Node Type"] in {"Result", "WorkTable Scan", "Subquery Scan", "Sort", "WindowAgg", "Function Scan"}
    if not dull and plan["Actual Loops"]:
        on = plan.get("Index Name", plan.get("Relation Name", plan.get("CTE Name", "")))
        rows = f"{plan['Actual Rows'] * plan['Actual Loops']:.0f} rows"
        pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        part = f"{plan['Subplan Name']}: " if "CTE" in plan.get("Subplan Name", "") else ""
        yield f"{'  ' * depth}{part}{plan['Node Type']} {on} ({rows}, {plan['Actual Loops']} loops, {pages} pages)"
    for below in plan.get("Plans", ()):
        yield from outline(below, depth + (not dull))


def main(plans: bool) -> None:
    """Measure and print."""
    with server() as server_url, ExitStack() as stack:
        urls = {name: stack.enter_context(database(server_url, name)) for name in TABLES}
        print("the tables are filled", flush=True)
        asyncio.run(measure(urls))
        for name in ("full", "many scripts") if plans else ():
            print(f"\n-- on the table with {name!r}")
            asyncio.run(show_plans(urls[name]))


if __name__ == "__main__":
    main("--plans" in sys.argv[1:])

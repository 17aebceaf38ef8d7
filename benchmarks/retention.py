#!/usr/bin/env python3
"""The cost of retention: the rate of removal, and the throughput of a load beside it.

Usage: python benchmarks/retention.py [ROWS]      (1,000,000)      from the project's folder, with its Python

It fills a scratch database, on a server of its own (with flushing, as in service) or on the one that DATABASE_URL
names, with executions that ended two days ago, and drops it afterwards. A load submits, claims and ends executions in
small batches, as fast as it can and then 200 in a second, for some seconds alone and for some seconds while an API's
retention works, in turns. Contents go first, then the records. The figure to compare is the ratio of the load's
throughput; the load is encrypted.
"""

import asyncio
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
from attrs import frozen

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.schema import migrate
from adapters.postgres.scripts import PostgresScripts
from adapters.system import uuid7
from application.maintenance.enforce_retention import remove_expired
from application.ports.executions import NewExecution
from application.ports.queue import Claimed, Completion
from domain.execution import Claim
from domain.outcome import Produced
from domain.retention import Retention
from domain.transitions import finish, start
from domain.versions import ScriptVersion
from tests.support.bulk_rows import fill
from tests.support.postgres import superuser_server, url_of
from tests.support.values import a_body, a_pending, a_run, a_script

ROUNDS, SECONDS, BATCH = 5, 4.0, 8
OFFERED = (math.inf, 200)
A_DAY = timedelta(days=1)
BODY = a_body(b'"' + b"x" * 1_000 + b'"')
CONTENTS = (
    """
    update executions
    set (submitted_at, started_at, finished_at) = (select t, t, t from (values (now() - interval '2 days')) as b (t))
    """,
    "insert into execution_inputs select id, 'identity', repeat('x', 1000)::bytea, true from executions",
    """
    insert into execution_results select id, 'identity', repeat('x', 1000)::bytea, null, false, true from executions
    on conflict do nothing
    """,
    "insert into execution_keys select id, 'a', repeat('w', 60)::bytea from executions on conflict do nothing",
)


@contextmanager
def database(rows: int) -> Iterator[str]:
    """Create a scratch database with so many old executions, and provide its URL."""
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("DATABASE_URL")
        own = superuser_server(Path(folder), ("max_wal_size=4GB",))
        with nullcontext(given) if given else own as server, psycopg.connect(server, autocommit=True) as conn:
            conn.execute("drop database if exists bateia_benchmark_retention")
            conn.execute("create database bateia_benchmark_retention")
            url = url_of(server, "bateia_benchmark_retention")
            migrate(url)
            fill_with_old(url, rows)
            yield url
            conn.execute("drop database bateia_benchmark_retention with (force)")


def fill_with_old(url: str, rows: int) -> None:
    """Insert executions that ended two days ago, with all their content."""
    fill(url, scripts=100, finished=rows, pending=[])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")  # the references are right
        for statement in CONTENTS:
            conn.execute(statement.encode())
        conn.execute("vacuum analyze")


@frozen
class Load:
    """Executions that are submitted, claimed and ended, over and over."""

    executions: PostgresExecutions
    queue: PostgresQueue
    version: ScriptVersion
    offered: float
    """The most submissions in a second."""

    async def rate(self, seconds: float) -> float:
        """Measure the executions that ended in a second."""
        began, ended = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            await asyncio.sleep(began + ended / self.offered - time.perf_counter())
            await asyncio.gather(*(self._submit() for _ in range(BATCH)))
            claimed = await self.queue.claim(BATCH, lambda one, at: start(one, Claim(uuid7(), "benchmark"), at))
            assert not await self.queue.finish([_ended(one) for one in claimed])
            ended += len(claimed)
        return ended / (time.perf_counter() - began)

    async def _submit(self) -> None:
        await self.executions.add(NewExecution(a_pending(self.version, dataset=BODY), BODY))


def _ended(claimed: Claimed) -> Completion:
    run = a_run(Produced(BODY))
    return Completion(claimed.running.claim.id, finish(claimed.running, run, timedelta(milliseconds=1)), run.logs, BODY)


@asynccontextmanager
async def beside(pool: Pool, retention: Retention) -> AsyncIterator[None]:
    """Run an API's retention until the block ends."""
    removing = asyncio.create_task(remove_expired(PostgresExpiredExecutions(pool), retention, time.monotonic))
    try:
        yield
    finally:
        removing.cancel()
        with suppress(asyncio.CancelledError):
            await removing


async def measure(url: str, what: str, table: str, retention: Retention, offered: float) -> None:
    """Print the rates of one kind of removal, and of the load beside it as a part of the load's alone."""
    seals = AesKeyring(MasterKeys("a", {"a": bytes(32)}))
    async with open_pool(url, "benchmark", size=10) as pool, open_pool(url, "benchmark worker", size=4) as workers:
        script, version = a_script(f"load-{what}-{offered:.0f}")
        await PostgresScripts(pool).add(script, version)
        load = Load(PostgresExecutions(pool, seals), PostgresQueue(workers, "b", A_DAY, 0, seals), version, offered)
        await load.rate(1)
        ratios, removed, rates = [], [], []
        for _ in range(ROUNDS):
            alone, left = await load.rate(SECONDS), count(url, table)
            async with beside(pool, retention):
                together = await load.rate(SECONDS)
            removed.append((left - count(url, table)) / SECONDS)
            ratios.append(together / alone)
            rates.append(alone)
    print(
        f"{what:9} {statistics.median(removed):7.0f} removed a second"
        f"   the load: {statistics.median(rates):6.0f} a second alone,"
        f" {statistics.median(ratios):.2f} of that beside ({min(ratios):.2f}-{max(ratios):.2f})",
        flush=True,
    )


def count(url: str, table: str) -> int:
    """Count the old rows of a table."""
    old = {"execution_inputs": "execution_id", "executions": "id"}[table] + " < '01910000-0000-7000-8000-000000000000'"
    with psycopg.connect(url) as conn:
        row = conn.execute(f"select count(*) from {table} where {old}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def main(rows: int) -> None:
    """Measure and print."""
    with database(rows) as url:
        print(f"{rows} old executions are there", flush=True)
        for offered in OFFERED:
            asyncio.run(measure(url, "contents", "execution_inputs", Retention(content=A_DAY), offered))
        for offered in OFFERED:
            asyncio.run(measure(url, "records", "executions", Retention(rows=A_DAY), offered))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

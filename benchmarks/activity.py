#!/usr/bin/env python3
"""The cost of the overview, of the list of executions and of its poll beside a million executions.

Usage: python benchmarks/activity.py [ROWS]      (1,000,000)      from the project's folder, with its Python

It fills a scratch database, on a server of its own, with executions of 100 scripts that ended in the last 30 days, one
in twenty failed, and reads the activity of the 100 scripts in each period, first from the executions alone, then with
the hours that are over added up; the list of executions, the poll of its console, and the use of a version. Figures
are medians of the answers' times, the time that the statements take by `explain (analyze, buffers)`, and the pages
that they touch.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

from adapters.postgres.activity import PostgresScriptActivity
from adapters.postgres.connections import Pool, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue_state import PostgresQueueState
from adapters.postgres.schema import migrate
from adapters.postgres.version_usage import PostgresVersionUsage
from adapters.system import utc_now
from application.maintenance.sum_up_activity import sum_up_activity
from application.ports.executions import ExecutionFilter
from domain.activity import HOUR, Period, window
from domain.execution import State
from domain.version_usage import most_examined
from tests.adapters.postgres.explaining import EXPLAINED, Explaining
from tests.support.bulk_rows import fill
from tests.support.postgres import superuser_server, url_of

SCRIPTS, ROUNDS = 100, 7
_SPREAD_ROWS: Final = """
create table spread as
select
    e.id, now() - interval '30 days' * (1 - (row_number() over (order by e.id))::float8 / %(rows)s) as at,
    random() < 0.05 as fails, exp(5 * random()) as wall_ms
from executions e
where e.state = 'succeeded'
"""
_APPLY: Final = """
update executions e
set
    submitted_at = s.at, started_at = s.at, finished_at = s.at, wall_ms = s.wall_ms,
    state = case when s.fails then 'failed' else 'succeeded' end,
    error_kind = case when s.fails then 'script_error' end, error_message = case when s.fails then 'x' end,
    output_bytes = case when not s.fails then 3 end, output_sha256 = case when not s.fails then sha256('x') end
from spread s
where s.id = e.id
"""


def fill_a_month(url: str, rows: int) -> None:
    """Insert executions whose ends are spread evenly over the last 30 days."""
    fill(url, scripts=SCRIPTS, finished=rows, pending=[(1, 10, 1_000)])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_SPREAD_ROWS, {"rows": rows})
        conn.execute(_APPLY)
        conn.execute("drop table spread")
        conn.execute("vacuum analyze")


async def measure(url: str, what: str, read: Callable[[Pool], Awaitable[Any]]) -> None:
    """Print the time of an answer, and the time and the pages of its statements."""
    async with open_pool(url, "benchmark", size=1) as pool:
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await read(pool)
            times.append(1_000 * (time.perf_counter() - began))
    EXPLAINED.clear()
    async with open_pool(url, "benchmark", size=1, connection_class=Explaining) as pool:
        await read(pool)
    spent = sum(float(one.plan["Actual Total Time"]) for one in EXPLAINED)
    pages = sum(one.pages for one in EXPLAINED)
    scanned = sorted({table for one in EXPLAINED for table in one.scanned})
    print(f"{what:44} {statistics.median(times):8.1f} ms  {spent:8.1f} ms  {pages:8,} pages  {' '.join(scanned)}")


async def overview(url: str, scripts: list[Any], title: str) -> None:
    """Measure the activity of all scripts in each period."""
    for period in Period:

        async def read(pool: Pool, period: Period = period) -> Any:
            return await PostgresScriptActivity(pool).read(scripts, window(period, utc_now()))

        await measure(url, f"{title}, {period.value}", read)


async def run(url: str) -> None:
    """Measure everything on a database that is full."""
    with psycopg.connect(url) as conn:
        scripts = [row[0] for row in conn.execute("select id from scripts order by id desc limit 100").fetchall()]
    print(f"{'':44} {'answer':>11}  {'statements':>11}")
    await overview(url, scripts, "overview from executions alone")
    async with open_pool(url, "benchmark", size=1) as pool:
        began = time.perf_counter()
        await sum_up_activity(PostgresScriptActivity(pool))
        print(f"30 days added up in {time.perf_counter() - began:.1f} s")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("vacuum analyze activity_sums")
    await overview(url, scripts, "overview")
    for limit, what in ((51, "list of executions"), (1, "its poll")):
        for wanted in (ExecutionFilter(), ExecutionFilter(state=State.FAILED)):

            async def page(pool: Pool, limit: int = limit, wanted: ExecutionFilter = wanted) -> Any:
                return await PostgresExecutions(pool).page(wanted, None, limit)

            await measure(url, f"{what}{'' if wanted.state is None else ', failed'}", page)
    await measure(url, "queue", lambda pool: PostgresQueueState(pool, HOUR)())
    most = most_examined(1)
    await measure(url, "use of a version", lambda pool: PostgresVersionUsage(pool)(scripts[0], [1], most))


def main() -> None:
    """Run the benchmark."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder, superuser_server(Path(folder), ("max_wal_size=4GB",)) as server:
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute("create database bateia_benchmark_activity")
        url = url_of(server, "bateia_benchmark_activity")
        migrate(url)
        fill_a_month(url, rows)
        asyncio.run(run(url))


if __name__ == "__main__":
    main()

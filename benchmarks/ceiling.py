#!/usr/bin/env python3
"""The ceiling of one PostgreSQL: executions whose runs are no-ops, by 1 to 16 worker processes.

Usage: python benchmarks/ceiling.py [--workers N ...] [--in-flight N] [--seconds S] [--rounds N] [--save]
       python benchmarks/ceiling.py --derive

As many processes submit executions through the use cases as there are workers, each with --in-flight at once, and read
each execution when it has ended (`no_sandbox.py`): all that PostgreSQL does for an execution, on an embedded server
with full durability, over TCP as from another machine. The worker counts take turns in each round; figures are medians.
Network bytes are those of the loopback interface; where other programs use that too, have one of its own:
`unshare -n sh -c 'ip link set lo up && .venv/bin/python benchmarks/ceiling.py'`.

On a machine with fewer cores than processes the rate is not the ceiling: CPU an execution is what to use, from which
`--derive` computes the machines and databases for 1,000 to 100,000 executions a second (`scaling.py`), as the table in
docs/scaling.md. Its inputs are in `scaling.json`; `--save` replaces those that this benchmark measures.
"""

import argparse
import logging
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from figures import CORES  # noqa: E402 - found through the line above, as are the next ones
from no_sandbox import submitter, worker  # noqa: E402
from processes import POSTGRES, cpu_ms, machine_cpu_ms, own_cpu_ms  # noqa: E402
from scaling import MEASURED, measured_in, save, table  # noqa: E402
from systems import data_dir  # noqa: E402

from adapters.postgres.schema import migrate  # noqa: E402
from tests.support.postgres import superuser_server  # noqa: E402

WORKERS, IN_FLIGHT, SECONDS, ROUNDS = (1, 2, 4, 8, 16), 16, 4.0, 1
WARM_UP_EXECUTIONS, WARM_UP_SECONDS = 100, 60
STOP_SECONDS: Final = 60
SERVER: Final = ("max_connections=400",)
COUNTERS: Final = """
select pg_current_wal_insert_lsn() - '0/0', wal_fpi, pg_database_size(current_database()),
    (select sum(xact_commit) from pg_stat_database), (select sum(fsyncs) from pg_stat_io where object = 'wal')
from pg_stat_wal
"""
"""Bytes of write-ahead log, full-page images in it, bytes of the database, commits, and flushes of the log."""
FORK: Final = multiprocessing.get_context("fork")


class Sample(NamedTuple):
    """Counters so far: executions, CPU in ms by role and of the whole machine, those of PostgreSQL, loopback bytes."""

    at: float
    executions: int
    workers: int
    submitters: int
    postgres: int
    machine: float
    wal: int
    full_pages: int
    size: int
    commits: int
    flushes: int
    network: int


class Figures(NamedTuple):
    """Executions a second, and for each execution: CPU in ms, bytes, and events; last the CPU share of other work."""

    rate: float
    postgres_ms: float
    worker_ms: float
    submitter_ms: float
    wal_bytes: float
    full_pages: float
    stored_bytes: float
    commits: float
    flushes: float
    network_bytes: float
    others: float

    @classmethod
    def between(cls, first: Sample, last: Sample) -> "Figures":
        """Divide the differences by the executions."""
        spent = Sample(*(late - early for early, late in zip(first, last, strict=True)))
        own = spent.workers + spent.submitters + spent.postgres
        each = [
            count / spent.executions
            for count in (
                *(spent.postgres, spent.workers, spent.submitters, spent.wal, spent.full_pages),
                *(spent.size, spent.commits, spent.flushes, spent.network),
            )
        ]
        others = max(0.0, spent.machine - own) / (spent.at * 1000 * CORES)
        return cls(spent.executions / spent.at, *each, others)


class Processes:
    """The processes of one measurement."""

    def __init__(self, url: str, count: int, in_flight: int) -> None:
        self._url = url
        env = {"DATABASE_URL": url, "BATEIA_WORKERS": str(count), "BATEIA_API_PROCESSES": str(count)}
        self._stop: Synchronized[int] = FORK.Value("b", 0)
        self._done: list[Synchronized[int]] = [FORK.Value("q", 0) for _ in range(count)]
        self._workers: list[BaseProcess] = [FORK.Process(target=worker, args=(env,)) for _ in range(count)]
        self._submitters: list[BaseProcess] = [
            FORK.Process(target=submitter, args=(env, in_flight, done, self._stop)) for done in self._done
        ]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run them during the block; each has ended executions when it begins."""
        everyone = [*self._workers, *self._submitters]
        for process in everyone:
            process.start()
        try:
            self._await_warm()
            yield
        finally:
            self._stop.value = 1
            for process in self._submitters:
                process.join(STOP_SECONDS)
            for process in self._workers:
                process.terminate()
            for process in everyone:
                process.join(STOP_SECONDS)
                process.kill()

    def _await_warm(self) -> None:
        deadline = time.monotonic() + WARM_UP_SECONDS
        while min(done.value for done in self._done) < WARM_UP_EXECUTIONS:
            if time.monotonic() > deadline or not all(one.is_alive() for one in [*self._workers, *self._submitters]):
                raise SystemExit("the processes do not work: see their messages above")
            time.sleep(0.05)

    def sample(self) -> Sample:
        """Read all counters."""
        with psycopg.connect(self._url, autocommit=True) as conn:
            counters: Sequence[Any] = conn.execute(COUNTERS).fetchone() or ()
        return Sample(
            time.monotonic(),
            sum(done.value for done in self._done),
            sum(own_cpu_ms(process.pid or 0) for process in self._workers),
            sum(own_cpu_ms(process.pid or 0) for process in self._submitters),
            cpu_ms(os.getpid())[POSTGRES],
            machine_cpu_ms(),
            *map(int, counters),
            loopback_bytes(),
        )


def loopback_bytes() -> int:
    """Bytes that the machine has sent to itself over TCP/IP so far, those of other programs included."""
    (line,) = (line for line in Path("/proc/net/dev").read_text("ascii").splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[0])


def measure(url: str, count: int, in_flight: int, seconds: float) -> Figures:
    """Measure with so many workers, and as many submitting processes."""
    processes = Processes(url, count, in_flight)
    with processes.running():
        first = processes.sample()
        time.sleep(seconds)
        last = processes.sample()
    return Figures.between(first, last)


def median(figures: Sequence[Figures]) -> Figures:
    """Take the median of each figure."""
    return Figures(*map(statistics.median, zip(*figures, strict=True)))


def show(measured: dict[int, list[Figures]]) -> None:
    """Print a row for each number of workers."""
    print(f"{'workers':>8}" + "".join(f"{name:>15}" for name in Figures._fields))
    for count, figures in measured.items():
        print(f"{count:8}" + "".join(f"{figure:15.3f}" for figure in median(figures)))


def main() -> None:
    """Measure and print, or derive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=list(WORKERS))
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--save", action="store_true", help=f"replace the measured inputs in {MEASURED.name}")
    parser.add_argument("--derive", action="store_true", help="print the table of docs/scaling.md and measure nothing")
    wanted = parser.parse_args()
    if wanted.derive:
        print(table(measured_in(MEASURED)))
        return
    logging.getLogger("entrypoints.composition.startup_checks").setLevel(logging.ERROR)  # it is open, as is known
    measured: dict[int, list[Figures]] = {count: [] for count in wanted.workers}
    with data_dir() as data, superuser_server(data, SERVER) as url:
        migrate(url)
        for _ in range(wanted.rounds):
            for count, figures in measured.items():
                figures.append(measure(url, count, wanted.in_flight, wanted.seconds))
                print(f"{count} workers: {figures[-1]}", flush=True)
    show(measured)
    if wanted.save:
        save(MEASURED, median(measured[max(measured)])._asdict())


if __name__ == "__main__":
    main()

"""The processes of one measurement of the ceiling, and the counters of all that they cost."""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from figures import CORES
from no_sandbox import node, submitter, worker
from processes import POSTGRES, cpu_ms, machine_cpu_ms, own_cpu_ms

from entrypoints.supervision.parent_death import tied_to_me

WARM_UP_EXECUTIONS, WARM_UP_SECONDS = 100, 60
STOP_SECONDS: Final = 60
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

    def __init__(self, url: str, count: int, in_flight: int, combined: bool) -> None:
        self._url = url
        sizes = {"BATEIA_WORKERS": str(count), "BATEIA_API_PROCESSES": str(count)}
        env = tied_to_me({"DATABASE_URL": url, **sizes})
        self._stop: Synchronized[int] = FORK.Value("b", 0)
        self._done: list[Synchronized[int]] = [FORK.Value("q", 0) for _ in range(count)]
        self._workers: list[BaseProcess] = [
            FORK.Process(target=worker, args=(env,)) for _ in range(0 if combined else count)
        ]
        self._submitters: list[BaseProcess] = [
            FORK.Process(target=node if combined else submitter, args=(env, in_flight, done, self._stop))
            for done in self._done
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

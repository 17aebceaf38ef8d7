#!/usr/bin/env python3
"""Throughput of submissions and settlements on a disk whose flushes are slow, of two checkouts in turns.

Usage: python benchmarks/slow_flush.py [--beside CHECKOUT] [--flush-ms N] [--apis N] [--workers N] [--clients N]

Processes like APIs, each with as many clients that submit an execution and wait for its end, and workers whose runs do
nothing, over one PostgreSQL with full durability. Each of its flushes takes `--flush-ms`, by a library that the C
compiler of this machine makes and that is loaded before libc; 0 takes the disk as it is. What is compared is how
commits share flushes, so the processes must not keep the CPUs busy: give few clients. The last line is the median of
the rounds' ratios.

Each process runs `python benchmarks/slow_flush.py --serve api|worker CHECKOUT URL`. The other checkout needs no part of
this file.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 1.5
NAP: Final = """
#include <time.h>
int fdatasync(int fd) { struct timespec nap = {0, %d}; nanosleep(&nap, 0); return 0; }
"""


def serve(role: str, checkout: str, url: str) -> None:
    """Be a process of that role, with the modules of the checkout."""
    sys.path[0] = checkout
    import uvloop

    uvloop.run({"api": _api, "worker": _worker}[role](url))


async def _api(url: str) -> None:
    """Each line of standard input has the count of clients, the bytes of a dataset, and the count of workers."""
    from adapters.postgres.connections import open_pool
    from adapters.postgres.executions import PostgresExecutions
    from adapters.postgres.notifications import EndingsListener
    from adapters.postgres.scripts import PostgresScripts
    from application.executions.completion_signals import WatchedCompletions
    from application.executions.read import read_execution
    from application.ports.executions import NewExecution
    from domain.script import ScriptName
    from tests.support.values import a_body, a_pending, a_script

    script, version = a_script(f"api-{os.getpid()}")
    endings = WatchedCompletions()
    async with open_pool(url, "benchmark", size=10) as pool:
        await PostgresScripts(pool).add(script, version)
        executions = PostgresExecutions(pool)
        listening = asyncio.create_task(EndingsListener(url, endings).run(pool))

        async def client(until: float, body: Any, waits: bool) -> list[float]:
            took = []
            while (began := time.monotonic()) < until:
                pending = a_pending(version, ScriptName(script.name), body)
                await executions.add(NewExecution(pending, body))
                if waits:
                    found = await read_execution(
                        executions, endings, execution_id=pending.submission.id, result_up_to=100, wait_seconds=10
                    )
                    assert type(found.unwrap().execution).__name__ == "Succeeded"
                took.append(time.monotonic() - began)
            return took

        for line in iter(sys.stdin.readline, ""):
            clients, size, workers = map(int, line.split())
            until, body = time.monotonic() + SECONDS, a_body(b'"%s"' % os.urandom(size // 2).hex().encode())
            took = await asyncio.gather(*(client(until, body, workers > 0) for _ in range(clients)))
            print(*(f"{one:.5f}" for each in took for one in each), flush=True)
        listening.cancel()


async def _worker(url: str) -> None:
    from datetime import timedelta

    from returns.result import Success

    from adapters.postgres.connections import open_pool
    from adapters.postgres.notifications import WorkListener
    from adapters.postgres.queue import PostgresQueue
    from adapters.system import uuid7
    from application.worker.config import WorkerConfig, WorkerPorts
    from application.worker.worker import Worker
    from tests.support.values import a_run

    async def run(claimed: Any) -> Any:
        return Success(a_run())

    name = f"worker {os.getpid()}"
    config = WorkerConfig(
        worker=name, slots=8, max_attempts=3, renew_seconds=5, reclaim_seconds=5, grace_seconds=1, linger_seconds=0
    )
    async with open_pool(url, "benchmark", size=4) as pool:
        queue = PostgresQueue(pool, name, timedelta(seconds=15))
        worker = Worker(WorkerPorts(queue=queue, run_script=run, new_id=uuid7, monotonic=time.monotonic), config)
        listening = asyncio.create_task(WorkListener(url, worker.wake.set, worker.abort).run())
        working = asyncio.create_task(worker.run())
        await asyncio.to_thread(sys.stdin.read)
        worker.stop()
        await working
        listening.cancel()


class Service:
    """The processes of a checkout."""

    def __init__(self, checkout: Path, url: str, wanted: argparse.Namespace) -> None:
        self._load = f"{wanted.clients} {wanted.dataset_bytes} {wanted.workers}"
        self._workers = [_process("worker", checkout, url) for _ in range(wanted.workers)]
        self._apis = [_process("api", checkout, url) for _ in range(wanted.apis)]

    def latencies(self) -> list[float]:
        """Let the clients of all APIs work for a while; the seconds that each execution took."""
        for api in self._apis:
            print(self._load, file=api.stdin, flush=True)
        return [float(word) for api in self._apis for word in _line(api).split()]

    def stop(self) -> None:
        """Stop the processes."""
        for process in (*self._apis, *self._workers):
            process.communicate()


def _process(role: str, checkout: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--serve", role, str(checkout.resolve()), url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@contextmanager
def slow_server(folder: Path, flush_ms: float) -> Iterator[str]:
    """Provide the URL of a server of the embedded kind, whose flushes take so long."""
    from entrypoints.embedded_postgres import environment
    from tests.support.postgres import superuser_server

    if flush_ms:
        folder.chmod(0o755)  # the server's user loads the library
        source, library = folder / "nap.c", folder / "nap.so"
        source.write_text(NAP % int(flush_ms * 1e6))
        subprocess.run([shutil.which("cc") or "gcc", "-shared", "-fPIC", "-o", library, source], check=True)
        os.environ["LD_PRELOAD"] = str(library)
        environment._INHERITED = (*environment._INHERITED, "LD_PRELOAD")  # type: ignore[misc]
    with superuser_server(folder / "server", ("max_connections=100",)) as url:
        yield url


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", type=Path, help="another checkout, which is measured first")
    parser.add_argument("--flush-ms", type=float, default=2)
    parser.add_argument("--apis", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2, help="0 to submit only")
    parser.add_argument("--clients", type=int, default=4, help="of each API")
    parser.add_argument(
        "--dataset-bytes", type=int, default=2, help="over 65,536, each submission is a commit of its own"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--serve", nargs=3, metavar=("ROLE", "CHECKOUT", "URL"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve:
        serve(*wanted.serve)
        return
    sys.path.insert(0, str(ROOT))
    compare([*([wanted.beside] if wanted.beside else []), ROOT], wanted)


def compare(checkouts: list[Path], wanted: argparse.Namespace) -> None:
    """Measure each checkout in turns, and print rate and latency."""
    import psycopg

    from adapters.postgres.schema import migrate
    from tests.support.postgres import url_of

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server_url = stack.enter_context(slow_server(folder, wanted.flush_ms))
        services = []
        for number, checkout in enumerate(checkouts):
            with psycopg.connect(server_url, autocommit=True) as conn:
                conn.execute(f"create database slow_{number}".encode())
            url = url_of(server_url, f"slow_{number}")
            migrate(url)  # by this checkout's migrations, on which older code works too
            services.append(Service(checkout, url, wanted))
            stack.callback(services[-1].stop)
            services[-1].latencies()
        rounds = [[one.latencies() for one in services] for _ in range(wanted.rounds)]
    for at, checkout in enumerate(checkouts):
        rate = statistics.median(len(one[at]) / SECONDS for one in rounds)
        median = statistics.median(statistics.median(one[at]) for one in rounds) * 1000
        print(f"{checkout}: {rate:.0f} executions a second, {median:.1f} ms each (median)")
    ratio = statistics.median(len(one[-1]) / len(one[0]) for one in rounds)
    print(f"{ratio:.2f} times the rate")


if __name__ == "__main__":
    main()

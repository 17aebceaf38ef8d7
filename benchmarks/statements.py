#!/usr/bin/env python3
"""PostgreSQL's CPU for each operation of an execution's life: submit, claim, settle, read.

Usage: python benchmarks/statements.py [--beside CHECKOUT] [--rounds N]

One server without flushing, so that statements are measured and not the disk; a database and one connection for each
checkout, which take turns in small batches. Figures are ms of CPU of that connection's backend per execution, as the
kernel's scheduler counts it, with every statement that the operation causes; in brackets, those of the client process.
Medians of the rounds; the ratio is the median of the pairs' ratios. Without `--beside`, this checkout alone.

Each checkout runs in a process of its own, `python benchmarks/statements.py --serve CHECKOUT URL`, which does what a
line of its standard input names. The other checkout needs no part of this file.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

ROOT: Final = Path(__file__).resolve().parent.parent
BATCH: Final = 8
LIVES: Final = 25
"""Executions of a round that pass one at a time; as many batches follow."""
WARM_UP: Final = 4
OPERATIONS: Final = ("submit", "submit with a key", "claim", "settle", "read")


class Store:
    """The stores of a checkout, in a process of its own."""

    def __init__(self, checkout: Path, url: str) -> None:
        command = [sys.executable, __file__, "--serve", str(checkout.resolve()), url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def costs(self, batch: int) -> Mapping[str, tuple[float, float]]:
        """Let executions live in batches of that size; each operation's CPU per execution, of server and client."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(batch), file=self._process.stdin, flush=True)
        costs: dict[str, tuple[float, float]] = json.loads(self._process.stdout.readline())
        return costs


def serve(checkout: str, url: str) -> None:
    """Do what standard input asks, with the modules of the checkout."""
    sys.path[0] = checkout
    asyncio.run(_live(url))


async def _live(url: str) -> None:
    from adapters.postgres.connections import open_pool
    from adapters.postgres.schema import migrate
    from adapters.postgres.scripts import PostgresScripts
    from tests.support.values import a_script

    migrate(url)
    script, version = a_script()
    async with open_pool(url, "benchmark", size=1) as pool:
        await PostgresScripts(pool).add(script, version)
        life = Life(pool, version)
        for line in sys.stdin:
            print(json.dumps(await life.round(json.loads(line))), flush=True)


class Life:
    """The operations of executions of one version, and the CPU that each of them took."""

    def __init__(self, pool: Any, version: Any) -> None:
        from datetime import timedelta

        from adapters.postgres.executions import PostgresExecutions
        from adapters.postgres.idempotency import PostgresIdempotencyKeys
        from adapters.postgres.queue import PostgresQueue

        self._pool, self._version = pool, version
        self._executions = PostgresExecutions(pool)
        self._keys = PostgresIdempotencyKeys(pool, timedelta(days=1))
        self._queue = PostgresQueue(pool, "benchmark", timedelta(minutes=10))

    async def round(self, batch: int) -> Mapping[str, tuple[float, float]]:
        """Measure `LIVES` batches of that size."""
        operations = dict.fromkeys(OPERATIONS, (0.0, 0.0))
        for _ in range(LIVES):
            for name, used in (await self._live(batch)).items():
                operations[name] = (operations[name][0] + used[0], operations[name][1] + used[1])
        each = LIVES * batch
        return {name: (server / each, client / each) for name, (server, client) in operations.items()}

    async def _live(self, batch: int) -> Mapping[str, tuple[float, float]]:
        from application.ports.executions import NewExecution
        from tests.support.values import a_body, a_pending

        expected = _expected()
        plain, keyed = ([a_pending(self._version) for _ in range(batch)] for _ in range(2))
        used = {
            "submit": await self._timed(
                lambda: asyncio.gather(
                    *(self._executions.add(NewExecution(p, a_body(), expected=expected)) for p in plain)
                )
            ),
            "submit with a key": await self._timed(
                lambda: asyncio.gather(
                    *(self._keys.add(NewExecution(p, a_body(), expected=expected), _request(p)) for p in keyed)
                )
            ),
        }
        claimed: list[Any] = []

        async def claim() -> None:
            claimed.extend(await self._queue.claim(batch, _started))

        used["claim"] = await self._timed(claim)
        ends = [_ended(one) for one in claimed]
        assert len(ends) == batch, "as many were submitted"
        used["settle"] = await self._timed(lambda: self._queue.finish(ends))
        ids = [one.execution.submission.id for one in ends]
        used["read"] = await self._timed(lambda: asyncio.gather(*(self._executions.report(i, 2**20) for i in ids)))
        await self._queue.finish([_ended(one) for one in await self._queue.claim(batch, _started)])
        return used

    async def _timed(self, act: Any) -> tuple[float, float]:
        server, client = await self._server_ms(), time.process_time() * 1000
        await act()
        return await self._server_ms() - server, time.process_time() * 1000 - client

    async def _server_ms(self) -> float:
        """Read the backend's CPU when it has nothing left to do for this process."""
        while True:
            async with self._pool.connection() as conn:
                before = _cpu_ms(conn.info.backend_pid)
                await asyncio.sleep(0.001)
                if (now := _cpu_ms(conn.info.backend_pid)) == before:
                    return now


def _cpu_ms(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e6


def _expected() -> Any:
    """Build the guard of a submission that names no version, to a script that the process remembers."""
    from attrs import fields_dict

    from application.ports.executions import Expected

    if "alias" not in fields_dict(Expected):  # a checkout before aliases
        return Expected(latest=1)
    from domain.aliases import LIVE

    return Expected(latest=1, alias=LIVE)


def _request(pending: Any) -> Any:
    from domain.idempotency import IdempotencyKey, RequestFingerprint

    return RequestFingerprint(IdempotencyKey(str(pending.submission.id)), "0" * 64)


def _started(pending: Any, at: Any) -> Any:
    from adapters.system import uuid7
    from domain.execution import Claim
    from domain.transitions import start

    return start(pending, Claim(uuid7(), "benchmark"), at)


def _ended(claimed: Any) -> Any:
    from datetime import timedelta

    from application.ports.queue import Completion
    from domain.transitions import finish
    from tests.support.values import a_run

    run = a_run()
    execution = finish(claimed.running, run, timedelta(milliseconds=1))
    return Completion(claimed.running.claim.id, execution, run.logs, run.outcome.result)


def compare(stores: list[Store], rounds: int) -> None:
    """Print a line for each operation and size of batch."""
    for batch in (1, BATCH):
        for store in stores:
            for _ in range(WARM_UP):
                store.costs(batch)
        measured = [[store.costs(batch) for store in stores] for _ in range(rounds)]
        for name in OPERATIONS:
            figures = [
                f"{statistics.median(one[at][name][0] for one in measured):.3f}"
                f" ({statistics.median(one[at][name][1] for one in measured):.3f})"
                for at in range(len(stores))
            ]
            ratio = statistics.median(one[-1][name][0] / one[0][name][0] for one in measured)
            said = f"   times {ratio:.2f}" if len(stores) > 1 else ""
            print(f"{name:18} in batches of {batch}: {' -> '.join(figures)} ms{said}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", type=Path, help="another checkout, which is measured first")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--serve", nargs=2, metavar=("CHECKOUT", "URL"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve:
        serve(*wanted.serve)
        return
    sys.path.insert(0, str(ROOT))
    import psycopg

    from tests.support.postgres import FAST, superuser_server, url_of

    checkouts = [wanted.beside, ROOT] if wanted.beside else [ROOT]
    with tempfile.TemporaryDirectory() as folder, superuser_server(Path(folder), FAST) as server_url:
        urls = [url_of(server_url, f"statements_{number}") for number in range(len(checkouts))]
        with psycopg.connect(server_url, autocommit=True) as conn:
            for number in range(len(checkouts)):
                conn.execute(f"create database statements_{number}".encode())
        with Store(checkouts[0], urls[0]) as first, Store(checkouts[-1], urls[-1]) as last:
            compare([first, last][: len(checkouts)], wanted.rounds)


if __name__ == "__main__":
    main()

"""The load of the benchmarks: small executions of hosted scripts, from many connections or one at a time."""

import argparse
import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from http_client import Connection, Service

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
SCRIPT: Final = (EXAMPLE / "script.js").read_bytes()
DATASET: Final = (EXAMPLE / "payload.json").read_bytes()
EXPECTED: Final = msgspec.json.decode((EXAMPLE / "expected.json").read_bytes())
WARM_UP: Final = 200
CLIENTS: Final = ("waiting", "polling")


class Load(NamedTuple):
    """The load on the service. A polling client looks every few milliseconds, a waiting one sends `Prefer: wait`."""

    executions: int = 2000
    connections: int = 32
    alone: int = 200
    scripts: int = 1
    client: str = CLIENTS[0]

    @property
    def warm_up(self) -> int:
        """The number of executions before the first measured one: each script has at least two."""
        return max(WARM_UP, 2 * self.scripts)


class Client:
    """A service, distinct scripts hosted on it under names of their own, and connections to it.

    The scripts take turns. Every result is compared with the expected one.
    """

    def __init__(self, service: Service, connections: list[Connection], load: Load | None = None) -> None:
        load = load or Load()
        self._service, self._connections, self._waits = service, connections, load.client == CLIENTS[0]
        run = uuid.uuid4().hex[:12]
        self._names = [f"throughput-{run}-{number}" for number in range(load.scripts)]
        submissions = [service.submission(name, DATASET, self._waits) for name in self._names]
        self._submissions = itertools.cycle(submissions)

    async def host(self) -> None:
        """Host the scripts; no two have the same text."""
        for name in self._names:
            await self._service.host(self._connections[0], name, SCRIPT + f"\n// {name}\n".encode())

    async def execute(self, connection: Connection) -> None:
        """Run the next script's execution to its end."""
        execution = await self._service.execute(connection, next(self._submissions), self._waits)
        assert execution.status == "succeeded", execution
        assert execution.result == EXPECTED, execution

    async def live(self, connection: Connection) -> None:
        """Send one bare request."""
        answer = await connection.call(self._service.live)
        assert answer.status == 200, answer

    async def many(self, times: int, act: Callable[[Connection], Awaitable[None]]) -> list[float]:
        """Act so many times from all connections; return the milliseconds of each."""
        left, took = itertools.repeat(None, times), list[float]()

        async def drain(connection: Connection) -> None:
            for _ in left:
                took.append(await milliseconds(act, connection))

        async with asyncio.TaskGroup() as group:
            for connection in self._connections:
                group.create_task(drain(connection))
        return took

    async def alone(self, times: int, act: Callable[[Connection], Awaitable[None]]) -> list[float]:
        """Act so many times, one after the other; return the milliseconds of each."""
        return [await milliseconds(act, self._connections[0]) for _ in range(times)]


async def milliseconds(act: Callable[[Connection], Awaitable[None]], connection: Connection) -> float:
    """Measure one call."""
    began = time.perf_counter()
    await act(connection)
    return (time.perf_counter() - began) * 1000


def add_load(parser: argparse.ArgumentParser) -> None:
    """Let the load be given."""
    for name, default in Load()._asdict().items():
        if name != "client":
            parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--client", choices=CLIENTS, default=CLIENTS[0])


def load_of(wanted: argparse.Namespace) -> Load:
    """Read the load from the arguments."""
    return Load(**{name: getattr(wanted, name) for name in Load._fields})

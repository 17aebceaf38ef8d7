#!/usr/bin/env python3
"""Executions at a steady rate, without webhooks and with a thousand of them, in turns.

Usage: python benchmarks/webhooks.py [--rounds N] [--webhooks N] [--scripts N] [--rate N] [--seconds N]

Each webhook is subscribed to the ends of executions of one script; the scripts take turns. Executions are submitted at
the given rate, whether or not earlier ones have ended, and each request waits for the end. The receiver is a process of
its own on this machine, over plain HTTP, that answers 204 to each message. Both turns use the same service and scripts;
for a turn without webhooks they are disabled. A turn ends when all executions have ended; then the time until the last
event has been delivered is measured.

The ratio of a round is the rate with webhooks divided by that without. CPU is that of the service's processes for an
execution, its deliveries included.
"""

import argparse
import asyncio
import json
import multiprocessing
import time
import uuid
from collections.abc import Sequence
from multiprocessing.connection import Connection as Pipe
from typing import Any, Final, NamedTuple

import uvloop
from compare import spread
from figures import CORES, Times
from http_client import Connection, Service
from load import DATASET, SCRIPT
from processes import cpu_ms, machine_cpu_ms
from systems import Running, data_dir, service

SETTINGS: Final = {"BATEIA_WEBHOOK_HTTP": "true", "BATEIA_WEBHOOK_NETWORKS": "127.0.0.0/8"}
EVENTS: Final = ("execution.succeeded", "execution.failed")
_JSON: Final = {"Content-Type": "application/json"}
_ACCEPTED: Final = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
_DELIVERED_SECONDS: Final = 120


class Figures(NamedTuple):
    """A turn: executions a second, their latency, ms of CPU of the service for each, the events received, the seconds
    from the last end to the last event, and the share of the CPU that other work took."""

    rate: float
    latency: Times
    cpu: float
    events: int
    behind_seconds: float
    others: float


class _Receiver(asyncio.Protocol):
    """One connection of the service; a message comes in one piece or several, with its length."""

    def __init__(self, received: set[bytes]) -> None:
        self._received, self._data = received, bytearray()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = bytes(self._data).partition(b"\r\n\r\n")
        if not end:
            return
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if len(body) >= int(fields[b"content-length"]):
            self._received.add(fields[b"webhook-id"])
            self._transport.write(_ACCEPTED)
            self._transport.close()


def receive(pipe: Pipe) -> None:
    """Receive messages for ever; answer each question on the pipe with the number of events so far."""

    async def run() -> None:
        received: set[bytes] = set()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Receiver(received), "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        loop.add_reader(pipe.fileno(), lambda: pipe.send((pipe.recv(), len(received))[1]))
        await server.serve_forever()

    uvloop.run(run())


class Receiver:
    """The receiver's process. Enter it to start it; its port is known then."""

    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=receive, args=(theirs,), daemon=True)
        self.port = 0

    def __enter__(self) -> "Receiver":
        self._process.start()
        self.port = self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def events(self) -> int:
        """Count the events received so far."""
        self._pipe.send("count")
        count: int = self._pipe.recv()
        return count


async def call(connection: Connection, request: bytes, *statuses: int) -> Any:
    """Send a request and return the document of its answer."""
    answer = await connection.call(request)
    assert answer.status in statuses, answer
    return json.loads(answer.body) if answer.body else None


async def subscribe(to: Service, names: Sequence[str], port: int, webhooks: int) -> list[str]:
    """Create scripts of those names and so many webhooks, each for one of them; return the webhooks' ids."""
    connection = await to.connect()
    for name in names:
        await to.host(connection, name, SCRIPT + f"\n// {name}\n".encode())
    ids = []
    for number in range(webhooks):
        document = {
            "url": f"http://127.0.0.1:{port}/{number}",
            "events": EVENTS,
            "scripts": [names[number % len(names)]],
        }
        request = to.request("POST", "/v1/webhooks", json.dumps(document).encode(), _JSON)
        ids.append((await call(connection, request, 201))["id"])
    connection.close()
    return ids


async def enable(to: Service, webhooks: Sequence[str], enabled: bool) -> None:
    """Enable or disable webhooks."""
    connection, body = await to.connect(), json.dumps({"enabled": enabled}).encode()
    for one in webhooks:
        await call(connection, to.request("PATCH", f"/v1/webhooks/{one}", body, _JSON), 200)
    connection.close()


async def turn(running: Running, names: Sequence[str], receiver: Receiver, rate: int, seconds: int) -> Figures:
    """Submit executions of the scripts at that rate for so long, and wait for their ends and their events."""
    to = Service(running.base_url)
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    took: list[float] = []

    async def execute(name: str) -> None:
        connection = free.get_nowait() if not free.empty() else await to.connect()
        began = time.perf_counter()
        execution = await to.execute(connection, to.submission(name, DATASET))
        took.append((time.perf_counter() - began) * 1000)
        assert execution.status == "succeeded", execution
        free.put_nowait(connection)

    before, machine, own = cpu_ms(running.pid), machine_cpu_ms(), time.process_time()
    known, began = receiver.events(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rate * seconds):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            group.create_task(execute(names[number % len(names)]))
    ended = time.perf_counter()
    events = await _settled(receiver)
    used = sum(cpu_ms(running.pid).values()) - sum(before.values())
    machine, own, all_of_it = machine_cpu_ms() - machine, time.process_time() - own, time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()
    return Figures(
        rate=rate * seconds / (ended - began),
        latency=Times.of(took),
        cpu=used / (rate * seconds),
        events=events.count - known,
        behind_seconds=max(0.0, events.at - ended),
        others=max(0.0, machine - used - own * 1000) / (all_of_it * 1000 * CORES),
    )


class _Count(NamedTuple):
    count: int
    at: float


async def _settled(receiver: Receiver) -> _Count:
    """Count the events once none has come for a second, with the time of the last."""
    last, deadline = _Count(receiver.events(), time.perf_counter()), time.perf_counter() + _DELIVERED_SECONDS
    while (now := time.perf_counter()) < min(deadline, last.at + 1):
        await asyncio.sleep(0.05)
        if (count := receiver.events()) > last.count:
            last = _Count(count, now)
    return last


async def measure(running: Running, receiver: Receiver, wanted: argparse.Namespace) -> None:
    """Take the turns, and print them."""
    to, prefix = Service(running.base_url), uuid.uuid4().hex[:8]
    names = [f"webhooks-{prefix}-{number}" for number in range(wanted.scripts)]
    webhooks = await subscribe(to, names, receiver.port, wanted.webhooks)
    measured: dict[bool, list[Figures]] = {False: [], True: []}
    each = wanted.webhooks / wanted.scripts
    await turn(
        running, names, receiver, wanted.rate, max(2, 2 * wanted.scripts // wanted.rate)
    )  # each script runs twice
    for number in range(wanted.rounds):
        for enabled in (False, True) if number % 2 else (True, False):
            await enable(to, webhooks, enabled)
            figures = await turn(running, names, receiver, wanted.rate, wanted.seconds)
            expected = round(wanted.rate * wanted.seconds * each) if enabled else 0
            assert figures.events == expected, (figures, expected)
            measured[enabled].append(figures)
            print(f"round {number + 1}, {wanted.webhooks if enabled else 'no'} webhooks: {figures}", flush=True)
    show(measured[True], measured[False])


def show(subscribed: Sequence[Figures], none: Sequence[Figures]) -> None:
    """Print the medians, with the least and the most."""
    print(f"{'median (least-most)':38}{'webhooks':>27}{'none':>27}")
    for what, figure in (
        ("executions a second", lambda one: one.rate),
        ("latency, median, ms", lambda one: one.latency.median),
        ("latency, 99th, ms", lambda one: one.latency.p99),
        ("CPU of the service an execution, ms", lambda one: one.cpu),
        ("events behind the last end, s", lambda one: one.behind_seconds),
        ("others' share of the CPU", lambda one: one.others),
    ):
        print(f"{what:38}{spread(list(map(figure, subscribed))):>27}{spread(list(map(figure, none))):>27}")
    print(f"rate, divided: {spread([one.rate / other.rate for one, other in zip(subscribed, none, strict=True)])}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--webhooks", type=int, default=1_000)
    parser.add_argument("--scripts", type=int, default=1_000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=10)
    wanted = parser.parse_args()
    with Receiver() as receiver, data_dir() as data, service(data, SETTINGS) as running:
        uvloop.run(measure(running, receiver, wanted))


if __name__ == "__main__":
    main()

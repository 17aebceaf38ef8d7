#!/usr/bin/env python3
"""A large dataset from the POST to the result read, beside bare Node doing the same with files.

Usage: python benchmarks/large.py [--rows N] [--rounds N] [--alone]      (186,000 rows, 60 MB)

Node and Bateia take turns; Bateia is started for each turn, so that the peaks of memory are this dataset's. Node's time
is that of a process which reads the file, parses it, runs the script, and writes the result's text; the results are
compared byte for byte. While Bateia works, a process of its own requests `/health/live` and a small execution that has
ended, all the time: its slowest answer is the delay for other clients. It takes a part of the machine, which Node has
to itself: with `--alone`, so has Bateia, and no delay is measured. Growth is that of all processes of a role together;
where the API's processes have the slots, theirs is all of it, and the worker's is 0.
"""

import argparse
import asyncio
import hashlib
import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import nan
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import uvloop
from http_client import Connection, Service
from load import DATASET, SCRIPT
from processes import API, COMBINED, WORKER, memory, roles
from systems import ROOT, data_dir, service

ROWS, ROUNDS = 186_000, 3
TURN_SECONDS: Final = 120
PROBE_PAUSE_SECONDS: Final = 0.002
MAP: Final = b"const process = rows => rows.map(r => ({ ...r, perCard: r.qtdCartoesAtivos / r.qtdCartoesEmitidos }));"
SCRIPTS: Final = {"aggregated": SCRIPT, "mapped": MAP}
NODE: Final = """
const [source, from, to] = process.argv.slice(2);
const fs = require('node:fs');
const script = (0, eval)(`(() => {${fs.readFileSync(source, 'utf8')}; return process; })()`);
fs.writeFileSync(to, JSON.stringify(script(JSON.parse(fs.readFileSync(from, 'utf8')))));
"""
FIGURES: Final = {
    "POST to result read, s": "seconds",
    "the same in Node, s": "node",
    "through Node's": "ratio",
    "API's growth, in datasets": "api",
    "worker's growth, in datasets": "worker",
    "child's peak, in datasets": "child",
    "slowest /health/live meanwhile, ms": "live",
    "slowest small read meanwhile, ms": "read",
    "slowest of both before, ms": "before",
}


class Turn(NamedTuple):
    """Seconds, memory as multiples of the dataset's size, and the slowest small answers in milliseconds."""

    seconds: float
    node: float
    api: float
    worker: float
    child: float
    live: float
    read: float
    before: float

    @property
    def ratio(self) -> float:
        """Bateia's time through Node's."""
        return self.seconds / self.node


class Measures(msgspec.Struct):
    """The fields of a run's measures that are read."""

    peak_memory_bytes: int


class Measured(msgspec.Struct):
    """The fields of a measured execution that are read."""

    measures: Measures


async def _slowest(connection: Connection, request: bytes, stop: "multiprocessing.synchronize.Event") -> float:
    slowest = 0.0
    while not stop.is_set():
        began = time.perf_counter()
        answer = await connection.call(request)
        slowest = max(slowest, time.perf_counter() - began)
        assert answer.status == 200, answer
        await asyncio.sleep(PROBE_PAUSE_SECONDS)
    return slowest * 1000


async def _probe(base_url: str, paths: list[str], stop: "multiprocessing.synchronize.Event") -> list[float]:
    asked = Service(base_url)
    loops = [_slowest(await asked.connect(), asked.request("GET", path), stop) for path in paths]
    return list(await asyncio.gather(*loops))


def _probe_process(
    base_url: str,
    paths: list[str],
    stop: "multiprocessing.synchronize.Event",
    answers: "multiprocessing.Queue[list[float]]",
) -> None:
    answers.put(uvloop.run(_probe(base_url, paths, stop)))


@contextmanager
def probing(base_url: str, paths: list[str]) -> Iterator[list[float]]:
    """Ask for these paths during the block, in another process; the slowest answers, in the list after the block."""
    spawn = multiprocessing.get_context("spawn")
    slowest: list[float] = []
    stop, answers = spawn.Event(), spawn.Queue()
    process = spawn.Process(target=_probe_process, args=(base_url, paths, stop, answers), daemon=True)
    process.start()
    try:
        yield slowest
    finally:
        stop.set()
        slowest += answers.get(timeout=TURN_SECONDS)
        process.join(TURN_SECONDS)


def in_node(script: Path, dataset: Path, result: Path) -> float:
    """Measure the seconds that Node takes."""
    began = time.perf_counter()
    program = script.with_name("node.cjs")
    program.write_text(NODE, "utf-8")
    subprocess.run(["node", program, script, dataset, result], check=True, timeout=TURN_SECONDS)
    return time.perf_counter() - began


async def through(asked: Service, connection: Connection, name: str, dataset: bytes) -> tuple[float, bytes, int]:
    """Measure seconds from the POST to the result read, the result's text, and the child's peak memory in bytes."""
    submission = asked.submission(name, dataset)
    began = time.perf_counter()
    execution = await asked.execute(connection, submission)
    assert execution.status == "succeeded", execution
    result = await connection.call(asked.request("GET", f"/v1/executions/{execution.id}/result"))
    took = time.perf_counter() - began
    assert result.status == 200, result.status
    shown = await connection.call(asked.request("GET", f"/v1/executions/{execution.id}"))
    return took, result.body, msgspec.json.decode(shown.body, type=Measured).measures.peak_memory_bytes


class Work(NamedTuple):
    """A turn's script and dataset, the digest and the seconds of Node's result, and if other clients ask meanwhile."""

    script: bytes
    dataset: bytes
    expected: str
    node: float
    alone: bool


async def turn(base_url: str, root: int, work: Work) -> Turn:
    """Send one dataset through one freshly started service."""
    dataset = work.dataset
    asked = Service(base_url)
    connection = await asked.connect()
    await asked.host(connection, "large", work.script)
    small = await asked.execute(connection, asked.submission("large", DATASET))
    paths = [] if work.alone else ["/health/live", f"/v1/executions/{small.id}"]
    pids = {pid: role for pid, role in roles(root).items() if role in {API, WORKER, COMBINED}}
    with probing(base_url, paths) as quiet:
        await asyncio.sleep(2)
    before = {pid: memory(pid)[0] for pid in pids}
    with probing(base_url, paths) as slowest:
        await asyncio.sleep(1)  # until it asks
        took, result, peak = await through(asked, connection, "large", dataset)
    assert hashlib.sha256(result).hexdigest() == work.expected
    grown = {API: 0.0, WORKER: 0.0, COMBINED: 0.0}
    for pid, role in pids.items():
        grown[role] += (memory(pid)[1] - before[pid]) / len(dataset)
    connection.close()
    live, read = slowest or (nan, nan)
    api = grown[API] + grown[COMBINED]
    return Turn(took, work.node, api, grown[WORKER], peak / len(dataset), live, read, max(quiet, default=nan))


def one_round(folder: Path, script: bytes, dataset: Path, alone: bool) -> Turn:
    """Measure Node's turn, then Bateia's."""
    source, result = folder / "script.js", folder / "result.json"
    source.write_bytes(script)
    node = in_node(source, dataset, result)
    expected = hashlib.sha256(result.read_bytes()).hexdigest()
    with data_dir() as data, service(data) as running:
        work = Work(script, dataset.read_bytes(), expected, node, alone)
        return uvloop.run(turn(running.base_url, running.pid, work))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--alone", action="store_true", help="let no other client ask meanwhile")
    wanted = parser.parse_args()
    with data_dir() as folder:
        dataset = folder / "dataset.json"
        with dataset.open("wb") as out:
            generate = ROOT / "examples" / "bacen" / "generate.py"
            subprocess.run([sys.executable, generate, str(wanted.rows)], stdout=out, check=True, timeout=TURN_SECONDS)
        print(f"{dataset.stat().st_size / 1e6:.1f} MB, medians of {wanted.rounds} rounds (least - most)")
        for name, script in SCRIPTS.items():
            show(name, [one_round(folder, script, dataset, wanted.alone) for _ in range(wanted.rounds)])


def show(name: str, turns: list[Turn]) -> None:
    """Print the figures of one script."""
    print(name)
    for what, figure in FIGURES.items():
        values = [getattr(one, figure) for one in turns]
        print(f"    {what:36}{statistics.median(values):10.2f}   ({min(values):.2f} - {max(values):.2f})")


if __name__ == "__main__":
    main()

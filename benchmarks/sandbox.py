#!/usr/bin/env python3
"""The cost of the sandbox: small executions and large datasets in it, beside the same work by the same engine outside.

Usage: python benchmarks/sandbox.py [--engine dukpy|quickjs-ng] [--beside CHECKOUT]      (both)

The sandbox and the engine in this process take turns, and every figure is a median of the rounds. Machines differ and
are shared, so the figures to compare are the ratios of one run. "Outside" is a fresh context in this process.

With `--beside`, the small executions of this checkout and of another one take turns instead (checkouts.py).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import uvloop

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adapters.javascript.confined.engine import Engine  # noqa: E402 - found through the line above, as are the next ones
from adapters.javascript.engines import library_of  # noqa: E402
from benchmarks.checkouts import Row, compared  # noqa: E402
from domain.engine import EngineName  # noqa: E402
from domain.limits import DEFAULTS  # noqa: E402
from domain.outcome import Produced, Rejected, Run  # noqa: E402
from tests.adapters.javascript.sandboxes import Bench, a_bench, a_claimed  # noqa: E402

EXAMPLE: Final = ROOT / "examples" / "bacen"
AGGREGATE: Final = (EXAMPLE / "script.js").read_text("utf-8")
MAP: Final = "const process = rows => rows.map(r => ({ ...r, perCard: r.qtdCartoesAtivos / r.qtdCartoesEmitidos }));"
SMALL: Final = (EXAMPLE / "payload.json").read_bytes()
SMALL_ROUNDS, SMALL_RUNS, WARM_UP = 7, 150, 20
LARGE: Final = {"3 MB": (9_300, 11), "60 MB": (186_000, 5)}
"""Rows and rounds."""
CHEAP_ENOUGH, CONFINED_ENOUGH, FAST_ENOUGH = "<= 2.5 ms", "<= 0.5 ms", ">= 0.80"
PAUSE_SECONDS: Final = 0.02
TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")


class Cpu(NamedTuple):
    """Milliseconds of CPU: of this process, of the zygote itself, and of the children that it has waited for."""

    worker: float
    zygote: float
    children: float

    @classmethod
    def now(cls, zygote: int) -> "Cpu":
        """Read the kernel's counters."""
        words = Path(f"/proc/{zygote}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        user, system, childrens_user, childrens_system = (int(word) * TICK_MS for word in words[11:15])
        return cls(time.process_time() * 1000, user + system, childrens_user + childrens_system)


def outside(library: str, script: str, dataset: bytes) -> bytes:
    """Evaluate without a sandbox, in a context of its own."""
    engine = Engine(library)
    engine.begin(DEFAULTS.memory_bytes, 0, (1, 2, 3, 4))
    process = engine.load(script.encode())
    engine.set_dataset(dataset)
    value = engine.call(process)
    assert value is not None
    text = engine.serialise(value)
    assert text is not None
    return bytes(text)


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Measure the duration of the work."""
    began = clock()
    work()
    return clock() - began


def zygote_of_this_process() -> int:
    """Find the only child of this process."""
    (child,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return int(child)


def small(bench: Bench, library: str) -> Iterator[Row]:
    """Measure the CPU of a small execution, in all, and its time by the clock."""
    zygote, inside, bare = zygote_of_this_process(), [], []
    execution = a_claimed(AGGREGATE, SMALL, DEFAULTS)

    async def run(times: int) -> None:
        for _ in range(times):
            (await bench.sandbox.run(execution)).unwrap()

    bench.runner.run(run(WARM_UP))
    for _ in range(SMALL_ROUNDS):
        before = Cpu.now(zygote)
        bench.runner.run(run(SMALL_RUNS))
        after = Cpu.now(zygote)
        inside.append([(late - early) / SMALL_RUNS for early, late in zip(before, after, strict=True)])
        took = [seconds(lambda: outside(library, AGGREGATE, SMALL), time.process_time) for _ in range(SMALL_RUNS)]
        bare.append(statistics.mean(took) * 1000)
    everything, alone = statistics.median(map(sum, inside)), statistics.median(bare)
    worker, own, children = (statistics.median(column) for column in zip(*inside, strict=True))
    yield Row("small execution, CPU all in", f"{everything:.2f} ms", CHEAP_ENOUGH)
    yield Row("    worker + zygote + child", f"{worker:.2f} + {own:.2f} + {children:.2f}")
    yield Row("    the same outside", f"{alone:.2f} ms")
    yield Row("    all in / outside", f"{everything / alone:.1f}")
    yield from confinement(library)
    yield from latency(bench)


def confinement(library: str) -> Iterator[Row]:
    """Measure the share of confinement; and by the clock, which is about what a spare child saves of the wait."""
    command = [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "confining.py"), library]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    yield Row("    confinement", f"{measured['cpu'] - measured['bare_cpu']:.2f} ms", CONFINED_ENOUGH)
    yield Row("    fork and exit alone", f"{measured['bare_cpu']:.2f} ms")
    yield Row("fork, confinement and exit by the clock", f"{measured['wall']:.2f} ms")


def latency(bench: Bench) -> Iterator[Row]:
    """By the clock, one at a time: at once after the one before, and after a pause in which the spare child is made."""
    execution = a_claimed(AGGREGATE, SMALL, DEFAULTS)

    def took(pause: float) -> list[float]:
        times = []
        for _ in range(SMALL_RUNS):
            time.sleep(pause)
            times.append(seconds(lambda: bench.runner.run(bench.sandbox.run(execution))) * 1000)
        return times

    for name, pause in (("at once after another", 0), ("with the spare child ready", PAUSE_SECONDS)):
        times = took(pause)
        middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        yield Row(f"small execution by the clock, {name}", f"{middle:.2f} ms, p95 {slow:.2f}")


def large(bench: Bench, library: str, size: str) -> Iterator[Row]:
    """Measure the speed of aggregating many rows, inside and outside."""
    rows, rounds = LARGE[size]
    dataset = a_dataset(rows)
    execution = a_claimed(AGGREGATE, dataset, DEFAULTS)
    inside, bare, by_clock, by_cpu = [], [], [], []
    for _ in range(rounds):
        began, own = time.perf_counter(), time.process_time()
        run = bench.do(bench.sandbox.run(execution)).unwrap()
        inside.append(time.perf_counter() - began)
        cpu = time.process_time() - own + run.provenance.measures.cpu_ms / 1000
        produced(run)
        began, own = time.perf_counter(), time.process_time()
        outside(library, AGGREGATE, dataset)
        bare.append(time.perf_counter() - began)
        by_clock.append(bare[-1] / inside[-1])
        by_cpu.append((time.process_time() - own) / cpu)
    speed, alone = (len(dataset) / 1e6 / statistics.median(times) for times in (inside, bare))
    yield Row(f"{size} aggregated, MB/s", f"{speed:.0f}")
    yield Row("    the same outside, MB/s", f"{alone:.0f}")
    yield Row("    inside / outside by the clock", f"{statistics.median(by_clock):.2f}", FAST_ENOUGH)
    yield Row("    inside / outside by MB a second of CPU", f"{statistics.median(by_cpu):.2f}")


def peaks(bench: Bench) -> Iterator[Row]:
    """Measure the peak memory of large runs within the default limits."""
    dataset = a_dataset(LARGE["60 MB"][0])
    for name, script in (("aggregated", AGGREGATE), ("mapped", MAP)):
        run = bench.run(script, dataset, DEFAULTS)
        produced(run)
        yield Row(f"60 MB {name}, peak memory", f"{run.provenance.measures.peak_memory_bytes / 1e6:.0f} MB", "succeeds")


def produced(run: Run) -> None:
    """Fail unless the run succeeded."""
    match run.outcome:
        case Produced():
            return
        case Rejected(error=error):
            raise AssertionError(error)


def a_dataset(rows: int) -> bytes:
    """Rows of the example's kind, made elsewhere: what this process had used before, the engine would get for free."""
    command = [sys.executable, str(EXAMPLE / "generate.py"), str(rows)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def measured(engine: EngineName) -> Iterator[Row]:
    """Every row of one engine."""
    library = str(library_of(engine))
    with a_bench(engine=engine, loop_factory=uvloop.new_event_loop) as bench:
        yield Row("engine", bench.sandbox.engine)
        yield from small(bench, library)
        for size in LARGE:
            yield from large(bench, library, size)
        yield from peaks(bench)


def main() -> None:
    """Measure and print, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=EngineName, choices=tuple(EngineName), action="append")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="compare with the sandbox of that checkout")
    options = parser.parse_args()
    for engine in options.engine or EngineName:
        rows = compared(engine, ROOT, options.beside) if options.beside else measured(engine)
        for row in rows:
            print(f"{row.what:<58} {row.figure:<36} {row.target}", flush=True)
        print()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The cost of the analysis of a source at upload, beside acorn's parse of the same source on the same engine.

Usage: python benchmarks/analysis.py [--engine dukpy|quickjs-ng]      (both)

"acorn" is the plain parser in this process, "warm" our whole analysis in this process (parser, scopes, findings), both
in CPU time; "child" is the same analysis as an upload has it, in a confined child that a zygote forks for it, in CPU
time and by the clock. All take turns, and every figure is a median of the rounds. Machines differ and are shared, so
the figures to compare are the ratios of one run. A source that takes more than a check's time is "not analysed".
"""

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import uvloop

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adapters.javascript.confined.analyser import Analyser  # noqa: E402 - found through the line above, as are the next ones
from adapters.javascript.confined.engine import Engine  # noqa: E402
from adapters.javascript.confined.quickjs import QuickJS  # noqa: E402
from adapters.javascript.engines import library_of  # noqa: E402
from adapters.javascript.run_request import analysis_request  # noqa: E402
from domain.engine import EngineName  # noqa: E402
from tests.adapters.javascript.sandboxes import Bench, a_bench  # noqa: E402

ACORN: Final = (ROOT / "adapters/javascript/confined/vendor/acorn.js").read_bytes()
PARSE: Final = b"(source) => void acorn.parse(source, { ecmaVersion: 'latest' })"
STACK_BYTES: Final = 6 * 1024 * 1024
DENSE: Final = "const f%d=(a,b)=>a.x%d>b?[a,b,{c:a[b],d:`${a}`}].map(c=>c+a*b-%d):g(a.q,b.r?.s,'t',!a||b);"
NAMES: Final = "function f%d() {}\n"
KIB: Final = 1024


class Timed(NamedTuple):
    """Milliseconds: of CPU of acorn and of a warm analysis, of CPU and by the clock of a child.

    0 if it did not end well, not a number if left out.
    """

    acorn: float
    warm: float
    child_cpu: float
    child_wall: float


def repeated(pattern: str, size: int) -> bytes:
    """Repeat numbered lines up to a size in bytes."""
    lines, length, number = ["function process(d) { return d; }\n", "function g() {}\n"], 0, 0
    while length < size:
        lines.append(pattern.replace("%d", str(number)))
        length, number = length + len(lines[-1]), number + 1
    return "".join(lines).encode()


SOURCES: Final = {
    "example": ((ROOT / "examples/bacen/script.js").read_bytes(), 31),
    "40 kB, dense": (repeated(DENSE, 40_000), 9),
    "acorn itself, 247 kB": (ACORN, 5),
    "40 kB of functions": (repeated(NAMES, 40_000), 5),
    "1 MiB, dense": (repeated(DENSE, 1020 * KIB), 1),
    "1 MiB of functions": (repeated(NAMES, 1020 * KIB), 1),
}
"""Each with its rounds."""
MOST_FOR_ACORN: Final = 300_000
"""Bytes; acorn's time grows with the square of the names in a scope, to minutes."""


def cpu_ms(work: Callable[[], object]) -> float:
    """Measure the CPU time of this process for the work."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


class Subject:
    """One engine: acorn, a warm analyser and a sandbox."""

    def __init__(self, engine: EngineName, bench: Bench) -> None:
        library = str(library_of(engine))
        self._bench = bench
        self._analyser = Analyser(library, Engine(library).global_names)
        self._js = QuickJS(library)
        self._js.limit_stack(STACK_BYTES)
        self._js.evaluate(ACORN, b"acorn.js")
        self._parse = self._js.evaluate(PARSE, b"parse.js")

    def timed(self, source: bytes) -> Timed:
        """Time one round."""
        text = self._js.string(source)
        acorn = cpu_ms(lambda: self._js.call(self._parse, text)) if len(source) <= MOST_FOR_ACORN else math.nan
        self._js.free(text)
        warm = cpu_ms(lambda: list(self._analyser.analyse(source)))
        done = self._bench.do(self._bench.sandbox._do(analysis_request(source)))
        assert done is not None
        measures = done.facts.measures
        ended = done.facts.status == 0
        return Timed(acorn, warm, measures.cpu_ms * ended, measures.wall_ms * ended)


def rows(subject: Subject) -> Iterator[str]:
    """Yield a line of the table for each source."""
    for name, (source, rounds) in SOURCES.items():
        acorn, warm, cpu, wall = (
            statistics.median(column) for column in zip(*(subject.timed(source) for _ in range(rounds)), strict=True)
        )
        child = f"{cpu:7.1f} ({cpu / acorn:4.2f}) {wall:9.1f}" if cpu else "           not analysed"
        yield f"{name:<22} {acorn:8.1f} {warm:10.1f} ({warm / acorn:4.2f}) {child}"


def main() -> None:
    """Measure and print, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=EngineName, choices=tuple(EngineName), action="append")
    for engine in parser.parse_args().engine or EngineName:
        with a_bench(engine=engine, loop_factory=uvloop.new_event_loop) as bench:
            print(bench.sandbox.engine)
            print(f"{'ms (ratio to acorn)':<22} {'acorn':>8} {'warm':>17} {'child, CPU':>14} {'clock':>9}")
            for row in rows(Subject(engine, bench)):
                print(row, flush=True)
        print()


if __name__ == "__main__":
    main()

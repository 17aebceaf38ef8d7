#!/usr/bin/env python3
"""Bateia beside the system that a user would build instead (`benchmarks/comparison/`), by the same client in one run.

Usage: python benchmarks/compare.py [--rounds N] [--executions N] [--connections N] [--alone N]

First `npm ci` in benchmarks/comparison (Node 20 or newer). The two take turns, each alone, started for its turn and
stopped after it, each with a database of its own on the same PostgreSQL with the same settings. The figures are medians
of the rounds; a ratio is Bateia's figure through the other's, of the medians.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

import uvloop
from systems import ROOT, Running, comparison, data_dir, service
from throughput import Figures, Load, add_load, load_of, measure

ROUNDS: Final = 3
System = Callable[[Path], AbstractContextManager[Running]]
SYSTEMS: Final[dict[str, System]] = {"Bateia": service, "comparison": comparison}
FIGURES: Final[dict[str, Callable[[Figures], float]]] = {
    "executions a second": lambda one: one.rate,
    "bound by CPU, a second": lambda one: one.bound,
    "one at a time, median, ms": lambda one: one.median,
    "one at a time, 95th, ms": lambda one: one.p95,
    "CPU of the service an execution, ms": lambda one: one.service_cpu,
    "bare requests a second": lambda one: one.bare_rate,
    "bare request, median, ms": lambda one: one.bare_median,
    "others' share of the CPU": lambda one: one.others,
}


def turn(system: System, data: Path, load: Load) -> Figures:
    """Take one turn of one system."""
    with system(data) as running:
        return uvloop.run(measure(running.base_url, running.pid, load))


def show(measured: dict[str, list[Figures]]) -> None:
    """Print the medians, the ratios, and what CPU went where."""
    print(f"{'medians of the rounds':38}{''.join(f'{name:>14}' for name in measured)}{'ratio':>10}")
    for what, figure in FIGURES.items():
        ours, theirs = (statistics.median(map(figure, figures)) for figures in measured.values())
        ratio = f"{ours / theirs:10.2f}" if theirs else ""
        print(f"{what:38}{ours:14.2f}{theirs:14.2f}{ratio}")
    for name, figures in measured.items():
        print(f"{name}, CPU an execution in ms: {', '.join(_cpu(figures))}")


def _cpu(figures: Sequence[Figures]) -> list[str]:
    return [f"{kind} {statistics.median(one.cpu.get(kind, 0) for one in figures):.2f}" for kind in figures[0].cpu]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    add_load(parser)
    wanted = parser.parse_args()
    if not (ROOT / "benchmarks" / "comparison" / "node_modules").exists():
        raise SystemExit("first: (cd benchmarks/comparison && npm ci)")
    measured: dict[str, list[Figures]] = {name: [] for name in SYSTEMS}
    with ExitStack() as stack:
        folders = {name: stack.enter_context(data_dir()) for name in SYSTEMS}
        for number in range(1, wanted.rounds + 1):
            for name, system in SYSTEMS.items():
                measured[name].append(turn(system, folders[name], load_of(wanted)))
                print(f"round {number}, {name}:\n{measured[name][-1]}\n", flush=True)
    show(measured)


if __name__ == "__main__":
    main()

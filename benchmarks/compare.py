#!/usr/bin/env python3
"""Bateia beside the system that a user would build instead (`benchmarks/comparison/`), by the same client in one run.

Usage: python benchmarks/compare.py [--rounds N] [--client waiting|polling] [--scripts N] [--executions N]
                                    [--connections N] [--alone N] [--save]

First `npm ci` in benchmarks/comparison (Node 20 or newer). The two take turns, each alone, started for its turn and
stopped after it, each with a database of its own on PostgreSQL with the same settings; the one that begins changes from
round to round. A waiting client sends `Prefer: wait=30`, which both systems answer when they are notified of the end:
a PostgreSQL notification in the comparison system too. A polling client looks every 5 ms (`http_client.POLL_SECONDS`).

Each figure is the median of the rounds, with the least and the most. A ratio is Bateia's figure divided by the other
system's of the same round; its median, least and most are printed. "Others" is the CPU of the rest of the machine:
where it is not near nothing, only the ratios count, and CPU time before rates. `--save` makes Bateia's CPU without
PostgreSQL an input of docs/scaling.md (`scaling.json`).
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

import uvloop
from figures import Figures
from load import Load, add_load, load_of
from scaling import MEASURED, save
from systems import ROOT, Running, comparison, data_dir, service
from throughput import measure

ROUNDS: Final = 3
System = Callable[[Path], AbstractContextManager[Running]]
Figure = Callable[[Figures], float]
SYSTEMS: Final[dict[str, System]] = {"Bateia": service, "comparison": comparison}
FIGURES: Final[dict[str, Figure]] = {
    "executions a second": lambda one: one.rate,
    "bound by CPU, a second": lambda one: one.bound,
    "under load, median, ms": lambda one: one.loaded.median,
    "under load, 99th, ms": lambda one: one.loaded.p99,
    "one at a time, median, ms": lambda one: one.alone.median,
    "one at a time, 99th, ms": lambda one: one.alone.p99,
    "CPU of the service an execution, ms": lambda one: one.service_cpu,
    "private memory but PostgreSQL's, MiB": lambda one: one.private,
    "bare requests a second": lambda one: one.bare_rate,
    "bare request, median, ms": lambda one: one.bare.median,
    "others' share of the CPU": lambda one: one.others,
}
FIGURE_WIDTH: Final = 27


def turn(system: System, data: Path, load: Load) -> Figures:
    """Take one turn of one system."""
    with system(data) as running:
        return uvloop.run(measure(running.base_url, running.pid, load))


def spread(values: Sequence[float]) -> str:
    """Show the median, the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def row(what: str, figure: Figure, measured: Sequence[Sequence[Figures]]) -> str:
    """Show a figure of both systems, and the ratio of each round."""
    ours, theirs = (list(map(figure, figures)) for figures in measured)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True) if other]
    cells = [spread(ours), spread(theirs), spread(ratios) if len(ratios) == len(ours) else ""]
    return f"{what:38}" + "".join(f"{cell:>{FIGURE_WIDTH}}" for cell in cells)


def by_role(role: str) -> Figure:
    """Select the CPU of one role."""
    return lambda one: one.cpu.get(role, 0.0)


def show(measured: dict[str, list[Figures]]) -> None:
    """Print the medians, the ratios, and what CPU and memory went where."""
    both = list(measured.values())
    print(f"{'median (least-most)':38}" + "".join(f"{name:>{FIGURE_WIDTH}}" for name in [*measured, "ratio"]))
    for what, figure in FIGURES.items():
        print(row(what, figure, both))
    print("CPU an execution, ms")
    for role in sorted({role for figures in both for one in figures for role in one.cpu}):
        print(row(f"  {role}", by_role(role), both))
    for name, figures in measured.items():
        print(f"{name}, after the load: {', '.join(_memory(figures))}")


def _memory(figures: Sequence[Figures]) -> list[str]:
    sandboxes = statistics.median(one.footprint.sandboxes for one in figures)
    roles = sorted(figures[0].footprint.private)
    private = {role: statistics.median(one.footprint.private.get(role, 0) for one in figures) for role in roles}
    return [f"{sandboxes:.0f} sandbox processes", *(f"{role} {mib:.0f} MiB private" for role, mib in private.items())]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--save", action="store_true", help=f"replace node_ms in {MEASURED.name}")
    add_load(parser)
    wanted = parser.parse_args()
    if not (ROOT / "benchmarks" / "comparison" / "node_modules").exists():
        raise SystemExit("first: (cd benchmarks/comparison && npm ci)")
    measured: dict[str, list[Figures]] = {name: [] for name in SYSTEMS}
    with ExitStack() as stack:
        folders = {name: stack.enter_context(data_dir()) for name in SYSTEMS}
        for number in range(1, wanted.rounds + 1):
            for name in list(SYSTEMS)[:: 1 if number % 2 else -1]:
                measured[name].append(turn(SYSTEMS[name], folders[name], load_of(wanted)))
                print(f"round {number}, {name}:\n{measured[name][-1]}\n", flush=True)
    show(measured)
    if wanted.save:
        save(MEASURED, {"node_ms": statistics.median(one.node_cpu for one in measured["Bateia"])})


if __name__ == "__main__":
    main()

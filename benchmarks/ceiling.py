#!/usr/bin/env python3
"""The ceiling of one PostgreSQL: executions whose runs are no-ops, by 1 to 16 worker processes.

Usage: python benchmarks/ceiling.py [--workers N ...] [--in-flight N] [--seconds S] [--rounds N] [--save]
                                    [--layout combined|separate]
       python benchmarks/ceiling.py --derive

As many processes submit executions through the use cases as there are workers, each with --in-flight at once, and read
each execution when it has ended (`no_sandbox.py`): all that PostgreSQL does for an execution, on an embedded server
with full durability, over TCP as from another machine. The worker counts take turns in each round; figures are medians.
Network bytes are those of the loopback interface; where other programs use that too, have one of its own:
`unshare -n sh -c 'ip link set lo up && .venv/bin/python benchmarks/ceiling.py'`.

On a machine with fewer cores than processes the rate is not the ceiling: CPU an execution is what to use, from which
`--derive` computes the machines and databases for 1,000 to 100,000 executions a second (`scaling.py`): the table of
docs/scaling.md and the sentence of docs/questionario.md. Its inputs are in `scaling.json`; `--save` replaces those that
this benchmark measures.
"""

import argparse
import logging
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ceiling_processes import Figures, Processes  # noqa: E402 - found through the line above, as are the next ones
from scaling import MEASURED, measured_in, portuguese, save, table  # noqa: E402
from systems import data_dir  # noqa: E402

from adapters.postgres.schema import migrate  # noqa: E402
from tests.support.postgres import superuser_server  # noqa: E402

WORKERS, IN_FLIGHT, SECONDS, ROUNDS = (1, 2, 4, 8, 16), 16, 4.0, 1
LAYOUTS: Final = ("combined", "separate")
"""Processes that submit and have slots, as `serve` starts them; or as many workers beside as many that submit."""
SERVER: Final = ("max_connections=400",)


def measure(url: str, count: int, wanted: argparse.Namespace) -> Figures:
    """Measure with so many workers, and as many submitting processes."""
    processes = Processes(url, count, wanted.in_flight, wanted.layout == LAYOUTS[0])
    with processes.running():
        first = processes.sample()
        time.sleep(wanted.seconds)
        last = processes.sample()
    return Figures.between(first, last)


def median(figures: Sequence[Figures]) -> Figures:
    """Take the median of each figure."""
    return Figures(*map(statistics.median, zip(*figures, strict=True)))


def show(measured: dict[int, list[Figures]]) -> None:
    """Print a row for each number of workers."""
    print(f"{'workers':>8}" + "".join(f"{name:>15}" for name in Figures._fields))
    for count, figures in measured.items():
        print(f"{count:8}" + "".join(f"{figure:15.3f}" for figure in median(figures)))


def main() -> None:
    """Measure and print, or derive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=list(WORKERS))
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0])
    parser.add_argument("--save", action="store_true", help=f"replace the measured inputs in {MEASURED.name}")
    parser.add_argument(
        "--derive",
        action="store_true",
        help="print the table of docs/scaling.md and the sentence of docs/questionario.md, and measure nothing",
    )
    wanted = parser.parse_args()
    if wanted.derive:
        print(table(measured_in(MEASURED)), portuguese(measured_in(MEASURED)), sep="\n\n")
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server and the processes end in order
    logging.getLogger("entrypoints.composition.startup_checks").setLevel(logging.ERROR)  # it is open, as is known
    measured: dict[int, list[Figures]] = {count: [] for count in wanted.workers}
    with data_dir() as data, superuser_server(data, SERVER) as url:
        migrate(url)
        for _ in range(wanted.rounds):
            for count, figures in measured.items():
                figures.append(measure(url, count, wanted))
                print(f"{count} workers: {figures[-1]}", flush=True)
    show(measured)
    if wanted.save:
        save(MEASURED, median(measured[max(measured)])._asdict())


if __name__ == "__main__":
    main()

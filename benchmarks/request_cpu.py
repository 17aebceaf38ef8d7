#!/usr/bin/env python3
"""CPU of a small execution's request inside an API process, of this checkout and of another in turns, and the ratio.

Usage: python benchmarks/request_cpu.py CHECKOUT [--rounds N] [--requests N]

Each is in a process of its own (`in_process_api.py`). There is no network, database or worker, so the figure is the
cost of the server's protocol, the HTTP side and the use cases by themselves.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
API: Final = Path(__file__).resolve().with_name("in_process_api.py")
LEVELS: Final = {"without log lines": "WARNING", "with log lines": "INFO"}
WARM_UP: Final = 500


class Checkout:
    """The API of a checkout, in a process of its own."""

    def __init__(self, checkout: Path) -> None:
        command = [sys.executable, str(API), str(checkout.resolve())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def cpu_us(self, level: str, requests: int) -> float:
        """Return the microseconds of CPU of one request out of so many."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([level, requests]), file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def compare(before: Checkout, after: Checkout, rounds: int, requests: int) -> None:
    """Print the medians of both, the least in brackets, and the median ratio of neighbouring rounds."""
    for name, level in LEVELS.items():
        for one in (before, after):
            one.cpu_us(level, WARM_UP)
        pairs = [(before.cpu_us(level, requests), after.cpu_us(level, requests)) for _ in range(rounds)]
        early, late = (statistics.median(column) for column in zip(*pairs, strict=True))
        least = [min(column) for column in zip(*pairs, strict=True)]
        ratio = statistics.median(new / old for old, new in pairs)
        print(f"{name:18} {early:.0f} ({least[0]:.0f}) -> {late:.0f} ({least[1]:.0f}) us, times {ratio:.3f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=1000)
    wanted = parser.parse_args()
    before, after = Checkout(wanted.checkout), Checkout(ROOT)
    compare(before, after, wanted.rounds, wanted.requests)
    before.close()
    after.close()


if __name__ == "__main__":
    main()

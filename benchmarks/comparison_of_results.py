"""The comparison of two results by the service's child process, beside a plain one in memory: CPU, time, peak memory.

    python -m benchmarks.comparison_of_results [rows ...]

The plain comparison parses both texts with `json`, puts the rows into a dict by their key, and compares cell by cell.
It runs in a process of its own, in turns with the child. It is not exact, finds no key, and needs all rows in memory.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from typing import Any, Final

from adapters.comparison.results import comparing_results
from adapters.json.bodies import JsonBodies
from application.ports.comparison import ComparisonChoices
from application.ports.stored_bodies import StoredBody, stored
from domain.comparison.report import TableComparison

KINDS: Final = ("the service", "plain")
ROUNDS: Final = 3
CHANGED_EVERY: Final = 1_000


def text_of(rows: int, shift: int) -> bytes:
    """Write a table of six columns; a shift changes one row in a thousand."""
    lines = (
        b'{"id":%d,"quarter":"2024Q%d","brand":"visa","sum":%d.25,"count":%d,"share":0.125}'
        % (at, at % 4, at + (shift if at % CHANGED_EVERY == 0 else 0), at)
        for at in range(rows)
    )
    return b"[" + b",".join(lines) + b"]"


def compare_plainly(before: bytes, after: bytes) -> int:
    """Count the cells that differ, and the rows without a partner."""
    lefts, rights = ({row["id"]: row for row in json.loads(text)} for text in (before, after))
    changed = sum(
        row[name] != value for key, row in lefts.items() if key in rights for name, value in rights[key].items()
    )
    return changed + len(lefts.keys() ^ rights.keys())


async def compare_as_served(before: bytes, after: bytes) -> int:
    """Compare as an API process does."""
    bodies = JsonBodies()
    sides: list[StoredBody] = [stored((await bodies.encode(text)).unwrap()) for text in (before, after)]
    async with comparing_results(bodies) as compare:
        compared = (await compare(sides[0], sides[1], ComparisonChoices())).unwrap()
    assert isinstance(compared, TableComparison)
    return compared.changed


def _measured(kind: str, rows: int) -> dict[str, Any]:
    """Measure one comparison, in this process and its child."""
    before, after = text_of(rows, 0), text_of(rows, 1)
    own = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    changed = compare_plainly(before, after) if kind == "plain" else asyncio.run(compare_as_served(before, after))
    assert changed == -(-rows // CHANGED_EVERY)
    seconds = time.perf_counter() - began
    who = resource.RUSAGE_SELF if kind == "plain" else resource.RUSAGE_CHILDREN
    used = resource.getrusage(who)
    spent = used.ru_utime + used.ru_stime - (own.ru_utime + own.ru_stime if kind == "plain" else 0)
    return {"cpu": spent, "seconds": seconds, "peak_mib": used.ru_maxrss / 1024}


def _report(rows: int) -> None:
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS if rows < 500_000 else 1):
        for kind in KINDS:
            command = [sys.executable, "-m", "benchmarks.comparison_of_results", kind, str(rows)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            found[kind].append(json.loads(run.stdout))
    medians = {kind: _medians(runs) for kind, runs in found.items()}
    for kind, one in medians.items():
        print(f"2 x {rows:,} rows, {kind}: CPU {one['cpu']:.2f} s, {one['seconds']:.1f} s, {one['peak_mib']:.0f} MiB")
    print(f"2 x {rows:,} rows, CPU, the service / plain: {medians['the service']['cpu'] / medians['plain']['cpu']:.2f}")


def _medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in KINDS:
        print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]))))
    else:
        for count in map(int, sys.argv[1:] or ("90000", "1000000")):
            _report(count)

#!/usr/bin/env python3
"""A service under load in which something is killed again and again, and which is then left alone to be weighed.

Usage: python benchmarks/soak.py [--minutes 30] [--pause 20]

It starts a service of its own in a temporary folder. For the first 60 % of the time something gets a `kill -9` every
`--pause` seconds: a worker, a zygote, the API, the database, in turn. For the rest only the load goes on, and the
private memory of every process is sampled. At the end every acknowledged execution must have ended exactly once, with
the right result, and every process that lived through the calm must be about as large in its last third as in its
first. The exit status is 1 if not.
"""

import argparse
import itertools
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.processes import command, family, running  # noqa: E402 - found through the line above, as are the next ones
from tests.support.waiting import eventually  # noqa: E402
from tests.system.conftest import Service  # noqa: E402
from tests.system.ledger import Ledger  # noqa: E402

SETTINGS: Final = {"BATEIA_WORKERS": "2", "BATEIA_ATTEMPTS": "100", "BATEIA_LOG_LEVEL": "warning"}
KILLING_SHARE: Final = 0.6
WARM_UP_SECONDS: Final = 20.0
LEAST_WEIGHED_SECONDS: Final = 30.0
GROWTH, GROWTH_MB = 1.05, 2.0
"""The growth up to which a process counts as flat: a share, or for small processes a number of megabytes."""
ROLES: Final = {
    "entrypoints.serve": "supervisor",
    "entrypoints.api": "api",
    "entrypoints.worker": "worker",
    "zygote.py": "zygote",
    "postgres": "postgres",
}


class Kill(NamedTuple):
    """A killed process, and the seconds until the next submissions were acknowledged."""

    victim: str
    recovered: float


def workers_zygotes(service: Service) -> list[int]:
    """List the zygotes below the workers."""
    below = itertools.chain.from_iterable(family(worker) for worker in service.pids("entrypoints.worker"))
    return [pid for pid in below if "zygote.py" in command(pid)]


def victims(service: Service) -> Mapping[str, Callable[[], Sequence[int]]]:
    """By name, which processes there are to kill. All of them descend from the service."""
    return {
        "worker": lambda: service.pids("entrypoints.worker"),
        "zygote": lambda: workers_zygotes(service),
        "api": lambda: service.pids("entrypoints.api"),
        "database": lambda: [pid] if (pid := service.postmaster()) else [],
    }


def kill_in_turn(service: Service, ledger: Ledger, seconds: float, pause: float) -> list[Kill]:
    """Kill one after another, each once the service has recovered from the one before, and each kind at least once."""
    kills: list[Kill] = []
    kinds, until = list(victims(service).items()), time.monotonic() + seconds
    while len(kills) < len(kinds) or time.monotonic() < until:
        name, find = kinds[len(kills) % len(kinds)]
        found, began = eventually(find, 60), time.monotonic()
        os.kill(found[len(kills) // len(kinds) % len(found)], signal.SIGKILL)
        eventually(ledger.goes_on(8), 120)
        kills.append(Kill(name, time.monotonic() - began))
        time.sleep(max(0, min(began + pause, until) - time.monotonic()))
    return kills


def role(pid: int) -> str:
    """Name the role of a process of the service; empty if it is gone, or a child that runs a script."""
    line = command(pid)
    return next((name for word, name in ROLES.items() if word in line), "")


def private_megabytes(pid: int) -> float:
    """Read the memory of a process without files and memory shared by design. 0 if it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0


def weigh(service: Service, seconds: float) -> dict[int, list[float]]:
    """Sample the private memory of each process once a second, for those that live from beginning to end."""
    time.sleep(min(WARM_UP_SECONDS, seconds / 4))
    until = time.monotonic() + seconds - min(WARM_UP_SECONDS, seconds / 4)
    samples: dict[int, list[float]] = defaultdict(list)
    names = {pid: name for pid in family(service.process.pid) if (name := role(pid))}
    while time.monotonic() < until:
        for pid in names:
            samples[pid].append(private_megabytes(pid))
        time.sleep(1)
    return {pid: taken for pid, taken in samples.items() if running(pid)}


def thirds(taken: Sequence[float]) -> tuple[float, float]:
    """Compute the medians of the first and of the last third."""
    third = max(1, len(taken) // 3)
    return statistics.median(taken[:third]), statistics.median(taken[-third:])


def told(samples: Mapping[int, Sequence[float]]) -> bool:
    """Print the samples, by role; return whether all of it was flat."""
    flat = True
    by_role: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for pid, taken in samples.items():
        by_role[role(pid)].append(thirds(taken))
    for name, pairs in by_role.items():
        grown = max(pairs, key=lambda pair: pair[1] - pair[0])
        fits = all(last <= first * GROWTH + GROWTH_MB for first, last in pairs)
        flat = flat and fits
        print(f"{name:12} {len(pairs):2}, the one that grew most: {grown[0]:6.1f} MB, then {grown[1]:6.1f} MB", end="")
        print("" if fits else "   NOT FLAT")
    return flat


def soak(service: Service, minutes: float, pause: float) -> bool:
    """Run everything; return whether memory was flat. A lost or doubled execution raises."""
    seconds = minutes * 60
    with Ledger(service.url) as ledger:
        kills = kill_in_turn(service, ledger, seconds * KILLING_SHARE, pause)
        samples = weigh(service, seconds * (1 - KILLING_SHARE))
        flat = told(samples)
    began = time.monotonic()
    ledger.check(60 + seconds)
    print(f"acknowledged {len(ledger.acknowledged)}, each of them ended once and rightly (seen in", end=" ")
    print(f"{time.monotonic() - began:.0f} s); refused {len(ledger.refused)}, without an answer {ledger.broken}")
    for name in victims(service):
        recovered = [one.recovered for one in kills if one.victim == name]
        worst = f", the next submissions acknowledged after at most {max(recovered):.1f} s" if recovered else ""
        print(f"{name:12} killed {len(recovered)} times{worst}")
    return flat or seconds * (1 - KILLING_SHARE) - WARM_UP_SECONDS < LEAST_WEIGHED_SECONDS


def main() -> int:
    """Run as the command line says; the exit status."""
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("--minutes", type=float, default=30)
    words.add_argument("--pause", type=float, default=20, help="seconds from one kill to the next")
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="bateia-soak-") as folder:
        service = Service(Path(folder) / "data", ROOT, **SETTINGS)
        try:
            with closing(service.client):
                flat = soak(service, given.minutes, given.pause)
        finally:
            status = service.stop()
            stale = sum(line.count("discarded stale result") for line in service.log.read_text().splitlines())
            print(f"stale results discarded: {stale}; the service exited with status {status}")
    return 0 if flat and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

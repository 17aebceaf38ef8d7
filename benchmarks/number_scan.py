#!/usr/bin/env python3
"""The speed of searching datasets for numbers that JavaScript rounds.

Usage: python benchmarks/number_scan.py

Each text is some 30 MB of rows. The figures are MB/s of processor time, the best of five, and their ratio to
hashlib.sha256 over the same bytes in the same run. "Longest hold" is the longest delay of a thread that only wants the
interpreter meanwhile; two threads of plain Python make each other wait for 5 ms.
"""

import hashlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from adapters.json.numbers import number_warnings
from domain.limits import MIB

SIZE = 30 * MIB
TIMES = 5
chance = random.Random(2026)


def plain(number: int) -> dict[str, Any]:
    """Make a row of sums of money, names and a hash."""
    return {
        "id": number,
        "bandeira": "VISA",
        "valor": round(chance.uniform(0, 1e9), 2),
        "ativo": number % 3 > 0,
        "chave": f"{chance.getrandbits(128):032x}",
    }


def with_floats(number: int) -> dict[str, Any]:
    """Make features as Python prints them."""
    return {"id": number, "features": [chance.gauss(0, 1) for _ in range(8)], "label": chance.random() / 1e6}


def with_long_strings(number: int) -> dict[str, Any]:
    """Make keys of invoices: 44 digits, as strings."""
    return {"chave": f"{chance.randrange(10**44):044d}", "valor": number / 100, "uf": "SP"}


def with_long_ids(number: int) -> dict[str, Any]:
    """Make a row with an id beyond 2^53."""
    return {"id": 10**17 + number, "valor": number / 100, "uf": "SP"}


def with_one_long_id_at_the_end(number: int) -> dict[str, Any]:
    """Make a plain row; the text gets its only hit where it ends."""
    return plain(number)


def rows_of(row: Callable[[int], dict[str, Any]]) -> bytes:
    """Write such rows as JSON text."""
    sample = b",".join(json.dumps(row(number)).encode() for number in range(10_000))
    last = b',{"id":12345678901234567}' if row is with_one_long_id_at_the_end else b""
    return b"[" + b",".join([sample] * (SIZE // len(sample))) + last + b"]"


def seconds(work: Callable[[], object]) -> float:
    """Measure the best of some times, in seconds of this thread's processor time."""
    took = []
    for _ in range(TIMES):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


def longest_hold(work: Callable[[], object]) -> float:
    """Measure the longest time in seconds in which another thread did not get the interpreter during the work."""
    worker = threading.Thread(target=work)
    longest, before = 0.0, time.perf_counter()
    worker.start()
    while worker.is_alive():
        time.sleep(0.0005)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest


def measure(what: str, text: bytes) -> None:
    """Measure one text and print."""
    size = len(text) / 1e6
    hashed, scanned = seconds(lambda: hashlib.sha256(text).digest()), seconds(lambda: number_warnings(text))
    held = longest_hold(lambda: number_warnings(text))
    print(
        f"{what:28} {size / scanned:6.0f} MB/s, sha256 {size / hashed:6.0f} MB/s, ratio {hashed / scanned:.2f}, "
        f"longest hold {held * 1000:5.1f} ms, {len(number_warnings(text))} warnings"
    )


def main() -> None:
    """Measure and print."""
    for row in (plain, with_floats, with_long_strings, with_long_ids, with_one_long_id_at_the_end):
        measure(row.__name__.replace("_", " "), rows_of(row))


if __name__ == "__main__":
    main()

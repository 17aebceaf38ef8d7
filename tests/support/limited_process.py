"""Measurements in a process of its own, under the kernel's limits on address space and CPU time.

The process measures cases one after another and says what it begins before it begins it, so that a case that ends the
process is known. `tests.bounds.readers.CASES` are measured: this module is the program too.
"""

import ctypes
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Generator, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from attrs import asdict, frozen

MIB: Final = 1024 * 1024
EXTRA_ADDRESSES: Final = 1024 * MIB
"""Of address space, beside what the modules take: some of it is stacks and arenas of threads, which use little."""
CASE_SECONDS: Final = 60.0
"""Of CPU time, for one case; more than any bound, so that what is slow is measured before it is ended."""
TOTAL_SECONDS: Final = 900
_TRIES: Final = 3
_LIBC: Final = ctypes.CDLL(None)


@frozen
class Measured:
    """Cost of one call: seconds of CPU, growth of the peak of resident memory, and the most that Python allocated."""

    case: str
    size: int
    cpu_seconds: float
    resident_bytes: int
    allocated_bytes: int
    error: str | None = None


def measure_cases(group: str) -> Iterator[Measured]:
    """The measurements of a group of cases. One that ends the process is told as an error, and the others follow."""
    start: int | None = 0
    while start is not None:
        start = yield from _measure_from(group, start)


def _measure_from(group: str, start: int) -> Generator[Measured, None, int | None]:
    """The measurements from a case on; gives the one behind that which ended the process, if one did."""
    program = [sys.executable, "-m", "tests.support.limited_process", group, str(start)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        begun: dict[str, Any] | None = None
        for line in process.stdout:
            said = json.loads(line)
            if "index" in said:
                begun = said
            else:
                begun = None
                yield Measured(**said)
    if process.returncode == 0:
        return None
    assert begun is not None, "the process ended before a case"
    yield Measured(begun["case"], begun["size"], 0.0, 0, 0, f"it ended the process: {process.returncode}")
    return int(begun["index"]) + 1


def _measure(case: str, size: int, read: Callable[[Any], object], text: Any) -> Measured:
    """Seconds first, then bytes: what counts those takes time itself, and sees nothing of what C libraries allocate."""
    began = time.process_time()
    error = _read(read, text)
    took = time.process_time() - began
    peak, resident = _memory()
    tracemalloc.start(1)
    error = error or _read(read, text)
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    highest = _memory()[0]
    return Measured(case, size, took, highest - resident if highest > peak else 0, traced, error)


def _read(read: Callable[[Any], object], text: Any) -> str | None:
    signal.setitimer(signal.ITIMER_PROF, CASE_SECONDS)
    try:
        read(text)
    except Exception as raised:
        return f"{type(raised).__name__}: {str(raised)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _forget_peak() -> None:
    """Give back what is free, so that what is resident is in use, and begin the peak anew."""
    _LIBC.malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _memory() -> tuple[int, int]:
    """Peak and present resident memory, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB\s+VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024, int(found[2]) * 1024


def _say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


def _main(group: str, start: int) -> int:
    """Each reader has a process of its own, which has nothing of another's memory to use again."""
    from tests.bounds.readers import cases

    numbered = [(index, case) for index, case in enumerate(cases(group)) if index >= start]
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + EXTRA_ADDRESSES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (TOTAL_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for _, of_reader in groupby(numbered, key=lambda one: one[1].reader):
        if (status := _in_a_child(list(of_reader))) != 0:
            return status
    return 0


def _in_a_child(numbered: list[tuple[int, Any]]) -> int:
    if (pid := os.fork()) == 0:
        _forget_peak()
        for index, case in numbered:
            _measure_case(index, case)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _measure_case(index: int, case: Any) -> None:
    for _ in range(_TRIES):
        pair = []
        for size in case.sizes:
            _say({"index": index, "case": case.name, "size": size})
            pair.append(_measure(case.name, size, case.reader.read, case.make(size)))
        if case.is_bounded(*pair):
            break
    for one in pair:
        _say(asdict(one))


if __name__ == "__main__":
    sys.exit(abs(_main(sys.argv[1], int(sys.argv[2]))))

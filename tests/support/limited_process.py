"""Calls and measurements in processes of their own, under the kernel's limits on address space and CPU time.

This module is the program too. It imports the called modules once, and forks for each call, or for each reader of
`tests.bounds.readers` whose cases it measures one after another. It announces each case before it begins it, so that a
case that ends the process is known.
"""

import ctypes
import gc
import importlib
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
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Protocol

from attrs import asdict, frozen

MIB: Final = 1024 * 1024
EXTRA_ADDRESSES: Final = 1024 * MIB
"""Of address space, beside that of the modules: some of it is stacks and arenas of threads, which use little."""
CASE_SECONDS: Final = 60.0
"""Of CPU time, for one case; more than any bound, so that a slow case is measured before it is ended."""
TOTAL_SECONDS: Final = 900
SPARE_SECONDS: Final = 0.05
"""Of CPU time, that any case may take: too few for a conclusion from their growth."""
_TRIES: Final = 3
_LIBC: Final = ctypes.CDLL(None)
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = (sys.executable, "-m", "tests.support.limited_process")


@frozen
class Called:
    """The answer of a call, and by how many bytes it raised the peak of resident memory."""

    answer: Any
    grown_bytes: int


class Call(Protocol):
    """Call a function with JSON values, in an address space of `extra_bytes` more than its module takes.

    The test fails, with the process's output, if it ends in any other way than by returning a JSON value.
    """

    def __call__(self, name: str, *arguments: Any, extra_bytes: int, cpu_seconds: int = 20) -> Called: ...


@contextmanager
def limited_calls(module: str) -> Iterator[Call]:
    """Provide calls of the module's functions, each in a process forked from one that has imported the module."""
    program = [*_PROGRAM, "call", module]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def call(name: str, *arguments: Any, extra_bytes: int, cpu_seconds: int = 20) -> Called:
            wanted = {"name": name, "arguments": arguments, "extra_bytes": extra_bytes, "cpu_seconds": cpu_seconds}
            print(json.dumps(wanted), file=stdin, flush=True)
            done = json.loads(stdout.readline())
            assert done["status"] == 0, f"{module}.{name} ended with {done['status']}: {done['errors']}"
            return Called(**json.loads(done["output"]))

        yield call


@frozen
class Measured:
    """Cost of reading a text: seconds of CPU, growth of the peak of resident memory, and what Python allocated at most.

    Tracing takes several times as long as reading, so half of the text is traced; the whole, and the half's seconds,
    are measured where their growth matters, and None elsewhere.
    """

    case: str
    size: int
    cpu_seconds: float
    half_cpu_seconds: float | None
    resident_bytes: int
    half_allocated_bytes: int
    whole_allocated_bytes: int | None
    error: str | None = None


def measure_cases(group: str) -> Iterator[Measured]:
    """Measure a group of cases. One that ends the process is reported as an error, and the others follow."""
    start: int | None = 0
    while start is not None:
        start = yield from _measure_from(group, start)


def _measure_from(group: str, start: int) -> Generator[Measured, None, int | None]:
    """Measure the cases from one on; return the one behind that which ended the process, if one did."""
    program = [*_PROGRAM, "measure", group, str(start)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
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
    yield Measured(begun["case"], begun["size"], 0.0, None, 0, 0, None, f"it ended the process: {process.returncode}")
    return int(begun["index"]) + 1


def _measure(case: Any) -> Measured:
    """Measure the whole's seconds and resident memory first: tracing raises both, and misses memory of C libraries."""
    read, (half, whole) = case.reader.read, case.sizes
    text = case.make(whole)
    peak, resident = _memory()
    took, error = _timed(read, text)
    grown = highest - resident if (highest := _memory()[0]) > peak else 0
    half_took, half_error = _timed(read, case.make(half)) if took > SPARE_SECONDS else (None, None)
    allocated = _allocated(read, case.make(half))
    more = _allocated(read, text) if allocated > case.spare_half_bytes else None
    return Measured(case.name, whole, took, half_took, grown, allocated, more, error or half_error)


def _timed(read: Callable[[Any], object], text: Any) -> tuple[float, str | None]:
    began = time.process_time()
    error = _read(read, text)
    return time.process_time() - began, error


def _allocated(read: Callable[[Any], object], text: Any) -> int:
    tracemalloc.start(1)
    _read(read, text)
    allocated = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return allocated


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
    """Release free memory, so that all resident memory is in use, and begin the peak anew."""
    _LIBC.malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _memory() -> tuple[int, int]:
    """Read peak and present resident memory, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB\s+VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024, int(found[2]) * 1024


def _say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


def _limit(extra_bytes: int, cpu_seconds: int) -> None:
    """Limit this process's address space to so much more than it has, and its CPU time. A sandbox may raise the first
    again for its own children."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + extra_bytes, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _in_a_child(work: Callable[[], None]) -> int:
    """Do the work in a forked process, and return its exit status by `os.waitstatus_to_exitcode`."""
    if (pid := os.fork()) == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _serve_calls(module: str) -> int:
    imported = importlib.import_module(module)
    for line in sys.stdin:
        with TemporaryFile() as output, TemporaryFile() as errors:
            status = _in_a_child(lambda: _answer(imported, json.loads(line), output.fileno(), errors.fileno()))  # noqa: B023
            output.seek(0)
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            _say({"status": status, "output": output.read().decode(), "errors": said})
    return 0


def _answer(module: object, call: dict[str, Any], output: int, errors: int) -> None:
    os.dup2(output, 1)
    os.dup2(errors, 2)
    function = getattr(module, call["name"])
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _limit(call["extra_bytes"], call["cpu_seconds"])
    answer = function(*call["arguments"])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident
    _say({"answer": answer, "grown_bytes": grown * 1024})


def _measure_group(group: str, start: int) -> int:
    """Measure each reader in a process of its own, which reuses no memory of another."""
    from tests.bounds.readers import cases

    numbered = [(index, case) for index, case in enumerate(cases(group)) if index >= start]
    _limit(EXTRA_ADDRESSES, TOTAL_SECONDS)
    gc.collect()
    gc.freeze()  # as in the service's processes: no reader pays for a search for cycles through all modules
    for _, of_reader in groupby(numbered, key=lambda one: one[1].reader):
        measured = list(of_reader)
        if (status := _in_a_child(lambda: _measure_all(measured))) != 0:  # noqa: B023
            return status
    return 0


def _measure_all(numbered: list[tuple[int, Any]]) -> None:
    _forget_peak()
    for index, case in numbered:
        _measure_case(index, case)


def _measure_case(index: int, case: Any) -> None:
    _say({"index": index, "case": case.name, "size": case.sizes[1]})
    for _ in range(_TRIES):
        measured = _measure(case)
        if case.is_bounded(measured):
            break
    _say(asdict(measured))


def _main(command: str, name: str, start: int = 0) -> int:
    return _serve_calls(name) if command == "call" else _measure_group(name, start)


if __name__ == "__main__":
    sys.exit(abs(_main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))))

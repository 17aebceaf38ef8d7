"""The program of the child: it compares pairs of texts that it receives, one after another, until its input ends.

It bounds itself before it reads the first one: priority, address space, and the size of its files; CPU time for each
comparison. What it reads is data only. If memory is scarce, the kernel ends it before any process that serves requests,
and it never outlives its parent.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from adapters.comparison.messages import LENGTH_BYTES, framed, read_task, reply_message
from adapters.comparison.work import Task, compare_texts
from domain.comparison.json_text import NumberOutOfRange
from domain.comparison.report import ComparisonRefused, ComparisonStopped, ResultComparison, StopReason

OUT_OF_MEMORY: Final = 3
"""The exit status of a child that could not even say so."""
_PR_SET_PDEATHSIG: Final = 1
_RECURSION: Final = 3_000
"""Deeper than any stored text that was checked, and within a stack of 8 MiB."""


def _restrict(memory_bytes: int, file_bytes: int) -> None:
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # some kernels forbid it
        Path("/proc/self/oom_score_adj").write_text("1000")
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    sys.setrecursionlimit(_RECURSION)


def _allow_cpu(seconds: int) -> None:
    """Let the process have so many more seconds of CPU time; then a signal ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _frame(source: IO[bytes]) -> bytes:
    head = source.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        raise EOFError
    return source.read(int.from_bytes(head, "big"))


def _receive(source: IO[bytes]) -> "mmap | StopReason":
    """Receive a text into a file without a name. All of it is read, even if it cannot be stored."""
    trouble: StopReason | None = None
    with TemporaryFile() as file:
        while piece := _frame(source):
            try:
                trouble or file.write(piece)
            except OSError:
                trouble = StopReason.DISK
        try:
            file.flush()
        except OSError:
            trouble = StopReason.DISK
        if trouble or not file.tell():
            return trouble or StopReason.UNREADABLE
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _reply(source: IO[bytes], cpu_seconds: int) -> ResultComparison | ComparisonRefused:
    task = read_task(_frame(source))
    _allow_cpu(cpu_seconds)
    before, after = _receive(source), _receive(source)
    if isinstance(before, StopReason):
        return ComparisonStopped(before)
    if isinstance(after, StopReason):
        return ComparisonStopped(after)
    return _compare(before, after, task)


def _compare(before: mmap, after: mmap, task: Task) -> ResultComparison | ComparisonRefused:
    try:
        return compare_texts(before, after, task)
    except MemoryError:
        return ComparisonStopped(StopReason.MEMORY)
    except NumberOutOfRange:
        return ComparisonStopped(StopReason.NUMBER_RANGE)
    except ValueError:
        return ComparisonStopped(StopReason.UNREADABLE)
    except OSError:
        return ComparisonStopped(StopReason.DISK)


def _main(memory_bytes: int, file_bytes: int, cpu_seconds: int) -> None:
    _restrict(memory_bytes, file_bytes)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        while True:
            sink.write(framed(reply_message(_reply(source, cpu_seconds))))
            sink.flush()
    except EOFError:
        pass
    except MemoryError:  # what was compared is unknown by then
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))

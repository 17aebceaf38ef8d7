"""The kernel's account of a process that this one did not start itself: its CPU time and its memory.

Both can be read of any process of this machine, whatever its user and however confined it is.
"""

import os
import resource
import time
from typing import Final

from adapters.javascript.confined.child_process import cpu_clock

_PAGE_BYTES: Final = resource.getpagesize()
_MOST_BYTES: Final = 8_192
_PEAK: Final = b"VmHWM:"
_ANONYMOUS: Final = b"RssAnon:"
_FAULTS_FIELD: Final = 7
"""Of /proc/PID/stat, counted after the command's name, which is in brackets."""


def cpu_seconds(pid: int) -> float:
    """Read the CPU time that a process has used. Raises `OSError` if it has ended."""
    return time.clock_gettime(cpu_clock(pid))


class PeakMemory:
    """The most memory that a process ever had resident. `close` it in any case.

    Its file stays open, since it is read after each run, and to open and close it takes as long.
    """

    def __init__(self, pid: int) -> None:
        """Raise `OSError` if the process has gone, or its account is hidden."""
        self._file = os.open(f"/proc/{pid}/status", os.O_RDONLY | os.O_CLOEXEC)

    def read(self) -> int:
        """Read the number of bytes. Raises `OSError` if the process has ended."""
        return _kibibytes(os.pread(self._file, _MOST_BYTES, 0), _PEAK)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def private_bytes(pid: int) -> int:
    """Read an upper bound of the memory that a process shares with no other. Raises `OSError` if it has ended.

    The kernel tells no other user which pages are shared; but a page becomes private only by a fault.
    """
    faults = int(_read(f"/proc/{pid}/stat").rpartition(b") ")[2].split(b" ", _FAULTS_FIELD + 1)[_FAULTS_FIELD])
    return min(faults * _PAGE_BYTES, _kibibytes(_read(f"/proc/{pid}/status"), _ANONYMOUS))


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, _MOST_BYTES)
    finally:
        os.close(file)


def _kibibytes(status: bytes, name: bytes) -> int:
    """Read a figure of /proc/PID/status in bytes; a process that has ended, yet not been waited for, has none."""
    _, found, rest = status.partition(name)
    if not found:
        raise ProcessLookupError("the process has ended")
    return int(rest.split(None, 1)[0]) * 1024

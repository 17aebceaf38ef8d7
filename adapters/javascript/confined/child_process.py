"""A forked child as its zygote keeps it: its clock, its limits, its end."""

import ctypes
import os
import resource
import signal
from math import ceil
from time import clock_gettime, monotonic
from typing import Final

from adapters.javascript import wire

NEVER: Final = float("inf")
_HAS_ENDED: Final = os.WEXITED | os.WNOHANG | os.WNOWAIT

# Looked up once, as in `zygote`: to find an enum's member is to write to pages that are shared with children.
_OUT, _IDLE, _RUNNING, _ENDED = wire.Clock.OUT, wire.Clock.IDLE, wire.Clock.RUNNING, wire.Report.ENDED

_MOST_RUNS: Final = 1_000
"""More than any child serves: the kernel's last limit on its CPU time is that of so many runs."""

_fork: Final = ctypes.PyDLL(None).fork
"""Without the hooks of `os.fork`, which write to some 200 pages that the child would have to copy. One thread only."""


class Child:
    """A forked child. Its clock runs while it is armed, which it is anew for each of its runs."""

    __slots__ = (
        *("address_space_bytes", "armed_at", "deadline", "may_stay", "number", "overdue", "pid", "pidfd", "stillborn"),
    )

    def __init__(self, number: int, pid: int, may_stay: bool) -> None:
        self.number, self.pid, self.may_stay = number, pid, may_stay
        self.pidfd = os.pidfd_open(pid)
        self.address_space_bytes = 0
        self.armed_at: float | None = None
        self.deadline = NEVER
        self.overdue = False
        self.stillborn = True

    def arm(self, wall_ms: int, cpu_seconds: int, address_space_bytes: int) -> None:
        """Start the clock, and set the kernel's own limits on time, from now on, and on memory, once for all runs."""
        self.stillborn = self.overdue or self._is_over()
        self.armed_at = monotonic()
        self.deadline = self.armed_at + wall_ms / 1000
        if self.stillborn:
            return
        self._limit_cpu(cpu_seconds)
        if address_space_bytes != self.address_space_bytes:
            resource.prlimit(self.pid, resource.RLIMIT_AS, (address_space_bytes, address_space_bytes))
            self.address_space_bytes = address_space_bytes

    def _limit_cpu(self, seconds: int) -> None:
        if not self.may_stay:
            resource.prlimit(self.pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            return
        # The soft limit is enough: a confined process cannot handle or ignore the signal that comes with it.
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_CPU)
        hard = seconds * _MOST_RUNS if hard == resource.RLIM_INFINITY else hard
        soft = ceil(clock_gettime(cpu_clock(self.pid))) + seconds
        resource.prlimit(self.pid, resource.RLIMIT_CPU, (min(soft, hard), hard))

    def disarm(self) -> None:
        """Stop the clock: the run has ended, and the child waits for another."""
        self.deadline = NEVER
        self.armed_at, self.stillborn = None, True

    def _is_over(self) -> bool:
        """Tell whether it has ended: killed as it waited, or so fast that the worker's command to arm it came late."""
        return os.waitid(os.P_PID, self.pid, _HAS_ENDED) is not None

    def kill(self) -> None:
        """End it now. Its number cannot belong to another process before it has been waited for."""
        os.kill(self.pid, signal.SIGKILL)

    def reap(self) -> bytes:
        """Wait for its end, and report it."""
        _, status, usage = os.wait4(self.pid, 0)
        os.close(self.pidfd)
        wall = 0.0 if self.armed_at is None else monotonic() - self.armed_at
        was_idle = self.stillborn and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        clock = _IDLE if was_idle else _OUT if self.overdue else _RUNNING
        cpu = usage.ru_utime + usage.ru_stime
        return wire.REPORT.pack(
            _ENDED, self.number, status, clock, int(wall * 1e6), int(cpu * 1e6), usage.ru_maxrss * 1024
        )


def cpu_clock(pid: int) -> int:
    """Return the number of the clock of a process's CPU time (see clock_getcpuclockid(3))."""
    return ~pid << 3 | 2


def fork() -> int:
    """Call fork(2). Raises OSError."""
    pid = int(_fork())
    if pid < 0:
        raise OSError("fork was refused")
    return pid

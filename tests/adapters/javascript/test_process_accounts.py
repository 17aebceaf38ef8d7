"""The kernel's account of a process, read from outside, against what the process knows of itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.javascript.process_accounts import PeakMemory, cpu_seconds, private_bytes
from domain.limits import MIB

_PROGRAM = """
import sys, time
def said():
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    print(time.process_time(), int(peak.split()[1]) * 1024, flush=True)
    sys.stdin.readline()
said()
kept = bytearray(b"x") * (64 << 20)
said()
del kept
said()
"""


@contextmanager
def a_process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_time_and_memory_are_those_that_the_process_sees_itself() -> None:
    with a_process() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        private, memory = [], PeakMemory(process.pid)
        for _ in range(3):
            cpu, peak = map(float, process.stdout.readline().split())
            assert cpu_seconds(process.pid) == pytest.approx(cpu, abs=0.05)
            assert memory.read() == pytest.approx(peak, abs=2 * MIB)
            private.append(private_bytes(process.pid))
            process.stdin.write("\n")
            process.stdin.flush()
        memory.close()
        assert private[1] - private[0] >= 64 * MIB
        assert private[1] - private[2] >= 60 * MIB


def test_a_process_that_has_ended_has_no_account() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    memory = PeakMemory(pid)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(ProcessLookupError):
        memory.read()
    with pytest.raises(ProcessLookupError):
        private_bytes(pid)
    os.waitpid(pid, 0)
    with pytest.raises(OSError):
        cpu_seconds(pid)
    with pytest.raises(OSError):
        memory.read()
    memory.close()
    with pytest.raises(OSError):
        PeakMemory(pid)
    with pytest.raises(OSError):
        private_bytes(pid)

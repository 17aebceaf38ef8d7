"""A started sandbox in a worker of its own, and what proc(5) says of its processes."""

import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from attrs import frozen

from tests.adapters.javascript.sandboxes import processes_under
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
IS_ROOT = os.geteuid() == 0
ORDINARY_UID = 54_321
WALL_SECONDS = 60

WORKER = f"""
import asyncio, sys
sys.path.insert(0, {str(ROOT)!r})
from attrs import evolve
from adapters.javascript.runner import JavaScriptSandbox
from tests.adapters.javascript.sandboxes import BODIES, TIGHT, a_claimed

async def work():
    async with JavaScriptSandbox(BODIES, slots=2) as sandbox:
        await sandbox.run(a_claimed("for (;;);", limits=evolve(TIGHT, wall_ms={WALL_SECONDS * 1000})))

asyncio.run(work())
"""
# An interpreter may lie where only root can read, for which an ordinary user gets this one capability.
ORDINARY = [
    *("setpriv", f"--reuid={ORDINARY_UID}", f"--regid={ORDINARY_UID}", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
]
USERS: dict[str, Sequence[str]] = {"as this user": (), **({"as an ordinary user": ORDINARY} if IS_ROOT else {})}


@frozen
class Standing:
    """A worker, its zygotes, and the two children: one is in an endless run and one sleeps until it gets its own."""

    worker: int
    zygotes: tuple[int, ...]
    idle: int
    busy: int

    @property
    def children(self) -> tuple[int, int]:
        return self.idle, self.busy

    @property
    def all(self) -> tuple[int, ...]:
        """Without the worker."""
        return (*self.zygotes, *self.children)


@contextmanager
def standing(prefix: Sequence[str]) -> Iterator[Standing]:
    """Run a worker with a sandbox of two slots, as soon as both children are ready."""
    environment = os.environ | {"BATEIA_SECRET": "in the worker's environment"}
    with ExitStack() as stack:
        worker = stack.enter_context(subprocess.Popen([*prefix, sys.executable, "-c", WORKER], env=environment))
        stack.callback(worker.kill)
        (found,) = eventually(lambda: _standing(worker.pid))
        for pid in found.all:
            stack.callback(_end, os.pidfd_open(pid))
        yield found


def _end(process: int) -> None:
    """Kill by descriptor what may be gone: a number could be another process's by then."""
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)
    os.close(process)


def _standing(worker: int) -> list[Standing]:
    """List them, or nothing while one of them is not there yet."""
    with suppress(ProcessLookupError, FileNotFoundError):  # one was there a moment ago
        found = [pid for pid, line in processes_under(worker).items() if "zygote.py" in line]
        zygotes = [pid for pid in found if os.getsid(pid) == pid]
        children = [pid for pid in found if pid not in zygotes]
        busy = [pid for pid in children if _has_computed(pid)]
        idle = [pid for pid in children if pid not in busy and status(pid)["State"].startswith("S")]
        if (len(zygotes), len(busy), len(idle)) == (2, 1, 1):
            return [Standing(worker, tuple(zygotes), idle[0], busy[0])]
    return []


def _has_computed(pid: int) -> bool:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]) >= 10


def status(pid: int) -> dict[str, str]:
    """Read the fields of `/proc/PID/status`, proc(5)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits(pid: int) -> dict[str, tuple[float, float]]:
    """Read the soft and the hard limit by the name that the kernel prints."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    words = {line[:26].strip(): line[26:].split() for line in lines}
    return {name: (_number(soft), _number(hard)) for name, (soft, hard, *_) in words.items()}


def _number(word: str) -> float:
    return math.inf if word == "unlimited" else int(word)

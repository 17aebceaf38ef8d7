"""The real processes of a started sandbox, as the kernel describes them: layer by layer, they have what they should.

The sandbox belongs to a worker in a process of its own, which runs as this user and, where that is root, also as an
ordinary one: a change of user hides a process already, so only there does it show that a zygote hides itself.
"""

import ctypes
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from attrs import frozen

from adapters.javascript import launch
from tests.adapters.javascript.impostors import an_impostor
from tests.adapters.javascript.sandboxes import a_bench, is_alive, processes_under
from tests.waiting import eventually

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
    """A worker with a sandbox of two slots, as soon as both children are what they are to be."""
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
    """Them, or nothing while one of them is not there yet."""
    found = [pid for pid, line in processes_under(worker).items() if "zygote.py" in line]
    zygotes = [pid for pid in found if os.getsid(pid) == pid]
    children = [pid for pid in found if pid not in zygotes]
    busy = [pid for pid in children if _has_computed(pid)]
    idle = [pid for pid in children if pid not in busy and status(pid)["State"].startswith("S")]
    if (len(zygotes), len(busy), len(idle)) != (2, 1, 1):
        return []
    return [Standing(worker, tuple(zygotes), idle[0], busy[0])]


def _has_computed(pid: int) -> bool:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]) >= 10


@pytest.fixture(scope="module", params=list(USERS.values()), ids=list(USERS))
def seen(request: pytest.FixtureRequest) -> Iterator[Standing]:
    with standing(request.param) as found:
        yield found


def status(pid: int) -> dict[str, str]:
    """What proc(5) calls status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits(pid: int) -> dict[str, tuple[float, float]]:
    """The soft and the hard limit by the name that the kernel prints."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    words = {line[:26].strip(): line[26:].split() for line in lines}
    return {name: (_number(soft), _number(hard)) for name, (soft, hard, *_) in words.items()}


def _number(word: str) -> float:
    return math.inf if word == "unlimited" else int(word)


def test_only_root_can_look_into_them(seen: Standing) -> None:
    """What the kernel hides from a process's own user belongs to root in `/proc`."""
    for pid in seen.all:
        assert int(status(pid)["Uid"].split()[0]) != 0
        for name in ("environ", "mem", "maps"):
            assert Path(f"/proc/{pid}/{name}").stat().st_uid == 0


def secret(path: Path) -> bytes | None:
    """What root reads there. For an ordinary user it is None, and the test fails unless access is refused."""
    if IS_ROOT:
        return path.read_bytes()
    with pytest.raises(PermissionError):
        path.read_bytes()
    return None


def test_they_have_no_environment_but_the_time_zone(seen: Standing) -> None:
    for pid in seen.all:
        assert secret(Path(f"/proc/{pid}/environ")) in (b"TZ=UTC0\0", None)


def test_they_were_started_in_isolation(seen: Standing) -> None:
    for pid in seen.all:
        assert Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:3] == [b"-I", b"-S"]


def test_no_memory_is_both_writable_and_executable(seen: Standing) -> None:
    for pid in seen.all:
        mappings = (secret(Path(f"/proc/{pid}/maps")) or b"").decode().splitlines()
        assert [line for line in mappings if {"w", "x"} < set(line.split()[1])] == []


def test_they_are_somebody_without_rights(seen: Standing) -> None:
    worker = status(seen.worker)
    is_root = worker["Uid"].startswith("0")
    for pid in seen.all:
        now = status(pid)
        assert now["Uid"].split() == (["61000"] * 4 if is_root else worker["Uid"].split())
        assert now["Gid"].split() == (["61000"] * 4 if is_root else worker["Gid"].split())
        assert now["Groups"] == ("" if is_root else worker["Groups"])
        assert {now[kind] for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
        assert now["NoNewPrivs"] == "1"


def test_children_have_one_filter_more_than_their_zygote(seen: Standing) -> None:
    """More, since a container may have put one on everything."""
    for child in seen.children:
        now, zygote = status(child), status(int(status(child)["PPid"]))
        assert now["Seccomp"] == "2"
        assert int(now["Seccomp_filters"]) == int(zygote["Seccomp_filters"]) + 1
        assert now["Threads"] == "1"


def test_children_hold_their_stream_and_nothing_else(seen: Standing) -> None:
    for child in seen.children:
        descriptors = Path(f"/proc/{child}/fd")
        if not IS_ROOT:
            with pytest.raises(PermissionError):
                (descriptors / "0").readlink()
            continue
        ends = {entry.name: str(entry.readlink()) for entry in descriptors.iterdir()}
        assert ends.keys() == {"0", "1"}
        assert ends["0"] == ends["1"]
        assert ends["0"].startswith("socket:")


@pytest.mark.parametrize("name", ["open files", "processes", "file size", "core file size", "locked memory"])
def test_children_have_no_right_to(seen: Standing, name: str) -> None:
    for child in seen.children:
        assert limits(child)[f"Max {name}"] == (0, 0)


def test_a_child_in_a_run_has_its_time_and_its_memory(seen: Standing) -> None:
    now = limits(seen.busy)
    soft, hard = now["Max cpu time"]
    assert 0 < soft <= hard <= WALL_SECONDS + 5
    soft, hard = now["Max address space"]
    assert 0 < soft == hard < 2**32


@pytest.mark.parametrize("prefix", USERS.values(), ids=list(USERS))
def test_a_stopped_zygote_ends_with_its_worker(prefix: Sequence[str]) -> None:
    """Stopped, it cannot see that the worker has hung up: it is the kernel that ends it."""
    with standing(prefix) as seen:
        for zygote in seen.zygotes:
            os.kill(zygote, signal.SIGSTOP)
        os.kill(seen.worker, signal.SIGKILL)
        eventually(lambda: not any(map(is_alive, seen.all)), 10)


@pytest.mark.parametrize("prefix", USERS.values(), ids=list(USERS))
def test_children_end_with_their_zygote(prefix: Sequence[str]) -> None:
    """The worker is stopped, so that it neither hangs up nor kills: it is the kernel that ends them."""
    with standing(prefix) as seen:
        os.kill(seen.worker, signal.SIGSTOP)
        for zygote in seen.zygotes:
            os.kill(zygote, signal.SIGKILL)
        eventually(lambda: not any(map(is_alive, seen.children)), 10)


OPENING = """
def serve(self):
    for act in (lambda: open("/etc/passwd"), lambda: os.listdir("/"), lambda: open("/dev/null", "wb")):
        try:
            act()
        except PermissionError:
            tell("refused")
        else:
            tell("opened")
"""


def test_a_zygote_that_serves_can_open_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Landlock has no entry in `/proc`: a zygote is asked. Without Landlock its user's rights are what is left."""
    monkeypatch.setattr(launch, "_PROGRAM", an_impostor(tmp_path, OPENING))
    with a_bench():
        pass
    has_landlock = ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) >= 1
    assert capfd.readouterr().err.splitlines()[:3] == ["refused" if has_landlock else "opened"] * 3

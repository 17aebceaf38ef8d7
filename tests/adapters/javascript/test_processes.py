"""The processes behind a run: who is there, who may remain, and what happens when one of them dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvloop
from attrs import evolve
from returns.result import Failure, Result

from adapters.javascript import confined_process
from adapters.javascript.runner import JavaScriptSandbox
from application.ports.errors import Unavailable
from application.ports.sandbox import RunFailure, SandboxLost
from domain.outcome import ErrorKind, Run
from tests.adapters.javascript.sandboxes import (
    BODIES,
    TIGHT,
    Bench,
    a_bench,
    a_claimed,
    error_of,
    is_alive,
    processes_under,
    wait_until,
)
from tests.support.values import a_source

ROOT = Path(__file__).parents[3]
ENDLESS = "function process() { for (;;); }"
HONEST = "const process = d => d + 1"
PATIENT = evolve(TIGHT, wall_ms=30_000)

WORKER = """
import asyncio, os, sys
sys.path.insert(0, sys.argv[1])
from adapters.javascript.runner import JavaScriptSandbox
from tests.adapters.javascript.sandboxes import BODIES, TIGHT, a_claimed

async def work():
    async with JavaScriptSandbox(BODIES, slots=2) as sandbox:
        {work}

asyncio.run(work())
"""


def zygotes() -> list[int]:
    """List this process's zygotes and their children, in that order."""
    return _family(os.getpid())


def _family(worker: int) -> list[int]:
    return [pid for pid, line in processes_under(worker).items() if "zygote.py" in line]


@contextmanager
def a_worker(work: str, prefix: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker in a process of its own."""
    command = [*prefix, sys.executable, "-c", WORKER.format(work=work), str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def busy(bench: Bench) -> asyncio.Task[Result[Run, RunFailure]]:
    """Start a run that does not end by itself, and return when it computes."""

    async def begin() -> asyncio.Task[Result[Run, RunFailure]]:
        task: asyncio.Task[Result[Run, RunFailure]] = asyncio.ensure_future(
            bench.sandbox.run(a_claimed(ENDLESS, limits=PATIENT))
        )
        await asyncio.to_thread(wait_until, lambda: any(map(is_running, _family(os.getpid()))))
        return task

    return bench.runner.run(begin())


def is_running(pid: int) -> bool:
    """Tell whether a process has computed for longer than any of them needs to start."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return os.getsid(pid) != pid and fields[0] == "R" and int(fields[11]) >= 3
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_zygote_shows_its_name_and_one_spare_child() -> None:
    with a_bench(slots=2) as bench:
        bench.run(HONEST, b"1")
        wait_until(lambda: len(zygotes()) == 4)
        assert len(bench.sandbox.engine) > 0


def test_the_kernel_would_end_a_script_before_its_worker() -> None:
    with a_bench():
        assert {Path(f"/proc/{pid}/oom_score_adj").read_text().strip() for pid in zygotes()} == {"1000"}


def test_closing_the_pool_leaves_no_process() -> None:
    with a_bench(slots=2) as bench:
        bench.run(HONEST, b"1")
        made = zygotes()
    assert made
    assert not any(map(is_alive, made))


def test_closing_the_pool_ends_its_runs() -> None:
    with a_bench() as bench:
        task = busy(bench)
        made = zygotes()
        bench.do(bench.sandbox.__aexit__(None, None, None))
        assert bench.do(task) == Failure(SandboxLost())
        wait_until(lambda: not any(map(is_alive, made)))


def test_a_worker_that_is_killed_leaves_no_process() -> None:
    with a_worker("await sandbox.run(a_claimed('for (;;);'))") as worker:
        wait_until(lambda: any(map(is_running, _family(worker.pid))))
        made = processes_under(worker.pid)
        worker.send_signal(signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, made)))
    assert len(made) >= 3


def test_cancelling_kills_the_child_at_once_and_spares_the_slot() -> None:
    with a_bench() as bench:
        task, before = busy(bench), zygotes()

        async def cancel() -> None:
            task.cancel()
            await asyncio.wait([task])

        bench.do(cancel())
        assert task.cancelled()
        wait_until(lambda: not any(map(is_running, before)))
        assert bench.result(HONEST, b"1") == 2
        assert before[0] in zygotes()


def test_a_dead_zygote_loses_its_run_and_is_replaced() -> None:
    with a_bench() as bench:
        task, before = busy(bench), zygotes()
        os.kill(before[0], signal.SIGKILL)
        assert bench.do(task) == Failure(SandboxLost())
        assert bench.result(HONEST, b"1") == 2
        assert before[0] not in zygotes()
        wait_until(lambda: not any(map(is_alive, before)))


def test_a_zygote_that_misses_a_deadline_is_given_up_even_if_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined_process, "_GRACE_SECONDS", 0.2)
    with a_bench() as bench:
        (zygote,) = bench.pool._zygotes
        kill = zygote._process.kill
        monkeypatch.setattr(zygote._process, "kill", lambda: None)  # as if the kernel kept it and its child
        os.kill(zygote._process.pid, signal.SIGSTOP)
        run = bench.do(bench.sandbox.run(a_claimed(ENDLESS, limits=evolve(TIGHT, wall_ms=200))))
        assert (run, zygote.lost) == (Failure(SandboxLost()), True)
        kill()
        assert bench.result(HONEST, b"1") == 2


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (signal.SIGSEGV, ErrorKind.SANDBOX_VIOLATION),
        (signal.SIGSYS, ErrorKind.SANDBOX_VIOLATION),
        (signal.SIGXCPU, ErrorKind.TIMEOUT),
        (signal.SIGKILL, ErrorKind.MEMORY_LIMIT),
    ],
)
def test_a_child_ended_by_a_signal_is_distinguished_from_a_lost_one(number: signal.Signals, kind: ErrorKind) -> None:
    with a_bench() as bench:
        task = busy(bench)
        os.kill(next(filter(is_running, zygotes())), number)
        assert error_of(bench.do(task).unwrap()).kind is kind
        assert bench.result(HONEST, b"1") == 2


def test_a_check_survives_one_lost_zygote_and_fails_after_two() -> None:
    with a_bench() as bench:
        os.kill(zygotes()[0], signal.SIGKILL)
        bench.do(bench.sandbox.check(a_source(HONEST), TIGHT)).unwrap()
        bench.pool._setup = evolve(bench.pool._setup, library=Path("/nowhere"))
        os.kill(zygotes()[0], signal.SIGKILL)
        with pytest.raises(Unavailable):
            bench.do(bench.sandbox.check(a_source(HONEST), TIGHT))


def test_a_spare_that_died_costs_at_most_another_attempt() -> None:
    with a_bench() as bench:
        wait_until(lambda: len(zygotes()) == 2)
        (zygote,) = _zygote_leaders()
        (spare,) = processes_under(zygote)
        os.kill(spare, signal.SIGKILL)
        wait_until(lambda: not is_alive(spare))
        first = bench.do(bench.sandbox.run(a_claimed(HONEST, b"1")))
        assert first == Failure(SandboxLost()) or first.unwrap().outcome == bench.run(HONEST, b"1").outcome
        assert bench.result(HONEST, b"1") == 2


def _zygote_leaders() -> list[int]:
    return [pid for pid in zygotes() if os.getsid(pid) == pid]


def test_runs_wait_for_a_slot() -> None:
    with a_bench(slots=2) as bench:

        async def many() -> list[object]:
            return list(await asyncio.gather(*(bench.sandbox.run(a_claimed(HONEST, b"1")) for _ in range(20))))

        assert len(bench.do(many())) == 20


def test_an_environment_secret_is_nowhere_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://canary")
    with a_bench() as bench:
        for pid in zygotes():
            with suppress(PermissionError):  # an ordinary user may not even look, since a zygote is not dumpable
                assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()
        found = bench.result(
            "function process() { return Object.getOwnPropertyNames(globalThis).map(k => `${this[k]}`) }"
        )
        assert "canary" not in str(found)


def test_it_works_on_uvloop() -> None:
    with a_bench(loop_factory=uvloop.new_event_loop) as bench:
        rows = b"[" + b",".join([b'"row"'] * 100_000) + b"]"
        assert len(bench.result("const process = d => d", rows)) == 100_000
        assert bench.error(ENDLESS, limits=evolve(TIGHT, wall_ms=50)).kind is ErrorKind.TIMEOUT
        task = busy(bench)
        os.kill(_zygote_leaders()[0], signal.SIGKILL)
        assert bench.do(task) == Failure(SandboxLost())


REFUSING = """
import ctypes, os
from adapters.javascript.confined import confinement, seccomp
deny = (seccomp.Instruction * 6)(
    seccomp.Instruction(0x20, 0, 0, 0), seccomp.Instruction(0x15, 0, 3, {prctl}), seccomp.Instruction(0x20, 0, 0, 16),
    seccomp.Instruction(0x15, 0, 1, 22), seccomp.Instruction(0x06, 0, 0, 0x00050001),
    seccomp.Instruction(0x06, 0, 0, 0x7FFF0000))
confinement.set_no_new_privs()
confinement.install(seccomp.Program(6, deny))
"""


def without_seccomp(allow: bool) -> str:
    """Start a worker where the kernel accepts no filter, and return its output."""
    prctl = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
    program = WORKER.replace("slots=2", f"slots=1, allow_unconfined={allow}").format(
        work="print(await sandbox.run(a_claimed('const process = d => d')))"
    )
    program = program.replace("async def work", REFUSING.format(prctl=prctl) + "\nasync def work")
    said = subprocess.run([sys.executable, "-c", program, str(ROOT)], capture_output=True, timeout=60)
    return (said.stdout + said.stderr).decode()


def test_it_refuses_to_start_where_scripts_cannot_be_confined() -> None:
    assert "ZygoteStartFailed: RuntimeError: scripts cannot be confined by seccomp here" in without_seccomp(allow=False)


def test_it_starts_unconfined_only_when_configured() -> None:
    assert "Produced" in without_seccomp(allow=True)


def test_it_refuses_to_start_without_the_engine() -> None:
    sandbox = JavaScriptSandbox(BODIES, slots=1)
    pool = sandbox._pools.pool(sandbox._default)
    pool._setup = evolve(pool._setup, library=Path("/nowhere/_dukpy.so"))

    async def enter() -> None:
        async with sandbox:
            pass

    with pytest.raises(Exception, match="nowhere"):
        asyncio.run(enter())


def test_an_ordinary_user_can_run_it() -> None:
    # As root it takes setpriv; the one capability is there because an interpreter may lie where only root can read.
    ordinary = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--inh-caps=+dac_override"]
    prefix = [*ordinary, "--ambient-caps=+dac_override"] if os.geteuid() == 0 else []
    with a_worker("print(os.getuid(), await sandbox.run(a_claimed('const process = d => d')))", prefix) as worker:
        said, complaint = worker.communicate(timeout=60)
    assert b"Produced" in said, complaint
    assert not said.startswith(b"0 ")

"""Processes of the service whose runs are no-ops: real submissions, queue, worker and settler, and no JavaScript.

Each is forked with all modules loaded. The composition is the service's own (`entrypoints/composition`), with
`NoSandbox` in the place of the sandbox.
"""

import asyncio
import hashlib
import os
import signal
from collections.abc import Callable, Mapping
from multiprocessing.sharedctypes import Synchronized
from types import TracebackType
from typing import Any, Final, Self

import uvloop
from load import DATASET, SCRIPT
from returns.result import Result, Success

from adapters.http.dependencies import Dependencies
from adapters.javascript.process_reuse import IdleProcesses
from adapters.metrics.metrics import Metrics
from application.executions.submission import Submit
from application.ports.queue import Claimed
from application.ports.sandbox import NotRunnable, RunFailure
from application.scripts.register import Register
from domain.body import Body, Encoding, digest
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import DEFAULTS, Limits
from domain.outcome import Logs, Measures, Produced, Provenance, Run
from domain.script import description, script_name
from domain.versions import Source, VersionRequest, source
from domain.warnings import SourceWarning
from entrypoints.composition import sandboxes
from entrypoints.composition.api_wiring import api_dependencies
from entrypoints.composition.bootstrap import settings_from
from entrypoints.composition.local_slots import LocalSlots, WorkerContext
from entrypoints.composition.worker_wiring import worker_of
from entrypoints.supervision.parent_death import die_with_parent

WAIT_SECONDS: Final = 30
RESULT: Final = b"[" + b",".join(b'{"quarter":"20231","brand":"a brand","active":%d}' % n for n in range(4)) + b"]"
RUN: Final = Run(
    Produced(Body(digest(RESULT), Encoding.IDENTITY, RESULT)),
    Logs(),
    Provenance("no engine", Measures(wall_ms=1.0, cpu_ms=1.0, peak_memory_bytes=1)),
)


class NoSandbox:
    """The ports `RunScript` and `CheckScript` without a process: each run succeeds at once with the same result."""

    engines: tuple[str, ...] = ("no engine",)

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what the sandbox takes."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Have nothing to stop."""

    def troubles(self) -> Mapping[EngineName, str]:
        """Report no engine that cannot be started."""
        return {}

    def idle_processes(self) -> IdleProcesses:
        """Report no idle process."""
        return IdleProcesses(0, 0)

    def resting_engines(self) -> frozenset[str]:
        """Report no engine that rests."""
        return frozenset()

    async def check(
        self, checked: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        """Accept any source."""
        return Success(())

    async def run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        """Succeed without a run."""
        return Success(RUN)


def worker(env: Mapping[str, str]) -> None:
    """Claim executions and settle them, until TERM."""
    die_with_parent(env)
    sandboxes.JavaScriptSandbox = NoSandbox  # type: ignore[misc, assignment] # the place of the sandbox in the composition
    uvloop.run(work_until_stopped(env))


async def work_until_stopped(env: Mapping[str, str]) -> None:
    """Run a worker as `entrypoints.worker` does."""
    async with worker_of(settings_from(env), Metrics(), lambda run: run) as working:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.stop)
        await working.run()


def submitter(env: Mapping[str, str], in_flight: int, done: "Synchronized[int]", stop: "Synchronized[int]") -> None:
    """Submit executions and await their ends, so many at once, until told to stop; count them."""
    die_with_parent(env)
    sandboxes.JavaScriptSandbox = NoSandbox  # type: ignore[misc, assignment] # as above
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    uvloop.run(submit_until(lambda: bool(stop.value), env, in_flight, done))


def node(env: Mapping[str, str], in_flight: int, done: "Synchronized[int]", stop: "Synchronized[int]") -> None:
    """Submit as `submitter` does, from a process that has slots of its own and starts executions directly."""
    die_with_parent(env)
    sandboxes.JavaScriptSandbox = NoSandbox  # type: ignore[misc, assignment] # as above
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvloop.run(submit_and_work_until(lambda: bool(stop.value), env, in_flight, done))


async def submit_and_work_until(
    stopped: Callable[[], bool], env: Mapping[str, str], in_flight: int, done: "Synchronized[int]"
) -> None:
    """Keep so many executions in flight beside the slots of this process."""
    slots, settings, metrics = LocalSlots(), settings_from(env), Metrics()
    context = WorkerContext(settings=settings, metrics=metrics, number=1, around=lambda run: run)
    async with api_dependencies(settings, metrics, slots.start_directly) as (deps, endings):
        work = slots.begin(context, endings)
        await submit_through(deps, stopped, in_flight, done)
        slots.stop()
        await work


async def submit_until(
    stopped: Callable[[], bool], env: Mapping[str, str], in_flight: int, done: "Synchronized[int]"
) -> None:
    """Keep so many executions in flight, for workers in other processes."""
    async with api_dependencies(settings_from(env), Metrics()) as (deps, _):
        await submit_through(deps, stopped, in_flight, done)


async def submit_through(
    deps: Dependencies, stopped: Callable[[], bool], in_flight: int, done: "Synchronized[int]"
) -> None:
    """Keep so many executions of a script of this process's own in flight."""
    name = script_name(f"ceiling-{hashlib.sha256(os.urandom(8)).hexdigest()[:12]}").unwrap()
    request = VersionRequest(source(SCRIPT).unwrap(), DEFAULTS, None, DEFAULT_ENGINE)

    async def submit() -> None:
        while not stopped():
            accepted = (await deps.executions.submit(Submit(script=name, dataset=DATASET))).unwrap()
            report = (await deps.executions.wait(accepted, WAIT_SECONDS)).unwrap()
            assert report.result is not None, report.execution
            done.value += 1  # only this process writes it

    (await deps.scripts.register(Register(name=name, description=description("").unwrap(), first=request))).unwrap()
    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(submit())

"""A sandbox for tests, and the scripts and datasets for it."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from attrs import evolve
from returns.result import Result

from adapters.javascript.pool import RECYCLE_POLICY, RecyclePolicy, ZygotePool
from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.warm_processes import ReusePolicy
from adapters.json.bodies import JsonBodies
from adapters.system import uuid7
from application.ports.queue import Claimed
from application.ports.sandbox import NotRunnable, RunFailure
from domain.body import Body, Encoding, digest
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import Claim
from domain.limits import MIB, Limits
from domain.outcome import Produced, Rejected, Run, ScriptError
from domain.transitions import start
from domain.versions import Source
from domain.warnings import SourceWarning
from tests.support.values import NOON, a_pending, a_script, a_source

_T = TypeVar("_T")

TIGHT = Limits(wall_ms=1_500, memory_bytes=64 * MIB, result_bytes=1 * MIB, log_bytes=64 * 1024)
BODIES = JsonBodies()


def a_claimed(text: str, dataset: bytes = b"{}", limits: Limits = TIGHT) -> Claimed:
    """Create a claimed execution of a script over a dataset."""
    _, version = a_script(text="x", limits=limits)
    body = Body(digest(dataset), Encoding.IDENTITY, dataset)
    pending = a_pending(evolve(version, source=a_source(text)), dataset=body)
    return Claimed(start(pending, Claim(uuid7(), "worker"), NOON), a_source(text), body)


class BenchSandbox(JavaScriptSandbox):
    """A sandbox that takes every script for one of a version on its default engine."""

    @property
    def engine(self) -> str:
        """The default engine, as executions name it."""
        (engine,) = self._pools.pool(self._default).engines
        return engine

    async def run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        submission = claimed.running.submission
        script = evolve(submission.script, engine=self._default.engine)
        running = evolve(claimed.running, submission=evolve(submission, script=script))
        return await super().run(evolve(claimed, running=running))

    async def check(
        self, source: Source, limits: Limits, engine: EngineName | None = None
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        return await super().check(source, limits, engine or self._default.engine)


class Bench:
    """A sandbox on an event loop of its own, driven from tests that are not async."""

    def __init__(self, runner: asyncio.Runner, sandbox: BenchSandbox) -> None:
        self.runner, self.sandbox = runner, sandbox

    @property
    def pool(self) -> ZygotePool:
        """The pool of the sandbox's default kind."""
        return self.sandbox._pools.pool(self.sandbox._default)

    def do(self, work: Awaitable[_T]) -> _T:
        async def done() -> _T:
            return await work

        return self.runner.run(done())

    def run(self, text: str, dataset: bytes = b"{}", limits: Limits = TIGHT) -> Run:
        """Run a script; the test fails if the sandbox is lost."""
        return self.do(self.sandbox.run(a_claimed(text, dataset, limits))).unwrap()

    def result(self, text: str, dataset: bytes = b"{}", limits: Limits = TIGHT) -> Any:
        """Parse the result of a run that must succeed."""
        return json.loads(self.text(self.run(text, dataset, limits)))

    def text(self, run: Run) -> bytes:
        """Return the JSON text of a run's result."""
        assert isinstance(run.outcome, Produced), run.outcome
        return self.do(BODIES.decode(run.outcome.result))

    def error(self, text: str, dataset: bytes = b"{}", limits: Limits = TIGHT) -> ScriptError:
        """Return the error of a run that must fail."""
        return error_of(self.run(text, dataset, limits))


def error_of(run: Run) -> ScriptError:
    """Return the error of a run that must have failed."""
    assert isinstance(run.outcome, Rejected), run.outcome
    return run.outcome.error


@contextmanager
def a_bench(
    slots: int = 1,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = uvloop.new_event_loop,
    engine: EngineName = DEFAULT_ENGINE,
    service: RecyclePolicy = RECYCLE_POLICY,
    analyses: bool = True,
    reuse: ReusePolicy | None = None,
    sampled: Callable[[bool], None] = lambda is_same: None,
    sample_every: int = 1_000,
) -> Iterator[Bench]:
    """Provide a bench whose processes are gone afterwards; they serve more than one run if `reuse` is given."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        sandbox = BenchSandbox(
            BODIES,
            slots=slots,
            engine=engine,
            recycle_policy=service,
            analyses=analyses,
            reuse=reuse,
            sampled=sampled,
            sample_every=sample_every,
        )
        runner.run(sandbox.__aenter__())
        try:
            yield Bench(runner, sandbox)
        finally:
            runner.run(sandbox.__aexit__(None, None, None))


def processes_under(ancestor: int) -> dict[int, str]:
    """Map a process's living descendants to their command lines."""
    found: dict[int, str] = {}
    waiting = [ancestor]
    while waiting:
        for child in _children(waiting.pop()):
            found[child] = _command_line(child)
            waiting.append(child)
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Poll a condition that no event announces, up to a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        os.sched_yield()


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""

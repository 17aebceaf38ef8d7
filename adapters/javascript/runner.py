"""Ports `RunScript` and `CheckScript`, and runs of trials: pools of zygotes, one a slot and kind, and confined
processes for the runs.

A run has a process of its own, or if the sandbox reuses them one that served the same affinity before.

Absent on purpose: any inspection of a dataset or a result. Both travel as bytes; `Bodies` checks that a result is JSON,
since a process that a script has taken over can send anything.
"""

import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.javascript.child_output import transcribe
from adapters.javascript.conclusion import conclude
from adapters.javascript.confined_process import RunExit
from adapters.javascript.engines import EngineNotInstalled, engine_named, library_of
from adapters.javascript.findings import Finding, read_findings
from adapters.javascript.kinds import ZygoteKind, kind_for
from adapters.javascript.launch import Setup, ZygoteStartFailed
from adapters.javascript.live_log import LiveLogs
from adapters.javascript.pool import RECYCLE_POLICY, RecyclePolicy, ZygotePool
from adapters.javascript.pools import ZygotePools
from adapters.javascript.process_reuse import IdleProcesses, affinity_of
from adapters.javascript.run_report import report
from adapters.javascript.run_request import RunRequest, analysis_request, check_request, run_request, trial_request
from adapters.javascript.samples import Sampler
from adapters.javascript.stack_traces import line_count
from adapters.javascript.verdict import judge
from adapters.javascript.warm_processes import ReusePolicy
from application.ports.bodies import Bodies
from application.ports.errors import Unavailable
from application.ports.queue import Claimed
from application.ports.sandbox import EngineMissing, NotRunnable, RunFailure, SandboxLost, SandboxUnavailable, Trial
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import circumstances_of
from domain.limits import Limits
from domain.outcome import (
    Isolation,
    Produced,
    Run,
)
from domain.versions import Source
from domain.warnings import SourceWarning

log: Final = logging.getLogger(__name__)

_CHECK_WALL_MS: Final = 5_000
SAMPLE_EVERY: Final = 1_000
"""Of the runs in a process that has served before, one in so many is repeated in a fresh one."""


class JavaScriptSandbox:
    """The sandbox. Enter it to start the zygotes of its default engine; leaving it ends every process that it made.

    The zygotes of another kind start on first use, and if it is not `warm`, so do those of the default engine.
    `replaced` is called for every zygote that was replaced, with whether it was lost. Without `analyses` a check is the
    engine's alone, and zygotes carry no parser.

    With `reuse`, processes serve more than one run, as it says; a sample of those runs is repeated in a fresh process,
    and `sampled` is called with whether both gave the same.
    """

    def __init__(
        self,
        bodies: Bodies,
        slots: int = 2,
        allow_unconfined: bool = False,
        engine: EngineName = DEFAULT_ENGINE,
        recycle_policy: RecyclePolicy = RECYCLE_POLICY,
        replaced: Callable[[bool], None] = lambda was_lost: None,
        analyses: bool = True,
        reuse: ReusePolicy | None = None,
        sampled: Callable[[bool], None] = lambda is_same: None,
        sample_every: int = SAMPLE_EVERY,
        warm: bool = True,
    ) -> None:
        self._bodies, self._analyses, self._reuses = bodies, analyses, reuse is not None
        self._isolation = Isolation.VERSION if self._reuses else Isolation.EXECUTION
        self._sampler = Sampler(sample_every, sampled)
        self.running_log: Final = LiveLogs()
        self._default = ZygoteKind(engine)

        def make_pool(kind: ZygoteKind) -> ZygotePool:
            setup = Setup(kind, library_of(kind.engine), allow_unconfined, analyses and not kind.intl, self._reuses)
            return ZygotePool(setup, slots, recycle_policy, replaced, reuse)

        self._pools = ZygotePools(make_pool, warm=self._default if warm else None)

    async def __aenter__(self) -> Self:
        """Start the default engine's zygotes. Raises `ZygoteStartFailed` if a script could not be confined here."""
        try:
            await self._pools.open()
        except BaseException:
            await self._pools.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End every zygote and child."""
        await self._sampler.close()
        await self._pools.close()

    @property
    def engines(self) -> Collection[str]:
        """The engines whose zygotes have started, as executions name them."""
        return self._pools.engines()

    def troubles(self) -> Mapping[str, str]:
        """Report the engines that failed to start on the last attempt, and the reasons."""
        return {kind.engine: reason for kind, reason in self._pools.troubles().items()}

    def idle_processes(self) -> IdleProcesses:
        """Count the idle processes that may serve another run."""
        return self._pools.idle_processes()

    def resting_engines(self) -> Collection[str]:
        """List the engines for which a start failed so recently that none is attempted yet."""
        return {kind.engine for kind in self._pools.resting()}

    async def run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        """Implement the port `RunScript`."""
        submission = claimed.running.submission
        return await self._started(self._run(claimed), submission.id, submission.script.engine)

    async def run_trial(self, trial: Trial) -> Result[Run, RunFailure]:
        """Run a source that may not be hosted, in a process of its own, once a zygote is idle."""
        return await self._started(self._run_alone(trial), None, trial.engine)

    async def _started(
        self, run: Coroutine[Any, Any, Result[Run, RunFailure]], execution: UUID | None, engine: str
    ) -> Result[Run, RunFailure]:
        try:
            return await run
        except EngineNotInstalled as error:
            log.error("%s cannot run here: %s", f"execution {execution}" if execution else "a trial", error)
            return Failure(EngineMissing())
        except ZygoteStartFailed as error:
            log.error("no zygote could be started for the engine %s: %s", engine, error)
            return Failure(SandboxUnavailable())

    async def _run(self, claimed: Claimed) -> Result[Run, RunFailure]:
        submission, trial = claimed.running.submission, _trial_of(claimed)
        claim_id = claimed.running.claim.id
        source, limits, circumstances = trial.source.data, trial.limits, trial.circumstances
        dataset = await self._bodies.decode(trial.dataset)
        pool = self._pool(trial)
        async with pool.lend(affinity_of(submission)) as lent:
            self.running_log.add(claim_id, limits, lent)
            try:
                done = await lent.run(run_request(limits, source, dataset, circumstances, self._reuses))
            finally:
                self.running_log.remove(claim_id)
            if done is None:
                return Failure(SandboxLost())
            transcript = transcribe(done.answer, limits)
            run = await report(self._bodies, trial, done, transcript, self._isolation)
            if isinstance(run.outcome, Produced):
                lent.keep()
        if lent.is_reused and transcript.ending is not None:
            self._sampler.offer(pool, lambda: run_request(limits, source, dataset, circumstances), transcript, limits)
        return Success(run)

    async def _run_alone(self, trial: Trial) -> Result[Run, RunFailure]:
        dataset = await self._bodies.decode(trial.dataset)
        request = trial_request(trial, dataset)
        async with self._pool(trial).acquire() as zygote:
            done = await zygote.run(request)
        if done is None:
            return Failure(SandboxLost())
        transcript = transcribe(done.answer, trial.limits)
        return Success(await report(self._bodies, trial, done, transcript, Isolation.EXECUTION))

    def _pool(self, trial: Trial) -> ZygotePool:
        return self._pools.pool(kind_for(engine_named(trial.engine), trial.source.data))

    async def check(
        self, source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        """Implement the port `CheckScript`. Raises `Unavailable` if the engine cannot start, or is lost twice over
        it."""
        try:
            return await self._checked(source, limits, engine)
        except ZygoteStartFailed as error:
            log.error("no zygote could be started for the engine %s: %s", engine, error)
            raise Unavailable(f"the engine {engine} cannot be started now") from error

    async def _checked(
        self, source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        findings = await self._analysed(source.data, engine)
        wall_ms = min(limits.wall_ms, _CHECK_WALL_MS)
        done = await self._do_twice(check_request(source.data, limits, wall_ms), engine, source.data)
        if done is None:
            raise Unavailable("the sandbox was lost")
        verdict = judge(done.facts, transcribe(done.answer, limits), limits, source.data, done.engine)
        return conclude(findings, verdict, wall_ms)

    async def _analysed(self, source: bytes, engine: str) -> tuple[Finding, ...] | None:
        """Analyse a source in a child of its own, whose end does not affect the engine's check.

        The engine is the version's, since engines differ in the regular expressions that they know.
        """
        if not self._analyses:
            return ()
        done = await self._do_twice(analysis_request(source), engine)
        return None if done is None else read_findings(done.facts, done.answer, line_count(source))

    async def _do_twice(self, request: RunRequest, engine: str, source: bytes = b"") -> RunExit | None:
        return await self._do(request, engine, source) or await self._do(request, engine, source)

    async def _do(self, request: RunRequest, engine: str, source: bytes) -> RunExit | None:
        """Run on that engine, in a zygote of the kind that the source needs; None if the zygote was lost meanwhile.

        Raises `ZygoteStartFailed`.
        """
        async with self._pools.pool(kind_for(engine_named(engine), source)).acquire() as zygote:
            return await zygote.run(request)


def _trial_of(claimed: Claimed) -> Trial:
    submission = claimed.running.submission
    return Trial(
        source=claimed.source,
        engine=submission.script.engine,
        limits=submission.limits,
        dataset=claimed.dataset,
        circumstances=circumstances_of(submission),
        source_warnings=claimed.source_warnings,
    )

"""The sandboxes of API and worker, with their metrics and their part of the readiness."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from attrs import evolve

from adapters.javascript.runner import JavaScriptSandbox
from adapters.javascript.trials import TRIAL_POLICY, TrialSandbox
from adapters.javascript.warm_processes import ReusePolicy
from adapters.json.bodies import JsonBodies
from adapters.metrics.metrics import Metrics
from application.ports.operations import CheckReadiness, Readiness, check_outcome
from application.version import VERSION
from domain.engine import EngineName
from entrypoints.configuration.settings import Settings

log: Final = logging.getLogger(__name__)


def reuse_of(settings: Settings) -> ReusePolicy | None:
    """Return the policy by which sandbox processes serve several executions, None if they do not."""
    return ReusePolicy(idle_bytes=settings.idle_process_bytes) if settings.reuses_processes else None


@asynccontextmanager
async def sandbox_of(
    settings: Settings,
    slots: int,
    metrics: Metrics,
    analyses: bool,
    reuse: ReusePolicy | None = None,
) -> AsyncIterator[JavaScriptSandbox]:
    """Provide a sandbox with its metrics, which `analyses` sources or does not."""
    instruments = metrics.instruments

    def look() -> None:
        for engine in sandbox.engines:
            instruments.build.labels(VERSION, engine).set(1)

    async with JavaScriptSandbox(
        JsonBodies(),
        slots=slots,
        allow_unconfined=settings.allow_unconfined,
        engine=EngineName(settings.engine),
        replaced=instruments.observe_zygote,
        analyses=analyses,
        reuse=reuse,
        sampled=instruments.observe_sample,
    ) as sandbox:
        look()
        metrics.add_sampler(look)
        metrics.add_part(instruments.engines_down, lambda: len(sandbox.troubles()))
        metrics.add_part(instruments.idle_processes, lambda: sandbox.idle_processes().count)
        metrics.add_part(instruments.idle_process_bytes, lambda: sandbox.idle_processes().held_bytes)
        log.info("scripts run on %s; others start when they are needed", ", ".join(sandbox.engines))
        yield sandbox


@asynccontextmanager
async def trial_sandbox_of(settings: Settings, metrics: Metrics) -> AsyncIterator[TrialSandbox]:
    """Provide the sandbox of previews and tests, which checks of uploads do not share; it has no process until it is
    needed."""
    async with JavaScriptSandbox(
        JsonBodies(),
        slots=TRIAL_POLICY.slots,
        allow_unconfined=settings.allow_unconfined,
        engine=EngineName(settings.engine),
        replaced=metrics.instruments.observe_zygote,
        warm=False,
    ) as sandbox:
        yield TrialSandbox(sandbox)


def with_sandbox(check: CheckReadiness, sandbox: JavaScriptSandbox) -> CheckReadiness:
    """Extend the check with the engines that the sandbox cannot start."""

    async def checked() -> Readiness:
        troubles = (f"the engine {kind}: {reason}" for kind, reason in sandbox.troubles().items())
        return evolve(await check(), sandbox=check_outcome("; ".join(troubles)))

    return checked

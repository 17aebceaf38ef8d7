"""Run a source over a dataset while its author waits, and store nothing of either.

The source is checked as an upload's is, and runs as an execution of it would, within tighter limits. If a version is
named, that one runs over the same dataset in the same circumstances, and the two outcomes are compared.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.bodies import Bodies, MalformedJson
from application.ports.comparison import CompareResults, ComparisonChoices
from application.ports.errors import Unavailable
from application.ports.sandbox import CheckTrial, NotRunnable, RunTrial, SandboxBusy, Trial, trial_of
from application.ports.scripts import ScriptRef, Scripts
from application.ports.stored_bodies import stored
from application.ports.system import Clock
from application.scripts.read import VersionNotFound, read_script, read_version
from domain.audit import ANONYMOUS, Actor, AuditEvent, preview_event
from domain.circumstances import Circumstances, RequestedCircumstances, completed
from domain.comparison.report import ComparisonRefused, ComparisonStopped, ResultComparison, StopReason
from domain.limits import MIB, Limits, trial_limits
from domain.outcome import Produced, Rejected, Run, is_same_failure
from domain.versions import ScriptVersion, VersionRequest
from domain.warnings import NumberWarning, SourceWarning

MAX_DATASET_BYTES: Final = 1 * MIB
_COMPARISON_SECONDS: Final = 10
"""A client waits for the comparison, whose own limits are for results of any size."""

PreviewRefused: TypeAlias = VersionNotFound | MalformedJson | NotRunnable | SandboxBusy


@frozen
class PreviewTarget:
    """The script that the source is for, and the number of the version to compare with, if any."""

    script: ScriptRef
    version: int | None


@frozen(kw_only=True)
class Preview:
    """The command: run that source over the dataset."""

    wanted: VersionRequest
    dataset: bytes = field(repr=False)
    target: PreviewTarget | None = None
    circumstances: RequestedCircumstances | None = None
    actor: Actor = ANONYMOUS


@frozen(kw_only=True)
class PreviewPorts:
    """The ports of previews. `record` audits one, and raises if it cannot."""

    scripts: Scripts
    check_trial: CheckTrial
    run_trial: RunTrial
    bodies: Bodies
    compare_results: CompareResults
    record: Callable[[AuditEvent], None]
    clock: Clock


@frozen
class AgainstVersion:
    """The run of a version over the same dataset. `comparison` is that of the results, None unless both runs have
    one."""

    version: int
    run: Run
    comparison: Result[ResultComparison, ComparisonRefused] | None


@frozen(kw_only=True)
class Previewed:
    """The run of the source, and its circumstances and limits; warnings about the dataset and about the source."""

    run: Run
    limits: Limits
    circumstances: Circumstances
    dataset_warnings: tuple[NumberWarning, ...]
    source_warnings: tuple[SourceWarning, ...]
    against: AgainstVersion | None = None


async def preview(ports: PreviewPorts, command: Preview) -> Result[Previewed, PreviewRefused]:
    """Check the source and run it. The preview is audited before anything runs."""
    version = await _named_version(ports, command)
    if not is_successful(version):
        return Failure(version.failure())
    dataset = await ports.bodies.encode_dataset(command.dataset)
    if not is_successful(dataset):
        return Failure(dataset.failure())
    limits = trial_limits(command.wanted.limits)
    warnings = await ports.check_trial(command.wanted.source, limits, command.wanted.engine)
    if not is_successful(warnings):
        return Failure(warnings.failure())
    trial = Trial(
        source=command.wanted.source,
        engine=command.wanted.engine,
        limits=limits,
        dataset=dataset.unwrap().body,
        circumstances=completed(command.circumstances, dataset.unwrap().body.digest, ports.clock()),
        source_warnings=warnings.unwrap(),
    )
    return await _tried(ports, trial, version.unwrap(), dataset.unwrap().warnings)


async def _named_version(ports: PreviewPorts, command: Preview) -> Result[ScriptVersion | None, VersionNotFound]:
    """Find the version to compare with, and audit the preview."""
    target = command.target
    if target is None:
        ports.record(preview_event(None, None, command.actor))
        return Success(None)
    script = await read_script(ports.scripts, target.script)
    if not is_successful(script):
        return Failure(script.failure())
    version: ScriptVersion | None = None
    if target.version is not None:
        found = await read_version(ports.scripts, target.script, target.version)
        if not is_successful(found):
            return Failure(found.failure())
        version = found.unwrap()[1]
    ports.record(preview_event(script.unwrap().id, target.version, command.actor))
    return Success(version)


async def _tried(
    ports: PreviewPorts, trial: Trial, version: ScriptVersion | None, warnings: tuple[NumberWarning, ...]
) -> Result[Previewed, SandboxBusy]:
    run = await _run(ports.run_trial, trial)
    if not is_successful(run):
        return Failure(run.failure())
    against: Result[AgainstVersion | None, SandboxBusy] = Success(None)
    if version is not None:
        against = await _against(ports, trial, run.unwrap(), version)
    return against.map(
        lambda other: Previewed(
            run=run.unwrap(),
            limits=trial.limits,
            circumstances=trial.circumstances,
            dataset_warnings=warnings,
            source_warnings=trial.source_warnings,
            against=other,
        )
    )


async def _against(
    ports: PreviewPorts, trial: Trial, run: Run, version: ScriptVersion
) -> Result[AgainstVersion | None, SandboxBusy]:
    """Run the version as it would run in the place of the source, and compare the results of both."""
    before = await _run(ports.run_trial, trial_of(version, trial.dataset, trial.circumstances))
    if not is_successful(before):
        return Failure(before.failure())
    comparison = await _compared(ports.compare_results, before.unwrap(), run)
    return Success(AgainstVersion(version.number, before.unwrap(), comparison))


async def _compared(
    compare: CompareResults, before: Run, after: Run
) -> Result[ResultComparison, ComparisonRefused] | None:
    match before.outcome, after.outcome:
        case Produced(result=old), Produced(result=new):
            return await _within_time(compare(stored(old), stored(new), ComparisonChoices()))
        case _:
            return None


async def _within_time(
    comparing: Awaitable[Result[ResultComparison, ComparisonRefused]],
) -> Result[ResultComparison, ComparisonRefused]:
    try:
        async with asyncio.timeout(_COMPARISON_SECONDS):
            return await comparing
    except TimeoutError:
        return Failure(ComparisonStopped(StopReason.TIME))


async def _run(run_trial: RunTrial, trial: Trial) -> Result[Run, SandboxBusy]:
    """Run a trial. Raises `Unavailable` if the sandbox has no process for it, or lost it."""
    done = await run_trial(trial)
    if is_successful(done):
        return Success(done.unwrap())
    refused = done.failure()
    if isinstance(refused, SandboxBusy):
        return Failure(refused)
    raise Unavailable(f"the sandbox ran no trial: {type(refused).__name__}")


def have_same_error(before: Run, after: Run) -> bool:
    """Tell whether both runs failed with the same kind of error and the same message."""
    match before.outcome, after.outcome:
        case Rejected(error=old), Rejected(error=new):
            return is_same_failure(old, new)
        case _:
            return False

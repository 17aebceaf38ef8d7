"""The transitions between `domain.execution`'s states, one function per event.

A transition takes the exact state that it starts from, so an illegal one does not type-check. Times are arguments and
never run backwards: if a clock gives an earlier time than the previous one, the previous one is used, so
`submitted_at <= started_at <= finished_at` always holds.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from domain.body import Digest
from domain.circumstances import RequestedCircumstances, completed
from domain.execution import (
    UNATTRIBUTED,
    Attribution,
    Claim,
    Failed,
    Finished,
    Pending,
    Running,
    ScriptReference,
    Submission,
    Succeeded,
    Unfinished,
)
from domain.outcome import ErrorKind, Produced, Provenance, Rejected, Run, ScriptError, error_sha256, script_error
from domain.recorded import recorded_circumstances
from domain.script import Script, ScriptArchived, ScriptHead
from domain.versions import ScriptVersion
from domain.warnings import NumberWarning

CANCELLED: Final = script_error(ErrorKind.CANCELLED, "the execution was cancelled")
"""The error of an execution that its client cancelled."""


def submit(
    execution_id: UUID,
    script: Script | ScriptHead,
    version: ScriptVersion,
    dataset: Digest,
    warnings: tuple[NumberWarning, ...],
    at: datetime,
    attribution: Attribution = UNATTRIBUTED,
    requested: RequestedCircumstances | None = None,
) -> Result[Pending, ScriptArchived]:
    """Create an execution of `version`, one of `script`'s versions, over the dataset identified by the digest.

    The warnings are about the dataset. Circumstances that are not requested derive from the dataset and `at`.
    """
    if script.archived_at is not None:
        return Failure(ScriptArchived(script.name))
    submission = Submission(
        id=execution_id,
        script=reference_to(script, version),
        dataset=dataset,
        limits=version.limits,
        submitted_at=at,
        warnings=warnings,
        attribution=attribution,
        circumstances=None if requested is None else completed(requested, dataset, at),
    )
    return Success(Pending(submission))


def replay(
    original: Finished,
    execution_id: UUID,
    script: Script | ScriptHead,
    version: ScriptVersion,
    at: datetime,
    attribution: Attribution = UNATTRIBUTED,
) -> Pending:
    """Create an execution of `version`, one of the original's script, over its dataset and in its circumstances.

    It may run on an archived script. The replay of a replay refers to that one, not to the first original: it is
    compared with the execution that it repeats, and the circumstances are the same.
    """
    submission = Submission(
        id=execution_id,
        script=reference_to(script, version),
        dataset=original.submission.dataset,
        limits=version.limits,
        submitted_at=at,
        warnings=original.submission.warnings,
        attribution=attribution,
        circumstances=recorded_circumstances(original),
        replay_of=original.submission.id,
    )
    return Pending(submission)


def reference_to(script: Script | ScriptHead, version: ScriptVersion) -> ScriptReference:
    """Refer to one of a script's versions."""
    return ScriptReference(
        id=script.id,
        name=script.name,
        version=version.number,
        sha256=version.source.digest.sha256,
        engine=version.engine,
    )


def start(pending: Pending, claim: Claim, at: datetime) -> Running:
    """Start the next attempt, held by `claim`."""
    return Running(
        submission=pending.submission,
        attempt=pending.attempts + 1,
        claim=claim,
        started_at=max(at, pending.submission.submitted_at),
    )


def adjust_start(running: Running, waited: timedelta) -> Running:
    """Adjust the start of an attempt to the delay after its claim, in monotonic time."""
    return evolve(running, started_at=running.started_at + max(waited, timedelta()))


def finish(running: Running, run: Run, elapsed: timedelta) -> Finished:
    """Finish an execution with a run's outcome. `elapsed` is monotonic time since the start; zero if negative."""
    finished_at = running.started_at + max(elapsed, timedelta())
    match run.outcome:
        case Produced(result=result):
            return Succeeded(
                submission=running.submission,
                attempt=running.attempt,
                started_at=running.started_at,
                finished_at=finished_at,
                output=result.digest,
                provenance=run.provenance,
            )
        case Rejected(error=error):
            return _failed(running, error, finished_at, run.provenance)
        case _:
            assert_never(run.outcome)


def reject_engine(running: Running, elapsed: timedelta) -> Failed:
    """End an execution whose engine the worker does not have; another attempt there would end the same way."""
    message = (
        f"version {running.submission.script.version} of the script runs on the engine "
        f"{running.submission.script.engine}, which the worker does not have: install it there, or give the script a "
        "version that names another engine"
    )
    error = script_error(ErrorKind.ENGINE_UNAVAILABLE, message)
    return _failed(running, error, running.started_at + max(elapsed, timedelta()))


def lose(running: Running, at: datetime, max_attempts: int) -> Pending | Failed:
    """Handle the loss of a worker: queue another attempt, or fail if none is left."""
    if running.attempt < max_attempts:
        return Pending(submission=running.submission, attempts=running.attempt)
    message = f"the worker was lost in each of {running.attempt} attempts"
    return _failed(running, script_error(ErrorKind.WORKER_LOST, message), max(at, running.started_at))


def release(running: Running) -> Pending:
    """Release an execution of a worker that stops cleanly, without counting an attempt."""
    return Pending(submission=running.submission, attempts=running.attempt - 1)


def cancel(unfinished: Unfinished, at: datetime) -> Failed:
    """Cancel an execution at its client's request."""
    match unfinished:
        case Pending(submission=submission, attempts=attempts):
            return Failed(
                submission=submission,
                attempt=attempts,
                started_at=None,
                finished_at=max(at, submission.submitted_at),
                error=CANCELLED,
                provenance=None,
                error_sha256=error_sha256(CANCELLED),
            )
        case Running():
            return _failed(unfinished, CANCELLED, max(at, unfinished.started_at))
        case _:
            assert_never(unfinished)


def _failed(
    running: Running, error: ScriptError, finished_at: datetime, provenance: Provenance | None = None
) -> Failed:
    return Failed(
        submission=running.submission,
        attempt=running.attempt,
        started_at=running.started_at,
        finished_at=finished_at,
        error=error,
        provenance=provenance,
        error_sha256=error_sha256(error),
    )

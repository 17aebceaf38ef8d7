"""Accept a dataset for a script: nothing is answered before execution and dataset are durably kept."""

from asyncio import Event
from typing import TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.admission import Admission
from application.endings import comes_within
from application.messages import MalformedJson, QueueFull, Report, ScriptKey
from application.ports import Bodies, Clock, Endings, Executions, NewId, Scripts
from application.read_script import VersionNotFound, read_version
from domain.audit import NOBODY, Actor
from domain.body import Body
from domain.execution import Pending
from domain.outcome import Logs
from domain.script import ScriptArchived
from domain.trace import TraceContext
from domain.transitions import submit

SubmissionRefused: TypeAlias = QueueFull | VersionNotFound | ScriptArchived | MalformedJson


async def submit_execution(
    scripts: Scripts,
    executions: Executions,
    admission: Admission,
    endings: Endings,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    key: ScriptKey,
    version: int | None,
    dataset: bytes,
    trace: TraceContext | None = None,
    result_up_to: int = 0,
    wait_seconds: float = 0,
    by: Actor = NOBODY,
) -> Result[Report, SubmissionRefused]:
    """The execution of that version (the latest if none is named) over the dataset.

    It is pending, or, with `wait_seconds`, as it is when it ends or that time has passed; see `Executions.report`.
    """
    prepared = await prepare_execution(
        scripts, admission, bodies, clock, new_id, key=key, version=version, dataset=dataset, trace=trace
    )
    if not is_successful(prepared):
        return Failure(prepared.failure())
    pending, body = prepared.unwrap()
    with endings.watch(pending.submission.id) as ended:  # before it is there to run, so that its end is not missed
        await executions.add(pending, body, by)
        return Success(await report_within(executions, pending, ended, result_up_to, wait_seconds))


async def prepare_execution(
    scripts: Scripts,
    admission: Admission,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    key: ScriptKey,
    version: int | None,
    dataset: bytes,
    trace: TraceContext | None,
) -> Result[tuple[Pending, Body], SubmissionRefused]:
    """A new execution and its dataset, ready to be kept.

    A full queue is told before anything else is looked at: what is refused under load should cost next to nothing.
    """
    admitted = await admission.admit()
    if not is_successful(admitted):
        return Failure(admitted.failure())
    found = await read_version(scripts, key, version)
    if not is_successful(found):
        return Failure(found.failure())
    sealed = await bodies.seal(dataset)
    if not is_successful(sealed):
        return Failure(sealed.failure())
    body = sealed.unwrap()
    submitted = submit(new_id(), *found.unwrap(), body.digest, await bodies.survey(dataset), clock(), trace)
    if not is_successful(submitted):
        return Failure(submitted.failure())
    return Success((submitted.unwrap(), body))


async def report_within(
    executions: Executions, pending: Pending, ended: Event, result_up_to: int, wait_seconds: float
) -> Report:
    """An execution that was just kept, at once or when it ends or that time has passed."""
    if wait_seconds > 0:
        await comes_within(ended, wait_seconds)
        report = await executions.report(pending.submission.id, result_up_to)
        assert report is not None, "what was added is there"
        return report
    return Report(pending, Logs(), None)

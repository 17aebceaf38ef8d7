"""Accept a dataset for a script: the answer comes after execution and dataset are durably stored."""

from typing import TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.ports.bodies import Bodies, MalformedJson
from application.ports.errors import QueueFull
from application.ports.executions import Executions
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.read import VersionNotFound, read_version
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import Pending
from domain.script import ScriptArchived
from domain.trace import TraceContext
from domain.transitions import submit

SubmissionRefused: TypeAlias = QueueFull | VersionNotFound | ScriptArchived | MalformedJson


async def submit_execution(
    scripts: Scripts,
    executions: Executions,
    admission: Admission,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    key: ScriptRef,
    version: int | None,
    dataset: bytes,
    trace: TraceContext | None = None,
    by: Actor = ANONYMOUS,
) -> Result[Pending, SubmissionRefused]:
    """Submit the dataset to that version of the script, the latest by default."""
    prepared = await prepare_execution(
        scripts, admission, bodies, clock, new_id, key=key, version=version, dataset=dataset, trace=trace
    )
    if not is_successful(prepared):
        return Failure(prepared.failure())
    pending, body = prepared.unwrap()
    await executions.add(pending, body, by)
    return Success(pending)


async def prepare_execution(
    scripts: Scripts,
    admission: Admission,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    key: ScriptRef,
    version: int | None,
    dataset: bytes,
    trace: TraceContext | None,
) -> Result[tuple[Pending, Body], SubmissionRefused]:
    """Build a new execution and its dataset, ready to be stored.

    A full queue is checked first: a refusal under load should cost next to nothing.
    """
    admitted = await admission.admit()
    if not is_successful(admitted):
        return Failure(admitted.failure())
    found = await read_version(scripts, key, version)
    if not is_successful(found):
        return Failure(found.failure())
    sealed = await bodies.encode(dataset)
    if not is_successful(sealed):
        return Failure(sealed.failure())
    body = sealed.unwrap()
    submitted = submit(
        new_id(), *found.unwrap(), body.digest, await bodies.check_number_precision(dataset), clock(), trace
    )
    if not is_successful(submitted):
        return Failure(submitted.failure())
    return Success((submitted.unwrap(), body))

"""Accept a dataset under an idempotency key: repeated and concurrent requests make one execution.

The key is looked up before anything is refused, since the first request may have been accepted when there was room or
the script was open. A refusal leaves the key free. Between the look-up and the write another request may take the key;
the store then returns that one's record, and it counts as the first.
"""

from typing import TypeAlias, assert_never

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.executions.submit import SubmissionRefused, prepare_execution
from application.ports.bodies import Bodies, MalformedJson
from application.ports.executions import ExecutionDetails, Executions, IdempotencyKeys
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.read import UnknownScript, read_script
from domain.audit import ANONYMOUS, Actor
from domain.idempotency import (
    IdempotencyKey,
    KeyRecord,
    KeyReused,
    Replay,
    RequestFingerprint,
    match_request,
    request_fingerprint,
)
from domain.outcome import Logs
from domain.trace import TraceContext

KeyedSubmissionRefused: TypeAlias = SubmissionRefused | KeyReused | UnknownExecution
"""An execution is unknown if it was deleted between the look at its key and the look at it."""


@frozen
class Accepted:
    """An execution, and whether an earlier request made it."""

    report: ExecutionDetails
    replayed: bool = False


async def submit_once(
    scripts: Scripts,
    executions: Executions,
    keys: IdempotencyKeys,
    admission: Admission,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    under: IdempotencyKey,
    key: ScriptRef,
    version: int | None,
    dataset: bytes,
    trace: TraceContext | None = None,
    result_up_to: int = 0,
    by: Actor = ANONYMOUS,
) -> Result[Accepted, KeyedSubmissionRefused]:
    """Return the execution of the first request under the key, this one or an earlier one."""
    found = await keys.find(under)
    if found is not None:
        known = await _request(scripts, bodies, under, key, version, dataset)
        if not is_successful(known):
            return Failure(known.failure())
        return await _again(executions, known.unwrap(), found, result_up_to)
    prepared = await prepare_execution(
        scripts, admission, bodies, clock, new_id, key=key, version=version, dataset=dataset, trace=trace
    )
    if not is_successful(prepared):
        return Failure(prepared.failure())
    pending, body = prepared.unwrap()
    request = request_fingerprint(under, pending.submission.script.id, version, body.digest)
    found = await keys.add(pending, body, request, by)
    if found is None:
        return Success(Accepted(ExecutionDetails(pending, Logs(), None)))
    return await _again(executions, request, found, result_up_to)


async def _request(
    scripts: Scripts, bodies: Bodies, under: IdempotencyKey, key: ScriptRef, version: int | None, dataset: bytes
) -> Result[RequestFingerprint, UnknownScript | MalformedJson]:
    """Fingerprint the request, whether or not it could be accepted now."""
    script = await read_script(scripts, key)
    sealed = await bodies.encode(dataset)
    return Result.do(request_fingerprint(under, one.id, version, body.digest) for one in script for body in sealed)


async def _again(
    executions: Executions,
    request: RequestFingerprint,
    found: KeyRecord,
    result_up_to: int,
) -> Result[Accepted, KeyReused | UnknownExecution]:
    recognised = match_request(request, found)
    match recognised:
        case Replay(execution_id=execution_id):
            report = await executions.report(execution_id, result_up_to)
            if report is None:
                return Failure(UnknownExecution(execution_id))
            return Success(Accepted(report, replayed=True))
        case KeyReused():
            return Failure(recognised)
        case _:
            assert_never(recognised)

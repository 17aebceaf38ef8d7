"""Accept a dataset for a script: the answer comes after execution and dataset have been stored durably.

With an idempotency key, a request makes one execution however often it is sent, even concurrently. The key is looked
up before anything is refused, since the first request may have been accepted when there was room or the script was
open; a refused request leaves the key free. Between the look-up and the write another request may take the key; the
store then returns its record, and that request is the first.
"""

from typing import TypeAlias, assert_never

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.ports.bodies import Bodies, MalformedJson
from application.ports.errors import QueueFull
from application.ports.executions import ExecutionDetails, Executions, IdempotencyKeys
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from domain import transitions
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import Pending
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
from domain.script import ScriptArchived
from domain.trace import TraceContext

SubmissionRefused: TypeAlias = (
    QueueFull | VersionNotFound | ScriptArchived | MalformedJson | KeyReused | UnknownExecution
)
"""An execution is unknown if it was deleted between the look-up of its key and the read of it."""


@frozen(kw_only=True)
class Submit:
    """The command: run that version of a script (the latest if none is named) over the dataset."""

    script: ScriptRef
    dataset: bytes = field(repr=False)
    version: int | None = None
    idempotency_key: IdempotencyKey | None = None
    trace: TraceContext | None = None
    actor: Actor = ANONYMOUS


@frozen(kw_only=True)
class SubmitPorts:
    """The ports of a submission. A replayed execution is read with its result up to `inline_result_bytes`."""

    scripts: Scripts
    executions: Executions
    idempotency_keys: IdempotencyKeys
    admission: Admission
    bodies: Bodies
    clock: Clock
    new_id: NewId
    inline_result_bytes: int


@frozen
class Accepted:
    """The accepted execution; `replayed` if an earlier request with the same key made it."""

    report: ExecutionDetails
    replayed: bool = False


async def submit(ports: SubmitPorts, command: Submit) -> Result[Accepted, SubmissionRefused]:
    """Create an execution, or find the one that the first request with the same idempotency key created."""
    key = command.idempotency_key
    record = None if key is None else await ports.idempotency_keys.find(key)
    if key is not None and record is not None:
        request = await _requested(ports, command, key)
        if not is_successful(request):
            return Failure(request.failure())
        return await _replay(ports, request.unwrap(), record)
    prepared = await _prepare(ports, command)
    if not is_successful(prepared):
        return Failure(prepared.failure())
    return await _store(ports, command, *prepared.unwrap())


async def _requested(
    ports: SubmitPorts, command: Submit, key: IdempotencyKey
) -> Result[RequestFingerprint, UnknownScript | MalformedJson]:
    """Fingerprint the request, even if it could not be accepted now."""
    script = await read_script(ports.scripts, command.script)
    encoded = await ports.bodies.encode(command.dataset)
    return Result.do(
        request_fingerprint(key, found.id, command.version, body.digest) for found in script for body in encoded
    )


async def _prepare(ports: SubmitPorts, command: Submit) -> Result[tuple[Pending, Body], SubmissionRefused]:
    """Prepare a new execution and its dataset for storage.

    A full queue is reported before anything else is read: what is refused under load should cost next to nothing.
    """
    admitted = await ports.admission.admit()
    if not is_successful(admitted):
        return Failure(admitted.failure())
    found = await read_version(ports.scripts, command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    encoded = await ports.bodies.encode_dataset(command.dataset)
    if not is_successful(encoded):
        return Failure(encoded.failure())
    body, warnings = (dataset := encoded.unwrap()).body, dataset.warnings
    pending = transitions.submit(ports.new_id(), *found.unwrap(), body.digest, warnings, ports.clock(), command.trace)
    return pending.map(lambda execution: (execution, body))


async def _store(
    ports: SubmitPorts, command: Submit, pending: Pending, dataset: Body
) -> Result[Accepted, KeyReused | UnknownExecution]:
    """Store the execution, together with its key if it has one, unless another request has taken that meanwhile."""
    accepted = Success(Accepted(ExecutionDetails(pending, Logs(), None)))
    key = command.idempotency_key
    if key is None:
        await ports.executions.add(pending, dataset, command.actor)
        return accepted
    request = request_fingerprint(key, pending.submission.script.id, command.version, dataset.digest)
    record = await ports.idempotency_keys.add(pending, dataset, request, command.actor)
    return accepted if record is None else await _replay(ports, request, record)


async def _replay(
    ports: SubmitPorts, request: RequestFingerprint, record: KeyRecord
) -> Result[Accepted, KeyReused | UnknownExecution]:
    """Read the execution of the key's record if the request is the same."""
    match recognised := match_request(request, record):
        case Replay(execution_id=execution_id):
            report = await ports.executions.report(execution_id, ports.inline_result_bytes)
            if report is None:
                return Failure(UnknownExecution(execution_id))
            return Success(Accepted(report, replayed=True))
        case KeyReused():
            return Failure(recognised)
        case _:
            assert_never(recognised)

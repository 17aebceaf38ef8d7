"""Accept a dataset for a script: the answer comes after execution and dataset have been stored durably.

With an idempotency key, a request makes one execution however often it is sent, even concurrently. The key is looked
up before anything is refused, since the first request may have been accepted when there was room or the script was
open; a refused request leaves the key free. Between the look-up and the write another request may take the key; the
store then returns its record, and that request is the first.

Where this process has a free slot and nothing else waits, the execution is stored already running, and its run begins
while it is being stored. If it is not stored after all, the run is aborted and leaves nothing.
"""

from typing import TypeAlias, assert_never

from attrs import evolve, field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.ports.bodies import Bodies, MalformedJson
from application.ports.direct_start import DirectStart, LocalCompletion, start_nothing
from application.ports.errors import QueueFull
from application.ports.executions import ExecutionDetails, Executions, IdempotencyKeys
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from domain import transitions
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.execution import UNATTRIBUTED, Attribution, Pending, Running, Unfinished
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
from domain.script import ScriptArchived, ScriptVersion

SubmissionRefused: TypeAlias = (
    QueueFull | VersionNotFound | ScriptArchived | MalformedJson | KeyReused | UnknownExecution
)
"""An execution is unknown if it was deleted between the look-up of its key and the read of it."""


@frozen(kw_only=True)
class Submit:
    """The command: run that version of a script (the latest if none is named) over the dataset.

    The actor's API key becomes that of the attribution.
    """

    script: ScriptRef
    dataset: bytes = field(repr=False)
    version: int | None = None
    idempotency_key: IdempotencyKey | None = None
    attribution: Attribution = UNATTRIBUTED
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
    start_directly: DirectStart = start_nothing


@frozen
class Accepted:
    """The accepted execution; `replayed` if an earlier request with the same key made it.

    `completion` will have its end if it runs in this process.
    """

    report: ExecutionDetails
    replayed: bool = False
    completion: LocalCompletion | None = None


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


async def _prepare(
    ports: SubmitPorts, command: Submit
) -> Result[tuple[Pending, ScriptVersion, Body], SubmissionRefused]:
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
    (script, version), dataset = found.unwrap(), encoded.unwrap()
    body, warnings = dataset.body, dataset.warnings
    attribution = evolve(command.attribution, submitted_by=command.actor.key_id)
    pending = transitions.submit(ports.new_id(), script, version, body.digest, warnings, ports.clock(), attribution)
    return pending.map(lambda execution: (execution, version, body))


async def _store(
    ports: SubmitPorts, command: Submit, pending: Pending, version: ScriptVersion, dataset: Body
) -> Result[Accepted, KeyReused | UnknownExecution]:
    """Store the execution, together with its key if it has one, unless another request has taken that meanwhile."""
    key, script_id = command.idempotency_key, pending.submission.script.id
    request = None if key is None else request_fingerprint(key, script_id, command.version, dataset.digest)
    async with ports.start_directly(pending, version, dataset) as submitted:
        record = await _add(ports, submitted.execution, dataset, request, command.actor)
        if record is None:
            submitted.confirm()
    if request is not None and record is not None:
        return await _replay(ports, request, record)
    if isinstance(submitted.execution, Running):
        ports.admission.give_back()
    report = ExecutionDetails(submitted.execution, Logs(), None)
    return Success(Accepted(report, completion=submitted.completion))


async def _add(
    ports: SubmitPorts, execution: Unfinished, dataset: Body, request: RequestFingerprint | None, actor: Actor
) -> KeyRecord | None:
    if request is not None:
        return await ports.idempotency_keys.add(execution, dataset, request, actor)
    await ports.executions.add(execution, dataset, actor)
    return None


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

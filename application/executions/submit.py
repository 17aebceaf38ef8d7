"""Accept a dataset for a script: the answer comes after execution and dataset have been stored durably.

With an idempotency key, a request makes one execution however often it is sent, even concurrently. The key is looked
up before anything is refused, since the first request may have been accepted when there was room or the script was
open; a refused request leaves the key free. Between the look-up and the write another request may take the key; the
store then returns its record, and that request is the first.

The script is not read if this process remembers it (`application/scripts/known.py`). The store adds the execution only
if the script is still as remembered; otherwise it is read and decided anew.

Where this process has a free slot and nothing else waits, the execution is stored already running, and its run begins
while it is being stored. If it is not stored after all, the run is aborted and leaves nothing.
"""

from typing import TypeAlias, assert_never

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import StoredContent, UnknownExecution
from application.executions.stored_datasets import DatasetRefused, encode_stored
from application.executions.submission import Decision, Submit, decide
from application.ports.bodies import Bodies, EncodedDataset, MalformedJson
from application.ports.direct_start import DirectStart, LocalCompletion, start_nothing
from application.ports.errors import Conflict, QueueFull
from application.ports.executions import ExecutionDetails, Executions, IdempotencyKeys, NewExecution
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts, ResolvedVersion
from application.scripts.read import UnknownScript, VersionNotFound
from domain.body import Digest
from domain.execution import Running, Unfinished
from domain.idempotency import (
    IdempotencyKey,
    KeyRecord,
    KeyReused,
    RepeatedRequest,
    RequestFingerprint,
    match_request,
    request_fingerprint,
)
from domain.outcome import Logs
from domain.script import ScriptArchived

SubmissionRefused: TypeAlias = (
    QueueFull | VersionNotFound | ScriptArchived | MalformedJson | DatasetRefused | KeyReused | UnknownExecution
)
"""An execution is unknown if it was deleted between the look-up of its key and the read of it."""


@frozen(kw_only=True)
class SubmitPorts:
    """The ports of a submission. The execution of a repeated request is read with its result up to
    `inline_result_bytes`."""

    known_scripts: KnownScripts
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
    """The accepted execution; `repeated` if an earlier request with the same key made it.

    `completion` will have its end if it runs in this process.
    """

    report: ExecutionDetails
    repeated: bool = False
    completion: LocalCompletion | None = None


async def submit(ports: SubmitPorts, command: Submit) -> Result[Accepted, SubmissionRefused]:
    """Create an execution, or find the one that the first request with the same idempotency key created.

    A full queue is reported before anything else is read: what is refused under load should cost next to nothing.
    """
    key = command.idempotency_key
    record = None if key is None else await ports.idempotency_keys.find(key)
    if key is not None and record is not None:
        request = await _requested(ports, command, key)
        if not is_successful(request):
            return Failure(request.failure())
        return await _answer_repeated(ports, request.unwrap(), record)
    admitted = await ports.admission.admit()
    if not is_successful(admitted):
        return Failure(admitted.failure())
    return await _accept(ports, command)


async def _requested(
    ports: SubmitPorts, command: Submit, key: IdempotencyKey
) -> Result[RequestFingerprint, UnknownScript | MalformedJson]:
    """Fingerprint the request, even if it could not be accepted now."""
    script = await ports.known_scripts.find(command.script)
    dataset = await _digest(ports.bodies, command.dataset)
    return Result.do(
        request_fingerprint(key, found.id, command.version, identified, command.circumstances)
        for found in script
        for identified in dataset
    )


async def _digest(bodies: Bodies, dataset: bytes | StoredContent) -> Result[Digest, MalformedJson]:
    """Identify the dataset. A stored one has its digest even if its bytes have been removed."""
    if isinstance(dataset, StoredContent):
        return Success(dataset.digest)
    return (await bodies.encode(dataset)).map(lambda body: body.digest)


async def _encode(
    bodies: Bodies, dataset: bytes | StoredContent
) -> Result[EncodedDataset, MalformedJson | DatasetRefused]:
    if isinstance(dataset, StoredContent):
        return await encode_stored(bodies, dataset)
    return await bodies.encode_dataset(dataset)


async def _accept(ports: SubmitPorts, command: Submit) -> Result[Accepted, SubmissionRefused]:
    """Store the execution that follows from the script as this process remembers it, or else as it is now."""
    found = await ports.known_scripts.resolve(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    encoded = await _encode(ports.bodies, command.dataset)
    if not is_successful(encoded):
        return Failure(encoded.failure())
    dataset = encoded.unwrap()
    return await ports.known_scripts.store_confirmed(
        found.unwrap(),
        command.script,
        command.version,
        lambda resolved: _decide_and_store(ports, command, resolved, dataset),
    )


async def _decide_and_store(
    ports: SubmitPorts, command: Submit, resolved: ResolvedVersion, dataset: EncodedDataset
) -> Result[Accepted, ScriptArchived | KeyReused | UnknownExecution | Conflict]:
    decided = decide(command, resolved, dataset, ports.new_id(), ports.clock())
    return await _store(ports, decided.unwrap()) if is_successful(decided) else Failure(decided.failure())


async def _store(ports: SubmitPorts, decided: Decision) -> Result[Accepted, KeyReused | UnknownExecution | Conflict]:
    """Store the execution, together with its key if it has one, unless another request has taken that meanwhile."""
    async with ports.start_directly(decided.pending, decided.version, decided.dataset) as submitted:
        stored = await _add(ports, decided, submitted.execution)
        if is_successful(stored):
            submitted.confirm()
    if not is_successful(stored):
        match refusal := stored.failure():
            case KeyRecord():
                assert decided.request is not None, "only requests with a key have records"
                return await _answer_repeated(ports, decided.request, refusal)
            case Conflict():
                return Failure(refusal)
            case _:
                assert_never(refusal)
    if isinstance(submitted.execution, Running):
        ports.admission.give_back()
    report = ExecutionDetails(submitted.execution, Logs(), None)
    return Success(Accepted(report, completion=submitted.completion))


async def _add(ports: SubmitPorts, decided: Decision, execution: Unfinished) -> Result[None, KeyRecord | Conflict]:
    new = NewExecution(execution, decided.dataset, decided.actor, decided.expected)
    if decided.request is not None:
        return await ports.idempotency_keys.add(new, decided.request)
    return await ports.executions.add(new)


async def _answer_repeated(
    ports: SubmitPorts, request: RequestFingerprint, record: KeyRecord
) -> Result[Accepted, KeyReused | UnknownExecution]:
    """Read the execution of the key's record if the request is the same."""
    match recognised := match_request(request, record):
        case RepeatedRequest(execution_id=execution_id):
            report = await ports.executions.report(execution_id, ports.inline_result_bytes)
            if report is None:
                return Failure(UnknownExecution(execution_id))
            return Success(Accepted(report, repeated=True))
        case KeyReused():
            return Failure(recognised)
        case _:
            assert_never(recognised)

"""Accept the lines of a text as a batch: the answer comes after all of their executions have been stored durably.

All or nothing is accepted, by the same rules as one execution (`application/executions/submit.py`): the idempotency key
is looked up first, a full queue refuses before anything is read, and what this process remembers of the script is
confirmed by the store. The key's record names the first execution, which knows its batch.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from attrs import evolve, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.batches.read import UnknownBatch
from application.batches.submission import BatchIds, SubmitBatch, decide_batch
from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.ports.batches import Batches, BatchRecord, NewBatch
from application.ports.bodies import BatchEntry, Bodies, LinesRefused
from application.ports.errors import Conflict, QueueFull
from application.ports.executions import CompletionSignals, Executions, IdempotencyKeys
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts, ResolvedVersion
from application.scripts.read import UnknownScript, VersionNotFound
from domain.batch_lines import MAX_BATCH_LINES
from domain.batches import counts_of
from domain.idempotency import (
    IdempotencyKey,
    KeyRecord,
    KeyReused,
    RepeatedRequest,
    RequestFingerprint,
    batch_fingerprint,
    match_request,
)
from domain.script import ScriptArchived

_DECIDED_AT_ONCE: Final = 200
"""Up to so many lines are decided in less time than the way to a thread and back takes."""

RepeatedBatchUnknown: TypeAlias = UnknownExecution | UnknownBatch
BatchRefused: TypeAlias = QueueFull | VersionNotFound | ScriptArchived | LinesRefused | KeyReused | RepeatedBatchUnknown
"""An execution or a batch is unknown if it was deleted between the look-up of its key and the read of it."""


@frozen(kw_only=True)
class BatchPorts:
    """The ports of batches."""

    known_scripts: KnownScripts
    batches: Batches
    executions: Executions
    idempotency_keys: IdempotencyKeys
    admission: Admission
    bodies: Bodies
    completions: CompletionSignals
    clock: Clock
    new_id: NewId


@frozen
class AcceptedBatch:
    """The accepted batch; `repeated` if an earlier request with the same key made it."""

    record: BatchRecord
    repeated: bool = False


async def submit_batch(ports: BatchPorts, command: SubmitBatch) -> Result[AcceptedBatch, BatchRefused]:
    """Create a batch, or find the one that the first request with the same idempotency key created.

    A full queue is reported before the text is read; room is taken once the lines have been counted.
    """
    key = command.idempotency_key
    record = None if key is None else await ports.idempotency_keys.find(key)
    if key is not None and record is not None:
        request = await _requested(ports, command, key)
        if not is_successful(request):
            return Failure(request.failure())
        return await _answer_repeated(ports, request.unwrap(), record)
    checked = await ports.admission.check()
    if not is_successful(checked):
        return Failure(checked.failure())
    return await _accept(ports, command)


async def _requested(
    ports: BatchPorts, command: SubmitBatch, key: IdempotencyKey
) -> Result[RequestFingerprint, UnknownScript]:
    """Fingerprint the request, even if it could not be accepted now."""
    script = await ports.known_scripts.find(command.script)
    text = await ports.bodies.digest(command.text)
    return script.map(lambda found: batch_fingerprint(key, found.id, command.version, text, command.circumstances))


async def _accept(ports: BatchPorts, command: SubmitBatch) -> Result[AcceptedBatch, BatchRefused]:
    """Store the batch that follows from the script as this process remembers it, or else as it is now."""
    found = await ports.known_scripts.resolve(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    read = await _read_lines(ports, command)
    if not is_successful(read):
        return Failure(read.failure())
    entries = read.unwrap()
    return await ports.known_scripts.store_confirmed(
        found.unwrap(),
        command.script,
        command.version,
        lambda resolved: _decide_and_store(ports, command, resolved, entries),
    )


async def _read_lines(
    ports: BatchPorts, command: SubmitBatch
) -> Result[Sequence[BatchEntry], LinesRefused | QueueFull]:
    read = await ports.bodies.batch_lines(command.text, MAX_BATCH_LINES)
    if not is_successful(read):
        return Failure(read.failure())
    admitted = await ports.admission.admit(len(read.unwrap()))
    return Success(read.unwrap()) if is_successful(admitted) else Failure(admitted.failure())


async def _decide_and_store(
    ports: BatchPorts, command: SubmitBatch, resolved: ResolvedVersion, entries: Sequence[BatchEntry]
) -> Result[AcceptedBatch, ScriptArchived | KeyReused | RepeatedBatchUnknown | Conflict]:
    decision = (command, resolved, entries, await _new_ids(ports.new_id, len(entries)), ports.clock())
    is_short = len(entries) <= _DECIDED_AT_ONCE
    decided = decide_batch(*decision) if is_short else await asyncio.to_thread(decide_batch, *decision)
    if not is_successful(decided):
        return Failure(decided.failure())
    return await _store(ports, await _with_key(ports, command, decided.unwrap()))


async def _new_ids(new_id: NewId, lines: int) -> BatchIds:
    """Create the ids in their order, that of a batch before those of its executions; others are served in between."""
    batch_id, executions = new_id(), list[UUID]()
    for start in range(0, lines, _DECIDED_AT_ONCE):
        await asyncio.sleep(0)
        executions.extend(new_id() for _ in range(start, min(start + _DECIDED_AT_ONCE, lines)))
    return BatchIds(batch=batch_id, executions=sorted(executions, key=lambda one: one.int))


async def _with_key(ports: BatchPorts, command: SubmitBatch, new: NewBatch) -> NewBatch:
    key, script_id = command.idempotency_key, new.batch.script.id
    if key is None:
        return new
    text = await ports.bodies.digest(command.text)
    request = batch_fingerprint(key, script_id, command.version, text, command.circumstances)
    return evolve(new, request=request)


async def _store(
    ports: BatchPorts, new: NewBatch
) -> Result[AcceptedBatch, KeyReused | RepeatedBatchUnknown | Conflict]:
    """Store the batch, together with its key if it has one, unless another request has taken that meanwhile."""
    stored = await ports.batches.add(new)
    if not is_successful(stored):
        match refusal := stored.failure():
            case KeyRecord():
                assert new.request is not None, "only requests with a key have records"
                return await _answer_repeated(ports, new.request, refusal)
            case Conflict():
                return Failure(refusal)
            case _:
                assert_never(refusal)
    record = await ports.batches.find(new.batch.id)  # it has the name of the API key
    return Success(AcceptedBatch(record or BatchRecord(new.batch, counts_of(new.batch, 0))))


async def _answer_repeated(
    ports: BatchPorts, request: RequestFingerprint, record: KeyRecord
) -> Result[AcceptedBatch, KeyReused | RepeatedBatchUnknown]:
    """Read the batch of the key's record if the request is the same."""
    match recognised := match_request(request, record):
        case RepeatedRequest(execution_id=execution_id):
            first = await ports.executions.report(execution_id, 0)
            if first is None:
                return Failure(UnknownExecution(execution_id))
            place = first.execution.submission.attribution.batch
            assert place is not None, "only a batch has the fingerprint of one"
            found = await ports.batches.find(place.batch_id)
            return Success(AcceptedBatch(found, repeated=True)) if found else Failure(UnknownBatch(place.batch_id))
        case KeyReused():
            return Failure(recognised)
        case _:
            assert_never(recognised)

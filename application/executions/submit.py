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

from attrs import evolve, field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.ports.bodies import Bodies, EncodedDataset, MalformedJson
from application.ports.direct_start import DirectStart, LocalCompletion, start_nothing
from application.ports.errors import Conflict, QueueFull
from application.ports.executions import OPEN, ExecutionDetails, Executions, Expected, IdempotencyKeys, NewExecution
from application.ports.scripts import ScriptRef
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts, ResolvedVersion
from application.scripts.read import UnknownScript, VersionNotFound
from domain import transitions
from domain.audit import ANONYMOUS, Actor
from domain.body import Body
from domain.circumstances import RequestedCircumstances
from domain.execution import UNATTRIBUTED, Attribution, Pending, Running, Unfinished
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
from domain.script import ScriptArchived, ScriptHead, ScriptVersion

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
    circumstances: RequestedCircumstances | None = None


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


@frozen(kw_only=True)
class _Decision:
    """An execution as it was decided: what is stored with it, and the state of its script that it relies on."""

    pending: Pending
    version: ScriptVersion
    dataset: Body
    request: RequestFingerprint | None
    actor: Actor
    expected: Expected


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
    encoded = await ports.bodies.encode(command.dataset)
    return Result.do(
        request_fingerprint(key, found.id, command.version, body.digest, command.circumstances)
        for found in script
        for body in encoded
    )


async def _accept(ports: SubmitPorts, command: Submit) -> Result[Accepted, SubmissionRefused]:
    """Store the execution that follows from the script as this process remembers it.

    If the script is archived, or the store finds that it has changed, it is read and decided anew. The version read
    then is the latest for this request, even if another one comes before the execution is stored.
    """
    found = await ports.known_scripts.resolve(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    encoded = await ports.bodies.encode_dataset(command.dataset)
    if not is_successful(encoded):
        return Failure(encoded.failure())
    resolved, dataset = found.unwrap(), encoded.unwrap()
    accepted = await _decide_and_store(ports, command, resolved, dataset)
    if resolved.is_remembered and _may_be_outdated(accepted):
        found = await ports.known_scripts.read(command.script, command.version)
        if not is_successful(found):
            return Failure(found.failure())
        resolved = found.unwrap()
        accepted = await _decide_and_store(ports, command, resolved, dataset)
    return accepted.alt(lambda refusal: _as_refusal(refusal, resolved.script))


def _as_refusal(refusal: SubmissionRefused | Conflict, script: ScriptHead) -> SubmissionRefused:
    """Name the one reason for which the store refuses an execution of a script that was just read."""
    return ScriptArchived(script.name) if isinstance(refusal, Conflict) else refusal


async def _decide_and_store(
    ports: SubmitPorts, command: Submit, resolved: ResolvedVersion, dataset: EncodedDataset
) -> Result[Accepted, SubmissionRefused | Conflict]:
    decided = _decide(ports, command, resolved, dataset)
    return await _store(ports, decided.unwrap()) if is_successful(decided) else Failure(decided.failure())


def _may_be_outdated(accepted: Result[Accepted, SubmissionRefused | Conflict]) -> bool:
    """Tell whether a refusal may be due to a script that was remembered as it is no more."""
    return not is_successful(accepted) and isinstance(accepted.failure(), Conflict | ScriptArchived)


def _decide(
    ports: SubmitPorts, command: Submit, resolved: ResolvedVersion, dataset: EncodedDataset
) -> Result[_Decision, ScriptArchived]:
    """Create an execution of the version; if it was taken for the latest from memory, it has to be the latest still."""
    script, version, body, requested = resolved.script, resolved.version, dataset.body, command.circumstances
    attribution = evolve(command.attribution, submitted_by=command.actor.key_id)
    must_be_latest = resolved.is_remembered and command.version is None
    return transitions.submit(
        ports.new_id(), script, version, body.digest, dataset.warnings, ports.clock(), attribution, requested
    ).map(
        lambda pending: _Decision(
            pending=pending,
            version=version,
            dataset=body,
            request=_fingerprint(command, script, body),
            actor=command.actor,
            expected=Expected(latest=version.number) if must_be_latest else OPEN,
        )
    )


def _fingerprint(command: Submit, script: ScriptHead, dataset: Body) -> RequestFingerprint | None:
    key = command.idempotency_key
    if key is None:
        return None
    return request_fingerprint(key, script.id, command.version, dataset.digest, command.circumstances)


async def _store(ports: SubmitPorts, decided: _Decision) -> Result[Accepted, KeyReused | UnknownExecution | Conflict]:
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


async def _add(ports: SubmitPorts, decided: _Decision, execution: Unfinished) -> Result[None, KeyRecord | Conflict]:
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

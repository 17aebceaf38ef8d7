"""Accept a job: the answer comes after it has been stored durably. Nothing of its input is looked into before."""

from typing import TypeAlias, assert_never

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.submission import expected_of
from application.jobs.read import UnknownJob
from application.ports.errors import Conflict
from application.ports.jobs import JobKeyRecord, JobRecord, Jobs, NewJob
from application.ports.scripts import ScriptRef
from application.ports.stores import ObjectStores
from application.ports.system import Clock, NewId
from application.scripts.known import KnownScripts, ResolvedVersion
from application.scripts.read import UnknownScript, VersionNotFound
from domain.aliases import VersionRef
from domain.audit import ANONYMOUS, Actor
from domain.circumstances import RequestedCircumstances
from domain.idempotency import IdempotencyKey, KeyReused, RequestFingerprint
from domain.job_requests import JobRequest
from domain.job_submissions import JobOrigin, job_fingerprint, new_job
from domain.jobs import JobCounts
from domain.script import ScriptArchived, ScriptName
from domain.stores import Operation, StoreName, StoreRefused, UnknownStore, check_use


@frozen(kw_only=True)
class SubmitJob:
    """The command: run that version of a script, named as in `Submit`, over data in stores. `key_name` is the name of
    the actor's API key."""

    script: ScriptRef
    request: JobRequest
    version: VersionRef | None = None
    idempotency_key: IdempotencyKey | None = None
    actor: Actor = ANONYMOUS
    key_name: str | None = None
    circumstances: RequestedCircumstances | None = None


@frozen(kw_only=True)
class SubmissionPorts:
    """The ports of a submission."""

    known_scripts: KnownScripts
    jobs: Jobs
    stores: ObjectStores
    clock: Clock
    new_id: NewId


@frozen
class AcceptedJob:
    """The accepted job; `repeated` if an earlier request with the same key made it."""

    record: JobRecord
    repeated: bool = False


JobSubmissionRefused: TypeAlias = VersionNotFound | ScriptArchived | StoreRefused | KeyReused | UnknownJob


async def submit_job(ports: SubmissionPorts, command: SubmitJob) -> Result[AcceptedJob, JobSubmissionRefused]:
    """Create a job, or find the one that the first request with the same idempotency key created."""
    if command.idempotency_key is not None:
        request = await _requested(ports, command, command.idempotency_key)
        if not is_successful(request):
            return Failure(request.failure())
        record = await ports.jobs.find_by_key(request.unwrap())
        if record is not None:
            return await _answer_repeated(ports, request.unwrap(), record)
    found = await ports.known_scripts.resolve(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    return await ports.known_scripts.store_confirmed(
        found.unwrap(), command.script, command.version, lambda resolved: _decide_and_store(ports, command, resolved)
    )


async def _requested(
    ports: SubmissionPorts, command: SubmitJob, key: IdempotencyKey
) -> Result[RequestFingerprint, UnknownScript]:
    """Fingerprint the request, even if it could not be accepted now."""
    script = await ports.known_scripts.find(command.script)
    return script.map(lambda one: job_fingerprint(key, one.id, command.version, command.request, command.circumstances))


async def _decide_and_store(
    ports: SubmissionPorts, command: SubmitJob, resolved: ResolvedVersion
) -> Result[AcceptedJob, ScriptArchived | StoreRefused | KeyReused | UnknownJob | Conflict]:
    allowed = _check_stores(ports.stores, command, resolved.script.name)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    origin = JobOrigin(
        at=ports.clock(),
        submitted_by=command.actor.key_id,
        alias=resolved.alias,
        circumstances=command.circumstances,
    )
    decided = new_job(ports.new_id(), resolved.script, resolved.version, command.request, origin)
    if not is_successful(decided):
        return Failure(decided.failure())
    key = command.idempotency_key
    new = NewJob(
        job=decided.unwrap(),
        by=command.actor,
        expected=expected_of(command.version, resolved),
        request=None
        if key is None
        else job_fingerprint(key, resolved.script.id, command.version, command.request, command.circumstances),
    )
    return await _store(ports, new)


def _check_stores(stores: ObjectStores, command: SubmitJob, script: ScriptName) -> Result[None, StoreRefused]:
    request, known = command.request, stores.stores()

    def check(store: StoreName, operation: Operation) -> Result[None, StoreRefused]:
        info = known.get(store)
        if info is None:
            return Failure(UnknownStore(store))
        return check_use(store, info.rules, operation, command.key_name, script.value)

    return check(request.input.pattern.store, Operation.READ).bind(
        lambda _: check(request.output.folder.store, Operation.WRITE)
    )


async def _store(ports: SubmissionPorts, new: NewJob) -> Result[AcceptedJob, KeyReused | UnknownJob | Conflict]:
    """Store the job, together with its key if it has one, unless another request has taken that meanwhile."""
    stored = await ports.jobs.add(new)
    if not is_successful(stored):
        match refusal := stored.failure():
            case JobKeyRecord():
                assert new.request is not None, "only requests with a key have records"
                return await _answer_repeated(ports, new.request, refusal)
            case Conflict():
                return Failure(refusal)
            case _:
                assert_never(refusal)
    record = await ports.jobs.find(new.job.id)  # it has the name of the API key
    return Success(AcceptedJob(record or JobRecord(new.job, JobCounts())))


async def _answer_repeated(
    ports: SubmissionPorts, request: RequestFingerprint, record: JobKeyRecord
) -> Result[AcceptedJob, KeyReused | UnknownJob]:
    """Read the job of the key's record if the request is the same."""
    if record.request != request:
        return Failure(KeyReused(request.key))
    found = await ports.jobs.find(record.job_id)
    return Success(AcceptedJob(found, repeated=True)) if found else Failure(UnknownJob(record.job_id))

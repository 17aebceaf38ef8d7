"""Accept a job: the answer comes after it has been stored durably. Nothing of its input is looked into before.

The idempotency key is looked up first, so that a repeated request gets its job although the rules of the stores have
changed since. Unlike executions, jobs need no admission: they wait in a table, and each process carries on one of them.
"""

from typing import TypeAlias, assert_never

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.jobs.ports import JobPorts
from application.jobs.read import UnknownJob
from application.jobs.submission import SubmitJob, decide_job
from application.ports.errors import Conflict
from application.ports.jobs import JobKeyRecord, JobRecord, NewJob
from application.ports.stores import ObjectStores
from application.scripts.known import ResolvedVersion
from application.scripts.read import UnknownScript, VersionNotFound
from domain.idempotency import KeyReused, RequestFingerprint
from domain.job_submissions import job_fingerprint
from domain.jobs import JobCounts
from domain.script import ScriptArchived, ScriptName
from domain.stores import Operation, StoreName, StoreRefused, UnknownStore, check_use

JobSubmissionRefused: TypeAlias = VersionNotFound | ScriptArchived | StoreRefused | KeyReused | UnknownJob
"""A job is unknown if it was deleted between the look-up of its key and the read of it."""


@frozen
class AcceptedJob:
    """The accepted job; `repeated` if an earlier request with the same key made it."""

    record: JobRecord
    repeated: bool = False


async def submit_job(ports: JobPorts, command: SubmitJob) -> Result[AcceptedJob, JobSubmissionRefused]:
    """Create a job, or find the one that the first request with the same idempotency key created."""
    requested = await _requested(ports, command)
    if not is_successful(requested):
        return Failure(requested.failure())
    request = requested.unwrap()
    record = None if request is None else await ports.jobs.find_by_key(request)
    if request is not None and record is not None:
        return await _answer_repeated(ports, request, record)
    found = await ports.known_scripts.resolve(command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    resolved = found.unwrap()
    checked = check_stores(ports.stores, command, resolved.script.name)
    if not is_successful(checked):
        return Failure(checked.failure())
    return await ports.known_scripts.store_confirmed(
        resolved, command.script, command.version, lambda one: _decide_and_store(ports, command, one)
    )


def check_stores(stores: ObjectStores, command: SubmitJob, script: ScriptName) -> Result[None, StoreRefused]:
    """Check the rules of the input's store for reading, then of the output's for writing."""
    uses = (
        (command.request.input.pattern.store, Operation.READ),
        (command.request.output.folder.store, Operation.WRITE),
    )
    checks = (_check_use(stores, command, script, *use) for use in uses)
    return next((one for one in checks if not is_successful(one)), Success(None))


def _check_use(
    stores: ObjectStores, command: SubmitJob, script: ScriptName, store: StoreName, operation: Operation
) -> Result[None, StoreRefused]:
    info = stores.stores().get(store)
    if info is None:
        return Failure(UnknownStore(store))
    return check_use(store, info.rules, operation, command.key_name, script.value)


async def _requested(ports: JobPorts, command: SubmitJob) -> Result[RequestFingerprint | None, UnknownScript]:
    """Fingerprint a request with a key, even if it could not be accepted now."""
    key = command.idempotency_key
    if key is None:
        return Success(None)
    script = await ports.known_scripts.find(command.script)
    return script.map(
        lambda found: job_fingerprint(key, found.id, command.version, command.request, command.circumstances)
    )


async def _decide_and_store(
    ports: JobPorts, command: SubmitJob, resolved: ResolvedVersion
) -> Result[AcceptedJob, ScriptArchived | KeyReused | UnknownJob | Conflict]:
    decided = decide_job(command, resolved, ports.new_id(), ports.clock())
    return await _store(ports, decided.unwrap()) if is_successful(decided) else Failure(decided.failure())


async def _store(ports: JobPorts, new: NewJob) -> Result[AcceptedJob, KeyReused | UnknownJob | Conflict]:
    """Store the job with its key, if it has one, unless another request has taken that meanwhile."""
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
    ports: JobPorts, request: RequestFingerprint, record: JobKeyRecord
) -> Result[AcceptedJob, KeyReused | UnknownJob]:
    """Read the job of the key's record if the request is the same."""
    if record.request != request:
        return Failure(KeyReused(request.key))
    found = await ports.jobs.find(record.job_id)
    return Failure(UnknownJob(record.job_id)) if found is None else Success(AcceptedJob(found, repeated=True))

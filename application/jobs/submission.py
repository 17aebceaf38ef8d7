"""The decision on a job, without effects: the job that follows from a command and a version."""

from datetime import datetime
from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from application.executions.submission import expected_of
from application.ports.jobs import NewJob
from application.ports.scripts import ScriptRef
from application.scripts.known import ResolvedVersion
from domain.aliases import VersionRef
from domain.audit import ANONYMOUS, Actor
from domain.circumstances import RequestedCircumstances
from domain.idempotency import IdempotencyKey
from domain.job_requests import JobRequest
from domain.job_submissions import job_circumstances, job_fingerprint
from domain.jobs import Job
from domain.script import ScriptArchived
from domain.transitions import reference_to


@frozen(kw_only=True)
class SubmitJob:
    """The command: run that version of a script, named as in `Submit`, over data in stores. `key_name` is the name of
    the actor's API key, by which the rules of stores know it."""

    script: ScriptRef
    request: JobRequest
    version: VersionRef | None = None
    idempotency_key: IdempotencyKey | None = None
    actor: Actor = ANONYMOUS
    key_name: str | None = None
    circumstances: RequestedCircumstances | None = None


def decide_job(
    command: SubmitJob, resolved: ResolvedVersion, job_id: UUID, at: datetime
) -> Result[NewJob, ScriptArchived]:
    """Create a job of the version; if the reference to it was resolved from memory, it must lead there still."""
    script, version, key = resolved.script, resolved.version, command.idempotency_key
    if script.archived_at is not None:
        return Failure(ScriptArchived(script.name))
    job = Job(
        id=job_id,
        script=reference_to(script, version),
        limits=version.limits,
        circumstances=job_circumstances(command.request, command.circumstances, at),
        request=command.request,
        submitted_at=at,
        submitted_by=command.actor.key_id,
        alias=None if resolved.alias is None else resolved.alias.value,
    )
    request = (
        None
        if key is None
        else job_fingerprint(key, script.id, command.version, command.request, command.circumstances)
    )
    return Success(NewJob(job=job, by=command.actor, expected=expected_of(command.version, resolved), request=request))

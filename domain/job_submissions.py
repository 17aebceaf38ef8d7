"""The decision on a job: the job that follows from a request and a version, and the fingerprint of the request."""

import json
from datetime import datetime
from uuid import UUID

from attrs import asdict, frozen
from returns.result import Failure, Result, Success

from domain.aliases import AliasName, VersionRef
from domain.body import Digest, digest
from domain.circumstances import RequestedCircumstances, completed, derived_circumstances
from domain.execution import ScriptReference
from domain.idempotency import IdempotencyKey, RequestFingerprint, request_fingerprint
from domain.job_requests import JobRequest
from domain.jobs import Job
from domain.script import ScriptArchived, ScriptHead
from domain.versions import ScriptVersion


@frozen(kw_only=True)
class JobOrigin:
    """The origin of a job: its time, the id of its API key, the alias by which the request named the version, and the
    clock and the seed, if the request sets them."""

    at: datetime
    submitted_by: UUID | None = None
    alias: AliasName | None = None
    circumstances: RequestedCircumstances | None = None


def request_digest(request: JobRequest) -> Digest:
    """Identify a request by its members, whatever their order."""
    return digest(json.dumps(asdict(request), default=str, sort_keys=True).encode())


def job_fingerprint(
    key: IdempotencyKey,
    script_id: UUID,
    version: VersionRef | None,
    request: JobRequest,
    requested: RequestedCircumstances | None = None,
) -> RequestFingerprint:
    """Fingerprint a request to run a script's version over data in stores."""
    one = request_fingerprint(key, script_id, version, request_digest(request), requested)
    return RequestFingerprint(key, digest(f"job {one.sha256}".encode()).sha256)


def new_job(
    job_id: UUID, head: ScriptHead, version: ScriptVersion, request: JobRequest, origin: JobOrigin
) -> Result[Job, ScriptArchived]:
    """Create a job. A clock and a seed that are not requested derive from the request and the time."""
    if head.archived_at is not None:
        return Failure(ScriptArchived(head.name))
    identity, wanted, at = request_digest(request), origin.circumstances, origin.at
    return Success(
        Job(
            id=job_id,
            script=ScriptReference(
                id=head.id,
                name=head.name,
                version=version.number,
                sha256=version.source.digest.sha256,
                engine=version.engine,
            ),
            limits=version.limits,
            circumstances=derived_circumstances(identity, at) if wanted is None else completed(wanted, identity, at),
            request=request,
            submitted_at=at,
            submitted_by=origin.submitted_by,
            alias=None if origin.alias is None else origin.alias.value,
        )
    )

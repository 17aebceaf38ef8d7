"""The resources that take jobs: a script over data in stores, on its version by default or on a named one."""

from collections.abc import Awaitable, Callable
from typing import Final

from returns.result import Result, Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.problems.types import ProblemType
from adapters.http.requests.idempotency_key import read_idempotency_key
from adapters.http.requests.jobs import read_job
from adapters.http.requests.parameters import preferred_wait, script_ref
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.resources.batches import waited_headers
from adapters.http.resources.jobs import JOB_SHAPE, TAG, job_response
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.resources.versions import version_key
from adapters.http.responses.jobs import job_href
from adapters.http.results import then
from adapters.http.wire.schemas.jobs import NewJob
from adapters.http.wire.schemas.queries import SubmissionQuery
from application.jobs.submission import SubmitJob
from application.jobs.submit_job import AcceptedJob
from application.ports.jobs import JobRecord
from application.ports.scripts import ScriptRef
from domain.access import Scope
from domain.aliases import VersionRef
from domain.circumstances import requested_circumstances
from domain.idempotency import IdempotencyKey
from domain.job_requests import JobRequest

_REFUSALS: Final = (
    *SCRIPT_REFUSALS,
    *SHORT_DOCUMENT_REFUSALS,
    types.SCRIPT_ARCHIVED,
    types.UNKNOWN_STORE,
    types.STORE_NOT_ALLOWED,
    types.MALFORMED_IDEMPOTENCY_KEY,
    types.IDEMPOTENCY_KEY_REUSED,
    types.UNKNOWN_JOB,
)


async def submit_latest(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run the version of the alias `live`, or the latest one if there is no such alias."""
    return await then(script_ref(call.request), lambda script: _submit(call, script, None))


async def submit_version(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run a named version."""
    return await then(version_key(call.request), lambda version: _submit(call, *version))


async def _submit(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None
) -> HandlerResult:
    key = read_idempotency_key(call.request, call.actor.key_id)
    accepted = await then(key, lambda one: _accept(call, script, version, one))
    return await then(accepted, lambda one: _answer(call, one))


async def _accept(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None, key: IdempotencyKey | None
) -> Result[AcceptedJob, Refusal]:
    def submit(request: JobRequest) -> Awaitable[Result[AcceptedJob, Refusal]]:
        command = SubmitJob(
            script=script,
            request=request,
            version=version,
            idempotency_key=key,
            actor=call.actor,
            key_name=call.deps.access.name_of(call.actor.key_id),
            circumstances=requested_circumstances(call.query.clock, call.query.seed).unwrap(),  # checked by the query
        )
        return call.deps.jobs.submit(command)

    return await then(await read_job(call), submit)


async def _answer(call: RequestContext[SubmissionQuery], accepted: AcceptedJob) -> HandlerResult:
    wait = preferred_wait(call.request)
    headers = {"Location": job_href(call.root_path, accepted.record.job.id), **waited_headers(wait)}
    if accepted.repeated:
        headers |= {"Idempotent-Replayed": "true"}
    shown = await _awaited(call, accepted.record, wait or 0)
    return shown.map(lambda one: job_response(call, one, headers, 202 if one.job.finished_at is None else 200))


async def _awaited(call: RequestContext[SubmissionQuery], record: JobRecord, wait: int) -> Result[JobRecord, Refusal]:
    if wait > 0 and record.job.finished_at is None:
        return await call.deps.jobs.read(record.job.id, wait)
    return Success(record)


def _operation(
    handler: Callable[[RequestContext[SubmissionQuery]], Awaitable[HandlerResult]],
    name: str,
    summary: str,
    description: str,
    *own: ProblemType,
) -> Operation[SubmissionQuery]:
    headers = ("Location", "Preference-Applied", "Idempotent-Replayed", "Cache-Control")
    return Operation(
        handler=handler,
        scope=Scope.EXECUTIONS_WRITE,
        name=name,
        summary=summary,
        description=description,
        query=SubmissionQuery,
        headers=("Prefer", "Idempotency-Key"),
        bodies=(MediaType(JSON, NewJob),),
        answers=(
            ResponseSpec(202, "The job, accepted and not finished.", JOB_SHAPE, headers),
            ResponseSpec(200, "The job, already finished.", JOB_SHAPE, headers),
        ),
        refusals=(*_REFUSALS, *own),
    )


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/jobs",
        TAG,
        {
            "POST": _operation(
                submit_latest,
                "submitJobToLatest",
                "Run a script over data in a store",
                "The input, one object or several, is cut into partitions; `process(part, {index, count})` of the "
                "script runs over each, and the results are merged into one output. First the script is verified: over "
                "the first rows, the merged results of pieces must equal the result of the whole. The output appears "
                "as a whole, with `_SUCCESS` last, or not at all. The version of the alias `live` runs, or the latest "
                "one if there is no such alias.",
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/jobs",
        TAG,
        {
            "POST": _operation(
                submit_version,
                "submitJobToVersion",
                "Run a specific version over data in a store",
                "Like running a script over data in a store, with the version chosen by the caller: by its number, or "
                "by an alias, which the job records with the number.",
                types.UNKNOWN_VERSION,
            )
        },
    ),
)

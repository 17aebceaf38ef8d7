"""The resources of a job once it is stored: the job, its list, its partitions, its receipt, and the actions on it.

`job_submissions` accepts jobs.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from returns.result import Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.requests.cursors import id_before, id_cursor, number_before, number_cursor
from adapters.http.requests.parameters import job_id, preferred_wait
from adapters.http.resources.batches import waited_headers
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.conditional import validated
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.jobs import job, partition
from adapters.http.results import then
from adapters.http.wire.schemas.jobs import Job, JobList, JobPartitionList
from adapters.http.wire.schemas.queries import JobPartitionsQuery, JobsQuery, NoQuery
from adapters.http.wire.schemas.receipts import DSSE, RECEIPT
from application.jobs.read import JobPartitions
from application.ports.jobs import JobFilter, JobRecord
from domain.access import Scope
from domain.dsse import Envelope, envelope_json

TAG: Final = "jobs"
JOB_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_JOB)
JOB_SHAPE: Final = MediaType(JSON, Job)
_VALIDATED: Final = ("ETag", "Cache-Control")
_NO_STORE: Final = {"Cache-Control": "no-store"}


def job_response(
    call: RequestContext[Any], record: JobRecord, headers: Mapping[str, str] = _NO_STORE, status: int = 200
) -> Response:
    """Show a job."""
    return document(job(record, call.root_path), status, headers)


async def list_jobs(call: RequestContext[JobsQuery]) -> HandlerResult:
    """List a page of the jobs that match the filter."""
    before, script = id_before(call.query.cursor), await script_filtered(call, call.query.script)
    both = Result.do((one, last) for one in script for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _page(call: RequestContext[JobsQuery], script: UUID | None, before: UUID | None) -> HandlerResult:
    limit, wanted = call.query.limit, JobFilter(script=script, status=call.query.status)
    found = await call.deps.jobs.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.job.id))
    shape = JobList(items=tuple(job(one, call.root_path) for one in page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a job, at once or when it has finished."""
    wait = preferred_wait(call.request)
    found = await then(job_id(call.request), lambda wanted: call.deps.jobs.read(wanted, wait or 0))
    return found.map(lambda one: job_response(call, one, waited_headers(wait)))


async def list_partitions(call: RequestContext[JobPartitionsQuery]) -> HandlerResult:
    """List a page of the partitions of a job."""
    both = Result.do((one, first) for one in job_id(call.request) for first in number_before(call.query.cursor))
    limit, state = call.query.limit, call.query.state
    found = await then(both, lambda known: call.deps.jobs.partitions(known[0], state, known[1] or 0, limit + 1))
    return found.map(lambda one: _partitions(call, one))


def _partitions(call: RequestContext[JobPartitionsQuery], found: JobPartitions) -> Response:
    page = page_of(found.partitions, call.query.limit, lambda last: number_cursor(last.number + 1))
    items = tuple(partition(one, found.plan) for one in page.items)
    return page_response(call.request, JobPartitionList(items=items, next_cursor=page.next_cursor), page.next_cursor)


async def cancel(call: RequestContext[NoQuery]) -> HandlerResult:
    """Cancel a job."""
    ended = await then(job_id(call.request), lambda wanted: call.deps.jobs.cancel(wanted, call.actor))
    return ended.map(lambda one: job_response(call, one))


async def retry(call: RequestContext[NoQuery]) -> HandlerResult:
    """Have the failed partitions of a job run again."""
    waiting = await then(job_id(call.request), lambda wanted: call.deps.jobs.retry(wanted, call.actor))
    return waiting.map(lambda one: job_response(call, one, status=202))


async def remove_content(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove what of a job quotes its data."""
    removed = await then(job_id(call.request), lambda wanted: call.deps.jobs.remove_content(wanted, call.actor))
    return removed.map(lambda _: Response(status_code=204))


async def receipt(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the receipt of a job."""
    found = await then(job_id(call.request), call.deps.jobs.receipt)
    return found.map(lambda envelope: _receipt(call, envelope))


def _receipt(call: RequestContext[NoQuery], envelope: Envelope) -> Response:
    return validated(call.request.headers, Response(envelope_json(envelope), media_type=DSSE))


RESOURCES: Final = (
    Resource(
        "/v1/jobs",
        TAG,
        {
            "GET": Operation(
                handler=list_jobs,
                scope=Scope.READ,
                name="listJobs",
                summary="List jobs",
                description="Newest first. All filters must match.",
                query=JobsQuery,
                answers=(ResponseSpec(200, "A page of the jobs.", MediaType(JSON, JobList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getJob",
                summary="Get a job",
                description="With `Prefer: wait`, the response waits until the job finishes.",
                query=NoQuery,
                headers=("Prefer",),
                answers=(ResponseSpec(200, "The job.", JOB_SHAPE, ("Preference-Applied", "Cache-Control")),),
                refusals=JOB_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}/partitions",
        TAG,
        {
            "GET": Operation(
                handler=list_partitions,
                scope=Scope.READ,
                name="listJobPartitions",
                summary="List the partitions of a job",
                description="In the order of the input.",
                query=JobPartitionsQuery,
                answers=(ResponseSpec(200, "A page of the partitions.", MediaType(JSON, JobPartitionList), ("Link",)),),
                refusals=(*JOB_REFUSALS, types.MALFORMED_CURSOR),
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}/cancel",
        TAG,
        {
            "POST": Operation(
                handler=cancel,
                scope=Scope.EXECUTIONS_WRITE,
                name="cancelJob",
                summary="Cancel a job",
                description="The job fails with `cancelled` at once, and nothing of its output appears.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The job, which has finished.", JOB_SHAPE, ("Cache-Control",)),),
                refusals=(*JOB_REFUSALS, types.ALREADY_FINISHED),
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}/retry",
        TAG,
        {
            "POST": Operation(
                handler=retry,
                scope=Scope.EXECUTIONS_WRITE,
                name="retryJob",
                summary="Run the failed partitions of a job again",
                description=(
                    "The partitions that are done keep their results, and the plan stays: objects in another version "
                    "are still refused. Possible after failures that may pass, as long as `links.retry` is there."
                ),
                query=NoQuery,
                answers=(ResponseSpec(202, "The job, which waits again.", JOB_SHAPE, ("Cache-Control",)),),
                refusals=(*JOB_REFUSALS, types.JOB_NOT_RETRYABLE),
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}/content",
        TAG,
        {
            "DELETE": Operation(
                handler=remove_content,
                scope=Scope.EXECUTIONS_WRITE,
                name="removeJobContent",
                summary="Remove a job's content",
                description=(
                    "Permanently deletes the messages of errors and the cells of a verification, which quote the data. "
                    "The record of the job stays, and the objects in its stores are not touched."
                ),
                query=NoQuery,
                answers=(ResponseSpec(204, "Deleted, or already deleted. The job can still be read."),),
                refusals=(*JOB_REFUSALS, types.JOB_NOT_FINISHED),
            )
        },
    ),
    Resource(
        "/v1/jobs/{job}/receipt",
        TAG,
        {
            "GET": Operation(
                handler=receipt,
                scope=Scope.READ,
                name="getJobReceipt",
                summary="Get the receipt of a job",
                description=(
                    "A signed statement of the script version, the objects of the input, the boundaries and digests of "
                    "all partitions (as the root of a Merkle tree), clock, seed, merge and verification of a job that "
                    "has succeeded, and of the digest of its manifest."
                ),
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The receipt.", MediaType(DSSE, RECEIPT), _VALIDATED),
                    ResponseSpec(304, "The client's copy is current.", None, _VALIDATED),
                ),
                refusals=(*JOB_REFUSALS, types.JOB_NOT_FINISHED, types.NO_RUN, types.RECEIPTS_NOT_CONFIGURED),
            )
        },
    ),
)

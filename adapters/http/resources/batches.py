"""The resources of batches: many datasets in one request, each with an execution of its own. `batch_results` has the
results of a batch, as lines.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from returns.result import Result, Success
from starlette.responses import Response

from adapters.http.operations import (
    BATCH_LINES,
    JSON,
    NDJSON,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.problems.types import ProblemType
from adapters.http.requests.batches import BATCH_BODY_REFUSALS, read_batch
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.idempotency_key import read_idempotency_key
from adapters.http.requests.parameters import batch_id, preferred_wait, script_ref, sent_trace
from adapters.http.resources.executions import preference_applied
from adapters.http.resources.scripts import SCRIPT_REFUSALS, script_filtered
from adapters.http.resources.versions import version_key
from adapters.http.responses.batches import batch, batch_href
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.results import then
from adapters.http.wire.schemas.batches import Batch, BatchList
from adapters.http.wire.schemas.queries import BatchesQuery, NoQuery, SubmissionQuery
from application.batches.submission import SubmitBatch
from application.batches.submit_batch import AcceptedBatch
from application.ports.batches import BatchFilter, BatchRecord
from application.ports.scripts import ScriptRef
from domain.access import Scope
from domain.aliases import VersionRef
from domain.circumstances import requested_circumstances
from domain.idempotency import IdempotencyKey

TAG: Final = "batches"
BATCH_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_BATCH)
_SUBMISSION_REFUSALS: Final = (
    *SCRIPT_REFUSALS,
    *BATCH_BODY_REFUSALS,
    types.SCRIPT_ARCHIVED,
    types.QUEUE_FULL,
    types.MALFORMED_IDEMPOTENCY_KEY,
    types.IDEMPOTENCY_KEY_REUSED,
    types.UNKNOWN_BATCH,
    types.UNKNOWN_EXECUTION,
)
_NO_STORE: Final = {"Cache-Control": "no-store"}
_SHAPE: Final = MediaType(JSON, Batch)


async def submit_latest(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run the version of the alias `live` over each line, or the latest one if there is no such alias."""
    return await then(script_ref(call.request), lambda script: _submit(call, script, None))


async def submit_version(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run a named version over each line."""
    return await then(version_key(call.request), lambda version: _submit(call, *version))


async def _submit(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None
) -> HandlerResult:
    key = read_idempotency_key(call.request, call.actor.key_id)
    accepted = await then(key, lambda one: _accept(call, script, version, one))
    call.request_memory.resize(0)
    return await then(accepted, lambda one: _answer(call, one))


async def _accept(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None, key: IdempotencyKey | None
) -> Result[AcceptedBatch, Refusal]:
    def submit(text: bytes) -> Awaitable[Result[AcceptedBatch, Refusal]]:
        command = SubmitBatch(
            script=script,
            text=text,
            version=version,
            idempotency_key=key,
            trace=sent_trace(call.request),
            actor=call.actor,
            circumstances=requested_circumstances(call.query.clock, call.query.seed).unwrap(),  # checked by the query
        )
        return call.deps.batches.submit(command)

    return await then(await read_batch(call), submit)


async def _answer(call: RequestContext[SubmissionQuery], accepted: AcceptedBatch) -> HandlerResult:
    wait = preferred_wait(call.request)
    headers = {"Location": batch_href(call.root_path, accepted.record.batch.id), **_waited(wait)}
    if accepted.repeated:
        headers |= {"Idempotent-Replayed": "true"}
    shown = await _awaited(call, accepted.record, wait or 0)
    return shown.map(lambda one: _response(call, one, headers, 202 if one.batch.finished_at is None else 200))


async def _awaited(call: RequestContext[Any], record: BatchRecord, wait: int) -> Result[BatchRecord, Refusal]:
    if wait > 0 and record.batch.finished_at is None:
        return await call.deps.batches.read(record.batch.id, wait)
    return Success(record)


def _waited(wait: int | None) -> Mapping[str, str]:
    return _NO_STORE if wait is None else {**preference_applied(wait), **_NO_STORE}


def _response(
    call: RequestContext[Any], record: BatchRecord, headers: Mapping[str, str] = _NO_STORE, status: int = 200
) -> Response:
    return document(batch(record, call.root_path), status, headers)


async def list_batches(call: RequestContext[BatchesQuery]) -> HandlerResult:
    """List a page of the batches that match the filter."""
    before, script = id_before(call.query.cursor), await script_filtered(call, call.query.script)
    both = Result.do((one, last) for one in script for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _page(call: RequestContext[BatchesQuery], script: UUID | None, before: UUID | None) -> HandlerResult:
    limit, wanted = call.query.limit, BatchFilter(script=script, version=call.query.version)
    found = await call.deps.batches.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.batch.id))
    shape = BatchList(items=tuple(batch(one, call.root_path) for one in page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a batch, at once or when it has finished."""
    wait = preferred_wait(call.request)
    found = await then(batch_id(call.request), lambda wanted: call.deps.batches.read(wanted, wait or 0))
    return found.map(lambda one: _response(call, one, _waited(wait)))


async def cancel(call: RequestContext[NoQuery]) -> HandlerResult:
    """Cancel the executions of a batch that have not ended."""
    ended = await then(batch_id(call.request), lambda wanted: call.deps.batches.cancel(wanted, call.actor))
    return ended.map(lambda one: _response(call, one))


async def remove_content(call: RequestContext[NoQuery]) -> HandlerResult:
    """Drop datasets, results and logs of all executions of a batch."""
    removed = await then(batch_id(call.request), lambda wanted: call.deps.batches.remove_content(wanted, call.actor))
    return removed.map(lambda _: Response(status_code=204))


def _submission(
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
        headers=("Prefer", "Content-Encoding", "Idempotency-Key", "traceparent"),
        bodies=(MediaType(NDJSON, BATCH_LINES),),
        answers=(
            ResponseSpec(202, "The batch, accepted and not finished.", _SHAPE, headers),
            ResponseSpec(200, "The batch, already finished.", _SHAPE, headers),
        ),
        refusals=(*_SUBMISSION_REFUSALS, *own),
    )


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/batches",
        TAG,
        {
            "POST": _submission(
                submit_latest,
                "submitBatchToLatest",
                "Run a script over many datasets",
                "Each line of the body has a dataset, and becomes an execution of its own; all of them run the same "
                "version: that of the alias `live`, or the latest one if there is no such alias. The batch is stored "
                "as a whole or not at all: one malformed line refuses all, and the problem names it. The response is "
                "sent after all executions and datasets have been stored durably; with `Prefer: wait`, it waits until "
                "the batch finishes. The lines together must fit into the limit of a dataset, and the queue needs room "
                "for all of them.",
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/batches",
        TAG,
        {
            "POST": _submission(
                submit_version,
                "submitBatchToVersion",
                "Run a specific version over many datasets",
                "Like running a script over many datasets, with the version chosen by the caller: by its number, or by "
                "an alias, which the batch records with the number.",
                types.UNKNOWN_VERSION,
            )
        },
    ),
    Resource(
        "/v1/batches",
        TAG,
        {
            "GET": Operation(
                handler=list_batches,
                scope=Scope.READ,
                name="listBatches",
                summary="List batches",
                description="Newest first. All filters must match.",
                query=BatchesQuery,
                answers=(ResponseSpec(200, "A page of the batches.", MediaType(JSON, BatchList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getBatch",
                summary="Get a batch",
                description=(
                    "Its executions, counted by their status. A batch finishes even if executions fail; check "
                    "`counts.failed`. With `Prefer: wait`, the response waits until the batch finishes."
                ),
                query=NoQuery,
                headers=("Prefer",),
                answers=(ResponseSpec(200, "The batch.", _SHAPE, ("Preference-Applied", "Cache-Control")),),
                refusals=BATCH_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}/cancel",
        TAG,
        {
            "POST": Operation(
                handler=cancel,
                scope=Scope.EXECUTIONS_WRITE,
                name="cancelBatch",
                summary="Cancel a batch",
                description=(
                    "All executions that have not ended fail with `cancelled`, at once. Pending ones never start; the "
                    "processes of running ones are killed within a second. Those that have ended keep their outcomes."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The batch, which has finished.", _SHAPE, ("Cache-Control",)),),
                refusals=(*BATCH_REFUSALS, types.ALREADY_FINISHED),
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}/content",
        TAG,
        {
            "DELETE": Operation(
                handler=remove_content,
                scope=Scope.EXECUTIONS_WRITE,
                name="removeBatchContent",
                summary="Remove a batch's content",
                description=(
                    "Permanently deletes datasets, results and logs of all executions of a finished batch. The records "
                    "stay: the batch, and its executions in the list of executions. `ref` is part of the record."
                ),
                query=NoQuery,
                answers=(ResponseSpec(204, "Deleted, or already deleted. The batch can still be read."),),
                refusals=(*BATCH_REFUSALS, types.BATCH_NOT_FINISHED),
            )
        },
    ),
)

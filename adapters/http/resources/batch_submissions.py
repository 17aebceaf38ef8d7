"""The resources that take batches: many datasets in one request, on a script's version by default or on a named one."""

from collections.abc import Awaitable, Callable
from typing import Final

from returns.result import Result, Success

from adapters.http.operations import (
    BATCH_LINES,
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
from adapters.http.requests.idempotency_key import read_idempotency_key
from adapters.http.requests.parameters import preferred_wait, script_ref, sent_trace
from adapters.http.resources.batches import BATCH_SHAPE, TAG, batch_response, waited_headers
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.resources.versions import version_key
from adapters.http.responses.batches import batch_href
from adapters.http.results import then
from adapters.http.wire.schemas.queries import SubmissionQuery
from application.batches.submission import SubmitBatch
from application.batches.submit_batch import AcceptedBatch
from application.ports.batches import BatchRecord
from application.ports.scripts import ScriptRef
from domain.access import Scope
from domain.aliases import VersionRef
from domain.circumstances import requested_circumstances
from domain.idempotency import IdempotencyKey

_REFUSALS: Final = (
    *SCRIPT_REFUSALS,
    *BATCH_BODY_REFUSALS,
    types.SCRIPT_ARCHIVED,
    types.QUEUE_FULL,
    types.MALFORMED_IDEMPOTENCY_KEY,
    types.IDEMPOTENCY_KEY_REUSED,
    types.UNKNOWN_BATCH,
    types.UNKNOWN_EXECUTION,
)


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
    headers = {"Location": batch_href(call.root_path, accepted.record.batch.id), **waited_headers(wait)}
    if accepted.repeated:
        headers |= {"Idempotent-Replayed": "true"}
    shown = await _awaited(call, accepted.record, wait or 0)
    return shown.map(lambda one: batch_response(call, one, headers, 202 if one.batch.finished_at is None else 200))


async def _awaited(
    call: RequestContext[SubmissionQuery], record: BatchRecord, wait: int
) -> Result[BatchRecord, Refusal]:
    if wait > 0 and record.batch.finished_at is None:
        return await call.deps.batches.read(record.batch.id, wait)
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
        headers=("Prefer", "Content-Encoding", "Idempotency-Key", "traceparent"),
        bodies=(MediaType(NDJSON, BATCH_LINES),),
        answers=(
            ResponseSpec(202, "The batch, accepted and not finished.", BATCH_SHAPE, headers),
            ResponseSpec(200, "The batch, already finished.", BATCH_SHAPE, headers),
        ),
        refusals=(*_REFUSALS, *own),
    )


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/batches",
        TAG,
        {
            "POST": _operation(
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
            "POST": _operation(
                submit_version,
                "submitBatchToVersion",
                "Run a specific version over many datasets",
                "Like running a script over many datasets, with the version chosen by the caller: by its number, or by "
                "an alias, which the batch records with the number.",
                types.UNKNOWN_VERSION,
            )
        },
    ),
)

"""The resources that take datasets: a script's executions, on its version by default or on a named one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from returns.pipeline import is_successful
from returns.result import Result, Success

from adapters.http.operations import (
    ANY_JSON,
    ANY_NDJSON,
    JSON,
    NDJSON,
    REFERENCE,
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
from adapters.http.requests.body import BODY_REFUSALS
from adapters.http.requests.datasets import read_dataset
from adapters.http.requests.idempotency_key import read_idempotency_key
from adapters.http.requests.parameters import preferred_wait, script_ref, sent_trace
from adapters.http.resources.executions import (
    audit_result_read,
    execution_response,
    preference_applied,
)
from adapters.http.resources.scripts import SCRIPT_REFUSALS
from adapters.http.resources.versions import version_key
from adapters.http.responses.documents import document
from adapters.http.responses.executions import execution, execution_href
from adapters.http.results import then
from adapters.http.wire.schemas.datasets import DatasetReference
from adapters.http.wire.schemas.executions import Execution
from adapters.http.wire.schemas.queries import SubmissionQuery
from application.executions.read import StoredContent
from application.executions.submission import Submit
from application.executions.submit import Accepted
from application.ports.executions import ExecutionDetails
from application.ports.scripts import ScriptRef
from domain.access import Scope
from domain.aliases import VersionRef
from domain.audit import Action, execution_event
from domain.circumstances import RequestedCircumstances, requested_circumstances
from domain.execution import Attribution, Failed, Pending, Running, Succeeded
from domain.idempotency import IdempotencyKey
from domain.outcome import Logs

TAG: Final = "executions"
_REFUSALS: Final = (
    *SCRIPT_REFUSALS,
    types.UNSUPPORTED_MEDIA_TYPE,
    *BODY_REFUSALS,
    types.DATASET_TOO_LARGE,
    types.MALFORMED_JSON,
    types.SCRIPT_ARCHIVED,
    types.QUEUE_FULL,
    types.MALFORMED_IDEMPOTENCY_KEY,
    types.IDEMPOTENCY_KEY_REUSED,
    types.UNKNOWN_EXECUTION,
    types.DOCUMENT_TOO_LARGE,
    types.INVALID_DOCUMENT,
    types.CONTENT_REMOVED,
    types.NOT_REPRODUCIBLE,
)
_HEADERS: Final = ("Location", "Preference-Applied", "Idempotent-Replayed")
_ANSWERS: Final = (
    ResponseSpec(202, "The execution, accepted and not finished.", MediaType(JSON, Execution), _HEADERS),
    ResponseSpec(200, "The execution, already finished.", MediaType(JSON, Execution), _HEADERS),
)


async def submit_latest(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run the version of the alias `live` over the body, or the latest one if there is no such alias."""
    return await then(script_ref(call.request), lambda script: _submit(call, script, None))


async def submit_version(call: RequestContext[SubmissionQuery]) -> HandlerResult:
    """Run a named version over the body."""
    return await then(version_key(call.request), lambda version: _submit(call, *version))


async def _submit(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None
) -> HandlerResult:
    call.deps.audit.reads.require_room()
    key = read_idempotency_key(call.request, call.actor.key_id)
    accepted = await then(key, lambda one: _accept(call, script, version, one))
    call.request_memory.resize(0)  # the dataset, if it is still here, is in the bounds of the slots
    return await then(accepted, lambda one: _answer(call, one))


async def _accept(
    call: RequestContext[SubmissionQuery], script: ScriptRef, version: VersionRef | None, key: IdempotencyKey | None
) -> Result[Accepted, Refusal]:
    return await then(await read_dataset(call), lambda dataset: _submit_over(call, script, version, key, dataset))


async def _submit_over(
    call: RequestContext[SubmissionQuery],
    script: ScriptRef,
    version: VersionRef | None,
    key: IdempotencyKey | None,
    dataset: bytes | StoredContent,
) -> Result[Accepted, Refusal]:
    accepted = await call.deps.executions.submit(
        Submit(
            script=script,
            dataset=dataset,
            version=version,
            idempotency_key=key,
            attribution=Attribution(trace=sent_trace(call.request)),
            actor=call.actor,
            circumstances=_requested(call.query),
        )
    )
    return accepted.map(lambda one: _audit_input_read(call, one, dataset))


def _audit_input_read(
    call: RequestContext[SubmissionQuery], accepted: Accepted, dataset: bytes | StoredContent
) -> Accepted:
    """Record the use of a stored dataset as a read of it, since a script can return its dataset."""
    if isinstance(dataset, StoredContent) and not accepted.repeated:
        event = execution_event(Action.READ_INPUT, dataset.submission, call.actor)
        call.deps.audit.reads.record(event, may_refuse=False)
    return accepted


def _requested(query: SubmissionQuery) -> RequestedCircumstances | None:
    """Read the circumstances, which the query's validators have checked."""
    return requested_circumstances(query.clock, query.seed).unwrap()


async def _answer(call: RequestContext[SubmissionQuery], accepted: Accepted) -> HandlerResult:
    wait = preferred_wait(call.request)
    headers = {"Location": execution_href(call.root_path, accepted.report.execution.submission.id)}
    if wait is not None:
        headers |= preference_applied(wait)
    if accepted.repeated:
        headers |= {"Idempotent-Replayed": "true"}
    return await then(await _report(call, accepted, wait or 0), lambda report: _shown(call, report, headers))


async def _report(
    call: RequestContext[SubmissionQuery], accepted: Accepted, wait: int
) -> Result[ExecutionDetails, Refusal]:
    if wait > 0 and isinstance(accepted.report.execution, Pending | Running):
        return await call.deps.executions.wait(accepted, wait)
    return Success(accepted.report)


async def _shown(
    call: RequestContext[SubmissionQuery], report: ExecutionDetails, headers: Mapping[str, str]
) -> HandlerResult:
    """Respond with the accepted execution, without result and logs where the memory budget has no room for them.

    An execution that has not ended quotes no more than the dataset that came with the request, so showing it is not
    audited as a read.
    """
    has_ended = isinstance(report.execution, Succeeded | Failed)
    status = 200 if has_ended else 202
    response = await execution_response(call, report, status, headers)
    if is_successful(response):
        return response.map(lambda made: audit_result_read(call, report, made) if has_ended else made)
    bare = ExecutionDetails(report.execution, Logs(truncated=True), None)
    made = document(execution(bare, None, call.root_path, call.language), status, headers)
    return Success(audit_result_read(call, bare, made) if has_ended else made)


def _operation(
    handler: Callable[[RequestContext[SubmissionQuery]], Awaitable[HandlerResult]],
    name: str,
    summary: str,
    description: str,
    *own: ProblemType,
) -> Operation[SubmissionQuery]:
    return Operation(
        handler=handler,
        scope=Scope.EXECUTIONS_WRITE,
        name=name,
        summary=summary,
        description=description,
        query=SubmissionQuery,
        headers=("Prefer", "Content-Encoding", "Idempotency-Key", "traceparent"),
        bodies=(
            MediaType(JSON, ANY_JSON),
            MediaType(NDJSON, ANY_NDJSON),
            # Generated clients tell the bodies of an operation apart by their types, and any value is a dataset: with a
            # second schema beside it, openapi-python-client makes functions that fail on every call.
            MediaType(REFERENCE, DatasetReference, described=False),
        ),
        answers=_ANSWERS,
        refusals=(*_REFUSALS, *own),
    )


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/executions",
        TAG,
        {
            "POST": _operation(
                submit_latest,
                "submitToLatest",
                "Run a script",
                "Runs the version that the alias `live` leads to, or the latest version if there is no such alias. The "
                "body is the dataset itself, or with `Content-Type: application/vnd.bateia.reference+json` a document "
                "with the member `input_of`, the id of an execution whose stored dataset is to be run again; that also "
                "needs the scope `read`. The response is sent after dataset and execution have been stored durably; "
                "with `Prefer: wait`, it waits until the execution finishes.",
            )
        },
    ),
    Resource(
        "/v1/scripts/{script}/versions/{n}/executions",
        TAG,
        {
            "POST": _operation(
                submit_version,
                "submitToVersion",
                "Run a specific version",
                "Like running a script, with the version chosen by the caller: by its number, or by an alias, which "
                "the execution records with the number.",
                types.UNKNOWN_VERSION,
            )
        },
    ),
)

"""The resources of existing executions: `/v1/executions` and the paths below it."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.parameters import execution_id, preferred_wait
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.conditional import validated
from adapters.http.responses.delivery import SENDING_BYTES, SMALL_BYTES
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.executions import execution, summary
from adapters.http.results import then
from adapters.http.wire.schemas.executions import Execution, ExecutionList
from adapters.http.wire.schemas.queries import ExecutionsQuery, NoQuery
from application.ports.executions import ExecutionDetails, ExecutionFilter
from domain.access import Scope
from domain.audit import Action, execution_event
from domain.execution import Execution as DomainExecution
from domain.execution import Failed, Succeeded
from domain.outcome import LogLine
from domain.redaction import quotes_content

TAG: Final = "executions"
_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_EXECUTION)
_SHOWN: Final = ("Preference-Applied", "ETag", "Cache-Control", "Vary")


_LINE_BYTES: Final = 1_024
"""The memory of a log line besides its text while it is encoded as JSON."""
INLINE_BYTES: Final = 64 * 1024
"""Up to here making the answer is shorter than the way to a thread and back."""


async def execution_response(
    call: RequestContext[Any], report: ExecutionDetails, status: int = 200, headers: Mapping[str, str] | None = None
) -> Result[Response, TooMuchInFlight]:
    """Build the answer that shows an execution, if the memory budget has room for building it."""
    if not call.response_memory.resize(_held_bytes(report)):
        return Failure(TooMuchInFlight())
    result = None if report.result is None else await call.deps.bodies.decode(report.result)

    def make() -> Response:
        return document(execution(report, result, call.root_path, call.language), status, headers)

    return Success(make() if _held_bytes(report) < INLINE_BYTES else await asyncio.to_thread(make))


def _held_bytes(report: ExecutionDetails) -> int:
    """Estimate the most bytes held: the stored result, its text and the response; log lines as values and as JSON."""
    result = 0 if report.result is None else len(report.result.data) + 2 * report.result.digest.size_bytes
    held = result + log_bytes(report.logs.lines)
    return held + SENDING_BYTES if held > SMALL_BYTES else 0


def log_bytes(lines: Iterable[LogLine]) -> int:
    """Estimate the most bytes that log lines take, as values and as JSON."""
    return sum(_LINE_BYTES + 8 * len(line.message) for line in lines)


def audit_result_read(call: RequestContext[Any], report: ExecutionDetails, response: Response) -> Response:
    """Record the answer as a read of the result and of the details that quote the dataset, as far as it shows them."""
    if response.status_code != 304 and call.request.method != "HEAD":
        if report.result is not None:
            event = execution_event(Action.READ_RESULT, report.execution.submission, call.actor)
            call.deps.audit.reads.record(event, may_refuse=_may_refuse(call))
        if report.logs.lines or quotes_content(report.execution):
            note_details(call, report.execution)
    return response


def note_details(call: RequestContext[Any], read: DomainExecution) -> None:
    """Record a read of a script's logs or error, or of pointers into a dataset."""
    event = execution_event(Action.READ_DETAILS, read.submission, call.actor)
    call.deps.audit.reads.record_once(event, may_refuse=_may_refuse(call))


def _may_refuse(call: RequestContext[Any]) -> bool:
    """Check that the request changes nothing. All others require room for their records beforehand."""
    return call.request.method == "GET"


def preference_applied(wait: int) -> Mapping[str, str]:
    """Name the preference that was applied, as a header (RFC 7240, section 3)."""
    return {"Preference-Applied": f"wait={wait}"}


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with one execution, at once or when it ends."""
    wait = preferred_wait(call.request)
    found = await then(execution_id(call.request), lambda wanted: call.deps.executions.read(wanted, wait or 0))
    return await then(found, lambda report: _show(call, report, None if wait is None else preference_applied(wait)))


async def _show(
    call: RequestContext[NoQuery], report: ExecutionDetails, headers: Mapping[str, str] | None
) -> HandlerResult:
    """Respond with an execution. Its representation changes until it ends, and once more when content is removed."""
    response = await execution_response(call, report, headers=headers)
    return response.map(lambda one: _cacheable(call, report, one))


def _cacheable(call: RequestContext[NoQuery], report: ExecutionDetails, response: Response) -> Response:
    if isinstance(report.execution, Succeeded | Failed):
        response.headers["Vary"] = "Accept-Language"
        return audit_result_read(call, report, validated(call.request.headers, response))
    response.headers["Cache-Control"] = "no-store"
    return audit_result_read(call, report, response)


async def cancel(call: RequestContext[NoQuery]) -> HandlerResult:
    """Cancel an execution."""
    call.deps.audit.reads.require_room()
    ended = await then(execution_id(call.request), lambda wanted: call.deps.executions.cancel(wanted, call.actor))
    return await then(ended, lambda report: _cancelled(call, report))


async def _cancelled(call: RequestContext[NoQuery], report: ExecutionDetails) -> HandlerResult:
    return (await execution_response(call, report)).map(lambda response: audit_result_read(call, report, response))


async def list_executions(call: RequestContext[ExecutionsQuery]) -> HandlerResult:
    """List a page of the executions that match the filter."""
    before, wanted = id_before(call.query.cursor), await _filter(call)
    both = Result.do((one, last) for one in wanted for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _filter(call: RequestContext[ExecutionsQuery]) -> Result[ExecutionFilter, Refusal]:
    query = call.query
    script = await script_filtered(call, query.script)
    return script.map(
        lambda one: ExecutionFilter(
            script=one,
            version=query.version,
            state=query.status,
            submitted_from=query.submitted_from,
            submitted_to=query.submitted_to,
            replays=query.replays,
            replay_of=query.replay_of,
            input_of=query.input_of,
            batch=query.batch,
        )
    )


async def _page(call: RequestContext[ExecutionsQuery], wanted: ExecutionFilter, before: UUID | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.executions.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.submission.id))
    if call.request.method != "HEAD":
        for one in filter(quotes_content, page.items):
            note_details(call, one)
    items = tuple(summary(one, call.root_path, call.language) for one in page.items)
    shape = ExecutionList(items=items, next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


RESOURCES: Final = (
    Resource(
        "/v1/executions",
        TAG,
        {
            "GET": Operation(
                handler=list_executions,
                scope=Scope.READ,
                name="listExecutions",
                summary="List executions",
                description="Newest first. All filters must match. Read an execution for its result and logs.",
                query=ExecutionsQuery,
                answers=(ResponseSpec(200, "A page of the executions.", MediaType(JSON, ExecutionList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
    Resource(
        "/v1/executions/{id}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getExecution",
                summary="Get an execution",
                description=(
                    "A failed execution is still a 200 response; check `status` and `error`. With `Prefer: wait`, the "
                    "response waits until the execution finishes."
                ),
                query=NoQuery,
                headers=("Prefer", "If-None-Match"),
                answers=(
                    ResponseSpec(200, "The execution.", MediaType(JSON, Execution), _SHOWN),
                    ResponseSpec(304, "The execution has finished, and the client's copy is current.", None, _SHOWN),
                ),
                refusals=_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/executions/{id}/cancel",
        TAG,
        {
            "POST": Operation(
                handler=cancel,
                scope=Scope.EXECUTIONS_WRITE,
                name="cancelExecution",
                summary="Cancel an execution",
                description=(
                    "It fails with `cancelled`. A pending execution never starts; the process of a running one is "
                    "killed within a second."
                ),
                query=NoQuery,
                answers=(
                    ResponseSpec(200, "The execution, which failed with `cancelled`.", MediaType(JSON, Execution)),
                ),
                refusals=(*_REFUSALS, types.ALREADY_FINISHED),
            )
        },
    ),
)

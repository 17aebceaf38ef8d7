"""The resource of a log: `/v1/executions/{id}/log`."""

import asyncio
from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.requests.parameters import execution_id
from adapters.http.resources.executions import INLINE_BYTES, log_bytes, note_details
from adapters.http.responses.conditional import validated
from adapters.http.responses.delivery import SENDING_BYTES, SMALL_BYTES
from adapters.http.responses.documents import document
from adapters.http.responses.executions import log
from adapters.http.results import then
from adapters.http.wire.schemas.executions import ExecutionLog
from adapters.http.wire.schemas.queries import LogQuery
from application.executions.read_log import LogReading
from domain.access import Scope
from domain.live_log import parse_position

_HEADERS: Final = ("ETag", "Cache-Control")


async def show(call: RequestContext[LogQuery]) -> HandlerResult:
    """Respond with the lines behind the client's position."""
    after = None if call.query.after is None else parse_position(call.query.after).unwrap()
    found = await then(execution_id(call.request), lambda wanted: call.deps.executions.read_log(wanted, after))
    return await then(found, lambda reading: _show(call, reading))


async def _show(call: RequestContext[LogQuery], reading: LogReading) -> HandlerResult:
    held = log_bytes(reading.excerpt.lines)
    if not call.response_memory.resize(held + SENDING_BYTES if held > SMALL_BYTES else 0):
        return Failure(TooMuchInFlight())

    def make() -> Response:
        return validated(call.request.headers, document(log(reading)))

    response = make() if held < INLINE_BYTES else await asyncio.to_thread(make)
    if reading.excerpt.lines and response.status_code == 200 and call.request.method == "GET":
        note_details(call, reading.execution)
    return Success(response)


RESOURCES: Final = (
    Resource(
        "/v1/executions/{id}/log",
        "executions",
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getLog",
                summary="Get a log",
                description=(
                    "Console output of the script. While the execution is running, lines come within two seconds. To "
                    "follow the log, read it about once a second with `after`, until `status` is `succeeded` or "
                    "`failed`. That of a run that was cancelled, or lost with its worker, ends with the lines stored "
                    "by then."
                ),
                query=LogQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The lines behind the position.", MediaType(JSON, ExecutionLog), _HEADERS),
                    ResponseSpec(304, "The client's copy is current.", None, _HEADERS),
                ),
                refusals=(types.MALFORMED_ID, types.UNKNOWN_EXECUTION, types.CONTENT_REMOVED),
            )
        },
        is_routine=True,
    ),
)

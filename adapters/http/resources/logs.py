"""The resource of a log: `/v1/executions/{id}/log`."""

import asyncio
from collections.abc import Mapping
from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.requests.parameters import execution_id, preferred_wait
from adapters.http.resources.executions import INLINE_BYTES, log_bytes, note_details, preference_applied
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

_HEADERS: Final = ("Preference-Applied", "ETag", "Cache-Control")


async def show(call: RequestContext[LogQuery]) -> HandlerResult:
    """Respond with the lines behind the client's position, at once or as soon as there are any."""
    after = None if call.query.after is None else parse_position(call.query.after).unwrap()
    wait = preferred_wait(call.request)
    read = call.deps.executions.read_log
    found = await then(execution_id(call.request), lambda wanted: read(wanted, after, wait or 0))
    return await then(found, lambda reading: _show(call, reading, None if wait is None else preference_applied(wait)))


async def _show(
    call: RequestContext[LogQuery], reading: LogReading, headers: Mapping[str, str] | None
) -> HandlerResult:
    held = log_bytes(reading.excerpt.lines)
    if not call.response_memory.resize(held + SENDING_BYTES if held > SMALL_BYTES else 0):
        return Failure(TooMuchInFlight())

    def make() -> Response:
        return validated(call.request.headers, document(log(reading), 200, headers))

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
                    "Console output of the script. While the execution is running, lines can be read within two "
                    "seconds. With `Prefer: wait`, the response waits until there are lines behind `after` or the "
                    "execution has finished. To follow the log, read it so, each time with the `position` of the last "
                    "response, until `status` is `succeeded` or `failed`. That of a run that was cancelled, or lost "
                    "with its worker, ends with the lines stored by then."
                ),
                query=LogQuery,
                headers=("Prefer", "If-None-Match"),
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

"""The resource of the queue: `/v1/queue`."""

from typing import Final

from returns.result import Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.responses.documents import document
from adapters.http.responses.queue import queue
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.queue import Queue
from domain.access import Scope

TAG: Final = "executions"


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the state of the queue."""
    state = queue(await call.deps.operations.read_queue())
    return Success(document(state, headers={"Cache-Control": "no-store"}))


RESOURCES: Final = (
    Resource(
        "/v1/queue",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getQueue",
                summary="Get the state of the queue",
                description="Executions that wait and run, by script, and the reason why they wait.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The state.", MediaType(JSON, Queue), ("Cache-Control",)),),
            )
        },
    ),
)

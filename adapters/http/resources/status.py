"""The resource of the service's status: `/v1/status`."""

from typing import Final

from returns.result import Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.resources.health import TAG
from adapters.http.responses.documents import document
from adapters.http.responses.status import status_shape
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.status import Status
from domain.access import Scope


async def read_status(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the status of the service."""
    found = await call.deps.operations.status.status()
    return Success(document(status_shape(found), headers={"Cache-Control": "no-store"}))


RESOURCES: Final = (
    Resource(
        "/v1/status",
        TAG,
        {
            "GET": Operation(
                handler=read_status,
                scope=Scope.ADMIN,
                name="getStatus",
                summary="Get the status of the service",
                description=(
                    "For operators: versions, workers, queue, storage, disks, keys that expire soon, and the latest "
                    "verified backup. The same for all requests within 5 seconds, and `storage` within a minute. "
                    "Monitoring reads `/metrics` instead."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The status.", MediaType(JSON, Status), ("Cache-Control",)),),
            )
        },
        is_routine=True,
    ),
)

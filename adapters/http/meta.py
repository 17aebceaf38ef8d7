"""What the service says about itself to programs: its health and its OpenAPI document."""

from contextlib import suppress
from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.answers import document
from adapters.http.operations import JSON, PUBLIC, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.schemas.health import Liveness, Readiness
from adapters.http.schemas.queries import NoQuery
from application.messages import Unavailable

TAG: Final = "service"
RETRY_AFTER: Final = {"Retry-After": "5"}


async def live(_: Call[NoQuery]) -> Answered:
    """This process answers, whatever the rest does."""
    return Success(document(Liveness(live=True)))


async def ready(call: Call[NoQuery]) -> Answered:
    """Whether requests will succeed."""
    found = await call.deps.check_readiness()
    is_ready = not found.trouble
    needs_key = await _needs_key(call) if is_ready else None
    shown = Readiness(ready=is_ready, trouble=found.trouble or None, needs_key=needs_key, workers=found.workers)
    return Success(document(shown) if is_ready else document(shown, 503, RETRY_AFTER))


async def _needs_key(call: Call[NoQuery]) -> bool | None:
    with suppress(Unavailable):  # it has gone since the look at it, which the next one will tell
        return not await call.deps.access.is_open()
    return None


async def openapi(call: Call[NoQuery]) -> Answered:
    """The OpenAPI document."""
    return Success(Response(call.request.app.state.openapi, media_type=JSON))


RESOURCES: Final = (
    Resource(
        "/health/live",
        TAG,
        {
            "GET": Operation(
                handler=live,
                scope=PUBLIC,
                name="getLiveness",
                summary="Whether this process answers",
                description="It asks nothing else, the database least of all: it is for whoever restarts what hangs.",
                query=NoQuery,
                answers=(Answer(200, "It does.", Content(JSON, Liveness)),),
            )
        },
    ),
    Resource(
        "/health/ready",
        TAG,
        {
            "GET": Operation(
                handler=ready,
                scope=PUBLIC,
                name="getReadiness",
                summary="Whether the service can do its work",
                description=(
                    "The database answers, takes writes and has the schema that this version needs. Workers are "
                    "counted, and none is no trouble."
                ),
                query=NoQuery,
                answers=(
                    Answer(200, "It can.", Content(JSON, Readiness)),
                    Answer(503, "It cannot now.", Content(JSON, Readiness), ("Retry-After",)),
                ),
            )
        },
    ),
    Resource(
        "/openapi.json",
        TAG,
        {
            "GET": Operation(
                handler=openapi,
                scope=PUBLIC,
                name="getOpenapi",
                summary="Read this document",
                description="The same for every client; its version is the service's.",
                query=NoQuery,
                answers=(Answer(200, "The OpenAPI document.", Content(JSON, {"type": "object"})),),
            )
        },
    ),
)

"""What the service says about itself to programs: its health, its metrics and its OpenAPI document."""

from contextlib import suppress
from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.answers import document
from adapters.http.negotiation import acceptable_types
from adapters.http.operations import JSON, PUBLIC, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.schemas.health import Liveness, Readiness, checks_of
from adapters.http.schemas.queries import NoQuery
from application.messages import Unavailable

TAG: Final = "service"
PLAIN: Final = "text/plain"
OPEN_METRICS: Final = "application/openmetrics-text"
RETRY_AFTER: Final = {"Retry-After": "5"}


async def live(_: Call[NoQuery]) -> Answered:
    """This process answers, whatever the rest does."""
    return Success(document(Liveness(live=True)))


async def ready(call: Call[NoQuery]) -> Answered:
    """Whether requests will succeed."""
    found = await call.deps.check_readiness()
    is_ready = not found.trouble
    needs_key = await _needs_key(call) if is_ready else None
    shown = Readiness(
        ready=is_ready,
        trouble=found.trouble or None,
        needs_key=needs_key,
        workers=found.workers or 0,
        checks=checks_of(found),
    )
    return Success(document(shown) if is_ready else document(shown, 503, RETRY_AFTER))


async def _needs_key(call: Call[NoQuery]) -> bool | None:
    with suppress(Unavailable):  # it has gone since the look at it, which the next one will tell
        return not await call.deps.access.is_open()
    return None


async def metrics(call: Call[NoQuery]) -> Answered:
    """What the API's processes measured, as one; as Prometheus's own text for all who do not prefer OpenMetrics."""
    wanted = acceptable_types(call.request.headers, (PLAIN, OPEN_METRICS))
    exposed = await call.deps.expose(wanted[:1] == [OPEN_METRICS])
    return Success(Response(exposed.text, media_type=exposed.media_type))


async def openapi(call: Call[NoQuery]) -> Answered:
    """The OpenAPI document."""
    return Success(Response(call.request.app.state.openapi(call.root_path), media_type=JSON))


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
        is_routine=True,
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
        is_routine=True,
    ),
    Resource(
        "/metrics",
        TAG,
        {
            "GET": Operation(
                handler=metrics,
                scope=PUBLIC,
                name="getMetrics",
                summary="Measure the service",
                description="Counts and times for Prometheus, in its own text or as OpenMetrics.",
                query=NoQuery,
                answers=(
                    Answer(
                        200,
                        "The metrics of the API's processes, as one, and of the database.",
                        Content(PLAIN, TEXT),
                        alternatives=(Content(OPEN_METRICS, TEXT),),
                    ),
                ),
            )
        },
        is_routine=True,
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
                description="Its version is the service's; its server is the path prefix of the service.",
                query=NoQuery,
                answers=(Answer(200, "The OpenAPI document.", Content(JSON, {"type": "object"})),),
            )
        },
    ),
)

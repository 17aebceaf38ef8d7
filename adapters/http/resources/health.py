"""Resources for monitoring and tools: health, metrics and the OpenAPI document."""

from contextlib import suppress
from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import (
    JSON,
    PUBLIC,
    TEXT,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems.retrying import RETRY_SECONDS
from adapters.http.responses.documents import document
from adapters.http.responses.negotiation import acceptable_types
from adapters.http.wire.schemas.health import Liveness, Readiness, checks_of
from adapters.http.wire.schemas.queries import NoQuery
from application.ports.errors import Unavailable

TAG: Final = "service"
PLAIN: Final = "text/plain"
OPEN_METRICS: Final = "application/openmetrics-text"


async def live(_: RequestContext[NoQuery]) -> HandlerResult:
    """Report that this process is alive, regardless of its dependencies."""
    return Success(document(Liveness(live=True)))


async def ready(call: RequestContext[NoQuery]) -> HandlerResult:
    """Report readiness: the outcome of every check."""
    found = await call.deps.operations.check_readiness()
    is_ready = found.trouble is None
    needs_key = await _needs_key(call) if is_ready else None
    shown = Readiness(
        ready=is_ready,
        trouble=found.trouble,
        needs_key=needs_key,
        workers=found.workers or 0,
        checks=checks_of(found),
    )
    return Success(document(shown) if is_ready else document(shown, 503, {"Retry-After": str(RETRY_SECONDS)}))


async def _needs_key(call: RequestContext[NoQuery]) -> bool | None:
    with suppress(Unavailable):  # the database failed after the check; the next check reports it
        return not await call.deps.access.allows_anonymous()
    return None


async def metrics(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the combined metrics of all API processes, as Prometheus text unless the client prefers
    OpenMetrics."""
    wanted = acceptable_types(call.request.headers, (PLAIN, OPEN_METRICS))
    exposed = await call.deps.operations.expose(wanted[:1] == [OPEN_METRICS])
    return Success(Response(exposed.text, media_type=exposed.media_type))


async def openapi(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the OpenAPI document."""
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
                summary="Check liveness",
                description="For supervisors that restart hung processes. Checks no dependency, not even the database.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The process is alive.", MediaType(JSON, Liveness)),),
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
                summary="Check readiness",
                description=(
                    "Checks that the database answers, accepts writes, and has the schema that this version needs. "
                    "Workers are counted, but the service is ready without any."
                ),
                query=NoQuery,
                answers=(
                    ResponseSpec(200, "Ready.", MediaType(JSON, Readiness)),
                    ResponseSpec(503, "Not ready.", MediaType(JSON, Readiness), ("Retry-After",)),
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
                summary="Get metrics",
                description="Metrics for Prometheus, in its text format or as OpenMetrics.",
                query=NoQuery,
                answers=(
                    ResponseSpec(
                        200,
                        "Combined metrics of all API processes and of the database.",
                        MediaType(PLAIN, TEXT),
                        alternatives=(MediaType(OPEN_METRICS, TEXT),),
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
                summary="Get this document",
                description="`info.version` is the version of the service; `servers` holds its path prefix.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The OpenAPI document.", MediaType(JSON, {"type": "object"})),),
            )
        },
    ),
)

"""What the service says about itself: health, metrics, its OpenAPI document, and a page about each kind of problem."""

from typing import Final

from returns.result import Failure, Success
from starlette.responses import Response

from adapters.http import problem_types as types
from adapters.http.answers import document
from adapters.http.negotiation import acceptable_types
from adapters.http.operations import JSON, TEXT, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.problem_types import PROBLEM_TYPES
from adapters.http.refusals import UnknownPath
from adapters.http.schemas.health import Liveness, Readiness, checks_of
from adapters.http.schemas.queries import NoQuery

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
    shown = Readiness(
        ready=is_ready, trouble=found.trouble or None, workers=found.workers or 0, checks=checks_of(found)
    )
    return Success(document(shown) if is_ready else document(shown, 503, RETRY_AFTER))


async def metrics(call: Call[NoQuery]) -> Answered:
    """What the API's processes measured, as one; as Prometheus's own text for all who do not prefer OpenMetrics."""
    wanted = acceptable_types(call.request.headers, (PLAIN, OPEN_METRICS))
    exposed = await call.deps.expose(wanted[:1] == [OPEN_METRICS])
    return Success(Response(exposed.text, media_type=exposed.media_type))


async def problem(call: Call[NoQuery]) -> Answered:
    """The page about a kind of problem."""
    kind = PROBLEM_TYPES.get(call.request.path_params["slug"])
    if kind is None:
        return Failure(UnknownPath())
    return Success(Response(f"{kind.title} ({kind.status})\n\n{kind.text}\n", media_type=PLAIN))


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
                name="getLiveness",
                summary="Whether this process answers",
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
                name="getReadiness",
                summary="Whether the service can do its work",
                query=NoQuery,
                answers=(
                    Answer(200, "It can.", Content(JSON, Readiness)),
                    Answer(503, "It cannot now.", Content(JSON, Readiness), ("Retry-After",)),
                ),
            )
        },
    ),
    Resource(
        "/metrics",
        TAG,
        {
            "GET": Operation(
                handler=metrics,
                name="getMetrics",
                summary="Measure the service",
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
    ),
    Resource(
        "/problems/{slug}",
        TAG,
        {
            "GET": Operation(
                handler=problem,
                name="getProblemType",
                summary="Read about a kind of problem",
                query=NoQuery,
                answers=(Answer(200, "A short text.", Content(PLAIN, TEXT)),),
                refusals=(types.NOT_FOUND,),
            )
        },
    ),
    Resource(
        "/openapi.json",
        TAG,
        {
            "GET": Operation(
                handler=openapi,
                name="getOpenapi",
                summary="Read this document",
                query=NoQuery,
                answers=(Answer(200, "The OpenAPI document.", Content(JSON, {"type": "object"})),),
            )
        },
    ),
)
